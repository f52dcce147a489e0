"""`lk demo`: the whole system on this machine, with demo data."""

import asyncio
import os
import secrets
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lk_graphql.cli.listener import require_free_port, with_announcement
from lk_graphql.cli.sandbox import DATABASE_FILE, SECRET, SHOP
from lk_graphql.cli.terminal import print_line, print_note
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.origins import LOOPBACK_ORIGINS

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from lk_graphql.demo.data.facts import DemoFacts
    from lk_graphql.settings import Settings

HOME = Path(".lk")


def demo(
    *,
    reset: Annotated[bool, typer.Option("--reset", help="Start over with new data.")] = False,
    frontend: Annotated[
        Path | None, typer.Option(help="A folder with a built frontend, to serve at /.")
    ] = None,
) -> None:
    """Run the whole cabinet with a demo supplier, on this machine only.

    PostgreSQL, the server and the jobs stop with this command; the data stays in .lk.
    LK_HOST (a loopback address) and LK_PORT set the address. A frontend replaces the API's own
    pages behind links in mails and after a payment.
    """
    from lk_graphql import settings
    from lk_graphql.demo.postgres import embedded, erase

    chosen = settings.read()
    _require_loopback(chosen.host)
    require_free_port(chosen.host, chosen.port)
    require_free_port(chosen.host, _sandbox_port(chosen))
    # so that SIGTERM runs the exit handlers, which stop PostgreSQL
    signal.signal(signal.SIGTERM, _exit)
    if reset:
        erase(HOME / "postgres")
        for name in ("mail", "sms", "files"):  # they belong to users who are deleted now
            shutil.rmtree(HOME / name, ignore_errors=True)
        for file in HOME.glob(f"{DATABASE_FILE.name}*"):
            file.unlink()
    with embedded(HOME / "postgres") as dsn:
        _serve(_demo_settings(chosen, dsn, has_frontend=bool(frontend)), frontend)


def _exit(number: int, _: object) -> None:
    sys.exit(128 + number)


def _require_loopback(host: str) -> None:
    """Require a loopback host, because the demo's passwords and mails are public.

    Raises `CommandError`.
    """
    from lk_graphql.setting_types import LOOPBACK

    if host not in LOOPBACK:
        raise CommandError(
            f"The demo listens only on this machine, not on {host}: unset LK_HOST."
            " To serve customers, use `lk serve`."
        )


def _demo_settings(chosen: "Settings", dsn: str, *, has_frontend: bool) -> "Settings":
    """The settings, with the demo's defaults for unset ones.

    With a frontend, mails lead to its pages.
    """
    from lk_graphql import settings

    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    sandbox = f"http://{host}:{_sandbox_port(chosen)}"
    public = f"http://{host}:{chosen.port}"
    defaults = {
        "graphiql": True,
        "introspection": True,
        "log_level": "warning",
        "acquirer_url": f"{sandbox}/v3",
        "acquirer_shop": SHOP,
        "acquirer_secret": SECRET,
        "cabinet_url": public if has_frontend else "",
        "receipt_url": sandbox + "/receipt/{storage}/{number}/{attribute}",
    }
    return settings.read(
        database_url=dsn,
        secret_key=_secret_key(HOME / "secret_key"),
        public_url=public,
        cors_origins=(*chosen.cors_origins, *LOOPBACK_ORIGINS),
        workers=1,
        **{name: defaults[name] for name in defaults.keys() - chosen.model_fields_set},
    )


def _sandbox_port(chosen: "Settings") -> int:
    """The sandbox's port: a separate origin, far from the ports that further demos would use."""
    return (chosen.port + 99) % 65535 + 1


