"""Which requirements a text speaks to: cues, their passages, cited clauses and likeness to the requirement's own words.

A clause's confidence is one minus the product of what each independent cue leaves in doubt: cues of the best passage
count in full, those of its heading and of the title in part, those elsewhere less. Then its rows are told apart.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from math import prod

from plumbline.reading.catalogue import Catalogue
from plumbline.reading.cues import OFF_TOPIC, Cue, Phrase, clause_of, cues
from plumbline.reading.passages import Passage, passages
from plumbline.reading.readings import Reading
from plumbline.reading.vocabulary import told
from plumbline.reading.words import normal, stems

LEAST = 0.35
TOLD_LEAST = 0.42
TOLD_WORTH = 0.85
MOST = 25
TELLING = 0.4
MENTION = 0.6
ASIDE = 0.85
OF_OTHERS = 0.6
"""What is left of a confidence when the text is a law, a standard or a customer's."""
MOST_OF_A_MANUAL = 80
CEILING = 0.97
_CITED = re.compile(
    r"(?:clauses?|sections?|kapitel|kap\.|abschnitte?|ziffer|9001(?::?\s?20\d\d)?[,;:\s(–-]*(?:clause|kap\w*\.?|abschnitt|section|nr\.?|§)?)\s*[(:]?\s*"
    r"((?:10|[4-9])\.\d(?:\.\d){0,2}(?:\s*(?:,|and|und|/|;)\s*(?:10|[4-9])\.\d(?:\.\d){0,2})*)"
)
_CLAUSE = re.compile(r"(?:10|[4-9])\.\d(?:\.\d){0,2}")


@dataclass(frozen=True)
class Match:
    """A requirement the document speaks to, how sure (0 to 1), and the passage that makes one think so."""

    id: str
    confidence: float
    passage: str


