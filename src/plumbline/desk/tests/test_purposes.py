"""The question mark says what a page is for: across registers, of one register, before signing in."""

from django.test import Client, TestCase

from plumbline.kernel.testing import Company


class PurposeTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.ann = self.acme.client(self.acme.ann)

    def test_a_page_across_registers_says_what_it_is_for(self) -> None:
        self.assertContains(self.ann.get("/acme/my-work/"), "<p>What waits for you, the most urgent first")

    def test_a_page_of_a_register_says_also_what_the_register_is_for(self) -> None:
        page = self.ann.get("/acme/documents/kinds/")
        self.assertContains(page, "<p>How you handle each kind of document")
        self.assertContains(page, '<p class="pl-note">')
        usual = self.ann.get("/acme/actions/new/")
        self.assertContains(usual, "<p>Enter what you know now.")

    def test_who_is_not_signed_in_is_told_too(self) -> None:
        self.assertContains(
            Client().get("/accounts/login/"), "<p>Sign in with the e-mail address you were invited with."
        )

    def test_it_is_said_in_the_readers_language(self) -> None:
        self.ann.cookies["django_language"] = "de"
        page = self.ann.get("/acme/my-work/", headers={"Accept-Language": "de"})
        self.assertContains(page, "Was auf Sie wartet, das Dringendste zuerst")
