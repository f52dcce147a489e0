"""Sending readings: checked, kept, confirmed where they are unusual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from lk_graphql.accounts.service.links import lock_account
from lk_graphql.identity.service.idempotency import Demand, Json, kept, once
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import Reading, ReadingFinding, ReadingSource, ReadingState
from lk_graphql.metering.service import telling
from lk_graphql.metering.service.billing_side import BillingSide
from lk_graphql.metering.service.books import LIVING, WAITING, Moment, open_book, own_account
from lk_graphql.metering.service.checks import Book, Checked, Entry, check, located
from lk_graphql.metering.service.photos import with_photos
from lk_graphql.uploads.service.taking import use

MOST_ENTRIES = 30
"""Three zones of ten meters: more than any household has."""
PURPOSE = "readings confirm"


@dataclass(frozen=True)
class Form:
    """What a customer sends. `is_atomic`: all of it or nothing; `is_partial`: zones may be missing.

    Ids that are no keys of ours are None, and find nothing.
    """

    account_id: UUID | None
    entries: Sequence[Entry]
    taken_at: datetime | None = None
    is_partial: bool = False
    is_atomic: bool = False

    def check_size(self) -> None:
        if not 1 <= len(self.entries) <= MOST_ENTRIES:
            raise errors.TooManyEntries("entries", most=MOST_ENTRIES)


@dataclass(frozen=True)
class Outcome:
    """What came of a form, entry by entry, as it is kept for repeats.

    `token` confirms what waits; None when nothing does. Nothing is saved when an atomic form has
    a fault.
    """

    is_saved: bool
    entries: list[dict[str, Any]]
    token: str | None = None


async def submit(
    viewer: Viewer,
    form: Form,
    key: str,
    moment: Moment,
    *,
    billing: BillingSide,
    links: Links,
) -> Outcome:
    """Take readings of one account, once for each key.

    A reading that is accepted replaces what the customer sent for the same register and month;
    one that needs a confirmation leaves the accepted one alone until staff accept it.
    Raises `AccountNotFound`, `TooManyEntries`, and what `idempotency.once` raises.
    """
    form.check_size()

    async def act() -> Json:
        account = await own_account(viewer, form.account_id)
        await lock_account(account.id)
        book = await open_book(account, moment, billing=billing)
        checked = check(book, form.entries, partial=form.is_partial)
        checked = await with_photos(viewer, checked, now=moment.now)
        if form.is_atomic and any(one.fault or one.needs_confirmation for one in checked):
            return {"batch": None, "entries": [_refused(n, one) for n, one in enumerate(checked)]}
        batch = new_key()
        await use(
            [photo for one in checked if not one.fault and (photo := one.entry.photo)],
            now=moment.now,
        )
        stored = [await _stored(one, book, batch, viewer, moment) for one in checked]
        if ReadingState.ACCEPTED in [one and one.state for one in stored]:
            await telling.accepted(account.id, batch, book.period, now=moment.now)
        entries = [
            _told(n, one, row) for n, (one, row) in enumerate(zip(checked, stored, strict=True))
        ]
        return {"batch": batch.hex, "entries": entries}

    demand = Demand("readingsSubmit", key, form)
    said = cast("Any", await once(viewer, demand, act, codes=ReadingErrorCode, now=moment.now))
    return _outcome(viewer, said, links)


def _outcome(viewer: Viewer, said: Mapping[str, Any], links: Links) -> Outcome:
    entries: list[dict[str, Any]] = said["entries"]
    waits = any(entry["status"] == ReadingState.NEEDS_CONFIRMATION for entry in entries)
    if said["batch"] is None or not waits:
        return Outcome(said["batch"] is not None, entries)
    token = links.token(PURPOSE, UUID(said["batch"]), viewer.id.bytes)
    return Outcome(is_saved=True, entries=entries, token=token)


async def _stored(
    one: Checked, book: Book, batch: UUID, viewer: Viewer, moment: Moment
) -> Reading | None:
    """The reading as it is kept; None for a fault, of which nothing is."""
    if one.fault or one.register is None:
        return None
    waits = one.needs_confirmation
    await replace(one.register.id, book.period, WAITING if waits else LIVING)
    reading = await Reading.create(
        register_id=one.register.id,
        value=one.entry.value,
        taken_on=book.taken_on,
        taken_at=moment.taken_at,
        received_at=moment.now,
        period=book.period,
        source=ReadingSource.CUSTOMER,
        state=ReadingState.NEEDS_CONFIRMATION if waits else ReadingState.ACCEPTED,
        submitted_by_id=viewer.id,
        batch=batch,
        photo_id=one.entry.photo,
    )
    await _keep_findings(one, reading)
    return reading


async def replace(register_id: UUID, period: date, states: Sequence[ReadingState]) -> None:
    """Supersede what the customer sent for a register and month, as far as it is in `states`."""
    sent = Reading.filter(register_id=register_id, period=period, source=ReadingSource.CUSTOMER)
    await sent.filter(state__in=states).update(state=ReadingState.SUPERSEDED)


async def _keep_findings(one: Checked, reading: Reading) -> None:
    for finding in one.findings:
        await ReadingFinding.create(
            reading=reading,
            kind=finding.kind,
            consumed_kwh=finding.consumed_kwh,
            usual_kwh=finding.usual_kwh,
            season_kwh=finding.season_kwh,
            limit_kwh=finding.limit_kwh,
            mistake=finding.correction and finding.correction.mistake,
            suggested_value=finding.correction and finding.correction.value,
        )


def _told(number: int, one: Checked, reading: Reading | None) -> dict[str, Json]:
    if reading is None:
        return _refused(number, one)
    return {"status": reading.state.value, "reading": reading.id.hex}


def _refused(number: int, one: Checked) -> dict[str, Json]:
    """An entry of which nothing is kept, with its fault and what was probably meant."""
    fault, meant = one.fault or _unconfirmed(one), one.correction
    if fault is None:
        return {"status": ReadingState.REJECTED.value}
    return {
        "status": ReadingState.REJECTED.value,
        "fault": {**kept(fault), "path": [*located(fault, number)]},
        "mistake": meant and meant.mistake.value,
        "suggested": meant and str(meant.value),
    }


def _unconfirmed(one: Checked) -> Refusal | None:
    if not one.needs_confirmation or one.consumed is None:
        return None
    return errors.ConfirmationNeeded("value", consumed=one.consumed.kwh)
