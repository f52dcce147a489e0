"""Meters that are set to other tariff zones and keep their serial number."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, Register
from lk_graphql.metering.service.notifications import notify_of_window
from lk_graphql.metering.service.snapshot_loader import last_readings
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import given_bare_account, given_link
from tests.factories.metering import NUMBER, PREVIEW, SUBMIT, TODAY, given_rules, noon
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient
from tests.support.import_runner import ImportRunner, Rows

METERS = "account;serial;model;installed_on;removed_on\n"
REGISTERS = "account;meter;zone;position;label;digits;removed_on\n"
READINGS = "account;meter;zone;value;taken_on;period;source\n"
CARD = """{ viewer { accounts { meters {
    registers { zone removedOn } formerRegisters { zone removedOn readings { totalCount } }
} } } }"""
STAFF_CARD = """query ($number: String!) { staff { account(number: $number) { meters {
    registers { zone removedOn } formerRegisters { zone removedOn readings { totalCount } }
} } } }"""
ZONES = {1: ("SINGLE",), 2: ("DAY", "NIGHT"), 3: ("PEAK", "HALF_PEAK", "NIGHT")}
CHANGES = [(1, 2), (1, 3), (2, 1), (2, 3), (3, 2)]
CHANGED_ON = "2026-11-10"
CONSEQUENCES = {"DOCUMENT_MISSING", "POSITION_TAKEN"}
"""Faults of other rows of the meter, such as the night's on the place of a half peak's."""
PLACES = "SELECT zone, position, removed_on::text FROM register ORDER BY zone"


@dataclass
class Flat:
    """An account with a meter, which billing's files describe."""

    api: ApiClient
    token: str
    account_id: str
    importer: ImportRunner

    async def load(
        self, zones: dict[str, tuple[int, str]], *, removed_on: str = ""
    ) -> list[tuple[str, str, str]]:
        """Import the registers with their positions and days; return their faults."""
        lines = (
            f"{NUMBER};X-1;{zone};{position};T{position};5;{day}\n"
            for zone, (position, day) in zones.items()
        )
        outcome = await self.importer.load(
            ImportKind.METERS,
            self.importer.put("m.csv", f"{METERS}{NUMBER};X-1;СЕ 102;2020-01-01;{removed_on}\n"),
            self.importer.put("r.csv", REGISTERS + "".join(lines)),
        )
        faults = self.importer.faults() if outcome.faults else []
        return [(column, code, value) for file, _, column, code, value in faults if file == "r.csv"]

    async def read(self, taken_on: str, **values: int) -> list[tuple[str, ...]]:
        """Import readings of an inspector; return the faults."""
        lines = (
            f"{NUMBER};X-1;{zone};{value};{taken_on};{taken_on[:7]};CONTROLLER\n"
            for zone, value in values.items()
        )
        file = self.importer.put("n.csv", READINGS + "".join(lines))
        outcome = await self.importer.load(ImportKind.READINGS, file)
        return [fault[1:] for fault in self.importer.faults()] if outcome.faults else []

    async def ask(self, query: str, values: dict[str, int], **more: Any) -> dict[str, Any]:
        keys = {row.zone.value: row.id for row in await Register.all()}
        entries = [
            {"registerId": to_public("reg", keys[zone]), "value": str(value)}
            for zone, value in values.items()
        ]
        form = {"accountId": self.account_id, "entries": entries, **more}
        answer = await self.api.post(query, self.token, input=form)
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        return payload

    async def submit(self, **values: int) -> list[list[str]]:
        """Submit readings; return the codes of each entry."""
        payload = await self.ask(SUBMIT, values, idempotencyKey=str(new_key()))
        return [[error["code"] for error in entry["errors"]] for entry in payload["entries"]]

    async def card(self) -> dict[str, Any]:
        answer = await self.api.ask(CARD, self.token)
        return answer["viewer"]["accounts"][0]["meters"][0]


@pytest_asyncio.fixture
async def flat(api: ApiClient, anna: Viewer, importer: ImportRunner) -> Flat:
    await given_rules()
    account = await given_bare_account(NUMBER, residents=1)
    await given_link(anna, account)
    token = await api.signed_in(anna)
    api.clock.now = noon(TODAY)
    return Flat(api, token, to_public("acc", account.id), importer)


def in_use(zones: tuple[str, ...], first: int = 1) -> dict[str, tuple[int, str]]:
    return {zone: (position, "") for position, zone in enumerate(zones, first)}


@dataclass
class Change:
    """The registers before a meter is set to other zones, and after it."""

    before: dict[str, tuple[int, str]]
    new: dict[str, tuple[int, str]]
    former: dict[str, tuple[int, str]]

    @property
    def complete(self) -> dict[str, tuple[int, str]]:
        return {**self.former, **self.new}


