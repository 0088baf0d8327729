"""The spine: what every controlled record has, whatever its kind."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.tries import SigningTry as SigningTry
from plumbline.ledger.keyset import indexes
from plumbline.ledger.models import Evidence, EvidenceQuerySet
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation, Person, Process, Site


def seen_by(actor: Actor, path: str = "") -> Q:
    """The condition on a record, reached by that path, that the actor may see it (of those of the organisation)."""
    if actor.outside:
        return Q(**{f"{path}pk__in": []})
    if actor.sees_confidential:
        return Q()
    names: dict = {"confidential": False, "owner": actor.person, "author": actor.person}
    names |= {f"extra__readers__{role}": True for role in sorted(actor.roles - {"member"})}  # whom the record names
    return Q(*((f"{path}{name}", value) for name, value in names.items()), _connector=Q.OR)


class RecordQuerySet(EvidenceQuerySet):
    def visible_to(self, actor: Actor) -> "RecordQuerySet":
        """The records of the actor's organisation that the actor may see; a WHERE clause, never a list of ids."""
        return self.filter(seen_by(actor), organisation=actor.organisation)

    def open(self) -> "RecordQuerySet":
        return self.filter(closed_at=None)

    def overdue(self, today) -> "RecordQuerySet":
        return self.open().filter(due__lt=today)


class Record(Evidence):
    """One controlled thing in a quality management system."""

    HOME = "organisation"
    RECORD = "uid"

    organisation = models.ForeignKey(Organisation, models.PROTECT, editable=False, db_index=False)
    kind = models.CharField(max_length=40, editable=False)
    number = models.CharField(_("number"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=30, editable=False)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"), db_index=False)
    author = models.ForeignKey(
        Person, models.PROTECT, related_name="+", editable=False, null=True, verbose_name=_("author"), db_index=False
    )
    due = models.DateField(_("due"), null=True, blank=True)
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("process"), db_index=False
    )
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("site"), db_index=False
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    confidential = models.BooleanField(_("confidential"), default=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("entered on"), editable=False)
    closed_at = models.DateTimeField(_("closed on"), null=True, editable=False)

    objects = models.Manager.from_queryset(RecordQuerySet)()  # type: ignore[misc,assignment]  # narrower than Evidence's

    class Meta:
        verbose_name, verbose_name_plural = _("record"), _("records")
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "number"], name="one_number_per_kind")]
        indexes = indexes(
            "organisation kind",
            "title state owner due",
            "site process created_at closed_at",
            "closed_at",
            "kernel_record",
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def relations(self, actor: Actor) -> set[str]:
        """What else the actor is to this record, beyond owner, author and roles; a kind may say more."""
        return set()

    def people(self, relation: str, actor: Actor) -> list:
        """The uids of who stands in a relation of this kind; nobody whom this actor may not know of."""
        return []


class Kind(Record):
    """What the child table of every kind has for itself: its organisation and its event."""

    CHILD_HOME = "home"
    CHILD_EVENT = "own_event"

    home = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False, db_index=False)
    own_event = models.ForeignKey(
        "ledger.Event", models.DO_NOTHING, related_name="+", editable=False, db_index=False, db_constraint=False
    )

    class Meta:
        abstract = True


class Part(Evidence):
    """An evidence row of a record without a number: own uid, version, digest and lock."""

    HOME = "organisation"
    RECORD = "record"
    BY_HAND = True  # whether somebody fills it in; else it follows from a move or a page of its own

    organisation = models.ForeignKey(Organisation, models.PROTECT, editable=False, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, editable=False, related_name="%(class)ss")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True
        ordering = ["uid"]


