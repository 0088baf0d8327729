"""What a program does with a register: the same as people on the pages, with the same answers."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from plumbline.kernel import actions
from plumbline.kernel.models import Link
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, counted
from plumbline.ledger.models import Event
from plumbline.organisation.models import Process, Site

from .asking import Program, refused

NEW = {"title": "Wrong label", "description": "Batch 7 carries the label of batch 6"}
HERE = "nonconformities"


class RegistersTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.register = register_of("nonconformity")

    def setUp(self) -> None:
        self.ann = Program.of(self.acme.ann)

    def made(self, **values):
        return actions.create(self.register, by=self.acme.actor, **{**NEW, **values})

    def test_created_read_edited_moved_and_told(self) -> None:
        site = actions.create(Site, by=self.acme.actor, name="Hall 2")
        sent = {
            **NEW,
            "owner": str(self.acme.bob.uid),
            "site": str(site.uid),
            "quantity": "3.5",
            "reason": "from the line",
        }
        made = self.ann.post(HERE, sent)
        self.assertEqual(made.status_code, 201, made.content)
        one = made.json()
        self.assertEqual((one["owner"]["name"], one["site"]["name"]), ("Bob Carter", "Hall 2"))
        self.assertEqual((one["quantity"], one["state"], one["version"]), ("3.500", "open", 1))
        self.assertEqual(one["url"], f"/acme/{HERE}/{one['number']}/")
        for key in (one["uid"], one["number"]):
            read = self.ann.get(f"{HERE}/{key}")
            self.assertEqual((read.json()["uid"], read["ETag"]), (one["uid"], '"1"'))
        changed = self.ann.patch(f"{HERE}/{one['number']}", {"lot": "L-1"}, If_Match='"1"')
        self.assertEqual((changed.json()["lot"], changed["ETag"]), ("L-1", '"2"'))
        moved = self.ann.post(f"{HERE}/{one['uid']}/moves/correct", {"correction": "Relabelled", "version": 2})
        self.assertEqual(moved.json()["state"], "corrected")
        lines = self.ann.get(f"{HERE}/{one['uid']}/history").json()["items"]
        self.assertEqual([line["verb"] for line in lines], ["correct", "edit", "create"])
        self.assertEqual(lines[1]["changes"], {"lot": ["", "L-1"]})
        self.assertEqual((lines[2]["who"], lines[2]["reason"]), ("Ann Bell", "from the line"))
        self.assertTrue(lines[0]["how"].startswith("token plb_"))
        page = self.ann.get(f"{HERE}/{one['uid']}/history?size=2").json()
        rest = self.ann.get(f"{HERE}/{one['uid']}/history?size=2&after={page['after']}").json()
        self.assertEqual(([*page["items"], *rest["items"]], rest["after"]), (lines, None))
        refused(self.ann.post(f"{HERE}/{one['uid']}/links", {"target": one["number"]}), 422, "are the same record")

    def test_the_list_is_the_page_s_list(self) -> None:
        made = [self.made(title=f"Label {n}", grade="major" if n % 2 else "minor") for n in range(5)]
        first = self.ann.get(f"{HERE}?size=2&order=title").json()
        self.assertEqual(([one["title"] for one in first["items"]], first["total"]), (["Label 0", "Label 1"], 5))
        second = self.ann.get(f"{HERE}?size=2&order=title&after={first['after']}").json()
        self.assertEqual([one["title"] for one in second["items"]], ["Label 2", "Label 3"])
        last = self.ann.get(f"{HERE}?size=2&order=title&after={second['after']}").json()
        self.assertEqual(([one["title"] for one in last["items"]], last["after"]), (["Label 4"], None))
        major = self.ann.get(f"{HERE}?grade=major&open=true&owner=me").json()
        self.assertEqual({one["number"] for one in major["items"]}, {made[1].number, made[3].number})
        self.assertEqual(self.ann.get(f"{HERE}?q=Label+3").json()["items"][0]["number"], made[3].number)
        refused(self.ann.get(f"{HERE}?grade=tiny"), 422, "minor")
        for path in (HERE, "people", f"{HERE}/{made[0].number}/history"):
            told = refused(self.ann.get(f"{path}?stat=open"), 422, "no such filter")
            self.assertEqual(list(told["errors"]), ["stat"])
        for path in (HERE, "people"):
            refused(self.ann.get(f"{path}?after=zzz"), 422, "end of a page")

    def test_what_is_wrong_is_told_in_the_language_asked_for(self) -> None:
        with translation.override("de"):
            told = refused(self.ann.post(HERE, {"title": 1, "nope": 2}, accept_language="de"), 422)
            self.assertEqual(told["errors"]["nope"], [gettext("There is no such field.")])
            self.assertEqual(told["errors"]["title"], [gettext("This has to be a text.")])
            self.assertEqual(told["errors"]["description"], [gettext("This is needed.")])
        with self.settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1 << 20):
            refused(self.ann.post(HERE, {"title": "x" * (1 << 21)}), 413, "The request is larger than 1 MB")

    def test_queries_do_not_grow_with_the_list_and_a_get_writes_nothing(self) -> None:
        counts, events = [], 0
        for _round in range(2):
            for _n in range(4):
                record = self.made()
            pair, events = [], Event.objects.count()
            for path in (HERE, f"{HERE}/{record.number}", f"{HERE}/{record.number}/history"):
                self.ann.get(path)
                with CaptureQueriesContext(connection) as queries:
                    self.assertEqual(self.ann.get(path).status_code, 200)
                pair.append(counted(queries))
            counts.append(pair)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(max(counts[0]), 8)
        self.assertEqual(Event.objects.count(), events)

    def test_a_record_is_made_in_few_statements(self) -> None:
        self.ann.post(HERE, NEW)
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.ann.post(HERE, NEW).status_code, 201)
        self.assertLessEqual(counted(queries), 14, "\n".join(one["sql"][:200] for one in queries))

    def test_a_refusal_names_who_could(self) -> None:
        record, bob = self.made(), Program.of(self.acme.bob)
        moves = {move["verb"]: move["reason"] for move in bob.get(f"{HERE}/{record.number}").json()["moves"]}
        self.assertIn("Only for: Quality manager (Ann Bell).", moves["cancel"])
        refused(bob.post(f"{HERE}/{record.number}/moves/cancel", {"reason": "twice"}), 403, moves["cancel"])

    def test_what_is_wrong_is_told_by_field(self) -> None:
        told = refused(self.ann.post(HERE, {"title": "x" * 201, "grade": "huge", "titel": "x"}), 422)
        self.assertEqual(set(told["errors"]), {"title", "grade", "titel", "description"})
        told = refused(self.ann.post(HERE, {**NEW, "owner": str(self.made().uid)}), 422, "no such row")
        self.assertEqual(set(told["errors"]), {"owner"})
        refused(self.ann.post(HERE, {**NEW, "quantity": "123456789012.5"}), 422)
        refused(self.ann.post(HERE, {**NEW, "title": "a\0b"}), 422, "cannot be kept")
        refused(self.ann.post(HERE, {**NEW, "due": "0026-12-01"}), 422, "due: That is very far away")
        self.assertEqual(
            refused(self.ann.post(f"{HERE}/{self.made().number}/moves/correct"), 422)["errors"].keys(), {"correction"}
        )

    def test_a_body_must_be_json_and_say_so(self) -> None:
        send = self.ann.client.post
        refused(send(f"/api/{HERE}", {"title": "x"}), 415, "application/json")
        for broken in (b"{", b'{"title": NaN}', b'{"title": "\\ud800"}', b"\xff", b"[" * 100_000):
            refused(send(f"/api/{HERE}", broken, "application/json"), 400)
        refused(send(f"/api/{HERE}", b"[]", "application/json"), 422)
        refused(self.ann.client.put(f"/api/{HERE}", b"{}", "application/json"), 405, "takes only GET, POST")
        refused(self.ann.get(f"{HERE}/"), 404, "leave out the slash")
        head = self.ann.client.head(f"/api/{HERE}", headers={"Authorization": f"Bearer {self.ann.secret}"})
        self.assertEqual((head.status_code, head.content), (200, b""))
        refused(self.ann.get("nothing/of/this/kind"), 404)
        refused(self.ann.get(f"{HERE}/a%00b"), 404)

    def test_a_value_that_might_be_one_of_two_kinds_is_refused_by_the_name_of_its_field(self) -> None:
        told = refused(self.ann.get(f"{HERE}?due_before=soon"), 422)
        self.assertEqual(list(told["errors"]), ["due_before"])
        self.assertEqual(len(told["errors"]["due_before"]), 2, "either a date or the word for today")

    def test_who_was_slower_is_told_what_stands_now(self) -> None:
        record = self.made()
        self.assertEqual(self.ann.patch(f"{HERE}/{record.number}", {"lot": "A", "version": 1}).status_code, 200)
        told = refused(self.ann.patch(f"{HERE}/{record.number}", {"lot": "B", "version": 1}), 409, "Somebody else")
        self.assertEqual((told["current"]["lot"], told["current"]["version"]), ("A", 2))
        self.assertEqual(told["current"], self.ann.get(f"{HERE}/{record.number}").json(), "as it is read")
        refused(self.ann.patch(f"{HERE}/{record.number}", {"lot": "B"}, If_Match='"1"'), 409)
        refused(self.ann.patch(f"{HERE}/{record.number}", {"lot": "B"}), 422, "which version")
        refused(self.ann.post(f"{HERE}/{record.number}/moves/correct", {"correction": "x", "version": 1}), 409)
        told = refused(self.ann.post(f"{HERE}/{record.number}/moves/settle", {"enough_because": "x"}), 409, "Reported")
        self.assertEqual(told["current"]["state"], "open")

    def test_moves_say_why_they_are_off(self) -> None:
        record = actions.act(self.made(owner=self.acme.bob), "correct", by=self.acme.actor, correction="Relabelled")
        seen = Program.of(self.acme.bob).get(f"{HERE}/{record.number}").json()
        settle = next(move for move in seen["moves"] if move["verb"] == "settle")
        self.assertFalse(settle["allowed"])
        self.assertIn("Only for", settle["reason"])
        refused(
            Program.of(self.acme.bob).post(f"{HERE}/{record.number}/moves/settle", {"enough_because": "x"}),
            403,
            settle["reason"],
        )

    def test_what_one_leads_to_is_linked(self) -> None:
        record = self.made()
        action = self.ann.post("actions", {"title": "New template", "raised_by": record.number}).json()
        links = self.ann.get(f"{HERE}/{record.number}/links").json()
        self.assertEqual([link["leads_to"]["number"] for link in links], [action["number"]])
        back = self.ann.get(f"actions/{action['number']}/links").json()
        self.assertEqual([link["comes_from"]["number"] for link in back], [record.number])
        other = self.made()
        made = self.ann.post(f"{HERE}/{record.number}/links", {"target": other.number})
        self.assertEqual((made.status_code, made.json()["leads_to"]["uid"]), (201, str(other.uid)))
        again = self.ann.post(f"{HERE}/{record.number}/links", {"target": other.number})
        self.assertIn(again.status_code, (409, 422))
        self.assertIn(self.ann.post(f"{HERE}/{record.number}/links", {"target": record.number}).status_code, (409, 422))
        self.assertEqual(Link.objects.filter(record_id=record.uid).count(), 2)

    def test_a_time_of_day_has_no_zone(self) -> None:
        made = actions.create(register_of("audit"), by=self.acme.actor, title="Shop", lead=self.acme.ann)
        at, area = f"audits/{made.number}/parts/area", {"code": "shop", "name": "Shop", "questions": ["8.2.1-e"]}
        sent = self.ann.post(at, {**area, "start": "09:30"})
        self.assertEqual((sent.status_code, sent.json().get("start")), (201, "09:30:00"), sent.content)
        refused(self.ann.post(at, {**area, "code": "two", "start": "09:30:00Z"}), 422, "start: Write a time of day")

    def test_comments_files_and_requirements(self) -> None:
        record = self.made()
        at = f"{HERE}/{record.number}"
        self.assertEqual(self.ann.post(f"{at}/comments", {"text": "Seen again"}).status_code, 201)
        self.assertEqual([one["text"] for one in self.ann.get(f"{at}/comments").json()], ["Seen again"])
        sent = self.ann.send(f"{at}/files", file=SimpleUploadedFile("photo.txt", b"a burr"), caption="The edge")
        self.assertEqual(sent.status_code, 201, sent.content)
        listed = self.ann.get(f"{at}/files").json()
        self.assertEqual([(one["name"], one["caption"], one["size"]) for one in listed], [("photo.txt", "The edge", 6)])
        content = self.ann.get(f"{at}/files/{listed[0]['uid']}")
        self.assertEqual(
            (b"".join(content.streaming_content), content["X-Content-Type-Options"]), (b"a burr", "nosniff")
        )
        refused(self.ann.post(f"{at}/files", {}), 415, "multipart/form-data")
        refused(self.ann.send(f"{at}/files", caption="none"), 422)
        refused(self.ann.post(f"{at}/requirements", {"requirement": "99.9"}), 422, "no requirement")

    def test_a_file_that_is_too_large_is_refused_and_larger_ones_need_a_token(self) -> None:
        at = f"{HERE}/{self.made().number}/files"
        with self.settings(PLUMBLINE_MAX_UPLOAD=10_000, DATA_UPLOAD_MAX_MEMORY_SIZE=5_000):
            refused(self.ann.send(at, file=SimpleUploadedFile("a.bin", b"x" * 10_001)), 413, "larger than")
            sent = self.ann.send(at, file=SimpleUploadedFile("a.bin", b"x" * 9_999))
            self.assertEqual(
                sent.status_code, 201, sent.content
            )  # larger than what a request without a token may bring
            refused(self.ann.send(at, file=SimpleUploadedFile("a.bin", b"x" * 40_000)), 413)
            refused(Program().send(at, file=SimpleUploadedFile("a.bin", b"x" * 9_999)), 401)

    def test_people_and_places_can_be_named(self) -> None:
        actions.create(Process, by=self.acme.actor, name="Turning", owner=self.acme.bob)
        names = [one["name"] for one in self.ann.get("people").json()["items"]]
        self.assertEqual(names, ["Ann Bell", "Bob Carter", "Cleo Dunn"])
        first = self.ann.get("people?size=2").json()
        rest = self.ann.get(f"people?size=2&after={first['after']}").json()
        self.assertEqual(([one["name"] for one in rest["items"]], rest["after"]), (["Cleo Dunn"], None))
        self.assertEqual(self.ann.get("people?q=bob").json()["items"][0]["uid"], str(self.acme.bob.uid))
        self.assertEqual(self.ann.get("processes").json()["items"][0]["owner"]["name"], "Bob Carter")
        self.assertNotIn("example", self.ann.get("people").content.decode())
        me = self.ann.get("me").json()
        self.assertEqual((me["slug"], me["person"]["name"]), ("acme", "Ann Bell"))
