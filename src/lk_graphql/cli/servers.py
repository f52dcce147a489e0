"""Checks of the servers other than the primary, for `lk check`: replicas and Valkey."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lk_graphql.cli.database import require_reachable
from lk_graphql.kit.errors import CommandError, Unavailable

if TYPE_CHECKING:
    from lk_graphql.settings import Settings

_CHECKED_KEY = "lk:budget:check"


@dataclass(frozen=True)
class ServerState:
    """The result of a server's check; only a server that `is_ready` is used."""

    name: str
    text: str
    is_ready: bool


async def server_states(chosen: "Settings") -> "AsyncIterator[ServerState]":
    """Try the servers of LK_REPLICA_URLS and LK_VALKEY_URL, one after the other."""
    for url in chosen.replica_urls:
        yield await _replica_state(chosen, url.get_secret_value())
    if url := chosen.valkey_url.get_secret_value():
        yield await _valkey_state(url)


async def _replica_state(chosen: "Settings", dsn: str) -> ServerState:
    from lk_graphql.database.standbys import require_following
    from lk_graphql.kit import database_url

    name = f"replica {database_url.parse(dsn).name}"
    try:
        await require_reachable(dsn, "LK_REPLICA_URLS", role="standby")
        seconds = await require_following(chosen.direct_dsn, dsn, within=chosen.replica_lag)
    except CommandError as fault:
        return ServerState(name, str(fault), is_ready=False)
    except Unavailable:
        return ServerState(name, "It no longer answers.", is_ready=False)
    return ServerState(name, f"It follows the primary within {seconds:.1f} s.", is_ready=True)


async def _valkey_state(url: str) -> ServerState:
    """Whether Valkey answers, accepts the credentials, and permits the commands for budgets."""
    from lk_graphql.ports.valkey import ANSWER_SECONDS, ValkeyBudgets

    store = ValkeyBudgets(url)
    try:
        await store.charge([(_CHECKED_KEY, 1)])
    except Unavailable as outage:
        reason = str(outage.__cause__) or f"no answer within {ANSWER_SECONDS:g} s"
        return ServerState("Valkey", f"It can't be used: {reason}", is_ready=False)
    finally:
        await store.close()
    return ServerState("Valkey", "It answers.", is_ready=True)
