"""What kind of document it is: policy, manual, procedure, work instruction, form, record or external."""

import re
from pathlib import PurePosixPath

from plumbline.reading.dates import first_date
from plumbline.reading.labels import Said
from plumbline.reading.readings import Reading

KINDS = ("policy", "manual", "procedure", "work_instruction", "form", "record", "external")
_WORDS = (
    ("policy", 3.0, r"\bpolicy\b|\w*politik\b|leitbild|\bpolicies\b|grundsatzerklärung|unternehmensgrundsätze"),
    ("manual", 4.0, r"\bmanual\b|hand-?book|\w*handbuch\b"),
    (
        "procedure",
        3.5,
        r"\bprocedures?\b|\bsop\b|verfahren(?:sanweisung|sbeschreibung)?\b|verfahrensanweisung\w*|"
        r"\bprozess(?:beschreibung|anweisung)\b|richtlinie\b|process description|\bva\b|"
        r"ablaufbeschreibung",
    ),
    (
        "work_instruction",
        3.8,
        r"work(?:ing)? instruction|arbeitsanweisung|operating instruction|betriebsanweisung|"
        r"bedienungsanweisung|prüfanweisung|inspection instruction|test instruction|montageanweisung|"
        r"packing instruction|verpackungsanweisung|job instruction|\bset-?up sheet|einrichteblatt|\baa\b|"
        r"schweißanweisung|unterweisungsblatt",
    ),
    (
        "form",
        3.2,
        r"\bforms?\b|formular|formblatt|template|vorlage|vordruck|checklist\w*|checkliste|antrag\b|"
        r"blank\b|request form",
    ),
    (
        "record",
        3.0,
        r"\breport\b|minutes|protokoll|\w*bericht\b|\brecord\b|nachweis|\w*register\b|\w*log\b|"
        r"zertifikat|certificate|\w*liste\b|\blist\b|schedule|matrix|\w*plan\b|\bplan\b|results|"
        r"\bergebnisse|kalibrierschein|auswertung|evaluation 20\d\d|\w*bewertung 20\d\d|teilnehmerliste|"
        r"attendance|programme?\b|programm\b|verzeichnis|statistik|übersicht",
    ),
    (
        "external",
        4.0,
        r"data ?sheet|datenblatt|sicherheitsdatenblatt|\bnorm\b|customer drawing|kundenzeichnung|"
        r"kundenspezifikation|customer specification|user manual|bedienungsanleitung|betriebsanleitung|"
        r"operating manual|gesetze?\b|verordnung\b|\bdguv\b|unfallverhütung|vorschrift \d|"
        r"^(?:.*/)?(?:laws|standards|norms|normen|gesetze)$|supplier certificate|lieferantenzertifikat|"
        r"terms and conditions of purchase of",
    ),
)
_PREFIXES = {
    "policy": r"POL",
    "manual": r"QMH|MAN|MHB|HB|QM-?HB",
    "procedure": r"(?:QM|QMS|Q)?[-_. ]?VA|SOP|QP|PR|PRO|PROC|PB|VAW",
    "work_instruction": r"(?:QM|QMS|Q)?[-_. ]?AA|WI|AAW|PA|BA|AW",
    "form": r"(?:QM|QMS|Q)?[-_. ]?(?:FB|FO|FM|FOR|FORM|F|QF|FBL|CL)",
    "record": r"REC|QR|NC|AU|MR|CAR",
}
_STANDARD = re.compile(r"^\W*(?:DIN|EN|ISO|IEC|ASTM|VDI|VDE|BS)\b[\s\w-]{0,20}\d{3,}[-:\d]*\b[^.]{0,60}$")
_BLANK = re.compile(r"_{4,}|\.{8,}|…{3,}|[☐□❏▢☑☒]|\[\s\]")
_IMPERATIVE = re.compile(r"^(?:\d{1,2}[.)]|[-•*]|step|schritt)\s", re.I)
_PROCEDURE_PARTS = re.compile(
    r"^[\d. ]*(?:purpose|scope|responsibilit|procedure|zweck|ziel|geltungsbereich|anwendungsbereich|"
    r"zuständigkeit|verantwortlich|ablauf|vorgehen|definitions|begriffe|mitgeltende|beschreibung|"
    r"durchführung)",
    re.I,
)


