"""A supplier with rules and accounts, made up by a seed; and what households read and pay."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from .model.accounts import Account, Holder, Traits
from .model.days import days_between, later
from .model.meters import Meter, Register
from .model.money import quantize
from .model.rules import (
    AnomalyRule,
    DueRule,
    EstimateRule,
    KeyRate,
    Norm,
    RangeLimit,
    Rules,
    Tariff,
    VatRate,
    WindowRule,
)
from .model.supplier import Detail, Supplier

START = date(2026, 1, 1)
CATEGORIES = ("URBAN_GAS", "URBAN_ELECTRIC", "RURAL")
ZONES = (("SINGLE",), ("DAY", "NIGHT"), ("PEAK", "NIGHT", "HALF_PEAK"))
SHARES = {"SINGLE": 100, "DAY": 115, "NIGHT": 60, "PEAK": 130, "HALF_PEAK": 100}
"""A zone's price in percent of the single one."""
ORDER = "постановление РЭК Кузбасса № {} (модель)"
SURNAMES = ("Абрамов", "Белов", "Емельянов", "Ёлкин", "Новосёлов", "Щукин", "Фомин", "Воронин")
FIRST_NAMES = (("Дмитрий", "Иван", "Пётр", "Юрий"), ("Анна", "Любовь", "Пелагея", "Виктория"))
PATRONYMICS = ("Иванович", "Сергеевич", "Петрович", "Алексеевич")
STREETS = ("Кирова", "Тореза", "Пирогова", "Разведчиков")


def rules() -> Rules:
    """Law as domain.md 2 has it; prices and norms are made up, ranges those of Kuzbass (2c)."""
    since, order = date(2012, 9, 1), "Порядок приёма показаний"
    return Rules(
        tariffs=[row for year in (2025, 2026) for row in tariffs(date(year, 1, 1), year - 2024)],
        range_limits=range_limits((400, 650, None), date(2022, 12, 1)),
        key_rates=[
            key_rate("9.5", date(2022, 2, 28), date(2026, 12, 31), is_cap=True),
            key_rate("21", date(2024, 10, 28)),
            key_rate("16", date(2025, 12, 22)),
        ],
        vat_rates=[
            VatRate(percent=Decimal(20), valid_from=date(2019, 1, 1)),
            VatRate(percent=Decimal(22), valid_from=date(2026, 1, 1)),
        ],
        due_rules=[due_rule(1, 10, date(2005, 3, 1)), due_rule(5, 15, date(2026, 3, 1))],
        window_rules=[
            WindowRule(
                first_day=15,
                last_day=25,
                late_policy="NEXT_PERIOD",
                offline_days=3,
                reference=order,
                valid_from=since,
            )
        ],
        anomaly_rules=[
            AnomalyRule(
                usual_times=Decimal(3),
                usual_months=12,
                least_months=3,
                allowed_kw=Decimal(15),
                reference=order,
                valid_from=since,
            )
        ],
        estimate_rules=[
            EstimateRule(
                average_months=6,
                least_months=3,
                longest_run=3,
                raising_factor=Decimal("1.5"),
                reference="ПП РФ № 354, п. 59 и 60",
                valid_from=since,
            )
        ],
        norms=[
            Norm(
                category=name,
                residents=people,
                kwh_per_person=Decimal(kwh + extra),
                order_reference=ORDER.format("7-э"),
                valid_from=since,
            )
            for name, extra in zip(CATEGORIES, (0, 40, 10), strict=True)
            for people, kwh in ((1, 119), (2, 74), (3, 57), (4, 46), (5, 40))
        ],
    )


def range_limits(ends: tuple[int | None, ...], valid_from: date) -> list[RangeLimit]:
    return [
        RangeLimit(category=name, range_number=number, up_to_kwh=end, valid_from=valid_from)
        for name in CATEGORIES
        for number, end in enumerate(ends, start=1)
    ]


def key_rate(
    percent: str, valid_from: date, valid_to: date | None = None, *, is_cap: bool = False
) -> KeyRate:
    return KeyRate(
        percent=Decimal(percent), is_cap=is_cap, valid_from=valid_from, valid_to=valid_to
    )


def due_rule(document_day: int, due_day: int, valid_from: date) -> DueRule:
    law = "ЖК РФ, ст. 155 ч. 1 и 2"
    return DueRule(document_day=document_day, due_day=due_day, reference=law, valid_from=valid_from)


def tariffs(valid_from: date, step: int, valid_to: date | None = None) -> list[Tariff]:
    """All prices from a day on; each step is dearer than the one before."""
    return [
        Tariff(
            category=category,
            zone=zone,
            range_number=number,
            rubles_per_kwh=quantize(
                Decimal((base + 40 * step) * share * SHARES[zone]).scaleb(-6), Decimal("0.01")
            ),
            valid_from=valid_from,
            valid_to=valid_to,
            order_reference=ORDER.format(f"{step}-э"),
        )
        for category, base in zip(CATEGORIES, (400, 280, 290), strict=True)
        for zone in SHARES
        for number, share in ((1, 100), (2, 146), (3, 212))
    ]


