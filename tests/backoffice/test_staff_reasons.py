"""Reasons of staff: each mutation refuses what its audit entry couldn't keep, and nothing else."""

from typing import Any

import pytest

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.schema import graphql_schema
from lk_graphql.staff.models import AuditEntry
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient
from tests.support.sample_input import inside, sample_input

LONGEST = "я" * 296 + " всё"
LIMITS = "5 to 300 characters"
MUTATIONS: dict[str, Any] = getattr(graphql_schema.type_map["Mutation"], "fields")  # noqa: B009


def input_of(mutation: str) -> Any:
    return inside(MUTATIONS[mutation].args["input"].type)


def has_reason(mutation: str) -> bool:
    reason = input_of(mutation).fields.get("reason")
    return reason is not None and LIMITS in (reason.description or "")


REASONED = [name for name in MUTATIONS if has_reason(name)]
OF_CUSTOMERS = {
    "staffCustomerLock": [],
    "staffCustomerUnlock": [],
    "staffCustomerSessionsEnd": [],
    "staffContactsShow": [LONGEST],
    "staffCabinetOpen": [LONGEST],
}
"""Mutations of customers, each with the reasons in the log that the customer sees."""
AUDIT = "{ staff { administration { auditLog { nodes { subject reason } } } } }"
ACCESS_LOG = "{ viewer { accessLog { nodes { reason } } } }"


async def send(api: ApiClient, token: str, name: str, reason: str, **more: str) -> Any:
    query = f"""mutation ($input: {input_of(name)}!) {{ {name}(input: $input) {{
        errors {{ code path }} }} }}"""
    values = {**sample_input(input_of(name)), "reason": reason, **more}
    answer = await api.post(query, token, input=values)
    return answer["data"][name]["errors"]


def test_the_schema_names_the_limits_of_each_reason():
    assert len(REASONED) == 19
    assert {*OF_CUSTOMERS, "staffMemberRoleChange", "staffRefundDecide"} < {*REASONED}


@pytest.mark.parametrize("name", REASONED)
@pytest.mark.parametrize("reason", [f"{LONGEST}!", "нет", " -  "], ids=["long", "short", "blank"])
async def test_a_reason_outside_the_limits_is_refused(
    api: ApiClient, database: str, name: str, reason: str
):
    token = await given_staff_session(await given_staff(Role.ADMIN))
    before = await AuditEntry.all().count()

    errors = await send(api, token, name, reason)

    assert errors == [{"code": "REASON_REQUIRED", "path": ["reason"]}]
    assert await AuditEntry.all().count() == before


@pytest.mark.parametrize(("name", "shown"), OF_CUSTOMERS.items())
async def test_the_longest_reason_is_recorded_to_its_end(
    api: ApiClient, anna: Viewer, name: str, shown: list[str]
):
    token = await given_staff_session(await given_staff(Role.ADMIN))

    assert await send(api, token, name, LONGEST, customerId=to_public("scu", anna.id)) == []

    log = (await api.ask(AUDIT, token))["staff"]["administration"]["auditLog"]["nodes"]
    assert [entry["reason"] for entry in log if entry["subject"] == "user"] == [LONGEST]
    await User.filter(id=anna.id).update(locked_at=None)
    viewer = (await api.ask(ACCESS_LOG, await api.signed_in(anna)))["viewer"]
    assert [entry["reason"] for entry in viewer["accessLog"]["nodes"]] == shown
