"""Bills that rest on a reading which the customer has corrected or withdrawn meanwhile."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lk_graphql.billing.models import Invoice, InvoiceReading
from lk_graphql.exchange.models import Acknowledgement
from lk_graphql.exchange.service.runs import ImportResult
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.metering.models import (
    FindingKind,
    Meter,
    Reading,
    ReadingFinding,
    ReadingSource,
    ReadingState,
    Register,
)
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.reading_states import accept_reading
from tests.factories.accounts import NOW, given_account, given_meter, given_reading
from tests.support.import_runner import ImportRunner

NUMBER = "0000000001"
OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))
BILL = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh\n"
    f"{NUMBER};A-11;2026-11;2026-12-03;2026-12-15;0;100;0;0;0;100;20\n"
)
LINE = (
    "invoice;position;kind;service;zone;quantity_kwh;rubles_per_kwh;amount\n"
    "A-11;1;ENERGY;Электроэнергия;DAY;20;5;100\n"
)
USED = (
    "invoice;account;meter;zone;previous_on;current_on;consumption_kwh;"
    "previous_value;current_value\n"
)
READINGS = "account;meter;zone;value;taken_on;period;source\n"


async def sent(value: int, state: ReadingState, day: int = 20, month: int = 11) -> Reading:
    """A reading that was submitted in the cabinet for its month."""
    register = await Register.get(zone="DAY", meter__serial=f"M-{NUMBER}")
    reading = await given_reading(register, Decimal(value), month, state)
    changes = {"batch": new_key(), "taken_on": date(2026, month, day)}
    await Reading.filter(id=reading.id).update(**changes)
    return await Reading.get(id=reading.id)


async def load_bill(importer: ImportRunner, value: str = "12400", day: int = 20) -> ImportResult:
    """November's bill, which rests on a reading of a day in November."""
    row = f"A-11;{NUMBER};M-{NUMBER};DAY;;2026-11-{day};20;;{value}\n"
    return await importer.load(
        ImportKind.INVOICES,
        importer.put("invoices.csv", BILL),
        importer.put("invoice_lines.csv", LINE),
        importer.put("invoice_readings.csv", USED + row),
    )


async def months_and_states() -> dict[int, tuple[date, ReadingState]]:
    rows = await Reading.filter(period__gte=NOVEMBER)
    return {int(row.value): (row.period, row.state) for row in rows}


@pytest.mark.parametrize("value", ["12400", ""])
async def test_the_billed_reading_stays_and_its_correction_counts_for_the_next_month(
    importer: ImportRunner, value: str
):
    await given_account(NUMBER)
    billed = await sent(12_400, ReadingState.SUPERSEDED)
    await sent(12_450, ReadingState.ACCEPTED, day=24)

    outcome = await load_bill(importer, value)

    assert (outcome.faults, outcome.notes) == ([], [("READING_REPLACED", "current_on", 1)])
    assert importer.faults() == [
        ("invoice_readings.csv", "2", "current_on", "READING_REPLACED", "12400.000 <> 12450.000")
    ]
    assert (await InvoiceReading.get(invoice__number="A-11")).current_id == billed.id
    assert await months_and_states() == {
        12_400: (NOVEMBER, ReadingState.ACCEPTED),
        12_450: (DECEMBER, ReadingState.ACCEPTED),
    }
    assert (await load_bill(importer, value)).notes == []
    assert (await months_and_states())[12_450] == (DECEMBER, ReadingState.ACCEPTED)


async def test_of_two_readings_of_a_day_the_bill_names_its_own(importer: ImportRunner):
    await given_account(NUMBER)
    billed = await sent(12_400, ReadingState.SUPERSEDED)
    await sent(12_450, ReadingState.ACCEPTED)

    assert (await load_bill(importer)).faults == []

    assert (await InvoiceReading.get(invoice__number="A-11")).current_id == billed.id


