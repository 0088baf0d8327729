"""The lines of the manual about a directory, run as they stand there, against a server as people start it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.access.test_scim_conformance import MAKE
from tests.guards.source import ROOT


@pytest.mark.slow  # a server and a shell
def test_the_manual_s_lines_do_what_it_says(live, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/manual/single-sign-on.md").read_text(), re.S)
    secret = live.plumb("django", "shell", "-v", "0", "-c", MAKE).strip().splitlines()[-1]
    script = "set -eu\n" + "\necho; echo ----\n".join(blocks)
    told = os.environ | {"PLUMBLINE": live.url, "TOKEN": secret}
    done = subprocess.run(["bash", "-c", script], env=told, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    config, found, changed = [json.loads(one) for one in done.stdout.split("\n----\n") if one.strip()]
    assert config["patch"]["supported"]
    assert [one["displayName"] for one in found["Resources"]] == ["Ruth Linden"]
    made = json.loads((tmp_path / "eva.json").read_text())
    assert (made["active"], changed["active"], changed["id"]) == (True, False, made["id"])
