"""HTTP client of the identity tests: the real schema behind the real endpoint."""

from dataclasses import dataclass
from typing import Any

import httpx

from lk_graphql.ports.jobs import run_until_empty
from lk_graphql.ports.mail import InMemoryMailer
from tests.factories import identity


@dataclass
class Browser:
    """A browser with its cookies, the outgoing mails and the job queue."""

    http: httpx.AsyncClient
    mailbox: InMemoryMailer
    dsn: str

    async def execute(self, query: str, /, *, bearer: str = "", **variables: Any) -> dict[str, Any]:
        """Return the response without its extensions."""
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        body = {"query": query, "variables": variables}
        response = (await self.http.post("/graphql", json=body, headers=headers)).json()
        response.pop("extensions", None)
        return response

    async def mutate(
        self, mutation: str, /, selection: str, *, bearer: str = "", **input: Any
    ) -> Any:
        """Return the payload of a mutation."""
        name = mutation[0].upper() + mutation[1:]
        errors = "errors { code path message retryAt }"
        field = f"{mutation}(input: $input) {{ {selection} {errors} }}"
        query = f"mutation($input: {name}Input!) {{ {field} }}"
        response = await self.execute(query, bearer=bearer, input=input)
        assert "errors" not in response, response
        return response["data"][mutation]

    async def mails(self) -> list[Any]:
        """Run all jobs and return the mails that they sent."""
        self.mailbox.sent.clear()
        await run_until_empty(identity.ports(self.mailbox), identity.COMPANY, dsn=self.dsn)
        return self.mailbox.sent
