"""Changes of readings between an export and billing's acknowledgement, and after both.

Billing either answers to the rows of each export, or returns the readings that it has. Each change
is in the next export, and in no export after billing has received it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import asyncpg
import orjson
import pytest

from lk_graphql.exchange.models import Acknowledgement, ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.errors import ReadingInBilling
from lk_graphql.metering.models import Reading, ReadingState, Register
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.reading_states import reject_reading, withdraw
from tests.factories.accounts import given_account, given_link, given_reading
from tests.support.import_runner import ImportRunner

NUMBER = "0000000001"
NOW = datetime(2026, 12, 3, tzinfo=UTC)
BILL = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh\n"
    f"{NUMBER};A-{{0:%m}};{{0:%Y-%m}};2026-12-03;2026-12-15;0;100;0;0;0;100;20\n"
)
LINE = (
    "invoice;position;kind;service;zone;quantity_kwh;rubles_per_kwh;amount;basis\n"
    "A-{:%m};1;ENERGY;Электроэнергия;DAY;20;5;100;AVERAGE\n"
)
USED = (
    "invoice;account;meter;zone;previous_on;current_on;consumption_kwh;current_value\n"
    f"A-11;{NUMBER};M-{NUMBER};DAY;;2026-11-22;20;12410\n"
)
ACCOUNT = (
    "number;contract_number;contract_signed_on;address;house_kind;tariff_category;closed_on\n"
    f"{NUMBER};Э-1;2019-03-01;ул. Мира;APARTMENT;RURAL;2026-11-29\n"
)
READINGS = "account;meter;zone;value;taken_on;period;source\n"
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@dataclass
class Home:
    """An account whose reading has been sent, and its billing system."""

    importer: ImportRunner
    dsn: str
    viewer: Viewer
    reading: Reading
    returns: bool
    days: int = 0
    exported: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    stored: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    async def load(self, kind: ImportKind, **texts: str) -> None:
        """Import files of the next day."""
        self.days += 1
        files = [self.importer.put(f"{name}.csv", text) for name, text in texts.items()]
        result = await self.importer.load(kind, *files, as_of=NOW + timedelta(days=self.days))
        assert result.faults == []

    async def bill(self, month: date, **texts: str) -> None:
        bill = {"invoices": BILL.format(month), "invoice_lines": LINE.format(month)}
        await self.load(ImportKind.INVOICES, **bill, **texts)

    async def fetch(self) -> list[tuple[str, str]]:
        """Billing reads an export; the result is the month and state of the reading in it."""
        connection = await asyncpg.connect(self.dsn)
        since = NOW + timedelta(days=30)
        lines = export_rows(connection, ExportKind.READINGS, ExportFormat.JSONL, since=since)
        self.exported = [orjson.loads(line) async for batch in lines for line in batch]
        await connection.close()
        key = str(self.reading.id)
        for row in self.exported:
            self.stored[row["reading"]] = row
        return [(row["period"], row["state"]) for row in self.exported if row["reading"] == key]

    async def acknowledge(self) -> bool:
        """Answer to the last export, or return the readings; False if there are none."""
        if not self.returns:
            rows = [
                f"{row['reading']};{row['state']};RECEIVED;{row['period']}\n"
                for row in self.exported
            ]
            answers = "reading;state;answer;period\n" + "".join(rows)
            await self.load(ImportKind.READINGS, reading_answers=answers)
            return True
        counted = [
            f"{NUMBER};{row['meter']};{row['zone']};{row['value']};{row['taken_on']};"
            f"{row['period']};CUSTOMER\n"
            for row in self.stored.values()
            if row["state"] in {"ACCEPTED", "ON_REVIEW"}
        ]
        if counted:
            await self.load(ImportKind.READINGS, readings=READINGS + "".join(counted))
        return bool(counted)

    async def actual(self) -> tuple[str, str]:
        reading = await Reading.get(id=self.reading.id)
        return f"{reading.period:%Y-%m}", reading.state.value


async def send(value: int, state: ReadingState, day: date, period: date) -> Reading:
    """A reading that was submitted in the cabinet."""
    register = await Register.get(zone="DAY")
    reading = await given_reading(register, Decimal(value), 11, ReadingState.SUPERSEDED)
    changes = {"batch": new_key(), "taken_on": day, "period": period, "state": state}
    await Reading.filter(id=reading.id).update(**changes)
    return await Reading.get(id=reading.id)


async def withdrawn(home: Home) -> None:
    await withdraw(home.viewer, home.reading.id, billing=BILLING)


async def replaced(home: Home) -> None:
    await Reading.filter(id=home.reading.id).update(state=ReadingState.SUPERSEDED)
    await send(12_450, ReadingState.ACCEPTED, date(2026, 11, 24), home.reading.period)


async def rejected(home: Home) -> None:
    await reject_reading(home.reading.id, "Не тот прибор", billing=BILLING, now=NOW)


async def moved(home: Home) -> None:
    """Billing bills an estimate."""
    await home.bill(NOVEMBER)


async def moved_and_superseded(home: Home) -> None:
    await send(12_500, ReadingState.ACCEPTED, date(2026, 12, 2), DECEMBER)
    await home.bill(NOVEMBER)


async def moved_back(home: Home) -> None:
    """The account ends in November, so that a late reading counts for November."""
    await home.load(ImportKind.ACCOUNTS, accounts=ACCOUNT)


async def included(home: Home) -> None:
    """The bill is based on an inspector's later reading."""
    inspector = f"{NUMBER};M-{NUMBER};DAY;12410;2026-11-22;2026-11;CONTROLLER\n"
    await home.load(ImportKind.READINGS, readings=READINGS + inspector)
    await home.bill(NOVEMBER, invoice_readings=USED)


