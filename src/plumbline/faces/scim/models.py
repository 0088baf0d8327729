"""What a directory calls our people, and its groups: working rows; what counts are people and role holdings."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from plumbline.history.uids import uuid7
from plumbline.organisation.models import Organisation, Person, RoleHolding


class Identity(models.Model):
    """How the directory names a person, and what it said that a person has no field for."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="identity")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    user_name = models.CharField(max_length=255)
    key = models.CharField(max_length=255)  # the user name as it is compared
    external_id = models.CharField(max_length=255, blank=True)
    addresses = models.TextField(blank=True)  # every e-mail address it told, in small letters, one a line
    said: Any = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)  # the directory deleted it: to the directory it is not there

    class Meta:
        indexes = [models.Index(fields=["organisation", "external_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"], condition=Q(removed_at=None), name="scim_one_user_name"
            )
        ]


class Group(models.Model):
    """A group of the directory; what role it gives stands in the organisation's settings."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=255)
    key = models.CharField(max_length=255)  # the name as it is compared
    external_id = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="scim_one_group_name")]


class Member(models.Model):
    """A person in a group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="members", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="scim_one_member")]


class Given(models.Model):
    """A role that somebody holds through groups, and would not otherwise: what is held by hand is never taken."""

    holding = models.OneToOneField(RoleHolding, models.PROTECT, primary_key=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")


class Refusal(models.Model):
    """What the directory was refused lately, for whoever looks why somebody is missing."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    asked = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True)  # scimType, or a word of ours
    why = models.CharField(max_length=300)
    seen_at = models.DateTimeField(null=True)  # only of what administrators are told: one of them has seen it

    class Meta:
        indexes = [models.Index(fields=["organisation", "-at"])]
