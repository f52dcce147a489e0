"""Whether everything has come to rest: the queue is empty, and messages, money and files agree."""

import asyncio
import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from benchmarks.faults.ledger import CallKind, Ledger
from benchmarks.faults.services import Outbox, Services
from benchmarks.faults.writers import IMPORTED_BILLS
from lk_graphql.ports.files import open_files

_DRAIN_SECONDS = 150
"""Jobs of a killed worker are taken over after thirty seconds."""
_HASTEN = (
    "UPDATE job SET execute_after = now() WHERE status = 'queued' AND execute_after > now()",
    "UPDATE delivery SET due_at = now() WHERE state = 'WAITING' AND due_at > now()",
)
_LOOK_NOW = "UPDATE payment SET look_at = now() WHERE look_at > now()"
_MINUTELY = ("payments.reconcile", "notifications.send_mails", "notifications.send_sms")
_ENQUEUE = """
INSERT INTO job (priority, entrypoint, payload, status, dedupe_key)
VALUES (0, $1, '{}', 'queued', $1) ON CONFLICT DO NOTHING"""
_UNFINISHED = """
SELECT entrypoint AS name, count(*) AS number FROM job WHERE status <> 'failed' GROUP BY 1
UNION ALL SELECT 'delivery by ' || lower(channel), count(*) FROM delivery
WHERE state = 'WAITING' GROUP BY channel
UNION ALL SELECT 'upload being scanned', count(*) FROM upload WHERE state = 'SCANNING'
HAVING count(*) > 0"""
_DEAD = """
SELECT job.id, job.entrypoint, job.attempts, (
    SELECT traceback ->> 'exception_type' FROM job_log
    WHERE job_id = job.id AND status = 'failed' ORDER BY created DESC LIMIT 1) AS error
FROM job WHERE status = 'failed' ORDER BY job.id"""
_FAILED_DELIVERIES = "SELECT id FROM delivery WHERE state = 'FAILED'"
_SENT = "SELECT id FROM delivery WHERE state = 'SENT' AND channel = $1"
_UNBALANCED = """
SELECT entry_id FROM ledger_line GROUP BY entry_id HAVING sum(amount) <> 0"""
_MONEY = """
SELECT 'payment ' || payment.id AS key, payment.amount FROM payment
WHERE state IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED')
UNION ALL SELECT 'refund ' || id, amount FROM refund WHERE state = 'SUCCEEDED'"""
_BOOKED = """
SELECT CASE WHEN refund_id IS NULL THEN 'payment ' || payment_id ELSE 'refund ' || refund_id END
    AS key, abs(line.amount) AS amount
FROM ledger_entry JOIN ledger_line AS line ON line.entry_id = ledger_entry.id
WHERE line.book = 'ACQUIRER'"""
_ACQUIRED = """
SELECT 'payment ' || key, amount FROM payment WHERE status = 'succeeded'
UNION ALL SELECT 'refund ' || key, amount FROM refund"""
_IMPORTED = """
SELECT x.number, run.state,
    (SELECT count(*) FROM invoice WHERE number LIKE x.number || '-%') AS bills,
    (SELECT count(*) FROM notice JOIN invoice ON invoice.id = notice.subject_id
     WHERE invoice.number LIKE x.number || '-%' AND notice.kind = 'INVOICE_ISSUED') AS notices
FROM unnest($1::uuid[], $2::text[]) AS x (key, number) JOIN import_run AS run ON run.id = x.key"""
_UNEXPORTED = "SELECT id FROM export_run WHERE state <> 'DONE'"


