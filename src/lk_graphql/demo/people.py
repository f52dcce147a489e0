"""The people who can sign in to the demo, and what is theirs to see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.accounts.models import LinkEventKind, LinkRole, LinkState
from lk_graphql.demo.applications import draft
from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.files import UploadRow, refused_scan
from lk_graphql.demo.household import household
from lk_graphql.demo.notices import NoticeRow, Reader, of_bills
from lk_graphql.demo.payments import Bill, PaidHere, pay
from lk_graphql.demo.supplier import Supplied
from lk_graphql.identity.models import ConsentAction
from lk_graphql.identity.service.consents import OF_REGISTRATION, Edition
from lk_graphql.kit.languages import Language

PASSWORD = "Demo12345"  # noqa: S105 - printed on every screen of the demo
_ADDRESS = "192.0.2.15"  # reserved for documentation
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class UserRow(NamedTuple):
    id: UUID
    email: str
    email_key: str
    phone: str
    last_name: str
    first_name: str
    patronymic: str | None
    has_no_patronymic: bool
    password_hash: str
    preferred_language: Language
    created_at: datetime
    activated_at: datetime
    password_changed_at: datetime


class ConsentRow(NamedTuple):
    id: UUID
    user_id: UUID
    document_id: UUID
    action: ConsentAction
    text_sha256: str
    client_address: str
    user_agent: str
    happened_at: datetime


class AccountLinkRow(NamedTuple):
    id: UUID
    account_id: UUID
    user_id: UUID
    role: LinkRole
    state: LinkState
    name: str | None
    linked_at: datetime
    changed_at: datetime


class LinkEventRow(NamedTuple):
    id: UUID
    account_id: UUID
    link_id: UUID
    user_id: UUID
    kind: LinkEventKind
    client_address: str
    happened_at: datetime


@dataclass(frozen=True)
class Login:
    """A demo customer: named as the holder of account `holder_of`."""

    email: str
    phone: str
    holder_of: int
    accounts: dict[int, tuple[LinkRole, str]]


LOGINS = (
    Login(
        "demo@example.com",
        "+79000000001",
        holder_of=1,
        accounts={
            1: (LinkRole.OWNER, "Дом"),
            2: (LinkRole.MEMBER, "Квартира брата"),
            3: (LinkRole.OWNER, "Дача"),
        },
    ),
    Login(
        "family@example.com",
        "+79000000002",
        holder_of=2,
        accounts={
            2: (LinkRole.OWNER, "Моя квартира"),
            5: (LinkRole.OWNER, "Умный дом"),
        },
    ),
)
LINKED = max(n for login in LOGINS for n in login.accounts)
UNLINKED = 4
"""The account that a newcomer can try to link; nobody has."""


@dataclass(frozen=True)
class SignedUp:
    """All rows of one login."""

    user: UserRow
    consents: list[ConsentRow]
    links: list[AccountLinkRow]
    events: list[LinkEventRow]
    notices: list[NoticeRow]
    paid: PaidHere
    uploads: list[UploadRow]
    application: list[tuple[str, list[Any]]]

    def tables(self) -> Iterator[tuple[str, list[Any]]]:
        """Table and rows, parents before children."""
        yield "user", [self.user]
        yield "consent", self.consents
        yield "account_link", self.links
        yield "link_event", self.events
        yield "notice", self.notices
        yield from self.paid.tables()
        yield "upload", self.uploads
        yield from self.application


def signed_up(
    login: Login,
    *,
    password_hash: str,
    documents: dict[UUID, Edition],
    accounts: dict[int, Supplied],
    today: date,
    numbers: Iterator[int] | None = None,
) -> SignedUp:
    """The login, activated a month ago or when the newest document came out.

    With `numbers` for payments, they have made some here.
    """
    keys = Keys("login", login.email)
    day = max(today - timedelta(days=30), *(one.valid_from.date() for one in documents.values()))
    now = evening(day) - timedelta(hours=5)
    user = _user(login, keys.new(day), password_hash, now)
    consents = [agreement(keys.new(day), user, *one) for one in required(documents)]
    links = [_link(keys.new(day), user, accounts[n], *how) for n, how in login.accounts.items()]
    events = [_linked(keys.new(day), link) for link in links]
    notices = [
        notice
        for link, n in zip(links, login.accounts, strict=True)
        for notice in of_bills(
            Reader(user.id, link.account_id, link.linked_at, today),
            accounts[n].books.invoices,
            Keys("notices", login.email, n),
        )
    ]
    own = [accounts[n] for n, (role, _) in login.accounts.items() if role is LinkRole.OWNER]
    paid = _paid(login, user, own, numbers) if numbers else PaidHere()
    begun = [*draft(user.id, today, Keys("application", login.email))]
    uploads = [refused_scan(Keys("uploads", login.email), user.id, today)]
    return SignedUp(user, consents, links, events, notices, paid, uploads, begun)


def _paid(login: Login, user: UserRow, own: list[Supplied], numbers: Iterator[int]) -> PaidHere:
    """The newest payment to each account of their own was made here."""
    paid, keys = PaidHere(), Keys("payments", login.email)
    for account in own:
        bills = {invoice.id: invoice for invoice in account.books.invoices}
        for received in account.books.payments[-1:]:
            invoice = bills.get(received.invoice_id) if received.invoice_id else None
            bill = Bill(account.account, invoice or account.books.invoices[-1], received)
            pay(paid, user.id, bill, numbers, keys)
    return paid


def _user(login: Login, key: UUID, password_hash: str, now: datetime) -> UserRow:
    person = household(login.holder_of).holder
    return UserRow(
        id=key,
        email=login.email,
        email_key=login.email,
        phone=login.phone,
        last_name=person.last_name,
        first_name=person.first_name,
        patronymic=person.patronymic,
        has_no_patronymic=person.patronymic is None,
        password_hash=password_hash,
        preferred_language=Language.RU,
        created_at=now,
        activated_at=now + timedelta(minutes=4),
        password_changed_at=now,
    )


def required(documents: dict[UUID, Edition]) -> list[tuple[UUID, Edition]]:
    """Those that everybody has agreed to."""
    return [(key, one) for key, one in documents.items() if one.kind in OF_REGISTRATION]


def agreement(key: UUID, user: UserRow, document_id: UUID, edition: Edition) -> ConsentRow:
    """To a document, when they registered."""
    given, at = ConsentAction.GIVEN, user.created_at
    return ConsentRow(key, user.id, document_id, given, edition.sha256, _ADDRESS, _BROWSER, at)


def _link(key: UUID, user: UserRow, account: Supplied, role: LinkRole, name: str) -> AccountLinkRow:
    at = user.activated_at + timedelta(minutes=3)
    return AccountLinkRow(key, account.account.id, user.id, role, LinkState.ACTIVE, name, at, at)


def _linked(key: UUID, link: AccountLinkRow) -> LinkEventRow:
    at = link.linked_at
    return LinkEventRow(
        key, link.account_id, link.id, link.user_id, LinkEventKind.LINKED, _ADDRESS, at
    )
