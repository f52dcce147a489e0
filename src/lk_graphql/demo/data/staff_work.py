"""The demo's staff: what they did, and what waits for them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import Model

from lk_graphql.demo.data import appeals, applications
from lk_graphql.demo.data.appeals import Author, Topic
from lk_graphql.demo.data.documents import DemoFiles
from lk_graphql.demo.data.exchange_runs import imported
from lk_graphql.demo.data.people import LOGINS, SignedUp, agreement, required
from lk_graphql.demo.data.refunds import unanswered
from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.demo.data.staff import telephoned, unrecognised
from lk_graphql.demo.data.supplier import AccountData
from lk_graphql.identity.models import Consent, ConsentAction, DocumentKind, User
from lk_graphql.identity.service.consents import Edition
from lk_graphql.kit.languages import Language
from lk_graphql.profile.models import ErasureRequest, ErasureState
from lk_graphql.profile.service.erasure import WITHDRAWAL_PERIOD
from lk_graphql.staff.models import StaffMember

EMAIL = "leaving@example.com"
_LAW = timedelta(days=30)


def erasure_request(
    password_hash: str, documents: dict[UUID, Edition], today: date
) -> Iterator[Model]:
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
    starts = asked + WITHDRAWAL_PERIOD
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


_OBJECTED_ACCOUNT = 3


class LoadedData(NamedTuple):
    """What is there already: the logins in their order, the accounts by number.

    `part` is the newest payment's, of which a refund wasn't answered; None if nobody has paid.
    """

    users: list[SignedUp]
    accounts: dict[int, AccountData]
    documents: dict[UUID, Edition]
    topics: dict[str, Topic]
    part: dict[str, Any] | None


def staff_work(
    team: list[StaffMember], loaded: LoadedData, papers: DemoFiles, today: date
) -> Iterator[Model]:
    """Parents before children; what was sent with it goes into `papers`."""
    clerk, supervisor = team[:2]
    main, family = (one.user.id for one in loaded.users)
    yield from team
    yield from telephoned(clerk, main, today)
    yield from unrecognised(family, loaded.accounts[_OBJECTED_ACCOUNT].account.id, today)
    yield from appeals.written(_author(loaded, clerk.id), loaded.topics, papers)
    yield from appeals.waiting(family, loaded.topics, today, papers)
    yield from applications.asked(main, clerk.id, today, papers)
    yield from applications.submitted(family, today, papers)
    yield from erasure_request(loaded.users[0].user.password_hash, loaded.documents, today)
    yield from unanswered(supervisor.id, loaded.part, today) if loaded.part else ()
    yield from imported(today)


def _author(loaded: LoadedData, clerk_id: UUID) -> Author:
    """The main customer, who asks about the last bill before they had a login."""
    main, mine = loaded.users[0], loaded.accounts[min(LOGINS[0].accounts)]
    since = main.links[0].linked_at
    newest = [one for one in mine.books.invoices if one.issued_on < since.date()][-1]
    account = mine.account
    return Author(main.user.id, since, account.id, account.number, newest, clerk_id)
