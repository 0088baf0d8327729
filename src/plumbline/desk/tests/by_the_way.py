"""What every file that is made by the way has in common: whose it is, and that a restart is made good."""

from itertools import count
from typing import Any

from plumbline.faces.sheets import runs, working
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.models import RoleHolding

from .test_library import in_force


class ByTheWay:
    """Beside a TestCase; Bob asks for a file."""

    model: Any
    asked: int  # times the server is asked whether it lives, before it is stopped in the middle

    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        for title in ("Purchasing", "Welding"):
            in_force(cls.acme, title, f"{title} is done with care.")
        in_force(cls.acme, "Sale of the hall", "Nobody knows.", confidential=True)

    def setUp(self) -> None:
        self.bob = self.acme.client(self.acme.bob)

    def asked_for(self) -> str:
        """The page of the file that was asked for."""
        raise NotImplementedError

    def test_it_is_hers_alone_and_only_while_she_may_see_what_is_in_it(self) -> None:
        page = self.asked_for()
        working.work()
        self.assertEqual(self.bob.get(f"{page}file/").status_code, 200)
        ann = self.acme.client(self.acme.ann)
        self.assertEqual([ann.get(page).status_code, ann.get(f"{page}file/").status_code], [404, 404])
        other = {"bound": "listed", "listed": "bound"}[page.split("/")[3]]
        self.assertEqual(self.bob.get(f"/acme/library/{other}/{page.split('/')[4]}/").status_code, 404)
        actions.create(RoleHolding, by=self.acme.actor, person=self.acme.bob, role="quality")
        self.assertEqual(self.bob.get(f"{page}file/").status_code, 404)

    def test_what_a_restart_cut_off_begins_again(self) -> None:
        page, alive = self.asked_for(), count()
        working.work(lambda: next(alive) < self.asked)
        self.assertEqual(self.model.objects.get().state, "running")
        self.assertEqual(list(runs.folder_of(self.acme.organisation.uid).glob("*.part")), [])
        working.work()
        self.assertContains(self.bob.get(page), "is ready")
