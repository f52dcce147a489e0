"""GraphQL over HTTP, as clients of today and of yesterday speak it."""

from datetime import datetime
from typing import Any

import pytest
from conftest import TOKEN, MakeSite, Site

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def test_answers_by_a_plan_and_tells_the_cost(site: Site):
    response = await site.post("{ viewer { email } }", token=TOKEN)

    answer = response.json()
    cost = answer["extensions"].pop("cost")
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert answer == {"data": {"viewer": {"email": "dozor@example.com"}}, "extensions": {}}
    assert (cost["requested"], cost["limit"], cost["remaining"]) == (1, 10_000, 9_999)
    assert datetime.fromisoformat(cost["resetAt"]).tzinfo is not None


async def test_a_guest_is_nobody(site: Site):
    answer = await site.ask("{ viewer { email } }")
    assert answer["data"] == {"viewer": None}
