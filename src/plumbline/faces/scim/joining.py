"""People come, change and leave as the directory says, through the same door as on the page of people."""

from datetime import timedelta
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.faces.api import tokens
from plumbline.faces.api.models import Token
from plumbline.kernel import actions
from plumbline.organisation import inviting
from plumbline.organisation.models import Department, Person

from . import giving, people
from .asking import compared, named
from .entry import Caller, Refused
from .models import Identity
from .shapes import EnterpriseUser

REASON = "SCIM"


def join(user: Any, caller: Caller) -> Person:
    """Somebody new; or somebody whom the directory had deleted and has again. Raises Refused."""
    _require_name(user)
    user.active = user.active is not False
    _refuse_taken(user, caller)
    values = _values(user, caller)
    former = Identity.objects.select_related("person").filter(
        organisation=caller.organisation, key=compared(user.user_name)
    )
    if user.external_id:  # another one under the same address is somebody else
        former = former.filter(external_id__in=("", user.external_id))
    if gone := former.exclude(removed_at=None).order_by("-removed_at").first():
        person = actions.edit(gone.person, by=caller.actor, reason=REASON, ended_on=None, **values)
    else:
        person = actions.create(Person, by=caller.actor, reason=REASON, **values)
    _note(person, user, caller)
    if user.active is False:
        return leave(person, caller)
    invite(person, caller)
    return person


def change(person: Person, before: Any, user: Any, caller: Caller) -> Person:
    """What the directory says now, in place of what it said before. Raises Refused, LastAdministrator."""
    _require_name(user)
    if (user.user_name, user.external_id) != (before.user_name, before.external_id):
        _refuse_taken(user, caller, person)
    if user.name != before.name and user.display_name == before.display_name:
        _renamed(user, before)
    email, values = person.email, _values(user, caller)
    here = person.is_here(caller.organisation.today())
    if user.active is True and not here:
        values["ended_on"] = None
    person = actions.edit(person, by=caller.actor, reason=REASON, **values)
    _note(person, user, caller)
    if user.active is False and here:
        return leave(person, caller)
    if person.email != email or not here:
        invite(person, caller)
    return person


def leave(person: Person, caller: Caller) -> Person:
    """From now on nothing here is open to them: what they did stays, with their name. Raises LastAdministrator."""
    giving.require_another(person, caller.organisation)
    yesterday = caller.organisation.today() - timedelta(days=1)
    if person.ended_on is None or person.ended_on > yesterday:
        person = actions.edit(person, by=caller.actor, reason=REASON, ended_on=yesterday)
    for token in Token.objects.filter(organisation=caller.organisation, person=person, ended_at=None):
        tokens.end(token, caller.actor)
    inviting.withdraw(person)
    account = person.account
    if account is not None and not account.organisations().exists():
        for session in UserSession.objects.filter(user=account):
            session.end()
    return people.there(caller.organisation).get(pk=person.pk)


def remove(person: Person, caller: Caller) -> None:
    """The directory deleted the person: to it, nobody is there any more. Raises LastAdministrator."""
    person = leave(person, caller)
    if people.identity_of(person) is None:
        shape = people.told([person], caller)[0]
        _note(person, shape, caller)
    Identity.objects.filter(person=person).update(removed_at=timezone.now())


def invite(person: Person, caller: Caller) -> None:
    """How somebody gets in who has no account here: by single sign-on, or by a link that is mailed."""
    if person.account_id or not person.email or not person.is_here(caller.organisation.today()):
        return
    by = cast(Person, caller.actor.person)
    invitation = inviting.invite(person, by, lasting=not caller.connection.mail)
    if caller.connection.mail:
        transaction.on_commit(lambda: inviting.mail(invitation))


def _require_name(user: Any) -> None:
    """Raises Refused."""
    user.user_name = (user.user_name or "").strip()
    if not user.user_name or max(len(user.user_name), len(user.external_id or "")) > 255:
        raise Refused(400, _("A sign-in name has 1 to 255 signs, an external id at most 255."), "invalidValue")


def _refuse_taken(user: Any, caller: Caller, person: Person | None = None) -> None:
    """One user name, one external id, once in an organisation. Raises Refused."""
    same = named(user.user_name)
    if user.external_id:
        same |= Q(identity__external_id=user.external_id)
    if person is None and (email := _email(user)):
        same |= Q(identity=None, email__iexact=email)  # entered by hand: to be matched, not to be there twice
    other = people.there(caller.organisation).filter(same)
    if person is not None:
        other = other.exclude(pk=person.pk)
    if found := other.first():
        words = _("There is somebody already with this sign-in name, external id or e-mail address: “%(name)s”.")
        raise Refused(409, words % {"name": people.named(found)}, "uniqueness")


def _renamed(user: Any, before: Any) -> None:
    """A new family name is shown, also where only that part of the name was sent."""
    if user.name and before.name and user.name.formatted == before.name.formatted:
        user.name.formatted = None
    user.display_name = None
    shown = people.name_of(user)
    if before.display_name:
        user.display_name = shown


def _email(user: Any) -> str:
    if first := people.primary(user.emails or []):
        return (first.value or "").strip()
    return user.user_name.strip() if "@" in user.user_name else ""


def _values(user: Any, caller: Caller) -> dict[str, Any]:
    """The fields of a person, from what a directory says."""
    extension = user[EnterpriseUser]
    name = (extension.department if extension else "") or ""
    departments = Department.objects.filter(organisation=caller.organisation, name__iexact=name, ended_on=None)
    return {
        "name": people.name_of(user),
        "email": _email(user),
        "job": user.title or "",
        "department": departments.first() if name else None,
    }


def _note(person: Person, user: Any, caller: Caller) -> None:
    """Keep what it said; the same again changes nothing."""
    addresses = "\n".join(sorted({(one.value or "").lower() for one in user.emails or [] if one.value}))
    said = {
        "organisation": caller.organisation,
        "user_name": user.user_name,
        "key": compared(user.user_name),
        "external_id": user.external_id or "",
        "addresses": addresses,
        "said": people.kept(user),
        "removed_at": None,
    }
    kept = Identity.objects.filter(person=person).first()
    if kept is None or any(getattr(kept, name) != value for name, value in said.items()):
        kept, _new = Identity.objects.update_or_create(person=person, defaults=said | {"changed_at": timezone.now()})
    person.identity = kept
