"""The report in every form that leaves the house."""

from pathlib import Path

from plumbline.kernel import actions, files
from plumbline.kernel.models import Attachment
from plumbline.organisation.actor import Actor

from .facts import facts_of
from .models import Audit
from .report import paper, plain, sheet, word

FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
TEMPLATE = "report template"  # the caption of a Word file that stands in for our own
SIGNED = "signed report"  # the caption of the PDF that was made when the lead signed


def report_bytes(audit: Audit, form: str, language: str = "") -> bytes:
    """The report as pdf, docx, xlsx or json; a signed one in PDF is the very file that was kept at signing."""
    if form not in FORMS:
        raise ValueError(f"{form}: choose one of {', '.join(FORMS)}")
    language = language or audit.language or audit.organisation.language
    if form == "pdf" and (kept := signed_copy(audit, language)):
        return kept.read_bytes()
    report = facts_of(audit, language)
    if form == "docx":
        return word.docx(report, template_of(audit))
    return {"pdf": paper.pdf, "xlsx": sheet.xlsx, "json": plain.json}[form](report)


def file_name(audit: Audit, form: str) -> str:
    return f"{audit.number}.{form}"


def signed_copy(audit: Audit, language: str) -> Path | None:
    """The PDF kept when the report was signed, in the organisation's language, as long as that signature stands."""
    if audit.state != "closed" or language != (audit.language or audit.organisation.language):
        return None
    part = _newest(Attachment.objects.filter(record_id=audit.uid, caption=SIGNED, created_at__gte=audit.closed_at))
    return files.path_of(part.file) if part and files.path_of(part.file).exists() else None


def keep_signed(audit: Audit, by: Actor) -> Attachment:
    """After signing: the report as PDF, kept with the audit byte for byte."""
    content = report_bytes(audit, "pdf")
    kept = files.keep(audit.organisation_id, [content], file_name(audit, "pdf"))
    return actions.attach(audit, kept, file_name(audit, "pdf"), by=by, caption=SIGNED)


def template_of(audit: Audit) -> Path | None:
    """The organisation's own Word template: the newest that was put on any of its audits; None is ours."""
    part = _newest(
        Attachment.objects.filter(organisation=audit.organisation_id, record__kind="audit", caption=TEMPLATE)
    )
    return files.path_of(part.file) if part and files.path_of(part.file).exists() else None


def keep_template(audit: Audit, by: Actor, stream, name: str) -> Attachment:
    """Keep a Word template for this and later reports; raises report.word.TemplateRefused if it cannot be filled."""
    kept = files.keep(audit.organisation_id, stream, name)
    word.docx(facts_of(audit), files.folder(audit.organisation_id) / kept.sha256[:2] / kept.sha256)
    return actions.attach(audit, kept, name, by=by, caption=TEMPLATE)


def _newest(parts) -> Attachment | None:
    return parts.filter(cancelled_reason="").select_related("file").order_by("uid").last()
