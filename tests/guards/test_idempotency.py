"""Idempotency: a repeated request runs once and returns the first outcome."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from lk_graphql.guards.idempotency import (
    RETENTION,
    IdempotencyConflict,
    IdempotencyKeyInvalid,
    IdempotentRequest,
    Json,
    run_once,
)
from lk_graphql.identity.models import Attempts, IdempotentCall
from lk_graphql.identity.service import cleanup
from lk_graphql.kit.errors import FormErrors, Refusal, Refusals
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import given_user

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
REQUEST = IdempotentRequest("thingDo", "key-1", {"amount": "10.00"})


class Code(StrEnum):
    """The codes of a slice with idempotency keys."""

    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    IDEMPOTENCY_KEY_INVALID = "IDEMPOTENCY_KEY_INVALID"
    TOO_MUCH = "TOO_MUCH"


class TooMuch(Refusal):
    code = Code.TOO_MUCH
    ru = "Не больше {most}, а вы {{просите}} больше."
    en = "At most {most}, and you {{ask}} for more."


async def run(
    viewer: Viewer, request: IdempotentRequest = REQUEST, refusal: Exception | None = None
) -> tuple[Json, bool]:
    """Run an action that creates a row; return its outcome, and whether it was executed."""
    executions: list[bool] = []

    async def action() -> Json:
        executions.append(True)
        number = await Attempts.all().count()
        await asyncio.sleep(0.005)
        await Attempts.create(key=f"done {number}", moments=[NOW], forget_at=NOW + RETENTION * 9)
        if refusal:
            raise refusal
        return [f"done {number}", {"at": number}]

    return await run_once(viewer, request, action, now=NOW), bool(executions)


async def test_a_repeat_does_nothing_and_gives_the_first_outcome(database: str):
    anna = await given_user("anna@example.com")

    assert await run(anna) == (["done 0", {"at": 0}], True)
    assert await run(anna) == (["done 0", {"at": 0}], False)
    assert await Attempts.all().count() == 1


async def test_twenty_simultaneous_calls_with_one_key_run_once(database: str):
    anna = await given_user("anna@example.com")

    answers = await asyncio.gather(*(run(anna) for _ in range(20)))

    assert [outcome for outcome, _ in answers] == [["done 0", {"at": 0}]] * 20
    assert sum(executions for _, executions in answers) == 1
    assert await Attempts.all().count() == 1


async def test_a_key_is_one_person_s_and_one_mutation_s(database: str):
    anna, boris = await given_user("anna@example.com"), await given_user("boris@example.com")
    await run(anna)

    assert (await run(boris))[1]
    assert (await run(anna, IdempotentRequest("otherDo", REQUEST.key, REQUEST.body)))[1]
    assert (await run(anna, IdempotentRequest(REQUEST.mutation, "key-2", REQUEST.body)))[1]
    assert await Attempts.all().count() == 4


async def test_the_same_key_for_something_else_is_a_conflict(database: str):
    anna = await given_user("anna@example.com")
    await run(anna)

    with pytest.raises(IdempotencyConflict) as error:
        await run(anna, IdempotentRequest(REQUEST.mutation, REQUEST.key, {"amount": "10.01"}))

    assert error.value.code == Code.IDEMPOTENCY_CONFLICT
    assert error.value.path == ("idempotencyKey",)
    assert await Attempts.all().count() == 1


@pytest.mark.parametrize("key", ["", "x" * 101, "ключ", "a\nb"])
async def test_a_key_is_short_and_printable(database: str, key: str):
    anna = await given_user("anna@example.com")

    with pytest.raises(IdempotencyKeyInvalid) as error:
        await run(anna, IdempotentRequest("thingDo", key, None))

    assert error.value.code == Code.IDEMPOTENCY_KEY_INVALID
    assert await IdempotentCall.all().count() == 0


async def test_a_refusal_rolls_back_and_is_repeated_with_the_same_text(database: str):
    anna = await given_user("anna@example.com")
    for _ in range(2):
        with pytest.raises(Refusals) as error:
            await run(anna, refusal=TooMuch("amount", "value", most=5))
        (stored,) = error.value.refusals
        assert stored.code == Code.TOO_MUCH
        assert stored.path == ("amount", "value")
        assert stored.text(Language.RU) == "Не больше 5, а вы {просите} больше."
        assert stored.text(Language.EN) == "At most 5, and you {ask} for more."

    assert await Attempts.all().count() == 0


async def test_all_refusals_of_a_form_are_repeated(database: str):
    anna, form = await given_user("anna@example.com"), FormErrors()
    for field in ("first", "second"):
        with form.field(field):
            raise TooMuch(most=5)
    for _ in range(2):
        with pytest.raises(Refusals) as error:
            await run(anna, refusal=Refusals(form.refusals))
        assert [stored.path for stored in error.value.refusals] == [("first",), ("second",)]


async def test_a_bug_keeps_nothing_so_that_a_repeat_may_succeed(database: str):
    anna = await given_user("anna@example.com")
    with pytest.raises(ZeroDivisionError):
        await run(anna, refusal=ZeroDivisionError())
    assert await IdempotentCall.all().count() == await Attempts.all().count() == 0

    assert await run(anna) == (["done 0", {"at": 0}], True)


async def test_outcomes_are_stored_for_ninety_days(database: str):
    anna = await given_user("anna@example.com")
    await run(anna)
    await cleanup.delete_expired(now=NOW + timedelta(days=90))
    assert not (await run(anna))[1]

    await cleanup.delete_expired(now=NOW + timedelta(days=90, seconds=1))
    assert (await run(anna))[1]


@dataclass
class Body:
    """A body with values of the types that use cases take."""

    day: date
    value: Decimal
    code: Code


@pytest.mark.parametrize(
    "changed",
    [{"day": date(2026, 11, 23)}, {"value": Decimal("1.01")}, {"code": Code.IDEMPOTENCY_CONFLICT}],
)
def test_any_change_of_the_body_is_another_body(changed: dict[str, Any]):
    values: dict[str, Any] = {
        "day": date(2026, 11, 22), "value": Decimal("1.0"), "code": Code.TOO_MUCH,
    }  # fmt: skip
    first, other = Body(**values), Body(**values | changed)

    assert (
        IdempotentRequest("m", "k", first).body_hash
        == IdempotentRequest("m", "k", Body(**values)).body_hash
    )
    assert (
        IdempotentRequest("m", "k", first).body_hash != IdempotentRequest("m", "k", other).body_hash
    )
