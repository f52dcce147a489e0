"""Readings: the price that is shown before they are sent, and the days on which they are taken."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from .model.accounts import Account
from .model.bills import ENERGY, RAISING_FACTOR, RECALCULATION
from .model.charges import charge, measure
from .model.days import days_between, last_day, later, month_of
from .model.files import month
from .model.meters import Meter, Reading, Register
from .model.money import kopecks, rubles
from .model.rules import RuleMissing, WindowRule, newest_or_none
from .world import World

_KWH = 3_000
"""More than a kilowatt-hour costs: estimates are rounded to that of a dial, and no rule says on
which dial."""

_AVERAGED = 9
"""Months before an estimate that its average may be of: six, and three without readings."""


def check_preview(
    world: World,
    account: Account,
    values: Mapping[tuple[str, str], Decimal],
    preview: dict[str, Any],
) -> None:
    """The cost of the month, by the bill that the model would make of these readings."""
    period = month(preview["period"])
    statuses = {entry["status"] for entry in preview["entries"]}
    meters = [account.meter(serial) for serial, _ in values]
    late = [meter for meter in meters if not meter.counts_on(world.today)]
    if late:
        is_priced = preview["total"] is not None and statuses == {"ACCEPTED_FOR_BILLING"}
        world.compare("VERIFICATION", account.number, "priced by its reading", False, is_priced)
    total: str | None = None if "REJECTED" in statuses else preview["total"]
    if total is None or not is_comparable(world, account, period, meters, late):
        return
    counted = {key: value for key, value in values.items() if account.meter(key[0]) not in late}
    expected, months = priced(world, account, counted, period)
    is_short = any(row.digits == 4 for meter in meters for row in meter.registers)
    if months > 1 and (is_short or late):
        return  # nobody knows whether half a dial was passed, or which meter's energy is given back
    if expected is not None:
        if late and abs(expected - kopecks(total)) <= _KWH * sum(meter.ratio for meter in meters):
            return
        subject = f"of {months} months" if months > 1 else f"{period:%Y-%m}"
        subject += " by an estimate" if late else ""
        world.compare("PREVIEW", account.number, subject, rubles(expected), total)


def is_comparable(
    world: World, account: Account, period: date, meters: list[Meter], late: list[Meter]
) -> bool:
    """Whether the cabinet knows all that decides the price in the model.

    Of a meter that was taken off, the month's first part isn't asked for. Of a meter whose
    verification has expired (`late`), a reading of before may count that billing hasn't fetched
    yet, and the cabinet estimates whole months only, without the months of an earlier holder.
    """
    all_meters = account.meters_in(period)
    if period != world.supplier.open_month or len(all_meters) != len({m.serial for m in meters}):
        return False
    two_months_ago = later(period, -2)
    if any((meter.next_verification_on or period) >= two_months_ago for meter in late):
        return False
    end = account.days_in(period)[1]
    if late and end < last_day(period):
        return False
    if late and account.holder_on(end).since > later(period, -_AVERAGED):
        return False
    return says_what_was_billed(world, account, period)


def says_what_was_billed(world: World, account: Account, period: date) -> bool:
    """Whether billing has sent enough to know which registers the last bill has counted.

    The lines of a bill are of zones: with two meters, one after the other or at the same time, they
    don't say which of them were read, and which were estimated. So a reading of the month of a
    replacement may count for this month in the cabinet, and for the next one in billing.
    """
    detail = world.supplier.detail
    if detail.readings_of_bills:
        return True
    registers = [row for meter in account.meters_in(period) for row in meter.registers]
    last_readings = [last for row in registers if (last := row.before(period))]
    since = min([later(period, -1), *(month_of(last.taken_on) for last in last_readings)])
    is_replaced = any(one.removed_on and one.removed_on >= since for one in account.meters)
    return not is_replaced and (detail.estimates or len(account.meters_in(period)) == 1)


def priced(
    world: World, account: Account, values: Mapping[tuple[str, str], Decimal], period: date
) -> tuple[int | None, int]:
    """Kopecks of the month with these readings, and how many months they price."""
    added: list[tuple[Register, Reading]] = []
    for (serial, zone), value in values.items():
        register = account.meter(serial).register(zone)
        added.append((register, Reading(value, world.today, period, "CUSTOMER")))
    for register, reading in added:
        register.readings.append(reading)
    try:
        volumes = measure(account, period, world.supplier.rules)
        lines = charge(account, period, world.supplier.rules, volumes)
    except (LookupError, RuleMissing):
        return None, 0
    finally:
        for register, reading in added:
            register.readings.remove(reading)
    kinds = (ENERGY, RAISING_FACTOR, RECALCULATION)
    billed = sum(line.amount for line in lines if line.kind in kinds)
    return billed, volumes.months


def check_window(world: World, account: Account, shown: dict[str, Any]) -> None:
    """Whether readings are taken today, and on how many days more without a pause."""
    if not account.meters_in(month_of(world.today)):
        return
    if shown["closedBecause"] in ("NO_METER", "METERS_REPORT_THEMSELVES"):
        return
    end = account.closed_on or date.max
    is_last = world.today == end  # one is taken then, whatever the month's rule
    is_open = is_last or (is_taken(world, world.today) and world.today <= end)
    subject = f"open{' on the last day' if is_last else ''}"
    if not world.compare("WINDOW", account.number, subject, is_open, shown["isOpen"]):
        return
    if is_open:
        late = later(month_of(world.today), int(is_late(world, world.today)))
        period = min(late, month_of(end))  # no bill of a later month comes
        world.compare("WINDOW", account.number, "period", f"{period:%Y-%m}", shown["period"])
    days = [world.today] if is_last else days_taken(world, world.today)
    left = len([day for day in days if day <= end]) if is_open else 0
    world.compare(
        "WINDOW", account.number, f"{world.today:%m-%d} days left", left, shown["daysLeft"]
    )


def days_taken(world: World, today: date) -> list[date]:
    """The days from today, without a break, on which they are taken for the month of today's."""
    this = month_of(today)
    period = later(this, 1) if is_late(world, today) else this
    days = days_between(today, last_day(period))
    return [
        *takewhile(
            lambda day: is_taken(world, day) and is_late(world, day) == (month_of(day) < period),
            days,
        )
    ]


def is_taken(world: World, day: date) -> bool:
    """In the days of the month's rule; where late ones count for the next month, after them too."""
    rule = rule_of(world, day)
    return rule is not None and (
        is_late(world, day) or rule.first_day <= day.day <= last_of(rule, day)
    )


def is_late(world: World, day: date) -> bool:
    rule = rule_of(world, day)
    return rule is not None and day.day > last_of(rule, day) and rule.late_policy == "NEXT_PERIOD"


def rule_of(world: World, day: date) -> WindowRule | None:
    return newest_or_none(world.supplier.rules.window_rules, month_of(day))


def last_of(rule: WindowRule, day: date) -> int:
    return min(rule.last_day, last_day(month_of(day)).day)
