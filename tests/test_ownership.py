"""Nobody gets what isn't theirs: every type, every id, every field that takes one.

The world is the demo's: one customer with three accounts, another who shares one of them, a third
without any, and a guest. What each may see is crawled from `viewer` down; then everybody asks for
everything by id.
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
    is_leaf_type,
)

from lk_graphql.demo.data.load import load_demo
from lk_graphql.identity.models import Attempts, User
from lk_graphql.kit.ids import new_key, prefix_of, to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.planner.catalog import Catalog
from lk_graphql.planner.declare.sources import PUBLIC
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.acquiring import Shop, YooKassa
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.schema import graphql_schema
from lk_graphql.staff.models import StaffMember
from tests.factories.accounts import given_user
from tests.factories.staff import given_staff_session
from tests.support.client import ApiClient, open_client
from tests.support.database_reset import clear_tables

CATALOG = Catalog(graphql_schema)
TYPES = graphql_schema.type_map
# Types over no row: forms of an answer. None of them leads to a row but through one that is owned.
FORMS = ("Query", "Mutation", "Subscription", "PageInfo", "ReadingEntryOutcome")
SUFFIXES = ("Connection", "Edge", "Payload", "Error")
# What a signed-out person may see: settings of the cabinet, and challenges made for the caller.
FOR_EVERYBODY = {
    "UploadRules", "UploadForm",
    "PublicSettings", "PasswordRules", "PasswordRequirement", "LinkFields", "LinkField",
    "Captcha", "ConsentDocument", "ReadingRules", "ContractRules",
}  # fmt: skip
# What Python makes of owned rows: texts and numbers, and ids that `node` asks about again.
COMPUTED = {
    "ContractGap", "InvoiceExplanation", "InvoiceChange", "TypicalMonth", "StaffUpload",
}  # fmt: skip
# What a mutation made of the caller's own claim, shown to nobody else.
OF_THE_CALLER = {
    "AccountLinkPreview", "PreviewFinding", "ProfilePreview", "ReadingPreviewEntry",
    "ReadingPreviewLine", "ReadingsPreview", "StaffEnrolment",
    "PaymentPreview", "PaymentPreviewPart", "PaymentPayer",
}  # fmt: skip

# Nobody gets as far as to call it.
NOBODY = YooKassa(Shop("shop", "secret", "http://127.0.0.1:9"))
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


@dataclass
class OwnershipData:
    """Tokens by who they are, and the ids that each may see."""

    api: ApiClient
    tokens: dict[str, str]
    seen: dict[str, set[str]]
    now: datetime
    """When `all_of_demo` was read: links end an hour after they were asked for."""
    all_of_demo: dict[str, Any]

    def is_shown(self, public: str, name: str) -> bool:
        """Whether somebody may see an object: it is theirs, everybody's, or for their role."""
        declared = CATALOG.nodes[prefix_of(public)]
        if declared.role is not None:
            return name in {role.lower() for role in declared.role.and_above}
        return public in self.seen[name] or declared.owned_through == PUBLIC


@pytest_asyncio.fixture(scope="module")
async def ownership(
    opened: asyncpg.Connection, dsn: str, reader: QueryEngine
) -> AsyncGenerator[OwnershipData]:
    """One for all tests: none of them changes anything, and that is tested too."""
    await clear_tables(opened)
    cheap = Passwords(HashCost(8, 1))
    await load_demo(dsn, today=date(2026, 11, 20), passwords=cheap, accounts=5)
    cheap.close()
    await given_user("stranger@example.com")
    async with open_client(reader, NOBODY) as api:
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


async def crawl(api: ApiClient, token: str) -> set[str]:
    return set(ids_in(await api.ask(CRAWL, token)))


def named(type_: Any) -> GraphQLNamedType:
    """The type inside lists and non-nulls."""
    inner = getattr(type_, "of_type", None)
    return type_ if inner is None else named(inner)


def depths() -> dict[str, int]:
    """How many steps each type is from `viewer` or `staff`, on the shortest way."""
    found, level = {"User": 0, "Staff": 0}, ["User", "Staff"]
    while level:
        below = {named(f.type).name for name in level for f in fields_of(name)}
        level = [name for name in below if name not in found]
        found |= {name: max(found.values()) + 1 for name in level}
    return found


def fields_of(type_name: str) -> Iterable[Any]:
    fields: dict[str, Any] = getattr(TYPES[type_name], "fields", {})
    return fields.values()


def selection(type_name: str, depth: dict[str, int]) -> str:
    """Every field below a type that leads further away from `viewer`."""
    type_ = TYPES[type_name]
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    parts = ["__typename"]
    for name, field in type_.fields.items():
        inner = named(field.type)
        if is_leaf_type(inner) or depth[inner.name] > depth[type_name]:
            parts.append(name + selection(inner.name, depth))
    return " { " + " ".join(parts) + " }"


def ids_in(value: Any) -> Iterator[str]:
    """Every `id` in an answer."""
    if isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from ids_in(inner)
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key == "id":
                yield inner
            else:
                yield from ids_in(inner)


