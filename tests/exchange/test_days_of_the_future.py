"""Days of the future in files: a mistyped year keeps newer data away, or hides older data."""

from datetime import date

import pytest

from lk_graphql.billing.models import Invoice
from lk_graphql.exchange.models import ImportKind
from tests.exchange.billing_files import ACCOUNTS, INVOICES, LINES, PENALTIES
from tests.support.import_runner import ImportRunner


async def load_bill(importer: ImportRunner, period: str, closing_on: str) -> list[tuple[str, ...]]:
    """Load bills of which the first closes on a day; column, code and value of each fault."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    header, first, second = INVOICES.replace("2026-10;", f"{period};").splitlines()
    text = f"{header};closing_on\n{first};{closing_on}\n{second};\n"
    parts = importer.put("l.csv", LINES), importer.put("p.csv", PENALTIES)
    result = await importer.load(ImportKind.INVOICES, importer.put("i.csv", text), *parts)
    faults = importer.faults() if result.faults else []
    return [fault[2:] for fault in faults if fault[0] == "i.csv"]


@pytest.mark.parametrize(
    ("period", "closing_on"),
    [
        ("2026-10", "2027-11-30"),
        ("2026-10", "2026-11-24"),  # today is 22 November
        ("2026-11", "2026-12-01"),
        ("2026-12", "2062-12-31"),
    ],
)
async def test_a_bill_that_closes_on_a_day_of_the_future_is_refused(
    importer: ImportRunner, period: str, closing_on: str
):
    assert await load_bill(importer, period, closing_on) == [
        ("closing_on", "IN_FUTURE", closing_on)
    ]
    assert await Invoice.all().values_list("number", flat=True) == ["A-2"]


@pytest.mark.parametrize(
    ("period", "closing_on"),
    [("2026-10", "2026-11-23"), ("2026-11", "2026-11-30"), ("2026-12", "2026-12-31")],
)
async def test_a_bill_may_close_at_the_end_of_its_month(
    importer: ImportRunner, period: str, closing_on: str
):
    assert await load_bill(importer, period, closing_on) == []
    bill = await Invoice.get(number="A-1")
    assert bill.closing_on == date.fromisoformat(closing_on)
