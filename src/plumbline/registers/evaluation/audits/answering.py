"""An answer is saved field by field, as its auditor leaves it; what others wrote meanwhile is never overwritten."""

from collections.abc import Iterable
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import override

from plumbline.kernel import actions, files, policy
from plumbline.kernel.models import Attachment
from plumbline.kernel.register import register_of
from plumbline.ledger.writer import writing
from plumbline.organisation import naming
from plumbline.organisation.actor import Actor
from plumbline.standards.catalogue import Question

from .models import RAISES, Answer, Area, Audit, Finding
from .results import edition_for, questions_of

FIELDS = ("result", "notes", "interviewee", "seen", "strength")
TRIES = 4


class Meanwhile(Exception):
    """Somebody else changed the same field; `theirs` is what stands there now, `who` wrote it."""

    def __init__(self, name: str, theirs: Any, who: str) -> None:
        super().__init__(_("%(who)s changed this meanwhile.") % {"who": who})
        self.name, self.theirs, self.who = name, theirs, who


def save(
    audit: Audit,
    area: Area,
    question_id: str,
    by: Actor,
    requirement: str | None = None,
    was: dict | None = None,
    **fields: Any,
) -> Answer:
    """Save these fields of one answer; `was` says what stood there when the writer began. Raises Meanwhile."""
    question = _question(audit, area, question_id, requirement or "", by)
    if fields.get("result") and fields["result"] not in audit.results:
        raise ValidationError({"result": _("This audit has no such result.")})
    for _attempt in range(TRIES):
        try:
            with writing(audit.organisation_id, by.stamp()):
                answer, before = _written(audit, area, question_id, requirement or "", by, was or {}, fields)
                _keep_findings(audit, area, question, answer, before, by)
                return answer
        except (actions.Stale, IntegrityError):
            continue
    raise actions.Stale(_("Others are writing here at this moment. Your text is still in the field: try again."))


def attach(
    audit: Audit,
    area: Area,
    question_id: str,
    by: Actor,
    stream: BinaryIO | Iterable[bytes],
    name: str,
    requirement: str | None = None,
) -> Attachment:
    """Put a photo or a file on an answer; durable before the answer speaks of it."""
    policy.require(policy.may_write_part(by, register_of(audit), Answer, audit))
    kept = files.keep(audit.organisation_id, stream, name)
    answer = save(audit, area, question_id, by, requirement)
    return actions.attach(audit, kept, name, by=by, about=answer.uid)


def _question(audit: Audit, area: Area, question_id: str, requirement: str, by: Actor) -> Question:
    question = questions_of(edition_for(audit)).get(question_id)
    if question is None or question_id not in area.questions or area.record_id != audit.uid:
        raise ValidationError(_("This question is not asked in this area."))
    if requirement and requirement not in {each.id for each in question.requirements}:
        raise ValidationError(_("This requirement does not belong to the question."))
    policy.require(met_here(audit, area, by))
    return question


def met_here(audit: Audit, area: Area, by: Actor) -> policy.Answer:
    """No to whoever is met in this area as the one who does the work, with the others of the team."""
    if by.uid is None or by.uid not in area.owners:
        return policy.ALLOWED
    own, team = _("Nobody judges their own work: you are met here as the one who does it."), ("lead", "team")
    rest = _("Others can: %(who)s.")
    return policy.Answer(False, lambda: f"{own} {rest % {'who': naming.those(team, by, audit, area.owners)}}")


def _written(
    audit: Audit, area: Area, question_id: str, requirement: str, by: Actor, was: dict, fields: dict
) -> tuple[Answer, Answer | None]:
    """The answer after saving, and as it stood before."""
    key: dict[str, Any] = {"area": area, "question": question_id, "requirement": requirement}
    row = Answer.objects.select_related("by", "changed_by").filter(**key).first()
    if row is None:
        policy.require(policy.may_write_part(by, register_of(audit), Answer, audit))
        try:
            return actions.create(Answer, by=by, record=audit, **key, **fields), None
        except ValidationError as error:
            if Answer.objects.filter(**key).exists():
                raise actions.Stale from error
            raise
    for name, value in fields.items():
        theirs = getattr(row, name)
        if name in was and was[name] != theirs and value != theirs:
            raise Meanwhile(name, theirs, (row.authors or [_("Somebody")])[-1])
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return row, row
    if by.uid != row.by_id or row.changed_by_id:
        changed["changed_by"] = by.person
    return actions.edit(row, by=by, version=row.version, **changed), row


def _keep_findings(
    audit: Audit, area: Area, question: Question, answer: Answer, before: Answer | None, by: Actor
) -> None:
    """A gap has its finding as long as the answer says so: made once, withdrawn and restored with it."""
    if before is not None and all(
        getattr(before, name) == getattr(answer, name) for name in ("result", "notes", "seen")
    ):
        return
    rows = [answer]
    if answer.requirement:  # opened: what its requirements say stands in place of the question's own result
        rows += Answer.objects.filter(area=area, question=question.id, requirement="")
    opened = Answer.objects.filter(area=area, question=question.id).exclude(requirement="").exclude(result="").exists()
    there = {
        finding.answer_id: finding for finding in Finding.objects.filter(answer__in=rows).select_related("of_audit")
    }
    for row in rows:
        wanted = row.result in RAISES and (bool(row.requirement) or not opened)
        finding = there.get(row.uid)
        if finding is None and wanted:
            _raise(audit, area, question, row, by)
        elif finding is not None:
            _follow(finding, row, before if row is answer else None, wanted, by)


def _raise(audit: Audit, area: Area, question: Question, answer: Answer, by: Actor) -> Finding:
    asked = [each for each in question.requirements if answer.requirement in ("", each.id)]
    with override(audit.organisation.language):
        title = asked[0].title
    clauses = dict.fromkeys(each.clause for each in asked)
    return actions.create(
        register_of("finding"),
        by=by,
        of_audit=audit,
        answer=answer,
        title=title[:200],
        grade=RAISES[answer.result],
        result=answer.result,
        clause=", ".join(clauses)[:60],
        requirements=" ".join(each.id for each in asked)[:400],
        area=area.name,
        text=answer.notes,
        evidence=answer.seen,
        process=area.process,
    )


def _follow(finding: Finding, answer: Answer, before: Answer | None, wanted: bool, by: Actor) -> None:
    if wanted and finding.state == "withdrawn":
        finding = actions.act(finding, "restore", by=by, reason=_("The answer is a gap again."))
    if not wanted and finding.state == "open":
        reason = _("The answer is now “%(result)s”.") % {"result": answer.get_result_display() or _("open")}
        actions.act(finding, "withdraw", by=by, reason=reason)
        return
    if finding.state != "open":
        return
    taken: dict[str, Any] = {"result": answer.result, "grade": RAISES[answer.result]}
    for own, said in (("text", "notes"), ("evidence", "seen")):
        if before is None or getattr(finding, own) == getattr(before, said):
            taken[own] = getattr(answer, said)
    actions.edit(finding, by=by, **taken)
