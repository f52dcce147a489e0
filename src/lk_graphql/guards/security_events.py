"""Security events: log lines from which an attack can be reconstructed, without personal data.

A line has the network (IPv4: /24, IPv6: /64), an HMAC of the login, and the code of the refusal.
The HMAC is the same in all lines of a login.
"""

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import ip_network

import structlog

from lk_graphql.kit.addresses import parse_address
from lk_graphql.kit.errors import Refusal, Refusals, refusals_of
from lk_graphql.kit.metrics import SECURITY_EVENTS
from lk_graphql.kit.signing import Signer

log = structlog.stdlib.get_logger("lk_graphql.security")


@contextmanager
def failed_sign_ins(
    kind: str, login: str, *, address: str, is_known_device: bool, signer: Signer
) -> Generator[None]:
    """Log each refusal raised inside; `kind` is `customer` or `staff`."""
    try:
        yield
    except (Refusal, Refusals) as error:
        for refusal in refusals_of(error):
            SECURITY_EVENTS.labels("sign_in_failed", kind).inc()
            log.warning(
                "sign_in_failed",
                kind=kind,
                code=str(refusal.code),
                subject=signer.fingerprint(f"security-event/{kind}", login),
                network=network(address),
                is_known_device=is_known_device,
            )
        raise


def limit_exhausted(limit: str, key: str) -> None:
    """Log that attempts beyond an exact limit are refused; `key` is the counter's, with an HMAC."""
    SECURITY_EVENTS.labels("limit_exhausted", limit).inc()
    log.warning("limit_exhausted", kind=limit, subject=key.removeprefix(f"{limit}:"))


@lru_cache(10_000)
def network(address: str) -> str | None:
    """The network of an address, coarse enough to be no personal data; None for other texts."""
    parsed = parse_address(address)
    if parsed is None:
        return None
    return str(ip_network((parsed.packed, 24 if parsed.version == 4 else 64), strict=False))
