"""Staff find a customer, see what they need, do what they may: all of it noted."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast

import pytest

from lk_graphql.accounts.models import AccountLink, LinkEvent, LinkEventKind, LinkRole, LinkState
from lk_graphql.accounts.service import links
from lk_graphql.api.access import Access
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
from tests.support.sample_input import sample_input

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
FIND = """query ($where: StaffAccountFilterInput) { staff { accounts(where: $where) {
  totalCount nodes { number address holders { fullName } links { state } } } } }"""
FIND_CUSTOMERS = """query Find($where: StaffCustomerFilterInput) { staff {
  customers(where: $where) { nodes { id fullName emailMasked phoneMasked isLocked } } } }"""
LOG = "{ viewer { accessLog { nodes { what role reason } } } }"


async def acted(api: ApiClient, token: str, name: str, shown: str, **input: Any) -> Any:
    pascal = name[0].upper() + name[1:]
    query = f"""mutation ($input: {pascal}Input!) {{ {name}(input: $input) {{
        {shown} errors {{ code path }} }} }}"""
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
async def test_an_account_is_found_by_what_a_caller_says(
    api: ApiClient, where: dict[str, str], numbers: list[str]
):
    await given_account()
    await given_bare_account("0000000002", address="г. Новокузнецк, ул. Кирова, д. 3")
    token = await given_staff_session(await given_staff())
    found = (await api.ask(FIND, token, where=where))["staff"]["accounts"]
    assert [one["number"] for one in found["nodes"]] == numbers
    assert found["totalCount"] == len(numbers)


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
async def test_a_customer_is_found_and_masked(api: ApiClient, anna: Viewer, where: dict[str, str]):
    await given_link(anna, await given_account())
    token = await given_staff_session(await given_staff())
    shown = (await api.ask(FIND_CUSTOMERS, token, where=where, name="Find"))["staff"]
    assert shown["customers"]["nodes"] == [
        {
            "id": to_public("scu", anna.id),
            "fullName": "Иванова Пелагея Сергеевна",
            "emailMasked": "a***@example.com",
            "phoneMasked": shown["customers"]["nodes"][0]["phoneMasked"],
            "isLocked": False,
        }
    ]
    assert "1234567" not in shown["customers"]["nodes"][0]["phoneMasked"]


async def test_every_look_is_noted_and_the_customer_sees_it(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    member = await given_staff()
    token = await given_staff_session(member)
    await api.post(FIND_CUSTOMERS, token, where={"email": "anna@example.com"})
    await api.post(FIND, token, where={"number": NUMBER})
    entries = AuditEntry.filter(act=Act.LOOKED).order_by("id")
    noted = await entries.values_list("staff_id", "subject", "subject_id", "operation")
    assert {tuple(one) for one in cast("list[Any]", noted)} == {
        (member.id, "user", anna.id, "Find"),
        (member.id, "account", account.id, None),
        (member.id, "user", anna.id, None),  # by the link that the card shows
    }
    mine = (await api.ask(LOG, await api.signed_in(anna)))["viewer"]["accessLog"]["nodes"]
    assert mine[-1] == {"what": "LOOKED", "role": "CLERK", "reason": None}
    assert len(mine) == 2  # a request is one look, whatever it shows


async def test_counting_shows_nobody(api: ApiClient, anna: Viewer):
    token = await given_staff_session(await given_staff())
    await api.post("{ staff { customers { totalCount } } }", token)
    assert await AuditEntry.filter(act=Act.LOOKED).count() == 0


async def test_a_payload_s_look_is_noted_too(api: ApiClient, anna: Viewer):
    token = await given_staff_session(await given_staff(Role.SUPERVISOR))
    customer = to_public("scu", anna.id)
    await acted(api, token, "staffCustomerLock", "customer { fullName }", customerId=customer)
    acts = await AuditEntry.filter(subject_id=anna.id).order_by("id").values_list("act", flat=True)
    assert acts == [Act.CUSTOMER_LOCKED, Act.LOOKED]


async def test_contacts_are_shown_for_a_reason(api: ApiClient, anna: Viewer):
    token = await given_staff_session(await given_staff())
    customer = to_public("scu", anna.id)
    shown = await acted(api, token, "staffContactsShow", "email phone", customerId=customer)
    assert shown == {"email": "anna@example.com", "phone": "+79131234567", "errors": []}
    mine = (await api.ask(LOG, await api.signed_in(anna)))["viewer"]["accessLog"]["nodes"]
    assert mine == [{"what": "CONTACTS_SHOWN", "role": "CLERK", "reason": "звонок клиента"}]
    for_nothing = await acted(
        api, token, "staffContactsShow", "email", customerId=customer, reason=" -  "
    )
    refusal = {"code": "REASON_REQUIRED", "path": ["reason"]}
    assert for_nothing == {"email": None, "errors": [refusal]}


async def test_a_lock_is_for_supervisors_and_works_at_once(api: ApiClient, anna: Viewer):
    customer, theirs = to_public("scu", anna.id), await api.signed_in(anna)
    clerk = await given_staff_session(await given_staff(Role.CLERK))
    lock = "staffCustomerLock"
    assert await acted(api, clerk, lock, "", customerId=customer) == "FORBIDDEN"
    assert await acted(api, theirs, lock, "", customerId=customer) == "FORBIDDEN"
    assert await acted(api, "", lock, "", customerId=customer) == "UNAUTHENTICATED"
    assert (await api.ask("{ viewer { email } }", theirs))["viewer"]

    boss = await given_staff_session(await given_staff(Role.SUPERVISOR))
    done = await acted(api, boss, lock, "customer { isLocked }", customerId=customer)
    assert done == {"customer": {"isLocked": True}, "errors": []}
    assert await api.ask("{ viewer { email } }", theirs) == {"viewer": None}
    done = await acted(
        api, boss, "staffCustomerUnlock", "customer { isLocked }", customerId=customer
    )
    assert done["customer"] == {"isLocked": False}


async def test_a_lost_telephone_is_signed_out(api: ApiClient, anna: Viewer):
    customer, theirs = to_public("scu", anna.id), await api.signed_in(anna)
    clerk = await given_staff_session(await given_staff())
    done = await acted(
        api,
        clerk,
        "staffCustomerSessionsEnd",
        "customer { livingSessions }",
        customerId=customer,
    )
    assert done["customer"] == {"livingSessions": 0}
    assert await api.ask("{ viewer { email } }", theirs) == {"viewer": None}


async def test_an_activation_is_mailed_again(api: ApiClient, anna: Viewer, database: str):
    clerk, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    resend = "staffActivationResend"
    refused = await acted(api, clerk, resend, "", customerId=customer)
    assert refused["errors"] == [{"code": "CUSTOMER_ACTIVE", "path": ["customerId"]}]
    await User.filter(id=anna.id).update(activated_at=None)
    done = await acted(api, clerk, resend, "customer { isActivated }", customerId=customer)
    assert done == {"customer": {"isActivated": False}, "errors": []}
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert [to for to, _ in api.mails.sent] == ["anna@example.com"]


async def test_a_cabinet_is_seen_as_the_customer_sees_it(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    clerk, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    opened = await acted(api, clerk, "staffCabinetOpen", "token", customerId=customer)
    look = opened["token"]
    whole = "{ viewer { email accounts { number balance { amountDue } } sessions { id } } }"
    theirs = await api.signed_in(anna)
    seen, own = await api.ask(whole, look), await api.ask(whole, theirs)
    assert seen == own
    assert len(own["viewer"]["sessions"]) == 1
    mine = (await api.ask(LOG, theirs))["viewer"]["accessLog"]["nodes"]
    assert mine == [{"what": "CABINET_OPENED", "role": "CLERK", "reason": "звонок клиента"}]
    over = datetime.now(UTC) + timedelta(minutes=16)
    assert await api.ask(whole, look, now=over) == {"viewer": None}


async def test_a_look_at_a_cabinet_ends_with_the_desk(api: ApiClient, anna: Viewer):
    desk, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    look = (await acted(api, desk, "staffCabinetOpen", "token", customerId=customer))["token"]
    await api.post("mutation { staffSessionEnd(input: {}) { endedSessions } }", desk)
    assert await api.ask("{ viewer { email } }", look) == {"viewer": None}


MUTATIONS: dict[str, Any] = getattr(graphql_schema.type_map["Mutation"], "fields")  # noqa: B009


async def test_who_looks_can_change_nothing_at_all(api: ApiClient, anna: Viewer, opened: Any):
    """Every mutation there is, those of guests and of staff too."""
    await given_link(anna, await given_account())
    desk, customer = (
        await given_staff_session(await given_staff(Role.ADMIN)),
        to_public("scu", anna.id),
    )
    look = (await acted(api, desk, "staffCabinetOpen", "token", customerId=customer))["token"]
    tables = [
        row["relname"] for row in await opened.fetch("SELECT relname FROM pg_stat_user_tables")
    ]

    rows = await opened.fetch("SELECT relname FROM pg_stat_user_tables")
    tables = [row["relname"] for row in rows]

    async def state() -> dict[str, Any]:
        return {t: await opened.fetchval(f'SELECT md5(string_agg(t::text, $1)) FROM "{t}" t', "")
                for t in tables}  # fmt: skip

    before = await state()
    for name, field in MUTATIONS.items():
        argument = getattr(field.args["input"], "type")  # noqa: B009
        query = f"mutation ($input: {argument}) {{ {name}(input: $input) {{ __typename }} }}"
        answer = await api.post(query, look, input=sample_input(argument))
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["FORBIDDEN"], (name, answer)
    assert await state() == before


async def test_who_looks_may_watch_what_the_customer_watches(api: ApiClient, anna: Viewer):
    clerk, customer = await given_staff_session(await given_staff()), to_public("scu", anna.id)
    opened = await acted(api, clerk, "staffCabinetOpen", "token", customerId=customer)
    operation = api.state.engine.prepare("{ viewer { email } }", None)
    look = sha256(opened["token"].encode()).digest()
    context = await api.context(Call(operation, {}, look, datetime.now(UTC)))
    Access.CUSTOMER.require(context, is_mutation=False)
    assert context.viewer.id == anna.id
    with pytest.raises(Forbidden):
        Access.CUSTOMER.require(context)


async def suspended(viewer: Viewer) -> AccountLink:
    link = await given_link(viewer, await given_account(), role=LinkRole.OWNER)
    await links.suspend(link, LinkEventKind.SUSPENDED_BY_NOTICE, by=None, client=None, now=NOW)
    return link


QUEUE = """{ staff { suspendedLinks { nodes {
  id state customer { fullName } account { number } events { kind } } } } }"""


async def test_suspended_links_wait_in_a_queue(api: ApiClient, anna: Viewer):
    link = await suspended(anna)
    token = await given_staff_session(await given_staff())
    shown = (await api.ask(QUEUE, token))["staff"]["suspendedLinks"]["nodes"]
    assert shown == [
        {
            "id": to_public("sal", link.id),
            "state": "SUSPENDED",
            "customer": {"fullName": "Иванова Пелагея Сергеевна"},
            "account": {"number": NUMBER},
            "events": [{"kind": "SUSPENDED_BY_NOTICE"}],
        }
    ]


async def test_a_restored_link_shows_its_account_again(api: ApiClient, anna: Viewer, database: str):
    link = await suspended(anna)
    theirs, mine = await api.signed_in(anna), "{ viewer { accounts { number role } } }"
    assert (await api.ask(mine, theirs))["viewer"]["accounts"] == []
    boss = await given_staff_session(await given_staff(Role.SUPERVISOR))
    public = to_public("sal", link.id)
    done = await acted(api, boss, "staffLinkRestore", "link { state role }", linkId=public)
    assert done == {"link": {"state": "ACTIVE", "role": "OWNER"}, "errors": []}
    accounts = (await api.ask(mine, theirs))["viewer"]["accounts"]
    assert accounts == [{"number": NUMBER, "role": "OWNER"}]
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert [mail.subject for _, mail in api.mails.sent] == ["Доступ к лицевому счёту восстановлен"]
    again = await acted(api, boss, "staffLinkRestore", "link { id }", linkId=public)
    refusal = {"code": "LINK_NOT_SUSPENDED", "path": ["linkId"]}
    assert again == {"link": None, "errors": [refusal]}
    decided = await AuditEntry.filter(act=Act.LINK_RESTORED).values("reason", "subject_id")
    assert decided == [{"reason": "звонок клиента", "subject_id": link.id}]


async def test_whoever_comes_back_second_is_a_member(api: ApiClient, anna: Viewer, boris: Viewer):
    link = await suspended(anna)
    account = await link.account
    await given_link(boris, account, role=LinkRole.OWNER)
    boss = await given_staff_session(await given_staff(Role.SUPERVISOR))
    public = to_public("sal", link.id)
    done = await acted(api, boss, "staffLinkRestore", "link { role }", linkId=public)
    assert done["link"] == {"role": "MEMBER"}


async def test_an_ended_link_is_over(api: ApiClient, anna: Viewer):
    link = await suspended(anna)
    clerk = await given_staff_session(await given_staff(Role.CLERK))
    public = to_public("sal", link.id)
    assert await acted(api, clerk, "staffLinkEnd", "", linkId=public) == "FORBIDDEN"
    boss = await given_staff_session(await given_staff(Role.SUPERVISOR))
    done = await acted(api, boss, "staffLinkEnd", "link { state }", linkId=public)
    assert done == {"link": {"state": "ENDED"}, "errors": []}
    kinds = await LinkEvent.all().order_by("id").values_list("kind", flat=True)
    assert kinds == [LinkEventKind.SUSPENDED_BY_NOTICE, LinkEventKind.ENDED_BY_STAFF]
    assert (await AccountLink.get(id=link.id)).state is LinkState.ENDED
    assert await Session.all().count() == 0
