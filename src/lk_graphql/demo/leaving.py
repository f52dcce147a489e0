"""Somebody who wants to be forgotten: what the demo's administrators find waiting."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise import Model

from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.people import agreement, required
from lk_graphql.identity.models import Consent, ConsentAction, DocumentKind, User
from lk_graphql.identity.service.consents import Edition
from lk_graphql.kit.languages import Language
from lk_graphql.profile.models import ErasureRequest, ErasureState
from lk_graphql.profile.service.erasing import TO_CHANGE_ONES_MIND

EMAIL = "leaving@example.com"
_LAW = timedelta(days=30)


def leaving(password_hash: str, documents: dict[UUID, Edition], today: date) -> Iterator[Model]:
    """Registered a month ago, withdrew the consent five days ago; has no account linked."""
    day, left = today - timedelta(days=30), today - timedelta(days=5)
    keys, came, asked = Keys("leaving"), evening(day), evening(left)
    user = User.construct(
        id=keys.new(day),
        email=EMAIL,
        email_key=EMAIL,
        phone="+79000000003",
        last_name="Дубровская",
        first_name="Елена",
        has_no_patronymic=True,
        password_hash=password_hash,
        preferred_language=Language.RU,
        created_at=came,
        activated_at=came + timedelta(minutes=2),
        password_changed_at=came,
    )
    yield user
    yield from _agreed(user, documents, asked, keys)
    starts = asked + TO_CHANGE_ONES_MIND
    state, due = ErasureState.WAITING, left + _LAW
    yield ErasureRequest.construct(
        id=keys.new(left),
        user_id=user.id,
        state=state,
        requested_at=asked,
        starts_at=starts,
        due_on=due,
    )


def _agreed(
    user: User, documents: dict[UUID, Edition], asked: datetime, keys: Keys
) -> Iterator[Consent]:
    for key, edition in required(documents):
        yield agreement(keys.new(user.created_at.date()), user, key, edition)
        if edition.kind is DocumentKind.PERSONAL_DATA:
            withdrawn = agreement(keys.new(asked.date()), user, key, edition)
            withdrawn.action, withdrawn.happened_at = ConsentAction.WITHDRAWN, asked
            yield withdrawn
