"""Import of meters and their registers."""

from lk_graphql.import_formats.service.kinds import ImportKind
from tests.factories.accounts import given_account
from tests.support.import_runner import ImportRunner, Rows

NUMBER = "0000000001"
METERS = "account;serial;model;installed_on\n"
REGISTERS = "account;meter;zone;position;label;digits\n"


async def load_registers(importer: ImportRunner, *lines: str) -> list[tuple[str, ...]]:
    """Import registers of one meter; return their faults as line, column, code, value."""
    meters = importer.put("m.csv", f"{METERS}{NUMBER};X-1;СЕ 102;2026-01-01\n")
    text = "".join(f"{NUMBER};X-1;{line}\n" for line in lines)
    outcome = await importer.load(
        ImportKind.METERS, meters, importer.put("r.csv", f"{REGISTERS}{text}")
    )
    return (
        [fault[1:] for fault in importer.faults() if fault[0] == "r.csv"] if outcome.faults else []
    )


async def test_registers_may_change_places_and_never_share_one(importer: ImportRunner, rows: Rows):
    await given_account(NUMBER)
    places = (
        "SELECT r.zone, r.position FROM register r JOIN meter m ON m.id = r.meter_id"
        " WHERE m.serial = 'X-1' ORDER BY r.position"
    )
    assert await load_registers(importer, "DAY;1;T1;6", "NIGHT;2;T2;6") == []
    assert await load_registers(importer, "DAY;2;T2;6", "NIGHT;1;T1;6") == []
    assert await rows(places) == [("NIGHT", 1), ("DAY", 2)]
    assert await load_registers(importer, "DAY;1;T1;6") == [
        ("2", "position", "POSITION_TAKEN", "1")
    ]
    assert await load_registers(importer, "DAY;3;T1;6", "NIGHT;3;T1;6") == [
        ("2", "position", "POSITION_TAKEN", "3"),
        ("3", "position", "POSITION_TAKEN", "3"),
    ]
    assert await rows(places) == [("NIGHT", 1), ("DAY", 2)]
