"""The real schema behind the real endpoint, as one browser talks to it."""

from dataclasses import dataclass
from typing import Any

import httpx

from lk_graphql.ports.jobs import run_until_empty
from lk_graphql.ports.mail import InMemoryMailer
from tests.factories import identity


@dataclass
class Browser:
    """The real schema behind the real endpoint, for one browser."""

    http: httpx.AsyncClient
    mailbox: InMemoryMailer
    dsn: str

    async def ask(self, query: str, /, *, bearer: str = "", **variables: Any) -> dict[str, Any]:
        """The whole answer, without what it cost."""
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        body = {"query": query, "variables": variables}
        answer = (await self.http.post("/graphql", json=body, headers=headers)).json()
        answer.pop("extensions", None)
        return answer

    async def change(self, mutation: str, /, shown: str, *, bearer: str = "", **input: Any) -> Any:
        """The payload of a mutation, `shown` being its selection."""
        name = mutation[0].upper() + mutation[1:]
        errors = "errors { code path message retryAt }"
        query = (
            f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {shown} {errors} }} }}"
        )
        answer = await self.ask(query, bearer=bearer, input=input)
        assert "errors" not in answer, answer
        return answer["data"][mutation]

    async def mails(self) -> list[Any]:
        """What was mailed since it was last asked, after doing all jobs."""
        self.mailbox.sent.clear()
        await run_until_empty(identity.ports(self.mailbox), identity.COMPANY, dsn=self.dsn)
        return self.mailbox.sent
