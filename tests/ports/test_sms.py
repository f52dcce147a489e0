"""SMS by SMSC's interface, against a server that answers as its reference says."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from lk_graphql.kit.ids import new_key
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.sms import SmsBox, Smsc, SmscAccess, SmsGatewayAway, SmsRefused

PHONE = Phone("+79131234567")
KEY = new_key()
ACCESS = SmscAccess("mef", "s3cret&pass", "MEF")


class Gateway:
    """Remembers what it was asked, and answers what it was told to."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.asked.append((request.url.path, form))
        answer = self.answers[request.url.path]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def smsc(**answers: object) -> tuple[Smsc, Gateway]:
    gateway = Gateway({f"/sys/{what}.php": answer for what, answer in answers.items()})
    return Smsc(ACCESS, transport=httpx.MockTransport(gateway)), gateway


async def test_an_sms_is_one_post_with_everything_in_its_body():
    port, gateway = smsc(send={"id": KEY.hex, "cnt": 1})
    await port.send("Счёт за октябрь", PHONE, key=KEY)
    assert gateway.asked == [
        (
            "/sys/send.php",
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


@pytest.mark.parametrize("status", [-1, 0, 1, 3, 20])
async def test_a_repeat_of_what_the_gateway_knows_is_not_sent(status: int):
    port, gateway = smsc(status={"status": status})
    await port.send("Счёт", PHONE, key=KEY, is_repeat=True)
    ((path, asked),) = gateway.asked
    assert path == "/sys/status.php"
    assert (asked["phone"], asked["id"]) == (PHONE, KEY.hex)


@pytest.mark.parametrize("unknown", [{"status": -3}, {"error": "not found", "error_code": 3}])
async def test_a_repeat_of_what_never_arrived_is_sent(unknown: dict[str, Any]):
    port, gateway = smsc(status=unknown, send={"id": KEY.hex, "cnt": 1})
    await port.send("Счёт", PHONE, key=KEY, is_repeat=True)
    assert [path for path, _ in gateway.asked] == ["/sys/status.php", "/sys/send.php"]


@pytest.mark.parametrize("code", [6, 7, 8])
async def test_some_errors_are_for_ever(code: int):
    port, _ = smsc(send={"error": "invalid number +79131234567", "error_code": code})
    with pytest.raises(SmsRefused) as refused:
        await port.send("Счёт", PHONE, key=KEY)
    assert str(refused.value) == f"SMSC error {code}"


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "no money", "error_code": 3},
        {"error": "authorise error", "error_code": 2},
        httpx.Response(502),
        httpx.Response(200, text="<html>"),
        httpx.ConnectTimeout("+79131234567"),
    ],
)
async def test_others_pass_and_tell_no_number(answer: object):
    port, _ = smsc(send=answer)
    with pytest.raises(SmsGatewayAway) as away:
        await port.send("Счёт", PHONE, key=KEY)
    assert "9131234567" not in str(away.value)


async def test_the_same_again_within_a_minute_has_arrived():
    port, gateway = smsc(send={"error": "duplicate request, wait a minute", "error_code": 9})
    await port.send("Счёт", PHONE, key=KEY)
    assert len(gateway.asked) == 1


def test_the_password_is_not_shown():
    assert "s3cret" not in repr(ACCESS)


async def test_the_demo_s_box_knows_a_key_again(tmp_path: Path):
    box = SmsBox(tmp_path, keep=2)
    for is_repeat in (False, True):
        await box.send("раз", PHONE, key=KEY, is_repeat=is_repeat)
    assert [one.text for one in await box.all()] == ["раз"]
    for text in ("два", "три"):
        await box.send(text, PHONE, key=new_key())
    assert [one.text for one in await box.all()] == ["три", "два"]
    assert {one.to for one in await box.all()} == {PHONE}
