"""Ownership: every type, every id, and every field that takes an id.

The data is the demo's: a customer with three accounts, another one who shares one of them, a third
without any, staff, and a guest. The ids visible to each are crawled from `viewer` and `staff` down;
then each requests all ids.
"""

from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    is_leaf_type,
)

from lk_graphql.demo.data.load import load_demo
from lk_graphql.identity.models import Attempts, User
from lk_graphql.kit.ids import new_key, prefix_of, to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.planner.catalog import Catalog
from lk_graphql.planner.declare.sources import PUBLIC, policy_of
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.acquiring import Shop, YooKassa
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.profile.models import (
    ErasureRequest,
    ErasureState,
    PersonalDataExport,
    PersonalDataExportState,
)
from lk_graphql.schema import graphql_schema
from lk_graphql.staff.models import StaffMember
from tests.factories.accounts import given_user
from tests.factories.staff import given_staff_session
from tests.support.client import ApiClient, open_client
from tests.support.database_reset import clear_tables

CATALOG = Catalog(graphql_schema)
TYPES = graphql_schema.type_map
# Types without a table. They lead to rows through owned types only.
FORMS = (
    *("Query", "Mutation", "Subscription", "PageInfo"),
    *("ReadingEntryOutcome", "ReadingPreviewEntry", "PaymentPreviewPart"),
)
SUFFIXES = ("Connection", "Edge", "Payload", "Error")
# Types visible to guests: settings of the cabinet, and challenges for the caller.
FOR_EVERYBODY = {
    "UploadRules", "UploadForm",
    "PublicSettings", "PasswordRules", "PasswordRequirement", "LinkFields", "LinkField",
    "Captcha", "ConsentDocument", "ReadingRules", "ContractRules", "NameRules", "ScalarPattern",
    "IdempotencyRules", "MailedLinkRules", "AppealRules", "PaymentRules", "EnumLabels", "EnumLabel",
    "Abilities",
}  # fmt: skip
# Types computed from owned rows: texts, numbers, and ids that `node` checks again.
COMPUTED = {
    "ContractGap", "InvoiceExplanation", "InvoiceChange", "TypicalMonth", "StaffUpload",
    "StaffImportImpact", "StaffImportChange", "StaffAbility", "StaffMissingRule", "ZoneConsumption",
}  # fmt: skip
# Types computed from the input of the caller's mutation.
OF_THE_CALLER = {
    "AccountLinkPreview", "AccountLinkUndoPreview", "NotificationsUnsubscribePreview",
    "PreviewFinding", "ProfilePreview",
    "ReadingPreviewLine", "ReadingPreviewSurcharge", "ReadingsPreview", "StaffEnrolment",
    "PaymentPreview", "PaymentPreviewLine", "PaymentPayer",
}  # fmt: skip

# never called
ACQUIRER = YooKassa(Shop("shop", "secret", "http://127.0.0.1:9"))
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


@dataclass
class OwnershipData:
    """Tokens by name, and the ids visible to each."""

    api: ApiClient
    tokens: dict[str, str]
    seen: dict[str, set[str]]
    now: datetime
    """The time of `all_of_demo`: signed URLs expire an hour later."""
    all_of_demo: dict[str, Any]

    def is_visible(self, public: str, name: str) -> bool:
        """Whether an object is visible: owned, public, or allowed by the role."""
        declared = CATALOG.nodes[prefix_of(public)]
        if declared.role is not None:
            return name in {role.lower() for role in declared.role.and_above}
        return public in self.seen[name] or declared.owned_through == PUBLIC


