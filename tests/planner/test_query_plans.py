"""With thousands of accounts, no frequent operation scans a large table."""

import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.backoffice.service import exchange
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts import storage as receipts
from lk_graphql.contracts.models import Application
from lk_graphql.demo.data.growth import GrowthSize, grow_demo
from lk_graphql.demo.data.people import PASSWORD
from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import cleanup, one_time_links
from lk_graphql.kit.ids import key_of, new_key
from lk_graphql.kit.viewer import Role
from lk_graphql.metering.models import Reading
from lk_graphql.planner.sql.conditions import order_sql
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.profile.service import exports
from lk_graphql.uploads.service.ingestion import reopen_interrupted
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient, open_client, open_engine
from tests.support.database_reset import truncate
from tests.support.sql_recorder import (
    RecordingDatabase,
    SqlRecorder,
    Statement,
    explain,
    keeps_its_plan,
    recording,
)

import_module("lk_graphql.appeals.jobs")  # declares the jobs

EXAMPLES = Path(__file__).parents[2] / "examples" / "operations"
SIZE = GrowthSize(accounts=2000, months=4, demo=10, templates=50)
CUSTOMER = "customer60@example.com"  # with three accounts
SMALL_TABLES = {
    "anomaly_rule", "answer_term", "application_rule", "appeal_topic", "calendar_day", "document",
    "estimate_rule",
    "norm", "range_limit", "staff_member", "staff_session", "supplier", "tariff", "window_rule",
}  # fmt: skip
"""Tables that don't grow with the number of customers: scanning them is right."""
MAX_BUFFERS = 600
"""Pages of 8 KiB that one statement may read. The dashboard reads its rows and a few pages for
each; a year's explanations read the bills of two years. A bill's reading costs nine more since the
policy of holders looks its account up through register and meter, and six since an explanation
knows when the meter's verification ended."""

