"""Fixtures of the profile tests."""

import pytest

from lk_graphql.ports.sms import InMemorySmsGateway
from tests.support.client import ApiClient
from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]


@pytest.fixture
def sms(api: ApiClient) -> InMemorySmsGateway:
    """Replace the SMS gateway of the application."""
    gateway = InMemorySmsGateway()
    object.__setattr__(api.state.ports, "sms", gateway)
    return gateway
