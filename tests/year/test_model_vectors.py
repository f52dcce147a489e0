"""The model's arithmetic against the vectors of domain.md, to the kopeck."""

from datetime import date
from decimal import Decimal

import pytest

from tests.year import population
from tests.year.model import penalties
from tests.year.model.accounts import Account, Holder, Traits
from tests.year.model.bills import Correction, PenaltyRow
from tests.year.model.charges import charge, measure
from tests.year.model.days import last_day, start_of
from tests.year.model.files import BankRow, Statement
from tests.year.model.ledger import Entry, Kind, Ledger
from tests.year.model.meters import Meter, Reading, Register
from tests.year.model.money import in_proportion, round_half_up, rubles, vat_of
from tests.year.model.postings import Posting, RegistryRow
from tests.year.model.rules import Rules, Tariff, split_by_ranges, split_by_zones
from tests.year.model.supplier import Supplier

RULES = population.rules()
JANUARY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("paid_on", "kopecks"),
    [
        (date(2026, 5, 15), 0),
        (date(2026, 5, 16), 32),
        (date(2026, 7, 14), 19_00),
        (date(2026, 7, 15), 19_73),
        (date(2026, 7, 31), 31_42),
    ],
)
def test_a_penalty_has_the_values_of_the_worked_example(paid_on: date, kopecks: int):
    assert penalties.penalty(100_000, date(2026, 4, 15), paid_on, RULES) == kopecks


def test_a_bill_has_the_penalty_of_the_days_of_its_month_only():
    entries = [
        Entry(date(2026, 3, 31), Kind.CHARGE, date(2026, 3, 1), 100_000),
        Entry(date(2026, 7, 31), Kind.MONEY, date(2026, 7, 1), 100_000),
    ]
    debts = Ledger.of(entries).debts
    rows: list[PenaltyRow] = []
    sums: list[list[tuple[int, int, int]]] = []
    for month in range(4, 9):
        end = last_day(date(2026, month, 1))
        new = penalties.bill_penalties(penalties.accrue(debts, end, RULES), rows)
        rows += new
        sums.append([(row.first_day.day, row.divisor, row.amount) for row in new])
    assert sums == [
        [],
        [(16, 300, 507)],
        [(1, 300, 950)],
        [(1, 300, 443), (15, 130, 1242)],
        [],
    ]
    assert sum(row.amount for row in rows) == 31_42


def test_the_rate_is_the_key_rate_capped_until_2027():
    days = [date(2026, 12, 31), date(2027, 1, 1)]
    assert [RULES.penalty_percent(day) for day in days] == [Decimal("9.5"), 16]


@pytest.mark.parametrize(
    ("kwh", "months", "parts"),
    [(700, 1, [400, 250, 50]), (400, 1, [400, 0, 0]), (1000, 2, [800, 200, 0])],
)
def test_a_volume_is_split_by_the_ranges_of_kuzbass(kwh: int, months: int, parts: list[int]):
    assert split_by_ranges(Decimal(kwh), [400, 650], months) == parts


def test_ranges_are_split_over_zones_in_proportion_and_lose_nothing():
    volumes = {"DAY": Decimal(467), "NIGHT": Decimal(233)}
    assert split_by_zones(volumes, [400, 650], 1, Decimal(1)) == {
        ("DAY", 1): 267,
        ("NIGHT", 1): 133,
        ("DAY", 2): 167,
        ("NIGHT", 2): 83,
        ("DAY", 3): 33,
        ("NIGHT", 3): 17,
    }


@pytest.mark.parametrize(
    ("period", "due_on"),
    [
        (date(2025, 12, 1), date(2026, 1, 12)),
        (date(2026, 2, 1), date(2026, 3, 10)),
        (date(2026, 3, 1), date(2026, 4, 15)),
        (date(2026, 10, 1), date(2026, 11, 16)),
    ],
)
def test_bills_are_due_on_the_15th_since_march_2026_or_the_next_working_day(
    period: date, due_on: date
):
    assert RULES.due_day(period) == due_on


