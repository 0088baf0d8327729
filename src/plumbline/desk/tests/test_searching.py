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

    def test_what_is_called_as_was_typed_stands_before_what_only_has_the_words(self) -> None:
        acme = Company("Acme")
        actions.create(register_of("action"), by=acme.actor, title="A new action for the settings of webhooks, 8.5.2")
        first = {"new act": "New: action", "settings": "Settings", "webhoo": "Webhooks", "8.5.2": "8.5.2 "}
        for text, said in first.items():
            for query in ({"q": text}, {"q": text, "box": "1"}):
                groups = acme.client(acme.ann).get("/acme/search/", query).context["groups"]
                self.assertEqual(groups[0].lines[0].title[: len(said)], said, query)
                self.assertEqual(groups[1].code, "records", query)
        bob = acme.client(acme.bob).get("/acme/search/", {"q": "webhoo", "box": "1"}).context["groups"]
        self.assertEqual([group.code for group in bob], ["records"])
