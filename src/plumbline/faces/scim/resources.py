"""Read, list, make, replace, change and remove: the same steps for people and for groups."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from scim2_models import Context, PatchOp, SearchRequest

from plumbline.ledger.writer import writing

from . import groups, joining, people, shapes
from .asking import Narrowed, NarrowedGroups, NarrowedPeople, check
from .discovery import json_answer, listing
from .entry import Caller, Refused, sent

SEARCHED = 20_000  # rows that are looked at one by one, at most
MOST_OPERATIONS = 1000
Verb = Callable[..., HttpResponse]


class Resources:
    """One kind of them; a repeat changes nothing and is answered alike."""

    shape: Any
    narrowed: type[Narrowed]
    heavy = ""  # the attribute that is only read where it is asked for

    def __init__(self, request: HttpRequest, caller: Caller) -> None:
        self.request, self.caller = request, caller

    def verbs(self, one: bool) -> dict[str, Verb]:
        if one:
            return {"GET": self.read, "PUT": self.replace, "PATCH": self.patch, "DELETE": self.remove}
        return {"GET": self.listed, "POST": self.make}

    def read(self, uid: UUID) -> HttpResponse:
        asked = self.asked(self.request.GET.dict())
        row = self.row(uid)
        if self.request.headers.get("If-None-Match", "") == self.version(row):
            return HttpResponse(status=304, headers={"ETag": self.version(row)})
        return self.one(row, Context.RESOURCE_QUERY_RESPONSE, asked)

    def listed(self) -> HttpResponse:
        return self.page(self.asked(self.request.GET.dict()))

    def search(self) -> HttpResponse:
        """The same question, as a body."""
        return self.page(self.asked(sent(self.request)))

    def make(self) -> HttpResponse:
        asked = self.asked(self.request.GET.dict())
        wanted = self.shape.model_validate(sent(self.request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        with self.writing():
            row = self.made(wanted)
        response = self.one(row, Context.RESOURCE_CREATION_RESPONSE, asked, 201)
        response["Location"] = self.told([row], False)[0].meta.location
        return response

    def replace(self, uid: UUID) -> HttpResponse:
        asked = self.asked(self.request.GET.dict())
        wanted = self.shape.model_validate(sent(self.request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        with self.writing():
            row = self.row(uid, lock=True)
            before = self.told([row])[0]
            wanted.replace(before)
            self.fill(wanted, before)
            row = self.changed(row, before, wanted)
        return self.one(row, Context.RESOURCE_REPLACEMENT_RESPONSE, asked)

    def patch(self, uid: UUID) -> HttpResponse:
        asked = self.asked(self.request.GET.dict())
        body = sent(self.request)
        given = body.get("Operations")
        if isinstance(given, list):
            if len(given) > MOST_OPERATIONS:
                raise Refused(413, _("At most %(most)d changes at once.") % {"most": MOST_OPERATIONS})
            body["Operations"] = [without_told(one) for one in given]
        operations = PatchOp[self.shape].model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST)  # type: ignore[name-defined]
        with self.writing():
            row = self.row(uid, lock=True)
            before = self.told([row])[0]
            wanted = before.model_copy(deep=True)
            operations.patch(wanted)
            row = self.changed(row, before, wanted)
        return self.one(row, Context.RESOURCE_PATCH_RESPONSE, asked)

    def remove(self, uid: UUID) -> HttpResponse:
        with self.writing():
            self.removed(self.row(uid, lock=True))
        return HttpResponse(status=204)

    def writing(self) -> Any:
        """One transaction, in which everything or nothing happens."""
        return writing(self.caller.organisation.uid, self.caller.actor.stamp())

    def row(self, uid: UUID, lock: bool = False) -> Any:
        """The row of this organisation; of any other it is told as of one that is not there. Raises Refused."""
        found = self.there().filter(pk=uid)
        row = (found.select_for_update(of=("self",)) if lock else found).first()
        if row is None:
            raise Refused(404, _("There is nobody and nothing of this id here."))
        match = self.request.headers.get("If-Match", "")
        if lock and match not in ("", "*") and self.version(row) not in [one.strip() for one in match.split(",")]:
            raise Refused(412, _("Somebody changed this meanwhile: read it again."))
        return row

    def asked(self, given: dict[str, Any]) -> Any:
        """What the query says; a filter only in a size that directories ask."""
        if isinstance(filter_ := given.get("filter"), str):
            check(filter_)
        return SearchRequest[self.shape].model_validate(given)  # type: ignore[name-defined]

    def one(self, row: Any, context: Context, asked: Any, status: int = 200) -> HttpResponse:
        shown = self.told([row], self.wanted(asked))[0]
        response = json_answer(self.dumped(shown, context, asked), status)
        response["ETag"] = self.version(row)
        return response

    def dumped(self, shown: Any, context: Context, asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = shown.model_dump(scim_ctx=context, response_parameters=asked)
        return found

    def wanted(self, asked: Any) -> bool:
        """Whether the heavy attribute stands in the answer."""
        excluded = [str(one).lower() for one in asked.excluded_attributes or []]
        named = [str(one).lower() for one in asked.attributes or []]
        return not any(one.endswith(self.heavy) for one in excluded) and (
            not named or any(self.heavy in one for one in named)
        )

    def page(self, asked: Any) -> HttpResponse:
        start, count = window(asked)
        total, lines = self.lines(asked, start, count)
        return listing(total, start, lines)

    def lines(self, asked: Any, start: int, count: int) -> tuple[int, list[dict[str, Any]]]:
        """How many there are, and those of one page; what the database cannot tell is decided on each resource."""
        found = self.there()
        if asked.filter is None:
            total = found.count()
            shown = list(found[start - 1 : start - 1 + count]) if count and start <= total else []
        else:
            matching = self.matching(found, asked.filter)
            total, shown = len(matching), matching[start - 1 : start - 1 + count]
        told = self.told(shown, self.wanted(asked))
        return total, [self.dumped(one, Context.SEARCH_RESPONSE, asked) for one in told]

    def matching(self, found: QuerySet, wanted: Any) -> list[Any]:
        narrow = self.narrowed().visit(wanted.ast)
        found = found.filter(narrow if narrow is not None else Q()).distinct()
        every = list(found[: SEARCHED + 1])
        if len(every) > SEARCHED:
            raise Refused(400, _("Too many to look through: ask by name or id."), "tooMany")
        heavy = self.heavy in str(wanted).lower()
        return [row for row, shown in zip(every, self.told(every, heavy), strict=True) if wanted.match(shown)]

    def fill(self, wanted: Any, before: Any) -> None:
        """Hook: what stays as it is where a whole resource says nothing of it."""

    def there(self) -> QuerySet:
        raise NotImplementedError

    def told(self, found: list[Any], heavy: bool = True) -> list[Any]:
        raise NotImplementedError

    def version(self, row: Any) -> str:
        raise NotImplementedError

    def made(self, wanted: Any) -> Model:
        raise NotImplementedError

    def changed(self, row: Any, before: Any, wanted: Any) -> Model:
        raise NotImplementedError

    def removed(self, row: Any) -> None:
        raise NotImplementedError


def without_told(operation: Any) -> Any:
    """A change without what is only told by us: some directories send back the whole of what they were told."""
    if not isinstance(operation, dict):
        return operation
    value = operation.get("value")
    if operation.get("path") or not isinstance(value, dict):
        return operation
    return {**operation, "value": {name: one for name, one in value.items() if name.lower() not in ("groups", "meta")}}


def window(asked: Any) -> tuple[int, int]:
    """From which one on, and how many."""
    return max(1, asked.start_index or 1), shapes.MOST if asked.count is None else min(asked.count, shapes.MOST)


class Users(Resources):
    shape, narrowed, heavy = shapes.Person, NarrowedPeople, "groups"

    def fill(self, wanted: Any, before: Any) -> None:
        if wanted.active is None:  # nobody comes back, or leaves, because a word is missing
            wanted.active = before.active

    def there(self) -> QuerySet:
        return people.there(self.caller.organisation)

    def told(self, found: list[Any], heavy: bool = True) -> list[Any]:
        return people.told(found, self.caller, heavy)

    def version(self, row: Any) -> str:
        return people.version_of(row)

    def made(self, wanted: Any) -> Model:
        return joining.join(wanted, self.caller)

    def changed(self, row: Any, before: Any, wanted: Any) -> Model:
        return joining.change(row, before, wanted, self.caller)

    def removed(self, row: Any) -> None:
        joining.remove(row, self.caller)


class Groups(Resources):
    shape, narrowed, heavy = shapes.Group, NarrowedGroups, "members"

    def there(self) -> QuerySet:
        return groups.there(self.caller.organisation)

    def told(self, found: list[Any], heavy: bool = True) -> list[Any]:
        return groups.told(found, self.caller, heavy)

    def version(self, row: Any) -> str:
        return groups.version_of(row)

    def made(self, wanted: Any) -> Model:
        return groups.make(wanted, self.caller)

    def changed(self, row: Any, before: Any, wanted: Any) -> Model:
        return groups.change(row, wanted, self.caller)

    def removed(self, row: Any) -> None:
        groups.remove(row, self.caller)


def everywhere(request: HttpRequest, caller: Caller) -> HttpResponse:
    """People and groups in one question; a filter that names what one of them has not finds none of it."""
    body = sent(request)
    if isinstance(filter_ := body.get("filter"), str):
        check(filter_)
    asked = SearchRequest[shapes.Person | shapes.Group].model_validate(body)
    start, count = window(asked)
    lines: list[dict[str, Any]] = []
    total, before = 0, start
    for kind in (Users(request, caller), Groups(request, caller)):
        there, found = kind.lines(asked, max(1, before), max(0, count - len(lines)))
        total, lines, before = total + there, lines + found, max(1, before - there)
    return listing(total, start, lines)
