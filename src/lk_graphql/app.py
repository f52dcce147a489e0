"""Composition root: builds the ASGI application from settings, ports and a clock.

`create_app` builds the application of production, the demo and the tests; the worker gets its
ports from `build_ports`.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import structlog
from graphql import ASTValidationRule, NoSchemaIntrospectionCustomRule
from prometheus_client import REGISTRY, CollectorRegistry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from tortoise.exceptions import DBConnectionError

import lk_graphql.accounts.routes
import lk_graphql.backoffice.routes
import lk_graphql.billing.routes
import lk_graphql.identity.routes
import lk_graphql.notifications.routes
import lk_graphql.payments.routes
import lk_graphql.profile.routes
import lk_graphql.uploads.routes
from lk_graphql import database, logs
from lk_graphql.api import action_pages, audience, early_responses, health
from lk_graphql.api.access_log import Metrics
from lk_graphql.api.admission import AdmissionMiddleware, AdmissionRules
from lk_graphql.api.body_limits import BodyLimitMiddleware
from lk_graphql.api.context import AppState, resolver_dependencies
from lk_graphql.api.early_responses import EarlyResponses
from lk_graphql.api.endpoint import GraphQLEndpoint, GraphQLMiddleware, redirect_slash
from lk_graphql.api.graphiql import page
from lk_graphql.api.graphiql.examples import read_examples
from lk_graphql.api.middleware import CorsMiddleware, security_headers, web_application
from lk_graphql.api.rate_limit import RateLimiter
from lk_graphql.api.request import GRAPHQL_PATH, SessionCookie
from lk_graphql.api.route_context import RouteContext
from lk_graphql.api.route_log import RouteLogMiddleware
from lk_graphql.api.shared_budgets import SharedBudgets
from lk_graphql.database import raw_sql
from lk_graphql.database.connections import ReadPool, TimeLimits
from lk_graphql.exchange.service.runs import measure_imports
from lk_graphql.hooks import load_hooks
from lk_graphql.identity.service.sessions import (
    position_sql,
    record_position,
    record_positions,
    session_end,
    session_sql,
)
from lk_graphql.kit.bundled import bundled_folder
from lk_graphql.kit.cabinet_pages import ActionPath, CabinetPath
from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.tracing import TRACING
from lk_graphql.options import endpoint_options
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.principal import SessionSql
from lk_graphql.planner.replicas import open_replicas
from lk_graphql.ports import Ports
from lk_graphql.ports.acquiring import Acquirer, Shop, YooKassa
from lk_graphql.ports.captcha import GeneratedCaptchas
from lk_graphql.ports.files import Files, in_folder, open_files
from lk_graphql.ports.jobs import Measure, measure_queue, run_worker
from lk_graphql.ports.mail import Mailer, Sender, SmtpMailer
from lk_graphql.ports.passwords import Passwords
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.ports.scanner import ClamdScanner, Scanner
from lk_graphql.ports.sms import Smsc, SmscAccess, SmsGateway
from lk_graphql.schema import graphql_schema, sdl
from lk_graphql.server import is_stopping
from lk_graphql.settings import InvalidSettings, Settings, read
from lk_graphql.staff.service.audit import record_views
from lk_graphql.staff.service.sessions import staff_session_sql

EXAMPLES = bundled_folder("examples") / "operations"
HOME = Path(".lk")
"""The folder of local files without a setting of their own."""

_log = structlog.get_logger(__name__)
_OUTAGES = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # such as a server that isn't the primary
    DBConnectionError,
    Unavailable,
)
_OPENING_PAUSE = 1.0

ACTION_PAGES = (
    *lk_graphql.identity.routes.ACTION_PAGES,
    *lk_graphql.accounts.routes.ACTION_PAGES,
    *lk_graphql.notifications.routes.ACTION_PAGES,
    *lk_graphql.backoffice.routes.ACTION_PAGES,
)
"""The pages behind links in mails."""

OWN_DOCUMENTS = (
    *(document for action_page in ACTION_PAGES for document in action_page.documents),
    lk_graphql.payments.routes.RETURN_PAGE_DOCUMENT,
)
"""The GraphQL documents of the server's own pages, which are always trusted."""

