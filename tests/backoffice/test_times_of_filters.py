"""Filters of staff by a date and time as clients get it: with milliseconds only."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lk_graphql.kit.viewer import Role
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

LOG = """query ($where: StaffAuditFilterInput) { staff { administration {
  auditLog(where: $where) { totalCount nodes { act happenedAt } } } } }"""
MOMENT = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def log(api: ApiClient, token: str, **where: str) -> list[dict[str, Any]]:
    answer = await api.ask(
        LOG, token, where={"acts": ["MEMBER_LOCKED", "MEMBER_UNLOCKED"], **where}
    )
    connection = answer["staff"]["administration"]["auditLog"]
    assert connection["totalCount"] == len(connection["nodes"])
    return connection["nodes"]


@pytest.mark.parametrize("microsecond", [0, 1, 709_123, 709_999, 999_999])
async def test_a_filter_includes_the_entry_of_its_time(
    api: ApiClient, database: str, microsecond: int
):
    token = await given_staff_session(await given_staff(Role.ADMIN))
    moment = MOMENT + timedelta(microseconds=microsecond)
    next_one = moment - timedelta(microseconds=microsecond % 1000) + timedelta(milliseconds=1)
    await AuditEntry.create(act=Act.MEMBER_LOCKED, happened_at=moment)
    await AuditEntry.create(act=Act.MEMBER_UNLOCKED, happened_at=next_one)
    later, entry = await log(api, token)
    assert (entry["act"], later["act"]) == ("MEMBER_LOCKED", "MEMBER_UNLOCKED")

    assert await log(api, token, to=entry["happenedAt"]) == [entry]
    assert await log(api, token, **{"from": entry["happenedAt"]}) == [later, entry]
    assert await log(api, token, **{"from": later["happenedAt"]}) == [later]
