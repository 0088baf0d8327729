"""A company with a tablet in the hall, and Tom, who has no e-mail."""

import re
from typing import Any

from django.core.cache import cache
from django.test import Client

from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Department, Organisation, Person
from plumbline.organisation.shared_devices import SharedDevice
from plumbline.organisation.signin import badges, devices, pins

CHEAP = ["django.contrib.auth.hashers.MD5PasswordHasher"]
OWN, BADGE = "48151", "0004182734"


class Hall:
    """Acme's tablet, bound; Tom has a PIN of his own and a badge."""

    def __init__(self, name: str = "Acme", **device: Any) -> None:
        cache.clear()
        self.company = Company(name)
        self.by = self.company.actor
        self.hall = actions.create(Department, by=self.by, name="Hall 2")
        self.tom = self.add("Tom Hale", "1042")
        self.device, self.client = self.bound(**device)
        pins.choose(self.tom, OWN, self.by)
        self.badge = badges.give(self.tom, BADGE, self.by)

    def add(self, name: str, number: str, **values: Any) -> Person:
        return actions.create(Person, by=self.by, name=name, personnel_number=number, department=self.hall, **values)

    def bound(self, name: str = "Tablet in hall 2", **device: Any) -> tuple[SharedDevice, Client]:
        """A device, and the browser that has its cookie."""
        made, ticket = devices.make(self.by, name=name, **device)
        client = Client()
        client.post(f"/accounts/device/bind/{ticket}/")
        return SharedDevice.objects.get(pk=made.pk), client

    def try_pin(self, pin: str, client: Client | None = None, person: Person | None = None, **more: str) -> Any:
        address = f"/accounts/device/{(person or self.tom).pk}/"
        return (client or self.client).post(address, {"pin": pin, **more})

    def hold(self, code: str, client: Client | None = None) -> Any:
        return (client or self.client).post("/accounts/device/", {"who": code})

    def rule(self, **rules: Any) -> None:
        organisation = Organisation.objects.get(pk=self.company.organisation.pk)
        actions.edit(organisation, by=self.by, settings={**organisation.settings, "sign_in": rules})


def said(page: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))