FRONTEND_PAGES = (CabinetPath.HOME, *ActionPath)
"""The pages that a frontend at the same origin replaces; customers' links lead to them."""

MEASURES: tuple[Measure, ...] = (measure_queue, measure_imports)
"""The measurements of a worker for the operators' metrics."""

ROUTES = (
    lk_graphql.profile.routes.routes,
    lk_graphql.uploads.routes.routes,
    lk_graphql.notifications.routes.routes,
    lk_graphql.billing.routes.routes,
    lk_graphql.payments.routes.routes,
    lk_graphql.backoffice.routes.routes,
)
"""The slices' plain HTTP routes: files, webhooks and feeds."""


def from_environment() -> Starlette:
    """Application factory of `lk serve`, called in each of uvicorn's worker processes."""
    settings = read()
    logs.configure(sys.stdout.buffer, settings.log_level)
    install_tracer(settings, "lk-graphql")
    return create_app(settings)


def check_settings(settings: Settings) -> None:
    """Read the addresses and files of the settings as `create_app` does. Raises `InvalidSettings`.

    An error in a worker process doesn't end the server: uvicorn starts another process instead.
    """
    build_ports(settings)
    endpoint_options(settings, SessionCookie(secure=False))


def install_tracer(settings: Settings, service: str) -> None:
    """Send this process's traces to `LK_TRACES_URL`, if it is set."""
    if settings.traces_url:
        from lk_graphql.ports.opentelemetry import open_tracer  # noqa: PLC0415 - optional

        tracer = open_tracer(settings.traces_url, service=service, share=settings.traces_share)
        TRACING.install(tracer)


def create_app(  # noqa: PLR0913 - a composition root takes every part
    settings: Settings,
    *,
    ports: Ports | None = None,
    clock: Clock = utc_now,
    routes: Sequence[BaseRoute] = (),
    does_jobs: bool = False,
    engine: QueryEngine | None = None,
    registry: CollectorRegistry = REGISTRY,
) -> Starlette:
    """Build the application; its lifespan opens the database. Raises `InvalidSettings`.

    `routes` are served in addition to the slices' routes. With `does_jobs`, the process also runs
    the background jobs. Pass an `engine` if the models and the ports are already open: the lifespan
    then opens nothing.
    """
    load_hooks()  # before the routes, because slices add kinds of downloads
    all_ports = ports or build_ports(settings, clock=clock)
    states = [app_state(settings, engine, all_ports, clock)] if engine else list[AppState]()

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncGenerator[dict[str, object]]:
        async with AsyncExitStack() as stack:
            if engine is None:
                states[:] = [
                    await _enter_when_reachable(
                        stack, lambda: open_state(settings, all_ports, clock, does_jobs=does_jobs)
                    )
                ]
                gc.freeze()  # garbage collection skips the imported modules
            if does_jobs:
                await stack.enter_async_context(jobs(settings, all_ports, clock))
            limiter = endpoint.rate_limiter
            await stack.enter_async_context(shared_budgets(settings, limiter, all_ports.signer))
            yield {early_responses.STATE: EarlyResponses(rules, headers)}

    cookie = SessionCookie(secure=settings.public_url.startswith("https:"))
    options = endpoint_options(settings, cookie, OWN_DOCUMENTS)
    route_context = RouteContext(
        lambda: states[0], options, Metrics(registry, settings.slow_operation)
    )
    endpoint = GraphQLEndpoint(route_context.state, options, route_context.metrics)
    all_routes = [*_routes(settings, route_context, clock), *routes]
    rules = AdmissionRules(
        endpoint.admission, endpoint.priority, options.origins, health.PATHS, options.body_limits
    )
    layers = _layers(endpoint, rules, route_context)
    headers = security_headers(is_https=cookie.secure)
    cors_headers = options.origins.headers_by_path
    return web_application(all_routes, lifespan, layers, headers, cors_headers)


def _layers(
    endpoint: GraphQLEndpoint, rules: AdmissionRules, context: RouteContext
) -> list[Middleware]:
    """The middleware, outermost first; requests of plain routes also pass the last three."""
    options, metrics = context.options, context.metrics
    return [
        Middleware(AdmissionMiddleware, rules=rules),
        Middleware(GraphQLMiddleware, endpoint=endpoint),
        Middleware(CorsMiddleware, origins=options.origins),
        Middleware(
            RouteLogMiddleware, metrics=metrics, proxies=options.proxies, quiet=health.PATHS
        ),
        Middleware(BodyLimitMiddleware, limits=options.body_limits, exempt=("/uploads/",)),
    ]