def change(numbers: tuple[int, int], *, reuses_positions: bool) -> Change:
    before, after = (ZONES[number] for number in numbers)
    first = 1 if reuses_positions else len(before) + 1
    return Change(
        in_use(before),
        in_use(after, first),
        {
            zone: (position, CHANGED_ON)
            for position, zone in enumerate(before, 1)
            if zone not in after
        },
    )


def stored(zones: dict[str, tuple[int, str]]) -> list[tuple[str, int, str | None]]:
    return sorted((zone, position, day or None) for zone, (position, day) in zones.items())


changes = pytest.mark.parametrize("reuses_positions", [True, False], ids=["reused", "others"])
numbers = pytest.mark.parametrize("zones", CHANGES, ids=lambda pair: f"{pair[0]} to {pair[1]}")


@changes
@numbers
async def test_new_zones_without_the_former_ones_are_refused(
    flat: Flat, rows: Rows, zones: tuple[int, int], *, reuses_positions: bool
):
    """Customers were asked for the zones of both, and prices were those of both."""
    one = change(zones, reuses_positions=reuses_positions)
    assert await flat.load(one.before) == []

    faults = await flat.load(one.new)

    left_out = ", ".join(one.former)
    added = [zone for zone in one.new if zone not in one.before]
    assert [fault for fault in faults if fault[1] not in CONSEQUENCES] == [
        ("zone", "REGISTER_LEFT_OUT", left_out) for _ in added
    ]
    assert await rows(PLACES) == stored(one.before)


@changes
@numbers
async def test_former_zones_without_a_day_are_refused(
    flat: Flat, rows: Rows, zones: tuple[int, int], *, reuses_positions: bool
):
    one = change(zones, reuses_positions=reuses_positions)
    assert await flat.load(one.before) == []

    faults = await flat.load({**one.before, **one.new})

    assert {code for _, code, _ in faults} - CONSEQUENCES == {"ZONES_OVERLAP"}
    assert await rows(PLACES) == stored(one.before)


@changes
@numbers
@pytest.mark.parametrize("tries", ["at once", "new ones first", "former ones first"])
async def test_a_meter_with_other_zones_is_read_by_these_only(
    flat: Flat,
    rows: Rows,
    tries: str,
    zones: tuple[int, int],
    *,
    reuses_positions: bool,
):
    one = change(zones, reuses_positions=reuses_positions)
    assert await flat.load(one.before) == []
    assert await flat.read("2026-10-20", **dict.fromkeys(one.before, 5_000)) == []
    assert await flat.read(CHANGED_ON, **dict.fromkeys(one.before, 5_100)) == []
    if tries == "new ones first":
        assert await flat.load(one.new) != []
    if tries == "former ones first" and len(one.former) == len(one.before):
        assert {code for _, code, _ in await flat.load(one.former)} == {"NO_REGISTER_LEFT"}

    assert await flat.load(one.complete) == []
    assert await flat.load(one.complete) == await flat.load(one.new) == []

    assert await rows(PLACES) == stored(one.complete)
    added = {zone: 10 for zone in one.new if zone not in one.before}
    assert await flat.read(CHANGED_ON, **added) == []
    assert await flat.card() == {
        "registers": [{"zone": zone, "removedOn": None} for zone in one.new],
        "formerRegisters": [
            {"zone": zone, "removedOn": CHANGED_ON, "readings": {"totalCount": 2}}
            for zone in one.former
        ],
    }
    values = {zone: 150 if zone in added else 5_200 for zone in one.new}
    preview = (await flat.ask(PREVIEW, values))["preview"]
    assert [(entry["errors"], entry["zone"]) for entry in preview["entries"]] == [
        ([], zone) for zone in one.new
    ]
    assert await flat.submit(**values) == [[] for _ in values]
    await notify_of_window(date(2026, 11, 23), now=noon(date(2026, 11, 23)))
    assert not await Notice.filter(kind=NoticeKind.READING_REMINDER).count()


@pytest_asyncio.fixture
async def changed(flat: Flat) -> Flat:
    """A meter that was set from one zone to two on 10 November, at 5,100 kWh."""
    one = change((1, 2), reuses_positions=True)
    assert await flat.load(one.before) == []
    assert await flat.read("2026-10-20", SINGLE=5_000) == []
    assert await flat.read(CHANGED_ON, SINGLE=5_100) == []
    assert await flat.load(one.complete) == []
    assert await flat.read(CHANGED_ON, DAY=0, NIGHT=7) == []
    return flat


async def test_a_former_register_accepts_no_reading(changed: Flat):
    """Such as one that a telephone has stored in its form, without a connection."""
    payload = await changed.ask(SUBMIT, {"SINGLE": 5_200}, idempotencyKey=str(new_key()))

    ((error,),) = [entry["errors"] for entry in payload["entries"]]
    assert (error["code"], error["message"]) == (
        "METER_REMOVED",
        "Эта шкала считала до 10.11.2026: у счётчика теперь другие тарифные зоны.",
    )
    assert await changed.submit(DAY=20) == [["ZONES_MISSING"]]
    assert await Reading.filter(batch__isnull=False).count() == 0


