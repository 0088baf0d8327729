"""Invitations: a mail with a link that makes the account, or joins the one that is there."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import View

from plumbline.kernel import actions
from plumbline.organisation import accounts, inviting
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Account, Invitation, Person, here
from plumbline.organisation.signin import needed, sessions

from .pages import SettingView


class Invite(SettingView):
    """Mail the link; a newer invitation withdraws the older ones."""

    def post(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponse:
        there = Person.objects.filter(here(self.organisation.today()), organisation=self.organisation, account=None)
        person = get_object_or_404(there, uid=uid)
        if not person.email:
            messages.error(request, _("Give %(name)s an e-mail address first.") % {"name": person.name})
            return redirect("people-edit", self.organisation.slug, "person", uid)
        made = inviting.invite(person, cast(Person, self.actor.person))
        if inviting.mail(made):
            messages.success(request, _("%(name)s is invited; the link is valid for 14 days.") % {"name": person.name})
        else:
            words = _("No mail went out. Give %(name)s this link yourself; it is valid for 14 days: %(link)s")
            messages.warning(request, words % {"name": person.name, "link": inviting.link(made)})
        return redirect("people", self.organisation.slug)


class JoinForm(forms.Form):
    """A password for the new account."""

    password = forms.CharField(
        label=_lazy("Choose a password"),
        strip=False,
        help_text=_lazy("At least 10 characters; a sentence is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


@method_decorator(login_not_required, name="dispatch")
class Join(View):
    """The link of the mail: choose a password; or, where the address has an account, sign in and accept."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = (
            Invitation.objects.select_related("organisation", "person", "invited_by")
            .filter(token=kwargs["token"])
            .first()
        )
        valid = found and found.is_open() and not found.person.account_id
        if found is None or not valid or not found.person.is_here(found.organisation.today()):
            raise Http404(_("This invitation is no longer valid. Ask for a new one."))
        self.invitation = found
        self.account = Account.objects.filter(email=found.email).first()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(JoinForm())

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {
            "invitation": self.invitation,
            "form": form,
            "known": self.account,
            "mine": self.account is not None and self.request.user == self.account,
        }
        return render(self.request, "desk/join.html", context, status=status)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.account is not None and request.user != self.account:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        form = JoinForm(request.POST)
        if self.account is None and not form.is_valid():
            return self.page(form, 422)
        account = self.account or self.new_account(form.cleaned_data["password"])
        try:
            self.accept(account)
        except ValidationError:
            messages.error(request, _("You are in this organisation already, under another name. Ask who invited you."))
            return self.page(form, 422)
        if request.user != account:
            sessions.begin(request, account, "password")
        return redirect(needed.wanted(request, self.invitation.organisation))

    def new_account(self, password: str) -> Account:
        invited = self.invitation
        return Account.objects.prepared(
            invited.email, password, name=invited.person.name, language=invited.organisation.language
        )

    @transaction.atomic
    def accept(self, account: Account) -> None:
        invited = self.invitation
        if account._state.adding:
            account.save()
            accounts.note("create", account)
        actions.edit(
            invited.person, by=Actor.installation(invited.organisation), reason="invitation accepted", account=account
        )
        if not Invitation.objects.filter(pk=invited.pk, accepted_at=None).update(accepted_at=timezone.now()):
            raise Http404
