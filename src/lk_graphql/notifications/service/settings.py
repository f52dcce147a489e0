"""Notification settings of a user («Мои подписки»), and quiet hours («тихие часы»)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from lk_graphql.accounts.service.links import own_account
from lk_graphql.guards.rate_limits import DAY, AttemptCounter, AttemptLimit, AttemptWindow
from lk_graphql.identity.errors import ConsentOutdated
from lk_graphql.identity.models import DocumentKind, User
from lk_graphql.identity.service import consents
from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit import phones
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.notifications.errors import (
    PhoneNotConfirmed,
    QuietHoursInvalid,
    SmsConsentNeeded,
    TooManyAccounts,
)
from lk_graphql.notifications.models import (
    DeliverySettings,
    NoticeChannel,
    NoticeTopic,
    RefusedAddress,
    TopicSettings,
)
from lk_graphql.profile.service.phone_proofs import is_confirmed

MAX_ACCOUNTS = 50
# A consent and its withdrawal are permanent rows.
SMS_SWITCHES = AttemptLimit("sms-switches/user", (AttemptWindow(20, DAY),))
_TIME_PATTERN = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True)
class QuietHours:
    """Hours in the company's zone, from `start` until just before `end`.

    If `end` is earlier than `start`, they end on the next day.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, start: str, end: str) -> Self:
        """Parse times such as `22:00` and `08:00`. Raises `QuietHoursInvalid`."""
        if not (_TIME_PATTERN.fullmatch(start) and _TIME_PATTERN.fullmatch(end)) or start == end:
            raise QuietHoursInvalid("quietHours")
        return cls(time.fromisoformat(start), time.fromisoformat(end))

    @classmethod
    def of_minutes(cls, start: int, end: int) -> Self:
        """The hours by minutes after midnight, the form of the columns."""
        return cls(time(*divmod(start, 60)), time(*divmod(end, 60)))

    def ends_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The end of the quiet hours if `now` is in them; else None."""
        local = now.astimezone(zone)
        clock = local.time()
        is_overnight = self.end < self.start
        is_late, is_early = clock >= self.start, clock < self.end
        if not (is_late or is_early if is_overnight else is_late and is_early):
            return None
        day = local.date() + timedelta(days=1 if is_overnight and is_late else 0)
        end = datetime.combine(day, self.end, zone)
        # when clocks are set back, an hour is repeated, and the first `end` may have passed
        return end if end.astimezone(UTC) > now else end.replace(fold=1)


DEFAULT_QUIET_HOURS = QuietHours(time(22), time(8))
"""For users without settings."""


def minutes_of(clock: time) -> int:
    """Minutes after midnight, the form of the columns."""
    return clock.hour * 60 + clock.minute


@dataclass(frozen=True)
class Topics:
    """The subscribed topics of each channel; None leaves a channel unchanged."""

    email: Sequence[NoticeTopic] | None = None
    sms: Sequence[NoticeTopic] | None = None


class AccountTopics(NamedTuple):
    """The topics of one account; None deletes them, so that the general ones apply."""

    account_id: UUID | None
    topics: Topics | None


@dataclass(frozen=True)
class SettingsChange:
    """A change of settings; None leaves a setting unchanged.

    `is_never_quiet` removes the quiet hours. `sms_consent` is the version of the consent text,
    needed to switch SMS on. Delivery to refused addresses is resumed for the channels in
    `resumed`.
    """

    has_sms: bool | None = None
    sms_consent: str | None = None
    quiet_hours: QuietHours | None = None
    is_never_quiet: bool = False
    topics: Topics = Topics()
    accounts: Sequence[AccountTopics] = ()
    resumed: Sequence[NoticeChannel] = ()


async def update(
    viewer: Viewer, change: SettingsChange, *, client: Client, signer: Signer, now: datetime
) -> None:
    """Apply a change as a whole or not at all.

    Raises `PhoneNotConfirmed` or `SmsConsentNeeded` when SMS are switched on without a number or
    a consent for them, `RateLimitExceeded` when this happens too often, `AccountNotFound`,
    `TooManyAccounts`.
    """
    if len(change.accounts) > MAX_ACCOUNTS:
        raise TooManyAccounts("accounts", most=MAX_ACCOUNTS)
    async with AttemptCounter(signer, now) as attempts:
        has_sms = DeliverySettings.filter(user_id=viewer.id, has_sms=True)
        if change.has_sms and not await has_sms.exists():
            await attempts.count(SMS_SWITCHES, viewer.id)
        await _update(viewer, change, client=client, now=now)


async def _update(viewer: Viewer, change: SettingsChange, *, client: Client, now: datetime) -> None:
    async with in_transaction():
        user = await lock_own(viewer)
        await _change_delivery_settings(user, change, client, now)
        await _set_topics(viewer, None, change.topics, now)
        addresses = RefusedAddress.filter(user_id=viewer.id)
        await addresses.filter(channel__in=list(change.resumed)).delete()
        for index, (account_id, topics) in enumerate(change.accounts):
            await own_account(viewer, account_id, path=("accounts", str(index), "accountId"))
            if topics is None:
                await TopicSettings.filter(user_id=viewer.id, account_id=account_id).delete()
            else:
                await _set_topics(viewer, account_id, topics, now)


async def stop_sms(user_id: UUID, now: datetime) -> None:
    """Switch SMS off when its consent is withdrawn; waiting messages are dropped when due."""
    await DeliverySettings.filter(user_id=user_id).update(has_sms=False, changed_at=now)


async def _change_delivery_settings(
    user: User, change: SettingsChange, client: Client, now: datetime
) -> None:
    settings = await DeliverySettings.get_or_none(user_id=user.id) or DeliverySettings(
        user_id=user.id,
        quiet_from=minutes_of(DEFAULT_QUIET_HOURS.start),
        quiet_until=minutes_of(DEFAULT_QUIET_HOURS.end),
    )
    if change.has_sms is not None:
        await _switch_sms(user, settings, change, client, now)
    if change.is_never_quiet:
        settings.quiet_from = settings.quiet_until = None
    if change.quiet_hours:
        settings.quiet_from = minutes_of(change.quiet_hours.start)
        settings.quiet_until = minutes_of(change.quiet_hours.end)
    settings.changed_at = now
    await settings.save()


async def _switch_sms(
    user: User, settings: DeliverySettings, change: SettingsChange, client: Client, now: datetime
) -> None:
    """Switch SMS on with a consent or off with its withdrawal, recording each only once."""
    phone = Phone(user.phone)
    if change.has_sms and not (phones.is_mobile(phone) and await is_confirmed(user.id, phone)):
        raise PhoneNotConfirmed("smsEnabled")
    if change.has_sms and not settings.has_sms:
        current = await consents.current(now=now)
        try:
            text = consents.matching_document(current, DocumentKind.SMS, change.sms_consent or "")
        except ConsentOutdated:
            raise SmsConsentNeeded("smsConsentVersion") from None
        await consents.record(user, [text], client=client, now=now)
    elif not change.has_sms:
        await consents.withdraw(user, DocumentKind.SMS, client=client, now=now)
    settings.has_sms = bool(change.has_sms)


async def _set_topics(
    viewer: Viewer, account_id: UUID | None, topics: Topics, now: datetime
) -> None:
    """Store topics; those of an account start as the general ones."""
    if topics == Topics():
        return
    rows = TopicSettings.filter(user_id=viewer.id)
    general = await rows.get_or_none(account_id=None)
    settings = await rows.get_or_none(account_id=account_id) or TopicSettings(
        user_id=viewer.id,
        account_id=account_id,
        muted_by_email=general.muted_by_email if general else [],
        muted_by_sms=general.muted_by_sms if general else [],
    )
    if topics.email is not None:
        settings.muted_by_email = _muted(topics.email)
    if topics.sms is not None:
        settings.muted_by_sms = _muted(topics.sms)
    settings.changed_at = now
    await settings.save()


def _muted(topics: Sequence[NoticeTopic]) -> list[str]:
    return [topic.value for topic in NoticeTopic if topic not in topics]
