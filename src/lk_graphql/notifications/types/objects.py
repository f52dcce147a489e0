"""Notices and notification settings as GraphQL types."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from lk_graphql.accounts import models as accounts
from lk_graphql.accounts.types.objects import Account
from lk_graphql.identity import models as identity
from lk_graphql.identity.types.objects import User
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications import models
from lk_graphql.notifications.models import NoticeChannel, NoticeKind, NoticeTopic
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.notifications.service.quiet_hours import DEFAULT, minutes_of
from lk_graphql.notifications.service.texts import NoticeFacts, notice_text
from lk_graphql.notifications.service.topics import subscribed_sql
from lk_graphql.planner.declare.scalars import Money, Period
from lk_graphql.planner.types import (
    Node,
    choices,
    column,
    derived,
    expression,
    labels,
    reads,
    reference,
    related,
)

choices(
    NoticeKind,
    "What a notice is about; more kinds may come, `title` and `text` know them all.",
    WINDOW_OPENED="Readings can be handed in («приём показаний открыт»); `day` is the last day.",
    READING_REMINDER="Readings are still missing («напоминание»); `day` is the last day.",
    READINGS_ACCEPTED="Readings of `period` were accepted («показания приняты»).",
    READING_REJECTED="A reading of `period` was turned down after a check.",
    INVOICE_ISSUED="A bill for `period` is there («ежемесячный счёт»): pay `amount` by `day`; 0 if"
    " it is settled already.",
    PAYMENT_DUE="`amount` is to be paid by `day` («срок оплаты»).",
    PAYMENT_OVERDUE="`amount` wasn't paid by `day` («задолженность»).",
    PAYMENT_RECEIVED="`amount` was received («оплата получена»).",
    VERIFICATION_DUE="A meter has to be verified by `day` («поверка»).",
    APPEAL_ANSWERED="Somebody has answered an appeal («ответ на обращение»).",
    APPLICATION_CHANGED="News of a contract application («заявка на договор»).",
    APPLICATION_QUESTION="Staff ask something about an application («вопрос по заявке»).",
    APPLICATION_DECIDED="An application is decided («решение по заявке»).",
    LINK_ADDED="Somebody else has linked an account of yours.",
    LINK_SUSPENDED="You don't see an account any more, until staff decide.",
)
labels(
    NoticeKind,
    WINDOW_OPENED=("Приём показаний открыт", "Readings can be sent"),
    READING_REMINDER=("Напоминание о показаниях", "Reminder of readings"),
    READINGS_ACCEPTED=("Показания приняты", "Readings accepted"),
    READING_REJECTED=("Показание отклонено", "Reading rejected"),
    INVOICE_ISSUED=("Новый счёт", "New bill"),
    PAYMENT_DUE=("Срок оплаты", "Payment due"),
    PAYMENT_OVERDUE=("Просроченная оплата", "Payment overdue"),
    PAYMENT_RECEIVED=("Оплата получена", "Payment received"),
    VERIFICATION_DUE=("Поверка прибора учёта", "Verification of a meter"),
    APPEAL_ANSWERED=("Ответ на обращение", "Answer to an appeal"),
    APPLICATION_CHANGED=("Заявка на договор", "Contract application"),
    APPLICATION_QUESTION=("Вопрос по заявке", "Question about an application"),
    APPLICATION_DECIDED=("Решение по заявке", "Decision on an application"),
    LINK_ADDED=("Счёт подключён в другом кабинете", "Account linked by somebody else"),
    LINK_SUSPENDED=("Доступ к счёту приостановлен", "Access to an account suspended"),
)


def account_id(account_id: UUID | None) -> str | None:
    return account_id and to_public("acc", account_id)


def about_id(kind: NoticeKind, subject_id: UUID | None) -> str | None:
    return to_public(ABOUT[kind], subject_id) if subject_id and kind in ABOUT else None


def title(  # noqa: PLR0913, PLR0917 - columns
    kind: NoticeKind,
    account__number: str | None,
    period: date | None,
    day: date | None,
    amount: Kopecks | None,
    reference: str | None,
    language: Language,
) -> str:
    return notice_text(
        kind, NoticeFacts(account__number, period, day, amount, reference), language
    ).title


def text(  # noqa: PLR0913, PLR0917 - columns
    kind: NoticeKind,
    account__number: str | None,
    period: date | None,
    day: date | None,
    amount: Kopecks | None,
    reference: str | None,
    language: Language,
) -> str:
    return notice_text(
        kind, NoticeFacts(account__number, period, day, amount, reference), language
    ).text


@reads(models.Notice, prefix="ntc", owned_through="user")
class Notice(Node):
    """Something that the cabinet told you («уведомление»).

    It is yours alone: whoever else has the account has a notice of their own. It stays when you
    leave the account, and says what was so at `createdAt`.
    """

    kind: NoticeKind = column("What it is about, for programs.")
    title: str = derived("A line, in the language of the request.", title)
    text: str = derived("What it says, in the language of the request; an SMS says the same.", text)
    account_id: strawberry.ID | None = derived(
        "The id of the account that it is about, if any.",
        account_id,
    )
    account: Account | None = reference(
        "That account; null while you don't have it linked.", of="account_id"
    )
    account_number: str | None = column("That account's number.", of="account__number")
    about_id: strawberry.ID | None = derived(
        "The id of what it is about, also when `about` shows it no more.", about_id
    )
    period: Period | None = column("The month in question, if there is one.")
    day: date | None = column("The day in question: the last to pay, to hand in, to verify.")
    amount: Money | None = column("The sum in question.")
    reference: str | None = column(
        "The number of the appeal or application in question; not of an appeal with a hidden name."
    )
    created_at: datetime = column("When you were told.")
    read_at: datetime | None = column("When you marked it as read; null while you haven't.")
    recipient: User = related(
        "You, for `unreadNotices` beside a notice that `noticeAdded` brings.", of="user"
    )


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
labels(
    NoticeTopic,
    READING_REMINDERS=("Напоминания о показаниях", "Reminders of readings"),
    READING_RESULTS=("Результаты приёма показаний", "Results of readings"),
    BILLS=("Ежемесячный счёт", "Monthly bill"),
    PAYMENTS=("Оплата и задолженность", "Payments and debts"),
    METERS=("Поверка приборов учёта", "Verification of meters"),
    ANSWERS=("Ответы на обращения и заявки", "Answers to appeals and applications"),
)
choices(
    NoticeChannel,
    "A way to you, besides the inbox.",
    EMAIL="By e-mail.",
    SMS="By SMS.",
)
labels(
    NoticeChannel,
    EMAIL=("E-mail", "E-mail"),
    SMS=("SMS", "SMS"),
)


def _quiet_sql(column: str, default: int) -> str:
    """Null if the user has no quiet hours, the default time if there are no settings."""
    return f"""(SELECT to_char(time '00:00' + interval '1 minute' * coalesce(max({column}),
CASE WHEN count(*) = 0 THEN {default} END), 'HH24:MI')
FROM notice_manners WHERE user_id = {{id}})"""  # noqa: S608 - constants


_REFUSED_AT_SQL = """(SELECT refused_at FROM refused_address
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
        sql=_quiet_sql("quiet_from", minutes_of(DEFAULT.start)),
    )
    quiet_until: str | None = expression(
        "When the quiet hours end, `08:00`.", sql=_quiet_sql("quiet_until", minutes_of(DEFAULT.end))
    )
    email_refused_at: datetime | None = expression(
        "Since when nothing goes to your e-mail, because its server takes nothing for it; null"
        " while it works. Change the address, or `resume` it.",
        sql=_REFUSED_AT_SQL.format(channel="EMAIL", address="{email_key}"),
    )
    sms_refused_at: datetime | None = expression(
        "Since when no SMS go to your number, because they can't be delivered; null while they"
        " can. Change the number, or `resume` it.",
        sql=_REFUSED_AT_SQL.format(channel="SMS", address="{phone}"),
    )
    email_topics: list[NoticeTopic] = expression(
        "What comes by e-mail, where an account has no choice of its own.",
        sql=subscribed_sql("email", user="{id}", account="NULL::uuid"),
    )
    sms_topics: list[NoticeTopic] = expression(
        "What comes by SMS while they are switched on.",
        sql=subscribed_sql("sms", user="{id}", account="NULL::uuid"),
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
        "What comes by e-mail.", sql=subscribed_sql("email", user="{viewer}", account="{id}")
    )
    sms_topics: list[NoticeTopic] = expression(
        "What comes by SMS while they are switched on.",
        sql=subscribed_sql("sms", user="{viewer}", account="{id}"),
    )
