"""Account linking in two steps: preview, then save.

A mask shows the first character of a word and three stars, one for a number, so that it doesn't
reveal the length: «ул. К***, д. 1*», «И*** П. С.».
"""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.errors import (
    AlreadyLinked,
    LinkProofFailed,
    LinkSuspended,
    LinkTokenInvalid,
)
from lk_graphql.accounts.models import AccountLink, Holder, LinkEventKind, LinkRole, LinkState
from lk_graphql.accounts.service import audit, notices, rate_limits, tokens, verification
from lk_graphql.accounts.service.claim_parsing import LinkClaim
from lk_graphql.accounts.service.links import lock_account
from lk_graphql.accounts.service.verification import Evidence, VerificationFailed
from lk_graphql.guards.rate_limits import AttemptCounter
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer

_POSTCODE = re.compile(r"^\s*\d{6}\s*,?\s*")
_WORD = re.compile(r"\w[^\s,.()]*")

# «Кемеровская область - Кузбасс, г. Новокузнецк, пр-кт Металлургов, д. 12, корп. 2, кв. 7»:
# the kinds of address elements identify nothing, so they stay readable.
_KINDS = re.compile(
    r"""аллея|б-р|бульвар|г|город|гск|д|днп|дом|ж/?д|км|кв|квартал|квартира|ком|комната|корп|корпус
    |край|лит|литера|мкр|микрорайон|наб|набережная|обл|область|п|парк|пгт|пер|переулок|пл|площадь
    |пом|помещение|пос|пос[её]лок|пр|пр-кт|проезд|проспект|р-н|район|респ|республика|с|село|сквер
    |снт|сооружение|ст|станция|стр|строение|тер|территория|тракт|туп|тупик|ул|улица|уч|участок|ш
    |шоссе|эт|этаж""",
    re.VERBOSE | re.IGNORECASE,
)


def masked_address(address: str) -> str:
    """The address without its postcode, all words masked but the kinds of address elements."""
    return _WORD.sub(_masked_word, _POSTCODE.sub("", address))


def masked_holder(last_name: str, first_name: str, patronymic: str | None) -> str:
    """The first letter of the surname, and the initials."""
    initials = (f"{name[:1].upper()}." for name in (first_name, patronymic) if name)
    return " ".join([f"{last_name[:1].upper()}***", *initials])


def _masked_word(match: re.Match[str]) -> str:
    word = match.group()
    if _KINDS.fullmatch(word):
        return word
    return word[0] + ("*" if word[0].isdigit() else "***")


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

    Raises `TooManyLinkTries`, `LinkProofFailed` for every failure of the proof, and, only after a
    successful proof, `AlreadyLinked` and `LinkSuspended`.
    """
    async with AttemptCounter(signer, now) as attempts:
        await rate_limits.count_attempt(attempts, viewer, claim.number, client=client)
        result = await verification.verify(claim, evidence=evidence)
        if isinstance(result, VerificationFailed):
            await audit.record_attempt(
                viewer, result.account_id, result.fault, client=client, now=now
            )
            raise LinkProofFailed
        account, holder = result
        await audit.record_attempt(viewer, account.id, None, client=client, now=now)
        await rate_limits.reset_number(claim.number, signer=signer)
    await _refuse_second_link(viewer, account.id)
    token, expires_at = tokens.sign(viewer, account.id, holder.id, now=now, signer=signer)
    person = masked_holder(holder.last_name, holder.first_name, holder.patronymic)
    return LinkPreview(masked_address(account.address), person, token, expires_at)


async def link_account(
    viewer: Viewer, token: str, *, client: Client, now: datetime, signer: Signer
) -> UUID:
    """Link the account of a preview, and notify the users who have it already.

    The first link makes its user the owner. Raises `LinkTokenInvalid`, `AlreadyLinked`,
    `LinkSuspended`, `TooManyLinkTries`.
    """
    async with in_transaction():
        account_id = await _verified_account(viewer, token, now=now, signer=signer)
        await _refuse_second_link(viewer, account_id)
        await rate_limits.count_link(viewer, account_id, signer=signer, now=now)
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
        await notices.notify_other_users(link, now=now)
    return account_id


async def _verified_account(viewer: Viewer, token: str, *, now: datetime, signer: Signer) -> UUID:
    """Lock the account of a token of `preview_link`; return its key."""
    claims = tokens.read(token)
    account = await lock_account(claims and claims.account_id)
    holder = await Holder.get_or_none(account_id=account and account.id, until=None)
    if claims is None or account is None or holder is None:
        raise LinkTokenInvalid("token")
    if not tokens.is_genuine(claims, viewer, holder.id, now=now, signer=signer):
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
