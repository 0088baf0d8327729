"""Every test, wherever it stands, gets its own throw-away installation: set before the settings are read."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

KEPT = {"PLUMBLINE_DATABASE_URL", "PLUMBLINE_DATABASE_OWNER_URL", "PLUMBLINE_PICTURES", "PLUMBLINE_TEST_ROOT"}
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


def _own_installation() -> None:
    """Point the settings at a folder, and on PostgreSQL at a database, that only this worker uses."""
    if "plumbline.config.settings" in sys.modules:
        raise pytest.UsageError(
            "the settings were read before the tests chose their own folder: unset DJANGO_SETTINGS_MODULE"
        )
    for name in [name for name in os.environ if name.startswith("PLUMBLINE_") and name not in KEPT]:
        del os.environ[name]
    if "PLUMBLINE_TEST_ROOT" not in os.environ:  # the controller; xdist's workers inherit it
        root = tempfile.mkdtemp(prefix="plumbline-tests-")
        os.environ["PLUMBLINE_TEST_ROOT"] = root
        atexit.register(shutil.rmtree, root, ignore_errors=True)
    own = Path(os.environ["PLUMBLINE_TEST_ROOT"]) / WORKER
    (own / "static").mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "PLUMBLINE_DATA": str(own),
        "PLUMBLINE_SECRET": "only for tests",
        "PLUMBLINE_LOOPBACK": "1",
        "PLUMBLINE_SQLITE_SYNCHRONOUS": "OFF",  # nobody cuts the power of a test; make faults does
    }
    for name in ("PLUMBLINE_DATABASE_URL", "PLUMBLINE_DATABASE_OWNER_URL"):
        if url := os.environ.get(name):
            os.environ[name] = urlunsplit(urlsplit(url)._replace(path=f"/plumbline_{WORKER}"))


_own_installation()
pytest_plugins = [
    "tests.peers.databases",
    "tests.peers.pace",
    "tests.peers.server",
    "tests.peers.browser",
    "tests.peers.desk",
    "tests.peers.listener",
    "tests.peers.post",
    "tests.peers.identity",
]
