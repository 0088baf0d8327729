import io
import json

from plumbline.composition import from_markdown
from plumbline.kernel import actions, files
from plumbline.kernel.testing import Company, TestCase
from plumbline.organisation.models import Site
from plumbline.registers.support.documents.drafting import fields
from plumbline.registers.support.documents.models import Revision
from plumbline.registers.support.documents.models.revision import WRITTEN
from plumbline.registers.support.documents.tests.house import House


class FixedTest(TestCase):
    def test_what_fields_said_when_it_was_handed_in_stays(self) -> None:
        house = House(Company("Acme"))
        actions.create(Site, by=house.acme.actor, name="Leeds")
        content = json.dumps(from_markdown("We work at {{ organisation.sites }}.")).encode()
        house.file = actions.content(files.keep(house.acme.organisation.uid, io.BytesIO(content)), by=house.acme.actor)
        revision = house.draft(media_type=WRITTEN)
        wanted = ("organisation.sites", "document.title", "document.number")
        self.assertEqual(fields.values(revision, wanted)["organisation.sites"], "Leeds")
        revision = house.act(revision, "submit", house.dora)
        actions.create(Site, by=house.acme.actor, name="York")
        actions.edit(house.document, by=house.acme.actor, title="Buying", number="PU-1")
        revision = Revision.objects.get(pk=revision.pk)
        told = fields.values(revision, wanted)
        self.assertEqual(
            told, {"organisation.sites": "Leeds", "document.title": "Purchasing", "document.number": "PU-1"}
        )
        revision = house.act(house.act(revision, "change", reason="One site more"), "submit", house.dora)
        revision = Revision.objects.get(pk=revision.pk)
        self.assertEqual(fields.values(revision, wanted)["organisation.sites"], "Leeds, York")
