"""Applications of demo customers: a draft for a garage, a garden with a question, a house."""

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
"""The number of submitted applications of the demo; the sequence continues after it."""
_QUESTION = "Пришлите, пожалуйста, акт технологического присоединения: без него не видно мощность."


def draft(user_id: UUID, today: date, keys: Keys) -> Iterator[Model]:
    """An incomplete draft for a garage; parents before children."""
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


def with_question(user_id: UUID, clerk_id: UUID, today: date, files: DemoFiles) -> Iterator[Model]:
    """An application for a garden house, with a question from its clerk."""
    day, keys = today - timedelta(days=6), Keys("asked")
    created_at, key = evening(day), keys.new(day)
    submitted_at, claimed_at = created_at + timedelta(minutes=25), created_at + timedelta(hours=11)
    asked_at, number = claimed_at + timedelta(minutes=40), f"ЗД-{day.year}-000001"
    state = ApplicationState.QUESTION
    row = Application.construct(
        id=key,
        user_id=user_id,
        number=number,
        state=state,
        version=5,
        clerk_id=clerk_id,
        created_at=created_at,
        changed_at=asked_at,
        submitted_at=submitted_at,
    )
    yield row
    garden, purpose = "Новокузнецкий р-н, СНТ «Берёзка», участок 118", "Садовый дом, насос, теплица"
    yield _object(keys.new(day), row, ObjectKind.GARDEN, garden, 15, purpose)
    yield from _documents(row, garden, keys, files)
    yield _event(keys.new(day), row, StepKind.CREATED, created_at)
    yield _event(keys.new(day), row, StepKind.SUBMITTED, submitted_at)
    yield _event(keys.new(day), row, StepKind.CLAIMED, claimed_at, clerk_id)
    yield _event(keys.new(day), row, StepKind.ASKED, asked_at, clerk_id, _QUESTION)


def submitted(user_id: UUID, today: date, files: DemoFiles) -> Iterator[Model]:
    """An application of yesterday for a house, without a clerk."""
    day, keys = today - timedelta(days=1), Keys("submitted")
    created_at, key = evening(day), keys.new(day)
    submitted_at, number = created_at + timedelta(minutes=18), f"ЗД-{day.year}-000002"
    state = ApplicationState.SUBMITTED
    row = Application.construct(
        id=key,
        user_id=user_id,
        number=number,
        state=state,
        version=4,
        created_at=created_at,
        changed_at=submitted_at,
        submitted_at=submitted_at,
    )
    yield row
    house, purpose = "г. Новокузнецк, ул. Запорожская, д. 84", "Жилой дом с электроплитой"
    yield _object(keys.new(day), row, ObjectKind.HOUSE, house, 15, purpose)
    yield from _documents(row, house, keys, files)
    yield _event(keys.new(day), row, StepKind.CREATED, created_at)
    yield _event(keys.new(day), row, StepKind.SUBMITTED, submitted_at)


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
    row: Application, address: str, keys: Keys, files: DemoFiles
) -> Iterator[ApplicationDocument]:
    """The two documents that a submission requires."""
    owner, kinds = Uploader(user_id=row.user_id), ContractDocumentKind
    scans = (
        (kinds.IDENTITY, "паспорт.jpg", ("Паспорт", "Разворот с фотографией и регистрацией")),
        (kinds.OWNERSHIP, "выписка ЕГРН.jpg", ("Выписка из ЕГРН", address, "Собственность")),
    )
    for minutes, (kind, name, lines) in enumerate(scans, 5):
        at = row.created_at + timedelta(minutes=minutes)
        yield ApplicationDocument.construct(
            id=keys.new(at.date()),
            application_id=row.id,
            upload_id=files.scan(owner, name, lines, at),
            kind=kind,
            attached_at=at,
        )
