"""Verification of a link claim, with the same work for every answer.

The same statements run for every account: a known one, an unknown one, one of a business, one
without a meter. A closed account can be linked like any other, because its holder may still owe
money and keeps the bills. All comparisons are made, in constant time, before the result of any is
used.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from lk_graphql.accounts.models import Account, Holder, ProofFault, SubscriberType
from lk_graphql.accounts.service import claim_parsing
from lk_graphql.accounts.service.claim_parsing import LinkClaim, ProofKind
from lk_graphql.kit.registry import Registry

NO_ACCOUNT = UUID(int=0)
"""A key that no account has, for running the statements about an unknown account."""

_PADDED_SIZE = 32
"""Comparisons per proof. A flat seldom has more than two meters, and a meter has up to three
registers. A register has its newest reading and the readings on two bills."""

LoadNumbers = Callable[[UUID], Awaitable[Sequence[Decimal]]]


class EvidenceSource(NamedTuple):
    """Source of the numbers that prove an account by a kind of proof.

    For `NO_ACCOUNT` it runs the same statements, which find none.
    """

    kind: ProofKind
    load: LoadNumbers


Evidence = Mapping[str, EvidenceSource]
"""Facts that only occupants can have: kWh of last readings, kopecks of bills."""

EVIDENCE = Registry[str, EvidenceSource]()
"""Sources, registered by the slices that own the facts; several may add to one kind."""


@dataclass(frozen=True)
class VerificationFailed:
    """A failed verification, for the audit trail; the viewer gets no reason."""

    account_id: UUID | None
    fault: ProofFault


async def verify(
    claim: LinkClaim, *, evidence: Evidence
) -> tuple[Account, Holder] | VerificationFailed:
    """Verify a claim; return the account and its holder, or the failure."""
    account = await Account.get_or_none(number=claim.number)
    key = account.id if account else NO_ACCOUNT
    holder = await Holder.get_or_none(account_id=key, until=None)
    proofs: dict[ProofKind, list[str]] = {kind: [] for kind in ProofKind}
    for source in evidence.values():
        values = await source.load(key)
        proofs[source.kind] += [
            claim_parsing.normalized_number(value) for value in values if value > 0
        ]
    if account and account.unified_number:
        proofs[ProofKind.UNIFIED_NUMBER].append(
            claim_parsing.unified_number(account.unified_number)
        )
    surname_fits = _is_among(claim.surname_key, [holder.surname_key] if holder else [])
    proof_fits = _is_among(claim.proof, proofs[claim.kind])
    fault = _fault(account, surname_fits=surname_fits, proof_fits=proof_fits)
    if account is None or holder is None or fault is not None:
        # without a holder no surname fits, so `fault` is None only for the type checker
        return VerificationFailed(account and account.id, fault or ProofFault.SURNAME)
    return account, holder


def _fault(account: Account | None, *, surname_fits: bool, proof_fits: bool) -> ProofFault | None:
    if account is None:
        return ProofFault.NO_ACCOUNT
    if account.subscriber_type is not SubscriberType.HOUSEHOLD:
        return ProofFault.NOT_A_HOUSEHOLD
    if not surname_fits:
        return ProofFault.SURNAME
    return None if proof_fits else ProofFault.STRONG_FACTOR


def _is_among(value: str, candidates: Iterable[str]) -> bool:
    """Compare with a fixed number of digests, whatever the number of candidates."""
    digest = _digest(value)
    digests = [*map(_digest, candidates), *[bytes(32)] * _PADDED_SIZE][:_PADDED_SIZE]
    # A sum, because `any` would stop at the first match.
    return sum(hmac.compare_digest(digest, candidate) for candidate in digests) > 0


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
