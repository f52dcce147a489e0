"""Submission of readings and its preview."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from lk_graphql.accounts.service.links import lock_own_account, own_account
from lk_graphql.database import raw_sql
from lk_graphql.guards.idempotency import IdempotentRequest, Json, dump_refusal, run_once
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.models import CURRENT_STATES_SQL, GapPricing, ReadingState, Zone
from lk_graphql.metering.service import notifications, rules
from lk_graphql.metering.service.billing_gateway import BillingGateway, Quote
from lk_graphql.metering.service.checks import (
    CheckedEntry,
    MeteringSnapshot,
    ReadingEntry,
    RegisterSnapshot,
    check,
    with_path,
)
from lk_graphql.metering.service.consumption import dump_months
from lk_graphql.metering.service.rules import (
    Estimate,
    EstimateTerms,
    SubmissionTime,
    estimate,
    norm_shares,
)
from lk_graphql.metering.service.snapshot_loader import load_snapshot
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import mark_claimed, require_usable
from lk_graphql.uploads.service.formats import FORMATS, PICTURES

MAX_ENTRIES = 30
"""Three zones of ten meters, more than any household has."""
PURPOSE = "readings confirm"

_PHOTO_FORMATS = ", ".join(FORMATS[kind].extensions[0] for kind in sorted(PICTURES))
_PHOTO_PATH = "photoUploadId"

# The earlier submissions are superseded first, because a unique index admits one reading per
# register and month. The subquery hides the array's length: with a known length PostgreSQL would
# make a new plan each time.
_STORE = f"""
WITH gone AS (
    UPDATE reading SET state = 'SUPERSEDED'
    WHERE id = ANY((SELECT $12::uuid[])::uuid[])
    AND state IN ({CURRENT_STATES_SQL}) RETURNING id
)
INSERT INTO reading (id, register_id, value, photo_id, state, taken_on, taken_at, received_at,
    period, source, submitted_by_id, batch, caller)
SELECT new.*, $6, $7, $8, $9, 'CUSTOMER', $10, $11, $13
FROM unnest($1::uuid[], $2::uuid[], $3::numeric[], $4::uuid[], $5::text[]) AS new
WHERE (SELECT count(*) FROM gone) >= 0"""  # noqa: S608 - constants
_STORE_FINDINGS = """
INSERT INTO reading_finding (id, reading_id, kind, consumed_kwh, usual_kwh, season_kwh, limit_kwh,
    mistake, suggested_value, typical_months)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::numeric[],
    $6::numeric[], $7::numeric[], $8::text[], $9::numeric[], $10::jsonb[])"""


@dataclass(frozen=True)
class ReadingsForm:
    """A submission. If `is_atomic`, all or none is stored; if `is_partial`, zones may be missing.

    `account_id` is None for a malformed id, which matches no account.
    """

    account_id: UUID | None
    entries: Sequence[ReadingEntry]
    taken_at: datetime | None = None
    is_partial: bool = False
    is_atomic: bool = False

    def check_size(self) -> None:
        if not 1 <= len(self.entries) <= MAX_ENTRIES:
            raise errors.TooManyEntries("entries", most=MAX_ENTRIES)


@dataclass(frozen=True)
class Submitter:
    """The sender of readings: a user of the cabinet, or a caller who reports them to staff."""

    user_id: UUID | None = None
    caller: str | None = None


# Submission.


@dataclass(frozen=True)
class StoredReading:
    """A reading's key and state."""

    id: UUID
    state: ReadingState


