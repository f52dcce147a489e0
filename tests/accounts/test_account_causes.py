"""The causes of `accountChanged`: one event for each, over both transports."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from graphql import GraphQLObjectType, get_named_type
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account, AccountLink
from lk_graphql.accounts.service import links
from lk_graphql.accounts.service.changes import ACCOUNT
from lk_graphql.accounts.service.holders import HolderName, change_holder
from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter, Reading, Register, WindowRule, Zone
from lk_graphql.metering.service import reading_states
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.planner.catalog import type_declaration
from lk_graphql.planner.declare.tables import table
from lk_graphql.ports.pubsub import COALESCE_SECONDS, JITTER_SECONDS
from lk_graphql.schema import graphql_schema
from tests.factories.accounts import CLIENT, NOW, given_account, given_link
from tests.factories.metering import given_rules, noon
from tests.support.cli_process import lk
from tests.support.client import ApiClient, build
from tests.support.import_runner import ImportRunner
from tests.support.ws_client import EndpointServer, answers, serving

WATCH = """subscription ($id: ID!) { accountChanged(accountId: $id) {
  name role area: areaM2 holder { lastName } readingWindow { opensOn }
  balance { amountDue } invoices { number }
  meters { seal: sealNumber registers { label
    readings(first: 1) { nodes { value state } } } } } }"""
SUBMIT = """mutation ($input: ReadingsSubmitInput!) { readingsSubmit(input: $input) {
  entries { reading { id } } confirmToken errors { code } } }"""
CONFIRM = """mutation ($input: ReadingsConfirmInput!) { readingsConfirm(input: $input) {
  errors { code } } }"""
WITHDRAW = """mutation ($input: ReadingWithdrawInput!) { readingWithdraw(input: $input) {
  errors { code } } }"""
RENAME = """mutation ($input: AccountRenameInput!) { accountRename(input: $input) {
  errors { code } } }"""

UNPUBLISHED = {
    "invoice_line": "written by imports only, which publish",
    "invoice_penalty": "written by imports only, which publish",
    "invoice_reading": "written by imports only, which publish",
    "consumption_month": "a view of readings",
    "monthly_consumption": "a view of readings",
    "reading_finding": "written with its reading, and never changed",
}
"""Tables that an account shows and that publish nothing themselves."""
QUIET = 3 * COALESCE_SECONDS


@dataclass
class Scene:
    """Anna's account, of which both transports show every change."""

    api: ApiClient
    anna: Viewer
    account: Account
    token: str
    server: EndpointServer
    folder: Path
    dsn: str

    @property
    def public(self) -> str:
        return to_public("acc", self.account.id)

    async def mutate(self, query: str, **values: Any) -> Any:
        answer = await self.api.post(query, self.token, input=values)
        (payload,) = answer["data"].values()
        assert payload["errors"] == []
        return payload

    async def submit(self, day: int) -> Any:
        (meter,) = await Meter.filter(account=self.account)
        register = await Register.get(meter=meter, zone=Zone.DAY)
        entry = {"registerId": to_public("reg", register.id), "value": str(day)}
        values = {"accountId": self.public, "entries": [entry], "allowPartial": True}
        return await self.mutate(SUBMIT, idempotencyKey=f"key {day}", **values)

    async def newest(self) -> Reading:
        reading = await Reading.all().order_by("-id").first()
        assert reading
        return reading

    @asynccontextmanager
    async def watching(self) -> AsyncGenerator[Callable[[], Awaitable[Any]]]:
        """Yield a function that returns the next event, the same one of both transports."""
        async with (
            self.server.events(WATCH, self.token, {"id": self.public}) as (_, lines),
            self.server.connect() as session,
        ):
            await session.init(self.token)
            await session.subscribe("a", WATCH, id=self.public)

            async def next_event() -> Any:
                async with asyncio.timeout(JITTER_SECONDS + 5):
                    (first,), second = await answers(lines, 1), await session.result()
                assert first == second
                return second["data"]["accountChanged"]

            yield next_event


