"""What is kept of a page for the next one: nobody sees what was drawn for another."""

import re
from dataclasses import fields, replace

from django.test import RequestFactory, TestCase
from django.utils.translation import override

from plumbline.kernel import actions
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Person, RoleHolding
from plumbline.organisation.roles import Role
from plumbline.ui.frame import Choice, Entry, Reader
from plumbline.ui.keeping import still_html
from plumbline.ui.styleguide import frame as sample

OTHER = {  # another value for everything that the top of a page is drawn from
    "organisation": Choice("Brightwater & Pumps", "brightwater"),
    "organisations": (Choice("Third", "third", "/third/"), Choice("Fourth", "fourth", "/fourth/")),
    "menu": (Entry("Somewhere", "/somewhere/", "key"),),
    "languages": (Choice("English", "en"), Choice("Polski", "pl", active=True)),
    **{
        name: f"/other-{name}/" for name in ("person", "account", "who", "next_url", "home_url", "search_url", "origin")
    },
    **{name: f"/other-{name}/" for name in ("sign_out_url", "language_url")},
}
ELSEWHERE = {"start_url"}  # for who is not signed in, and drawn anew each time


def drawn(reader: Reader, **context: object) -> str:
    return "".join(
        still_html(context, f"ui/{name}.html", {"reader": reader}, {"searched": "<b>"})
        for name in ("top", "box", "scan")
    )


class KeepingTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.brook = Company("Acme"), Company("Brook")

    def test_whatever_of_the_reader_differs_is_drawn_anew(self) -> None:
        reader = sample().reader
        before = drawn(reader)
        self.assertEqual(before, drawn(reader))
        for one in fields(Reader):
            if one.name in ELSEWHERE:
                continue
            after = drawn(replace(reader, **{one.name: OTHER[one.name]}))
            self.assertNotEqual(before, after, one.name)
            told = re.findall(r"[\w/&;-]+", after)
            self.assertTrue(
                {"Brightwater", "/third/", "/somewhere/", "pl", f"/other-{one.name}/"} & set(told), one.name
            )

    def test_a_language_is_drawn_for_itself(self) -> None:
        reader = sample().reader
        english = drawn(reader)
        with override("de"):
            self.assertIn("Abmelden", drawn(reader))
        self.assertNotIn("Abmelden", english)

    def test_what_belongs_to_one_request_is_never_kept(self) -> None:
        reader = sample().reader
        for token, path in (("first", "/acme/?a=<1>"), ("second", "/acme/x/")):
            request = RequestFactory().get(path)
            html = drawn(reader, csrf_token=token, request=request)
            self.assertEqual(set(re.findall('name="csrfmiddlewaretoken" value="([^"]*)"', html)), {token})
            self.assertIn('name="next" value="/acme/x/"' if token == "second" else "/acme/?a=%3C1%3E", html)
        self.assertIn('value="&lt;b&gt;"', drawn(reader))

    def test_each_gets_their_own_name_and_menu_and_a_change_shows_at_once(self) -> None:
        acme, brook = self.acme, self.brook
        seen = {}
        for _twice in range(2):  # drawn, then kept
            for company, who in ((acme, acme.ann), (brook, brook.ann), (acme, acme.bob), (brook, brook.bob)):
                html = seen[who] = page_of(company, who)
                self.assertIn(f'<span class="pl-menu-name">{company.organisation.name}</span>', html)
                self.assertIn(f"<strong>{who.name}</strong><span>{who.account.email}</span>", html)
                self.assertIn(f'href="/{company.organisation.slug}/nonconformities/"', html)
                other = {acme: brook, brook: acme}[company].organisation.slug
                self.assertNotIn(f"/{other}/", html)
                self.assertEqual(who.name == "Ann Bell", f'href="/{company.organisation.slug}/settings/"' in html)
        actions.create(RoleHolding, by=acme.actor, person=acme.bob, role=Role.QUALITY)
        actions.edit(acme.organisation, by=acme.actor, name="Acme & Daughters")
        after = page_of(acme, acme.bob)
        self.assertIn('<span class="pl-menu-name">Acme &amp; Daughters</span>', after)
        self.assertIn('href="/acme/settings/"', after)
        self.assertNotIn('href="/brook/settings/"', page_of(brook, brook.bob))

    def test_where_one_is_and_what_waits_are_marked_on_each_page_anew(self) -> None:
        acme = self.acme
        register = register_of("nonconformity")
        self.assertEqual(marked(page_of(acme, acme.bob)), {"/acme/my-work/"})
        self.assertNotIn("pl-count", page_of(acme, acme.bob, "nonconformities"))
        actions.create(register, by=acme.actor, title="Too wide", description="By 2 mm", owner=acme.bob)
        html = page_of(acme, acme.bob, "nonconformities")
        self.assertEqual(marked(html), {"/acme/nonconformities/"})
        self.assertIn('data-fold="improvement" open', html)
        self.assertIn('<span class="pl-count">1<', html)
        self.assertEqual(marked(page_of(acme, acme.bob, "")), {"/acme/"})


def page_of(company: Company, who: Person, name: str = "my-work") -> str:
    slug = company.organisation.slug
    return company.client(who).get(f"/{slug}/{name}/" if name else f"/{slug}/").content.decode()


def marked(html: str) -> set[str]:
    return set(re.findall('href="([^"]+)" aria-current="page"', html))
