"""Lines of a fiscal receipt as plain values, and against the independent model of the year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.models import Invoice, InvoiceLine, LineKind, VatRate
from lk_graphql.billing.service.charges import VatRateNotFound, included_vat
from lk_graphql.billing.service.invoices import AccountDebt, BilledMonth, allocate_open
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import shift
from lk_graphql.payments.models import PaymentLineKind
from lk_graphql.payments.service.receipt_lines import (
    OpenMonth,
    SettledLine,
    allocate,
    due_lines,
    group_oldest,
)
from tests.year import population
from tests.year.model.cabinet import Cabinet
from tests.year.model.days import ZONE
from tests.year.model.files import Month, Sum
from tests.year.model.postings import RegistryRow

TODAY = date(2026, 11, 29)
RATES = [
    VatRate(percent=Decimal(percent), valid_from=date(year, 1, 1))
    for year, percent in ((2019, 20), (2026, 22))
]
DECEMBER, JANUARY = date(2025, 12, 1), date(2026, 1, 1)
DEBT, PENALTY, ADVANCE = "DEBT", "PENALTY", "ADVANCE"


@dataclass(frozen=True)
class GivenBill:
    period: date
    charged: int
    recalculated: int
    penalty: int

    @property
    def invoice(self) -> Invoice:
        return Invoice(
            id=new_key(), period=self.period, charged=self.charged,
            recalculated=self.recalculated, penalty=self.penalty,
        )  # fmt: skip


def given_line(invoice: Invoice, amount: int, **columns: Any) -> InvoiceLine:
    defaults: dict[str, Any] = {"kind": LineKind.ENERGY, "service": "Электроснабжение"}
    return InvoiceLine(invoice_id=invoice.id, amount=amount, **{**defaults, **columns})


def lines_of(
    owed: AccountDebt,
    invoices: Sequence[Invoice],
    amount: int,
    lines: Sequence[InvoiceLine] = (),
) -> list[SettledLine]:
    by_id = {invoice.id: invoice for invoice in invoices}
    billed = (
        BilledMonth(bill.id, bill.period, bill.charged + bill.recalculated, bill.penalty)
        for bill in invoices
    )
    months = [
        OpenMonth(by_id[part.invoice_id] if part.invoice_id else None, part.debt, part.penalty)
        for part in allocate_open(owed, billed)
        if part.total
    ]
    oldest = min((invoice.period for invoice in invoices), default=date(2026, 11, 1))
    due = due_lines(months, lines, RATES, oldest_bill=oldest)
    return allocate(amount, due, today=TODAY, rates=RATES)


def shown(lines: Sequence[SettledLine]) -> list[tuple[Any, ...]]:
    return [(line.kind.value, line.period, line.amount, line.vat_percent) for line in lines]


def debt(amount: int, penalty: int = 0, **more: int) -> AccountDebt:
    sums = {name: Kopecks(value) for name, value in more.items()}
    return AccountDebt(Kopecks(amount), Kopecks(penalty), **sums)


def test_each_month_has_the_rate_of_its_supply_and_penalties_have_none():
    bills = [GivenBill(DECEMBER, 100_00, 0, 0), GivenBill(JANUARY, 200_00, 0, 3_00)]
    lines = lines_of(debt(300_00, 3_00), [bill.invoice for bill in bills], 350_00)

    assert shown(lines) == [
        (DEBT, DECEMBER, 100_00, 20),
        (DEBT, JANUARY, 200_00, 22),
        (PENALTY, JANUARY, 3_00, None),
        (ADVANCE, None, 47_00, 22),
    ]


def test_a_debt_that_no_bill_explains_has_the_rate_of_the_month_before_all_bills():
    unexplained = lines_of(debt(150_00), [GivenBill(JANUARY, 100_00, 0, 0).invoice], 150_00)
    without_bills = lines_of(debt(10_00), [], 10_00)

    assert shown(unexplained) == [(DEBT, None, 50_00, 20), (DEBT, JANUARY, 100_00, 22)]
    assert shown(without_bills) == [(DEBT, None, 10_00, 22)]


def test_a_month_s_services_are_apart_and_a_correction_has_the_rate_of_its_own_months():
    invoice = GivenBill(JANUARY, 150_00, 30_00, 0).invoice
    lines = [
        given_line(invoice, 100_00, quantity_kwh=Decimal(20), rubles_per_kwh=Decimal("5.00000")),
        given_line(invoice, 50_00, service="Электроснабжение на общедомовые нужды"),
        given_line(invoice, 30_00, kind=LineKind.RECALCULATION,
                   corrects_from=date(2025, 10, 1), corrects_to=DECEMBER),
    ]  # fmt: skip
    whole = lines_of(debt(180_00), [invoice], 180_00, lines)

    assert [(line.first_period, line.period, line.amount, line.vat_percent) for line in whole] == [
        (date(2025, 10, 1), DECEMBER, 30_00, 20),
        (JANUARY, JANUARY, 100_00, 22),
        (JANUARY, JANUARY, 50_00, 22),
    ]
    assert [line.service for line in whole][1:] == [
        "Электроснабжение", "Электроснабжение на общедомовые нужды",
    ]  # fmt: skip
    assert [(line.quantity_kwh, line.kopecks_per_kwh) for line in whole] == [
        (None, None), (20, 500), (None, None),
    ]  # fmt: skip


def test_a_credit_for_earlier_months_makes_the_month_smaller():
    invoice = GivenBill(JANUARY, 100_00, -30_00, 0).invoice
    lines = [
        given_line(invoice, 100_00, quantity_kwh=Decimal(20), rubles_per_kwh=Decimal(5)),
        given_line(invoice, -30_00, kind=LineKind.RECALCULATION,
                   corrects_from=DECEMBER, corrects_to=DECEMBER),
    ]  # fmt: skip
    (line,) = lines_of(debt(70_00), [invoice], 70_00, lines)

    assert shown([line]) == [(DEBT, JANUARY, 70_00, 22)]
    assert line.quantity_kwh is None


@pytest.mark.parametrize(
    ("kwh", "price", "amount", "expected"),
    [
        ("184.5", "5.6", 1033_20, (Decimal("184.5"), 560)),
        ("148", "5.67", 839_16, (148, 567)),
        ("148", "5.67001", 839_16, (None, None)),  # a price in parts of a kopeck
        ("148.333", "5.67", 841_05, (None, None)),  # rounded
        ("100000", "5", 500_000_00, (None, None)),  # no cash register takes such a quantity
        ("-10", "-5", 50_00, (None, None)),
    ],
)
def test_kilowatt_hours_are_on_the_receipt_only_if_their_price_is_the_sum(
    kwh: str, price: str, amount: int, expected: tuple[object, object]
):
    invoice = GivenBill(JANUARY, amount, 0, 0).invoice
    charge = given_line(invoice, amount, quantity_kwh=Decimal(kwh), rubles_per_kwh=Decimal(price))
    (line,) = lines_of(debt(amount), [invoice], amount, [charge])
    (part, *_) = lines_of(debt(amount), [invoice], amount - 1, [charge])

    assert (line.quantity_kwh, line.kopecks_per_kwh) == expected
    assert (part.amount, part.quantity_kwh, part.kopecks_per_kwh) == (amount - 1, None, None)


def test_a_supply_without_a_vat_rate_has_no_receipt():
    with pytest.raises(VatRateNotFound, match="2018-12-31"):
        lines_of(debt(1_00), [GivenBill(date(2018, 12, 1), 1_00, 0, 0).invoice], 1_00)


def test_the_oldest_months_are_grouped_if_a_receipt_has_too_many_lines():
    bills = [GivenBill(shift(JANUARY, month), 10_00, 0, 1_00) for month in range(-3, 3)]
    lines = lines_of(debt(60_00, 6_00), [bill.invoice for bill in bills], 70_00)
    (grouped,) = group_oldest([lines], 8)
    (fewest,) = group_oldest([lines], 1)

    months = [line.first_period for line in grouped]
    assert [(first, *rest) for first, rest in zip(months, shown(grouped), strict=True)] == [
        (date(2025, 10, 1), DEBT, DECEMBER, 30_00, 20),
        (JANUARY, DEBT, date(2026, 3, 1), 30_00, 22),
        (date(2025, 10, 1), PENALTY, date(2025, 11, 1), 2_00, None),
        *((shift(JANUARY, month), PENALTY, shift(JANUARY, month), 1_00, None)
          for month in range(-1, 3)),
        (None, ADVANCE, None, 4_00, 22),
    ]  # fmt: skip
    assert [(kind, amount) for kind, _, amount, _ in shown(fewest)] == [
        (DEBT, 30_00), (DEBT, 30_00), (PENALTY, 6_00), (ADVANCE, 4_00),
    ]  # fmt: skip


sums = st.integers(0, 2_000_00)
bills = st.lists(
    st.tuples(sums, st.integers(-500_00, 500_00), st.integers(0, 50_00)), max_size=14
).map(
    lambda rows: [GivenBill(shift(date(2025, 8, 1), place), *row) for place, row in enumerate(rows)]
)
balances = st.one_of(
    st.tuples(st.integers(0, 9_000_00), st.integers(0, 500_00), st.just(0)),
    st.tuples(st.just(0), st.just(0), sums),
)


@given(bills, balances, st.integers(-1_000_00, 5_000_00), st.integers(1, 20_000_00))
def test_the_lines_are_those_of_the_model(
    bills: list[GivenBill], balance: tuple[int, int, int], processing: int, amount: int
):
    cabinet, number = Cabinet(population.rules()), "0800000001"
    for bill in bills:
        cabinet.load_invoices(
            {
                "account": number, "number": f"{bill.period:%y%m}", "period": Month(bill.period),
                "due_on": bill.period, "charged": Sum(bill.charged),
                "recalculated": Sum(bill.recalculated), "penalty": Sum(bill.penalty),
                "closing_balance": Sum(0), "closing_penalty": Sum(0),
            },
            datetime(2026, 11, 5, tzinfo=ZONE),
        )  # fmt: skip
    columns = zip(("debt", "penalty", "overpayment"), map(Sum, balance), strict=True)
    as_of = datetime(2026, 11, 20, tzinfo=ZONE)
    cabinet.load_balances({"account": number, "as_of": as_of, **dict(columns)}, as_of)
    cabinet.pay(RegistryRow("1", number, processing, as_of))
    owed = debt(balance[0], balance[1], overpayment=balance[2], processing=processing)

    lines = lines_of(owed, [bill.invoice for bill in bills], amount)

    assert owed.amount_due == cabinet.amount_due(number)
    assert sum(line.amount for line in lines) == amount
    expected = cabinet.parts(number, amount, TODAY)
    assert [(line.kind, line.amount, line.period) for line in lines] == [
        (part.kind, part.amount, part.period) for part in expected
    ]
    for line, part in zip(lines, expected, strict=True):
        if part.period or part.kind != DEBT:  # the model states no rate of other debts
            vat = None if line.vat_percent is None else included_vat(line.amount, line.vat_percent)
            assert vat == part.vat


charges = st.lists(
    st.tuples(
        st.sampled_from(["Электроснабжение", "Общедомовые нужды", "ы" * 100]),
        st.integers(-300_00, 900_00),
        st.none() | st.integers(1, 30),
    ),
    min_size=1,
    max_size=6,
)


@given(st.lists(charges, min_size=1, max_size=60), st.integers(1, 300_000_00), st.data())
def test_whatever_is_billed_the_lines_add_up_and_fit_a_receipt(
    rows: list[list[tuple[str, int, int | None]]], amount: int, data: st.DataObject
):
    invoices: list[Invoice] = []
    lines: list[InvoiceLine] = []
    for place, charges in enumerate(rows):
        period = shift(date(2023, 1, 1), place)
        corrected = sum(sum_ for _, sum_, ago in charges if ago)
        total = sum(sum_ for _, sum_, _ in charges)
        invoice = GivenBill(period, total - corrected, corrected, place).invoice
        invoices.append(invoice)
        for service, sum_, ago in charges:
            month = ago and shift(period, -ago)
            kind = LineKind.RECALCULATION if ago else LineKind.ENERGY
            lines.append(given_line(invoice, sum_, service=service, kind=kind,
                                    corrects_from=month, corrects_to=month))  # fmt: skip
    most = sum(max(invoice.charged + invoice.recalculated, 0) for invoice in invoices)
    owed = debt(data.draw(st.integers(0, most + 5_00)), data.draw(st.integers(0, 30_00)))

    settled = lines_of(owed, invoices, amount, lines)
    (grouped,) = group_oldest([settled], 80)

    assert sum(line.amount for line in settled) == sum(line.amount for line in grouped) == amount
    assert all(line.amount > 0 for line in grouped)
    assert len(grouped) <= 80
    assert by_kind_and_rate(grouped) == by_kind_and_rate(settled)
    advance = by_kind_and_rate(grouped).get((PaymentLineKind.ADVANCE, Decimal(22)), 0)
    assert advance == max(amount - owed.amount_due, 0)


def by_kind_and_rate(lines: Sequence[SettledLine]) -> dict[tuple[str, Decimal | None], int]:
    sums: dict[tuple[str, Decimal | None], int] = {}
    for line in lines:
        key = line.kind, line.vat_percent
        sums[key] = sums.get(key, 0) + line.amount
    return sums
