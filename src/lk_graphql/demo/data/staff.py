"""The demo's members of staff, and the rows of their work."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import Model

from lk_graphql.accounts.models import AccountLink, LinkEvent, LinkEventKind, LinkRole, LinkState
from lk_graphql.demo.data import appeals, applications
from lk_graphql.demo.data.appeals import Author, Topic
from lk_graphql.demo.data.documents import DemoFiles
from lk_graphql.demo.data.payments import unanswered_refund
from lk_graphql.demo.data.people import LOGINS, SignedUp, agreement, required
from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.demo.data.supplier import AccountData
from lk_graphql.exchange.models import (
    ExportFormat,
    ExportKind,
    ExportRun,
    ExportState,
    ImportFile,
    ImportRun,
    ImportState,
)
from lk_graphql.identity.models import Consent, ConsentAction, DocumentKind, User
from lk_graphql.identity.service.consents import DocumentVersion
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Role
from lk_graphql.profile.models import ErasureRequest, ErasureState
from lk_graphql.profile.service.consent_withdrawal import WITHDRAWAL_PERIOD
from lk_graphql.staff.models import AccessNote, Act, AuditEntry, Callback, StaffMember


class Colleague(NamedTuple):
    email: str
    last_name: str
    first_name: str
    patronymic: str
    role: Role


STAFF = (
    Colleague("clerk@example.com", "Белова", "Ольга", "Игоревна", Role.CLERK),
    Colleague("supervisor@example.com", "Громов", "Сергей", "Павлович", Role.SUPERVISOR),
    Colleague("admin@example.com", "Якушева", "Нина", "Львовна", Role.ADMIN),
)
_LEAVING_EMAIL = "leaving@example.com"
_DELETION_LIMIT = timedelta(days=30)
_OBJECTED_ACCOUNT = 3


def staff_rows(today: date, password_hash: str) -> Iterator[StaffMember]:
    """All members, added three months ago, with a password and a second factor."""
    day = today - timedelta(days=90)
    began = evening(day) - timedelta(hours=9)
    for member in STAFF:
        yield StaffMember.construct(
            id=Keys("staff", member.email).new(day),
            **member._asdict(),
            password_hash=password_hash,
            enrolled_at=began + timedelta(hours=1),
            created_at=began,
        )


# The work of the staff: past and waiting cases.


class LoadedData(NamedTuple):
    """Data that is loaded earlier: the logins in order, the accounts by number.

    `part` is a part of the newest payment, for a refund; None without payments.
    """

    users: list[SignedUp]
    accounts: dict[int, AccountData]
    documents: dict[UUID, DocumentVersion]
    topics: dict[str, Topic]
    part: dict[str, Any] | None


def staff_work(
    team: list[StaffMember], loaded: LoadedData, files: DemoFiles, today: date
) -> Iterator[Model]:
    """Rows of the staff's work, parents before children; their files are added to `files`."""
    clerk, supervisor = team[:2]
    main, family = (login.user.id for login in loaded.users)
    yield from team
    yield from _telephoned(clerk, main, today)
    yield _promised(clerk, loaded.accounts[_OBJECTED_ACCOUNT].account.id, today)
    yield from _unrecognised(family, loaded.accounts[_OBJECTED_ACCOUNT].account.id, today)
    yield from appeals.closed_appeals(_author(loaded, clerk.id), loaded.topics, files)
    yield from appeals.new_appeal(family, loaded.topics, today, files)
    yield from applications.with_question(main, clerk.id, today, files)
    yield from applications.submitted(family, today, files)
    yield from _erasure_request(loaded.users[0].user.password_hash, loaded.documents, today)
    yield from unanswered_refund(supervisor.id, loaded.part, today) if loaded.part else ()
    yield from _exchange_runs(today)


def _author(loaded: LoadedData, clerk_id: UUID) -> Author:
    """The main customer, with a question about the last bill before their login."""
    main, data = loaded.users[0], loaded.accounts[min(LOGINS[0].accounts)]
    since = main.links[0].linked_at
    newest = [bill for bill in data.billing.invoices if bill.issued_on < since.date()][-1]
    account = data.account
    return Author(main.user.id, since, account.id, account.number, newest, clerk_id)


def _telephoned(clerk: StaffMember, user_id: UUID, today: date) -> Iterator[Model]:
    """A lookup of a customer's phone a week ago: an audit entry, and a note for the customer."""
    day = today - timedelta(days=7)
    keys, at = Keys("telephoned", clerk.email), evening(day) - timedelta(hours=4)
    act, reason = Act.CONTACTS_SHOWN, "Перезвонить по вопросу о показаниях"
    entry = AuditEntry.construct(
        id=keys.new(day),
        staff_id=clerk.id,
        act=act,
        subject="user",
        subject_id=user_id,
        reason=reason,
        happened_at=at,
    )
    yield entry
    yield AccessNote.construct(
        id=keys.new(day),
        user_id=user_id,
        what=act,
        role=clerk.role,
        reason=reason,
        happened_at=at,
    )


