"""The pages on which shared devices are made and PINs and badges given, as whoever runs the organisation sees them."""

import re

import pytest
from django.test import Client

from plumbline.organisation.shared_devices import Badge, SharedDevice
from plumbline.organisation.signin import badges
from tests.signin.hall import CHEAP, Hall, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(settings) -> Hall:
    settings.PASSWORD_HASHERS = CHEAP
    return Hall()


def test_a_device_is_made_and_its_link_binds_it(hall) -> None:
    ann = hall.company.client(hall.company.ann)
    assert ann.post("/acme/settings/devices/new/", {"name": ""}).status_code == 422
    page = ann.post("/acme/settings/devices/new/", {"name": "Line 4", "department": str(hall.hall.pk)})
    link = re.search(r"/accounts/device/bind/[^\"/]+/", page.content.decode())
    assert link, said(page)
    assert Client().post(link[0]).status_code == 302
    shown = said(ann.get("/acme/settings/devices/"))
    assert "Line 4" in shown
    assert "made by Ann Bell" in shown
    again = ann.post(f"/acme/settings/devices/{SharedDevice.objects.get(name='Line 4').pk}/link/")
    assert "/accounts/device/bind/" in again.content.decode()


def test_a_badge_is_typed_by_a_reader_or_made_to_print(hall) -> None:
    ann, page = hall.company.client(hall.company.ann), f"/acme/people/person/{hall.tom.pk}/badge/"
    assert ann.post(f"{page}badge/", {"code": "READER-77123"}).status_code == 302
    assert ann.post(f"{page}badge/", {"code": "READER-77123"}).status_code == 422
    assert ann.post(f"{page}badge/", {"code": "1042"}).status_code == 422
    printed = ann.post(f"{page}badge/", {"code": ""}).content.decode()
    code = re.search(r"PB[A-Z0-9]{20}", printed)
    assert code
    assert badges.read(hall.device, code[0])[0] == hall.tom
    assert code[0] not in ann.get(page).content.decode()
    assert Badge.objects.filter(person=hall.tom).count() == 3
    assert "Badge and PIN" in said(ann.get(f"/acme/people/person/{hall.tom.pk}/"))
