"""What is sent twice is done once, and its sender learns the same both times."""

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
DEMAND = IdempotentRequest("thingDo", "key-1", {"amount": "10.00"})


class Code(StrEnum):
    """As a slice that takes keys has them."""

    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    IDEMPOTENCY_KEY_INVALID = "IDEMPOTENCY_KEY_INVALID"
    TOO_MUCH = "TOO_MUCH"


class TooMuch(Refusal):
    code = Code.TOO_MUCH
    ru = "Не больше {most}, а вы {{просите}} больше."
    en = "At most {most}, and you {{ask}} for more."


async def do(
    viewer: Viewer, demand: IdempotentRequest = DEMAND, refusal: Exception | None = None
) -> tuple[Json, bool]:
    """Leave a row and answer its key; or leave a row, and then refuse. And whether it was run."""
    ran: list[bool] = []

    async def act() -> Json:
        ran.append(True)
        number = await Attempts.all().count()
        await asyncio.sleep(0.005)
        await Attempts.create(key=f"done {number}", moments=[NOW], forget_at=NOW + RETENTION * 9)
        if refusal:
            raise refusal
        return [f"done {number}", {"at": number}]

    return await run_once(viewer, demand, act, codes=Code, now=NOW), bool(ran)


async def test_a_repeat_does_nothing_and_gives_the_first_outcome(database: str):
    anna = await given_user("anna@example.com")

    assert await do(anna) == (["done 0", {"at": 0}], True)
    assert await do(anna) == (["done 0", {"at": 0}], False)
    assert await Attempts.all().count() == 1


async def test_twenty_at_once_do_it_once(database: str):
    anna = await given_user("anna@example.com")

    answers = await asyncio.gather(*(do(anna) for _ in range(20)))

    assert [outcome for outcome, _ in answers] == [["done 0", {"at": 0}]] * 20
    assert sum(ran for _, ran in answers) == 1
    assert await Attempts.all().count() == 1


async def test_a_key_is_one_person_s_and_one_mutation_s(database: str):
    anna, boris = await given_user("anna@example.com"), await given_user("boris@example.com")
    await do(anna)

    assert (await do(boris))[1]
    assert (await do(anna, IdempotentRequest("otherDo", DEMAND.key, DEMAND.body)))[1]
    assert (await do(anna, IdempotentRequest(DEMAND.mutation, "key-2", DEMAND.body)))[1]
    assert await Attempts.all().count() == 4


async def test_the_same_key_for_something_else_is_a_conflict(database: str):
    anna = await given_user("anna@example.com")
    await do(anna)

    with pytest.raises(IdempotencyConflict) as refused:
        await do(anna, IdempotentRequest(DEMAND.mutation, DEMAND.key, {"amount": "10.01"}))

    assert refused.value.code is Code.IDEMPOTENCY_CONFLICT
    assert refused.value.path == ("idempotencyKey",)
    assert await Attempts.all().count() == 1


@pytest.mark.parametrize("key", ["", "x" * 101, "ключ", "a\nb"])
async def test_a_key_is_short_and_printable(database: str, key: str):
    anna = await given_user("anna@example.com")

    with pytest.raises(IdempotencyKeyInvalid) as refused:
        await do(anna, IdempotentRequest("thingDo", key, None))

    assert refused.value.code is Code.IDEMPOTENCY_KEY_INVALID
    assert await IdempotentCall.all().count() == 0


async def test_a_refusal_undoes_all_and_is_told_again_word_for_word(database: str):
    anna = await given_user("anna@example.com")
    for _ in range(2):
        with pytest.raises(Refusals) as refused:
            await do(anna, refusal=TooMuch("amount", "value", most=5))
        (one,) = refused.value.refusals
        assert one.code is Code.TOO_MUCH
        assert one.path == ("amount", "value")
        assert one.text(Language.RU) == "Не больше 5, а вы {просите} больше."
        assert one.text(Language.EN) == "At most 5, and you {ask} for more."

    assert await Attempts.all().count() == 0


async def test_all_refusals_of_a_form_are_told_again(database: str):
    anna, form = await given_user("anna@example.com"), FormErrors()
    for field in ("first", "second"):
        with form.field(field):
            raise TooMuch(most=5)
    for _ in range(2):
        with pytest.raises(Refusals) as refused:
            await do(anna, refusal=Refusals(form.found))
        assert [one.path for one in refused.value.refusals] == [("first",), ("second",)]


async def test_a_bug_keeps_nothing_so_that_a_repeat_may_succeed(database: str):
    anna = await given_user("anna@example.com")
    with pytest.raises(ZeroDivisionError):
        await do(anna, refusal=ZeroDivisionError())
    assert await IdempotentCall.all().count() == await Attempts.all().count() == 0

    assert await do(anna) == (["done 0", {"at": 0}], True)


async def test_outcomes_are_kept_for_ninety_days(database: str):
    anna = await given_user("anna@example.com")
    await do(anna)
    await cleanup.sweep(now=NOW + timedelta(days=90))
    assert not (await do(anna))[1]

    await cleanup.sweep(now=NOW + timedelta(days=90, seconds=1))
    assert (await do(anna))[1]


@dataclass
class Asked:
    """A body with all that use cases are asked with."""

    day: date
    value: Decimal
    code: Code


@pytest.mark.parametrize(
    "changed",
    [{"day": date(2026, 11, 23)}, {"value": Decimal("1.01")}, {"code": Code.IDEMPOTENCY_CONFLICT}],
)
def test_any_change_of_the_body_is_another_body(changed: dict[str, Any]):
    given: dict[str, Any] = {
        "day": date(2026, 11, 22), "value": Decimal("1.0"), "code": Code.TOO_MUCH,
    }  # fmt: skip
    first, other = Asked(**given), Asked(**given | changed)

    assert (
        IdempotentRequest("m", "k", first).body_hash
        == IdempotentRequest("m", "k", Asked(**given)).body_hash
    )
    assert (
        IdempotentRequest("m", "k", first).body_hash != IdempotentRequest("m", "k", other).body_hash
    )