@pytest_asyncio.fixture
async def scene(
    api: ApiClient, anna: Viewer, database: str, tmp_path: Path
) -> AsyncGenerator[Scene]:
    await given_rules()
    account = await given_account()
    await given_link(anna, account)
    token, state = await api.signed_in(anna), api.state
    api.clock.now = noon(date(2026, 11, 20))
    app = build(state.engine, state.ports, api.clock)
    async with state.ports.pubsub.connected(database), serving(app) as server:
        yield Scene(api, anna, account, token, server, tmp_path, database)


# The causes.


async def a_name(scene: Scene) -> None:
    await scene.mutate(RENAME, accountId=scene.public, name="Дача")


async def a_reading(scene: Scene) -> None:
    await scene.submit(12_400)


async def a_withdrawal(scene: Scene) -> None:
    await scene.mutate(WITHDRAW, readingId=to_public("rdg", (await scene.newest()).id))


async def an_unusual_reading(scene: Scene) -> None:
    await scene.submit(20_000)


async def a_confirmation(scene: Scene) -> None:
    reading = await scene.newest()
    assert reading.batch
    token = scene.api.state.ports.signer.sign(
        "readings confirm", reading.batch, scene.anna.id.bytes
    )
    await scene.mutate(CONFIRM, token=token, idempotencyKey="confirm")


async def a_decision_of_staff(scene: Scene) -> None:
    await reading_states.reject_reading(
        (await scene.newest()).id, "Опечатка", billing=BILLING, now=NOW
    )


async def the_spelling_of_a_name(scene: Scene) -> None:
    name = HolderName("ИВАНОВА", "Пелагея", "Сергеевна")
    day = date(2026, 1, 1)
    await change_holder(scene.account.id, name, since=day, default_since=day, now=NOW)


async def a_balance(scene: Scene) -> None:
    await AccountBalance.filter(account=scene.account).update(debt=1)


async def a_bill(scene: Scene) -> None:
    await Invoice.filter(account=scene.account, period=date(2026, 10, 1)).update(number="A-1")


async def a_seal(scene: Scene) -> None:
    await Meter.filter(account=scene.account).update(seal_number="П-1")


async def a_label(scene: Scene) -> None:
    await Register.filter(meter__account=scene.account, position=1).update(label="День")


async def the_home_s_area(scene: Scene) -> None:
    await Account.filter(id=scene.account.id).update(area_m2=Decimal(40))


async def a_window_that_moves(scene: Scene) -> None:
    await WindowRule.all().update(first_day=10)


async def the_role(scene: Scene) -> None:
    await AccountLink.filter(account=scene.account).update(role="OWNER")


async def another_process(scene: Scene) -> None:
    stranger = await asyncpg.connect(scene.dsn)
    await stranger.execute("UPDATE account SET area_m2 = 41")
    await stranger.close()


CAUSES = (
    a_name,
    the_role,
    a_reading,
    a_withdrawal,
    an_unusual_reading,
    a_confirmation,
    a_decision_of_staff,
    the_spelling_of_a_name,
    a_balance,
    a_bill,
    a_seal,
    a_label,
    the_home_s_area,
    a_window_that_moves,
    another_process,
)


async def test_every_cause_is_one_event_over_both_transports(scene: Scene):
    async with scene.watching() as next_event:
        shown = await next_event()
        for cause in CAUSES:
            before = shown
            await cause(scene)
            shown = await next_event()
            differences = [name for name in shown if shown[name] != before[name]]
            assert len(differences) == 1, (cause.__name__, differences)


