"""Loading files of the billing system, all in one transaction.

Whenever a run ends, by whatever end, the cabinet holds either what it held before or all of what
the run says it has loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asyncpg import Connection
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql.exchange.models import ImportKind, ImportRun, ImportState
from lk_graphql.exchange.service import answering, holding, posting, replacing, settling
from lk_graphql.exchange.service.catalog import KINDS
from lk_graphql.exchange.service.catalog.shared import BALANCES
from lk_graphql.exchange.service.controls import differences
from lk_graphql.exchange.service.faults import count_by_code, write_report
from lk_graphql.exchange.service.journal import PASSING, Journal, demand_alone, sum_up, tell_of
from lk_graphql.exchange.service.loading import Loading, Tell
from lk_graphql.exchange.service.orders import Order, Outcome
from lk_graphql.kit.company import Company
from lk_graphql.kit.obstacle import Obstacle
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.telling import tell_accounts

_SETTINGS = {
    "datestyle": "ISO, DMY",
    "work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "client_connection_check_interval": "2s",
}
"""For the transaction. The last one: a killed client's statement ends at once, not at its end."""

_ISSUED = NoticeKind.INVOICE_ISSUED
_NEW_BILLS = """
SELECT account_id, 'invoice/' || id, id, period, due_on, charged + recalculated + penalty
FROM row_invoices WHERE is_new AND due_on >= $1::date
"""
"""Of an archive that is loaded later, whose days to pay are over, nobody needs to hear."""


class _TakenBack(Exception):
    """Ends the transaction without a trace; its state says why."""

    def __init__(self, state: ImportState, reason: str | None = None) -> None:
        self.state, self.reason = state, reason
        super().__init__(reason)


async def load(
    order: Order, *, company: Company, clock: Callable[[], datetime], tell: Tell
) -> Outcome:
    """Load the files. Raises `Obstacle` for files that can't be read, or when another import runs.

    Whatever it raises has loaded nothing, and the run's record says REFUSED, INTERRUPTED or FAILED.
    """
    run = order.run or ImportRun(
        kind=order.kind,
        is_dry_run=order.is_dry_run,
        is_atomic=order.is_atomic,
        as_of=order.as_of,
    )
    run.state, run.started_at, run.finished_at = ImportState.RUNNING, clock(), None
    run.reason, run.report = None, None
    loading = Loading(KINDS[order.kind], tell)
    outcome = Outcome(run, [*loading.tallies.values()])
    going = _Run(order, company, clock, loading, outcome, Journal(get_connection("default")))
    try:
        async with going.journal.following(run, outcome.tallies), in_transaction() as transaction:
            await going.go(transaction)
    except _TakenBack as end:
        await going.end(end.state, end.reason)
    except Obstacle as obstacle:
        await going.end(ImportState.REFUSED, str(obstacle)[:1000])
        raise
    except PASSING as end:
        await going.end(ImportState.INTERRUPTED, type(end).__name__)
        raise
    except BaseException as failure:
        await going.end(ImportState.FAILED, f"{type(failure).__name__}: {failure}"[:1000])
        raise
    return outcome


@dataclass
class _Run:
    order: Order
    company: Company
    clock: Callable[[], datetime]
    loading: Loading
    outcome: Outcome
    journal: Journal
    is_begun: bool = False

    @property
    def run(self) -> ImportRun:
        return self.outcome.run

    async def go(self, transaction: Any) -> None:
        """Everything; the record's end is the last thing that the transaction writes."""
        connection: Connection
        async with transaction.acquire_connection() as connection:
            await demand_alone(connection)
            await self.journal.begin(self.run, self.order.sources)
            self.is_begun = True
            await self._equip(connection)
            await self._check(connection)
            await self._write(connection)
        await self._tell_others(connection)
        if self.order.is_dry_run:
            raise _TakenBack(ImportState.CHECKED)
        await self._finish(ImportState.DONE)
        await self.run.save(using_db=transaction)
        await tell_of(self.run.id)

    async def _tell_others(self, connection: Connection) -> None:
        """What it means for people, by the rules of other slices, in the same transaction."""
        now = self.run.started_at
        today = self.company.today(now)
        if self.order.kind is ImportKind.ACCOUNTS:
            changed = await holding.change_holders(connection, today=today, now=now)
            self.outcome.new_holders = changed
        elif self.order.kind is ImportKind.READINGS:
            self.outcome.answered = await answering.answer_readings(connection, now=now)
        elif self.order.kind is ImportKind.PAYMENTS:
            self.outcome.posted = await posting.acknowledge_posted(connection, now=now)
        elif self.order.kind is ImportKind.INVOICES:
            self.outcome.told = await tell_accounts(_ISSUED, _NEW_BILLS, today, now=now)

    async def end(self, state: ImportState, reason: str | None) -> None:
        """Note an end that has changed nothing else; without a beginning there is none."""
        if self.is_begun:
            self.run.reason = reason
            await self._finish(state)
            await self.run.save(using_db=self.journal.beside)
            await tell_of(self.run.id)

    async def _finish(self, state: ImportState) -> None:
        self.run.state, self.run.finished_at = state, self.clock()
        sum_up(self.run, self.outcome.tallies)

    async def _equip(self, connection: Connection) -> None:
        settings = {
            **_SETTINGS,
            "timezone": self.company.zone.key,
            "lk.as_of": self.order.as_of.isoformat(),
        }
        for name, value in settings.items():
            await connection.execute("SELECT set_config($1, $2, true)", name, value)

    async def _check(self, connection: Connection) -> None:
        """Raises `_TakenBack` where a fault or a control total stops all of it."""
        await self.loading.stage(connection, self.order.files)
        await self.loading.check(connection)
        await self.loading.count(connection)
        if faults := await count_by_code(connection):
            self.outcome.faults = faults
            self.run.report = self.order.report.name
            await write_report(connection, self.order.report, self.order.sources)
            if self.order.keep:
                await self.order.keep(self.order.report)
            if self.order.is_atomic and not self.order.is_dry_run:
                raise _TakenBack(ImportState.REFUSED, "There are bad rows.")
        if differing := differences(self.outcome.tallies, self.order.controls):
            raise _TakenBack(ImportState.REFUSED, " ".join(differing))

    async def _write(self, connection: Connection) -> None:
        kind, tallies = self.loading.kind, self.loading.tallies
        if BALANCES.name in tallies:
            await settling.strike(connection, kind)
        if "readings" in tallies:
            await replacing.make_room(connection)
        for records in kind.records:
            if records is not BALANCES:
                await self.loading.write(connection, records)
        if BALANCES.name in tallies:
            tallies[BALANCES.name].changed = await settling.settle(connection, kind)
        if kind.kind is ImportKind.ACCOUNTS:
            await holding.add_holders(connection)
