"""Reads on replicas: hot standbys of the primary, which execute the plans of queries.

    async with open_replicas(pool, dsns, size=5, ...) as replicas:
        row = await replicas.fetchrow(plan.sql, token_hash, now, *arguments)
        if row is None:                                    # the primary has to execute the plan
            row = await pool.fetchrow(plan.sql, token_hash, now, *arguments)

For each query, the primary executes one small statement. It selects the session, and the position
in PostgreSQL's log (LSN) of the session's last change. So an ended session loses access at once.

The replica's statement reads the plan's result and the proof of its freshness in one snapshot. The
proof is the session and its position on the replica, and the position up to which the replica has
replayed the log. If the sessions differ, or the replica is too far behind, the result is dropped,
and the primary executes the plan.

Every result carries its own proof, because a connection proves nothing: an address may lead to
several servers, and a replica may be promoted (decision 0270).
"""

from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple

import asyncpg
import structlog

from lk_graphql.database.connections import ReadPool, TimeLimits
from lk_graphql.kit import database_url
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.metrics import REPLICA_READS
from lk_graphql.kit.signing import hash_token
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.principal import DIGEST, Database, Principal, SelectByToken, from_plan

LIMITS = TimeLimits.within(2)
"""A replica that doesn't answer delays a request by two seconds at most."""
FAILURE_PAUSE = 5.0
"""Seconds for which a failed replica isn't used; then one request tries it again."""
LAG_PAUSE = 1.0
"""Seconds for which a replica that is too far behind isn't used."""

_GUEST = hash_token("")
_WRITTEN = "(pg_current_wal_flush_lsn() - '0/0')::bigint"
_REPLAYED = "CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END"
"""Null on a promoted replica, whose history may differ from the primary's."""
_log = structlog.get_logger(__name__)


class NotOnReplica(Exception):
    """A plan that the primary has to execute; `reason` is a label of the metric."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SessionState(NamedTuple):
    """A session as one server stores it, with the position of its last change, if any."""

    principal: Principal
    position: int | None


class Replica:
    """The pool of one address, which isn't used for a while after a failure."""

    def __init__(self, name: str, database: Database) -> None:
        self._name = name
        self._database = database
        self._pause = 0.0, ""
        self._has_failed = False

    def require_due(self) -> None:
        """Raise `NotOnReplica` during a pause.

        After a failure, the first caller after a pause starts the next pause, and may try alone.
        """
        end, reason = self._pause
        if monotonic() < end:
            raise NotOnReplica(reason)
        if self._has_failed:
            self.pause(FAILURE_PAUSE, reason)

    def pause(self, seconds: float, reason: str) -> None:
        self._pause = monotonic() + seconds, reason

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any]:
        """One row. Raises `NotOnReplica` for all errors.

        The primary then executes the statement, and raises an error of the SQL itself again.
        """
        try:
            row = await self._database.fetchrow(sql, *arguments)
        # the replay of the log has canceled the statement
        except asyncpg.TransactionRollbackError as conflict:
            raise NotOnReplica("conflict") from conflict
        except (Unavailable, asyncpg.PostgresError) as failure:
            self._log_change(has_failed=True, error=type(failure.__cause__ or failure).__name__)
            self.pause(FAILURE_PAUSE, "unavailable")
            raise NotOnReplica("unavailable") from failure
        if self._has_failed:
            self._log_change(has_failed=False)
            self.pause(0, "")
        return row or ()

    def _log_change(self, *, has_failed: bool, **details: str) -> None:
        if has_failed and not self._has_failed:
            _log.warning("replica.unavailable", server=self._name, **details)
        elif self._has_failed and not has_failed:
            _log.info("replica.available", server=self._name)
        self._has_failed = has_failed