def test_a_dial_of_five_digits_runs_through_zero():
    register = Register("SINGLE", 1, "T1", 5)
    read = Reading(Decimal(99990), JANUARY, JANUARY, "CUSTOMER")
    guessed = Reading(Decimal(150), JANUARY, JANUARY, "ESTIMATED")
    assert register.passed(read, Decimal(12)) == 22
    assert register.passed(guessed, Decimal(100)) == -50


@pytest.mark.parametrize(("value", "rounded"), [("0.5", 1), ("-0.5", -1), ("1.49", 1), ("2.5", 3)])
def test_halves_are_rounded_from_zero(value: str, rounded: int):
    assert round_half_up(Decimal(value)) == rounded


def test_vat_is_that_of_the_supply():
    assert [RULES.vat_percent(day) for day in (date(2025, 12, 31), JANUARY)] == [20, 22]
    assert (vat_of(12_200, Decimal(22)), vat_of(12_000, Decimal(20))) == (22_00, 20_00)


def test_the_largest_remainder_gets_the_rest():
    assert in_proportion(Decimal(10), [1, 1, 1], Decimal(1)) == [4, 3, 3]
    assert in_proportion(Decimal("0.01"), [1, 2], Decimal("0.01")) == [0, Decimal("0.01")]


def test_the_newest_start_wins_among_open_ended_prices_in_any_order():
    old, new = (
        Tariff(
            category="RURAL",
            zone="SINGLE",
            range_number=1,
            rubles_per_kwh=price,
            valid_from=day,
            order_reference="",
        )
        for price, day in ((Decimal("4.44"), JANUARY), (Decimal("4.93"), date(2026, 10, 1)))
    )
    for rows in ([old, new], [new, old]):
        prices = Rules(tariffs=rows).prices("RURAL", "SINGLE", 1, date(2026, 9, 30), new.valid_from)
        assert prices == [(old, 1), (new, 1)]


def test_a_truncated_sber_registry_is_refused_completely():
    statement = Statement(7, JANUARY, [BankRow("С-1", "0800000001", 123_45, JANUARY, "Ёлкин П.")])
    content = statement.write()
    assert Statement.read(content) == statement
    for cut in (content[:-40], content.replace(b"123,45;123,45", b"124,45;124,45", 1)):
        with pytest.raises(ValueError, match="last line"):
            Statement.read(cut)


# A household with one meter: three people in a flat with gas


def one_account(values: list[int | None], ratio: int = 1) -> Supplier:
    """A meter that began with 0 in December, and its readings of the months from January."""
    supplier = Supplier(JANUARY, population.rules())
    since = date(2020, 1, 1)
    account = Account(
        "0800000001",
        "80AB000001",
        "Э-1",
        since,
        "APARTMENT",
        "1",
        Decimal(50),
        [Holder("Ёлкин", "Пётр", "", since)],
        [Traits(since, "ул. Кирова, д. 1", "URBAN_GAS", 3)],
    )
    supplier.add(account)
    meter = Meter("1", "Нева", since, [Register("SINGLE", 1, "T1", 5)], ratio=Decimal(ratio))
    supplier.install_meter(account.number, meter, {"SINGLE": Decimal(0)}, date(2025, 12, 20))
    for value in values:
        if value is not None:
            day = supplier.open_month.replace(day=20)
            supplier.take_reading(account.number, "1", {"SINGLE": Decimal(value)}, day)
        supplier.close_month()
    return supplier


def lines_of(supplier: Supplier, month: int) -> list[tuple[object, ...]]:
    bill = supplier.accounts["0800000001"].bills[date(2026, month, 1)]
    return [
        (line.kind, line.basis, line.range_number, line.kwh, rubles(line.amount))
        for line in bill.lines
    ]


def test_without_readings_the_average_counts_for_three_months_then_the_raised_norm():
    supplier = one_account([100, 220, 300, None, None, None, None])
    assert [lines_of(supplier, month) for month in (4, 5, 6)] == 3 * [
        [("ENERGY", "AVERAGE", 1, 100, "480.00")]
    ]
    assert lines_of(supplier, 7) == [
        ("ENERGY", "NORM", 1, 171, "820.80"),
        ("RAISING_FACTOR", None, None, None, "410.40"),
    ]