# Rows of a year, in addition to those of `lk demo-data`
GROWN_ROWS = """
INSERT INTO session (id, user_id, token_hash, client_address, user_agent, created_at, expires_at)
SELECT gen_random_uuid(), id, sha256((id::text || n)::bytea), '203.0.113.7', 'a test', now(),
  now() + interval '30 days' FROM "user", generate_series(1, 3) n;
INSERT INTO attempts (key, moments, forget_at)
SELECT 'sign-in/' || n, ARRAY[now()], now() + interval '1 day' FROM generate_series(1, 5000) n;
INSERT INTO one_time_link (id, user_id, purpose, nonce, created_at, expires_at)
SELECT gen_random_uuid(), id, 'PASSWORD_RESET', sha256(id::text::bytea), now(),
  now() + interval '1 hour' FROM "user";
INSERT INTO idempotent_call (id, user_id, mutation, key, body_hash, outcome, happened_at)
SELECT gen_random_uuid(), id, 'readingsSubmit', n, '', '[]', now()
FROM "user", generate_series(1, 12) n;
INSERT INTO notice (id, user_id, kind, cause, created_at)
SELECT new_key(), id, 'APPEAL_ANSWERED', 'appeal/' || n, now() - n * interval '1 day'
FROM "user", generate_series(1, 50) n;
UPDATE reading SET batch = new_key() WHERE source = 'CUSTOMER';
INSERT INTO reading_finding (id, reading_id, kind, consumed_kwh)
SELECT new_key(), id, 'NOTHING_USED', 0 FROM reading LIMIT 5000;
INSERT INTO notice_choice (id, user_id, muted_by_email, muted_by_sms, changed_at)
SELECT new_key(), id, '{}', '{}', now() FROM "user";
INSERT INTO notice_manners (user_id, has_sms, changed_at) SELECT id, false, now() FROM "user";
INSERT INTO refused_address (id, user_id, channel, address, refused_at)
SELECT new_key(), id, channel, 'an old one', now()
FROM "user", unnest(ARRAY['EMAIL', 'SMS']) channel;
INSERT INTO phone_proof (id, user_id, phone, nonce, created_at, expires_at)
SELECT gen_random_uuid(), id, '+79' || lpad(n::text, 9, '0'), sha256(n::text::bytea), now(),
  now() + interval '10 min' FROM "user", generate_series(1, 3) n;
INSERT INTO account_history (id, account_id, last_period, contract_number, address,
  tariff_category, has_range_privilege)
SELECT new_key(), id, date '2020-01-01' + n * interval '1 month', contract_number, address,
  tariff_category, has_range_privilege FROM account, generate_series(1, 3) n;
INSERT INTO appeal (id, user_id, topic_id, number, state, hides_name, message_count, created_at,
  due_on) SELECT new_key(), "user".id, appeal_topic.id, 'Т-' || right("user".id::text, 12) || n,
  'NEW', false, 2, now() - n * interval '9 days', now() + n * interval '1 day'
FROM "user", generate_series(1, 3) n JOIN appeal_topic ON position = n;
INSERT INTO appeal_message (id, appeal_id, number, direction, text, created_at)
SELECT new_key(), appeal.id, n, 'SENT', 'Почему?', created_at FROM appeal, generate_series(4, 5) n;
INSERT INTO contract_application (id, user_id, number, state, version, created_at, changed_at,
  submitted_at) SELECT new_key(), id, 'З-' || right(id::text, 12), 'SUBMITTED', 1, now(), now(),
  now() FROM "user";
INSERT INTO contract_object (id, application_id, position, address)
SELECT new_key(), id, n, 'СНТ ' || md5(id::text || n) FROM contract_application,
  generate_series(1, 3) n WHERE number LIKE 'З-%';
INSERT INTO captcha (id, picture_hash, audio_hash, failures, created_at, expires_at)
SELECT gen_random_uuid(), '', '', 0, now(), now() + interval '5 min' FROM generate_series(1, 5000);
INSERT INTO payment (id, user_id, number, state, amount, commission, refunded, provider, reference,
  page_url, created_at, paid_at, changed_at, looks)
SELECT gen_random_uuid(), user_id, 'G' || row_number() OVER (), 'SUCCEEDED', 100, 0, 0, 'grown',
  gen_random_uuid()::text, '', now() - n * interval '1 day', now(), now(), 0
FROM account_link, generate_series(1, 3) n;
INSERT INTO payment_part (id, payment_id, account_id, position, account_number, contract_number,
  address, amount, advance, refunded)
SELECT gen_random_uuid(), p.id, (SELECT account_id FROM account_link WHERE user_id = p.user_id
  LIMIT 1), 1, '', '', '', 100, 0, 0
FROM payment p WHERE provider = 'grown';
INSERT INTO payment_event (id, payment_id, kind, happened_at)
SELECT gen_random_uuid(), id, 'CREATED', now() FROM payment, generate_series(1, 3)
WHERE provider = 'grown';
INSERT INTO fiscal_receipt (id, payment_id, amount, state)
SELECT gen_random_uuid(), id, 100, 'DONE' FROM payment WHERE provider = 'grown';
INSERT INTO refund (id, payment_id, part_id, amount, reason, staff_id, request_key, state,
  requested_at)
SELECT gen_random_uuid(), payment_id, id, 1, '', gen_random_uuid(), '', 'REQUESTED', now()
FROM payment_part;
INSERT INTO ledger_entry (id, kind, payment_id, happened_at)
SELECT gen_random_uuid(), 'PAYMENT', id, now() FROM payment WHERE provider = 'grown';
INSERT INTO ledger_line (id, entry_id, book, account_id, amount)
SELECT gen_random_uuid(), e.id, 'CUSTOMER', part.account_id, -100
FROM ledger_entry e JOIN payment_part part USING (payment_id)
WHERE NOT EXISTS (SELECT FROM ledger_line WHERE entry_id = e.id)
UNION ALL SELECT gen_random_uuid(), id, 'ACQUIRER', NULL, 100 FROM ledger_entry e
WHERE NOT EXISTS (SELECT FROM ledger_line WHERE entry_id = e.id);
INSERT INTO registry_row (id, line_id, payment_id, account_id, number, amount, happened_at)
SELECT gen_random_uuid(), line.id, e.payment_id, line.account_id, left(md5(line.id::text), 30),
  100, now()
FROM ledger_line line JOIN ledger_entry e ON e.id = entry_id WHERE book = 'CUSTOMER'
AND NOT EXISTS (SELECT FROM registry_row WHERE line_id = line.id);
ANALYZE"""
SIGN_IN = """mutation($email: String!, $password: String!) { sessionCreate(
  input: { email: $email, password: $password, delivery: BEARER }) { token viewer { id } } }"""
