"""The demo's staff, what they did, and what waits for them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import Model

from lk_graphql.backoffice.models import StaffMember
from lk_graphql.demo import appeals, applications
from lk_graphql.demo.appeals import Author, Topic
from lk_graphql.demo.imports import imported
from lk_graphql.demo.leaving import leaving
from lk_graphql.demo.papers import Papers
from lk_graphql.demo.people import LOGINS, SignedUp
from lk_graphql.demo.refunds import unanswered
from lk_graphql.demo.staff import telephoned, unrecognised
from lk_graphql.demo.supplier import Supplied
from lk_graphql.identity.service.consents import Edition

_OBJECTED_ACCOUNT = 3


class Loaded(NamedTuple):
    """What is there already: the logins in their order, the accounts by number.

    `part` is the newest payment's, of which a refund wasn't answered; None if nobody has paid.
    """

    users: list[SignedUp]
    accounts: dict[int, Supplied]
    documents: dict[UUID, Edition]
    topics: dict[str, Topic]
    part: dict[str, Any] | None


def desk(team: list[StaffMember], loaded: Loaded, papers: Papers, today: date) -> Iterator[Model]:
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
    yield from leaving(loaded.users[0].user.password_hash, loaded.documents, today)
    yield from unanswered(supervisor.id, loaded.part, today) if loaded.part else ()
    yield from imported(today)


def _author(loaded: Loaded, clerk_id: UUID) -> Author:
    """The main customer, who asks about the last bill before they had a login."""
    main, mine = loaded.users[0], loaded.accounts[min(LOGINS[0].accounts)]
    since = main.links[0].linked_at
    newest = [one for one in mine.books.invoices if one.issued_on < since.date()][-1]
    account = mine.account
    return Author(main.user.id, since, account.id, account.number, newest, clerk_id)
