from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Kind, Part, RequirementLink
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Department, Person, Process, Site
from plumbline.organisation.roles import Role

from ..asked.history import revisions_of
from . import kinds
from .labels import order
from .sorts import Sort

PAGES = {"new", "bring-in", "review", "kinds", "alert", "labels", "copies", "export.csv"}  # beside the numbers


class SortField(models.CharField):
    """A kind that ships, or one of the organisation's own: the document itself says which there are."""

    def validate(self, value: Any, model_instance: Any) -> None:
        if value in self.empty_values:
            super().validate(value, model_instance)


class Document(Kind):
    """Something to read or to fill in, under control: a policy, a procedure, a form, a record (ISO 9001, 7.5)."""

    Sort = Sort

    sort = SortField(_("kind"), max_length=20, choices=Sort, default=Sort.PROCEDURE)
    revision_no = models.CharField(_("revision"), max_length=40, blank=True)
    edition = models.CharField(_("edition"), max_length=80, blank=True)
    origin = models.CharField(_("where it comes from"), max_length=300, blank=True)
    watched_by = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who watches it"),
        db_index=False,
    )
    check_on = models.DateField(_("next check for a new edition"), null=True, blank=True)
    if_it_changes = models.TextField(_("what changes when it changes"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        indexes = [models.Index(fields=["home", "sort", "-record_ptr"], name="documents_by_sort")]

    def clean(self) -> None:
        if self.number.lower() in PAGES:
            taken = _("“%(number)s” is the name of a page. Choose another.") % {"number": self.number}
            raise ValidationError({"number": taken})
        if self.sort not in Sort.values and self.sort not in kinds.names(self.home):
            raise ValidationError({"sort": _("There is no such kind of document here.")})

    def get_sort_display(self) -> str:  # type: ignore[no-redef]  # what Django makes of the choices knows no own kind
        """The kind as the organisation calls it."""
        return kinds.names(self.home).get(self.sort, self.sort)

    def works_like(self, *sorts: str) -> bool:
        """Whether its kind is one of these, or one of the organisation's own that works like one of them."""
        return self.sort in sorts or (
            self.sort not in Sort.values and kinds.said_of(self.home, self.sort).get("like") in sorts
        )

    def relations(self, actor: Actor) -> set[str]:
        """Who watches it."""
        return {"watcher"} if actor.uid and actor.uid == self.watched_by_id else set()

    def people(self, relation: str, actor: Actor) -> list[UUID]:
        return [self.watched_by_id] if relation == "watcher" and self.watched_by_id else []

    @cached_property
    def history(self) -> list:
        """Its revisions, the newest first, with file, who made them, and the first words of those people work to.

        Those brought in stand by their numbers.
        """
        found = list(revisions_of(self.uid))
        for one in found:
            one.of_document = self
        brought = [place for place, one in enumerate(found) if one.batch and one.revision_no]
        ordered = sorted((found[place] for place in brought), key=lambda one: order(one.revision_no), reverse=True)
        for place, one in zip(brought, ordered, strict=True):
            found[place] = one
        return found

    @cached_property
    def requirements(self) -> list[RequirementLink]:
        """All it speaks to, those that were rejected too."""
        return list(self.requirementlinks.all())

    @cached_property
    def spans(self) -> list:
        """Where and when which revision is in force, the newest first."""
        return list(self.validities.select_related("site", "process").order_by("-from_on", "-uid"))

    def in_force(self, day: date) -> list:
        """The spans that hold on that day, the one for everywhere first."""
        return sorted((span for span in self.spans if span.holds_on(day)), key=lambda span: span.place)

    @property
    def current(self) -> Any:
        """The revision people work to today (at most places); while none is in force, the one proposed."""
        spans = self.in_force(self.home.today())
        found = next((one for one in self.history if spans and one.uid == spans[0].record_id), None)
        return found or self.incoming

    @property
    def incoming(self) -> Any:
        """The newest revision that waits to be confirmed."""
        return next((one for one in self.history if one.state == "proposed"), None)

    @property
    def under_way(self) -> Any:
        """The revision that is being made: from the draft to the day it waits for."""
        return next((one for one in self.history if one.is_under_way and one.state != "requested"), None)

    @property
    def requests(self) -> list:
        """The changes somebody asked for and nobody took up yet."""
        return [one for one in self.history if one.state == "requested"]


WHOM = ("person", "role", "department", "process", "site")


class Recipient(Part):
    """Who gets a document: a person, a role, a department, a process or a site; and whether reading is confirmed."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person"), db_index=False
    )
    role = models.CharField(_("role"), max_length=30, choices=Role, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("department"),
        db_index=False,
    )
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("process"), db_index=False
    )
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("site"), db_index=False
    )
    reads = models.BooleanField(_("confirms that it was read"), default=True)
    ended = models.BooleanField(default=False)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("recipient"), _("distribution list")
        indexes = [models.Index(fields=["organisation", to], name=f"documents_to_{to}") for to in WHOM]

    def __str__(self) -> str:
        return str(
            self.person or self.department or self.process or self.site or self.get_role_display() or _("everybody")
        )
