from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from lk_graphql.demo.mailbox import FileMailer, FileSmsGateway, routes
from lk_graphql.kit import emails
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.languages import Language
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.mail import Mail, Sender

SENDER = Sender("ООО «Энергия», кабинет", emails.parse("lk@example.ru"))
MARINA = emails.parse("marina@yandex.ru")
PHONE = Phone("+79131234567")
KEY = new_key()
MAIL = Mail(
    "Письмо <b>",
    "Откройте https://lk.example.ru/?t=1&u=2\n",
    '<html><head></head><body><a href="https://lk.example.ru/">сюда</a></body></html>',
    Language.RU,
)


@pytest.fixture
def mailbox(tmp_path: Path) -> FileMailer:
    return FileMailer(tmp_path, SENDER)


@pytest.fixture
def gateway(tmp_path: Path) -> FileSmsGateway:
    return FileSmsGateway(tmp_path)


@pytest_asyncio.fixture
async def client(mailbox: FileMailer, gateway: FileSmsGateway) -> AsyncGenerator[httpx.AsyncClient]:
    app = Starlette(routes=routes(mailbox, gateway, ZoneInfo("Asia/Novokuznetsk")))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_an_empty_mailbox_explains_itself(client: httpx.AsyncClient):
    answer = await client.get("/dev/mail")

    assert answer.status_code == 200
    assert "Писем пока нет" in answer.text
    assert '<script src="/dev/mail/list.js" defer></script>' in answer.text
    assert 'http-equiv="refresh"' not in answer.text  # a reload would lose the focus and the place


async def test_a_mail_is_listed_and_opened(client: httpx.AsyncClient, mailbox: FileMailer):
    await mailbox.send(MAIL, MARINA, key=new_key())
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
    await mailbox.send(MAIL, MARINA, key=new_key())
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
async def test_an_unknown_path_is_a_404(client: httpx.AsyncClient, path: str):
    assert (await client.get(path)).status_code == 404


async def test_sms_are_listed_newest_first_with_their_number_of_parts(
    client: httpx.AsyncClient, gateway: FileSmsGateway
):
    assert "SMS пока нет" in (await client.get("/dev/sms")).text
    await gateway.send("Код 123456 <b>", PHONE, key=new_key())
    await gateway.send("я" * 71, Phone("+79131234568"), key=new_key())
    page = (await client.get("/dev/sms")).text
    assert "Код 123456 &lt;b&gt;" in page
    assert page.index("+79131234568") < page.index("+79131234567")
    assert "2&nbsp;SMS" in page


async def test_the_mailbox_has_the_sent_mails(tmp_path: Path):
    mailbox = FileMailer(tmp_path / "mail", SENDER)
    assert await mailbox.mails() == []
    await mailbox.send(MAIL, MARINA, key=KEY)

    (stored,) = await FileMailer(tmp_path / "mail", SENDER).mails()

    assert (stored.to, stored.subject) == ("marina@yandex.ru", "Письмо <b>")
    assert stored.sender == '"ООО «Энергия», кабинет" <lk@example.ru>'
    assert (stored.text.strip(), stored.html.strip()) == (MAIL.text.strip(), MAIL.html.strip())
    assert datetime.now(UTC) - stored.sent_at < timedelta(minutes=1)
    assert await mailbox.mail(stored.id) == stored


async def test_the_mailbox_has_the_unicode_form_of_an_address(tmp_path: Path):
    await FileMailer(tmp_path, SENDER).send(MAIL, emails.parse("ivan@почта.рф"), key=KEY)

    assert [mail.to for mail in await FileMailer(tmp_path, SENDER).mails()] == ["ivan@почта.рф"]


async def test_the_mailbox_keeps_the_newest(tmp_path: Path):
    mailbox = FileMailer(tmp_path, SENDER, keep=3)
    for number in range(5):
        await mailbox.send(Mail(str(number), "", "", Language.EN), MARINA, key=new_key())

    assert [mail.subject for mail in await mailbox.mails()] == ["4", "3", "2"]


@pytest.mark.parametrize("mail_id", ["", "..", "../secret", "a" * 32])
async def test_the_mailbox_opens_no_other_files(tmp_path: Path, mail_id: str):
    (tmp_path / "secret.eml").write_text("Subject: x\n\n")

    assert await FileMailer(tmp_path / "mail", SENDER).mail(mail_id) is None


async def test_the_demo_s_gateway_stores_a_repeat_once_and_the_newest_messages(tmp_path: Path):
    box = FileSmsGateway(tmp_path, keep=2)
    for is_repeat in (False, True):
        await box.send("раз", PHONE, key=KEY, is_repeat=is_repeat)
    assert [sms.text for sms in await box.all()] == ["раз"]
    for text in ("два", "три"):
        await box.send(text, PHONE, key=new_key())
    assert [sms.text for sms in await box.all()] == ["три", "два"]
    assert {sms.to for sms in await box.all()} == {PHONE}
