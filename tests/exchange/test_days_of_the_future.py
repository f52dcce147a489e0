"""Days of the future in files: a mistyped year keeps newer data away, or hides older data."""

from datetime import date

import pytest

from lk_graphql.accounts.models import Account, Holder
from lk_graphql.billing.models import Invoice
from lk_graphql.import_formats.service.catalog import KINDS
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.tabular.value_formats import DAY, MONTH
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


async def load_holder(importer: ImportRunner, signed_on: str, since: str) -> list[tuple[str, ...]]:
    """Load an account with its holder; column, code and value of each fault."""
    header, first, _, _ = ACCOUNTS.replace("2019-03-01", signed_on).split("\n")
    text = f"{header};holder_since\n{first};{since}\n"
    result = await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text))
    return [fault[2:] for fault in importer.faults()] if result.faults else []


@pytest.mark.parametrize(
    ("signed_on", "since", "column"),
    [
        ("2019-03-01", "2062-11-01", "holder_since"),
        ("2019-03-01", "2027-11-24", "holder_since"),
        ("2062-11-01", "", "contract_signed_on"),
    ],
)
async def test_a_holder_of_the_distant_future_is_refused(
    importer: ImportRunner, signed_on: str, since: str, column: str
):
    """Everything of earlier days would be hidden from them."""
    await load_holder(importer, "2019-03-01", "2019-03-01")

    day = since or signed_on
    assert await load_holder(importer, signed_on, since) == [(column, "IN_FUTURE", day)]
    assert (await Account.get()).visible_days == ((date(2019, 3, 1), None),)
    assert await Holder.all().values_list("since", flat=True) == [date(2019, 3, 1)]


@pytest.mark.parametrize("since", ["2026-12-15", "2027-11-23"])
async def test_a_holder_of_the_near_future_is_loaded(importer: ImportRunner, since: str):
    assert await load_holder(importer, "2019-03-01", since) == []
    assert await Holder.all().values_list("since", flat=True) == [date.fromisoformat(since)]


HARMLESS = {
    "accounts": {"closed_on"},
    "meters": {"installed_on", "verified_on", "next_verification_on", "sealed_on"},
    "invoices": {"issued_on", "due_on"},
    "invoice_lines": {"corrects_from", "corrects_to"},
    "invoice_penalties": {"for_period", "first_day", "last_day"},
    "invoice_readings": {"previous_on", "current_on"},
    "reading_answers": {"period"},
}
"""Days that neither order data nor hide any: they are planned, printed, compared, or looked up. A
meter that isn't installed yet refuses readings in words."""


def test_every_other_day_of_a_file_has_a_limit():
    """A new column needs a check or a place above, except in files of rules."""
    formats = [kind for name, kind in KINDS.items() if name not in {"TARIFFS", "RULES"}]
    unlimited = {
        records.name: names
        for records in {
            records.name: records for kind in formats for records in kind.records
        }.values()
        if (
            names := {column.name for column in records.columns if column.value in (DAY, MONTH)}
            - {check.column for check in records.checks if check.code == "IN_FUTURE"}
        )
    }
    assert unlimited == HARMLESS
