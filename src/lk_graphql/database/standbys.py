"""Checks that a replica's address leads to a standby of the primary, and that it keeps up."""

import asyncio
from time import monotonic
from typing import Any

from lk_graphql.database.connections import TimeLimits, connect
from lk_graphql.kit.errors import CommandError

_LIMITS = TimeLimits(connection=5, answer=5)
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


async def require_following(primary: str, replica: str, *, within: float) -> float:
    """Measure the seconds that a standby needs to replay the primary's log up to now.

    This measure of the lag doesn't depend on clocks, and a standby of an idle primary isn't behind.
    Raises `CommandError` if the standby needs more than `within` seconds, or isn't a standby of
    this primary.
    """
    one = await connect(primary, **_LIMITS.connect_arguments())
    try:
        other = await connect(replica, role="standby", **_LIMITS.connect_arguments())
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
