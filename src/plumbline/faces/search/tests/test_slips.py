"""What is typed wrong is understood: where the slip is, in which language, and how much of it."""

from django.test import TestCase

from plumbline.faces.search import asking, nearby
from plumbline.kernel import actions
from plumbline.kernel.models import Record
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

TITLES = (
    "Caliper 12 mm worn out",
    "Calibration of the torque wrench",
    "Welding seam not to drawing",
    "Maintenance of the press brake",
    "Supplier delivers too late",
    "Gauge R-014 has no label",
    "Prüfmittel ohne Kennzeichnung",
    "Messschieber 150mm verbogen",
    "Schraube M8x40 falsch geliefert",
    "Wareneingang prüft nicht",
    "Öl unter der Presse",
    "Nonconforming output at the saw",
    "Effectiveness of the training",
    "Größe der Stichprobe",
    "Kältemittel läuft aus",
    "Rührwerk steht still",
    "Qualitätsbericht fehlt",
)  # fmt: skip
TYPED = (  # what somebody types → a word of the title that is meant, first of what is found
    ("calliper", "Caliper"),  # doubled
    ("caliperr 12 mm", "Caliper"),
    ("aliper 12mm", "Caliper"),  # the first letter missing
    ("acliper", "Caliper"),  # the first two the wrong way round
    ("xaliper", "Caliper"),  # a neighbour of the first
    ("cailper", "Caliper"),  # transposed
    ("calipr 12 mm", "Caliper"),  # missing
    ("callip", "Caliper"),  # wrong, and not typed to its end
    ("calibartion", "Calibration"),
    ("callibrashun", "Calibration"),  # as it sounds
    ("toruqe", "torque"),
    ("wleding", "Welding"),
    ("weldingg seem", "Welding"),
    ("maintanence", "Maintenance"),
    ("maintenence", "Maintenance"),
    ("suplier", "Supplier"),
    ("gague", "Gauge"),
    ("guage 14", "Gauge"),  # 014 is 14
    ("R014", "Gauge"),
    ("Pruefmittel", "Prüfmittel"),  # an umlaut typed as two letters
    ("Prufmittel", "Prüfmittel"),  # without its dots
    ("Prüfmitel", "Prüfmittel"),
    ("Pruefmitetl", "Prüfmittel"),  # both
    ("Meßschieber", "Messschieber"),
    ("Messchieber", "Messschieber"),  # one s of three missing
    ("Mesßschiber 150 mm", "Messschieber"),
    ("schaube m8x40", "Schraube"),
    ("Scrhaube", "Schraube"),
    ("Wahreneingang", "Wareneingang"),
    ("Oel Presse", "Öl"),
    ("noncomforming", "Nonconforming"),
    ("non conforming", None),  # two words: another question
    ("efectivness", "Effectiveness"),
    ("Groesse", "Größe"),
    ("Kaeltemittel", "Kältemittel"),
    ("Kältemitel", "Kältemittel"),
    ("Ruehrwerk", "Rührwerk"),
    ("Rürwerk", "Rührwerk"),
    ("Qualitaetsbericht", "Qualitätsbericht"),
    ("Qualitätsbreicht", "Qualitätsbericht"),
)
LEAST = 0.95  # of what is typed leads to what is meant


class SlipTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.acme = Company("Acme")
        for title in TITLES:
            actions.create(register_of("action"), by=cls.acme.actor, title=title)

    def first(self, typed: str) -> str:
        found = asking.find(Record.objects.visible_to(self.acme.actor), typed, 5, self.acme.organisation.uid)
        return found.records[0].title if found.records else ""

    def test_nearly_all_of_what_is_typed_wrong_leads_to_what_is_meant(self) -> None:
        wanted = [(typed, word) for typed, word in TYPED if word]
        self.assertGreaterEqual(len(wanted), 20)
        missed = [(typed, word, self.first(typed)) for typed, word in wanted if word not in self.first(typed)]
        self.assertGreaterEqual(1 - len(missed) / len(wanted), LEAST, missed)

    def test_without_forgiving_hardly_any_would(self) -> None:
        visible = Record.objects.visible_to(self.acme.actor)
        wanted = [typed for typed, word in TYPED if word]
        as_typed = [typed for typed in wanted if asking.narrow(visible, typed)[:1]]
        self.assertLess(len(as_typed) / len(wanted), 0.4, as_typed)

    def test_another_number_is_not_a_slip(self) -> None:
        for typed in ("caliper 13 mm", "gauge 15", "m8x45", "4711"):
            self.assertEqual(self.first(typed), "", typed)

    def test_another_word_is_not_a_slip(self) -> None:
        for typed in ("wheelbarrow", "train the driver", "audit", "kettle"):
            self.assertEqual(self.first(typed), "", typed)

    def test_short_texts_in_memory_are_forgiven_too(self) -> None:
        names = ["Ruth Linden", "Mark Jensen", "Jürgen Müller", "My work", "People and places"]
        told = {
            "rtuh": "Ruth Linden",
            "jnesen": "Mark Jensen",
            "mueller": "Jürgen Müller",
            "poeple": "People and places",
        }
        for typed, meant in told.items():
            self.assertEqual(nearby.fitting(names, typed, str, 3), [meant], typed)
        self.assertEqual(nearby.fitting(names, "zzz", str, 3), [])
