"""Who acts: a person with the roles she holds today, the clock, or an importer; every change is `by` one."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.ledger.prepared import Prepared
from plumbline.ledger.writer import Stamp

from .models import Organisation, Person, RoleHolding, here
from .roles import MORE_THAN_A_PIN, READ_ONLY, SEES_CONFIDENTIAL

holdings_of = Prepared(lambda person: RoleHolding.objects.filter(person=person))
_here = Prepared(
    lambda organisation, today: (
        Person.objects.filter(here(today), organisation=organisation).order_by("name").values_list("uid", "name")
    )
)


def people_here(organisation: Organisation) -> list[tuple[UUID, str]]:
    """Everybody who has not left, by name."""
    return list(_here(organisation.uid, form=organisation.today()))


class AskedBy:
    """A question that follows from who asks it: put together once for all that have the same rights.

    Of the organisation and the person it learns the uid alone; whatever else it wants of them is an error.
    """

    def __init__(self, asked: Callable[..., QuerySet]) -> None:
        self.asked, self.prepared = asked, Prepared(self._standing_in)

    def __call__(self, actor: "Actor", *values: UUID | str, form: Hashable = None) -> Iterator[Any]:
        if actor.person is None:
            return iter(self.asked(actor, *values, form=form))
        rights = replace(actor, organisation=None, person=None, how="", occurred_at=None)  # type: ignore[arg-type]
        return self.prepared(actor.organisation.uid, actor.person.uid, *values, form=(rights, form))

    def _standing_in(self, organisation: UUID, person: UUID, *given: Any) -> QuerySet:
        *values, (rights, form) = given
        home, who = (
            model.from_db("default", ["uid"], [uid]) for model, uid in ((Organisation, organisation), (Person, person))
        )
        return self.asked(replace(rights, organisation=home, person=who), *values, form=form)


class Holder(NamedTuple):
    """Who holds a role today: where (nowhere: at large), and as whose deputy."""

    role: str
    places: frozenset[UUID]
    uid: UUID
    name: str
    deputy_of: UUID | None
    whose: str | None


@dataclass(frozen=True)
class Actor:
    """One actor in one organisation; its facts are loaded once."""

    organisation: Organisation
    person: Person | None
    kind: str = "person"  # person, unnamed, clock, import, migration, installation
    roles: frozenset[str] = frozenset()
    scoped: frozenset[tuple[str, str, UUID]] = frozenset()  # (role, "site" | "department" | "process", uid)
    how: str = ""  # how they signed in
    occurred_at: datetime | None = field(default=None)
    device: bool = False  # signed in at a shared device, by badge or PIN
    laid_down: frozenset[str] = frozenset()  # roles that need more than that
    outside: bool = False  # came to read for a time that is over, or has not begun

    @classmethod
    def of(
        cls,
        person: Person,
        how: str = "",
        kind: str = "person",
        device: bool = False,
        held: Sequence[RoleHolding] | None = None,
    ) -> "Actor":
        """The person with today's roles; at a shared device without those that a PIN is too little for.

        `held`: every role of theirs, where it was read already.
        """
        organisation = person.organisation
        roles, scoped, laid_down = {"member"}, set(), set()
        held, today = list(holdings_of(person.uid)) if held is None else held, organisation.today()
        current = [holding for holding in held if holding.holds_on(today)]
        for holding in current:
            place = next(
                ((name, uid) for name in ("site", "department", "process") if (uid := getattr(holding, f"{name}_id"))),
                None,
            )
            if device and holding.role in MORE_THAN_A_PIN:
                laid_down.add(holding.role)
            elif place:
                scoped.add((holding.role, *place))
            else:
                roles.add(holding.role)
        outside = not current and any(holding.role in READ_ONLY for holding in held)
        facts = {"outside": outside, "device": device, "laid_down": frozenset(laid_down)}
        return cls(organisation, person, kind, frozenset(roles), frozenset(scoped), how, **facts)  # type: ignore[arg-type]

    @classmethod
    def clock(cls, organisation: Organisation) -> "Actor":
        """What happens by itself because a date has come."""
        return cls(organisation, None, "clock", frozenset({"quality"}))

    @classmethod
    def installation(cls, organisation: Organisation) -> "Actor":
        """The person at the installation's command line."""
        return cls(organisation, None, "installation", frozenset({"quality", "administrator", "management"}))

    @property
    def uid(self) -> UUID | None:
        return self.person.uid if self.person else None

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.kind

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def holds(self, role: str, **place: UUID | None) -> bool:
        """Whether the role is held at large or for this site, department or process."""
        return role in self.roles or any((role, name, uid) in self.scoped for name, uid in place.items() if uid)

    def at(self, places: Collection[UUID]) -> "Actor":
        """The same actor, about something that is for these places only: a role held for one of them counts."""
        return replace(self, roles=self.roles | {role for role, _name, uid in self.scoped if uid in places})

    @cached_property
    def reads_only(self) -> bool:
        return self.outside or any(role in READ_ONLY for role in (*self.roles, *(role for role, *_ in self.scoped)))

    @cached_property
    def sees_confidential(self) -> bool:
        return bool(self.roles & SEES_CONFIDENTIAL) or self.kind != "person"

    @cached_property
    def holders(self) -> list[Holder]:
        """Everybody who holds a role today; asked once, for refusals."""
        held = RoleHolding.current(self.organisation.today()).filter(organisation=self.organisation)
        there = Q(person__ended_on=None) | Q(person__ended_on__gte=self.organisation.today())
        asked = ("role", "site_id", "department_id", "process_id", "person_id", "person__name", "deputy_of_id")
        rows = held.filter(there).order_by("person__name").values_list(*asked, "deputy_of__name")
        return [Holder(row[0], frozenset(uid for uid in row[1:4] if uid), *row[4:]) for row in rows]

    def called(self, uids: Iterable[UUID | None], loaded: Iterable[Person] = ()) -> list[str]:
        """The names of those of these people who are here today, in their order; each person is asked for once."""
        self._names.update({one.uid: one.name for one in loaded if one.ended_on is None})
        wanted = [uid for uid in dict.fromkeys(uids) if uid]
        if unknown := [uid for uid in wanted if uid not in self._names]:
            found = Person.objects.filter(
                here(self.organisation.today()), organisation=self.organisation, pk__in=unknown
            )
            self._names.update(dict.fromkeys(unknown, ""))
            self._names.update(found.values_list("uid", "name"))
        return [name for uid in wanted if (name := self._names[uid])]

    @cached_property
    def _names(self) -> dict[UUID, str]:
        return {}

    def stamp(self) -> Stamp:
        return Stamp(
            actor=self.uid,
            actor_kind=self.kind,
            actor_name=self.name,
            how=self.how,
            occurred_at=self.occurred_at,
            zone=self.organisation.zone,
        )