@pytest_asyncio.fixture(scope="module")
async def ownership(
    opened: asyncpg.Connection, dsn: str, engine: QueryEngine
) -> AsyncGenerator[OwnershipData]:
    """The data of all tests, which change nothing."""
    await clear_tables(opened)
    passwords = Passwords(HashCost(8, 1))
    await load_demo(dsn, today=date(2026, 11, 20), passwords=passwords, accounts=5)
    passwords.close()
    await given_user("stranger@example.com")
    await given_requests(await User.get(email="demo@example.com"))
    async with open_client(engine, ACQUIRER) as api:
        tokens = {"guest": ""}
        for name in ("demo", "family", "stranger"):
            user = await User.get(email=f"{name}@example.com")
            tokens[name] = await api.signed_in(Viewer(user.id, new_key()))
        for role in Role:
            member = await StaffMember.get(email=f"{role.lower()}@example.com")
            tokens[role.lower()] = await given_staff_session(member)
        seen = {name: await crawl(api, token) for name, token in tokens.items()}
        now = datetime.now(UTC)
        yield OwnershipData(api, tokens, seen, now, await api.read(CRAWL, tokens["demo"], now=now))


async def given_requests(user: User) -> None:
    """The requests of a customer that the demo's data lack."""
    now = datetime.now(UTC)
    await PersonalDataExport.create(
        user=user, state=PersonalDataExportState.ENDED, requested_at=now, expires_at=now
    )
    await ErasureRequest.create(
        user=user,
        state=ErasureState.WITHDRAWN,
        requested_at=now,
        starts_at=now,
        due_on=now.date(),
        closed_at=now,
    )


async def crawl(api: ApiClient, token: str) -> set[str]:
    return set(ids_in(await api.ask(CRAWL, token)))


def named_type(type_: Any) -> GraphQLNamedType:
    """The named type inside lists and non-nulls."""
    inner = getattr(type_, "of_type", None)
    return type_ if inner is None else named_type(inner)


def depths() -> dict[str, int]:
    """The distance of each type from `viewer` or `staff`."""
    depth, level = {"User": 0, "Staff": 0}, ["User", "Staff"]
    while level:
        below = {
            named_type(f.type).name
            for name in level
            for f in fields_of(name)
            if not (is_lookup(f) or f is SHORTCUT)
        }
        level = [name for name in below if name not in depth]
        depth |= {name: max(depth.values()) + 1 for name in level}
    return depth


SHORTCUT: Any = getattr(TYPES["User"], "fields")["invoices"]  # noqa: B009 - a type unknown
"""A page of the bills of all accounts, which are walked to account by account."""


def is_lookup(field: Any) -> bool:
    """Whether a field needs an argument; lists show the same rows."""
    return any(str(argument.type) == "String!" for argument in field.args.values())


def fields_of(type_name: str) -> Iterable[Any]:
    fields: dict[str, Any] = getattr(TYPES[type_name], "fields", {})
    return fields.values()


def selection(type_name: str, depth: dict[str, int]) -> str:
    """The selection of a type: leaves, and fields whose type is farther from the root."""
    type_ = TYPES[type_name]
    if isinstance(type_, GraphQLUnionType):
        return " { ... on Node { id } }"
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    parts = ["__typename"]
    for name, field in type_.fields.items():
        inner = named_type(field.type)
        if is_lookup(field) or field is SHORTCUT:
            continue
        if is_leaf_type(inner) or depth[inner.name] > depth[type_name]:
            parts.append(name + selection(inner.name, depth))
    return " { " + " ".join(parts) + " }"


def ids_in(value: Any) -> Iterator[str]:
    """All values of `id` in a result."""
    if isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from ids_in(inner)
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key == "id":
                yield inner
            else:
                yield from ids_in(inner)


def test_every_type_declares_its_ownership():
    """Each type is declared over a table, or listed above with a reason."""
    undeclared = [
        name
        for name, type_ in TYPES.items()
        if isinstance(type_, GraphQLObjectType)
        and not name.startswith("__")
        and not name.endswith(SUFFIXES)
        and name not in {declared.name for declared, _ in CATALOG.declared}
        and name not in {*FORMS, *FOR_EVERYBODY, *OF_THE_CALLER, *COMPUTED}
    ]
    assert undeclared == []


def test_public_types_lead_to_no_owned_type():
    for name in FOR_EVERYBODY | OF_THE_CALLER | COMPUTED:
        inner = {named_type(f.type).name for f in getattr(TYPES[name], "fields").values()}  # noqa: B009
        owned = {t.name for t, d in CATALOG.declared if d.owned_through != PUBLIC}
        assert inner & owned == set(), name


