"""Statements about days: each restricts its rows to the holder's days, or has a reason not to.

Row policies cover the GraphQL types (`tests/test_ownership.py`), but no statement that is written
by hand: those of notices, mails, calendars, archives and receipts (decision 0063).
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import lk_graphql
from lk_graphql.database import SLICES

SOURCE = Path(lk_graphql.__file__).parent
FOR_COMPANY = {"backoffice", "exchange", "import_formats", "rules", "staff"}
"""Slices of the company's staff and of the billing system, which see all days."""
READS = re.compile(
    r"\b(FROM|JOIN)\s+(reading|received_payment|invoice)\b"
    r"|\b(Reading|ReceivedPayment|Invoice)\.(filter|get|get_or_none|all|raw)\("
)
REASONS = {
    "debts are billing's balance of the account, whoever incurred them": (
        "billing.service.invoices.INVOICE_DUE_SQL",
        "billing.service.invoices.INVOICE_PROCESSING_SQL",
        "billing.service.invoices.OPEN_THROUGH_SQL",
        "billing.service.invoices.STATUS_SQL",
        "billing.service.invoices._OPEN",
        "billing.service.invoices._OPEN_THROUGH",
        "billing.types.objects.PAYABLE_SQL",
        "payments.service.preview._due_lines",
        "payments.service.preview._open_months",
    ),
    "an earlier holder's papers prove the account, too": (
        "billing.service.invoices._PRINTED_READINGS",
        "billing.service.invoices.recent_totals",
    ),
    "it decides about a new reading, and shows no stored one": (
        "billing.service.invoices.BILLED_THROUGH_SQL",
        "billing.service.invoices.ESTIMATED_BILLS_SQL",
        "metering.service.reading_states._check_day",
        "metering.service.reading_states._lock",
        "metering.service.reading_states._supersede_others",
        "metering.service.reading_states.count_for_last_month",
        "metering.service.snapshot_loader._FACTS_SQL",
        "metering.service.snapshot_loader._LAST_READ_MONTH",
    ),
    "the value before the first reading is shown as a number: the price depends on it": (
        "metering.service.snapshot_loader._LAST_READINGS",
    ),
    "a month that is read needs no reminder, whoever has read it": (
        "metering.service.notifications._READING_MISSING",
    ),
    "what a login has sent stays in its own archive": ("metering.service.personal_data._READINGS",),
    "it erases names, and shows nothing": ("metering.service.personal_data._OLD_CALLERS",),
    "the bill is that of a notice or a job, which is made for a visible month": (
        "billing.jobs.mail_receipt",
        "billing.service.notifications.bill_lines",
    ),
    "it is for staff or the billing system": (
        "exchange.service.application._EXPORT_MOVED",
        "exchange.service.application._MARK_DONE",
        "exchange.service.application._MARK_MOVED",
        "exchange.service.application._PENDING",
        "exchange.service.application._POSTED",
        "exchange.service.application._READ_LATE_AND_CLOSED",
        "metering.service.reading_states.KEEP_ON_REVIEW",
        "metering.service.reading_states.SETTLE_ESTIMATES",
        "metering.service.reading_states._lock_for_review",
        "metering.service.telephone.take",
        "payments.service.differences.acknowledge_earlier",
    ),
}
"""Statements that read all days, by the reason."""


def modules() -> Iterator[tuple[str, Path]]:
    files = [
        file
        for slice_ in SLICES
        if slice_ not in FOR_COMPANY
        for file in sorted((SOURCE / slice_).rglob("*.py"))
    ]
    for file in (*files, SOURCE / "exchange/service/application.py"):
        yield ".".join(file.relative_to(SOURCE).with_suffix("").parts), file


def statements() -> Iterator[tuple[str, str]]:
    """Name and text of each constant and function that reads rows of days."""
    for module, file in modules():
        source = file.read_text()
        for node in ast.parse(source).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)]):
                    text = getattr(import_module(f"lk_graphql.{module}"), name, None)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    text = ast.get_source_segment(source, node)
                case _:
                    continue
            if isinstance(text, str) and READS.search(text):
                yield f"{module}.{name}", text


def test_each_statement_about_days_keeps_to_the_holder_s_days_or_has_a_reason():
    unrestricted = {name for name, text in statements() if "visible" not in text}
    assert unrestricted == {name for names in REASONS.values() for name in names}
