"""The tables of docs/import.md, filled from the supplier's books."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from .accounts import Account
from .bills import SERVICE, Bill
from .files import Month, Row, Sum, Table
from .ledger import Balance
from .postings import Postings
from .rules import Rule, Rules

APPLICATIONS: Row = {
    "from_day": date(2012, 6, 12),
    "most_open": 10,
    "most_objects": 50,
    "most_documents": 20,
    "demands_identity": True,
    "demands_ownership": True,
    "demands_grid_connection": False,
    "demands_power_of_attorney": False,
    "reference": "ПП 442, п. 34, число заявок, объектов и документов — правила поставщика",
}
METER = (
    "serial model accuracy_class ratio installed_on removed_on verified_on seal_number sealed_on"
    " verification_interval_years next_verification_on reports_itself"
)


def table(name: str, rows: Iterable[Row]) -> Table:
    """A table of these rows, which all have the same columns."""
    content = [*rows]
    return Table(name, tuple(content[0]) if content else (), content)


def pick(source: object, attributes: str, **others: object) -> Row:
    """The columns that are called as the attributes that fill them, and others."""
    return {name: getattr(source, name) for name in attributes.split()} | others  # type: ignore[return-value]


def monthly(rules: Iterable[Rule], attributes: str) -> Iterator[Row]:
    """Rows of rules that begin with a month."""
    return (pick(row, attributes, from_period=Month(row.valid_from)) for row in rules)


def rule_tables(rules: Rules) -> list[Table]:
    price = "category zone range_number rubles_per_kwh valid_from valid_to order_reference"
    limit = "category range_number up_to_kwh valid_from"
    rate = "is_cap percent valid_from valid_to"
    window = "first_day last_day late_policy offline_days reference"
    anomaly = "usual_times usual_months least_months allowed_kw reference"
    estimate = "average_months least_months longest_run raising_factor reference"
    norm = "category residents kwh_per_person order_reference"
    return [
        table("tariffs", (pick(row, price) for row in rules.tariffs)),
        table("range_limits", (pick(row, limit) for row in rules.range_limits)),
        table("penalty_rates", (pick(row, rate) for row in rules.key_rates)),
        table("due_rules", monthly(rules.due_rules, "document_day due_day reference")),
        table("window_rules", monthly(rules.window_rules, window)),
        table("anomaly_rules", monthly(rules.anomaly_rules, anomaly)),
        table("estimate_rules", monthly(rules.estimate_rules, estimate)),
        table("norms", monthly(rules.norms, norm)),
        table("application_rules", [APPLICATIONS]),
    ]


def account_row(account: Account, day: date, as_of: datetime) -> Row:
    """An account as it is on a day; `as_of` is what lets files come in any order."""
    holder, traits = account.holder_on(day), account.traits_on(day)
    attributes = "number unified_number contract_number contract_signed_on house_kind flat"
    return pick(
        account,
        attributes + " area_m2 closed_on",
        **pick(traits, "address has_range_privilege residents", tariff_category=traits.category),
        subscriber_type="HOUSEHOLD",
        as_of=as_of,
        holder_last_name=holder.last_name,
        holder_first_name=holder.first_name,
        holder_patronymic=holder.patronymic,
        holder_since=holder.since,
    )


def meter_tables(accounts: Iterable[Account]) -> list[Table]:
    rows = [(account.number, meter) for account in accounts for meter in account.meters]
    register = "zone position label digits fraction_digits"
    registers = (
        pick(one, register, account=account, meter=meter.serial)
        for account, meter in rows
        for one in meter.registers
    )
    return [
        table("meters", (pick(meter, METER, account=account) for account, meter in rows)),
        table("registers", registers),
    ]


def reading_rows(account: Account, first: date, last: date) -> Iterator[Row]:
    """The readings that count in these months, whoever has read them."""
    for meter in account.meters:
        for register in meter.registers:
            for reading in register.counted():
                if first <= reading.period <= last:
                    yield pick(
                        reading,
                        "value taken_on source",
                        account=account.number,
                        meter=meter.serial,
                        zone=register.zone,
                        period=Month(reading.period),
                    )


def bill_tables(bills: list[Bill]) -> list[Table]:
    return [
        table("invoices", map(bill_row, bills)),
        table("invoice_lines", (row for bill in bills for row in line_rows(bill))),
        table("invoice_penalties", (row for bill in bills for row in penalty_rows(bill))),
        table("invoice_readings", (row for bill in bills for row in usage_rows(bill))),
    ]


def bill_row(bill: Bill) -> Row:
    sums = "charged recalculated penalty paid closing_penalty"
    return pick(
        bill,
        "account number issued_on due_on gis_document_id",
        period=Month(bill.period),
        opening_balance=Sum(bill.opening),
        **{name: Sum(getattr(bill, name)) for name in sums.split()},
        closing_balance=Sum(bill.closing),
        consumption_kwh=bill.kwh,
    )


def line_rows(bill: Bill) -> Iterator[Row]:
    for position, line in enumerate(bill.lines, start=1):
        yield pick(
            line,
            "kind zone range_number reason basis factor reason_code document",
            invoice=bill.number,
            position=position,
            service=SERVICE,
            quantity_kwh=line.kwh,
            rubles_per_kwh=line.price,
            amount=Sum(line.amount),
            corrects_from=line.corrects_from and Month(line.corrects_from),
            corrects_to=line.corrects_to and Month(line.corrects_to),
        )


def penalty_rows(bill: Bill) -> Iterator[Row]:
    for position, row in enumerate(bill.penalties, start=1):
        yield pick(
            row,
            "first_day last_day rate_percent divisor",
            invoice=bill.number,
            position=position,
            for_period=Month(row.for_period),
            debt=Sum(row.debt),
            amount=Sum(row.amount),
        )


def usage_rows(bill: Bill) -> Iterator[Row]:
    for usage in bill.usages:
        if usage.serial:
            yield pick(
                usage,
                "zone previous_on current_on previous_value current_value",
                invoice=bill.number,
                account=bill.account,
                meter=usage.serial,
                consumption_kwh=usage.kwh,
            )


def balance_rows(balances: Iterable[tuple[str, Balance]], as_of: datetime) -> Iterator[Row]:
    for account, balance in balances:
        sums = {name: Sum(getattr(balance, name)) for name in ("debt", "penalty", "overpayment")}
        yield {"account": account, **sums, "as_of": as_of}


def payment_rows(postings: Postings, first: date, last: date) -> Iterator[Row]:
    """Payments of which something was booked in these days: by number, with all that was."""
    booked = {row.external_id for row in postings.rows if first <= row.booked_on <= last}
    for number, (account, amount, posting) in postings.acknowledged().items():
        if number in booked:
            yield pick(
                posting,
                "external_id paid_on agent",
                account=account,
                amount=Sum(amount),
            )
