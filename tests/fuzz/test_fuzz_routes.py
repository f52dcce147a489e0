"""Hostile bytes for every plain route over a socket: no fault of the server.

`EXAMPLES=4000 make fuzz` sends that many requests; a failure names the SEED that repeats it.
"""

import asyncio
import re
from random import Random

import pytest
from prometheus_client import CollectorRegistry

from lk_graphql import app
from lk_graphql.api.request import GRAPHQL_PATH
from lk_graphql.ports import Ports
from lk_graphql.ports.captcha import FixedCaptchas
from lk_graphql.ports.files import in_memory
from lk_graphql.ports.mail import InMemoryMailer
from lk_graphql.ports.passwords import HashCost, Passwords
from tests.factories.accounts import LINKS
from tests.fuzz.target import FuzzTarget, unexpected_lines
from tests.fuzz.values import TEXTS
from tests.support.client import SETTINGS
from tests.support.path_comparison import EXAMPLES, SEED

IN_SUITE = 240
BATCH = 16
METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE", "PATCH", "TRACE", "CONNECT", "X-Y")
HEADERS = (
    "range", "if-range", "if-none-match", "if-match", "if-modified-since", "accept",
    "accept-language", "accept-encoding", "authorization", "cookie", "origin", "host",
    "x-request-id", "x-forwarded-for", "forwarded", "content-type", "content-length",
    "transfer-encoding", "expect", "upgrade", "connection", "sec-websocket-protocol",
    "sec-websocket-key", "sec-fetch-site", "user-agent", "te", "content-encoding",
)  # fmt: skip
VALUES = (
    "", " ", "x", "*", "*/*", "bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,2-3", "bytes=a-b",
    "bytes=" + "9" * 30 + "-", "bytes=-" + "9" * 18, 'W/"x"', '"', "Bearer ", "Bearer x" * 50,
    "Basic AAAA", "session=x", "__Host-session=x; __Host-session=y", "=;=;", "null", "https://x",
    "application/json", "application/json; charset=\x80", "text/event-stream",
    "multipart/form-data",
    "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "gzip", "chunked",
    "100-continue", "websocket", "graphql-transport-ws", "h2c", "0", "-1", "1e3", "5",
    "99999999999",
    "203.0.113.7:51234", "[2001:db8::1]:443", "unknown", "127.0.0.1, " * 50, "en;q=nan",
    "ru;q=1e999", "*;q=-1", "ru-RU,en;q=0.5", "\x00", "\xff\xfe", "a\tb", "x" * 9000,
)  # fmt: skip
BODIES = (
    b"", b"{}", b"[]", b"null", b"\x00", b"\xff\xfe", b"token=x", b"List-Unsubscribe=One-Click",
    b'{"query":"{ __typename }"}', b'{"query":"{ viewer { id } }","variables":{"a":1e999}}',
    b'{"type":"notification","event":"payment.succeeded","object":{"id":"x"}}',
    b'{"type":"notification","event":["x"],"object":[]}', b'{"type":1,"event":{},"object":null}',
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="\xff"\r\n\r\n\x00\r\n--x--\r\n',
    b"--x\r\n" * 50, b"[" * 60_000, b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff\xe1\x00\x08Exif\x00\x00",
)  # fmt: skip


def routes() -> list[str]:
    """The paths of all routes, with their parameters in braces."""
    ports = Ports(Passwords(HashCost(8, 1)), FixedCaptchas(), InMemoryMailer(), LINKS, in_memory())
    built = app.create_app(SETTINGS, ports=ports, registry=CollectorRegistry())
    paths = {path for route in built.routes if (path := getattr(route, "path", ""))}
    return sorted({*paths, GRAPHQL_PATH})


ROUTES = routes()


