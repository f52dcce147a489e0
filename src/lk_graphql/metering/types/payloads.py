"""Payloads and errors of the reading mutations, converted from use-case results."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.guards.idempotency import load_refusal
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.languages import Language
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import FindingKind, Mistake, ReadingState, Zone
from lk_graphql.metering.service.billing_gateway import QuotedLine
from lk_graphql.metering.service.checks import Finding, with_path
from lk_graphql.metering.service.submission import (
    PreviewEntry,
    SubmissionPreview,
    SubmissionResult,
    Surcharge,
)
from lk_graphql.metering.service.typo_detection import Correction
from lk_graphql.metering.types.objects import TYPICAL, Reading, Register, TypicalMonth
from lk_graphql.planner.declare.scalars import Money, Period, Quantity
from lk_graphql.planner.resolvers.rows import RowReader
from lk_graphql.planner.types import choices, labels

# ruff: noqa: S106 - codes with TOKEN in their names, not passwords


choices(
    Mistake,
    "The kind of mistake in copying a number from a display.",
    SWAPPED_ZONES="The number is another zone's.",
    DECIMAL_COMMA="The decimal comma is missing, and the digits after it are present.",
    TRANSPOSED_DIGITS="Two neighbouring digits are transposed.",
    MISSING_DIGIT="A digit is missing.",
    EXTRA_DIGIT="There is one digit too many.",
)
labels(
    Mistake,
    SWAPPED_ZONES=("Перепутаны зоны", "Zones swapped"),
    DECIMAL_COMMA=("Пропущена запятая", "Missing decimal point"),
    TRANSPOSED_DIGITS=("Переставлены цифры", "Digits transposed"),
    MISSING_DIGIT=("Пропущена цифра", "A digit is missing"),
    EXTRA_DIGIT=("Лишняя цифра", "Extra digit"),
)
choices(
    ReadingErrorCode,
    "The reason for refusing a reading. Codes never change.",
    ACCOUNT_NOT_FOUND="The customer has no such account.",
    TOO_MANY_ENTRIES="There are no entries, or more than `publicSettings.mostReadings`.",
    REGISTER_NOT_FOUND="The account has no such register.",
    REGISTER_REPEATED="The register is listed twice.",
    METER_REMOVED="The meter has been removed, or set to other zones: the register counts no more.",
    METER_REPORTS_ITSELF="The meter transmits its readings itself.",
    WINDOW_CLOSED="No readings are accepted now; see `account.readingWindow`.",
    PERIOD_BILLED="The month has been billed.",
    TAKEN_IN_FUTURE="`takenAt` is in the future.",
    TAKEN_TOO_LONG_AGO="`takenAt` is more days ago than `readingRules.offlineDays`.",
    TAKEN_BEFORE_PREVIOUS="The register has a reading of the same day or a later one, or the meter "
    "was installed later.",
    ZONES_MISSING="Zones of the meter are missing, and `allowPartial` isn't set.",
    NUMBER_MALFORMED="A number is malformed; nothing else was checked.",
    TOO_MANY_DIGITS="Negative, or with more digits than the register has.",
    TOO_MANY_DECIMALS="More decimals than the register has.",
    BELOW_PREVIOUS="Less than the previous value, and a restart from zero isn't plausible.",
    PHOTO_UNUSABLE="The photo isn't uploaded, is still being checked, was used, or belongs to "
    "somebody else.",
    PHOTO_NOT_A_PICTURE="The file isn't a picture: JPEG, PNG or HEIC.",
    CONFIRMATION_NEEDED="Unusual, in an all-or-nothing request.",
    CONFIRM_TOKEN_INVALID="No reading waits for this token, or it belongs to somebody else.",
    READING_NOT_FOUND="The customer has no such reading.",
    READING_FINAL="The reading no longer counts, or came from another source than the customer.",
    READING_IN_BILLING="The billing system has recorded the reading: send a new one, which "
    "replaces it.",
    REASON_INVALID="A reason has 1 to 300 characters. Returned to staff only.",
    CALLER_INVALID="A caller's name has 2 to 150 characters. Returned to staff only.",
    IDEMPOTENCY_CONFLICT="The key was used for another request: choose a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is suitable.",
)


@object_type
class ReadingError(UserError):
    """A refusal of a reading."""

    code: ReadingErrorCode = strawberry.field(description="The machine-readable reason.")
    likely_mistake: Mistake | None = strawberry.field(
        default=None, description="The probable mistake, if a mistake explains the value."
    )
    suggested_value: Quantity | None = strawberry.field(
        default=None,
        description="The value without the mistake, as a suggestion; never applied automatically.",
    )


class ReadingEntryStatus(StrEnum):
    """The result of one entry."""

    ACCEPTED_FOR_BILLING = "ACCEPTED_FOR_BILLING"
    NEEDS_CONFIRMATION = "NEEDS_CONFIRMATION"
    ON_REVIEW = "ON_REVIEW"
    REJECTED = "REJECTED"


choices(
    ReadingEntryStatus,
    "The result of one entry.",
    ACCEPTED_FOR_BILLING="Counts, unless a later reading of the month replaces it.",
    NEEDS_CONFIRMATION="Unusual: kept, and waiting for `readingsConfirm`.",
    ON_REVIEW="Unusual and confirmed, or of a meter with an expired verification: kept, and under "
    "review by staff.",
    REJECTED="Not accepted, or part of an all-or-nothing request with a failure.",
)
labels(
    ReadingEntryStatus,
    ACCEPTED_FOR_BILLING=("Принято", "Accepted"),
    NEEDS_CONFIRMATION=("Ждёт подтверждения", "Awaiting confirmation"),
    ON_REVIEW=("На проверке", "Under review"),
    REJECTED=("Не принято", "Not accepted"),
)


@object_type
class PreviewFinding:
    """A finding that makes a reading unusual."""

    kind: FindingKind = strawberry.field(description="The kind of finding.")
    consumed_kwh: Quantity = strawberry.field(
        description="The consumption according to this reading."
    )
    usual_kwh: Quantity | None = strawberry.field(
        description="The usual consumption for an equally long time, by the months before; null "
        "if they are too few."
    )
    season_kwh: Quantity | None = strawberry.field(
        description="The consumption in the same months of earlier years; null if none is known."
    )
    limit_kwh: Quantity | None = strawberry.field(
        description="The consumption above which a reading is unusual."
    )
    likely_mistake: Mistake | None = strawberry.field(description="The probable mistake.")
    suggested_value: Quantity | None = strawberry.field(
        description="The value without the mistake."
    )
    typical_months: list[TypicalMonth] = strawberry.field(description=TYPICAL)


@object_type
class ReadingPreviewEntry:
    """The expected result of one reading."""

    register_id: strawberry.ID = strawberry.field(description="The id of the register, as given.")
    register: Register | None = strawberry.field(
        description="The register with this id; null if it isn't the customer's."
    )
    status: ReadingEntryStatus = strawberry.field(description="The expected status.")
    zone: Zone | None = strawberry.field(
        description="The tariff zone in which the register counts."
    )
    previous_value: Quantity | None = strawberry.field(
        description="The value of the last reading that isn't an estimate."
    )
    consumption_kwh: Quantity | None = strawberry.field(
        description="The consumption since that reading, the meter's ratio included («расход»)."
    )
    billed_kwh: Quantity | None = strawberry.field(
        description="The volume that would be billed: the part of `consumptionKwh` not billed "
        "yet, negative if estimates were too high; the estimate if the meter's verification has "
        "expired."
    )
    estimated_kwh: Quantity | None = strawberry.field(
        description="The volume that would be billed without a reading: an average, later the norm."
    )
    findings: list[PreviewFinding] = strawberry.field(description="The findings about the reading.")
    errors: list[ReadingError] = strawberry.field(
        description="The reasons why it would be refused."
    )


@object_type
class ReadingPreviewLine:
    """The expected cost of energy in one zone and range."""

    zone: Zone = strawberry.field(description="The tariff zone (time of day).")
    range_number: int = strawberry.field(
        description="The range of consumption, 1 to 3 («диапазон»)."
    )
    quantity_kwh: Quantity = strawberry.field(description="The volume in kilowatt-hours.")
    rubles_per_kwh: Quantity = strawberry.field(
        description="The tariff in rubles per kilowatt-hour, VAT included."
    )
    amount: Money = strawberry.field(description="The amount of the line.")


@object_type
class ReadingPreviewSurcharge:
    """The surcharge of the raising factor on energy that would be billed by the norm."""

    factor: Quantity = strawberry.field(
        description="The raising factor («повышающий коэффициент»)."
    )
    amount: Money = strawberry.field(description="The amount that it adds.")


@object_type
class ReadingsPreview:
    """The expected result of readings; nothing is saved."""

    period: Period = strawberry.field(description="The month for which they would count.")
    entries: list[ReadingPreviewEntry] = strawberry.field(
        description="The result of each entry, in the order given."
    )
    lines: list[ReadingPreviewLine] | None = strawberry.field(
        description="The cost by zone and range; null if no tariff is known yet."
    )
    surcharge: ReadingPreviewSurcharge | None = strawberry.field(
        description="The surcharge on the lines of energy by the norm, if the meter's verification "
        "has expired; null without one."
    )
    total: Money | None = strawberry.field(description="The sum of `lines` and `surcharge`.")


@object_type
class ReadingsPreviewPayload:
    """The result of `readingsPreview`."""

    preview: ReadingsPreview | None = outcome("The preview to show before submission.")
    errors: list[ReadingError] = errors()


@object_type
class ReadingEntryOutcome:
    """The result of one reading."""

    register_id: strawberry.ID = strawberry.field(description="The id of the register, as given.")
    register: Register | None = strawberry.field(
        description="The register with this id, with its current `lastReading`; null if it isn't "
        "the customer's."
    )
    status: ReadingEntryStatus = strawberry.field(
        description="The status at the time of submission."
    )
    reading: Reading | None = strawberry.field(
        description="The reading as it is now; null if it was rejected."
    )
    errors: list[ReadingError] = strawberry.field(description="The reasons for the rejection.")


@object_type
class ReadingsSubmitPayload(ViewerPayload):
    """The result of `readingsSubmit`."""

    account: Account | None = outcome("The account, with its current meters and window.")
    entries: list[ReadingEntryOutcome] | None = outcome("The result of each entry, in their order.")
    confirm_token: str | None = strawberry.field(
        default=None,
        description="The token for `readingsConfirm`, valid for this customer only; null if no "
        "reading waits.",
    )
    errors: list[ReadingError] = errors()


@object_type
class ReadingsConfirmPayload(ViewerPayload):
    """The result of `readingsConfirm`."""

    readings: list[Reading] | None = outcome("The confirmed readings, now under review.")
    errors: list[ReadingError] = errors()


@object_type
class ReadingWithdrawPayload(ViewerPayload):
    """The result of `readingWithdraw`."""

    reading: Reading | None = outcome("The withdrawn reading, which no longer counts.")
    errors: list[ReadingError] = errors()


Ids = Sequence[strawberry.ID]
_STATUS = {
    ReadingState.ACCEPTED.value: ReadingEntryStatus.ACCEPTED_FOR_BILLING,
    ReadingState.NEEDS_CONFIRMATION.value: ReadingEntryStatus.NEEDS_CONFIRMATION,
    ReadingState.ON_REVIEW.value: ReadingEntryStatus.ON_REVIEW,
    ReadingState.REJECTED.value: ReadingEntryStatus.REJECTED,
}


def submit_payload(
    result: SubmissionResult, account_id: str, ids: Ids, language: Language, rows: RowReader
) -> ReadingsSubmitPayload:
    """The payload of a submission; if nothing is saved, all faults are errors of the form."""
    faults = [_errors(entry, language) for entry in result.entries]
    if not result.is_saved:
        return ReadingsSubmitPayload(errors=[error for errors in faults for error in errors])
    entries = [
        ReadingEntryOutcome(
            register_id=id_,
            register=_register(id_, rows),
            status=_STATUS[entry["status"]],
            reading=rows.by_key(Reading, UUID(entry["reading"])) if "reading" in entry else None,
            errors=errors,
        )
        for id_, entry, errors in zip(ids, result.entries, faults, strict=True)
    ]
    account_key = key_of(account_id, "acc")
    return ReadingsSubmitPayload(
        account=account_key and rows.by_key(Account, account_key),
        entries=entries,
        confirm_token=result.token,
    )


def _register(public_id: str, rows: RowReader) -> Register | None:
    key = key_of(public_id, "reg")
    return key and rows.by_key(Register, key)


def _errors(entry: Mapping[str, Any], language: Language) -> list[ReadingError]:
    if "fault" not in entry:
        return []
    suggested, mistake = entry["suggested"], entry["mistake"]
    correction = Correction(Mistake(mistake), Decimal(suggested)) if mistake else None
    fault = load_refusal(entry["fault"])
    return [_error(fault, fault.path, correction, language)]


def _error(
    fault: Refusal, path: Sequence[str], correction: Correction | None, language: Language
) -> ReadingError:
    code = ReadingErrorCode(fault.code)
    return ReadingError(
        code=code,
        message=fault.text(language),
        reason=code.value,
        path=[*path],
        likely_mistake=correction and correction.mistake,
        suggested_value=correction and Quantity(correction.value),
    )


def preview_payload(
    preview: SubmissionPreview, ids: Ids, language: Language, rows: RowReader
) -> ReadingsPreview:
    return ReadingsPreview(
        period=Period(preview.period),
        entries=[
            _entry(number, entry, language, id_, rows)
            for number, (entry, id_) in enumerate(zip(preview.entries, ids, strict=True))
        ],
        lines=None if preview.quote is None else [_line(line) for line in preview.quote],
        surcharge=preview.surcharge and _surcharge(preview.surcharge),
        total=None if preview.total is None else Money(preview.total),
    )


def _surcharge(surcharge: Surcharge) -> ReadingPreviewSurcharge:
    return ReadingPreviewSurcharge(
        factor=Quantity(surcharge.factor), amount=Money(surcharge.amount)
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
    number: int, entry: PreviewEntry, language: Language, id_: strawberry.ID, rows: RowReader
) -> ReadingPreviewEntry:
    checked, register = entry.checked, entry.checked.register
    fault, correction = checked.fault, checked.correction
    errors = [_error(fault, with_path(fault, number), correction, language)] if fault else []
    previous = register and register.last_read and register.last_read.value
    return ReadingPreviewEntry(
        register_id=id_,
        register=_register(id_, rows),
        status=_expected_status(entry),
        zone=register and register.zone,
        previous_value=_quantity(previous),
        consumption_kwh=_quantity(checked.consumed and checked.consumed.kwh),
        billed_kwh=_quantity(entry.billed_kwh),
        estimated_kwh=_quantity(entry.estimate and entry.estimate.kwh),
        findings=[_finding(finding) for finding in checked.findings],
        errors=errors,
    )


def _expected_status(entry: PreviewEntry) -> ReadingEntryStatus:
    if entry.checked.fault:
        return ReadingEntryStatus.REJECTED
    if entry.checked.needs_confirmation:
        return ReadingEntryStatus.NEEDS_CONFIRMATION
    if entry.checked.is_expired:
        return ReadingEntryStatus.ON_REVIEW
    return ReadingEntryStatus.ACCEPTED_FOR_BILLING


def _finding(finding: Finding) -> PreviewFinding:
    return PreviewFinding(
        kind=finding.kind,
        consumed_kwh=Quantity(round(finding.consumed_kwh, 3)),
        usual_kwh=_quantity(finding.usual_kwh),
        season_kwh=_quantity(finding.season_kwh),
        limit_kwh=_quantity(finding.limit_kwh),
        likely_mistake=finding.correction and finding.correction.mistake,
        suggested_value=_quantity(finding.correction and finding.correction.value),
        typical_months=[
            TypicalMonth(period=Period(month.period), kwh=Quantity(round(month.kwh, 3)))
            for month in finding.typical
        ],
    )


def _quantity(value: Decimal | None) -> Quantity | None:
    """Round to three decimals, as in the database: an average may have many more."""
    return None if value is None else Quantity(round(value, 3))
