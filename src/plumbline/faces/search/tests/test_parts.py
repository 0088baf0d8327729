"""What is said on a record leads to it: comments, answers, what stands in its files; and no longer when taken back."""

from io import BytesIO

from django.test import TestCase

from plumbline.faces.search import asking, attached, passages, writing
from plumbline.faces.search.models import FileText, SearchRow
from plumbline.faces.search.parts import told_by
from plumbline.kernel import actions, disposal, files
from plumbline.kernel.models import Attachment, Comment, File, Link, Record, RequirementLink, Signature
from plumbline.kernel.register import register_of, registers
from plumbline.kernel.testing import Company
from plumbline.ledger.writer import writing as pen_of


class PartTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        cls.record = actions.create(register_of("action"), by=cls.acme.actor, title="Order a new gauge")

    def found(self, text: str) -> list:
        return [one.pk for one in self.records(text)]

    def records(self, text: str) -> list[Record]:
        return asking.find(self.visible(), text, 5, self.acme.organisation.uid).records

    def visible(self):
        return Record.objects.visible_to(self.acme.actor)

    def attach(self, content: bytes, name: str) -> Attachment:
        kept = files.keep(self.acme.organisation.uid, BytesIO(content), name)
        return actions.attach(self.record, kept, name, by=self.acme.actor)

    def test_a_comment_leads_to_its_record_with_the_passage_marked(self) -> None:
        actions.create(Comment, by=self.acme.actor, record=self.record, text="The anvil is chipped & must go")
        self.assertEqual(self.found("anvil"), [self.record.pk])
        self.assertEqual(self.found("avnil"), [self.record.pk])
        told = passages.passages(self.acme.actor, self.records("chipped"), [["chipped"]])
        self.assertEqual(told[self.record.uid], "The anvil is <mark>chipped</mark> &amp; must go")

    def test_a_comment_taken_back_leads_nowhere(self) -> None:
        comment = actions.create(Comment, by=self.acme.actor, record=self.record, text="wheelbarrow")
        self.assertEqual(self.found("wheelbarrow"), [self.record.pk])
        actions.edit(comment, by=self.acme.actor, cancelled_reason="wrong record")
        self.assertEqual(self.found("wheelbarrow"), [])

    def test_what_a_file_says_is_found_once_it_was_read(self) -> None:
        self.attach(b"Measured with the coordinate machine", "protocol.txt")
        self.assertEqual(self.found("protocol"), [self.record.pk], "its name at once")
        self.assertEqual(self.found("coordinate"), [])
        self.assertEqual(list(attached.learn()), ["protocol.txt"])
        self.assertEqual(self.found("coordinate"), [self.record.pk])
        self.assertEqual(self.found("coordiante"), [self.record.pk])
        self.assertEqual(list(attached.learn()), [], "once is enough")
        told = passages.passages(self.acme.actor, [self.record], [["coordinate"]])
        self.assertIn("<mark>coordinate</mark>", told[self.record.uid])

    def test_what_cannot_be_read_says_nothing_and_stops_nobody(self) -> None:
        self.attach(b"%PDF-1.7 broken", "broken.pdf")
        self.attach(b"\x89PNG\r\n\x1a\n", "photo.png")
        self.assertEqual(sorted(attached.learn()), ["broken.pdf", "photo.png"])
        self.assertEqual(set(FileText.objects.values_list("text", flat=True)), {""})

    def test_of_disposed_content_nothing_is_kept(self) -> None:
        self.attach(b"strictly secret salaries", "pay.txt")
        list(attached.learn())
        with pen_of(self.acme.organisation.uid, self.acme.actor.stamp()):
            disposal.give_up(self.record, self.record.uid, by=self.acme.actor)
            writing.renew([self.record])
        self.assertIsNotNone(File.objects.get().disposed_at)
        self.assertFalse(FileText.objects.exists())
        self.assertEqual(self.found("salaries"), [])

    def test_known_text_is_no_holder_of_content(self) -> None:
        part = self.attach(b"anything", "a.txt")
        list(attached.learn())
        self.assertEqual(disposal.holders(part.file), {self.record.uid})

    def test_every_part_in_which_people_write_is_read(self) -> None:
        spoken = {part for register in registers() for part in register.parts if told_by(part)}
        self.assertGreater(len(spoken), 3)
        self.assertTrue({Comment, Attachment} <= spoken)
        self.assertTrue(spoken.isdisjoint({Link, RequirementLink, Signature}))
        self.assertEqual(told_by(Comment), ("text",))

    def test_the_row_is_what_would_be_written_afresh(self) -> None:
        actions.create(Comment, by=self.acme.actor, record=self.record, text="The anvil is chipped")
        [wanted] = writing.rows_of([register_of("action").model.objects.get(pk=self.record.pk)])
        row = SearchRow.objects.get(record=self.record)
        self.assertEqual((row.head, row.words), (wanted.head, wanted.words))
