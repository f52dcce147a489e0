"""Preview and submission of readings: checks, photos, storage."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from lk_graphql.database import raw_sql
from lk_graphql.guards.idempotency import IdempotentRequest, Json, dump_refusal, run_once
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import ReadingState, Zone
from lk_graphql.metering.service import notifications, rules
from lk_graphql.metering.service.billing_gateway import BillingGateway, Quote
from lk_graphql.metering.service.checks import (
    Checked,
    Entry,
    MeteringSnapshot,
    RegisterSnapshot,
    check,
    with_path,
)
from lk_graphql.metering.service.consumption import dump_months
from lk_graphql.metering.service.rules import Estimate, EstimateTerms, estimate
from lk_graphql.metering.service.snapshot_loader import (
    SubmissionTime,
    load_snapshot,
    lock_own_account,
    own_account,
)
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import mark_claimed, require_usable
from lk_graphql.uploads.service.formats import FORMATS, PICTURES

# What was sent before gives way first: a register has room for one of a month. A planner that saw
# how many there are would make a new plan each time.
_STORE = """
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
class StoredReading:
    """A reading's key and what it is now."""

    id: UUID
    state: ReadingState


async def store(
    checked: Sequence[Checked],
    snapshot: MeteringSnapshot,
    batch: UUID,
    viewer: Viewer,
    time: SubmissionTime,
) -> list[StoredReading]:
    """Keep entries without a fault, in their order, with their photos; call it in a transaction.

    One that counts replaces what the customer had sent for the register and month; one that needs
    a confirmation replaces what was waiting.
    """
    if not checked:
        return []
    kept = [StoredReading(new_key(), _state(one)) for one in checked]
    of_each = [
        [one.id for one in kept],
        [one.entry.register_id for one in checked],
        [one.entry.value for one in checked],
        [one.entry.photo for one in checked],
        [one.state.value for one in kept],
    ]
    of_all = (snapshot.taken_on, time.taken_at, time.now, snapshot.period, viewer.id, batch)
    await raw_sql.fetch(_STORE, *of_each, *of_all, [*_superseded(checked, kept)])
    if rows := [
        row for one, reading in zip(checked, kept, strict=True) for row in _findings(one, reading)
    ]:
        await raw_sql.fetch(_FINDINGS, *map(list, zip(*rows, strict=True)))
    if photos := [photo for one in checked if (photo := one.entry.photo)]:
        await mark_claimed(photos, now=time.now)
    return kept


def _state(entry: Checked) -> ReadingState:
    return ReadingState.NEEDS_CONFIRMATION if entry.needs_confirmation else ReadingState.ACCEPTED


def _superseded(checked: Iterable[Checked], stored: Iterable[StoredReading]) -> Iterator[UUID]:
    """What was sent before and is replaced."""
    for one, new in zip(checked, stored, strict=True):
        for old in one.register.submitted if one.register else ():
            if new.state is ReadingState.ACCEPTED or not old.is_accepted:
                yield old.id


def _findings(entry: Checked, reading: StoredReading) -> list[tuple[object, ...]]:
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
            dump_months(finding.typical),
        )
        for finding in entry.findings
    ]


_KINDS = ", ".join(FORMATS[kind].extensions[0] for kind in sorted(PICTURES))
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
    return list(_attach_photos(checked, await require_usable(viewer, wanted, now=now)))


def _attach_photos(checked: Sequence[Checked], uploads: Mapping[UUID, Upload]) -> Iterator[Checked]:
    used = set[UUID]()
    for one in checked:
        photo = one.entry.photo
        if photo is None or one.fault:
            yield one
        elif fault := _fault(None if photo in used else uploads.get(photo)):
            yield replace(one, fault=fault)
        else:
            used.add(photo)
            yield one


def _fault(photo: Upload | None) -> Refusal | None:
    if photo is None:
        return errors.PhotoUnusable(_PATH)
    return None if photo.kind in PICTURES else errors.PhotoNotAPicture(_PATH, kinds=_KINDS)


MAX_ENTRIES = 30
"""Three zones of ten meters: more than any household has."""
PURPOSE = "readings confirm"


@dataclass(frozen=True)
class ReadingsForm:
    """What a customer sends. `is_atomic`: all of it or nothing; `is_partial`: zones may be missing.

    Ids that are no keys of ours are None, and find nothing.
    """

    account_id: UUID | None
    entries: Sequence[Entry]
    taken_at: datetime | None = None
    is_partial: bool = False
    is_atomic: bool = False

    def check_size(self) -> None:
        if not 1 <= len(self.entries) <= MAX_ENTRIES:
            raise errors.TooManyEntries("entries", most=MAX_ENTRIES)


@dataclass(frozen=True)
class SubmissionResult:
    """What came of a form, entry by entry, as it is kept for repeats.

    `token` confirms what waits; None when nothing does. Nothing is saved when an atomic form has
    a fault.
    """

    is_saved: bool
    entries: list[dict[str, Any]]
    token: str | None = None


