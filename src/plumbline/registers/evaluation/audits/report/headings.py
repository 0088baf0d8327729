"""Headings, column titles and standing phrases of the report, by short stable names that a Word template uses too."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

SECTIONS = ("state", "strong", "gaps", "documents", "plan", "audit", "signature", "checklist")


def labels() -> dict[str, str]:
    """Headings and column titles by a short stable name, which a Word template uses too."""
    return _sections() | _columns() | _phrases()


def _sections() -> dict[str, str]:
    return {
        "where": _("Where do we stand?"),
        "first": _("What comes first?"),
        "when": _("By when?"),
        "contents": _("Contents"),
        "audit": _("The audit"),
        "state": _("State by chapter"),
        "strong": _("What is strong"),
        "gaps": _("Gaps, clause by clause"),
        "documents": _("Documents to be made"),
        "plan": _("The plan"),
        "unaudited": _("What was not audited"),
        "signature": _("Signature"),
        "checklist": _("Appendix: the checklist"),
        "summary": _("Summary"),
        "gaps_short": _("Gaps"),
        "plan_short": _("Plan"),
        "checklist_short": _("Checklist"),
    }


def _columns() -> dict[str, str]:
    return {
        "objectives": _("Objectives"),
        "scope": _("Scope"),
        "criteria": _("Criteria"),
        "team": _("Audit team"),
        "dates": _("Dates"),
        "timetable": _("Timetable"),
        "areas": _("Areas"),
        "area": _("Area"),
        "state_of": _("State"),
        "answered": _("Answered"),
        "chapter": _("Chapter"),
        "clause": _("Clause"),
        "question": _("Question"),
        "result": _("Result"),
        "seen": _("What was seen"),
        "interviewee": _("Spoken with"),
        "requirements": _("Requirements"),
        "documents_seen": _("Documents"),
        "answered_by": _("Auditor"),
        "number": _("Number"),
        "gap": _("Gap"),
        "step": _("Step"),
        "closed_by": _("Closed by"),
        "what": _("What"),
        "who": _("Who"),
        "due": _("By when"),
        "effort": _("Effort"),
        "hours": _("Hours"),
        "document": _("Document"),
        "why": _("Why"),
        "reason": _("Reason"),
        "agreed_by": _("Agreed by"),
        "name": _("Name"),
        "role": _("Role"),
        "day": _("Day"),
        "time": _("Time"),
        "before_stage_1": _("Before stage 1"),
        "photos": _("Photos"),
        "total": _("Total"),
    }


def _phrases() -> dict[str, str]:
    return {
        "yes": _("yes"),
        "nobody": _("nobody yet"),
        "no_date": _("no date yet"),
        "no_step": _("no step planned yet"),
        "draft": pgettext("report", "Draft"),
        "verification": _("Verification code"),
        "lead": _("Lead auditor"),
        "afterwards": _("Can follow after stage 1"),
        "ready": _("Ready for stage 1"),
        "nothing_strong": _("Nothing has been noted as strong."),
        "no_gaps": _("No gap was found in what has been looked at."),
        "no_plan": _("No step has been planned yet."),
        "no_documents": _("No document is missing in what has been looked at."),
        "gap_is_not": _(
            "A gap is work to be done, not a verdict: it shows what an audit for the certificate would ask for."
        ),
        "paraphrase": _("Questions and clause titles are in our own words; the text of the standard is ISO's."),
        "code_means": _(
            "Whoever holds this page can check with the verification code that the record behind it is unchanged."
        ),
    }
