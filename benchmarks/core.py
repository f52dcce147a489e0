"""`lk` without plans: graphql-core executes every operation."""

from uuid import UUID

from lk_graphql import app
from lk_graphql.api import admission
from lk_graphql.cli import main
from lk_graphql.planner.engine import Call, QueryEngine, QueryResult


class EngineWithoutPlans(QueryEngine):
    async def execute_plan(self, call: Call, *event_keys: UUID) -> QueryResult | None:  # noqa: ARG002 - overrides
        return None


if __name__ == "__main__":
    app.QueryEngine = EngineWithoutPlans
    admission.SLOW = 60.0  # seconds: sixteen dashboards at once would be shed on a slow machine
    main()