@pytest.mark.parametrize("state", [ReadingState.WITHDRAWN, ReadingState.ON_REVIEW])
async def test_a_reading_that_a_bill_counts_is_accepted(
    importer: ImportRunner, state: ReadingState
):
    await given_account(NUMBER)
    await sent(12_400, state)

    assert (await load_bill(importer)).faults == []

    assert await months_and_states() == {12_400: (NOVEMBER, ReadingState.ACCEPTED)}


ESTIMATED = f"A-11;{NUMBER};M-{NUMBER};DAY;;;20;;\n"
OF_ANOTHER = f"A-11;{NUMBER};M-{NUMBER};NIGHT;;;20;;\n"


async def load_estimate(
    importer: ImportRunner, readings: str, bill: str = BILL, lines: str = LINE
) -> ImportResult:
    """November's bill, made before billing has fetched the customer's reading."""
    return await importer.load(
        ImportKind.INVOICES,
        importer.put("invoices.csv", bill),
        importer.put("invoice_lines.csv", lines),
        *([importer.put("invoice_readings.csv", USED + readings)] if readings else ()),
    )


@pytest.mark.parametrize("readings", [ESTIMATED, OF_ANOTHER], ids=["estimated", "not in it"])
async def test_a_reading_that_the_bill_does_not_count_counts_for_the_next_month(
    importer: ImportRunner, readings: str
):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ACCEPTED)

    assert (await load_estimate(importer, readings)).faults == []
    assert await months_and_states() == {12_400: (DECEMBER, ReadingState.ACCEPTED)}

    assert (await load_estimate(importer, readings)).faults == []
    assert await months_and_states() == {12_400: (DECEMBER, ReadingState.ACCEPTED)}


async def test_the_next_month_s_own_reading_replaces_one_that_came_too_late(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ACCEPTED)
    await sent(12_500, ReadingState.ACCEPTED, month=12)

    assert (await load_estimate(importer, ESTIMATED)).faults == []

    assert await months_and_states() == {
        12_400: (DECEMBER, ReadingState.SUPERSEDED),
        12_500: (DECEMBER, ReadingState.ACCEPTED),
    }


@pytest.mark.parametrize("readings", [ESTIMATED, ""], ids=["estimated", "a bill without readings"])
async def test_a_reading_on_review_waits_for_its_decision_in_the_next_month(
    importer: ImportRunner, readings: str
):
    """Of a month that is billed nobody could accept or reject it."""
    await given_account(NUMBER)
    await sent(12_380, ReadingState.ACCEPTED)
    waiting = await sent(12_400, ReadingState.ON_REVIEW, day=22)
    await sent(12_390, ReadingState.SUPERSEDED, day=21)

    assert (await load_estimate(importer, readings)).faults == []

    states = await months_and_states()
    assert states[12_400] == (DECEMBER, ReadingState.ON_REVIEW)
    assert states[12_390] == (NOVEMBER, ReadingState.SUPERSEDED)
    await accept_reading(waiting.id, billing=BILLING, now=NOW)
    states = await months_and_states()
    assert states[12_400] == (DECEMBER, ReadingState.ACCEPTED)
    assert states[12_380] == (
        (DECEMBER, ReadingState.SUPERSEDED) if readings else (NOVEMBER, ReadingState.ACCEPTED)
    )


async def test_a_reading_on_review_waits_also_when_the_bill_counts_another_one(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ACCEPTED)
    await sent(12_450, ReadingState.ON_REVIEW, day=24)

    assert (await load_bill(importer)).faults == []

    assert await months_and_states() == {
        12_400: (NOVEMBER, ReadingState.ACCEPTED),
        12_450: (DECEMBER, ReadingState.ON_REVIEW),
    }


@pytest.mark.parametrize(
    "state",
    [ReadingState.ACCEPTED, ReadingState.ON_REVIEW, ReadingState.NEEDS_CONFIRMATION],
)
async def test_a_later_reading_of_the_next_month_replaces_one_on_review(
    importer: ImportRunner, state: ReadingState
):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ON_REVIEW)
    await sent(12_500, state, month=12)

    assert (await load_estimate(importer, ESTIMATED)).faults == []

    assert await months_and_states() == {
        12_400: (DECEMBER, ReadingState.SUPERSEDED),
        12_500: (DECEMBER, state),
    }


