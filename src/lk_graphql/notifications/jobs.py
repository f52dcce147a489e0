"""Notices on their way out, by the clock; and forgetting old ones.

Every minute, and not at once: telling a person must not wait for the queue's row of another
transaction, and nothing here is urgent.
"""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Links
from lk_graphql.notifications.models import Delivery, DeliveryState, Notice, NoticeChannel
from lk_graphql.notifications.service.delivery import Gateway, Watch, hand_over
from lk_graphql.notifications.service.outbox import Taken
from lk_graphql.notifications.service.texts import words
from lk_graphql.notifications.service.topics import token_of
from lk_graphql.ports.jobs import World, job
from lk_graphql.ports.mail import Mail, MailServerAway, compose
from lk_graphql.ports.sms import SmsGateway, SmsGatewayAway

UNSUBSCRIBE_PAGE = "/unsubscribe"
ONE_CLICK_PATH = "/unsubscribe/one-click"
SHIFT = timedelta(minutes=4)
"""How long one job sends; with more to do, the next one goes on."""
DELIVERIES_KEPT = timedelta(days=400)
NOTICES_KEPT = timedelta(days=3 * 365)


@job("notifications.send_mails", cron="* * * * *")
async def send_mails(world: World) -> None:
    async def send(one: Taken) -> None:
        mail = mail_of(one, world.company, world.ports.links)
        await world.ports.mail.send(mail, one.email)

    rate = world.ports.mails_per_second
    gateway = Gateway(NoticeChannel.EMAIL, rate, send, (MailServerAway,))
    await _hand_over(gateway, world)


@job("notifications.send_sms", cron="* * * * *")
async def send_sms(world: World) -> None:
    if world.ports.sms is not None:
        gateway = sms_gateway(world.ports.sms, world.ports.sms_per_second)
        await _hand_over(gateway, world)


@job("notifications.sweep", cron="47 20 * * *")
async def sweep(world: World) -> None:
    """Forget old notices, and that old messages were sent; every night."""
    done = Delivery.exclude(state=DeliveryState.WAITING)
    await done.filter(due_at__lt=world.now - DELIVERIES_KEPT).delete()
    await Notice.filter(created_at__lt=world.now - NOTICES_KEPT).delete()


def mail_of(one: Taken, company: Company, links: Links) -> Mail:
    """In the person's language, with a way out for people and one for mail programs."""
    said = words(one.kind, one.facts, one.language)
    query = urlencode({"token": token_of(one.id, links)})
    mail = compose(
        "lk_graphql.notifications",
        "notice",
        one.language,
        company=company,
        name=one.name,
        title=said.title,
        text=said.text,
        unsubscribe_url=f"{company.public_url}{UNSUBSCRIBE_PAGE}#{query}",
    )
    one_click = f"{company.public_url}{ONE_CLICK_PATH}?{query}"
    return replace(mail, key=one.id, unsubscribe_url=one_click)


def sms_gateway(sms: SmsGateway, per_second: float) -> Gateway:
    async def send(one: Taken) -> None:
        text = words(one.kind, one.facts, one.language).text
        await sms.send(text, one.phone, key=one.id, is_repeat=one.attempts > 1)

    return Gateway(NoticeChannel.SMS, per_second, send, (SmsGatewayAway,))


async def _hand_over(gateway: Gateway, world: World) -> None:
    watch = Watch(world.clock)
    await hand_over(gateway, company=world.company, watch=watch, until=world.now + SHIFT)
