"""The lines of the manual, run as they stand there by a shell, against a server as it is started by people."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.guards.source import ROOT

MANUAL = ROOT / "docs/manual/api.md"


def lines() -> list[str]:
    """What the manual says to type, one block after the other."""
    return re.findall(r"```sh\n(.*?)```", MANUAL.read_text(), re.S)


def token(live) -> str:
    """A token of the demo company's quality manager."""
    made = (
        "from plumbline.faces.api import tokens; from plumbline.organisation.models import Person;"
        "from plumbline.organisation.actor import Actor;"
        "ruth = Person.objects.select_related('organisation').get(email='ruth@linden.example');"
        "print(tokens.make(Actor.of(ruth), 'manual', {'*': 'write'}, 30)[1])"
    )
    return live.plumb("django", "shell", "-v", "0", "-c", made).strip().splitlines()[-1]


@pytest.mark.slow  # a server and a shell
def test_the_manual_s_lines_do_what_it_says(live, tmp_path: Path) -> None:
    blocks, answers = lines(), []
    script = "set -eu\n" + "\necho; echo ----\n".join(blocks) + "\n"
    told = os.environ | {"PLUMBLINE": live.url, "TOKEN": token(live)}
    done = subprocess.run(["bash", "-c", script], env=told, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(one) for one in done.stdout.split("\n----\n") if one.strip()]
    assert len(answers) == len(blocks) - 1, done.stdout  # one block answers nothing
    me, page, made, read, edited, moved, people, comment, file, action, history, refused = answers
    assert (me["slug"], len(page["items"])) == ("linden", 2)
    assert [one["due"] for one in page["items"] if one["due"]] == sorted(
        one["due"] for one in page["items"] if one["due"]
    )
    assert (made["lot"], made["state"], read["uid"]) == ("4711", "open", made["uid"])
    assert 'etag: "1"' in (tmp_path / "headers.txt").read_text().lower()
    assert (edited["place"], edited["quantity"], edited["version"]) == ("Hall 2", "40.000", 2)
    assert (moved["state"], moved["correction"]) == ("corrected", "Sorted and deburred")
    assert people["items"][0]["name"].startswith("Ruth")
    assert (comment["text"], file["caption"]) == ("Seen again on the night shift", "As it was reported")
    assert action["title"] == "Change the tool after 400 parts"
    assert [line["verb"] for line in history["items"]][-3:] == ["correct", "edit", "create"]
    assert (refused["status"], refused["current"]["state"]) == (409, "corrected")
    assert list(live.plumb("verify", "--deep", "--json").splitlines())
