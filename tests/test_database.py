"""The database holds what the models promise, whoever writes."""

from lk_graphql import database as models
from lk_graphql.identity.models import User


async def test_migrations_and_models_agree(database: str):
    assert await models.missing(database) == []
    assert await models.model_changes(database) == []


async def test_tables_are_empty_for_each_test(database: str):
    assert await User.all().count() == 0
