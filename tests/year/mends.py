"""Mends of the defects that the year has to find, each with the smallest change that undoes it.

`now` stands exactly once in its file (a test holds it); with `undone` instead of it the defect is
back. `found` are beginnings of the violations that show it, as kind and subject.
"""

from dataclasses import dataclass

SRC = "src/lk_graphql"
INVOICES = f"{SRC}/billing/service/invoices.py"
CATALOG = f"{SRC}/import_formats/service"
EXCHANGE = f"{SRC}/exchange/service"
CONTENT = f"{SRC}/billing/service/receipts/content.py"
LINES = f"{SRC}/payments/service/receipt_lines.py"


@dataclass(frozen=True)
class Mend:
    """A row of the table; `file` is relative to the repository."""

    name: str
    file: str
    now: str
    undone: str
    found: tuple[str, ...]


MENDS = (
    Mend(
        "D1 VAT rates come with the migrations",
        "migrations/models/4_20261130010406_law_rows.py",
        '    "vat_rates": "vat_rate",\n',
        "",
        ("PAYMENTS_CLOSED", "REVIEW"),
    ),
    Mend(
        "D2 billing may acknowledge a refund",
        f"{CATALOG}/payments.py",
        'checks=(day_check("paid_on"),)',
        'checks=(day_check("paid_on"),'
        ' type(day_check("paid_on"))("NEGATIVE", "amount", "r.amount < 0"))',
        ("ROW_REFUSED payments",),
    ),
    Mend(
        "D3 what is paid ahead lowers the amount due",
        INVOICES,
        "greatest(0, {{debt}} + {{penalty}} - {{overpayment}} - ({PROCESSING_SQL}))",
        "greatest(0, {{debt}} + {{penalty}} - ({PROCESSING_SQL}))",
        ("AMOUNT_DUE",),
    ),
    Mend(
        "D3 on the review page",
        INVOICES,
        "return Kopecks(self.debt + self.penalty - self.overpayment - self.processing)",
        "return Kopecks(self.debt + self.penalty - self.processing)",
        ("REVIEW",),
    ),
    Mend(
        "D4 a bill takes into account what is paid here",
        INVOICES,
        "SELECT CASE WHEN waiting.amount = 0 OR",
        "SELECT CASE WHEN true OR",
        ("STATUS", "BILL_DUE"),
    ),
    Mend(
        "D4 so does its payment code",
        INVOICES,
        "coalesce(sum(balance.overpayment), 0) + ({PROCESSING_SQL}) AS money",
        "coalesce(sum(balance.overpayment), 0) AS money",
        ("QR", "RECEIPT_CODE"),
    ),
    Mend(
        "D4 and its reminders",
        f"{SRC}/billing/service/notifications.py",
        'SELECT invoice.*, ({invoice_due_sql("invoice")}) AS amount',
        "SELECT invoice.*, invoice.unpaid AS amount",
        ("REMINDER",),
    ),
    Mend(
        "D4 and the calendar",
        f"{SRC}/billing/service/notifications.py",
        'invoice.due_on >= $2::date AND ({invoice_due_sql("invoice")}) > 0',
        "invoice.due_on >= $2::date AND invoice.unpaid > 0",
        ("CALENDAR",),
    ),
    Mend(
        "D5 a closing balance is of its month's end",
        f"{EXCHANGE}/balances.py",
        "least(coalesce(r.closing_on + 1, (r.period + interval '1 month')::date)::timestamptz,",
        "least(r.issued_on::timestamptz,",
        ("BALANCE", "UNPAID"),
    ),
    Mend(
        "D6 what is of an earlier holder is hidden",
        f"{SRC}/accounts/service/account_days.py",
        'IS_VISIBLE_SQL = "coalesce({days} @> {day}, true)"',
        'IS_VISIBLE_SQL = "(coalesce({days} @> {day}, true) OR true)"',
        ("VISIBLE_BILLS", "PAYMENTS", "READINGS_OF_OTHERS"),
    ),
    Mend(
        "D6 a receipt names the holder of its month",
        CONTENT,
        "holders = Holder.filter(account=account, since__lte=last_day(period))\n"
        "    named = holders.filter(Q(until=None) | Q(until__gt=last_day(period)))",
        "named = Holder.filter(account=account, until=None)",
        ("RECEIPT_PAYER holder",),
    ),
    Mend(
        "D7 a penalty has no VAT",
        LINES,
        "return SettledLine(PaymentLineKind.PENALTY, month.penalty, first_period",
        "return SettledLine(PaymentLineKind.DEBT, month.penalty, Decimal(22), first_period",
        ("FISCAL",),
    ),
    Mend(
        "D7 a debt has the rate of its supply",
        f"{SRC}/billing/service/charges.py",
        "return percent_on(last_day(month), rates)",
        "return max(rate.percent for rate in rates)",
        ("FISCAL",),
    ),
    Mend(
        "D8 a fourth range is refused",
        f"{SRC}/billing/service/charges.py",
        "MAX_RANGES = 3",
        "MAX_RANGES = 9",
        ("FOURTH_RANGE",),
    ),
    Mend(
        "D9 requisites fit a payment code",
        f"{SRC}/billing/service/requisites.py",
        "        if excess > 0:",
        "        if excess > 10_000:",
        ("FIELD_ERROR", "RECEIPT", "LOGGED", "QR"),
    ),
    Mend(
        "D10 days are those between the readings",
        f"{SRC}/billing/service/explanation/bills.py",
        "if known_spans and len(known_spans) == len(spans):",
        "if not spans and known_spans:",
        ("EXPLANATION days",),
    ),
    Mend(
        "D11 a factor that ended is told as an end",
        f"{SRC}/billing/service/explanation/texts.py",
        '(1, 0): "Повышающий коэффициент больше не применяется: в прошлом счёте — {before} ₽.",',
        '(1, 0): "Повышающий коэффициент: счёт по нормативу вместо показаний.",',
        ("EXPLANATION raising factor",),
    ),
    Mend(
        "D12 several months have the ranges of several",
        f"{SRC}/metering/service/submission.py",
        "months = max(counted, default=1) if is_together else 1",
        "months = min(counted, default=1) if not is_together else 1",
        ("PREVIEW",),
    ),
    Mend(
        "D13 of prices that overlap the newest counts",
        f"{SRC}/billing/service/charges.py",
        "    price = newest(prices, day)\n",
        "    price = next((row for row in prices if row.valid_from <= day), None)\n",
        ("PREVIEW",),
    ),
    Mend(
        "D14 accountChanged for readings",
        "migrations/models/supplier_year.sql",
        "AFTER INSERT OR UPDATE OR DELETE ON reading FOR EACH ROW",
        "AFTER DELETE ON reading FOR EACH ROW",
        ("ACCOUNT_CHANGED readings",),
    ),
    Mend(
        "D14 and for imports",
        f"{SRC}/accounts/service/changes.py",
        "    await publish_all(ACCOUNT)\n",
        "",
        ("ACCOUNT_CHANGED a bill",),
    ),
    Mend(
        "D15 an expired verification doesn't count",
        f"{SRC}/metering/service/verification.py",
        "return next_verification_on is not None and next_verification_on < day",
        "return next_verification_on is not None and next_verification_on < date.min",
        ("VERIFICATION",),
    ),
    Mend(
        "D16 a reading is taken on the last day",
        f"{SRC}/accounts/service/account_days.py",
        "return closed_on is not None and closed_on < today",
        "return closed_on is not None and closed_on <= today",
        ("WINDOW",),
    ),
    Mend(
        "D16 late days of the last month belong to it",
        f"{SRC}/metering/service/rules.py",
        "  CASE WHEN is_last_day OR period > {{closed_on}}\n",
        "  CASE WHEN is_last_day\n",
        ("WINDOW period",),
    ),
    Mend(
        "D16 a closed account is linked",
        f"{SRC}/accounts/service/verification.py",
        "    if not surname_fits:\n        return ProofFault.SURNAME\n",
        "    if not surname_fits or account.closed_on:\n        return ProofFault.SURNAME\n",
        ("LINK",),
    ),
    Mend(
        "D17 a dial only runs forward",
        f"{SRC}/metering/service/consumption.py",
        "return (step if step >= 0 else step + self.turn) * self.ratio",
        "return self._shorter(step) * self.ratio",
        ("PREVIEW",),
    ),
    Mend(
        "D18 the printed reading proves an account",
        f"{SRC}/billing/hooks.py",
        "EvidenceSource(ProofKind.LAST_READING, printed_readings)",
        "EvidenceSource(ProofKind.BILL_TOTAL, printed_readings)",
        ("LINK by printed reading",),
    ),
    Mend(
        "D19 penalties may be written off",
        f"{CATALOG}/invoices.py",
        'checks=(RowCheck("ENDS_BEFORE_IT_BEGINS", "last_day", "r.last_day < r.first_day"),),',
        'checks=(RowCheck("NEGATIVE", "amount", "r.amount < 0"),),',
        ("ROW_REFUSED invoices NEGATIVE",),
    ),
    Mend(
        "D20 the sum without penalty has none",
        f"{SRC}/billing/templates/receipt.html.j2",
        "{{ r.due.debt | rubles }}",
        "{{ (r.due.total - r.sums.penalty) | rubles }}",
        ("RECEIPT_PENALTY",),
    ),
    Mend(
        "D21 a paid bill has no code",
        CONTENT,
        "code=_code(invoice, due.total, payee, period_format),",
        "code=_code(invoice, invoice.closing_balance, payee, period_format),",
        ("RECEIPT_CODE",),
    ),
    Mend(
        "D22 a receipt has the account of its month",
        CONTENT,
        'return await history.order_by("last_period").first() or account',
        "return account if history else account",
        ("RECEIPT_PAYER",),
    ),
    Mend(
        "D23 days left are open days",
        f"{SRC}/metering/service/rules.py",
        "CASE WHEN late_from IS NOT NULL AND opens_on > period THEN period - 1 ELSE closes_on END",
        "closes_on",
        ("WINDOW",),
    ),
    Mend(
        "D24 a posting is compared with the payment",
        f"{SRC}/payments/service/differences.py",
        "return (self.account_number, self.amount) == (row.account.number, row.amount)",
        "return self.number == row.number",
        ("DIFFERENCE", "PROCESSING", "REGISTRY"),
    ),
    Mend(
        "D25 a correction has the VAT of its months",
        f"{SRC}/billing/service/charges.py",
        "    SELECT l.amount, l.corrects_to AS month FROM invoice_line l\n",
        "    SELECT l.amount, {{period}} AS month FROM invoice_line l\n",
        ("VAT",),
    ),
    Mend(
        "D25 only a named bill gives a payment its month",
        f"{SRC}/payments/service/ledger.py",
        "period=part.period if part.names_invoice else None,",
        "period=part.period,",
        ("REGISTRY",),
    ),
    Mend(
        "a bill is taken whose reading was replaced",
        f"{CATALOG}/invoices.py",
        "\" AND g.state <> 'NEEDS_CONFIRMATION'\"",
        "\" AND g.state = 'ACCEPTED'\"",
        ("ROW_REFUSED invoices",),
    ),
    Mend(
        "a reading that comes back too late changes nothing",
        f"{CATALOG}/readings.py",
        "OR g.batch IS NOT NULL AND {_SAME",
        "OR g.batch IS NULL AND {_SAME",
        ("ROW_REFUSED readings",),
    ),
    Mend(
        "what a bill counts is counted",
        f"{EXCHANGE}/application.py",
        "        await readings.accept_counted(connection)\n",
        "        pass\n",
        ("PREVIEW", "ROW_REFUSED"),
    ),
    Mend(
        "what a bill doesn't count is left to the next month",
        f"{EXCHANGE}/readings.py",
        '    await connection.execute(export_again(f"{_LEAVE_UNBILLED} RETURNING n.*"))\n',
        "",
        ("PREVIEW",),
    ),
    Mend(
        "a reading on review is decided after the bill of its month",
        f"{EXCHANGE}/readings.py",
        '    await connection.execute(export_again(f"{on_review} RETURNING n.*"))\n',
        "",
        ("ROW_REFUSED readings", "REVIEW_QUEUE"),
    ),
    Mend(
        "a preview has the factor of a norm",
        f"{SRC}/metering/service/submission.py",
        "return Kopecks(sum(line.amount for line in self.quote) + surcharge)",
        "return Kopecks(sum(line.amount for line in self.quote) + 0 * surcharge)",
        ("PREVIEW",),
    ),
    Mend(
        "a bill without readings tells by its lines what was estimated",
        f"{EXCHANGE}/readings.py",
        "        OR {_IS_ESTIMATED.format(",
        "        OR false AND {_IS_ESTIMATED.format(",
        ("PREVIEW",),
    ),
    Mend(
        "a bill without readings counts what billing has fetched",
        f"{EXCHANGE}/readings.py",
        "        AND {ACKNOWLEDGED_STATE} IN ('ACCEPTED', 'MOVED')\n",
        "        AND {ACKNOWLEDGED_STATE} IN ('ACCEPTED', 'MOVED') AND false\n",
        ("PREVIEW",),
    ),
    Mend(
        "energy that only bills estimate isn't charged again",
        f"{SRC}/metering/service/checks.py",
        "return self.scale.estimated(read.value, values) + sum(later, Decimal())",
        "return self.scale.estimated(read.value, values) + 0 * sum(later, Decimal())",
        ("PREVIEW",),
    ),
    Mend(
        "a new holder has no patronymic of the holder before",
        f"{EXCHANGE}/accounts.py",
        "    r.holder_patronymic AS patronymic, r.holder_since AS since,\n",
        "    coalesce(r.holder_patronymic, h.patronymic) AS patronymic, r.holder_since AS since,\n",
        ("HOLDER", "RECEIPT_PAYER"),
    ),
)
