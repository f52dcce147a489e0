"""Readings that staff take by telephone («показания по телефону»), checked as a customer's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID, uuid5

from lk_graphql.accounts.errors import AccountNotFound
from lk_graphql.accounts.service.links import lock_account
from lk_graphql.guards.idempotency import (
    IdempotencyConflict,
    IdempotencyKeyInvalid,
    is_valid_key,
)
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.typed_texts import read_line
from lk_graphql.metering import errors
from lk_graphql.metering.models import Reading, ReadingState
from lk_graphql.metering.service import notifications
from lk_graphql.metering.service.billing_gateway import BillingGateway
from lk_graphql.metering.service.checks import CheckedEntry, ReadingEntry, check, with_path
from lk_graphql.metering.service.rules import SubmissionTime
from lk_graphql.metering.service.snapshot_loader import load_snapshot
from lk_graphql.metering.service.submission import ReadingsForm, Submitter, store

MIN_CALLER, MAX_CALLER = 2, 150


@dataclass(frozen=True)
class PhoneCall:
    """A telephone call with readings.

    If `is_confirmed`, the caller has confirmed unusual values, which are put on review. `key` is an
    idempotency key of the member of staff.
    """

    staff_id: UUID
    caller: str
    key: str
    is_confirmed: bool = False


class TakenReadings(NamedTuple):
    """The keys of a call's readings in the form's order.

    `is_repeat`: an earlier request with the same idempotency key has stored them.
    """

    keys: list[UUID]
    is_repeat: bool


async def take(
    form: ReadingsForm, call: PhoneCall, time: SubmissionTime, *, billing: BillingGateway
) -> TakenReadings:
    """Check and store the readings, all or none.

    Needs a transaction. A repeat with the same key and readings returns the stored readings. The
    account needs no link.

    Raises `AccountNotFound`, `CallerInvalid`, `TooManyEntries`, the refusals of all entries as
    `Refusals`, `IdempotencyConflict` and `IdempotencyKeyInvalid`.
    """
    form.check_size()
    refusal = errors.CallerInvalid("caller", shortest=MIN_CALLER, longest=MAX_CALLER)
    caller = read_line(call.caller, refusal, shortest=MIN_CALLER, longest=MAX_CALLER)
    if not is_valid_key(call.key):
        raise IdempotencyKeyInvalid
    account = await lock_account(form.account_id)
    if account is None:
        raise AccountNotFound("accountId")
    batch = uuid5(call.staff_id, call.key)
    if stored := await Reading.filter(batch=batch):
        return TakenReadings(_repeated(stored, form.entries), is_repeat=True)
    snapshot = await load_snapshot(account.id, time, form.entries, billing=billing)
    checked = check(snapshot, form.entries, partial=form.is_partial)
    if refusals := [*_refusals(checked, is_confirmed=call.is_confirmed)]:
        raise Refusals(refusals)
    readings = await store(checked, snapshot, batch, time, Submitter(caller=caller))
    if any(reading.state is ReadingState.ACCEPTED for reading in readings):
        await notifications.notify_accepted(account.id, batch, snapshot.period, now=time.now)
    return TakenReadings([reading.id for reading in readings], is_repeat=False)


def _repeated(stored: Sequence[Reading], entries: Sequence[ReadingEntry]) -> list[UUID]:
    by_register: dict[tuple[UUID | None, Decimal], UUID] = {
        (reading.register_id, reading.value): reading.id for reading in stored
    }
    keys = [by_register.get((entry.register_id, entry.value)) for entry in entries]
    if None in keys or len(keys) != len(stored):
        raise IdempotencyConflict
    return [key for key in keys if key]


def _refusals(checked: Sequence[CheckedEntry], *, is_confirmed: bool) -> Iterator[Refusal]:
    for number, entry in enumerate(checked):
        fault = entry.fault
        if fault is None and entry.needs_confirmation and not is_confirmed and entry.consumed:
            fault = errors.ConfirmationNeeded("value", consumed=entry.consumed.kwh)
        if fault is not None:
            fault.path = with_path(fault, number)
            yield fault
