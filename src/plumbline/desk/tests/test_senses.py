"""What pages may ask of the device they are shown on."""

from django.conf import settings
from django.test import TestCase

from plumbline.kernel import actions, files
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company


class SensesTest(TestCase):
    def test_only_pages_with_the_scanner_may_use_the_camera_and_nobody_listens(self) -> None:
        acme = Company("Acme")
        task = actions.create(register_of("action"), by=acme.actor, title="Gauge 7")
        content = files.keep(acme.organisation.uid, [b"<script>alert(1)</script>"], "page.html")
        part = actions.attach(task, content, "page.html", by=acme.actor)
        bob = acme.client(acme.bob)
        may = {
            "/acme/my-work/": True,
            "/offline/": True,
            "/accounts/login/": False,
            f"/acme/actions/{task.number}/files/{part.uid}/": False,
        }
        for page, camera in may.items():
            said = (self.client if page in ("/offline/", "/accounts/login/") else bob).get(page)
            self.assertEqual(said.status_code, 200, page)
            self.assertIn("camera=(self)" if camera else "camera=()", said["Permissions-Policy"], page)
            self.assertIn("microphone=()", said["Permissions-Policy"], page)

    def test_the_scanner_is_found_by_its_name_and_knows_how_paper_calls_this_server(self) -> None:
        acme = Company("Acme")
        page = acme.client(acme.bob).get("/acme/search/", {"q": "scan a"})
        self.assertContains(page, f'data-origin="{settings.PLUMBLINE_ORIGIN}"')
        self.assertEqual([line.url for line in page.context["groups"][0].lines], ["#scan"])


def test_the_icon_is_where_browsers_look_for_it_beside_a_file(db, client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"].startswith("/static/ui/favicon")) == (302, True)
