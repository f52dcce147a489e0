"""`lk serve`, `lk worker` and `lk settings`: commands of production."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lk_graphql.cli.database import require_sessions, with_models
from lk_graphql.cli.documents import require_documents
from lk_graphql.cli.listener import require_free_port
from lk_graphql.cli.rules import installation, load_states
from lk_graphql.cli.terminal import print_table
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from lk_graphql.rules.service.abilities import AbilityState
    from lk_graphql.server import Address
    from lk_graphql.settings import Settings

_STOP_SECONDS = 19
"""Seconds in which a worker must stop; Docker and systemd would kill it later."""


def serve() -> None:
    """Run the server for customers.

    Needs LK_DATABASE_URL (migrated, with documents published), LK_SMTP_URL, LK_SECRET_KEY and
    LK_PUBLIC_URL; `lk settings` lists all settings. Also run at least one `lk worker`. The server
    logs the abilities that are closed or incomplete, like `lk check`. On SIGTERM or Ctrl-C, it
    finishes the open requests and stops.
    """
    from lk_graphql import app, logs, server, settings

    chosen = settings.read()
    chosen.require_production()
    app.check_settings(chosen)
    states = with_models(lambda: _ready(chosen))
    logs.configure(sys.stdout.buffer, chosen.log_level)
    for state in states:
        _warn(state)
    require_free_port(chosen.host, chosen.port)
    monitoring = _monitoring(chosen)
    listener = server.ServerOptions(
        chosen.host, chosen.port, chosen.workers, chosen.request_head_timeout, monitoring
    )
    if not server.run("lk_graphql.app:from_environment", listener):
        raise CommandError("The server didn't start; see its log.")


def _monitoring(chosen: "Settings") -> "Address | None":
    """The address of /metrics. Raises `CommandError` if another process has the port."""
    from lk_graphql.server import Address

    if chosen.metrics_port is None:
        return None
    require_free_port(chosen.metrics_host, chosen.metrics_port, "LK_METRICS_PORT")
    return Address(chosen.metrics_host, chosen.metrics_port)


async def _ready(chosen: "Settings") -> "list[AbilityState]":
    await require_sessions(chosen)
    await require_documents(has_sms=installation(chosen).has_sms)
    return await load_states(chosen)


def _warn(state: "AbilityState") -> None:
    """Log each missing requirement of an ability on a line, in the words of `lk check`."""
    import structlog

    for item in () if state.is_off else state.missing:
        structlog.get_logger(__name__).warning(
            "ability.closed" if item.blocks else "ability.incomplete",
            ability=state.ability.lower(),
            missing=item.en,
            remedy=item.remedy,
        )


def worker() -> None:
    """Run the background jobs of `lk serve`, such as mails. Several workers may run in parallel.

    Needs the same settings as `lk serve`. On SIGTERM or Ctrl-C, running jobs have fifteen seconds
    to finish. The process ends within twenty seconds, even if PostgreSQL or a job hangs.
    """
    from lk_graphql import logs, settings
    from lk_graphql.app import MEASURES, build_ports, install_tracer
    from lk_graphql.ports.jobs import Monitor, run_worker
    from lk_graphql.server import monitored

    chosen = settings.read()
    chosen.require_production()
    logs.configure(sys.stdout.buffer, chosen.log_level)
    install_tracer(chosen, "lk-graphql-worker")
    monitor = Monitor(MEASURES)

    async def work() -> None:
        stop = asyncio.Event()

        def end() -> None:
            stop.set()
            signal.alarm(_STOP_SECONDS)  # its signal kills the process even if something hangs

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, end)
        ports = build_ports(chosen)
        watch = asyncio.create_task(monitor.run(stop))
        await run_worker(ports, chosen.company, dsn=chosen.direct_dsn, stop=stop)
        await watch

    with monitored(_monitoring(chosen), monitor.is_alive):
        with_models(work, connections=chosen.database_connections)


def show_settings() -> None:
    """List all settings, with their values, defaults and meanings.

    Settings are environment variables. For a secret, the list only shows whether it is set.
    """
    from lk_graphql import settings

    rows = setting_views(settings.read())
    print_table(
        ("Variable", "Value", "Default", "Meaning"),
        ((row.variable, row.value, row.default, row.description) for row in rows),
    )


@dataclass(frozen=True)
class SettingView:
    """A setting for display; the value of a secret is hidden."""

    variable: str
    value: str
    default: str
    description: str


def setting_views(chosen: "Settings") -> Iterator[SettingView]:
    """All settings, in their order."""
    from lk_graphql.settings import variable_of

    for name, field in type(chosen).model_fields.items():
        value, default = getattr(chosen, name), field.default
        yield SettingView(variable_of(name), _text(value), _text(default), field.description or "")


def _text(value: object) -> str:
    from pydantic import SecretStr

    if isinstance(value, SecretStr):
        return "(set)" if value else ""
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        return ", ".join(map(_text, items))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
