"""A signature is an act: proven before the transaction, bound to the bytes of what was seen."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from plumbline.history.canonical import canonical
from plumbline.ledger.schemas import row_digest
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account
from plumbline.organisation.signin.again import Shown
from plumbline.organisation.signin.devices import AtDevice, needs_more

from . import tries
from .models import Attachment, Record, Signature
from .policy import Denied
from .register import register_of
from .rows import Stale
from .workflow import IllegalMove, Move

logger = logging.getLogger(__name__)


class BadSignature(Exception):
    """The signer was not proven, or what was signed is not what stands there now; the text says which."""


@dataclass
class Proof:
    """That somebody, just now, wanted to sign exactly this; good for one use."""

    account: Account | None
    digest: str
    strength: str
    used: bool = field(default=False)


def manifest(record: Record) -> list[dict]:
    """(uid, version, digest) of the record, the records it includes, its signed parts and its files."""
    register = register_of(record)
    rows = [_row_of(one) for one in (record, *register.included(record))]
    signed: tuple[Any, ...] = (*register.signed_parts, Attachment)
    for part_class in signed:
        for part in part_class.objects.filter(record_id=record.uid).order_by("uid"):
            rows.append(
                {
                    "table": part_class._meta.model_name,
                    "uid": str(part.uid),
                    "version": part.version,
                    "digest": row_digest(part),
                }
            )
    attached = record.attachments.order_by("file__sha256").values_list("file__sha256", "file__size").distinct()
    for sha256, size in (*((file.sha256, file.size) for file in register.files(record)), *attached):
        rows.append({"table": "content", "sha256": sha256, "size": size})
    return rows


def _row_of(record: Record) -> dict:
    return {"table": record.kind, "uid": str(record.uid), "version": record.version, "digest": row_digest(record)}


def digest_of(rows: list[dict]) -> str:
    return hashlib.sha256(canonical({"manifest": rows})).hexdigest()


def refused(record: Record, verb: str, by: object, why: object) -> None:
    """Tell the log that somebody's signature was not taken."""
    logger.warning("signature refused: %s of %s %s by %s: %s", verb, record.kind, record.number, by, why)


@contextmanager
def watched(record: Record, verb: str, by: Actor) -> Iterator[None]:
    """Whatever refuses a move that is signed is told to the log; nothing of the move is kept."""
    try:
        yield
    except (BadSignature, Denied, IllegalMove, Stale) as error:
        if any(move.sign for move in register_of(record).workflow.moves if move.verb == verb):
            refused(record, verb, by.uid, f"{type(error).__name__} {error}")
        raise


def prove(
    account: Account | None, record: Record, move: Move, shown: str | Shown | None, seen: str | None = None
) -> Proof:
    """Before the transaction: that it is the signer, where the move asks for it, and the digest of what she saw."""
    strength = register_of(record).strength(move, record)
    if strength == "again" and isinstance(account, AtDevice):
        raise Denied(needs_more())
    if strength == "again" and isinstance(shown, Shown) and not shown:
        raise BadSignature("nothing shown")
    if strength == "again" and (why := tries.judged(account, shown or "")):
        refused(record, move.verb, account.email if account else "nobody", why)
        raise BadSignature(why)
    return Proof(account, seen or digest_of(manifest(record)), strength)


def prove_many(
    account: Account | None, seen: Iterable[tuple[Record, Move, str]], password: str | None
) -> dict[Any, Proof]:
    """One password for many, judged once; then a proof for each record, bound to what was seen of that one alone."""
    found = [(*one, register_of(one[0]).strength(one[1], one[0])) for one in seen if one[1].sign]
    if strict := [(record, move) for record, move, _digest, strength in found if strength == "again"]:
        prove(account, *strict[0], password, "nothing")
    return {record.uid: Proof(account, digest or "nothing", strength) for record, _move, digest, strength in found}


def sign(record: Record, move: Move, by: Actor, proof: Proof | None, rows: list[dict]) -> Signature:
    """Inside the transaction: compare what was seen with what stands there, and make the signature.

    It binds what was seen and, last, the record as the move leaves it, with what the signer answered.
    """
    strength = register_of(record).strength(move, record)
    if proof is None or proof.used or proof.strength != strength:
        raise BadSignature("missing")
    if by.person is None or (proof.account is not None and by.person.account_id != proof.account.uid):
        raise BadSignature("somebody else")
    if proof.digest != digest_of(rows):
        raise BadSignature("changed")
    proof.used = True
    rows = [*rows, _row_of(record)]
    now = timezone.now()
    return Signature(
        organisation_id=record.organisation_id,
        record_id=record.uid,
        by=by.person,
        verb=move.verb,
        meaning=register_of(record).meaning(move, record, by)[:200],
        strength=strength,
        manifest=rows,
        digest=digest_of(rows),
        signed_at=now,
        created_at=now,
    )
