from pathlib import PurePosixPath
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import File, Kind, Part
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, RoleHolding
from plumbline.organisation.roles import Role

from .document import Document
from .kinds import DocumentKind, rules_of
from .reading import places_of_readers

WRITTEN = "application/vnd.plumbline.document+json"  # the media type of what is written in the browser
FAR = 100  # years; a day further off was typed by mistake
UNDER_WAY = ("requested", "draft", "in_review", "in_approval", "approved")


class Revision(Kind):
    """One edition of a document, from the request for it to the day it is superseded; its content is a file."""

    schema_version = 2

    of_document = models.ForeignKey(
        Document, models.PROTECT, related_name="revisions", verbose_name=_("document"), editable=False
    )
    revision_no = models.CharField(_("revision"), max_length=40, blank=True)
    change = models.TextField(_("what changes"), blank=True)
    because = models.TextField(_("why"), blank=True)
    impact = models.TextField(_("what it means for others"), blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    file = models.ForeignKey(File, models.PROTECT, related_name="revisions", null=True, editable=False)
    source = models.CharField(_("file name"), max_length=500, blank=True)  # relative to the folder it was found in
    media_type = models.CharField(max_length=120, blank=True)
    proposed = models.JSONField(default=dict, blank=True)  # what the reader proposed, with the lines it was taken from
    note = models.TextField(_("note"), blank=True)
    batch = models.UUIDField(null=True, blank=True, editable=False)  # the import that brought it
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    effective_until = models.DateField(_("last day in force"), null=True, blank=True)
    order = models.CharField(_("only for the order"), max_length=60, blank=True)
    temporary = models.BooleanField(_("temporary instruction or quality alert"), default=False)
    read_by = models.DateField(_("to be read by"), null=True, blank=True)
    quiz = models.JSONField(_("questions"), default=list, blank=True)  # [{question, answers: [...], right: n}]
    pass_score = models.PositiveSmallIntegerField(_("right answers needed"), default=0)
    filled = models.JSONField(default=dict, blank=True, editable=False)  # what its fields said when it was handed in
    training = models.TextField(_("training it asks for"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("revision"), _("revisions")
        indexes = [models.Index(fields=["home", "source"], name="documents_by_source")]

    def __str__(self) -> str:
        return f"{self.of_document.number} {_now('revision')} {self.revision_no}".strip()

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePosixPath(self.source).name

    @property
    def written(self) -> bool:
        """Whether its content is written in the browser."""
        return self.media_type == WRITTEN

    @property
    def is_read(self) -> bool:
        """Whether reading it is confirmed: by the rules of its kind, for a time, or because it asks for training."""
        return self.temporary or bool(self.training) or self.rules.reads

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @cached_property
    def turns(self) -> list["Step"]:
        """All steps of all rounds."""
        return list(Step.objects.filter(record_id=self.uid).select_related("person", "decided_by", "deputy"))

    @property
    def rounds(self) -> list[list["Step"]]:
        """The steps of the rounds before the one it is in."""
        newest = max((step.round for step in self.turns), default=1)
        return [[step for step in self.turns if step.round == one] for one in range(1, newest)]

    @property
    def route(self) -> list["Step"]:
        """The steps of the round it is in, in order; without those that are not asked after all."""
        newest = max((step.round for step in self.turns), default=0)
        asked = (step for step in self.turns if step.round == newest and step.decision != Step.Decision.SKIPPED)
        return sorted(asked, key=lambda step: (step.place, step.uid))

    def open_steps(self, does: str) -> list["Step"]:
        """The steps whose turn it is: the first place of this kind where somebody has not decided."""
        open_ones = [step for step in self.route if step.does == does and not step.decision]
        return [step for step in open_ones if step.place == open_ones[0].place]

    def relations(self, actor: Actor) -> set[str]:
        """Reviewer or approver when it is their turn; “wrote it” for whoever made or asked for what stands in it."""
        found = {
            {"review": "reviewer", "approve": "approver"}[does]
            for does in ("review", "approve")
            if any(step.is_for(actor) for step in self.open_steps(does))
        }
        if any(step.is_for(actor) for step in self.route):
            found.add("on_route")
        if actor.uid and actor.uid == self.author_id and not self.rules.author_may_approve:
            found.add("wrote_it")
        return found

    def people(self, relation: str, actor: Actor) -> list[UUID]:
        """Whose turn it is, with deputies; who made it; and whoever leads people that may have to read it."""
        if relation in {"reviewer", "approver"}:
            steps = self.open_steps({"reviewer": "review", "approver": "approve"}[relation])
            return [uid for step in steps for uid in step.people(actor)]
        if relation == "on_route":
            return [uid for step in self.route for uid in step.people(actor)]
        if relation == "leads_people":
            leads = [one for one in actor.holders if one.role == Role.SUPERVISOR and one.places]
            places = places_of_readers(self.uid) if leads else set()
            return [one.uid for one in leads if one.places & places]
        wrote = relation == "wrote_it" and not self.rules.author_may_approve
        return [self.author_id] if wrote and self.author_id else []

    @cached_property
    def rules(self) -> DocumentKind:
        """How the organisation handles documents of this kind."""
        return rules_of(self.home, self.of_document.sort)

    def clean(self) -> None:
        for name in ("effective_on", "effective_until"):
            day = getattr(self, name)
            if day and abs(day.year - timezone.now().year) > FAR:
                raise ValidationError({name: _now("That is very far away: look at the year.")})
        if self.effective_on and self.effective_until and self.effective_until < self.effective_on:
            raise ValidationError({"effective_until": _now("The last day is before the first.")})
        if self.effective_on and self.read_by and self.read_by > self.effective_on:
            raise ValidationError({"read_by": _now("It is to be read before it is in force.")})


class Step(Part):
    """One person's or role's turn on the route of a revision; steps of the same place are side by side."""

    LAID = ("place", "does", "person_id", "role")  # not changed any more once others look at it

    class Does(models.TextChoices):
        REVIEW = "review", _("Review")
        APPROVE = "approve", _("Approve")

    class Decision(models.TextChoices):
        PASSED = "passed", _("Agreed")
        CHANGES = "changes", _("Asked for changes")
        SKIPPED = "skipped", _("Not needed any more")

    round = models.PositiveSmallIntegerField(default=1, editable=False)
    place = models.PositiveSmallIntegerField(_("order"), default=1)
    does = models.CharField(_("step"), max_length=20, choices=Does, default=Does.REVIEW)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person"), db_index=False
    )
    role = models.CharField(_("role"), max_length=30, choices=Role, blank=True)
    deputy = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("deputy"), db_index=False
    )
    due = models.DateField(_("due"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision, blank=True, editable=False)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    note = models.TextField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("step"), _("route")

    def clean(self) -> None:
        if not self.person_id and not self.role:
            raise ValidationError({"person": _now("Whose turn is it? Choose a person or a role.")})
        before = Step.objects.filter(pk=self.pk).first()
        if before and before.decision:
            raise ValidationError({"decision": _now("This step is decided: a decision is not changed afterwards.")})
        laid = before is None or any(getattr(before, name) != getattr(self, name) for name in self.LAID)
        if laid and self.record.state not in ("requested", "draft"):
            raise ValidationError(_now("Who reviews and who approves is settled while it is a draft."))

    @property
    def outcome(self) -> str:
        """What was decided, in the words of the step."""
        approved = self.does == self.Does.APPROVE and self.decision == self.Decision.PASSED
        return _now("Approved") if approved else self.get_decision_display()

    @property
    def whose(self) -> str:
        return str(self.person.name if self.person else self.get_role_display())

    def is_for(self, actor: Actor) -> bool:
        """Whether it is this actor's turn: by name, by role, or as deputy of who is named."""
        if actor.uid is None:
            return False
        if self.person_id is None:
            return actor.holds(self.role)
        if actor.uid in (self.person_id, self.deputy_id):
            return True
        held = RoleHolding.current(actor.organisation.today()).filter(person=actor.uid, deputy_of=self.person_id)
        return held.exists()

    def people(self, actor: Actor) -> list[UUID]:
        """Who could take it: who is named and their deputies, or who holds the role at large."""
        if self.person_id is None:
            return [one.uid for one in actor.holders if one.role == self.role and not one.places]
        deputies = [one.uid for one in actor.holders if one.deputy_of == self.person_id]
        return [uid for uid in (self.person_id, self.deputy_id, *deputies) if uid]


class Remark(Part):
    """A comment tied to a passage of a revision; resolved before it can be approved."""

    by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)
    text = models.TextField(_("comment"), max_length=10_000)
    quote = models.TextField(_("passage"), blank=True, max_length=2_000)
    block = models.CharField(max_length=40, blank=True)  # the id of the block the passage stands in
    answer = models.TextField(_("answer"), blank=True, max_length=10_000)
    resolved_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)
    resolved_at = models.DateTimeField(null=True, editable=False)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("remark"), _("remarks")

    def __str__(self) -> str:
        return _now("To the remark “%(text)s”") % {"text": Truncator(self.text).chars(160)}


class Text(models.Model):
    """What a revision's file says, for search and reading. Derived from the file."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="said")
    organisation = models.UUIDField()
    text = models.TextField()
    unfilled = models.JSONField(default=list)  # of what is written in the browser: hints of the places left to fill
    refers = models.JSONField(default=list)  # and the documents it refers to
