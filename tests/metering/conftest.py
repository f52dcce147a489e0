"""Fixtures of the metering tests: the API, two users, a home with meters and rules."""

import pytest_asyncio

from lk_graphql.kit.viewer import Viewer
from tests.factories.metering import Home, given_home
from tests.support.client import ApiClient
from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris", "home"]


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    """Anna's home on 20 November 2026."""
    return await given_home(api, anna)
