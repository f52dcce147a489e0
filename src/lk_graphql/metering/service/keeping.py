"""Keeping readings that were sent together: by the same few statements, one reading or thirty."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from lk_graphql import engine
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import ReadingState
from lk_graphql.metering.service.books import Moment
from lk_graphql.metering.service.checks import Checked
from lk_graphql.metering.service.history import stored
from lk_graphql.metering.service.known import Book
from lk_graphql.uploads.service.taking import use

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
    await engine.fetch(_KEEP, *of_each, *of_all, [*_gone(good, kept)])
    if rows := [
        row for one, reading in zip(good, kept, strict=True) for row in _findings(one, reading)
    ]:
        await engine.fetch(_FINDINGS, *map(list, zip(*rows, strict=True)))
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
