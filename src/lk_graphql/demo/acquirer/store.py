"""The sandbox's database, an SQLite file.

It is separate from the cabinet's database, so that a comparison of the two proves something. No
part of a card number is stored.
"""

import json
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from lk_graphql.demo.acquirer.cards import BankBehaviour, CallbackBehaviour, Card

Json = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY, key TEXT UNIQUE NOT NULL, request TEXT NOT NULL, amount INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'succeeded', 'canceled')),
    stage TEXT NOT NULL DEFAULT 'card' CHECK (stage IN ('card', 'code', 'bank', 'done')),
    reason TEXT, callbacks TEXT NOT NULL DEFAULT 'ONCE', codes INTEGER NOT NULL DEFAULT 0,
    bank_at TEXT, created_at TEXT NOT NULL, decided_at TEXT);
CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY, key TEXT UNIQUE NOT NULL, request TEXT NOT NULL, amount INTEGER NOT NULL,
    payment_id TEXT NOT NULL REFERENCES payment, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY, payment_id TEXT NOT NULL REFERENCES payment, event TEXT NOT NULL,
    refund_id TEXT REFERENCES refund, due_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    is_delivered INTEGER NOT NULL DEFAULT 0);
"""
_REFUNDS = """
SELECT refund.id, payment_id, refund.amount, refund.created_at, bank_at IS NOT NULL AS is_slow
FROM refund JOIN payment ON payment.id = payment_id"""
MAX_CODE_ATTEMPTS = 3


class KeyReused(Exception):
    """The idempotence key belongs to another request."""


class NotEnoughLeft(Exception):
    """The refund exceeds the remaining amount of the payment."""


@dataclass(frozen=True)
class Delays:
    """Delays of the sandbox, which tests shorten."""

    slow_bank: timedelta = timedelta(seconds=30)
    late_callback: timedelta = timedelta(seconds=60)
    between_callbacks: timedelta = timedelta(seconds=2)
    receipt: timedelta = timedelta(seconds=3)
    payment_lifetime: timedelta = timedelta(hours=1)
    """The lifetime of an unfinished payment."""


@dataclass(frozen=True)
class SandboxPayment:
    """A payment; `stage` is the page of its customer."""

    id: str
    request: Json
    amount: int
    status: str
    stage: str
    reason: str | None
    codes: int
    created_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class SandboxRefund:
    """A refund, which succeeds at once, or after a while by the card of a slow bank."""

    id: str
    payment_id: str
    amount: int
    created_at: datetime
    done_at: datetime


@dataclass(frozen=True)
class SandboxReceipt:
    """The receipt of a payment or a refund, as it was requested."""

    request: Json
    amount: int
    is_refund: bool
    issued_at: datetime


def receipt_number(id_: str) -> tuple[str, str]:
    """The fictitious document number and attribute of a payment's or refund's receipt."""
    number = int.from_bytes(sha256(id_.encode()).digest()[:8])
    return str(1000 + number % 100_000), str(10**9 + number % 10**9)


@dataclass(frozen=True)
class DueCallback:
    """A callback to deliver now."""

    id: int
    payment_id: str
    event: str
    refund_id: str | None
    tries: int


class Store:
    """The database; each method is one transaction."""

    def __init__(self, file: Path, pace: Delays) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.pace = pace
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; {_TABLES}")

    def close(self) -> None:
        self._db.close()

    def create(self, key: str, request: Json, amount: int, *, now: datetime) -> str:
        """The payment's id, the same for the same key. Raises `KeyReused`."""
        if payment_id := self._find_by_key("payment", key, request):
            return payment_id
        payment_id = str(uuid4())
        self._db.execute(
            "INSERT INTO payment (id, key, request, amount, created_at) VALUES (?, ?, ?, ?, ?)",
            (payment_id, key, json.dumps(request), amount, now.isoformat()),
        )
        return payment_id

    def create_refund(self, key: str, request: Json, amount: int, *, now: datetime) -> str:
        """The refund's id, like `create`. Raises `KeyReused` and `NotEnoughLeft`."""
        with self._transaction():
            if refund_id := self._find_by_key("refund", key, request):
                return refund_id
            payment = self.payment(request["payment_id"])
            if payment is None or payment.status != "succeeded":
                raise NotEnoughLeft
            if amount > payment.amount - self.refunded(payment.id):
                raise NotEnoughLeft
            refund_id = str(uuid4())
            self._db.execute(
                "INSERT INTO refund VALUES (?, ?, ?, ?, ?, ?)",
                (refund_id, key, json.dumps(request), amount, payment.id, now.isoformat()),
            )
            refund = self.refund(refund_id)
            assert refund  # noqa: S101 - it was created just now
            self._notify(payment.id, "refund.succeeded", refund.done_at, refund_id)
            return refund_id

    def payment(self, id_: str) -> SandboxPayment | None:
        row = self._db.execute("SELECT * FROM payment WHERE id = ?", (id_,)).fetchone()
        return row and SandboxPayment(
            row["id"],
            json.loads(row["request"]),
            row["amount"],
            row["status"],
            row["stage"],
            row["reason"],
            row["codes"],
            datetime.fromisoformat(row["created_at"]),
            row["decided_at"] and datetime.fromisoformat(row["decided_at"]),
        )

    def payments_since(self, moment: datetime) -> list[str]:
        """The ids of the payments that were created since a moment, the newest first."""
        rows = self._db.execute(
            "SELECT id FROM payment WHERE created_at >= ? ORDER BY created_at DESC, id",
            (moment.astimezone(UTC).isoformat(),),
        )
        return [row["id"] for row in rows]

    def refunds_since(self, moment: datetime) -> list[SandboxRefund]:
        rows = self._db.execute(
            f"{_REFUNDS} WHERE refund.created_at >= ? ORDER BY refund.created_at DESC, refund.id",
            (moment.astimezone(UTC).isoformat(),),
        )
        return [self._refund(row) for row in rows]

    def refunds(self, payment_id: str) -> list[SandboxRefund]:
        rows = self._db.execute(
            f"{_REFUNDS} WHERE payment_id = ? ORDER BY refund.created_at", (payment_id,)
        )
        return [self._refund(row) for row in rows]

    def refund(self, id_: str) -> SandboxRefund | None:
        row = self._db.execute(f"{_REFUNDS} WHERE refund.id = ?", (id_,)).fetchone()
        return row and self._refund(row)

    def _refund(self, row: sqlite3.Row) -> SandboxRefund:
        at = datetime.fromisoformat(row["created_at"])
        done_at = at + self.pace.slow_bank if row["is_slow"] else at
        return SandboxRefund(row["id"], row["payment_id"], row["amount"], at, done_at)

    def receipt(self, number: str, attribute: str) -> SandboxReceipt | None:
        rows = self._db.execute(
            "SELECT id, request, amount, 0 AS is_refund, decided_at AS at FROM payment"
            " WHERE status = 'succeeded'"
            " UNION ALL SELECT id, request, amount, 1, created_at FROM refund"
        )
        for row in rows:
            if receipt_number(row["id"]) == (number, attribute):
                at = datetime.fromisoformat(row["at"])
                is_refund = bool(row["is_refund"])
                return SandboxReceipt(json.loads(row["request"]), row["amount"], is_refund, at)
        return None

    def refunded(self, payment_id: str) -> int:
        return sum(refund.amount for refund in self.refunds(payment_id))

    def take_card(self, id_: str, card: Card, *, now: datetime) -> None:
        """Record that a card was entered; only the first one counts."""
        with self._transaction():
            update = self._db.execute(
                "UPDATE payment SET stage = ?, callbacks = ? WHERE id = ? AND stage = 'card'",
                ("code" if card.is_secure else "bank", card.callbacks, id_),
            )
            if update.rowcount and not card.is_secure:
                self._ask_bank(id_, card, now)

    def take_code(self, id_: str, *, is_right: bool, now: datetime) -> None:
        """Record that a code was entered; the third wrong one cancels the payment."""
        with self._transaction():
            payment = self.payment(id_)
            if payment is None or payment.stage != "code":
                return
            if is_right:
                self._decide(id_, "succeeded", None, now)
            elif payment.codes + 1 >= MAX_CODE_ATTEMPTS:
                self._decide(id_, "canceled", "3d_secure_failed", now)
            else:
                self._db.execute("UPDATE payment SET codes = codes + 1 WHERE id = ?", (id_,))

    def tick(self, now: datetime) -> None:
        """Decide payments that are due: slow banks answer, and unfinished payments expire."""
        with self._transaction():
            slow = "SELECT id FROM payment WHERE stage = 'bank' AND bank_at <= ?"
            for row in self._db.execute(slow, (now.isoformat(),)).fetchall():
                self._decide(row["id"], "succeeded", None, now)
            old = "SELECT id FROM payment WHERE status = 'pending' AND created_at <= ?"
            latest = (now - self.pace.payment_lifetime).isoformat()
            for row in self._db.execute(old, (latest,)).fetchall():
                self._decide(row["id"], "canceled", "expired_on_confirmation", now)

    def due(self, now: datetime) -> list[DueCallback]:
        """Callbacks to deliver now, the oldest first."""
        rows = self._db.execute(
            "SELECT id, payment_id, event, refund_id, tries FROM notice"
            " WHERE NOT is_delivered AND due_at <= ? ORDER BY due_at, id",
            (now.isoformat(),),
        )
        return [DueCallback(*row) for row in rows.fetchall()]

    def delivered(self, notice: int) -> None:
        self._db.execute("UPDATE notice SET is_delivered = 1 WHERE id = ?", (notice,))

    def postpone(self, notice: int, until: datetime) -> None:
        self._db.execute(
            "UPDATE notice SET tries = tries + 1, due_at = ? WHERE id = ?",
            (until.isoformat(), notice),
        )

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _find_by_key(self, table: str, key: str, request: Json) -> str | None:
        rows = self._db.execute(f"SELECT id, request FROM {table} WHERE key = ?", (key,))  # noqa: S608 - own names
        row = rows.fetchone()
        if row and json.loads(row["request"]) != request:
            raise KeyReused
        return row and row["id"]

    def _ask_bank(self, id_: str, card: Card, now: datetime) -> None:
        match card.bank:
            case BankBehaviour.PAYS:
                self._decide(id_, "succeeded", None, now)
            case BankBehaviour.DECLINES:
                self._decide(id_, "canceled", card.reason, now)
            case BankBehaviour.IS_SLOW:
                at = (now + self.pace.slow_bank).isoformat()
                self._db.execute("UPDATE payment SET bank_at = ? WHERE id = ?", (at, id_))
            case BankBehaviour.IS_SILENT:
                pass  # the payment will expire

    def _decide(self, id_: str, status: str, reason: str | None, now: datetime) -> None:
        self._db.execute(
            "UPDATE payment SET status = ?, stage = 'done', reason = ?, decided_at = ?"
            " WHERE id = ?",
            (status, reason, now.isoformat(), id_),
        )
        callbacks = self._db.execute("SELECT callbacks FROM payment WHERE id = ?", (id_,))
        then = now + self.pace.between_callbacks
        event = f"payment.{status}"
        match CallbackBehaviour(callbacks.fetchone()["callbacks"]):
            case CallbackBehaviour.ONCE:
                self._notify(id_, event, now)
            case CallbackBehaviour.LATE:
                self._notify(id_, event, now + self.pace.late_callback)
            case CallbackBehaviour.TWICE:
                self._notify(id_, event, now)
                self._notify(id_, event, then)
            case CallbackBehaviour.OUT_OF_ORDER:
                self._notify(id_, event, now)
                self._notify(id_, "payment.waiting_for_capture", then)
            case CallbackBehaviour.NEVER:
                pass

    def _notify(self, id_: str, event: str, due: datetime, refund: str | None = None) -> None:
        self._db.execute(
            "INSERT INTO notice (payment_id, event, due_at, refund_id) VALUES (?, ?, ?, ?)",
            (id_, event, due.isoformat(), refund),
        )
