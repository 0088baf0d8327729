from django.core.exceptions import ValidationError

from plumbline.kernel.testing import RegisterContract, TestCase

from .register import Exclusions


class ExclusionTest(RegisterContract, TestCase):
    register = Exclusions
    sample = {
        "title": "Design and development",
        "requirement": "8.3",
        "edition": "iso9001:2015",
        "justification": "We make to our customers' drawings.",
    }
    answers = {}

    def test_only_what_the_edition_has_can_be_left_out(self) -> None:
        with self.assertRaises(ValidationError):
            self.make(requirement="8.33")
