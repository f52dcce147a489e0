"""What goes to billing, and when it goes again.

A row is written again until billing has answered it (`reading_answers`, `appeal_answers`, or a
payment that comes back), and when it changes after that: at least once, with a key that never
changes.
"""

from dataclasses import dataclass

from lk_graphql.exchange.models import ExportKind


@dataclass(frozen=True)
class Sent:
    """`query` finds what was sent since $1; with $2, what is answered, too."""

    says: str
    columns: dict[str, str]
    query: str


# What billing has told of itself isn't told back to it.
_READINGS = """
SELECT g.id AS reading, a.number AS account, m.serial AS meter, r.zone, g.value, g.taken_on,
    g.taken_at, g.received_at, to_char(g.period, 'YYYY-MM') AS period, g.state
FROM reading g
JOIN register r ON r.id = g.register_id JOIN meter m ON m.id = r.meter_id
JOIN account a ON a.id = m.account_id
LEFT JOIN acknowledgement k ON k.subject_id = g.id
WHERE g.source = 'CUSTOMER' AND g.received_at >= $1 AND CASE
    WHEN g.batch IS NULL AND g.data_as_of IS NOT NULL THEN false
    WHEN $2 THEN g.state <> 'NEEDS_CONFIRMATION'
    WHEN k.id IS NULL THEN g.state IN ('ACCEPTED', 'ON_REVIEW') AND g.data_as_of IS NULL
    ELSE g.state NOT IN ('NEEDS_CONFIRMATION', 'REJECTED') AND g.state <> k.subject_state END
ORDER BY g.id
"""

# A refund is a row of its own, below zero. Billing acknowledges a row by posting it: a payment with
# its number as `external_id` (`lk import payments`).
_PAYMENTS = """
SELECT w.number AS external_id, a.number AS account,
    round(w.amount::numeric / 100, 2) AS amount, to_char(w.period, 'YYYY-MM') AS period,
    w.happened_at
FROM registry_row w JOIN account a ON a.id = w.account_id
WHERE w.happened_at >= $1 AND ($2 OR w.posted_at IS NULL)
ORDER BY w.id
"""

# Whose name is hidden is hidden from billing's people, too: the account and what the appeal is
# about would tell it as well as the name does.
_APPEALS = """
SELECT m.id AS message, p.number AS appeal, m.number AS position, t.title AS topic,
    CASE WHEN NOT p.hides_name
        THEN concat_ws(' ', u.last_name, u.first_name, u.patronymic) END AS author,
    CASE WHEN NOT p.hides_name THEN a.number END AS account,
    p.subject_kind AS about,
    CASE WHEN NOT p.hides_name THEN coalesce(
        p.subject_facts ->> 'number', p.subject_facts ->> 'serial') END AS about_number,
    m.text, (SELECT count(*) FROM appeal_attachment f WHERE f.message_id = m.id) AS files,
    m.created_at AS sent_at, p.due_on
FROM appeal_message m JOIN appeal p ON p.id = m.appeal_id
JOIN appeal_topic t ON t.id = p.topic_id JOIN "user" u ON u.id = p.user_id
LEFT JOIN account a ON a.id = p.account_id
LEFT JOIN acknowledgement k ON k.subject_id = m.id
WHERE m.direction = 'SENT' AND m.created_at >= $1 AND ($2 OR k.id IS NULL)
ORDER BY m.id
"""

SENT: dict[ExportKind, Sent] = {
    ExportKind.READINGS: Sent(
        "Readings that customers have sent",
        {
            "reading": "The reading's key, for `reading_answers`.",
            "account": "The account's number («номер лицевого счёта»).",
            "meter": "The meter's serial number.",
            "zone": "The tariff zone of the register.",
            "value": "What it showed, in kWh.",
            "taken_on": "On which day, the company's.",
            "taken_at": "When, if the customer's device has told.",
            "received_at": "When it came here.",
            "period": "The month for which it counts.",
            "state": "What became of it here; billing answers to this state.",
        },
        _READINGS,
    ),
    ExportKind.PAYMENTS: Sent(
        "Payments in the cabinet, and refunds, which are below zero",
        {
            "external_id": "The payment's number, with which it comes back in `payments`.",
            "account": "The account's number («номер лицевого счёта»).",
            "amount": "How much, in rubles.",
            "period": "The month that the customer has named, if any.",
            "happened_at": "When it was paid, or given back.",
        },
        _PAYMENTS,
    ),
    ExportKind.APPEALS: Sent(
        "Messages that customers have written in their appeals («обращения»), first ones and"
        " replies. The text is as they wrote it: let no spreadsheet take it for a formula",
        {
            "message": "The message's key, for `appeal_answers`.",
            "appeal": "The appeal's registration number.",
            "position": "The message's place in the appeal, from 1; our answers count, too.",
            "topic": "The appeal's topic («тема»).",
            "author": "Who has sent it; empty where they hide their name (corruption).",
            "account": "The account that it is about; empty without one, and where the name is"
            " hidden.",
            "about": "What of the customer's it is about: `INVOICE`, `METER` and so on, or empty.",
            "about_number": "The bill's, payment's or meter's; empty where the name is hidden.",
            "text": "What it says; may have several lines.",
            "files": "How many files came with it; they are in the back office.",
            "sent_at": "When it came here.",
            "due_on": "By when the appeal is to be answered.",
        },
        _APPEALS,
    ),
}
