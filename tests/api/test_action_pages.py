"""Action pages: the pages that links in mails lead to."""

import re
from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from graphql import GraphQLEnumType
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from lk_graphql.api.access_log import Metrics
from lk_graphql.api.action_pages import ActionPage, routes
from lk_graphql.app import ACTION_PAGES
from lk_graphql.backoffice.routes import INVITATION_PAGE
from lk_graphql.kit.cabinet_pages import ActionPath
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language
from lk_graphql.payments.routes import routes as payment_routes
from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.schema import graphql_schema
from tests.factories.identity import COMPANY


async def get(path: str, language: str = "ru", company: Company = COMPANY) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=routes(ACTION_PAGES, company)))
    async with httpx.AsyncClient(transport=transport, base_url=COMPANY.public_url) as http:
        return await http.get(path, headers={"accept-language": language})


def test_every_link_has_a_page():
    paths = {*ActionPath, INVITATION_PAGE} - {ActionPath.PAYMENT}  # a page of another kind
    assert {action_page.path for action_page in ACTION_PAGES} == paths


@pytest.mark.parametrize("action_page", ACTION_PAGES, ids=lambda action_page: action_page.path)
async def test_a_page_is_in_the_reader_s_language(action_page: ActionPage):
    russian, english = (await get(action_page.path)).text, (await get(action_page.path, "en")).text
    assert '<html lang="ru">' in russian
    assert '<html lang="en">' in english
    assert re.search(r"<button>[А-Яа-я ]+</button>", russian)
    assert "Каким должен быть пароль" in russian or not action_page.requires_password
    assert re.search("[а-яА-Я]", english.replace(COMPANY.name, "")) is None


@pytest.mark.parametrize("action_page", ACTION_PAGES, ids=lambda action_page: action_page.path)
def test_a_page_s_button_calls_a_mutation_with_the_input_of_the_page(action_page: ActionPage):
    mutations: Any = graphql_schema.mutation_type
    input_ = mutations.fields[action_page.mutation].args["input"].type.of_type
    names = {"token", "newPassword"} if action_page.requires_password else {"token"}
    assert set(input_.fields) == names


@pytest.mark.parametrize("action_page", ACTION_PAGES, ids=lambda action_page: action_page.path)
def test_a_page_has_texts_for_all_fields_of_its_preview(action_page: ActionPage):
    queries: Any = graphql_schema.query_type
    for texts in action_page.texts.values():
        assert bool(texts.facts) == bool(action_page.preview)
        if action_page.preview:
            type_ = queries.fields[action_page.preview].type
            assert set(texts.facts) == set(type_.fields)
            enums = [
                get_named_type(type_of(field))
                for field in type_.fields.values()
                if isinstance(get_named_type(type_of(field)), GraphQLEnumType)
            ]
            assert {*texts.values} == {value for enum in enums for value in enum.values}
            assert not any(re.search("[A-Z]_|^[A-Z]+$", text) for text in texts.values.values())
            enums = {name for f in type_.fields.values() for name in enum_values(f.type)}
            assert set(texts.values) == enums


def enum_values(type_: Any) -> Iterable[str]:
    return getattr(getattr(type_, "of_type", type_), "values", {})


@pytest.mark.parametrize("cabinet_url", ["", "https://app.example.ru"])
@pytest.mark.parametrize("action_page", ACTION_PAGES, ids=lambda action_page: action_page.path)
async def test_a_page_links_to_the_cabinet(action_page: ActionPage, cabinet_url: str):
    company = replace(COMPANY, cabinet_url=cabinet_url)
    html = (await get(action_page.path, company=company)).text
    texts = action_page.texts[Language.RU]
    for step in (texts.then, texts.otherwise):
        url = cabinet_url + step.path if cabinet_url else f"{COMPANY.public_url}/"
        assert f'<a class="button" href="{url}">{step.label}</a>' in html


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_return_page_has_a_heading_and_links_for_guests(language: str):
    company = replace(COMPANY, cabinet_url="https://app.example.ru")
    metrics = Metrics(CollectorRegistry())
    site: Any = SimpleNamespace(state=lambda: SimpleNamespace(company=company), metrics=metrics)
    transport = httpx.ASGITransport(Starlette(routes=payment_routes(site)))
    async with httpx.AsyncClient(transport=transport, base_url=COMPANY.public_url) as http:
        page = (await http.get("/payment", headers={"accept-language": language})).text
        script = (await http.get("/payment/came_back.js")).text
    assert page.count("<h1>") == 1
    assert f'<html lang="{language}">' in page
    assert 'href="https://app.example.ru/"' in page
    assert 'href="https://app.example.ru/sign-in"' in page
    assert 'data-payments="https://app.example.ru/payments/"' in page
    assert "иллинг" not in page
    assert "&#34;" not in script


async def test_scripts_come_from_a_file_and_go_nowhere_else():
    page = await get("/activate")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    sources = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert sources == ["/action-page/action-page.css", "/action-page/action-page.js"]
    for source in sources:
        assert (await get(source)).status_code == 200
    script = await get("/action-page/action-page.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "&lt;" not in script.text
