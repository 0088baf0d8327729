"""A document cut into passages: sentences, list items, table rows, each under its heading, with its worth."""

import re
from dataclasses import dataclass

from plumbline.reading.readings import Reading
from plumbline.reading.words import normal

_SENTENCE = re.compile(r"(?<=[a-zäöüß0-9)\]\"“][.!?;])\s+(?=[A-ZÄÖÜ„\"(])")
_CONTENTS = re.compile(r"(?:\.{4,}|…{2,}|\s\.\s\.\s\.)\s*\d*\s*$|^(?:\d+(?:\.\d+)*\s+)?[^.:|]{3,70}\s\d{1,3}$")
_LABEL = re.compile(
    r"^(?:document|doc|dok|dokument|rev|revision|version|issue|ausgabe|stand|date|datum|page|seite|title|titel|author|autor|owner|"
    r"prepared|approved|reviewed|released|checked|erstellt|geprüft|freigegeben|freigabe|genehmigt|erstellung|prüfung|valid|gültig|effective|"
    r"status|classification|klassifizierung|copyright|©|next review|nächste)\b.{0,110}$",
    re.I,
)
_POOR = (
    (
        re.compile(
            r"^[\d. ]*(?:references?|reference documents|related (?:documents|documentation|procedures)|see "
            r"also|associated documents|applicable documents"
            r"|normative references|mitgeltende.*|verweise|referenzen|verwandte dokumente|zugehörige "
            r"dokumente|literatur|quellen|normative verweis\w*)\W*$",
            re.I,
        ),
        0.35,
    ),
    (re.compile(r"^[\d. ]*(?:table of contents|contents|inhalt|inhaltsverzeichnis|index)\W*$", re.I), 0.1),
    (
        re.compile(
            r"^[\d. ]*(?:revision history|change history|document history|version history|änderungshistorie|"
            r"änderungsverzeichnis|änderungsnachweis|"
            r"dokumenthistorie|änderungsprotokoll|änderungsindex|revisionshistorie|versionshistorie|document "
            r"control information|approval|freigabe)\W*$",
            re.I,
        ),
        0.15,
    ),
    (
        re.compile(
            r"^[\d. ]*(?:definitions?|terms.*|abbreviations?|glossary|begriffe.*|definitionen|abkürzungen|glossar)\W*$",
            re.I,
        ),
        0.5,
    ),
)
_REFERENCE = re.compile(
    r"^(?:(?:see|siehe|vgl\.|cf\.)\s|[A-Z]{1,4}[-_ .]?(?:[A-Z]{1,4}[-_ .]?)?\d[\w.-]*\s[^.]{3,60}$)"
)
_POINTING = re.compile(
    r"[A-Z]{1,5}[-_][A-Z]{0,4}-?\d{1,3}(?:\.\d+)?\W{0,3}[„“”\"»(]|[„“\"»]\s?[A-Z]{1,5}[-_][A-Z]{0,4}-?\d{2}|"
    r"\b(?:changes? (?:to|of) this (?:procedure|instruction|document)|änderung(?:en)? dieser "
    r"(?:verfahrens|arbeits)?anweisung)",
    re.I,
)
"""Sentences that send the reader to another document, or speak of changing this one."""
_NEGATED = re.compile(
    r"\b(?:not applicable|does not apply|n/a|entfällt|nicht zutreffend|nicht anwendbar|trifft nicht zu)\b", re.I
)
MOST = 6000


@dataclass(frozen=True)
class Passage:
    """One passage as written and in normal form, the place of its heading (-1: none), and what it is worth."""

    text: str
    form: str
    heading: int
    worth: float
    is_heading: bool


def passages(reading: Reading) -> list[Passage]:
    """The passages of a document in order, at most 6,000."""
    found: list[Passage] = []
    headings = set(reading.headings)
    margins = set(reading.margins)
    at, section = -1, 1.0
    for place, line in enumerate(reading.paragraphs):
        if place < len(reading.margins) and line in margins:
            continue
        if line in headings:
            section = _section(line)
            at = len(found)
            found.append(Passage(line, normal(line), -1, min(section, _worth(line)), is_heading=True))
            continue
        if len(line) < 60 and (worth := _section(line)) < 1.0:
            section = worth
        for sentence in _SENTENCE.split(line):
            if len(sentence) > 2:
                found.append(Passage(sentence, normal(sentence), at, section * _worth(sentence), is_heading=False))
        if len(found) >= MOST:
            break
    return found


def _section(heading: str) -> float:
    return next((worth for pattern, worth in _POOR if pattern.match(heading)), 1.0)


def _worth(text: str) -> float:
    """What a passage is worth as evidence: contents lines, labels and mere references are worth little."""
    if _CONTENTS.search(text):
        return 0.15
    if _LABEL.match(text):
        return 0.15
    if _NEGATED.search(text):
        return 0.5
    return 0.35 if _REFERENCE.match(text) or _POINTING.search(text) else 1.0
