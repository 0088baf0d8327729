"""`propose`: what a reading is likely to be, each field with the line it was taken from; a person confirms."""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from plumbline.reading import labels
from plumbline.reading.catalogue import Catalogue
from plumbline.reading.kinds import kind
from plumbline.reading.matching import Match, match
from plumbline.reading.readings import Reading
from plumbline.reading.tongues import foreign, language, speaks
from plumbline.reading.words import normal, words

__all__ = ["Match", "Proposal", "propose"]

_DULL_TITLE = re.compile(
    r"^(?:https?://|localhost\b|microsoft (?:word|excel|powerpoint)|document\d*$|dokument\d*$|untitled|unbenannt|"
    r"title$|titel$|powerpoint|presentation|präsentation|book\d|mappe\d|"
    r"sheet\d|tabelle\d|.*\.(?:docx?|xlsx?|pdf|pptx?|odt|indd|tmp)$|vorlage$|template$|slide \d|folie \d|"
    r"\W*(?:to ?do|tbd|n/?a|xxx+)\W*$|[\d\W]*$|"
    r"\d{4,5} [A-ZÄÖÜ][\w-]+$)",
    re.I,
)
_DULL_HEADING = re.compile(
    r"^[\d. ]*(?:purpose|scope|introduction|general|contents|table of contents|zweck|ziel|einleitung|"
    r"allgemeines|inhalt\w*|geltungsbereich|anwendungsbereich|"
    r"revision history|änderungs\w+|sheet\d*|tabelle\d*|overview|approval|freigabe|responsibilit\w+|"
    r"definitions?|note|hinweis\w*|verfahrensanweisung|arbeitsanweisung|"
    r"work instruction|standard operating procedure|procedure|formblatt|formular|form|"
    r"qualitätsmanagement|quality management system|page \d.*|seite \d.*)\W*$",
    re.I,
)
_WITHOUT_HEADINGS = {"application/pdf", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
"""Kinds of file whose headings are guesses: their titles are believed only when the file's name agrees."""
TITLE_BLOCK = 16
"""Paragraphs in which a label "Title" speaks of this document; further down it speaks of any."""
_COMPANY = re.compile(r"\b(?:GmbH|Co\. KG|KGaA|e\. ?K\.|Ltd|Limited|Inc|LLC|PLC|S\.A\.|B\.V\.)(?:\W|$)")
_REVISION_TAIL = re.compile(r"[\s,;–-]+(?:rev|revision|version|ausgabe)\b\.?\s*(?:\d+(?:\.\d+)*|[A-H])$", re.I)
_TAGS = re.compile(r"^(?:\[[^\]]{1,20}\]\s*)+(?=\w)")
_TORN = re.compile(r"[-–,/]\s*$|\b(?:und|and|or|oder|für|for|von|of|zur|zum|des|der|die|das|dem|den|the|an?)\s*$", re.I)
"""The end of a line that goes on in the next."""
_ENDING = re.compile(r"\.(?:docx?|docm|xls[xm]?|pdf|pptx?|od[ts]|md|txt)\b.*$", re.I)
_LABELLED = re.compile(r"^(?:title|titel|subject|betreff|document title|dokumententitel|bezeichnung|thema)$", re.I)
_NUMBER_IN_FRONT = re.compile(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+")
_NAME_TAIL = re.compile(
    r"[\s_-]+(?:(?:v|ver|version|rev|r|ausgabe|index|issue)[-_. ]?(?:\d+(?:[._]\d+)*|[A-H])|"
    r"\d{4}-\d\d-\d\d|\d{8}|final|neu|new|draft|entwurf|signed|copy|kopie|\(\d+\))$",
    re.I,
)


@dataclass(frozen=True)
class Proposal:
    """What a document seems to be; `evidence` has the line behind each field that was found in one."""

    number: str = ""
    title: str = ""
    kind: str = ""
    revision: str = ""
    date: str = ""
    """YYYY-MM-DD, or empty."""
    owner: str = ""
    language: str = ""
    requirements: list[Match] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)


def propose(reading: Reading, name: str, catalogue: Catalogue) -> Proposal:
    """Number, title, kind, revision, date, owner, language and requirements of a reading."""
    number = labels.number(reading, name)
    titled = _title(reading, name, number.value)
    sort = kind(reading, name, titled.value, number.value)
    revision, day, owner = labels.revision(reading, name), labels.dated(reading), labels.owner(reading)
    found = {"number": number, "title": titled, "kind": sort, "revision": revision, "date": day, "owner": owner}
    spoken = f"{titled.value} ({PurePosixPath(name).stem.replace('_', ' ')})"
    return Proposal(
        **{key: said.value for key, said in found.items()},
        language=_language(reading, titled.value),
        requirements=match(reading, spoken, catalogue, kind=sort.value) if reading.text else [],
        evidence={key: said.line[:300] for key, said in found.items() if said.line},
    )


def _language(reading: Reading, title: str) -> str:
    """By its words; by what it says of itself, which is often only the program's own, where some word supports it."""
    declared, text = reading.properties.get("language", "")[:2].casefold(), f"{title}\n{reading.text}"
    if (found := language(text)) or declared not in ("en", "de") or foreign(text):
        return found
    return declared if speaks(text, declared) else ""


def _title(reading: Reading, name: str, number: str) -> labels.Said:
    """A labelled title, the property, the first telling heading or line, or the file's name."""
    cleaned = _from_name(name, number)
    said_first = {*reading.margins, *reading.paragraphs[: len(reading.margins) + TITLE_BLOCK]}
    for label, value, line in labels.pairs(reading):
        if _LABELLED.match(label) and 3 < len(value) < 120 and not (_DULL_TITLE.match(value) or _TORN.search(value)):
            if line not in said_first or labels.is_heading_of_list(line, label):
                continue
            return labels.Said(_clean(value, number), line)
    said = _clean(reading.properties.get("title", ""), number)
    start = " ".join([*reading.paragraphs[:12], cleaned]).casefold()
    fits = said and sum(word.casefold() in start for word in said.split()) * 2 >= len(said.split())
    if fits and not _DULL_TITLE.match(said) and not _DULL_HEADING.match(said) and len(said) < 150:
        return labels.Said(said, f"title: {said}")
    loose = reading.media_type in _WITHOUT_HEADINGS
    for line in [*([] if loose else reading.headings[:4]), *_first_lines(reading, loose=loose)]:
        candidate = _clean(line, number)
        dull = not 3 < len(candidate) < 100 or _DULL_HEADING.match(candidate) or _DULL_TITLE.match(candidate)
        dull = dull or _is_letterhead(candidate, loose) or _TORN.search(line)
        if not dull and (not loose or _alike(candidate, cleaned)):
            return labels.Said(candidate, line)
    return labels.Said(cleaned, name)


def _is_letterhead(line: str, loose: bool) -> bool:
    """Whether a line is a company's name, not a heading that goes on after it or comes to it."""
    named = [*_COMPANY.finditer(line)]
    if not named or loose:
        return bool(named)
    return not (re.search(r"\w{3}", line[named[-1].end() :]) or re.search(r"\b(?:for|at|für|bei)\s", line))


def _first_lines(reading: Reading, *, loose: bool) -> list[str]:
    lines = reading.paragraphs[0 if loose else len(reading.margins) :][: 25 if loose else 4]
    return [line for line in lines if len(line) < 90 and not re.search(r"[:|]|[.,;]$|_{3}|\.{3}|^\W", line)]


def _alike(line: str, cleaned: str) -> bool:
    """Whether a line shares a telling word with the file's name, or the name tells nothing."""
    telling = [word for word in words(cleaned) if len(word) > 3]
    return len(line) < 70 and sum(word[:7] in normal(line) for word in telling) * 5 >= len(telling) * 3


def _clean(title: str, number: str) -> str:
    """A title without its number, heading number, tags and loose marks."""
    title = _REVISION_TAIL.sub("", _TAGS.sub("", title))
    if number:
        pieces = map(re.escape, re.split(r"[-_./ ]", re.sub(r"\.0+$", "", number)))
        title = re.sub(rf"(?<!\w){'[-_./ ]?'.join(pieces)}(?:\.\d+)*(?!\w)", " ", title.replace(number, " "))
    title = _NUMBER_IN_FRONT.sub("", _ENDING.sub("", title).strip(" \t-–—:|_.,#*"))
    title = re.sub(r"\s{2,}", " ", re.sub(r"\(\s*\)", " ", title)).strip(" \t-–—:|_.,#*")
    title = re.sub(r"^[^\w(„“\"«]+(?:\d\d?[\W_]+)?", "", title)
    return re.sub(r"[()]", "", title) if title.count("(") != title.count(")") else title


def _from_name(name: str, number: str) -> str:
    stem = PurePosixPath(name).stem
    while (shorter := _NAME_TAIL.sub("", stem)) != stem and shorter:
        stem = shorter
    if number:
        stem = re.sub(r"[-_. ]?".join(map(re.escape, re.split(r"[-_. /]", number))), " ", stem, flags=re.I)
    stem = re.sub(r"^(?:[A-Z]{1,4}[-_. ]){1,2}[A-Z]?\d{1,3}(?:[-_. ]\d{1,2})?[-_. ]+(?=[^\W\d_]{3})", "", stem)
    stem = re.sub(r"^[\s._-]*\d{1,2}[\s._-]+(?=[^\W\d_]{3})", "", stem) if number else stem
    spaced = re.sub(r"[_]+|(?<=\w)-(?=\w)(?![a-z]{1,2}\b)", " ", stem)
    return re.sub(r"\s{2,}", " ", spaced).strip(" -–.") or PurePosixPath(name).stem
