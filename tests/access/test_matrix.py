"""Every route, by everybody, read and written: nobody gets in who should not, nothing answers with an error of ours."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client, TestCase
from django.urls import URLPattern, URLResolver, get_resolver

from plumbline.kernel import actions
from plumbline.kernel.register import register_of, registers
from plumbline.kernel.testing import Company, RegisterContract
from plumbline.ledger.models import Event
from plumbline.organisation.models import Account
from plumbline.organisation.roles import Role
from plumbline.registers.evaluation.audits.models import Area
from plumbline.registers.support.records.models import RecordCategory


def patterns(resolver: URLResolver, names: tuple[str, ...] = (), route: str = "") -> Iterator[tuple[str, dict, str]]:
    """(address with placeholders, converters, name) of every route."""
    for one in resolver.url_patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, names, here)
        elif isinstance(one, URLPattern):
            yield here, {}, one.name or ""


def samples() -> dict[str, dict]:
    """A sample of every kind, from the register's own contract."""
    found: dict[str, dict] = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("plumbline.registers.") or not find_spec(f"{app.name}.tests"):
            continue
        package = import_module(f"{app.name}.tests")
        modules = [
            import_module(f"{app.name}.tests.{one.name}") for one in iter_modules(getattr(package, "__path__", ()))
        ]
        for thing in [thing for module in (package, *modules) for thing in vars(module).values()]:
            if isinstance(thing, type) and issubclass(thing, RegisterContract) and getattr(thing, "register", None):
                found[thing.register.model._meta.model_name] = thing.sample
    return found


@pytest.mark.slow
class MatrixTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.dora = cls.acme.join("Dora Klein", "dora@acme.example", Role.CONSULTANT)
        cls.nobody = Account.objects.create_user("nobody@x.example", "plumb-and-level", name="No Body")
        given, by = samples(), cls.acme.actor
        given["audit"]["lead"] = cls.acme.ann
        given["qualityrecord"]["category"] = actions.create(RecordCategory, by=by, name="Tests", months=12)
        cls.records = {}
        for register in registers():
            if register.kind in ("finding", "revision"):  # cannot be without an audit that runs, or a document
                continue
            cls.records[register.slug] = actions.create(register, by=by, **given[register.kind])
        asked = {"title": "Two offers", "of_document": cls.records["documents"]}
        cls.records["revisions"] = actions.create(register_of("revision"), by=by, **asked)
        audit = cls.records["audits"]
        actions.create(Area, by=by, record=audit, code="sales", name="Sales", questions=["8.2.1-e"])
        audit = actions.act(audit, "start", by=by)
        finding = {"title": "No list of suppliers", "of_audit": audit, "grade": "gap", "text": "Nobody knows"}
        cls.records["findings"] = actions.create(register_of("finding"), by=by, **finding)

    def addresses(self) -> list[tuple[str, bool]]:
        """(address at Acme, whether it is of an organisation) of every route, filled with what exists."""
        found = []
        for route, _converters, _name in patterns(get_resolver()):
            slug = route.split("/")[1] if route.startswith("<slug:organisation>/") and route.count("/") > 1 else ""
            record = self.records.get(slug)
            values = {
                "organisation": "acme",
                "number": record.number if record else "NO-1",
                "verb": "cancel",
                "uid": str(uuid4()),
                "what": "person",
                "edition": "iso9001:2015",
                "clause": "4.1",
                "form": "x",
                "token": "none",
                "uidb36": "1",
                "key": "none",
            }
            address = "/" + route.replace("^", "").replace("$", "").replace("\\Z", "")
            for part in [piece.split(">")[0] for piece in address.split("<")[1:]]:
                name = part.split(":")[-1]
                kind = part.split(":")[0] if ":" in part else "str"
                value = values.get(name) or {"uuid": str(uuid4()), "int": "1"}.get(kind, "x")
                address = address.replace(f"<{part}>", value)
            if "(?P" not in address:
                found.append((address, "<slug:organisation>" in route))
        return found

    def answer(self, client: Client, method: str, address: str) -> int:
        response = getattr(client, method)(address)
        if response.streaming:
            b"".join(response.streaming_content)
        self.assertLess(response.status_code, 500, f"{method} {address}")
        return response.status_code

    def test_routes_are_there_to_be_tried(self) -> None:
        addresses = self.addresses()
        self.assertGreater(len(addresses), 60)
        self.assertEqual(
            set(self.records), {register.slug for register in registers()}, "a register without a contract"
        )

    def test_strangers_and_people_without_a_place_get_the_same_404_everywhere(self) -> None:
        anonymous_person = Client()
        anonymous_person.force_login(self.nobody, backend="plumbline.organisation.accounts.Backend")
        for client in (self.other.client(self.other.ann), anonymous_person):
            before = Event.objects.count()
            for address, inside in self.addresses():
                for method in ("get", "post"):
                    if inside:
                        self.assertEqual(self.answer(client, method, address), 404, f"{method} {address}")
            self.assertEqual(Event.objects.count(), before)

    def test_signed_out_sees_nothing_of_an_organisation(self) -> None:
        for address, inside in self.addresses():
            for method in ("get", "post"):
                if not inside:
                    continue
                response = getattr(Client(), method)(address)
                if address.startswith("/acme/calendar/"):  # programs cannot sign in: the address itself is the secret
                    self.assertEqual(response.status_code, 404 if method == "get" else 405, f"{method} {address}")
                    continue
                self.assertEqual(response.status_code, 302, f"{method} {address}")
                self.assertIn("/accounts/login/", response["Location"], address)

    def test_an_auditor_of_a_certification_body_writes_nothing_anywhere(self) -> None:
        client, before = self.acme.client(self.acme.cleo), Event.objects.count()
        for address, inside in self.addresses():
            if inside:
                self.answer(client, "get", address)
                self.answer(client, "post", address)
        self.assertEqual(Event.objects.count(), before)

    def test_nobody_of_the_house_meets_an_error_of_ours(self) -> None:
        for person in (self.acme.ann, self.acme.bob, self.dora):
            client = self.acme.client(person)
            for address, _inside in self.addresses():
                if "logout" not in address:
                    self.answer(client, "get", address)
                    self.answer(client, "post", address)
