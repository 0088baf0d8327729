"""What was loaded, or restored as a copy, sends nothing by itself until somebody says so (ADR 18)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from .models import Loaded

SEND, REST = "send", "rest"  # what the company's history says


def quiet() -> QuerySet:
    """The organisations that send nothing, for a query."""
    return Loaded.objects.filter(sends_from=None).values("organisation")


def is_quiet(organisation: Organisation) -> bool:
    return quiet().filter(pk=organisation.pk).exists()


def senders() -> QuerySet[Any]:
    """The organisations that send, each with `sends_from`."""
    since = Loaded.objects.filter(pk=OuterRef("pk")).values("sends_from")
    return Organisation.objects.exclude(pk__in=quiet()).annotate(sends_from=Subquery(since)).order_by("uid")


def unheard(organisation: str, at: str) -> Exists:
    """What happened while its organisation was quiet, by the names of both columns: nobody is ever sent it."""
    held = Q(sends_from=None) | Q(sends_from__gt=OuterRef(at))
    return Exists(Loaded.objects.filter(held, organisation=OuterRef(organisation)))


def hush() -> None:
    """Nothing is sent from here for anybody: the mark of a copy, which leaves the copied histories as they are."""
    for organisation in Organisation.objects.all():
        Loaded.objects.update_or_create(organisation=organisation, defaults={"sends_from": None})


def change(organisation: Organisation, sends: bool, by: Actor) -> bool:
    """Send from here from now on, or nothing any more; whether that was new. The company's history keeps it."""
    now = timezone.now()
    with writing(organisation.pk, by.stamp()) as pen:
        row = Loaded.objects.select_for_update().filter(pk=organisation.pk).first()
        if (row is None or row.sends_from is not None) == sends:
            return False
        row = row or Loaded(organisation=organisation)
        row.sends_from = now if sends else None
        row.save()
        pen.note(SEND if sends else REST, subject=organisation.pk, table="organisation")
    return True
