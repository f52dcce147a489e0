"""The state of a seed: the supplier, the cabinet as it must be, the real one, and what was seen."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

from lk_graphql.kit.errors import CommandError

from .customers import Client, Customer
from .deployment import Deployment
from .model.cabinet import Cabinet
from .model.days import ZONE, start_of
from .model.files import File, Row, Style, Sum, Table, write
from .model.postings import RegistryRow
from .model.supplier import Supplier
from .model.views import AccountView

_DOCUMENT = re.compile(r"(\d{10})-\d{4}")
"""A bill's number, of which the account's is the first part."""
_TURNS = 16


@dataclass(frozen=True)
class Violation:
    """The cabinet showed something else than it must; `events` came before it."""

    seed: int
    step: int
    moment: datetime
    kind: str
    account: str
    subject: str
    expected: str
    actual: str
    events: tuple[str, ...]

    def __str__(self) -> str:
        place = f"seed {self.seed} step {self.step} {self.moment.astimezone(ZONE):%Y-%m-%d %H:%M}"
        what = " ".join(filter(None, (self.kind, self.account, self.subject)))
        return f"{place} {what}: expected {self.expected}, got {self.actual}"


class Found(BaseException):
    """The violation that a seed was played for; no event may take it for an error of its own."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


Until = Callable[[Violation], bool]


def never(_: Violation) -> bool:
    return False


@dataclass
class Resident:
    """A customer by the side of the model: as whom they are linked to which accounts."""

    customer: Customer
    holders: dict[str, str] = field(default_factory=dict[str, str])
    """The holder's name under which an account was linked; a suspended link is gone."""
    views: dict[str, AccountView] = field(default_factory=dict[str, AccountView])
    """The views that were compared last."""
    calendar: set[date] = field(default_factory=set[date])
    """The days of the feed that were compared last."""


