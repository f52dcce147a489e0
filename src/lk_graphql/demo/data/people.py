"""Logins of the demo's customers, with consents, links, notices and payments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise import Model

from lk_graphql.accounts.models import AccountLink, LinkEvent, LinkEventKind, LinkRole, LinkState
from lk_graphql.billing.models import Invoice
from lk_graphql.demo.data.applications import draft
from lk_graphql.demo.data.documents import refused_upload
from lk_graphql.demo.data.household import household
from lk_graphql.demo.data.payments import PaidBill, PaymentRows, pay
from lk_graphql.demo.data.rng import ZONE, Keys, evening
from lk_graphql.demo.data.supplier import AccountData
from lk_graphql.identity.models import Consent, ConsentAction, User
from lk_graphql.identity.service.consents import REGISTRATION_DOCUMENTS, DocumentVersion
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.uploads.models import Upload

PASSWORD = "Demo12345"  # noqa: S105 - public
_ADDRESS = "192.0.2.15"  # reserved for documentation
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


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
"""The account without links, for trying to link one."""


@dataclass(frozen=True)
class SignedUp:
    """All rows of one login."""

    user: User
    consents: list[Consent]
    links: list[AccountLink]
    events: list[LinkEvent]
    notices: list[Notice]
    paid: PaymentRows
    uploads: list[Upload]
    application: list[Model]

    def rows(self) -> Iterator[Model]:
        """Parents before children."""
        yield self.user
        yield from self.consents
        yield from self.links
        yield from self.events
        yield from self.notices
        yield from self.paid.rows()
        yield from self.uploads
        yield from self.application


def login_rows(
    login: Login,
    *,
    password_hash: str,
    documents: dict[UUID, DocumentVersion],
    accounts: dict[int, AccountData],
    today: date,
    numbers: Iterator[int] | None = None,
) -> SignedUp:
    """The login, activated a month ago or with the newest document.

    If `numbers` for payments are passed, the login has made payments in the cabinet.
    """
    keys = Keys("login", login.email)
    day = max(
        today - timedelta(days=30), *(version.valid_from.date() for version in documents.values())
    )
    now = evening(day) - timedelta(hours=5)
    user = _user(login, keys.new(day), password_hash, now)
    consents = [agreement(keys.new(day), user, *document) for document in required(documents)]
    links = [_link(keys.new(day), user, accounts[n], *link) for n, link in login.accounts.items()]
    events = [_linked(keys.new(day), link) for link in links]
    notices = [
        notice
        for link, n in zip(links, login.accounts, strict=True)
        for notice in _bill_notices(
            _NoticeReader(user.id, link.account_id, link.linked_at, today),
            accounts[n].billing.invoices,
            Keys("notices", login.email, n),
        )
    ]
    own = [accounts[n] for n, (role, _) in login.accounts.items() if role is LinkRole.OWNER]
    paid = _paid(login, user, own, numbers) if numbers else PaymentRows()
    application = [*draft(user.id, today, Keys("application", login.email))]
    uploads = [refused_upload(Keys("uploads", login.email), user.id, today)]
    return SignedUp(user, consents, links, events, notices, paid, uploads, application)


def _paid(login: Login, user: User, own: list[AccountData], numbers: Iterator[int]) -> PaymentRows:
    """The newest payment of each own account, made in the cabinet."""
    paid, keys = PaymentRows(), Keys("payments", login.email)
    for account in own:
        bills = {invoice.id: invoice for invoice in account.billing.invoices}
        for received in account.billing.payments[-1:]:
            invoice = bills.get(received.invoice_id) if received.invoice_id else None
            bill = PaidBill(account.account, invoice or account.billing.invoices[-1], received)
            pay(paid, user.id, bill, numbers, keys)
    return paid


def _user(login: Login, key: UUID, password_hash: str, now: datetime) -> User:
    person = household(login.holder_of).holder
    return User.construct(
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


def required(documents: dict[UUID, DocumentVersion]) -> list[tuple[UUID, DocumentVersion]]:
    """The documents that registration requires."""
    return [(key, text) for key, text in documents.items() if text.kind in REGISTRATION_DOCUMENTS]


def agreement(key: UUID, user: User, document_id: UUID, version: DocumentVersion) -> Consent:
    """A consent to a document, at registration."""
    action, at = ConsentAction.GIVEN, user.created_at
    return Consent.construct(
        id=key,
        user_id=user.id,
        document_id=document_id,
        action=action,
        text_sha256=version.sha256,
        client_address=_ADDRESS,
        user_agent=_BROWSER,
        happened_at=at,
    )


def _link(key: UUID, user: User, account: AccountData, role: LinkRole, name: str) -> AccountLink:
    at = user.created_at + timedelta(minutes=7)
    return AccountLink.construct(
        id=key,
        account_id=account.account.id,
        user_id=user.id,
        role=role,
        state=LinkState.ACTIVE,
        name=name,
        linked_at=at,
        changed_at=at,
    )


def _linked(key: UUID, link: AccountLink) -> LinkEvent:
    at = link.linked_at
    return LinkEvent.construct(
        id=key,
        account_id=link.account_id,
        link_id=link.id,
        user_id=link.user_id,
        kind=LinkEventKind.LINKED,
        client_address=_ADDRESS,
        happened_at=at,
    )


# Notices about bills, by the application's rules.


_READ_WITHIN = timedelta(days=7)


class _NoticeReader(NamedTuple):
    """A customer with an account since a time; notices older than a week are read."""

    user_id: UUID
    account_id: UUID
    since: datetime
    today: date


def _bill_notices(reader: _NoticeReader, invoices: list[Invoice], keys: Keys) -> Iterator[Notice]:
    """Notices of each bill since `reader.since`, and of overdue bills."""
    for invoice in invoices:
        to_pay = Kopecks(max(0, invoice.closing_balance))
        issued = _notice_factory(reader, invoice, invoice.issued_on, keys)
        yield from issued(NoticeKind.INVOICE_ISSUED, f"invoice/{invoice.id.hex}", to_pay)
        if invoice.unpaid > 0:
            overdue = _notice_factory(reader, invoice, invoice.due_on + timedelta(days=1), keys)
            cause, open_yet = f"overdue/{invoice.id}", Kopecks(invoice.unpaid)
            yield from overdue(NoticeKind.PAYMENT_OVERDUE, cause, open_yet)


def _notice_factory(
    reader: _NoticeReader, invoice: Invoice, on: date, keys: Keys
) -> Callable[[NoticeKind, str, Kopecks], Iterator[Notice]]:
    """A function that makes a notice of that day, 10:00, if the customer was linked by then."""
    sent_at = datetime.combine(on, time(10), ZONE)
    read_at = sent_at + timedelta(hours=9) if on + _READ_WITHIN < reader.today else None

    def notices(kind: NoticeKind, cause: str, amount: Kopecks) -> Iterator[Notice]:
        if reader.since <= sent_at and on < reader.today:
            yield Notice.construct(
                id=keys.new(on),
                user_id=reader.user_id,
                account_id=reader.account_id,
                kind=kind,
                cause=cause,
                subject_id=invoice.id,
                period=invoice.period,
                day=invoice.due_on,
                amount=amount,
                created_at=sent_at,
                read_at=read_at,
            )

    return notices