Change = Callable[[Home], Awaitable[None]]
CHANGES: list[Change] = [
    withdrawn, replaced, rejected, moved, moved_and_superseded, moved_back, included,
]  # fmt: skip


async def given_home(
    importer: ImportRunner,
    dsn: str,
    viewer: Viewer,
    change: Change,
    state: ReadingState,
    **how: Any,
) -> Home:
    await given_link(viewer, await given_account(NUMBER))
    month = DECEMBER if change is moved_back else NOVEMBER
    reading = await send(12_400, state, date(2026, 11, 20), month)
    return Home(importer, dsn, viewer, reading, **how)


@pytest.mark.parametrize("returns", [False, True], ids=["answers", "returns"])
@pytest.mark.parametrize("is_late", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize(
    "case",
    [*product(CHANGES, (ReadingState.ACCEPTED, ReadingState.ON_REVIEW))],
    ids=lambda case: f"{case[0].__name__} {case[1]}",
)
async def test_each_change_is_exported_until_billing_has_received_it(
    importer: ImportRunner,
    database: str,
    anna: Viewer,
    case: tuple[Change, ReadingState],
    *,
    is_late: bool,
    returns: bool,
):
    change, state = case
    home = await given_home(importer, database, anna, change, state, returns=returns)
    assert await home.fetch() == [await home.actual()]
    if is_late:
        assert await home.acknowledge()
        assert await home.fetch() == []
        if change is withdrawn and returns:
            with pytest.raises(ReadingInBilling):
                await change(home)
            return
    before = await home.actual()
    await change(home)
    if not is_late:
        assert await home.acknowledge()

    assert await home.actual() != before
    for _ in range(2):
        assert await home.fetch() == [await home.actual()]

    if not await home.acknowledge():
        await home.bill(DECEMBER)
    assert await home.fetch() == []
    assert await home.fetch() == []


DECIDED = [(withdrawn, "WITHDRAWN"), (replaced, "SUPERSEDED"), (rejected, "REJECTED")]


@pytest.mark.parametrize("answer", ["ACCEPTED;", "REJECTED;Не похоже"])
@pytest.mark.parametrize(("change", "changed"), DECIDED)
async def test_a_decision_of_billing_s_on_a_reading_that_has_changed_is_followed_by_the_change(
    importer: ImportRunner, database: str, anna: Viewer, change: Change, changed: str, answer: str
):
    home = await given_home(importer, database, anna, change, ReadingState.ON_REVIEW, returns=False)
    await home.fetch()
    await change(home)

    row = f"{home.reading.id};ON_REVIEW;{answer}\n"
    await home.load(ImportKind.READINGS, reading_answers=f"reading;state;answer;reason\n{row}")

    assert await home.actual() == ("2026-11", changed)
    same = answer.startswith(changed)
    assert await home.fetch() == ([] if same else [("2026-11", changed)])
    await home.acknowledge()
    assert await home.fetch() == []


async def test_a_rejected_reading_that_comes_back_makes_no_second_one(
    importer: ImportRunner, database: str, anna: Viewer
):
    home = await given_home(importer, database, anna, rejected, ReadingState.ACCEPTED, returns=True)
    await home.fetch()
    await rejected(home)

    await home.acknowledge()

    of_month = Reading.filter(period=NOVEMBER, register__zone="DAY")
    assert await of_month.values_list("id", "state") == [(home.reading.id, ReadingState.REJECTED)]
    assert await Acknowledgement.all().values_list("subject_id", "subject_state") == [
        (home.reading.id, "ACCEPTED")
    ]


async def test_a_bill_without_readings_counts_one_that_came_back_although_it_was_withdrawn(
    importer: ImportRunner, database: str, anna: Viewer
):
    """Billing made the bill before it fetched the withdrawal."""
    home = await given_home(
        importer, database, anna, withdrawn, ReadingState.ACCEPTED, returns=True
    )
    await home.fetch()
    await withdrawn(home)
    await home.acknowledge()

    metered = {"invoice_lines": LINE.format(NOVEMBER).replace("AVERAGE", "METER")}
    await home.load(ImportKind.INVOICES, invoices=BILL.format(NOVEMBER), **metered)

    assert await home.actual() == ("2026-11", "ACCEPTED")
    assert await home.fetch() == []


async def test_an_older_file_does_not_take_back_an_answer(
    importer: ImportRunner, database: str, anna: Viewer
):
    home = await given_home(
        importer, database, anna, withdrawn, ReadingState.ACCEPTED, returns=False
    )
    await home.fetch()
    await withdrawn(home)
    for _ in range(2):
        await home.acknowledge()
        await home.fetch()
    home.days, home.returns = -5, True
    home.stored = {"": {"meter": f"M-{NUMBER}", "zone": "DAY", "value": "12400",
        "taken_on": "2026-11-20", "period": "2026-11", "state": "ACCEPTED"}}  # fmt: skip
    assert await home.acknowledge()
    assert await home.actual() == ("2026-11", "WITHDRAWN")
    assert await home.fetch() == []
