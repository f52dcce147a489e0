"""Reminders, mails and calendar days about bills."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from lk_graphql.accounts.service.account_days import month_visible_sql
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.invoices import invoice_due_sql
from lk_graphql.database import raw_sql
from lk_graphql.kit.formatting import format_money, format_number
from lk_graphql.kit.languages import Language
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.calendar import CalendarEvent, CalendarEventKind
from lk_graphql.notifications.service.mail_lines import Lines, MailLine, MailTopic
from lk_graphql.notifications.service.notices import notify_accounts

REMINDER_LEAD = timedelta(days=3)
"""The time of the reminder before the last day to pay."""
CATCH_UP = timedelta(days=3)
"""The longest delay of a notice that an outage of the worker may cause."""

_OPEN = f"""
SELECT account_id, $1::text || id, id, period, due_on, amount FROM (
    SELECT invoice.*, ({invoice_due_sql("invoice")}) AS amount FROM (
        SELECT id FROM invoice WHERE unpaid > 0 AND due_on BETWEEN $2::date AND $3::date
        UNION SELECT refunded.id FROM invoice refunded JOIN registry_row USING (account_id)
        WHERE posted_at IS NULL AND amount < posted_amount AND due_on BETWEEN $2::date AND $3::date
    ) candidate JOIN invoice USING (id) JOIN account ON account.id = invoice.account_id
    WHERE {month_visible_sql("invoice.period")}
) bill WHERE amount > 0
"""  # noqa: S608 - constants
"""Bills with an amount to pay: open in billing's books, or open again since a refund."""


_LINE_LABELS = (
    ("opening_balance", ("На начало месяца", "Opening balance")),
    ("charged", ("Начислено", "Charged")),
    ("recalculated", ("Перерасчёт", "Recalculated")),
    ("penalty", ("Пени", "Penalty")),
    ("paid", ("Оплачено", "Paid")),
)


async def bill_lines(topics: Sequence[MailTopic]) -> Lines:
    """Return the volume of each bill, and its sums except zeros; a debt is positive."""
    invoices = Invoice.filter(id__in=[topic.subject_id for topic in topics])
    by_key = {invoice.id: invoice for invoice in await invoices}

    def lines(topic: MailTopic) -> list[MailLine]:
        invoice = topic.subject_id and by_key.get(topic.subject_id)
        if not invoice:
            return []
        english = topic.language is Language.EN
        volume = format_number(invoice.consumption_kwh, topic.language)
        sums = [
            MailLine(labels[english], format_money(getattr(invoice, name), topic.language))
            for name, labels in _LINE_LABELS
            if getattr(invoice, name)
        ]
        kwh = ("Расход, кВт·ч", "Consumption, kWh")[english]
        return [MailLine(kwh, volume), *sums]

    return lines


async def notify_of_due(today: date, *, now: datetime) -> int:
    """Remind of bills that are due soon, with their open amounts; return the number of notices."""
    kind, days = NoticeKind.PAYMENT_DUE, (today, today + REMINDER_LEAD)
    return await notify_accounts(kind, _OPEN, "due/", *days, now=now)


async def notify_of_overdue(today: date, *, now: datetime) -> int:
    """Notify of overdue bills from the day after the due day; return the number of notices."""
    kind, days = NoticeKind.PAYMENT_OVERDUE, (today - CATCH_UP, today - timedelta(days=1))
    return await notify_accounts(kind, _OPEN, "overdue/", *days, now=now)


_DUE_OF_USER = f"""
SELECT invoice.id, invoice.due_on, account.number FROM account_link AS link
JOIN account ON account.id = link.account_id JOIN invoice ON invoice.account_id = account.id
WHERE link.user_id = $1 AND link.state = 'ACTIVE'
AND invoice.due_on >= $2::date AND ({invoice_due_sql("invoice")}) > 0
AND {month_visible_sql("invoice.period")}
"""  # noqa: S608 - constants


async def days_to_pay(user_id: UUID, today: date) -> Iterable[CalendarEvent]:
    """Return the due days of unpaid bills; overdue bills are notices, not calendar events."""
    rows = await raw_sql.fetch(_DUE_OF_USER, user_id, today)
    return [
        CalendarEvent(CalendarEventKind.PAYMENT, row["due_on"], row["id"].hex, row["number"])
        for row in rows
    ]
