"""Sign-in of staff with two factors."""

import asyncio
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pyotp
import pytest
from PIL import Image

from lk_graphql.identity.service import captchas
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.staff.models import Act, AuditEntry, RecoveryCode, StaffMember, StaffSession
from lk_graphql.staff.service import members
from tests.factories.accounts import LINKS
from tests.factories.staff import (
    PASSWORD,
    code,
    codes,
    given_staff,
    given_staff_session,
    sign_in,
)
from tests.support.client import ApiClient

ME = "{ staff { me { email role fullName } } }"


async def test_the_first_sign_in_enrols_an_app(api: ApiClient):
    await given_staff(enrolled_at=None)
    enrolment = await sign_in(api, "clerk@example.com")
    assert enrolment["token"] is None
    assert codes(enrolment) == []
    app = pyotp.parse_uri(enrolment["enrolment"]["otpauthUri"])
    assert isinstance(app, pyotp.totp.TOTP)
    assert app.secret == enrolment["enrolment"]["secret"]
    assert (app.name, app.issuer) == ("clerk@example.com", "Металлэнергофинанс")
    kind, _, picture = enrolment["enrolment"]["qrCode"].partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(BytesIO(b64decode(picture))).format == "PNG"

    session = await sign_in(api, "clerk@example.com", code=app.now())
    assert session["member"] == {"email": "clerk@example.com", "role": "CLERK"}
    assert len(set(session["recoveryCodes"])) == 10
    data = await api.ask(ME, session["token"])
    assert data["staff"]["me"]["fullName"] == "Белова Ольга Игоревна"
    assert await AuditEntry.all().order_by("id").values_list("act", flat=True) == [
        Act.FACTOR_ENROLLED,
        Act.SIGNED_IN,
    ]


async def test_an_offer_alone_opens_nothing(api: ApiClient):
    member = await given_staff(enrolled_at=None)
    await sign_in(api, member.email)
    token = await given_staff_session(member)  # a session opened without a factor
    assert await api.ask(ME, token) == {"staff": None}
    assert await RecoveryCode.all().count() == 0


async def test_a_password_without_a_code_returns_code_required_only(api: ApiClient):
    member = await given_staff()
    refusal = await sign_in(api, member.email)
    assert codes(refusal) == ["CODE_REQUIRED"]
    assert refusal["enrolment"] is None
    wrong_password = await sign_in(api, member.email, password="Other42xyz", code=code(member))
    assert codes(wrong_password) == ["WRONG_EMAIL_OR_PASSWORD"]
    unknown_member = await sign_in(api, "nobody@example.com", code="123456")
    assert unknown_member["errors"] == wrong_password["errors"]
    assert await StaffSession.all().count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        "ivan@почта.рф",
        " Ivan@ПОЧТА.РФ ",
        "\u200bivan@xn--80a1acny.xn--p1ai",
        "mailto:ivan@почта.рф",
    ],
)
async def test_an_address_is_found_as_people_type_it(api: ApiClient, typed: str):
    member = await given_staff(email="ivan@xn--80a1acny.xn--p1ai")
    assert codes(await sign_in(api, typed, code=code(member))) == []
    action = members.MemberChange(datetime.now(UTC))
    assert await members.lock(typed, action) == member.id
    assert await StaffSession.filter(member=member, ended_at=None).count() == 0


async def test_a_sign_in_renews_a_hash_of_another_cost(api: ApiClient):
    cheap = Passwords(HashCost(16, 1))
    member = await given_staff(password_hash=await cheap.hash(PASSWORD))
    cheap.close()
    assert api.state.ports.passwords.needs_rehash(member.password_hash or "")
    assert codes(await sign_in(api, member.email, password="Other42xyz")) == [
        "WRONG_EMAIL_OR_PASSWORD"
    ]
    assert (await StaffMember.get()).password_hash == member.password_hash

    assert codes(await sign_in(api, member.email, code=code(member))) == []
    password_hash = (await StaffMember.get()).password_hash or ""
    assert not api.state.ports.passwords.needs_rehash(password_hash)
    assert await api.state.ports.passwords.verify(password_hash, PASSWORD)


async def test_a_code_is_good_once(api: ApiClient):
    member = await given_staff()
    current = code(member)
    assert codes(await sign_in(api, member.email, code=current)) == []
    assert codes(await sign_in(api, member.email, code=current)) == ["CODE_WRONG"]
    previous = code(member, datetime.now(UTC) - timedelta(seconds=30))
    assert codes(await sign_in(api, member.email, code=previous)) == ["CODE_WRONG"]
    assert await StaffSession.all().count() == 1


