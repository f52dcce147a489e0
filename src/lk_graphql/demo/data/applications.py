"""What demo customers apply for: a garage only begun, a garden under question, a new house."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from tortoise import Model

from lk_graphql.contracts.models import (
    Application,
    ApplicationDocument,
    ApplicationEvent,
    ApplicationObject,
    ApplicationState,
    ContractDocumentKind,
    ObjectKind,
    StepKind,
)
from lk_graphql.demo.data.documents import DemoFiles
from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.uploads.service.creation import Uploader

SUBMITTED = 2
"""How many numbers the demo gives."""
_QUESTION = "Пришлите, пожалуйста, акт технологического присоединения: без него не видно мощность."


def draft(user_id: UUID, today: date, keys: Keys) -> Iterator[Model]:
    """A garage, of which not all is known yet; parents before children."""
    day = today - timedelta(days=2)
    at, key = evening(day), keys.new(day)
    row = Application.construct(
        id=key,
        user_id=user_id,
        state=ApplicationState.DRAFT,
        version=1,
        created_at=at,
        changed_at=at,
    )
    yield row
    garage = "г. Новокузнецк, ГСК «Сибиряк», гараж 41"
    yield _object(keys.new(day), row, ObjectKind.GARAGE, garage, 5)
    yield _event(keys.new(day), row, StepKind.CREATED, at)


def asked(user_id: UUID, clerk_id: UUID, today: date, papers: DemoFiles) -> Iterator[Model]:
    """A garden house: submitted, taken by a clerk, who waits for an answer."""
    day, keys = today - timedelta(days=6), Keys("asked")
    begun, key = evening(day), keys.new(day)
    sent, taken = begun + timedelta(minutes=25), begun + timedelta(hours=11)
    waits, number = taken + timedelta(minutes=40), f"ЗД-{day.year}-000001"
    state = ApplicationState.QUESTION
    row = Application.construct(
        id=key,
        user_id=user_id,
        number=number,
        state=state,
        version=5,
        clerk_id=clerk_id,
        created_at=begun,
        changed_at=waits,
        submitted_at=sent,
    )
    yield row
    garden, purpose = "Новокузнецкий р-н, СНТ «Берёзка», участок 118", "Садовый дом, насос, теплица"
    yield _object(keys.new(day), row, ObjectKind.GARDEN, garden, 15, purpose)
    yield from _documents(row, garden, keys, papers)
    yield _event(keys.new(day), row, StepKind.CREATED, begun)
    yield _event(keys.new(day), row, StepKind.SUBMITTED, sent)
    yield _event(keys.new(day), row, StepKind.CLAIMED, taken, clerk_id)
    yield _event(keys.new(day), row, StepKind.ASKED, waits, clerk_id, _QUESTION)


def submitted(user_id: UUID, today: date, papers: DemoFiles) -> Iterator[Model]:
    """A house, of yesterday: nobody has taken it yet."""
    day, keys = today - timedelta(days=1), Keys("submitted")
    begun, key = evening(day), keys.new(day)
    sent, number = begun + timedelta(minutes=18), f"ЗД-{day.year}-000002"
    state = ApplicationState.SUBMITTED
    row = Application.construct(
        id=key,
        user_id=user_id,
        number=number,
        state=state,
        version=4,
        created_at=begun,
        changed_at=sent,
        submitted_at=sent,
    )
    yield row
    house, purpose = "г. Новокузнецк, ул. Запорожская, д. 84", "Жилой дом с электроплитой"
    yield _object(keys.new(day), row, ObjectKind.HOUSE, house, 15, purpose)
    yield from _documents(row, house, keys, papers)
    yield _event(keys.new(day), row, StepKind.CREATED, begun)
    yield _event(keys.new(day), row, StepKind.SUBMITTED, sent)


def _object(
    key: UUID, row: Application, kind: ObjectKind, address: str, kw: int, purpose: str | None = None
) -> ApplicationObject:
    return ApplicationObject.construct(
        id=key,
        application_id=row.id,
        position=0,
        address=address,
        kind=kind,
        power_kw=Decimal(kw),
        purpose=purpose,
    )


def _event(
    key: UUID,
    row: Application,
    kind: StepKind,
    at: datetime,
    staff_id: UUID | None = None,
    text: str | None = None,
) -> ApplicationEvent:
    return ApplicationEvent.construct(
        id=key, application_id=row.id, kind=kind, text=text, staff_id=staff_id, happened_at=at
    )


def _documents(
    row: Application, address: str, keys: Keys, papers: DemoFiles
) -> Iterator[ApplicationDocument]:
    """The two without which nothing can be submitted."""
    who, kinds = Uploader(user_id=row.user_id), ContractDocumentKind
    known = (
        (kinds.IDENTITY, "паспорт.jpg", ("Паспорт", "Разворот с фотографией и регистрацией")),
        (kinds.OWNERSHIP, "выписка ЕГРН.jpg", ("Выписка из ЕГРН", address, "Собственность")),
    )
    for minutes, (kind, name, lines) in enumerate(known, 5):
        at = row.created_at + timedelta(minutes=minutes)
        yield ApplicationDocument.construct(
            id=keys.new(at.date()),
            application_id=row.id,
            upload_id=papers.scan(who, name, lines, at),
            kind=kind,
            attached_at=at,
        )
