"""What is signed is what was seen, what is closed stays closed, and a wrong request is no error of ours."""

import base64
import json
from datetime import timedelta
from unittest import mock

from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from plumbline.kernel import actions, files, numbering, policy, signing
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import PASSWORD, Company
from plumbline.organisation.models import Account, Invitation, Person
from plumbline.registers.evaluation.audits.models import Answer, Area, Audit, Finding


class SignedTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        today = cls.acme.organisation.today()
        audit = actions.create(
            register_of("audit"), by=cls.acme.actor, title="Audit", lead=cls.acme.ann, from_on=today, to_on=today
        )
        cls.area = actions.create(
            Area, by=cls.acme.actor, record=audit, code="sales", name="Sales", questions=["8.2.1-e"]
        )
        cls.audit = actions.act(audit, "start", by=cls.acme.actor)
        cls.answer = actions.create(
            Answer, by=cls.acme.actor, record=cls.audit, area=cls.area, question="8.2.1-e", result="met"
        )
        finding = {"title": "No list", "of_audit": cls.audit, "grade": "gap", "text": "Nobody knows"}
        cls.finding = actions.create(register_of("finding"), by=cls.acme.actor, **finding)

    def audit_now(self) -> Audit:
        return Audit.objects.get(pk=self.audit.pk)

    def proof(self) -> signing.Proof:
        audit = self.audit_now()
        move = register_of(audit).workflow.move("close", audit.state)
        return signing.prove(self.acme.ann.account, audit, move, PASSWORD)

    def test_a_page_that_was_open_when_the_report_was_signed_adds_nothing(self) -> None:
        opened = self.audit_now()
        actions.act(self.audit_now(), "close", by=self.acme.actor, proof=self.proof())
        with self.assertRaises(policy.Denied):
            actions.create(Area, by=self.acme.actor, record=opened, code="late", name="Late", questions=[])

        finding = {"title": "Late", "of_audit": opened, "grade": "gap", "text": "x"}
        with self.assertRaises(ValidationError):
            actions.create(register_of("finding"), by=self.acme.actor, **finding)

    def test_a_finding_that_changed_since_it_was_read_is_not_signed(self) -> None:
        proof = self.proof()
        actions.edit(Finding.objects.get(pk=self.finding.pk), by=self.acme.actor, text="Everybody knows")
        with self.assertRaises(signing.BadSignature):
            actions.act(self.audit_now(), "close", by=self.acme.actor, proof=proof)

    def test_without_saying_what_was_seen_nothing_is_signed(self) -> None:
        answer = self.acme.client(self.acme.ann).post(
            reverse("audits:close", args=["acme", self.audit.number]),
            {"version": self.audit_now().version, "password": PASSWORD},
        )
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.audit_now().state, "running")

    def test_the_signature_binds_what_the_signer_typed(self) -> None:
        audit = actions.act(
            self.audit_now(), "close", by=self.acme.actor, proof=self.proof(), agreement="All was agreed"
        )
        signature = audit.signatures.get()
        digests = {row.get("digest") for row in signature.manifest}
        self.assertIn(signing.manifest(self.audit_now())[0]["digest"], digests)


class SessionTest(TestCase):
    def test_a_session_of_an_old_password_is_signed_out_not_broken(self) -> None:
        acme = Company("Acme")
        client = acme.client(acme.ann)
        self.assertEqual(client.get("/acme/").status_code, 200)
        account = Account.objects.get(pk=acme.ann.account_id)
        account.set_password("another sentence altogether")
        account.save()
        with OutsideTransaction():
            answer = client.get("/acme/")
            self.assertEqual(answer.status_code, 302)
            self.assertEqual(client.get(answer["Location"]).status_code, 200)


class OutsideTransaction:
    """Requests are answered as outside a test: the middleware takes a transaction of a test for its own."""

    def __enter__(self) -> None:
        self.patch = mock.patch("plumbline.ledger.reads.connection")
        shown = self.patch.start()
        shown.in_atomic_block, shown.vendor, shown.cursor = False, "sqlite", connection.cursor
        if connection.vendor != "sqlite":
            shown.cursor = mock.MagicMock()

    def __exit__(self, *_args: object) -> None:
        self.patch.stop()