async def test_a_clock_may_be_wrong_by_half_a_minute_and_not_more(api: ApiClient):
    member = await given_staff()
    old_code = code(member, datetime.now(UTC) - timedelta(seconds=90))
    assert codes(await sign_in(api, member.email, code=old_code)) == ["CODE_WRONG"]
    next_code = code(member, datetime.now(UTC) + timedelta(seconds=30))
    assert codes(await sign_in(api, member.email, code=next_code)) == []


async def solved(needed: bool = True) -> dict[str, str] | None:  # noqa: FBT001, FBT002
    """The answer to a new captcha, as input."""
    if not needed:
        return None
    captcha = await captchas.store("A7K2", "4711", signer=LINKS, now=datetime.now(UTC))
    return {"id": f"cap_{captcha.id.hex}", "code": "a7k2"}


async def test_guessing_codes_comes_to_an_end(api: ApiClient):
    member = await given_staff()
    valid = code(member)
    invalid = next(f"{number:06}" for number in range(9) if f"{number:06}" != valid)
    results = [
        codes(await sign_in(api, member.email, code=invalid, captcha=await solved(n > 2)))
        for n in range(6)
    ]
    assert results == [["CODE_WRONG"]] * 5 + [["TOO_MANY_TRIES"]]
    assert codes(await sign_in(api, member.email, code=valid)) == ["TOO_MANY_TRIES"]
    assert await StaffSession.all().count() == 0


async def test_a_successful_sign_in_doesn_t_reset_the_limit_of_codes(api: ApiClient):
    """A sign-in resets the limit of wrong passwords, not that of codes."""
    member = await given_staff()
    for _ in range(3):
        await sign_in(api, member.email, code="000000")
        await sign_in(api, member.email, code="000001")
        await StaffMember.filter(id=member.id).update(last_step=None)
        assert codes(await sign_in(api, member.email, code=code(member))) == []
    await sign_in(api, member.email, code="000000")
    assert codes(await sign_in(api, member.email, code="000000")) == ["TOO_MANY_TRIES"]


async def test_a_recovery_code_is_good_once_and_hashed_as_a_password(api: ApiClient):
    member = await given_staff(enrolled_at=None)
    recovery = (await sign_in(api, member.email, code=code(member)))["recoveryCodes"]
    entered = recovery[3].upper().replace("-", " ")
    assert codes(await sign_in(api, member.email, code=entered)) == []
    assert codes(await sign_in(api, member.email, code=entered)) == ["CODE_WRONG"]
    assert await AuditEntry.filter(act=Act.RECOVERY_CODE_USED).count() == 1
    hashes: list[Any] = await RecoveryCode.all().values_list("code_hash", flat=True)
    assert len(set(hashes)) == 10
    assert all(code_hash.startswith("$argon2id$") for code_hash in hashes)


async def test_every_recovery_code_costs_the_same_number_of_hashes(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
):
    """The first, the last, a used and a wrong one; also for a member without any code."""
    member = await given_staff(enrolled_at=None)
    recovery = (await sign_in(api, member.email, code=code(member)))["recoveryCodes"]
    poor = await given_staff(email="poor@example.com")
    verified: list[str] = []
    verify = Passwords.verify

    async def counted(self: Passwords, hashed: str | None, password: str) -> bool:
        verified.append(password)
        return await verify(self, hashed, password)

    monkeypatch.setattr(Passwords, "verify", counted)
    results: list[tuple[int, list[str]]] = []
    for typed in (recovery[0], recovery[9], recovery[0], "aaaa-bbbb-cccc"):
        verified.clear()
        result = codes(await sign_in(api, member.email, code=typed))
        results.append((len(verified), result))
    verified.clear()
    results.append((0, codes(await sign_in(api, poor.email, code="aaaa-bbbb-cccc"))))
    wrong = ["CODE_WRONG"]
    assert results == [(11, []), (11, []), (11, wrong), (11, wrong), (0, wrong)]
    assert len(verified) == 11


async def test_of_two_uses_of_a_recovery_code_at_once_one_signs_in(api: ApiClient):
    member = await given_staff(enrolled_at=None)
    recovery = (await sign_in(api, member.email, code=code(member)))["recoveryCodes"]
    tries = await asyncio.gather(*(sign_in(api, member.email, code=recovery[5]) for _ in range(3)))
    assert sorted(codes(result) for result in tries) == [[], ["CODE_WRONG"], ["CODE_WRONG"]]
    assert await StaffSession.all().count() == 2


