"""The resources as they are told and read: no field that is not kept, so that the schemas promise nothing more."""

from typing import Annotated, Any

from django.conf import settings
from pydantic import Field
from scim2_models import (
    AnyExtension,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    External,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.urn import URN

MOST = 100  # resources in one answer


class Name(ComplexAttribute):
    """The parts of a person's name."""

    formatted: str | None = None
    """The whole name."""

    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    """An e-mail address."""

    value: str | None = None
    """The address."""

    type: str | None = Field(None, examples=["work", "home", "other"])
    """What it is for."""

    primary: bool | None = None
    """Whether mails go to this one."""


class GroupOf(ComplexAttribute):
    """A group somebody is a member of."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The id of the group."""

    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the group."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The name of the group."""


class User(Resource[AnyExtension]):
    """A person of the organisation."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The name the directory knows the person by, mostly an e-mail address."""

    name: Name | None = None
    """The parts of the name."""

    display_name: str | None = None
    """The name as it is shown."""

    title: str | None = None
    """What the person's job is called."""

    active: bool | None = None
    """Whether the person belongs to the organisation now."""

    emails: list[Email] | None = None
    """E-mail addresses; mails go to the primary one."""

    groups: Annotated[list[GroupOf] | None, Mutability.read_only] = None
    """The groups the person is in; changed at the groups."""


class EnterpriseUser(Extension):
    """What a company says of its people beyond that."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    department: str | None = None
    """The name of the department; one of that name here becomes the person's."""


class MemberOf(ComplexAttribute):
    """A person in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true, Required.true] = None
    """The id of the person."""

    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the person."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """Always User: groups are not members of groups here."""


class Group(Resource[Any]):
    """A group of people; the organisation chooses what role it gives."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """The name of the group."""

    members: list[MemberOf] | None = None
    """The people in it."""


Person = User[EnterpriseUser]

TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,  # telephone numbers, addresses: nobody here needs them, so they are not kept
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


def provider() -> ScimProvider:
    """What the three addresses of discovery tell."""
    bearer = AuthenticationScheme(
        type=AuthenticationScheme.Type.oauthbearertoken,
        name="Bearer token",
        description="A token made on the organisation's page of settings, as “Authorization: Bearer plb_…”.",
        primary=True,
    )
    config = ServiceProviderConfig(
        documentation_uri=Reference[External](f"{settings.PLUMBLINE_ORIGIN}/api/docs"),
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=True),
        authentication_schemes=[bearer],
    )
    types = [ResourceType.from_resource(Person), ResourceType.from_resource(Group)]
    return ScimProvider([User, EnterpriseUser, Group], types, config, TOLERANT)
