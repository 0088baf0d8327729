"""Every operation of the API, by everybody: what is hidden or of another organisation stands in no answer at all."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import TestCase
from django.utils import timezone

from plumbline.faces.api import tokens
from plumbline.faces.api.gate import site
from plumbline.faces.api.models import Token
from plumbline.faces.api.tests.asking import Program, refused
from plumbline.kernel import actions, files
from plumbline.kernel.models import Comment, Link, Record
from plumbline.kernel.register import register_of, registers
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import RoleHolding
from plumbline.registers.evaluation.audits.models import Area
from plumbline.registers.support.records.models import RecordCategory
from tests.access.test_matrix import samples

SECRET = "Hush4711"  # stands in everything confidential at Acme


def one_of_each(company: Company) -> dict[str, Record]:
    """A confidential record of every register, with a comment, a file and a link; what it says has SECRET in it."""
    given, by, made = samples(), company.actor, {}
    given["audit"]["lead"] = company.ann
    given["qualityrecord"]["category"] = actions.create(RecordCategory, by=by, name="Tests", months=12)
    hidden = {"confidential": True}
    for register in registers():
        if register.kind in ("finding", "revision"):
            continue
        values = {**given[register.kind], **hidden, "title": f"{SECRET} {register.kind}"}
        made[register.slug] = actions.create(register, by=by, **values)
    document, audit = made["documents"], made["audits"]
    asked = {"title": f"{SECRET} offers", "of_document": document, **hidden}
    made["revisions"] = actions.create(register_of("revision"), by=by, **asked)
    actions.create(Area, by=by, record=audit, code="sales", name=f"{SECRET} sales", questions=["8.2.1-e"])
    actions.act(audit, "start", by=by)
    finding = {"title": f"{SECRET} list", "of_audit": audit, "grade": "gap", "text": "Nobody knows", **hidden}
    made["findings"] = actions.create(register_of("finding"), by=by, **finding)
    kept = files.keep(company.organisation.uid, ContentFile(f"{SECRET} bytes".encode()), "a.txt")
    for record in made.values():
        actions.create(Comment, by=by, record=record, text=f"{SECRET} comment")
        if record.kind != "qualityrecord":
            actions.attach(record, kept, f"{SECRET}.txt", by=by)
    return made


@pytest.mark.slow  # every operation, by nine callers
class ApiAccessTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.hidden = one_of_each(cls.acme)
        cls.open = actions.create(register_of("action"), by=cls.acme.actor, title="Open to all")
        actions.create(Link, by=cls.acme.actor, record=cls.open, target=cls.hidden["nonconformities"])
        cls.operations = [
            (method, path, operation)
            for path, methods in site().described()["paths"].items()
            for method, operation in methods.items()
        ]

    def asked(self, program: Program, bodies: bool = True) -> list[tuple[str, Any]]:
        """(what was asked, the answer) of every operation, at the hidden records by uid and by number."""
        answers = []
        for method, path, operation in self.operations:
            slug = path.split("/")[2]
            for register in [slug] if slug in self.hidden else list(self.hidden) if slug == "{slug}" else [""]:
                record = self.hidden.get(register)
                keys = (str(record.uid), record.number) if record and "{record}" in path else ("",)
                for key in keys:
                    address = path.replace("{slug}", register).replace("{record}", key).removeprefix("/api/")
                    part = record.attachments.first() if record else None
                    uid = str(part.uid if part and "files" in path else self.open.uid)
                    address = address.replace("{uid}", uid).replace("{verb}", "confirm")
                    answers.append((f"{method} {address}", self.answer(program, method, address, operation)))
        return answers

    def answer(self, program: Program, method: str, address: str, operation: dict) -> Any:
        if method == "get":
            return program.get(address)
        if address.endswith("/files"):
            return program.send(address, file=ContentFile(b"x", "x.txt"))
        return getattr(program, method)(address, sample_of(operation))

    def body(self, answer: Any) -> str:
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return content.decode() + str(answer.headers)

    def tell_nothing(self, program: Program, statuses: set[int]) -> None:
        before = Event.objects.filter(home=self.acme.organisation.uid).count()
        for what, answer in self.asked(program):
            self.assertNotIn(SECRET, self.body(answer), what)
            if any(
                str(one.uid) in what for one in self.hidden.values()
            ):  # by number it may have made its own meanwhile
                self.assertIn(answer.status_code, statuses, f"{what}: {answer.status_code} {answer.content[:300]!r}")
            self.assertLess(answer.status_code, 500, what)
        self.assertEqual(Event.objects.filter(home=self.acme.organisation.uid).count(), before)

    def test_there_is_something_to_see(self) -> None:
        """The same walk by who may see it meets the secret in every register: the others' silence means something."""
        program = Program.of(self.acme.ann, {"*": "read"})
        told = [what for what, answer in self.asked(program) if SECRET in self.body(answer)]
        for slug in self.hidden:
            self.assertTrue(any(what.startswith(f"get {slug}?") or what == f"get {slug}" for what in told), slug)
            self.assertTrue(any(what.startswith(f"get {slug}/") and "/comments" in what for what in told), slug)
        self.assertGreater(len(self.operations), 100)

    def test_nobody_of_another_organisation(self) -> None:
        self.tell_nothing(Program.of(self.other.ann), {404, 422})

    def test_nobody_whom_a_confidential_record_does_not_concern(self) -> None:
        program = Program.of(self.acme.bob)
        before = Event.objects.filter(record__in=[one.uid for one in self.hidden.values()]).count()
        for what, answer in self.asked(program):
            self.assertNotIn(SECRET, self.body(answer), what)
            if any(str(one.uid) in what or one.number in what for one in self.hidden.values()):
                self.assertIn(answer.status_code, {404, 422}, what)
        self.assertEqual(Event.objects.filter(record__in=[one.uid for one in self.hidden.values()]).count(), before)
        self.assertEqual(program.get(f"actions/{self.open.number}/links").json(), [])
        self.assertEqual(program.get("nonconformities?q=" + SECRET).json()["total"], 0)

    def test_hidden_and_missing_are_told_alike(self) -> None:
        program = Program.of(self.acme.bob)
        for slug, record in self.hidden.items():
            for key, none in ((record.number, "NO-SUCH-1"), (str(record.uid), str(self.acme.bob.uid))):
                hidden, missing = program.get(f"{slug}/{key}"), program.get(f"{slug}/{none}")
                self.assertEqual((hidden.status_code, hidden.content), (404, missing.content), slug)

    def test_an_auditor_of_a_certification_body_changes_nothing(self) -> None:
        program, before = Program.of(self.acme.cleo), Event.objects.count()
        for what, answer in self.asked(program):
            self.assertLess(answer.status_code, 500, what)
            self.assertNotIn(SECRET, self.body(answer), what)
            if not what.startswith("get"):
                self.assertIn(answer.status_code, {403, 404, 409, 422}, what)
        self.assertEqual(Event.objects.count(), before)
        refused(program.post("actions", {"title": "Mine"}), 403, "You may read everything here")

    def test_who_came_to_read_for_a_time_that_is_over(self) -> None:
        program = Program.of(self.acme.cleo)
        yesterday = self.acme.organisation.today() - timedelta(days=1)
        holding = RoleHolding.objects.get(person=self.acme.cleo)
        actions.edit(holding, by=self.acme.actor, until_on=yesterday)
        refused(program.get("actions"), 401)

    def test_nothing_without_a_token_or_with_one_that_is_over(self) -> None:
        ended, token = Program.of(self.acme.ann), Token.objects.latest("made_at")
        tokens.end(token, self.acme.actor)
        run_out = Program.of(self.acme.ann)
        Token.objects.filter(ended_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
        left = Program.of(self.acme.bob)
        actions.edit(self.acme.bob, by=self.acme.actor, ended_on=self.acme.organisation.today() - timedelta(days=1))
        before = Event.objects.count()
        for program in (Program(), Program("plb_nothing"), ended, run_out, left):
            for what, answer in self.asked(program):
                self.assertEqual((answer.status_code, answer["WWW-Authenticate"]), (401, "Bearer"), what)
        self.assertEqual(Event.objects.count(), before)

    def test_a_token_that_reads_writes_nothing(self) -> None:
        program, before = Program.of(self.acme.ann, {"*": "read"}), Event.objects.count()
        for what, answer in self.asked(program):
            if not what.startswith("get"):
                refused(answer, 403, "may not write here")
        self.assertEqual(Event.objects.count(), before)

    def test_a_hidden_record_cannot_be_pointed_to(self) -> None:
        bob = Program.of(self.acme.bob)
        hidden = self.hidden["nonconformities"]
        for key in (hidden.number, str(hidden.uid), "NC-none"):
            told = refused(bob.post(f"actions/{self.open.number}/links", {"target": key}), 422)
            self.assertEqual(told["errors"], {"target": ["There is no such row that you may see, or more than one."]})
        finding = {"title": "x", "text": "y", "of_audit": self.hidden["audits"].number}
        self.assertIn("of_audit", refused(bob.post("findings", finding), 422)["errors"])
        stranger = Program.of(self.other.ann)
        owner = {"title": "x", "owner": str(self.acme.bob.uid)}
        self.assertIn("owner", refused(stranger.post("actions", owner), 422)["errors"])


def sample_of(operation: dict) -> dict:
    """A body that is well formed: what is needed, as short as it goes."""
    found = site().described()["components"]["schemas"]
    content = operation.get("requestBody", {}).get("content", {})
    schema = next(iter(content.values()), {}).get("schema", {})
    schema = found.get(schema.get("$ref", "").rpartition("/")[2], schema)
    named = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "uuid": "0" * 32, "time": "10:00:00"}
    body: dict[str, Any] = {"version": 1} if "version" in schema.get("properties", {}) else {}
    for name in schema.get("required", []):
        one = schema["properties"][name]
        kinds: dict[str, Any] = {"integer": 1, "boolean": True, "array": [], "object": {}, "number": 1}
        value = (
            one["enum"][0] if "enum" in one else named.get(one.get("format", "")) or kinds.get(one.get("type", ""), "x")
        )
        body[name] = value
    return json.loads(json.dumps(body))
