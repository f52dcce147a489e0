"""How a person is told («Мои подписки»), declared over the person and over their accounts."""

from datetime import datetime

from lk_graphql.accounts import models as accounts
from lk_graphql.identity import models as identity
from lk_graphql.notifications.models import NoticeChannel, NoticeTopic
from lk_graphql.notifications.service.quiet import USUAL, minute
from lk_graphql.notifications.service.topics import on_in_sql
from lk_graphql.reads.declare import choices, expression, reads

choices(
    NoticeTopic,
    "What one subscribes to («подписка»); what concerns access to an account always comes.",
    READING_REMINDERS="That readings can be handed in, and that they are missing.",
    READING_RESULTS="What became of readings: accepted or turned down («показания приняты»).",
    BILLS="The monthly bill («ежемесячный счёт»).",
    PAYMENTS="When payment is due, overdue, received («оплата»).",
    METERS="When a meter has to be verified («поверка»).",
    ANSWERS="Answers to appeals, news of applications («ответы»).",
)
choices(
    NoticeChannel,
    "A way to you, besides the inbox.",
    EMAIL="By e-mail.",
    SMS="By SMS.",
)


def _quiet(column: str, usual: int) -> str:
    """Null for who has no quiet hours, the usual ones for who has chosen nothing."""
    return f"""(SELECT to_char(time '00:00' + interval '1 minute' * coalesce(max({column}),
CASE WHEN count(*) = 0 THEN {usual} END), 'HH24:MI')
FROM notice_manners WHERE user_id = {{id}})"""  # noqa: S608 - our own names


_REFUSED_AT = """(SELECT refused_at FROM refused_address
WHERE user_id = {{id}} AND channel = '{channel}' AND address = {address})"""


@reads(identity.User)
class NotificationSettings:
    """How you are told; every notice is in the inbox besides («Мои подписки»)."""

    sms_enabled: bool = expression(
        "The switch for SMS; they also need a confirmed number, see `isPhoneConfirmed`.",
        sql="EXISTS (SELECT FROM notice_manners WHERE user_id = {id} AND has_sms)",
    )
    quiet_from: str | None = expression(
        "From when on nothing is sent, `22:00` in the company's zone; null: at any hour.",
        sql=_quiet("quiet_from", minute(USUAL.start)),
    )
    quiet_until: str | None = expression(
        "When the quiet hours end, `08:00`.", sql=_quiet("quiet_until", minute(USUAL.end))
    )
    email_refused_at: datetime | None = expression(
        "Since when nothing goes to your e-mail, because its server takes nothing for it; null"
        " while it works. Change the address, or `resume` it.",
        sql=_REFUSED_AT.format(channel="EMAIL", address="{email_key}"),
    )
    sms_refused_at: datetime | None = expression(
        "Since when no SMS go to your number, because they can't be delivered; null while they"
        " can. Change the number, or `resume` it.",
        sql=_REFUSED_AT.format(channel="SMS", address="{phone}"),
    )
    email_topics: list[NoticeTopic] = expression(
        "What comes by e-mail, where an account has no choice of its own.",
        sql=on_in_sql("email", user="{id}", account="NULL::uuid"),
    )
    sms_topics: list[NoticeTopic] = expression(
        "What comes by SMS while they are switched on.",
        sql=on_in_sql("sms", user="{id}", account="NULL::uuid"),
    )


@reads(accounts.Account)
class AccountNotificationSettings:
    """What comes to you about this account."""

    is_own: bool = expression(
        "Whether it has a choice of its own; else it follows the general one.",
        sql="""EXISTS (SELECT FROM notice_choice
WHERE user_id = {viewer} AND account_id = {id})""",
    )
    email_topics: list[NoticeTopic] = expression(
        "What comes by e-mail.", sql=on_in_sql("email", user="{viewer}", account="{id}")
    )
    sms_topics: list[NoticeTopic] = expression(
        "What comes by SMS while they are switched on.",
        sql=on_in_sql("sms", user="{viewer}", account="{id}"),
    )
