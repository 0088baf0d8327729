"""The requirements a document may speak to, with what is needed to compare texts with them."""

import csv
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plumbline.reading.words import stems

_COLUMNS = {"requirement": ("requirement", "requirement_paraphrase"), "question": ("question", "plain_question")}


@dataclass(frozen=True)
class Requirement:
    """One row of a catalogue in one language."""

    id: str
    clause: str
    title: str
    requirement: str
    evidence: str
    question: str
    language: str


@dataclass
class Catalogue:
    """Requirements by language and id, with the weight of each word among them."""

    requirements: dict[tuple[str, str], Requirement] = field(default_factory=dict)
    vectors: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    weights: dict[str, dict[str, float]] = field(default_factory=dict)
    clauses: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, rows: Iterable[Mapping[str, str]]) -> "Catalogue":
        """A catalogue out of rows with id, clause, title, requirement, evidence, question and language ("en"/"de")."""
        catalogue = cls()
        for row in rows:
            clause = row.get("clause") or row["id"].split("-", 1)[0]
            named = {name: next((row[key] for key in keys if row.get(key)), "") for name, keys in _COLUMNS.items()}
            tongue = row.get("language") or "en"
            one = Requirement(
                row["id"], clause, row.get("title", ""), evidence=row.get("evidence", ""), language=tongue, **named
            )
            catalogue.requirements[tongue, one.id] = one
            ids = catalogue.clauses.setdefault(clause, [])
            if one.id not in ids:
                ids.append(one.id)
        catalogue._weigh()
        return catalogue

    @classmethod
    def from_csv(cls, paths: Mapping[str, Path | str]) -> "Catalogue":
        """A catalogue out of one CSV file for each language."""
        rows: list[dict[str, str]] = []
        for tongue, path in paths.items():
            with Path(path).open(encoding="utf-8-sig", newline="") as file:
                rows.extend({**row, "language": tongue} for row in csv.DictReader(file))
        return cls.load(rows)

    def _weigh(self) -> None:
        """Words that many requirements share say little: inverse document frequency, in each language."""
        for tongue in {tongue for tongue, _ in self.requirements}:
            vocabulary: set[str] = set()
            for one in self._of(tongue):
                vocabulary.update(stems(self._text(one), tongue))
            counted = {one.id: Counter(stems(self._text(one), tongue, vocabulary)) for one in self._of(tongue)}
            seen = Counter(word for counts in counted.values() for word in counts)
            self.weights[tongue] = {word: math.log(1 + len(counted) / count) for word, count in seen.items()}
            for one_id, counts in counted.items():
                raw = {word: (1 + math.log(count)) * self.weights[tongue][word] for word, count in counts.items()}
                length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
                self.vectors[tongue, one_id] = {word: value / length for word, value in raw.items()}

    def _of(self, tongue: str) -> list[Requirement]:
        return [one for (language, _), one in self.requirements.items() if language == tongue]

    @staticmethod
    def _text(one: Requirement) -> str:
        return f"{one.requirement} {one.requirement} {one.title} {one.evidence}"

    @property
    def tongues(self) -> list[str]:
        """The languages there are requirements in."""
        return sorted(self.weights)

    def similarity(self, passage: list[str], one_id: str, tongue: str) -> float:
        """Cosine between a passage's stems and a requirement's words, 0 to 1."""
        vector = self.vectors.get((tongue, one_id))
        if not vector or not passage:
            return 0.0
        known = self.weights[tongue]
        counts = {word: known[word] for word in set(passage) if word in known}
        length = math.sqrt(sum(value * value for value in counts.values()))
        return sum(value * vector.get(word, 0.0) for word, value in counts.items()) / length if length else 0.0
