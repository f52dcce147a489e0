"""argon2id, in threads of its own: a hash takes tens of milliseconds and megabytes."""

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from lk_graphql.kit.emails import Email
from lk_graphql.kit.password_rules import MAX_LENGTH, PasswordRule, broken_rules


@dataclass(frozen=True)
class HashCost:
    """How dear a hash is. The default is OWASP's minimum (`docs/decisions/0031`)."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


class Passwords:
    """Hashes and verifies, at most `at_once` at a time; the rest wait their turn.

    A pool of threads rather than a semaphore before the common pool: a thread goes on when the
    request that asked has been cancelled, and a semaphore would be free by then.
    """

    def __init__(
        self, cost: HashCost | None = None, *, strict: bool = False, at_once: int = 2
    ) -> None:
        """`strict`: new ones may consist of Latin letters and digits only (LK_PASSWORD_STRICT)."""
        cost = cost or HashCost()
        self.strict = strict
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes
        )
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        # ready before a first password can be verified; the start doesn't wait for it
        self._nobody = self._threads.submit(self._hash, secrets.token_urlsafe())

    def broken_rules(self, password: str, email: Email | None = None) -> list[PasswordRule]:
        """What a new password breaks; see `kit.password_rules`."""
        return broken_rules(password, email, strict=self.strict)

    async def hash(self, password: str) -> str:
        """For one that keeps the rules: a longer one than they allow could never be verified."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hash, password)

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether `kept` is the hash of `password`.

        None, for an unknown customer, costs the same and is never true. Raises argon2's
        `InvalidHashError` when `kept` is no hash at all.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._verify, kept, password
        )

    def needs_rehash(self, kept: str) -> bool:
        """Whether `kept` was made at another cost: hash anew while the password is at hand."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def _verify(self, kept: str | None, password: str) -> bool:
        known = kept if len(password) <= MAX_LENGTH else None
        try:
            self._hasher.verify(known or self._nobody.result(), _normal(password[:MAX_LENGTH]))
        except VerifyMismatchError:
            return False
        return known is not None


def _normal(password: str) -> bytes:
    """A phone and a computer may spell the same `é` or `й` in different code points."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