def test_before_three_measured_months_the_norm_counts():
    assert lines_of(one_account([100, 220, None]), 3)[0] == (
        *("ENERGY", "NORM", 1, 171),
        "820.80",
    )


def test_a_reading_after_estimates_is_priced_with_the_ranges_of_all_its_months():
    supplier = one_account([100, 200, 300, None, 1300])
    # 1000 kWh of two months: 800 at the first price, of which 100 were billed; 200 at the second
    assert lines_of(supplier, 5) == [
        ("ENERGY", "METER", 1, 700, "3360.00"),
        ("ENERGY", "METER", 2, 200, "1402.00"),
    ]


def test_an_estimated_excess_is_credited_at_the_price_of_its_bill():
    supplier = one_account([100, 200, 300, None, None, 330])
    assert lines_of(supplier, 6) == [
        ("RECALCULATION", None, None, -100, "-480.00"),
        ("RECALCULATION", None, None, -70, "-336.00"),
    ]


def test_a_replaced_meter_is_billed_with_both_and_a_ratio_multiplies():
    supplier = one_account([10], ratio=20)
    account = supplier.accounts["0800000001"]
    assert lines_of(supplier, 1) == [("ENERGY", "METER", 1, 200, "960.00")]
    supplier.remove_meter(account.number, "1", {"SINGLE": Decimal(12)}, date(2026, 2, 10))
    new = Meter("2", "Нева", date(2026, 2, 10), [Register("SINGLE", 1, "T1", 5)])
    supplier.install_meter(account.number, new, {"SINGLE": Decimal(99950)}, date(2026, 2, 10))
    supplier.take_reading(account.number, "2", {"SINGLE": Decimal(10)}, date(2026, 2, 22))
    supplier.close_month()
    assert lines_of(supplier, 2) == [("ENERGY", "METER", 1, 100, "480.00")]


def test_a_price_that_changes_inside_a_month_is_charged_by_days():
    supplier = one_account([])
    supplier.change_tariff(population.tariffs(date(2026, 1, 11), 3))
    supplier.take_reading("0800000001", "1", {"SINGLE": Decimal(62)}, date(2026, 1, 20))
    account = supplier.accounts["0800000001"]
    volumes = measure(account, JANUARY, supplier.rules)
    lines = charge(account, JANUARY, supplier.rules, volumes)
    assert [(line.kwh, line.price) for line in lines] == [
        (20, Decimal("4.80")),
        (42, Decimal("5.20")),
    ]


def test_after_its_verification_a_meter_counts_no_more_until_it_is_verified_again():
    supplier = one_account([100, 200, 300])
    account = supplier.accounts["0800000001"]
    meter = account.meter("1")
    meter.next_verification_on = date(2026, 4, 10)
    for value in (400, 550):
        day = supplier.open_month.replace(day=20)
        supplier.take_reading(account.number, "1", {"SINGLE": Decimal(value)}, day)
        supplier.close_month()
        meter.verification_interval_years = 16
        meter.verify(date(2026, 5, 1))
    assert meter.next_verification_on == date(2042, 5, 1)
    assert lines_of(supplier, 4) == [("ENERGY", "AVERAGE", 1, 100, "480.00")]
    assert lines_of(supplier, 5) == [("ENERGY", "METER", 1, 150, "720.00")]


def test_a_closed_month_can_t_be_changed():
    supplier = one_account([100, 200])
    row = Posting("Б-1", "0800000001", 100, JANUARY, date(2026, 2, 28), "Почта")
    for change in (
        lambda: supplier.book(row),
        lambda: supplier.reissue("0800000001", JANUARY, date(2026, 3, 9)),
        lambda: supplier.correct("0800000001", Correction(JANUARY, 1, "")),
    ):
        with pytest.raises(ValueError, match="closed"):
            change()
    assert supplier.postings.rows == []
    assert [bill.version for bill in supplier.accounts["0800000001"].bills.values()] == [1, 1]


