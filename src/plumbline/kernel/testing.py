"""What every register must do. A register's tests name the register and give a sample; the contract proves the rest."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plumbline.history.canonical import canonical
from plumbline.ledger.models import Event, WrittenOutsideTheDoor
from plumbline.ledger.shapes import shape_of
from plumbline.organisation.actor import Actor
from plumbline.organisation.founding import found
from plumbline.organisation.models import Account, Person, RoleHolding
from plumbline.organisation.roles import Role

from . import actions, policy, signing
from .models import Record
from .register import Register, register_of
from .workflow import IllegalMove, Move

PASSWORD = "plumb-and-level"
MOST_LIST_QUERIES, MOST_RECORD_QUERIES = 6, 9  # beside BEGIN and PRAGMA


class Company:
    """An organisation for tests: Ann runs everything, Bob holds no role, Cleo audits for a certification body."""

    def __init__(self, name: str) -> None:
        slug = name.lower()
        self.ann = found(Account.objects.create_user(f"ann@{slug}.example", PASSWORD, name="Ann Bell"), name, slug=slug)
        self.organisation = self.ann.organisation
        self.actor = Actor.of(self.ann)
        self.bob = self.join("Bob Carter", f"bob@{slug}.example")
        self.cleo = self.join("Cleo Dunn", f"cleo@{slug}.example", Role.BODY_AUDITOR)

    def join(self, name: str, email: str, *roles: Role) -> Person:
        account = Account.objects.create_user(email, PASSWORD, name=name)
        person = actions.create(Person, by=self.actor, name=name, email=email, account=account)
        for role in roles:
            actions.create(RoleHolding, by=self.actor, person=person, role=role)
        return person

    def client(self, person: Person) -> Client:
        client = Client()
        client.force_login(person.account, backend="plumbline.organisation.accounts.Backend")
        return client


def proof(record: Record, move: Move, by: Person) -> signing.Proof | None:
    """What a signer would hand in."""
    return signing.prove(by.account, record, move, PASSWORD) if move.sign else None


def counted(queries: CaptureQueriesContext) -> int:
    """Queries without transaction control and pragmas (GOALS.md, shape)."""
    skipped = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET ", "SELECT set_config")
    return sum(not query["sql"].startswith(skipped) for query in queries)


class RegisterContract:
    """Mix with TestCase: the promises of the kernel, kept by one register."""

    register: type[Register]
    sample: dict[str, Any] = {}  # what a user types into the form
    answers: dict[str, Any] = {}  # what they answer when a move asks
    unreachable: tuple[str, ...] = ()  # states that need more than moves; the register's own tests reach them
    most_record_queries = MOST_RECORD_QUERIES

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        cls.r = register_of(cls.register.model._meta.model_name)

    def make(self, company: Company | None = None, **values: Any) -> Any:
        company = company or self.acme
        return actions.create(self.r, by=company.actor, **{**self.sample, **values})

    def ready(self, record: Any, move: Move) -> Any:
        """Hook: bring about what this move needs beyond its answers."""
        return record

    def of_another(self, record: Any, move: Move) -> Any:
        """Hook: make it somebody else's where a move is not for its owner."""
        return actions.edit(record, by=self.acme.actor, owner=self.acme.bob) if move.not_by else record

    def move(self, record: Any, move: Move, by: Person | None = None) -> Any:
        by = by or self.acme.ann
        record = self.ready(record, move)
        record = self.of_another(record, move)
        answers = {name: self.answers[name] for name in move.asks}
        actor = Actor.clock(self.acme.organisation) if move.who == ("clock",) else Actor.of(by)
        return actions.act(record, move.verb, by=actor, proof=proof(record, move, by), reason="because", **answers)

    def url(self, name: str, *args: Any, company: Company | None = None) -> str:
        return reverse(f"{self.r.slug}:{name}", args=[(company or self.acme).organisation.slug, *args])

    def routes(self) -> Iterator[tuple[list[Move], Move]]:
        """Every move of the workflow, with a shortest way to where it starts."""
        workflow, queue, seen = self.r.workflow, [(self.r.workflow.initial, [])], set()
        while queue:
            state, way = queue.pop(0)
            if state in seen:
                continue
            seen.add(state)
            for move in workflow.moves_from(state):
                yield way, move
                queue.append((move.target, [*way, move]))

    def walked(self, way: list[Move]) -> Any:
        record = self.make()
        for move in way:
            record = self.move(record, move)
        return record

    # what is promised

    def test_numbers_follow_the_scheme_without_gaps(self) -> None:
        first, second = self.make(), self.make()
        self.assertIn(self.r.series(self.acme.organisation, self.sample)[0], first.number)
        self.assertEqual(int(second.number.rsplit("-", 1)[-1]), int(first.number.rsplit("-", 1)[-1]) + 1)

    def test_every_move_from_every_state_is_made_and_told(self) -> None:
        reached = {self.r.workflow.initial}
        for way, move in self.routes():
            record = self.move(self.walked(way), move)
            self.assertEqual(record.state, move.target)
            self.assertEqual(record.closed_at is not None, self.r.workflow.is_closed(move.target))
            last = Event.objects.filter(subject=record.uid).order_by("-pk").first()
            self.assertIn(last.verb, {move.verb, "edit"})
            self.assertTrue(Event.objects.filter(subject=record.uid, verb=move.verb).exists())
            reached.add(move.target)
        self.assertEqual(reached, set(self.r.workflow.states) - set(self.unreachable))

    def test_moves_that_the_state_does_not_allow_are_refused(self) -> None:
        record = self.make()
        legal = {move.verb for move in self.r.workflow.moves_from(record.state)}
        for move in self.r.workflow.moves:
            if move.verb not in legal:
                with self.assertRaises(IllegalMove, msg=move.verb):
                    actions.act(record, move.verb, by=self.acme.actor)

    def test_answers_that_a_move_asks_for_are_needed(self) -> None:
        for way, move in self.routes():
            if not move.asks:
                continue
            record = self.ready(self.walked(way), move)
            if all(getattr(record, name) for name in move.asks):
                continue
            record = self.of_another(record, move)
            with self.assertRaises(ValidationError, msg=move.verb):
                actions.act(record, move.verb, by=self.acme.actor, proof=proof(record, move, self.acme.ann), reason="r")

    def test_signed_moves_need_the_proof_of_the_signer(self) -> None:
        for way, move in self.routes():
            if not move.sign:
                continue
            record = self.ready(self.walked(way), move)
            answers = {name: self.answers[name] for name in move.asks}
            record = self.of_another(record, move)
            with self.assertRaises(signing.BadSignature, msg=move.verb):
                actions.act(record, move.verb, by=self.acme.actor, reason="r", **answers)
            with self.assertRaises(signing.BadSignature, msg="stale"):
                stale = signing.Proof(self.acme.ann.account, "0" * 64, self.r.strength(move, record))
                actions.act(record, move.verb, by=self.acme.actor, proof=stale, reason="r", **answers)
            self.assertEqual(type(record).objects.get(pk=record.pk).state, record.state)

    def test_reasons_that_a_move_asks_for_are_needed(self) -> None:
        for way, move in self.routes():
            if move.reason:
                record = self.ready(self.walked(way), move)
                with self.assertRaises(ValidationError, msg=move.verb):
                    answers = {name: self.answers[name] for name in move.asks}
                    actions.act(
                        record, move.verb, by=self.acme.actor, proof=proof(record, move, self.acme.ann), **answers
                    )

    def test_pages_open_and_a_get_writes_nothing(self) -> None:
        client, record = self.acme.client(self.acme.ann), self.make()
        before = Event.objects.count()
        pages = [
            self.url("list"),
            self.url("new"),
            self.url("record", record.number),
            self.url("edit", record.number),
            self.url("timeline", record.number),
        ]
        pages += [self.url("act", record.number, move.verb) for move in self.r.workflow.moves_from(record.state)]
        for page in pages:
            self.assertEqual(client.get(page).status_code, 200, page)
        self.assertContains(client.get(self.url("list")), record.number)
        self.assertContains(client.get(self.url("record", record.number)), record.title)
        self.assertEqual(Event.objects.count(), before)

    def test_the_export_names_the_record(self) -> None:
        record = self.make()
        response = self.acme.client(self.acme.ann).get(self.url("export"))
        self.assertIn(record.number, b"".join(response.streaming_content).decode())

    def test_signed_out_is_sent_to_the_sign_in_page(self) -> None:
        record = self.make()
        for page in (self.url("list"), self.url("record", record.number), self.url("export"), self.url("new")):
            response = Client().get(page)
            self.assertEqual(response.status_code, 302, page)
            self.assertIn("/accounts/login/", response["Location"])

    def test_nobody_from_another_organisation_gets_in(self) -> None:
        record, stranger = self.make(), self.other.client(self.other.ann)
        verbs = [move.verb for move in self.r.workflow.moves]
        pages = [
            self.url("list"),
            self.url("new"),
            self.url("export"),
            self.url("record", record.number),
            self.url("edit", record.number),
            *(self.url("act", record.number, verb) for verb in verbs),
        ]
        for page in pages:
            self.assertEqual(stranger.get(page).status_code, 404, page)
            self.assertEqual(stranger.post(page).status_code, 404, page)
        own = self.url("record", record.number, company=self.other)
        self.assertEqual(stranger.get(own).status_code, 404)
        self.assertEqual(stranger.get(self.url("record", "NO-SUCH-1", company=self.other)).status_code, 404)

    def test_confidential_is_hidden_from_those_it_does_not_concern(self) -> None:
        record = self.make(confidential=True)
        client = self.acme.client(self.acme.bob)
        self.assertEqual(client.get(self.url("record", record.number)).status_code, 404)
        self.assertNotContains(client.get(self.url("list")), record.number)
        self.assertNotIn(record.number, b"".join(client.get(self.url("export")).streaming_content).decode())

    def test_an_auditor_of_a_certification_body_reads_and_changes_nothing(self) -> None:
        record, reader = self.make(), Actor.of(self.acme.cleo)
        with self.assertRaises(policy.Denied):
            actions.create(self.r, by=reader, **self.sample)
        with self.assertRaises(policy.Denied):
            actions.edit(record, by=reader, title="Mine now")
        for move in self.r.workflow.moves_from(record.state):
            self.assertFalse(policy.may_move(reader, move, self.ready(record, move)))
        self.assertEqual(self.acme.client(self.acme.cleo).get(self.url("record", record.number)).status_code, 200)

    def test_created_through_the_form(self) -> None:
        typed = {name: getattr(value, "pk", value) for name, value in self.sample.items()}
        response = self.acme.client(self.acme.ann).post(self.url("new"), {**typed, "owner": self.acme.ann.pk})
        self.assertEqual(
            response.status_code, 302, getattr(response, "context", None) and response.context["form"].errors
        )

    def test_a_stale_page_loses_nothing(self) -> None:
        record = self.make()
        actions.edit(record, by=self.acme.actor, title="First")
        with self.assertRaises(actions.Stale):
            actions.edit(record, by=self.acme.actor, version=record.version, title="Second")
        self.assertEqual(type(record).objects.get(pk=record.pk).title, "First")

    def test_no_back_door(self) -> None:
        record = self.make()
        model = self.r.model
        for attempt in (
            record.save,
            record.delete,
            lambda: model.objects.filter(pk=record.pk).update(title="x"),
            Record.objects.all().delete,
            lambda: Record.objects.filter(pk=record.pk).update(state="x"),
        ):
            with self.assertRaises(WrittenOutsideTheDoor):
                attempt()

    def test_no_silent_write_even_by_sql(self) -> None:
        record, child = self.make(), self.r.model._meta
        uid = record.pk.hex if connection.vendor == "sqlite" else record.pk
        for sql in (
            "UPDATE kernel_record SET title = 'x' WHERE uid = %s",
            "DELETE FROM kernel_record WHERE uid = %s",
            f"UPDATE {child.db_table} SET home_id = home_id WHERE record_ptr_id = %s",
            f"DELETE FROM {child.db_table} WHERE record_ptr_id = %s",
        ):
            with self.assertRaises(DatabaseError, msg=sql), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [uid])

    def test_the_digest_before_saving_is_the_digest_reloaded(self) -> None:
        record = self.make()
        again = type(record).objects.get(pk=record.pk)
        shape = shape_of(type(record))
        digests = {hashlib.sha256(canonical(shape.snapshot(row))).hexdigest() for row in (record, again)}
        self.assertEqual(len(digests), 1)

    def test_queries_do_not_grow_with_the_table(self) -> None:
        client, counts = self.acme.client(self.acme.ann), []
        for _round in range(2):
            record = [self.make() for _n in range(4)][-1]
            pair = []
            for page, most in (
                (self.url("list"), MOST_LIST_QUERIES),
                (self.url("record", record.number), self.most_record_queries),
            ):
                client.get(page)
                with CaptureQueriesContext(connection) as queries:
                    client.get(page)
                self.assertLessEqual(counted(queries), most, "\n".join(q["sql"][:200] for q in queries))
                pair.append(counted(queries))
            counts.append(pair)
        self.assertEqual(counts[0], counts[1])


__all__ = ["Company", "RegisterContract", "TestCase", "counted", "proof"]
