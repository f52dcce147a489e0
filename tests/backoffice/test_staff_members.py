"""Administration of members of staff by administrators."""

import asyncio
from typing import Any

import pytest

from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Role
from lk_graphql.staff.models import Act, AuditEntry, StaffMember, StaffSession
from tests.factories.staff import given_staff, given_staff_session, sign_in
from tests.support.client import URL, ApiClient

REASON = "Приказ 14-к от 20.11.2026"
AUDIT = """{ staff { administration { auditLog(first: 20) {
    nodes { subject operation reason } } } } }"""


async def mutate(api: ApiClient, token: str, name: str, fields: str, **input: Any) -> Any:
    pascal = name[0].upper() + name[1:]
    query = f"""mutation ($input: {pascal}Input!) {{ {name}(input: $input) {{
        member {{ id email fullName role isLocked }} {fields} errors {{ code path }} }} }}"""
    answer = await api.post(query, token, input=input)
    assert "errors" not in answer, answer
    return answer["data"][name]


async def change(api: ApiClient, token: str, name: str, member: StaffMember, **more: Any) -> Any:
    values = {"memberId": to_public("stf", member.id), "reason": REASON, **more}
    return await mutate(api, token, name, "", **values)


def new(**changed: Any) -> dict[str, Any]:
    values = {"email": "New@Example.com", "lastName": "Котова", "firstName": "Анна"}
    return {**values, "role": "CLERK", **changed}


async def test_an_added_member_can_sign_in(api: ApiClient, database: str):
    admin = await given_staff(Role.ADMIN)
    token = await given_staff_session(admin)
    payload = await mutate(api, token, "staffMemberAdd", "invitationUrl expiresAt", **new())

    member = payload["member"]
    assert (member["email"], member["fullName"], member["role"], member["isLocked"]) == (
        "new@example.com", "Котова Анна", "CLERK", False,
    )  # fmt: skip
    page, _, invitation = payload["invitationUrl"].partition("#token=")
    assert page == f"{URL}/staff-password"
    query = """mutation ($input: StaffPasswordSetInput!) { staffPasswordSet(input: $input) {
        isSet errors { code } } }"""
    answer = await api.post(query, input={"token": invitation, "newPassword": "Kuzbass42x"})
    assert answer["data"]["staffPasswordSet"] == {"isSet": True, "errors": []}
    assert (await sign_in(api, "new@example.com"))["enrolment"] is not None
    entries = (
        await AuditEntry.filter(staff_id=admin.id).order_by("id").values_list("act", flat=True)
    )
    assert entries[-2:] == [Act.MEMBER_ADDED, Act.MEMBER_INVITED]


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"email": "admin@example.com"}, "MEMBER_EXISTS", ["email"]),
        ({"email": "nowhere"}, "EMAIL_MALFORMED", ["email"]),
        ({"lastName": ""}, "NAME_MALFORMED", ["lastName"]),
        ({"firstName": "R2D2"}, "NAME_MALFORMED", ["firstName"]),
        ({"patronymic": "<b>"}, "NAME_MALFORMED", ["patronymic"]),
    ],
)
async def test_an_invalid_form_adds_no_member(
    api: ApiClient, database: str, changed: dict[str, Any], code: str, path: list[str]
):
    token = await given_staff_session(await given_staff(Role.ADMIN))
    payload = await mutate(api, token, "staffMemberAdd", "invitationUrl", **new(**changed))
    assert payload == {
        "member": None,
        "invitationUrl": None,
        "errors": [{"code": code, "path": path}],
    }
    assert await StaffMember.all().count() == 1


@pytest.mark.parametrize("patronymic", ["", " ", "\t"])
async def test_a_blank_patronymic_means_none(api: ApiClient, database: str, patronymic: str):
    token = await given_staff_session(await given_staff(Role.ADMIN))
    payload = await mutate(
        api, token, "staffMemberAdd", "invitationUrl", **new(patronymic=patronymic)
    )
    assert (payload["errors"], payload["member"]["fullName"]) == ([], "Котова Анна")


async def test_a_lock_ends_sessions_at_once(api: ApiClient, database: str):
    admin, clerk = await given_staff(Role.ADMIN), await given_staff()
    token, theirs = [await given_staff_session(member) for member in (admin, clerk)]
    payload = await change(api, token, "staffMemberLock", clerk)
    assert payload["member"]["isLocked"] is True
    assert await api.ask("{ staff { me { email } } }", theirs) == {"staff": None}
    assert await StaffSession.filter(member=clerk, ended_at=None).count() == 0
    assert (await change(api, token, "staffMemberUnlock", clerk))["member"]["isLocked"] is False
    reasons = (
        await AuditEntry.filter(subject_id=clerk.id)
        .order_by("id")
        .values_list("act", "staff_id", "reason")
    )
    assert reasons == [
        (Act.MEMBER_LOCKED, admin.id, REASON), (Act.MEMBER_UNLOCKED, admin.id, REASON),
    ]  # fmt: skip


