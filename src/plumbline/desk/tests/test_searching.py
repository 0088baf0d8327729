"""What the search page says of how much it found."""

from unittest.mock import patch

from django.test import TestCase

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company


class CountTest(TestCase):
    def test_only_what_one_may_see_is_counted_also_where_more_is_found_than_shown(self) -> None:
        acme = Company("Acme")
        for n in range(5):
            actions.create(register_of("action"), by=acme.actor, title=f"Caliper {n}", confidential=n > 2)
        with patch("plumbline.desk.searching.MOST", 3):
            for person, count in ((acme.bob, "3 records"), (acme.ann, "5 records")):
                self.assertContains(acme.client(person).get("/acme/search/", {"q": "caliper"}), count)
