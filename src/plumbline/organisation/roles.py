"""The roles a person can hold in an organisation: stable codes, the words for them, and what each may do at large."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    QUALITY = "quality", _("Quality manager")
    MANAGEMENT = "management", _("Top management")
    AUDITOR = "auditor", _("Internal auditor")
    SUPERVISOR = "supervisor", _("Supervisor")
    CONSULTANT = "consultant", _("Consultant")
    BODY_AUDITOR = "body_auditor", _("Auditor of a certification body")
    MEMBER = "member", _("Member")


READ_ONLY = frozenset({Role.BODY_AUDITOR.value})
SEES_CONFIDENTIAL = frozenset({Role.QUALITY.value, Role.MANAGEMENT.value})
RUNS_ORGANISATION = frozenset({Role.ADMINISTRATOR.value, Role.QUALITY.value, Role.MANAGEMENT.value})
MORE_THAN_A_PIN = RUNS_ORGANISATION | {Role.CONSULTANT.value}  # laid down at a shared device

EXPLAINED = {
    Role.ADMINISTRATOR: _("Invites people and keeps the organisation's settings."),
    Role.QUALITY: _("Runs the quality management system: plans audits, confirms documents, closes nonconformities."),
    Role.MANAGEMENT: _("Answers for the system: policy, objectives, management review."),
    Role.AUDITOR: _("Plans and carries out internal audits."),
    Role.SUPERVISOR: _("Leads a team or a shift and sees what its people owe."),
    Role.CONSULTANT: _("Advises from outside; may audit, not judge what she built herself."),
    Role.BODY_AUDITOR: _("Reads everything asked for, changes nothing."),
    Role.MEMBER: _("Everybody: reads, reports problems, does tasks."),
}
