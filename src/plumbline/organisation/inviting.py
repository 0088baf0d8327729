"""Invitations: an address asked to join an organisation, by a link that is mailed or by single sign-on alone."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Invitation, Person

logger = logging.getLogger(__name__)


def invite(person: Person, by: Person, lasting: bool = False) -> Invitation:
    """A newer invitation withdraws the older ones; a lasting one is open to single sign-on until it is withdrawn."""
    withdraw(person)
    return Invitation.objects.create(
        organisation_id=person.organisation_id,
        person=person,
        email=person.email.lower(),
        invited_by=by,
        lasting=lasting,
    )


def withdraw(person: Person) -> None:
    """Whoever was asked is asked no more."""
    open_ = Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None)
    open_.update(withdrawn_at=timezone.now())


def waiting_for(email: str) -> Invitation | None:
    """The newest open invitation to that address."""
    asked = Invitation.objects.select_related("person", "organisation").filter(
        email__iexact=email, accepted_at=None, withdrawn_at=None, person__account=None
    )
    return next((one for one in asked.order_by("-invited_at") if one.is_open()), None)


def link(invitation: Invitation) -> str:
    return settings.PLUMBLINE_ORIGIN + reverse("join", args=[invitation.token])


def mail(invitation: Invitation) -> bool:
    """Whether a mail server took it; without one the mail stays in a folder, where nobody it is for reads it."""
    words = {"who": invitation.invited_by.name, "where": invitation.organisation.name, "link": link(invitation)}
    letter = (
        _("%(who)s invites you to %(where)s") % words,
        _(
            "%(who)s invites you to the quality management system of %(where)s.\n\n"
            "Open this link to choose a password and sign in:\n%(link)s\n\nIt is valid for 14 days."
        )
        % words,
        None,
        [invitation.email],
    )
    try:
        send_mail(*letter)
    except OSError as error:  # every fault of a mail server is one
        logger.error("The invitation was not sent: %s", error)
        return False
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
