"""Decisions of staff and billing about readings, and the preview of a submission."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lk_graphql.kit.ids import new_key
from lk_graphql.metering import errors
from lk_graphql.metering.models import Meter, Reading, ReadingSource, ReadingState, Register, Zone
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.reading_states import accept_reading, reject_reading
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import given_invoice
from tests.factories.metering import TODAY, Home, given_read, given_tariffs, noon

NOW = noon(TODAY)


async def on_review(home: Home) -> UUID:
    """Submit an accepted reading of 22600 and a confirmed one of 29900; return the latter's key."""
    await home.submit(22600, 51300)
    await home.confirm((await home.submit(29900, 51310))["confirmToken"])
    return (await Reading.get(register=home.day, state=ReadingState.ON_REVIEW)).id


async def notice_kinds() -> list[str]:
    return [notice.kind.value for notice in await Notice.all().order_by("created_at", "id")]


async def test_an_accepted_reading_replaces_the_other(home: Home):
    key = await on_review(home)

    await accept_reading(key, billing=BILLING, now=NOW)

    assert await home.states(home.day) == [(22600, "SUPERSEDED"), (29900, "ACCEPTED")]
    assert (await notice_kinds())[-1] == NoticeKind.READINGS_ACCEPTED
    with pytest.raises(errors.ReadingFinal):
        await accept_reading(key, billing=BILLING, now=NOW)


async def test_a_rejected_reading_leaves_the_other_and_has_a_reason(home: Home):
    key = await on_review(home)

    await reject_reading(key, " Не похоже \n на правду ", billing=BILLING, now=NOW)

    assert await home.states(home.day) == [(22600, "ACCEPTED"), (29900, "REJECTED")]
    assert (await Reading.get(id=key)).reason == "Не похоже на правду"
    notice = await Notice.get(kind=NoticeKind.READING_REJECTED)
    assert (notice.subject_id, notice.period) == (key, date(2026, 11, 1))
    with pytest.raises(errors.ReadingFinal):
        await reject_reading(key, "Ещё раз", billing=BILLING, now=NOW)


async def test_billing_may_reject_an_accepted_one_until_the_bill_is_made(home: Home):
    await home.submit(22600, 51300)
    reading = await Reading.get(register=home.day, state=ReadingState.ACCEPTED, batch__isnull=False)
    await reject_reading(reading.id, "Счётчик снят", billing=BILLING, now=NOW)
    assert await home.states(home.day) == [(22600, "REJECTED")]

    review_key = await on_review(home)
    await given_invoice(home.account, 11, charged=1, unpaid=0)
    for act in (
        accept_reading(review_key, billing=BILLING, now=NOW),
        reject_reading(review_key, "Поздно", billing=BILLING, now=NOW),
    ):
        with pytest.raises(errors.PeriodBilled):
            await act
    assert await home.states(home.day) == [
        (22600, "REJECTED"), (22600, "ACCEPTED"), (29900, "ON_REVIEW"),
    ]  # fmt: skip


@pytest.mark.parametrize("reason", ["", " \n", "x" * 301])
async def test_a_rejection_needs_a_reason(home: Home, reason: str):
    key = await on_review(home)
    with pytest.raises(errors.ReasonInvalid):
        await reject_reading(key, reason, billing=BILLING, now=NOW)
    assert (await Reading.get(id=key)).state is ReadingState.ON_REVIEW


async def test_an_unknown_or_smart_reading_can_t_be_reviewed(home: Home):
    with pytest.raises(errors.ReadingNotFound):
        await accept_reading(new_key(), billing=BILLING, now=NOW)
    smart = await given_read(home.day, 22600, TODAY, ReadingSource.SMART)
    with pytest.raises(errors.ReadingFinal):
        await reject_reading(smart.id, "Нет", billing=BILLING, now=NOW)
    assert await notice_kinds() == []


async def preview_of(home: Home, day: object, night: object, **more: Any) -> dict[str, Any]:
    payload = await home.preview(day, night, **more)
    assert payload["errors"] == []
    return payload["preview"]


async def test_a_preview_has_statuses_and_prices_and_saves_nothing(home: Home):
    await given_tariffs()
    before = await Reading.all().count()

    preview = await preview_of(home, 22600, 51300)

    assert (preview["period"], preview["total"]) == ("2026-11", "1334.00")
    lines = preview["lines"]
    assert [(line["zone"], line["rangeNumber"], line["quantityKwh"]) for line in lines] == [
        ("DAY", 1, "133"), ("NIGHT", 1, "67"), ("DAY", 2, "67"), ("NIGHT", 2, "33"),
    ]  # fmt: skip
    day, night = preview["entries"]
    assert (day["consumptionKwh"], day["billedKwh"], day["estimatedKwh"]) == (
        "200", "200", "200",
    )  # fmt: skip
    assert (night["status"], night["previousValue"]) == ("ACCEPTED_FOR_BILLING", "51200")
    assert await Reading.all().count() == before


