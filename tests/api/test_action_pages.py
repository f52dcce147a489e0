"""Action pages: the pages that links in mails lead to."""

import re
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from lk_graphql.api.action_pages import ActionPage, routes
from lk_graphql.app import ACTION_PAGES
from lk_graphql.backoffice.routes import INVITATION_PAGE
from lk_graphql.kit.cabinet_pages import ActionPath
from lk_graphql.schema import graphql_schema
from tests.factories.identity import COMPANY


async def get(path: str, language: str = "ru") -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=routes(ACTION_PAGES, COMPANY)))
    async with httpx.AsyncClient(transport=transport, base_url=COMPANY.public_url) as http:
        return await http.get(path, headers={"accept-language": language})


def test_every_link_has_a_page():
    paths = {*ActionPath, INVITATION_PAGE} - {ActionPath.PAYMENT}  # a page of another kind
    assert {action_page.path for action_page in ACTION_PAGES} == paths


@pytest.mark.parametrize("action_page", ACTION_PAGES, ids=lambda action_page: action_page.path)
async def test_a_page_speaks_the_readers_language(action_page: ActionPage):
    russian, english = (await get(action_page.path)).text, (await get(action_page.path, "en")).text
    assert '<html lang="ru">' in russian
    assert '<html lang="en">' in english
    assert re.search(r"<button>[А-Яа-я ]+</button>", russian)
    assert re.search("[а-яА-Я]", english.replace(COMPANY.name, "")) is None


@pytest.mark.parametrize("action_page", ACTION_PAGES, ids=lambda action_page: action_page.path)
def test_its_button_calls_a_mutation_that_takes_what_the_page_has(action_page: ActionPage):
    mutations: Any = graphql_schema.mutation_type
    input_ = mutations.fields[action_page.mutation].args["input"].type.of_type
    names = {"token", "newPassword"} if action_page.requires_password else {"token"}
    assert set(input_.fields) == names


async def test_scripts_come_from_a_file_and_go_nowhere_else():
    page = await get("/activate")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sources == ["/action-page/action-page.css", "/action-page/action-page.js"]
    for source in sources:
        assert (await get(source)).status_code == 200
    script = await get("/action-page/action-page.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "&lt;" not in script.text
