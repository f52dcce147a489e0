"""What happens to links, for the inboxes of those whom it concerns; `accounts` mails it besides."""

from datetime import datetime

from lk_graphql.accounts.models import AccountLink, LinkEventKind, LinkState
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.telling import News, tell_user

_SUSPENDED = (LinkEventKind.SUSPENDED_BY_NOTICE, LinkEventKind.SUSPENDED_BY_NEW_HOLDER)


async def hear(link: AccountLink, kind: LinkEventKind, now: datetime) -> None:
    """In the transaction of the event."""
    if kind is LinkEventKind.LINKED:
        news = News(NoticeKind.LINK_ADDED, f"link/{link.id.hex}")
        others = AccountLink.filter(account_id=link.account_id, state=LinkState.ACTIVE)
        for other in await others.exclude(user_id=link.user_id):
            await tell_user(other.user_id, news, account_id=link.account_id, now=now)
    elif kind in _SUSPENDED:
        news = News(NoticeKind.LINK_SUSPENDED, f"suspended/{link.id.hex}/{now:%Y%m%d%H%M%S}")
        await tell_user(link.user_id, news, account_id=link.account_id, now=now)
