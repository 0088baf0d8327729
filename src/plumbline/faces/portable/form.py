"""The form of the ZIP: what its parts are called, what its manifest says, and what is refused."""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

FORM = "plumbline-company"
NUMBER = 1
MANIFEST, SEAL, README = "manifest.json", "proofs/manifest.note", "README.txt"
EVENTS, OPENINGS, HEADS = "log/events.jsonl", "log/openings.jsonl", "log/heads.jsonl"
HEAD, KEYS = "proofs/head.txt", "proofs/keys.txt"
ACCOUNTS = "accounts.jsonl"
MEMBER = re.compile(
    r"manifest\.json|README\.txt|accounts\.jsonl|log/(?:events|openings|heads)\.jsonl|evidence/[a-z]{1,60}\.jsonl"
    r"|proofs/(?:head\.txt|keys\.txt|manifest\.note)|schemas/[a-z]{1,60}@[0-9]{1,6}\.json|kept/[a-z]{1,60}\.[a-z]{1,60}\.jsonl"
    r"|files/[0-9a-f]{2}/[0-9a-f]{64}|registers/[a-z0-9-]{1,60}\.csv"
)
LINE = 64 << 20  # bytes of the longest line that is read: a row with its text, never a file
CHUNK = 1 << 20
SHOWN = 20  # problems that are named


def some(problems: list[str]) -> str:
    """The first of them in a line, and how many more there are."""
    more = f" … and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    return "; ".join(problems[:SHOWN]) + more


class Unfit(Exception):
    """The ZIP cannot be loaded, or the company not exported; the text says why and what to do, in plain words."""


@dataclass(frozen=True)
class Manifest:
    """What the ZIP holds and what it claims, so that every claim can be compared."""

    form: str
    number: int
    program: str
    made_at: str
    organisation: dict[str, str]  # uid, slug, name
    log: dict[str, Any]  # origin, epoch, size, root
    state_digest: str
    keys: list[str]  # verifier keys of all its heads
    schemas: dict[str, int]  # table → number of the schema its rows are written under
    members: dict[str, list] = field(default_factory=dict)  # name → [bytes, SHA-256]

    def spelled(self) -> bytes:
        """As it stands in the ZIP."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """From the ZIP; raises Unfit where it is not one of ours, or newer than this program."""
        try:
            told = json.loads(content)
            form, number = told["form"], told["number"]
            if form == FORM and isinstance(number, int) and number > NUMBER:
                raise Unfit(
                    f"This file was made by a newer Plumbline ({told.get('program')}): its form is {number},"
                    f" this program reads up to {NUMBER}. Update this installation first."
                )
            if (form, number) != (FORM, NUMBER):
                raise Unfit("This ZIP is no company exported from Plumbline.")
            manifest = cls(**told)
            manifest._check()
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise Unfit("This ZIP is no company exported from Plumbline: its manifest cannot be read.") from error
        return manifest

    def _check(self) -> None:
        """Raises TypeError or KeyError where a claim is not of its kind."""
        texts = [self.program, self.made_at, self.state_digest, *self.keys, self.log["origin"], self.log["root"]]
        texts += [self.organisation[name] for name in ("uid", "slug", "name")]
        wholes = [self.log["epoch"], self.log["size"], *self.schemas.values()]
        wholes += [size for size, _ in self.members.values()]
        texts += [digest for _, digest in self.members.values()]
        if not all(isinstance(one, str) for one in texts):
            raise TypeError("a text is none")
        if not all(isinstance(one, int) and one >= 0 for one in wholes):
            raise TypeError("a number is none")


def seal_text(origin: str, digest: str) -> str:
    """What the installation signs about the manifest; its second line keeps it from being taken for a head."""
    return f"{origin}\n{FORM}@{NUMBER} manifest\n{digest}\n"
