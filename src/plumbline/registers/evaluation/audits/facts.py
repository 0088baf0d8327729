"""What the report says, gathered from the records; the renderers in report/ know nothing else."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.kernel import files
from plumbline.kernel.models import Attachment, RequirementLink, Signature
from plumbline.ledger.models import Checkpoint, Entry
from plumbline.standards.catalogue import Edition

from . import gaps
from .models import Audit, TeamMember
from .report import facts
from .results import AreaState, area_states, combined, edition_for, not_applicable

RESULT = {"conforms": "met", "opportunity": "met", "minor": "partly", "major": "not_met", "": "not_audited"}
LONGEST_PHOTO = 20 * 1024 * 1024  # bytes; a larger picture stays in the record and is not printed


def facts_of(audit: Audit, language: str = "") -> facts.AuditReport:
    """The report of this audit as it stands, in a language; signed once the lead has signed it."""
    language = language or audit.language or audit.organisation.language
    with override(language):
        return _report(audit, language)


def _report(audit: Audit, language: str) -> facts.AuditReport:
    edition = edition_for(audit)
    excluded = not_applicable(audit.organisation, edition)
    states = area_states(audit, edition, excluded)
    found = gaps.of(audit)
    today = audit.organisation.today()
    return facts.AuditReport(
        organisation=audit.organisation.name,
        number=audit.number,
        title=audit.title,
        kind=audit.sort,
        edition=edition.name,
        starts_on=audit.from_on or today,
        ends_on=audit.to_on or audit.from_on or today,
        objectives=audit.objectives,
        scope=audit.scope,
        criteria=audit.criteria,
        team=_team(audit),
        timetable=_timetable(states),
        areas=tuple(facts.Area(s.area.name, s.code, s.answered, s.total) for s in states),
        summary=_summary(edition, states, excluded),
        strengths=_strengths(states),
        gaps=_gaps(audit, found, edition),
        documents_to_make=_documents(audit, edition, states, excluded, found),
        plan=_plan(audit, found),
        unaudited=_unaudited(audit, states),
        answers=_answers(audit, edition, states),
        address=f"{settings.PLUMBLINE_ORIGIN}/r/{audit.uid}",
        language=language,
        **_signed(audit),
    )


def _team(audit: Audit) -> tuple[facts.Member, ...]:
    rows = TeamMember.objects.filter(record_id=audit.uid).select_related("person").order_by("uid")
    shown = sorted(rows, key=lambda row: (row.person_id != audit.lead_id, row.uid))
    return tuple(facts.Member(row.person.name, _role(row, audit)) for row in shown)


def _role(row: TeamMember, audit: Audit) -> str:
    role = str(row.get_role_display())
    if row.until_on:
        role = _("%(role)s until %(day)s") % {"role": role, "day": row.until_on.isoformat()}
    return role + (f" ({row.near_because})" if row.near_because else "")


def _timetable(states: list[AreaState]) -> tuple[facts.Slot, ...]:
    slots = (
        facts.Slot(
            area.day,
            f"{area.start:%H:%M}",
            f"{area.end:%H:%M}",
            area.name,
            ", ".join(person.name for person in (area.auditor, area.meets) if person),
        )
        for area in (state.area for state in states)
        if area.day and area.start and area.end
    )
    return tuple(sorted(slots, key=lambda slot: (slot.day, slot.start)))


def by_question(states: list[AreaState]) -> dict[str, str]:
    """Question → its result over all the areas where it is asked; an area that has none yet leaves the others' say."""
    given: dict[str, list[str]] = {}
    for state in states:
        for id, result in state.results.items():
            given.setdefault(id, []).append(result)
    return {id: combined([result for result in results if result]) for id, results in given.items()}


