"""Files of dated rules: what law ships, what a file corrects, gaps and incomplete sets."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lk_graphql.appeals.models import AnswerTerm
from lk_graphql.billing.models import PenaltyRate, RangeLimit, Tariff, VatRate
from lk_graphql.exchange.models import ImportRun
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.errors import CommandError
from lk_graphql.payments.models import PaymentTerms
from tests.exchange.billing_files import ACCOUNTS
from tests.support.import_runner import NOW, ImportRunner, Rows

TARIFF = "category;zone;range_number;rubles_per_kwh;valid_from;valid_to;order_reference\n"
RANGES = "category;range_number;up_to_kwh;valid_from\n"
THREE = "RURAL;1;400;2026-01-01\nRURAL;2;650;2026-01-01\nRURAL;3;;2026-01-01\n"
NORMS = "category;residents;kwh_per_person;from_period;order_reference\n"
BALANCES = "account;debt;penalty;overpayment;as_of\n"


def tariffs(*rows: tuple[str, str], number: int = 1) -> str:
    """Tariffs of one series, by first and last day."""
    return TARIFF + "".join(
        f"RURAL;SINGLE;{number};4.12;{start};{end};№ 1\n" for start, end in rows
    )


async def load_rules(importer: ImportRunner, **texts: str) -> list[tuple[str, ...]]:
    """Load files of these names; line, code and value of each refused row."""
    files = [importer.put(f"{name}.csv", text) for name, text in texts.items()]
    result = await importer.load(ImportKind.RULES, *files)
    faults = importer.faults() if result.faults else []
    return [(line, code, value) for _, line, _, code, value in faults]


async def test_a_supplier_sets_its_own_terms_by_a_file(importer: ImportRunner, rows: Rows):
    faults = await load_rules(
        importer,
        payment_terms="valid_from;minimum;maximum;commission_percent;reference\n"
        "2026-01-01;10;15000;0.9;договор эквайринга № 1\n",
        erasure_terms="valid_from;days;reference\n2026-01-01;10;приказ № 2\n",
        answer_terms="topic;from_day;days;are_working_days;reference\n"
        "Приборы учета;2026-12-01;5;да;приказ № 3\n",
        calendar_days="day;is_working;reference\n2026-11-30;0;указ губернатора\n",
        vat_rates="percent;valid_from;reference\n24;15.06.2027;НК РФ\n",
        penalty_shares="days_late;divisor;valid_from;reference\n1;;2027-01-01;закон\n"
        "31;400;2027-01-01;закон\n",
        penalty_rates="percent;valid_from;decision\n14;2026-12-21;Банк России\n",
    )

    assert faults == []
    assert await rows("SELECT minimum, maximum, commission_percent FROM payment_terms") == [
        (1000, 1_500_000, Decimal("0.900"))
    ]
    assert await rows("SELECT days FROM erasure_term") == [(10,)]
    assert await rows("SELECT percent, valid_from FROM vat_rate") == [(24, date(2027, 6, 15))]
    assert await rows("SELECT days_late, divisor FROM penalty_share ORDER BY 1") == [
        (1, None),
        (31, 400),
    ]
    assert await rows("SELECT is_cap, percent, reference FROM penalty_rate") == [
        (False, 14, "Банк России")
    ]
    assert await rows("SELECT day, is_working FROM calendar_day") == [(date(2026, 11, 30), False)]
    assert await rows(
        "SELECT days, are_working_days FROM answer_term t JOIN appeal_topic p ON p.id = t.topic_id"
        " WHERE title = 'Приборы учета' AND from_day = '2026-12-01'"
    ) == [(5, True)]
    await AnswerTerm.filter(from_day=date(2026, 12, 1)).delete()  # the reset leaves terms


async def test_invalid_terms_are_refused(importer: ImportRunner):
    faults = await load_rules(
        importer,
        payment_terms="valid_from;minimum;maximum;commission_percent;reference\n"
        "2026-01-01;0;15000;0;№ 1\n2026-02-01;10;5;0;№ 1\n2026-03-01;10;50;100;№ 1\n",
        answer_terms="topic;from_day;days;are_working_days;reference\nПогода;2026-12-01;5;1;№ 3\n",
        penalty_shares="days_late;divisor;valid_from;reference\n31;300;2027-01-01;закон\n",
    )

    assert [(line, code) for line, code, _ in faults] == [
        ("2", "NOT_POSITIVE"),
        ("3", "BELOW_MINIMUM"),
        ("4", "BAD_NUMBER"),
        ("2", "TOPIC_UNKNOWN"),
        ("2", "INCOMPLETE_SET"),
    ]
    assert await PaymentTerms.all().count() == 0


@pytest.mark.parametrize("kind", [ImportKind.TARIFFS, ImportKind.RULES])
async def test_a_file_that_leaves_a_day_without_a_price_is_refused(
    importer: ImportRunner, kind: ImportKind
):
    hole = importer.put(
        "tariffs.csv", tariffs(("2026-01-01", "2026-09-29"), ("2026-10-01", ""), ("2025-01-01", ""))
    )
    await importer.load(kind, hole)

    assert importer.faults() == [
        ("tariffs.csv", "2", "valid_from", "LEAVES_A_GAP", "2026-09-30 - 2026-09-30"),
        ("tariffs.csv", "3", "valid_from", "LEAVES_A_GAP", "2026-09-30 - 2026-09-30"),
    ]
    assert await Tariff.all().values_list("valid_from", flat=True) == [date(2025, 1, 1)]


async def test_a_gap_between_a_file_and_the_table_is_refused(importer: ImportRunner):
    assert await load_rules(importer, old=tariffs(("2026-01-01", ""))) == []
    assert await load_rules(importer, new=tariffs(("2026-10-01", ""))) == []

    faults = await load_rules(importer, closed=tariffs(("2026-01-01", "2026-08-31")))

    assert faults == [("2", "LEAVES_A_GAP", "2026-09-01 - 2026-09-30")]
    rows = await Tariff.all().order_by("valid_from").values_list("valid_from", "valid_to")
    assert rows == [(date(2026, 1, 1), None), (date(2026, 10, 1), None)]


@pytest.mark.parametrize(
    "periods",
    [
        [("2026-01-01", "2026-09-30"), ("2026-10-01", "")],
        [("2026-10-01", ""), ("2026-01-01", "2026-09-30")],
        [("2026-01-01", ""), ("2026-10-01", "2026-12-31")],  # an announced end is no gap
        [("2026-01-01", "2026-12-31"), ("2026-06-15", "2026-06-30"), ("2027-01-01", "")],
        [("2026-01-01", "2026-06-30"), ("2026-03-01", "2026-08-31"), ("2026-09-01", "")],
    ],
)
async def test_rows_that_meet_or_overlap_are_loaded(
    importer: ImportRunner, periods: list[tuple[str, str]]
):
    assert await load_rules(importer, tariffs=tariffs(*periods)) == []
    assert await Tariff.all().count() == len(periods)


async def test_key_rates_leave_no_gap_but_a_cap_may_end(importer: ImportRunner):
    faults = await load_rules(
        importer,
        penalty_rates="is_cap;percent;valid_from;valid_to\n0;16;2026-01-01;2026-06-14\n"
        "0;15;2026-06-16;\n1;9.5;2026-01-01;2026-12-31\n1;9;2027-03-01;\n",
    )

    assert [fault[:2] for fault in faults] == [("2", "LEAVES_A_GAP"), ("3", "LEAVES_A_GAP")]
    assert await PenaltyRate.all().values_list("is_cap", flat=True) == [True, True]


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        ("RURAL;1;500;2026-10-01\n", ["2"]),  # D13: ranges II and III were lost
        ("RURAL;2;500;2026-10-01\nRURAL;3;;2026-10-01\n", ["2", "3"]),
        ("RURAL;1;500;2026-10-01\nRURAL;2;500;2026-10-01\nRURAL;3;;2026-10-01\n", ["2", "3", "4"]),
        ("RURAL;1;;2026-10-01\nRURAL;2;500;2026-10-01\nRURAL;3;;2026-10-01\n", ["2", "3", "4"]),
        ("RURAL;1;5;2026-10-01\nRURAL;2;7;2026-10-01\n", ["2", "3"]),
        ("RURAL;1;500;2026-10-01\nRURAL;2;;2026-10-01\n", ["2", "3"]),  # its tariff III still holds
    ],
)
async def test_a_file_that_drops_a_range_is_refused(
    importer: ImportRunner, new: str, lines: list[str]
):
    prices = TARIFF + "".join(f"RURAL;SINGLE;{n};{n};2026-01-01;;№ 1\n" for n in (1, 2, 3))
    assert await load_rules(importer, limits=RANGES + THREE, prices=prices) == []

    faults = await load_rules(importer, new=RANGES + new)

    assert [fault[:2] for fault in faults] == [(line, "INCOMPLETE_SET") for line in lines]
    ends = await RangeLimit.all().order_by("range_number").values_list("up_to_kwh", flat=True)
    assert ends == [400, 650, None]


async def test_a_range_ends_with_its_tariff(importer: ImportRunner):
    prices = TARIFF + "".join(f"RURAL;SINGLE;{n};{n};2026-01-01;;№ 1\n" for n in (1, 2, 3))
    assert await load_rules(importer, limits=RANGES + THREE, prices=prices) == []

    faults = await load_rules(
        importer,
        limits=RANGES + "RURAL;1;3900;2026-10-01\nRURAL;2;;2026-10-01\n",
        prices=TARIFF + "RURAL;SINGLE;3;3;2026-01-01;2026-09-30;№ 1\n",
    )

    assert faults == []
    assert await RangeLimit.all().count() == 5


async def test_one_range_of_an_existing_day_is_corrected_alone(importer: ImportRunner):
    assert await load_rules(importer, limits=RANGES + THREE) == []

    assert await load_rules(importer, limits=RANGES + "RURAL;1;450;2026-01-01\n") == []

    ends = await RangeLimit.all().order_by("range_number").values_list("up_to_kwh", flat=True)
    assert ends == [450, 650, None]


async def test_a_norm_for_one_size_of_household_doesn_t_drop_the_others(importer: ImportRunner):
    all_sizes = "".join(f"RURAL;{n};{100 - n};2026-01;№ 1\n" for n in (1, 2, 3))
    assert await load_rules(importer, norms=NORMS + all_sizes) == []

    for new in ("RURAL;2;80;2026-10;№ 2\n", "RURAL;1;90;2026-10;№ 2\nRURAL;2;80;2026-10;№ 2\n"):
        faults = await load_rules(importer, norms=NORMS + new)
        assert {code for _, code, _ in faults} == {"INCOMPLETE_SET"}


BY_ROOMS = "category;rooms;residents;kwh_per_person;from_period;order_reference\n"
ALL_PAIRS = [(rooms, people) for rooms in (1, 2, 3) for people in (1, 2, 3)]


def norms_by_rooms(pairs: list[tuple[int, int]], month: str) -> str:
    return BY_ROOMS + "".join(
        f"RURAL;{rooms};{people};{100 - people};{month};№ 1\n" for rooms, people in pairs
    )


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param([pair for pair in ALL_PAIRS if pair[0] == 2], id="two rooms only"),
        pytest.param([pair for pair in ALL_PAIRS if pair[0] > 1], id="without one room"),
        pytest.param([pair for pair in ALL_PAIRS if pair[0] < 3], id="without three rooms"),
        pytest.param(ALL_PAIRS[1:], id="without one person in one room"),
        pytest.param(ALL_PAIRS[:-1], id="without one pair"),
        pytest.param([(1, people) for people in (1, 2, 3)], id="without any rooms"),
    ],
)
async def test_a_norm_for_some_rooms_doesn_t_drop_the_others(
    importer: ImportRunner, rows: Rows, pairs: list[tuple[int, int]]
):
    assert await load_rules(importer, norms=norms_by_rooms(ALL_PAIRS, "2026-01")) == []

    faults = await load_rules(importer, norms=norms_by_rooms(pairs, "2026-10"))

    lines = [str(line) for line in range(2, 2 + len(pairs))]
    numbers = ", ".join(sorted(f"{people}×{rooms}" for rooms, people in pairs))
    assert faults == [(line, "INCOMPLETE_SET", numbers) for line in lines]
    assert await rows("SELECT count(*) FROM norm WHERE from_period > '2026-01-01'") == [(0,)]


async def test_the_first_set_of_norms_needs_one_person_in_one_room(importer: ImportRunner):
    faults = await load_rules(importer, norms=norms_by_rooms([(2, 1), (2, 2)], "2026-01"))
    assert [code for _, code, _ in faults] == ["INCOMPLETE_SET"] * 2


async def test_a_set_of_norms_may_gain_rooms(importer: ImportRunner, rows: Rows):
    assert await load_rules(importer, norms=norms_by_rooms(ALL_PAIRS, "2026-01")) == []

    more = [*ALL_PAIRS, (4, 1), (4, 11)]
    assert await load_rules(importer, norms=norms_by_rooms(more, "2026-10")) == []

    assert await rows("SELECT count(*) FROM norm WHERE from_period > '2026-01-01'") == [(11,)]


async def test_a_vat_file_isn_t_read_as_key_rates(importer: ImportRunner):
    vat = importer.put("a.csv", "percent;valid_from;reference\n24;2027-01-01;НК РФ\n")
    await importer.load(ImportKind.RULES, vat)

    assert await VatRate.all().values_list("percent", flat=True) == [24]
    assert await PenaltyRate.all().count() == 0


async def test_a_balance_of_the_future_is_refused(importer: ImportRunner, rows: Rows):
    """D25: it would keep all later balances away."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("accounts.csv", ACCOUNTS))
    tomorrow, soon = NOW + timedelta(days=1), NOW + timedelta(minutes=5)
    balances = importer.put(
        "balances.csv",
        f"{BALANCES}0000000001;10;0;0;{tomorrow:%Y-%m-%dT%H:%MZ}\n"
        f"0000000002;20;0;0;{soon:%Y-%m-%dT%H:%MZ}\n",
    )
    await importer.load(ImportKind.PAYMENTS, balances)

    assert [(line, column, code) for _, line, column, code, _ in importer.faults()] == [
        ("2", "as_of", "IN_FUTURE")
    ]
    assert await rows("SELECT debt FROM account_balance") == [(2000,)]


async def test_a_file_of_the_future_is_refused(importer: ImportRunner):
    accounts = importer.put("accounts.csv", ACCOUNTS)

    with pytest.raises(CommandError, match="lies in the future"):
        await importer.load(ImportKind.ACCOUNTS, accounts, as_of=NOW + timedelta(hours=1), now=NOW)
    assert await ImportRun.all().count() == 0
