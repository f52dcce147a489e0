"""Norms by rooms and residents, and which order is in force."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Norm, Reading
from lk_graphql.metering.service.rules import NormTerms, norm_kwh, norm_shares
from tests.factories.metering import given_home
from tests.support.client import ApiClient
from tests.support.import_runner import ImportRunner

OLD, NEW = date(2020, 1, 1), date(2026, 7, 1)
ROWS = [
    NormTerms(1, Decimal(100), OLD),
    NormTerms(2, Decimal(70), OLD),
    NormTerms(5, Decimal(40), OLD),
    NormTerms(1, Decimal(90), NEW),
]


@pytest.mark.parametrize(
    ("residents", "expected"), [(0, 100), (1, 100), (2, 140), (4, 280), (5, 200), (9, 360)]
)
def test_a_row_of_norms_is_for_its_number_of_people_or_more(residents: int, expected: int):
    assert norm_kwh(residents, date(2026, 6, 1), ROWS) == expected


BY_ROOMS = [
    NormTerms(1, Decimal(110), OLD),
    NormTerms(2, Decimal(68), OLD),
    NormTerms(1, Decimal(142), OLD, rooms=2),
    NormTerms(2, Decimal(88), OLD, rooms=2),
    NormTerms(1, Decimal(160), OLD, rooms=4),
]


@pytest.mark.parametrize(
    ("rooms", "residents", "expected"),
    [(1, 1, 110), (1, 2, 136), (2, 1, 142), (3, 2, 176), (4, 1, 160), (9, 2, 320), (0, 2, 136)],
)
def test_a_row_of_norms_is_for_its_number_of_rooms_or_more(
    rooms: int, residents: int, expected: int
):
    assert norm_kwh(residents, OLD, BY_ROOMS, rooms=rooms) == expected


@pytest.mark.parametrize(
    ("norm", "parts"),
    [("100", [34, 33, 33]), ("101", [34, 34, 33]), ("0", [0] * 3), ("1.5", [1, 1, 0])],
)
def test_the_registers_share_the_norm_in_complete_kilowatt_hours(norm: str, parts: list[int]):
    assert norm_shares(Decimal(norm), 3) == parts


def test_a_new_order_replaces_all_rows_of_the_old():
    assert norm_kwh(2, NEW, ROWS) == 180


def test_no_norm_exists_before_the_first_order():
    assert norm_kwh(1, date(2019, 12, 1), ROWS) is None


async def test_a_preview_estimates_by_the_norm_of_the_home_s_rooms(api: ApiClient, anna: Viewer):
    """Two rooms: 141 kWh for one person, shared by two registers; nothing was ever read before."""
    home = await given_home(api, anna)
    await Reading.all().delete()
    await Norm.create(
        category=TariffCategory.URBAN_GAS,
        rooms=2,
        residents=1,
        kwh_per_person=Decimal(141),
        from_period=date(2020, 1, 1),
        order_reference="a test",
    )

    async def estimates() -> list[str]:
        preview = (await home.preview(1, 1))["preview"]
        return [entry["estimatedKwh"] for entry in preview["entries"]]

    assert await estimates() == ["50", "50"]
    await Account.all().update(rooms=3)
    assert await estimates() == ["71", "70"]


async def test_norms_are_imported_with_and_without_rooms(database: str, tmp_path: Path):
    importer = ImportRunner(tmp_path)
    columns = "category;residents;kwh_per_person;from_period;order_reference"
    old = importer.put("norms.csv", f"{columns}\nRURAL;1;110;2026-01;№ 44\n")
    by_rooms = importer.put(
        "norms-2.csv",
        f"{columns};rooms\nRURAL;1;111;2026-01;№ 44;1\nRURAL;1;142;2026-01;№ 44;2\n",
    )

    for path in (old, by_rooms):
        outcome = await importer.load(ImportKind.TARIFFS, path)
        assert outcome.faults == []

    rows = await Norm.all().order_by("rooms")
    assert [(row.rooms, row.kwh_per_person) for row in rows] == [(1, 111), (2, 142)]
