"""The generated pages: every register, every table, and a complaint when they are not the declarations'."""

import pytest
from django.apps import apps

from plumbline.config.commands import generating
from plumbline.config.commands.telling import Refused
from plumbline.kernel.register import register_of, registers
from plumbline.ledger.models import Evidence


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A folder that looks like a checkout, with every table that is no evidence in a class."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / generating.CLASSES
    file.parent.mkdir(parents=True)
    labels = [model._meta.label for model in apps.get_models() if not issubclass(model, Evidence)]
    file.write_text("[working]\n" + "".join(f'"{label}" = "for the test"\n' for label in labels))
    return tmp_path


def test_generated_twice_nothing_differs(checkout, capsys) -> None:
    assert generating.run(check=True) == 1
    assert generating.run(check=False) == 0
    assert generating.run(check=True) == 0
    assert {file.stem for file in (checkout / "docs/states").iterdir()} == {register.kind for register in registers()}
    (checkout / "docs/permissions.md").write_text("I may do everything")
    (checkout / "docs/states/ghost.md").write_text("of a register that is gone")
    capsys.readouterr()
    assert generating.run(check=True) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "docs/permissions.md differs" in said.err
    assert "ghost.md differs" in said.err


def test_a_diagram_has_every_move(checkout) -> None:
    register = register_of("nonconformity")
    page = generating.states(register)
    for move in register.workflow.moves:
        for source in move.source:
            assert f"{source} --> {move.target}: {move.verb}" in page


def test_the_matrix_says_who_never_may(checkout) -> None:
    page = generating.permissions()
    lines = page.partition("## Nonconformities")[2].splitlines()
    columns = [cell.strip() for cell in lines[2].split("|")]
    confirm = next([cell.strip() for cell in line.split("|")] for line in lines if line.startswith("| `confirm`"))
    assert dict(zip(columns, confirm, strict=True))["owner"] == "never"
    assert dict(zip(columns, confirm, strict=True))["quality"] == "yes"


def test_a_table_in_no_class_is_refused(checkout) -> None:
    file = checkout / generating.CLASSES
    file.write_text("\n".join(line for line in file.read_text().splitlines() if "kernel.Draft" not in line))
    with pytest.raises(Refused, match=r"kernel\.Draft is in no class"):
        generating.evidence()
