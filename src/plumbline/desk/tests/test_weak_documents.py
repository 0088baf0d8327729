"""What a written document in force says of itself: places left to fill, references to what was withdrawn."""

import io
import json

from plumbline import composition
from plumbline.desk.designing.gate import design
from plumbline.kernel import actions, files
from plumbline.kernel.models import RequirementLink
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company, TestCase
from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.tests.house import House

POLICY = "5.2.2-a"


class WrittenTest(TestCase):
    def test_places_left_to_fill_and_references_to_what_was_withdrawn_are_named(self) -> None:
        house = House(acme := Company("Acme"))
        gone = actions.create(register_of("document"), by=acme.actor, title="Old form")
        secret = actions.create(register_of("document"), by=acme.actor, title="Secret form", confidential=True)
        for one in (gone, secret):
            actions.act(one, "withdraw", by=acme.actor, reason="old")
        content = composition.from_markdown("# Purpose\n\nWe promise [[what]] to [[whom]].\n")
        for one in (gone, secret):
            about = {"to": "document", "target": str(one.uid), "label": one.number}
            content["content"].append({"type": "paragraph", "content": [{"type": "reference", "attrs": about}]})
        stream = io.BytesIO(json.dumps(composition.cleaned(content)).encode())
        house.file = actions.content(files.keep(acme.organisation.uid, stream, "x.json"), by=acme.actor)
        written = house.approved(media_type=composition.MEDIA_TYPE)
        house.act(written, "put_into_force", effective_on=acme.organisation.today())
        about = {"edition": "iso9001:2015", "requirement": POLICY, "state": "confirmed"}
        actions.create(RequirementLink, by=acme.actor, record=house.document, **about)
        why = design(acme.actor).weak[0].why
        self.assertIn("2 places are still to be filled in", why)
        self.assertIn(f"it refers to {gone.number}, {secret.number}, which is withdrawn", why)
        self.assertIn(secret.number, " ".join(why))
        seen = " ".join(design(Actor.of(acme.bob)).weak[0].why)
        self.assertEqual((gone.number in seen, secret.number in seen), (True, False))
