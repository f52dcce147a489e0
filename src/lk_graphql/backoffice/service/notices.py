"""Sending a customer's notice once more («отправить повторно»)."""

from datetime import date
from uuid import UUID

from lk_graphql.backoffice.errors import (
    NoticeOnItsWay,
    NoticeUndeliverable,
    StaffNoticeNotFound,
    TooManyStaffTries,
)
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service.acts import Doing, Row, noted
from lk_graphql.identity.service import limits
from lk_graphql.identity.service.limits import DAY, HOUR, MINUTE, Limit, Window
from lk_graphql.kit.tokens import Links
from lk_graphql.notifications.models import Notice
from lk_graphql.notifications.service.resending import is_on_its_way, resend

# A message takes minutes to arrive, and who hasn't got three won't get the fourth.
OF_NOTICE = Limit(
    "notice-resend/notice", (Window(1, 10 * MINUTE), Window(3, DAY)), TooManyStaffTries
)
# As many as a clerk can have callers; SMS cost money.
BY_STAFF = Limit("notice-resend/staff", (Window(30, HOUR), Window(100, DAY)), TooManyStaffTries)


async def resend_notice(doing: Doing, notice_id: UUID | None, *, today: date, links: Links) -> UUID:
    """Send it again in all ways that the customer wants and that work.

    Raises `StaffNoticeNotFound`, `NoticeOnItsWay`, `NoticeUndeliverable`, `TooManyStaffTries`.
    """
    missing = StaffNoticeNotFound("noticeId")
    if not await Notice.exists(id=notice_id):
        raise missing
    for limit, subject in ((OF_NOTICE, notice_id), (BY_STAFF, doing.staff.id)):
        await limits.spend(limit, subject, links=links, now=doing.now)

    async def again(key: UUID) -> None:
        notice = await Notice.get_or_none(id=key)
        if notice is None:
            raise missing
        if not await resend(notice, today=today, now=doing.now):
            waits = await is_on_its_way(key)
            raise (NoticeOnItsWay if waits else NoticeUndeliverable)("noticeId")

    return await noted(Act.NOTICE_RESENT, Row("notice", notice_id, missing), doing, again)
