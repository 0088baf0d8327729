"""Own fields through the API: read by code, judged as on the page, left alone where nothing is said of them."""

from django.test import TestCase

from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.own_fields import OwnField

from .asking import Program, refused

HERE = "nonconformities"
NEW = {"title": "Wrong label", "description": "Batch 7 carries the label of batch 6"}


class OwnTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme, cls.other = Company("Acme"), Company("Brightco")
        given = {"kind": "nonconformity", "code": "depth", "label": "Depth", "sort": "number", "required": True}
        actions.create(OwnField, by=cls.acme.actor, **given)
        actions.create(OwnField, by=cls.acme.actor, kind="nonconformity", code="shift", label="Shift")

    def test_written_read_and_changed(self) -> None:
        ann = Program.of(self.acme.ann)
        made = ann.post(HERE, {**NEW, "own": {"depth": 0.5, "shift": "early"}})
        self.assertEqual(made.status_code, 201, made.content)
        self.assertEqual(made.json()["own"], {"depth": "0.5", "shift": "early"})
        at = f"{HERE}/{made.json()['number']}"
        changed = ann.patch(at, {"own": {"shift": None}, "version": 1})
        self.assertEqual(changed.json()["own"], {"depth": "0.5"})
        ann.patch(at, {"lot": "L-1", "version": 2})
        self.assertEqual(ann.get(at).json()["own"], {"depth": "0.5"})
        self.assertEqual(ann.get(HERE).json()["items"][0]["own"], {"depth": "0.5"})

    def test_nonsense_and_what_is_missing_is_refused_by_name(self) -> None:
        ann = Program.of(self.acme.ann)
        for own in ({"depth": "deep"}, {"shift": "early"}, {}, {"depth": [1]}, {"depth": 1, "no-such": 1}):
            self.assertIn("own-", str(refused(ann.post(HERE, {**NEW, "own": own}), 422)))
        refused(ann.post(HERE, NEW), 422)  # a program is held to what is needed as the form is
        self.assertEqual(ann.get(HERE).json()["total"], 0)

    def test_another_organisation_has_none_of_them(self) -> None:
        stranger = Program.of(self.other.ann)
        refused(stranger.post(HERE, {**NEW, "own": {"shift": "early"}}), 422)
        self.assertEqual(stranger.post(HERE, NEW).json()["own"], {})
