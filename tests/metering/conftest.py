"""The cabinet, people who ask it, and a home whose readings are sent."""

import pytest_asyncio
from cabinet import Cabinet
from cabinet_fixtures import anna, boris, cabinet
from metering.given_home import Home, given_home

from lk_graphql.kit.viewer import Viewer

__all__ = ["anna", "boris", "cabinet", "home"]


@pytest_asyncio.fixture
async def home(cabinet: Cabinet, anna: Viewer) -> Home:
    """Anna's, on 20 November 2026."""
    return await given_home(cabinet, anna)