def _secret_key(file: Path) -> str:
    """The key in a file, which is created at the first start."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
            stream.write(secrets.token_hex(32))
    return file.read_text()


def _serve(chosen: "Settings", frontend: Path | None) -> None:
    from lk_graphql import server

    facts = asyncio.run(_load(chosen))
    cabinet = with_announcement(
        _cabinet(chosen, frontend), lambda: _print_welcome(chosen, facts, frontend)
    )
    listener = server.ServerOptions(
        chosen.host, chosen.port, header_timeout=chosen.request_head_timeout
    )
    with server.serve_in_thread(_sandbox(chosen), replace(listener, port=_sandbox_port(chosen))):
        if not server.run(cabinet, listener):
            raise CommandError("The server didn't start; see its log above.")
    print_note(
        "Stopped. The data is kept: make demo continues with it, make demo RESET=1 starts over."
    )


def _cabinet(chosen: "Settings", frontend: Path | None) -> "ASGIApp":
    """The application with its jobs, pages for mails, SMS and codes, and the frontend, if any."""
    from lk_graphql import app, logs
    from lk_graphql.demo import codes, mailbox
    from lk_graphql.demo.frontend import Frontend
    from lk_graphql.ports.captcha import GeneratedCaptchas

    logs.configure(sys.stdout.buffer, chosen.log_level)
    mailer = mailbox.FileMailer(HOME / "mail", app.mail_sender(chosen))
    gateway = mailbox.FileSmsGateway(HOME / "sms")
    captchas = codes.CaptchaRecorder(GeneratedCaptchas())
    ports = replace(app.build_ports(chosen, mail=mailer, sms=gateway), captchas=captchas)
    pages = [
        *mailbox.routes(mailer, gateway, chosen.time_zone),
        *codes.staff_routes(ports.signer),
        *codes.captcha_routes(captchas),
    ]
    api = app.create_app(chosen, ports=ports, routes=pages, does_jobs=True)
    return Frontend(api, frontend, app.FRONTEND_PAGES) if frontend else api


def _sandbox(chosen: "Settings") -> "Starlette":
    """The sandbox acquirer, with its database in `HOME`."""
    from lk_graphql.demo import acquirer

    shop = acquirer.SandboxShop(SHOP, SECRET, f"{chosen.public_url}/webhooks/acquirer")
    at = chosen.acquirer_url.removesuffix("/v3")
    return acquirer.create(HOME / DATABASE_FILE.name, shop, at)


async def _load(chosen: "Settings") -> "DemoFacts":
    from rich.console import Console
    from rich.progress import Progress

    from lk_graphql import app
    from lk_graphql.database import migrations
    from lk_graphql.demo.data.load import load_demo
    from lk_graphql.ports.passwords import Passwords

    dsn = chosen.database_url.get_secret_value()
    if await migrations.pending(dsn):
        await migrations.migrate(dsn)
    passwords = Passwords()
    today = chosen.company.today(utc_now())
    with Progress(console=Console(stderr=True), transient=True) as progress:
        facts = await load_demo(
            dsn, today=today, passwords=passwords, progress=progress, files=app.build_files(chosen)
        )
    passwords.close()
    return facts


def _print_welcome(chosen: "Settings", facts: "DemoFacts", frontend: Path | None) -> None:
    at, account = chosen.public_url, facts.linkable
    cabinet = f"{at}/" if frontend else "make cabinet serves the example frontend (needs Node.js)"
    explorer = f"{at}/graphiql" if chosen.graphiql else "off (LK_GRAPHIQL)"
    print_line(f"""
  {chosen.company_name}: a demo supplier with {facts.accounts} accounts

  Cabinet      {cabinet}
  Explore      {explorer}
  API          {at}/graphql
  Mails, SMS   {at}/dev/mail   {at}/dev/sms
  Sign in as   {facts.emails[0]}   {facts.password}
               {", ".join(facts.emails[1:])} (the same password)
  Or as staff  {", ".join(facts.staff)}
               the same password, and the code that {at}/dev/staff shows
  To pay       paymentStart returns a page that accepts test cards and lists them
  To link      account {account.number}, surname {account.surname},
               last reading {account.last_reading:f} or ЕЛС {account.unified_number}
  Database     {chosen.database_url.get_secret_value()}

  Ctrl-C stops everything.
""")
