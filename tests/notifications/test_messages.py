"""Mails with their unsubscribe links, SMS, one-click unsubscription, deletion of old notices."""

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from lk_graphql.accounts.models import Account
from lk_graphql.identity.models import User
from lk_graphql.kit import emails
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, Zone
from lk_graphql.notifications.jobs import delete_expired, send_mails, send_sms
from lk_graphql.notifications.models import (
    Delivery,
    DeliverySettings,
    DeliveryState,
    Notice,
    NoticeChannel,
    NoticeKind,
    TopicSettings,
)
from lk_graphql.notifications.routes import routes
from lk_graphql.notifications.service.notices import NoticeEvent, notify_linked
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.mail import InMemoryMailer, Mail, Sender
from lk_graphql.ports.mail.message import message
from lk_graphql.ports.sms import InMemorySmsGateway
from tests.factories.accounts import (
    LINKS,
    NOW,
    given_bare_account,
    given_invoice,
    given_link,
    given_meter,
)
from tests.factories.notifications import COMPANY, given_confirmed_phone
from tests.support.client import ApiClient

ANNA = emails.parse("anna@example.com")
BILL = NoticeEvent(
    NoticeKind.INVOICE_ISSUED,
    "invoice/1",
    period=date(2026, 10, 1),
    day=date(2026, 12, 16),
    amount=Kopecks(64_000),
)


@pytest.fixture
async def context(anna: Viewer) -> JobContext:
    """Anna has a notice of a bill, and SMS without quiet hours."""
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    await given_confirmed_phone(anna)
    await DeliverySettings.create(user_id=anna.id, has_sms=True, changed_at=NOW)
    await notify_linked(account.id, BILL, now=NOW)
    ports: Any = SimpleNamespace(
        mail=InMemoryMailer(),
        sms=InMemorySmsGateway(),
        signer=LINKS,
        mails_per_second=100,
        sms_per_second=100,
    )
    return JobContext(ports, COMPANY, datetime.now(NOW.tzinfo))


async def test_a_mail_has_its_text_and_the_headers_to_unsubscribe(context: JobContext):
    await send_mails(context)
    mails: Any = context.ports.mail
    (mail,) = mails.to(ANNA)
    assert mail.subject == "Квитанция за октябрь 2026"
    assert "Здравствуйте, Пелагея Сергеевна!" in mail.text
    assert "640,00" in mail.text
    assert "https://lk.example/unsubscribe#token=" in mail.text
    delivery = await Delivery.get(channel=NoticeChannel.EMAIL)
    parsed = message_from_bytes(
        message(
            mail, ANNA, Sender("МЭФ", emails.parse("lk@example.ru")), key=mails.keys[0], now=NOW
        ),
        policy=default,
    )
    assert parsed["Message-ID"] == f"<{delivery.id.hex}@example.ru>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["List-Unsubscribe"].startswith("<https://lk.example/unsubscribe/one-click?token=")


async def test_the_button_of_a_cabinet_of_its_own_opens_the_bill(context: JobContext):
    company = replace(COMPANY, cabinet_url="https://app.example")
    await Notice.all().update(subject_id=UUID(int=7))
    await send_mails(replace(context, company=company))
    mails: Any = context.ports.mail
    (mail,) = mails.to(ANNA)
    assert f"https://app.example/invoices/inv_{UUID(int=7).hex}\n" in mail.text
    assert "https://app.example/settings/notifications" in mail.text
    assert "https://app.example/unsubscribe#token=" in mail.text
    assert (mail.unsubscribe_url or "").startswith("https://lk.example/unsubscribe/one-click?")


async def test_a_bill_s_mail_has_its_values_and_a_button_to_pay(context: JobContext):
    account = await Account.get()
    bill = await given_invoice(account, 10, charged=64_000, unpaid=64_000)
    await Notice.all().update(subject_id=bill.id)
    await send_mails(context)
    mails: Any = context.ports.mail
    (mail,) = mails.to(ANNA)
    assert [line for line in mail.text.splitlines() if line.startswith("  ")] == [
        "  Лицевой счёт: 0400000001",
        f"  Адрес: {account.address}",
        "  Период: октябрь 2026",
        "  К оплате: 640,00 ₽",
        "  Оплатить до: 16.12.2026",
        "  Расход, кВт·ч: 150",
        "  На начало месяца: 500,00 ₽",
        "  Начислено: 640,00 ₽",
    ]
    assert "Оплатить:\nhttps://lk.example" in mail.text


async def test_a_paid_bill_s_mail_has_no_button_to_pay(context: JobContext):
    await Notice.all().update(amount=0)
    await send_mails(context)
    mails: Any = context.ports.mail
    (mail,) = mails.to(ANNA)
    assert "Посмотреть квитанцию:\n" in mail.text
    assert "Оплатить:" not in mail.text