def test_the_vat_of_a_bill_is_that_of_the_months_it_charges():
    supplier = one_account([])
    supplier.take_reading("0800000001", "1", {"SINGLE": Decimal(100)}, date(2026, 1, 20))
    december = date(2025, 12, 1)
    row = Correction(JANUARY, -120_00, "Цена", "TARIFF_CORRECTED", december, december)
    supplier.correct("0800000001", row)
    (bill,) = supplier.close_month()
    assert (bill.charged, bill.recalculated) == (480_00, -120_00)
    assert supplier.vat_included(bill) == 86_56 - 20_00


def test_a_statement_is_booked_once_and_rows_without_an_account_are_returned():
    supplier = one_account([])
    mine = BankRow("С-1", "0800000001", 100_00, JANUARY)
    nobodys = BankRow("С-2", "0800000009", 50_00, JANUARY)
    content = Statement(1, JANUARY, [mine, nobodys]).write()
    assert [supplier.receive_statement(content, date(2026, 1, 12)) for _ in range(2)] == [
        [nobodys],
        [nobodys],
    ]
    assert [(row.external_id, row.amount) for row in supplier.postings.rows] == [("С-1", 100_00)]


def test_money_settles_the_oldest_debt_then_penalties_and_goes_back_the_other_way():
    september, october = date(2026, 9, 1), date(2026, 10, 1)
    ledger = Ledger.of(
        [
            Entry(date(2026, 9, 30), Kind.CHARGE, september, 200),
            Entry(date(2026, 10, 31), Kind.PENALTY, september, 3),
            Entry(date(2026, 10, 31), Kind.CHARGE, october, 50),
        ]
    )
    states: list[tuple[list[int], int, int]] = []
    for day, money in enumerate((220, 100, -68, -40, -155), start=1):
        ledger.book(Entry(date(2026, 11, day), Kind.MONEY, october, money))
        debts = [owed.open for owed in ledger.debts]
        states.append((debts, ledger.balance().penalty, ledger.advance))
    assert states == [
        ([0, 30], 3, 0),
        ([0, 0], 0, 67),
        ([0, 0], 1, 0),
        ([0, 38], 3, 0),
        ([143, 50], 3, 0),
    ]


def test_a_payment_that_was_moved_to_its_account_is_acknowledged_there():
    supplier = one_account([])
    row = RegistryRow("ЛК-1", "0800000001", 100_00, start_of(JANUARY))
    supplier.registry["ЛК-1"] = row
    supplier.post(row, JANUARY, account="0800000002")
    assert [one.posted for one in supplier.differences()] == [("0800000002", 100_00)]
    supplier.reverse("ЛК-1", JANUARY)
    assert [one.posted for one in supplier.differences()] == [("0800000002", 0)]
    supplier.post(row, JANUARY)
    assert supplier.differences() == []
    assert supplier.postings.acknowledged()["ЛК-1"][:2] == ("0800000001", 100_00)
    assert sum(one.amount for one in supplier.postings.of("0800000002")) == 0


def test_a_reading_that_comes_when_its_month_is_closed_counts_for_the_open_one():
    supplier = one_account([100])
    head = "reading;account;meter;zone;value;taken_on;taken_at;received_at;period;state\n"
    row = "a;0800000001;1;SINGLE;150;2026-01-25;;;2026-01;ACCEPTED\n"
    supplier.receive_readings((head + row).encode())
    supplier.close_month()
    assert lines_of(supplier, 2) == [("ENERGY", "METER", 1, 50, "240.00")]


def test_a_reading_of_an_unverified_meter_is_rejected_because_it_is_not_billed():
    """The answer ACCEPTED would make the cabinet count from it (docs/decisions/0089)."""
    supplier = one_account([])
    supplier.accounts["0800000001"].meters[0].next_verification_on = date(2026, 1, 24)
    head = "reading;account;meter;zone;value;taken_on;taken_at;received_at;period;state\n"
    rows = "".join(
        f"{key};0800000001;1;SINGLE;150;2026-01-{day};;;2026-01;ON_REVIEW\n"
        for key, day in (("a", 24), ("b", 25))
    )
    supplier.receive_readings((head + rows).encode())
    assert [row["answer"] for row in supplier.answers.values()] == ["ACCEPTED", "REJECTED"]
    assert [*supplier.received] == ["a"]
