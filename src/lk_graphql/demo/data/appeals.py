"""Appeals of the demo's customers, with answers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise import Model

from lk_graphql.appeals.models import (
    Appeal,
    AppealAttachment,
    AppealMessage,
    AppealState,
    Direction,
    SubjectKind,
)
from lk_graphql.appeals.service.topics import last_day
from lk_graphql.billing.models import Invoice
from lk_graphql.demo.data.documents import DemoFiles
from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.exchange.models import Acknowledgement, SentKind
from lk_graphql.import_formats.service.kinds import Answer
from lk_graphql.uploads.service.creation import Uploader

WRITTEN = 3
"""The number of appeals of the demo; the sequence of numbers continues after it."""


class Topic(NamedTuple):
    """A topic from the migrations, with its time limit."""

    id: UUID
    days: int
    are_working_days: bool


class Author(NamedTuple):
    """The customer, the start of their login, one of their bills, and the clerk who answers."""

    user_id: UUID
    since: datetime
    account_id: UUID
    account_number: str
    invoice: Invoice
    clerk_id: UUID


TOPICS = """
SELECT title, appeal_topic.id, days, are_working_days
FROM appeal_topic JOIN answer_term ON topic_id = appeal_topic.id"""

_QUESTION = (
    "Здравствуйте! В счёте начислено больше обычного, хотя мы уезжали. "
    "Проверьте, пожалуйста, показания."
)
_ANSWER = (
    "Здравствуйте! Показания проверили: расход посчитан по последним переданным показаниям, "
    "начисление верное, расчёт приложен. Если счётчик показывает меньше, передайте показания ещё "
    "раз — сделаем перерасчёт."
)
_SHEET = (
    "Расчёт по лицевому счёту {0}",
    "Расход = показание на конец месяца − показание на начало",
    "Начислено = расход × тариф, по зонам и диапазонам",
    "Строки квитанции сверены: расхождений нет",
)
_THANKS = "Спасибо, всё понятно."
_BLINKING = "На счётчике второй день мигает красный огонёк. Так и должно быть? Снимок приложил."
_REQUEST = "Когда приедут проверить пломбу на счётчике? Заявку оставили две недели назад."


def closed_appeals(author: Author, topics: dict[str, Topic], files: DemoFiles) -> Iterator[Model]:
    """A closed thread and an unread answer; parents before children."""
    keys = Keys("appeals", author.user_id)
    bill_appeal, bill_messages = _about_the_bill(author, topics["Расчеты и задолженность"], keys)
    seal_appeal, seal_messages = _about_the_seal(author, topics["Приборы учета"], keys)
    messages = [*bill_messages, *seal_messages]
    yield from (bill_appeal, seal_appeal, *messages)
    yield from (
        _received(message, keys) for message in messages if message.direction is Direction.SENT
    )
    answer, clerk = bill_messages[1], Uploader(staff_id=author.clerk_id)
    lines = (_SHEET[0].format(author.account_number), *_SHEET[1:])
    upload = files.document(clerk, "расчёт.pdf", lines, answer.created_at)
    day = answer.created_at.date()
    yield AppealAttachment.construct(
        id=keys.new(day), message_id=answer.id, upload_id=upload, position=1
    )


def _received(message: AppealMessage, keys: Keys) -> Acknowledgement:
    """Billing's acknowledgement on the next morning, so that the message isn't exported again."""
    at = evening(message.created_at.date()) + timedelta(hours=6)
    key = keys.new(at.date())
    return Acknowledgement.construct(
        id=key,
        kind=SentKind.APPEAL_MESSAGE,
        subject_id=message.id,
        answer=Answer.RECEIVED,
        as_of=at,
    )


def new_appeal(
    user_id: UUID, topics: dict[str, Topic], today: date, files: DemoFiles
) -> Iterator[Model]:
    """A new appeal of last night, with a photo; without a clerk."""
    day, keys = today - timedelta(days=1), Keys("appeals", user_id)
    at, topic = evening(day), topics["Приборы учета"]
    appeal = Appeal.construct(
        id=keys.new(day),
        user_id=user_id,
        topic_id=topic.id,
        number=f"О-{day.year}-{WRITTEN:06}",
        state=AppealState.NEW,
        message_count=1,
        created_at=at,
        due_on=_due_on(at, topic),
    )
    message = _message(keys.new(day), appeal, 1, _BLINKING, at)
    photo = files.photo(Uploader(user_id=user_id), "счётчик.jpg", "004 183", at)
    yield appeal
    yield message
    yield AppealAttachment.construct(
        id=keys.new(day), message_id=message.id, upload_id=photo, position=1
    )


def _about_the_bill(author: Author, topic: Topic, keys: Keys) -> tuple[Appeal, list[AppealMessage]]:
    invoice, clerk, at = author.invoice, author.clerk_id, author.since + timedelta(days=2)
    facts = {
        "account": author.account_number,
        "number": invoice.number,
        "period": invoice.period.isoformat(),
        "amount": invoice.closing_balance,
    }
    answered = at + timedelta(days=1, hours=3)
    appeal = Appeal.construct(
        id=keys.new(at.date()),
        user_id=author.user_id,
        topic_id=topic.id,
        number=f"О-{at.year}-000001",
        state=AppealState.CLOSED,
        account_id=author.account_id,
        subject_kind=SubjectKind.INVOICE,
        subject_id=invoice.id,
        subject_facts=facts,
        message_count=3,
        created_at=at,
        due_on=_due_on(at, topic),
        answered_at=answered,
        closed_at=answered + timedelta(hours=2),
        clerk_id=clerk,
        rating=5,
    )
    read = answered + timedelta(hours=2)
    messages = [
        _message(keys.new(at.date()), appeal, 1, _QUESTION, at, read_at=answered),
        _message(keys.new(at.date()), appeal, 2, _ANSWER, answered, clerk_id=clerk, read_at=read),
        _message(keys.new(at.date()), appeal, 3, _THANKS, read),
    ]
    return appeal, messages


def _about_the_seal(author: Author, topic: Topic, keys: Keys) -> tuple[Appeal, list[AppealMessage]]:
    at = author.since + timedelta(days=4)
    appeal = Appeal.construct(
        id=keys.new(at.date()),
        user_id=author.user_id,
        topic_id=topic.id,
        number=f"О-{at.year}-000002",
        state=AppealState.ANSWERED,
        message_count=2,
        created_at=at,
        due_on=_due_on(at, topic),
        answered_at=at + timedelta(days=1),
        clerk_id=author.clerk_id,
    )
    answer = "Мастер приедет в среду с 10 до 12, позвонит за час."
    day = at.date()
    messages = [
        _message(keys.new(day), appeal, 1, _REQUEST, at, read_at=at),
        _message(
            keys.new(day), appeal, 2, answer, at + timedelta(days=1), clerk_id=author.clerk_id
        ),
    ]
    return appeal, messages


def _message(  # noqa: PLR0913 - a row's columns
    key: UUID,
    appeal: Appeal,
    number: int,
    text: str,
    at: datetime,
    *,
    clerk_id: UUID | None = None,
    read_at: datetime | None = None,
) -> AppealMessage:
    return AppealMessage.construct(
        id=key,
        appeal_id=appeal.id,
        number=number,
        direction=Direction.RECEIVED if clerk_id else Direction.SENT,
        text=text,
        clerk_id=clerk_id,
        created_at=at,
        read_at=read_at,
    )


def _due_on(received_at: datetime, topic: Topic) -> date:
    return last_day(received_at.date(), topic.days, are_working_days=topic.are_working_days)
