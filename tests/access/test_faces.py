"""Every other reading of a register, by who may not see: nothing hidden in a page, count, header, mail or file."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client, TestCase
from django.utils import timezone

from plumbline.desk import mailing
from plumbline.desk.models import CalendarKey
from plumbline.faces.following import noting
from plumbline.faces.following.models import Follow
from plumbline.faces.hooks import sending
from plumbline.faces.hooks.models import Delivery, Webhook
from plumbline.faces.sheets import working
from plumbline.faces.sheets.models import Import
from plumbline.kernel import actions, notices
from plumbline.kernel.models import Comment, Record
from plumbline.kernel.register import register_of, registers
from plumbline.kernel.testing import Company
from plumbline.ledger.models import Event
from plumbline.ledger.prepared import Prepared, _Form
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, RoleHolding
from plumbline.organisation.own_fields import OwnField

from .test_api import SECRET, one_of_each


def put_together_anew(self: Prepared, *values: Any, form: Any = None) -> Any:
    return _Form(self.asked, values, form).rows(values)


BEGUN = SECRET[:-1]  # what is asked for: pages repeat it, and so it is not quite the secret
LISTS = {  # what each reading of a list is called → its address under the register
    **{"list": "", "found": f"?q={BEGUN}", "by own field": f"?own-colour={BEGUN}", "by range": "?due_from=2020-01-01"},
    **{"typed wrong": "?q=Hsuh4711", "csv": "export.csv?fields=all", "xlsx": "export.xlsx?fields=all"},
    **{"print": "print/", "labels": "labels.pdf", "csv found": f"export.csv?q={BEGUN}", "export": "export/"},
    **{"views": "views/", "view": f"views/new/?q={BEGUN}", "columns": "columns/", "import": "import/", "new": "new/"},
}
TELLING = {"list", "found", "by own field", "by range", "csv", "xlsx", "print", "labels", "csv found"}
DESK = {
    **{"box": f"search/?q={BEGUN}&box=1", "search": f"search/?q={BEGUN}", "work": "my-work/", "road": ""},
    **{"library": "library/", "library found": f"library/?q={BEGUN}", "master list": "library/list.xlsx"},
    **{
        "standard": "standard/",
        "asked for": "road/documents/4.3-3/",
        "clause": "standard/iso9001:2015/8.2.1/",
        "designing": "road/documents/",
    },
}
DESK_TELLING = {"box", "search", "work", "road"}


def said(answer: Any) -> str:
    """Everything an answer tells: headers, body, and what a workbook or a PDF has in it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = [str(answer.headers)]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            told += [packed.read(name).decode(errors="replace") for name in packed.namelist()]
    elif body.startswith(b"%PDF"):
        told += [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body)]
    else:
        told.append(body.decode(errors="replace"))
    return "\n".join(told)


def mailed(mails: list[Any]) -> str:
    """What the mails say: subject, headers, and every part decoded."""
    parts = [part.get_content() for mail in mails for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*(str(mail.items()) for mail in mails), *parts])