@dataclass
class Evidence:
    """What was found for one clause: the strength of each cue in each passage."""

    hits: dict[int, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    """By passage, then by cue."""
    cited: float = 0.0
    told: float = 0.0
    at: int = -1
    """The passage that cites the clause, or tells of it in other words."""


def match(reading: Reading, title: str, catalogue: Catalogue, *, kind: str = "") -> list[Match]:
    """The requirements a document speaks to, the surest first."""
    found = passages(reading)
    head = Passage(title, normal(title), -1, 1.0, is_heading=True)
    everything = [head, *found]
    evidence = _gather(everything, catalogue)
    _cite(everything, catalogue, evidence)
    damping = _off_topic(everything) * (OF_OTHERS if kind == "external" else 1.0)
    matches: list[Match] = []
    _tell(everything, catalogue, evidence)
    for clause, facts in evidence.items():
        confidence = _confidence(facts, everything) * damping
        if confidence >= LEAST:
            matches.extend(_rows(clause, confidence, facts, everything, catalogue))
    matches.extend(_unlisted(everything, catalogue, damping))
    matches.sort(key=lambda one: (-one.confidence, one.id))
    return matches[: MOST_OF_A_MANUAL if kind == "manual" else MOST]


def _gather(everything: list[Passage], catalogue: Catalogue) -> dict[str, Evidence]:
    """Every cue's hits by clause; the whole text is asked first, which leaves few phrases to look for."""
    whole = Whole(everything)
    evidence: dict[str, Evidence] = {}
    for number, cue in enumerate(cues()):
        clause = clause_of(cue.target)
        if clause not in catalogue.clauses:
            continue
        for place in whole.places(cue):
            evidence.setdefault(clause, Evidence()).hits[place][number] = _strength(cue, place, everything[place])
    _weigh_context(evidence, everything)
    return evidence


def _weigh_context(evidence: dict[str, Evidence], everything: list[Passage]) -> None:
    """Where the heading of a section (or the title) speaks of one chapter, others are mentioned rather than treated."""
    spoken: dict[int, set[str]] = defaultdict(set)
    for clause, facts in evidence.items():
        for place, hit in facts.hits.items():
            if (place == 0 or everything[place].is_heading) and max(hit.values()) >= TELLING:
                spoken[place].add(_chapter(clause))
    for clause, facts in evidence.items():
        for place, hit in facts.hits.items():
            passage = everything[place]
            section = spoken.get(passage.heading + 1) if passage.heading >= 0 else None
            context = section or spoken.get(0)
            if place and context and _chapter(clause) not in context | spoken.get(place, set()):
                for number in hit:
                    hit[number] *= MENTION if section else ASIDE


def _chapter(clause: str) -> str:
    """8.4.1 to 8.4."""
    return ".".join(clause.split(".")[:2])


class Whole:
    """The whole text in normal form, which knows the passage of every position."""

    def __init__(self, everything: list[Passage]) -> None:
        self.everything = everything
        self.text = "\n".join(passage.form for passage in everything)
        self.starts = list(accumulate((len(passage.form) + 1 for passage in everything[:-1]), initial=0))

    def places(self, cue: Cue) -> set[int]:
        """The passages that have one of the cue's phrases."""
        found: set[int] = set()
        for phrase in cue.phrases:
            if all(literal in self.text for literal in phrase.literals):
                found.update(place for place in self._holding(phrase.literals[0]) if self._has(place, phrase))
        return found

    def _holding(self, literal: str) -> Iterator[int]:
        at = self.text.find(literal)
        while at >= 0:
            place = bisect_right(self.starts, at) - 1
            yield place
            at = self.text.find(literal, self.starts[place] + len(self.everything[place].form))

    def _has(self, place: int, phrase: Phrase) -> bool:
        return phrase.found_in(self.everything[place].form)


def _strength(cue: Cue, place: int, passage: Passage) -> float:
    factor = 1.25 if place == 0 else (1.1 if passage.is_heading else 1.0)
    return min(0.85, cue.weight * factor * passage.worth)


def _off_topic(everything: list[Passage]) -> float:
    """What is left of every confidence when the text is about something else."""
    whole = Whole(everything)
    left, places, heard = 1.0, set(), 0
    for cue in cues():
        if cue.target == OFF_TOPIC and (hit := whole.places(cue)):
            left *= 1 - cue.weight
            heard += 1
            places |= hit
    left = max(left, 0.8) if heard == 1 and 0 not in places else left
    share = len(places) / max(1, len(everything))
    return 1 - (1 - left) * min(1.0, 10 * share + (1.0 if 0 in places else 0.0))


def _confidence(facts: Evidence, everything: list[Passage]) -> float:
    """One minus the doubt that is left."""
    best = max((_together(facts, place, everything) for place in facts.hits), key=_sure, default={})
    strongest: dict[int, float] = {}
    for hit in facts.hits.values():
        for number, strength in hit.items():
            strongest[number] = max(strongest.get(number, 0.0), strength)
    elsewhere = sorted((strength for number, strength in strongest.items() if number not in best), reverse=True)[:4]
    doubt = prod(1 - strength for strength in best.values()) * prod(1 - 0.4 * strength for strength in elsewhere)
    doubt *= 1 - 0.04 * min(5, len(facts.hits) - 1 if facts.hits else 0)
    return min(CEILING, 1 - (1 - (1 - doubt) * _salience(facts, everything)) * (1 - facts.cited) * (1 - facts.told))


def _salience(facts: Evidence, everything: list[Passage]) -> float:
    """What a mention in passing is worth in a long text: half; all of it when headings or several passages speak."""
    long = min(1.0, len(everything) / 40)
    spoken = sum(
        2.0 if everything[place].is_heading else 1.0 for place, hit in facts.hits.items() if max(hit.values()) > 0.12
    )
    return 1 - long * max(0.0, 0.5 - 0.17 * max(0.0, spoken - 1))


def _sure(hits: dict[int, float]) -> float:
    return 1 - prod(1 - strength for strength in hits.values())


def _together(facts: Evidence, place: int, everything: list[Passage]) -> dict[int, float]:
    """A passage's cues with those of its heading and of the title, which count half."""
    hits = dict(facts.hits[place])
    for context in (everything[place].heading + 1, 0):
        if context != place and (context or everything[place].heading < 0 or place):
            for number, strength in facts.hits.get(context, {}).items():
                hits[number] = max(hits.get(number, 0.0), 0.5 * strength)
    return hits


def _cite(everything: list[Passage], catalogue: Catalogue, evidence: dict[str, Evidence]) -> None:
    """Cited clause numbers, where ISO 9001 is named: a clause itself strongly, those under a cited chapter weakly."""
    if not any("9001" in passage.form for passage in everything):
        return
    for place, passage in enumerate(everything):
        if passage.worth < 0.3 or "." not in passage.form:
            continue
        direct = "9001" in passage.form
        for run in _CITED.findall(passage.form):
            for number in _CLAUSE.findall(run):
                for clause in catalogue.clauses:
                    if clause == number or clause.startswith(number + "."):
                        weight = (0.42 if direct else 0.25) * (1.0 if clause == number else 0.6)
                        facts = evidence.setdefault(clause, Evidence())
                        if weight > facts.cited:
                            facts.cited, facts.at = weight, place


def _tell(everything: list[Passage], catalogue: Catalogue, evidence: dict[str, Evidence]) -> None:
    """Clauses whose matters are told in everyday words."""
    for clause, (score, place) in told(everything).items():
        if clause in catalogue.clauses and score >= TOLD_LEAST:
            facts = evidence.setdefault(clause, Evidence())
            facts.told, facts.at = TOLD_WORTH * score, place if facts.at < 0 else facts.at


def _rows(
    clause: str, confidence: float, facts: Evidence, everything: list[Passage], catalogue: Catalogue
) -> list[Match]:
    """The clause's requirements: those with cues of their own, and the one or few most like the passages."""
    places = sorted(facts.hits, key=lambda place: -_sure(_together(facts, place, everything)))[:12]
    if facts.at >= 0 and (not places or facts.told):
        places = list(dict.fromkeys([*places, facts.at]))
    spoken = {place: _stems(everything[place], catalogue) for place in places}
    rated = []
    for order, one_id in enumerate(catalogue.clauses[clause]):
        own = {number for hit in facts.hits.values() for number in hit if cues()[number].target == one_id}
        best, place = max(
            (_likeness(one_id, place, facts, everything, spoken, catalogue, own), -place) for place in places
        )
        worth = max(
            (facts.hits[at][number] for at in facts.hits for number in facts.hits[at] if number in own), default=0.0
        )
        rated.append((worth + best, -order, one_id, -place, worth))
    rated.sort(reverse=True)
    return _chosen(rated, confidence, everything)


def _chosen(
    rated: list[tuple[float, int, str, int, float]], confidence: float, everything: list[Passage]
) -> list[Match]:
    """The first with the clause's confidence, others with less, at most five with their own cue and two without."""
    matches: list[Match] = []
    bare = 0
    for place_in_row, (score, _, one_id, place, own) in enumerate(rated):
        likely = place_in_row == 0 or own >= 0.1 or score > 0.55
        if not likely or len(matches) >= 5 or (place_in_row and not own and bare >= 2):
            continue
        bare += not own
        sure = confidence if place_in_row == 0 else confidence * min(0.95, 0.55 + 0.5 * score)
        if sure >= LEAST:
            matches.append(Match(one_id, round(sure, 2), everything[place].text[:600]))
    return matches


def _likeness(
    one_id: str,
    place: int,
    facts: Evidence,
    everything: list[Passage],
    spoken: dict[int, dict[str, list[str]]],
    catalogue: Catalogue,
    own: set[int],
) -> float:
    """How well a passage shows this requirement: the clause's cues there, the row's own cue, and shared words."""
    alike = max((catalogue.similarity(found, one_id, tongue) for tongue, found in spoken[place].items()), default=0.0)
    owned = max((facts.hits[place][number] for number in own if number in facts.hits.get(place, {})), default=0.0)
    title = 0.3 if place == 0 or everything[place].is_heading else 0.0
    return 0.35 * _sure(facts.hits.get(place, {})) + alike + owned - title


def _stems(passage: Passage, catalogue: Catalogue) -> dict[str, list[str]]:
    return {tongue: stems(passage.text[:1500], tongue, catalogue.weights[tongue]) for tongue in catalogue.tongues}


def _unlisted(everything: list[Passage], catalogue: Catalogue, damping: float) -> list[Match]:
    """For clauses without any cue (another standard): likeness of words alone, from four shared words on."""
    listed = {clause_of(cue.target) for cue in cues()}
    ids = [one_id for clause, found in catalogue.clauses.items() if clause not in listed for one_id in found]
    best: dict[str, tuple[float, int]] = {}
    for place, passage in enumerate(everything[1:1500], 1) if ids else ():
        for tongue, found in _stems(passage, catalogue).items():
            if passage.worth < 0.5 or len(set(found) & catalogue.weights[tongue].keys()) < 4:
                continue
            for one_id in ids:
                best[one_id] = max(best.get(one_id, (0.0, 0)), (catalogue.similarity(found, one_id, tongue), -place))
    return [
        Match(one_id, round(min(0.8, alike * 1.2) * damping, 2), everything[-place].text[:600])
        for one_id, (alike, place) in best.items()
        if min(0.8, alike * 1.2) * damping >= max(LEAST, 0.42)
    ]