PAYMENTS = """{ viewer { payments(first: 5) { nodes { number parts { amount } events { kind }
  receipts { state } refunds { amount } } } } }"""
NODE = "query($id: ID!) { node(id: $id) { id } }"
ID = re.compile("[a-z]+_[0-9a-f]{32}")
OWN_ACCOUNT = """SELECT 'acc_' || replace(account.id::text, '-', '') AS account,
  'reg_' || replace(register.id::text, '-', '') AS register
FROM account JOIN account_link ON account_id = account.id JOIN "user" ON "user".id = user_id
JOIN meter ON meter.account_id = account.id JOIN register ON meter_id = meter.id
WHERE email_key = $1 ORDER BY account.number LIMIT 1"""
# a register that customers read themselves, with its last value
CUSTOMER_REGISTER = """SELECT 'acc_' || replace(account_id::text, '-', '') AS account,
  'reg_' || replace(register.id::text, '-', '') AS register, value::int AS value
FROM register JOIN meter ON meter.id = meter_id
CROSS JOIN LATERAL (SELECT value FROM reading WHERE register_id = register.id
  AND state = 'ACCEPTED' ORDER BY taken_on DESC LIMIT 1) newest
WHERE account_id = uuid(substr($1, 5)) AND meter.removed_on IS NULL ORDER BY value LIMIT 1"""
UNLINKED_ACCOUNT = """SELECT number, last_name, unified_number FROM account
JOIN holder ON account_id = account.id
WHERE NOT EXISTS (SELECT FROM account_link WHERE account_id = account.id) LIMIT 1"""


INDEXES = """SELECT relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisunique AND NOT relispartition AND relnamespace = 'public'::regnamespace
AND relname NOT LIKE 'job%'"""
OTHER_INDEXES = {
    # Commands bind the state as a parameter, so a generic plan can't use an index on one state.
    "idx_account_lin_account_3848a2",
    # The history of links, for staff, and for the foreign key check when a user is deleted.
    "idx_link_event_account_dbe334",
    "idx_link_event_link_id_a38f2e",
    "idx_link_event_user_id_995f22",
    # Searches and the audit log of the back office, and the customers' view of the log.
    "account_address_words",
    "holder_name_words",
    "user_name_words",
    "idx_access_note_user_id_d31cf1",
    "idx_delivery_notice__12f8f4",
    "idx_audit_entry_happene_812864",
    "idx_audit_entry_staff_i_2191b3",
    # The hourly deletion of expired personal data archives.
    "export_to_end",
    "idx_audit_entry_subject_2aad8f",
    "idx_staff_sessi_member__8082de",
    "session_of_staff",
    # The deletion of uploads checks for running imports.
    "import_file_of_upload",
    # The nightly deletion of old notices and deliveries.
    "finished_delivery",
    "idx_notice_created_c06471",
    # Due deliveries, read by the sending jobs.
    "delivery_waiting",
    # Reminders, which are jobs.
    "open_bill_by_day",
    # Payment checks, billing exports and bookkeeping, by jobs and by staff.
    "payment_to_look_at",
    "payment_part_of_account",
    "registry_row_to_export",
    "idx_acquirer_no_payment_c5e8dd",
    "idx_payment_created_0acf6e",
    "idx_payment_dif_payment_0c7968",
    "idx_payment_par_account_129c9d",
    "idx_payment_lin_part_id_639251",
    "idx_refund_line_line_id_3b6b89",
    "idx_ledger_entr_payment_974c3b",
    "idx_ledger_line_entry_i_2bdcb8",
    "idx_refund_part_id_e5617b",
    "idx_payment_dif_registr_9166e8",
    "unsettled_difference",
    "failed_receipt",
    "idx_registry_ro_payment_16836d",
    # Searches and queues of staff, and queries of jobs.
    "idx_user_phone_4e3ecc",
    "application_queue",
    "idx_callback_account_fc52d8",
    "idx_callback_due_on_43814d",
    "idx_appeal_state_cb4abd",
    "application_of_clerk",
    "application_address_words",
    "appeal_of_clerk",
    "appeal_message_words",
    "idx_contract_no_applica_3e6660",
    "orphaned_upload",
    "upload_of_staff",
    # A user's files and applications with their details: no example reads them.
    "idx_contract_ap_user_id_6616a7",
    "idx_contract_do_applica_88e58c",
    "idx_contract_ev_applica_833be2",
    "idx_upload_user_id_f9a8aa",
    # The foreign key check when an unconfirmed registration is deleted.
    "reading_of_submitter",
    # For a customer with few readings, those are searched for the batch instead.
    "reading_of_batch",
}
"""Indexes that no plan of the examples uses; the job queue's indexes are its library's."""


