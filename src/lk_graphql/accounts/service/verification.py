"""Verification of a link claim, in constant work for every answer.

Known or unknown, closed, of a business, without a meter: the same statements run, and every
comparison is made, in constant time, before any is looked at.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from lk_graphql.accounts.models import Account, Holder, ProofFault, SubscriberType
from lk_graphql.accounts.service import claim_parsing as written
from lk_graphql.accounts.service.claim_parsing import Factor, LinkClaim
from lk_graphql.kit.registry import Registry

NO_ACCOUNT = UUID(int=0)
"""A key that no account has, for the questions about an account that isn't there."""

_PADDED_SIZE = 16
"""Comparisons per proof; a meter has three registers, a flat seldom more than two meters."""

EvidenceSource = Callable[[UUID], Awaitable[Sequence[Decimal]]]
"""The numbers, any of which proves an account; none, by the same statements, if it isn't there."""

Evidence = Mapping[Factor, EvidenceSource]
"""Facts known only to the occupants: kWh of last readings, kopecks of bills."""

EVIDENCE = Registry[Factor, EvidenceSource]()
"""The slices that keep these facts register them."""


@dataclass(frozen=True)
class VerificationFailed:
    """For the audit trail; who tried isn't told."""

    account_id: UUID | None
    fault: ProofFault


async def verify(
    claim: LinkClaim, *, evidence: Evidence
) -> tuple[Account, Holder] | VerificationFailed:
    """Ask for everything, compare everything, then judge."""
    account = await Account.get_or_none(number=claim.number)
    key = account.id if account else NO_ACCOUNT
    holder = await Holder.get_or_none(account_id=key, until=None)
    known = {
        factor: [written.number(value) for value in await witness(key) if value > 0]
        for factor, witness in evidence.items()
    }
    unified = account.unified_number if account else None
    known[Factor.UNIFIED_NUMBER] = [written.unified_number(unified)] if unified else []
    surname_fits = _is_among(claim.surname_key, [holder.surname_key] if holder else [])
    factor_fits = _is_among(claim.proof, known[claim.factor])
    fault = _fault(account, surname_fits=surname_fits, factor_fits=factor_fits)
    if account is None or holder is None or fault is not None:
        return VerificationFailed(account and account.id, fault or ProofFault.SURNAME)
    return account, holder


def _fault(account: Account | None, *, surname_fits: bool, factor_fits: bool) -> ProofFault | None:
    if account is None:
        return ProofFault.NO_ACCOUNT
    if account.subscriber_type is not SubscriberType.HOUSEHOLD:
        return ProofFault.NOT_A_HOUSEHOLD
    if account.closed_on is not None:
        return ProofFault.CLOSED
    if not surname_fits:
        return ProofFault.SURNAME
    return None if factor_fits else ProofFault.STRONG_FACTOR


def _is_among(value: str, candidates: Iterable[str]) -> bool:
    """The same number of comparisons of the same length, however much is known."""
    sought = _digest(value)
    padded = [*map(_digest, candidates), *[bytes(32)] * _PADDED_SIZE][:_PADDED_SIZE]
    # a sum, because `any` would stop at the first that fits
    return sum(hmac.compare_digest(sought, candidate) for candidate in padded) > 0


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