def test_every_type_says_how_it_is_reached():
    """A new type is declared over its rows, or argued for in one of the lists above."""
    silent = [
        name
        for name, type_ in TYPES.items()
        if isinstance(type_, GraphQLObjectType)
        and not name.startswith("__")
        and not name.endswith(SUFFIXES)
        and name not in {declared.name for declared, _ in CATALOG.declared}
        and name not in {*FORMS, *FOR_EVERYBODY, *OF_THE_CALLER, *COMPUTED}
    ]
    assert silent == []


def test_what_everybody_sees_leads_to_nobody():
    for name in FOR_EVERYBODY | OF_THE_CALLER | COMPUTED:
        inner = {named(f.type).name for f in getattr(TYPES[name], "fields").values()}  # noqa: B009
        owned = {t.name for t, d in CATALOG.declared if d.owned_through != PUBLIC}
        assert inner & owned == set(), name


async def test_everybody_sees_what_is_theirs_by_id_and_nothing_else(ownership: OwnershipData):
    everything = sorted({id_ for seen in ownership.seen.values() for id_ in seen})
    for name, token in ownership.tokens.items():
        for start in range(0, len(everything), 100):
            batch = everything[start : start + 100]
            answer = await ownership.api.ask(NODES, token, ids=batch)
            found: list[str | None] = [node and node["id"] for node in answer["nodes"]]
            assert found == [id_ if ownership.is_shown(id_, name) else None for id_ in batch], name


async def test_one_by_one_too(ownership: OwnershipData):
    """`node` has a plan for each prefix: try one of each."""
    samples = {
        prefix_of(id_): id_ for id_ in sorted(ownership.seen["demo"] | ownership.seen["admin"])
    }
    for id_ in samples.values():
        for name, token in ownership.tokens.items():
            node = (await ownership.api.ask(NODE, token, id=id_))["node"]
            assert (node is not None) == ownership.is_shown(id_, name), (name, id_)


async def test_the_world_has_one_of_each(ownership: OwnershipData):
    """Otherwise the tests above would prove nothing about a type that nobody has."""
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


OF_ONE_PERSON = {"usr", "ses", "acn", "ntc", "pay", "apl", "msg", "upl", "cap"}
"""Whoever else has the account never sees these."""


def public_prefixes() -> set[str]:
    return {prefix for prefix, d in CATALOG.nodes.items() if d.owned_through == PUBLIC}


CRAWL = f"{{ viewer {selection('User', depths())} staff {selection('Staff', depths())} }}"

# Inputs that take an id, with the other fields filled in; `{id}` is where somebody else's goes,
# `{key}` what is new each time.
FILLED: dict[str, dict[str, Any]] = {
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
    "staffPaymentDifferenceSettle": {"differenceId": "{id}", "reason": "a reason"},
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
    "staffImportStart": {"kind": "ACCOUNTS", "uploadIds": ["{id}"]},
    "staffLinkEnd": {"linkId": "{id}", "reason": "a reason"},
    "staffLinkRestore": {"linkId": "{id}", "reason": "a reason"},
}
# A captcha's id is no one's: it is a ticket for the one who holds it.
TICKETS = {"CaptchaAnswerInput"}


def inputs_with_ids(type_: GraphQLNamedType, above: tuple[str, ...] = ()) -> bool:
    if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
        return type_.name == "ID"
    assert isinstance(type_, GraphQLInputObjectType)
    if type_.name in (*above, *TICKETS):
        return False
    return any(inputs_with_ids(named(f.type), (*above, type_.name)) for f in type_.fields.values())


def mutations_with_ids() -> set[str]:
    fields: dict[str, Any] = getattr(TYPES["Mutation"], "fields")  # noqa: B009
    return {
        name for name, field in fields.items() if inputs_with_ids(named(field.args["input"].type))
    }


def test_every_mutation_that_takes_an_id_is_tried_below():
    assert mutations_with_ids() <= set(FILLED)


@pytest.mark.parametrize("name", sorted(mutations_with_ids()))
async def test_somebody_else_s_id_is_as_good_as_none(ownership: OwnershipData, name: str):
    """The same answer for what isn't yours and what isn't there, and nothing has changed."""
    samples = {
        prefix_of(id_): id_ for id_ in sorted(ownership.seen["demo"] - ownership.seen["stranger"])
    }
    for prefix, id_ in samples.items():
        theirs = await try_id(ownership, name, id_)
        nothing = await try_id(ownership, name, to_public(prefix, new_key()))
        assert theirs == nothing, prefix
    after = await ownership.api.read(CRAWL, ownership.tokens["demo"], now=ownership.now)
    assert after == ownership.all_of_demo


async def try_id(ownership: OwnershipData, name: str, id_: str) -> object:
    pascal = name[0].upper() + name[1:]
    query = f"""mutation ($input: {pascal}Input!) {{
        {name}(input: $input) {{ errors {{ message path code }} }} }}"""
    await Attempts.all().delete()  # how often one may try is another matter
    payload = {k: put(v, id_) for k, v in FILLED[name].items()}
    answer = await ownership.api.post(query, ownership.tokens["stranger"], input=payload)
    return {k: v for k, v in answer.items() if k != "extensions"}


def put(value: object, id_: str) -> object:
    """The value with the id wherever `{id}` stands, and something new for `{key}`."""
    if isinstance(value, list):
        return [put(one, id_) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        return {name: put(one, id_) for name, one in cast("dict[str, object]", value).items()}
    return {"{id}": id_, "{key}": new_key().hex}.get(str(value), value)
