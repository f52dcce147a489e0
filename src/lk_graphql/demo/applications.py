"""What demo customers apply for: a garage only begun, a garden under question, a new house."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.contracts.models import (
    ApplicationState,
    ContractDocumentKind,
    ObjectKind,
    StepKind,
)
from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.papers import Papers
from lk_graphql.uploads.service.announcing import Uploader

Tables = Iterator[tuple[str, list[Any]]]
SUBMITTED = 2
"""How many numbers the demo gives."""
_QUESTION = "Пришлите, пожалуйста, акт технологического присоединения: без него не видно мощность."


class ApplicationRow(NamedTuple):
    id: UUID
    user_id: UUID
    number: str | None
    state: ApplicationState
    version: int
    clerk_id: UUID | None
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None


class ObjectRow(NamedTuple):
    id: UUID
    application_id: UUID
    position: int
    address: str
    kind: ObjectKind
    power_kw: Decimal
    purpose: str | None


class DocumentRow(NamedTuple):
    id: UUID
    application_id: UUID
    upload_id: UUID
    kind: ContractDocumentKind
    attached_at: datetime


class EventRow(NamedTuple):
    id: UUID
    application_id: UUID
    kind: StepKind
    text: str | None
    staff_id: UUID | None
    happened_at: datetime


def draft(user_id: UUID, today: date, keys: Keys) -> Tables:
    """A garage, of which not all is known yet; parents before children."""
    day = today - timedelta(days=2)
    at, key = evening(day), keys.new(day)
    row = ApplicationRow(key, user_id, None, ApplicationState.DRAFT, 1, None, at, at, None)
    yield "contract_application", [row]
    garage = "г. Новокузнецк, ГСК «Сибиряк», гараж 41"
    yield (
        "contract_object",
        [ObjectRow(keys.new(day), key, 0, garage, ObjectKind.GARAGE, Decimal(5), None)],
    )
    yield "contract_event", [EventRow(keys.new(day), key, StepKind.CREATED, None, None, at)]


def asked(user_id: UUID, clerk_id: UUID, today: date, papers: Papers) -> Tables:
    """A garden house: submitted, taken by a clerk, who waits for an answer."""
    day, keys = today - timedelta(days=6), Keys("asked")
    begun, key = evening(day), keys.new(day)
    sent, taken = begun + timedelta(minutes=25), begun + timedelta(hours=11)
    waits, number = taken + timedelta(minutes=40), f"ЗД-{day.year}-000001"
    state = ApplicationState.QUESTION
    row = ApplicationRow(key, user_id, number, state, 5, clerk_id, begun, waits, sent)
    yield "contract_application", [row]
    garden, purpose = "Новокузнецкий р-н, СНТ «Берёзка», участок 118", "Садовый дом, насос, теплица"
    place = ObjectRow(keys.new(day), key, 0, garden, ObjectKind.GARDEN, Decimal(15), purpose)
    yield "contract_object", [place]
    yield "contract_document", [*_documents(row, garden, keys, papers)]
    steps = (
        (StepKind.CREATED, None, None, begun),
        (StepKind.SUBMITTED, None, None, sent),
        (StepKind.CLAIMED, None, clerk_id, taken),
        (StepKind.ASKED, _QUESTION, clerk_id, waits),
    )
    yield "contract_event", [EventRow(keys.new(day), key, *step) for step in steps]


def submitted(user_id: UUID, today: date, papers: Papers) -> Tables:
    """A house, of yesterday: nobody has taken it yet."""
    day, keys = today - timedelta(days=1), Keys("submitted")
    begun, key = evening(day), keys.new(day)
    sent, number = begun + timedelta(minutes=18), f"ЗД-{day.year}-000002"
    state = ApplicationState.SUBMITTED
    row = ApplicationRow(key, user_id, number, state, 4, None, begun, sent, sent)
    yield "contract_application", [row]
    house, purpose = "г. Новокузнецк, ул. Запорожская, д. 84", "Жилой дом с электроплитой"
    place = ObjectRow(keys.new(day), key, 0, house, ObjectKind.HOUSE, Decimal(15), purpose)
    yield "contract_object", [place]
    yield "contract_document", [*_documents(row, house, keys, papers)]
    steps = ((StepKind.CREATED, begun), (StepKind.SUBMITTED, sent))
    yield "contract_event", [EventRow(keys.new(day), key, s, None, None, at) for s, at in steps]


def _documents(
    row: ApplicationRow, address: str, keys: Keys, papers: Papers
) -> Iterator[DocumentRow]:
    """The two without which nothing can be submitted."""
    who, kinds = Uploader(user_id=row.user_id), ContractDocumentKind
    known = (
        (kinds.IDENTITY, "паспорт.jpg", ("Паспорт", "Разворот с фотографией и регистрацией")),
        (kinds.OWNERSHIP, "выписка ЕГРН.jpg", ("Выписка из ЕГРН", address, "Собственность")),
    )
    for minutes, (kind, name, lines) in enumerate(known, 5):
        at = row.created_at + timedelta(minutes=minutes)
        yield DocumentRow(keys.new(at.date()), row.id, papers.scan(who, name, lines, at), kind, at)
