"""Plain HTTP beside GraphQL: the pages behind links in mails, and what slices serve.

A slice's routes.py may have `LANDINGS`, its pages, and `routes(site)`, which returns Starlette's
routes for the rest: files, webhooks, feeds.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from starlette.routing import BaseRoute

from lk_graphql.api import landing
from lk_graphql.api.landing import Landing
from lk_graphql.api.site import Site
from lk_graphql.database import SLICES
from lk_graphql.kit.company import Company


def landings() -> Iterator[Landing]:
    for module in _modules():
        pages: Iterable[Landing] = getattr(module, "LANDINGS", ())
        yield from pages


def routes_of_slices(site: Site, company: Company) -> list[BaseRoute]:
    """In the order of the slices."""
    found = landing.routes(landings(), company)
    for module in _modules():
        if hasattr(module, "routes"):
            found.extend(module.routes(site))
    return found


@cache
def _modules() -> list[ModuleType]:
    named = (f"lk_graphql.{name}.routes" for name in SLICES)
    return [import_module(module) for module in named if find_spec(module)]
