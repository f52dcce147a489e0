"""The server's own pages where only trusted documents are executed."""

import re
from collections.abc import AsyncGenerator, Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from graphql import OperationDefinitionNode, parse
from starlette.routing import Route

from lk_graphql.app import ACTION_PAGES
from lk_graphql.kit.cabinet_pages import ActionPath
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.schema import graphql_schema
from tests.support.client import ApiClient, open_client

PASSWORD = "korova-3-Kopeyki-luna"
REGISTERED = "query Registered { viewer { email } }"
PATHS = [*(page.path for page in ACTION_PAGES), ActionPath.PAYMENT]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "documents.json"
    file.write_bytes(orjson.dumps({sha256(REGISTERED.encode()).hexdigest(): REGISTERED}))
    return file


@pytest_asyncio.fixture
async def api(
    database: str, engine: QueryEngine, pdfs: PdfPool, manifest: Path
) -> AsyncGenerator[ApiClient]:
    """A server that executes only the operator's document, beside those of its own pages."""
    chosen: dict[str, Any] = {
        "trusted_documents": manifest,
        "trusted_documents_only": True,
        "graphiql": True,
    }
    async with open_client(engine, pdfs=pdfs, **chosen) as client:
        yield client


class Page(HTMLParser):
    """The GraphQL documents in the attributes of a page, and the addresses of its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.documents: list[str] = []
        self.scripts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and (source := values.get("src")):
            self.scripts.append(source)
        for value in values.values():
            if re.match(r"(query|mutation|subscription)\b|\{", value or ""):
                self.documents.append(value or "")


async def read_page(api: ApiClient, path: str, language: str) -> Page:
    response = await api.http.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    return Page(response.text)


def variables_of(document: str) -> dict[str, Any]:
    """Variables with a token that was never signed, as a stranger would send them."""
    (operation,) = (
        d for d in parse(document).definitions if isinstance(d, OperationDefinitionNode)
    )
    types = {v.variable.name.value: v.type for v in operation.variable_definitions or ()}
    if "input" in types:
        name: Any = types["input"]
        input_type: Any = graphql_schema.get_type(name.type.name.value)
        return {"input": dict.fromkeys(input_type.fields, PASSWORD) | {"token": "x"}}
    return {name: to_public("pay", new_key()) if name == "id" else "x" for name in types}


def paths_of_pages(api: ApiClient) -> Iterator[str]:
    for route in api.app.routes:
        if isinstance(route, Route) and "{" not in route.path and "GET" in (route.methods or ()):
            yield route.path


async def execute(api: ApiClient, document: str) -> httpx.Response:
    body = {"query": document, "variables": variables_of(document)}
    return await api.http.post("/graphql", json=body)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("path", PATHS)
async def test_a_page_s_documents_are_executed(api: ApiClient, path: str, language: str):
    page = await read_page(api, path, language)

    assert page.documents
    for document in page.documents:
        response = await execute(api, document)
        assert response.status_code == 200
        assert "errors" not in response.json(), document
        data = response.json()["data"]
        if document.startswith("mutation"):
            assert [error["path"] for error in data["result"]["errors"]] == [["token"]]
        elif "passwordRules" in document:
            assert data["rules"]["passwordRules"]["requirements"]
        else:
            assert list(data.values()) == [None]


async def test_a_page_s_script_has_no_document_of_its_own(api: ApiClient):
    sending = list[str]()
    for path in paths_of_pages(api):
        response = await api.http.get(path)
        if not response.headers.get("content-type", "").startswith("text/html"):
            continue
        for source in Page(response.text).scripts:
            script = (await api.http.get(source)).text
            if '"/graphql"' in script:
                sending.append(path)
                assert re.findall(r"""["'`]\s*(?:query|mutation|subscription|\{)""", script) == []
    assert sorted(sending) == sorted(PATHS)


@pytest.mark.parametrize("path", PATHS)
async def test_a_change_of_a_page_s_document_is_refused(api: ApiClient, path: str):
    for document in (await read_page(api, path, "ru")).documents:
        response = await execute(api, f"{document} ")
        codes = [error["extensions"]["code"] for error in response.json()["errors"]]
        assert (response.json().get("data"), codes) == (None, ["FORBIDDEN"])


async def test_other_documents_are_the_operator_s(api: ApiClient):
    assert (await api.post(REGISTERED))["data"] == {"viewer": None}
    for unknown in ("{ viewer { email } }", "{ publicSettings { passwordRules { minLength } } }"):
        (error,) = (await api.post(unknown))["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_graphiql_gets_no_schema(api: ApiClient):
    assert (await api.http.get("/graphiql")).status_code == 200
    introspection = "query IntrospectionQuery { __schema { types { name } } }"
    (error,) = (await api.post(introspection))["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