def _routes(settings: Settings, context: RouteContext, clock: Clock) -> list[BaseRoute]:
    """The plain routes of the application and of all slices."""
    return [
        Route(f"{GRAPHQL_PATH}/", redirect_slash, methods=["GET", "POST"]),
        *health.health_routes(_check_database),
        *action_pages.routes(ACTION_PAGES, settings.company),
        *(route for slice_routes in ROUTES for route in slice_routes(context)),
        *health.security_txt(settings.security_contact, settings.public_url, clock),
        *(audience.routes(sdl) if settings.introspection else ()),
        *_graphiql_routes(settings),
    ]


async def _enter_when_reachable(
    stack: AsyncExitStack, opening: Callable[[], AbstractAsyncContextManager[AppState]]
) -> AppState:
    """Open the state; while PostgreSQL is unavailable, try again until SIGTERM.

    uvicorn ends the whole server if one of its processes fails to start. The same applies later, to
    a process that replaces a dead one.
    """
    while True:
        try:
            return await stack.enter_async_context(opening())
        except _OUTAGES as outage:
            if is_stopping():
                raise
            _log.warning("server.database_unavailable", error=type(outage).__name__)
        await asyncio.sleep(_OPENING_PAUSE)


def app_state(settings: Settings, engine: QueryEngine, ports: Ports, clock: Clock) -> AppState:
    """The dependencies shared by all requests."""
    dependencies = resolver_dependencies(settings.company, ports.signer, ports)
    bound = engine.with_dependencies(dependencies)
    state = AppState(bound, settings.company, ports, record_views, clock, session_end)
    if not settings.replica_urls:
        return state
    return replace(state, record_position=record_position, record_positions=record_positions)


@asynccontextmanager
async def open_state(
    settings: Settings, ports: Ports, clock: Clock, *, does_jobs: bool = False
) -> AsyncGenerator[AppState]:
    """Open the database and the ports; plans get half of the database connections.

    With `does_jobs`, the models' connections have no time limits, because imports take long.
    """
    dsn = settings.database_url.get_secret_value()
    time_limits = TimeLimits() if does_jobs else TimeLimits.within(settings.database_timeout)
    for_models = settings.database_connections - settings.database_connections // 2
    async with AsyncExitStack() as stack:
        load_hooks()
        await database.open_models(
            dsn, pool_size=for_models, limits=time_limits, pooling=settings.database_pooling
        )
        stack.push_async_callback(database.close_models)
        rules = () if settings.introspection else (NoSchemaIntrospectionCustomRule,)
        engine = await stack.enter_async_context(open_engine(settings, ports.signer, rules))
        stack.push_async_callback(ports.pdfs.close)
        await stack.enter_async_context(ports.pubsub.connected(settings.direct_dsn))
        yield app_state(settings, engine, ports, clock)


@asynccontextmanager
async def open_engine(
    settings: Settings, signer: Signer, rules: Sequence[type[ASTValidationRule]]
) -> AsyncGenerator[QueryEngine]:
    """Open the query engine, which checks the schema's declarations against the opened models."""
    dsn = settings.database_url.get_secret_value()
    time_limits = TimeLimits.within(settings.database_timeout)
    size, pooling = settings.database_connections // 2, settings.database_pooling
    pool = ReadPool(dsn, size=size, limits=time_limits, pooling=pooling)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(pool.close)
        await pool.fetchrow("SELECT")  # fails at once for a wrong address
        replicas = await stack.enter_async_context(
            open_replicas(
                pool,
                [url.get_secret_value() for url in settings.replica_urls],
                size=size,
                session=session_sql,
                position=position_sql,
                max_lag=settings.replica_lag,
            )
        )
        yield QueryEngine(
            graphql_schema,
            pool,
            SessionSql(session_sql, staff_session_sql),
            zone=settings.time_zone,
            rules=rules,
            dependencies=resolver_dependencies(settings.company, signer),
            max_tokens=settings.max_tokens,
            replicas=replicas,
        )