async def test_a_preview_has_the_findings_and_refusals_of_the_submission(home: Home):
    preview = await preview_of(home, 24600, 51000)

    assert [entry["status"] for entry in preview["entries"]] == ["NEEDS_CONFIRMATION", "REJECTED"]
    (finding,) = preview["entries"][0]["findings"]
    assert (finding["kind"], finding["likelyMistake"]) == ("ABOVE_USUAL", None)
    assert len(finding["typicalMonths"]) == 12
    assert finding["typicalMonths"][0] == {"period": "2026-10", "kwh": "200"}
    assert preview["entries"][1]["errors"] == [
        {"code": "BELOW_PREVIOUS", "path": ["entries", "1", "value"]}
    ]
    assert preview["total"] is preview["lines"] is None, "no tariff is known"


async def test_swapped_zones_are_recognised_on_the_way_in(home: Home):
    payload = await home.submit(51300, 22600)

    (above,) = payload["entries"][0]["reading"]["findings"]
    assert (above["likelyMistake"], above["suggestedValue"]) == ("SWAPPED_ZONES", "22600")
    (below,) = payload["entries"][1]["errors"]
    assert (below["code"], below["likelyMistake"]) == ("BELOW_PREVIOUS", "SWAPPED_ZONES")
    assert below["suggestedValue"] == "51300"


@pytest.mark.parametrize(
    ("slip", "code", "mistake"),
    [
        (26200, None, "TRANSPOSED_DIGITS"),
        (2260, "BELOW_PREVIOUS", "MISSING_DIGIT"),
        (222600, "TOO_MANY_DIGITS", "EXTRA_DIGIT"),
        (226005, "TOO_MANY_DIGITS", "DECIMAL_COMMA"),
    ],
)
async def test_a_typing_mistake_is_explained_in_findings_and_refusals(
    home: Home, slip: int, code: str | None, mistake: str
):
    """The correction is 22600 in all four cases; it is proposed, but never stored."""
    (entry, _) = (await home.submit(slip, 51300))["entries"]

    evidence = entry["errors"][0] if code else entry["reading"]["findings"][0]
    assert evidence.get("code") == code
    assert (evidence["likelyMistake"], Decimal(evidence["suggestedValue"])) == (mistake, 22600)
    assert await Reading.filter(value=22600).count() == 0


async def test_months_of_a_meter_that_was_replaced_are_evidence_too(home: Home):
    """The meter was replaced in July by one that began at 500; together they count 200 a month."""
    new = await Meter.create(
        account=home.account, serial="888", model="М", ratio=Decimal(1),
        installed_on=date(2026, 7, 10),
    )  # fmt: skip
    await Reading.filter(register=home.day, taken_on__gt=date(2026, 7, 10)).delete()
    await given_read(home.day, 21730, date(2026, 7, 10), ReadingSource.CONTROLLER)
    home.meter.removed_on = date(2026, 7, 10)
    await home.meter.save()
    home.day = await Register.create(meter=new, position=1, zone=Zone.DAY, label="T1", digits=5)
    await given_read(home.day, 500, date(2026, 7, 10), ReadingSource.CONTROLLER)
    for month, value in ((7, 570), (8, 770), (9, 970), (10, 1170)):
        await given_read(home.day, value, date(2026, month, 20))

    payload = await home.send([home.entry(home.day, 1900)])

    (finding,) = payload["entries"][0]["reading"]["findings"]
    assert (finding["kind"], finding["consumedKwh"], finding["usualKwh"]) == (
        "ABOVE_USUAL", "730", "200",
    )  # fmt: skip
    assert {typical["kwh"] for typical in finding["typicalMonths"]} == {"200"}
    assert [typical["period"] for typical in finding["typicalMonths"]][2:5] == [
        "2026-08", "2026-07", "2026-06",
    ]  # fmt: skip


async def test_an_estimated_excess_is_credited_in_the_preview(home: Home):
    await given_tariffs()
    await Reading.filter(period=date(2026, 10, 1)).update(source=ReadingSource.ESTIMATED)

    preview = await preview_of(home, 22350, 51300)

    assert [row["billedKwh"] for row in preview["entries"]] == ["-50", "100"]
    assert [row["consumptionKwh"] for row in preview["entries"]] == ["150", "200"]
    assert [(row["zone"], row["amount"]) for row in preview["lines"]] == [
        ("NIGHT", "200.00"), ("DAY", "-200.00"),
    ]  # fmt: skip
    assert preview["total"] == "0.00"


async def test_without_a_reading_the_average_would_be_billed_and_later_the_norm(home: Home):
    await Reading.filter(period__gte=date(2026, 8, 1)).update(source=ReadingSource.ESTIMATED)
    preview = await preview_of(home, 23000, 51500)
    assert [entry["estimatedKwh"] for entry in preview["entries"]] == ["50", "50"]

    await Reading.filter(period=date(2026, 8, 1)).update(source=ReadingSource.CUSTOMER)
    preview = await preview_of(home, 23000, 51500)
    assert [Decimal(entry["estimatedKwh"]) for entry in preview["entries"]] == [200, 100]
