"""Budgets in Valkey or Redis.

A budget is a key that expires when the budget is full: its time to live is all that is stored. So
nothing has to be cleaned up, and the policy `volatile-ttl`, which evicts the keys with the shortest
time to live, drops the budgets that are nearly full.

Imported only if `LK_VALKEY_URL` is set.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from lk_graphql.kit.errors import Unavailable

ANSWER_SECONDS = 1.0
"""Seconds for a call, including the connection; no request waits for it."""
_CHARGE = """
local times = {}
for number, key in ipairs(KEYS) do
    local time = math.max(redis.call('PTTL', key), 0) + tonumber(ARGV[number])
    if time > 0 then
        redis.call('SET', key, '', 'PX', time)
    end
    times[number] = time
end
return times
"""


class ValkeyBudgets:
    """A `BudgetStore`, connected at the first call."""

    def __init__(self, url: str) -> None:
        """`url` is redis://, rediss:// (TLS) or unix://, or the same with valkey."""
        address = f"redis{url.removeprefix('valkey')}" if url.startswith("valkey") else url
        # from_url's arguments have no types
        self._client: Redis = cast("Any", Redis).from_url(
            address,
            # an idle connection that the other side has closed is noticed at the next call
            retry=Retry(NoBackoff(), 1, supported_errors=(NotConnected,)),
            # its own time-out, by `asyncio.wait_for`, loses cancellations before Python 3.12
            socket_timeout=None,
        )
        self._charge = self._client.register_script(_CHARGE)

    async def charge(self, charges: Sequence[tuple[str, int]]) -> Sequence[int]:
        keys, times = [key for key, _ in charges], [time for _, time in charges]
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return cast("list[int]", await self._charge(keys, times))
        except (RedisError, OSError) as error:  # TimeoutError is one of the latter
            raise Unavailable("valkey") from error

    async def close(self) -> None:
        await self._client.aclose()
