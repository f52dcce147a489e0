"""Scheduled delivery of notices, and deletion of old ones.

A job sends the deliveries every minute. The transaction that creates a notice enqueues no job, so
it never waits for a row of the queue.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from lk_graphql.database import retention
from lk_graphql.database.retention import OldRows
from lk_graphql.kit.cabinet_pages import (
    OBJECT_PATHS,
    ActionPath,
    CabinetPath,
    action_link,
    cabinet_link,
    object_link,
)
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.notifications.models import NoticeChannel
from lk_graphql.notifications.service.delivery import Gateway, Send, deliver
from lk_graphql.notifications.service.mail_lines import MailLine, button_label, read_lines
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.notifications.service.outbox import LeasedDelivery
from lk_graphql.notifications.service.texts import notice_text, sms_text
from lk_graphql.notifications.service.topics import token_of
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import Mail, Mailer, MailServerUnavailable, compose
from lk_graphql.ports.sms import SmsGateway, SmsGatewayUnavailable

ONE_CLICK_PATH = "/unsubscribe/one-click"
SHIFT_LENGTH = timedelta(minutes=4)
"""The longest run of one job; the next one continues."""
DELIVERY_RETENTION = timedelta(days=400)
NOTICE_RETENTION = timedelta(days=3 * 365)
_FINISHED = OldRows("delivery", "due_at", "state <> 'WAITING'")
_NOTICES = OldRows("notice", "created_at")


@job("notifications.send_mails", cron="* * * * *")
async def send_mails(context: JobContext) -> None:
    ports = context.ports
    async with ports.mail.session() as session:
        gateway = mail_gateway(
            session, ports.mails_per_second, company=context.company, signer=ports.signer
        )
        await _deliver(gateway, context)


@job("notifications.send_sms", cron="* * * * *")
async def send_sms(context: JobContext) -> None:
    if context.ports.sms is not None:
        gateway = sms_gateway(context.ports.sms, context.ports.sms_per_second)
        await _deliver(gateway, context)


@job("notifications.sweep", cron="47 20 * * *", time_limit=timedelta(hours=6))
async def delete_expired(context: JobContext) -> None:
    """Delete old notices and finished deliveries, every night."""
    await retention.delete(_FINISHED, before=context.now - DELIVERY_RETENTION)
    await retention.delete(_NOTICES, before=context.now - NOTICE_RETENTION)


def mail_gateway(mailer: Mailer, per_second: float, *, company: Company, signer: Signer) -> Gateway:
    """The gateway of mails; few statements read the values of a batch."""

    async def prepare(deliveries: Sequence[LeasedDelivery]) -> Send:
        lines_of = await read_lines(deliveries)

        async def send(delivery: LeasedDelivery) -> None:
            mail = mail_of(delivery, lines_of(delivery), company, signer)
            await mailer.send(mail, delivery.email, key=delivery.id)

        return send

    return Gateway(NoticeChannel.EMAIL, per_second, prepare, (MailServerUnavailable,))


def mail_of(
    delivery: LeasedDelivery, lines: Sequence[MailLine], company: Company, signer: Signer
) -> Mail:
    """A mail in the recipient's language, with a page to unsubscribe and a one-click address."""
    notice = notice_text(delivery.kind, delivery.facts, delivery.language)
    token = token_of(delivery.id, signer)
    mail = compose(
        "lk_graphql.notifications",
        "notice",
        delivery.language,
        company=company,
        name=delivery.name,
        title=notice.title,
        text=notice.text,
        lines=lines,
        action=button_label(delivery.kind, delivery.facts, delivery.language),
        url=_link(delivery, company),
        settings_url=cabinet_link(company, CabinetPath.NOTIFICATIONS),
        unsubscribe_url=action_link(company, ActionPath.UNSUBSCRIPTION, token=token),
    )
    one_click = f"{company.public_url}{ONE_CLICK_PATH}?{urlencode({'token': token})}"
    return replace(mail, unsubscribe_url=one_click)


def _link(delivery: LeasedDelivery, company: Company) -> str:
    """The page of the notice's subject, else of its account, else the cabinet's home."""
    prefix = SUBJECT_PREFIXES.get(delivery.kind)
    if prefix in OBJECT_PATHS and delivery.subject_id:
        return object_link(company, prefix, delivery.subject_id)
    return object_link(company, "acc", delivery.account_id)


def sms_gateway(sms: SmsGateway, per_second: float) -> Gateway:
    async def send(delivery: LeasedDelivery) -> None:
        text = sms_text(delivery.kind, delivery.facts, delivery.language)
        await sms.send(text, delivery.phone, key=delivery.id, is_repeat=delivery.attempts > 1)

    async def prepare(_: Sequence[LeasedDelivery]) -> Send:
        return send

    return Gateway(NoticeChannel.SMS, per_second, prepare, (SmsGatewayUnavailable,))


async def _deliver(gateway: Gateway, context: JobContext) -> None:
    until = context.now + SHIFT_LENGTH
    await deliver(gateway, company=context.company, clock=context.clock, until=until)
