"""Builds the demo companies through the door, each whole or not at all; one that is there already stays as it is."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from django.db import transaction

from plumbline.kernel import actions
from plumbline.ledger.writer import writing
from plumbline.organisation.models import Organisation
from plumbline.registers.support.documents import revising
from plumbline.registers.support.documents.importing import import_path
from plumbline.registers.support.documents.models import Document

from . import brightwater, designing, filing, linden
from .auditing import half_done
from .cast import Correction
from .company import Company, staff
from .working import daily_work, sign_off

CASTS: tuple[ModuleType, ...] = (linden, brightwater)
Tell = Callable[[str], object]


class NotRead(Exception):
    """A document of the demo was refused by the reader."""


def missing() -> list[ModuleType]:
    """The companies that are not here yet."""
    there = set(Organisation.objects.filter(slug__in=[cast.SLUG for cast in CASTS]).values_list("slug", flat=True))
    return [cast for cast in CASTS if cast.SLUG not in there]


def build(tell: Tell) -> Iterator[Organisation]:
    """Make the companies that are missing, one after the other, and say how far it is.

    A process beside this one writes their documents meanwhile.
    """
    casts = missing()
    with TemporaryDirectory() as top, ProcessPoolExecutor(1, get_context("spawn")) as printer:
        folders = [Path(top, cast.SLUG) for cast in casts]
        written = [printer.submit(cast.documents, folder) for cast, folder in zip(casts, folders, strict=True)]
        for cast, folder, documents in zip(casts, folders, written, strict=True):
            tell(f"Building {cast.NAME} …")
            with transaction.atomic():
                organisation = _company(cast, folder, documents, tell)
            yield organisation


def _company(cast: ModuleType, folder: Path, documents: Future[list[Path]], tell: Tell) -> Organisation:
    company = staff(cast)
    tell(f"  {len(cast.PEOPLE)} people, {len(cast.PROCESSES)} processes")
    with writing(company.organisation.uid, company.founder.stamp()):
        daily_work(cast, company)
        filing.file(cast, company)
    tell(f"  {len(documents.result())} documents to read")
    with writing(company.organisation.uid, company.founder.stamp()):
        tell(f"  {_documents(cast, company, folder)} documents confirmed")
        if cast.AUDIT:
            audit = half_done(cast.AUDIT, company)
            tell(f"  initial audit {audit.number} under way")
    sign_off(cast, company)
    filing.settle(cast, company)
    designing.design(cast, company)
    return company.organisation


def _documents(cast: ModuleType, company: Company, folder: Path) -> int:
    """Bring the folder in, put right what was read wrongly, and confirm what need not wait; how many that were."""
    for line in import_path(folder, company.founder):
        if line.status != "new":
            raise NotRead(f"{line.file}: {line.status} {line.reason}")
    found, confirmed = Document.objects.filter(organisation=company.organisation).order_by("uid"), 0
    for document in found:
        assert document.current is not None
        file = document.current.name
        if file in cast.TO_REVIEW:
            continue
        document = _corrected(document, cast.CORRECTIONS.get(file, Correction()), company)
        revising.settle(document, by=company.founder, requirements=True)
        confirmed += 1
    return confirmed


def _corrected(document: Document, correction: Correction, company: Company) -> Document:
    wrong: dict[str, Any] = {name: value for name, value in correction._asdict().items() if value is not None}
    if correction.owner:
        wrong["owner"] = company.people[correction.owner]
    return actions.edit(document, by=company.founder, **wrong) if wrong else document
