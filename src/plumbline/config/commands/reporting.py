"""`plumb report`: the report of an audit as a file."""

from pathlib import Path
from typing import cast

from plumbline.registers.evaluation.audits.models import Audit
from plumbline.registers.evaluation.audits.reporting import FORMS, report_bytes

from .finding import organisation_of, record_numbered, register_named
from .telling import Refused, say


def run(number: str, organisation: str, output: Path, language: str) -> int:
    """Write it beside nothing: a file half written is never left under the name asked for."""
    kind = output.suffix.lower().lstrip(".")
    if kind not in FORMS:
        raise Refused(f"“{output.name}” tells no format: end it in .{', .'.join(FORMS)}.")
    if not output.parent.is_dir():
        raise Refused(f"The folder {output.parent} does not exist: make it first.")
    audit = record_numbered(register_named("audit"), organisation_of(organisation), number)
    content = report_bytes(cast(Audit, audit), kind, language)
    new = output.with_name(f".{output.name}.new")
    new.write_bytes(content)
    new.replace(output)
    say(f"{output}: {len(content):,} bytes.")
    return 0
