"""Numbers: unique and without gaps, also when fifty people create at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase

from plumbline.kernel import actions, numbering
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

PEOPLE = 50


@pytest.mark.slow
def test_fifty_parallel_creates_get_fifty_numbers_without_a_gap(real_db) -> None:
    acme = Company("Acme")
    register = register_of("action")

    def one(n: int) -> str:
        try:
            return actions.create(register, by=acme.actor, title=f"Action {n}").number
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        numbers = sorted(pool.map(one, range(PEOPLE)))
    year = acme.organisation.today().year
    assert numbers == [f"ACT-{year}-{n:03}" for n in range(1, PEOPLE + 1)]


class NumberTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.register = register_of("action")

    def make(self, **values):
        return actions.create(self.register, by=self.acme.actor, title="x", **values)

    def test_an_organisation_has_its_own_scheme(self) -> None:
        settings = {"numbering": {"action": "M{yy}.{n:04}"}}
        organisation = actions.edit(self.acme.organisation, by=self.acme.actor, settings=settings)
        self.acme.actor.organisation.settings = organisation.settings
        self.assertEqual(self.make().number, f"M{organisation.today().year % 100:02}.0001")

    def test_a_number_of_ones_own_is_kept_and_never_given_again(self) -> None:
        year = self.acme.organisation.today().year
        self.assertEqual(self.make(number=f"ACT-{year}-002").number, f"ACT-{year}-002")
        self.assertEqual([self.make().number for _n in range(2)], [f"ACT-{year}-001", f"ACT-{year}-003"])
        with self.assertRaises(ValidationError):
            self.make(number=f"ACT-{year}-002")

    def test_numbers_and_schemes_that_cannot_work_are_refused(self) -> None:
        for scheme in ("ACT", "{year}", "{n:", "{person}-{n}", "a/b-{n}", "{n.__class__}"):
            with self.assertRaises(ValidationError, msg=scheme):
                numbering.check_scheme(scheme)
        for number in ("a/b", "", "x" * 41, "<b>", "a b"):
            with self.assertRaises(ValidationError, msg=number):
                numbering.check_number(number)

    def test_an_old_number_leads_to_the_new_one(self) -> None:
        record = self.make()
        actions.edit(record, by=self.acme.actor, number="OWN-7")
        response = self.acme.client(self.acme.ann).get(f"/acme/actions/{record.number}/")
        self.assertRedirects(response, "/acme/actions/OWN-7/")
