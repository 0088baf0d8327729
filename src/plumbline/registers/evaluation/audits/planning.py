"""Planning an audit in five minutes: the plan is made, changed, and copied from last year's."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.kernel import actions
from plumbline.kernel.models import Link
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person, RoleHolding, here

from .asking import AREAS, AreaPlan, allocation, last_day, next_workday, proposed_codes, timetable
from .models import Answer, Area, Audit, TeamMember
from .results import edition_named

__all__ = ["AreaPlan", "following", "next_workday", "plan", "proposal", "replan"]
AREA_FIELDS = ("name", "meets", "auditor", "process", "day", "start", "end")


def proposal(
    organisation: Organisation,
    lead: Person | None,
    first: date,
    codes: Iterable[str] = (),
    everywhere: bool = False,
    edition: str = "",
) -> list[AreaPlan]:
    """Areas with their questions, people and times, for the planner to correct."""
    asked = edition_named(organisation.uid, edition or organisation.edition)
    codes = list(codes) or proposed_codes(organisation)
    shares = allocation(asked, codes, everywhere, organisation.designs_products)
    people = _people_to_meet(organisation)
    plans = [
        AreaPlan(
            code,
            str(AREAS.get(code, code)),
            people.get(code),
            lead if lead and people.get(code) != lead else None,
            questions=tuple(shares[code]),
        )
        for code in codes
    ]
    return timetable(plans, first)


def _people_to_meet(organisation: Organisation) -> dict[str, Person]:
    """Who holds the role of an area; for the rest the planner knows better."""
    roles = {"management": "management", "quality": "quality"}
    holdings = RoleHolding.current(organisation.today()).filter(organisation=organisation, role__in=roles.values())
    return {holding.role: holding.person for holding in holdings.select_related("person").order_by("-uid")}


def plan(
    by: Actor,
    title: str = "",
    areas: Iterable[AreaPlan | str] = (),
    *,
    sort: str = "initial",
    lead: Person | None = None,
    team: Iterable[Person] = (),
    from_on: date | None = None,
    to_on: date | None = None,
    everywhere: bool = False,
    near: dict | None = None,
    **fields: Any,
) -> Audit:
    """Make an audit with its team, areas and timetable; `areas` are plans or codes, or none for what fits."""
    organisation, lead = by.organisation, _leading(lead or by.person)
    first = from_on or next_workday(organisation.today())
    fields = standard_texts(organisation) | {name: value for name, value in fields.items() if value}
    plans = _plans(organisation, lead, first, areas, everywhere, fields["edition"])
    last = to_on or last_day(plans, first)
    with writing(organisation.uid, by.stamp()):
        audit = actions.create(
            register_of("audit"),
            by=by,
            title=title or default_title(organisation, first),
            sort=sort,
            lead=lead,
            owner=lead,
            from_on=first,
            to_on=last,
            due=last,
            everywhere=everywhere,
            **fields,
        )
        settle_team(audit, by, lead, [*team, *(area.auditor for area in plans if area.auditor)], near or {})
        settle_areas(audit, by, plans)
    return audit


def _plans(organisation, lead, first, areas, everywhere, edition) -> list[AreaPlan]:
    given = list(areas)
    codes = [area if isinstance(area, str) else area.code for area in given]
    proposed = {area.code: area for area in proposal(organisation, lead, first, codes, everywhere, edition)}
    if not given:
        return list(proposed.values())
    return [proposed[area] if isinstance(area, str) else _filled(area, proposed[area.code]) for area in given]


def _filled(area: AreaPlan, proposed: AreaPlan) -> AreaPlan:
    """The planner's area, with what was left open taken from the proposal."""
    names = ("name", "questions", "meets", "day", "start", "end")
    area = replace(area, **{name: getattr(proposed, name) for name in names if not getattr(area, name)})
    return area if area.auditor or proposed.auditor == area.meets else replace(area, auditor=proposed.auditor)


def replan(
    audit: Audit,
    by: Actor,
    areas: Iterable[AreaPlan],
    *,
    team: Iterable[Person] = (),
    near: dict | None = None,
    version: int | None = None,
    **fields: Any,
) -> Audit:
    """Change the plan: days, people, areas, times; questions that were answered stay where they were asked."""
    with writing(by.organisation.uid, by.stamp()):
        audit = actions.edit(audit, by=by, version=version, due=fields.get("to_on") or audit.due, **fields)
        lead = _leading(audit.lead)
        plans = _plans(by.organisation, lead, audit.from_on, list(areas), audit.everywhere, audit.edition)
        settle_team(audit, by, lead, [*team, *(area.auditor for area in plans if area.auditor)], near or {})
        settle_areas(audit, by, plans)
    return audit


