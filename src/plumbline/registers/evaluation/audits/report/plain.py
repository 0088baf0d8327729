"""The report as JSON, whose keys stay as they are: what another program reads."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from json import dumps

from plumbline.registers.evaluation.audits.report.facts import AuditReport, Photo

FORMAT = "plumbline.audit-report@1"  # a changed or removed key needs the next number; a new key does not


def json(report: AuditReport) -> bytes:
    """The report as UTF-8 JSON: codes as they are stored, dates ISO 8601, hours as decimal strings."""
    return (dumps({"format": FORMAT, **_plain(report)}, ensure_ascii=False, indent=2) + "\n").encode()


def _plain(value):
    if isinstance(value, Photo):
        digest = sha256(value.content).hexdigest()
        return {"name": value.name, "size": len(value.content), "sha256": digest}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