async def submit(
    viewer: Viewer,
    form: ReadingsForm,
    key: str,
    time: SubmissionTime,
    *,
    billing: BillingGateway,
    links: Signer,
) -> SubmissionResult:
    """Take readings of one account, once for each key.

    A reading that is accepted replaces what the customer sent for the same register and month;
    one that needs a confirmation leaves the accepted one alone until staff accept it.
    Raises `AccountNotFound`, `TooManyEntries`, and what `idempotency.once` raises.
    """
    form.check_size()

    async def act() -> Json:
        account_id = await lock_own_account(viewer, form.account_id)
        book = await load_snapshot(account_id, time, form.entries, billing=billing)
        checked = check(book, form.entries, partial=form.is_partial)
        checked = await with_photos(viewer, checked, now=time.now)
        if form.is_atomic and any(one.fault or one.needs_confirmation for one in checked):
            return {
                "batch": None,
                "entries": [_dump_refusal(n, one) for n, one in enumerate(checked)],
            }
        batch = new_key()
        kept = await store([c for c in checked if not c.fault], book, batch, viewer, time)
        if any(one.state is ReadingState.ACCEPTED for one in kept):
            await notifications.notify_accepted(account_id, batch, book.period, now=time.now)
        return {"batch": batch.hex, "entries": _dump_entries(checked, kept)}

    demand = IdempotentRequest("readingsSubmit", key, form)
    said = cast("Any", await run_once(viewer, demand, act, codes=ReadingErrorCode, now=time.now))
    return _load_result(viewer, said, links)


def _load_result(viewer: Viewer, stored: Mapping[str, Any], links: Signer) -> SubmissionResult:
    entries: list[dict[str, Any]] = stored["entries"]
    waits = any(entry["status"] == ReadingState.NEEDS_CONFIRMATION for entry in entries)
    if stored["batch"] is None or not waits:
        return SubmissionResult(stored["batch"] is not None, entries)
    token = links.sign(PURPOSE, UUID(stored["batch"]), viewer.id.bytes)
    return SubmissionResult(is_saved=True, entries=entries, token=token)


def _dump_entries(checked: Sequence[Checked], stored: Iterable[StoredReading]) -> list[Json]:
    """In the order of the entries; `kept` are those without a fault."""
    rest = iter(stored)
    return [
        _dump_refusal(number, one) if one.fault else _dump_reading(next(rest))
        for number, one in enumerate(checked)
    ]


def _dump_reading(reading: StoredReading) -> dict[str, Json]:
    return {"status": reading.state.value, "reading": reading.id.hex}


def _dump_refusal(number: int, entry: Checked) -> dict[str, Json]:
    """An entry of which nothing is kept, with its fault and what was probably meant."""
    fault, meant = entry.fault or _unconfirmed(entry), entry.correction
    if fault is None:
        return {"status": ReadingState.REJECTED.value}
    return {
        "status": ReadingState.REJECTED.value,
        "fault": {**dump_refusal(fault), "path": [*with_path(fault, number)]},
        "mistake": meant and meant.mistake.value,
        "suggested": meant and str(meant.value),
    }


def _unconfirmed(entry: Checked) -> Refusal | None:
    if not entry.needs_confirmation or entry.consumed is None:
        return None
    return errors.ConfirmationNeeded("value", consumed=entry.consumed.kwh)


@dataclass(frozen=True)
class PreviewEntry:
    """An entry, and what would be billed for its register if nobody read it."""

    checked: Checked
    estimate: Estimate | None


@dataclass(frozen=True)
class SubmissionPreview:
    """`quote` prices the entries that have no fault; None where no tariff is known."""

    period: date
    entries: Sequence[PreviewEntry]
    quote: Quote


async def preview(
    viewer: Viewer, form: ReadingsForm, time: SubmissionTime, *, billing: BillingGateway
) -> SubmissionPreview:
    """Check readings as `submission.submit` would, and say what they would cost.

    Raises `AccountNotFound` and `TooManyEntries`.
    """
    form.check_size()
    account = await own_account(viewer, form.account_id)
    book = await load_snapshot(account.id, time, billing=billing)
    checked = check(book, form.entries, partial=form.is_partial)
    rule = await rules.estimate_terms(book.period)
    weighed = [PreviewEntry(one, _estimate(book, one.register, rule)) for one in checked]
    return SubmissionPreview(
        book.period, weighed, await billing.quote(account, _consumed(checked), book.period)
    )


def _consumed(checked: Sequence[Checked]) -> dict[Zone, Decimal]:
    """Kilowatt-hours to bill, by zone."""
    found: defaultdict[Zone, Decimal] = defaultdict(Decimal)
    for one in checked:
        if one.register is not None and one.kwh is not None:
            found[one.register.zone] += one.kwh
    return dict(found)


def _estimate(
    snapshot: MeteringSnapshot, register: RegisterSnapshot | None, rule: EstimateTerms | None
) -> Estimate | None:
    """None for what isn't a register of theirs, and where no rule or norm is known."""
    if register is None or rule is None or snapshot.norm_kwh is None:
        return None
    zones = {there.zone for there in snapshot.registers.values() if there.removed_on is None}
    months = snapshot.history.get(register.zone, {})
    return estimate(
        [kwh for month, kwh in sorted(months.items()) if month < snapshot.period],
        estimated_before=register.estimated_before,
        norm_kwh=snapshot.norm_kwh / max(1, len(zones)),
        meter_possible=True,
        rule=rule,
    )