async def test_all_users_see_their_own_objects_by_id_only(ownership: OwnershipData):
    all_ids = sorted({id_ for seen in ownership.seen.values() for id_ in seen})
    for name, token in ownership.tokens.items():
        for start in range(0, len(all_ids), 100):
            batch = all_ids[start : start + 100]
            answer = await ownership.api.ask(NODES, token, ids=batch)
            ids: list[str | None] = [node and node["id"] for node in answer["nodes"]]
            assert ids == [id_ if ownership.is_visible(id_, name) else None for id_ in batch], name


# The day, or the month, of each type whose rows belong to a day.
DAYS = {
    "ConsumptionMonth": "period",
    "Invoice": "period",
    "InvoiceLine": "period",
    "MonthlyConsumption": "period",
    "Reading": "takenOn",
    "ReceivedPayment": "paidOn",
}
NEW_HOLDER_SINCE = date(2026, 6, 15)


def test_the_types_with_a_row_policy_are_those_of_days():
    restricted = {
        type_.name
        for type_, declared in CATALOG.declared
        if declared.role is None and policy_of(declared.model)
    }
    assert restricted == {*DAYS, "AccountHolder"}


def steps_from(type_name: str) -> Iterator[tuple[str, str]]:
    """The fields of a type that lead to object types, each with its type's name."""
    for name, field in getattr(TYPES[type_name], "fields", {}).items():
        inner = named_type(field.type)
        members: Any = getattr(inner, "types", (inner,))
        for member in members:
            if not is_leaf_type(member):
                yield name if inner is member else f"{name} {{ ... on {member.name}", member.name


def shortest_paths() -> dict[str, tuple[str, ...]]:
    """A shortest path of fields from `viewer` to each type."""
    paths: dict[str, tuple[str, ...]] = {"User": ()}
    for name in (names := ["User"]):
        for step, inner in steps_from(name):
            if inner not in paths:
                paths[inner] = (*paths[name], step)
                names.append(inner)
    return paths