async def test_of_readings_on_review_of_several_billed_months_the_last_one_waits(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    await sent(12_300, ReadingState.ON_REVIEW, month=9)
    await sent(12_400, ReadingState.ON_REVIEW)

    assert (await load_estimate(importer, ESTIMATED)).faults == []

    assert await months_and_states() == {
        12_300: (DECEMBER, ReadingState.SUPERSEDED),
        12_400: (DECEMBER, ReadingState.ON_REVIEW),
    }


async def test_an_unconfirmed_reading_keeps_its_month(importer: ImportRunner):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.NEEDS_CONFIRMATION)

    assert (await load_estimate(importer, ESTIMATED)).faults == []

    assert await months_and_states() == {12_400: (NOVEMBER, ReadingState.NEEDS_CONFIRMATION)}


WITH_BASIS = (
    "invoice;position;kind;service;zone;quantity_kwh;rubles_per_kwh;amount;basis\n"
    "A-11;1;ENERGY;Электроэнергия;DAY;15;5;75;{}\n"
    "A-11;2;ENERGY;Электроэнергия;{};5;5;25;{}\n"
)


@pytest.mark.parametrize(
    ("lines", "month"),
    [
        (("AVERAGE", "DAY", "AVERAGE"), DECEMBER),
        (("NORM", "NIGHT", "METER"), DECEMBER),
        (("AVERAGE", "DAY", "METER"), NOVEMBER),
        (("METER", "NIGHT", "AVERAGE"), NOVEMBER),
        (("", "DAY", ""), NOVEMBER),
    ],
)
async def test_without_readings_of_bills_the_basis_of_the_zone_decides(
    importer: ImportRunner, lines: tuple[str, ...], month: date
):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ACCEPTED)

    outcome = await load_estimate(importer, "", lines=WITH_BASIS.format(*lines))

    assert outcome.faults == []
    assert await months_and_states() == {12_400: (month, ReadingState.ACCEPTED)}


@pytest.mark.parametrize("zone", ["DAY", "NIGHT"])
async def test_without_readings_and_basis_the_month_s_estimate_decides(
    importer: ImportRunner, zone: str
):
    """An estimate of 0 kWh has no line."""
    await given_account(NUMBER)
    register = await Register.get(zone=zone)
    estimate = await given_reading(register, Decimal(12_345), 11, source=ReadingSource.ESTIMATED)
    await Reading.filter(id=estimate.id).update(taken_on=date(2026, 11, 30))
    await sent(12_400, ReadingState.ACCEPTED)

    assert (await load_estimate(importer, "")).faults == []

    month = DECEMBER if zone == "DAY" else NOVEMBER
    assert (await months_and_states())[12_400] == (month, ReadingState.ACCEPTED)


async def answer(importer: ImportRunner, reading: Reading, answered: str = "RECEIVED") -> None:
    """Billing's answer to a reading that it has fetched in its present state."""
    row = f"reading;state;answer\n{reading.id};{reading.state.value};{answered}\n"
    result = await importer.load(ImportKind.READINGS, importer.put("reading_answers.csv", row))
    assert result.faults == []


@pytest.mark.parametrize("state", [ReadingState.SUPERSEDED, ReadingState.WITHDRAWN])
async def test_without_readings_of_bills_a_reading_that_billing_answered_counts(
    importer: ImportRunner, state: ReadingState
):
    """The customer replaced or withdrew the reading after billing had answered to it."""
    await given_account(NUMBER)
    fetched = await sent(12_400, ReadingState.ACCEPTED)
    await answer(importer, fetched)
    await Reading.filter(id=fetched.id).update(state=state)
    expected = {12_400: (NOVEMBER, ReadingState.ACCEPTED)}
    if state is ReadingState.SUPERSEDED:
        await sent(12_450, ReadingState.ACCEPTED, day=24)
        expected[12_450] = (DECEMBER, ReadingState.ACCEPTED)

    assert (await load_estimate(importer, "")).faults == []

    assert await months_and_states() == expected