@dataclass
class Settlement:
    """Compares the database, at rest, with the services and the ledger.

    Each violation is told once.
    """

    dsn: str
    ledger: Ledger
    services: Services
    first_upload: int
    """The number of uploads that are compared already, or were stored before a resumption."""
    _reported: set[str] = field(default_factory=set[str])

    async def check(self) -> list[str]:
        connection = await asyncpg.connect(self.dsn)
        try:
            sentences = await self._drain(connection)
            sentences += await self._failures(connection)
            sentences += await self._messages(connection)
            sentences += await self._books(connection)
            sentences += await self._runs(connection)
        finally:
            await connection.close()
        sentences += await self._files()
        new = [sentence for sentence in sentences if sentence not in self._reported]
        self._reported.update(new)
        return new

    async def _drain(self, connection: asyncpg.Connection) -> list[str]:
        """Wait until no job is left; delayed repeats and minutely jobs come at once."""
        await connection.execute(_LOOK_NOW)
        for name in _MINUTELY:
            await connection.execute(_ENQUEUE, name)
        end = time.monotonic() + _DRAIN_SECONDS
        while rows := await connection.fetch(_UNFINISHED):
            if time.monotonic() > end:
                return [
                    f"after {_DRAIN_SECONDS} s: {row['number']} × {row['name']}" for row in rows
                ]
            for statement in _HASTEN:
                await connection.execute(statement)
            if any(row["name"].startswith("delivery") for row in rows):
                for name in _MINUTELY:
                    await connection.execute(_ENQUEUE, name)
            await asyncio.sleep(1)
        return []

    async def _failures(self, connection: asyncpg.Connection) -> list[str]:
        dead = [
            f"job {row['id']} {row['entrypoint']} is dead after {row['attempts'] + 1} tries:"
            f" {row['error']}"
            for row in await connection.fetch(_DEAD)
        ]
        failed = [
            f"delivery {row['id']} has failed" for row in await connection.fetch(_FAILED_DELIVERIES)
        ]
        return dead + failed

    async def _messages(self, connection: asyncpg.Connection) -> list[str]:
        mails, texts = self.services.mails, self.services.texts
        mailed = {message.id.strip("<>").partition("@")[0] for message in mails.messages}
        texted = {message.id for message in texts.messages}
        unsent = [
            f"delivery {row['id']} by {channel} is SENT, but never came"
            for channel, ids in (("EMAIL", mailed), ("SMS", texted))
            for row in await connection.fetch(_SENT, channel)
            if row["id"].hex not in ids
        ]
        recipients = {message.to for message in mails.messages}
        unwelcomed = [
            f"no mail for the sign-up of {each.call.facts['email']}"
            for each in self.ledger.acknowledged[CallKind.SIGN_UP]
            if each.call.facts["email"] not in recipients
        ]
        return unsent + unwelcomed + _doubles(mails)

    async def _books(self, connection: asyncpg.Connection) -> list[str]:
        """Each sum at the acquirer is one payment or refund here, and one entry of the ledger."""
        with closing(sqlite3.connect(self.services.acquirer_books)) as books:
            acquired = dict(books.execute(_ACQUIRED).fetchall())
        money = {row["key"]: row["amount"] for row in await connection.fetch(_MONEY)}
        booked = [tuple(row) for row in await connection.fetch(_BOOKED)]
        sentences = [
            f"{key}: {acquired.get(key)} at the acquirer, {money.get(key)} here"
            for key in acquired.keys() | money.keys()
            if acquired.get(key) != money.get(key)
        ]
        if sorted(booked) != sorted(money.items()):
            sentences.append(f"the ledger differs: {set(booked) ^ set(money.items())}"[:300])
        sentences += [
            f"ledger entry {row['entry_id']} doesn't add up to nothing"
            for row in await connection.fetch(_UNBALANCED)
        ]
        return sentences

    async def _runs(self, connection: asyncpg.Connection) -> list[str]:
        imports = self.ledger.acknowledged[CallKind.IMPORT]
        keys = [UUID(each.answer["importRun"]["id"].partition("_")[2]) for each in imports]
        numbers = [each.call.facts["number"] for each in imports]
        expected = ("DONE", IMPORTED_BILLS, IMPORTED_BILLS)
        sentences = [
            f"import {row['number']}: {row['state']}, {row['bills']} bills,"
            f" {row['notices']} notices"
            for row in await connection.fetch(_IMPORTED, keys, numbers)
            if (row["state"], row["bills"], row["notices"]) != expected
        ]
        unexported = await connection.fetch(_UNEXPORTED)
        return sentences + [f"export {row['id']} isn't done" for row in unexported]

    async def _files(self) -> list[str]:
        """Each upload since the last comparison is in the object store."""
        uploads = self.ledger.acknowledged[CallKind.UPLOAD]
        store = open_files(self.services.store.url)
        keys = [each.call.facts["key"] for each in uploads[self.first_upload :]]
        self.first_upload = len(uploads)
        return [
            f"upload {key} was acknowledged, but isn't stored"
            for key in keys
            if await store.size(f"uploads/{key}") is None
        ]


def _doubles(outbox: Outbox) -> list[str]:
    """Equal mails with several Message-IDs: their recipients can't tell that they are one."""
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for message in outbox.messages:
        ids[message.to, message.digest].add(message.id)
    return [
        f"a mail to {to} came with {len(several)} Message-IDs"
        for (to, _), several in ids.items()
        if len(several) > 1
    ]