def walks(target: str, above: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    """All paths of at most `length` fields that lead to a type, without passing a type twice."""
    for step, inner in steps_from(above[-1]):
        if inner == target:
            yield (step,)
        elif inner not in above and length > 1:
            yield from ((step, *rest) for rest in walks(target, (*above, inner), length - 1))


def paths_to(target: str) -> list[tuple[str, ...]]:
    """Every path of up to three fields to a type, after a shortest one to where it starts.

    All longer paths would be thousands, and no rule looks farther back than to a row's parents.
    """
    paths = (
        (*path, *walk)
        for start, path in shortest_paths().items()
        if start != target
        for walk in walks(target, (start,), 3)
    )
    return [*dict.fromkeys(paths)]


def path_query(path: tuple[str, ...], selected: str) -> str:
    text = f"{{ viewer {{ {' { '.join(path)} {{ {selected} }}"
    return text + " }" * (text.count("{") - text.count("}"))


def values_of(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from values_of(item, name)
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key == name:
                yield inner
            else:
                yield from values_of(inner, name)


def is_of_new_holder(day: str) -> bool:
    """Of a day in the new holder's time, or of a month whose last day is."""
    return day >= (f"{NEW_HOLDER_SINCE:%Y-%m}" if len(day) == 7 else str(NEW_HOLDER_SINCE))


@pytest.mark.parametrize("type_name", DAYS)
async def test_no_path_leads_to_an_earlier_holder_s_time(
    ownership: OwnershipData, opened: asyncpg.Connection, type_name: str
):
    token, day_field = ownership.tokens["demo"], DAYS[type_name]
    fields = getattr(TYPES[type_name], "fields")  # noqa: B009
    has_id = "id" in fields
    selected = day_field if day_field in fields else f"invoice {{ {day_field} }}"
    queries = [
        path_query(path, f"{selected} id" if has_id else selected) for path in paths_to(type_name)
    ]
    before = [await ownership.api.ask(query, token) for query in queries]
    await opened.execute(
        "UPDATE account SET visible_days = datemultirange(daterange($1, NULL))", NEW_HOLDER_SINCE
    )
    try:
        after = [await ownership.api.ask(query, token) for query in queries]
        ids = sorted({id_ for answer in before for id_ in values_of(answer, "id")})
        nodes = [(await ownership.api.ask(NODE, token, id=id_))["node"] for id_ in ids[:30]]
        listed = [
            node["id"]
            for start in range(0, len(ids), 100)
            for node in (await ownership.api.ask(NODES, token, ids=ids[start : start + 100]))[
                "nodes"
            ]
            if node
        ]
    finally:
        await opened.execute("UPDATE account SET visible_days = NULL")
    days = dict(
        pair
        for answer in before
        for pair in zip(values_of(answer, "id"), values_of(answer, day_field), strict=has_id)
    )
    reached = {day for answer in before for day in values_of(answer, day_field)}
    assert {is_of_new_holder(day) for day in reached} == {True, False}
    for query, answer in zip(queries, after, strict=True):
        assert [day for day in values_of(answer, day_field) if not is_of_new_holder(day)] == [], (
            query
        )
    assert {day for answer in after for day in values_of(answer, day_field)} == {
        day for day in reached if is_of_new_holder(day)
    }
    assert listed == [id_ for id_ in ids if is_of_new_holder(days[id_])]
    assert [node and node["id"] for node in nodes] == [
        id_ if is_of_new_holder(days[id_]) else None for id_ in ids[:30]
    ]


async def test_node_returns_one_object_of_each_type_to_its_owners(ownership: OwnershipData):
    """`node` has one plan per prefix, so one id of each is requested."""
    samples = {
        prefix_of(id_): id_ for id_ in sorted(ownership.seen["demo"] | ownership.seen["admin"])
    }
    for id_ in samples.values():
        for name, token in ownership.tokens.items():
            node = (await ownership.api.ask(NODE, token, id=id_))["node"]
            assert (node is not None) == ownership.is_visible(id_, name), (name, id_)


async def test_the_test_data_have_an_object_of_each_type(ownership: OwnershipData):
    """Without an object of each type, the tests above would not cover it."""
    prefixes = {prefix_of(id_) for id_ in ownership.seen["demo"] | ownership.seen["admin"]}
    assert prefixes == set(CATALOG.nodes)


async def test_the_shared_account_is_shared_and_the_persons_are_not(ownership: OwnershipData):
    demo, family = ownership.seen["demo"], ownership.seen["family"]
    shared = {prefix_of(id_) for id_ in demo & family} - public_prefixes()
    staff_s = {prefix for prefix, d in CATALOG.nodes.items() if d.role is not None}
    assert shared == set(CATALOG.nodes) - public_prefixes() - staff_s - OF_ONE_PERSON
    assert ownership.seen["guest"] == set()
    assert {prefix_of(id_) for id_ in ownership.seen["stranger"]} - public_prefixes() == {
        "usr",
        "ses",
    }


OF_ONE_PERSON = {
    *("usr", "ses", "acn", "cns", "ers", "pde", "ntc", "upl", "cap", "cdo"),
    *("pay", "ppt", "frc", "rfn", "apl", "msg", "att"),
}
"""Prefixes of objects that other owners of an account never see."""


def public_prefixes() -> set[str]:
    return {prefix for prefix, d in CATALOG.nodes.items() if d.owned_through == PUBLIC}


CRAWL = f"{{ viewer {selection('User', depths())} staff {selection('Staff', depths())} }}"

# Inputs with ids; `{id}` is replaced by a foreign id, `{key}` by a new key.
SAMPLE_INPUTS: dict[str, dict[str, Any]] = {
    "accountRename": {"accountId": "{id}", "name": "дача"},
    "accountUnlink": {"accountId": "{id}"},
    "contractApplicationAnswer": {"applicationId": "{id}", "text": "да"},
    "contractApplicationAttachDocument": {
        "applicationId": "{id}",
        "kind": "OTHER",
        "uploadId": "{id}",
    },
    "contractApplicationDetachDocument": {"applicationId": "{id}", "uploadId": "{id}"},
    "contractApplicationSubmit": {"applicationId": "{id}", "version": 1},
    "contractApplicationUpdate": {"applicationId": "{id}", "version": 1, "objects": []},
    "contractApplicationWithdraw": {"applicationId": "{id}"},
    "appealClose": {"appealId": "{id}"},
    "appealCreate": {
        "topicId": "tpc_none",
        "text": "Почему?",
        "about": {"accountId": "{id}"},
        "uploadIds": ["{id}"],
        "idempotencyKey": "{key}",
    },
    "appealMarkRead": {"appealId": "{id}", "until": 9},
    "appealRate": {"appealId": "{id}", "rating": 5},
    "appealReopen": {
        "appealId": "{id}",
        "text": "Ещё",
        "uploadIds": ["{id}"],
        "idempotencyKey": "{key}",
    },
    "appealReply": {
        "appealId": "{id}",
        "text": "И я!",
        "uploadIds": ["{id}"],
        "idempotencyKey": "{key}",
    },
    "noticesMarkRead": {"ids": ["{id}"]},
    "notificationSettingsUpdate": {"accounts": [{"accountId": "{id}", "topics": None}]},
    "readingWithdraw": {"readingId": "{id}"},
    "readingsPreview": {
        "accountId": "{id}",
        "entries": [{"registerId": "{id}", "value": "1"}],
    },
    "readingsSubmit": {
        "accountId": "{id}",
        "entries": [{"registerId": "{id}", "value": "1", "photoUploadId": "{id}"}],
        "idempotencyKey": "{id}",
    },
    "paymentPreview": {"parts": [{"accountId": "{id}", "invoiceId": "{id}", "amount": "5.00"}]},
    "paymentStart": {
        "idempotencyKey": "{id}",
        "parts": [{"accountId": "{id}", "invoiceId": "{id}", "amount": "5.00"}],
        "total": "5.00",
    },
    "sessionRevoke": {"sessionId": "{id}"},
    "sessionsRevokeOthers": {"keep": ["{id}"]},
    **{
        name: {"customerId": "{id}", "reason": "a reason"}
        for name in (
            "staffActivationResend",
            "staffCabinetOpen",
            "staffContactsShow",
            "staffCustomerLock",
            "staffCustomerSessionsEnd",
            "staffCustomerUnlock",
        )
    },
    "staffAppealAnswer": {"appealId": "{id}", "text": "a text", "uploadIds": ["{id}"]},
    "staffAppealClaim": {"appealId": "{id}"},
    "staffAppealClose": {"appealId": "{id}"},
    "staffAppealNote": {"appealId": "{id}", "text": "a text"},
    "staffAppealTransfer": {"appealId": "{id}", "memberId": "{id}"},
    "staffNoticeResend": {"noticeId": "{id}"},
    **{
        f"staffPaymentDifference{verb}": {"differenceId": "{id}", **more}
        for verb, more in {"Claim": {}, "Release": {}, "Settle": {"reason": "a reason"}}.items()
    },
    **{
        f"staffFiscalReceipt{verb}": {"receiptId": "{id}", **more}
        for verb, more in {
            "Claim": {},
            "Release": {},
            "Retry": {},
            "Settle": {"reason": "a reason"},
        }.items()
    },
    "staffRefundDecide": {"refundId": "{id}", "reason": "a reason"},
    "staffRefundRequest": {
        "paymentId": "{id}",
        "amount": "1.00",
        "reason": "a reason",
        "idempotencyKey": "{key}",
    },
    **{
        f"staffContractApplication{verb}": {"applicationId": "{id}", **more}
        for verb, more in {
            "Ask": {"text": "a text"},
            "Claim": {},
            "Decide": {"isApproved": True, "reason": "a reason"},
            "Note": {"text": "a text"},
            "Transfer": {"memberId": "{id}"},
        }.items()
    },
    "staffAppealTopicChange": {"topicId": "{id}", "title": "a title"},
    "staffReadingAccept": {"readingId": "{id}"},
    "staffReadingReject": {"readingId": "{id}", "reason": "a reason"},
    "staffReadingsTake": {
        "accountId": "{id}",
        "caller": "a caller",
        "entries": [{"registerId": "{id}", "value": "1"}],
        "idempotencyKey": "{key}",
    },
    "staffReceiptSend": {"invoiceId": "{id}", "customerId": "{id}"},
    "staffCallbackCreate": {"accountId": "{id}", "dueOn": "2026-11-20", "text": "a text"},
    "staffCallbackDone": {"callbackId": "{id}", "result": "a result"},
    "staffMemberInvite": {"memberId": "{id}"},
    **{
        f"staffMember{verb}": {"memberId": "{id}", "reason": "a reason", **more}
        for verb, more in {
            "FactorReset": {},
            "Lock": {},
            "RoleChange": {"role": "CLERK"},
            "Unlock": {},
        }.items()
    },
    "staffImportStart": {"kind": "ACCOUNTS", "uploadIds": ["{id}"]},
    "staffHouseholdRecord": {"accountId": "{id}", "reason": "a reason"},
    "staffHouseholdRevoke": {"accountId": "{id}", "reason": "a reason"},
    "staffLinkEnd": {"linkId": "{id}", "reason": "a reason"},
    "staffLinkRestore": {"linkId": "{id}", "reason": "a reason"},
}
# A captcha has no owner: its id is a bearer ticket.
TICKETS = {"CaptchaAnswerInput"}


def inputs_with_ids(type_: GraphQLNamedType, above: tuple[str, ...] = ()) -> bool:
    if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
        return type_.name == "ID"
    assert isinstance(type_, GraphQLInputObjectType)
    if type_.name in (*above, *TICKETS):
        return False
    return any(
        inputs_with_ids(named_type(f.type), (*above, type_.name)) for f in type_.fields.values()
    )


def mutations_with_ids() -> set[str]:
    fields: dict[str, Any] = getattr(TYPES["Mutation"], "fields")  # noqa: B009
    return {
        name
        for name, field in fields.items()
        if inputs_with_ids(named_type(field.args["input"].type))
    }


def test_every_mutation_with_an_id_has_a_sample_input():
    assert mutations_with_ids() <= set(SAMPLE_INPUTS)


@pytest.mark.parametrize("name", sorted(mutations_with_ids()))
async def test_a_foreign_id_gets_the_response_of_an_unknown_one(
    ownership: OwnershipData, name: str
):
    """The response for a foreign id equals the one for an unknown id, and nothing changes."""
    samples = {
        prefix_of(id_): id_ for id_ in sorted(ownership.seen["demo"] - ownership.seen["stranger"])
    }
    for prefix, id_ in samples.items():
        foreign = await try_id(ownership, name, id_)
        unknown = await try_id(ownership, name, to_public(prefix, new_key()))
        assert foreign == unknown, prefix
    after = await ownership.api.read(CRAWL, ownership.tokens["demo"], now=ownership.now)
    assert after == ownership.all_of_demo


async def try_id(ownership: OwnershipData, name: str, id_: str) -> object:
    pascal = name[0].upper() + name[1:]
    query = f"""mutation ($input: {pascal}Input!) {{
        {name}(input: $input) {{ errors {{ message path code }} }} }}"""
    await Attempts.all().delete()  # resets the rate limits
    payload = {k: fill(v, id_) for k, v in SAMPLE_INPUTS[name].items()}
    answer = await ownership.api.post(query, ownership.tokens["stranger"], input=payload)
    return {k: v for k, v in answer.items() if k != "extensions"}


def fill(value: object, id_: str) -> object:
    """Replace `{id}` by the id and `{key}` by a new key, recursively."""
    if isinstance(value, list):
        return [fill(item, id_) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {name: fill(item, id_) for name, item in cast("dict[str, object]", value).items()}
    return {"{id}": id_, "{key}": new_key().hex}.get(str(value), value)
