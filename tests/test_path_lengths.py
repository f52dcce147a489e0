"""The modules that a request passes: a bound, so that the way doesn't get longer unnoticed."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import lk_graphql
from lk_graphql.kit.viewer import Viewer
from tests.factories.metering import given_home
from tests.support.client import ApiClient
from tests.support.fixtures import anna, api

__all__ = ["anna", "api"]

PACKAGE = str(Path(lk_graphql.__file__).parent)
QUERY = 14
"""Without the modules below and the clock, which a test replaces (docs/architecture.md)."""
SUBMISSION = 42
NOT_COUNTED = {"server.py", "logs.py", "app.py"}


@contextmanager
def recorded_modules() -> Generator[set[str]]:
    """The modules of the package with a function that is called until the end of the context."""
    modules = set[str]()

    def record(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(PACKAGE):
            modules.add(file.removeprefix(f"{PACKAGE}/"))

    sys.setprofile(record)
    try:
        yield modules
    finally:
        sys.setprofile(None)
        modules -= NOT_COUNTED


async def test_a_planned_query_passes_few_modules(api: ApiClient, anna: Viewer) -> None:
    token = await api.signed_in(anna)
    await api.post("{ viewer { email } }", token)  # from now on there is a plan
    with recorded_modules() as modules:
        answer = await api.post("{ viewer { email } }", token)

    assert answer["data"]["viewer"]
    assert len(modules) <= QUERY, sorted(modules)


async def test_a_submission_of_readings_passes_few_modules(api: ApiClient, anna: Viewer) -> None:
    home = await given_home(api, anna)
    await home.submit(22600, 51300)
    with recorded_modules() as modules:
        payload = await home.submit(22610, 51310)

    assert [entry["status"] for entry in payload["entries"]] == ["ACCEPTED_FOR_BILLING"] * 2
    assert len(modules) <= SUBMISSION, sorted(modules)
