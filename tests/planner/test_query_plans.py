"""On thousands of accounts, no hot operation reads a table from end to end."""

import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
import pytest_asyncio

from lk_graphql.demo.data.growth import GrowthSize, grow_demo
from lk_graphql.demo.data.people import PASSWORD
from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import cleanup, one_time_links
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Role
from lk_graphql.ports.passwords import HashCost, Passwords
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient, open_client, open_engine
from tests.support.database_reset import truncate
from tests.support.sql_recorder import (
    RecordingDatabase,
    SqlRecorder,
    explain,
    keeps_its_plan,
    recording,
)

import_module("lk_graphql.appeals.jobs")  # declares the jobs

EXAMPLES = Path(__file__).parents[2] / "examples" / "operations"
SIZE = GrowthSize(accounts=2000, months=4, demo=10, templates=50)
CUSTOMER = "customer60@example.com"  # with three accounts
SMALL_TABLES = {
    "anomaly_rule", "answer_term", "application_rule", "appeal_topic", "document", "estimate_rule",
    "norm", "range_limit", "staff_member", "staff_session", "supplier", "tariff", "window_rule",
}  # fmt: skip
"""Tables that don't grow with the customers: scanning them is right."""
MOST_BUFFERS = 400
"""Pages of 8 KiB that one statement may read; the dashboard's are its rows and a few for each,
and who asks for a year's explanations asks for two years' bills."""

# What a year of customers leaves behind, beside what `lk demo-data` makes
GROWN = """
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
OWN = """SELECT 'acc_' || replace(account.id::text, '-', '') AS account,
  'reg_' || replace(register.id::text, '-', '') AS register
FROM account JOIN account_link ON account_id = account.id JOIN "user" ON "user".id = user_id
JOIN meter ON meter.account_id = account.id JOIN register ON meter_id = meter.id
WHERE email_key = $1 ORDER BY account.number LIMIT 1"""
# a register that customers read themselves, and what it shows by now
READ = """SELECT 'acc_' || replace(account_id::text, '-', '') AS account,
  'reg_' || replace(register.id::text, '-', '') AS register, value::int AS value
FROM register JOIN meter ON meter.id = meter_id
CROSS JOIN LATERAL (SELECT value FROM reading WHERE register_id = register.id
  AND state = 'ACCEPTED' ORDER BY taken_on DESC LIMIT 1) newest
WHERE account_id = uuid(substr($1, 5)) AND removed_on IS NULL ORDER BY value LIMIT 1"""
FREE = """SELECT number, last_name, unified_number FROM account
JOIN holder ON account_id = account.id
WHERE NOT EXISTS (SELECT FROM account_link WHERE account_id = account.id) LIMIT 1"""


INDEXES = """SELECT relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisunique AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'job%'"""
FOR_OTHER_REASONS = {
    # Commands prepare the state as a parameter: in time PostgreSQL plans for any state, and then
    # the indexes of one state are none.
    "idx_account_lin_account_3848a2",
    # The trail, for staff who look into a link; and a user can't be deleted without a look at it.
    "idx_link_event_account_dbe334",
    "idx_link_event_link_id_a38f2e",
    "idx_link_event_user_id_995f22",
    # The back office's searches, its log, and what customers see of it.
    "account_address_words",
    "holder_name_words",
    "user_name_words",
    "idx_access_note_user_id_d31cf1",
    "idx_delivery_notice__12f8f4",
    "idx_audit_entry_happene_812864",
    "idx_audit_entry_staff_i_2191b3",
    # The hourly sweep for archives of personal data whose time is over.
    "export_to_end",
    "idx_audit_entry_subject_2aad8f",
    "idx_staff_sessi_member__8082de",
    "session_of_staff",
    # The sweep of uploads: none is deleted that an import still reads.
    "import_file_of_upload",
    # What is due to be sent: the senders' business, who are jobs.
    "delivery_waiting",
    # The calendar's reminders, which are jobs too.
    "open_bill_by_day",
    # What is looked into, sent to billing and booked: the work of jobs and of staff.
    "payment_to_look_at",
    "payment_part_of_account",
    "registry_row_to_export",
    "idx_acquirer_no_payment_c5e8dd",
    "idx_payment_created_0acf6e",
    "idx_payment_dif_payment_0c7968",
    "idx_payment_par_account_129c9d",
    "idx_ledger_entr_payment_974c3b",
    "idx_ledger_line_entry_i_2bdcb8",
    "idx_refund_part_id_e5617b",
    "idx_registry_ro_payment_16836d",
    # Staff's searches and queues, and what jobs look for.
    "idx_user_phone_4e3ecc",
    "application_queue",
    "idx_appeal_state_cb4abd",
    "application_of_clerk",
    "application_address_words",
    "appeal_of_clerk",
    "appeal_message_words",
    "idx_contract_no_applica_3e6660",
    "orphaned_upload",
    "upload_of_staff",
    # A person's own files and applications, and what hangs on one: no example asks for them yet.
    "idx_contract_ap_user_id_6616a7",
    "idx_contract_do_applica_88e58c",
    "idx_contract_ev_applica_833be2",
    "idx_upload_user_id_f9a8aa",
    # A registration that nobody confirmed is deleted, wherever it might be mentioned.
    "reading_of_submitter",
}
"""Indexes that the examples' plans may do without; the queue's are its library's business."""


