from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.numbering import check_scheme
from plumbline.ledger.models import Evidence
from plumbline.organisation.models import Organisation
from plumbline.organisation.roles import Role

from .sorts import Sort

CALLED = "document_kinds"  # in the organisation's settings: code -> name, like, ended
SCHEME = "{prefix}-{n:03}"
MOST_STEPS = 12
RULES = ("prefix", "scheme", "review_months", "retention_months", "blank", "strength", "author_may_approve", "reads")
PREFIXES = {  # what people are used to; the organisation changes it
    "en": dict(zip(Sort.values, ("POL", "MAN", "PRO", "WI", "FORM", "SPEC", "TPL", "RC", "EXT"), strict=True)),
    "de": dict(zip(Sort.values, ("POL", "HB", "VA", "AA", "FB", "SP", "VL", "NW", "EXT"), strict=True)),
}
BY_MANAGEMENT = [{"place": 1, "does": "approve", "role": "management", "days": 5}]
BY_QUALITY = [{"place": 1, "does": "approve", "role": "quality", "days": 5}]
SIGNED_AGAIN = {Sort.POLICY.value}  # by default the policy alone asks for the password again
BY_THE_TOP = {Sort.POLICY.value, Sort.MANUAL.value}


class DocumentKind(Evidence):
    """How an organisation calls and handles one kind of document: its number, its route, its intervals."""

    class Strength(models.TextChoices):
        CONFIRM = "confirm", _("Confirm")
        AGAIN = "again", _("Enter the password again")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    sort = models.CharField(_("kind"), max_length=20, editable=False)  # one that ships, or a code made of the name
    prefix = models.CharField(_("letters in front of the number"), max_length=12)
    scheme = models.CharField(_("number"), max_length=60, default=SCHEME, validators=[check_scheme])
    review_months = models.PositiveSmallIntegerField(_("looked at again after (months)"), default=24)
    retention_months = models.PositiveSmallIntegerField(_("kept after it is superseded (months)"), default=120)
    route = models.JSONField(_("route"), default=list, blank=True)  # [{place, does, role | person, days}]
    blank = models.CharField(_("template"), max_length=60, blank=True)  # the id of the template a new one begins with
    strength = models.CharField(_("signature"), max_length=20, choices=Strength, default=Strength.CONFIRM)
    author_may_approve = models.CharField(_("why the author may approve it"), max_length=300, blank=True)
    reads = models.BooleanField(_("reading is confirmed"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("kind of document"), _("kinds of documents")
        constraints = [models.UniqueConstraint(fields=["organisation", "sort"], name="one_rule_per_kind")]

    def __str__(self) -> str:
        return names(self.organisation).get(self.sort, self.sort)

    @property
    def own(self) -> bool:
        """Whether it is a kind that the organisation added."""
        return self.sort not in Sort.values

    @property
    def ended(self) -> bool:
        """Whether new documents are not given it any more."""
        return bool(said_of(self.organisation, self.sort).get("ended"))

    def clean(self) -> None:
        if not isinstance(self.route, list) or len(self.route) > MOST_STEPS:
            raise ValidationError({"route": _now("A route has at most %(most)d steps.") % {"most": MOST_STEPS}})
        for step in self.route:
            if step.get("does") not in ("review", "approve") or not (
                step.get("person") or step.get("role") in Role.values
            ):
                raise ValidationError({"route": _now("Each step says what is done, and by which person or role.")})
        if not any(step["does"] == "approve" for step in self.route):
            raise ValidationError({"route": _now("Somebody has to approve: add a step for it.")})


def names(organisation: Organisation) -> dict[str, str]:
    """What each kind is called here, in order: those that ship, then the organisation's own by name."""
    called = {code: said["name"] for code, said in organisation.settings.get(CALLED, {}).items() if said.get("name")}
    ours = {code: called.pop(code, str(label)) for code, label in Sort.choices}
    return ours | dict(sorted(called.items(), key=lambda pair: pair[1].casefold()))


def said_of(organisation: Organisation, sort: str) -> dict[str, Any]:
    """What the organisation says of a kind beside its rules: its name, which one it works like, that it ended."""
    return dict(organisation.settings.get(CALLED, {}).get(sort, {}))


def offered(organisation: Organisation, held: str = "") -> dict[str, str]:
    """The kinds a document may be given now, and the one it has."""
    every = names(organisation).items()
    return {code: name for code, name in every if code == held or not said_of(organisation, code).get("ended")}


def letters(organisation: Organisation) -> list[tuple[str, str]]:
    """What numbers of the organisation's own kinds begin with, the longest first, and their codes."""
    codes = [code for code in offered(organisation) if code not in Sort.values]
    own = DocumentKind.objects.filter(organisation=organisation, sort__in=codes) if codes else ()
    found = [(one.prefix.casefold(), one.sort) for one in own if one.prefix]
    return sorted(found, key=lambda pair: -len(pair[0]))


def rules_of(organisation: Organisation, sort: str) -> DocumentKind:
    """The organisation's rules for a kind of document; where it has none of its own, the usual ones (not saved)."""
    own = DocumentKind.objects.filter(organisation=organisation, sort=sort).first()
    return own or usual(organisation, sort)


def usual(organisation: Organisation, sort: str) -> DocumentKind:
    """The rules an organisation begins with; a kind it does not know is handled like a procedure."""
    prefixes = PREFIXES.get(organisation.language, PREFIXES["en"])
    sort = sort if sort in Sort.values else Sort.PROCEDURE.value
    return DocumentKind(
        organisation=organisation,
        sort=sort,
        prefix=prefixes[sort],
        route=BY_MANAGEMENT if sort in BY_THE_TOP else BY_QUALITY,
        strength=DocumentKind.Strength.AGAIN if sort in SIGNED_AGAIN else DocumentKind.Strength.CONFIRM,
        author_may_approve=_now("Top management writes its policy itself.") if sort == Sort.POLICY else "",
        reads=sort not in (Sort.RECORD, Sort.RECORD_TEMPLATE, Sort.EXTERNAL),
    )
