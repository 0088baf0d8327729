"""Filters: narrowed by the database where it can, and decided on each resource, so that every filter is answered."""

from typing import Any
from unicodedata import normalize

from django.db.models import Q
from scim2_models import InvalidFilterException
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from plumbline.history.uids import uid_of

LONGEST, DEEPEST = 2000, 20  # signs of a filter, brackets in brackets


def compared(text: str) -> str:
    """A name as it is compared: without regard to case."""
    return normalize("NFC", normalize("NFC", text).lower())


def check(filter_: str) -> None:
    """Refuse what is larger than any directory asks. Raises InvalidFilterException."""
    depth = deepest = 0
    for sign in filter_:
        depth += (sign in "([") - (sign in ")]")
        deepest = max(deepest, depth)
    if len(filter_) > LONGEST or deepest > DEEPEST:
        raise InvalidFilterException(detail="The filter is too long or too deep.")


def plain(value: Any) -> str:
    """A text that a database keeps. Raises InvalidFilterException."""
    text = value if isinstance(value, str) else ""
    if "\0" in text or text != text.encode("utf-8", "ignore").decode():
        raise InvalidFilterException(detail="There is a sign in the filter that cannot be kept.")
    return text


def named(user_name: str) -> Q:
    """People the directory knows by that name; whom it never named is known by the e-mail address, or by the uid."""
    unnamed = Q(identity=None, email__iexact=user_name)
    if uid := uid_of(user_name):
        unnamed |= Q(identity=None, email="", uid=uid)
    return Q(identity__key=compared(user_name)) | unnamed


class Narrowed(FilterVisitor[Q | None]):
    """Rows among which all are that a filter means, or None where the database cannot tell.

    Raises InvalidFilterException.
    """

    def __init__(self, within: str = "") -> None:
        self.within = within

    def equal(self, name: str, text: str) -> Q | None:
        """Rows where the attribute is that."""
        raise NotImplementedError

    def visit_comparison(self, node: Comparison) -> Q | None:
        text = plain(node.value)
        if node.op != CompareOperator.eq or not text:
            return None
        name = f"{self.within or node.attr_path.attr}.{self._sub(node)}".rstrip(".").lower()
        return self.equal(name, text)

    def _sub(self, node: Comparison) -> str:
        return node.attr_path.attr if self.within else node.attr_path.sub_attr or ""

    def visit_present(self, node: Present) -> Q | None:
        return None

    def visit_not(self, node: Not) -> Q | None:
        self.visit(node.expr)
        return None

    def visit_logical_expr(self, node: LogicalExpr) -> Q | None:
        terms = [self.visit(term) for term in node.terms]
        known = [term for term in terms if term is not None]
        if not known or (node.op == LogicalOperator.or_ and len(known) < len(terms)):
            return None
        found = known[0]
        for term in known[1:]:
            found = found & term if node.op == LogicalOperator.and_ else found | term
        return found

    def visit_value_path(self, node: ValuePath) -> Q | None:
        return type(self)(node.attr_path.attr).visit(node.val_filter)


class NarrowedPeople(Narrowed):
    def equal(self, name: str, text: str) -> Q | None:
        if name == "username":
            return named(text)
        if name == "externalid":
            return Q(identity__external_id=text)
        if name == "id":
            return Q(uid=uid_of(text))
        if name in ("emails", "emails.value"):
            return Q(email__iexact=text) | Q(identity__addresses__contains=text.lower())
        return None


class NarrowedGroups(Narrowed):
    def equal(self, name: str, text: str) -> Q | None:
        if name == "displayname":
            return Q(key=compared(text))
        if name == "externalid":
            return Q(external_id=text)
        if name == "id":
            return Q(uid=uid_of(text))
        if name in ("members", "members.value"):
            return Q(members__person=uid_of(text))
        return None
