"""Checks of the servers other than the primary, for `lk check`: replicas and Valkey."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from lk_graphql.cli.database import require_reachable
from lk_graphql.kit.errors import CommandError, Unavailable

if TYPE_CHECKING:
    from lk_graphql.settings import Settings

_CHECKED_KEY = "lk:budget:check"
_LIMIT_SECONDS = 5
_PAUSE = 0.02
_CLUSTER = "SELECT system_identifier FROM pg_control_system()"
_DATABASE = "SELECT current_database()"
_WRITTEN = "SELECT pg_current_wal_flush_lsn()"
_HAS_REPLAYED = "SELECT pg_last_wal_replay_lsn() >= $1"
_STATE = """
SELECT pg_size_pretty(pg_wal_lsn_diff($1, pg_last_wal_replay_lsn())) AS behind,
  pg_get_wal_replay_pause_state() <> 'not paused' AS is_paused,
  EXISTS (SELECT FROM pg_stat_wal_receiver) AS is_connected
"""


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
    from lk_graphql.kit import database_url

    name = f"replica {database_url.parse(dsn).name}"
    try:
        await require_reachable(dsn, "LK_REPLICA_URLS", role="standby")
        seconds = await _require_following(chosen.direct_dsn, dsn, within=chosen.replica_lag)
    except CommandError as fault:
        return ServerState(name, str(fault), is_ready=False)
    except Unavailable:
        return ServerState(name, "It no longer answers.", is_ready=False)
    return ServerState(name, f"It follows the primary within {seconds:.1f} s.", is_ready=True)


async def _require_following(primary: str, replica: str, *, within: float) -> float:
    """Measure the seconds that a standby needs to replay the primary's log up to now.

    This measure of the lag doesn't depend on clocks, and a standby of an idle primary isn't behind.
    Raises `CommandError` if the standby needs more than `within` seconds, or isn't a standby of
    this primary.
    """
    from lk_graphql.database.connections import TimeLimits, connect

    limits = TimeLimits(connection=_LIMIT_SECONDS, answer=_LIMIT_SECONDS).connect_arguments()
    one = await connect(primary, **limits)
    try:
        other = await connect(replica, role="standby", **limits)
        try:
            await _require_same_database(one, other)
            return await _seconds_behind(one, other, within)
        finally:
            other.terminate()
    finally:
        one.terminate()


async def _require_same_database(primary: Any, standby: Any) -> None:
    if await primary.fetchval(_CLUSTER) != await standby.fetchval(_CLUSTER):
        raise CommandError("It is not a standby of the primary at LK_DATABASE_URL.")
    expected, name = [await each.fetchval(_DATABASE) for each in (primary, standby)]
    if name != expected:
        raise CommandError(f"It leads to the database {name}, LK_DATABASE_URL to {expected}.")


async def _seconds_behind(primary: Any, standby: Any, within: float) -> float:
    position, began = await primary.fetchval(_WRITTEN), monotonic()
    while not await standby.fetchval(_HAS_REPLAYED, position):
        if monotonic() > began + within:
            raise CommandError(_reason(await standby.fetchrow(_STATE, position), within))
        await asyncio.sleep(_PAUSE)
    return monotonic() - began


def _reason(state: Any, within: float) -> str:
    if state["is_paused"]:
        cause = "its replay is paused (SELECT pg_wal_replay_resume())"
    elif not state["is_connected"]:
        cause = "it isn't connected to the primary (see its log)"
    else:
        cause = "it replays too slowly (pg_stat_replication on the primary has more)"
    return f"It is {state['behind']} and more than {within:g} s behind: {cause}."


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
