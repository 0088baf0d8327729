"""What the page of a review shows: content, remarks, the decisions that can be made beside them."""

from typing import Any

from django.urls import reverse

from plumbline.kernel import forms, policy, signing
from plumbline.kernel.models import Signature
from plumbline.kernel.register import register_of
from plumbline.organisation.actor import Actor
from plumbline.ui.writing import passages_html

from .. import routing
from ..drafting import showing
from ..models import Remark, Revision
from . import arranging, remarking

DECISIONS = ("review", "approve", "change")


def look(request: Any, revision: Revision, actor: Actor, verb: str = "", tried: Any = None) -> dict[str, Any]:
    """Everything on the page; `tried` is the form of the move `verb` as it was sent."""
    register, told = register_of(revision), remarking.talks(revision, actor)
    may_remark = policy.may_write_part(actor, register, Remark, revision)
    content = showing.html_of(revision, actor)
    page = passages_html(content, remarking.placed(told), "passage-form" if may_remark else "") if content else ""
    return {
        "page": page,
        "talks": told,
        "unresolved": sum(one.open for one in told),
        "may_remark": may_remark,
        "decisions": decisions(request, revision, actor, verb, tried),
        "picture": arranging.picture(revision, Signature.objects.filter(record_id=revision.uid)),
        "state": register.state_of(revision),
        "today": actor.organisation.today(),
        "redline": redline(revision, actor),
        "own_work": routing.own_work(revision, actor),
    }


def decisions(request: Any, revision: Revision, actor: Actor, verb: str, tried: Any) -> list[dict[str, Any]]:
    """The moves of a reviewer or approver from here: the form, whether they may, what they sign."""
    if actor.reads_only:
        return []
    register, found = register_of(revision), []
    for move in register.workflow.moves_from(revision.state):
        answer = policy.may_move(actor, move, revision)
        if move.verb not in DECISIONS or (move.verb == "change" and not answer):
            continue
        form = tried if tried is not None and move.verb == verb else fresh(request, register, move, actor, revision)
        meaning = register.meaning(move, revision, actor) if move.sign else ""
        found.append({"move": move, "answer": answer, "form": form, "meaning": meaning, "open": move.verb == verb})
    return found


def fresh(request: Any, register: Any, move: Any, actor: Actor, revision: Revision) -> Any:
    begun = {"seen": signing.digest_of(signing.manifest(revision))} if move.sign else {}
    return forms.act_form(request, register, move, actor, revision, initial=begun, auto_id=f"id_{move.verb}_%s")


def redline(revision: Revision, actor: Actor) -> str:
    """Where one that is being made is compared with the revision in force, if there is one."""
    if not revision.is_under_way:
        return ""
    current = revision.of_document.current
    if current is None or current.uid == revision.uid:
        return ""
    page = reverse("documents:redline", args=[actor.organisation.slug, revision.of_document.number])
    return f"{page}?old={current.uid}&new={revision.uid}"
