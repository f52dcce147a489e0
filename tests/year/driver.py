"""A seed: twelve months of events in an order that chance makes, and what was found."""

import os
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from . import population
from .billing_days import Office
from .changes import Changes
from .checks import check_all, check_notices
from .composition import production
from .customers import administrator
from .deployment import Deploy, Installation
from .household_days import Households, months_of_year
from .model.cabinet import Cabinet
from .model.days import last_day, later, start_of
from .model.files import Style
from .world import Resident, Until, Violation, World, never

Act = Callable[[], Awaitable[None]]
_SEEDS_A_PAGE = 4
"""Of so many seeds one compares a page word by word: its codes take half a second."""
STARTS = [date(2025, month, 1) for month in (7, 9, 11)] + [date(2026, 1, 1)]


@dataclass(frozen=True)
class Outcome:
    """Events and findings of a seed."""

    seed: int
    counts: Counter[str]
    violations: list[Violation]


async def play(
    installation: Installation,
    seed: int,
    *,
    size: int = 3,
    months: int = 12,
    deploy: Deploy = production,
    until: Until = never,
) -> Outcome:
    """Play a seed. Everything but keys repeats exactly: it depends on the seed alone.

    Raises `Found` at the first violation for which `until` is true.
    """
    chance = Random(seed)
    supplier = population.supplier(seed, size, chance.choice(STARTS))
    async with deploy(
        installation, f"{installation.template.name}_{seed}_{os.getpid()}"
    ) as cabinet:
        cabinet.clock.now = _morning(supplier.start)
        staff = await administrator(cabinet)
        style = Style.random(chance) if chance.random() < 0.7 else Style()
        world = World(seed, cabinet, supplier, Cabinet(supplier.rules), staff, chance, style)
        world.until = until
        world.drawn = seed % _SEEDS_A_PAGE != 1
        await world.learn_schema()
        office = Office(world, supplier.start, supplier.start)
        changes = Changes(world, office)
        households = Households(world, office, [])
        changes.vary()
        world.move_to(supplier.start, 5)
        await office.open()
        reminded: set[tuple[str, str, str, date]] = set()
        for period in months_of_year(supplier.start)[:months]:
            await _month(changes, households, period, reminded)
        await check_all(world, everyone=True)
    return Outcome(seed, world.counts, world.violations)


async def _month(
    changes: Changes,
    households: Households,
    period: date,
    reminded: set[tuple[str, str, str, date]],
) -> None:
    """The events of a month, by day and hour."""
    world = changes.world
    plan = _office_plan(changes, households, period) + _household_plan(world, households, period)
    if period > world.supplier.start:
        due = world.supplier.rules.due_day(later(period, -1))
        plan += [
            (day, 10.2, lambda: _tell(world, reminded))
            for day in _notice_days(world.chance, due.day)
            if 1 <= day <= last_day(period).day
        ]
    plan.sort(key=lambda event: event[:2])
    for day, hour, act in plan:
        world.move_to(period.replace(day=day), hour)
        try:
            await act()
        except Exception as error:  # noqa: BLE001 - an event that fails is found, not the end
            frames = traceback.extract_tb(error.__traceback__)
            ours = [frame for frame in frames if "lk_graphql" in frame.filename] or frames
            name = f"{type(error).__name__} in {ours[-1].name} of {Path(ours[-1].filename).name}"
            world.report("CRASH", "", name, "no error", str(error)[:300])
        world.report_faults()


async def _tell(world: World, reminded: set[tuple[str, str, str, date]]) -> None:
    """The worker's hour of notices, unless the day was busy."""
    if world.now.hour != 10:
        return
    world.note("notices")
    await world.production.do_jobs("billing.notify_of_payments")
    await world.production.do_jobs("notifications.send_mails")
    await check_notices(world, reminded)


def _notice_days(chance: Random, due: int) -> list[int]:
    """A day before a bill is late, or one after it, or both."""
    days = [chance.choice((due - 3, due)), chance.choice((due + 2, due + 20))]
    return chance.choice((days, days[:1], days[1:]))


