"""The route of a revision and its remarks, for its page."""

from typing import Any

from django import template

from plumbline.kernel import policy
from plumbline.kernel.register import register_of
from plumbline.registers.support.documents.approval import arranging, asking, looking, remarking
from plumbline.registers.support.documents.models import Remark

register = template.Library()


@register.inclusion_tag("documents/approval/route.html", takes_context=True)
def route(context: template.Context) -> dict[str, Any]:
    """The picture of the route; while it is a draft, with the ways to change it."""
    record, actor = context["record"], context["actor"]
    shown = {name: context.get(name) for name in ("actor", "register", "csrf_token", "wrong")}
    signed = context.get("signatures") or []
    may_arrange = record.state == "draft" and bool(policy.may_edit(actor, register_of(record), record))
    shown |= {"record": record, "picture": arranging.picture(record, signed), "may_arrange": may_arrange}
    shown["impacted"] = [link for link in context.get("leads_to") or [] if link.why == asking.IMPACTS]
    shown |= {"rounds": remarking.rounds(record), "today": actor.organisation.today()}
    if may_arrange:
        people, roles = arranging.asked(actor)
        shown |= {"people": people, "roles": roles}
    if record.is_under_way:
        shown["may_approve_own"] = record.rules.author_may_approve
    return shown


@register.inclusion_tag("documents/approval/remarks.html", takes_context=True)
def remarks(context: template.Context) -> dict[str, Any]:
    """How many remarks wait to be resolved, and the way to the page where they stand beside the text."""
    record, actor = context["record"], context["actor"]
    shown = {name: context.get(name) for name in ("actor", "register", "csrf_token")}
    made = context["remarked"] if "remarked" in context else Remark.objects.filter(record_id=record.uid)
    resolved, by_uid = [one.resolved_at for one in made], {one.uid: one for one in made}
    for comment in context.get("comments") or ():  # the page shows them below
        comment.answers = by_uid.get(comment.about)
    counts = {"made": len(resolved), "unresolved": sum(at is None for at in resolved)}
    return {**shown, **counts, "record": record, "redline": looking.redline(record, actor)}


@register.simple_tag(takes_context=True)
def may_handle(context: template.Context) -> bool:
    """Whether the reader settles how kinds of documents are handled."""
    return bool(policy.may_run_organisation(context["actor"]))
