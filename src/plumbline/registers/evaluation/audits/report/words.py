"""The words of the report, the same in every format; ask for them inside `translation.override(report.language)`."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plumbline.registers.evaluation.audits.report.facts import AuditReport, Counts
from plumbline.registers.evaluation.audits.report.standing import HOURS_A_DAY, Standing

NO_BREAK = "\N{NO-BREAK SPACE}"


def results() -> dict[str, str]:
    return {
        "met": pgettext("result", "Met"),
        "partly": pgettext("result", "Partly met"),
        "not_met": pgettext("result", "Not met"),
        "not_audited": pgettext("result", "Not audited"),
        "not_applicable": pgettext("result", "Not applicable"),
    }


def area_states() -> dict[str, str]:
    return {
        "not_started": pgettext("area", "Not started"),
        "started": pgettext("area", "Under way"),
        "audited": pgettext("area", "Audited"),
        "not_audited": pgettext("area", "Not audited"),
    }


def chapter_titles() -> dict[int, str]:
    return {
        4: _("The company and its surroundings"),
        5: _("Leadership"),
        6: _("Planning"),
        7: _("Support"),
        8: _("Operation"),
        9: _("Evaluation"),
        10: _("Improvement"),
    }


def day(value: date | None) -> str:
    """A date as the reader writes it, "12 November 2026", never torn apart at the end of a line."""
    return date_format(value, pgettext("date format", "j F Y")).replace(" ", NO_BREAK) if value else ""


def short_day(value: date | None) -> str:
    return date_format(value, pgettext("short date format", "j M Y")) if value else ""


def near_day(value: date) -> str:
    """A date on a scale, where the year is plain."""
    return date_format(value, pgettext("day and month format", "j M"))


def instant(value: datetime | None) -> str:
    """An instant in the zone in force, to the minute."""
    if value is None:
        return ""
    there = localtime(value) if value.tzinfo else value
    return _("%(day)s at %(time)s") % {"day": day(there.date()), "time": there.strftime("%H:%M")}


def span(first: date, last: date) -> str:
    """From when to when, in as few words as will do."""
    if first == last:
        return day(first)
    alone = pgettext("day of a span", "j")
    if (first.year, first.month) == (last.year, last.month):
        return f"{date_format(first, alone)}–{day(last)}"
    return f"{day(first)} – {day(last)}"


def hours(value: Decimal | None) -> str:
    if not value:
        return ""
    return ngettext("%(hours)s hour", "%(hours)s hours", _plural(value)) % {"hours": _figure(value)}


def short_hours(value: Decimal | None) -> str:
    return pgettext("hours", "%s h") % _figure(value) if value else ""


def where_we_stand(report: AuditReport, total: Counts) -> str:
    """The state in one or two sentences, without a judgement that the records do not carry."""
    if not total.judged:
        return _("Nothing has been judged yet.")
    figures = {"judged": total.judged, "all": total.total - total.not_applicable, "met": total.met}
    if report.counted == "requirements":
        asked = _("%(judged)d of the %(all)d requirements that apply have been looked at; %(met)d of them are met.")
    else:
        asked = _("%(judged)d of the %(all)d questions that apply have been answered, %(met)d of them with “met”.")
    return " ".join([asked % figures, _gap_sentence(report), _open_sentence(total)]).strip()


def _gap_sentence(report: AuditReport) -> str:
    count = len(report.gaps)
    if not count:
        return ""
    return ngettext("%(count)d gap was found.", "%(count)d gaps were found.", count) % {"count": count}


def _open_sentence(total: Counts) -> str:
    if not total.not_audited:
        return ""
    said = ngettext(
        "%(count)d has not been audited yet, and may add to the gaps.",
        "%(count)d have not been audited yet, and may add to the gaps.",
        total.not_audited,
    )
    return said % {"count": total.not_audited}


def what_first(state: Standing) -> str:
    if not state.steps:
        return _("No step has been planned yet.")
    if not state.blocking:
        return _("Nothing in the plan stands in the way of stage 1 of the certification audit.")
    said = ngettext(
        "%(count)d of %(all)d steps stands in the way of stage 1 of the certification audit.",
        "%(count)d of %(all)d steps stand in the way of stage 1 of the certification audit.",
        state.blocking,
    )
    return said % {"count": state.blocking, "all": len(state.steps)}


def by_when(state: Standing) -> str:
    parts = []
    if state.ready_on and state.done_on and state.ready_on == state.done_on:
        parts.append(_("Everything is to be done by %(day)s.") % {"day": day(state.done_on)})
    elif state.ready_on:
        parts.append(_("What blocks stage 1 is to be done by %(day)s.") % {"day": day(state.ready_on)})
    if state.done_on and state.done_on != state.ready_on:
        parts.append(_("The whole plan is to be done by %(day)s.") % {"day": day(state.done_on)})
    if state.effort:
        parts.append(_("The plan is about %(work)s of work.") % {"work": work(state)})
    return " ".join(parts + _holes(state)) or _("There is no date yet.")


def _holes(state: Standing) -> list[str]:
    """What the plan still lacks, said openly."""
    said = []
    if state.unowned:
        lacking = ngettext(
            "%(count)d step has no owner or no date yet.",
            "%(count)d steps have no owner or no date yet.",
            state.unowned,
        )
        said.append(lacking % {"count": state.unowned})
    if state.unplanned:
        count = len(state.unplanned)
        lacking = ngettext("%(count)d gap has no step yet.", "%(count)d gaps have no step yet.", count)
        said.append(lacking % {"count": count})
    return said


def work(state: Standing) -> str:
    """The effort in hours up to two days, in working days beyond."""
    if state.effort <= 2 * HOURS_A_DAY:
        return hours(state.effort)
    return ngettext("%(days)s day", "%(days)s days", _plural(state.days)) % {"days": _figure(state.days)}


def signed(report: AuditReport) -> str:
    if report.draft or not report.signed_by:
        return _("Draft: not signed. It may still change.")
    return _("Signed by %(name)s on %(when)s.") % {"name": report.signed_by, "when": instant(report.signed_at)}


def kind_title(kind: str) -> str:
    kinds = {
        "initial": _("Initial audit"),
        "internal": _("Internal audit"),
        "supplier": _("Supplier audit"),
        "stage_1": _("Stage 1 audit"),
        "stage_2": _("Stage 2 audit"),
        "surveillance": _("Surveillance audit"),
        "recertification": _("Recertification audit"),
    }
    return kinds.get(kind, kind)


def verification(report: AuditReport) -> str:
    """The code in the foot of every page: the head of the log when the report was made, and how long the log was."""
    if not report.verification_code:
        return _("none yet, this is a draft")
    return f"{report.verification_code} · {report.log_size}" if report.log_size else report.verification_code


def _figure(value: Decimal) -> str:
    """A decimal without idle zeros, with the reader's decimal sign."""
    plain = f"{value.normalize():f}"
    return plain.replace(".", pgettext("decimal sign", "."))


def _plural(value: Decimal) -> int:
    return 1 if value == 1 else 2
