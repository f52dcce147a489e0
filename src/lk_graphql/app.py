"""Composition root: settings, ports and a clock become an ASGI application.

`create_app` builds the application of production, of the demo and of the tests; the worker gets
its ports from `build_ports`.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from graphql import ASTValidationRule
from prometheus_client import REGISTRY, CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute

import lk_graphql.accounts.routes
import lk_graphql.backoffice.routes
import lk_graphql.billing.routes
import lk_graphql.identity.routes
import lk_graphql.notifications.routes
import lk_graphql.payments.routes
import lk_graphql.profile.routes
import lk_graphql.uploads.routes
from lk_graphql import database, logs
from lk_graphql.api import action_pages
from lk_graphql.api.access_log import Metrics
from lk_graphql.api.complexity import Limits, validation_rules
from lk_graphql.api.context import World, lent
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.endpoint import GraphQLEndpoint, Policy, graphql_routes
from lk_graphql.api.graphiql import page
from lk_graphql.api.graphiql.assets import ensure_assets
from lk_graphql.api.health import probes
from lk_graphql.api.middleware import web_application
from lk_graphql.api.origins import Origins
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.rate_limit import Allowance
from lk_graphql.api.realtime.limits import LiveLimits
from lk_graphql.api.route_context import Site
from lk_graphql.backoffice.queries import staff_session_sql
from lk_graphql.database import raw_sql
from lk_graphql.hooks import load_hooks
from lk_graphql.identity.queries import session_sql
from lk_graphql.kit.bundled import bundled
from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.emails import Email
from lk_graphql.kit.signing import Links
from lk_graphql.planner.engine import Reader
from lk_graphql.planner.persisted import Persisted, trusted_documents
from lk_graphql.planner.pool import Pool
from lk_graphql.ports import Ports
from lk_graphql.ports.acquiring import Acquirer, Shop, YooKassa
from lk_graphql.ports.captcha import DrawnCaptchas
from lk_graphql.ports.files import Files, in_folder, open_files
from lk_graphql.ports.jobs import run_worker
from lk_graphql.ports.mail import Mailer, Sender, SmtpMailer
from lk_graphql.ports.passwords import Passwords
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.ports.scanner import Clamd, Scanner
from lk_graphql.ports.sms import Smsc, SmscAccess, SmsGateway
from lk_graphql.schema import graphql_schema
from lk_graphql.settings import Settings, SettingsRefused, read
from lk_graphql.staff.service.audit import witness

EXAMPLES = bundled("examples") / "operations"
HOME = Path(".lk")
"""Local files that no setting puts elsewhere."""

LANDINGS = (
    *lk_graphql.identity.routes.LANDINGS,
    *lk_graphql.accounts.routes.LANDINGS,
    *lk_graphql.notifications.routes.LANDINGS,
    *lk_graphql.backoffice.routes.LANDINGS,
)
"""The pages behind the links in mails."""

ROUTES = (
    lk_graphql.profile.routes.routes,
    lk_graphql.uploads.routes.routes,
    lk_graphql.notifications.routes.routes,
    lk_graphql.billing.routes.routes,
    lk_graphql.payments.routes.routes,
    lk_graphql.backoffice.routes.routes,
)
"""Files, webhooks and feeds of the slices, in their order."""


def from_environment() -> Starlette:
    """The application of `lk serve`, for uvicorn's worker processes."""
    settings = read()
    logs.configure(sys.stdout.buffer, settings.log_level)
    return create_app(settings)


def create_app(  # noqa: PLR0913 - a composition root takes every part
    settings: Settings,
    *,
    ports: Ports | None = None,
    clock: Clock = utc_now,
    routes: Sequence[BaseRoute] = (),
    does_jobs: bool = False,
    reader: Reader | None = None,
    registry: CollectorRegistry = REGISTRY,
) -> Starlette:
    """Build the application; its lifespan opens the database. Raises `SettingsRefused`.

    `routes` are served beside the slices' own. With `does_jobs` no worker is needed. With a
    `reader`, the caller has opened the models and the ports, and the lifespan opens nothing.
    """
    outside = ports or build_ports(settings, clock=clock)
    states = [app_state(settings, reader, outside, clock)] if reader else list[World]()

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncGenerator[None]:
        async with AsyncExitStack() as closing:
            if reader is None:
                states[:] = [await closing.enter_async_context(opened(settings, outside, clock))]
                gc.freeze()  # what is imported stays: collections needn't look through it
            if does_jobs:
                await closing.enter_async_context(jobs(settings, outside, clock))
            yield

    cookie = SessionCookie(secure=settings.public_url.startswith("https:"))
    settled = policy(settings, cookie)
    site = Site(lambda: states[0], settled)
    endpoint = GraphQLEndpoint(site.world, settled, Metrics(registry))
    every = [
        *graphql_routes(endpoint),
        *probes(_ask_database),
        *action_pages.routes(LANDINGS, settings.company),
        *(route for slice_routes in ROUTES for route in slice_routes(site)),
        *routes,
        *_explorer(settings),
    ]
    return web_application(every, lifespan)


