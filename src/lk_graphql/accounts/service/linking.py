"""Account linking in two steps: preview, then save («Сохранить»).

Between them, nothing is stored but a token at the client: its signature covers viewer, account,
holder and expiry. A token expires after ten minutes. It becomes invalid earlier if the holder
changes, because the proof was about the former holder, and if the viewer has linked the account,
because a token is valid for one link.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.errors import (
    AlreadyLinked,
    LinkProofFailed,
    LinkSuspended,
    LinkTokenInvalid,
)
from lk_graphql.accounts.models import AccountLink, Holder, LinkEventKind, LinkRole, LinkState
from lk_graphql.accounts.service import audit, link_undo, verification
from lk_graphql.accounts.service.claim_parsing import LinkClaim
from lk_graphql.accounts.service.links import lock_account
from lk_graphql.accounts.service.masks import masked_address, masked_holder
from lk_graphql.accounts.service.verification import Evidence, VerificationFailed
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import (
    DAY,
    HOUR,
    Attempt,
    AttemptCounter,
    AttemptLimit,
    AttemptWindow,
)
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.signing import Signer, bare_token, key_of_token
from lk_graphql.kit.viewer import Client, Viewer

TOKEN_LIFETIME = timedelta(minutes=10)
_PURPOSE = "account link"
_EXPIRY_DIGITS = 10  # hexadecimal seconds since 1970, in front of the signature

PER_USER = AttemptLimit("link/user", (AttemptWindow(5, HOUR),))
# Many customers share an address of a mobile operator; each has five attempts of their own.
PER_CLIENT = AttemptLimit("link/client", (AttemptWindow(60, HOUR), AttemptWindow(300, DAY)))
PER_NUMBER = AttemptLimit("link/number", (AttemptWindow(5, DAY),))

# Each link of an account is a permanent row, and a mail to all others who have linked it.
NEW_LINKS = AttemptLimit("link/made", (AttemptWindow(5, DAY),))


@dataclass(frozen=True)
class LinkPreview:
    """A proved account before it is linked, masked."""

    masked_address: str
    masked_holder: str
    token: str
    expires_at: datetime


async def preview_link(
    viewer: Viewer,
    claim: LinkClaim,
    *,
    client: Client,
    now: datetime,
    signer: Signer,
    evidence: Evidence,
) -> LinkPreview:
    """Verify a claim and return a masked preview of the account; nothing is linked yet.

    Raises `RateLimitExceeded`, `LinkProofFailed` for every failure of the proof, and, only after a
    successful proof, `AlreadyLinked` and `LinkSuspended`.
    """
    async with AttemptCounter(signer, now) as attempts:
        await _count_attempt(attempts, viewer, claim.number, client=client)
        result = await verification.verify(claim, evidence=evidence)
        if isinstance(result, VerificationFailed):
            await audit.record_attempt(
                viewer, result.account_id, result.fault, client=client, now=now
            )
            raise LinkProofFailed
        account, holder = result
        await audit.record_attempt(viewer, account.id, None, client=client, now=now)
        # those of the viewer stay counted: a proof of one account would allow guesses at others
        await rate_limits.reset(PER_NUMBER, claim.number, signer=signer)
    await _refuse_second_link(viewer, account.id)
    token, expires_at = sign_token(viewer, account.id, holder.id, now=now, signer=signer)
    person = masked_holder(holder.last_name, holder.first_name, holder.patronymic)
    return LinkPreview(masked_address(account.address), person, token, expires_at)


async def link_account(
    viewer: Viewer, token: str, *, client: Client, now: datetime, signer: Signer
) -> UUID:
    """Link the account of a preview, and notify the users who have it already.

    The first link makes its user the owner. Raises `LinkTokenInvalid`, `AlreadyLinked`,
    `LinkSuspended`, `RateLimitExceeded`.
    """
    async with in_transaction():
        account_id = await _verified_account(viewer, token, now=now, signer=signer)
        await _refuse_second_link(viewer, account_id)
        await Attempt(NEW_LINKS, f"{viewer.id}/{account_id}", signer, now).count()
        active = AccountLink.filter(account_id=account_id, state=LinkState.ACTIVE)
        has_owner = await active.filter(role=LinkRole.OWNER).exists()
        link = await AccountLink.create(
            account_id=account_id,
            user_id=viewer.id,
            role=LinkRole.MEMBER if has_owner else LinkRole.OWNER,
            state=LinkState.ACTIVE,
            linked_at=now,
            changed_at=now,
        )
        await audit.record(link, LinkEventKind.LINKED, by=viewer.id, client=client, now=now)
        await link_undo.notify_other_users(link, now=now)
    return account_id


def sign_token(
    viewer: Viewer, account_id: UUID, holder_id: UUID, *, now: datetime, signer: Signer
) -> tuple[str, datetime]:
    """Return a token of the preview and its expiry time."""
    expires_at = (now + TOKEN_LIFETIME).replace(microsecond=0)
    signed = signer.sign(_PURPOSE, account_id, _nonce(viewer, holder_id, expires_at))
    return f"{_seconds(expires_at):0{_EXPIRY_DIGITS}x}{signed}", expires_at


@dataclass(frozen=True)
class _TokenClaims:
    """The claims of a token whose signature is not verified yet."""

    account_id: UUID
    expires_at: datetime
    signed: str

    @property
    def issued_at(self) -> datetime:
        return self.expires_at - TOKEN_LIFETIME


def _read_token(token: str) -> _TokenClaims | None:
    """The claims of a token, None if it is malformed."""
    pasted = bare_token(token)
    expiry, signed = pasted[:_EXPIRY_DIGITS], pasted[_EXPIRY_DIGITS:]
    account_id = key_of_token(signed)
    try:
        expires_at = datetime.fromtimestamp(int(expiry, 16), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return _TokenClaims(account_id, expires_at, signed) if account_id else None


def _is_genuine(
    claims: _TokenClaims, viewer: Viewer, holder_id: UUID, *, now: datetime, signer: Signer
) -> bool:
    nonce = _nonce(viewer, holder_id, claims.expires_at)
    is_signed = signer.verify(claims.signed, _PURPOSE, claims.account_id, nonce)
    return is_signed and now < claims.expires_at


def _nonce(viewer: Viewer, holder_id: UUID, expires_at: datetime) -> bytes:
    return viewer.id.bytes + holder_id.bytes + _seconds(expires_at).to_bytes(8)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


async def _count_attempt(
    attempts: AttemptCounter, viewer: Viewer, number: str, *, client: Client
) -> None:
    """Count an attempt. Raises `RateLimitExceeded`, for unknown numbers too.

    The account number is counted last, so that a user over their own limit can't use up the
    account's attempts.
    """
    await attempts.count(PER_USER, viewer.id)
    await attempts.count(PER_CLIENT, client_network(client.address))
    await attempts.count(PER_NUMBER, number)


async def _verified_account(viewer: Viewer, token: str, *, now: datetime, signer: Signer) -> UUID:
    """Lock the account of a token of `preview_link`; return its key."""
    claims = _read_token(token)
    account = await lock_account(claims and claims.account_id)
    holder = await Holder.get_or_none(account_id=account and account.id, until=None)
    if claims is None or account is None or holder is None:
        raise LinkTokenInvalid("token")
    if not _is_genuine(claims, viewer, holder.id, now=now, signer=signer):
        raise LinkTokenInvalid("token")
    earlier = AccountLink.filter(user_id=viewer.id, account_id=account.id, state=LinkState.ENDED)
    if await earlier.filter(linked_at__gte=claims.issued_at).exists():
        raise LinkTokenInvalid("token")
    return account.id


async def _refuse_second_link(viewer: Viewer, account_id: UUID) -> None:
    links = AccountLink.filter(user_id=viewer.id, account_id=account_id)
    match await links.exclude(state=LinkState.ENDED).get_or_none():
        case None:
            return
        case AccountLink(state=LinkState.SUSPENDED):
            raise LinkSuspended
        case _:
            raise AlreadyLinked
