"""Erasure leaves no personal data in any column of any table, nor in any file."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from lk_graphql.contracts.models import ApplicationEvent
from lk_graphql.database import SLICES
from lk_graphql.hooks import load_hooks
from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.models import Payment, Refund
from lk_graphql.ports.jobs import JobContext, enqueue, run_until_empty
from lk_graphql.profile.models import (
    Destroyed,
    ErasureRequest,
    PersonalDataExport,
    PersonalDataExportState,
)
from lk_graphql.profile.service import exports
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES, of_all_slices
from lk_graphql.uploads.models import Upload
from tests.factories.personal_data import PASSWORD, given_two, marks
from tests.support.client import COMPANY, ApiClient

REQUEST = """mutation ($password: String!) { erasureRequest(input: { password: $password }) {
  errors { code } } }"""

RETAINED = {
    # The party to the contract for energy: the contract continues and needs no consent (152-ФЗ,
    # ст. 6, ч. 1, п. 5). Billing is the system of record.
    "holder.last_name", "holder.first_name", "holder.surname_key",
    # Identifiers of payments at the acquirer, the tax service and in billing.
    "payment.number", "payment.reference", "refund.reference",
}  # fmt: skip
"""Columns that may contain marks of the erased user (the test puts a name into the numbers)."""


async def marked_columns(connection: asyncpg.Connection, name: str) -> set[str]:
    """Return the columns with a mark of a person in some row; leaves out the table of aerich."""
    columns = await connection.fetch(
        "SELECT table_name, column_name FROM information_schema.columns "
        "JOIN information_schema.tables USING (table_schema, table_name) "
        "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'aerich' "
        "AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea')"
    )
    marked = set[str]()
    for table, column in columns:
        as_text = f"coalesce(\"{column}\"::text, '')"
        if column == "payload":  # of a job
            as_text = f"convert_from(\"{column}\", 'UTF8')"
        rows = f'"{table}", unnest($1::text[]) mark WHERE position(mark in {as_text}) > 0'
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {rows})", marks(name)):
            marked.add(f"{table}.{column}")
    return marked


async def erase(api: ApiClient, anna: Viewer, dsn: str) -> None:
    """Request the erasure over HTTP, backdate it and run all jobs."""
    token = await api.signed_in(anna)
    response = await api.post(REQUEST, token, password=PASSWORD)
    assert response["data"]["erasureRequest"] == {"errors": []}
    age = timedelta(days=15)
    await ErasureRequest.all().update(
        requested_at=datetime.now(UTC) - age, starts_at=datetime.now(UTC)
    )
    await enqueue("profile.erase")
    async with asyncio.timeout(20):  # a failing job is retried for hours
        await run_until_empty(api.state.ports, COMPANY, dsn=dsn)


async def test_no_column_of_any_table_and_no_file_names_the_person(
    api: ApiClient, database: str, opened: asyncpg.Connection
):
    anna, boris = await given_two(api)
    now, store = datetime.now(UTC), api.state.ports.files
    export = await PersonalDataExport.create(
        user_id=anna.id, state=PersonalDataExportState.WAITING, requested_at=now,
        expires_at=now + exports.MAX_WAIT,
    )  # fmt: skip
    await exports.build(export.id, JobContext(api.state.ports, COMPANY, now))
    before, other_marks = (
        await marked_columns(opened, "Огнеслава"),
        await marked_columns(opened, "Борислав"),
    )
    assert before > RETAINED
    assert len(before - RETAINED) > 20, "the fixtures contain marks in many columns"
    files = await Upload.all()

    await erase(api, anna, database)

    assert await marked_columns(opened, "Огнеслава") == RETAINED
    assert await marked_columns(opened, "Борислав") == other_marks
    for upload in files:
        is_gone = await store.size(upload.path) is None
        assert is_gone is ("Огнеслава" in upload.name), upload.name
    assert await Upload.all().count() == len(files) / 2
    assert await store.size(export.path) is None
    assert (await User.get(id=boris.id)).erased_at is None


async def test_the_protocol_lists_deleted_and_emptied_rows(api: ApiClient, database: str):
    anna, _ = await given_two(api)
    await erase(api, anna, database)
    lines = await Destroyed.all().values_list("what", "rows", "was_deleted")
    assert sorted(lines) == [
        ("access_note", 1, True),
        ("account_link", 1, True),
        ("appeal", 1, True),
        ("contract_application", 1, True),
        ("idempotent_call", 1, True),
        ("notice", 1, True),
        ("notice_settings", 4, True),
        ("one_time_link", 1, True),
        ("payment", 1, False),
        ("personal_data_export", 0, True),
        ("phone_proof", 1, True),
        ("session", 1, True),
        ("upload", 3, True),
        ("user", 1, False),
    ]


async def test_an_erasure_leaves_payments_unchanged(api: ApiClient, database: str):
    anna, _ = await given_two(api)
    columns = ("number", "state", "amount", "refunded", "parts__amount", "receipts__number")
    before = await Payment.filter(user_id=anna.id).values(*columns)
    await erase(api, anna, database)
    assert await Payment.filter(user_id=anna.id).values(*columns) == before
    assert (await Refund.get(payment__user_id=anna.id)).amount == 1_000


async def test_a_timeline_goes_with_its_person_only(api: ApiClient, database: str):
    await given_two(api)
    with pytest.raises(IntegrityError):
        await ApplicationEvent.all().delete()
    with pytest.raises(IntegrityError):
        await ApplicationEvent.all().update(text="nothing")
    assert await ApplicationEvent.all().count() == 2


def test_every_slice_with_personal_data_declares_them():
    load_hooks()
    assert [*PERSONAL_DATA_SOURCES] == [*SLICES_WITH_PEOPLE]
    without = {"identity", "import_formats", "exchange", "rules", "staff"}
    assert set(SLICES) - set(PERSONAL_DATA_SOURCES) == without


SLICES_WITH_PEOPLE = (
    "profile", "uploads", "accounts", "notifications", "metering", "billing", "payments",
    "appeals", "contracts", "backoffice",
)  # fmt: skip
"""Profile lists rows of identity, backoffice those of staff; others have no personal data."""


async def test_every_table_with_a_reference_to_a_user_is_exported_or_explained(
    opened: asyncpg.Connection,
):
    """Require a listing or an explanation for every table with a foreign key to the user."""
    rows = await opened.fetch(
        "SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint "
        "WHERE contype = 'f' AND confrelid = '\"user\"'::regclass"
    )
    statements = " ".join(listing.sql for data in of_all_slices() for listing in data.listings)
    assert {row["name"] for row in rows if row["name"] not in statements} == {
        "one_time_link",  # expires within a day
        "idempotent_call",  # repeats data that other tables list
    }