def _leading(lead: Person | None) -> Person:
    if lead is None:
        raise ValidationError(_("Say who leads the audit."))
    return lead


def default_title(organisation: Organisation, first: date) -> str:
    with override(organisation.language):
        return _("Initial audit %(year)d") % {"year": first.year}


def standard_texts(organisation: Organisation) -> dict[str, str]:
    """Objectives, scope and criteria as most initial audits have them."""
    with override(organisation.language):
        return {
            "objectives": _(
                "See what is there and what is missing on the way to certification, and plan who closes which gap."
            ),
            "scope": _("All areas of %(name)s.") % {"name": organisation.name},
            "criteria": _("The requirements of the standard, and our own documents."),
            "edition": organisation.edition,
        }


def settle_team(audit: Audit, by: Actor, lead: Person, team: Iterable[Person], near: dict) -> None:
    """The team becomes these people; who leaves is ended. `near` maps a person's uid to the named reason."""
    wanted = dict.fromkeys([lead, *(person for person in team if person != lead)])
    for person in wanted:
        if not near.get(person.uid) and (words := near_work(audit.organisation, person)):
            raise ValidationError(
                {
                    "near": _("%(name)s: %(why)s Say why she or he may audit here all the same.")
                    % {"name": person.name, "why": words}
                }
            )
    today = by.organisation.today()
    now = {member.person_id: member for member in TeamMember.objects.filter(record_id=audit.uid, until_on=None)}
    for person in wanted:
        values = {"role": "lead" if person == lead else "auditor", "near_because": near.get(person.uid, "")}
        if member := now.pop(person.uid, None):
            actions.edit(member, by=by, **values)
        else:
            actions.create(TeamMember, by=by, record=audit, person=person, from_on=today, **values)
    for member in now.values():
        actions.edit(member, by=by, until_on=today)
    vars(audit).pop("team_uids", None)


def near_work(organisation: Organisation, person: Person) -> str:
    """Near work, as far as the records know it: who advises the organisation helped to build what is audited."""
    held = RoleHolding.current(organisation.today()).filter(person=person, role="consultant")
    return _("A consultant is near what she or he helped to build.") if held.exists() else ""


def settle_areas(audit: Audit, by: Actor, plans: Iterable[AreaPlan]) -> None:
    """The plan becomes these areas; one that was begun keeps its answered questions, one that was not is taken out."""
    there = {area.code: area for area in Area.objects.filter(record_id=audit.uid)}
    answered: dict[Any, list[str]] = {}
    for uid, question in Answer.objects.filter(record_id=audit.uid).values_list("area_id", "question").distinct():
        answered.setdefault(uid, []).append(question)
    for place, wanted in enumerate(plans):
        values = {name: getattr(wanted, name) for name in AREA_FIELDS} | {"place": place, "dropped": False}
        if area := there.pop(wanted.code, None):
            kept = [id for id in answered.get(area.uid, ()) if id not in wanted.questions]
            actions.edit(area, by=by, questions=[*wanted.questions, *kept], **values)
        else:
            actions.create(Area, by=by, record=audit, code=wanted.code, questions=list(wanted.questions), **values)
    for area in there.values():
        if area.uid in answered:
            raise ValidationError(
                _("%(area)s has answers already. Leave it in, or say why it is not audited.") % {"area": area.name}
            )
        if not area.dropped:
            actions.edit(area, by=by, dropped=True)


def following(audit: Audit, by: Actor) -> Audit:
    """Plan the next audit from this one: the same areas, questions and people, a year later."""
    first = (audit.from_on or by.organisation.today()) + timedelta(days=364)
    still = Person.objects.filter(here(by.organisation.today()), organisation=by.organisation)
    members = TeamMember.objects.filter(record_id=audit.uid, until_on=None, person__in=still).select_related("person")
    areas = Area.objects.filter(record_id=audit.uid, dropped=False).select_related("meets", "auditor", "process")
    plans = [
        AreaPlan(
            area.code,
            area.name,
            area.meets,
            area.auditor,
            area.process,
            _later(area.day),
            area.start,
            area.end,
            tuple(area.questions),
        )
        for area in areas.order_by("place")
    ]
    texts = {name: getattr(audit, name) for name in ("objectives", "scope", "criteria", "edition")}
    with writing(by.organisation.uid, by.stamp()):
        new = plan(
            by,
            audit.title,
            plans,
            sort=audit.sort,
            lead=audit.lead,
            team=[member.person for member in members],
            from_on=first,
            to_on=_later(audit.to_on),
            everywhere=audit.everywhere,
            near={member.person_id: member.near_because for member in members},
            **texts,
        )
        actions.create(Link, by=by, record=new, target=audit, why="follows")
    return new


def _later(day: date | None) -> date | None:
    """The same weekday a year later."""
    return day + timedelta(days=364) if day else None
