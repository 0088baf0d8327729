"""The addresses of what this folder shows."""

from typing import Any

from django.urls import URLPattern, path

from plumbline.registers.support.documents.alerts.raising import Alert

from .confirming import Group, Paper, Read, Sheet
from .distribution import Distribution
from .outside import Fill, Outside
from .putting import Keep, PutIntoForce
from .quiz import Questions
from .training import Training
from .unread import Nudge, Unread


def of_revisions(register: Any) -> list[URLPattern]:
    return [
        path("unread/", Unread.as_view(register=register), name="unread"),
        path("<str:number>/read/", Read.as_view(register=register), name="read"),
        path("<str:number>/group/", Group.as_view(register=register), name="group"),
        path("<str:number>/paper/", Paper.as_view(register=register), name="paper"),
        path("<str:number>/list.pdf", Sheet.as_view(register=register), name="sheet"),
        path("<str:number>/quiz/", Questions.as_view(register=register), name="quiz"),
        path("<str:number>/training/", Training.as_view(register=register), name="training"),
        path("<str:number>/nudge/", Nudge.as_view(register=register), name="nudge"),
        *(
            path(f"<str:number>/{verb}/", PutIntoForce.as_view(register=register), {"verb": verb}, name=verb)
            for verb in ("put_into_force", "roll_out")
        ),
    ]


def of_documents(register: Any) -> list[URLPattern]:
    return [
        path("alert/", Alert.as_view(register=register), name="alert"),
        path("<str:number>/distribution/", Distribution.as_view(register=register), name="distribution"),
        path("<str:number>/outside/", Outside.as_view(register=register), name="outside"),
        path("<str:number>/fill/", Fill.as_view(register=register), name="fill"),
        path("<str:number>/keep/", Keep.as_view(register=register), {"verb": "keep"}, name="keep"),
    ]
