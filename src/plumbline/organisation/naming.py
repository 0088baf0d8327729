"""Who could do what somebody may not: relations in words, with the people who stand in them."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from .actor import Actor
from .models import Person
from .roles import Role

NAMED = 3  # persons named of those who stand in one relation


def word(relation: str) -> str:
    fixed = {
        "owner": _("the owner"),
        "author": _("the author"),
        "anyone": _("everybody"),
        "team": _("the audit team"),
        "lead": _("the lead auditor"),
        "installation": _("the installation itself"),
        "second": _("somebody who answers for quality, other than who signed first"),
        "clock": _("the date that comes"),
        "reviewer": _("whoever is asked to review it now"),
        "approver": _("whoever is asked to approve it now"),
        "on_route": _("those on its route"),
        "wrote_it": _("who wrote it"),
        "leads_people": _("whoever leads people who have to read it"),
        "watcher": _("who watches it"),
    }
    return fixed.get(relation) or (str(Role(relation).label) if relation in Role.values else relation)


def those(who: tuple[str, ...], actor: Actor, record, but: Collection[UUID] = ()) -> str:
    """The relations in words, each with the people who stand in it today; `but` are left out."""
    loaded = (
        [one for one in record._state.fields_cache.values() if isinstance(one, Person)] if record is not None else []
    )
    actor.called((uid for one in who for uid in standing(one, actor, record)), loaded)  # asked for once
    return ", ".join(_named(one, actor, record, but) for one in who)


def _named(relation: str, actor: Actor, record, but: Collection[UUID]) -> str:
    names = [*_holding(relation, actor, record, but)]
    names += actor.called(uid for uid in standing(relation, actor, record) if uid not in but)
    names = list(dict.fromkeys(names))
    more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
    return f"{word(relation)} ({', '.join(names[:NAMED])}{more})" if names else word(relation)


def _holding(role: str, actor: Actor, record, but: Collection[UUID]) -> Iterator[str]:
    """Who holds a role, at large or for the place of the record; a deputy with whose."""
    places = {record.site_id, record.process_id} if record is not None else set()
    for one in actor.holders if role in Role.values else ():
        if one.role == role and one.places <= places and one.uid not in but:
            yield _("%(name)s for %(whose)s") % one._asdict() if one.whose else one.name


def standing(relation: str, actor: Actor, record) -> list[UUID]:
    """Who owns this record, wrote it, or stands in a relation of its kind, as far as the actor may know."""
    if record is None:
        return []
    named = {"owner": record.owner_id, "author": record.author_id}
    return [named[relation]] if relation in named else list(record.people(relation, actor))