async def test_a_role_holds_from_the_next_request_on(api: ApiClient, database: str):
    admin, clerk = await given_staff(Role.ADMIN), await given_staff()
    token, theirs = [await given_staff_session(member) for member in (admin, clerk)]
    query = "{ staff { administration { members { nodes { email } } } } }"
    assert await api.ask(query, theirs) == {"staff": {"administration": None}}
    payload = await change(api, token, "staffMemberRoleChange", clerk, role="ADMIN")
    assert payload["member"]["role"] == "ADMIN"
    assert (await api.ask(query, theirs))["staff"]["administration"] is not None


@pytest.mark.parametrize(
    ("mutation", "more", "operation"),
    [
        ("staffMemberLock", {}, None),
        ("staffMemberUnlock", {}, None),
        ("staffMemberFactorReset", {}, None),
        ("staffMemberRoleChange", {"role": "CLERK"}, "CLERK"),
        ("staffMemberRoleChange", {"role": "SUPERVISOR"}, "SUPERVISOR"),
        ("staffMemberRoleChange", {"role": "ADMIN"}, "ADMIN"),
    ],
)
async def test_the_longest_reason_is_recorded_to_its_end(
    api: ApiClient, database: str, mutation: str, more: dict[str, Any], operation: str | None
):
    clerk, token = await given_staff(), await given_staff_session(await given_staff(Role.ADMIN))
    words = "я" * 296 + " всё"

    longest = await change(api, token, mutation, clerk, reason=words, **more)
    too_long = await change(api, token, mutation, clerk, reason=f"{words}!", **more)

    assert longest["errors"] == []
    assert too_long["errors"] == [{"code": "REASON_REQUIRED", "path": ["reason"]}]
    log = (await api.ask(AUDIT, token))["staff"]["administration"]["auditLog"]["nodes"]
    about_member = [entry for entry in log if entry.pop("subject") == "staff_member"]
    assert about_member == [{"operation": operation, "reason": words}]


async def test_a_lost_factor_is_enrolled_anew(api: ApiClient, database: str):
    admin, clerk = await given_staff(Role.ADMIN), await given_staff()
    token = await given_staff_session(admin)
    assert (await change(api, token, "staffMemberFactorReset", clerk))["errors"] == []
    assert (await sign_in(api, clerk.email))["enrolment"] is not None


@pytest.mark.parametrize("mutation", ["staffMemberLock", "staffMemberRoleChange"])
async def test_the_last_administrator_stays(api: ApiClient, database: str, mutation: str):
    admin = await given_staff(Role.ADMIN)
    token = await given_staff_session(admin)
    more = {"role": "CLERK"} if mutation == "staffMemberRoleChange" else {}
    payload = await change(api, token, mutation, admin, **more)
    assert payload["errors"] == [{"code": "LAST_ADMIN", "path": ["memberId"]}]
    stored = await StaffMember.get(id=admin.id)
    assert (stored.role, stored.locked_at) == (Role.ADMIN, None)


async def test_two_administrators_cannot_remove_one_another_at_once(api: ApiClient, database: str):
    one, two = [await given_staff(Role.ADMIN, f"{n}@example.com") for n in ("one", "two")]
    tokens = [await given_staff_session(member) for member in (one, two)]
    await asyncio.gather(
        change(api, tokens[0], "staffMemberLock", two),
        change(api, tokens[1], "staffMemberRoleChange", one, role="CLERK"),
        return_exceptions=True,
    )
    assert await StaffMember.filter(role=Role.ADMIN, locked_at=None).count() == 1


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
async def test_other_roles_can_t_administer_members(api: ApiClient, database: str, role: Role):
    member = await given_staff(role)
    token = await given_staff_session(member)
    query = """mutation ($input: StaffMemberRoleChangeInput!) {
        staffMemberRoleChange(input: $input) { errors { code } } }"""
    values = {"memberId": to_public("stf", member.id), "reason": REASON, "role": "ADMIN"}
    answer = await api.post(query, token, input=values)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert (await StaffMember.get(id=member.id)).role is role


async def test_an_unknown_member_and_a_missing_reason_are_refused(api: ApiClient, database: str):
    admin = await given_staff(Role.ADMIN)
    token = await given_staff_session(admin)
    key = to_public("stf", new_key())
    unknown = await mutate(api, token, "staffMemberLock", "", memberId=key, reason=REASON)
    assert unknown["errors"] == [{"code": "MEMBER_NOT_FOUND", "path": ["memberId"]}]
    silent = await mutate(
        api, token, "staffMemberLock", "", memberId=to_public("stf", admin.id), reason=" "
    )
    assert silent["errors"] == [{"code": "REASON_REQUIRED", "path": ["reason"]}]