class PositionHistory:
    """Positions of the primary in the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._positions = deque[tuple[float, int]]()

    def is_outdated(self, now: float) -> bool:
        return not self._positions or now > self._positions[-1][0] + self._seconds / 5

    def add(self, now: float, position: int) -> None:
        """Add a position that was read after `now`, unless an equally new one is present."""
        if self.is_outdated(now):
            self._positions.append((now, position))

    def oldest(self, now: float) -> int:
        """The position that a replica must have replayed to be at most `seconds` behind."""
        while len(self._positions) > 1 and self._positions[0][0] < now - self._seconds:
            self._positions.popleft()
        return self._positions[0][1]


@lru_cache(256)
def _with_proof(sql: str, proof: str) -> str:
    return f"SELECT {proof}, plan.* FROM ({sql}) AS plan"


class Replicas:
    """Executes plans of customers and guests on replicas, in turn."""

    def __init__(
        self,
        primary: Database,
        replicas: Sequence[Replica],
        session: SelectByToken,
        position: SelectByToken,
        max_lag: float,
    ) -> None:
        """Take the session SQL of plans, and `position`, the SQL of a session's position.

        A replica may be behind by `max_lag` seconds and the duration of a statement.
        """
        self._primary = primary
        self._replicas = deque(replicas)
        self._history = PositionHistory(max_lag)
        self._session_sql = (
            f"SELECT {_WRITTEN}, {position(DIGEST)}, user_id, session_id, is_read_only "
            f"FROM (SELECT) AS single_row LEFT JOIN ({session(DIGEST)}) AS viewer ON true"
        )
        self._proof = f"{_REPLAYED}, {position(DIGEST)}"

    async def fetchrow(
        self, sql: str, token_hash: bytes, now: datetime, *arguments: object
    ) -> Sequence[Any] | None:
        """The row of a plan, or None if the primary has to execute it.

        Raises `Unavailable` if the primary doesn't answer.
        """
        try:
            row = await self._fetchrow(sql, token_hash, now, arguments)
        except NotOnReplica as cause:
            REPLICA_READS.labels("primary", cause.reason).inc()
            return None
        REPLICA_READS.labels("replica", "fresh").inc()
        return row

    async def _fetchrow(
        self, sql: str, token_hash: bytes, now: datetime, arguments: Sequence[object]
    ) -> Sequence[Any]:
        session = await self._session(token_hash, now)
        proved = _with_proof(sql, self._proof)
        self._replicas.rotate()
        failure = NotOnReplica("unavailable")
        for replica in tuple(self._replicas):
            try:
                replica.require_due()
                row = await replica.fetchrow(proved, token_hash, now, *arguments)
                return self._proved(row, session, replica)
            except NotOnReplica as cause:
                failure = cause
        raise failure

    async def _session(self, token_hash: bytes, now: datetime) -> SessionState:
        """The session on the primary. For guests, the primary's position is read at intervals only.

        Raises `NotOnReplica` for staff, for read-only sessions of staff, and for ended sessions.
        """
        sampled_at = monotonic()
        if token_hash == _GUEST and not self._history.is_outdated(sampled_at):
            return SessionState(Principal(None), None)
        row = await self._primary.fetchrow(self._session_sql, token_hash, now)
        if row is None:
            raise TypeError("The session query must return exactly one row")
        written, position, user_id, session_id, is_read_only = row
        self._history.add(sampled_at, written)
        if token_hash == _GUEST:
            return SessionState(Principal(None), None)
        if user_id is None or is_read_only:
            raise NotOnReplica("no_session")
        return SessionState(Principal(Viewer(user_id, session_id, is_read_only)), position)

    def _proved(self, row: Sequence[Any], session: SessionState, replica: Replica) -> Sequence[Any]:
        """The plan's row. Raises `NotOnReplica` if it may be outdated for this session."""
        replayed, position, *plan_row = row
        if replayed is None or replayed < self._history.oldest(monotonic()):
            reason = "promoted" if replayed is None else "lag"
            replica.pause(LAG_PAUSE, reason)
            raise NotOnReplica(reason)
        if SessionState(from_plan(plan_row)[1], position) != session:
            raise NotOnReplica("own_change")
        return plan_row


@asynccontextmanager
async def open_replicas(
    primary: Database,
    dsns: Sequence[str],
    *,
    size: int,
    session: SelectByToken,
    position: SelectByToken,
    max_lag: float,
) -> AsyncGenerator[Replicas | None]:
    """Open a pool of `size` connections for each address; None without addresses.

    A replica that doesn't answer at the start is logged and tried again later.
    """
    if not dsns:
        yield None
        return
    pools = [ReadPool(dsn, size=size, limits=LIMITS, role="standby") for dsn in dsns]
    names = [database_url.parse(dsn).name for dsn in dsns]
    replicas = [Replica(name, pool) for name, pool in zip(names, pools, strict=True)]
    for replica in replicas:
        with suppress(NotOnReplica):
            await replica.fetchrow("SELECT")
    try:
        yield Replicas(primary, replicas, session, position, max_lag)
    finally:
        for pool in pools:
            await pool.close()