@pytest.mark.parametrize("knows", ["neither", "the replacement", "an estimated month"])
async def test_without_readings_of_bills_a_replacement_counts_otherwise(
    importer: ImportRunner, knows: str
):
    await given_account(NUMBER)
    earlier = await sent(12_400, ReadingState.ACCEPTED)
    if knows != "neither":
        await answer(importer, earlier)
    await Reading.filter(id=earlier.id).update(state=ReadingState.SUPERSEDED)
    if knows == "the replacement":
        await Acknowledgement.all().update(subject_state=ReadingState.SUPERSEDED)
    await sent(12_450, ReadingState.ACCEPTED, day=24)
    lines = WITH_BASIS.format(*("NORM", "DAY", "NORM")) if "month" in knows else LINE

    assert (await load_estimate(importer, "", lines=lines)).faults == []

    assert await months_and_states() == {
        12_400: (NOVEMBER, ReadingState.SUPERSEDED),
        12_450: (DECEMBER if "month" in knows else NOVEMBER, ReadingState.ACCEPTED),
    }


async def test_without_readings_of_bills_the_last_one_that_billing_accepts_counts(
    importer: ImportRunner,
):
    """Billing accepts a reading on review, which replaces one that billing has accepted before."""
    await given_account(NUMBER)
    await answer(importer, await sent(12_400, ReadingState.ACCEPTED))
    await answer(importer, await sent(12_450, ReadingState.ON_REVIEW, day=24), "ACCEPTED")
    expected = {
        12_400: (NOVEMBER, ReadingState.SUPERSEDED),
        12_450: (NOVEMBER, ReadingState.ACCEPTED),
    }
    assert await months_and_states() == expected

    assert (await load_estimate(importer, "")).faults == []

    assert await months_and_states() == expected


async def test_a_line_of_two_meters_decides_about_neither(importer: ImportRunner):
    """The estimate may be that of the other meter."""
    account = await given_account(NUMBER)
    other = await given_meter(account, "another")
    await sent(12_400, ReadingState.ACCEPTED)
    lines = WITH_BASIS.format("AVERAGE", "DAY", "AVERAGE")

    assert (await load_estimate(importer, "", lines=lines)).faults == []
    assert await months_and_states() == {12_400: (NOVEMBER, ReadingState.ACCEPTED)}

    await Meter.filter(id=other.id).update(removed_on=date(2026, 10, 31))
    assert (await load_estimate(importer, "", lines=lines)).faults == []
    assert await months_and_states() == {12_400: (DECEMBER, ReadingState.ACCEPTED)}


async def test_a_reading_after_the_verification_s_end_keeps_its_month(importer: ImportRunner):
    await given_account(NUMBER)
    await Meter.all().update(next_verification_on=date(2026, 11, 19))
    await sent(12_400, ReadingState.ACCEPTED)

    assert (await load_estimate(importer, ESTIMATED)).faults == []

    assert await months_and_states() == {12_400: (NOVEMBER, ReadingState.ACCEPTED)}


async def test_an_earlier_month_s_bill_moves_no_reading(importer: ImportRunner):
    await given_account(NUMBER)
    newer = BILL.replace("A-11", "A-12").replace("2026-11;", "2026-12;")
    newer = newer.replace("2026-12-03;2026-12-15", "2027-01-03;2027-01-15")
    files = importer.put("i.csv", newer), importer.put("l.csv", LINE.replace("A-11", "A-12"))
    assert (await importer.load(ImportKind.INVOICES, *files)).faults == []
    await sent(12_400, ReadingState.ACCEPTED)

    assert (await load_estimate(importer, ESTIMATED)).faults == []

    assert await months_and_states() == {12_400: (NOVEMBER, ReadingState.ACCEPTED)}


