"""Export of payments to billing, and their import as posted."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from lk_graphql.billing.models import Invoice, ReceivedPayment
from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import Difference, Payment, PaymentPart, RegistryRow
from lk_graphql.payments.service.refunds import RefundClaim
from tests.factories.payments import BALANCE, PaymentScenario, key_in, request_refund
from tests.support.cli_process import lk
from tests.support.import_runner import ImportRunner
from tests.support.sandbox_acquirer import GOOD

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
PAYMENTS = "account;external_id;paid_on;amount;agent\n"


async def export(dsn: str, since: datetime = SINCE, **options: Any) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    lines = export_rows(connection, ExportKind.PAYMENTS, ExportFormat.JSONL, since=since, **options)
    rows = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return rows


async def test_a_payment_is_exported_until_it_comes_back(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    payment = await scenario.paid(100_000)
    number = f"{payment.number}-1"
    for _ in range(2):
        (row,) = await export(database)
        values = row["external_id"], row["account"], row["amount"]
        assert values == (number, "0012345678", "1000.00")
    runner = ImportRunner(tmp_path)
    template = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    file = runner.put("p.csv", template.format("0012345678", number))
    assert [(await runner.load(ImportKind.PAYMENTS, file)).posted for _ in range(2)] == [1, 0]
    assert await export(database) == []


async def test_a_movement_that_is_recorded_late_is_exported_until_it_comes_back(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    """Its time is the acquirer's; after an outage it is days before the row."""
    payment = await scenario.paid(100_000)
    (row,), number = await export(database), f"{payment.number}-1"
    later = datetime.fromisoformat(row["happened_at"]) + timedelta(days=2)
    assert [row["external_id"] for row in await export(database, later)] == [number]
    runner = ImportRunner(tmp_path)
    template = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    await runner.load(
        ImportKind.PAYMENTS, runner.put("p.csv", template.format("0012345678", number))
    )
    assert await export(database, later) == await export(database, later, with_answered=True) == []
    assert len(await export(database, with_answered=True)) == 1


async def test_a_payment_is_counted_once_all_the_way(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    """Paid, «в обработке», exported, posted with a newer balance: counted exactly once."""

    async def balance_sums() -> tuple[str, str, str]:
        (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]
        balance = account["balance"]
        return balance["debt"], balance["processing"], balance["amountDue"]

    debt, processing, due = await balance_sums()
    assert (processing, due) == ("0.00", "1140.00")
    payment = await scenario.paid(100_000)
    assert await balance_sums() == (debt, "1000.00", "140.00")
    (row,), runner = await export(database), ImportRunner(tmp_path)
    assert await balance_sums() == (debt, "1000.00", "140.00")
    template = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    files = (
        runner.put("payments.csv", template.format(row["account"], row["external_id"])),
        runner.put("balances.csv", f"account;debt;penalty;overpayment\n{row['account']};140;0;0\n"),
    )
    for posted in (1, 0):
        outcome = await runner.load(ImportKind.PAYMENTS, *files, as_of=datetime.now(UTC))
        assert outcome.posted == posted
        assert await balance_sums() == ("140.00", "0.00", "140.00")
    assert await export(database) == []
    assert (await Payment.get(id=payment.id)).posted_at is not None


async def given_refunded(scenario: PaymentScenario) -> tuple[str, str]:
    """A payment of which a part was refunded; the numbers of both movements."""
    payment = await scenario.paid(100_000)
    claim = RefundClaim(payment.id, 1, Kopecks(40_00), "Оплачено дважды", new_key().hex)
    await request_refund(scenario.acquirer, claim)
    await scenario.do_jobs()
    movement = await RegistryRow.get(payment_id=payment.id, amount=-40_00)
    return f"{payment.number}-1", movement.number


@pytest.mark.parametrize(
    ("posted", "processing", "kinds"),
    [("1000", "0.00", []), ("1", "999.00", ["POSTED_AMOUNT"])],
    ids=["agrees", "differs"],
)
async def test_a_posting_that_comes_before_its_movement_counts_as_soon_as_that_is_recorded(
    scenario: PaymentScenario, tmp_path: Path, posted: str, processing: str, kinds: list[str]
):
    """A restore has lost the movement, and the files of billing are imported again first."""
    payment = await scenario.begun(100_000)
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    runner, number = ImportRunner(tmp_path), f"{payment.number}-1"
    row = f"0012345678;{number};2026-11-22;{posted};Кабинет\n"
    outcome = await runner.load(ImportKind.PAYMENTS, runner.put("p.csv", PAYMENTS + row))
    assert (outcome.posted, outcome.differing) == (0, 0)
    payment = await scenario.reconcile(payment.id)

    (account,) = (await scenario.post(BALANCE))["viewer"]["accounts"]
    assert account["balance"]["processing"] == processing
    assert (payment.posted_at is None) == bool(kinds)
    differences = await Difference.filter(settled_at=None)
    assert [difference.kind for difference in differences] == kinds
    outcome = await runner.load(ImportKind.PAYMENTS, runner.put("p.csv", PAYMENTS + row))
    assert (outcome.posted, outcome.differing) == (0, 0)
    assert await Difference.all().count() == len(kinds)


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("ЛК-{}-1B{}", id="a Latin B among digits"),
        pytest.param("ЛК-{}-1в{}", id="a small letter"),
        pytest.param("ЛК-{}-1b{}", id="a small Latin letter"),
        pytest.param("ЛК-{}-1 В{}", id="a blank"),
        pytest.param("лк-{}-1в{}", id="all letters are small"),
    ],
)
async def test_a_movement_s_number_in_another_spelling_is_refused(
    scenario: PaymentScenario, database: str, tmp_path: Path, template: str
):
    """Otherwise it would be a payment that the cabinet doesn't know, beside one in processing."""
    paid, refunded = await given_refunded(scenario)
    number = template.format(*refunded.removeprefix("ЛК-").split("-1В"))
    runner = ImportRunner(tmp_path)
    text = f"{PAYMENTS}0012345678;{paid};2026-11-22;1000;Кабинет\n"
    text += f"0012345678;{number};2026-11-22;-40;Кабинет\n"

    outcome = await runner.load(ImportKind.PAYMENTS, runner.put("p.csv", text))

    assert outcome.posted == 1
    assert runner.faults() == [("p.csv", "3", "external_id", "SPELT_OTHERWISE", number)]
    assert await ReceivedPayment.filter(external_id__in=[paid, number]).count() == 1
    assert [row["external_id"] for row in await export(database)] == [refunded]
    assert await Difference.all().count() == 0


