"""Receipts per second: the demo's bills, gathered from rows, drawn, printed, kept; then found."""

import asyncio
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from lk_graphql import database
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts.content import load_receipt
from lk_graphql.billing.service.receipts.storage import store
from lk_graphql.database import migrations
from lk_graphql.demo.data.load import load_demo
from lk_graphql.demo.postgres import temporary
from lk_graphql.hooks import load_hooks
from lk_graphql.ports.files import Files, in_memory
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.ports.pdf import PdfPool, PdfRenderer

ACCOUNTS, BILLS = 10, 3
TODAY = date(2026, 11, 20)
PROCESSES = 1
AT_ONCE = 4


@dataclass(frozen=True)
class Printed:
    """How many a second, when they are wanted for the first time and when they are there."""

    printed: float
    found: float
    cpu: float
    """Seconds of the printing process for one receipt, its own start included."""

    @property
    def line(self) -> str:
        return (
            f"Receipts: {self.printed:.1f} a second printed by {PROCESSES} process"
            f" ({self.cpu:.2f} s of its CPU each), {self.found:.0f} a second when they are kept"
        )


def measured() -> Printed:
    """On a database of its own, with the demo's rows."""
    with temporary() as dsn:
        return asyncio.run(_measured(dsn))


async def _measured(dsn: str) -> Printed:
    await migrations.migrate(dsn)
    passwords = Passwords(HashCost(8, 1))
    await load_demo(dsn, today=TODAY, passwords=passwords, accounts=ACCOUNTS)
    passwords.close()
    load_hooks()
    await database.open_models(dsn)
    files, pdfs, before = in_memory(), PdfPool(PROCESSES), _used()
    try:
        bills = Invoice.all().order_by("-period", "id").limit(ACCOUNTS * BILLS)
        keys = [bill.id for bill in await bills]
        await _made(keys[:1], in_memory(), pdfs)  # the process has to start once
        printed, found = await _made(keys, files, pdfs), await _made(keys, files, pdfs)
    finally:
        await pdfs.close()
        await database.close_models()
    return Printed(printed, found, (_used() - before) / (len(keys) + 1))


def _used() -> float:
    """CPU seconds of the processes of ours that have ended: the printers."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _made(keys: Sequence[UUID], files: Files, pdfs: PdfRenderer) -> float:
    """How many a second, a few wanted at the same time."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(key: UUID) -> None:
        async with slots:
            receipt = await load_receipt(key, period_format="MMYYYY")
            assert receipt
            await store(receipt, files=files, pdfs=pdfs, now=datetime.now(UTC))

    began = time.perf_counter()
    await asyncio.gather(*map(one, keys))
    return len(keys) / (time.perf_counter() - began)