async def test_a_reading_of_the_next_month_stays_the_one_that_counts_there(importer: ImportRunner):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.SUPERSEDED)
    await sent(12_450, ReadingState.ACCEPTED, day=24)
    await sent(12_500, ReadingState.ACCEPTED, month=12)

    assert (await load_bill(importer)).faults == []

    assert await months_and_states() == {
        12_400: (NOVEMBER, ReadingState.ACCEPTED),
        12_450: (DECEMBER, ReadingState.SUPERSEDED),
        12_500: (DECEMBER, ReadingState.ACCEPTED),
    }


@pytest.mark.parametrize("state", [ReadingState.SUPERSEDED, ReadingState.ACCEPTED])
async def test_a_controller_s_reading_of_the_same_day_stays(
    importer: ImportRunner, state: ReadingState
):
    """The customer's counts for another month, or was replaced; the bill shows it all the same."""
    await given_account(NUMBER)
    month = 11 if state is ReadingState.SUPERSEDED else 12
    billed = await sent(12_400, state, month=month)
    await Reading.filter(id=billed.id).update(taken_on=date(2026, 11, 20))
    row = f"{NUMBER};M-{NUMBER};DAY;12390;2026-11-20;2026-11;CONTROLLER\n"
    await importer.load(ImportKind.READINGS, importer.put("r.csv", READINGS + row))

    assert (await load_bill(importer)).faults == []

    assert (await InvoiceReading.get(invoice__number="A-11")).current_id == billed.id
    assert await months_and_states() == {
        12_390: (NOVEMBER, ReadingState.ACCEPTED),
        12_400: (date(2026, month, 1), state),
    }


async def inspected(importer: ImportRunner, day: int, value: str) -> None:
    """An inspector's reading from billing, on which November's bill is then based."""
    row = f"{NUMBER};M-{NUMBER};DAY;{value};2026-11-{day};2026-11;CONTROLLER\n"
    await importer.load(ImportKind.READINGS, importer.put("r.csv", READINGS + row))
    assert (await load_bill(importer, value, day)).faults == []


@pytest.mark.parametrize("state", [ReadingState.ACCEPTED, ReadingState.ON_REVIEW])
@pytest.mark.parametrize("is_removed", [False, True])
async def test_a_reading_before_the_inspector_s_billed_one_counts_for_no_month(
    importer: ImportRunner, state: ReadingState, *, is_removed: bool
):
    """Its energy is in the bill: for December, it would be below the billed value."""
    await given_account(NUMBER)
    reading = await sent(12_400, state)
    if is_removed:
        await Meter.all().update(removed_on=date(2026, 11, 22))

    await inspected(importer, 22, "12410")

    assert await months_and_states() == {
        12_400: (NOVEMBER, ReadingState.SUPERSEDED),
        12_410: (NOVEMBER, ReadingState.ACCEPTED),
    }

    assert (await load_bill(importer)).faults == []  # issued again, by the customer's reading
    assert (await Reading.get(id=reading.id)).state is ReadingState.ACCEPTED


@pytest.mark.parametrize("state", [ReadingState.ACCEPTED, ReadingState.ON_REVIEW])
async def test_a_reading_of_the_day_of_the_inspector_s_billed_one_counts_for_no_month(
    importer: ImportRunner, state: ReadingState
):
    await given_account(NUMBER)
    await sent(12_400, state)

    await inspected(importer, 20, "12401")

    assert await months_and_states() == {
        12_400: (NOVEMBER, ReadingState.SUPERSEDED),
        12_401: (NOVEMBER, ReadingState.ACCEPTED),
    }


@pytest.mark.parametrize("state", [ReadingState.ACCEPTED, ReadingState.ON_REVIEW])
async def test_a_reading_before_an_inspector_s_one_that_the_bill_does_not_name_counts_later(
    importer: ImportRunner, state: ReadingState
):
    """The bill rests on an estimate, so the energy of neither reading is billed."""
    await given_account(NUMBER)
    await sent(12_400, state)
    row = f"{NUMBER};M-{NUMBER};DAY;12410;2026-11-22;2026-11;CONTROLLER\n"
    await importer.load(ImportKind.READINGS, importer.put("r.csv", READINGS + row))

    assert (await load_estimate(importer, ESTIMATED)).faults == []

    assert await months_and_states() == {
        12_400: (DECEMBER, state),
        12_410: (NOVEMBER, ReadingState.ACCEPTED),
    }


