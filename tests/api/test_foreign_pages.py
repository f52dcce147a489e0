"""Requests of foreign pages: origins, schemes and `Sec-Fetch-Site`, with and without a cookie."""

from itertools import product

import pytest

from lk_graphql.api.middleware import Origins
from tests.api.endpoint_client import TOKEN, EndpointClient, MakeClient

OWN, FRONT = "https://lk.example.ru", "https://app.example.ru"
COOKIE = {"cookie": f"__Host-lk_session={TOKEN}"}
FOREIGN = (
    "https://evil.example",
    "http://lk.example.ru",
    "http://lk.example.ru:443",
    "https://lk.example.ru:8443",
    "https://lk.example.ru.evil.example",
    "https://evil-lk.example.ru",
    "lk.example.ru",
    "wss://lk.example.ru",
    "null",
    "",
)
SITES = (None, "same-origin", "none", "same-site", "cross-site")


def page(origin: str | None, site: str | None) -> dict[str, str]:
    """The headers that a browser adds to a page's request."""
    headers = {"origin": origin, "sec-fetch-site": site}
    return {name: value for name, value in headers.items() if value is not None}


async def statuses(client: EndpointClient, headers: dict[str, str]) -> tuple[int, int]:
    """Of a POST and of a GET."""
    posted = await client.post("{ ownKey }", headers=headers)
    got = await client.http.get("/graphql", params={"query": "{ ownKey }"}, headers=headers)
    for response in (posted, got):
        if response.status_code != 200:
            assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
            assert "data" not in response.json()
    return posted.status_code, got.status_code


async def test_a_cookie_is_accepted_from_own_pages_only(make_client: MakeClient):
    client = await make_client(origins=Origins(OWN, [FRONT]))
    bearer = {"authorization": f"Bearer {TOKEN}"}
    for origin, site in product((None, OWN, FRONT, *FOREIGN), SITES):
        is_ours = origin in {None, OWN, FRONT} and site != "cross-site"
        if origin is None and site == "same-site":  # another subdomain, which tells no origin
            is_ours = False
        status = 200 if is_ours else 403
        assert await statuses(client, COOKIE | page(origin, site)) == (status, status), origin
        assert await statuses(client, bearer | page(origin, site)) == (200, 200)


@pytest.mark.parametrize(
    ("public", "origin", "host", "status"),
    [
        ("https://lk.example.ru", "https://lk.local:8000", "lk.local:8000", 200),
        ("https://lk.example.ru", "http://lk.local:8000", "lk.local:8000", 403),
        ("http://127.0.0.1:8000", "http://localhost:8000", "localhost:8000", 200),
        ("http://127.0.0.1:8000", "https://localhost:8000", "localhost:8000", 403),
        ("http://127.0.0.1:8000", "http://localhost", "localhost:8000", 403),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "localhost:8000", 200),
    ],
)
async def test_the_requested_host_is_ours_with_the_scheme_of_the_public_url(
    make_client: MakeClient, public: str, origin: str, host: str, status: int
):
    client = await make_client(origins=Origins(public))
    headers = {**COOKIE, "origin": origin, "host": host}
    assert await statuses(client, headers) == (status, status)
