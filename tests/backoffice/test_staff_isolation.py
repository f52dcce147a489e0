"""Isolation of customers, staff and roles from one another's data."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import lk_graphql
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.staff.models import AccessNote, Act, AuditEntry, StaffMember
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import Subject
from lk_graphql.staff.types.objects import PREFIXES
from tests.factories.accounts import given_account, given_link
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
DESK = """{ staff { me { role } administration {
  members { nodes { email } }
  auditLog { totalCount nodes { act staff { email } subjectId } } } } }"""

SUBJECT = re.compile(r"\b(?:Subject|TargetRow)\(\s*\"(\w+)\"")
"""A subject in the source text, with the kind of its row."""


async def test_a_customer_has_no_back_office(api: ApiClient, anna: Viewer):
    member = await given_staff(Role.ADMIN)
    token = await api.signed_in(anna)
    assert await api.ask(DESK, token) == {"staff": None}
    assert await api.ask(NODE, token, id=to_public("stf", member.id)) == {"node": None}
    end = "mutation { staffSessionEnd(input: {}) { endedSessions errors { code } } }"
    answer = await api.post(end, token)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await api.ask(DESK) == {"staff": None}


async def test_staff_have_no_cabinet(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    token = await given_staff_session(await given_staff(Role.ADMIN))
    assert await api.ask("{ viewer { email } }", token) == {"viewer": None}
    for public in (to_public("acc", account.id), to_public("usr", anna.id)):
        assert await api.ask(NODE, token, id=public) == {"node": None}
    rename = """mutation ($id: ID!) { accountRename(input: {accountId: $id, name: "x"}) {
      errors { code } } }"""
    answer = await api.post(rename, token, id=to_public("acc", account.id))
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
async def test_only_administrators_see_the_log(api: ApiClient, role: Role):
    token = await given_staff_session(await given_staff(role))
    data = await api.ask(DESK, token)
    assert data == {"staff": {"me": {"role": role}, "administration": None}}
    entry = await AuditEntry.all().first()
    assert entry is not None
    assert await api.ask(NODE, token, id=to_public("aud", entry.id)) == {"node": None}


async def test_administrators_see_the_members_and_their_actions(api: ApiClient):
    member = await given_staff(Role.ADMIN)
    token = await given_staff_session(member)
    data: Any = (await api.ask(DESK, token))["staff"]["administration"]
    assert data["members"]["nodes"] == [{"email": "admin@example.com"}]
    entry = {"act": "SIGNED_IN", "staff": {"email": "admin@example.com"}, "subjectId": None}
    assert data["auditLog"] == {"totalCount": 1, "nodes": [entry]}


def test_each_kind_of_subject_in_the_log_has_an_id():
    sources = Path(lk_graphql.__file__).parent.rglob("*.py")
    kinds = {kind for file in sources for kind in SUBJECT.findall(file.read_text())}
    assert {"user", "contract_application", "notice"} <= kinds
    assert kinds <= PREFIXES.keys()


async def test_the_log_can_be_searched(api: ApiClient):
    admin, clerk = await given_staff(Role.ADMIN), await given_staff(Role.CLERK)
    token = await given_staff_session(admin)
    await given_staff_session(clerk)
    query = """query ($id: ID) { staff { administration {
      auditLog(where: {staffId: $id, acts: [SIGNED_IN]}) { nodes { staff { email } } } } } }"""
    data = await api.ask(query, token, id=to_public("stf", clerk.id))
    log = data["staff"]["administration"]["auditLog"]
    assert log["nodes"] == [{"staff": {"email": "clerk@example.com"}}]
    response = await api.post(query, token, id="nobody")
    assert response["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_role_counts_from_the_next_request_on(api: ApiClient):
    member = await given_staff(Role.ADMIN)
    token = await given_staff_session(member)
    await StaffMember.filter(id=member.id).update(role=Role.CLERK)
    assert (await api.ask(DESK, token))["staff"]["administration"] is None


@pytest.mark.parametrize(
    "tampering",
    ["UPDATE access_note SET reason = 'none'", "DELETE FROM access_note"],
)
async def test_the_database_protects_the_access_log_of_customers(
    anna: Viewer, opened: asyncpg.Connection, tampering: str
):
    """It goes with an erasure that the customer has asked for: see `test_staff_erasures`."""
    now = datetime.now(UTC)
    await AccessNote.create(user_id=anna.id, what=Act.LOOKED, role=Role.CLERK, happened_at=now)
    before = await AccessNote.all().values()

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
        await opened.execute(tampering)
    assert await AccessNote.all().values() == before


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET staff_id = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DELETE FROM staff_member",
    ],
)
async def test_the_database_protects_the_audit_log(
    api: ApiClient, opened: asyncpg.Connection, tampering: str
):
    member = await given_staff()
    await audit.record(
        Act.LOOKED, Subject("user", member.id), staff_id=member.id, now=member.created_at
    )
    before = await AuditEntry.all().values()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await opened.execute(tampering)
    assert await AuditEntry.all().values() == before
