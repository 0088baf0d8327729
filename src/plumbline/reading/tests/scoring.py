"""Counts right and missed clauses over a set of labelled documents."""

import csv
from dataclasses import dataclass
from pathlib import Path

from plumbline.reading import Catalogue, Proposal, propose, read

HERE = Path(__file__).with_name("evaluation")
EDITIONS = Path(__file__).parents[2] / "standards" / "editions"


def catalogue() -> Catalogue:
    """The 2015 edition in both languages."""
    with (EDITIONS / "iso9001_2015.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, "language": "en"} for row in csv.DictReader(file)]
    clauses = {row["id"]: row["clause"] for row in rows}
    texts = {}
    for tongue in ("en", "de"):
        with (EDITIONS / f"iso9001_2015.{tongue}.csv").open(encoding="utf-8", newline="") as file:
            texts[tongue] = [{**row, "language": tongue, "clause": clauses[row["id"]]} for row in csv.DictReader(file)]
    return Catalogue.load([*texts["en"], *texts["de"]])


@dataclass
class Score:
    """Clauses proposed, right and expected, summed over documents."""

    proposed: int = 0
    right: int = 0
    expected: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        """Share of the proposed clauses that are expected or also right."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected clauses that were proposed."""
        return self.found / self.expected if self.expected else 1.0


def labels() -> list[dict[str, str]]:
    """The table of what each text should give."""
    with (HERE / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def proposal(name: str, requirements: Catalogue) -> Proposal:
    """What is proposed for one of the texts."""
    return propose(read(name, HERE / name), name, requirements)


def clauses(one: Proposal) -> set[str]:
    """The clauses of the proposed requirements."""
    return {match.id.split("-", 1)[0] for match in one.requirements}


def score(rows: list[dict[str, str]], requirements: Catalogue) -> Score:
    """The score over the texts of these rows."""
    total = Score()
    for row in rows:
        found = clauses(proposal(row["file"], requirements))
        expected = set(row["expected"].split())
        total.proposed += len(found)
        total.right += len(found & (expected | set(row["also_right"].split())))
        total.expected += len(expected)
        total.found += len(found & expected)
    return total