async def test_accepted_readings_are_in_the_mail(context: JobContext):
    account = await Account.get()
    await given_meter(account, "12345678")
    await Notice.all().update(kind=NoticeKind.READINGS_ACCEPTED, amount=None, day=None)
    await send_mails(context)
    mails: Any = context.ports.mail
    (mail,) = mails.to(ANNA)
    assert mail.subject == "Показания приняты"
    assert "  № 12345678, день: 12 345 (20.10.2026)\n" in mail.text
    assert "  № 12345678, ночь: 678 (20.10.2026)\n" in mail.text


async def test_a_mail_of_accepted_readings_has_none_of_an_earlier_holder(context: JobContext):
    """The earlier holder has read both registers, the new one the first only."""
    await given_meter(await Account.get(), "12345678")
    night = Reading.filter(register__zone=Zone.NIGHT, period=date(2026, 10, 1))
    await night.update(taken_on=date(2026, 10, 15))
    await Account.all().update(visible_days=((date(2026, 10, 16), None),))
    await Notice.all().update(kind=NoticeKind.READINGS_ACCEPTED, amount=None, day=None)
    await send_mails(context)
    mails: Any = context.ports.mail
    (mail,) = mails.to(ANNA)
    assert [line for line in mail.text.splitlines() if "№" in line] == [
        "  № 12345678, день: 12 345 (20.10.2026)"
    ]


async def test_lists_of_mails_show_the_news_beside_the_subject(context: JobContext):
    await send_mails(context)
    mails: Any = context.ports.mail
    body = mails.to(ANNA)[0].html.partition("<body")[2]
    assert "Лицевой счёт 0400000001, октябрь 2026: 640,00 ₽" in body[: body.index("<table")]


async def test_mails_and_sms_are_in_the_recipient_s_language(context: JobContext, anna: Viewer):
    await User.filter(id=anna.id).update(preferred_language=Language.EN)
    await send_mails(context)
    await send_sms(context)
    mails: Any = context.ports.mail
    sms: Any = context.ports.sms
    assert mails.to(ANNA)[0].subject == "Your bill for October 2026"
    assert sms.to(Phone("+79131234567")) == [
        "Account 0400000001, October 2026: ₽640.00, due by 2026-12-16."
    ]


async def test_an_sms_has_no_name(context: JobContext):
    await send_sms(context)
    sms: Any = context.ports.sms
    ((key, (phone, text)),) = sms.sent.items()
    assert key == (await Delivery.get(channel=NoticeChannel.SMS)).id
    assert phone == "+79131234567"
    assert text == ("Л/с 0400000001, октябрь 2026: 640,00\u00a0₽, оплатить до 16.12.2026.")


async def test_without_a_gateway_sms_wait(context: JobContext):
    ports: Any = context.ports
    ports.sms = None
    await send_sms(context)
    assert (await Delivery.get(channel=NoticeChannel.SMS)).state is DeliveryState.WAITING


async def test_a_mail_program_s_button_unsubscribes_by_one_post(
    context: JobContext, api: ApiClient
):
    await send_mails(context)
    mails: Any = context.ports.mail
    mail: Mail = mails.to(ANNA)[0]
    address = urlsplit(mail.unsubscribe_url or "")
    site: Any = SimpleNamespace(state=lambda: context)
    transport = httpx.ASGITransport(Starlette(routes=routes(site)))
    async with httpx.AsyncClient(transport=transport, base_url="https://lk.example") as http:
        url = f"{address.path}?{address.query}"
        page = await http.get(url)
        assert await TopicSettings.all().count() == 0  # a GET of a link scanner must change nothing
        assert page.status_code == 303
        token = parse_qs(address.query)["token"][0]
        assert page.headers["location"].startswith("https://lk.example/unsubscribe#token=")
        assert token.rstrip("=") in page.headers["location"]
        response = await http.post(url, data={"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert (await TopicSettings.get()).muted_by_email == ["BILLS"]
        refusal = await http.post(f"{address.path}?token=x")
        assert refusal.status_code == 410


async def test_old_notices_are_deleted_and_waiting_ones_are_not(context: JobContext):
    await send_mails(context)
    await Delivery.all().update(due_at=context.now)
    await Notice.all().update(created_at=context.now)
    await delete_expired(context)
    assert await Delivery.all().count() == 2
    await Delivery.all().update(due_at=datetime(2020, 1, 1, tzinfo=NOW.tzinfo))
    await delete_expired(context)
    assert await Delivery.all().values_list("channel", flat=True) == [NoticeChannel.SMS]
    await Notice.all().update(created_at=datetime(2020, 1, 1, tzinfo=NOW.tzinfo))
    await delete_expired(context)
    assert await Notice.all().count() + await Delivery.all().count() == 0
