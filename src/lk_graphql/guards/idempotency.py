"""Idempotency keys: a repeated mutation runs once and returns its first outcome.

    request = IdempotentRequest("paymentStart", key, body)
    outcome = await run_once(viewer, request, reserve, now=now)

A key belongs to one viewer and one mutation. The outcome of its first use, a result or refusals, is
stored for `RETENTION`, and returned for each repetition. The same key with another body is refused.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.guards.rate_limits import Attempt, RateLimitExceeded
from lk_graphql.kit.errors import Refusal, Refusals, refusals_of
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Viewer

_PATH = "idempotencyKey"


class IdempotencyConflict(Refusal):
    """The key has been used with another body."""

    code = "IDEMPOTENCY_CONFLICT"
    ru = "Этот ключ уже использован для другого запроса. Повторите действие с новым ключом."
    en = "This key has been used for another request. Please repeat it with a new key."

    def __init__(self) -> None:
        super().__init__(_PATH)


class IdempotencyKeyInvalid(Refusal):
    code = "IDEMPOTENCY_KEY_INVALID"
    ru = "Ключ повторного запроса — от 1 до {longest} печатных символов ASCII."
    en = "An idempotency key has 1 to {longest} printable ASCII characters."

    def __init__(self) -> None:
        super().__init__(_PATH, longest=MAX_KEY_LENGTH)


class StoredRefusal(Refusal):
    """A refusal of the first use, with its original texts."""

    def __init__(self, code: str, path: Sequence[str], texts: Mapping[str, str]) -> None:
        self.code = code
        self._texts = texts
        super().__init__(*path)

    def text(self, language: Language) -> str:
        return self._texts[language.code]


RETENTION = timedelta(days=90)
MAX_KEY_LENGTH = 100

# SQL instead of `get_or_create` and `save`: one statement for each step.
_CLAIM = """
INSERT INTO idempotent_call (id, user_id, mutation, key, body_hash, happened_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id"""
_STORE_OUTCOME = "UPDATE idempotent_call SET outcome = $2::jsonb WHERE id = $1"
_STORE_REFUSALS = """
INSERT INTO idempotent_call (id, user_id, mutation, key, body_hash, happened_at, refusals)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb) ON CONFLICT DO NOTHING RETURNING id"""
_SELECT_FIRST = """
SELECT body_hash, outcome, refusals FROM idempotent_call
WHERE user_id = $1 AND mutation = $2 AND key = $3"""

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True)
class IdempotentRequest:
    """The mutation to run once; `body` holds its whole input except the key.

    The body may contain dataclasses, enums, dates, UUIDs and decimals.
    """

    mutation: str
    key: str
    body: object

    @property
    def body_hash(self) -> bytes:
        return sha256(orjson.dumps(self.body, option=orjson.OPT_SORT_KEYS, default=str)).digest()


async def run_once(
    viewer: Viewer,
    request: IdempotentRequest,
    action: Callable[[], Awaitable[Json]],
    *,
    now: datetime,
    attempt: Attempt | None = None,
) -> Json:
    """Run `action` and store its outcome, or return the outcome of the key's first use.

    The action runs in one transaction. A concurrent repeat waits for the end of this transaction,
    so the action must not call other systems. It should return keys of rows, which each repeat
    reads anew. A refusal rolls the action back and is stored, unless a concurrent repeat has stored
    an outcome first; other exceptions store nothing.

    An `attempt` is counted together with the outcome, which may be a refusal. So a repeat never
    exceeds the limit, and other exceptions count nothing. A refusal by the limit is not stored,
    because the same call may succeed after the wait.

    Raises `IdempotencyConflict`, `IdempotencyKeyInvalid`, and the refusals of action and limit.
    """
    if not is_valid_key(request.key):
        raise IdempotencyKeyInvalid
    call = (new_key(), viewer.id, request.mutation, request.key, request.body_hash, now)
    try:
        async with in_transaction():
            if await raw_sql.fetch(_CLAIM, *call):
                if attempt:
                    await attempt.count()
                outcome = await action()
                await raw_sql.fetch(_STORE_OUTCOME, call[0], _json(outcome))
                return outcome
    except RateLimitExceeded:
        raise
    except (Refusal, Refusals) as error:
        await _store_refusals(call, refusals_of(error), attempt)
    return await _stored_outcome(viewer, request)


async def _store_refusals(
    call: Sequence[object], refusals: Sequence[Refusal], attempt: Attempt | None
) -> None:
    """Store the refusals, and count the attempt again, because the rollback has undone the count.

    Raises the refusal of the limit if concurrent attempts have exhausted it meanwhile.
    """
    async with in_transaction():
        stored = _json([dump_refusal(refusal) for refusal in refusals])
        if await raw_sql.fetch(_STORE_REFUSALS, *call, stored) and attempt:
            await attempt.count()


async def _stored_outcome(viewer: Viewer, request: IdempotentRequest) -> Json:
    """The outcome of the key's first use. Raises its refusals and `IdempotencyConflict`."""
    (first,) = await raw_sql.fetch(_SELECT_FIRST, viewer.id, request.mutation, request.key)
    if first["body_hash"] != request.body_hash:
        raise IdempotencyConflict
    if first["refusals"] is not None:
        stored = orjson.loads(first["refusals"])
        raise Refusals([load_refusal(refusal) for refusal in stored])
    return orjson.loads(first["outcome"])


def _json(value: Json) -> str:
    return orjson.dumps(value).decode()


def dump_refusal(refusal: Refusal) -> dict[str, Any]:
    """A refusal as JSON, with its texts in both languages."""
    texts = {language.code: refusal.text(language) for language in Language}
    return {"code": refusal.code, "path": list(refusal.path), "texts": texts}


def load_refusal(refusal: Mapping[str, Any]) -> Refusal:
    """The refusal of `dump_refusal`'s JSON."""
    return StoredRefusal(refusal["code"], refusal["path"], refusal["texts"])


def is_valid_key(key: str) -> bool:
    """Whether a key has 1 to `MAX_KEY_LENGTH` printable ASCII characters."""
    return 1 <= len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()
