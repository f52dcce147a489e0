"""Withdrawal of consents (152-ФЗ, ст. 9 ч. 2), and erasure by the legal deadline.

The withdrawal of an optional consent ends its uses. After that of the consent to data processing,
the cabinet closes, but the contract for energy continues: accounts, bills and payments stay without
personal data of the user. Consents stay as proof (152-ФЗ, ст. 9 ч. 3).
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.guards.rate_limits import DAY, AttemptCounter, AttemptLimit, AttemptWindow
from lk_graphql.identity.models import DocumentKind, User
from lk_graphql.identity.service import consents
from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit.company import Company
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.signing import Signer, new_token
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.passwords import Passwords
from lk_graphql.profile.errors import (
    ConsentRequired,
    ErasureNotFound,
    ErasureRequested,
    NoActiveConsent,
)
from lk_graphql.profile.models import Destroyed, ErasureRequest, ErasureState, ErasureTerm
from lk_graphql.profile.service.password_confirmation import PasswordConfirmation
from lk_graphql.profile.service.personal_data import of_all_slices

_log = structlog.stdlib.get_logger("lk_graphql.profile")

WITHDRAWAL_PERIOD = timedelta(days=14)
"""Less than the legal thirty days, and enough to notice a request made with a stolen session."""

REMINDER = timedelta(days=2)
"""The time before the erasure at which the mail about it is repeated."""

# Requests, and the consents of a request and its cancellation, are permanent rows.
PER_USER = AttemptLimit("erasure/user", (AttemptWindow(3, DAY),))

EndAction = Callable[[UUID, datetime], Awaitable[None]]
CONSENT_END_ACTIONS = Registry[DocumentKind, EndAction]()
"""Actions that end the uses of a consent, in the transaction of its withdrawal."""


async def withdraw_consent(
    viewer: Viewer, kind: DocumentKind, *, client: Client, now: datetime
) -> None:
    """Record the withdrawal of an optional consent, and run its end action.

    Raises `ConsentRequired` if the cabinet requires the consent, `NoActiveConsent`.
    """
    if kind in consents.REGISTRATION_DOCUMENTS:
        raise ConsentRequired("kind")
    async with in_transaction():
        user = await lock_own(viewer)
        if not await consents.withdraw(user, kind, client=client, now=now):
            raise NoActiveConsent("kind")
        await CONSENT_END_ACTIONS[kind](user.id, now)


async def request_erasure(
    confirmation: PasswordConfirmation, *, company: Company, passwords: Passwords, signer: Signer
) -> None:
    """Withdraw consent, schedule the erasure in two weeks, and notify the customer by mail.

    Raises `ProfilePasswordWrong`, `RateLimitExceeded`, `ErasureRequested`.
    """
    user, now = await confirmation.confirm(passwords=passwords, signer=signer), confirmation.now
    waiting = await ErasureRequest.get_or_none(user=user, state=ErasureState.WAITING)
    if waiting is not None:
        raise ErasureRequested(on=waiting.starts_at.astimezone(company.zone).date())
    today = company.today(now)
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(PER_USER, user.id)
        try:
            await _store_request(user, today, client=confirmation.client, now=now)
        except IntegrityError as error:
            raise ErasureRequested(on=today + WITHDRAWAL_PERIOD) from error


async def _store_request(user: User, today: date, *, client: Client, now: datetime) -> None:
    term = newest(await ErasureTerm.all(), today)
    days = timedelta(days=term.days) if term else WITHDRAWAL_PERIOD
    wait = min(WITHDRAWAL_PERIOD, days)
    async with in_transaction():
        request = await ErasureRequest.create(
            user=user,
            state=ErasureState.WAITING,
            requested_at=now,
            starts_at=now + wait,
            due_on=today + days,
            reminded_at=now if wait <= REMINDER else None,
        )
        await consents.withdraw(user, DocumentKind.PERSONAL_DATA, client=client, now=now)
        await enqueue("profile.mail_erasure_requested", request_id=request.id)


async def withdraw_erasure(viewer: Viewer, version: str, *, client: Client, now: datetime) -> None:
    """Cancel the erasure by consent to the current text.

    Raises `ConsentOutdated`, `ErasureNotFound`.
    """
    current = await consents.current(now=now)
    document = consents.matching_document(
        current, DocumentKind.PERSONAL_DATA, version, "personalDataVersion"
    )
    async with in_transaction():
        waiting = ErasureRequest.filter(user_id=viewer.id, state=ErasureState.WAITING)
        if not await waiting.update(state=ErasureState.WITHDRAWN, closed_at=now):
            raise ErasureNotFound
        user = await User.get(id=viewer.id)
        await consents.record(user, [document], client=client, now=now)


async def remind_due(*, now: datetime) -> None:
    """Repeat the mail of each request two days before its erasure."""
    async with in_transaction():
        waiting = ErasureRequest.filter(state=ErasureState.WAITING, reminded_at=None)
        due = waiting.filter(starts_at__lte=now + REMINDER).order_by("starts_at").limit(1000)
        requests = await due.select_for_update(skip_locked=True).only("id")
        keys = [request.id for request in requests]
        await ErasureRequest.filter(id__in=keys).update(reminded_at=now)
        for key in keys:
            await enqueue("profile.mail_erasure_requested", request_id=key)


async def erase_due(*, passwords: Passwords, now: datetime) -> int:
    """Destroy the data of all due requests, one transaction each, and return their number.

    An error of one request doesn't delay the others beyond their legal deadline: it is logged, and
    the first one is raised at the end. An outage of the database ends the loop.
    """
    due = ErasureRequest.filter(state=ErasureState.WAITING, starts_at__lte=now)
    requests = await due.order_by("starts_at").limit(1000).only("id")
    failures = list[Exception]()
    for request in requests:
        random_hash = await passwords.hash(new_token())
        try:
            await _erase_waiting(request.id, random_hash, now)
        except Unavailable:
            raise
        except Exception as failure:  # noqa: BLE001 - logged, and raised at the end
            _log.exception("erasure failed", request=str(request.id))
            failures.append(failure)
    if failures:
        raise failures[0]
    return len(requests)


async def _erase_waiting(key: UUID, password_hash: str, now: datetime) -> None:
    async with in_transaction():
        waiting = ErasureRequest.filter(id=key, state=ErasureState.WAITING)
        request = await waiting.select_for_update().first()
        if request is not None:  # None: withdrawn a moment ago
            await _erase(request, password_hash, now)


async def _erase(request: ErasureRequest, password_hash: str, now: datetime) -> None:
    """Erase in reverse order of the slices: later ones have foreign keys to earlier ones."""
    await _anonymize(request.user_id, password_hash, now)
    erasers = [eraser for data in reversed(of_all_slices()) for eraser in data.erasers]
    lines = [
        (eraser.what, await eraser.erase(request.user_id, now), eraser.deletes)
        for eraser in erasers
    ]
    await Destroyed.bulk_create(
        Destroyed(request=request, what=what, rows=rows, was_deleted=deletes, happened_at=now)
        for what, rows, deletes in (*lines, ("user", 1, False))
    )
    await enqueue("profile.sweep")
    request.state, request.closed_at = ErasureState.DONE, now
    await request.save(update_fields=["state", "closed_at"])


async def _anonymize(user_id: UUID, password_hash: str, now: datetime) -> None:
    """Overwrite the user's personal data; the row stays for foreign keys, and is locked."""
    address = f"{user_id.hex}@erased.invalid"
    await User.filter(id=user_id).update(
        email=address,
        email_key=address,
        phone="+70000000000",
        last_name="—",
        first_name="—",
        patronymic=None,
        has_no_patronymic=True,
        password_hash=password_hash,
        locked_at=now,
        erased_at=now,
    )
