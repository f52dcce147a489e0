"""Staff members: invitation, password, role, lock (`lk staff …`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.identity.service import forms
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer, key_of_token, new_nonce
from lk_graphql.kit.viewer import Client, Role
from lk_graphql.ports.passwords import Passwords
from lk_graphql.staff.errors import InvitationInvalid, StaffPasswordRefused
from lk_graphql.staff.models import Act, RecoveryCode, StaffMember
from lk_graphql.staff.service import audit, sessions
from lk_graphql.staff.service.audit import Subject

INVITATION = "staff-invitation"
INVITATION_LIFETIME = timedelta(hours=72)
"""Long enough from Friday afternoon to Monday."""


@dataclass(frozen=True)
class NewMember:
    """A member as entered at the command line; an empty patronymic means none."""

    email: str
    last_name: str
    first_name: str
    patronymic: str
    role: Role


class MemberExists(Exception):
    """A member of staff has this address."""


class MemberNotFound(Exception):
    """No member of staff has this address."""


async def add(new_member: NewMember, *, now: datetime) -> StaffMember:
    """Add a member without a password; `invite` comes next.

    Raises `Refusals` for faults of the form, or `MemberExists`.
    """
    form, email = FormErrors(), Email("")
    with form.field("email"):
        email = forms.email(new_member.email)
    name = forms.full_name(form, new_member, has_no_patronymic=not new_member.patronymic)
    form.check()
    try:
        async with in_transaction():
            member = await StaffMember.create(
                email=email,
                role=new_member.role,
                factor_nonce=new_nonce(),
                created_at=now,
                **name._asdict(),
            )
            await _record(Act.MEMBER_ADDED, member, now=now)
    except IntegrityError as conflict:
        raise MemberExists(new_member.email) from conflict
    return member


async def invite(email: str, *, links: Signer, now: datetime) -> str:
    """Return the token of a link that sets a password once. Raises `MemberNotFound`.

    Earlier invitations become invalid.
    """
    async with in_transaction():
        member = await _member(email)
        nonce = new_nonce()
        member.invitation_nonce, member.invited_until = nonce, now + INVITATION_LIFETIME
        await member.save(update_fields=["invitation_nonce", "invited_until"])
        await _record(Act.MEMBER_INVITED, member, now=now)
    return links.sign(INVITATION, member.id, nonce)


async def set_password(
    token: str, password: str, *, client: Client, now: datetime, passwords: Passwords, links: Signer
) -> None:
    """Set a password by an invitation's token and end all sessions.

    Raises `InvitationInvalid`, or `Refusals` for each rule that the password breaks.
    """
    member = await _invited(token, links=links, now=now)
    form = FormErrors()
    for rule in passwords.broken_rules(password, Email(member.email)):
        form.refusals.append(StaffPasswordRefused(rule, "newPassword"))
    form.check()
    hashed = await passwords.hash(password)
    async with in_transaction():
        invitations = StaffMember.filter(id=member.id, invitation_nonce=member.invitation_nonce)
        reset = {"invitation_nonce": None, "invited_until": None}
        if not await invitations.update(password_hash=hashed, **reset):
            raise InvitationInvalid("token")  # used by a concurrent request
        await sessions.end_all(member.id, now=now)
        await audit.record(Act.PASSWORD_SET, staff_id=member.id, client=client, now=now)


async def lock(email: str, *, now: datetime) -> None:
    """Lock a member and end their sessions. Raises `MemberNotFound`."""
    async with in_transaction():
        member = await _member(email)
        member.locked_at = member.locked_at or now
        await member.save(update_fields=["locked_at"])
        await sessions.end_all(member.id, now=now)
        await _record(Act.MEMBER_LOCKED, member, now=now)


async def unlock(email: str, *, now: datetime) -> None:
    """Unlock a member. Raises `MemberNotFound`."""
    async with in_transaction():
        member = await _member(email)
        member.locked_at = None
        await member.save(update_fields=["locked_at"])
        await _record(Act.MEMBER_UNLOCKED, member, now=now)


async def change_role(email: str, role: Role, *, now: datetime) -> None:
    """Change a member's role from the next request on. Raises `MemberNotFound`."""
    async with in_transaction():
        member = await _member(email)
        member.role = role
        await member.save(update_fields=["role"])
        await _record(Act.ROLE_CHANGED, member, reason=role, now=now)


async def reset_second_factor(email: str, *, now: datetime) -> None:
    """Remove a member's second factor; the next sign-in enrols another.

    Raises `MemberNotFound`.
    """
    async with in_transaction():
        member = await _member(email)
        member.factor_nonce, member.enrolled_at, member.last_step = new_nonce(), None, None
        await member.save(update_fields=["factor_nonce", "enrolled_at", "last_step"])
        await RecoveryCode.filter(member=member).delete()
        await sessions.end_all(member.id, now=now)
        await _record(Act.FACTOR_FORGOTTEN, member, now=now)


async def all_members() -> list[StaffMember]:
    return await StaffMember.all().order_by("last_name", "first_name", "id")


async def _member(email: str) -> StaffMember:
    """Lock the member's row until the transaction ends."""
    members = StaffMember.filter(email=email.strip().lower())
    member = await members.select_for_update().first()
    if member is None:
        raise MemberNotFound(email)
    return member


async def _invited(token: str, *, links: Signer, now: datetime) -> StaffMember:
    members = StaffMember.filter(invited_until__gt=now, locked_at__isnull=True)
    member = await members.get_or_none(id=key_of_token(token))
    nonce = member and member.invitation_nonce
    if member is None or nonce is None:
        raise InvitationInvalid("token")
    if not links.verify(token, INVITATION, member.id, nonce):
        raise InvitationInvalid("token")
    return member


async def _record(
    act: Act, member: StaffMember, *, reason: str | None = None, now: datetime
) -> None:
    await audit.record(
        act, Subject("staff_member", member.id), staff_id=None, reason=reason, now=now
    )
