"""Password hashing by argon2id, in dedicated threads: it takes tens of milliseconds."""

import asyncio
import os
import secrets
import sys
import threading
import unicodedata
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.metrics import PASSWORDS_WAITING
from lk_graphql.kit.password_rules import MAX_LENGTH, PasswordRule, broken_rules

NICE = 5
"""The nice value of the threads relative to the event loop, which serves all other requests: beside
two of them, the loop gets at least 60 % of a core."""
T = TypeVar("T")


@dataclass(frozen=True)
class HashCost:
    """The cost of a hash. The default is OWASP's minimum (`docs/decisions/0031`)."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


class Passwords:
    """Hashes and verifies passwords, at most `at_once` at a time and `waiting` in all.

    Callers hold no database connection meanwhile. `hash` and `verify` raise `Unavailable` if too
    many are waiting, or for longer than `seconds`.

    A pool of threads and not a semaphore before the common pool: a cancelled request would
    release the semaphore while its thread is still hashing.
    """

    def __init__(
        self,
        cost: HashCost | None = None,
        *,
        strict: bool = False,
        company_words: Collection[str] = (),
        at_once: int = 2,
        waiting: int = 32,
        seconds: float = 3,
    ) -> None:
        """`strict`: new ones may consist of Latin letters and digits only (LK_PASSWORD_STRICT).

        New ones don't contain `company_words`; see `kit.password_rules`.
        """
        cost = cost or HashCost()
        self.strict = strict
        self._company_words = company_words
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes
        )
        self._threads = ThreadPoolExecutor(at_once, "argon2", initializer=_lower_priority)
        self._waiting, self._seconds = waiting, seconds
        self._under_way = 0
        # computed in a thread, so that the start does not wait for it
        self._dummy_hash = self._threads.submit(self._hash, secrets.token_urlsafe())

    def broken_rules(self, password: str, email: Email | None = None) -> list[PasswordRule]:
        """The rules that a new password breaks; see `kit.password_rules`."""
        return broken_rules(password, email, strict=self.strict, company_words=self._company_words)

    def require_capacity(self) -> None:
        """Raises `Unavailable` if `verify` would; call it before an attempt is counted."""
        if self._under_way >= self._waiting:
            raise Unavailable("passwords")

    async def hash(self, password: str) -> str:
        """Hash a password that follows the rules; `verify` rejects longer passwords."""
        return await self._run(lambda: self._hash(password))

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Whether `hashed` is the hash of `password`.

        None, for an unknown customer, takes the same time and is never true. Raises argon2's
        `InvalidHashError` when `hashed` is no hash.
        """
        return await self._run(lambda: self._verify(hashed, password))

    def needs_rehash(self, hashed: str) -> bool:
        """Whether `hashed` has another cost, and should be replaced at the next sign-in."""
        return self._hasher.check_needs_rehash(hashed)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        self.require_capacity()
        self._under_way += 1
        PASSWORDS_WAITING.inc()
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except TimeoutError:
            raise Unavailable("passwords") from None
        finally:
            self._under_way -= 1
            PASSWORDS_WAITING.dec()

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def _verify(self, hashed: str | None, password: str) -> bool:
        expected = hashed if len(password) <= MAX_LENGTH else None
        try:
            self._hasher.verify(
                expected or self._dummy_hash.result(), _normal(password[:MAX_LENGTH])
            )
        except VerifyMismatchError:
            return False
        return expected is not None


def _lower_priority() -> None:
    """Lower the thread's priority; only Linux has a nice value for each thread."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        nice = os.getpriority(os.PRIO_PROCESS, thread) + NICE
        os.setpriority(os.PRIO_PROCESS, thread, nice)


def _normal(password: str) -> bytes:
    """Normalize, because devices encode `é` or `й` in different code points."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
