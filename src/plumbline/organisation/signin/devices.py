"""A shared device in the hall: bound by a link, known by its cookie, and who is signed in there until the next one."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.ledger.writer import writing

from ..actor import Actor
from ..entrance import entered
from ..models import Organisation, Person
from ..shared_devices import DeviceSession, SharedDevice, end_sessions
from . import entering, sessions
from .coming_back import page_of

COOKIE, SESSION = "plumb_device", "at_device"
LASTS = 400 * 24 * 3600  # seconds, the most a browser keeps; renewed at every sign-in
TICKET = timedelta(minutes=15)
EVERY = timedelta(seconds=30)  # between two notes of last use
KEPT = timedelta(days=30)  # how long one sees who was signed in at a device
OPEN = ("/accounts/device/", "/accounts/login/", "/language/", "/r/", "/static/", "/trust/")
CLOSED = ("settings/", "my-notices/", "my-tokens/")  # addresses and secrets that would outlive the ten minutes
FILES = {"/", "/health/", "/favicon.ico", "/manifest.webmanifest", "/sw.js", "/offline/"}


def digest_of(secret: str) -> str:
    """A secret has 256 bits of chance: one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make(by: Actor, **given: Any) -> tuple[SharedDevice, str]:
    """A device that is to be bound, and the secret of the link that does it within a quarter of an hour."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        Organisation.objects.select_for_update().get(pk=by.organisation.pk)
        known = SharedDevice.objects.filter(organisation=by.organisation)
        number = (known.aggregate(most=Max("number"))["most"] or 0) + 1
        device = SharedDevice(organisation=by.organisation, made_by=by.person, number=number, **given)
        ticket = _ticket(device)
        device.save(force_insert=True)
        pen.note("make device", subject=device.uid, table="device", facts={"name": device.name, "number": number})
    return device, ticket


def _ticket(device: SharedDevice) -> str:
    ticket = secrets.token_urlsafe(32)
    device.ticket, device.ticket_until = digest_of(ticket), timezone.now() + TICKET
    return ticket


def ask_again(device: SharedDevice, by: Actor) -> str:
    """A new link, for a device that was not bound in time or lost its cookie."""
    with writing(by.organisation.uid, by.stamp()) as pen:
        ticket = _ticket(device)
        device.save(update_fields=["ticket", "ticket_until"])
        pen.note("make link", subject=device.uid, table="device", facts={"name": device.name})
    return ticket


def waiting(ticket: str) -> SharedDevice | None:
    """The device that this link binds, while it holds."""
    found = SharedDevice.objects.filter(ticket=digest_of(ticket), ticket_until__gt=timezone.now(), unbound_at=None)
    return found.select_related("organisation", "made_by").first()


def bind(device: SharedDevice) -> str:
    """The secret for the cookie of this browser; the link is used up, an older cookie of the device opens nothing."""
    secret, now = secrets.token_urlsafe(32), timezone.now()
    by = Actor.of(device.made_by, how="device link")
    with writing(device.organisation_id, by.stamp()) as pen:
        used = SharedDevice.objects.filter(pk=device.pk, ticket=device.ticket).update(
            ticket=None, ticket_until=None, digest=digest_of(secret), bound_at=now
        )
        if not used:
            raise PermissionDenied(_("This link was used already. Make a new one."))
        end_sessions(now, device=device)
        pen.note("bind device", subject=device.uid, table="device", facts={"name": device.name})
    return secret


def unbind(device: SharedDevice, by: Actor) -> None:
    """Its cookie opens nothing any more, and whoever is signed in there is out."""
    now = timezone.now()
    with writing(by.organisation.uid, by.stamp()) as pen:
        SharedDevice.objects.filter(pk=device.pk).update(unbound_at=now, digest=None, ticket=None)
        end_sessions(now, device=device)
        pen.note("unbind device", subject=device.uid, table="device", facts={"name": device.name})


def remember(response: HttpResponse, secret: str) -> HttpResponse:
    """Put the secret where scripts do not read it and other sites do not send it."""
    response.set_cookie(
        COOKIE, secret, max_age=LASTS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def of(request: HttpRequest) -> SharedDevice | None:
    """The device that asks, by its cookie."""
    secret = request.COOKIES.get(COOKIE, "")
    if not secret or len(secret) > 100:
        return None
    found = SharedDevice.objects.filter(digest=digest_of(secret), unbound_at=None)
    return found.select_related("organisation", "site", "department").first()


def begin(request: HttpRequest, device: SharedDevice, person: Person, how: str) -> DeviceSession:
    """Sign somebody in at this device; whoever was there before is out, and so is an account."""
    now = timezone.now()
    request.session.flush()
    end_sessions(now, device=device)
    DeviceSession.objects.filter(device=device, began_at__lt=now - KEPT).delete()
    made = DeviceSession.objects.create(device=device, person=person, how=how)
    SharedDevice.objects.filter(pk=device.pk).update(last_used_at=now)
    request.session[SESSION] = str(made.uid)
    request.session.set_expiry(24 * 3600)
    return made


def leave(request: HttpRequest) -> None:
    """The next person, please."""
    if uid := request.session.get(SESSION):
        end_sessions(timezone.now(), pk=uid)
    request.session.flush()


@dataclass
class AtDevice:
    """Who asks at a shared device: signed in there, and no account; what needs one is refused."""

    session: DeviceSession
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_active: bool = True
    operator: bool = False
    demo: bool = False
    email: str = ""
    pk: None = None

    def __str__(self) -> str:
        return self.session.person.name

    @property
    def uid(self) -> Any:
        """What a signature compares with: the account of the person, whoever asks."""
        return self.session.person.account_id

    def organisations(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(pk=self.session.person.organisation_id)

    def get_username(self) -> str:
        return ""

    def records(self) -> list[dict[str, Any]]:
        """How this session was signed in, in the shape in which entering asks for it."""
        return [{"method": "device", "how": self.session.how, "at": self.session.began_at.timestamp()}]


def people_of(request: HttpRequest) -> list[Person]:
    """The persons that who asks is: of all organisations the account belongs to, or the one at a shared device."""
    if isinstance(request.user, AtDevice):
        found = [request.user.session.person]
    else:
        found = entered(request.user).people
    return [one for one in found if one.is_here(one.organisation.today())]


def actor_of(request: HttpRequest, person: Person) -> Actor:
    """The person as they are here: with the roles read with the account, or with what a shared device is enough for."""
    if isinstance(request.user, AtDevice):
        return Actor.of(person, how=request.user.session.said, device=True)
    return Actor.of(person, how=sessions.how(sessions.ways(request)), held=entered(request.user).roles.get(person.pk))


class Bound:
    """Sessions of shared devices: alive for ten minutes after the last touch, only there, and only for what is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION not in request.session:
            return self.get_response(request)
        session = self.living(request)
        if session is None:
            leave(request)
            next_one = request.path_info.startswith("/accounts/device/")  # a badge held there counts at once
            return self.get_response(request) if next_one else self.answer_of(request)
        request.user = AtDevice(session)  # type: ignore[assignment]
        if not opens(request.path_info, session.person.organisation.slug):
            response = render(request, "organisation/device_refused.html", {"why": needs_more()}, status=403)
        else:
            response = self.get_response(request)
        response["Cache-Control"] = "no-store"  # the next person's “back” shows nothing
        return response

    def living(self, request: HttpRequest) -> DeviceSession | None:
        found = DeviceSession.objects.select_related("device", "person__organisation", "person__department")
        session, device, now = found.filter(pk=request.session[SESSION]).first(), of(request), timezone.now()
        if session is None or device is None or session.device_id != device.pk or not session.is_live(now):
            return None
        if entering.lacking(entering.Rules.of(session.person.organisation), AtDevice(session).records()):
            return None
        if now - session.seen_at > EVERY:
            DeviceSession.objects.filter(pk=session.pk, ended_at=None).update(seen_at=now)
            SharedDevice.objects.filter(pk=device.pk).update(last_used_at=now)
        return session

    def answer_of(self, request: HttpRequest) -> HttpResponse:
        """To the sign-in page of the device, or to that of accounts where it is bound no more, and then back."""
        looked, fragment = request.method in ("GET", "HEAD"), "HX-Request" in request.headers
        page = request.get_full_path() if looked and not fragment else page_of(request)
        address = (
            f"{reverse('device' if of(request) else 'account_login')}?next={quote(page)}{'' if looked else '&late'}"
        )
        return HttpResponse(status=204, headers={"HX-Redirect": address}) if fragment else redirect(address)


def opens(path: str, slug: str) -> bool:
    """Whether a shared device gets this page at all: its own organisation, and nothing of accounts."""
    home = f"/{slug}/"
    if path.startswith(home):
        return not path.removeprefix(home).startswith(CLOSED)
    return path in FILES or path.startswith(OPEN)


def needs_more() -> str:
    """Why something is closed at a shared device, and what opens it."""
    return _(
        "A badge or a PIN at a shared device is not enough for this: sign in with your own account, elsewhere or by "
        "“With e-mail” on the sign-in page."
    )
