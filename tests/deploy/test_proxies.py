"""The samples for nginx and HAProxy: TLS, HSTS, time-outs, addresses, streams and uploads."""

import ssl
import time
from socket import create_connection

import httpx
import orjson
import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.deploy.conftest import CUSTOMER, EMAIL, PASSWORD, Site, client
from tests.support.proxies import HEAD_SECONDS, HOST, PROXIES
from tests.support.sandbox_acquirer import free_port

HSTS = "max-age=31536000; includeSubDomains"
SIGN_IN = f"""mutation {{ sessionCreate(input: {{
  email: "{EMAIL}", password: "{PASSWORD}", delivery: BEARER }}) {{ token }} }}"""
SESSIONS = "{ viewer { sessions { clientAddress } } }"
NO_ACCOUNT = 'subscription { accountChanged(accountId: "acc_none") { id } }'
MESSAGES = "subscription { appealMessageAdded { text } }"


@pytest.fixture
def token(site: Site) -> str:
    return site.post(SIGN_IN).json()["data"]["sessionCreate"]["token"]


def test_plain_http_leads_to_tls(site: Site):
    url = f"http://127.0.0.1:{site.proxy.plain}/graphql?a=1"
    answer = httpx.get(url, headers={"host": HOST})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{HOST}/graphql?a=1")


def test_each_response_has_one_hsts_header(site: Site):
    for path, status in (("/healthz", 200), ("/nothing", 404), ("/metrics", 404)):
        answer = site.http.get(path)
        assert answer.status_code == status
        assert answer.headers.get_list("strict-transport-security") == [HSTS]


def test_metrics_are_not_served_to_clients(site: Site):
    assert "lk_graphql" not in site.http.get("/metrics").text


def test_the_client_s_address_is_the_one_that_the_proxy_sees(site: Site):
    """Not the proxy's, and not one that the client claims."""
    claims = {"x-forwarded-for": "6.6.6.6", "forwarded": "for=6.6.6.7"}
    answer = site.http.post("/graphql", json={"query": SIGN_IN}, headers=claims).json()
    token = answer["data"]["sessionCreate"]["token"]

    sessions = site.post(SESSIONS, token).json()["data"]["viewer"]["sessions"]

    assert {session["clientAddress"] for session in sessions} == {CUSTOMER}


def test_a_head_that_does_not_end_is_cut_off(site: Site):
    started = time.monotonic()
    with (
        create_connection(("127.0.0.1", site.proxy.tls), 10 * HEAD_SECONDS) as line,
        site.proxy.trust.wrap_socket(line, server_hostname=HOST) as secured,
    ):
        secured.sendall(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n".encode())
        while secured.recv(4096):
            pass
    assert HEAD_SECONDS <= time.monotonic() - started + 0.1 < 5 * HEAD_SECONDS


def test_an_event_stream_is_not_held_back(site: Site, token: str):
    """Signs of life arrive while the stream is open; a proxy that buffers shows nothing."""
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    query = {"query": MESSAGES}
    with site.http.stream("POST", "/graphql", json=query, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.iter_lines()
        assert [next(lines), next(lines), next(lines)] == [":", "", ":"]


def test_websockets_are_passed_on(site: Site, token: str):
    line = create_connection(("127.0.0.1", site.proxy.tls))
    with connect(
        f"wss://{HOST}/graphql",
        sock=line,
        ssl=site.proxy.trust,
        subprotocols=[Subprotocol("graphql-transport-ws")],
        proxy=None,
    ) as socket:
        payload = {"authorization": f"Bearer {token}"}
        socket.send(orjson.dumps({"type": "connection_init", "payload": payload}).decode())
        assert orjson.loads(socket.recv(5)) == {"type": "connection_ack"}
        start = {"type": "subscribe", "id": "1", "payload": {"query": NO_ACCOUNT}}
        socket.send(orjson.dumps(start).decode())
        message = orjson.loads(socket.recv(5))
    assert message["payload"]["data"] == {"accountChanged": None}


def test_a_refused_upload_is_answered_by_the_server(site: Site):
    """Ten megabytes pass the proxy; closed too early, the connection would be an outage for it."""
    answer = site.http.put("/uploads/unknown", content=b"x" * 10 * 1024 * 1024)
    codes = [error["code"] for error in answer.json()["errors"]]
    assert (answer.status_code, codes) == (404, ["UPLOAD_NOT_FOUND"])


def test_tls_before_1_2_is_refused(site: Site):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(cadata=_pem(site.proxy.trust))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with create_connection(("127.0.0.1", site.proxy.tls)) as line, pytest.raises(ssl.SSLError):
        old.wrap_socket(line, server_hostname=HOST)


@pytest.mark.parametrize("name", PROXIES)
def test_without_a_server_the_proxy_answers_as_the_api_would(
    name: str, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("alone")
    with PROXIES[name](folder, free_port()) as proxy, client(proxy) as http:
        answer = http.post("/graphql", json={"query": "{ __typename }"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers.get_list("strict-transport-security") == [HSTS]
    assert answer.headers["content-type"] == "application/json"
    assert [error["extensions"] for error in answer.json()["errors"]] == [{"code": "UNAVAILABLE"}]


def _pem(trust: ssl.SSLContext) -> str:
    (certificate,) = trust.get_ca_certs(binary_form=True)
    return ssl.DER_cert_to_PEM_cert(certificate)
