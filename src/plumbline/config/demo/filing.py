"""The records of a demo company: filed under the usual categories, and those that are past their time dealt with."""

from io import BytesIO
from types import ModuleType
from typing import Any

from plumbline.kernel import actions, files, signing
from plumbline.kernel.register import register_of
from plumbline.registers.support.records import categories
from plumbline.registers.support.records.models import QualityRecord
from plumbline.registers.support.records.register import Records

from . import cast
from .company import Company

REGISTER = QualityRecord._meta.model_name or ""
ANSWERS: dict[str, Any] = {"method": QualityRecord.Method.DELETED}


def file(told: ModuleType, company: Company) -> None:
    """Take over the usual categories and file every record with its files."""
    categories.take_usual(company.founder)
    known = {category.name: category for category in categories.of(company.organisation)}
    for one in told.RECORDS:
        record = actions.create(
            register_of(REGISTER), by=company.founder, title=one.title, category=known[one.category],
            dated_on=company.day(one.day), ended_on=None if one.ended is None else company.day(one.ended),
            owner=company.people[one.owner], concerns=one.concerns, place=one.place,
        )  # fmt: skip
        for name, text in one.files.items():
            kept = files.keep(company.organisation.uid, BytesIO(text.encode()), name)
            valid_on = None if one.valid is None else company.day(one.valid)
            actions.attach(record, kept, name, by=company.founder, valid_on=valid_on)


def settle(told: ModuleType, company: Company) -> None:
    """What the founder proposes, signs for and puts on hold."""
    for one in told.RECORDS:
        for verb in one.moves:
            _moved(one, QualityRecord.objects.get(organisation=company.organisation, title=one.title), verb, company)


def _moved(one: cast.Filed, record: QualityRecord, verb: str, company: Company) -> None:
    move = Records.workflow.move(verb, record.state)
    signer = company.founder.person
    assert signer is not None
    proof = signing.prove(signer.account, record, move, None) if move.sign else None
    answers = ANSWERS if "method" in move.asks else {}
    actions.act(record, verb, by=company.founder, proof=proof, reason=one.reason, **answers)
