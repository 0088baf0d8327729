"""Word, Excel and PowerPoint as their makers laid them out, by LibreOffice where it is installed."""

import os
import shutil
import subprocess
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
SECONDS = 90
MEMORY = 2 << 30
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
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
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=True,
                env=surroundings, preexec_fn=_limited, start_new_session=True,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return None
    made = folder / "source.pdf"
    return made if made.exists() else None


def _limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
