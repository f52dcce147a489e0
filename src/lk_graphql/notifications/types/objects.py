"""Notices as clients see them, declared over the model; their texts are made when they are read."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications import models
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.telling import ABOUT
from lk_graphql.notifications.service.words import Facts, words
from lk_graphql.reads.declare import Node, choices, column, derived, reads
from lk_graphql.reads.scalars import Money, Period

choices(
    NoticeKind,
    "What a notice is about; more kinds may come, `title` and `text` know them all.",
    WINDOW_OPENED="Readings can be handed in («приём показаний открыт»); `day` is the last day.",
    READING_REMINDER="Readings are still missing («напоминание»); `day` is the last day.",
    READINGS_ACCEPTED="Readings of `period` were accepted («показания приняты»).",
    READING_REJECTED="A reading of `period` was turned down after a check.",
    INVOICE_ISSUED="A bill for `period` is there («ежемесячный счёт»): pay `amount` by `day`.",
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
    return words(kind, Facts(account__number, period, day, amount, reference), language).title


def text(  # noqa: PLR0913, PLR0917 - columns
    kind: NoticeKind,
    account__number: str | None,
    period: date | None,
    day: date | None,
    amount: Kopecks | None,
    reference: str | None,
    language: Language,
) -> str:
    return words(kind, Facts(account__number, period, day, amount, reference), language).text


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
        "The account that it is about, if any; `node` shows it only while you have it linked.",
        account_id,
    )
    account_number: str | None = column("That account's number.", of="account__number")
    about_id: strawberry.ID | None = derived(
        "The bill, meter, payment or appeal that it is about, for `node(id:)`.", about_id
    )
    period: Period | None = column("The month in question, if there is one.")
    day: date | None = column("The day in question: the last to pay, to hand in, to verify.")
    amount: Money | None = column("The sum in question.")
    reference: str | None = column(
        "The number of the appeal or application in question; not of an appeal with a hidden name."
    )
    created_at: datetime = column("When you were told.")
    read_at: datetime | None = column("When you marked it as read; null while you haven't.")
