"""The README of the ZIP, in the organisation's language: what it holds, how to read it, and what is not in it."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plumbline.history.merkle import Frontier
from plumbline.ledger.models import Log
from plumbline.organisation.models import Organisation

# For programmers, in the language of the formats it names.
PROOF = (
    "For programmers: proofs/head.txt is the signed head of the history (a C2SP signed note of a tlog-checkpoint),"
    " proofs/keys.txt the keys it is checked with, proofs/manifest.note signs the SHA-256 of manifest.json. Compare the"
    " keys with ones you got by another way.",
    "Events: %(events)d. Head: %(head)s. State digest: %(digest)s. `plumb verify --deep --json` tells the same.",
    "The commitment of an event is the SHA-256 of its opening's salt (bytes of the hex) and text (UTF-8). Its leaf is"
    " the SHA-256 of a zero byte, the line “plumbline event v1” with its line feed, and the event without seq and leaf"
    " as canonical JSON (RFC 8785). The tree over the leaves, in the order of seq, is that of RFC 9162. The state"
    " digest is the SHA-256 of one line per row, “table uid sha256” and a line feed, tables and uids in order, where"
    " sha256 is that of the row as canonical JSON.",
)


def text(organisation: Organisation, log: Log, digest: str) -> str:
    """Plain words, no line longer than a screen."""
    facts = {
        "name": organisation.name,
        "day": timezone.now().date().isoformat(),
        "slug": organisation.slug,
        "events": log.size,
        "head": Frontier.from_bytes(log.frontier).root().hex(),
        "digest": digest,
    }
    with translation.override(organisation.language):
        return "\n\n".join(_folded(words % facts) for words in (*_what(), *_parts(), *_absent(), *PROOF)) + "\n"


def _folded(words: str) -> str:
    lines, line = [], ""
    for word in words.split():
        if line and len(line) + len(word) > 100:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def _what() -> list[str]:
    return [
        _("%(name)s: the whole quality management system, exported from Plumbline on %(day)s."),
        _(
            "Keep this file as you keep your records: everything is in it, the confidential too, in open formats"
            " that need no Plumbline to be read. To go on working with it, put it into another Plumbline:"
            " “plumb load FILE.zip”."
        ),
    ]


def _parts() -> list[str]:
    return [
        _("registers/: every register as a table (CSV, UTF-8). Open them with any spreadsheet. To read, not to load."),
        _("files/: the contents of all files, each under its SHA-256. attachment.jsonl and file.jsonl say whose."),
        _(
            "evidence/: every row that counts, one file a table, one JSON object a line: “row” has the values by"
            " the names of the fields, “event” is the change that wrote it. References are uids of other rows."
        ),
        _(
            "log/: the history. events.jsonl has every change in order, without a personal value; openings.jsonl what"
            " was written, by whom and why; heads.jsonl the signed heads."
        ),
        _("schemas/: the fields, types and defaults of each table; @1, @2 are the forms a table had over time."),
        _("accounts.jsonl: who signs in, name and address, no password. kept/: counters of numbers, own views."),
        _("manifest.json: size in bytes and SHA-256 of every part, and what the whole must come to."),
    ]


def _absent() -> list[str]:
    return [
        _(
            "Not in it: passwords, sessions, invitations and secrets (people sign in anew), drafts that nobody"
            " saved (they belong to who typed them), messages that wait; and what is worked out from the records, such"
            " as whose turn it is and the words for search: that is made afresh where it is loaded."
        ),
    ]