def _office_plan(
    changes: Changes, households: Households, period: date
) -> list[tuple[int, float, Act]]:
    world, office = changes.world, changes.office
    chance, end = world.chance, last_day(period).day
    plan: list[tuple[int, float, Act]] = []

    def at(day: int, act: Act, hour: float = 20) -> None:
        async def checked() -> None:
            await act()
            await check_all(world, everyone=act == office.close_month)

        plan.append((day, hour + chance.random(), checked))

    if period > world.supplier.start:
        issued = world.supplier.rules.issue_day(later(period, -1))
        at(issued.day, office.close_month, 3)
        if chance.random() < 0.25:
            at(chance.randint(issued.day + 1, end), office.reissue)
    for day in sorted(chance.sample(range(1, end + 1), chance.choice((0, 1, 1)))):
        at(day, office.exchange_registry)
    bank_days = chance.sample(range(1, end + 1), chance.choice((1, 1, 2)))
    plan += [(day, 6.0, office.bank_day) for day in bank_days]
    acts: tuple[tuple[float, Act], ...] = (
        (0.08, changes.change_holder),
        (0.06, lambda: _close(changes, households)),
        (0.12, households.record_household),
        (0.12, changes.replace_meter),
        (0.12, changes.verify_meter),
        (0.08, changes.move_in),
        (0.12, changes.new_tariff),
        (0.08, office.exchange_readings),
        (0.08, changes.new_rules),
        (0.12, office.send_again),
        (0.15, office.reverse_bank_payment),
        (0.05, changes.new_requisites),
        (0.03, changes.send_fourth_range),
    )
    for share, act in acts:
        if chance.random() < share:
            at(chance.randint(1, end), act, 16)
    if chance.random() < 0.5:
        plan.append((chance.randint(6, end), 9.0, _sync(office.correct)))
    return plan


async def _close(changes: Changes, households: Households) -> None:
    """An account closes; on its last day its customer reads the meters."""
    account = await changes.close_account()
    if account is None:
        return
    for resident in changes.world.linked(account.number):
        if account.closed_on == changes.world.today:
            await households.read_meters(resident, account.number)
        else:
            await households.look_at_meters(resident, account.number)


def _sync(act: Callable[[], None]) -> Act:
    async def run() -> None:
        act()

    return run


def _household_plan(
    world: World, households: Households, period: date
) -> list[tuple[int, float, Act]]:
    chance, end = world.chance, last_day(period).day
    plan: list[tuple[int, float, Act]] = []

    def at(act: Act, first: int = 1, last: int = 31) -> None:
        day = chance.randint(first, min(last, end))
        plan.append((day, chance.choice((7.5, 8.5, 12.5, 13.5, 19.0)) + chance.random() / 3, act))

    for number in world.supplier.accounts:
        if chance.random() < 0.4:
            at(lambda number=number: households.arrive(number))
    links = [(one, number) for one in world.residents for number in one.holders]
    habits = (
        (households.pay_at_bank, (0.2, 1, 31)),
        (households.look_at_receipt, (0.15, 1, 31)),
    )
    for resident, number in links:
        reads = (0.95, 15, 25) if population.is_diligent(number) else (0.35, 10, 28)
        for act, (share, first, last) in ((households.read_meters, reads), *habits):
            if chance.random() < share:
                at(_of(resident, number, act), first, last)
    for resident in world.residents:
        if chance.random() < 0.35:
            at(lambda resident=resident: households.pay(resident))
    if chance.random() < 0.4:
        at(households.refund)
    return plan


def _of(
    resident: Resident,
    number: str,
    act: Callable[[Resident, str], Awaitable[None]],
) -> Act:
    """An act for an account, unless its link has ended since it was planned."""

    async def run() -> None:
        if number in resident.holders:
            await act(resident, number)

    return run


def _morning(day: date) -> datetime:
    return start_of(day) + timedelta(hours=3)