async def test_numbers_of_other_systems_may_differ_in_case_only(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    paid, refunded = await given_refunded(scenario)
    numbers = ["aB12", "Ab12", f"{paid}2", refunded]
    rows = "".join(f"0012345678;{number};2026-11-22;-40;Банк\n" for number in numbers)
    runner = ImportRunner(tmp_path)

    outcome = await runner.load(ImportKind.PAYMENTS, runner.put("p.csv", PAYMENTS + rows))

    assert (outcome.faults, outcome.posted) == ([], 1)
    assert await ReceivedPayment.filter(external_id__in=numbers).count() == len(numbers)
    assert await RegistryRow.filter(posted_at=None).values_list("number", flat=True) == [paid]


async def test_only_a_bill_that_the_customer_has_named_gives_the_registry_its_month(
    scenario: PaymentScenario, database: str
):
    """Otherwise the preview shows the newest bill, and billing settles the oldest debt."""
    invoice = await Invoice.get(account_id=scenario.account.id, period=date(2026, 9, 1))
    account_id = f"acc_{scenario.account.id.hex}"
    for part in (
        {"accountId": account_id, "amount": "2000.00"},
        {"accountId": account_id, "invoiceId": f"inv_{invoice.id.hex}", "amount": "500.00"},
    ):
        started = await scenario.start(part["amount"], parts=[part])
        assert started["errors"] == []
        scenario.sandbox.pay(started["payment"]["pageUrl"], GOOD)
        payment = await scenario.reconcile(key_in(started["payment"]["id"]))
        claim = RefundClaim(payment.id, 1, Kopecks(1_00), "Оплачено дважды", new_key().hex)
        await request_refund(scenario.acquirer, claim)
        await scenario.do_jobs()

    assert [(row["amount"], row["period"]) for row in await export(database)] == [
        ("2000.00", None),
        ("-1.00", None),
        ("500.00", "2026-09"),
        ("-1.00", "2026-09"),
    ]
    periods = await PaymentPart.all().order_by("id").values_list("period", flat=True)
    assert periods == [date(2026, 10, 1), date(2026, 9, 1)]


async def test_the_command_prints_how_many_payments_are_posted_and_how_many_otherwise(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    first, second = await scenario.paid(100_000), await scenario.paid(50_000)
    template = "account;external_id;paid_on;amount;agent\n"
    rows = ((f"{first.number}-1", "1000"), (f"{second.number}-1", "5"))
    lines = [f"0012345678;{number};2026-11-22;{amount};Кабинет\n" for number, amount in rows]
    file = ImportRunner(tmp_path).put("p.csv", template + "".join(lines))

    done = lk("import", "payments", str(file), folder=tmp_path, LK_DATABASE_URL=database)

    assert done.returncode == 0
    assert "1 payments of the cabinet are posted." in done.stdout
    assert "1 payments of the cabinet are posted with another account or amount" in done.stderr
    assert [row["external_id"] for row in await export(database)] == [f"{second.number}-1"]