class Comment(Part):
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False, null=True, db_index=False)
    text = models.TextField(_("comment"), max_length=10_000)
    about = models.UUIDField(null=True, blank=True, editable=False)  # a part of the record, if it speaks of one
    cancelled_reason = models.CharField(max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("comment"), _("comments")


class Link(Part):
    """One record leads to another: a finding raises a nonconformity, which raises an action."""

    target = models.ForeignKey(Record, models.PROTECT, related_name="comes_from", verbose_name=_("leads to"))
    why = models.CharField(_("why"), max_length=40, default="relates to")
    ended = models.BooleanField(default=False)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("link"), _("links")
        constraints = [
            models.UniqueConstraint(fields=["record", "target", "why"], condition=Q(ended=False), name="one_link"),
            models.CheckConstraint(condition=~Q(record=F("target")), name="no_link_to_itself"),
        ]


class File(Evidence):
    """Content kept once per organisation, by its digest; never shared across organisations."""

    schema_version = 2
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    disposed_at = models.DateTimeField(null=True)  # since then the content is gone from disk, on purpose
    disposal = models.UUIDField(null=True)  # what says who decided that, when and why

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="one_content")]

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(Part):
    """A file on a record or on one of its parts, with the name it came by."""

    schema_version = 2
    file = models.ForeignKey(File, models.PROTECT, related_name="attachments")
    name = models.CharField(_("file name"), max_length=255)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    valid_on = models.DateField(_("valid on"), null=True, blank=True)
    disposal = models.UUIDField(null=True, editable=False)  # set: this record gave the content up
    about = models.UUIDField(null=True, blank=True, editable=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False, null=True, db_index=False)
    cancelled_reason = models.CharField(max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("file"), _("files")


class Signature(Part):
    """An act: who, meaning what, about exactly which bytes."""

    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    verb = models.CharField(max_length=40)
    meaning = models.CharField(max_length=200)
    strength = models.CharField(max_length=20)  # confirm, again (signed in again)
    manifest = models.JSONField()  # (uid, version, digest) of the record, its parts and files
    digest = models.CharField(max_length=64)  # SHA-256 of the canonical manifest
    signed_at = models.DateTimeField()

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("signature"), _("signatures")


class RequirementLink(Part):
    """This record speaks to that requirement; proposed by a reader until somebody confirms it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    edition = models.CharField(max_length=40, default="iso9001:2015")
    requirement = models.CharField(_("requirement"), max_length=30)
    passage = models.TextField(_("passage"), blank=True)
    confidence = models.DecimalField(_("confidence"), max_digits=3, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("requirement it speaks to"), _("requirements it speaks to")
        constraints = [
            models.UniqueConstraint(fields=["record", "edition", "requirement"], name="one_requirement_link")
        ]
        indexes = [models.Index(fields=["organisation", "edition", "requirement"])]


class FormerNumber(Part):
    """A number the record once had; the old address leads to the new one."""

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)

    class Meta(Part.Meta):
        indexes = [models.Index(fields=["organisation", "kind", "number"])]


class Counter(models.Model):
    """The last number given in a series of one organisation. Working table, locked while a number is taken."""

    CARRIED = "organisation"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    series = models.CharField(max_length=80)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "series"], name="one_series")]


class Draft(models.Model):
    """What somebody has typed and not saved: one per person and form. Working table."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    form = models.CharField(max_length=120)
    typed = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "form"], name="one_draft")]


class Duty(models.Model):
    """Whose turn it is: derived from the workflow by the door, read by “my work”."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="duties")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    role = models.CharField(max_length=30, blank=True)
    verb = models.CharField(max_length=40)
    due = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", whose, "due"]) for whose in ("person", "role")]


class Notice(models.Model):
    """Something a person should hear of once. Working table."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    event = models.UUIDField()
    verb = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "person", "read_at", "id"]),
            models.Index(fields=["id"], name="kernel_reminded", condition=models.Q(verb="nudge", read_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="one_notice_per_event")]

    @property
    def words(self) -> str:
        """What it says, in a few words."""
        known = {
            "owner": _("is yours now"),
            "mention": _("a comment names you"),
            "nudge": _("you are waited for"),
            "decline": _("was declined"),
            "undelivered": _("a webhook could not tell of it"),
        }
        return str(known.get(self.verb) or _("a new comment"))
