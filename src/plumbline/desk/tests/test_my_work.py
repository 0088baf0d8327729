"""My work: what was begun and not saved leads back to its form."""

import pytest
from django.urls import reverse

from plumbline.kernel import actions
from plumbline.kernel.models import Draft
from plumbline.kernel.register import register_of
from plumbline.kernel.testing import Company

PAGE = "/acme/my-work/"


@pytest.fixture
def acme(db) -> Company:
    return Company("Acme")


def begin(company: Company, form: str, **typed: str) -> None:
    where = reverse("draft", args=["acme", form])
    assert company.client(company.ann).post(where, typed).status_code == 200


def test_what_was_begun_leads_back_to_its_form(acme) -> None:
    record = actions.create(register_of("action"), by=acme.actor, title="Label the shelves")
    begin(acme, "nonconformity:new", description="At the edge")
    begin(acme, "action:new", title="Sweep the hall")
    begin(acme, f"{record.pk}:edit", title="Label all shelves")
    said = acme.client(acme.ann).get(PAGE).content.decode()
    assert '<a href="/acme/nonconformities/new/">Report a problem</a>' in said
    assert '<a href="/acme/actions/new/">Sweep the hall</a>' in said
    assert f'<a href="/acme/actions/{record.number}/edit/">{record.number} Label the shelves</a>' in said


def test_what_a_browser_calls_a_draft_breaks_nothing_and_shows_nothing_hidden(acme) -> None:
    hidden = actions.create(register_of("action"), by=acme.actor, title="Somebody drinks", confidential=True)
    for form in ("", ":", "no-kind:new", "nonsense", f"{hidden.pk}:edit", f"{hidden.pk}:a/b"):
        Draft.objects.create(organisation=acme.organisation, person=acme.bob, form=form, typed={"title": []})
    answer = acme.client(acme.bob).get(PAGE)
    assert answer.status_code == 200
    assert "Somebody drinks" not in answer.content.decode()
    begin(acme, f"{hidden.pk}:nowhere")
    assert f'<a href="/acme/actions/{hidden.number}/">' in acme.client(acme.ann).get(PAGE).content.decode()
