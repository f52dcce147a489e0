"""Notices and notification settings as GraphQL types."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from lk_graphql.accounts import models as accounts
from lk_graphql.accounts.types.objects import Account
from lk_graphql.identity import models as identity
from lk_graphql.identity.types.objects import User
from lk_graphql.kit.enum_labels import label
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications import models
from lk_graphql.notifications.models import NoticeChannel, NoticeKind, NoticeTopic
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.notifications.service.settings import DEFAULT_QUIET_HOURS, minutes_of
from lk_graphql.notifications.service.texts import NoticeFacts, notice_text
from lk_graphql.notifications.service.topics import TOPIC_OF, subscribed_sql
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
    "The kind of a notice; more kinds may be added, all with a `title` and a `text`.",
    WINDOW_OPENED="Readings can be submitted («приём показаний открыт»); `day` is the last day.",
    READING_REMINDER="Readings are still missing («напоминание»); `day` is the last day.",
    READINGS_ACCEPTED="Readings of `period` were accepted («показания приняты»).",
    READING_REJECTED="A reading of `period` was rejected after a check.",
    INVOICE_ISSUED=(
        "A bill for `period` was issued («ежемесячный счёт»): pay `amount` by `day`; 0 if it "
        "is settled already."
    ),
    PAYMENT_DUE="`amount` is to be paid by `day` («срок оплаты»).",
    PAYMENT_OVERDUE="`amount` wasn't paid by `day` («задолженность»).",
    PAYMENT_RECEIVED="`amount` was received («оплата получена»).",
    VERIFICATION_DUE="A meter has to be verified by `day` («поверка»).",
    APPEAL_ANSWERED="An appeal was answered («ответ на обращение»).",
    APPLICATION_CHANGED="A contract application has changed («заявка на договор»).",
    APPLICATION_QUESTION="Staff have asked a question about an application («вопрос по заявке»).",
    APPLICATION_DECIDED="An application was decided («решение по заявке»).",
    LINK_ADDED="Another person has linked an account of the customer.",
    LINK_SUSPENDED="The access to an account is suspended until staff decide.",
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


def public_account_id(account_id: UUID | None) -> str | None:
    return account_id and to_public("acc", account_id)


def public_subject_id(kind: NoticeKind, subject_id: UUID | None) -> str | None:
    return (
        to_public(SUBJECT_PREFIXES[kind], subject_id)
        if subject_id and kind in SUBJECT_PREFIXES
        else None
    )


def notice_title(  # noqa: PLR0913, PLR0917 - columns
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


def notice_body(  # noqa: PLR0913, PLR0917 - columns
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
    """A notice of the cabinet to the customer («уведомление»).

    It belongs to one customer: others with access to the account have notices of their own. It
    stays when the customer unlinks the account, and states the facts as of `createdAt`.
    """

    kind: NoticeKind = column("The machine-readable kind of the notice.")
    title: str = derived("The title on one line, in the language of the request.", notice_title)
    text: str = derived(
        "The text of the notice and of its SMS, in the language of the request.", notice_body
    )
    account_id: strawberry.ID | None = derived(
        "The id of the notice's account; null if it is about none.",
        public_account_id,
    )
    account: Account | None = reference(
        "The notice's account; null while the customer doesn't have it linked.", of="account_id"
    )
    account_number: str | None = column("The number of the notice's account.", of="account__number")
    about_id: strawberry.ID | None = derived(
        "The id of the notice's object, also if `about` no longer returns it.", public_subject_id
    )
    period: Period | None = column("The month of the notice; null if there is none.")
    day: date | None = column(
        "The day of the notice: the last one for payment, submission or verification."
    )
    amount: Money | None = column("The amount of the notice.")
    reference: str | None = column(
        "The number of the notice's appeal or application; null for an appeal with a hidden name."
    )
    created_at: datetime = column("The date and time of the notice.")
    read_at: datetime | None = column(
        "The date and time at which the customer marked the notice as read; null until then."
    )
    recipient: User = related(
        "The customer, for selecting `unreadNotices` beside a notice of `noticeAdded`.", of="user"
    )


choices(
    NoticeTopic,
    "A topic of subscriptions («подписка»); notices about access to an account are always sent.",
    READING_REMINDERS=(
        "The opening of the submission of readings, and reminders of missing readings."
    ),
    READING_RESULTS="The acceptance or rejection of readings («показания приняты»).",
    BILLS="The monthly bill («ежемесячный счёт»).",
    PAYMENTS="Payments that are due, overdue or received («оплата»).",
    METERS="The due verification of a meter («поверка»).",
    ANSWERS="Answers to appeals, and changes of applications («ответы»).",
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


def topic_label(topic: NoticeTopic, language: Language) -> str:
    """The label of a topic, and those of the kinds of notices that it has."""
    labels = (label(kind, language) for kind in NoticeKind if TOPIC_OF.get(kind) is topic)
    kinds = ", ".join(text[0].lower() + text[1:] for text in labels)
    return f"{label(topic, language)}: {kinds}"


choices(
    NoticeChannel,
    "A channel of delivery besides the inbox.",
    EMAIL="Delivery by e-mail.",
    SMS="Delivery by SMS.",
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
    """The settings of notices; every notice is in the inbox too («Мои подписки»)."""

    sms_enabled: bool = expression(
        "Whether SMS are switched on; they also require a confirmed number, see "
        "`isPhoneConfirmed`.",
        sql="EXISTS (SELECT FROM notice_manners WHERE user_id = {id} AND has_sms)",
    )
    quiet_from: str | None = expression(
        "The start of the quiet hours, `22:00` in the company's time zone; null if there are none.",
        sql=_quiet_sql("quiet_from", minutes_of(DEFAULT_QUIET_HOURS.start)),
    )
    quiet_until: str | None = expression(
        "The end of the quiet hours, `08:00`.",
        sql=_quiet_sql("quiet_until", minutes_of(DEFAULT_QUIET_HOURS.end)),
    )
    email_refused_at: datetime | None = expression(
        "The date and time since which no mail is sent, because the mail server refuses "
        "it; null while it works. Change the address, or `resume` it.",
        sql=_REFUSED_AT_SQL.format(channel="EMAIL", address="{email_key}"),
    )
    sms_refused_at: datetime | None = expression(
        "The date and time since which no SMS are sent, because they can't be delivered; "
        "null while they can. Change the number, or `resume` it.",
        sql=_REFUSED_AT_SQL.format(channel="SMS", address="{phone}"),
    )
    email_topics: list[NoticeTopic] = expression(
        "The topics sent by e-mail for accounts without topics of their own.",
        sql=subscribed_sql("email", user="{id}", account="NULL::uuid"),
    )
    sms_topics: list[NoticeTopic] = expression(
        "The topics sent by SMS while they are switched on, for accounts without topics of "
        "their own.",
        sql=subscribed_sql("sms", user="{id}", account="NULL::uuid"),
    )


@reads(accounts.Account)
class AccountNotificationSettings:
    """The settings of notices about an account."""

    is_own: bool = expression(
        "Whether the account has topics of its own; otherwise the general topics apply.",
        sql="""EXISTS (SELECT FROM notice_choice
WHERE user_id = {viewer} AND account_id = {id})""",
    )
    email_topics: list[NoticeTopic] = expression(
        "The topics sent by e-mail.", sql=subscribed_sql("email", user="{viewer}", account="{id}")
    )
    sms_topics: list[NoticeTopic] = expression(
        "The topics sent by SMS while they are switched on.",
        sql=subscribed_sql("sms", user="{viewer}", account="{id}"),
    )