def kind(reading: Reading, name: str, title: str, number: str) -> Said:
    """The likeliest kind, and the words or structure that say so."""
    scores: dict[str, float] = dict.fromkeys(KINDS, 0.0)
    why: dict[str, str] = {}
    _by_words(scores, why, reading, name, title)
    for one, prefix in _PREFIXES.items():
        if number and re.match(rf"(?:{prefix})(?![A-Za-z])", number, re.I):
            _add(scores, why, one, 4.0, number)
    _by_structure(scores, why, reading, title)
    best = max(KINDS, key=lambda one: scores[one])
    if scores[best] < 1.0:
        best = "record" if reading.tables and not reading.headings else "procedure"
        return Said(best if reading.text else "record", "")
    return Said(best, why[best])


def _add(scores: dict[str, float], why: dict[str, str], one: str, weight: float, line: str) -> None:
    scores[one] += weight
    why.setdefault(one, line)


def _by_words(scores: dict[str, float], why: dict[str, str], reading: Reading, name: str, title: str) -> None:
    stem = PurePosixPath(name).stem.replace("_", " ").replace("-", " ")
    places = [(title, 1.0), (stem, 0.8), (PurePosixPath(name).parent.as_posix().replace("_", " "), 0.5)]
    places += [(line, 0.6) for line in reading.margins[:12]] + [(line, 0.5) for line in reading.headings[:2]]
    places += [(line, 0.4) for line in reading.paragraphs[: 6 + len(reading.margins)] if len(line) < 90]
    for one, weight, pattern in _WORDS:
        hits = [(share, line) for line, share in places if line and re.search(pattern, line, re.I)]
        if hits:
            share, line = max(hits)
            _add(scores, why, one, weight * share + 0.2 * min(3, len(hits) - 1), line)


def _by_structure(scores: dict[str, float], why: dict[str, str], reading: Reading, title: str) -> None:
    lines = reading.paragraphs
    text_length = max(1, len(reading.text))
    blanks = sum(bool(_BLANK.search(line)) for line in lines) + min(20, reading.controls)
    empty = sum(not cell for table in reading.tables for row in table for cell in row)
    cells = sum(len(row) for table in reading.tables for row in table)
    if (blanks >= 3 and blanks * 250 > text_length // 4) or (cells > 20 and empty > 0.6 * cells and text_length < 4000):
        _add(scores, why, "form", 3.0, next((line for line in lines if _BLANK.search(line)), title))
    dates = [
        row
        for table in reading.tables
        for row in table[:400]
        if any(len(cell) < 30 and first_date(cell) for cell in row)
    ]
    if len(dates) >= 3 and cells > 12 and empty < 0.5 * cells and len(dates) * 3 > sum(map(len, reading.tables)):
        _add(scores, why, "record", 3.0, " | ".join(cell for cell in dates[0] if cell))
    parts = [line for line in [*reading.headings, *lines[:80]] if len(line) < 60 and _PROCEDURE_PARTS.match(line)]
    if len({part.casefold()[:8] for part in parts}) >= 3:
        _add(scores, why, "procedure", 2.0, parts[0])
        scores["work_instruction"] += 0.8
    steps = sum(bool(_IMPERATIVE.match(line)) for line in lines)
    if steps >= 5 and len(parts) < 3 and text_length < 8000:
        _add(scores, why, "work_instruction", 1.2, next(line for line in lines if _IMPERATIVE.match(line)))
    if len(lines) > 250 and len(reading.headings) > 25:
        _add(scores, why, "manual", 1.0, title)
    if _STANDARD.match(title):
        _add(scores, why, "external", 5.0, title)
    if (
        re.search(r"\bwe (?:commit|are committed)|wir verpflichten uns|verpflichtet sich", reading.text, re.I)
        and text_length < 6000
    ):
        _add(scores, why, "policy", 2.0, title)