@pytest.mark.parametrize("state", [ReadingState.ACCEPTED, ReadingState.ON_REVIEW])
async def test_a_reading_after_the_inspector_s_billed_one_counts_for_the_next_month(
    importer: ImportRunner, state: ReadingState
):
    await given_account(NUMBER)
    await sent(12_400, state)

    await inspected(importer, 16, "12390")

    assert await months_and_states() == {
        12_400: (DECEMBER, state),
        12_390: (NOVEMBER, ReadingState.ACCEPTED),
    }


WITHOUT_READINGS = WITH_BASIS.format("AVERAGE", "DAY", "AVERAGE")
AGAIN = {
    "estimated": (ESTIMATED, LINE),
    "not in it": (OF_ANOTHER, LINE),
    "without readings": ("", WITHOUT_READINGS),
}


async def issued_again(importer: ImportRunner, bill: str) -> None:
    """The bill of an estimate, in place of the one that is based on the inspector's reading."""
    readings, lines = AGAIN[bill]
    assert (await load_estimate(importer, readings, lines=lines)).faults == []


@pytest.mark.parametrize("bill", AGAIN)
async def test_a_bill_that_is_issued_again_without_both_leaves_the_customer_s_to_the_next_month(
    importer: ImportRunner, bill: str
):
    """As if the bill had been this one from the beginning."""
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ACCEPTED)
    await inspected(importer, 22, "12410")
    assert (await months_and_states())[12_400] == (NOVEMBER, ReadingState.SUPERSEDED)
    expected = {
        12_400: (DECEMBER, ReadingState.ACCEPTED),
        12_410: (NOVEMBER, ReadingState.ACCEPTED),
    }

    await issued_again(importer, bill)
    assert await months_and_states() == expected

    await issued_again(importer, bill)
    assert await months_and_states() == expected


@pytest.mark.parametrize("state", [ReadingState.ACCEPTED, ReadingState.ON_REVIEW])
@pytest.mark.parametrize("bill", AGAIN)
async def test_a_bill_that_is_issued_again_with_a_later_reading_includes_the_one_that_waited(
    importer: ImportRunner, bill: str, state: ReadingState
):
    """As if the bill had been this one from the beginning, whenever the inspector came."""
    await given_account(NUMBER)
    await sent(12_400, state)
    await issued_again(importer, bill)
    assert await months_and_states() == {12_400: (DECEMBER, state)}

    for _ in range(2):
        await inspected(importer, 22, "12410")
        assert await months_and_states() == {
            12_400: (NOVEMBER, ReadingState.SUPERSEDED),
            12_410: (NOVEMBER, ReadingState.ACCEPTED),
        }


async def test_a_correction_of_the_billed_day_still_counts_if_the_bill_is_issued_again(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.SUPERSEDED)
    await sent(12_450, ReadingState.ACCEPTED)
    expected = {
        12_400: (NOVEMBER, ReadingState.ACCEPTED),
        12_450: (DECEMBER, ReadingState.ACCEPTED),
    }

    for _ in range(2):
        assert (await load_bill(importer)).faults == []
        assert await months_and_states() == expected


async def test_a_late_reading_before_the_inspector_s_billed_one_counts_for_no_month(
    importer: ImportRunner,
):
    """It was sent after the window, for December."""
    await given_account(NUMBER)
    reading = await sent(12_400, ReadingState.ACCEPTED)
    await Reading.filter(id=reading.id).update(period=DECEMBER)

    await inspected(importer, 22, "12410")

    assert await months_and_states() == {
        12_400: (NOVEMBER, ReadingState.SUPERSEDED),
        12_410: (NOVEMBER, ReadingState.ACCEPTED),
    }


