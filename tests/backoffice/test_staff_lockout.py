"""Strangers' attempts at a member of staff: known devices, captcha, ways out, audit log."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from lk_graphql.identity.service import captchas
from lk_graphql.kit.viewer import Role
from lk_graphql.staff.models import Act, AuditEntry, StaffMember, StaffSession
from lk_graphql.staff.service import members
from lk_graphql.staff.service.members import MemberChange
from tests.factories.accounts import LINKS
from tests.factories.staff import PASSWORD, code, codes, given_staff, given_staff_session
from tests.support.client import ApiClient

SIGN_IN = """mutation ($input: StaffSessionCreateInput!) { staffSessionCreate(input: $input) {
  token deviceToken member { role } errors { code path retryAt } } }"""
WRONG = "Wrong1234"


async def captcha(now: datetime | None = None) -> dict[str, str]:
    stored = await captchas.store("A7K2", "4711", signer=LINKS, now=now or datetime.now(UTC))
    return {"id": f"cap_{stored.id.hex}", "code": "a7k2"}


async def sign_in(api: ApiClient, email: str, **typed: Any) -> Any:
    values = {"email": email, "password": PASSWORD, "delivery": "BEARER", **typed}
    answer = await api.post(SIGN_IN, input=values)
    assert "errors" not in answer, answer
    return answer["data"]["staffSessionCreate"]


async def attack(api: ApiClient, email: str) -> list[str]:
    tries: list[str] = []
    for number in range(7):
        solved = await captcha() if number > 3 else None
        tries += codes(await sign_in(api, email, password=WRONG, captcha=solved))
    return tries


LOCKED_OUT = ["WRONG_EMAIL_OR_PASSWORD"] * 3 + ["CAPTCHA_REQUIRED"] + [
    "WRONG_EMAIL_OR_PASSWORD", "WRONG_EMAIL_OR_PASSWORD", "TOO_MANY_TRIES",
]  # fmt: skip


async def renewed(member: StaffMember) -> str:
    """A code that wasn't used."""
    await StaffMember.filter(id=member.id).update(last_step=None)
    return code(member)


async def test_a_known_device_signs_in_while_others_are_locked_out(api: ApiClient):
    member = await given_staff()
    known = (await sign_in(api, member.email, code=code(member)))["deviceToken"]
    assert await attack(api, member.email) == LOCKED_OUT
    refused = await sign_in(api, member.email, code=await renewed(member), captcha=await captcha())
    assert codes(refused) == ["TOO_MANY_TRIES"]
    back = await sign_in(api, member.email, code=await renewed(member), deviceToken=known)
    assert (codes(back), back["member"]) == ([], {"role": "CLERK"})
    other = await given_staff(email="other@example.com")
    await attack(api, other.email)
    foreign = await sign_in(
        api, other.email, code=code(other), deviceToken=known, captcha=await captcha()
    )
    assert codes(foreign) == ["TOO_MANY_TRIES"]


async def test_a_browser_keeps_the_device_in_a_cookie(api: ApiClient):
    member = await given_staff()
    values: dict[str, Any] = {"email": member.email, "password": PASSWORD, "delivery": "COOKIE"}

    async def by_cookie(cookie: str = "", **more: Any) -> Any:
        api.http.cookies.clear()
        headers = {"cookie": cookie, "origin": "https://lk.example"} if cookie else {}
        variables = {"input": {**values, "code": await renewed(member), **more}}
        response = await api.http.post(
            "/graphql", json={"query": SIGN_IN, "variables": variables}, headers=headers
        )
        api.http.cookies.clear()
        return response

    first = await by_cookie()
    assert first.json()["data"]["staffSessionCreate"]["deviceToken"] is None
    (device,) = [line for line in first.headers.get_list("set-cookie") if "lk_staff_device" in line]
    assert device.startswith("__Host-lk_staff_device=")
    assert device.endswith("; HttpOnly; SameSite=Strict; Secure")
    await attack(api, member.email)
    again = await by_cookie(device.partition(";")[0])
    assert codes(again.json()["data"]["staffSessionCreate"]) == []
    unknown = await by_cookie(captcha=await captcha())
    assert codes(unknown.json()["data"]["staffSessionCreate"]) == ["TOO_MANY_TRIES"]


async def test_after_three_failures_a_captcha_lets_the_owner_in(api: ApiClient):
    member = await given_staff()
    for _ in range(3):
        await sign_in(api, member.email, password=WRONG)
    refused = await sign_in(api, member.email, code=code(member))
    assert (codes(refused), refused["errors"][0]["path"]) == (["CAPTCHA_REQUIRED"], ["captcha"])
    wrong = await sign_in(api, member.email, code=code(member), captcha={"id": "x", "code": "x"})
    assert codes(wrong) == ["CAPTCHA_EXPIRED"]
    assert codes(await sign_in(api, member.email, code=code(member), captcha=await captcha())) == []


