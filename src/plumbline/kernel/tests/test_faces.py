"""Another reading of a register stands on its pages without the kernel knowing it."""

from unittest.mock import patch

from django.test import TestCase
from django.utils.html import format_html

from plumbline.kernel import actions, faces
from plumbline.kernel.register import registers
from plumbline.kernel.testing import Company


class Labelled(faces.Face):
    def shown(self, place: str, context: dict) -> str:
        return format_html("<b data-place='{}'>{}</b>", place, context["register"].kind)

    def columns(self, register, actor, query) -> tuple[str, ...] | None:
        return ("number", "author") if query.get("columns") else None


class FacesTest(TestCase):
    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.register = next(one for one in registers() if one.kind == "nonconformity")

    def page(self, query: str = "") -> str:
        return self.acme.client(self.acme.ann).get(f"/acme/{self.register.slug}/{query}").content.decode()

    def test_a_face_is_shown_and_chooses_columns(self) -> None:
        actions.create(self.register, by=self.acme.actor, title="A burr", description="At the edge")
        self.assertNotIn("data-place", self.page())
        with patch.object(faces, "_faces", [Labelled(), *faces.faces()]):
            page = self.page("?columns=1")
        for place in ("list.head", "list.actions", "list.foot"):
            self.assertIn(f"<b data-place='{place}'>nonconformity</b>", page)
        self.assertIn("Author", page)

    def test_twice_the_same_is_once(self) -> None:
        with patch.object(faces, "_faces", []):
            faces.add(Labelled())
            faces.add(Labelled())
            self.assertEqual(len(faces.faces()), 1)
