"""The demo supplier in a real database, with the proofs of an account to link."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from tortoise import Model

from lk_graphql.accounts.models import Account, AccountLink, Holder, LinkRole, LinkState
from lk_graphql.appeals.models import Appeal, AppealMessage, AppealState
from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.billing.service.invoices import recent_totals
from lk_graphql.contracts.models import Application, ApplicationState
from lk_graphql.contracts.service.requirements import (
    FilledFields,
    missing_items,
    required_documents,
    rule_on,
)
from lk_graphql.demo import documents
from lk_graphql.demo.data import rules
from lk_graphql.demo.data.documents import DemoFiles
from lk_graphql.demo.data.facts import DemoFacts
from lk_graphql.demo.data.law import FILES, law
from lk_graphql.demo.data.load import load_demo
from lk_graphql.demo.data.people import LOGINS, UNLINKED
from lk_graphql.demo.data.requisites import suppliers
from lk_graphql.demo.data.rows import columns, record, table
from lk_graphql.demo.data.supplier import account, account_number
from lk_graphql.identity.models import Consent, ConsentAction, DocumentKind, User
from lk_graphql.identity.service import consents
from lk_graphql.kit import names
from lk_graphql.metering.service.snapshot_loader import last_readings
from lk_graphql.ports.files import Files, in_memory
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.profile.models import ErasureRequest, ErasureState
from lk_graphql.staff.models import StaffMember
from lk_graphql.uploads.models import Upload, UploadKind
from lk_graphql.uploads.service.contents import check
from lk_graphql.uploads.service.creation import Uploader
from tests.support.database_reset import clear_tables

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    port = Passwords(HashCost(memory_kib=64, passes=1))
    yield port
    port.close()


@pytest.fixture(scope="module")
def files() -> Files:
    return in_memory()


@pytest_asyncio.fixture(scope="module")
async def loaded(
    opened: asyncpg.Connection, dsn: str, passwords: Passwords, files: Files
) -> DemoFacts:
    """One load for all tests that only read; tests with `database` run before them."""
    await clear_tables(opened)
    return await load_demo(dsn, today=TODAY, passwords=passwords, accounts=5, files=files)


async def test_a_failed_load_of_the_demo_leaves_no_rows(
    database: str, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(documents.resources, "files", fail)
    with pytest.raises(RuntimeError):
        await load_demo(database, today=TODAY, passwords=passwords, accounts=4)

    assert set((await _rows(database)).values()) == {0}


async def test_a_second_call_changes_nothing(loaded: DemoFacts, dsn: str, passwords: Passwords):
    before = await _rows(dsn)

    again = await load_demo(dsn, today=date(2026, 12, 24), passwords=passwords, accounts=9)

    assert again == loaded
    assert await _rows(dsn) == before


async def test_the_demo_customer_can_sign_in(loaded: DemoFacts, passwords: Passwords):
    user = await User.get(email_key="demo@example.com")

    assert await passwords.verify(user.password_hash, loaded.password)
    assert user.activated_at
    current = await consents.current(now=NOW)
    consented = await Consent.filter(user=user).values_list("document_id", "text_sha256")
    required = [current[kind] for kind in consents.REGISTRATION_DOCUMENTS]
    assert set(consented) == {(document.id, document.sha256) for document in required}
    assert current.keys() == set(DocumentKind)


async def test_the_demo_customer_has_a_normal_account_a_debt_and_an_overpayment(
    loaded: DemoFacts,
):
    links = await AccountLink.filter(user__email=loaded.emails[0], state=LinkState.ACTIVE)
    accounts = [link.account_id for link in sorted(links, key=lambda link: link.id)]
    balances = AccountBalance.filter(account_id__in=accounts)
    signs = {
        account_id: (debt > 0, penalty > 0, overpayment > 0)
        for account_id, debt, penalty, overpayment in await balances.values_list(
            "account_id", "debt", "penalty", "overpayment"
        )
    }

    assert [signs[account_id] for account_id in accounts] == [
        (False, False, False),
        (True, True, False),
        (False, False, True),
    ]


async def test_two_customers_share_an_account(loaded: DemoFacts):
    shared = await Account.get(number=account_number(2))
    links = await AccountLink.filter(account=shared).prefetch_related("user")

    assert {link.user.email: link.role for link in links} == {
        loaded.emails[0]: LinkRole.MEMBER,
        loaded.emails[1]: LinkRole.OWNER,
    }


async def test_the_link_facts_prove_an_unlinked_account(loaded: DemoFacts):
    linkable = loaded.linkable
    free = await Account.get(number=linkable.number)
    holder = await Holder.get(account=free)

    assert not await AccountLink.exists(account=free)
    assert names.comparison_key(linkable.surname) == holder.surname_key
    assert linkable.unified_number == free.unified_number
    assert await last_readings(free.id) == [linkable.last_reading]
    assert {linkable.month_total, linkable.to_pay} <= set(await recent_totals(free.id))


async def test_the_clerk_of_the_demo_s_appeals_exists(loaded: DemoFacts):
    clerks = await AppealMessage.filter(clerk_id__isnull=False).values_list("clerk_id", flat=True)
    handled = await Appeal.exclude(state=AppealState.NEW).values_list("clerk_id", flat=True)
    clerk = await StaffMember.get(email="clerk@example.com")
    assert {*clerks, *handled} == {clerk.id}


async def test_each_role_has_waiting_work(loaded: DemoFacts):
    """A new appeal, a submitted application and an erasure request."""
    family = await User.get(email_key=loaded.emails[1])
    waiting = Appeal.filter(state=AppealState.NEW, clerk_id=None)
    assert await waiting.values_list("user_id", flat=True) == [family.id]
    submitted = Application.filter(state=ApplicationState.SUBMITTED, clerk_id=None)
    assert await submitted.values_list("user_id", flat=True) == [family.id]
    leaving = await ErasureRequest.get(state=ErasureState.WAITING).select_related("user")
    assert (leaving.user.email, leaving.due_on) == ("leaving@example.com", date(2026, 12, 17))
    withdrawn = Consent.filter(user=leaving.user, action=ConsentAction.WITHDRAWN)
    assert await withdrawn.values_list("document__kind", flat=True) == [DocumentKind.PERSONAL_DATA]


async def test_the_submitted_applications_are_complete(loaded: DemoFacts):
    rule = await rule_on(TODAY)
    applications = Application.exclude(state=ApplicationState.DRAFT)
    for application in await applications.prefetch_related("objects", "documents"):
        fields = [FilledFields(bool(o.address), bool(o.kind), bool(o.power_kw), bool(o.purpose))
                 for o in application.objects]  # fmt: skip
        kinds = {document.kind for document in application.documents}
        assert [*missing_items(fields, kinds, required_documents(rule))] == []
    assert await applications.count() == 2


async def test_the_demo_s_files_match_their_rows(loaded: DemoFacts, files: Files, tmp_path: Path):
    uploads = await Upload.filter(taken_at__isnull=False)
    assert {upload.kind for upload in uploads} == {UploadKind.JPEG, UploadKind.PDF}
    for upload in uploads:
        content = b"".join([piece async for piece in files.get(upload.path)])
        assert (len(content), sha256(content).hexdigest()) == (upload.size, upload.sha256)
        file = tmp_path / upload.id.hex
        file.write_bytes(content)
        check(file, upload.kind)
        assert (await files.size(upload.preview_path) is not None) == upload.has_preview


def test_the_demo_s_files_are_the_same_every_time():
    owner = Uploader(user_id=UUID(int=7))
    first, second = DemoFiles(), DemoFiles()
    for files in (first, second):
        files.document(owner, "расчёт.pdf", ("Расчёт", "Всё верно"), NOW)
    assert first.rows == second.rows


async def test_the_loaded_rows_equal_the_computed_ones(loaded: DemoFacts):
    computed = account(UNLINKED, TODAY)

    rows = (
        await Invoice.filter(account_id=computed.account.id)
        .order_by("period")
        .values_list("id", "period", "charged", "closing_balance", "unpaid")
    )

    assert rows == [
        (i.id, i.period, i.charged, i.closing_balance, i.unpaid) for i in computed.billing.invoices
    ]
    assert loaded.accounts == 5


async def test_each_column_is_filled_or_listed_as_empty(dsn: str):
    """Also for columns that a table gains later."""
    left_out = {
        "account": {"fias_house_id", "closed_on", "visible_days"},
        "holder": {"until", "household_id"},
        "register": {"removed_on"},
        "reading": {"submitted_by_id", "taken_at", "batch", "reason", "photo_id", "caller"},
        "invoice": {"closing_on"},
        "invoice_line": {"factor"},
        "account_balance": {"period"},
    }
    said_by_imports = {"data_as_of"}
    connection = await asyncpg.connect(dsn)
    filled = defaultdict[str, set[str]](set)
    for row in _loaded_rows():
        names = columns(type(row))
        values = zip(names, record(row, names), strict=True)
        filled[table(type(row))] |= {name for name, value in values if value is not None}
    for name, names_filled in filled.items():
        query = "SELECT column_name FROM information_schema.columns WHERE table_name = $1"
        existing = {row["column_name"] for row in await connection.fetch(query, name)}
        empty = left_out.get(name, set[str]())
        assert names_filled - said_by_imports == existing - empty - said_by_imports, name
    await connection.close()


def test_logins_hold_accounts_that_are_loaded():
    assert all(n != UNLINKED for login in LOGINS for n in login.accounts)


def _loaded_rows() -> Iterator[Model]:
    """Rows of every table of the supplier, with all columns that the demo fills."""
    yield from (*rules.tariffs(), *rules.range_limits(), *suppliers())
    yield from (*rules.window_rules(), *rules.anomaly_rules())
    yield from rules.norms()
    for model in FILES:
        yield from law(model)
    for n in (1, 3, 26):
        yield from account(n, TODAY).rows()


async def _rows(dsn: str) -> dict[str, int]:
    connection = await asyncpg.connect(dsn)
    tables = ("account", "invoice", "reading", "user", "consent", "account_link", "tariff")
    counts = {t: await connection.fetchval(f'SELECT count(*) FROM "{t}"') for t in tables}
    await connection.close()
    return counts
