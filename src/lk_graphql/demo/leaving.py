"""Somebody who wants to be forgotten: what the demo's administrators find waiting."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.people import ConsentRow, UserRow, agreement, required
from lk_graphql.identity.models import ConsentAction, DocumentKind
from lk_graphql.identity.service.consents import Edition
from lk_graphql.kit.languages import Language
from lk_graphql.profile.models import ErasureState
from lk_graphql.profile.service.erasing import TO_CHANGE_ONES_MIND

EMAIL = "leaving@example.com"
_LAW = timedelta(days=30)


class ErasureRow(NamedTuple):
    id: UUID
    user_id: UUID
    state: ErasureState
    requested_at: datetime
    starts_at: datetime
    due_on: date


def leaving(
    password_hash: str, documents: dict[UUID, Edition], today: date
) -> Iterator[tuple[str, list[Any]]]:
    """Registered a month ago, withdrew the consent five days ago; has no account linked."""
    day, left = today - timedelta(days=30), today - timedelta(days=5)
    keys, came, asked = Keys("leaving"), evening(day), evening(left)
    user = UserRow(
        id=keys.new(day),
        email=EMAIL,
        email_key=EMAIL,
        phone="+79000000003",
        last_name="Дубровская",
        first_name="Елена",
        patronymic=None,
        has_no_patronymic=True,
        password_hash=password_hash,
        preferred_language=Language.RU,
        created_at=came,
        activated_at=came + timedelta(minutes=2),
        password_changed_at=came,
    )
    yield "user", [user]
    yield "consent", [*_agreed(user, documents, asked, keys)]
    starts = asked + TO_CHANGE_ONES_MIND
    state, due = ErasureState.WAITING, left + _LAW
    yield "erasure_request", [ErasureRow(keys.new(left), user.id, state, asked, starts, due)]


def _agreed(
    user: UserRow, documents: dict[UUID, Edition], asked: datetime, keys: Keys
) -> Iterator[ConsentRow]:
    for key, edition in required(documents):
        given = agreement(keys.new(user.created_at.date()), user, key, edition)
        yield given
        if edition.kind is DocumentKind.PERSONAL_DATA:
            yield given._replace(
                id=keys.new(asked.date()), action=ConsentAction.WITHDRAWN, happened_at=asked
            )
