"""Personal data in notices and their settings."""

from datetime import datetime
from uuid import UUID

from lk_graphql.notifications.models import (
    CalendarFeed,
    DeliverySettings,
    DeliveryState,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeTopic,
    RefusedAddress,
    TopicSettings,
)
from lk_graphql.profile.service.personal_data import DataEraser, DataListing, PersonalData

_NOTICES = """
SELECT notice.id, json_build_object(
    'kind', kind, 'account', account.number, 'period', period, 'day', day,
    'amount', round(amount / 100.0, 2)::text, 'reference', reference, 'createdAt', created_at,
    'readAt', read_at,
    'sent', (SELECT coalesce(json_agg(json_build_object('channel', channel, 'state', state,
        'sentAt', sent_at) ORDER BY channel), '[]')
        FROM delivery WHERE delivery.notice_id = notice.id))
FROM notice LEFT JOIN account ON account.id = notice.account_id WHERE notice.user_id = $1
"""
_TOPIC_SETTINGS = """
SELECT settings.id, json_build_object(
    'account', account.number, 'mutedByEmail', muted_by_email, 'mutedBySms', muted_by_sms,
    'changedAt', changed_at)
FROM notice_choice AS settings LEFT JOIN account ON account.id = settings.account_id
WHERE settings.user_id = $1
"""
_DELIVERY_SETTINGS = """
SELECT user_id, json_build_object(
    'hasSms', has_sms, 'quietFromMinute', quiet_from, 'quietUntilMinute', quiet_until,
    'changedAt', changed_at)
FROM notice_manners WHERE user_id = $1
"""
_FEEDS = """
SELECT id, json_build_object('createdAt', created_at) FROM calendar_feed WHERE user_id = $1
"""

_REFUSED = """
SELECT id, json_build_object('channel', channel, 'address', address, 'refusedAt', refused_at)
FROM refused_address WHERE user_id = $1
"""
_DELIVERIES = {
    DeliveryState.WAITING: "Ждёт отправки",
    DeliveryState.SENT: "Отправлено",
    DeliveryState.DROPPED: "Не отправлено: уже не нужно или поздно",
    DeliveryState.FAILED: "Не доставлено",
}


async def erase_notices(user_id: UUID, _: datetime) -> int:
    """Delete notices with their deliveries; return the number of notices."""
    return await Notice.filter(user_id=user_id).delete()


async def erase_settings(user_id: UUID, _: datetime) -> int:
    settings = await DeliverySettings.filter(user_id=user_id).delete()
    feeds = await CalendarFeed.filter(user_id=user_id).delete()
    refused = await RefusedAddress.filter(user_id=user_id).delete()
    return refused + feeds + settings + await TopicSettings.filter(user_id=user_id).delete()


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing(
            "notifications",
            "Уведомления",
            _NOTICES,
            {"kind": NoticeKind, "sent.channel": NoticeChannel, "sent.state": _DELIVERIES},
        ),
        DataListing(
            "notification-topics",
            "Темы уведомлений",
            _TOPIC_SETTINGS,
            {"mutedByEmail": NoticeTopic, "mutedBySms": NoticeTopic},
        ),
        DataListing("notification-settings", "Настройки уведомлений", _DELIVERY_SETTINGS),
        DataListing("calendar-feeds", "Календари", _FEEDS),
        DataListing(
            "undeliverable-addresses", "Недоступные адреса", _REFUSED, {"channel": NoticeChannel}
        ),
    ),
    erasers=(DataEraser("notice", erase_notices), DataEraser("notice_settings", erase_settings)),
)
