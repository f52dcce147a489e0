"""The cabinet, people who ask it, and a home whose readings are sent."""

import pytest_asyncio

from lk_graphql.kit.viewer import Viewer
from tests.factories.metering import Home, given_home
from tests.support.client import Cabinet
from tests.support.fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet", "home"]


@pytest_asyncio.fixture
async def home(cabinet: Cabinet, anna: Viewer) -> Home:
    """Anna's, on 20 November 2026."""
    return await given_home(cabinet, anna)
