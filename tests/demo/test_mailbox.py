from collections.abc import AsyncGenerator
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from lk_graphql.demo.mailbox import routes
from lk_graphql.kit import emails
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.languages import Language
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.mail import FileMailer, Mail, Sender
from lk_graphql.ports.sms import FileSmsGateway

MAIL = Mail(
    "Письмо <b>",
    "Откройте https://lk.example.ru/?t=1&u=2\n",
    '<html><head></head><body><a href="https://lk.example.ru/">сюда</a></body></html>',
    Language.RU,
)


@pytest.fixture
def mailbox(tmp_path: Path) -> FileMailer:
    return FileMailer(tmp_path, Sender("Энергия", emails.parse("lk@example.ru")))


@pytest.fixture
def gateway(tmp_path: Path) -> FileSmsGateway:
    return FileSmsGateway(tmp_path)


@pytest_asyncio.fixture
async def client(mailbox: FileMailer, gateway: FileSmsGateway) -> AsyncGenerator[httpx.AsyncClient]:
    app = Starlette(routes=routes(mailbox, gateway, ZoneInfo("Asia/Novokuznetsk")))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_an_empty_mailbox_says_what_to_do(client: httpx.AsyncClient):
    answer = await client.get("/dev/mail")

    assert answer.status_code == 200
    assert "Писем пока нет" in answer.text
    assert '<script src="/dev/mail/list.js" defer></script>' in answer.text
    assert 'http-equiv="refresh"' not in answer.text  # a reload would lose the focus and the place


async def test_a_mail_is_listed_and_opened(client: httpx.AsyncClient, mailbox: FileMailer):
    await mailbox.send(MAIL, emails.parse("marina@yandex.ru"), key=new_key())
    (mail,) = await mailbox.mails()

    index = await client.get("/dev/mail")
    page = await client.get(f"/dev/mail/{mail.id}")

    assert f'href="/dev/mail/{mail.id}"' in index.text
    for text in (index.text, page.text):
        assert "marina@yandex.ru" in text
        assert "Письмо &lt;b&gt;" in text
    assert f'src="/dev/mail/{mail.id}/html"' in page.text
    assert 'href="https://lk.example.ru/?t=1&amp;u=2"' in page.text


async def test_a_mail_s_html_can_do_nothing(client: httpx.AsyncClient, mailbox: FileMailer):
    await mailbox.send(MAIL, emails.parse("marina@yandex.ru"), key=new_key())
    (mail,) = await mailbox.mails()

    html = await client.get(f"/dev/mail/{mail.id}/html")

    policy = html.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors")
    assert policy.endswith("sandbox allow-popups allow-popups-to-escape-sandbox")
    assert '<head><base target="_blank">' in html.text


async def test_pages_load_nothing_from_elsewhere(client: httpx.AsyncClient):
    page = await client.get("/dev/mail")
    style = await client.get("/dev/mail/style.css")

    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'"
    )
    assert page.headers["cache-control"] == "no-store"
    assert style.headers["content-type"].startswith("text/css")
    assert "url(" not in style.text
    assert "style=" not in page.text


@pytest.mark.parametrize(
    "path", ["/dev/mail/nothing", "/dev/mail/nothing/html", "/dev/mail/..%2Fsecret"]
)
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str):
    assert (await client.get(path)).status_code == 404


async def test_sms_are_listed_newest_first_with_what_they_would_cost(
    client: httpx.AsyncClient, gateway: FileSmsGateway
):
    assert "SMS пока нет" in (await client.get("/dev/sms")).text
    await gateway.send("Код 123456 <b>", Phone("+79131234567"), key=new_key())
    await gateway.send("я" * 71, Phone("+79131234568"), key=new_key())
    page = (await client.get("/dev/sms")).text
    assert "Код 123456 &lt;b&gt;" in page
    assert page.index("+79131234568") < page.index("+79131234567")
    assert "2&nbsp;SMS" in page