class WrongRequestTest(TestCase):
    """Whatever is typed into an address or a form, the answer is a page."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.record = actions.create(register_of("nonconformity"), by=cls.acme.actor, title="Lid", description="x")

    def mark(self, thing: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(thing).encode()).decode().rstrip("=")

    def test_addresses(self) -> None:
        client, uid = self.acme.client(self.acme.ann), str(self.record.pk)
        addresses = ["search/?q=%00", "nonconformities/?q=a%00b", "nonconformities/?due_before=2026-02-31"]
        addresses += ["nonconformities/?state=%00", "nonconformities/?owner=%00", "nonconformities/NC%00/"]
        addresses += ["standard/?edition=%00", "standard/iso9001:2015/%00/", "nonconformities/new/?title=%00"]
        addresses += [f"nonconformities/?order={order}&_after={self.mark(thing)}" for order, thing in (
            ("due", ["x", uid]), ("owner", ["x", uid]), ("title", [{}, uid]), ("title", ["\0", uid]),
            ("due", [None, 5]), ("due", 5), ("state", [["x"], uid]),
        )]  # fmt: skip
        for address in addresses:
            self.assertLess(client.get(f"/acme/{address}").status_code, 500, address)

    def test_forms(self) -> None:
        client, number = self.acme.client(self.acme.ann), self.record.number
        for address, typed in (
            (f"nonconformities/{number}/comments/", {"text": "a\0b"}),
            (f"nonconformities/{number}/links/", {"number": "\0"}),
            ("draft/x/", {"title": "a\0b"}),
        ):
            self.assertLess(client.post(f"/acme/{address}", typed).status_code, 500, address)

    def test_a_draft_is_dropped_without_leaving_the_house(self) -> None:
        client = self.acme.client(self.acme.ann)
        answer = client.post("/acme/draft/x/", {"drop": "1"}, headers={"referer": "https://evil.example/"})
        self.assertEqual(answer["Location"], "/acme/my-work/")
        answer = client.post("/acme/draft/x/", {"drop": "1"}, headers={"referer": "http://testserver/acme/people/"})
        self.assertEqual(answer["Location"], "http://testserver/acme/people/")

    def test_a_numbering_scheme_cannot_fill_the_memory(self) -> None:
        for scheme in ("{n:0100000000}", "{n:>100000000}", "{prefix.__class__}-{n}", "{n:{n}}", "{n:,}", "{n}{n:c}"):
            with self.assertRaises(ValidationError, msg=scheme), mock.patch.object(numbering, "check_number") as made:
                try:
                    numbering.check_scheme(scheme)
                finally:
                    made.assert_not_called()
        for scheme in ("{prefix}-{year}-{n:03}", "{n}", "QM.{yy}_{n:4}".replace(":4", ":04")):
            numbering.check_scheme(scheme)

    def load(self, content: bytes, name: str = "House standard") -> int:
        upload = SimpleUploadedFile("standard.csv", content)
        answer = self.acme.client(self.acme.ann).post("/acme/standard/load/", {"name": name, "file": upload})
        return answer.status_code

    def test_a_standard_that_cannot_be_read_is_refused_with_a_reason(self) -> None:
        head = b"id,clause,title,requirement,question,basis\n"
        row = b"a-1,4.1,Title,Text,Question?,shall\n"
        wrong = [
            (head + b"a-1,4.1,Ti\0tle,Text,Question?,shall\n", "N"),
            (head + b"a-1,4.1," + b"x" * 200_000 + b",Text,Question?,shall\n", "L"),
            (head + b"a-1,4/1,Title,Text,Question?,shall\n", "S"),
            (head + row, "規格"),
            (head + row, "ISO9001:2015"),
            (
                head + row + b"".join(b"b-%d,4.2,Title,%s,Question?,shall\n" % (n, b"y" * 1000) for n in range(5200)),
                "B",
            ),
        ]
        for content, name in wrong:
            self.assertEqual(self.load(content, name), 422, name)
        self.assertEqual(self.load(head + row), 302)
        self.assertEqual(self.load(head + row.replace(b"Text", b"Better text")), 302, "a corrected file again")

    def test_a_date_in_the_settings_survives_german(self) -> None:
        client = self.acme.client(self.acme.ann)
        until = self.acme.organisation.today().replace(year=2030, month=3, day=9)
        actions.edit(self.acme.organisation, by=self.acme.actor, start="certified", certified_until=until)
        actions.edit(self.acme.ann, by=self.acme.actor, started_on=until)
        for address in ("/acme/settings/", f"/acme/people/person/{self.acme.ann.pk}/"):
            body = client.get(address, headers={"accept-language": "de"}).content.decode()
            self.assertIn('value="2030-03-09"', body, address)

    def test_a_zone_does_not_stay_with_the_thread(self) -> None:
        self.acme.client(self.acme.ann).get("/acme/")
        Client().get("/health/")
        self.assertEqual(timezone.get_current_timezone_name(), "UTC")

    @override_settings(PLUMBLINE_MAX_UPLOAD=1000)
    def test_a_request_that_is_too_large_is_refused_before_it_is_read(self) -> None:
        written = []
        with mock.patch(
            "django.core.files.uploadhandler.TemporaryUploadedFile.write", lambda _self, block: written.append(block),
            create=True,
        ):  # fmt: skip
            upload = SimpleUploadedFile("big.bin", b"x" * 20_000_000)
            answer = Client().post("/accounts/login/", {"login": "a@b.example", "file": upload})
        self.assertIn(answer.status_code, (400, 413))


class JoinTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")

    def invited(self, email: str) -> Invitation:
        person = actions.create(Person, by=self.acme.actor, name="Eve New", email=email)
        return Invitation.objects.create(
            organisation=self.acme.organisation, person=person, email=email, invited_by=self.acme.ann
        )

    def test_no_password_is_hashed_inside_a_transaction(self) -> None:
        depth, outside = [], len(connection.savepoint_ids)
        encode = MD5PasswordHasher.encode

        def noted(*args: object, **kwargs: object) -> str:
            depth.append(len(connection.savepoint_ids) - outside)
            return encode(*args, **kwargs)

        with mock.patch.object(MD5PasswordHasher, "encode", noted):
            made = self.invited("eve@acme.example")
            answer = Client().post(f"/accounts/join/{made.token}/", {"password": "a sentence that is long"})
            self.assertEqual(answer.status_code, 302)
        self.assertTrue(depth)
        self.assertEqual(set(depth), {0})
        self.assertTrue(Account.objects.get(email="eve@acme.example").check_password("a sentence that is long"))

    def test_an_account_that_is_somebody_here_already_is_told_so(self) -> None:
        made = self.invited("bob@acme.example")
        answer = self.acme.client(self.acme.bob).post(f"/accounts/join/{made.token}/")
        self.assertEqual(answer.status_code, 422)

    def test_an_invitation_of_somebody_who_left_or_has_an_account_is_over(self) -> None:
        made = self.invited("gone@acme.example")
        actions.edit(made.person, by=self.acme.actor, ended_on=self.acme.organisation.today())
        self.assertEqual(Client().get(f"/accounts/join/{made.token}/").status_code, 200, "the last day is a day")
        actions.edit(made.person, by=self.acme.actor, ended_on=self.acme.organisation.today() - timedelta(days=1))
        self.assertEqual(Client().get(f"/accounts/join/{made.token}/").status_code, 404)
        taken = self.invited("taken@acme.example")
        account = Account.objects.create_user("else@acme.example", PASSWORD, name="Else")
        actions.edit(taken.person, by=self.acme.actor, account=account)
        self.assertEqual(Client().get(f"/accounts/join/{taken.token}/").status_code, 404)


class DurableTest(TestCase):
    def test_the_first_file_of_an_organisation_survives_with_its_folder(self) -> None:
        acme, synced = Company("Acme"), []
        with mock.patch.object(files, "sync", lambda place: synced.append(place)):
            files.keep(acme.organisation.uid, iter([b"content"]), "a.txt")
        self.assertIn(files.folder(acme.organisation.uid).parent, synced)

    def test_the_same_content_from_two_people_at_once_is_kept_once(self) -> None:
        acme = Company("Acme")
        kept = files.keep(acme.organisation.uid, iter([b"content"]), "a.txt")
        first = actions.content(kept, by=acme.actor)
        fresh = files.File(
            uid=files.uuid7(), organisation=acme.organisation, sha256=kept.sha256, size=kept.size,
            media_type=kept.media_type, created_at=timezone.now(),
        )  # fmt: skip
        with mock.patch.object(files.Kept, "row", return_value=fresh):  # both looked before either wrote
            self.assertEqual(actions.content(kept, by=acme.actor).pk, first.pk)
