"""An organisation that is entered only by one provider: in no order of steps is the last who runs it shut out."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from plumbline.config import starting
from plumbline.config.commands import entering
from plumbline.kernel import actions
from plumbline.kernel.testing import Company
from plumbline.organisation.models import Organisation, RoleHolding
from plumbline.organisation.roles import Role
from plumbline.organisation.signin.providers import Provider, as_allauth
from tests.signin.test_factors import sign_in

ENTRA = Provider("entra", "oidc", "Entra", ("acme.example",), options={"issuer": "https://x", "client": "c"})
OFFICE = Provider("entra", "ldap", "Entra", ("acme.example",), options={"server": "ldap://x", "base": "dc=x"})
OTHER = Provider("other", "oidc", "Other", ("acme.example",), options={"issuer": "https://y", "client": "c"})
PAGE = "/acme/settings/sign-in/"
SHUT = "it would be shut for good"
pytestmark = pytest.mark.django_db


def _linked(person, provider: str = "entra") -> SocialAccount:
    return SocialAccount.objects.create(user=person.account, provider=provider, uid=f"{provider}-{person.name}")


def _came(person, provider: str = "entra") -> Client:
    """A session that came by the provider."""
    client = sign_in(person.email)
    session = client.session
    came = {"method": "socialaccount", "provider": provider, "uid": "1", "at": time.time()}
    session["account_authentication_methods"] = [came]
    session.save()
    return client


@pytest.fixture(params=[ENTRA, OFFICE], ids=["oidc", "ldap"])
def acme(settings, request) -> SimpleNamespace:
    """Acme is entered only with Entra, or its directory by LDAP; Ann, who runs it, signs in there."""
    cache.clear()
    providers = [request.param, OTHER]
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = providers, as_allauth(providers)
    company = Company("Acme")
    link = _linked(company.ann)
    return SimpleNamespace(company=company, link=link, client=_came(company.ann))


def _rule(acme: SimpleNamespace, provider: str = "entra"):
    return acme.client.post(PAGE, {"provider": provider, "hours": "", "sure": "1"})


def _kept() -> str:
    return Organisation.objects.get(slug="acme").settings.get("sign_in", {}).get("provider", "")


def _cut(client: Client, link: SocialAccount) -> str:
    page = client.post(f"/accounts/security/provider/{link.pk}/disconnect/", follow=True)
    return page.content.decode()


def _second(acme: SimpleNamespace):
    """Bob runs it too, and signs in there."""
    actions.create(RoleHolding, by=acme.company.actor, person=acme.company.bob, role=Role.QUALITY)
    return _linked(acme.company.bob)


def _holdings(person) -> list[RoleHolding]:
    return list(RoleHolding.objects.filter(person=person, role__in=(Role.ADMINISTRATOR, Role.QUALITY, Role.MANAGEMENT)))


def test_first_the_rule_then_the_link_is_not_cut(acme) -> None:
    assert _rule(acme).status_code == 302
    assert SHUT in _cut(acme.client, acme.link)
    assert SocialAccount.objects.filter(pk=acme.link.pk).exists()
    assert acme.client.post(PAGE, {"provider": "", "hours": "", "sure": "1"}).status_code == 302
    assert SHUT not in _cut(acme.client, acme.link)
    assert not SocialAccount.objects.filter(pk=acme.link.pk).exists()


def test_first_the_link_is_cut_then_the_rule_is_not_set_though_the_session_came_that_way(acme) -> None:
    _cut(acme.client, acme.link)
    refused = _rule(acme)
    assert refused.status_code == 422
    assert "You would be the first to be locked out" in refused.content.decode()
    assert _kept() == ""


def test_from_one_provider_to_another_only_with_a_link_to_both(acme) -> None:
    assert _rule(acme).status_code == 302
    acme.client = _came(acme.company.ann, "other")
    assert acme.client.post(PAGE, {"provider": "other", "hours": "", "sure": "1"}).status_code == 302  # led to Entra
    assert _kept() == "entra"


def test_two_run_it_and_either_may_cut_the_link_but_not_both(acme) -> None:
    theirs = _second(acme)
    _rule(acme)
    assert SHUT not in _cut(acme.client, acme.link)
    assert SHUT in _cut(_came(acme.company.bob), theirs)


def test_the_other_one_leaves_and_the_last_one_stays(acme) -> None:
    _second(acme)
    _rule(acme)
    today, by = acme.company.organisation.today(), acme.company.actor
    actions.edit(acme.company.bob, by=by, ended_on=today - timedelta(days=1))
    assert SHUT in _cut(acme.client, acme.link)
    for ended_on in (today - timedelta(days=1), today + timedelta(days=30)):
        with pytest.raises(ValidationError, match=SHUT):
            actions.edit(acme.company.ann, by=by, ended_on=ended_on)


def test_roles_are_taken_one_by_one_but_not_the_last(acme) -> None:
    _rule(acme)
    by, today = acme.company.actor, acme.company.organisation.today()
    first, second, last = _holdings(acme.company.ann)
    actions.edit(first, by=by, until_on=today - timedelta(days=1))
    actions.edit(second, by=by, role=Role.SUPERVISOR)
    for change in (
        {"until_on": today - timedelta(days=1)},
        {"until_on": today + timedelta(days=90)},
        {"from_on": today + timedelta(days=1)},
        {"role": Role.MEMBER},
        {"person": acme.company.bob},
    ):
        with pytest.raises(ValidationError, match=SHUT):
            actions.edit(last, by=by, **change)
    _second(acme)
    actions.edit(RoleHolding.objects.get(pk=last.pk), by=by, person=acme.company.bob)


def test_the_form_says_so_and_keeps_what_was_typed(acme) -> None:
    _rule(acme)
    for holding in _holdings(acme.company.ann)[1:]:
        actions.edit(holding, by=acme.company.actor, role=Role.SUPERVISOR)
    last = _holdings(acme.company.ann)[0]
    typed = {"person": str(acme.company.ann.pk), "role": "member"}
    page = acme.client.post(f"/acme/people/role/{last.pk}/", typed)
    assert page.status_code == 422
    assert SHUT in page.content.decode()


def test_a_closed_account_or_a_link_to_another_provider_is_nobody(acme) -> None:
    theirs = _second(acme)
    _rule(acme)
    theirs.user.is_active = False
    theirs.user.save()
    _linked(acme.company.cleo)
    assert SHUT in _cut(acme.client, acme.link)


def test_of_several_organisations_one_suffices_to_keep_the_link(acme) -> None:
    other = Company("Brightco")
    other.ann.account = acme.company.ann.account
    actions.edit(other.ann, by=other.actor, account=acme.company.ann.account)
    kept = {**Organisation.objects.get(slug="brightco").settings, "sign_in": {"provider": "entra"}}
    actions.edit(Organisation.objects.get(slug="brightco"), by=other.actor, settings=kept)
    assert "Brightco is entered only with Entra" in _cut(acme.client, acme.link)


def test_the_provider_is_taken_out_of_the_file(acme, settings, capsys) -> None:
    assert starting.missing_providers() == []
    _rule(acme)
    settings.PLUMBLINE_PROVIDERS = [OTHER]
    told = starting.missing_providers()
    assert len(told) == 1
    assert "Acme is entered only with the provider “entra”" in told[0]
    assert entering.run("", json=False) == 1
    assert "plumb sign-in --lift acme" in capsys.readouterr().out
    entering.run("acme", json=False)
    assert starting.missing_providers() == []


def test_who_has_an_address_of_another_company_is_told_apart_before_the_rule_counts(acme) -> None:
    """The provider never vouches for her address: she connects the two herself, and is told so beforehand."""
    bob = acme.company.bob.account
    before = acme.client.post(PAGE, {"provider": "entra", "hours": ""}).content.decode()
    assert ("does so at the next page" in before, "does not vouch for" in before) == (True, False)
    bob.email = "bob@consultant.example"
    bob.save()
    assert "does not vouch for: connects it first" in acme.client.post(PAGE, {"provider": "entra"}).content.decode()


def test_a_rule_is_not_set_to_a_provider_that_is_gone(acme, settings) -> None:
    _rule(acme)
    settings.PLUMBLINE_PROVIDERS = []
    assert _rule(acme).status_code == 422


def test_a_link_to_a_provider_that_is_gone_can_be_cut(acme, settings) -> None:
    settings.PLUMBLINE_PROVIDERS, settings.SOCIALACCOUNT_PROVIDERS = [], as_allauth([])
    _cut(acme.client, acme.link)
    assert not SocialAccount.objects.exists()
