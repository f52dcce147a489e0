"""Billing's answers to what customers have written."""

from lk_graphql.exchange.service.catalog.shared import ANSWERED_COLUMN
from lk_graphql.exchange.service.records import (
    Column,
    Computed,
    ImportKind,
    Kind,
    Records,
    SetCheck,
)
from lk_graphql.exchange.service.values import KEY

_ANSWERS = Records(
    name="appeal_answers",
    table="acknowledgement",
    says="Messages that billing has received, by the keys that `lk export appeals` has written. The"
    " others are exported again. The customer is answered in the back office, not here.",
    columns=(
        Column("message", KEY, "The message's key, as it was exported.", into="subject_id"),
        ANSWERED_COLUMN,
    ),
    key=("subject_id",),
    known_where="t.kind = 'APPEAL_MESSAGE'",
    computed=(Computed("kind", "'APPEAL_MESSAGE'"), Computed("answer", "'RECEIVED'")),
    stamp="as_of",
)

_NO_SUCH_MESSAGE = """
SELECT r.file, r.line, r.subject_id::text AS value FROM row_appeal_answers r
WHERE NOT EXISTS (SELECT FROM appeal_message m WHERE m.id = r.subject_id AND m.direction = 'SENT')
"""

APPEALS = Kind(
    ImportKind.APPEALS,
    "Answers to what customers have written",
    (_ANSWERS,),
    set_checks=(SetCheck("appeal_answers", "MESSAGE_UNKNOWN", "message", _NO_SUCH_MESSAGE),),
)