def request(random: Random, target: FuzzTarget) -> bytes:
    """The bytes of a request that is often nearly valid."""
    method = random.choice(METHODS[:5] if random.randrange(4) else METHODS)
    line = f"{method} {path(random, target)}{query(random)} HTTP/1.1"
    body = random.choice(BODIES) if method in {"POST", "PUT"} or not random.randrange(5) else b""
    names = random.sample(HEADERS, random.choice((0, 1, 1, 2, 4)))
    headers = {name: random.choice(VALUES) for name in names}
    headers.setdefault("host", "lk.example")
    headers.setdefault("connection", "close")
    headers.setdefault("content-type", "application/json")
    headers.setdefault("content-length", str(len(body)))
    lines = [line, *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1", errors="replace") + body


def path(random: Random, target: FuzzTarget) -> str:
    chosen = random.choice((*ROUTES, *ROUTES, *target.links.values(), "/", "/nothing"))
    chosen = re.sub(r"\{\w+\}", lambda _: token(random, target), chosen)
    match random.randrange(8):
        case 0:
            return chosen + random.choice(("/", "//", "/.", "/..", "%00", "%2e%2e%2f", ";x", "%"))
        case 1:
            place = random.randrange(len(chosen))
            return chosen[:place] + f"%{random.randrange(256):02X}" + chosen[place + 1 :]
        case _:
            return chosen


def token(random: Random, target: FuzzTarget) -> str:
    """A genuine value of another purpose, a broken one, or any text, percent-encoded."""
    genuine = [link.rpartition("/")[2] for link in target.links.values()]
    text = random.choice((*genuine, *target.signed_tokens(), random.choice(TEXTS)[:2000]))
    if not random.randrange(3) and text:
        place = random.randrange(len(text))
        text = text[:place] + random.choice(("", ".", "٣", "A", "=")) + text[place + 1 :]
    return "".join(f"%{byte:02X}" for byte in text.encode(errors="surrogatepass"))


def query(random: Random) -> str:
    if random.randrange(3):
        return ""
    return random.choice((
        "?", "?token=", "?token=%FF", "?token=%00&token=x", "?query=%7B__typename%7D", "?query=",
        "?query=%7B__typename%7D&variables=%5B%5D", "?query=%ED%A0%80", "?variables=%7B",
        "?query=mutation%7BsessionEnd(input:%7B%7D)%7B__typename%7D%7D", "?&&=&;",
        "?" + "a=b&" * 2000,
        "?extensions=%7B%22persistedQuery%22:1%7D", "?operationName=x&query=%7B__typename%7D", "?%",
    ))  # fmt: skip


async def send(target: FuzzTarget, seed: str) -> str | None:
    """A description of the server's fault, if the answer is one."""
    content = request(Random(seed), target)
    port = int(target.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(content)
        async with asyncio.timeout(5):
            answer = await reader.read(65536)
    except TimeoutError:  # it waits for the rest of a body
        return None
    except ConnectionError:
        return None
    finally:
        writer.close()
    status = answer[9:12]
    if status[:1] == b"5" and status != b"503":
        return f"SEED {seed}: {answer[:300]!r}\n{content[:1500]!r}"
    return None


async def test_the_server_has_all_routes(target: FuzzTarget):
    """`lk serve` builds them before it opens the models."""
    assert len(ROUTES) == 29
    for path in ROUTES:
        answer = await target.http.delete(re.sub(r"\{\w+\}", "x", path))
        assert (path, answer.status_code) == (path, 405)


@pytest.mark.fuzz
async def test_no_bytes_are_a_fault_of_the_server(target: FuzzTarget):
    faults = list[str]()
    for start in range(0, EXAMPLES or IN_SUITE, BATCH):
        seeds = [f"{SEED}/{number}" for number in range(start, start + BATCH)]
        answers = await asyncio.gather(*(send(target, seed) for seed in seeds))
        faults += [fault for fault in answers if fault]

    assert not faults, "\n\n".join(faults[:20])
    assert unexpected_lines(target.log) == []
