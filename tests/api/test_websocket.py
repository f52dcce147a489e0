"""GraphQL over WebSocket (graphql-transport-ws), with a real client and api_server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest
import pytest_asyncio
from tortoise.transactions import in_transaction
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from lk_graphql.api.document_limits import POINTS_PER_ELEMENT, text_points
from lk_graphql.identity.models import Session, User
from lk_graphql.ports.pubsub import publish
from tests.api.endpoint_client import OPTIONS, TOKEN, MakeClient, rate_limit
from tests.api.subscription_server import ME, QUICK, SubscriptionTestServer, serve
from tests.support.ws_client import WebSocketSession


@pytest_asyncio.fixture
async def api_server(
    make_client: MakeClient, database: str
) -> AsyncGenerator[SubscriptionTestServer]:
    async with serve(await make_client(realtime=QUICK), database) as api_server:
        yield api_server


def result_of(name: str) -> dict[str, object]:
    return {"data": {"meChanged": {"firstName": name}}}


async def test_the_present_state_comes_first_and_then_every_change(
    api_server: SubscriptionTestServer,
):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        assert await session.answer() == result_of("Пётр")
        await api_server.rename("Павел")
        assert await session.answer() == result_of("Павел")
        await api_server.rename("Сидор")
        assert await session.answer() == result_of("Сидор")


async def fail_to_rename(viewer: UUID) -> None:
    async with in_transaction():
        await User.filter(id=viewer).update(first_name="Никто")
        await publish("person", viewer)
        raise ZeroDivisionError


async def test_a_rolled_back_change_is_not_sent(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        assert await session.answer() == result_of("Пётр")
        with pytest.raises(ZeroDivisionError):
            await fail_to_rename(api_server.viewer)
        await api_server.rename("Павел")
        assert await session.answer() == result_of("Павел")


async def test_an_unchanged_answer_is_not_sent_again(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        assert await session.answer() == result_of("Пётр")
        await publish("person", api_server.viewer)
        await asyncio.sleep(0.2)
        await api_server.rename("Павел")
        assert await session.answer() == result_of("Павел")


async def test_a_burst_of_changes_is_sent_in_few_answers_with_the_last_state(
    api_server: SubscriptionTestServer,
):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        for number in range(60):
            await api_server.rename(f"Имя {number}")
        names = [(await session.answer())["data"]["meChanged"]["firstName"]]
        while names[-1] != "Имя 59":
            names.append((await session.answer())["data"]["meChanged"]["firstName"])
        assert len(names) < 20


async def test_a_stream_that_ends_is_completed_and_its_id_is_free_again(
    api_server: SubscriptionTestServer,
):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        for _ in range(2):
            await session.subscribe("a", "subscription { threeTimes { firstName } }")
            for number in range(3):
                answer = await session.answer()
                assert answer == {"data": {"threeTimes": {"firstName": f"Имя {number}"}}}
            assert await session.receive() == {"id": "a", "type": "complete"}


async def test_an_object_of_another_customer_is_null_and_completes_the_subscription(
    api_server: SubscriptionTestServer,
):
    stranger = await User.create(
        email="b@example.com",
        email_key="b@example.com",
        phone="+79131234568",
        last_name="Чужой",
        first_name="Человек",
        has_no_patronymic=True,
        password_hash="$argon2id$",
        created_at=datetime.now(UTC),
        password_changed_at=datetime.now(UTC),
    )
    query = "subscription($id: ID!) { personChanged(id: $id) { email } }"
    async with api_server.connect() as session:
        await session.init(TOKEN)
        for foreign_id in (f"usr_{stranger.id.hex}", "usr_nonsense"):
            await session.subscribe("a", query, id=foreign_id)
            assert await session.answer() == {"data": {"personChanged": None}}
            assert await session.receive() == {"id": "a", "type": "complete"}


async def test_queries_are_answered_and_changes_are_refused(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("q", "{ viewer { email } }")
        assert await session.answer() == {"data": {"viewer": {"email": "dozor@example.com"}}}
        assert await session.receive() == {"id": "q", "type": "complete"}
        await session.subscribe("m", "mutation { leave { text } }")
        message = await session.receive()
        assert (message["id"], message["type"]) == ("m", "error")
        assert message["payload"][0]["message"] == "Здесь нужен другой метод HTTP: POST."


WRONG = (
        ("subscription {", "BAD_REQUEST"),
        ("subscription { nothing }", "BAD_REQUEST"),
        ("subscription { meChanged { firstName } threeTimes { firstName } }", "BAD_REQUEST"),
        ("subscription($id: ID!) { personChanged(id: $id) { email } }", "BAD_REQUEST"),
        ("subscription { meChanged { visits(first: 100) { nodes { id } } } }", "TOO_COMPLEX"),
)  # fmt: skip


async def test_a_wrong_operation_fails_alone(make_client: MakeClient, database: str):
    client = await make_client(realtime=QUICK, limits=replace(OPTIONS.limits, cost=50))
    async with serve(client, database) as api_server, api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        assert await session.answer() == result_of("Пётр")
        for query, code in WRONG:
            await session.subscribe("b", query)
            message = await session.receive()
            assert (message["id"], message["type"]) == ("b", "error")
            assert {error["extensions"]["code"] for error in message["payload"]} == {code}
        await api_server.rename("Павел")
        assert await session.answer() == result_of("Павел")


async def test_an_exception_is_masked_and_logged_without_the_client_s_values(
    api_server: SubscriptionTestServer,
):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        query = "subscription($text: String!) { collapsing(text: $text) { email } }"
        await session.subscribe("a", query, text="Secret-Words")
        message = await session.receive()
        (error,) = message["payload"]
        assert error["extensions"]["code"] == "INTERNAL"
        assert "collapsed" not in error["message"]
    log_text = repr(api_server.client.lines.all)
    assert "Secret-Words" not in log_text
    assert TOKEN not in log_text


async def test_a_guest_may_use_public_operations_only(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init()
        await session.subscribe("a", ME)
        message = await session.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        await session.subscribe("b", "{ viewer { email } }")
        assert await session.answer() == {"data": {"viewer": None}}


async def test_a_cookie_signs_in_and_a_token_in_the_greeting_counts_before_it(
    api_server: SubscriptionTestServer,
):
    async with api_server.connect(cookie=f"__Host-lk_session={TOKEN}") as session:
        await session.init()
        await session.subscribe("a", ME)
        assert await session.answer() == result_of("Пётр")
    async with api_server.connect(cookie=f"__Host-lk_session={TOKEN}") as session:
        await session.send("connection_init", payload={"Authorization": "Bearer nobody"})
        assert await session.close_code() == (4401, "Session is over")


async def test_the_connection_ends_soon_after_its_session(api_server: SubscriptionTestServer):
    async with api_server.connect() as session, api_server.connect() as guest:
        await session.init(TOKEN)
        await guest.init()
        await session.subscribe("a", ME)
        await session.answer()
        await Session.filter(user_id=api_server.viewer).update(ended_at=datetime.now(UTC))
        assert await session.close_code() == (4401, "Session is over")
        await guest.send("ping")
        assert await guest.receive() == {"type": "pong"}


async def test_no_answer_is_sent_after_the_session_has_ended(
    make_client: MakeClient, database: str
):
    client = await make_client(realtime=replace(QUICK, session_check_interval=60))
    async with serve(client, database) as api_server, api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        assert await session.answer() == result_of("Пётр")
        await Session.filter(user_id=api_server.viewer).update(ended_at=datetime.now(UTC))
        await api_server.rename("Павел")
        message = await session.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_protocol_violations_have_their_close_codes(
    api_server: SubscriptionTestServer,
):
    async with api_server.connect() as session:
        assert await session.close_code() == (4408, "Connection initialisation timeout")
    async with api_server.connect() as session:
        await session.subscribe("a", ME)
        assert await session.close_code() == (4401, "Unauthorized")
    async with api_server.connect() as session:
        await session.init()
        await session.send("connection_init")
        assert await session.close_code() == (4429, "Too many initialisation requests")
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        await session.subscribe("a", ME)
        assert (await session.close_code())[0] == 4409


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("a" * 93, f"Subscriber for {'a' * 93} already exists"),
        ("a" * 94, f"Subscriber for {'a' * 94} already exist"),
        ("a" * 100, f"Subscriber for {'a' * 100} already"),
        ("ж" * 100, f"Subscriber for {'ж' * 54}"),
        ("😀" * 100, f"Subscriber for {'😀' * 27}"),
    ],
)
async def test_the_reason_of_a_close_code_fits_into_its_frame_whatever_the_id(
    api_server: SubscriptionTestServer, id_: str, reason: str
):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe(id_, ME)
        await session.subscribe(id_, ME)
        assert await session.close_code() == (4409, reason)


NO_MESSAGES = (
        "not json", "[]", "null", "1", '{"type":"nope"}', '{"type":["ping"]}', "{}",
        '{"type":"subscribe","payload":{"query":"{viewer{email}}"}}',
        '{"type":"subscribe","id":"","payload":{"query":"{viewer{email}}"}}',
        '{"type":"subscribe","id":7,"payload":{"query":"{viewer{email}}"}}',
        '{"type":"subscribe","id":"a","payload":[]}',
        '{"type":"subscribe","id":"a","payload":"{viewer{email}}"}',
        '{"type":"connection_init","payload":"Bearer"}',
        b"\x00\x01",
)  # fmt: skip


async def test_an_invalid_message_closes_the_connection(api_server: SubscriptionTestServer):
    for text in NO_MESSAGES:
        async with api_server.connect() as session:
            await session.init()
            await session.socket.send(text)
            assert (await session.close_code())[0] == 4400, text


async def test_a_malformed_operation_fails_alone(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init()
        await session.send("subscribe", id="a", payload={"query": 7})
        message = await session.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == (
            "error",
            "BAD_REQUEST",
        )
        await session.send("complete", id="never begun")
        await session.send("pong")
        await session.send("ping", payload={"any": 1})
        assert await session.receive() == {"type": "pong"}


async def test_a_completed_subscription_is_silent(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        await session.answer()
        await session.send("complete", id="a")
        await session.send("ping")
        assert await session.receive() == {"type": "pong"}
        await api_server.rename("Павел")
        await asyncio.sleep(0.2)
        await session.send("ping")
        assert await session.receive() == {"type": "pong"}


async def test_subscriptions_of_a_connection_are_counted(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        for number in range(QUICK.operations):
            await session.subscribe(str(number), ME)
            assert await session.answer() == result_of("Пётр")
        await session.subscribe("more", ME)
        message = await session.receive()
        assert (message["id"], message["type"]) == ("more", "error")
        assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await session.send("complete", id="0")
        await session.subscribe("more", ME)
        assert await session.answer() == result_of("Пётр")


async def test_connections_of_a_session_and_of_an_address_are_counted(
    api_server: SubscriptionTestServer,
):
    async with AsyncExitStack() as stack:
        for _ in range(QUICK.per_session):
            session = await stack.enter_async_context(api_server.connect())
            await session.init(TOKEN)
        async with api_server.connect() as session:
            await session.send("connection_init", payload={"authorization": f"Bearer {TOKEN}"})
            assert (await session.close_code())[0] == 1013
        for _ in range(QUICK.per_address):
            await (await stack.enter_async_context(api_server.connect())).init()
        for headers in ({}, {"authorization": "Bearer invented"}):
            with pytest.raises(InvalidStatus) as rejection:
                async with api_server.connect(**headers):
                    pass
            assert rejection.value.response.status_code == 429
    async with api_server.connect() as session:
        await session.init(TOKEN)


async def test_a_handshake_with_a_session_connects_beyond_the_limit_of_guests(
    api_server: SubscriptionTestServer,
):
    async with AsyncExitStack() as stack:
        for _ in range(QUICK.per_address):
            await (await stack.enter_async_context(api_server.connect())).init()
        async with api_server.connect(authorization=f"Bearer {TOKEN}") as session:
            await session.init()
            await session.subscribe("a", ME)
            assert await session.answer() == result_of("Пётр")


async def keep_pinging(guest: WebSocketSession) -> None:
    """Pings are no operations."""
    for _ in range(50):
        await guest.send("ping")
        assert await guest.receive() == {"type": "pong"}
        await asyncio.sleep(QUICK.guest_idle / 10)


async def test_a_guest_s_socket_without_an_operation_is_closed(
    api_server: SubscriptionTestServer,
):
    async with api_server.connect() as guest, api_server.connect() as session:
        await guest.init()
        await session.init(TOKEN)
        with pytest.raises(ConnectionClosed) as closed:
            await keep_pinging(guest)
        assert closed.value.rcvd
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
            1000, "Idle, without a session",
        )  # fmt: skip
        await session.subscribe("a", ME)
        assert await session.answer() == result_of("Пётр")


async def test_a_page_of_another_site_is_refused_with_and_without_a_cookie(
    api_server: SubscriptionTestServer,
):
    cookie = {"cookie": f"__Host-lk_session={TOKEN}"}
    foreign = ("https://evil.example", "null", f"http://127.0.0.1:{api_server.port}")
    for origin, headers in product(foreign, ({}, cookie)):
        with pytest.raises(InvalidStatus) as rejection:
            async with api_server.connect(origin, **headers):
                pass
        assert rejection.value.response.status_code == 403


async def test_a_page_of_another_site_may_bring_a_token_and_no_cookie(
    api_server: SubscriptionTestServer,
):
    site = {"sec-fetch-site": "cross-site"}
    async with api_server.connect("https://lk.example.ru", **site) as session:
        await session.init(TOKEN)
    with pytest.raises(InvalidStatus) as rejection:
        async with api_server.connect(
            "https://lk.example.ru", cookie=f"__Host-lk_session={TOKEN}", **site
        ):
            pass
    assert rejection.value.response.status_code == 403


async def test_our_own_page_and_programs_are_let_in(api_server: SubscriptionTestServer):
    for origin in ("https://lk.example.ru", f"https://127.0.0.1:{api_server.port}", ""):
        async with api_server.connect(origin) as session:
            await session.init(TOKEN)


async def test_another_websocket_protocol_is_refused(api_server: SubscriptionTestServer):
    with pytest.raises(InvalidStatus) as rejection:
        await connect(
            f"ws://127.0.0.1:{api_server.port}/graphql",
            subprotocols=[Subprotocol("graphql-ws")],
            proxy=None,
        )
    assert rejection.value.response.status_code == 400


async def test_a_megabyte_is_too_large_a_message(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init()
        with pytest.raises(ConnectionClosed):  # noqa: PT012 - it may notice at either step
            await session.subscribe("a", "{ __typename }" + " " * 1_000_000)
            await session.receive()


async def test_an_answer_without_budget_is_delayed(make_client: MakeClient, database: str):
    compiling = text_points(ME) + 2 * POINTS_PER_ELEMENT
    limit = rate_limit(compiling + 2, 4)
    client = await make_client(realtime=QUICK, rate_limit=limit)
    async with serve(client, database) as api_server, api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        for number in range(4):
            await session.answer()
            await api_server.rename(f"Имя {number}")
        assert await session.answer() == result_of("Имя 3")


async def test_a_stopping_server_closes_connections_at_once(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        await session.answer()
        api_server.server.should_exit = True
        assert (await session.close_code())[0] == 1012


async def test_subscriptions_are_counted_and_logged(api_server: SubscriptionTestServer):
    async with api_server.connect() as session:
        await session.init(TOKEN)
        await session.subscribe("a", ME)
        await session.answer()
        value = api_server.client.registry.get_sample_value
        assert value("lk_graphql_subscription_connections", {"transport": "websocket"}) == 1
        assert value("lk_graphql_subscriptions") == 1
        assert value("lk_graphql_subscription_results_total") == 1
    async with asyncio.timeout(5):
        while value("lk_graphql_subscription_connections", {"transport": "websocket"}):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    line = api_server.client.lines.last
    assert (line["kind"], line["outcome"], line["path"]) == ("subscription", "OK", "plan")
    assert line["viewer"] == api_server.viewer.hex
