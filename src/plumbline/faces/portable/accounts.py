"""Who signs in for the people of a loaded company: nobody with a foreign password, nobody with another's account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from plumbline.ledger.models import INSTALLATION
from plumbline.ledger.writer import Stamp, writing
from plumbline.organisation.models import Account, Person

from .form import Unfit

NOWHERE = "moved.invalid"


@dataclass
class Accounts:
    """The accounts of the ZIP and what becomes of each here."""

    told: dict[UUID, Mapping[str, Any]]
    matching: bool  # whether people get the accounts that have their addresses here
    stamp: Stamp
    made: int = 0
    matched: int = 0
    apart: list[str] = field(default_factory=list)  # addresses that have an account here, which was left alone
    _settled: dict[UUID, Account] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[Mapping[str, Any]], matching: bool, stamp: Stamp) -> "Accounts":
        """From the ZIP's lines."""
        return cls({UUID(one["uid"]): one for one in lines}, matching, stamp)

    def settle(self, person: Person) -> bool:
        """Make sure the person's account is here; whether the person is given another one than in the ZIP."""
        uid = person.account_id
        if uid is None:
            return False
        if uid not in self.told:
            raise Unfit(f"accounts.jsonl lacks the account of {person.name}: nothing is loaded.")
        if uid not in self._settled:
            self._settled[uid] = self._here(uid, self.told[uid])
        account = self._settled[uid]
        person.account = account
        return account.uid != uid

    def _here(self, uid: UUID, told: Mapping[str, Any]) -> Account:
        email = str(told["email"]).lower()
        same = Account.objects.filter(pk=uid).first()
        other = Account.objects.filter(email__iexact=email).exclude(pk=uid).first()
        if self.matching and (other or same):
            self.matched += 1
            return other or same  # type: ignore[return-value]
        if same:
            raise Unfit(
                f"The account of {same.email} is here already. Say --accounts to let the people of the loaded company"
                " sign in with the accounts that are here."
            )
        if other:
            self.apart.append(email)
        return self._make(uid, told, f"{uid}@{NOWHERE}" if other else email, active=not other)

    def _make(self, uid: UUID, told: Mapping[str, Any], email: str, active: bool) -> Account:
        """An account without a password: its owner sets one by the mail that proves the address."""
        account = Account(
            uid=uid,
            email=email,
            name=told["name"],
            language=told["language"],
            is_active=active and bool(told["is_active"]),
            demo=bool(told["demo"]),
        )
        account.set_unusable_password()
        try:
            account.full_clean(exclude=["password"])
        except ValidationError as error:
            raise Unfit(f"accounts.jsonl: {email} is no account: {' '.join(error.messages)}") from error
        account.save(force_insert=True)
        with writing(INSTALLATION, self.stamp) as pen:
            pen.note("create", subject=uid, table="account", facts={"name": account.name, "email": account.email})
        self.made += 1
        return account
