"""Staff members: invitation, password, role, lock, second factor.

Administrators manage members by mutations, the operator of the server by `lk staff …`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.identity.service import forms
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer, key_of_token, new_nonce
from lk_graphql.kit.viewer import Client, Role
from lk_graphql.ports.passwords import Passwords
from lk_graphql.staff.errors import (
    InvitationInvalid,
    LastAdmin,
    MemberExists,
    MemberNotFound,
    StaffPasswordRefused,
)
from lk_graphql.staff.models import Act, RecoveryCode, StaffMember
from lk_graphql.staff.service import audit, sessions, sign_in
from lk_graphql.staff.service.audit import StaffAction, Subject

INVITATION = "staff-invitation"
INVITATION_PAGE = "/staff-password"
"""Path of the page that sets a password; the token follows behind `#token=`."""
INVITATION_LIFETIME = timedelta(hours=72)
"""Long enough for an invitation of Friday afternoon to be used on Monday."""


@dataclass(frozen=True)
class NewMember:
    """A member as entered; a blank patronymic means none."""

    email: str
    last_name: str
    first_name: str
    patronymic: str
    role: Role


@dataclass(frozen=True)
class MemberChange:
    """A change of a member: by an administrator with a reason, or by the operator (None)."""

    now: datetime
    admin: StaffAction | None = None
    reason: str | None = None


MemberRef = UUID | str | None
"""A member's key, or the address that is the login."""


def by_admin(action: StaffAction, typed_reason: str) -> MemberChange:
    """Return a change by an administrator. Raises `ReasonRequired`."""
    return MemberChange(action.now, action, audit.require_reason(typed_reason))


async def add(new_member: NewMember, change: MemberChange) -> StaffMember:
    """Add a member without a password; `invite` comes next.

    Raises `Refusals` for faults of the form, or `MemberExists`.
    """
    form, email = FormErrors(), Email("")
    with form.field("email"):
        email = forms.email(new_member.email)
    name = forms.full_name(form, new_member, has_no_patronymic=not new_member.patronymic.strip())
    form.check()
    try:
        async with in_transaction():
            member = await StaffMember.create(
                email=email,
                role=new_member.role,
                created_at=change.now,
                **name._asdict(),
            )
            await _record(Act.MEMBER_ADDED, member, change)
    except IntegrityError as conflict:
        raise MemberExists("email", email=new_member.email) from conflict
    return member


async def invite(ref: MemberRef, change: MemberChange, *, signer: Signer) -> str:
    """Return the token of a link that sets a password once. Raises `MemberNotFound`.

    Earlier invitations become invalid.
    """
    async with in_transaction():
        member = await _member(ref)
        nonce = new_nonce()
        member.invitation_nonce, member.invited_until = nonce, change.now + INVITATION_LIFETIME
        await member.save(update_fields=["invitation_nonce", "invited_until"])
        await _record(Act.MEMBER_INVITED, member, change)
    return signer.sign(INVITATION, member.id, nonce)


async def set_password(
    token: str,
    password: str,
    *,
    client: Client,
    now: datetime,
    passwords: Passwords,
    signer: Signer,
) -> None:
    """Set a password by an invitation's token; ends all sessions and sign-in blocks.

    Raises `InvitationInvalid`, or `Refusals` for each rule that the password breaks.
    """
    member = await _invited(token, signer=signer, now=now)
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
        await sign_in.reset_failures(member.email, signer=signer)
        await audit.record(Act.PASSWORD_SET, staff_id=member.id, client=client, now=now)


async def lock(ref: MemberRef, change: MemberChange) -> UUID:
    """Lock a member and end their sessions. Raises `MemberNotFound`, and `LastAdmin`."""
    async with in_transaction():
        member = await _member(ref)
        await _require_another_admin(member, change)
        member.locked_at = member.locked_at or change.now
        await member.save(update_fields=["locked_at"])
        await sessions.end_all(member.id, now=change.now)
        await _record(Act.MEMBER_LOCKED, member, change)
    return member.id


async def unlock(ref: MemberRef, change: MemberChange, *, signer: Signer) -> UUID:
    """Unlock a member, and reset the failed attempts to sign in. Raises `MemberNotFound`."""
    async with in_transaction():
        member = await _member(ref)
        member.locked_at = None
        await member.save(update_fields=["locked_at"])
        await sign_in.reset_failures(member.email, signer=signer)
        await _record(Act.MEMBER_UNLOCKED, member, change)
    return member.id


async def change_role(ref: MemberRef, role: Role, change: MemberChange) -> UUID:
    """Change a member's role from the next request on. Raises as `lock`."""
    async with in_transaction():
        member = await _member(ref)
        if role is not Role.ADMIN:
            await _require_another_admin(member, change)
        member.role = role
        await member.save(update_fields=["role"])
        await _record(Act.ROLE_CHANGED, member, change, operation=role)
    return member.id


async def reset_second_factor(ref: MemberRef, change: MemberChange) -> UUID:
    """Remove a member's second factor; the next sign-in enrols another.

    Raises `MemberNotFound`.
    """
    async with in_transaction():
        member = await _member(ref)
        member.factor_secret = member.enrolled_at = member.last_step = None
        await member.save(update_fields=["factor_secret", "enrolled_at", "last_step"])
        await RecoveryCode.filter(member=member).delete()
        await sessions.end_all(member.id, now=change.now)
        await _record(Act.FACTOR_FORGOTTEN, member, change)
    return member.id


async def all_members() -> list[StaffMember]:
    return await StaffMember.all().order_by("last_name", "first_name", "id")


async def _member(ref: MemberRef) -> StaffMember:
    """Lock the member's row until the transaction ends. Raises `MemberNotFound`."""
    member = None
    if ref is not None:
        key = {"email": sign_in.login_of(ref)} if isinstance(ref, str) else {"id": ref}
        member = await StaffMember.filter(**key).select_for_update().first()
    if member is None:
        raise MemberNotFound("memberId")
    return member


async def _require_another_admin(member: StaffMember, change: MemberChange) -> None:
    """Refuse the removal of the last administrator, except by the operator. Raises `LastAdmin`.

    The advisory lock prevents two administrators from removing one another at the same time.
    """
    if change.admin is None or member.role is not Role.ADMIN:
        return
    await raw_sql.fetch("SELECT pg_advisory_xact_lock(hashtext('staff administrators'))")
    admins = StaffMember.filter(role=Role.ADMIN, locked_at=None, enrolled_at__isnull=False)
    if not await admins.exclude(id=member.id).exists():
        raise LastAdmin("memberId")


async def _invited(token: str, *, signer: Signer, now: datetime) -> StaffMember:
    members = StaffMember.filter(invited_until__gt=now, locked_at__isnull=True)
    member = await members.get_or_none(id=key_of_token(token))
    nonce = member and member.invitation_nonce
    if member is None or nonce is None:
        raise InvitationInvalid("token")
    if not signer.verify(token, INVITATION, member.id, nonce):
        raise InvitationInvalid("token")
    return member


async def _record(
    act: Act, member: StaffMember, change: MemberChange, *, operation: str | None = None
) -> None:
    admin = change.admin
    await audit.record(
        act,
        Subject("staff_member", member.id),
        staff_id=admin and admin.staff.id,
        client=admin and admin.client,
        operation=operation,
        reason=change.reason,
        now=change.now,
    )
