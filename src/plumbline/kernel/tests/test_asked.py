"""Questions that are put together once: each who asks gets their own answer, whoever asked before."""

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import Value
from django.http import Http404, QueryDict
from django.test import TestCase

from plumbline.kernel import actions, lists, pages
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.ledger.prepared import ASKED, KEPT, Prepared
from plumbline.organisation.actor import Actor, AskedBy
from plumbline.organisation.models import Person, RoleHolding
from plumbline.organisation.roles import Role


class AskedTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.brook = Company("Acme"), Company("Brook")
        cls.register = register_of("nonconformity")
        for company in (cls.acme, cls.brook):
            made: Any = [
                actions.create(cls.register, by=company.actor, title=f"{company.organisation.name} {name}", **facts)
                for name, facts in (
                    ("open", {"description": "It is too wide"}),
                    ("closed off", {"description": "It is a secret", "confidential": True}),
                )
            ]
            company.open, company.secret = made

    def seen(self, who: Person, number: str) -> str:
        try:
            return pages.find(self.register, Actor.of(who), number).title
        except Http404:
            return "404"

    def test_the_same_number_is_to_each_their_own(self) -> None:
        acme, brook = self.acme, self.brook
        self.assertEqual(acme.open.number, brook.open.number)
        for _twice in range(2):
            self.assertEqual(self.seen(acme.ann, acme.open.number), "Acme open")
            self.assertEqual(self.seen(brook.ann, acme.open.number), "Brook open")
            self.assertEqual(self.seen(acme.ann, acme.secret.number), "Acme closed off")
            self.assertEqual(self.seen(acme.bob, acme.secret.number), "404")
            self.assertEqual(self.seen(brook.bob, acme.secret.number), "404")
            self.assertEqual(self.seen(acme.bob, acme.open.number), "Acme open")

    def test_what_is_ones_own_is_ones_own_alone(self) -> None:
        acme = self.acme
        dan = acme.join("Dan Eve", "dan@acme.example")
        self.assertEqual(self.seen(dan, acme.secret.number), "404")
        own = actions.create(
            self.register, by=Actor.of(acme.bob), title="Bob's", description="Mine", confidential=True, owner=acme.bob
        )
        for _twice in range(2):
            self.assertEqual(self.seen(acme.bob, own.number), "Bob's")
            self.assertEqual(self.seen(dan, own.number), "404")
        actions.create(RoleHolding, by=acme.actor, person=dan, role=Role.QUALITY)
        self.assertEqual(self.seen(dan, own.number), "Bob's")

    def listed(self, who: Person, address: str = "", slug: str = "nonconformity") -> list[str]:
        rows, query = [], QueryDict(address, mutable=True)
        while True:
            page = lists.page(register_of(slug), Actor.of(who), query, size=1)
            rows += [row.title for row in page.rows]
            if not page.after:
                return rows
            query[lists.MARK] = page.after

    def test_a_list_is_to_each_their_own_on_every_page_and_in_every_order(self) -> None:
        acme, brook = self.acme, self.brook
        both = ["Acme closed off", "Acme open"]
        for _twice in range(2):
            self.assertEqual(self.listed(acme.ann), both)
            self.assertEqual(self.listed(acme.ann, "order=number"), both[::-1])
            self.assertEqual(self.listed(acme.ann, "order=title&state=open"), both)
            self.assertEqual(self.listed(acme.ann, "order=due"), both[::-1])
            self.assertEqual(self.listed(acme.ann, "state=settled"), [])
            self.assertEqual(self.listed(acme.ann, "state=\uffff"), [])
            self.assertEqual(self.listed(acme.bob, "order=title"), ["Acme open"])
            self.assertEqual(self.listed(brook.bob), ["Brook open"])
            self.assertEqual(self.listed(brook.ann, "order=-title"), ["Brook open", "Brook closed off"])
            self.assertEqual(self.listed(acme.ann, slug="action"), [])

    def test_another_register_is_another_question(self) -> None:
        self.assertEqual(self.seen(self.acme.ann, self.acme.open.number), "Acme open")
        with pytest.raises(Http404):
            pages.find(register_of("action"), self.acme.actor, self.acme.open.number)

    def test_an_old_number_leads_to_the_record_and_to_nobody_elses(self) -> None:
        record = self.acme.open
        old = record.number
        actions.edit(record, by=self.acme.actor, number="NC-X")
        self.assertEqual(self.seen(self.acme.ann, old), "Acme open")
        self.assertEqual(self.seen(self.brook.ann, "NC-X"), "404")

    def test_a_value_that_would_be_kept_inside_the_question_is_refused(self) -> None:
        hidden = Prepared(lambda uid, _form: Record.objects.annotate(said=Value(f"it is {uid}")).filter(said="x"))
        with pytest.raises(AssertionError, match="something else"):
            hidden(self.acme.open.uid, form="any")

    def test_postgresql_keeps_what_is_asked_again_with_all_but_its_values(self) -> None:
        if connection.vendor != "postgresql":
            return
        wide = "100 % {} %s"
        asked = Prepared(lambda uid, title: Record.objects.filter(pk=uid, title=title).values_list("title"))
        of_acme, of_brook = self.acme.open.uid, self.brook.open.uid
        for _time in range(ASKED + 2):
            self.assertEqual(list(asked(of_acme, form="Acme open")), [("Acme open",)])
            self.assertEqual(list(asked(of_brook, form="Acme open")), [])
            self.assertEqual(list(asked(of_acme, form=wide)), [])
            list(Record.objects.filter(title=wide, pk=of_acme))  # put together anew, and not kept
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%100 \\% {} \\%s%'")
            kept = [statement for (statement,) in cursor.fetchall()]
        self.assertEqual([statement.count("$1") for statement in kept], [1])
        self.assertNotIn(str(of_acme), kept[0])

    def test_no_more_forms_are_kept_than_a_thread_can_use(self) -> None:
        asked = Prepared(lambda uid, version: Record.objects.filter(pk=uid, version=version))
        for _twice in range(2):
            found = [len(list(asked(self.acme.open.uid, form=version))) for version in range(1, KEPT + 5)]
            self.assertEqual(found, [1] + [0] * (KEPT + 3))
        self.assertEqual(len(asked.kept.forms), KEPT)

    def test_of_the_organisation_the_question_learns_no_more_than_the_uid(self) -> None:
        wrong = AskedBy(lambda actor, form: Record.objects.filter(due__lt=actor.organisation.today()))
        with pytest.raises(ObjectDoesNotExist):
            wrong(self.acme.actor)