DIGITS = {"arabic": 0x660, "persian": 0x6F0, "devanagari": 0x966, "full width": 0xFF10}


@pytest.mark.parametrize("zero", DIGITS.values(), ids=DIGITS)
async def test_a_code_may_be_typed_in_other_digits(api: ApiClient, zero: int):
    member = await given_staff()
    typed = code(member).translate({ord("0") + n: chr(zero + n) for n in range(10)})
    assert codes(await sign_in(api, member.email, code=typed)) == []


ODD_CODES = (
    "", " ", "-", "١٢٣٤٥٦", "①②③④⑤⑥", "²²²²²²", "Ⅻ", "12345", "1234567", "9" * 4000, "½",
    "\u202e1", "aaaa-bbbb-ccc", "aaaa-bbbb-cccc-d", "аааа-bbbb-cccc", "😀" * 12,
)  # fmt: skip


async def test_whatever_is_typed_for_a_code_is_wrong_and_no_error(api: ApiClient):
    for number, typed in enumerate(ODD_CODES):
        member = await given_staff(email=f"clerk{number}@example.com")
        assert codes(await sign_in(api, member.email, code=typed)) == ["CODE_WRONG"], typed
    assert await StaffSession.all().count() == 0


async def test_an_idle_staff_session_ends(api: ApiClient):
    token = await given_staff_session(await given_staff())
    now = datetime.now(UTC)
    assert (await api.ask(ME, token, now=now + timedelta(minutes=29)))["staff"]
    assert await api.ask(ME, token, now=now + timedelta(minutes=31)) == {"staff": None}


async def test_being_used_keeps_a_session_for_a_shift(api: ApiClient):
    token = await given_staff_session(
        await given_staff(), datetime.now(UTC) - timedelta(minutes=20)
    )
    assert (await api.post(ME, token))["data"]["staff"]
    later = datetime.now(UTC) + timedelta(minutes=25)
    assert (await api.ask(ME, token, now=later))["staff"]
    await StaffSession.all().update(seen_at=datetime.now(UTC) + timedelta(hours=12))
    end_of_shift = datetime.now(UTC) + timedelta(hours=12)
    assert await api.ask(ME, token, now=end_of_shift) == {"staff": None}


async def test_a_locked_member_is_signed_out_at_once(api: ApiClient):
    member = await given_staff()
    token = await given_staff_session(member)
    await StaffMember.filter(id=member.id).update(locked_at=datetime.now(UTC))
    assert await api.ask(ME, token) == {"staff": None}
    end = "mutation { staffSessionEnd(input: {}) { endedSessions errors { code } } }"
    answer = await api.post(end, token)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert codes(await sign_in(api, member.email, code=code(member))) == ["STAFF_LOCKED"]
    assert await StaffSession.filter(ended_at__isnull=False).count() == 0


async def test_signing_out_ends_a_staff_session(api: ApiClient):
    token = await given_staff_session(await given_staff())
    end = "mutation { staffSessionEnd(input: {}) { endedSessions errors { code } } }"
    answer = await api.post(end, token)
    assert answer["data"]["staffSessionEnd"] == {"endedSessions": 1, "errors": []}
    assert await api.ask(ME, token) == {"staff": None}


async def test_a_browser_gets_a_cookie_of_its_own(api: ApiClient, anna: Viewer):
    member = await given_staff()
    values = {"email": member.email, "password": PASSWORD, "code": code(member)}
    body = {
        "query": "mutation ($input: StaffSessionCreateInput!) "
        "{ staffSessionCreate(input: $input) { token errors { code } } }",
        "variables": {"input": {**values, "delivery": "COOKIE"}},
    }
    answer = await api.http.post("/graphql", json=body)
    assert answer.json()["data"]["staffSessionCreate"] == {"token": None, "errors": []}
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-lk_staff=")
    assert cookie.endswith("; HttpOnly; SameSite=Strict; Secure")

    api.http.cookies.clear()
    cookies = f"__Host-lk_session={await api.signed_in(anna)}; {cookie.partition(';')[0]}"
    response = await api.http.post(
        "/graphql",
        json={"query": "{ viewer { email } staff { me { role } } }"},
        headers={"cookie": cookies, "origin": "https://lk.example"},
    )
    assert response.json()["data"] == {"viewer": None, "staff": {"me": {"role": Role.CLERK}}}
