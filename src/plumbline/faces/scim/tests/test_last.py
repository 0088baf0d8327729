"""What a directory may not do: shut out the last who runs the organisation; it is told so, and so are they."""

import json
import time
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.test import Client, RequestFactory, TestCase, override_settings

from plumbline.faces.api import problems, tokens
from plumbline.faces.api.models import Token
from plumbline.faces.scim import giving, mapping, refusals
from plumbline.faces.scim.mapping import Target
from plumbline.faces.scim.models import Group, Refusal
from plumbline.kernel import actions
from plumbline.kernel.testing import PASSWORD, Company
from plumbline.ledger.models import Event
from plumbline.organisation.models import Account, Organisation, Person, RoleHolding
from plumbline.organisation.roles import Role
from plumbline.organisation.signin.keyholders import ShutOut
from plumbline.organisation.signin.providers import Provider

from .asking import USER, Directory, refused

ENTRA = Provider("entra", "oidc", "Entra", ("acme.example",), options={"issuer": "https://x", "client": "c"})
OFFICE = Provider("office", "ldap", "Office directory", ("acme.example",), options={"server": "ldap://x", "base": "c"})
SHUT = "it would be shut for good"
TOLD = "Your directory wanted something that was refused"


@override_settings(PLUMBLINE_PROVIDERS=[ENTRA, OFFICE])
class LastTest(TestCase):
    """Only Ann, who runs Acme, has a link to the provider by which alone it is entered; Dan is administrator, too."""

    provider = ENTRA

    def setUp(self) -> None:
        self.acme = Company("Acme")
        self.dan = self.acme.join("Dan Ford", "dan@acme.example", Role.ADMINISTRATOR)
        self.directory = Directory.of(self.acme)
        ann = self.acme.ann.account
        SocialAccount.objects.create(user=ann, provider=self.provider.id, uid="ann")
        self.token, _secret = tokens.make(self.acme.actor, "Mine", {"actions": "read"}, 30)

    def rule(self) -> None:
        organisation = Organisation.objects.get(pk=self.acme.organisation.pk)
        kept = {**organisation.settings, "sign_in": {"provider": self.provider.id}}
        self.acme.organisation.settings = actions.edit(organisation, by=self.acme.actor, settings=kept).settings

    def leaving(self) -> list[tuple[str, Any]]:
        """Every way in which directories say that Ann is gone."""
        at = f"/Users/{self.acme.ann.pk}"
        whole = {"schemas": [USER], "userName": "ann@acme.example", "active": False}
        return [
            ("DELETE", self.directory.ask("DELETE", at)),
            ("PUT", self.directory.ask("PUT", at, whole)),
            ("PATCH", self.directory.patch(at, {"op": "replace", "path": "active", "value": False})),
            ("PATCH", self.directory.patch(at, {"op": "Replace", "value": {"active": "False", "title": "Gone"}})),
        ]

    def test_nobody_leaves_who_is_the_last_to_enter_and_nothing_is_half_done(self) -> None:
        self.rule()
        before = Event.objects.count()
        for how, answer in self.leaving():
            with self.subTest(how):
                refused(answer, 400, "mutability", f"Acme is entered only with {self.provider.name}")
        ann = Person.objects.get(pk=self.acme.ann.pk)
        self.assertEqual((ann.ended_on, ann.job, Event.objects.count()), (None, self.acme.ann.job, before))
        self.assertTrue(Token.objects.get(pk=self.token.pk).is_live)
        self.assertEqual(self.directory.get(f"/Users/{ann.pk}").json()["active"], True)
        self.assertEqual({row.code for row in Refusal.objects.all()}, {"last"})

    def test_without_the_rule_the_same_person_leaves(self) -> None:
        _how, answer = self.leaving()[0]
        self.assertEqual(answer.status_code, 204)

    def test_another_who_runs_it_and_has_a_link_lets_her_leave(self) -> None:
        self.rule()
        SocialAccount.objects.create(user=self.dan.account, provider=self.provider.id, uid="dan")
        self.assertEqual(self.leaving()[0][1].status_code, 204)

    def test_no_group_takes_the_role_by_which_the_last_one_enters(self) -> None:
        """Ann holds her roles through the group alone: leaving it, its end, another mapping are each refused whole."""
        for holding in RoleHolding.objects.filter(person=self.acme.ann).exclude(role=Role.ADMINISTRATOR):
            actions.edit(holding, by=self.acme.actor, role=Role.AUDITOR)
        group = Group.objects.get(uid=self.directory.group("Admins", self.acme.ann.pk, self.acme.bob.pk).json()["id"])
        mapping.choose(self.acme.organisation, self.acme.actor, targets={group.pk: Target(Role.ADMINISTRATOR)})
        giving.settle_all(Person.objects.filter(pk=self.acme.bob.pk), self.acme.actor)
        by_hand = RoleHolding.objects.get(person=self.acme.ann, role=Role.ADMINISTRATOR)
        giving.Given.objects.create(holding=by_hand, person=self.acme.ann)
        self.rule()
        before = Event.objects.count()
        page = f"/Groups/{group.pk}"
        for answer in (
            self.directory.ask("DELETE", page),
            self.directory.patch(page, {"op": "remove", "path": "members"}),
        ):
            refused(answer, 400, "mutability", SHUT)
        self.assertEqual((group.members.count(), Event.objects.count()), (2, before))
        self.assertTrue(RoleHolding.objects.get(person=self.acme.bob, role=Role.ADMINISTRATOR).until_on is None)
        typed = {"do": "groups", "way": "single", f"{group.pk}-role": "auditor", f"{group.pk}-department": ""}
        said = self._enters(self.acme.ann).post("/acme/settings/directory/", typed, follow=True)
        self.assertContains(said, SHUT)
        self.assertEqual(Event.objects.count(), before)

    def _enters(self, person: Person) -> Client:
        """A session that came by the provider."""
        client = Client()
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        session = client.session
        came = {"method": "socialaccount", "provider": self.provider.id, "uid": "1", "at": time.time()}
        session["account_authentication_methods"] = [came]
        session.save()
        return client

    def test_those_who_run_it_are_told_until_one_has_seen_it(self) -> None:
        self.rule()
        ann = self._enters(self.acme.ann)
        self.assertNotContains(ann.get("/acme/my-work/"), TOLD)
        self.leaving()
        page = ann.get("/acme/my-work/")
        self.assertContains(page, TOLD, 1)
        self.assertContains(page, SHUT)
        self.assertNotContains(self._enters(self.acme.bob).get("/acme/my-work/"), TOLD)
        self.assertEqual(self._enters(self.acme.bob).post("/acme/settings/directory/seen/").status_code, 403)
        self.assertEqual(ann.post("/acme/settings/directory/seen/").status_code, 302)
        self.assertNotContains(ann.get("/acme/my-work/"), TOLD)
        self.leaving()
        self.assertNotContains(ann.get("/acme/my-work/"), TOLD)
        Refusal.objects.exclude(seen_at=None).update(seen_at="2020-01-01T00:00Z")
        self.leaving()
        self.assertContains(ann.get("/acme/my-work/"), TOLD)
        self.assertContains(ann.get("/acme/settings/directory/"), str(refusals.WORDS["last"]))

    def test_another_organisation_hears_nothing_of_it(self) -> None:
        self.rule()
        other = Company("Brightco")
        Directory.of(other)
        self.leaving()
        self.assertNotContains(other.client(other.ann).get("/brightco/my-work/"), TOLD)

    def test_in_the_api_the_same_rule_is_a_problem_with_its_reason(self) -> None:
        answer = problems.answer(RequestFactory().post("/api/"), ShutOut("Lift that rule first."))
        self.assertEqual((answer.status_code, answer["Content-Type"]), (422, problems.MEDIA_TYPE))
        self.assertEqual(json.loads(answer.content)["detail"], "Lift that rule first.")


class LastByDirectoryTest(LastTest):
    """The same where the provider is a company's directory (LDAP)."""

    provider = OFFICE

    def test_an_account_that_is_closed_is_nobody(self) -> None:
        SocialAccount.objects.create(user=self.dan.account, provider=self.provider.id, uid="dan")
        Account.objects.filter(pk=self.dan.account_id).update(is_active=False)
        self.rule()
        refused(self.leaving()[0][1], 400, "mutability", SHUT)