def supplier(seed: int, size: int = 30, start: date = START) -> Supplier:
    """Accounts with one to three zones, some with a ratio, some without a meter, some in debt.

    Every third billing system sends less than docs/import.md permits.
    """
    chance = Random(seed)
    less = [chance.random() < 0.5 for _ in range(3)]
    one = Supplier(start, rules(), Detail() if seed % 3 else Detail(*less))
    for order in range(size):
        add_account(one, chance, order)
    return one


def add_account(
    supplier: Supplier,
    chance: Random,
    order: int,
    *,
    number: str | None = None,
    has_meter: bool | None = None,
) -> Account:
    """An account like any other; or with a number, with or without a meter."""
    signed_on = date(chance.randint(2006, 2024), chance.randint(1, 12), chance.randint(1, 28))
    flat = str(chance.randint(1, 99))
    address = (
        f"г. Новокузнецк, ул. {chance.choice(STREETS)}, д. {chance.randint(1, 99)}, кв. {flat}"
    )
    residents = chance.randint(0, 5)
    account = Account(
        number=number or f"08{seed_digits(chance, 5)}{order:03}",
        unified_number=f"80AB{seed_digits(chance, 3)}{order:03}",
        contract_number=f"Э-{order}/{signed_on:%y}",
        contract_signed_on=signed_on,
        house_kind=chance.choice(("APARTMENT", "DETACHED")),
        flat=flat,
        area_m2=Decimal(chance.randint(20, 110)),
        holders=[holder(chance, signed_on)],
        traits=[Traits(signed_on, address, chance.choice(CATEGORIES), residents, residents > 4)],
        opening_debt=chance.choice((0, 0, 0, 12_345, -50_000)),
    )
    supplier.add(account)
    if has_meter or (has_meter is None and chance.random() < 0.95):
        for _ in range(2 if has_meter is None and chance.random() < 0.15 else 1):
            day = later(supplier.start, -1).replace(day=chance.randint(15, 25))
            supplier.install_meter(account.number, *meter(chance, account, day), day)
    return account


def meter(
    chance: Random, account: Account, day: date, *, is_new: bool = False
) -> tuple[Meter, dict[str, Decimal]]:
    """A meter with its readings of `day`: put in then, or long before the model's time."""
    zones = Random(account.number).choice(ZONES)
    digits = chance.choice((5, 6))
    verified_on = day.replace(year=day.year - chance.randint(1, 15), day=1)
    registers = [Register(zone, at, f"T{at}", digits) for at, zone in enumerate(zones, start=1)]
    passport = Meter(
        serial=f"{len(account.meters) + 1}{seed_digits(chance, 5)}{account.number[-3:]}",
        model=chance.choice(("Меркурий 201.8", "Энергомера CE101 R5", "Нева МТ 114")),
        installed_on=day if is_new else max(account.contract_signed_on, verified_on),
        registers=registers,
        ratio=Decimal(chance.choice((1, 1, 1, 1, 1, 20))),
        verified_on=verified_on,
        verification_interval_years=16,
        next_verification_on=verified_on.replace(year=verified_on.year + 16),
        seal_number=seed_digits(chance, 6),
        sealed_on=verified_on,
    )
    return passport, {zone: Decimal(chance.randrange(10**digits)) for zone in zones}


def holder(chance: Random, since: date) -> Holder:
    is_woman = chance.random() < 0.5
    ending = "а" if is_woman else ""
    patronymic = chance.choice(PATRONYMICS)
    if is_woman:
        patronymic = patronymic.removesuffix("ич") + "на"
    return Holder(
        chance.choice(SURNAMES) + ending,
        chance.choice(FIRST_NAMES[is_woman]),
        patronymic if chance.random() < 0.85 else "",
        since,
    )


@cache
def habits(number: str) -> tuple[dict[str, int], list[int]]:
    """A household's use a day by zone, in watt-hours, and the percents of it in each month."""
    chance = Random(number)
    use = {zone: chance.randint(500, 9000) for zone in SHARES}
    return use, [chance.randint(60, 140) for _ in range(12)]


def is_diligent(number: str) -> bool:
    """Whether a household reads its meters in nearly every month; the others do it now and then."""
    return Random(f"{number} reads").random() < 0.5


def shows(account: Account, meter: Meter, register: Register, day: date) -> Decimal:
    """The value that a customer reads off: what has passed since the meter's start."""
    use, percents = habits(account.number)
    start = next(reading for reading in register.readings if reading.is_start)
    days = days_between(start.taken_on + timedelta(days=1), day)
    percent = sum(percents[each.month - 1] for each in days)
    passed = Decimal(use[register.zone] * percent) / 100_000 / meter.ratio
    return (start.value + passed) // register.unit * register.unit % register.full_scale


def read_all(supplier: Supplier, chance: Random, period: date, share: float = 1) -> None:
    """Most households read their meters between the 15th and the 25th."""
    for account in supplier.accounts.values():
        day = period.replace(day=chance.randint(15, 25))
        for one in account.meters_in(period):
            if chance.random() < share:
                values = {row.zone: shows(account, one, row, day) for row in one.registers}
                supplier.take_reading(account.number, one.serial, values, day, "CUSTOMER")


def seed_digits(chance: Random, number: int) -> str:
    return "".join(chance.choices("0123456789", k=number))
