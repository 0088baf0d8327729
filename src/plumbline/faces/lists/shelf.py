"""The views one person finds above a list, read in one query, and the columns that follow from them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import JSONField, Q
from django.http import QueryDict

from plumbline.kernel import lists, policy
from plumbline.kernel.models import Record
from plumbline.kernel.register import Register, registers
from plumbline.ledger.prepared import Prepared
from plumbline.organisation import own_fields
from plumbline.organisation.actor import Actor

from .models import SavedView

VIEW = "view"  # ?view=UID; with “all” it is the list itself, whatever that opens with
SHARERS = ("quality", "management")
SPINE = ("author", "created_at", "closed_at", "process", "site", "language", "confidential")


class Asked(QueryDict):
    """What a list is asked, with the shelf it was read from, so that it is read once."""

    shelf: "Shelf | None" = None


@dataclass
class Shelf:
    """Own views first, then those that others share; and how the person wants the list itself."""

    views: list[SavedView]
    unnamed: SavedView | None

    @classmethod
    def of(cls, register: Register, actor: Actor) -> "Shelf":
        found = list(_seen(actor.organisation.uid, actor.person.uid, form=register.kind)) if actor.person else []
        mine = [view for view in found if not view.name]
        return cls([view for view in found if view.name], mine[0] if mine else None)

    def find(self, uid: object) -> SavedView | None:
        return next((view for view in self.views if str(view.uid) == str(uid)), None)

    def active(self, query: QueryDict) -> SavedView | None:
        """The view the address names."""
        return self.find(query.get(VIEW))

    def asked(self, query: QueryDict) -> Asked:
        """An address that names nothing but a view means what that one says; none at all, what the list opens with."""
        made = Asked("", mutable=True)
        made.shelf = self
        for name in query:
            made.setlist(name, query.getlist(name))
        opens = self.unnamed.opens if self.unnamed else None
        view = self.find(query.get(VIEW)) if list(query) == [VIEW] else self.find(opens) if not query else None
        if view:
            made.update(QueryDict(view.query))
            made[VIEW] = str(view.uid)
        return made

    def columns(self, register: Register, actor: Actor, query: QueryDict) -> tuple[str, ...] | None:
        """Those of the view, else those the person chose for this list, else none; what is gone is left out."""
        view = self.active(query)
        chosen = (view.columns if view else []) or (self.unnamed.columns if self.unnamed else [])
        known = choosable(register, actor)
        return tuple(name for name in chosen if name in known) or None


def seen(organisation: Any, person: Any, kind: str) -> Any:
    """The views this person may look through, own ones first."""
    views = SavedView.objects.filter(organisation=organisation, kind=kind, removed_at=None)
    return views.filter(Q(owner=person) | Q(shared=True)).order_by("shared", "place", "uid")


_seen = Prepared(seen)


def find(register: Register, actor: Actor, uid: UUID) -> SavedView | None:
    """A named view, if the person may look through it."""
    return seen(actor.organisation, actor.person, register.kind).exclude(name="").filter(pk=uid).first()


def everywhere(actor: Actor) -> list[tuple[Register, SavedView]]:
    """All views this person may look through, of every register, in the order of the menu."""
    views = SavedView.objects.filter(organisation=actor.organisation, removed_at=None).exclude(name="")
    found: dict[str, list[SavedView]] = {}
    for view in views.filter(Q(owner=actor.person) | Q(shared=True)).order_by("shared", "place", "uid"):
        found.setdefault(view.kind, []).append(view)
    return [(register, view) for register in registers() for view in found.get(register.kind, ())]


def stepped(order: list, place: int, way: str) -> list:
    """The order after the one at that place went a step “up” or down."""
    rest = [*order[:place], *order[place + 1 :]]
    rest.insert(max(0, place - 1) if way == "up" else place + 1, order[place])
    return rest


def may_share(actor: Actor) -> bool:
    return bool(policy.allow(SHARERS, actor, None))


def may_change(actor: Actor, view: SavedView) -> bool:
    """Whoever made it; a shared one also those who may share, since people leave."""
    return view.owner_id == actor.uid or (view.shared and may_share(actor))


def choosable(register: Register, actor: Actor) -> dict[str, str]:
    """Every column a list of this register can show, with its words; what points to other records is left out."""
    found: dict[str, str] = {}
    for name in (*register.columns, *register.fields(), *SPINE):
        field: Any = register.field(name)
        other = field.is_relation and issubclass(field.related_model, Record)
        if name in register.columns or not (other or field.many_to_many or isinstance(field, JSONField)):
            found[name] = register.label(name)
    named = own_fields.named(actor.organisation, register.kind)
    return found | {name: field.label for name, field in named.items()}


def saved(register: Register, actor: Actor, query: QueryDict) -> str:
    """What of an address is worth saving: filters, search text, order; never a page of it."""
    fields = own_fields.named(actor.organisation, register.kind)
    kept = QueryDict(mutable=True)
    kept.update(lists.chosen(register, query, fields))
    for name in ("q", "order"):
        if value := query.get(name, "").strip():
            kept[name] = value
    return kept.urlencode()


def answered(register: Register, actor: Actor, view: SavedView) -> Any:
    """The spine of the records a view shows this person now, whoever made it."""
    return lists.narrowed(register, actor, QueryDict(view.query))