@dataclass
class World:
    seed: int
    production: Deployment
    supplier: Supplier
    cabinet: Cabinet
    staff: Client
    chance: Random
    style: Style
    residents: list[Resident] = field(default_factory=list[Resident])
    journal: list[str] = field(default_factory=list[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    violations: list[Violation] = field(default_factory=list[Violation])
    seen: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    delivered: list[tuple[str, list[File], datetime]] = field(
        default_factory=list[tuple[str, list[File], datetime]]
    )
    reviewed: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    """The sums of the last review page that was compared, by account."""
    movements: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    """The registry's rows and the differences that were compared last."""
    turn: int = 0
    """The number of the comparison: those who must see the same as before are asked in turn."""
    invoice_ids: dict[str, str] = field(default_factory=dict[str, str])
    """Ids in the API of the bills that somebody has seen, by number."""
    drawn: bool = False
    """Whether a page of this seed was compared word by word."""
    told: bool = False
    """Whether one was whose sum without penalties doesn't follow from its own bill alone."""
    payments_open: bool = True
    new_fields: tuple[str, ...] = ()
    """Fields of `Invoice` that the schema may have: `amountDue`, `processing`."""
    until: Until = never
    """Which violation ends the seed."""
    stale: set[str] = field(default_factory=set[str])
    """Accounts of which billing's rows were refused: their books can't be compared any more."""

    @property
    def now(self) -> datetime:
        return self.production.clock.now.astimezone(ZONE)

    @property
    def today(self) -> date:
        return self.now.date()

    def move_to(self, day: date, hour: float) -> None:
        """The clock never goes back."""
        moment = start_of(day) + timedelta(hours=hour)
        self.production.clock.now = max(moment, self.production.clock.now + timedelta(seconds=1))

    def note(self, kind: str, text: str = "") -> None:
        """An event, with what is needed to see why something followed from it."""
        self.counts[kind] += 1
        self.journal.append(f"{self.now:%m-%d %H:%M} {kind} {text}".rstrip())

    def report(
        self, kind: str, account: str, subject: str, expected: object, actual: object
    ) -> None:
        """A violation, once for each account and subject in a seed: it lasts for many steps."""
        key = kind, account, subject
        if key in self.seen:
            return
        self.seen.add(key)
        events = [line for line in self.journal if not account or account in line][-12:]
        violation = Violation(
            self.seed,
            len(self.journal),
            self.now,
            kind,
            account,
            subject,
            str(expected),
            str(actual),
            tuple(events),
        )
        self.violations.append(violation)
        if self.until(violation):
            raise Found(violation)

    def compare(
        self, kind: str, account: str, subject: str, expected: object, actual: object
    ) -> bool:
        if expected != actual:
            self.report(kind, account, subject, expected, actual)
        return expected == actual

    async def learn_schema(self) -> None:
        shown = await self.staff.post('{ __type(name: "Invoice") { fields { name } } }')
        fields = {one["name"] for one in shown["__type"]["fields"]}
        self.new_fields = tuple(name for name in ("amountDue", "processing") if name in fields)

    def report_faults(self) -> None:
        """Errors that single fields had in the last answers."""
        for client in (self.staff, *(one.customer for one in self.residents)):
            for fault in client.faults:
                field = re.sub(r"\d+", "N", fault)
                self.report("FIELD_ERROR", "", field, "data", fault)
            client.faults.clear()

    # Files

    async def deliver(self, files: Sequence[File], as_of: datetime | None = None) -> None:
        """Files of billing, as its export of `as_of`, in the order in which they are given."""
        for kind, some in groupby(files, key=lambda file: file.kind):
            await self.deliver_kind(kind, [*some], as_of or self.now)

    async def deliver_kind(self, kind: str, files: list[File], as_of: datetime) -> None:
        names = " ".join(f"{file.table.name}({len(file.table.rows)})" for file in files)
        self.note("import", f"{kind} {names} as of {as_of:%m-%d %H:%M}")
        try:
            result = await self.production.import_files(kind, files, as_of)
        except CommandError as error:
            self.report("IMPORT_REFUSED", "", kind, "loaded", str(error)[:200])
            return
        except (TypeError, ValueError, LookupError) as crash:
            start = files[0].content[:60]
            self.report("IMPORT_CRASH", "", kind, "loaded or refused", f"{crash!r} {start!r}")
            return
        if result is None:
            return
        self.delivered.append((kind, files, as_of))
        self.cabinet.load(files, as_of)
        for code, column, number in result.faults:
            lines = [line for line in self.production.faults() if code in line and column in line]
            actual = f"{number} rows: {' / '.join(lines[:2])}"
            self.report("ROW_REFUSED", "", f"{kind} {code} {column}", "loaded", actual)
        if result.faults:
            self.stale |= {number for number in map(refusable, rows_of(files)) if number}
            self.stale |= {*_DOCUMENT.findall(" ".join(self.production.faults()))}
        if result.state != "DONE":
            self.report("IMPORT_STATE", "", kind, "DONE", result.reason or result.state)

    async def deliver_cut(self, kind: str, files: list[File], as_of: datetime) -> None:
        """A file that ends in its middle, with the control totals of the whole one."""
        whole = max(files, key=lambda file: len(file.content))
        if len(whole.table.rows) < 4:
            return  # cut in its last row, it has as many rows; this one is refused by line
        cut = replace(whole, content=whole.content[: len(whole.content) * 2 // 3])
        controls = {whole.table.name: len(whole.table.rows)}
        self.note("cut file", f"{kind} {whole.name}")
        others = [file for file in files if file is not whole]
        try:
            result = await self.production.import_files(
                kind, [cut, *others], as_of, controls=controls
            )
        except CommandError:
            return
        if result and result.state != "REFUSED":
            self.report("CUT_FILE", "", whole.table.name, "REFUSED", result.state)

    def rewritten(self, files: Iterable[File]) -> list[File]:
        """The same tables in another style, so that the cabinet doesn't know the bytes."""
        style = Style.random(self.chance)
        suffix = "jsonl" if style.is_json else "csv"
        return [
            replace(file, name=f"{file.table.name}.{suffix}", content=write(file.table, style))
            for file in files
        ]

    async def registry(self) -> bytes:
        return await self.production.export("payments", datetime(2020, 1, 1, tzinfo=ZONE))

    # Who is who

    def linked(self, number: str) -> list[Resident]:
        return [one for one in self.residents if number in one.holders]

    def surname(self, number: str) -> str:
        return self.supplier.accounts[number].holder_on(self.today).last_name

    def is_turn(self, order: int) -> bool:
        """Whether the one with this place in a list is asked this time."""
        return (self.turn + order) % _TURNS == 0

    def pending(self) -> list[RegistryRow]:
        cabinet = self.cabinet
        return [row for key, row in cabinet.movements.items() if cabinet.is_pending(key)]


def rows_of(files: Iterable[File]) -> Iterable[Row]:
    return (row for file in files for row in file.table.rows)


def refusable(row: Row) -> str | None:
    """The account of a row that today's cabinet refuses though docs and law allow it."""
    sums = [row.get("amount"), row.get("penalty")]
    is_negative = any(isinstance(one, Sum) and one.kopecks <= 0 for one in sums[:1])
    is_negative |= isinstance(sums[1], Sum) and sums[1].kopecks < 0
    return str(row["account"]) if is_negative and "account" in row else None


def table_named(files: Iterable[File], name: str) -> Table:
    return next(file.table for file in files if file.table.name == name)


def text_of(value: Any) -> str:
    return "" if value is None else str(value)
