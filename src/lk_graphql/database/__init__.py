"""The database: Tortoise's configuration, opening and closing."""

from importlib.util import find_spec
from typing import Any

from tortoise import Tortoise

from lk_graphql.database import engine
from lk_graphql.database.connections import TimeLimits
from lk_graphql.kit.database_url import Pooling

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
    "import_formats",
    "exchange",
    "rules",
    "staff",
    "backoffice",
)
"""The slices; each depends only on those before it."""
APP = "models"  # Tortoise's app, part of string foreign keys and of the migrations' path


def models() -> list[str]:
    """Names of the slices' modules with models."""
    names = (f"lk_graphql.{name}.models" for name in SLICES)
    return [module for module in names if find_spec(module)]


NO_LIMITS = TimeLimits()


def tortoise_config(
    dsn: str,
    *,
    pool_size: int = 5,
    limits: TimeLimits = NO_LIMITS,
    pooling: Pooling = Pooling.NONE,
    migrates: bool = True,
) -> dict[str, Any]:
    """Tortoise's configuration for a PostgreSQL address, `postgresql://user:password@host/name`.

    The engine passes the address on unchanged. `migrates` adds aerich's model of the migrations
    table; its import loads all of aerich.
    """
    credentials: dict[str, Any] = {
        "dsn": dsn,
        "maxsize": pool_size,
        "limits": limits,
        "pooling": pooling,
        **limits.connect_arguments(),
    }
    tables = [*models(), *(["aerich.models"] if migrates else [])]
    return {
        "connections": {"default": {"engine": engine.__name__, "credentials": credentials}},
        "apps": {APP: {"models": tables, "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def open_models(
    dsn: str,
    *,
    pool_size: int = 5,
    limits: TimeLimits = NO_LIMITS,
    pooling: Pooling = Pooling.NONE,
) -> None:
    """Open Tortoise. Callers of services must call `lk_graphql.hooks.load_hooks` first."""
    config = tortoise_config(
        dsn, pool_size=pool_size, limits=limits, pooling=pooling, migrates=False
    )
    # Tortoise's context is per task, and requests run in other tasks than the lifespan
    await Tortoise.init(config=config, _enable_global_fallback=True)


async def close_models() -> None:
    await Tortoise.close_connections()