@dataclass(frozen=True)
class SubmissionResult:
    """The result of a submission, entry by entry, as it is stored for repeats.

    `token` confirms the pending readings; None when there are none. Nothing is saved when an
    atomic form has a fault.
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
    signer: Signer,
) -> SubmissionResult:
    """Check and store readings of one account, once for each idempotency key.

    An accepted reading replaces the customer's earlier one of the same register and month. A
    reading that needs a confirmation leaves the accepted one in force until staff accept the new
    one. So does a reading of a meter whose verification has expired.

    Raises `AccountNotFound`, `TooManyEntries`, and the errors of `idempotency.run_once`.
    """
    form.check_size()

    async def act() -> Json:
        account_id = await lock_own_account(viewer, form.account_id)
        snapshot = await load_snapshot(account_id, time, form.entries, billing=billing)
        checked = check(snapshot, form.entries, partial=form.is_partial)
        checked = await with_photos(viewer, checked, now=time.now)
        if form.is_atomic and any(entry.fault or entry.needs_confirmation for entry in checked):
            refusals = [_dump_refusal(number, entry) for number, entry in enumerate(checked)]
            return {"batch": None, "entries": refusals}
        batch = new_key()
        faultless = [entry for entry in checked if not entry.fault]
        readings = await store(faultless, snapshot, batch, time, Submitter(viewer.id))
        if any(reading.state is ReadingState.ACCEPTED for reading in readings):
            await notifications.notify_accepted(account_id, batch, snapshot.period, now=time.now)
        return {"batch": batch.hex, "entries": _dump_entries(checked, readings)}

    request = IdempotentRequest("readingsSubmit", key, form)
    outcome = await run_once(viewer, request, act, now=time.now)
    return _load_result(viewer, cast("Any", outcome), signer)


def _load_result(viewer: Viewer, stored: Mapping[str, Any], signer: Signer) -> SubmissionResult:
    entries: list[dict[str, Any]] = stored["entries"]
    is_pending = any(entry["status"] == ReadingState.NEEDS_CONFIRMATION for entry in entries)
    if stored["batch"] is None or not is_pending:
        return SubmissionResult(stored["batch"] is not None, entries)
    token = signer.sign(PURPOSE, UUID(stored["batch"]), viewer.id.bytes)
    return SubmissionResult(is_saved=True, entries=entries, token=token)


def _dump_entries(checked: Sequence[CheckedEntry], readings: Iterable[StoredReading]) -> list[Json]:
    """The entries in their order; `readings` are those of the entries without a fault."""
    stored = iter(readings)
    return [
        _dump_refusal(number, entry) if entry.fault else _dump_reading(next(stored))
        for number, entry in enumerate(checked)
    ]


def _dump_reading(reading: StoredReading) -> dict[str, Json]:
    return {"status": reading.state.value, "reading": reading.id.hex}


def _dump_refusal(number: int, entry: CheckedEntry) -> dict[str, Json]:
    """An entry that is not stored, with its fault and the proposed correction."""
    fault, correction = entry.fault or _unconfirmed(entry), entry.correction
    if fault is None:
        return {"status": ReadingState.REJECTED.value}
    return {
        "status": ReadingState.REJECTED.value,
        "fault": {**dump_refusal(fault), "path": [*with_path(fault, number)]},
        "mistake": correction and correction.mistake.value,
        "suggested": correction and str(correction.value),
    }


def _unconfirmed(entry: CheckedEntry) -> Refusal | None:
    if not entry.needs_confirmation or entry.consumed is None:
        return None
    return errors.ConfirmationNeeded("value", consumed=entry.consumed.kwh)


# Photos of the display.


async def with_photos(
    viewer: Viewer, checked: Sequence[CheckedEntry], *, now: datetime
) -> list[CheckedEntry]:
    """Add a fault to each faultless entry with an unusable photo.

    The photos stay locked until the end of the transaction, in which `store` claims them.
    """
    photos = [photo for entry in checked if (photo := entry.entry.photo)]
    if not photos:
        return list(checked)
    return list(_check_photos(checked, await require_usable(viewer, photos, now=now)))


def _check_photos(
    checked: Sequence[CheckedEntry], uploads: Mapping[UUID, Upload]
) -> Iterator[CheckedEntry]:
    attached = set[UUID]()
    for entry in checked:
        photo = entry.entry.photo
        if photo is None or entry.fault:
            yield entry
        elif fault := _photo_fault(None if photo in attached else uploads.get(photo)):
            yield replace(entry, fault=fault)
        else:
            attached.add(photo)
            yield entry


def _photo_fault(photo: Upload | None) -> Refusal | None:
    if photo is None:
        return errors.PhotoUnusable(_PHOTO_PATH)
    if photo.kind not in PICTURES:
        return errors.PhotoNotAPicture(_PHOTO_PATH, kinds=_PHOTO_FORMATS)
    return None


# Storage.


async def store(
    checked: Sequence[CheckedEntry],
    snapshot: MeteringSnapshot,
    batch: UUID,
    time: SubmissionTime,
    submitter: Submitter,
) -> list[StoredReading]:
    """Store entries without a fault, in their order, with their findings and photos.

    An accepted reading supersedes all earlier ones of the customer for the register and month. A
    reading that needs a confirmation supersedes the pending ones only. Needs a transaction.
    """
    if not checked:
        return []
    readings = [StoredReading(new_key(), _state(entry, submitter)) for entry in checked]
    columns = [
        [reading.id for reading in readings],
        [entry.entry.register_id for entry in checked],
        [entry.entry.value for entry in checked],
        [entry.entry.photo for entry in checked],
        [reading.state.value for reading in readings],
    ]
    values = (snapshot.taken_on, time.taken_at, time.now, snapshot.period, submitter.user_id, batch)
    superseded = [*_superseded(checked, readings)]
    await raw_sql.fetch(_STORE, *columns, *values, superseded, submitter.caller)
    if rows := [
        row
        for entry, reading in zip(checked, readings, strict=True)
        for row in _finding_rows(entry, reading)
    ]:
        await raw_sql.fetch(_STORE_FINDINGS, *map(list, zip(*rows, strict=True)))
    if photos := [photo for entry in checked if (photo := entry.entry.photo)]:
        await mark_claimed(photos, now=time.now)
    return readings


def _state(entry: CheckedEntry, submitter: Submitter) -> ReadingState:
    if entry.needs_confirmation and not submitter.caller:
        return ReadingState.NEEDS_CONFIRMATION
    is_reviewed = entry.needs_confirmation or entry.is_expired
    return ReadingState.ON_REVIEW if is_reviewed else ReadingState.ACCEPTED


def _superseded(
    checked: Iterable[CheckedEntry], readings: Iterable[StoredReading]
) -> Iterator[UUID]:
    for entry, new in zip(checked, readings, strict=True):
        for old in entry.register.submitted if entry.register else ():
            if new.state is ReadingState.ACCEPTED or not old.is_accepted:
                yield old.id


def _finding_rows(entry: CheckedEntry, reading: StoredReading) -> list[tuple[object, ...]]:
    """The columns of `_STORE_FINDINGS`."""
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


# Preview.


@dataclass(frozen=True)
class PreviewEntry:
    """A checked entry, and the estimate that would be billed without a reading."""

    checked: CheckedEntry
    estimate: Estimate | None

    @property
    def billed_kwh(self) -> Decimal | None:
        """The kilowatt-hours to bill: those of the estimate if the reading wouldn't count."""
        if self.checked.is_expired:
            return self.estimate and self.estimate.kwh
        return self.checked.kwh

    @property
    def raising_factor(self) -> Decimal:
        """The factor on the price of `billed_kwh`: 1 unless these are by the norm."""
        if self.checked.is_expired and self.estimate:
            return self.estimate.raising_factor
        return Decimal(1)


