"""Composition root: settings, ports and the schema become an ASGI application."""

import asyncio
import gc
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Lifespan

from lk_graphql import database, devmail, devstaff, engine, logs
from lk_graphql.api.armour import web_application
from lk_graphql.api.budget import Allowance
from lk_graphql.api.context import World, lent
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.endpoint import GraphQLEndpoint, Policy, graphql_routes
from lk_graphql.api.ide import page
from lk_graphql.api.ide.assets import ensure_assets
from lk_graphql.api.limits import Limits, validation_rules
from lk_graphql.api.live.limits import LiveLimits
from lk_graphql.api.metrics import Metrics
from lk_graphql.api.origins import Origins
from lk_graphql.api.probes import probes
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.site import Site
from lk_graphql.backoffice.queries import STAFF_SESSION
from lk_graphql.backoffice.service.audit import witness
from lk_graphql.equipment import HOME, ports, sender, smsc, smtp
from lk_graphql.hooks import load_hooks
from lk_graphql.identity.queries import SESSION
from lk_graphql.kit.bundled import bundled
from lk_graphql.ports import Ports
from lk_graphql.ports.jobs import run_worker
from lk_graphql.ports.mail import Mailbox
from lk_graphql.ports.sms import SmsBox
from lk_graphql.reads.persisted import Persisted, trusted_documents
from lk_graphql.reads.pool import Pool
from lk_graphql.reads.run import Reader
from lk_graphql.routes import routes_of_slices
from lk_graphql.schema import graphql_schema
from lk_graphql.settings import Settings, SettingsRefused, read

EXAMPLES = bundled("examples") / "operations"


def from_environment() -> Starlette:
    """The application of `lk serve`, for uvicorn's worker processes."""
    return create(read())


def create(settings: Settings, *, demo: bool = False) -> Starlette:
    """The application over these settings; what needs the database opens in its lifespan.

    The demo keeps mails where a browser shows them, does the jobs itself, and is served over
    plain http on loopback, where a `Secure` cookie would never come back.
    """
    mailbox = Mailbox(HOME / "mail", sender(settings)) if demo else None
    box = SmsBox(HOME / "sms") if demo else None
    outside = ports(settings, mailbox or smtp(settings), box or smsc(settings))
    worlds: list[World] = []

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncGenerator[None]:
        async with opened(settings, outside) as world:
            worlds.append(world)
            gc.freeze()  # what is imported stays: collections needn't look through it
            async with jobs(settings, outside) if demo else AsyncExitStack():
                yield
            worlds.clear()

    pages = [
        *(devmail.routes(mailbox, box, settings.time_zone) if mailbox and box else ()),
        *(devstaff.routes(outside.links) if demo else ()),
    ]
    logs.configure(sys.stdout.buffer, settings.log_level)
    return assemble(settings, lambda: worlds[0], pages=pages, lifespan=lifespan)


def assemble(
    settings: Settings,
    world: Callable[[], World],
    *,
    pages: Sequence[BaseRoute] = (),
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Put the parts together, over a world that is open when the first request comes."""
    cookie = SessionCookie(secure=settings.public_url.startswith("https:"))
    settled = policy(settings, cookie)
    endpoint = GraphQLEndpoint(world, settled, Metrics())
    ours = routes_of_slices(Site(world, settled), settings.company)
    return web_application(
        [
            *graphql_routes(endpoint),
            *probes(_ask_database),
            *ours,
            *pages,
            *_explorer(settings),
        ],
        lifespan,
    )


@asynccontextmanager
async def opened(settings: Settings, outside: Ports) -> AsyncGenerator[World]:
    """What requests use, with the database open: half of the connections read by plans."""
    dsn = settings.database_url.get_secret_value()
    for_plans = settings.database_connections // 2
    async with AsyncExitStack() as closing:
        load_hooks()
        await database.open_models(dsn, pool_size=settings.database_connections - for_plans)
        closing.push_async_callback(database.close_models)
        pool = await Pool.open(dsn, size=for_plans)
        closing.push_async_callback(pool.close)
        closing.push_async_callback(outside.pdfs.close)
        await closing.enter_async_context(outside.signals.connected(dsn))
        reader = Reader(
            graphql_schema,
            pool,
            SESSION,
            zone=settings.time_zone,
            rules=validation_rules(limits(settings), introspection=settings.introspection),
            extras=lent(settings.company, outside.links),
            most_tokens=settings.max_tokens,
            staff_session=STAFF_SESSION,
        )
        yield World(reader, settings.company, outside, witness)


@asynccontextmanager
async def jobs(settings: Settings, outside: Ports) -> AsyncGenerator[None]:
    """Background jobs done beside the requests, until the end of the context."""
    stop = asyncio.Event()
    dsn = settings.database_url.get_secret_value()
    working = asyncio.create_task(run_worker(outside, settings.company, dsn=dsn, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await working


def policy(settings: Settings, cookie: SessionCookie) -> Policy:
    return Policy(
        origins=Origins(settings.public_url, settings.cors_origins),
        cookie=cookie,
        proxies=Proxies(settings.trusted_proxies),
        limits=limits(settings),
        persisted=persisted(settings),
        allowance=Allowance(settings.cost_budget, settings.cost_refill),
        body_bytes=settings.max_body_bytes,
        body_seconds=settings.body_timeout,
        live=live(settings),
    )


def persisted(settings: Settings) -> Persisted:
    """What clients may name by hash. Raises `SettingsRefused` for a manifest that isn't one."""
    file = settings.trusted_documents
    try:
        trusted = trusted_documents(file) if file else {}
    except (OSError, ValueError) as wrong:
        raise SettingsRefused([f"LK_TRUSTED_DOCUMENTS: {file} can't be read: {wrong}"]) from wrong
    if settings.only_trusted and not trusted:
        raise SettingsRefused(["LK_ONLY_TRUSTED needs documents in LK_TRUSTED_DOCUMENTS."])
    return Persisted(trusted, only_trusted=settings.only_trusted)


def live(settings: Settings) -> LiveLimits:
    return LiveLimits(
        in_all=settings.live_connections,
        per_address=settings.live_per_address,
        per_session=settings.live_per_session,
        operations=settings.live_operations,
        hello=settings.live_hello,
        keepalive=settings.live_keepalive,
        send=settings.live_send,
        vigil=settings.live_vigil,
    )


def limits(settings: Settings) -> Limits:
    return Limits(tokens=settings.max_tokens, depth=settings.max_depth, cost=settings.max_cost)


def _explorer(settings: Settings) -> list[BaseRoute]:
    if not settings.graphiql:
        return []
    assets = ensure_assets(HOME / "graphiql")
    title = f"{settings.company_name}: GraphiQL"
    return page.routes(assets, page.read_examples(EXAMPLES), title=title)


async def _ask_database() -> None:
    await engine.fetch("SELECT 1")
