"""An audit with its team, areas and answers, and the findings it leads to."""

from functools import cached_property
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.models import Kind, Part
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, Process


class Result(models.TextChoices):
    """What an answer comes to; the first five are an initial audit's, the others a conformity audit's."""

    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    NOT_AUDITED = "not_audited", _("Not audited")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    CONFORMS = "conforms", _("Conforms")
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    OPPORTUNITY = "opportunity", _("Opportunity for improvement")


INITIAL = (Result.MET, Result.PARTLY, Result.NOT_MET, Result.NOT_AUDITED, Result.NOT_APPLICABLE)
LATER = (Result.CONFORMS, Result.OPPORTUNITY, Result.MINOR, Result.MAJOR, Result.NOT_AUDITED, Result.NOT_APPLICABLE)
RAISES = {"partly": "gap", "not_met": "gap", "minor": "minor", "major": "major", "opportunity": "opportunity"}


class Audit(Kind):
    """A look at the organisation against criteria, by people who do not judge their own work (ISO 9001, 9.2)."""

    class Sort(models.TextChoices):
        INITIAL = "initial", _("Initial audit")
        INTERNAL = "internal", _("Internal audit")
        SUPPLIER = "supplier", _("Supplier audit")
        STAGE_1 = "stage1", _("Stage 1")
        STAGE_2 = "stage2", _("Stage 2")
        SURVEILLANCE = "surveillance", _("Surveillance audit")

    sort = models.CharField(_("kind of audit"), max_length=20, choices=Sort, default=Sort.INITIAL)
    objectives = models.TextField(_("objectives"), blank=True)
    scope = models.TextField(_("scope"), blank=True)
    criteria = models.TextField(_("criteria"), blank=True)
    edition = models.CharField(_("edition of the standard"), max_length=40, default="iso9001:2015")
    everywhere = models.BooleanField(_("questions for everybody are asked in every area"), default=False)
    from_on = models.DateField(_("first day"), null=True, blank=True)
    to_on = models.DateField(_("last day"), null=True, blank=True)
    lead = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("lead auditor"), null=True, db_index=False
    )
    agreement = models.TextField(_("what was agreed about areas left out"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("audit"), _("audits")
        indexes = [models.Index(fields=["home", "sort", "-record_ptr"], name="audits_by_sort")]

    def clean(self) -> None:
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise ValidationError({"to_on": _now("The last day is before the first.")})

    @property
    def results(self) -> tuple[Result, ...]:
        return INITIAL if self.sort == self.Sort.INITIAL else LATER

    @cached_property
    def team_uids(self) -> set:
        """Who is on the team today."""
        members = TeamMember.objects.filter(Q(until_on=None) | Q(until_on__gt=self.home.today()), record_id=self.uid)
        return set(members.values_list("person_id", flat=True))

    @property
    def written_by(self) -> str:
        """Who writes findings of it; nobody is named where it is confidential."""
        if self.confidential:
            return _now("Findings are written by the audit team.")
        team = Person.objects.filter(pk__in={*self.team_uids, self.lead_id}).order_by("name")
        named = ", ".join(team.values_list("name", flat=True))
        return _now("Findings are written by the audit team: %(team)s.") % {"team": named}

    def relations(self, actor: Actor) -> set[str]:
        if actor.uid is None:
            return set()
        if actor.uid == self.lead_id:
            return {"lead", "team"}
        return {"team"} if actor.uid in self.team_uids else set()

    def people(self, relation: str, actor: Actor) -> list[UUID]:
        if relation not in {"lead", "team"} or not self.seen_by(actor):
            return []
        return [self.lead_id, *(sorted(self.team_uids) if relation == "team" else [])]

    def seen_by(self, actor: Actor) -> bool:
        """Whether the actor may know of this audit; who reads one of its findings need not."""
        return not self.confidential or actor.sees_confidential or actor.uid in (self.owner_id, self.author_id)


class TeamMember(Part):
    """Somebody on the audit team, from and until when; near work needs a named reason."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead auditor")
        AUDITOR = "auditor", _("Auditor")
        EXPERT = "expert", _("Technical expert")
        OBSERVER = "observer", _("Observer")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"), db_index=False)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.AUDITOR)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    near_because = models.CharField(_("why somebody near the work may audit it"), max_length=300, blank=True)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("team member"), _("team members")


class Area(Part):
    """A place in the organisation where questions are asked: whom to meet, when, and which questions."""

    code = models.SlugField(max_length=40)
    name = models.CharField(_("area"), max_length=80)
    place = models.PositiveSmallIntegerField(default=0)
    questions = models.JSONField(default=list, blank=True)
    meets = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("person to meet"),
        db_index=False,
    )
    auditor = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("auditor"), db_index=False
    )
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("process"), db_index=False
    )
    day = models.DateField(_("day"), null=True, blank=True)
    start = models.TimeField(_("from"), null=True, blank=True)
    end = models.TimeField(_("to"), null=True, blank=True)
    unaudited_because = models.TextField(_("why it is not audited"), blank=True)
    agreed_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("agreed by"), db_index=False
    )
    dropped = models.BooleanField(_("taken out of the plan"), default=False)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("area"), _("areas")
        constraints = [models.UniqueConstraint(fields=["record", "code"], name="one_area")]

    def __str__(self) -> str:
        return self.name

    @property
    def owners(self) -> set:
        """Whose own work is judged here: the person who is met, and the owner of the process."""
        return {uid for uid in (self.meets_id, self.process.owner_id if self.process else None) if uid}

    def clean(self) -> None:
        if self.auditor_id and self.auditor_id in self.owners:
            raise ValidationError(
                {
                    "auditor": _now(
                        "%(area)s: nobody judges their own work. Let somebody else audit it, or swap areas."
                    )
                    % {"area": self.name}
                }
            )
        if self.start and self.end and self.end <= self.start:
            raise ValidationError({"end": _now("%(area)s ends before it begins.") % {"area": self.name}})
        if self.unaudited_because and not self.agreed_by_id:
            raise ValidationError(
                {"agreed_by": _now("%(area)s is left out: who agreed to that?") % {"area": self.name}}
            )


class Answer(Part):
    """What was asked, seen and found at one question in one area, or at one of its requirements."""

    BY_HAND = False

    area = models.ForeignKey(Area, models.PROTECT, related_name="answers", editable=False)
    question = models.CharField(max_length=30, editable=False)
    requirement = models.CharField(max_length=30, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True, default="")
    notes = models.TextField(_("notes"), blank=True, max_length=20_000)
    interviewee = models.CharField(_("whom you talked to"), max_length=200, blank=True)
    seen = models.TextField(_("evidence seen"), blank=True, max_length=20_000)
    strength = models.BooleanField(_("a strength"), default=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False, db_index=False)

    class Meta(Part.Meta):
        verbose_name, verbose_name_plural = _("answer"), _("answers")
        constraints = [models.UniqueConstraint(fields=["area", "question", "requirement"], name="one_answer")]

    @property
    def authors(self) -> list[str]:
        """The first who wrote here, and the last who changed it."""
        return list(dict.fromkeys(person.name for person in (self.by, self.changed_by) if person))


class Finding(Kind):
    """What an audit found: at an initial audit a gap, which is not a nonconformity."""

    class Grade(models.TextChoices):
        GAP = "gap", _("Gap")
        MAJOR = "major", _("Major nonconformity")
        MINOR = "minor", _("Minor nonconformity")
        OPPORTUNITY = "opportunity", _("Opportunity for improvement")
        CONCERN = "concern", _("Area of concern")

    of_audit = models.ForeignKey(Audit, models.PROTECT, related_name="findings", verbose_name=_("audit"))
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="findings", null=True, editable=False)
    grade = models.CharField(_("grade"), max_length=20, choices=Grade, default=Grade.GAP)
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True, default="")
    clause = models.CharField(_("clause"), max_length=60, blank=True)
    requirements = models.CharField(
        _("requirements"), max_length=400, blank=True, help_text=_("ids, with blanks between them")
    )
    area = models.CharField(_("area"), max_length=80, blank=True)
    text = models.TextField(_("what is missing"), blank=True)
    evidence = models.TextField(_("evidence seen"), blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="merged", null=True, blank=True, verbose_name=_("merged into")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("finding"), _("findings")
        indexes = [models.Index(fields=["home", by, "-record_ptr"], name=f"found_{by}") for by in ("grade", "of_audit")]
        constraints = [models.CheckConstraint(condition=~Q(merged_into=F("record_ptr")), name="not_merged_into_itself")]

    def relations(self, actor: Actor) -> set[str]:
        return self.of_audit.relations(actor)

    def people(self, relation: str, actor: Actor) -> list[UUID]:
        return self.of_audit.people(relation, actor)

    def clean(self) -> None:
        if (
            self._state.adding
            and self.author_id
            and self.author_id not in {*self.of_audit.team_uids, self.of_audit.lead_id}
        ):
            raise ValidationError({"of_audit": self.of_audit.written_by})
        now = Audit.objects.values_list("state", flat=True)  # the door locked it; what was read may be old
        if self._state.adding and now.get(pk=self.of_audit_id) != "running":
            raise ValidationError({"of_audit": _now("Findings are written while the audit is under way.")})
        into = self.merged_into
        if into is not None and (into.of_audit_id != self.of_audit_id or into.uid == self.uid or into.state != "open"):
            raise ValidationError({"merged_into": _now("Choose another open finding of the same audit.")})

    def pending_actions(self) -> tuple[int, int]:
        """How many actions it led to, and how many of them are not done."""
        targets = self.links.filter(ended=False, target__kind="action").values_list("target__closed_at", flat=True)
        return len(targets), sum(1 for closed_at in targets if closed_at is None)
