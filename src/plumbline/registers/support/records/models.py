from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plumbline.kernel.models import Kind, Part, Signature
from plumbline.ledger.models import Evidence
from plumbline.organisation.actor import Actor, Holder
from plumbline.organisation.models import Organisation, Person
from plumbline.organisation.roles import SEES_CONFIDENTIAL, Role

from .retention import later, year_end

PAGES = {"new", "retention", "disposal", "categories", "export.csv"}  # addresses beside the numbers
LONG_AGO, FAR = 200, 100  # years; a day further off was typed by mistake
SIGNERS = ("quality", "management")
SECOND = (*SIGNERS, "administrator", "auditor", "supervisor")  # in a small firm one person holds the first two


class RecordCategory(Evidence):
    """A sort of record, and how long one keeps it: a row of the organisation, its own to change."""

    class Start(models.TextChoices):
        DATE = "date", _("the date of the record")
        END = "end", _("the end of the contract or of the product's life")
        CLOSING = "closing", _("the day the file was closed")

    class Basis(models.TextChoices):
        LAW = "law", _("Law")
        CUSTOMER = "customer", _("Contract or customer")
        HOUSE = "house", _("House rule")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    months = models.PositiveIntegerField(
        _("kept for how many months"), null=True, blank=True, help_text=_("120 are ten years. Left empty: for good.")
    )
    start = models.CharField(_("counted from"), max_length=20, choices=Start, default=Start.DATE)
    year_end = models.BooleanField(
        _("counted from the end of that year"), default=False, help_text=_("As tax law does in some countries.")
    )
    basis = models.CharField(_("why so long"), max_length=20, choices=Basis, default=Basis.HOUSE)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The paragraph, the contract, or who decided it.")
    )
    place = models.CharField(_("kept where"), max_length=200, blank=True)
    readers = models.JSONField(_("only seen by"), default=list, blank=True)  # codes of roles; none: everybody
    two_people = models.BooleanField(_("two people sign for disposal"), default=False)
    ended_on = models.DateField(_("not used any more since"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("category of records"), _("categories of records")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_record_category")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not isinstance(self.readers, list) or not set(self.readers) <= set(Role.values):
            raise ValidationError({"readers": _("Choose from the roles.")})
        self.readers = sorted(self.readers)


class QualityRecord(Kind):
    """Something kept as proof: an inspection sheet, a certificate, minutes (ISO 9001, 7.5.3)."""

    class Method(models.TextChoices):
        DELETED = "deleted", _("Files deleted")
        SHREDDED = "shredded", _("Paper shredded")
        BOTH = "both", _("Files deleted and paper shredded")
        RETURNED = "returned", _("Handed back to whom it belongs")

    category = models.ForeignKey(
        RecordCategory, models.PROTECT, related_name="records", verbose_name=_("category"), db_index=False
    )
    description = models.TextField(_("what it shows"), blank=True)
    concerns = models.CharField(
        _("about"), max_length=120, blank=True, help_text=_("An order, a product, a machine, a customer.")
    )
    dated_on = models.DateField(_("date of the record"))
    ended_on = models.DateField(
        _("ended or closed on"),
        null=True,
        blank=True,
        help_text=_("The contract, the product's life, or the file itself: where the category counts from then."),
    )
    place = models.CharField(
        _("kept where"), max_length=200, blank=True, help_text=_("For paper: the shelf or the folder.")
    )
    keep_until = models.DateField(_("kept until"), null=True, editable=False)
    method = models.CharField(_("how it is disposed of"), max_length=20, choices=Method, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kept as evidence", "record")
        verbose_name_plural = pgettext_lazy("kept as evidence", "records")
        indexes = [
            models.Index(fields=["home", "category", "-record_ptr"], name="records_by_category"),
            models.Index(fields=["home", "keep_until", "-record_ptr"], name="records_by_end"),
        ]

    def clean(self) -> None:
        for name in ("dated_on", "ended_on"):
            day = getattr(self, name)
            if day and not -LONG_AGO <= day.year - timezone.now().year <= FAR:
                raise ValidationError({name: _("That is very far away: look at the year.")})
        if self.number.lower() in PAGES:
            raise ValidationError(
                {"number": _("“%(number)s” is the name of a page. Choose another.") % {"number": self.number}}
            )
        if self.category_id is None:
            raise ValidationError({"category": _("Choose a category: it says how long the record is kept.")})
        self.category = RecordCategory.objects.get(pk=self.category_id)  # as it stands now, not as somebody held it
        self.follow()

    def follow(self) -> None:
        """Take from the category how long it is kept and who may see it."""
        readers = dict.fromkeys(self.category.readers, True)
        self.extra = {name: value for name, value in self.extra.items() if name != "readers"}
        self.extra |= {"readers": readers} if readers else {}
        self.confidential = self.confidential or bool(readers)
        self.keep_until = self.end()

    def begins(self) -> date | None:
        """The day its retention is counted from; None: it has not begun."""
        begun = self.dated_on if self.category.start == RecordCategory.Start.DATE else self.ended_on
        return year_end(begun) if begun and self.category.year_end else begun

    def end(self) -> date | None:
        """The last day it is to be kept; None: for good, or not known yet."""
        begun, months = self.begins(), self.category.months
        return later(begun, months) if begun and months is not None else None

    def past(self) -> bool:
        """Whether its retention is over, today in the organisation's zone."""
        end = self.end()
        return end is not None and end < self.organisation.today()

    @cached_property
    def first_signature(self) -> Signature | None:
        """The first of two signatures for its disposal, while the second is waited for."""
        signatures = Signature.objects.filter(record_id=self.uid, verb="sign").select_related("by")
        return signatures.order_by("-uid").first() if self.state == "signed" else None

    def relations(self, actor: Actor) -> set[str]:
        """Who signs second is another person than who signed first."""
        first = self.first_signature
        return {"second"} if first and actor.uid != first.by_id and actor.has(*SECOND) else set()

    def people(self, relation: str, actor: Actor) -> list[UUID]:
        if relation != "second" or self.first_signature is None:
            return []
        may = (one for one in actor.holders if one.role in SECOND and not one.places and self.seen_as(one))
        return [one.uid for one in may if one.uid != self.first_signature.by_id]

    def seen_as(self, one: Holder) -> bool:
        """Whether this role, or being its owner or author, lets somebody see it: who may not could not sign."""
        named = one.uid in (self.owner_id, self.author_id) or one.role in self.extra.get("readers", {})
        return not self.confidential or named or one.role in SEES_CONFIDENTIAL


class Disposal(Part):
    """The record of a disposal: who, when, why, how, and which files by their fingerprint; the content is gone."""

    BY_HAND = False

    category = models.CharField(_("category"), max_length=120)
    source = models.CharField(_("why so long"), max_length=240, blank=True)
    kept_until = models.DateField(_("kept until"), null=True)
    method = models.CharField(_("how it is disposed of"), max_length=20, choices=QualityRecord.Method, blank=True)
    first_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    second_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    files = models.JSONField(default=list, blank=True)  # name, sha256, size, and the records that still hold it
    disposed_at = models.DateTimeField()
    repeated = models.BooleanField(default=False)  # done again after an older backup was put in place

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("record of disposal"), _("records of disposal")
