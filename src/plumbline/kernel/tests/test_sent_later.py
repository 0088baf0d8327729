"""A form sent twice, or later, arrives once, with its photos; somebody else's uid is worth nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plumbline.history.uids import uuid7
from plumbline.kernel import actions
from plumbline.kernel.models import Attachment, Record
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

NEW = "/acme/nonconformities/new/"


@pytest.fixture
def acme(db) -> Company:
    return Company("Acme")


def told(uid, **more) -> dict:
    return {"title": "A burr", "description": "At the edge", "uid": str(uid), **more}


def test_twice_the_same_is_one_record_and_leads_to_it(acme) -> None:
    client, uid = acme.client(acme.bob), uuid7()
    answers = [client.post(NEW, told(uid, photo=SimpleUploadedFile("burr.png", b"picture"))) for _time in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert Record.objects.get().pk == uid
    assert [one.name for one in Attachment.objects.all()] == ["burr.png"]


def test_the_uid_of_somebody_elses_record_neither_leads_to_it_nor_tells_of_it(acme) -> None:
    other = Company("Brightco")
    for company, confidential in ((other, False), (acme, True)):
        values = {"title": "Secret", "description": "Of another", "confidential": confidential}
        theirs = actions.create(register_of("nonconformity"), by=company.actor, **values)
        answer = acme.client(acme.bob).post(NEW, told(theirs.pk))
        assert answer.status_code == 302
        assert theirs.number not in answer["Location"] or company is other
        assert Record.objects.filter(organisation=acme.organisation, title="A burr").exclude(pk=theirs.pk).exists()


def test_what_is_no_uid_of_ours_is_not_taken_for_one(acme) -> None:
    for given in ("", "x", "00000000-0000-4000-8000-000000000000"):
        assert acme.client(acme.bob).post(NEW, told(given)).status_code == 302
    assert Record.objects.count() == 3
    assert {one.pk.version for one in Record.objects.all()} == {7}
