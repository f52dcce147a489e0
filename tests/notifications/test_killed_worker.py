"""A real `lk worker` killed during a fan-out; the next one finishes it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from lk_graphql.accounts.models import Account, AccountLink, LinkRole, LinkState
from lk_graphql.identity.models import User
from lk_graphql.notifications.models import (
    Delivery,
    DeliverySettings,
    DeliveryState,
    Notice,
    NoticeKind,
)
from lk_graphql.notifications.service.notices import NoticeEvent, notify_linked
from lk_graphql.ports.jobs import enqueue
from tests.factories.accounts import NOW, given_bare_account
from tests.support.cli_process import start_lk
from tests.support.smtp_server import running_smtp
from tests.support.speed import Fork

PEOPLE, BATCH = 60, 20
CAUSE = NoticeEvent(NoticeKind.READINGS_ACCEPTED, "readings/1", period=NOW.date().replace(day=1))


class SmtpHandler:
    """An SMTP handler with a delay; `message_ids` has the ids of the mails to each address."""

    def __init__(self) -> None:
        self.message_ids: dict[str, list[str]] = defaultdict(list)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        await asyncio.sleep(0.02)
        key = message_from_bytes(envelope.content)["Message-ID"].partition("@")[0][1:]
        self.message_ids[envelope.rcpt_tos[0]].append(key)
        return "250 OK"

    @property
    def mails(self) -> int:
        return sum(map(len, self.message_ids.values()))


@pytest.fixture
def smtp_server() -> Generator[tuple[SmtpHandler, str]]:
    handler = SmtpHandler()
    with running_smtp(handler) as url:
        yield handler, url


async def given_people() -> Account:
    """An account with sixty users without quiet hours."""
    account = await given_bare_account("0400000001")
    users = [
        User(
            email=f"p{n}@example.com",
            email_key=f"p{n}@example.com",
            phone="+79131234567",
            last_name="Иванова",
            first_name="Пелагея",
            has_no_patronymic=True,
            password_hash="!",
            created_at=NOW,
            activated_at=NOW,
            password_changed_at=NOW,
        )
        for n in range(PEOPLE)
    ]
    await User.bulk_create(users)
    at, of = {"linked_at": NOW, "changed_at": NOW}, {"account": account, "state": LinkState.ACTIVE}
    links = [AccountLink(user_id=user.id, role=LinkRole.MEMBER, **of, **at) for user in users]
    await AccountLink.bulk_create(links)
    await DeliverySettings.bulk_create(
        DeliverySettings(user_id=user.id, changed_at=NOW) for user in users
    )
    return account


def worker(dsn: str, smtp: str, log: Path, *, mails_per_second: int) -> Fork:
    return start_lk(
        "worker",
        log=log,
        LK_DATABASE_URL=dsn,
        LK_SMTP_URL=smtp,
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL="http://127.0.0.1:1",
        LK_MAILS_PER_SECOND=str(mails_per_second),
    )


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - the server is in another thread
            await asyncio.sleep(0.01)


async def test_a_killed_worker_s_fan_out_is_finished_by_the_next(
    database: str, smtp_server: tuple[SmtpHandler, str], tmp_path: Path
):
    handler, smtp = smtp_server
    account = await given_people()
    assert await notify_linked(account.id, CAUSE, now=NOW) == PEOPLE
    await enqueue("notifications.send_mails")
    process = worker(database, smtp, tmp_path / "first", mails_per_second=BATCH)
    try:
        await until(lambda: handler.mails >= BATCH + 5)
    finally:
        process.kill()
        process.join()
    before = handler.mails
    assert BATCH < before < PEOPLE
    sent_count = await Delivery.filter(state=DeliveryState.SENT).count()
    assert sent_count < PEOPLE - sent_count

    # The killed job is run again, so the cause is repeated; then the leases expire.
    assert await notify_linked(account.id, CAUSE, now=NOW) == 0
    await Delivery.filter(state=DeliveryState.WAITING).update(due_at=NOW)
    await enqueue("notifications.send_mails")
    process = worker(database, smtp, tmp_path / "second", mails_per_second=1000)
    try:
        async with asyncio.timeout(60):
            while await Delivery.exclude(state=DeliveryState.SENT).exists():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        process.kill()
        process.join()

    assert await Notice.all().count() == PEOPLE
    assert len(set(await Notice.all().values_list("user_id", flat=True))) == PEOPLE
    keys = {delivery.id.hex for delivery in await Delivery.all()}
    assert {key for ids in handler.message_ids.values() for key in ids} == keys
    assert all(
        len(set(ids)) == 1 for ids in handler.message_ids.values()
    )  # a repeat has the same id
    assert PEOPLE <= handler.mails <= PEOPLE + BATCH  # only the killed worker's batch is repeated
    assert await Delivery.filter(state=DeliveryState.SENT).count() == PEOPLE