def _summary(edition: Edition, states: list[AreaState], excluded: dict[str, str]) -> dict[int, facts.Counts]:
    results = by_question(states)
    counted: dict[int, Counter] = {chapter: Counter() for chapter in facts.CHAPTERS}
    for question in edition.questions():
        if all(requirement.id in excluded for requirement in question.requirements):
            result = "not_applicable"
        else:
            result = results.get(question.id, "")
        chapter = question.requirements[0].chapter
        if chapter.isdigit() and int(chapter) in counted:
            counted[int(chapter)][RESULT.get(result, result)] += 1
    return {chapter: facts.Counts(**counts) for chapter, counts in counted.items()}


def _strengths(states: list[AreaState]) -> tuple[str, ...]:
    return tuple(
        f"{state.area.name}: {answer.notes or answer.seen}"
        for state in states
        for rows in state.answers.values()
        for answer in rows.values()
        if answer.strength and (answer.notes or answer.seen)
    )


def _gaps(audit: Audit, found: list[gaps.Gap], edition: Edition) -> tuple[facts.Gap, ...]:
    questions = {question.id: question.text for question in edition.questions()}
    photos: dict[Any, list[facts.Photo]] = {}
    about = [gap.finding.answer_id for gap in found if gap.finding.answer_id]
    parts = Attachment.objects.filter(
        record_id=audit.uid, about__in=about, cancelled_reason="", file__size__lte=LONGEST_PHOTO
    )
    for part in parts.filter(file__media_type__startswith="image/").select_related("file"):
        place = files.path_of(part.file)
        if place.exists():
            photos.setdefault(part.about, []).append(facts.Photo(part.name, place.read_bytes()))
    return tuple(
        facts.Gap(
            number=f.number,
            clause=f.clause.split(",")[0],
            title=_title(f, edition),
            question=questions.get(f.answer.question, "") if f.answer else "",
            result=RESULT.get(f.result, f.result),
            seen="\n".join(filter(None, (f.text, f.evidence))),
            requirements=tuple(f.requirements.split()),
            area=f.area,
            photos=tuple(photos.get(f.answer_id, ())),
        )
        for f in (gap.finding for gap in found)
    )


def _title(finding: Any, edition: Edition) -> str:
    """The catalogue's title in the reader's language, unless somebody wrote an own one."""
    first = edition.get(finding.requirements.split()[0]) if finding.requirements else None
    shipped = {words.get("title") for words in first.words.values()} if first else set()
    return first.title if first and finding.title in shipped else finding.title


def _documents(
    audit: Audit, edition: Edition, states: list[AreaState], excluded: dict[str, str], found: list[gaps.Gap]
) -> tuple[facts.DocumentToMake, ...]:
    """What the standard wants in writing and is a gap, or was not found met and nothing speaks to it."""
    wanted = [
        each for each in edition.requirements if each.documented_information != "none" and each.id not in excluded
    ]
    links = RequirementLink.objects.filter(
        organisation=audit.organisation, edition__in=edition.codes, requirement__in=[each.id for each in wanted]
    )
    there = set(links.exclude(state="rejected").filter(record__closed_at=None).values_list("requirement", flat=True))
    numbers: dict[str, list[str]] = {}
    for gap in found:
        for id in gap.finding.requirements.split():
            numbers.setdefault(id, []).append(gap.finding.number)
    met = _met(edition, states)
    made: dict[tuple[str, str], str] = {}
    for each in wanted:
        if each.id in numbers:
            why = _("Gap %(number)s.") % {"number": ", ".join(numbers[each.id])}
        elif each.id not in there and each.id not in met:
            why = _("Nothing that was shown or filed speaks to it.")
        else:
            continue
        keep = (
            _("To be kept as a record.")
            if "retain" in each.documented_information
            else _("To be written and kept current.")
        )
        made.setdefault((each.title, each.clause), f"{why} {keep}")
    return tuple(facts.DocumentToMake(title, clause, why) for (title, clause), why in made.items())