def _promised(clerk: StaffMember, account_id: UUID, today: date) -> Callback:
    """A call that a clerk has promised for tomorrow."""
    day = today - timedelta(days=1)
    return Callback.construct(
        id=Keys("promised", clerk.email).new(day),
        account_id=account_id,
        due_on=today + timedelta(days=1),
        text="Перезвонить после сверки показаний с сетевой компанией; звонила дочь абонента.",
        member_id=clerk.id,
        created_at=evening(day) - timedelta(hours=5),
    )


def _unrecognised(user_id: UUID, account_id: UUID, today: date) -> Iterator[Model]:
    """A link to which the account's owner has objected, for staff to decide."""
    day = today - timedelta(days=3)
    keys, linked = Keys("unrecognised"), evening(day)
    at, member = linked + timedelta(hours=11), LinkRole.MEMBER
    link = AccountLink.construct(
        id=keys.new(day),
        account_id=account_id,
        user_id=user_id,
        role=member,
        state=LinkState.SUSPENDED,
        linked_at=linked,
        changed_at=at,
    )
    yield link
    happened = ((LinkEventKind.LINKED, linked), (LinkEventKind.SUSPENDED_BY_NOTICE, at))
    yield from (
        LinkEvent.construct(
            id=keys.new(day),
            account_id=account_id,
            link_id=link.id,
            user_id=user_id,
            kind=kind,
            client_address="192.0.2.15",
            happened_at=moment,
        )
        for kind, moment in happened
    )


def _erasure_request(
    password_hash: str, documents: dict[UUID, DocumentVersion], today: date
) -> Iterator[Model]:
    """A customer without accounts, registered a month ago, who withdrew consent five days ago."""
    day, withdrawn_on = today - timedelta(days=30), today - timedelta(days=5)
    keys, registered_at, requested_at = Keys("leaving"), evening(day), evening(withdrawn_on)
    user = User.construct(
        id=keys.new(day),
        email=_LEAVING_EMAIL,
        email_key=_LEAVING_EMAIL,
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
    user: User, documents: dict[UUID, DocumentVersion], requested_at: datetime, keys: Keys
) -> Iterator[Consent]:
    for key, version in required(documents):
        yield agreement(keys.new(user.created_at.date()), user, key, version)
        if version.kind is DocumentKind.PERSONAL_DATA:
            withdrawal = agreement(keys.new(requested_at.date()), user, key, version)
            withdrawal.action, withdrawal.happened_at = ConsentAction.WITHDRAWN, requested_at
            yield withdrawal


def _exchange_runs(today: date) -> Iterator[Model]:
    """The runs that `staff { importRuns }` returns, and an export."""
    keys = Keys("imports", today)
    for kind, name, day, rows, errors in (
        (ImportKind.INVOICES, "invoices.csv", today.replace(day=1), 200, 0),
        (ImportKind.PAYMENTS, "payments.csv", today, 61, 2),
    ):
        began = evening(day - timedelta(days=1))
        took = timedelta(seconds=rows // 10)
        run = ImportRun.construct(
            id=keys.new(day),
            kind=kind,
            state=ImportState.DONE,
            is_dry_run=False,
            is_atomic=False,
            as_of=began,
            started_at=began,
            finished_at=began + took,
            rows_read=rows,
            rows_loaded=rows - errors,
            errors=errors,
            totals=[],
            controls={},
        )
        digest = sha256(f"{kind} {day}".encode()).hexdigest()
        yield run
        yield ImportFile.construct(
            id=keys.new(day), run_id=run.id, name=name, size=rows * 95, sha256=digest
        )
    yield _exported(keys, today)


def _exported(keys: Keys, today: date) -> ExportRun:
    """An export of two weeks ago, whose file has expired."""
    started_at = evening(today - timedelta(days=14))
    return ExportRun.construct(
        id=keys.new(today),
        kind=ExportKind.READINGS,
        form=ExportFormat.CSV,
        state=ExportState.DONE,
        since=started_at - timedelta(days=7),
        with_answered=False,
        staff_id=keys.new(today),
        started_at=started_at,
        finished_at=started_at + timedelta(seconds=2),
        rows=148,
        size=22_348,
        expires_at=started_at + timedelta(days=7),
    )
