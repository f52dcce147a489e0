"""An application that a demo customer has begun: a garage, of which not all is known yet."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.contracts.models import ApplicationState, ObjectKind, StepKind
from lk_graphql.demo.chance import Keys, evening


class ApplicationRow(NamedTuple):
    id: UUID
    user_id: UUID
    state: ApplicationState
    version: int
    created_at: datetime
    changed_at: datetime


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
    happened_at: datetime


def draft(user_id: UUID, today: date, keys: Keys) -> Iterator[tuple[str, list[Any]]]:
    """Tables and rows of one draft, parents before children."""
    day = today - timedelta(days=2)
    at, application = evening(day), keys.new(day)
    yield (
        "contract_application",
        [ApplicationRow(application, user_id, ApplicationState.DRAFT, 1, at, at)],
    )
    garage = ObjectRow(
        keys.new(day),
        application,
        0,
        "г. Новокузнецк, ГСК «Сибиряк», гараж 41",
        ObjectKind.GARAGE,
        Decimal(5),
        None,
    )
    yield "contract_object", [garage]
    yield "contract_event", [EventRow(keys.new(day), application, StepKind.CREATED, at)]