@pytest_asyncio.fixture(scope="module")
async def grown(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    passwords = Passwords(HashCost(memory_kib=64, passes=1))
    await truncate(opened)
    await grow_demo(dsn, SIZE, today=COMPANY.today(datetime.now(UTC)), passwords=passwords)
    passwords.close()
    await opened.execute(GROWN_ROWS)
    yield opened


@pytest_asyncio.fixture
async def api(grown: asyncpg.Connection, dsn: str) -> AsyncGenerator[ApiClient]:
    async with open_engine(dsn) as engine, open_client(engine) as client:
        yield client


@pytest_asyncio.fixture
async def recorder(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[SqlRecorder]:
    """Records all statements of the server."""
    recorder = RecordingDatabase(api.state.engine.database)
    monkeypatch.setattr(api.state.engine.database, "fetchrow", recorder.fetchrow)
    async with recording(recorder):
        yield recorder


async def scanning_statements(connection: asyncpg.Connection, recorder: SqlRecorder) -> list[str]:
    """The statements that scan a large table or read too many buffers."""
    problems: list[str] = []
    for statement in recorder.statements:
        plan = await explain(connection, statement)
        if plan.scanned() - SMALL_TABLES or plan.buffers > MAX_BUFFERS:
            problems.append(f"{plan.scanned()}, {plan.buffers} buffers: {statement.sql}")
    return problems


@dataclass(frozen=True)
class Customer:
    """Sends the examples' operations over HTTP."""

    api: ApiClient
    token: str

    async def ask(self, file: str, operation: str | None, **variables: Any) -> Any:
        body = {
            "query": (EXAMPLES / f"{file}.graphql").read_text(),
            "operationName": operation,
            "variables": variables,
        }
        headers = {"authorization": f"Bearer {self.token}"}
        answer = (await self.api.http.post("/graphql", json=body, headers=headers)).json()
        assert "errors" not in answer, answer
        return answer["data"]


@pytest_asyncio.fixture
async def customer(api: ApiClient, recorder: SqlRecorder) -> Customer:
    answer = await api.post(SIGN_IN, email=CUSTOMER, password=PASSWORD)
    return Customer(api, answer["data"]["sessionCreate"]["token"])


async def read_all(connection: asyncpg.Connection, customer: Customer) -> None:
    """Execute the example queries."""
    ids = dict(await connection.fetchrow(OWN_ACCOUNT, CUSTOMER) or {})
    dashboard = await customer.ask("03-dashboard", None)
    assert [len(account["invoices"]) for account in dashboard["viewer"]["accounts"]] == [4, 4, 4]
    archive = {"accountId": ids["account"], "first": 2}
    page = (await customer.ask("05-history", "BillArchive", **archive))["node"]["invoiceArchive"]
    after = page["pageInfo"]["endCursor"]
    await customer.ask("05-history", "BillArchive", **archive, after=after)
    await customer.ask("05-history", "PaymentHistory", accountId=ids["account"])
    await customer.ask("05-history", "ReadingHistory", registerId=ids["register"])
    await customer.ask("05-history", "ConsumptionHistory", accountId=ids["account"])
    await customer.ask("11-readings", "ReadingForm")
    await customer.ask("06-sessions", "MySessions")
    await customer.ask("08-notices", "MyNotices")
    await customer.ask("09-profile", "MyProfile")
    await customer.ask("10-appeals", "AppealTopics")
    await customer.ask("10-appeals", "MyAppeals")
    await customer.ask("10-appeals", "MyMessages")
    await customer.api.post("{ viewer { consents { action } } }", customer.token)
    await customer.api.post(PAYMENTS, customer.token)


async def change_all(connection: asyncpg.Connection, customer: Customer) -> None:
    """Execute the example mutations of a signed-in customer."""
    account_row = await connection.fetchrow(UNLINKED_ACCOUNT)
    assert account_row
    claim = {
        "subscriberType": "HOUSEHOLD",
        "accountNumber": account_row["number"],
        "surname": account_row["last_name"],
        "proof": {"unifiedNumber": account_row["unified_number"]},
    }
    preview = await customer.ask("04-link-account", "PreviewLink", claim=claim)
    token = preview["accountLinkPreview"]["preview"]["token"]
    link = await customer.ask("04-link-account", "SaveLink", token=token)
    account = {"accountId": link["accountLink"]["account"]["id"]}
    await customer.ask("04-link-account", "NameAccount", **account, name="Дача")
    await customer.ask("04-link-account", "LeaveAccount", **account)
    await customer.ask("09-profile", "SaveProfile", profile={"phone": "89000000060"})
    await customer.ask("09-profile", "ConfirmPhone", phone="89000000060", code="123456")
    await customer.ask("08-notices", "MarkNoticesRead", allUntil="2030-01-01T00:00:00Z")
    await write(customer)
    await send_readings(connection, customer)
    await customer.ask("06-sessions", "RevokeOtherSessions")
    await customer.ask("06-sessions", "SignOut")


async def write(customer: Customer) -> None:
    """Create an appeal, reply to it, and mark it read."""
    topic = (await customer.ask("10-appeals", "AppealTopics"))["appealTopics"][0]["id"]
    appeal = {"topicId": topic, "text": "Почему?", "idempotencyKey": new_key().hex}
    created = (await customer.ask("10-appeals", "WriteAppeal", appeal=appeal))["appealCreate"]
    appeal_id = {"appealId": created["appeal"]["id"]}
    reply = {**appeal_id, "text": "И ещё", "idempotencyKey": new_key().hex}
    await customer.ask("10-appeals", "ReplyToAppeal", reply=reply)
    await customer.ask("10-appeals", "ReadAppeal", read={**appeal_id, "until": 2})


async def send_readings(connection: asyncpg.Connection, customer: Customer) -> None:
    """Submit a usual and an unusual reading, confirm the latter and withdraw it."""
    await connection.execute("UPDATE meter SET reports_itself = false WHERE reports_itself")
    ids = dict(await connection.fetchrow(OWN_ACCOUNT, CUSTOMER) or {})
    register = dict(await connection.fetchrow(CUSTOMER_REGISTER, ids["account"]) or {})
    for value in (register["value"] + 1, register["value"] + 30_000):
        form = {
            "accountId": register["account"],
            "entries": [{"registerId": register["register"], "value": str(value)}],
            "allowPartial": True,
        }
        await customer.ask("11-readings", "PreviewReadings", looked=form)
        submission = {**form, "idempotencyKey": str(value)}
        answer = (await customer.ask("11-readings", "SendReadings", sent=submission))[
            "readingsSubmit"
        ]
        (entry,) = answer["entries"]
    confirmation = {"token": answer["confirmToken"], "idempotencyKey": "sure"}
    await customer.ask("11-readings", "ConfirmReadings", confirmed=confirmation)
    await customer.ask("11-readings", "TakeBack", readingId=entry["reading"]["id"])


async def test_reading_scans_no_table(
    grown: asyncpg.Connection, customer: Customer, recorder: SqlRecorder
):
    await read_all(grown, customer)

    assert await scanning_statements(grown, recorder) == []


async def test_changing_scans_no_table(
    grown: asyncpg.Connection, customer: Customer, recorder: SqlRecorder
):
    await change_all(grown, customer)

    assert len(recorder.statements) > 30
    assert await scanning_statements(grown, recorder) == []


async def test_every_index_is_there_for_something(
    grown: asyncpg.Connection, customer: Customer, recorder: SqlRecorder
):
    """An index costs disk space, and time at each insert."""
    await read_all(grown, customer)
    dashboard = (EXAMPLES / "03-dashboard.graphql").read_text()
    await customer.api.ask(dashboard, customer.token)  # on both paths
    await change_all(grown, customer)
    user = await User.get(email_key=CUSTOMER)
    await one_time_links.cancel(user, LinkPurpose.PASSWORD_RESET, now=user.created_at)
    await cleanup.delete_expired(now=user.created_at)
    await reopen_interrupted(now=user.created_at)
    plans = [await explain(grown, statement) for statement in recorder.statements]
    used_indexes = {name for plan in plans for name in plan.indexes()}

    indexes = {row["name"] for row in await grown.fetch(INDEXES)}
    assert indexes - used_indexes <= OTHER_INDEXES


async def test_every_repeated_statement_keeps_its_generic_plan(
    grown: asyncpg.Connection, customer: Customer, recorder: SqlRecorder
):
    """Planning takes longer than executing, so repeated statements must keep a generic plan."""
    await read_all(grown, customer)
    await change_all(grown, customer)

    statements = {statement.sql: statement for statement in recorder.statements}
    assert len(statements) > 60
    assert [
        sql for sql, statement in statements.items() if not await keeps_its_plan(grown, statement)
    ] == []


async def test_the_newest_bills_and_readings_are_read_along_an_index(
    grown: asyncpg.Connection, customer: Customer, recorder: SqlRecorder
):
    """Their number doesn't depend on the years that a customer has been here."""
    recorder.statements.clear()
    await customer.ask("03-dashboard", None)
    (statement,) = recorder.statements

    plan = await explain(grown, statement)

    assert plan.sorted() & {"account", "invoice", "reading"} == {"account"}


async def test_an_order_ends_with_the_key_unless_it_is_unique_without(customer: Customer):
    account, period = '"account_id"', ("-period",)
    assert order_sql(Invoice, period, "t", account) == 'ORDER BY t."period" DESC'
    assert order_sql(Invoice, period, "t") == 'ORDER BY t."period" DESC, t."id" DESC'
    assert order_sql(Invoice, ("number",), "t") == 'ORDER BY t."number"'
    assert order_sql(Reading, ("-taken_on",), "t", '"register_id"').endswith(', t."id" DESC')
    # several applications may have no number
    assert order_sql(Application, ("number",), "t").endswith(', t."id"')
    assert customer.token


UNGROWN = {
    "appeal", "appeal_attachment", "appeal_message", "export_run", "import_run",
    "personal_data_export", "upload",
}  # fmt: skip
"""Tables with hardly any row here, of which the statements read one by its key."""
FILES = {
    "receipts": receipts.STATEMENT,
    "exports": exports.STATEMENT,
    "staff/imports": exchange.REPORT_STATEMENT,
    "staff/exports": exchange.EXPORT_STATEMENT,
}


async def test_opening_a_file_scans_no_table_and_keeps_its_plan(
    grown: asyncpg.Connection, customer: Customer
):
    """By a token, by a link, and by neither."""
    session = await grown.fetchrow(
        'SELECT session.id, token_hash FROM session JOIN "user" u ON u.id = user_id'
        " WHERE email_key = $1 AND ended_at IS NULL LIMIT 1",
        CUSTOMER,
    )
    assert session
    ids = dict(await grown.fetchrow(OWN_ACCOUNT, CUSTOMER) or {})
    bill = await grown.fetchval(
        "SELECT id FROM invoice WHERE account_id = $1", key_of(ids["account"])
    )
    kinds = FILES | {folder: kind.statement for folder, kind in DOWNLOAD_KINDS.items()}
    assert len(kinds) == 10
    now = datetime.now(UTC)
    for folder, sql in kinds.items():
        for token_hash, link in ((session["token_hash"], None), (b"", session["id"]), (b"", None)):
            statement = Statement(sql, [token_hash, now, link, link and now, bill])
            plan = await explain(grown, statement)
            assert plan.scanned() - SMALL_TABLES - UNGROWN == set(), folder
            assert plan.buffers < 40, folder
            assert await keeps_its_plan(grown, statement), folder
        reader = await grown.fetchrow(sql, b"", now, session["id"], now, bill)
        assert (reader is None) == folder.startswith("staff/")
        assert reader is None or (reader["file_id"] == bill) == (folder == "receipts")
    assert customer.token


async def test_the_plain_path_scans_no_table(
    grown: asyncpg.Connection, customer: Customer, recorder: SqlRecorder
):
    """`ApiClient.ask` executes an operation on both paths."""
    for file, name in (("03-dashboard", None), ("06-sessions", "MySessions")):
        query = (EXAMPLES / f"{file}.graphql").read_text()
        answer = await customer.api.ask(query, customer.token, name=name)
        ids = {id_.partition("_")[0]: id_ for id_ in ID.findall(json.dumps(answer))}
        for id_ in ids.values():
            node = await customer.api.ask(NODE, customer.token, id=id_)
            assert node["node"] == {"id": id_}

    assert await scanning_statements(grown, recorder) == []


SEARCHES = {
    "user_name_words": '{ customers(where: {lastName: "Ковалевич"}) { nodes { id } } }',
    "account_address_words": '{ accounts(where: {address: "проезд Щорса"}) { nodes { id } } }',
    "holder_name_words": '{ accounts(where: {holder: "Ковалевич"}) { nodes { id } } }',
    "appeal_message_words": '{ appeals(where: {text: "трансформатор"}) { nodes { id } } }',
    "application_address_words": """{ contractApplications(where: {address: "Щорса"}) {
        nodes { id } } }""",
}


EXACT_SEARCHES = (
    '{ account(number: "%s") { id meters { id } invoices(first: 3) { nodes { id } } } }',
    '{ accounts(where: {number: "%s"}) { nodes { id } } }',
    '{ accounts(where: {unifiedNumber: "%s"}) { nodes { id } } }',
    '{ customers(where: {accountNumber: "%s"}) { nodes { id } } }',
    '{ customers(where: {email: "%s"}) { nodes { id } } }',
    '{ customers(where: {phone: "%s"}) { nodes { id } } }',
)
STAFF_ONLY = {"staff_member", "staff_session"}


async def test_an_exact_search_of_staff_scans_only_tables_of_staff(
    grown: asyncpg.Connection, api: ApiClient, recorder: SqlRecorder
):
    token = await given_staff_session(await given_staff(Role.CLERK, "finder@example.com"))
    for search in EXACT_SEARCHES:
        recorder.statements.clear()
        await api.post(f"{{ staff {search % '0123456789'} }}", token)
        (statement,) = (
            statement
            for statement in recorder.statements
            if statement.sql.startswith("WITH viewer")
        )
        async with grown.transaction():
            await grown.execute("SET LOCAL enable_seqscan = off")
            plan = await explain(grown, statement)
        assert plan.scanned() <= STAFF_ONLY, search


async def test_staff_s_searches_go_by_indexes(
    grown: asyncpg.Connection, api: ApiClient, recorder: SqlRecorder
):
    """Scans are disabled here, because PostgreSQL prefers them for small tables."""
    token = await given_staff_session(await given_staff(Role.ADMIN, "searcher@example.com"))
    for index, search in SEARCHES.items():
        recorder.statements.clear()
        await api.post(f"{{ staff {search} }}", token)
        async with grown.transaction():
            await grown.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
            plans = [
                await explain(grown, statement)
                for statement in recorder.statements
                if "search_key" in statement.sql
            ]
        assert [index in plan.indexes() for plan in plans] == [True], index
