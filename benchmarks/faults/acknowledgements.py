"""Whether each acknowledged call is in the database, once, and no refused one is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.faults.ledger import Acknowledged, Call, CallKind
from lk_graphql.kit.ids import key_of

Row = tuple[Any, ...]
"""The columns of a `CallCheck` for one call; the last is its acknowledged key."""


@dataclass(frozen=True)
class CallCheck:
    """Counts the rows of calls.

    `rows` are those of a call with its answer, None for a refused one. `table` is joined as `t`
    to the columns `x`; `own` is the condition that a row is the acknowledged one.
    """

    columns: Mapping[str, str]
    table: str
    condition: str
    own: str
    rows: Callable[[Call, dict[str, Any] | None], list[Row]]

    @property
    def statement(self) -> str:
        arrays = ", ".join(
            f"${place}::{sql_type}[]"
            for place, sql_type in enumerate(("text", *self.columns.values()), 1)
        )
        names = ", ".join(("call", *self.columns))
        return (
            f"SELECT x.call, count(t.id) AS rows, count(t.id) FILTER (WHERE {self.own}) AS own"
            f" FROM unnest({arrays}) AS x ({names})"
            f" LEFT JOIN {self.table} AS t ON {self.condition} GROUP BY x.call, x.*"
        )


def _key(answer: dict[str, Any] | None, name: str) -> UUID | None:
    """The key of the answer's object; None without an answer."""
    return key_of(answer[name]["id"]) if answer else None


def _readings(call: Call, answer: dict[str, Any] | None) -> list[Row]:
    keys = {
        entry["registerId"]: entry["reading"]["id"] for entry in (answer or {}).get("entries", ())
    }
    return [
        (
            key_of(entry["registerId"]),
            Decimal(entry["value"]),
            key_of(keys.get(entry["registerId"])),
        )
        for entry in call.input["entries"]
    ]


def _appeal(call: Call, answer: dict[str, Any] | None) -> list[Row]:
    return [(call.facts["text"], len(call.input["uploadIds"]), _key(answer, "appeal"))]


_CHECKS = {
    CallKind.READINGS: CallCheck(
        {"register": "uuid", "value": "numeric", "key": "uuid"}, "reading",
        "t.register_id = x.register AND t.value = x.value AND t.source = 'CUSTOMER'",
        "t.id = x.key", _readings,
    ),
    CallKind.PAYMENT: CallCheck(
        {"amount": "bigint", "key": "uuid"}, "payment_part", "t.amount = x.amount",
        "t.payment_id = x.key",
        lambda call, answer: [(call.facts["amount"], _key(answer, "payment"))],
    ),
    CallKind.REFUND: CallCheck(
        {"request": "text", "key": "uuid"}, "refund", "t.request_key = x.request",
        "t.payment_id = x.key",
        lambda call, _: [(call.input["idempotencyKey"], key_of(call.input["paymentId"]))],
    ),
    CallKind.APPEAL: CallCheck(
        {"text": "text", "uploads": "int", "key": "uuid"}, "appeal_message", "t.text = x.text",
        "t.appeal_id = x.key AND x.uploads ="
        " (SELECT count(*) FROM appeal_attachment WHERE message_id = t.id)", _appeal,
    ),
    CallKind.UPLOAD: CallCheck(
        {"key": "uuid", "sha256": "text"}, "upload", "t.id = x.key",
        "t.sha256 = x.sha256 AND t.state IN ('SCANNING', 'READY')",
        lambda call, _: [(UUID(call.facts["key"]), call.facts["sha256"])],
    ),
    CallKind.SIGN_UP: CallCheck(
        {"email": "text"}, '"user"', "t.email_key = x.email", "true",
        lambda call, _: [(call.facts["email"],)],
    ),
    CallKind.IMPORT: CallCheck(
        {"key": "uuid"}, "import_run", "t.id = x.key", "true",
        lambda _, answer: [(_key(answer, "importRun"),)],
    ),
    CallKind.EXPORT: CallCheck(
        {"key": "uuid"}, "export_run", "t.id = x.key", "true",
        lambda _, answer: [(_key(answer, "exportRun"),)],
    ),
    CallKind.PHONE_CODE: CallCheck(
        {"phone": "text"}, "phone_proof", "t.phone = x.phone", "true",
        lambda call, _: [(call.facts["phone"],)],
    ),
}  # fmt: skip
_LEAVE_NOTHING = (CallKind.READINGS, CallKind.PAYMENT, CallKind.REFUND, CallKind.APPEAL)
"""Kinds with idempotency keys: a refused call, also a repeat, leaves no row."""


async def lost_or_doubled(
    connection: asyncpg.Connection, calls: Mapping[CallKind, Sequence[Acknowledged]]
) -> list[str]:
    """A sentence about each acknowledged call that isn't there exactly once.

    Files of imports are not among them, because an import deletes its files; its rows show them.
    """
    return [
        f"{kind} {call_id} was acknowledged: {rows} rows, {own} of them as answered"
        for kind, acknowledged in calls.items()
        if kind in _CHECKS
        for call_id, rows, own in await _count(
            connection, kind, [(each.call, each.answer) for each in acknowledged]
        )
        if (rows, own) != (1, 1)
    ]


async def written_though_refused(
    connection: asyncpg.Connection, refused: Sequence[Call]
) -> list[str]:
    """A sentence about each refused call that has left a row."""
    return [
        f"{kind} {call_id} was refused and has left {rows} rows"
        for kind in _LEAVE_NOTHING
        for call_id, rows, _ in await _count(
            connection, kind, [(call, None) for call in refused if call.kind is kind]
        )
        if rows
    ]


async def _count(
    connection: asyncpg.Connection,
    kind: CallKind,
    calls: Sequence[tuple[Call, dict[str, Any] | None]],
) -> list[tuple[str, int, int]]:
    check = _CHECKS[kind]
    rows = [(call.id, *row) for call, answer in calls for row in check.rows(call, answer)]
    if not rows:
        return []
    columns = [list(column) for column in zip(*rows, strict=True)]
    return [tuple(row) for row in await connection.fetch(check.statement, *columns)]
