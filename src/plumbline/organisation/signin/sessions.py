"""Where somebody is signed in: device and last use of each session, kept without a query of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Account
from ..shared_devices import DeviceSession, end_sessions
from . import devices

EVERY = 600  # seconds between two notes of last use
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


class LastSeen:
    """Outside what keeps reads from writing: at most every ten minutes a session tells when it was used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        seen = request.session.get("seen_at", 0)
        if seen and time.time() - seen > EVERY and request.user.is_authenticated:
            request.session["seen_at"] = int(time.time())
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return response


@dataclass
class Device:
    """One line of the list."""

    pk: int
    name: str
    address: str
    since: datetime
    used: datetime
    here: bool


def device(agent: str) -> str:
    """“Firefox on Windows”, from what the browser says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def of(request: HttpRequest) -> list[Device]:
    """The sessions of this account, the newest use first; those that ended by themselves are left out."""
    rows = [row for row in UserSession.objects.filter(user=request.user) if row.exists()]
    mine = request.session.session_key
    here = {row.pk: row.session_key == mine for row in rows}
    lines = [
        Device(
            row.pk,
            device(row.user_agent),
            row.ip,
            row.created_at,
            timezone.now() if here[row.pk] else row.last_seen_at,
            here[row.pk],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.here, line.used), reverse=True)


@dataclass
class AtShared:
    """One line of the same list: somebody of this account at a shared device, by badge or PIN."""

    pk: UUID
    name: str
    where: str
    how: str
    since: datetime
    used: datetime


def at_shared_devices(account: Account) -> list[AtShared]:
    """Where this human being is signed in by badge or PIN now, in whichever organisation. One query."""
    rows = DeviceSession.objects.filter(person__account=account, ended_at=None)
    rows = rows.select_related("device", "person__organisation").order_by("-seen_at")
    now, ways = timezone.now(), {"pin": _("by PIN"), "badge": _("by badge"), "badge+pin": _("by badge and PIN")}
    return [
        AtShared(row.pk, row.device.name, row.person.organisation.name, ways[row.how], row.began_at, row.seen_at)
        for row in rows
        if row.is_live(now)
    ]


def end_at_shared(account: Account, **which: Any) -> int:
    """End the sessions at shared devices of this human being; how many ended."""
    ended, now = 0, timezone.now()
    for row in DeviceSession.objects.filter(person__account=account, ended_at=None, **which).select_related("person"):
        if row.is_live(now):
            end_sessions(now, pk=row.pk)
            ended += 1
    return ended


def end_others(request: HttpRequest | None, account: Account) -> None:
    """End every session of this account but the one that asks."""
    mine = request.session.session_key if request else None
    for row in UserSession.objects.filter(user=account).exclude(session_key=mine):
        row.end()


def begin(request: HttpRequest, account: Account, how: str) -> None:
    """Sign somebody in who has just chosen a password by a mailed link."""
    login(request, account, backend="plumbline.organisation.accounts.Backend")
    record_authentication(request, account, how)
    UserSession.objects.create_from_request(request)
    request.session["seen_at"] = int(time.time())


def ways(request: HttpRequest) -> list[dict[str, Any]]:
    """How this session was signed in, step by step."""
    if isinstance(request.user, devices.AtDevice):
        return request.user.records()
    return get_authentication_records(request, request.user) if request.user.is_authenticated else []


def how(records: list[dict[str, Any]]) -> str:
    """The steps in a few letters, for the history: “password+totp”, “passkey”, “entra”."""
    said: list[str] = []
    for record in records:
        method = record["method"]
        if method == "mfa":
            method = {"webauthn": "passkey", "recovery_codes": "recovery code"}.get(record["type"], record["type"])
        elif method == "socialaccount":
            method = record["provider"]
        if method not in said:
            said.append(method)
    return "+".join(said)[:60] or "password"
