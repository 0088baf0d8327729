"""`plumb report`: the report of an audit as a file."""

from pathlib import Path

from plumbline.organisation.actor import Actor
from plumbline.registers.evaluation.audits.reporting import report_bytes

from .finding import organisation_of, record_numbered, register_named
from .telling import Refused, say

FORMATS = ("pdf", "docx", "xlsx", "json")


def run(number: str, organisation: str, output: Path) -> int:
    """Write it beside nothing: a file half written is never left under the name asked for."""
    kind = output.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise Refused(f"“{output.name}” tells no format: end it in .{', .'.join(FORMATS)}.")
    actor = Actor.installation(organisation_of(organisation))
    content = report_bytes(record_numbered(register_named("audit"), actor.organisation, number), kind, actor)
    new = output.with_name(f".{output.name}.new")
    new.write_bytes(content)
    new.replace(output)
    say(f"{output}: {len(content):,} bytes.")
    return 0
