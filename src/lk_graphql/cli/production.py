"""`lk serve`, `lk worker` and `lk settings`."""

import asyncio
import signal
import sys

from lk_graphql.cli.database import with_models
from lk_graphql.cli.documents import require_documents
from lk_graphql.cli.listener import require_free_port
from lk_graphql.cli.terminal import print_table
from lk_graphql.kit.errors import CommandError


def serve() -> None:
    """Serve customers.

    Needs LK_DATABASE_URL (migrated, with `lk documents` published), LK_SMTP_URL, LK_SECRET_KEY
    and LK_PUBLIC_URL; `lk settings` shows all there is to choose. Beside it runs at least one
    `lk worker`. Stops on SIGTERM or Ctrl-C, when the open requests are answered.
    """
    from lk_graphql import server, settings

    chosen = settings.read()
    chosen.require_production()
    with_models(lambda: require_documents(has_sms=bool(chosen.smsc_login)))
    require_free_port(chosen.host, chosen.port)
    listener = server.ServerOptions(
        chosen.host, chosen.port, chosen.workers, chosen.request_head_timeout
    )
    if not server.run("lk_graphql.app:from_environment", listener):
        raise CommandError("The server didn't start; its log says why.")


def worker() -> None:
    """Do the background jobs of `lk serve`: mails and the like. Several may run side by side.

    Needs the same settings. Stops on SIGTERM or Ctrl-C; running jobs get twenty seconds to end.
    """
    from lk_graphql import logs, settings
    from lk_graphql.app import build_ports
    from lk_graphql.ports.jobs import run_worker

    chosen = settings.read()
    chosen.require_production()
    logs.configure(sys.stdout.buffer, chosen.log_level)

    async def work() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        outside = build_ports(chosen)
        dsn = chosen.database_url.get_secret_value()
        await run_worker(outside, chosen.company, dsn=dsn, stop=stop)

    with_models(work, connections=chosen.database_connections)


def show_settings() -> None:
    """Show all settings: what they are now, their defaults, what they mean.

    Each is a variable of the environment. Secrets are shown as set or not.
    """
    from lk_graphql import settings

    rows = settings.setting_views(settings.read())
    print_table(
        ("Variable", "Value", "Default", "Meaning"),
        ((row.variable, row.value, row.default, row.description) for row in rows),
    )
