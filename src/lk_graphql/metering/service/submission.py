"""Sending readings: checked, kept, confirmed where they are unusual."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from lk_graphql.identity.service.idempotency import Demand, Json, kept, once
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import ReadingState
from lk_graphql.metering.service import telling
from lk_graphql.metering.service.billing_side import BillingSide
from lk_graphql.metering.service.books import Moment, lock_own_account, open_book
from lk_graphql.metering.service.checks import Checked, Entry, check, located
from lk_graphql.metering.service.keeping import Kept, keep
from lk_graphql.metering.service.photos import with_photos

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
        account_id = await lock_own_account(viewer, form.account_id)
        book = await open_book(account_id, moment, form.entries, billing=billing)
        checked = check(book, form.entries, partial=form.is_partial)
        checked = await with_photos(viewer, checked, now=moment.now)
        if form.is_atomic and any(one.fault or one.needs_confirmation for one in checked):
            return {"batch": None, "entries": [_refused(n, one) for n, one in enumerate(checked)]}
        batch = new_key()
        kept = await keep([c for c in checked if not c.fault], book, batch, viewer, moment)
        if any(one.state is ReadingState.ACCEPTED for one in kept):
            await telling.accepted(account_id, batch, book.period, now=moment.now)
        return {"batch": batch.hex, "entries": _told(checked, kept)}

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


def _told(checked: Sequence[Checked], kept: Iterable[Kept]) -> list[Json]:
    """In the order of the entries; `kept` are those without a fault."""
    rest = iter(kept)
    return [
        _refused(number, one) if one.fault else _said(next(rest))
        for number, one in enumerate(checked)
    ]


def _said(reading: Kept) -> dict[str, Json]:
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
