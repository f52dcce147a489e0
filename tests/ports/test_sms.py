"""SMS by SMSC's interface, over a socket, with a server that implements its reference."""

import asyncio
from collections.abc import Generator

import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse, Response

from lk_graphql.app import build_sms_gateway
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.sms import (
    PhoneNotFound,
    Smsc,
    SmscAccess,
    SmsGatewayUnavailable,
    SmsRefused,
)
from lk_graphql.settings import read
from tests.support.sandbox_acquirer import free_port
from tests.support.smsc_server import LOGIN, PASSWORD, SmscServer, serving_smsc

PHONE = Phone("+79131234567")
KEY = new_key()
ACCESS = SmscAccess(LOGIN, PASSWORD, "MEF")


@pytest.fixture(scope="module")
def running() -> Generator[SmscServer]:
    with serving_smsc() as server:
        yield server


@pytest.fixture
def server(running: SmscServer) -> SmscServer:
    running.__init__(running.url)
    return running


@pytest.fixture
def port(server: SmscServer) -> Smsc:
    return Smsc(ACCESS, address=server.url)


async def test_an_sms_is_one_post_with_everything_in_its_body(server: SmscServer, port: Smsc):
    await port.send("Счёт за октябрь", PHONE, key=KEY)
    assert server.asked == [
        (
            "send",
            {
                "login": "mef",
                "psw": "s3cret&pass",
                "charset": "utf-8",
                "fmt": "3",
                "phones": "+79131234567",
                "mes": "Счёт за октябрь",
                "id": KEY.hex,
                "sender": "MEF",
            },
        )
    ]
    assert len(server.messages) == 1


@pytest.mark.parametrize("status", [-1, 0, 1, 3, 20])
async def test_a_repeat_of_a_message_at_the_gateway_is_not_sent(
    server: SmscServer, port: Smsc, status: int
):
    server.statuses[KEY.hex] = status
    for is_repeat in (False, True, True):
        await port.send("Счёт", PHONE, key=KEY, is_repeat=is_repeat)
    assert [script for script, _ in server.asked] == ["send", "status", "status"]
    assert (server.asked[1][1]["phone"], server.asked[1][1]["id"]) == (PHONE, KEY.hex)
    assert len(server.messages) == 1


@pytest.mark.parametrize("unknown", [None, {"status": -3}], ids=["error 3", "status -3"])
async def test_a_repeat_of_a_message_that_never_arrived_is_sent(
    server: SmscServer, port: Smsc, unknown: dict[str, int] | None
):
    server.faults = [JSONResponse(unknown)] if unknown else []
    await port.send("Счёт", PHONE, key=KEY, is_repeat=True)
    assert [script for script, _ in server.asked] == ["status", "send"]
    assert len(server.messages) == 1


@pytest.mark.parametrize("code", [1, 2, 4, 9])
async def test_a_repeat_with_a_failed_status_request_is_postponed(
    server: SmscServer, port: Smsc, code: int
):
    await port.send("Счёт", PHONE, key=KEY)
    server.faults = [JSONResponse({"error": "not now", "error_code": code})]
    with pytest.raises(SmsGatewayUnavailable, match=f"SMSC error {code}"):
        await port.send("Счёт", PHONE, key=KEY, is_repeat=True)
    assert len(server.messages) == 1


@pytest.mark.parametrize("status", [22, 25])
async def test_a_repeat_of_a_message_to_a_wrong_number_reports_the_number(
    server: SmscServer, port: Smsc, status: int
):
    server.statuses[KEY.hex] = status
    await port.send("Счёт", PHONE, key=KEY)
    with pytest.raises(PhoneNotFound, match=f"SMSC status {status}"):
        await port.send("Счёт", PHONE, key=KEY, is_repeat=True)


async def test_some_errors_are_for_ever(server: SmscServer, port: Smsc):
    server.unreachable = {"79131234568"}
    with pytest.raises(SmsRefused, match="SMSC error 6") as refusal:
        await port.send("Наше казино", PHONE, key=KEY)
    assert refusal.type is SmsRefused  # because of the text, not of the number
    for phone, code in ((Phone("+7913123456"), 7), (Phone("+79131234568"), 8)):
        with pytest.raises(PhoneNotFound) as unknown:
            await port.send("Счёт", phone, key=KEY)
        assert str(unknown.value) == f"SMSC error {code}"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (JSONResponse({"error": "no money +79131234567", "error_code": 3}), "SMSC error 3"),
        (Response(status_code=502), "HTTP 502"),
        (Response("<html>"), "JSONDecodeError"),
        (JSONResponse([1]), "TypeError"),
    ],
)
async def test_temporary_errors_contain_no_number(
    server: SmscServer, port: Smsc, fault: Response, text: str
):
    server.faults = [fault]
    with pytest.raises(SmsGatewayUnavailable) as error:
        await port.send("Счёт", PHONE, key=KEY)
    assert str(error.value) == text


async def test_a_wrong_password_and_a_closed_port_are_temporary_errors(server: SmscServer):
    impostor = Smsc(SmscAccess(LOGIN, "wrong"), address=server.url)
    with pytest.raises(SmsGatewayUnavailable, match="SMSC error 2"):
        await impostor.send("Счёт", PHONE, key=KEY)
    unreachable = Smsc(ACCESS, address=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(SmsGatewayUnavailable, match="ConnectError"):
        await unreachable.send("Счёт", PHONE, key=KEY)


async def test_a_duplicate_within_a_minute_is_checked_at_the_repeat(server: SmscServer, port: Smsc):
    await port.send("Счёт", PHONE, key=KEY)
    with pytest.raises(SmsGatewayUnavailable, match="SMSC error 9"):
        await port.send("Счёт", PHONE, key=KEY)
    await port.send("Счёт", PHONE, key=KEY, is_repeat=True)
    assert len(server.messages) == 1


async def test_simultaneous_requests_stay_within_the_gateway_s_limit(
    server: SmscServer, port: Smsc
):
    server.seconds = 0.02
    await asyncio.gather(*(port.send(f"Счёт {n}", PHONE, key=new_key()) for n in range(12)))
    assert len(server.messages) == 12


def test_the_password_is_in_no_repr():
    assert PASSWORD not in repr(ACCESS)


async def test_the_gateway_of_the_settings_gets_the_messages(server: SmscServer):
    settings = read(smsc_url=server.url, smsc_login=LOGIN, smsc_password=SecretStr(PASSWORD))

    gateway = build_sms_gateway(settings)

    assert gateway
    await gateway.send("Код 123456", PHONE, key=KEY)
    assert [message["phones"] for message in server.messages] == [PHONE]
