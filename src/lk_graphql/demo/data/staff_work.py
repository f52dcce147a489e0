"""The work of the demo's staff: past and waiting cases."""

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
from lk_graphql.demo.data.staff import promised, telephoned, unrecognised
from lk_graphql.demo.data.supplier import AccountData
from lk_graphql.identity.models import Consent, ConsentAction, DocumentKind, User
from lk_graphql.identity.service.consents import Edition
from lk_graphql.kit.languages import Language
from lk_graphql.profile.models import ErasureRequest, ErasureState
from lk_graphql.profile.service.consent_withdrawal import WITHDRAWAL_PERIOD
from lk_graphql.staff.models import StaffMember

EMAIL = "leaving@example.com"
_DELETION_LIMIT = timedelta(days=30)


def erasure_request(
    password_hash: str, documents: dict[UUID, Edition], today: date
) -> Iterator[Model]:
    """A customer without accounts, registered a month ago, who withdrew consent five days ago."""
    day, withdrawn_on = today - timedelta(days=30), today - timedelta(days=5)
    keys, registered_at, requested_at = Keys("leaving"), evening(day), evening(withdrawn_on)
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
        created_at=registered_at,
        activated_at=registered_at + timedelta(minutes=2),
        password_changed_at=registered_at,
    )
    yield user
    yield from _consents(user, documents, requested_at, keys)
    starts = requested_at + WITHDRAWAL_PERIOD
    state, due = ErasureState.WAITING, withdrawn_on + _DELETION_LIMIT
    yield ErasureRequest.construct(
        id=keys.new(withdrawn_on),
        user_id=user.id,
        state=state,
        requested_at=requested_at,
        starts_at=starts,
        due_on=due,
    )


def _consents(
    user: User, documents: dict[UUID, Edition], requested_at: datetime, keys: Keys
) -> Iterator[Consent]:
    for key, edition in required(documents):
        yield agreement(keys.new(user.created_at.date()), user, key, edition)
        if edition.kind is DocumentKind.PERSONAL_DATA:
            withdrawal = agreement(keys.new(requested_at.date()), user, key, edition)
            withdrawal.action, withdrawal.happened_at = ConsentAction.WITHDRAWN, requested_at
            yield withdrawal


_OBJECTED_ACCOUNT = 3


class LoadedData(NamedTuple):
    """Data that is loaded earlier: the logins in order, the accounts by number.

    `part` is a part of the newest payment, for a refund; None without payments.
    """

    users: list[SignedUp]
    accounts: dict[int, AccountData]
    documents: dict[UUID, Edition]
    topics: dict[str, Topic]
    part: dict[str, Any] | None


def staff_work(
    team: list[StaffMember], loaded: LoadedData, files: DemoFiles, today: date
) -> Iterator[Model]:
    """Rows of the staff's work, parents before children; their files are added to `files`."""
    clerk, supervisor = team[:2]
    main, family = (login.user.id for login in loaded.users)
    yield from team
    yield from telephoned(clerk, main, today)
    yield promised(clerk, loaded.accounts[_OBJECTED_ACCOUNT].account.id, today)
    yield from unrecognised(family, loaded.accounts[_OBJECTED_ACCOUNT].account.id, today)
    yield from appeals.written(_author(loaded, clerk.id), loaded.topics, files)
    yield from appeals.waiting(family, loaded.topics, today, files)
    yield from applications.with_question(main, clerk.id, today, files)
    yield from applications.submitted(family, today, files)
    yield from erasure_request(loaded.users[0].user.password_hash, loaded.documents, today)
    yield from unanswered(supervisor.id, loaded.part, today) if loaded.part else ()
    yield from imported(today)


def _author(loaded: LoadedData, clerk_id: UUID) -> Author:
    """The main customer, with a question about the last bill before their login."""
    main, data = loaded.users[0], loaded.accounts[min(LOGINS[0].accounts)]
    since = main.links[0].linked_at
    newest = [bill for bill in data.billing.invoices if bill.issued_on < since.date()][-1]
    account = data.account
    return Author(main.user.id, since, account.id, account.number, newest, clerk_id)