@asynccontextmanager
async def jobs(settings: Settings, ports: Ports, clock: Clock) -> AsyncGenerator[None]:
    """Run a worker in this process until the end of the context."""
    stop = asyncio.Event()
    jobs_run = run_worker(ports, settings.company, dsn=settings.direct_dsn, stop=stop, clock=clock)
    worker = asyncio.create_task(jobs_run)
    try:
        yield
    finally:
        stop.set()
        await worker


@asynccontextmanager
async def shared_budgets(
    settings: Settings, limiter: RateLimiter, signer: Signer
) -> AsyncGenerator[None]:
    """Share the clients' budgets with other processes, if `LK_VALKEY_URL` is set."""
    url = settings.valkey_url.get_secret_value()
    if not url:
        yield
        return
    from lk_graphql.ports.valkey import ValkeyBudgets  # noqa: PLC0415 - optional

    async with SharedBudgets(limiter, ValkeyBudgets(url), signer).shared():
        yield


def build_ports(
    settings: Settings,
    *,
    mail: Mailer | None = None,
    sms: SmsGateway | None = None,
    clock: Clock = utc_now,
) -> Ports:
    """Build the ports by the settings. Raises `InvalidSettings`."""
    return Ports(
        passwords=Passwords(strict=settings.password_strict, company_words=settings.company_words),
        captchas=GeneratedCaptchas(),
        mail=mail or build_mailer(settings, clock),
        signer=settings.signer,
        files=build_files(settings),
        pdfs=PdfPool(settings.pdf_processes),
        scanner=build_scanner(settings),
        sms=sms or build_sms_gateway(settings),
        mails_per_second=settings.mails_per_second,
        sms_per_second=settings.sms_per_second,
        upload_bytes=settings.upload_megabytes * 1024 * 1024,
        uploads_per_day=settings.uploads_per_day,
        upload_bytes_per_day=settings.upload_megabytes_per_day * 1024 * 1024,
        acquirer=build_acquirer(settings),
    )


def build_files(settings: Settings) -> Files:
    """Build the file store. Raises `InvalidSettings` for an invalid address."""
    url = settings.files_url.get_secret_value()
    try:
        return open_files(url) if url else in_folder(HOME / "files")
    except ValueError as error:
        raise InvalidSettings([f"LK_FILES_URL: {error}."]) from error
    except OSError as error:
        sentence = f"LK_FILES_URL: the folder {error.filename} can't be created: {error.strerror}."
        raise InvalidSettings([sentence]) from error


def build_acquirer(settings: Settings) -> Acquirer | None:
    """Build the acquirer; None without `LK_ACQUIRER_SHOP`."""
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
    """Build the virus scanner. Raises `InvalidSettings` for an invalid address."""
    try:
        return ClamdScanner(settings.clamd_url) if settings.clamd_url else None
    except ValueError as error:
        raise InvalidSettings([f"LK_CLAMD_URL: {error}."]) from error


def build_mailer(settings: Settings, clock: Clock = utc_now) -> Mailer:
    """Build the mailer. Raises `InvalidSettings` for an invalid address."""
    url, sender = settings.smtp_url.get_secret_value(), mail_sender(settings)
    try:
        return SmtpMailer(url, sender, hostname=settings.mail_hostname, clock=clock)
    except ValueError as error:
        raise InvalidSettings([f"LK_SMTP_URL: {error}."]) from error


def build_sms_gateway(settings: Settings) -> SmsGateway | None:
    """Build the SMS gateway; None without `LK_SMSC_LOGIN`."""
    if not settings.smsc_login:
        return None
    password = settings.smsc_password.get_secret_value()
    access = SmscAccess(settings.smsc_login, password, settings.sms_sender)
    return Smsc(access, address=settings.smsc_url)


def mail_sender(settings: Settings) -> Sender:
    return Sender(settings.company_name, Email(settings.sender))


def _graphiql_routes(settings: Settings) -> list[BaseRoute]:
    if not settings.graphiql:
        return []
    return page.routes(read_examples(EXAMPLES), title=settings.company_name, opened="SignIn")


async def _check_database() -> None:
    await raw_sql.fetch("SELECT 1")