async def test_an_import_of_many_rows_is_one_event_for_each_watcher(scene: Scene):
    """The command is another process."""
    path = scene.folder / "accounts.csv"
    columns = (
        "number;contract_number;contract_signed_on;address;house_kind;tariff_category;area_m2\n"
    )
    others = "".join(
        f"00000000{n:02};Э-{n};2019-03-01;ул. Кирова, д. {n};APARTMENT;URBAN_GAS;{n}\n"
        for n in range(30)
    )
    own = f"{scene.account.number};Э-1;2019-03-01;ул. Кирова, д. 1;APARTMENT;URBAN_GAS;77\n"
    path.write_text(columns + others + own)
    wakes = count_wakes(scene)
    async with scene.watching() as next_event:
        await next_event()
        done = await asyncio.to_thread(
            lk,
            *("import", "accounts", str(path)),
            LK_DATABASE_URL=scene.dsn,
            LK_COMPANY_NAME="Металлэнергофинанс",
            LK_PUBLIC_URL="https://lk.example",
            LK_TIME_ZONE="Asia/Novokuznetsk",
        )
        assert done.returncode == 0, done.stderr
        assert (await next_event())["area"] == "77"
    assert await wakes() == 1


async def test_an_import_that_changes_nothing_publishes_nothing(scene: Scene):
    importer = ImportRunner(scene.folder)
    columns = (
        "number;contract_number;contract_signed_on;address;house_kind;tariff_category;area_m2\n"
    )
    row = f"{scene.account.number};Э-1;2019-03-01;ул. Кирова, д. 1;APARTMENT;URBAN_GAS;77\n"
    path = importer.put("accounts.csv", columns + row)
    wakes = count_wakes(scene)
    await asyncio.sleep(QUIET)

    await importer.load(ImportKind.ACCOUNTS, path, is_dry_run=True)

    assert await wakes() == 0


def count_wakes(scene: Scene) -> Callable[[], Awaitable[int]]:
    """Count the signals of the account from now on."""
    signals, counted = scene.api.state.ports.pubsub.changes(ACCOUNT, scene.account.id), list[int]()

    async def count() -> None:
        async for _ in signals:
            counted.append(1)

    counting = asyncio.create_task(count())

    async def result() -> int:
        await asyncio.sleep(JITTER_SECONDS + QUIET)
        counting.cancel()
        return len(counted) - 1

    return result


async def test_changes_by_other_users_of_an_account_are_published(scene: Scene, boris: Viewer):
    """A link of somebody else shows nothing new, but is a cause; a dead one is none."""
    wakes = count_wakes(scene)
    await asyncio.sleep(QUIET)
    await given_link(boris, scene.account)
    await asyncio.sleep(QUIET)
    await links.unlink(boris, scene.account.id, client=CLIENT, now=datetime.now(UTC))
    assert await wakes() == 2


async def test_a_rolled_back_change_is_not_published(scene: Scene):
    other = await given_account("0000000002")
    wakes = count_wakes(scene)
    await asyncio.sleep(QUIET)
    with pytest.raises(RuntimeError):
        await change_and_fail(scene.account)
    await Account.filter(id=other.id).update(area_m2=Decimal(1))
    assert await wakes() == 0


async def change_and_fail(account: Account) -> None:
    async with in_transaction():
        await Account.filter(id=account.id).update(area_m2=Decimal(1))
        raise RuntimeError


# The rule: what an account shows is published, whoever writes it.


def shown_tables() -> Iterator[str]:
    """The tables behind all types that are reached from an account."""
    pending, seen = [graphql_schema.type_map["Account"]], set[str]()
    while pending:
        type_ = pending.pop()
        if not isinstance(type_, GraphQLObjectType) or type_.name in seen:
            continue
        seen.add(type_.name)
        if declared := type_declaration(type_):
            yield table(declared.model)
        pending += [get_named_type(field.type) for field in type_.fields.values()]


async def test_each_table_that_an_account_shows_publishes_its_changes(opened: asyncpg.Connection):
    rows = await opened.fetch(
        "SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger"
        " WHERE tgname = 'publish_account_change'"
    )
    published = {row["name"] for row in rows}
    shown = {name.strip('"') for name in shown_tables()}

    assert shown - published == UNPUBLISHED.keys()
