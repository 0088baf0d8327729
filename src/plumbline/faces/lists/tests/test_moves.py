"""Many records moved at once: looked at first, each through the door alone, each signature bound to its own record."""

from unittest.mock import patch

from plumbline.faces.lists.models import Run
from plumbline.faces.lists.tests.test_views import LIST, ListTest
from plumbline.kernel import actions, signing
from plumbline.kernel.models import Record, Signature
from plumbline.kernel.register import register_of, registers
from plumbline.kernel.testing import PASSWORD
from plumbline.ledger.models import Event
from plumbline.ledger.verify import verify_deep
from plumbline.organisation.actor import Actor
from plumbline.organisation.roles import Role

MANY = LIST + "many/"


def picked(page: str) -> list[str]:
    """What the page carries of each record that was looked at."""
    return [part.split('"')[0] for part in page.split('name="chosen" value="')[1:]]


class MovesTest(ListTest):
    def look(self, client, verb: str, records, **values):
        return client.post(MANY, {"chosen": [str(one.uid) for one in records], "verb": verb, **values})

    def done(self, client, verb: str, looked, **answers):
        given = {"chosen": picked(looked.content.decode()), "verb": verb, "make": "1", **answers}
        return client.post(MANY, given)

    def checked(self, count: int = 2) -> list:
        """Records whose effect is to be checked, owned by Bob, so that Ann may judge."""
        made = []
        for n in range(count):
            record = self.make(f"Checked {n}", owner=self.acme.bob)
            steps = (
                ("correct", {"correction": "c"}),
                ("analyse", {}),
                ("plan", {"cause": "c", "criterion": "c"}),
                ("submit", {}),
            )
            for verb, answers in steps:
                record = actions.act(record, verb, by=self.acme.actor, **answers)
            made.append(record)
        return made

    def test_how_many_can_and_why_the_others_cannot_is_seen_beforehand(self) -> None:
        records = [self.make(f"Burr {n}") for n in range(3)]
        closed = actions.act(self.make("Done"), "cancel", by=self.acme.actor, reason="twice")
        before = Event.objects.count()
        page = self.look(self.ann, "cancel", [*records, closed])
        self.assertContains(page, "4 records chosen")
        self.assertContains(page, "3 can go on")
        self.assertContains(page, "1 cannot:")
        self.assertContains(page, "while the record is “Cancelled”")
        self.assertContains(self.look(self.bob, "cancel", records), "Only for: Quality manager (Ann Bell)")
        self.assertEqual(Event.objects.count(), before)

    def test_each_is_moved_alone_and_the_result_is_told_by_record(self) -> None:
        records = [self.make(f"Burr {n}") for n in range(3)]
        looked = self.look(self.ann, "cancel", records)
        actions.edit(records[1], by=self.acme.actor, title="Changed meanwhile")
        answer = self.done(self.ann, "cancel", looked, reason="entered twice")
        states = [Record.objects.get(pk=one.pk).state for one in records]
        self.assertEqual(states, ["cancelled", "open", "cancelled"])
        page = self.ann.get(answer["Location"])
        self.assertContains(page, "Somebody else changed this")
        self.assertContains(page, "Changed meanwhile")
        self.assertEqual(self.bob.get(answer["Location"]).status_code, 404)
        self.assertEqual(list(verify_deep(self.acme.organisation.uid)), [])

    def test_without_the_reason_nothing_is_done(self) -> None:
        records = [self.make(), self.make()]
        answer = self.done(self.ann, "cancel", self.look(self.ann, "cancel", records))
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(Run.objects.exists())
        self.assertEqual(set(Record.objects.values_list("state", flat=True)), {"open"})

    def test_what_a_record_says_already_stays_as_it_says_it(self) -> None:
        one, two = self.make(correction="Filed down"), self.make()
        looked = self.look(self.ann, "correct", [one, two])
        self.assertEqual(self.done(self.ann, "correct", looked).status_code, 422)
        self.done(self.ann, "correct", self.look(self.ann, "correct", [one]))
        self.assertEqual(self.register.model.objects.get(pk=one.pk).correction, "Filed down")

    def test_every_record_gets_its_own_signature_over_its_own_manifest(self) -> None:
        records = self.checked()
        self.done(self.ann, "confirm", self.look(self.ann, "confirm", records), effect="None since")
        signatures = {one.record_id: one for one in Signature.objects.all()}
        self.assertEqual(set(signatures), {one.uid for one in records})
        for uid, signature in signatures.items():
            self.assertEqual(signature.manifest[0]["uid"], str(uid))
        self.assertEqual(len({one.digest for one in signatures.values()}), len(records))

    def test_a_signature_of_one_is_not_taken_for_another(self) -> None:
        one, two = self.checked()
        entries = [entry.split(":") for entry in picked(self.look(self.ann, "confirm", [one, two]).content.decode())]
        swapped = [
            f"{entries[0][0]}:{entries[0][1]}:{entries[1][2]}",
            f"{entries[1][0]}:{entries[1][1]}:{entries[0][2]}",
        ]
        answer = self.ann.post(MANY, {"chosen": swapped, "verb": "confirm", "make": "1", "effect": "None since"})
        self.assertContains(self.ann.get(answer["Location"]), "changed while you were reading it")
        self.assertFalse(Signature.objects.exists())

    def test_one_password_is_asked_once_and_a_wrong_one_signs_nothing(self) -> None:
        records = self.checked(3)
        with patch.object(type(self.register), "strength", lambda self, move, record: "again"):
            looked = self.look(self.ann, "confirm", records)
            self.assertContains(looked, 'type="password"', 1)
            wrong = self.done(self.ann, "confirm", looked, effect="None", password="not it")
            self.assertContains(wrong, "That is not your password", status_code=422)
            self.assertFalse(Signature.objects.exists())
            with patch.object(signing.tries, "judged", wraps=signing.tries.judged) as asked:
                self.done(self.ann, "confirm", looked, effect="None", password=PASSWORD)
            self.assertEqual(asked.call_count, 1)
        self.assertEqual(Signature.objects.filter(strength="again").count(), 3)

    def test_nobody_judges_their_own_work_among_many_either(self) -> None:
        mine, others = self.checked(2)
        actions.edit(mine, by=self.acme.actor, owner=self.acme.ann)
        page = self.look(self.ann, "confirm", [mine, others])
        self.assertContains(page, "Nobody judges their own work")
        self.done(self.ann, "confirm", page, effect="None since")
        self.assertEqual(Record.objects.get(pk=mine.pk).state, "check")
        self.assertEqual(Record.objects.get(pk=others.pk).state, "closed")

    def test_what_one_may_not_see_is_as_if_it_were_not_there(self) -> None:
        secret = self.make("Secret", confidential=True)
        foreign = self.make("Foreign", self.other)
        action = actions.create(register_of("action"), by=self.acme.actor, title="Another kind")
        mine = self.make("Mine", owner=self.acme.bob)
        ids = [secret, foreign, action, mine]
        page = self.look(self.bob, "correct", ids)
        self.assertContains(page, "1 record chosen")
        for hidden in ("Secret", "Foreign", "Another kind", str(secret.uid), str(foreign.uid), secret.number + "<"):
            self.assertNotContains(page, hidden)
        entries = [*picked(page.content.decode()), f"{secret.uid}:1:", f"{foreign.uid}:1:", f"{action.uid}:1:", "x", ""]
        given = {"chosen": entries, "verb": "correct", "make": "1", "correction": "Filed"}
        answer = self.bob.post(MANY, given)
        self.assertEqual(Run.objects.get().lines, [[str(mine.uid), ""]])
        self.assertNotContains(self.bob.get(answer["Location"]), "Secret")
        self.assertEqual(Record.objects.get(pk=secret.pk).state, "open")

    def test_all_that_match_are_those_of_the_filter_and_no_more_than_500(self) -> None:
        self.make("Big", grade="major")
        rows = [{"title": f"Burr {n}", "description": "x"} for n in range(60)]
        actions.create_many(self.register, rows, by=self.acme.actor)
        page = self.text(self.ann, "?grade=minor")
        self.assertIn("All 60 that match", page)
        looked = self.look(self.ann, "cancel", [], all="1", asked="grade=minor")
        self.assertContains(looked, "60 records chosen")
        self.assertNotContains(looked, "Big")
        with patch("plumbline.faces.lists.moving.MOST", 7):
            self.assertContains(self.look(self.ann, "cancel", [], all="1", asked="grade=minor"), "7 records chosen")

    def test_who_only_reads_is_offered_no_boxes(self) -> None:
        record = self.make()
        cleo = self.acme.client(self.acme.cleo)
        self.assertNotIn('name="chosen"', self.text(cleo))
        self.assertEqual(self.look(cleo, "cancel", [record]).status_code, 302)

    def test_moves_with_a_page_of_their_own_are_not_among_them(self) -> None:
        director = self.acme.join("Dora Ellis", "dora@acme.example", Role.MANAGEMENT, Role.QUALITY)
        for register in registers():
            page = self.acme.client(director).post(f"/acme/{register.slug}/many/", {"verb": "no-such-verb"})
            self.assertEqual(page.status_code, 302)
        from plumbline.faces.lists.moving import offered

        verbs = dict(offered(self.register, Actor.of(self.acme.ann)))
        self.assertIn("cancel", verbs)