async def test_a_reading_of_december_after_the_inspector_s_billed_one_stays(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    await sent(12_420, ReadingState.ACCEPTED, month=12)

    await inspected(importer, 22, "12410")

    assert (await months_and_states())[12_420] == (DECEMBER, ReadingState.ACCEPTED)


async def test_a_reading_that_needs_a_review_waits_for_it_if_the_bill_is_issued_again(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    reading = await sent(12_400, ReadingState.ON_REVIEW)
    await ReadingFinding.create(
        reading=reading, kind=FindingKind.ABOVE_USUAL, consumed_kwh=Decimal(55)
    )
    await inspected(importer, 22, "12410")
    assert (await months_and_states())[12_400] == (NOVEMBER, ReadingState.SUPERSEDED)

    await issued_again(importer, "estimated")

    assert (await months_and_states())[12_400] == (DECEMBER, ReadingState.ON_REVIEW)


@pytest.mark.parametrize("later", [ReadingState.WITHDRAWN, ReadingState.REJECTED])
async def test_a_reading_that_the_customer_has_replaced_stays_so_if_the_bill_is_issued_again(
    importer: ImportRunner, later: ReadingState
):
    await given_account(NUMBER)
    replaced = await sent(12_400, ReadingState.SUPERSEDED)
    replacement = await sent(12_405, later, day=21)
    received_at = replaced.received_at + timedelta(days=1)
    await Reading.filter(id=replacement.id).update(received_at=received_at)
    await inspected(importer, 22, "12410")
    before = await months_and_states()

    await issued_again(importer, "estimated")

    assert await months_and_states() == before
    assert before[12_400] == (NOVEMBER, ReadingState.SUPERSEDED)


async def test_a_reading_that_billing_has_corrected_stays_so_if_the_bill_is_issued_again(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ACCEPTED)
    await inspected(importer, 20, "12401")
    before = await months_and_states()

    await issued_again(importer, "estimated")

    assert await months_and_states() == before
    assert before[12_400] == (NOVEMBER, ReadingState.SUPERSEDED)


@pytest.mark.parametrize("day", [22, 23])
async def test_a_bill_that_is_issued_again_with_a_later_reading_changes_nothing(
    importer: ImportRunner, day: int
):
    """Nothing is exported again, either."""
    await given_account(NUMBER)
    await sent(12_400, ReadingState.ACCEPTED)
    await inspected(importer, 22, "12410")
    readings, answers = await months_and_states(), await Acknowledgement.all().values()

    await inspected(importer, day, "12410" if day == 22 else "12420")

    assert {**await months_and_states(), **readings} == await months_and_states()
    assert await Acknowledgement.all().values() == answers


async def test_a_value_that_was_never_here_is_refused_with_its_bill(importer: ImportRunner):
    await given_account(NUMBER)
    await sent(12_450, ReadingState.ACCEPTED)

    outcome = await load_bill(importer, "12400")

    assert sorted(code for code, *_ in outcome.faults) == [
        "DOCUMENT_MISSING",
        "PART_REFUSED",
        "READING_UNKNOWN",
    ]
    assert not await Invoice.filter(number="A-11").exists()


@pytest.mark.parametrize("state", [ReadingState.SUPERSEDED, ReadingState.WITHDRAWN])
async def test_a_customer_s_reading_that_comes_back_too_late_changes_nothing(
    importer: ImportRunner, state: ReadingState
):
    await given_account(NUMBER)
    await sent(12_400, state)
    await sent(12_450, ReadingState.ACCEPTED, day=24)
    row = f"{NUMBER};M-{NUMBER};DAY;12400;2026-11-20;2026-11;CUSTOMER\n"

    outcome = await importer.load(ImportKind.READINGS, importer.put("r.csv", READINGS + row))

    assert outcome.faults == []
    assert await months_and_states() == {
        12_400: (NOVEMBER, state),
        12_450: (NOVEMBER, ReadingState.ACCEPTED),
    }
