"""The database: its models, connections, SQL and migrations."""

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tortoise import Tortoise

from lk_graphql.database import engine

if TYPE_CHECKING:
    pass

SLICES = (
    "identity",
    "profile",
    "uploads",
    "accounts",
    "notifications",
    "metering",
    "billing",
    "payments",
    "appeals",
    "contracts",
    "exchange",
    "staff",
    "backoffice",
)
"""Each knows only those before it."""
APP = "models"  # the name that aerich and string foreign keys use


def models() -> list[str]:
    named = (f"lk_graphql.{name}.models" for name in SLICES)
    return [module for module in named if find_spec(module)]


def tortoise_config(dsn: str, *, pool_size: int = 5, migrates: bool = True) -> dict[str, Any]:
    """Tortoise's configuration for a PostgreSQL address, `postgresql://user:password@host/name`.

    A Unix socket is written the way libpq does it: `postgresql://user@/name?host=/folder`.
    Who `migrates` needs the table of migrations, too: its model brings all of aerich.
    """
    address = urlsplit(dsn)
    options = dict(parse_qsl(address.query))
    credentials: dict[str, Any] = {
        "host": options.pop("host", None) or address.hostname,
        "port": int(options.pop("port", 0) or address.port or 5432),
        "user": unquote(address.username or "postgres"),
        "password": unquote(address.password or "") or None,
        "database": address.path.removeprefix("/"),
        "connection_class": engine.NoResetConnection,
        "minsize": 1,
        "maxsize": pool_size,
        "ssl": options.pop("sslmode", None),
    }
    tables = [*models(), *(["aerich.models"] if migrates else [])]
    return {
        "connections": {"default": {"engine": engine.__name__, "credentials": credentials}},
        "apps": {APP: {"models": tables, "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def __getattr__(name: str) -> Any:
    """`lk_graphql.database.TORTOISE_ORM`, for whoever runs aerich's own command."""
    if name != "TORTOISE_ORM":
        raise AttributeError(name)
    settings = importlib.import_module("lk_graphql.settings")
    return tortoise_config(settings.Settings().database_url.get_secret_value())


async def open_models(dsn: str, *, pool_size: int = 5) -> None:
    """Open Tortoise. Who calls services calls `lk_graphql.hooks.load_hooks` before."""
    config = tortoise_config(dsn, pool_size=pool_size, migrates=False)
    # requests run in other tasks than the server's lifespan: all must see the models
    await Tortoise.init(config=config, _enable_global_fallback=True)


async def close_models() -> None:
    await Tortoise.close_connections()
