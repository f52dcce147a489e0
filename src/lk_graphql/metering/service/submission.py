"""Preview and submission of readings: checks, photos, storage."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from lk_graphql.database import raw_sql
from lk_graphql.guards.idempotency import Demand, Json, kept, once
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Links
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import ReadingState, Zone
from lk_graphql.metering.service import notifications, rules
from lk_graphql.metering.service.billing_gateway import BillingSide, Quote
from lk_graphql.metering.service.checks import Book, Checked, Entry, KnownRegister, check, located
from lk_graphql.metering.service.consumption import stored
from lk_graphql.metering.service.rules import Estimate, EstimateTerms, estimate
from lk_graphql.metering.service.snapshot_loader import (
    Moment,
    lock_own_account,
    open_book,
    own_account,
)
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import usable, use
from lk_graphql.uploads.service.formats import FORMS, PICTURES

# What was sent before gives way first: a register has room for one of a month. A planner that saw
# how many there are would make a new plan each time.
_KEEP = """
WITH gone AS (
    UPDATE reading SET state = 'SUPERSEDED'
    WHERE id = ANY((SELECT $12::uuid[])::uuid[])
    AND state IN ('ACCEPTED', 'NEEDS_CONFIRMATION', 'ON_REVIEW') RETURNING id
)
INSERT INTO reading (id, register_id, value, photo_id, state, taken_on, taken_at, received_at,
    period, source, submitted_by_id, batch)
SELECT new.*, $6, $7, $8, $9, 'CUSTOMER', $10, $11
FROM unnest($1::uuid[], $2::uuid[], $3::numeric[], $4::uuid[], $5::text[]) AS new
WHERE (SELECT count(*) FROM gone) >= 0"""
_FINDINGS = """
INSERT INTO reading_finding (id, reading_id, kind, consumed_kwh, usual_kwh, season_kwh, limit_kwh,
    mistake, suggested_value, typical_months)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::numeric[],
    $6::numeric[], $7::numeric[], $8::text[], $9::numeric[], $10::jsonb[])"""


@dataclass(frozen=True)
class Kept:
    """A reading's key and what it is now."""

    id: UUID
    state: ReadingState


async def keep(
    good: Sequence[Checked], book: Book, batch: UUID, viewer: Viewer, moment: Moment
) -> list[Kept]:
    """Keep entries without a fault, in their order, with their photos; call it in a transaction.

    One that counts replaces what the customer had sent for the register and month; one that needs
    a confirmation replaces what was waiting.
    """
    if not good:
        return []
    kept = [Kept(new_key(), _state(one)) for one in good]
    of_each = [
        [one.id for one in kept],
        [one.entry.register_id for one in good],
        [one.entry.value for one in good],
        [one.entry.photo for one in good],
        [one.state.value for one in kept],
    ]
    of_all = (book.taken_on, moment.taken_at, moment.now, book.period, viewer.id, batch)
    await raw_sql.fetch(_KEEP, *of_each, *of_all, [*_gone(good, kept)])
    if rows := [
        row for one, reading in zip(good, kept, strict=True) for row in _findings(one, reading)
    ]:
        await raw_sql.fetch(_FINDINGS, *map(list, zip(*rows, strict=True)))
    if photos := [photo for one in good if (photo := one.entry.photo)]:
        await use(photos, now=moment.now)
    return kept


def _state(one: Checked) -> ReadingState:
    return ReadingState.NEEDS_CONFIRMATION if one.needs_confirmation else ReadingState.ACCEPTED


def _gone(good: Iterable[Checked], kept: Iterable[Kept]) -> Iterator[UUID]:
    """What was sent before and is replaced."""
    for one, new in zip(good, kept, strict=True):
        for old in one.register.sent if one.register else ():
            if new.state is ReadingState.ACCEPTED or not old.is_accepted:
                yield old.id


def _findings(one: Checked, reading: Kept) -> list[tuple[object, ...]]:
    """The columns of `_FINDINGS`."""
    return [
        (
            new_key(),
            reading.id,
            finding.kind.value,
            finding.consumed_kwh,
            finding.usual_kwh,
            finding.season_kwh,
            finding.limit_kwh,
            finding.correction and finding.correction.mistake.value,
            finding.correction and finding.correction.value,
            stored(finding.typical),
        )
        for finding in one.findings
    ]


_KINDS = ", ".join(FORMS[kind].extensions[0] for kind in sorted(PICTURES))
_PATH = "photoUploadId"


async def with_photos(
    viewer: Viewer, checked: Sequence[Checked], *, now: datetime
) -> list[Checked]:
    """Entries that have no fault yet get one if their photo can't be used.

    The photos stay locked for whoever stores the readings, in the same transaction.
    """
    wanted = [photo for one in checked if (photo := one.entry.photo)]
    if not wanted:
        return list(checked)
    return list(_checked(checked, await usable(viewer, wanted, now=now)))


def _checked(checked: Sequence[Checked], found: Mapping[UUID, Upload]) -> Iterator[Checked]:
    used = set[UUID]()
    for one in checked:
        photo = one.entry.photo
        if photo is None or one.fault:
            yield one
        elif fault := _fault(None if photo in used else found.get(photo)):
            yield replace(one, fault=fault)
        else:
            used.add(photo)
            yield one


def _fault(photo: Upload | None) -> Refusal | None:
    if photo is None:
        return errors.PhotoUnusable(_PATH)
    return None if photo.kind in PICTURES else errors.PhotoNotAPicture(_PATH, kinds=_KINDS)


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
            await notifications.accepted(account_id, batch, book.period, now=moment.now)
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


@dataclass(frozen=True)
class Weighed:
    """An entry, and what would be billed for its register if nobody read it."""

    checked: Checked
    without: Estimate | None


@dataclass(frozen=True)
class Preview:
    """`quote` prices the entries that have no fault; None where no tariff is known."""

    period: date
    entries: Sequence[Weighed]
    quote: Quote


async def preview(viewer: Viewer, form: Form, moment: Moment, *, billing: BillingSide) -> Preview:
    """Check readings as `submission.submit` would, and say what they would cost.

    Raises `AccountNotFound` and `TooManyEntries`.
    """
    form.check_size()
    account = await own_account(viewer, form.account_id)
    book = await open_book(account.id, moment, billing=billing)
    checked = check(book, form.entries, partial=form.is_partial)
    rule = await rules.estimate_terms(book.period)
    weighed = [Weighed(one, _without(book, one.register, rule)) for one in checked]
    return Preview(book.period, weighed, await billing.quote(account, _used(checked), book.period))


def _used(checked: Sequence[Checked]) -> dict[Zone, Decimal]:
    """Kilowatt-hours to bill, by zone."""
    found: defaultdict[Zone, Decimal] = defaultdict(Decimal)
    for one in checked:
        if one.register is not None and one.kwh is not None:
            found[one.register.zone] += one.kwh
    return dict(found)


def _without(book: Book, one: KnownRegister | None, rule: EstimateTerms | None) -> Estimate | None:
    """None for what isn't a register of theirs, and where no rule or norm is known."""
    if one is None or rule is None or book.norm_kwh is None:
        return None
    zones = {there.zone for there in book.registers.values() if there.removed_on is None}
    months = book.history.get(one.zone, {})
    return estimate(
        [kwh for month, kwh in sorted(months.items()) if month < book.period],
        estimated_before=one.estimated_before,
        norm_kwh=book.norm_kwh / max(1, len(zones)),
        meter_possible=True,
        rule=rule,
    )
