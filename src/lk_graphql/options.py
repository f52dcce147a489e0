"""The API's options and limits, as the settings define them."""

from collections.abc import Iterable

from lk_graphql.api.admission import AdmissionLimits
from lk_graphql.api.document_limits import ComplexityLimits
from lk_graphql.api.endpoint import EndpointOptions
from lk_graphql.api.middleware import Origins
from lk_graphql.api.persisted_documents import PersistedDocuments, digest_of, trusted_documents
from lk_graphql.api.proxies import ForwardedHeader, Proxies
from lk_graphql.api.rate_limit import RateLimit
from lk_graphql.api.realtime.limits import ConnectionLimits
from lk_graphql.api.request import BodyLimits, SessionCookie
from lk_graphql.settings import InvalidSettings, Settings

SIGN_INS = frozenset({"sessionCreate", "staffSessionCreate"})
"""Mutations with a limit of their own at admission, because each hashes a password."""


def endpoint_options(
    settings: Settings, cookie: SessionCookie, own_documents: Iterable[str] = ()
) -> EndpointOptions:
    """Options of the endpoint, which trusts the `own_documents` of the server's pages.

    Raises `InvalidSettings`.
    """
    return EndpointOptions(
        origins=Origins(settings.public_url, settings.allowed_origins),
        cookie=cookie,
        proxies=Proxies(
            settings.trusted_proxies,
            ForwardedHeader(settings.forwarded_header) if settings.forwarded_header else None,
        ),
        limits=limits(settings),
        persisted=persisted_documents(settings, own_documents),
        rate_limit=RateLimit(
            settings.cost_limit,
            settings.cost_refill_per_second,
            session_factor=settings.cost_session_factor,
            document_limit=settings.max_cost,
            processes=settings.cost_processes or settings.workers,
        ),
        body_limits=BodyLimits(settings.max_body_bytes, settings.request_body_timeout),
        realtime=ConnectionLimits(
            settings.subscription_connections, settings.subscription_keepalive_interval
        ),
        admission=AdmissionLimits(settings.max_requests, settings.max_sign_ins, SIGN_INS),
    )


def persisted_documents(
    settings: Settings, own_documents: Iterable[str] = ()
) -> PersistedDocuments:
    """Load the trusted documents: the operator's manifest and those of the server's own pages.

    Raises `InvalidSettings` for an invalid manifest.
    """
    file = settings.trusted_documents
    try:
        trusted = trusted_documents(file) if file else {}
    except (OSError, ValueError) as error:
        raise InvalidSettings([f"LK_TRUSTED_DOCUMENTS: {file} can't be read: {error}"]) from error
    if settings.trusted_documents_only and not trusted:
        raise InvalidSettings(
            ["LK_TRUSTED_DOCUMENTS_ONLY needs documents in LK_TRUSTED_DOCUMENTS."]
        )
    own = {digest_of(text): text for text in own_documents}
    return PersistedDocuments(trusted | own, only_trusted=settings.trusted_documents_only)


def limits(settings: Settings) -> ComplexityLimits:
    return ComplexityLimits(
        tokens=settings.max_tokens, depth=settings.max_depth, cost=settings.max_cost
    )
