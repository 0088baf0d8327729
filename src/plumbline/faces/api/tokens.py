"""Tokens: made once and shown once, found by their digest, ended by hand or by their date; history tells of both."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.kernel import actions, policy
from plumbline.ledger.prepared import Prepared
from plumbline.ledger.writer import Pen, writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person
from plumbline.organisation.signin.devices import needs_more

from .models import Token

BEGINS = "plb_"
LONGEST = 1096  # days until a token ends by itself


def digest_of(secret: str) -> str:
    """A secret has 256 bits of chance: one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make(by: Actor, name: str, rights: dict[str, str], days: int) -> tuple[Token, str]:
    """A token of the person who asks, and its secret."""
    if by.device:
        raise policy.Denied(needs_more())
    if by.person is None or by.person.account_id is None:
        raise policy.Denied(_("Only people who sign in make tokens for themselves."))
    with writing(by.organisation.uid, by.stamp()) as pen:
        return _make(pen, by, by.person, name, rights, days, program=False)


def make_for_program(
    by: Actor, program: Person | str, name: str, rights: dict[str, str], days: int
) -> tuple[Token, str]:
    """A token of a program: it acts as a person made for it by that name, or one that was; never as a human being."""
    policy.require(policy.may_run_organisation(by))
    with writing(by.organisation.uid, by.stamp()) as pen:
        if isinstance(program, str):
            person = actions.create(Person, by=by, name=program.strip())
        elif program in programs(by):
            person = program
        else:
            raise policy.Denied(_("That is a person: people make their own tokens."))
        return _make(pen, by, person, name, rights, days, program=True)


def programs(by: Actor) -> list[Person]:
    """The persons of the organisation that programs act as."""
    made = Token.objects.filter(organisation=by.organisation, program=True).values("person")
    people = Person.objects.filter(organisation=by.organisation, pk__in=made, account=None).order_by("name")
    return [person for person in people if person.is_here(by.organisation.today())]


def _make(
    pen: Pen, by: Actor, person: Person, name: str, rights: dict[str, str], days: int, program: bool
) -> tuple[Token, str]:
    if by.outside or not name.strip() or not rights or not 0 < days <= LONGEST:
        raise ValidationError(_("Say what it is for, what it may do and until when."))
    secret = BEGINS + secrets.token_urlsafe(32)
    token = Token(
        organisation=by.organisation,
        person=person,
        program=program,
        name=name.strip()[:80],
        digest=digest_of(secret),
        hint=secret[:10],
        rights=rights,
        made_by=by.person,
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.save(force_insert=True)
    pen.note("make", subject=token.uid, table="token", facts=_told(token))
    return token, secret


def end(token: Token, by: Actor) -> None:
    """From now on it opens nothing; by its own person, or by whoever runs the organisation."""
    if token.person_id != by.uid:
        policy.require(policy.may_run_organisation(by))
    with writing(by.organisation.uid, by.stamp()) as pen:
        token.ended_at = token.ended_at or timezone.now()
        token.save(update_fields=["ended_at"])
        pen.note("end", subject=token.uid, table="token", facts=_told(token))


def _told(token: Token) -> dict:
    return {"name": token.name, "person": str(token.person_id), "rights": token.rights, "program": token.program}


of_digest = Prepared(
    lambda digest: Token.objects.select_related("person__account", "organisation").filter(digest=digest)
)


def found(secret: str) -> Token | None:
    """The token of that secret while it lives, with its person and organisation."""
    if not secret.startswith(BEGINS) or len(secret) > 100 or not secret.isascii():
        return None
    token = next(of_digest(digest_of(secret)), None)
    return token if token is not None and token.is_live else None