def _met(edition: Edition, states: list[AreaState]) -> set[str]:
    """The requirements that an auditor found met, by themselves or with their whole question."""
    results = by_question(states)
    met = {
        each.id
        for question in edition.questions()
        if RESULT.get(results.get(question.id, ""), results.get(question.id)) == "met"
        for each in question.requirements
    }
    single = (a for state in states for rows in state.answers.values() for a in rows.values() if a.requirement)
    return met | {answer.requirement for answer in single if RESULT.get(answer.result, answer.result) == "met"}


def _plan(audit: Audit, found: list[gaps.Gap]) -> tuple[facts.PlanStep, ...]:
    closes: dict[Any, list[str]] = {}
    for gap in found:
        for action in gap.actions:
            closes.setdefault(action.uid, []).append(gap.finding.number)
    steps = gaps.details(action for gap in found for action in gap.actions).values()
    ordered = sorted(
        steps,
        key=lambda step: (not step.blocks_stage_1, step.due is None, step.due or audit.created_at.date(), step.number),
    )
    return tuple(
        facts.PlanStep(
            place,
            step.number,
            step.title,
            step.owner.name,
            step.due,
            _hours(step.effort),
            step.blocks_stage_1,
            tuple(closes[step.uid]),
        )
        for place, step in enumerate(ordered, start=1)
    )


def _hours(effort: str) -> Decimal | None:
    return gaps.hours(effort) if effort else None


def _unaudited(audit: Audit, states: list[AreaState]) -> tuple[facts.Unaudited, ...]:
    return tuple(
        facts.Unaudited(s.area.name, s.area.unaudited_because, s.area.agreed_by.name if s.area.agreed_by else "")
        for s in states
        if s.code == "not_audited"
    )


def _answers(audit: Audit, edition: Edition, states: list[AreaState]) -> tuple[facts.Answer, ...]:
    ids = {each.id for each in edition.requirements}
    links = RequirementLink.objects.filter(
        organisation=audit.organisation, edition__in=edition.codes, requirement__in=ids
    ).exclude(state="rejected")
    links = links.filter(record__closed_at=None).exclude(record__kind__in=("audit", "finding"))
    speak: dict[str, list[str]] = {}
    for requirement, number in links.order_by("record__number").values_list("requirement", "record__number"):
        speak.setdefault(requirement, []).append(number)
    return tuple(
        _line(state, question, id, speak)
        for state in states
        for question in state.asked
        for id in ("", *sorted(id for id in state.answers.get(question.id, {}) if id))
    )


def _line(state: AreaState, question: Any, id: str, speak: dict[str, list[str]]) -> facts.Answer:
    answer = state.answers.get(question.id, {}).get(id)
    asked = [each for each in question.requirements if id in ("", each.id)]
    result = answer.result if answer and id else state.results.get(question.id, "") if not id else ""
    return facts.Answer(
        clause=", ".join(dict.fromkeys(each.clause for each in asked)),
        question=asked[0].requirement if id else question.text,
        result=RESULT.get(result, result),
        area=state.area.name,
        notes=answer.notes if answer else "",
        interviewee=answer.interviewee if answer else "",
        requirements=tuple(each.id for each in asked),
        documents=tuple(dict.fromkeys(number for each in asked for number in speak.get(each.id, ()))),
        answered_by=", ".join(answer.authors) if answer else "",
    )


def _signed(audit: Audit) -> dict[str, Any]:
    """Who signed, and the verification code: of the first signed head of the log that covers the signature."""
    if audit.state != "closed":
        return {"draft": True}
    signature = Signature.objects.filter(record_id=audit.uid, verb="close").select_related("by").order_by("uid").last()
    if signature is None:
        return {"draft": True}
    seq = Entry.objects.get(pk=signature.last_event_id).seq
    head = Checkpoint.objects.filter(log=audit.organisation_id, size__gt=seq).order_by("id").first()
    code = bytes(head.root).hex()[:16].upper() if head else ""
    return {
        "draft": False,
        "signed_by": signature.by.name,
        "signed_at": signature.signed_at,
        "meaning": signature.meaning,
        "verification_code": "-".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "log_size": head.size if head else 0,
    }
