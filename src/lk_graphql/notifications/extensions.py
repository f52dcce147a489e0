"""The fields that notifications add to the customer, to accounts and to the settings."""

from lk_graphql.accounts.types.objects import Account
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service import calendar, notices, settings
from lk_graphql.notifications.types.objects import (
    AccountNotificationSettings,
    Notice,
    NotificationSettings,
)
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.filters import exactly, filter_input, one_of
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import aggregate, derived, extends, pages, part

FEED_SQL = """(SELECT json_build_object('id', feed.id, 'nonce', encode(feed.nonce, 'hex'))
FROM calendar_feed AS feed WHERE feed.user_id = {id} AND EXISTS (
    SELECT FROM session WHERE session.id = {session} AND session.staff_id IS NULL))"""
"""Null for staff who view the cabinet, because the address would outlive their session."""


def calendar_url(feed: dict[str, str] | None, company: Company, signer: Signer) -> str | None:
    return calendar.url(feed, company.public_url, signer)


def calendar_webcal_url(
    feed: dict[str, str] | None, company: Company, signer: Signer
) -> str | None:
    return calendar.webcal(calendar.url(feed, company.public_url, signer))


@filter_input
class NoticeFilterInput:
    """Filters of notices; omitted fields filter nothing."""

    kinds: list[NoticeKind] | None = one_of("Only notices of these kinds.", of="kind")
    account_number: str | None = exactly(
        "Only notices about the account with this number.", of="account__number"
    )


@extends(User)
class UserNotices:
    """Notices, settings and calendar of a user."""

    notices: Connection[Notice] = pages(
        "The customer's notices, the newest first («уведомления»).",
        by="-created_at",
        filters=NoticeFilterInput,
    )
    unread_notices: int = aggregate(
        "The number of notices that aren't marked as read.",
        of="notices",
        sql="count(*)",
        where="{read_at} IS NULL",
    )
    notification_settings: NotificationSettings = part("The settings of notices.")
    calendar_url: Url | None = derived(
        "The address for calendar programs («календарь», iCalendar), with the days of "
        "windows, bills and verifications. It gives access without sign-in; null until "
        "`calendarFeedSwitch`, and for staff who view the cabinet.",
        calendar_url,
        feed=FEED_SQL,
    )
    calendar_webcal_url: Url | None = derived(
        "The same address with `webcal:`, for a link or button: phones and desktops open "
        "their calendar program, which subscribes instead of loading the days once.",
        calendar_webcal_url,
        feed=FEED_SQL,
    )


@extends(Account)
class AccountNotifications:
    """Notification settings of an account."""

    notification_settings: AccountNotificationSettings = part(
        "The settings of notices about the account."
    )


@extends(PublicSettings)
class NoticeSettings:
    """Limits of the mutations about notices."""

    most_notices_read: int = derived(
        "The maximum number of `ids` in a call of `noticesMarkRead`.", lambda: notices.MAX_MARKED
    )
    most_account_settings: int = derived(
        "The maximum number of `accounts` in a call of `notificationSettingsUpdate`.",
        lambda: settings.MAX_ACCOUNTS,
    )
