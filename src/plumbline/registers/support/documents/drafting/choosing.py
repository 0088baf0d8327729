"""What a new document may begin from: templates that ship, those of the organisation, and what a kind begins with."""

from typing import Any

from plumbline.history.uids import uid_of
from plumbline.organisation.actor import Actor

from .. import blanks
from ..models import Document, DocumentKind
from ..models.kinds import names, offered, said_of
from ..models.sorts import Sort

OWN = "document:"  # in front of the uid, where a template is a document of the organisation


def own_templates(actor: Actor) -> list[Document]:
    """The record templates in use that this person may see: a new document begins with what is in force of one."""
    template, home = Sort.RECORD_TEMPLATE.value, actor.organisation
    sorts = [one for one in names(home) if template in (one, said_of(home, one).get("like"))]
    seen = Document.objects.visible_to(actor).filter(home=actor.organisation, sort__in=sorts, state="in_use")
    return list(seen.order_by("number")[:100])


def templates(actor: Actor) -> list[tuple[str, str]]:
    """(what a kind keeps of it, its title): the organisation's own first."""
    own = [(f"{OWN}{one.uid}", f"{one.number} {one.title}") for one in own_templates(actor)]
    return [*own, *((one.id, one.title) for one in blanks.blanks(actor.organisation.language))]


def by_kind(actor: Actor) -> list[tuple[str, str, str]]:
    """(code, name, template) of every kind that is offered and begins with a template."""
    rows = DocumentKind.objects.filter(organisation=actor.organisation).exclude(blank="")
    begins = dict(rows.values_list("sort", "blank"))
    return [(code, name, begins[code]) for code, name in offered(actor.organisation).items() if code in begins]


def template_of(asked: str, actor: Actor) -> Any:
    """The organisation's own template that is asked for, if this person may see it."""
    if not asked.startswith(OWN):
        return None
    uid = uid_of(asked.removeprefix(OWN))
    return Document.objects.visible_to(actor).filter(home=actor.organisation, pk=uid).first()
