from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import File, Kind, Part, RequirementLink
from plumbline.organisation.models import Person

PAGES = {"new", "bring-in", "review", "export.csv"}  # addresses beside the numbers


class Document(Kind):
    """Something to read or to fill in, under control: a policy, a procedure, a form, a record (ISO 9001, 7.5)."""

    class Sort(models.TextChoices):
        POLICY = "policy", _("Policy")
        MANUAL = "manual", _("Manual")
        PROCEDURE = "procedure", _("Procedure")
        WORK_INSTRUCTION = "work_instruction", _("Work instruction")
        FORM = "form", _("Form")
        RECORD = "record", _("Record")
        EXTERNAL = "external", _("External document")

    sort = models.CharField(_("kind"), max_length=20, choices=Sort, default=Sort.PROCEDURE)
    revision = models.CharField(_("revision"), max_length=40, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        indexes = [models.Index(fields=["home", "sort", "-record_ptr"], name="documents_by_sort")]

    def clean(self) -> None:
        if self.number.lower() in PAGES:
            taken = _("“%(number)s” is the name of a page. Choose another.") % {"number": self.number}
            raise ValidationError({"number": taken})

    @cached_property
    def history(self) -> list["Revision"]:
        """Its revisions, the newest first, with file and importer."""
        return list(self.revisions.select_related("file", "by").order_by("-uid"))

    @cached_property
    def requirements(self) -> list[RequirementLink]:
        """All it speaks to, those that were rejected too."""
        return list(self.requirementlinks.all())

    @property
    def current(self) -> "Revision | None":
        """The revision people work to; while none is in use, the one proposed."""
        return next((one for one in self.history if one.state == Revision.State.EFFECTIVE), None) or self.incoming

    @property
    def incoming(self) -> "Revision | None":
        """A revision that waits to be confirmed."""
        return next((one for one in self.history if one.state == Revision.State.PROPOSED), None)


class Revision(Part):
    """One edition of a document: its file, what was read in it, and where it came from."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        EFFECTIVE = "effective", _("In use")
        SUPERSEDED = "superseded", _("Superseded")
        REJECTED = "rejected", _("Not taken")

    TONES = {"proposed": "waiting", "effective": "good", "superseded": "muted", "rejected": "muted"}
    number = models.CharField(_("revision"), max_length=40, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)
    file = models.ForeignKey(File, models.PROTECT, related_name="revisions", null=True)
    source = models.CharField(_("file name"), max_length=500, blank=True)  # relative to the folder it was found in
    media_type = models.CharField(max_length=120, blank=True)
    proposed = models.JSONField(default=dict, blank=True)  # what the reader proposed, with the lines it was taken from
    note = models.TextField(_("note"), blank=True)
    batch = models.UUIDField(null=True, blank=True, editable=False)  # the import that brought it
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False, null=True, db_index=False)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("revision"), _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=Q(state="effective"), name="one_revision_in_use"),
            models.UniqueConstraint(fields=["record"], condition=Q(state="proposed"), name="one_revision_proposed"),
        ]
        indexes = [models.Index(fields=["organisation", "source"], name="documents_by_source")]

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePosixPath(self.source).name

    @property
    def tone(self) -> str:
        return self.TONES[self.state]


class Text(models.Model):
    """What a revision's file says, for search and reading. Derived from the file."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="words")
    organisation = models.UUIDField()
    text = models.TextField()
