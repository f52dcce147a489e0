"""Members of staff and their sessions."""

from base64 import b32encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pyotp.totp import TOTP

from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.staff.models import StaffMember
from lk_graphql.staff.service import second_factor
from lk_graphql.staff.service.sessions import open_session
from tests.factories.accounts import CLIENT, LINKS, NOW
from tests.support.client import ApiClient

PASSWORD = "Kuzbass42x"
PASSWORDS = Passwords(HashCost(8, 1))
SIGN_IN = """mutation ($input: StaffSessionCreateInput!) { staffSessionCreate(input: $input) {
  token expiresAt recoveryCodes member { email role } enrolment { otpauthUri qrCode secret }
  errors { code path message } } }"""


async def given_staff(role: Role = Role.CLERK, email: str = "", **changed: Any) -> StaffMember:
    """A member with `PASSWORD` and a second factor."""
    values: dict[str, Any] = {
        "last_name": "Белова",
        "first_name": "Ольга",
        "patronymic": "Игоревна",
        "password_hash": await PASSWORDS.hash(PASSWORD),
        "factor_secret": second_factor.new_secret(LINKS),
        "enrolled_at": NOW,
        "created_at": NOW,
    }
    email = email or f"{role.lower()}@example.com"
    return await StaffMember.create(email=email, role=role, **{**values, **changed})


async def given_staff_session(member: StaffMember, now: datetime | None = None) -> str:
    """The bearer token of a new session."""
    return (await open_session(member, client=CLIENT, now=now or datetime.now(UTC))).token


def staff_viewer(member_id: UUID) -> StaffViewer:
    """A clerk's viewer without a session in the database."""
    return StaffViewer(member_id, new_key(), Role.CLERK)


def code(member: StaffMember, now: datetime | None = None) -> str:
    """The current code of the member's authenticator app."""
    secret = LINKS.decrypt(second_factor.PURPOSE, member.factor_secret or b"")
    return TOTP(b32encode(secret).decode()).at(now or datetime.now(UTC))


async def sign_in(api: ApiClient, email: str, **typed: Any) -> Any:
    """The payload of a sign-in with delivery BEARER."""
    values = {"email": email, "password": PASSWORD, "delivery": "BEARER", **typed}
    answer = await api.post(SIGN_IN, input=values)
    assert "errors" not in answer, answer
    return answer["data"]["staffSessionCreate"]


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]
