"""The documents of a demo company at work: who gets them, what is read, reviewed, waits for its date, is watched."""

from datetime import date, timedelta
from types import ModuleType
from typing import Any

from plumbline.composition import from_markdown
from plumbline.desk.designing.asked import asked, edition_of
from plumbline.desk.designing.pages import confirm
from plumbline.kernel import actions, signing
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation.models import Department
from plumbline.registers.evaluation.audits.models import Finding
from plumbline.registers.support.documents import reading
from plumbline.registers.support.documents.blanks import blank
from plumbline.registers.support.documents.drafting import beginning, written
from plumbline.registers.support.documents.models import Document, Reading, Recipient, Remark, Revision, Step

from . import cast
from .company import Company


def design(told: ModuleType, company: Company) -> None:
    """All of it, in the order in which it happens; what is signed needs what came before it sealed."""
    plan: cast.Designed = told.DESIGNED
    with writing(company.organisation.uid, company.founder.stamp()):
        for one in plan.external:
            _watched(one, company)
        for begun in plan.begun:
            _begun(begun, company)
        drafts = [(change, _drafted(change, company)) for change in plan.changes]
        for listed in plan.listed:
            _listed(listed, company)
        _chosen(plan.answers, company)
        for number, day in plan.overdue.items():
            actions.edit(_document(number, company), by=company.founder, due=company.day(day))
    for change, draft in drafts:
        _made(change, draft, company)


def _document(number: str, company: Company) -> Document:
    return Document.objects.get(organisation=company.organisation, number=number)


def _chosen(answers: dict[str, tuple[str, ...]], company: Company) -> None:
    rows = {row.key: row for row in asked(company.organisation, edition_of(company.organisation))}
    for number, keys in answers.items():
        for key in keys:
            confirm(_document(number, company), rows[key], company.founder)


def _listed(listed: cast.Listed, company: Company) -> None:
    room = Department.objects.filter(organisation=company.organisation, name=listed.department).first()
    who: dict[str, Any] = {"department": room} if room else {"role": "member"}
    actions.create(Recipient, by=company.founder, record=_document(listed.number, company), **who)


def _watched(one: cast.External, company: Company) -> None:
    document = actions.create(
        register_of("document"), by=company.founder, number=one.number, title=one.title, sort="external",
        state="proposed", edition=one.edition, origin=one.origin, watched_by=company.people[one.watched_by],
        check_on=company.day(one.check), if_it_changes=one.if_it_changes,
    )  # fmt: skip
    actions.act(document, "confirm", by=company.founder)


def _begun(begun: cast.Begun, company: Company) -> None:
    """A draft from a template, because of the gap that the audit found."""
    template = blank(begun.blank, "en")
    assert template is not None
    findings = Finding.objects.filter(home=company.organisation, state="open").order_by("number")
    gap = next((one for one in findings if begun.requirement in one.requirements.split()), None)
    values: dict[str, Any] = {
        "number": begun.number,
        "title": template.title,
        "sort": template.sort,
        "owner": company.people[begun.owner],
    }
    content = beginning.prepared("blank", company.founder, template)
    beginning.begin(content, company.founder, values, blank=template, origin=gap)


def _drafted(change: cast.Change, company: Company) -> Revision:
    by = company.actor(change.by)
    if change.title:
        values: dict[str, Any] = {"number": change.number, "title": change.title, "sort": "work_instruction"}
        actions.create(register_of("document"), by=by, owner=company.people[change.by], **values)
    content = written.written(from_markdown(change.text), by)
    document = _document(change.number, company)
    more: dict[str, Any] = {"change": change.change, "because": change.because, "temporary": bool(change.last)}
    draft = beginning.started(document, content, by, **more)
    if change.reviewer:
        who = company.people[change.reviewer]
        due = company.day(4)
        actions.create(Step, by=by, record=draft, place=1, does="review", person=who, due=due)
    return Revision.objects.get(pk=draft.pk)


def _made(change: cast.Change, draft: Revision, company: Company) -> None:
    """Handed in; remarked on, or approved and put into force on its day, and read by some."""
    revision = actions.act(draft, "submit", by=company.actor(change.by))
    for text in change.remarks:
        actions.create(Remark, by=company.actor(change.reviewer), record=revision, text=text)
    if change.until == "in_review":
        return
    founder = company.founder.person
    assert founder is not None
    move = register_of(revision).workflow.move("approve", revision.state)
    proof = signing.prove(founder.account, revision, move, None)
    revision = actions.act(revision, "approve", by=company.founder, proof=proof)
    until: dict[str, Any] = {"effective_until": company.day(change.last)} if change.last else {}
    day = first_of_next_month(company.day(0)) if change.on is None else company.day(change.on)
    actions.act(revision, "put_into_force", by=company.founder, effective_on=day, **until)
    asked = Reading.objects.filter(record_id=revision.uid).select_related("person").order_by("person__name")
    for one in asked[: change.read]:
        reading.confirm(one, company.actor(one.person.name))


def first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
