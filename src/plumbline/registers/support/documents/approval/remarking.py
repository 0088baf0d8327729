"""Remarks on a revision: tied to a passage, talked over, resolved, opened again."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions, policy
from plumbline.kernel.models import Comment
from plumbline.organisation.actor import Actor

from ..models import Remark, Revision, Step


@dataclass
class Talk:
    """A remark with what was said about it, its place in the text, and whether the reader may resolve it."""

    remark: Remark
    number: int
    may_resolve: bool
    earlier: bool  # made in a round before the one it is in
    said: list[Comment] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.remark.resolved_at is None


def talks(revision: Revision, by: Actor) -> list[Talk]:
    """All remarks in the order they were made, those of earlier rounds too."""
    remarks = Remark.objects.filter(record_id=revision.uid).select_related("by", "resolved_by").order_by("uid")
    said = defaultdict(list)
    for comment in Comment.objects.filter(record_id=revision.uid, about__isnull=False).select_related("by"):
        said[comment.about].append(comment)
    began = _round_began(revision)
    return [
        Talk(one, n, bool(may_resolve(one, revision, by)), bool(began and one.created_at < began), said[one.uid])
        for n, one in enumerate(remarks, 1)
    ]


def _round_began(revision: Revision) -> Any:
    """When the round it is in was begun by asking for changes; None in the first."""
    first = revision.route[:1]
    return first[0].created_at if first and first[0].round > 1 else None


def placed(told: list[Talk]) -> list[dict[str, Any]]:
    """Where the remarks stand, as the page that is read wants them."""
    return [
        {"uid": str(one.remark.uid), "block": one.remark.block, "quote": one.remark.quote, "open": one.open}
        for one in told
    ]


def add(revision: Revision, by: Actor, text: str, quote: str = "", block: str = "") -> Remark:
    quote, block = quote.strip()[:2000], block.strip()[:40]
    return actions.create(Remark, by=by, record=revision, text=text.strip(), quote=quote, block=block)


def answer(remark: Remark, by: Actor, text: str) -> Comment:
    """What somebody says about a remark."""
    return actions.create(Comment, by=by, record=remark.record, about=remark.uid, text=text.strip())


def may_resolve(remark: Remark, revision: Revision, by: Actor) -> policy.Answer:
    """Whoever made the remark, and whoever makes the revision."""
    may = (remark.by_id, revision.author_id, revision.owner_id)
    if by.reads_only or by.uid is None:
        return policy.allow((), by, revision)
    said = _("A remark is resolved by who made it, or by who writes the revision: %(who)s.")
    return policy.ALLOWED if by.uid in may else policy.Answer(False, lambda: said % {"who": ", ".join(by.called(may))})


def resolve(remark: Remark, revision: Revision, by: Actor) -> Remark:
    policy.require(may_resolve(remark, revision, by))
    return actions.edit(remark, by=by, resolved_by=by.person, resolved_at=timezone.now())


def reopen(remark: Remark, revision: Revision, by: Actor) -> Remark:
    policy.require(may_resolve(remark, revision, by))
    return actions.edit(remark, by=by, resolved_by=None, resolved_at=None)


def find(revision: Revision, uid: UUID) -> Remark | None:
    return Remark.objects.filter(record_id=revision.uid, pk=uid).select_related("record").first()


def rounds(revision: Revision) -> list[tuple[int, list[Step]]]:
    """What was decided in the rounds before the one it is in."""
    return [(number, [step for step in steps if step.decision]) for number, steps in enumerate(revision.rounds, 1)]
