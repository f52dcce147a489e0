"""Every reason why something about notices is refused."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal


class NotificationErrorCode(StrEnum):
    """Why something about notices was refused."""

    NOTICE_NOT_FOUND = "NOTICE_NOT_FOUND"
    TOO_MANY_NOTICES = "TOO_MANY_NOTICES"


class NoticeNotFound(Refusal):
    """Not there and not yours are the same answer."""

    code = NotificationErrorCode.NOTICE_NOT_FOUND
    ru = "Среди ваших уведомлений такого нет."
    en = "There is no such notice among yours."


class TooManyNotices(Refusal):
    code = NotificationErrorCode.TOO_MANY_NOTICES
    ru = "Не больше {most} уведомлений за раз."
    en = "At most {most} notices at a time."
