"""The report of an audit in every format that leaves the house, from the same facts."""

from collections.abc import Callable

from plumbline.registers.evaluation.audits.report.facts import AuditReport
from plumbline.registers.evaluation.audits.report.paper import pdf
from plumbline.registers.evaluation.audits.report.plain import json
from plumbline.registers.evaluation.audits.report.sheet import xlsx
from plumbline.registers.evaluation.audits.report.word import TemplateRefused, docx

FORMATS: dict[str, tuple[Callable[[AuditReport], bytes], str]] = {
    "pdf": (pdf, "application/pdf"),
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (json, "application/json"),
}

__all__ = ["FORMATS", "AuditReport", "TemplateRefused", "docx", "json", "pdf", "xlsx"]