def app_state(settings: Settings, reader: Reader, ports: Ports, clock: Clock) -> World:
    """The dependencies of requests."""
    return World(reader, settings.company, ports, witness, clock)


@asynccontextmanager
async def opened(settings: Settings, ports: Ports, clock: Clock) -> AsyncGenerator[World]:
    """The dependencies of requests, with the database open: half of its connections are plans'."""
    dsn = settings.database_url.get_secret_value()
    for_models = settings.database_connections - settings.database_connections // 2
    async with AsyncExitStack() as closing:
        load_hooks()
        await database.open_models(dsn, pool_size=for_models)
        closing.push_async_callback(database.close_models)
        rules = validation_rules(limits(settings), introspection=settings.introspection)
        reader = await closing.enter_async_context(open_reader(settings, ports.links, rules))
        closing.push_async_callback(ports.pdfs.close)
        await closing.enter_async_context(ports.signals.connected(dsn))
        yield app_state(settings, reader, ports, clock)


@asynccontextmanager
async def open_reader(
    settings: Settings, links: Links, rules: Sequence[type[ASTValidationRule]]
) -> AsyncGenerator[Reader]:
    """Checks the schema's declarations against the models, which must be open."""
    dsn = settings.database_url.get_secret_value()
    pool = await Pool.open(dsn, size=settings.database_connections // 2)
    try:
        yield Reader(
            graphql_schema,
            pool,
            session_sql,
            zone=settings.time_zone,
            rules=rules,
            extras=lent(settings.company, links),
            most_tokens=settings.max_tokens,
            staff_session=staff_session_sql,
        )
    finally:
        await pool.close()


@asynccontextmanager
async def jobs(settings: Settings, ports: Ports, clock: Clock) -> AsyncGenerator[None]:
    """Background jobs done beside the requests, until the end of the context."""
    stop = asyncio.Event()
    dsn = settings.database_url.get_secret_value()
    work = run_worker(ports, settings.company, dsn=dsn, stop=stop, clock=clock)
    working = asyncio.create_task(work)
    try:
        yield
    finally:
        stop.set()
        await working


def build_ports(
    settings: Settings,
    *,
    mail: Mailer | None = None,
    sms: SmsGateway | None = None,
    clock: Clock = utc_now,
) -> Ports:
    """The real ports, but for the given ones. Raises `SettingsRefused`."""
    return Ports(
        passwords=Passwords(strict=settings.password_strict),
        captchas=DrawnCaptchas(),
        mail=mail or build_mailer(settings, clock),
        links=Links(settings.secret_key.get_secret_value().encode()),
        files=build_files(settings),
        pdfs=PdfPool(settings.pdf_processes),
        scanner=build_scanner(settings),
        sms=sms or build_sms_gateway(settings),
        mails_per_second=settings.mails_per_second,
        sms_per_second=settings.sms_per_second,
        upload_bytes=settings.upload_megabytes * 1024 * 1024,
        uploads_a_day=settings.uploads_per_day,
        upload_bytes_a_day=settings.upload_megabytes_per_day * 1024 * 1024,
        acquirer=build_acquirer(settings),
    )


def build_files(settings: Settings) -> Files:
    """Raises `SettingsRefused` for an address that can't be read."""
    url = settings.files_url.get_secret_value()
    try:
        return open_files(url) if url else in_folder(HOME / "files")
    except ValueError as wrong:
        raise SettingsRefused([f"LK_FILES_URL: {wrong}."]) from wrong


def build_acquirer(settings: Settings) -> Acquirer | None:
    if not settings.acquirer_shop:
        return None
    shop = Shop(
        settings.acquirer_shop,
        settings.acquirer_secret.get_secret_value(),
        settings.acquirer_url,
        receipt_url=settings.receipt_url or None,
    )
    return YooKassa(shop)


def build_scanner(settings: Settings) -> Scanner | None:
    """Raises `SettingsRefused` for an address that can't be read."""
    try:
        return Clamd(settings.clamd_url) if settings.clamd_url else None
    except ValueError as wrong:
        raise SettingsRefused([f"LK_CLAMD_URL: {wrong}."]) from wrong


def build_mailer(settings: Settings, clock: Clock = utc_now) -> Mailer:
    return SmtpMailer(settings.smtp_url.get_secret_value(), mail_sender(settings), clock=clock)


def build_sms_gateway(settings: Settings) -> SmsGateway | None:
    """None where the company sends no SMS."""
    if not settings.smsc_login:
        return None
    password = settings.smsc_password.get_secret_value()
    return Smsc(SmscAccess(settings.smsc_login, password, settings.sms_sender))


def mail_sender(settings: Settings) -> Sender:
    return Sender(settings.company_name, Email(settings.sender))


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
    await raw_sql.fetch("SELECT 1")
