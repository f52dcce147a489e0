"""Notices on their way out, by the clock; and forgetting old ones.

Every minute, and not at once: telling a person must not wait for the queue's row of another
transaction, and nothing here is urgent.
"""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.notifications.models import Delivery, DeliveryState, Notice, NoticeChannel
from lk_graphql.notifications.service.delivery import Clock, Gateway, deliver
from lk_graphql.notifications.service.outbox import LeasedDelivery
from lk_graphql.notifications.service.texts import notice_text
from lk_graphql.notifications.service.topics import token_of
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import Mail, MailServerUnavailable, compose
from lk_graphql.ports.sms import SmsGateway, SmsGatewayUnavailable

UNSUBSCRIBE_PAGE = "/unsubscribe"
ONE_CLICK_PATH = "/unsubscribe/one-click"
SHIFT_LENGTH = timedelta(minutes=4)
"""How long one job sends; with more to do, the next one goes on."""
DELIVERY_RETENTION = timedelta(days=400)
NOTICE_RETENTION = timedelta(days=3 * 365)


@job("notifications.send_mails", cron="* * * * *")
async def send_mails(world: JobContext) -> None:
    async def send(one: LeasedDelivery) -> None:
        mail = mail_of(one, world.company, world.ports.signer)
        await world.ports.mail.send(mail, one.email)

    rate = world.ports.mails_per_second
    gateway = Gateway(NoticeChannel.EMAIL, rate, send, (MailServerUnavailable,))
    await _deliver(gateway, world)


@job("notifications.send_sms", cron="* * * * *")
async def send_sms(world: JobContext) -> None:
    if world.ports.sms is not None:
        gateway = sms_gateway(world.ports.sms, world.ports.sms_per_second)
        await _deliver(gateway, world)


@job("notifications.sweep", cron="47 20 * * *")
async def sweep(world: JobContext) -> None:
    """Forget old notices, and that old messages were sent; every night."""
    done = Delivery.exclude(state=DeliveryState.WAITING)
    await done.filter(due_at__lt=world.now - DELIVERY_RETENTION).delete()
    await Notice.filter(created_at__lt=world.now - NOTICE_RETENTION).delete()


def mail_of(delivery: LeasedDelivery, company: Company, links: Signer) -> Mail:
    """In the person's language, with a way out for people and one for mail programs."""
    said = notice_text(delivery.kind, delivery.facts, delivery.language)
    query = urlencode({"token": token_of(delivery.id, links)})
    mail = compose(
        "lk_graphql.notifications",
        "notice",
        delivery.language,
        company=company,
        name=delivery.name,
        title=said.title,
        text=said.text,
        unsubscribe_url=f"{company.public_url}{UNSUBSCRIBE_PAGE}#{query}",
    )
    one_click = f"{company.public_url}{ONE_CLICK_PATH}?{query}"
    return replace(mail, key=delivery.id, unsubscribe_url=one_click)


def sms_gateway(sms: SmsGateway, per_second: float) -> Gateway:
    async def send(one: LeasedDelivery) -> None:
        text = notice_text(one.kind, one.facts, one.language).text
        await sms.send(text, one.phone, key=one.id, is_repeat=one.attempts > 1)

    return Gateway(NoticeChannel.SMS, per_second, send, (SmsGatewayUnavailable,))


async def _deliver(gateway: Gateway, world: JobContext) -> None:
    watch = Clock(world.clock)
    await deliver(gateway, company=world.company, clock=watch, until=world.now + SHIFT_LENGTH)
