"""`lk` with the plans taken away: every operation is answered by graphql-core."""

from uuid import UUID

from lk_graphql import app
from lk_graphql.cli import main
from lk_graphql.planner.engine import Call, QueryEngine, QueryResult


class Unplanned(QueryEngine):
    async def execute_plan(self, call: Call, *shown: UUID) -> QueryResult | None:  # noqa: ARG002
        return None


if __name__ == "__main__":
    app.QueryEngine = Unplanned
    main()
