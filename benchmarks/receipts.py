"""Receipts per second: the demo's bills, loaded, rendered to PDF and stored; then read again."""

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
CONCURRENCY = 4


@dataclass(frozen=True)
class ReceiptRates:
    """Receipts per second, at the first request and once they are stored."""

    printed: float
    stored: float
    cpu: float
    """CPU seconds of the rendering process per receipt, including its start."""

    @property
    def line(self) -> str:
        return (
            f"Receipts: {self.printed:.1f} a second printed by {PROCESSES} process"
            f" ({self.cpu:.2f} s of its CPU each), {self.stored:.0f} a second when they are kept"
        )


def measured() -> ReceiptRates:
    """Measure on a new database with the demo's rows."""
    with temporary() as dsn:
        return asyncio.run(_measure(dsn))


async def _measure(dsn: str) -> ReceiptRates:
    await migrations.migrate(dsn)
    passwords = Passwords(HashCost(8, 1))
    await load_demo(dsn, today=TODAY, passwords=passwords, accounts=ACCOUNTS)
    passwords.close()
    load_hooks()
    await database.open_models(dsn)
    files, pdfs, before = in_memory(), PdfPool(PROCESSES), _child_cpu()
    try:
        bills = Invoice.all().order_by("-period", "id").limit(ACCOUNTS * BILLS)
        keys = [bill.id for bill in await bills]
        await _receipts_per_second(keys[:1], in_memory(), pdfs)  # starts the process
        printed, stored = (
            await _receipts_per_second(keys, files, pdfs),
            await _receipts_per_second(keys, files, pdfs),
        )
    finally:
        await pdfs.close()
        await database.close_models()
    return ReceiptRates(printed, stored, (_child_cpu() - before) / (len(keys) + 1))


def _child_cpu() -> float:
    """CPU seconds of ended child processes: the renderers."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


async def _receipts_per_second(keys: Sequence[UUID], files: Files, pdfs: PdfRenderer) -> float:
    """Receipts per second, with a few concurrent requests."""
    slots = asyncio.Semaphore(CONCURRENCY)

    async def make(key: UUID) -> None:
        async with slots:
            receipt = await load_receipt(key, period_format="MMYYYY", today=TODAY)
            assert receipt
            await store(receipt, files=files, pdfs=pdfs, now=datetime.now(UTC))

    started = time.perf_counter()
    await asyncio.gather(*map(make, keys))
    return len(keys) / (time.perf_counter() - started)
