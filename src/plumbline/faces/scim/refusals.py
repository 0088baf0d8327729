"""What the directory was refused, kept for a while and told in plain words."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plumbline.organisation.models import Organisation

from .models import Refusal

KEPT, LATEST = 50, 10  # of an organisation: those kept, those on the page
TOLD = "last"  # the code of what whoever runs the organisation is told of, beyond this list
QUIET = timedelta(
    days=7
)  # for so long nobody is told again what one of them has seen: a directory tries again and again

WORDS: dict[str, str | Promise] = {
    "uniqueness": _("Somebody or something of that name is here already."),
    "invalidFilter": _("It searched in a way that is not understood here."),
    "invalidPath": _("It named a field that there is not."),
    "invalidValue": _("It sent a value that cannot be kept."),
    "invalidSyntax": _("What it sent is not SCIM, or not whole."),
    "noTarget": _("It changed a value that is not there."),
    "mutability": _("It changed what must stay as it is."),
    "tooMany": _("It asked for more at once than is answered."),
    "last": _("The last administrator stays."),
    "token": _("Its token has ended. Make a new one and enter it there."),
    "off": _("It knocked while it was switched off here."),
    "404": _("It looked for somebody or a group that is not here (any more)."),
    "412": _("Somebody changed it in between."),
    "413": _("It sent more at once than is taken."),
    "415": _("What it sent does not call itself SCIM or JSON."),
    "429": _("It asked too often; it was told to wait."),
}


def words(refusal: Refusal) -> str | Promise:
    """The sentence on the page; what was said to the directory stands beside it."""
    return WORDS.get(refusal.code) or WORDS.get(str(refusal.status)) or _("It was refused.")


def keep(refusal: Refusal) -> None:
    """The newest are kept; the same once more, after somebody has seen it, is seen already."""
    mine = Refusal.objects.filter(organisation=refusal.organisation_id).order_by("-at", "-pk")
    if refusal.code == TOLD:
        same = mine.filter(code=TOLD, why=refusal.why, seen_at__gt=timezone.now() - QUIET)
        refusal.seen_at = same.values_list("seen_at", flat=True).first()
    refusal.save(force_insert=True)
    if oldest := mine.values_list("pk", flat=True)[KEPT : KEPT + 1].first():
        mine.filter(pk__lte=oldest).delete()


def latest(organisation: Organisation) -> QuerySet[Refusal]:
    return Refusal.objects.filter(organisation=organisation).order_by("-at", "-pk")[:LATEST]


def waiting(organisation: Organisation) -> QuerySet[Refusal]:
    """What the directory wanted and could not have, and nobody has seen yet."""
    return Refusal.objects.filter(organisation=organisation, code=TOLD, seen_at=None).order_by("-at", "-pk")


def settle(organisation: Organisation) -> None:
    waiting(organisation).update(seen_at=timezone.now())
