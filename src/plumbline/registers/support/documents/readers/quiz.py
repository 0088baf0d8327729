"""A few questions about a revision: written on the draft, answered by its readers."""

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plumbline.kernel import actions, policy
from plumbline.kernel.views import RegisterView
from plumbline.organisation import own_fields
from plumbline.registers.support.documents.models import Revision

MOST, ANSWERS, LONGEST = 10, 4, 500
EVERY_ONE = gettext_lazy("Answer every question: nothing was confirmed, and no try was counted.")


@dataclass(frozen=True)
class Marked:
    """One question with what was chosen."""

    place: int
    question: str
    answers: list[tuple[int, str]]
    chosen: int | None
    right: bool
    why: str

    @property
    def lettered(self) -> list[tuple[int, str, str]]:
        """The answers with the letters they have on paper: (n, “A”, words)."""
        return [(n, ascii_uppercase[n], words) for n, words in self.answers]


def marked(revision: Revision, typed: Any, of: str = "") -> list[Marked]:
    """The questions with the answers somebody chose; `of` tells apart those of several people in one form."""
    found = []
    for place, one in enumerate(revision.quiz):
        said = typed.get(f"answer-{of}{place}", "") if typed else ""
        chosen = int(said) if said.isdecimal() and int(said) < len(one["answers"]) else None
        right = chosen == one["right"]
        found.append(Marked(place, one["question"], list(enumerate(one["answers"])), chosen, right, one.get("why", "")))
    return found


def unanswered(questions: list[Marked]) -> bool:
    """Whether a question was left out: then nobody tried yet."""
    return any(one.chosen is None for one in questions)


def needed(revision: Revision) -> int:
    """How many answers have to be right."""
    return revision.pass_score or len(revision.quiz)


def right(questions: list[Marked]) -> int | None:
    """How many answers are right; None where nothing is asked."""
    return sum(one.right for one in questions) if questions else None


def typed(posted: Any) -> list[dict[str, Any]]:
    """The questions as they were written down; raises ValidationError with what is missing."""
    found: list[dict[str, Any]] = []
    for place in range(MOST):
        question = posted.get(f"question-{place}", "").strip()[:LONGEST]
        given = [posted.get(f"answer-{place}-{n}", "").strip()[:LONGEST] for n in range(ANSWERS)]
        if not question and not any(given):
            continue
        right = posted.get(f"right-{place}", "")
        chosen = given[int(right)] if right.isdecimal() and int(right) < ANSWERS else ""
        answers = [one for one in given if one]
        if not question or len(answers) < 2 or not chosen:
            said = _("Question %(n)d needs its words, at least two answers, and a mark at the right one.")
            raise ValidationError(said % {"n": place + 1})
        why = posted.get(f"why-{place}", "").strip()[:LONGEST]
        found.append({"question": question, "answers": answers, "right": answers.index(chosen), "why": why})
    return found


def score_of(posted: Any, count: int) -> int:
    """How many have to be right, as it was typed; none means all of them."""
    said = posted.get("pass_score", "")
    score = int(said) if said.isdecimal() else 0
    if score > count:
        raise ValidationError(_("More right answers are asked for than there are questions."))
    return score


class Questions(RegisterView):
    """The questions of a draft, edited in one go."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        policy.require(policy.may_edit(self.actor, self.register, self.record))
        return self.page(self.record.quiz, self.record.pass_score or "", self.record.version)

    def page(self, quiz: list, score: Any, version: Any, error: str = "", status: int = 200) -> HttpResponse:
        blank: dict[str, Any] = {"question": "", "answers": [], "right": None, "why": ""}
        shown = [*quiz, *[blank] * max(2, 3 - len(quiz))][:MOST]
        rows = [
            (place, one, [(n, (one["answers"] + [""] * ANSWERS)[n]) for n in range(ANSWERS)])
            for place, one in enumerate(shown)
        ]
        typed = {"rows": rows, "score": score, "version": version, "error": error}
        return self.show("documents/readers/quiz.html", status, **typed)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        given, said = request.POST, request.POST.get("version", "")
        version = int(said) if said.isdecimal() else self.record.version
        try:
            quiz = typed(given)
            score = score_of(given, len(quiz))
            actions.edit(self.record, by=self.actor, version=version, quiz=quiz, pass_score=score)
        except ValidationError as error:
            return self.page(again(given), given.get("pass_score", ""), version, " ".join(error.messages), 422)
        except actions.Stale as error:
            now = Revision.objects.get(pk=self.record.pk)
            there = Truncator(own_fields.words(now.quiz, None) or "–").chars(400)
            told = _("Now it says: “%(value)s”. Yours stands in the field.") % {"value": there}
            return self.page(again(given), given.get("pass_score", ""), now.version, f"{error} {told}", 422)
        messages.success(request, _("The questions are saved."))
        return self.to_record()


def again(posted: Any) -> list[dict[str, Any]]:
    """What was typed, however incomplete, to be shown once more."""
    found = []
    for place in range(MOST):
        right = posted.get(f"right-{place}", "")
        found.append({
            "question": posted.get(f"question-{place}", ""), "why": posted.get(f"why-{place}", ""),
            "answers": [posted.get(f"answer-{place}-{n}", "") for n in range(ANSWERS)],
            "right": int(right) if right.isdecimal() else None,
        })  # fmt: skip
    while found and not any((found[-1]["question"], *found[-1]["answers"])):
        found.pop()
    return found
