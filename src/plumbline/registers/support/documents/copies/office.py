"""Word, Excel and PowerPoint as their makers laid them out, by LibreOffice where it is installed."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ENDINGS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
LIMITED = Path(__file__).with_name("limited.py")
SECONDS = 90
MEMORY = 2 << 30
WRITTEN = 200 << 20
log = logging.getLogger(__name__)
REGISTRY = "http://openoffice.org/2001/registry"
SETTINGS = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="{REGISTRY}">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse">
<value>true</value></prop></item>
</oor:items>
"""
"""Macros off, nothing fetched from where a document points to."""


def program() -> list[str]:
    """The way to call LibreOffice without a network; empty where either is not possible, then we lay out ourselves."""
    office, alone = shutil.which("soffice"), shutil.which("unshare")
    if not office or not alone:
        return []
    way = [alone, "--net", "--map-root-user", "--"]
    try:
        subprocess.run([*way, "true"], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return []
    return [*way, office]


def converted(content: Path, media_type: str, folder: Path) -> Path | None:
    """The file as PDF in that folder; None when there is no LibreOffice or it does not manage."""
    ending = ENDINGS.get(media_type)
    way = program() if ending else []
    if not way:
        return None
    with TemporaryDirectory(prefix="plumbline-office-") as home:
        source, user = Path(home, f"source.{ending}"), Path(home, "profile", "user")
        shutil.copyfile(content, source)
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
        flags = ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation=file://{home}/profile"]
        command = [*way, *flags, "--convert-to", "pdf", "--outdir", str(folder), str(source)]
        surroundings = {"HOME": home, "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
        well = ran(command, surroundings)
    made = folder / "source.pdf"
    if not (well and made.exists()):
        log.warning("LibreOffice made no PDF of a .%s file: it is laid out from its words", ending)
        return None
    return made


def ran(command: list[str], surroundings: dict[str, str]) -> bool:
    """Whether it came to its end in time and without complaint; what it started ends with it."""
    limited = [sys.executable, "-I", str(LIMITED), str(MEMORY), str(SECONDS), str(WRITTEN)]
    no = subprocess.DEVNULL
    with subprocess.Popen(
        [*limited, *command], env=surroundings, start_new_session=True, stdin=no, stdout=no, stderr=no
    ) as running:
        try:
            return running.wait(timeout=SECONDS) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
