"""What demo customers apply for: a garage only begun, a garden under question, a new house."""

from collections.abc import Iterator
from datetime import date, timedelta
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
from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.papers import Papers
from lk_graphql.uploads.service.announcing import Uploader

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
    yield ApplicationObject.construct(
        id=keys.new(day),
        application_id=key,
        position=0,
        address=garage,
        kind=ObjectKind.GARAGE,
        power_kw=Decimal(5),
    )
    yield ApplicationEvent.construct(
        id=keys.new(day),
        application_id=key,
        kind=StepKind.CREATED,
        happened_at=at,
    )


def asked(user_id: UUID, clerk_id: UUID, today: date, papers: Papers) -> Iterator[Model]:
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
    place = ApplicationObject.construct(
        id=keys.new(day),
        application_id=key,
        position=0,
        address=garden,
        kind=ObjectKind.GARDEN,
        power_kw=Decimal(15),
        purpose=purpose,
    )
    yield place
    yield from _documents(row, garden, keys, papers)
    steps = (
        (StepKind.CREATED, None, None, begun),
        (StepKind.SUBMITTED, None, None, sent),
        (StepKind.CLAIMED, None, clerk_id, taken),
        (StepKind.ASKED, _QUESTION, clerk_id, waits),
    )
    yield from (
        ApplicationEvent.construct(
            id=keys.new(day),
            application_id=key,
            kind=kind,
            text=text,
            staff_id=staff_id,
            happened_at=at,
        )
        for kind, text, staff_id, at in steps
    )


def submitted(user_id: UUID, today: date, papers: Papers) -> Iterator[Model]:
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
    place = ApplicationObject.construct(
        id=keys.new(day),
        application_id=key,
        position=0,
        address=house,
        kind=ObjectKind.HOUSE,
        power_kw=Decimal(15),
        purpose=purpose,
    )
    yield place
    yield from _documents(row, house, keys, papers)
    steps = ((StepKind.CREATED, begun), (StepKind.SUBMITTED, sent))
    yield from (
        ApplicationEvent.construct(
            id=keys.new(day),
            application_id=key,
            kind=s,
            happened_at=at,
        )
        for s, at in steps
    )


def _documents(
    row: Application, address: str, keys: Keys, papers: Papers
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
