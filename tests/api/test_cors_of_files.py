"""Files, uploads and sign-ins of pages of other origins: what the setting allows, and no more."""

import pytest

from lk_graphql.kit.viewer import Viewer
from tests.factories import identity
from tests.factories.identity import EMAIL, PASSWORD
from tests.support.client import URL, ApiClient

FRONT, FOREIGN = "https://front.example", "https://evil.example"
SIGN_IN = """mutation ($delivery: SessionDelivery!) { sessionCreate(input: {
  email: "%s", password: "%s", delivery: $delivery}) { viewer { id } errors { code } } }"""
UPLOAD = """mutation { uploadCreate(input: {fileName: "a.pdf", contentType: "", size: 10}) {
  url errors { code } } }"""
PATHS = {
    "/files/receipts/inv_0": ("GET, HEAD", 401),
    "/files/uploads/upl_0?link=x": ("GET, HEAD", 404),
    "/files/nothing/here": ("GET, HEAD", 404),
    "/uploads/token": ("PUT", 405),
}


@pytest.mark.parametrize("path", PATHS)
async def test_a_preflight_of_an_allowed_page_is_granted(api: ApiClient, path: str):
    names = "range, traceparent, sentry-trace, baggage"
    asked = {
        "origin": FRONT,
        "access-control-request-method": "GET",
        "access-control-request-headers": names,
    }

    granted = await api.http.options(path, headers=asked)
    refused = await api.http.options(path, headers=asked | {"origin": FOREIGN})

    assert granted.status_code == refused.status_code == 204
    assert granted.headers["access-control-allow-origin"] == FRONT
    assert granted.headers["access-control-allow-credentials"] == "true"
    assert granted.headers["access-control-allow-methods"] == PATHS[path][0]
    assert granted.headers["access-control-allow-headers"] == names
    assert not [name for name in refused.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", PATHS)
async def test_answers_can_be_read_there_refusals_too(api: ApiClient, path: str):
    ours = await api.http.get(path, headers={"origin": FRONT})
    foreign = await api.http.get(path, headers={"origin": FOREIGN})
    plain = await api.http.get(path)

    assert {r.status_code for r in (ours, foreign, plain)} == {PATHS[path][1]}
    assert ours.headers["access-control-allow-origin"] == FRONT
    for name in ("content-disposition", "content-length", "accept-ranges", "content-range"):
        assert name in ours.headers["access-control-expose-headers"]
    for response in (foreign, plain):
        assert not [name for name in response.headers if name.startswith("access-control")]
        assert response.headers["vary"] == "Origin"


async def test_other_paths_have_no_cors(api: ApiClient):
    for path in ("/activate", "/payment", "/healthz", "/calendar/x.ics"):
        response = await api.http.get(path, headers={"origin": FRONT})
        assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({}, URL),
        ({"origin": URL}, URL),
        ({"origin": FRONT}, URL),
        ({"origin": FRONT, "host": "front.example"}, URL),
        ({"origin": "https://dev.local:5173", "host": "dev.local:5173"}, "https://dev.local:5173"),
        ({"origin": FOREIGN}, URL),
        ({"host": "evil.example"}, URL),
    ],
)
async def test_an_upload_goes_the_way_of_its_request(
    api: ApiClient, anna: Viewer, headers: dict[str, str], base: str
):
    """A page that is known by its host only reaches us through its proxy, and no other way."""
    headers = {"authorization": f"Bearer {await api.signed_in(anna)}", **headers}
    answer = await api.http.post("/graphql", json={"query": UPLOAD}, headers=headers)
    assert answer.json()["data"]["uploadCreate"]["url"].startswith(f"{base}/uploads/")


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none", "cross-site"])
@pytest.mark.parametrize("delivery", ["COOKIE", "BEARER"])
async def test_a_sign_in_with_an_unusable_cookie_is_refused(
    api: ApiClient, delivery: str, site: str
):
    await identity.user()
    query = SIGN_IN % (EMAIL, PASSWORD)
    body = {"query": query, "variables": {"delivery": delivery}}
    headers = {"origin": FRONT, "sec-fetch-site": site, "accept-language": "en"}

    answer = (await api.http.post("/graphql", json=body, headers=headers)).json()
    api.http.cookies.clear()

    if (delivery, site) == ("COOKIE", "cross-site"):
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        for word in (FRONT, "lk.example", "localhost", "127.0.0.1", "proxy", "BEARER"):
            assert word in error["message"]
    else:
        assert answer["data"]["sessionCreate"]["errors"] == []


async def test_the_refusal_behind_a_host_changing_proxy_names_the_setting(
    api: ApiClient, anna: Viewer
):
    headers = {
        "cookie": f"__Host-lk_session={await api.signed_in(anna)}",
        "origin": "http://localhost:5173",
        "sec-fetch-site": "same-origin",
        "accept-language": "en",
    }

    answer = await api.http.post("/graphql", json={"query": "{ viewer { id } }"}, headers=headers)

    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    for word in ("http://localhost:5173", "LK_CORS_ORIGINS", "changeOrigin"):
        assert word in error["message"]