async def test_a_former_register_needs_no_reminder_and_a_present_one_does(changed: Flat):
    day = date(2026, 11, 23)
    await Reading.filter(period=date(2026, 11, 1)).delete()
    await notify_of_window(day, now=noon(day))
    reminders = Notice.filter(kind=NoticeKind.READING_REMINDER)
    assert await reminders.count() == 1

    await reminders.delete()
    assert await changed.submit(DAY=60, NIGHT=30) == [[], []]
    await notify_of_window(day, now=noon(day))
    assert await reminders.count() == 0


async def test_readings_of_a_former_register_end_with_its_last_day(changed: Flat):
    faults = await changed.read("2026-11-11", SINGLE=5_101)

    assert faults == [("2", "taken_on", "OUT_OF_SERVICE", "2026-11-11")]
    assert await changed.read("2026-11-09", SINGLE=5_098) == []


async def test_a_customer_proves_an_account_by_the_registers_in_use(changed: Flat):
    register = await Register.get(zone="DAY").prefetch_related("meter")

    assert sorted(await last_readings(register.meter.account_id)) == [0, 7]


async def test_the_consumption_of_the_month_is_that_of_former_and_present_zones(
    changed: Flat, rows: Rows
):
    assert await changed.submit(DAY=60, NIGHT=30) == [[], []]

    assert await rows(
        "SELECT zone, kwh::int FROM monthly_consumption WHERE period = '2026-11-01' ORDER BY zone"
    ) == [("DAY", 60), ("NIGHT", 23), ("SINGLE", 100)]


async def test_staff_see_former_registers_beside_those_in_use(changed: Flat):
    token = await given_staff_session(await given_staff())

    answer = await changed.api.ask(STAFF_CARD, token, number=NUMBER)

    assert answer["staff"]["account"]["meters"] == [
        {
            "registers": [
                {"zone": "DAY", "removedOn": None},
                {"zone": "NIGHT", "removedOn": None},
            ],
            "formerRegisters": [
                {"zone": "SINGLE", "removedOn": CHANGED_ON, "readings": {"totalCount": 2}}
            ],
        }
    ]


async def test_a_zone_doesn_t_return_after_others_have_counted(changed: Flat, rows: Rows):
    """Its next reading would count their energy again."""
    before = await rows(PLACES)

    faults = await changed.load(
        {"SINGLE": (1, ""), "DAY": (1, "2026-11-20"), "NIGHT": (2, "2026-11-20")}
    )

    assert ("removed_on", "REGISTER_RETURNS", "SINGLE") in faults
    assert {code for _, code, _ in faults} == {"REGISTER_RETURNS", "DOCUMENT_MISSING"}
    assert await rows(PLACES) == before


async def test_a_change_that_was_a_mistake_is_undone_on_the_same_day(changed: Flat):
    undone = {"SINGLE": (1, ""), "DAY": (1, CHANGED_ON), "NIGHT": (2, CHANGED_ON)}

    assert await changed.load(undone) == []

    card = await changed.card()
    assert [register["zone"] for register in card["registers"]] == ["SINGLE"]
    assert await changed.submit(SINGLE=5_200) == [[]]


async def test_a_meter_with_a_refused_register_stays_as_it_was(flat: Flat, rows: Rows):
    assert await flat.load(in_use(("SINGLE",))) == []

    faults = await flat.load({"SINGLE": (1, CHANGED_ON), "DAY": (1, ""), "NIGHT": (1, "")})

    assert faults == [
        ("meter", "DOCUMENT_MISSING", f"{NUMBER} X-1"),
        ("position", "POSITION_TAKEN", "1"),
        ("position", "POSITION_TAKEN", "1"),
    ]
    assert await rows(PLACES) == [("SINGLE", 1, None)]


@pytest.mark.parametrize(
    ("day", "code"),
    [("2019-12-31", "ENDS_BEFORE_IT_BEGINS"), ("2027-11-10", "IN_FUTURE")],
)
async def test_a_register_is_removed_while_its_meter_is_in_use(
    flat: Flat, rows: Rows, day: str, code: str
):
    assert await flat.load(in_use(("SINGLE",))) == []

    faults = await flat.load({"SINGLE": (1, day), "DAY": (1, ""), "NIGHT": (2, "")})

    assert ("removed_on", code, day) in faults
    assert await rows(PLACES) == [("SINGLE", 1, None)]


async def test_a_removed_meter_keeps_the_registers_that_it_had(changed: Flat):
    both = {"DAY": (1, ""), "NIGHT": (2, "")}

    assert await changed.load(both, removed_on="2026-11-20") == []

    card = await changed.card()
    assert [register["zone"] for register in card["registers"]] == ["DAY", "NIGHT"]
    assert [register["zone"] for register in card["formerRegisters"]] == ["SINGLE"]
    assert await changed.submit(DAY=60, NIGHT=30) == [["METER_REMOVED"]] * 2
