"""Staff actions on customers, and their audit."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast

import asyncpg
import pytest

from lk_graphql.accounts.models import AccountLink, LinkEvent, LinkEventKind, LinkRole, LinkState
from lk_graphql.accounts.service import links
from lk_graphql.api.root_fields import Access
from lk_graphql.identity.models import Session, User
from lk_graphql.kit.errors import Forbidden
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.planner.engine import Call
from lk_graphql.ports.jobs import run_until_empty
from lk_graphql.schema import graphql_schema
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.accounts import NUMBER, given_account, given_bare_account, given_link
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient
from tests.support.locks import until_locks_are_awaited
from tests.support.sample_input import sample_input

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
FIND = """query ($where: StaffAccountFilterInput) { staff { accounts(where: $where) {
  totalCount nodes { number address holders { fullName } links { state } } } } }"""
FIND_CUSTOMERS = """query Find($where: StaffCustomerFilterInput) { staff {
  customers(where: $where) { nodes { id fullName emailMasked phoneMasked isLocked } } } }"""
LOG = "{ viewer { accessLog { nodes { what role reason } } } }"


async def mutate(api: ApiClient, token: str, name: str, selection: str, **input: Any) -> Any:
    pascal = name[0].upper() + name[1:]
    query = f"""mutation ($input: {pascal}Input!) {{ {name}(input: $input) {{
        {selection} errors {{ code path }} }} }}"""
    answer = await api.post(query, token, input={"reason": "звонок клиента", **input})
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else answer["data"][name]


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ({"number": NUMBER}, [NUMBER]),
        ({"number": "1"}, []),
        ({"address": "киров 12"}, [NUMBER]),
        ({"address": "КИРОВА"}, ["0000000002", NUMBER]),
        ({"address": "100%"}, []),
        ({"address": "_ирова"}, []),
        ({"holder": "иванов"}, [NUMBER]),
        ({"holder": "Кузнецов"}, []),
        ({"address": "  "}, ["0000000002", NUMBER]),
        ({"holder": "Ива", "address": "кв 7"}, [NUMBER]),
        ({"unifiedNumber": "75ДА533315"}, [NUMBER]),
    ],
)
async def test_accounts_are_searched_by_number_address_and_holder(
    api: ApiClient, where: dict[str, str], numbers: list[str]
):
    await given_account()
    await given_bare_account("0000000002", address="г. Новокузнецк, ул. Кирова, д. 3")
    token = await given_staff_session(await given_staff())
    connection = (await api.ask(FIND, token, where=where))["staff"]["accounts"]
    assert [node["number"] for node in connection["nodes"]] == numbers
    assert connection["totalCount"] == len(numbers)


async def test_too_many_words_are_refused(api: ApiClient):
    token = await given_staff_session(await given_staff())
    answer = await api.post(FIND, token, where={"address": "а б в г д е"})
    assert answer["errors"][0]["message"] == "Search for 5 words at most."


@pytest.mark.parametrize(
    "where",
    [
        {"lastName": "ИВАН"},
        {"email": "anna@example.com"},
        {"phone": "+79131234567", "lastName": "ива"},
        {"accountNumber": NUMBER},
    ],
)
async def test_a_search_returns_masked_customers(
    api: ApiClient, anna: Viewer, where: dict[str, str]
):
    await given_link(anna, await given_account())
    token = await given_staff_session(await given_staff())
    staff = (await api.ask(FIND_CUSTOMERS, token, where=where, name="Find"))["staff"]
    assert staff["customers"]["nodes"] == [
        {
            "id": to_public("scu", anna.id),
            "fullName": "Иванова Пелагея Сергеевна",
            "emailMasked": "a***@example.com",
            "phoneMasked": staff["customers"]["nodes"][0]["phoneMasked"],
            "isLocked": False,
        }
    ]
    assert "1234567" not in staff["customers"]["nodes"][0]["phoneMasked"]


async def test_every_view_is_audited_and_visible_to_the_customer(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    member = await given_staff()
    token = await given_staff_session(member)
    await api.post(FIND_CUSTOMERS, token, where={"email": "anna@example.com"})
    await api.post(FIND, token, where={"number": NUMBER})
    entries = AuditEntry.filter(act=Act.LOOKED).order_by("id")
    values = await entries.values_list("staff_id", "subject", "subject_id", "operation")
    assert {tuple(value) for value in cast("list[Any]", values)} == {
        (member.id, "user", anna.id, "Find"),
        (member.id, "account", account.id, None),
        (member.id, "user", anna.id, None),  # through the link of the account
    }
    access_log = (await api.ask(LOG, await api.signed_in(anna)))["viewer"]["accessLog"]["nodes"]
    assert access_log[-1] == {"what": "LOOKED", "role": "CLERK", "reason": None}
    assert len(access_log) == 2  # one entry a request


async def test_a_count_of_customers_is_not_audited(api: ApiClient, anna: Viewer):
    token = await given_staff_session(await given_staff())
    await api.post("{ staff { customers { totalCount } } }", token)
    assert await AuditEntry.filter(act=Act.LOOKED).count() == 0


async def test_the_view_of_a_payload_is_audited_too(api: ApiClient, anna: Viewer):
    token = await given_staff_session(await given_staff(Role.SUPERVISOR))
    customer = to_public("scu", anna.id)
    await mutate(api, token, "staffCustomerLock", "customer { fullName }", customerId=customer)
    acts = await AuditEntry.filter(subject_id=anna.id).order_by("id").values_list("act", flat=True)
    assert acts == [Act.CUSTOMER_LOCKED, Act.LOOKED]


async def test_contacts_are_returned_for_a_reason_only(api: ApiClient, anna: Viewer):
    token = await given_staff_session(await given_staff())
    customer = to_public("scu", anna.id)
    contacts = await mutate(api, token, "staffContactsShow", "email phone", customerId=customer)
    assert contacts == {"email": "anna@example.com", "phone": "+79131234567", "errors": []}
    access_log = (await api.ask(LOG, await api.signed_in(anna)))["viewer"]["accessLog"]["nodes"]
    assert access_log == [{"what": "CONTACTS_SHOWN", "role": "CLERK", "reason": "звонок клиента"}]
    unreasoned = await mutate(
        api, token, "staffContactsShow", "email", customerId=customer, reason=" -  "
    )
    refusal = {"code": "REASON_REQUIRED", "path": ["reason"]}
    assert unreasoned == {"email": None, "errors": [refusal]}


async def test_a_lock_is_for_supervisors_and_works_at_once(api: ApiClient, anna: Viewer):
    customer, customer_token = to_public("scu", anna.id), await api.signed_in(anna)
    clerk = await given_staff_session(await given_staff(Role.CLERK))
    lock = "staffCustomerLock"
    assert await mutate(api, clerk, lock, "", customerId=customer) == "FORBIDDEN"
    assert await mutate(api, customer_token, lock, "", customerId=customer) == "FORBIDDEN"
    assert await mutate(api, "", lock, "", customerId=customer) == "UNAUTHENTICATED"
    assert (await api.ask("{ viewer { email } }", customer_token))["viewer"]

    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    payload = await mutate(api, supervisor, lock, "customer { isLocked }", customerId=customer)
    assert payload == {"customer": {"isLocked": True}, "errors": []}
    assert await api.ask("{ viewer { email } }", customer_token) == {"viewer": None}
    payload = await mutate(
        api, supervisor, "staffCustomerUnlock", "customer { isLocked }", customerId=customer
    )
    assert payload["customer"] == {"isLocked": False}


@pytest.mark.parametrize(
    "mutation", ["staffCustomerLock", "staffCustomerUnlock", "staffContactsShow"]
)
async def test_staff_mutations_don_t_find_an_erased_login(
    mutation: str, api: ApiClient, anna: Viewer
):
    await User.filter(id=anna.id).update(erased_at=datetime.now(UTC), locked_at=datetime.now(UTC))
    token = await given_staff_session(await given_staff(Role.SUPERVISOR))
    payload = await mutate(api, token, mutation, "", customerId=to_public("scu", anna.id))
    assert payload == {"errors": [{"code": "CUSTOMER_NOT_FOUND", "path": ["customerId"]}]}
    assert (await User.get(id=anna.id)).locked_at is not None
    assert not await AuditEntry.filter(subject_id=anna.id).exists()


async def test_a_lost_telephone_is_signed_out(api: ApiClient, anna: Viewer):
    customer, customer_token = to_public("scu", anna.id), await api.signed_in(anna)
    clerk = await given_staff_session(await given_staff())
    payload = await mutate(
        api,
        clerk,
        "staffCustomerSessionsEnd",
        "customer { livingSessions }",
        customerId=customer,
    )
    assert payload["customer"] == {"livingSessions": 0}
    assert await api.ask("{ viewer { email } }", customer_token) == {"viewer": None}


async def test_an_activation_is_mailed_again(api: ApiClient, anna: Viewer, database: str):
    clerk, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    resend = "staffActivationResend"
    refusal = await mutate(api, clerk, resend, "", customerId=customer)
    assert refusal["errors"] == [{"code": "CUSTOMER_ACTIVE", "path": ["customerId"]}]
    await User.filter(id=anna.id).update(activated_at=None)
    payload = await mutate(api, clerk, resend, "customer { isActivated }", customerId=customer)
    assert payload == {"customer": {"isActivated": False}, "errors": []}
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert [recipient for recipient, _ in api.mails.sent] == ["anna@example.com"]


async def test_a_cabinet_is_seen_as_the_customer_sees_it(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    clerk, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    cabinet = await mutate(api, clerk, "staffCabinetOpen", "token", customerId=customer)
    cabinet_token = cabinet["token"]
    query = "{ viewer { email accounts { number balance { amountDue } } sessions { id } } }"
    customer_token = await api.signed_in(anna)
    cabinet_data, own_data = (
        await api.ask(query, cabinet_token),
        await api.ask(query, customer_token),
    )
    assert cabinet_data == own_data
    assert len(own_data["viewer"]["sessions"]) == 1
    access_log = (await api.ask(LOG, customer_token))["viewer"]["accessLog"]["nodes"]
    assert access_log == [{"what": "CABINET_OPENED", "role": "CLERK", "reason": "звонок клиента"}]
    expiry = datetime.now(UTC) + timedelta(minutes=16)
    assert await api.ask(query, cabinet_token, now=expiry) == {"viewer": None}


async def test_a_read_only_session_ends_with_the_staff_session(api: ApiClient, anna: Viewer):
    staff_token, customer = (
        await given_staff_session(await given_staff()),
        to_public("scu", anna.id),
    )
    cabinet_token = (
        await mutate(api, staff_token, "staffCabinetOpen", "token", customerId=customer)
    )["token"]
    await api.post("mutation { staffSessionEnd(input: {}) { endedSessions } }", staff_token)
    assert await api.ask("{ viewer { email } }", cabinet_token) == {"viewer": None}


@pytest.mark.parametrize("end", ["staffSessionEnd", "staffMemberLock"])
async def test_a_cabinet_isn_t_opened_by_a_session_that_ends_meanwhile(
    api: ApiClient, opened: asyncpg.Connection, anna: Viewer, end: str
):
    clerk, customer = await given_staff(), to_public("scu", anna.id)
    token, admin = (
        await given_staff_session(clerk),
        await given_staff_session(await given_staff(Role.ADMIN)),
    )
    async with opened.transaction():
        await opened.execute('SELECT FROM "user" FOR UPDATE')
        opening = asyncio.create_task(
            mutate(api, token, "staffCabinetOpen", "token", customerId=customer)
        )
        await until_locks_are_awaited(opened)
        if end == "staffMemberLock":
            await mutate(api, admin, end, "", memberId=to_public("stf", clerk.id))
        else:
            await api.post(f"mutation {{ {end}(input: {{}}) {{ endedSessions }} }}", token)
    assert await opening == "UNAUTHENTICATED"
    assert await Session.all().count() == 0
    assert await AuditEntry.filter(act=Act.CABINET_OPENED).count() == 0


async def test_the_end_of_a_session_waits_for_the_cabinet_that_it_opens(
    api: ApiClient, opened: asyncpg.Connection, anna: Viewer
):
    token, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    async with opened.transaction():
        await opened.execute("LOCK TABLE access_note IN SHARE MODE")
        opening = asyncio.create_task(
            mutate(api, token, "staffCabinetOpen", "token", customerId=customer)
        )
        await until_locks_are_awaited(opened)
        ending = asyncio.create_task(
            api.post("mutation { staffSessionEnd(input: {}) { endedSessions } }", token)
        )
        await until_locks_are_awaited(opened, 2)
    cabinet = await opening
    assert (await ending)["data"] == {"staffSessionEnd": {"endedSessions": 1}}
    assert await api.ask("{ viewer { email } }", cabinet["token"]) == {"viewer": None}


MUTATIONS: dict[str, Any] = getattr(graphql_schema.type_map["Mutation"], "fields")  # noqa: B009


async def test_a_read_only_session_is_forbidden_every_mutation(
    api: ApiClient, anna: Viewer, opened: Any
):
    """Covers every mutation, including those of guests and of staff."""
    await given_link(anna, await given_account())
    staff_token, customer = (
        await given_staff_session(await given_staff(Role.ADMIN)),
        to_public("scu", anna.id),
    )
    cabinet_token = (
        await mutate(api, staff_token, "staffCabinetOpen", "token", customerId=customer)
    )["token"]

    rows = await opened.fetch("SELECT relname FROM pg_stat_user_tables")
    tables = [row["relname"] for row in rows]

    async def state() -> dict[str, Any]:
        query = 'SELECT md5(string_agg(t::text, $1)) FROM "{}" t'
        return {table: await opened.fetchval(query.format(table), "") for table in tables}

    before = await state()
    for name, field in MUTATIONS.items():
        argument = getattr(field.args["input"], "type")  # noqa: B009
        query = f"mutation ($input: {argument}) {{ {name}(input: $input) {{ __typename }} }}"
        answer = await api.post(query, cabinet_token, input=sample_input(argument))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"], (
            name,
            answer,
        )
    assert await state() == before


async def test_a_read_only_session_may_use_the_customer_s_subscriptions(
    api: ApiClient, anna: Viewer
):
    clerk, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    cabinet = await mutate(api, clerk, "staffCabinetOpen", "token", customerId=customer)
    operation = api.state.engine.prepare("{ viewer { email } }", None)
    token_digest = sha256(cabinet["token"].encode()).digest()
    context = await api.context(Call(operation, {}, token_digest, datetime.now(UTC)))
    Access.CUSTOMER.require(context, is_mutation=False)
    assert context.viewer.id == anna.id
    with pytest.raises(Forbidden):
        Access.CUSTOMER.require(context)


async def create_suspended_link(viewer: Viewer) -> AccountLink:
    link = await given_link(viewer, await given_account(), role=LinkRole.OWNER)
    await links.suspend(link, LinkEventKind.SUSPENDED_BY_NOTICE, by=None, client=None, now=NOW)
    return link


QUEUE = """{ staff { suspendedLinks { nodes {
  id state customer { fullName } account { number } events { kind } } } } }"""


async def test_suspended_links_wait_in_a_queue(api: ApiClient, anna: Viewer):
    link = await create_suspended_link(anna)
    token = await given_staff_session(await given_staff())
    nodes = (await api.ask(QUEUE, token))["staff"]["suspendedLinks"]["nodes"]
    assert nodes == [
        {
            "id": to_public("sal", link.id),
            "state": "SUSPENDED",
            "customer": {"fullName": "Иванова Пелагея Сергеевна"},
            "account": {"number": NUMBER},
            "events": [{"kind": "SUSPENDED_BY_NOTICE"}],
        }
    ]


async def test_a_restored_link_shows_its_account_again(api: ApiClient, anna: Viewer, database: str):
    link = await create_suspended_link(anna)
    customer_token, query = await api.signed_in(anna), "{ viewer { accounts { number role } } }"
    assert (await api.ask(query, customer_token))["viewer"]["accounts"] == []
    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    public = to_public("sal", link.id)
    payload = await mutate(
        api, supervisor, "staffLinkRestore", "link { state role }", linkId=public
    )
    assert payload == {"link": {"state": "ACTIVE", "role": "OWNER"}, "errors": []}
    accounts = (await api.ask(query, customer_token))["viewer"]["accounts"]
    assert accounts == [{"number": NUMBER, "role": "OWNER"}]
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert [mail.subject for _, mail in api.mails.sent] == ["Доступ к лицевому счёту восстановлен"]
    repeated = await mutate(api, supervisor, "staffLinkRestore", "link { id }", linkId=public)
    refusal = {"code": "LINK_NOT_SUSPENDED", "path": ["linkId"]}
    assert repeated == {"link": None, "errors": [refusal]}
    entries = await AuditEntry.filter(act=Act.LINK_RESTORED).values("reason", "subject_id")
    assert entries == [{"reason": "звонок клиента", "subject_id": link.id}]


async def test_a_restored_link_beside_a_new_owner_is_a_member(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    link = await create_suspended_link(anna)
    account = await link.account
    await given_link(boris, account, role=LinkRole.OWNER)
    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    public = to_public("sal", link.id)
    payload = await mutate(api, supervisor, "staffLinkRestore", "link { role }", linkId=public)
    assert payload["link"] == {"role": "MEMBER"}


async def test_an_ended_link_is_over(api: ApiClient, anna: Viewer):
    link = await create_suspended_link(anna)
    clerk = await given_staff_session(await given_staff(Role.CLERK))
    public = to_public("sal", link.id)
    assert await mutate(api, clerk, "staffLinkEnd", "", linkId=public) == "FORBIDDEN"
    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    payload = await mutate(api, supervisor, "staffLinkEnd", "link { state }", linkId=public)
    assert payload == {"link": {"state": "ENDED"}, "errors": []}
    kinds = await LinkEvent.all().order_by("id").values_list("kind", flat=True)
    assert kinds == [LinkEventKind.SUSPENDED_BY_NOTICE, LinkEventKind.ENDED_BY_STAFF]
    assert (await AccountLink.get(id=link.id)).state is LinkState.ENDED
    assert await Session.all().count() == 0