@dataclass(frozen=True)
class Surcharge:
    """The surcharge of a raising factor on the energy that would be billed by the norm."""

    factor: Decimal
    amount: Kopecks


@dataclass(frozen=True)
class SubmissionPreview:
    """The result of a preview. `quote` prices entries without a fault; None without a tariff."""

    period: date
    entries: Sequence[PreviewEntry]
    quote: Quote
    surcharge: Surcharge | None

    @property
    def total(self) -> Kopecks | None:
        if self.quote is None:
            return None
        surcharge = self.surcharge.amount if self.surcharge else 0
        return Kopecks(sum(line.amount for line in self.quote) + surcharge)


async def preview(
    viewer: Viewer, form: ReadingsForm, time: SubmissionTime, *, billing: BillingGateway
) -> SubmissionPreview:
    """Check readings as `submit` does, and price them. Stores nothing.

    Raises `AccountNotFound` and `TooManyEntries`.
    """
    form.check_size()
    account = await own_account(viewer, form.account_id)
    snapshot = await load_snapshot(account.id, time, billing=billing)
    checked = check(snapshot, form.entries, partial=form.is_partial)
    rule = await rules.estimate_terms(snapshot.period)
    entries = [PreviewEntry(entry, _estimate(snapshot, entry.register, rule)) for entry in checked]
    is_together = rule is None or rule.gap_pricing is GapPricing.ALL_MONTHS
    counted = [entry.months for entry in checked if not entry.is_expired]
    months = max(counted, default=1) if is_together else 1
    quote = await billing.quote(account, _kwh_by_zone(entries), snapshot.period, months)
    return SubmissionPreview(snapshot.period, entries, quote, _surcharge(entries, quote))


def _kwh_by_zone(entries: Iterable[PreviewEntry]) -> dict[Zone, Decimal]:
    """The kilowatt-hours to bill of the entries without a fault."""
    volumes: defaultdict[Zone, Decimal] = defaultdict(Decimal)
    for entry in entries:
        register, kwh = entry.checked.register, entry.billed_kwh
        if register is not None and kwh is not None and not entry.checked.fault:
            volumes[register.zone] += kwh
    return dict(volumes)


def _surcharge(entries: Sequence[PreviewEntry], quote: Quote) -> Surcharge | None:
    """The surcharge on the charges by the norm; None if there is none, or no tariff.

    In a zone that is charged for other energy, too, the norm has its part of the charges.
    """
    factor = max((entry.raising_factor for entry in entries), default=Decimal(1))
    volumes = _kwh_by_zone(entries)
    by_norm = _kwh_by_zone(entry for entry in entries if entry.raising_factor > 1)
    charges = (
        line.amount * by_norm[line.zone] / volumes[line.zone]
        for line in quote or ()
        if by_norm.get(line.zone) and volumes[line.zone]
    )
    amount = round_half_up(sum(charges, Decimal()) * (factor - 1))
    return Surcharge(factor, amount) if amount else None


def _estimate(
    snapshot: MeteringSnapshot, register: RegisterSnapshot | None, rule: EstimateTerms | None
) -> Estimate | None:
    """The estimate for a register; None if it is unknown or removed, or without a rule or norm."""
    if register is None or rule is None or snapshot.norm_kwh is None:
        return None
    registers = [one for one in snapshot.registers.values() if one.removed_on is None]
    if register not in registers:
        return None
    norm_kwh = norm_shares(snapshot.norm_kwh, len(registers))[registers.index(register)]
    months = snapshot.history.get(register.id, {})
    return estimate(
        [kwh for month, kwh in sorted(months.items()) if month < snapshot.period],
        estimated_before=register.estimated_months,
        norm_kwh=norm_kwh,
        rule=rule,
    )