@pytest.mark.slow  # every face of every register, by several readers
class FacesTest(TestCase):
    @pytest.fixture(autouse=True)
    def _post(self, post: Any) -> None:
        self.post = post

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        for register in registers():
            given = {"kind": register.kind, "code": "colour", "label": "Colour", "sort": "text"}
            actions.create(OwnField, by=cls.acme.actor, **given)
        cls.acme.organisation.refresh_from_db()
        cls.acme.actor = Actor.of(cls.acme.ann)
        cls.hidden = one_of_each(cls.acme)
        cls.soon = cls.acme.organisation.today() + timedelta(days=3)
        for slug in ("nonconformities", "actions"):
            given = {"due": cls.soon, "own": {"colour": f"{SECRET} red"}}
            cls.hidden[slug] = actions.edit(cls.hidden[slug], by=cls.acme.actor, **given)
        cls.open = actions.create(register_of("action"), by=cls.acme.actor, title="Open to all", due=cls.soon)
        cls.theirs = actions.create(register_of("action"), by=cls.other.actor, title=f"{SECRET} at Brightco")

    def walked(self, client: Client) -> Iterator[tuple[str, str, Any]]:
        """(what it is, where, the answer) of every reading, and of every page of the hidden records."""
        for slug, record in self.hidden.items():
            for what, address in LISTS.items():
                yield what, slug, client.get(f"/acme/{slug}/{address}")
            for address in ("", "edit/", "history/", "label.pdf"):
                yield "record", slug, client.get(f"/acme/{slug}/{record.number}/{address}")
            yield "followed", slug, client.post(f"/acme/{slug}/{record.number}/follow/")
        for what, address in DESK.items():
            yield what, "desk", client.get(f"/acme/{address}")

    def told_in(self, client: Client) -> set[tuple[str, str]]:
        return {(what, slug) for what, slug, answer in self.walked(client) if SECRET in said(answer)}

    def test_who_may_see_it_meets_it_in_every_reading(self) -> None:
        """So that the silence of the others means something."""
        told = self.told_in(self.acme.client(self.acme.ann))
        self.assertLessEqual(TELLING | DESK_TELLING, {what for what, _slug in told})
        for slug in self.hidden:
            self.assertLessEqual({("list", slug), ("csv", slug), ("xlsx", slug), ("labels", slug)}, told, slug)

    def test_with_the_guard_off_it_is_noticed_everywhere(self) -> None:
        off = patch("plumbline.kernel.models.seen_by", lambda actor, path="": Q())
        with off, patch.object(Prepared, "__call__", put_together_anew):  # no statement from before, none kept
            told = {what for what, _slug in self.told_in(self.acme.client(self.acme.bob))}
        self.assertLessEqual(TELLING | {"box", "search"}, told)

    def test_nobody_whom_it_does_not_concern(self) -> None:
        for person in (self.acme.bob, self.acme.cleo):
            self.assertEqual(self.told_in(self.acme.client(person)), set(), person.name)
        self.assertFalse(Follow.objects.filter(person__in=[self.acme.bob, self.acme.cleo]).exists())

    def test_nobody_of_another_organisation_and_nobody_whose_time_is_over(self) -> None:
        holding = RoleHolding.objects.get(person=self.acme.cleo)
        yesterday = self.acme.organisation.today() - timedelta(days=1)
        actions.edit(holding, by=self.acme.actor, until_on=yesterday)
        before = Event.objects.count()
        for client in (self.other.client(self.other.ann), self.acme.client(self.acme.cleo), Client()):
            for what, slug, answer in self.walked(client):
                told = said(answer)
                for words in (SECRET, "Open to all"):
                    self.assertNotIn(words, told, f"{what} {slug}")
        self.assertEqual((Event.objects.count(), Follow.objects.count()), (before, 0))

    def test_nothing_is_counted_either(self) -> None:
        bob = self.acme.client(self.acme.bob)
        seen = {"actions": 1}
        for slug in self.hidden:
            for address in ("", f"?q={BEGUN}", f"?own-colour={BEGUN}", f"?due_from={self.soon}"):
                wanted = seen.get(slug, 0) if "q=" not in address and "colour" not in address else 0
                page = bob.get(f"/acme/{slug}/{address}").context["page"]
                self.assertEqual((page.total, len(page.rows)), (wanted, wanted), f"{slug}{address}")
            rows = b"".join(bob.get(f"/acme/{slug}/export.csv").streaming_content).decode().strip().splitlines()
            self.assertEqual(len(rows) - 1, seen.get(slug, 0), slug)

    def test_calendars_name_no_hidden_date(self) -> None:
        def calendar(person: Any, what: str = "") -> str:
            CalendarKey.renew(person)
            token = CalendarKey.objects.get(person=person).token
            return said(Client().get(f"/acme/calendar/{token}{what}.ics"))

        for what in ("", "/actions", "/nonconformities"):
            self.assertIn(SECRET, calendar(self.acme.ann, what), what)
            self.assertNotIn(SECRET, calendar(self.acme.bob, what), what)
        self.assertIn("Open to all", calendar(self.acme.bob, "/actions"))

    def test_a_move_of_many_takes_what_is_hidden_for_what_is_not_there(self) -> None:
        """Ids of the same organisation's hidden records, of another's and of nobody's, among one that may be seen."""
        before = Event.objects.count()
        pages = []
        for stranger in (self.hidden["documents"].uid, self.theirs.uid, uuid4()):
            sent = {"chosen": [str(self.open.uid), str(stranger)], "verb": "cancel"}
            page = said(self.acme.client(self.acme.bob).post("/acme/actions/many/", sent)).replace(str(stranger), "#")
            self.assertIn(self.open.number, page)
            self.assertNotIn(SECRET, page)
            pages.append("1 record chosen" in page)
            made = {"chosen": [f"{stranger}:1:{'0' * 64}"], "verb": "cancel", "make": "1", "reason": "twice"}
            for person, words in ((self.acme.bob, SECRET), (self.acme.ann, "at Brightco")):
                answer = self.acme.client(person).post("/acme/actions/many/", made, follow=True)
                self.assertNotIn(words, said(answer))
        self.assertEqual(pages, [True] * 3)
        self.assertEqual(Event.objects.count(), before)

    def test_who_follows_a_whole_register_hears_and_is_mailed_of_nothing_hidden(self) -> None:
        Account.objects.update(joined_at=datetime(2026, 1, 1, tzinfo=UTC))
        noting.run()
        for register in registers():
            Follow.objects.create(person=self.acme.bob, kind=register.kind)
        for record in self.hidden.values():
            text = f"{SECRET} said again, @Bob Carter"
            actions.create(Comment, by=self.acme.actor, record=Record.objects.get(pk=record.pk), text=text)
        actions.create(Comment, by=self.acme.actor, record=self.open, text="Heard by all")
        noting.run()
        told = notices.unread(Actor.of(self.acme.bob))  # one that names Bob is kept, and told once he may see it
        self.assertEqual({notice.record_id for notice in told}, {self.open.pk})
        bob = self.acme.client(self.acme.bob)
        for page in ("my-work/", "my-notices/"):
            self.assertNotIn(SECRET, said(bob.get(f"/acme/{page}")))
        monday = datetime.now(UTC) + timedelta(days=7 - datetime.now(UTC).weekday())
        self.assertTrue(list(mailing.send(monday.replace(hour=9))))
        bobs = self.post.to("bob@acme.example")
        self.assertTrue(bobs)
        self.assertNotIn(SECRET, mailed(bobs))
        self.assertIn("Open to all", mailed(bobs))
        self.assertIn(SECRET, mailed(self.post.to("ann@acme.example")))

    def test_each_register_comes_back_unchanged_and_is_told_to_other_programs_and_calendars(self) -> None:
        """Written for no register: one that is added later has its import, its webhook and its calendar at once."""
        ann = self.acme.client(self.acme.ann)
        wanted = {"name": "All", "url": "https://hooks.example.org/all", "made_by": self.acme.ann}
        sending.begin(actions.create(Webhook, by=self.acme.actor, **wanted))
        CalendarKey.renew(self.acme.ann)
        token = CalendarKey.objects.get(person=self.acme.ann).token
        for slug, record in self.hidden.items():
            with self.subTest(slug):
                written = b"".join(ann.get(f"/acme/{slug}/export.csv?fields=all").streaming_content)
                asked = ann.post(f"/acme/{slug}/import/", {"file": SimpleUploadedFile("back.csv", written)})
                run = Import.objects.get(kind=record.kind)
                mapped = {f"column-{place}": name for place, name in enumerate(run.mapping)}
                ann.post(asked["Location"], {"do": "check", "changing": "yes", **mapped})
                working.work()
                run.refresh_from_db()
                told = list(run.rows.values_list("step", "given", "errors"))
                self.assertEqual((run.state, {step for step, *_more in told}), ("checked", {"same"}), told)
                actions.edit(
                    register_of(record).model.objects.get(pk=record.pk), by=self.acme.actor, confidential=False
                )
                self.assertIn("BEGIN:VCALENDAR", said(Client().get(f"/acme/calendar/{token}/{slug}.ics")))
        with patch.object(sending, "_send_waiting", return_value=()):
            list(sending.run(timezone.now()))
        heard = set(Delivery.objects.values_list("kind", flat=True))
        self.assertEqual(heard, {f"{register.kind}.edit" for register in registers()})
