"""The supplier: books a month after the other, and talks to the outside by files only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from . import tables
from .accounts import Account, Holder
from .bills import Bill, Correction, PenaltyRow
from .charges import charge, measure
from .days import ZONE, last_day, later, month_of
from .files import (
    BankRow,
    ExportedReading,
    File,
    Row,
    Statement,
    Style,
    Table,
    read_messages,
    read_readings,
    read_registry,
    write,
)
from .ledger import Balance, Entry, Kind, Ledger
from .meters import ESTIMATED, Meter, Reading, Register
from .money import vat_of
from .penalties import accrue, bill_penalties
from .postings import Difference, Posting, Postings, RegistryRow, differences
from .rules import Rules, Tariff

PLAIN = Style()
COUNTING = {"ACCEPTED", "ON_REVIEW"}
"""States of exported readings that billing takes; of those on review, plausible ones that count:
what it accepts it bills (docs/decisions/0089)."""
MOST_KWH_A_DAY = 15 * 24
"""A line of 15 kW around the clock (domain.md 2a, physical cap): more is not plausible."""


@dataclass(frozen=True)
class Detail:
    """The optional parts of docs/import.md that a billing system sends."""

    readings_of_bills: bool = True
    """`invoice_readings`."""
    estimates: bool = True
    """`readings` of the source ESTIMATED."""
    holders_days: bool = True
    """`holder_since`."""


@dataclass
class Supplier:
    """All books. `start` is the first month that the model bills."""

    start: date
    rules: Rules
    detail: Detail = Detail()
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    postings: Postings = field(default_factory=Postings)
    registry: dict[str, RegistryRow] = field(default_factory=dict[str, RegistryRow])
    received: dict[str, tuple[Register, Reading]] = field(
        default_factory=dict[str, tuple[Register, Reading]]
    )
    """Customers' readings that count, by their key in the cabinet."""
    answers: dict[str, Row] = field(default_factory=dict[str, Row])
    messages: set[str] = field(default_factory=set[str])
    months_closed: int = 0

    @property
    def open_month(self) -> date:
        return later(self.start, self.months_closed)

    # Accounts and meters

    def add(self, account: Account) -> None:
        self.accounts[account.number] = account

    def change_holder(self, number: str, holder: Holder) -> None:
        """From its day on; earlier bills keep their name (ПП 354 п. 69)."""
        self.accounts[number].holders.append(holder)

    def change_tariff(self, rows: Iterable[Tariff]) -> None:
        """New prices; an earlier row without an end just stops to count: the newest start wins."""
        self.rules.tariffs += rows

    def take_reading(
        self,
        number: str,
        serial: str,
        values: Mapping[str, Decimal],
        day: date,
        source: str = "CONTROLLER",
        period: date | None = None,
    ) -> None:
        """A reading that billing itself has got; for a closed month if its bill comes again.

        Of a meter whose verification has run out it doesn't count.
        """
        meter = self.accounts[number].meter(serial)
        if not meter.counts_on(day):
            return
        month = period or max(month_of(day), self.open_month)
        for zone, value in values.items():
            meter.register(zone).readings.append(Reading(value, day, month, source))

    def install_meter(
        self, number: str, meter: Meter, values: Mapping[str, Decimal], day: date
    ) -> None:
        """A meter begins to count with the values of its act."""
        period = max(month_of(day), later(self.start, -1))
        for zone, value in values.items():
            start = Reading(value, day, period, "CONTROLLER", is_start=True)
            meter.register(zone).readings.append(start)
        self.accounts[number].meters.append(meter)

    def remove_meter(
        self, number: str, serial: str, values: Mapping[str, Decimal], day: date
    ) -> None:
        """A meter is taken off, with its last values; its readings of later days don't count."""
        self.take_reading(number, serial, values, day)
        self.accounts[number].meter(serial).removed_on = day

    def replace_meter(
        self,
        number: str,
        serial: str,
        values: Mapping[str, Decimal],
        new: tuple[Meter, Mapping[str, Decimal]],
        day: date,
    ) -> None:
        """The month's volume is that of both meters (domain.md 2a)."""
        self.remove_meter(number, serial, values, day)
        self.install_meter(number, *new, day)

    def close_account(
        self, number: str, day: date, values: Mapping[str, Mapping[str, Decimal]] | None = None
    ) -> None:
        """`day` is the last one, on which a reading is still taken; what is owed stays owed."""
        for serial, readings in (values or {}).items():
            self.take_reading(number, serial, readings, day)
        self.accounts[number].closed_on = day

    def correct(self, number: str, correction: Correction) -> None:
        """Money or penalty in the bill of the correction's month, which must be open."""
        if correction.period < self.open_month:
            raise ValueError(f"{correction.period:%Y-%m} is closed")
        self.accounts[number].corrections.append(correction)

    # The cabinet's files

    def receive_readings(self, content: bytes) -> int:
        """`lk export readings`: each key is taken once; a row that comes again changes nothing."""
        rows = read_readings(content)
        for row in rows:
            self.receive_reading(row)
        return len(rows)

    def receive_reading(self, row: ExportedReading) -> None:
        meter = self.accounts[row.account].meter(row.meter)
        register = meter.register(row.zone)
        answer, reason = "RECEIVED", None
        if row.state == "ON_REVIEW":
            is_good = self.counts(meter, row) and self.is_plausible(meter, register, row)
            answer = "ACCEPTED" if is_good else "REJECTED"
            reason = None if is_good else "Показание не подтвердилось"
        if row.state not in COUNTING or answer == "REJECTED":
            self.forget(row.key)
        elif row.key not in self.received and self.counts(meter, row):
            period = max(row.period, self.open_month)
            reading = Reading(row.value, row.taken_on, period, "CUSTOMER")
            register.readings.append(reading)
            self.received[row.key] = register, reading
        self.answers[row.key] = {
            "reading": row.key,
            "state": row.state,
            "answer": answer,
            "reason": reason,
        }

    def counts(self, meter: Meter, row: ExportedReading) -> bool:
        is_on = meter.removed_on is None or row.taken_on <= meter.removed_on
        return is_on and meter.counts_on(row.taken_on) and row.taken_on >= meter.installed_on

    def is_plausible(self, meter: Meter, register: Register, row: ExportedReading) -> bool:
        previous = register.before(max(row.period, self.open_month))
        if previous is None:
            return False
        days = max((row.taken_on - previous.taken_on).days, 1)
        passed = register.passed(previous, row.value) * meter.ratio
        return passed <= MOST_KWH_A_DAY * days * meter.ratio

    def forget(self, key: str) -> None:
        """A reading that was withdrawn or replaced; one that was billed stays."""
        if key in self.received and self.received[key][1].period >= self.open_month:
            register, reading = self.received.pop(key)
            register.readings.remove(reading)

    def receive_registry(self, content: bytes) -> list[RegistryRow]:
        """`lk export payments`: the rows that are new; nothing is booked yet."""
        rows = [row for row in read_registry(content) if row.external_id not in self.registry]
        self.registry |= {row.external_id: row for row in rows}
        return rows

    def receive_appeals(self, content: bytes) -> None:
        self.messages |= {*read_messages(content)}

    # Money

    def book(self, posting: Posting) -> None:
        """Raises `ValueError` in a closed month: late money is booked late, with its own day."""
        if posting.booked_on < self.open_month:
            raise ValueError(f"{posting.booked_on} is in a closed month")
        self.postings.rows.append(posting)

    def post(
        self, row: RegistryRow, day: date, *, amount: int | None = None, account: str | None = None
    ) -> None:
        """Book a movement of the cabinet: whole, or a part or another sum, here or elsewhere."""
        target = account or row.account
        money = row.amount if amount is None else amount
        paid_on = row.happened_at.astimezone(ZONE).date()
        self.book(Posting(row.external_id, target, money, paid_on, day, "Личный кабинет"))

    def reverse(self, external_id: str, day: date, *, own_number: str | None = None) -> None:
        """Take a posting back; under its number, so that nothing is left of it, or another."""
        rows = [row for row in self.postings.rows if row.external_id == external_id]
        for account in {row.account: None for row in rows}:
            amount = sum(row.amount for row in rows if row.account == account)
            last = [row for row in rows if row.account == account][-1]
            number = own_number or external_id
            if amount:
                back = replace(last, external_id=number, amount=-amount, booked_on=day, paid_on=day)
                self.book(back)

    def receive_statement(self, content: bytes, day: date) -> list[BankRow]:
        """A bank's registry: booked whole or, if it was cut, not at all; a row only once.

        Rows of accounts that nobody knows are returned, and wait for a clerk.
        """
        known = {row.external_id for row in self.postings.rows}
        rows = [row for row in Statement.read(content).rows if row.number not in known]
        for row in rows:
            if row.account in self.accounts:
                posting = Posting(row.number, row.account, row.amount, row.paid_on, day, "Сбербанк")
                self.book(posting)
        return [row for row in rows if row.account not in self.accounts]

    def differences(self) -> list[Difference]:
        return differences(self.registry.values(), self.postings)

    # Months

    def close_month(self) -> list[Bill]:
        """Bill the open month to every account that is supplied, owes or has been paid for."""
        period = self.open_month
        bills = [
            self.make_bill(account, period, self.rules.issue_day(period))
            for account in self.accounts.values()
            if self.is_billed(account, period)
        ]
        self.months_closed += 1
        return bills

    def is_billed(self, account: Account, period: date) -> bool:
        end = last_day(period)
        is_paid = any(period <= row.booked_on <= end for row in self.postings.of(account.number))
        is_corrected = any(one.period == period for one in account.corrections)
        is_due = is_paid or is_corrected or self.balance(account.number, end).net != 0
        return account.is_supplied(period) or (account.contract_signed_on <= end and is_due)

    def reissue(
        self, number: str, period: date, issued_on: date, corrections: Iterable[Correction] = ()
    ) -> Bill:
        """The last month's bill once more, by what is known now: a reading, a price, a correction.

        Raises `ValueError` for an earlier month: its corrections are recalculations of the open
        one. The due day stays, the number too (docs/import.md: a bill that comes again replaces
        the one before).
        """
        if period != later(self.open_month, -1):
            raise ValueError(f"{period:%Y-%m} is not the last closed month")
        account = self.accounts[number]
        account.corrections += corrections
        version = account.bills.pop(period).version + 1
        bill = replace(self.make_bill(account, period, issued_on), version=version)
        account.bills[period] = bill
        return bill

    def make_bill(self, account: Account, period: date, issued_on: date) -> Bill:
        """Opening + charged + recalculated + penalty - paid = closing, as docs/import.md has it."""
        end = last_day(period)
        traits, holder = account.traits_on(end), account.holder_on(end)
        corrections = [one for one in account.corrections if one.period == period]
        lines = [one.line() for one in corrections if not one.is_penalty]
        usages = ()
        if account.is_supplied(period):
            volumes = measure(account, period, self.rules)
            lines = [*charge(account, period, self.rules, volumes), *lines]
            usages = tuple(volumes.usages)
            for register, reading in volumes.estimates:
                keep_estimate(register, reading)
        bill = Bill(
            account=account.number,
            number=f"{account.number}-{period:%y%m}",
            period=period,
            issued_on=issued_on,
            due_on=self.rules.due_day(period),
            opening=self.balance(account.number, last_day(later(period, -1))).net,
            paid=self.postings.booked(account.number, period, end),
            closing=0,
            closing_penalty=0,
            lines=tuple(lines),
            penalties=tuple(self.penalties(account, period)),
            usages=usages,
            gis_document_id=f"{account.unified_number}-01-{period:%y%m}",
            holder=holder.name,
            address=traits.address,
            category=traits.category,
            residents=traits.residents,
        )
        account.bills[period] = bill
        balance = self.balance(account.number, end)
        bill = replace(bill, closing=balance.net, closing_penalty=balance.penalty)
        account.bills[period] = bill
        return bill

    def penalties(self, account: Account, period: date) -> list[PenaltyRow]:
        """All days that cost something until the month's end, less those billed before."""
        end = last_day(period)
        ledger = Ledger.of(self.entries(account, end, by_payment_day=True))
        rows = [row for bill in account.bills.values() for row in bill.penalties]
        written_off = [
            PenaltyRow(period, -one.amount, end, end, Decimal(0), 300, one.amount, True)
            for one in account.corrections
            if one.period == period and one.is_penalty
        ]
        accrual = accrue(ledger.debts, end, self.rules)
        return [*bill_penalties(accrual, rows), *written_off]

    def entries(
        self, account: Account, until: date, *, by_payment_day: bool = False
    ) -> list[Entry]:
        """All that made what an account owes by the end of a day."""
        before = later(self.start, -1)
        entries = [Entry(last_day(before), Kind.CHARGE, before, account.opening_debt)]
        for bill in account.bills.values():
            day = last_day(bill.period)
            if day <= until:
                energy = bill.charged + bill.recalculated
                entries.append(Entry(day, Kind.CHARGE, bill.period, energy))
                entries.append(Entry(day, Kind.PENALTY, bill.period, bill.penalty))
        money = self.postings.entries(account.number, until, by_payment_day=by_payment_day)
        return entries + money

    def vat_included(self, bill: Bill) -> int:
        """The VAT in a bill: of its energy by its month, of a correction by the month corrected."""
        sums: dict[Decimal, int] = defaultdict(int)
        for line in bill.lines:
            sums[self.rules.vat_percent(last_day(line.corrects_to or bill.period))] += line.amount
        return sum(vat_of(amount, percent) for percent, amount in sums.items())

    def balance(self, number: str, day: date) -> Balance:
        """The books by the end of a day: the months that are closed, less what is booked."""
        return Ledger.of(self.entries(self.accounts[number], day)).balance()

    # Files for the cabinet

    def files(self, kind: str, contents: Iterable[Table], style: Style = PLAIN) -> list[File]:
        """Files for one `lk import`; a table without rows makes none."""
        return [
            File(kind, f"{one.name}.{'jsonl' if style.is_json else 'csv'}", write(one, style), one)
            for one in contents
            if one.rows
        ]

    def rule_files(self, style: Style = PLAIN) -> list[File]:
        return self.files("tariffs", tables.rule_tables(self.rules), style)

    def account_files(self, as_of: datetime, style: Style = PLAIN) -> list[File]:
        day = as_of.astimezone(ZONE).date()
        known = [one for one in self.accounts.values() if one.contract_signed_on <= day]
        rows = [tables.account_row(account, day, as_of) for account in known]
        if not self.detail.holders_days:
            rows = [row | {"holder_since": None} for row in rows]
        return self.files("accounts", [tables.table("accounts", rows)], style)

    def meter_files(self, style: Style = PLAIN) -> list[File]:
        return self.files("meters", tables.meter_tables(self.accounts.values()), style)

    def reading_files(self, first: date, last: date, style: Style = PLAIN) -> list[File]:
        """The readings that count in some months: those of customers come back with them."""
        accounts = self.accounts.values()
        rows = [row for one in accounts for row in tables.reading_rows(one, first, last)]
        if not self.detail.estimates:
            rows = [row for row in rows if row["source"] != ESTIMATED]
        return self.files("readings", [tables.table("readings", rows)], style)

    def answer_files(self, as_of: datetime, style: Style = PLAIN) -> list[File]:
        """Answers to the exported readings since the last such file."""
        rows = [{**row, "as_of": as_of} for row in self.answers.values()]
        self.answers.clear()
        return self.files("readings", [tables.table("reading_answers", rows)], style)

    def bill_files(
        self, bills: list[Bill], as_of: datetime | None = None, style: Style = PLAIN
    ) -> list[File]:
        """Bills with their parts; with the balances of a moment, if one is given."""
        contents = tables.bill_tables(bills)
        if not self.detail.readings_of_bills:
            contents = [one for one in contents if one.name != "invoice_readings"]
        if not self.detail.estimates:
            contents = [self.without_estimates(one) for one in contents]
        if as_of:
            contents.append(self.balance_table(as_of, {bill.account for bill in bills}))
        return self.files("invoices", contents, style)

    def without_estimates(self, content: Table) -> Table:
        """Without the readings at the start that the cabinet doesn't get."""
        if content.name != "invoice_readings":
            return content
        nothing = {"previous_on": None, "previous_value": None}
        rows = [row | nothing if self.begins_estimated(row) else row for row in content.rows]
        return replace(content, rows=rows)

    def begins_estimated(self, row: Row) -> bool:
        register = (
            self.accounts[str(row["account"])].meter(str(row["meter"])).register(str(row["zone"]))
        )
        return any(
            reading.source == ESTIMATED
            and (reading.taken_on, reading.value) == (row["previous_on"], row["previous_value"])
            for reading in register.readings
        )

    def payment_files(
        self, first: date, last: date, as_of: datetime | None = None, style: Style = PLAIN
    ) -> list[File]:
        """Payments booked in some days; with all balances of a moment, if one is given."""
        contents = [tables.table("payments", tables.payment_rows(self.postings, first, last))]
        if as_of:
            contents.append(self.balance_table(as_of, self.accounts))
        return self.files("payments", contents, style)

    def balance_table(self, as_of: datetime, numbers: Iterable[str]) -> Table:
        """Balances of a moment; of a month that isn't closed yet, without its charges."""
        day = as_of.astimezone(ZONE).date()
        balances = ((number, self.balance(number, day)) for number in sorted(numbers))
        return tables.table("balances", tables.balance_rows(balances, as_of))

    def message_files(self, as_of: datetime, style: Style = PLAIN) -> list[File]:
        rows: list[Row] = [{"message": key, "as_of": as_of} for key in sorted(self.messages)]
        self.messages.clear()
        return self.files("appeals", [tables.table("appeal_answers", rows)], style)


def keep_estimate(register: Register, reading: Reading) -> None:
    """The month's estimate as a reading, instead of one from an earlier issue of the bill."""
    register.readings = [
        row for row in register.readings if (row.period, row.source) != (reading.period, ESTIMATED)
    ]
    register.readings.append(reading)