UNLOCK = """mutation ($input: StaffMemberUnlockInput!) { staffMemberUnlock(input: $input) {
  member { email } errors { code } } }"""


@pytest.mark.parametrize("way", ["administrator", "operator", "invitation"])
async def test_an_administrator_s_act_ends_the_block_at_once(api: ApiClient, way: str):
    member, password = await given_staff(), PASSWORD
    await attack(api, member.email)
    now = datetime.now(UTC)
    match way:
        case "administrator":
            admin = await given_staff_session(await given_staff(Role.ADMIN))
            form = {"memberId": f"stf_{member.id.hex}", "reason": "Позвонил, не может войти"}
            answer = await api.post(UNLOCK, admin, input=form)
            assert answer["data"]["staffMemberUnlock"]["errors"] == []
        case "operator":
            await members.unlock(member.email, MemberChange(now), signer=LINKS)
        case _:
            token = await members.invite(member.email, MemberChange(now), signer=LINKS)
            password = "Kuzbass43y"
            payload = await api.post(
                "mutation ($input: StaffPasswordSetInput!) { staffPasswordSet(input: $input) "
                "{ isSet errors { code } } }",
                input={"token": token, "newPassword": password},
            )
            assert payload["data"]["staffPasswordSet"] == {"isSet": True, "errors": []}
    assert codes(await sign_in(api, member.email, password=password, code=code(member))) == []


async def failures(member: StaffMember) -> list[str | None]:
    entries = AuditEntry.filter(act=Act.SIGN_IN_FAILED, subject_id=member.id).order_by("id")
    reasons: Any = await entries.values_list("reason", flat=True)
    assert await entries.exclude(staff_id=None).count() == 0
    return list(reasons)


async def test_each_failure_is_in_the_audit_log_with_its_code(api: ApiClient):
    member = await given_staff()
    await sign_in(api, member.email, password=WRONG)
    await sign_in(api, member.email)  # a code is required: no failure
    await sign_in(api, member.email, code="000000")
    assert await failures(member) == ["WRONG_EMAIL_OR_PASSWORD", "CODE_WRONG"]
    entry = await AuditEntry.filter(act=Act.SIGN_IN_FAILED).first()
    assert entry
    assert (entry.subject, entry.client_address) == ("staff_member", "127.0.0.1")
    locked = await given_staff(email="locked@example.com", locked_at=datetime.now(UTC))
    await sign_in(api, locked.email, code=code(locked))
    assert await failures(locked) == ["STAFF_LOCKED"]
    assert await StaffSession.all().count() == 0


async def test_a_flood_of_refused_attempts_doesn_t_flood_the_audit_log(api: ApiClient):
    member = await given_staff()
    await attack(api, member.email)
    for _ in range(10):
        await sign_in(api, member.email, password=WRONG, captcha=await captcha())
    counted = ["WRONG_EMAIL_OR_PASSWORD"] * 3
    assert await failures(member) == [
        *counted, "CAPTCHA_REQUIRED", "WRONG_EMAIL_OR_PASSWORD", "WRONG_EMAIL_OR_PASSWORD",
    ]  # fmt: skip
    api.clock.now = datetime.now(UTC) + timedelta(minutes=15, seconds=1)
    await sign_in(api, member.email, password=WRONG)
    assert (await failures(member))[-1] == "CAPTCHA_REQUIRED"
    assert len(await failures(member)) == 7


async def test_an_unknown_address_is_in_the_log_and_not_in_the_audit_log(api: ApiClient):
    with capture_logs() as lines:
        await sign_in(api, "nobody@example.com", password=WRONG)
    (line,) = [line for line in lines if line["event"] == "sign_in_failed"]
    assert (line["kind"], line["code"], line["network"]) == (
        "staff", "WRONG_EMAIL_OR_PASSWORD", "127.0.0.0/24",
    )  # fmt: skip
    assert "nobody" not in str(lines)
    assert await AuditEntry.all().count() == 0


async def test_customers_failures_leave_a_line_each_and_no_personal_data(api: ApiClient):
    query = """mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) {
      token errors { code } } }"""
    with capture_logs() as lines:
        for _ in range(4):
            values = {"email": "secret-name@example.com", "password": WRONG, "delivery": "BEARER"}
            await api.post(query, input=values)
    events = [line for line in lines if line["event"] == "sign_in_failed"]
    assert [line["code"] for line in events] == ["WRONG_EMAIL_OR_PASSWORD"] * 3 + [
        "CAPTCHA_REQUIRED"
    ]
    assert len({line["subject"] for line in events}) == 1
    text = str(lines)
    assert all(secret not in text for secret in ("secret-name", WRONG, "127.0.0.1"))