@pytest_asyncio.fixture(scope="module")
async def grown(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    passwords = Passwords(HashCost(memory_kib=64, passes=1))
    await truncate(opened)
    await grow_demo(dsn, SIZE, today=COMPANY.today(datetime.now(UTC)), passwords=passwords)
    passwords.close()
    await opened.execute(GROWN)
    yield opened


@pytest_asyncio.fixture
async def api(grown: asyncpg.Connection, dsn: str) -> AsyncGenerator[ApiClient]:
    async with open_engine(dsn) as reader, open_client(reader) as one:
        yield one


@pytest_asyncio.fixture
async def ear(api: ApiClient) -> AsyncGenerator[SqlRecorder]:
    """What hears all statements of the cabinet."""
    ear = RecordingDatabase(api.state.engine.database)
    api.state.engine.database = ear
    async with recording(ear):
        yield ear


async def found_scanning(connection: asyncpg.Connection, ear: SqlRecorder) -> list[str]:
    """The statements that read too much: what they read, and their beginning."""
    bad: list[str] = []
    for statement in ear.heard:
        plan = await explain(connection, statement)
        if plan.scanned() - SMALL_TABLES or plan.buffers > MOST_BUFFERS:
            bad.append(f"{plan.scanned()}, {plan.buffers} buffers: {statement.sql}")
    return bad


@dataclass(frozen=True)
class Customer:
    """Asks the examples' operations over HTTP."""

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
async def customer(api: ApiClient, ear: SqlRecorder) -> Customer:
    answer = await api.post(SIGN_IN, email=CUSTOMER, password=PASSWORD)
    return Customer(api, answer["data"]["sessionCreate"]["token"])


async def read_all(connection: asyncpg.Connection, customer: Customer) -> None:
    """All that the examples read."""
    ids = dict(await connection.fetchrow(OWN, CUSTOMER) or {})
    dashboard = await customer.ask("03-dashboard", None)
    assert [len(one["invoices"]) for one in dashboard["viewer"]["accounts"]] == [4, 4, 4]
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
    """All that the examples change, once signed in."""
    free = await connection.fetchrow(FREE)
    assert free
    claim = {
        "subscriberType": "HOUSEHOLD",
        "accountNumber": free["number"],
        "surname": free["last_name"],
        "proof": {"unifiedNumber": free["unified_number"]},
    }
    shown = await customer.ask("04-link-account", "PreviewLink", claim=claim)
    token = shown["accountLinkPreview"]["preview"]["token"]
    linked = await customer.ask("04-link-account", "SaveLink", token=token)
    account = {"accountId": linked["accountLink"]["account"]["id"]}
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
    """An appeal and all that its author does with it."""
    topic = (await customer.ask("10-appeals", "AppealTopics"))["appealTopics"][0]["id"]
    appeal = {"topicId": topic, "text": "Почему?", "idempotencyKey": new_key().hex}
    made = (await customer.ask("10-appeals", "WriteAppeal", appeal=appeal))["appealCreate"]
    known = {"appealId": made["appeal"]["id"]}
    reply = {**known, "text": "И ещё", "idempotencyKey": new_key().hex}
    await customer.ask("10-appeals", "ReplyToAppeal", reply=reply)
    await customer.ask("10-appeals", "ReadAppeal", read={**known, "until": 2})


async def send_readings(connection: asyncpg.Connection, customer: Customer) -> None:
    """A usual one, an unusual one, and both steps back."""
    await connection.execute("UPDATE meter SET reports_itself = false WHERE reports_itself")
    ids = dict(await connection.fetchrow(OWN, CUSTOMER) or {})
    own = dict(await connection.fetchrow(READ, ids["account"]) or {})
    for value in (own["value"] + 1, own["value"] + 30_000):
        form = {
            "accountId": own["account"],
            "entries": [{"registerId": own["register"], "value": str(value)}],
            "allowPartial": True,
        }
        await customer.ask("11-readings", "PreviewReadings", looked=form)
        sent = {**form, "idempotencyKey": str(value)}
        answer = (await customer.ask("11-readings", "SendReadings", sent=sent))["readingsSubmit"]
        (entry,) = answer["entries"]
    confirmed = {"token": answer["confirmToken"], "idempotencyKey": "sure"}
    await customer.ask("11-readings", "ConfirmReadings", confirmed=confirmed)
    await customer.ask("11-readings", "TakeBack", readingId=entry["reading"]["id"])


async def test_reading_scans_no_table(
    grown: asyncpg.Connection, customer: Customer, ear: SqlRecorder
):
    await read_all(grown, customer)

    assert await found_scanning(grown, ear) == []


async def test_changing_scans_no_table(
    grown: asyncpg.Connection, customer: Customer, ear: SqlRecorder
):
    await change_all(grown, customer)

    assert len(ear.heard) > 30
    assert await found_scanning(grown, ear) == []


async def test_every_index_is_there_for_something(
    grown: asyncpg.Connection, customer: Customer, ear: SqlRecorder
):
    """Each costs disk, and time whenever a row comes in."""
    await read_all(grown, customer)
    dashboard = (EXAMPLES / "03-dashboard.graphql").read_text()
    await customer.api.ask(dashboard, customer.token)  # on both paths
    await change_all(grown, customer)
    user = await User.get(email_key=CUSTOMER)
    await one_time_links.cancel(user, LinkPurpose.PASSWORD_RESET, now=user.created_at)
    await cleanup.sweep(now=user.created_at)
    plans = [await explain(grown, statement) for statement in ear.heard]
    used = {name for plan in plans for name in plan.indexes()}

    there = {row["name"] for row in await grown.fetch(INDEXES)}
    assert there - used <= FOR_OTHER_REASONS


async def test_nothing_is_planned_anew_each_time(
    grown: asyncpg.Connection, customer: Customer, ear: SqlRecorder
):
    """Planning costs more than answering: what is asked again must find its plan."""
    await read_all(grown, customer)
    await change_all(grown, customer)

    heard = {statement.sql: statement for statement in ear.heard}
    assert len(heard) > 60
    assert [sql for sql, one in heard.items() if not await keeps_its_plan(grown, one)] == []


async def test_the_plain_path_scans_no_table(
    grown: asyncpg.Connection, customer: Customer, ear: SqlRecorder
):
    """Its querysets know nothing of the plans; `Cabinet.ask` goes both ways."""
    for file, name in (("03-dashboard", None), ("06-sessions", "MySessions")):
        query = (EXAMPLES / f"{file}.graphql").read_text()
        answer = await customer.api.ask(query, customer.token, name=name)
        ids = {id_.partition("_")[0]: id_ for id_ in ID.findall(json.dumps(answer))}
        for id_ in ids.values():
            node = await customer.api.ask(NODE, customer.token, id=id_)
            assert node["node"] == {"id": id_}

    assert await found_scanning(grown, ear) == []


SEARCHES = {
    "user_name_words": '{ customers(where: {lastName: "Ковалевич"}) { nodes { id } } }',
    "account_address_words": '{ accounts(where: {address: "проезд Щорса"}) { nodes { id } } }',
    "holder_name_words": '{ accounts(where: {holder: "Ковалевич"}) { nodes { id } } }',
    "appeal_message_words": '{ appeals(where: {text: "трансформатор"}) { nodes { id } } }',
    "application_address_words": """{ contractApplications(where: {address: "Щорса"}) {
        nodes { id } } }""",
}


EXACT = (
    '{ accounts(where: {number: "%s"}) { nodes { id } } }',
    '{ accounts(where: {unifiedNumber: "%s"}) { nodes { id } } }',
    '{ customers(where: {accountNumber: "%s"}) { nodes { id } } }',
    '{ customers(where: {email: "%s"}) { nodes { id } } }',
    '{ customers(where: {phone: "%s"}) { nodes { id } } }',
)
STAFF_ONLY = {"staff_member", "staff_session"}


async def test_staff_find_by_a_number_or_an_address_without_looking_through_all(
    grown: asyncpg.Connection, api: ApiClient, ear: SqlRecorder
):
    token = await given_staff_session(await given_staff(Role.CLERK, "finder@example.com"))
    for search in EXACT:
        ear.heard.clear()
        await api.post(f"{{ staff {search % '0123456789'} }}", token)
        (statement,) = (one for one in ear.heard if one.sql.startswith("WITH viewer"))
        async with grown.transaction():
            await grown.execute("SET LOCAL enable_seqscan = off")
            plan = await explain(grown, statement)
        assert plan.scanned() <= STAFF_ONLY, search


async def test_staff_s_searches_go_by_indexes(
    grown: asyncpg.Connection, api: ApiClient, ear: SqlRecorder
):
    """A table may still be so small that scanning it is right: so scanning is forbidden here."""
    token = await given_staff_session(await given_staff(Role.ADMIN, "searcher@example.com"))
    for index, search in SEARCHES.items():
        ear.heard.clear()
        await api.post(f"{{ staff {search} }}", token)
        async with grown.transaction():
            await grown.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
            plans = [await explain(grown, one) for one in ear.heard if "search_key" in one.sql]
        assert [index in plan.indexes() for plan in plans] == [True], index
