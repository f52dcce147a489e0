"""Accounts, and what was true of them in which month: holders, residents, address, category."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from .bills import Bill, Correction
from .days import last_day
from .meters import Meter


@dataclass(frozen=True)
class Holder:
    last_name: str
    first_name: str
    patronymic: str
    since: date

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name, self.patronymic)))

    def is_maybe(self, other: "Holder") -> bool:
        """Whether the two are one person, as far as is known of their patronymics."""
        names = {(one.last_name, one.first_name) for one in (self, other)}
        patronymics = {self.patronymic, other.patronymic} - {""}
        return len(names) == 1 and len(patronymics) < 2


@dataclass(frozen=True)
class Traits:
    """The traits of an account that decide its bills, since a day."""

    since: date
    address: str
    category: str
    residents: int
    has_range_privilege: bool = False


@dataclass
class Account:
    """An account. It is never deleted, and may be closed and owe (docs/import.md)."""

    number: str
    unified_number: str
    contract_number: str
    contract_signed_on: date
    house_kind: str
    flat: str
    area_m2: Decimal
    holders: list[Holder]
    traits: list[Traits]
    meters: list[Meter] = field(default_factory=list[Meter])
    closed_on: date | None = None
    opening_debt: int = 0
    """Owed from before the model's time; no bill explains it. Below zero: paid ahead."""
    bills: dict[date, Bill] = field(default_factory=dict[date, Bill])
    corrections: list[Correction] = field(default_factory=list[Correction])

    def holder_on(self, day: date) -> Holder:
        return max((h for h in self.holders if h.since <= day), key=lambda holder: holder.since)

    @property
    def holder(self) -> Holder:
        return max(self.holders, key=lambda holder: holder.since)

    def traits_on(self, day: date) -> Traits:
        current = [traits for traits in self.traits if traits.since <= day]
        return max(current or self.traits[:1], key=lambda traits: traits.since)

    def change_traits(self, since: date, **changes: object) -> None:
        self.traits.append(replace(self.traits_on(since), since=since, **changes))

    def is_supplied(self, period: date) -> bool:
        """From the contract's month to that of the last day, both included."""
        is_closed = self.closed_on is not None and self.closed_on < period
        return not is_closed and self.contract_signed_on <= last_day(period)

    def days_in(self, period: date) -> tuple[date, date]:
        """The first and the last day of the month on which the account is supplied."""
        end = last_day(period)
        return max(period, self.contract_signed_on), min(end, self.closed_on or end)

    def meter(self, serial: str) -> Meter:
        return next(meter for meter in self.meters if meter.serial == serial)

    def meters_in(self, period: date) -> list[Meter]:
        return [meter for meter in self.meters if meter.is_there(period)]
