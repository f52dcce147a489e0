"""Bills that an import accepts have a receipt and a payment code, however odd they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from uuid import UUID

import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import (
    Invoice,
    InvoiceLine,
    LineKind,
    RecalculationReason,
    VatRate,
    VolumeBasis,
)
from lk_graphql.billing.service.charges import VAT_INCLUDED_SQL
from lk_graphql.billing.service.payment_code import MANDATORY
from lk_graphql.billing.service.receipts.content import load_receipt
from lk_graphql.billing.service.receipts.render import drafts
from lk_graphql.billing.service.requisites import publish, requisites_in
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.formatting import format_rubles
from lk_graphql.metering.models import Zone
from lk_graphql.ports.pdf import PdfPool
from tests.factories.accounts import NOW, given_bare_account
from tests.factories.metering import TODAY
from tests.support.import_runner import ImportRunner, Rows
from tests.support.payment_code import parse
from tests.support.pdf_text import only_page

BILLS = 40
_COLUMNS = ("id", "period", "charged", "recalculated")
VAT = f"""SELECT i.id, ({
    VAT_INCLUDED_SQL.format_map({name: f"i.{name}" for name in _COLUMNS})
}) FROM invoice i"""
HEADS = {
    "invoices": "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;"
    "penalty;paid;closing_balance;consumption_kwh;gis_document_id",
    "invoice_lines": "invoice;position;kind;service;zone;range_number;quantity_kwh;rubles_per_kwh;"
    "amount;reason;basis;factor;reason_code;corrects_from;corrects_to;document",
    "invoice_penalties": "invoice;position;for_period;debt;first_day;last_day;rate_percent;"
    "divisor;amount",
}
SIGNS = "|#;:^_~{}!$%&()*+,/@ \"'<>«»—\N{NO-BREAK SPACE}\N{SOFT HYPHEN}₽ёЩW漢😀\u202e\ufeff\x01\x1f"
RUSSIAN = "оеаинтсрвлкм " * 12
"""Without them a file is refused as text in another encoding."""


@dataclass
class Files:
    """Rows of one import. What a clerk may send, with numbers and texts at their limits."""

    chance: Random
    is_odd: bool = False
    rows: dict[str, list[str]] = field(
        default_factory=lambda: {name: [head] for name, head in HEADS.items()}
    )

    def add(self, name: str, *values: object) -> None:
        cells = ("" if value is None else str(value).replace('"', '""') for value in values)
        self.rows[name].append(";".join(f'"{cell}"' for cell in cells))

    def text(self, length: int) -> str:
        letters = RUSSIAN + (SIGNS if self.chance.random() < 0.5 else "Щ ")
        size = self.chance.choice([1, 10, length])
        return "Щ" + "".join(self.chance.choice(letters) for _ in range(size - 1))

    def maybe(self, value: object) -> object:
        return value if self.chance.random() < 0.5 else None

    def kopecks(self) -> int:
        most = self.chance.choice([1, 100, 100_000, 10**12])
        return self.chance.randint(-most, most)

    def month(self) -> str:
        return f"{self.chance.randint(2020, 2027)}-{self.chance.randint(1, 12):02}"

    def bill(self, number: int) -> None:
        chance, name = self.chance, f"B-{number}"
        self.is_odd = chance.random() < 0.2
        lines = [self.line(name, place) for place in range(1, chance.choice([1, 3, 9, 60]))]
        charged = sum(amount for kind, amount in lines if kind != "RECALCULATION")
        recalculated = sum(amount for kind, amount in lines if kind == "RECALCULATION")
        penalties = [self.penalty(name, place) for place in range(1, chance.choice([1, 1, 3, 20]))]
        opening, paid = self.kopecks(), self.kopecks()
        closing = opening + charged + recalculated + sum(penalties) - paid
        sums = (opening, charged, recalculated, sum(penalties), paid, closing)
        kwh = chance.choice(["0", "-12.5", "999999999.999", "150"])
        self.add(
            "invoices", f"{number:010}", name, "2026-10", "2026-11-03", "2026-11-16",
            *map(rubles, sums), kwh, self.maybe("80AB123456-01-2610"),
        )  # fmt: skip

    def line(self, bill: str, place: int) -> tuple[str, int]:
        chance, kind = self.chance, self.chance.choice([*LineKind]).value
        amount = self.kopecks()
        is_energy, is_correction = kind == "ENERGY", kind == "RECALCULATION"
        first, last = sorted((self.month(), self.month()))
        months = (first, last) if is_correction and chance.random() < 0.7 else (None, None)
        self.add(
            "invoice_lines", bill, place, kind, self.text(100),
            self.maybe(chance.choice([*Zone]).value),
            self.maybe(chance.randint(0, 12) if self.is_odd else chance.randint(1, 3)),
            self.maybe(chance.choice(["0", "-1", "20", "999999999.999"])),
            self.maybe(chance.choice(["0", "5.67", "99999.99999"])),
            rubles(amount), self.maybe(self.text(300)),
            self.maybe(chance.choice([*VolumeBasis]).value) if is_energy else None,
            chance.choice(["1", "1.5", "99.99"]) if kind == "RAISING_FACTOR" else None,
            self.maybe(chance.choice([*RecalculationReason]).value) if is_correction else None,
            *months, self.maybe(self.text(200)) if is_correction else None,
        )  # fmt: skip
        return kind, amount

    def penalty(self, bill: str, place: int) -> int:
        amount = self.chance.choice([0, 1, 5_25, 10**9])
        self.add(
            "invoice_penalties", bill, place, self.month(), rubles(abs(self.kopecks())),
            "2026-10-01", "2026-10-31", "9.5", self.chance.choice([1, 130, 300, 999]),
            rubles(amount),
        )  # fmt: skip
        return amount


def rubles(kopecks: int) -> str:
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100}.{abs(kopecks) % 100:02}"


async def given_accounts() -> None:
    await publish(requisites_in(TEXT))
    for since, percent in ((2019, 20), (2026, 22)):
        await VatRate.create(
            percent=percent, valid_from=NOW.date().replace(since, 1, 1), reference=""
        )
    for number in range(1, BILLS + 1):
        await given_bare_account(f"{number:010}", address="Щ" * 300, contract_number="Щ" * 40)


@pytest.mark.parametrize("seed", range(2))
async def test_a_bill_that_is_accepted_can_be_printed(
    importer: ImportRunner, pdfs: PdfPool, rows: Rows, seed: int
):
    files = Files(Random(seed))
    for number in range(1, BILLS + 1):
        files.bill(number)
    await given_accounts()
    paths = [
        importer.put(f"{name}.csv", "\n".join(rows) + "\n") for name, rows in files.rows.items()
    ]

    await importer.load(ImportKind.INVOICES, *paths)
    invoices = await Invoice.all().order_by("number")
    seen = await receipts_of(invoices, pdfs, dict(await rows(VAT)))

    assert 0 < len(invoices) == seen
    assert not await InvoiceLine.filter(range_number__gt=3).exists()
    assert await Account.all().count() == BILLS


async def test_a_fourth_range_and_a_limit_of_the_third_are_refused_by_line(
    importer: ImportRunner, rows: Rows
):
    tariffs = importer.put(
        "tariffs.csv",
        "category;zone;range_number;rubles_per_kwh;valid_from;order_reference\n"
        "URBAN_GAS;SINGLE;3;5;2026-01-01;приказ\nURBAN_GAS;SINGLE;4;6;2026-01-01;приказ\n",
    )
    limits = importer.put(
        "range_limits.csv",
        "category;range_number;up_to_kwh;valid_from\nURBAN_GAS;1;400;2026-01-01\n"
        "URBAN_GAS;2;;2026-01-01\nRURAL;3;900;2026-01-01\nRURAL;1;;2026-01-01\n",
    )

    await importer.load(ImportKind.TARIFFS, tariffs, limits)

    assert importer.faults() == [
        ("tariffs.csv", "3", "range_number", "BAD_NUMBER", "4"),
        ("range_limits.csv", "4", "up_to_kwh", "LAST_RANGE", "900"),
    ]
    assert await rows("SELECT range_number FROM tariff") == [(3,)]
    assert await rows("SELECT category, range_number FROM range_limit ORDER BY 1, 2") == [
        ("RURAL", 1), ("URBAN_GAS", 1), ("URBAN_GAS", 2),
    ]  # fmt: skip


async def receipts_of(invoices: Sequence[Invoice], pdfs: PdfPool, vat: dict[UUID, int]) -> int:
    """Print each bill's drafts, and two of the bills as PDF; their number.

    Code and VAT are those that the API shows.
    """
    for place, invoice in enumerate(invoices):
        receipt = await load_receipt(invoice.id, period_format="MMYYYY", today=TODAY)
        assert receipt
        pages = drafts(receipt)
        assert len(pages) >= 2
        assert (receipt.code is None) is (invoice.closing_balance <= 0)
        assert (
            f" — {format_rubles(int(vat[invoice.id]))}\N{NO-BREAK SPACE}₽</span></td>" in pages[0]
        )
        if receipt.code:
            assert parse(receipt.code)["Sum"] == str(invoice.closing_balance)
            assert {*MANDATORY} <= {*parse(receipt.code)}
        if place % 20 == 0:
            only_page(await pdfs.page(invoice.number, partial(drafts, receipt)))
    return len(invoices)
