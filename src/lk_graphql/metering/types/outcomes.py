"""What use cases about readings answered, as clients see it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.identity.service.idempotency import told
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.languages import Language
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import Mistake, ReadingState
from lk_graphql.metering.service.anomalies import Finding
from lk_graphql.metering.service.billing_side import QuotedLine
from lk_graphql.metering.service.checks import located
from lk_graphql.metering.service.mistakes import Correction
from lk_graphql.metering.service.previews import Preview, Weighed
from lk_graphql.metering.service.submission import Outcome
from lk_graphql.metering.types.errors import ReadingError
from lk_graphql.metering.types.evidence import TypicalMonth
from lk_graphql.metering.types.objects import Reading
from lk_graphql.metering.types.payloads import (
    PreviewFinding,
    ReadingEntryOutcome,
    ReadingEntryStatus,
    ReadingPreviewEntry,
    ReadingPreviewLine,
    ReadingsPreview,
    ReadingsSubmitPayload,
)
from lk_graphql.reads.rows import Rows
from lk_graphql.reads.scalars import Money, Period, Quantity

Ids = Sequence[strawberry.ID]
_STATUS = {
    ReadingState.ACCEPTED.value: ReadingEntryStatus.ACCEPTED_FOR_BILLING,
    ReadingState.NEEDS_CONFIRMATION.value: ReadingEntryStatus.NEEDS_CONFIRMATION,
    ReadingState.REJECTED.value: ReadingEntryStatus.REJECTED,
}


def submitted(done: Outcome, ids: Ids, language: Language, rows: Rows) -> ReadingsSubmitPayload:
    """Where nothing is saved, all that is wrong is the whole form's."""
    found = [_errors(entry, language) for entry in done.entries]
    if not done.is_saved:
        return ReadingsSubmitPayload(errors=[error for errors in found for error in errors])
    entries = [
        ReadingEntryOutcome(
            register_id=id_,
            status=_STATUS[entry["status"]],
            reading=rows.by_key(Reading, UUID(entry["reading"])) if "reading" in entry else None,
            errors=errors,
        )
        for id_, entry, errors in zip(ids, done.entries, found, strict=True)
    ]
    return ReadingsSubmitPayload(entries=entries, confirm_token=done.token)


def _errors(entry: Mapping[str, Any], language: Language) -> list[ReadingError]:
    if "fault" not in entry:
        return []
    suggested, mistake = entry["suggested"], entry["mistake"]
    correction = Correction(Mistake(mistake), Decimal(suggested)) if mistake else None
    fault = told(entry["fault"], ReadingErrorCode)
    return [_error(fault, fault.path, correction, language)]


def _error(
    fault: Refusal, path: Sequence[str], meant: Correction | None, language: Language
) -> ReadingError:
    return ReadingError(
        code=ReadingErrorCode(fault.code),
        message=fault.text(language),
        path=[*path],
        likely_mistake=meant and meant.mistake,
        suggested_value=meant and Quantity(meant.value),
    )


def previewed(seen: Preview, ids: Ids, language: Language) -> ReadingsPreview:
    return ReadingsPreview(
        period=Period(seen.period),
        entries=[
            _entry(number, one, id_, language)
            for number, (one, id_) in enumerate(zip(seen.entries, ids, strict=True))
        ],
        lines=None if seen.quote is None else [_line(line) for line in seen.quote],
        total=None if seen.quote is None else Money(sum(line.amount for line in seen.quote)),
    )


def _line(line: QuotedLine) -> ReadingPreviewLine:
    return ReadingPreviewLine(
        zone=line.zone,
        range_number=line.range_number,
        quantity_kwh=Quantity(round(line.kwh, 3)),
        rubles_per_kwh=Quantity(line.rubles_per_kwh),
        amount=Money(line.amount),
    )


def _entry(
    number: int, one: Weighed, id_: strawberry.ID, language: Language
) -> ReadingPreviewEntry:
    checked, register = one.checked, one.checked.register
    fault, meant = checked.fault, checked.correction
    errors = [_error(fault, located(fault, number), meant, language)] if fault else []
    previous = register and register.read and register.read.value
    return ReadingPreviewEntry(
        register_id=id_,
        status=_would_be(one),
        zone=register and register.zone,
        previous_value=_quantity(previous),
        consumption_kwh=_quantity(checked.consumed and checked.consumed.kwh),
        billed_kwh=_quantity(checked.kwh),
        estimated_kwh=_quantity(one.without and one.without.kwh),
        findings=[_finding(finding) for finding in checked.findings],
        errors=errors,
    )


def _would_be(one: Weighed) -> ReadingEntryStatus:
    if one.checked.fault:
        return ReadingEntryStatus.REJECTED
    if one.checked.needs_confirmation:
        return ReadingEntryStatus.NEEDS_CONFIRMATION
    return ReadingEntryStatus.ACCEPTED_FOR_BILLING


def _finding(one: Finding) -> PreviewFinding:
    return PreviewFinding(
        kind=one.kind,
        consumed_kwh=Quantity(one.consumed_kwh),
        usual_kwh=_quantity(one.usual_kwh),
        season_kwh=_quantity(one.season_kwh),
        limit_kwh=_quantity(one.limit_kwh),
        likely_mistake=one.correction and one.correction.mistake,
        suggested_value=_quantity(one.correction and one.correction.value),
        typical_months=[
            TypicalMonth(period=Period(month.period), kwh=Quantity(round(month.kwh, 3)))
            for month in one.typical
        ],
    )


def _quantity(value: Decimal | None) -> Quantity | None:
    """As the database keeps such numbers: an average may have many more decimals."""
    return None if value is None else Quantity(round(value, 3))
