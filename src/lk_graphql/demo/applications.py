"""What demo customers apply for: a garage that was begun, a garden that staff ask about.

Rows can't bring the files of documents, so that the submitted one shows none.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.contracts.models import ApplicationState, ObjectKind, StepKind
from lk_graphql.demo.chance import Keys, evening

Tables = Iterator[tuple[str, list[Any]]]
SUBMITTED = 1
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


def asked(user_id: UUID, clerk_id: UUID, today: date) -> Tables:
    """A garden house: submitted, taken by a clerk, who waits for an answer."""
    day, keys = today - timedelta(days=6), Keys("asked")
    begun, key = evening(day), keys.new(day)
    sent, taken = begun + timedelta(minutes=25), begun + timedelta(hours=11)
    waits = taken + timedelta(minutes=40)
    row = ApplicationRow(
        key,
        user_id,
        f"ЗД-{day.year}-{SUBMITTED:06}",
        ApplicationState.QUESTION,
        5,
        clerk_id,
        begun,
        waits,
        sent,
    )
    yield "contract_application", [row]
    garden, purpose = "Новокузнецкий р-н, СНТ «Берёзка», участок 118", "Садовый дом, насос, теплица"
    place = ObjectRow(keys.new(day), key, 0, garden, ObjectKind.GARDEN, Decimal(15), purpose)
    yield "contract_object", [place]
    steps = (
        (StepKind.CREATED, None, None, begun),
        (StepKind.SUBMITTED, None, None, sent),
        (StepKind.CLAIMED, None, clerk_id, taken),
        (StepKind.ASKED, _QUESTION, clerk_id, waits),
    )
    yield "contract_event", [EventRow(keys.new(day), key, *step) for step in steps]
