"""A page that refuses a form gives back what was written in it, and never what opens an account."""

import pytest
from django.test import Client
from django.urls import reverse

from plumbline.kernel.testing import Company

PHRASE = "correct horse battery"


@pytest.mark.django_db
def test_a_passphrase_of_several_words_is_never_shown_again() -> None:
    acme = Company("Acme")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(acme.ann.account)
    sent = dict.fromkeys(("oldpassword", "password1", "password2", "password", "credential", "secret"), PHRASE)
    told = browser.post(reverse("account_change_password"), sent | {"text": "Written for an hour."})
    assert told.status_code == 403
    assert "Written for an hour." in told.content.decode()
    assert PHRASE not in told.content.decode()
