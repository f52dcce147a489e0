"""The mini schema: it uses every function of `planner.types` at least once."""

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from lk_graphql.kit.errors import BadArgument
from lk_graphql.kit.languages import Language
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.filters import (
    at_least,
    at_most,
    exactly,
    filter_input,
    is_set,
    one_of,
)
from lk_graphql.planner.declare.scalars import SCALARS, Money, Period, Quantity, Url
from lk_graphql.planner.types import (
    PUBLIC,
    Node,
    RowPolicy,
    aggregate,
    by_id,
    by_ids,
    choices,
    column,
    derived,
    expression,
    extends,
    gate,
    latest,
    listed,
    pages,
    part,
    policy,
    reads,
    recent,
    reference,
    related,
    root,
    signed_in,
    unrestricted,
)
from tests.planner import mini_models as models


def session_sql(digest: str = "$1") -> str:
    return f"""SELECT person_id AS user_id, id AS session_id, false AS is_read_only FROM ticket
               WHERE token_hash = {digest} AND expires_at > $2"""


gate(models.Membership, state=models.MembershipState.ACTIVE)
policy(
    models.Event,
    RowPolicy(
        "({club__is_open} OR {held_on} <> '2026-11-20')",
        ("club__is_open", "held_on"),
        models.is_announced,
    ),
)
unrestricted(models.Club, "its members see it")
unrestricted(models.Rulebook, "so are its rules")
choices(models.MembershipState, "Whether it counts.", ACTIVE="It does.", SUSPENDED="It doesn't.")
choices(models.EventState, "Whether it is paid.", PAID="Yes.", OVERDUE="Too late.", DUE="Not yet.")


def event_state(paid: int, fee: int, held_on: date, today: date) -> models.EventState:
    if paid >= fee:
        return models.EventState.PAID
    return models.EventState.OVERDUE if held_on < today else models.EventState.DUE


def poster_url(title: str, held_on: date, club__title: str, signer: str) -> str:
    return f"https://example.org/{held_on:%Y-%m}/{len(title)}/{len(club__title)}?{signer}"


def greeting(name: str | None, language: Language, now: datetime) -> str | None:
    return name and f"{language}: {name} at {now:%H:%M}"


def is_me(pk: UUID, viewer: UUID | None, session: UUID | None) -> bool:
    return pk == viewer and session is not None


def half_weight(weight: Quantity) -> Quantity:
    return Quantity(weight / 2)


@strawberry.type(description="What the remarks on an event come to.")
class RemarkCount:
    place: int = strawberry.field(description="The first one's place.")
    longest: str | None = strawberry.field(description="The longest remark.")


@strawberry.type(description="An event and its remarks, counted.")
class Digest:
    title: str = strawberry.field(description="Of which event.")
    price: Quantity | None = strawberry.field(description="What the remarks cost.")
    held_on: date = strawberry.field(description="When.")
    state: models.EventState | None = strawberry.field(description="Paid, if anything was said.")
    remark_counts: list[RemarkCount] = strawberry.field(description="One for each remark.")
    first: RemarkCount | None = strawberry.field(description="The first of them.")


def digest(title: str, held_on: date, remarks: list[dict[str, Any]] | None) -> Digest | None:
    """None without remarks: the SQL of an argument may yield NULL."""
    if remarks is None:
        return None
    counts = [
        RemarkCount(place=remark["position"], longest=remark["text"] or None) for remark in remarks
    ]
    prices = [Decimal(remark["price"]) for remark in remarks if remark["price"] is not None]
    return Digest(
        title=title,
        price=Quantity(sum(prices, Decimal())) if prices else None,
        held_on=held_on,
        state=models.EventState.PAID if len(remarks) > 1 else None,
        remark_counts=counts,
        first=counts[0],
    )


REMARKS = """
SELECT json_agg(json_build_object('position', n.position, 'text', n.text, 'price', n.price::text)
ORDER BY n.position, n.id) FROM note n WHERE n.event_id = {pk} AND {club__title} IS NOT NULL"""


@filter_input
class EventFilterInput:
    """Which events to show."""

    from_: date | None = at_least("The first day.", of="held_on")
    to: date | None = at_most("The last day.", of="held_on")
    fee: Money | None = exactly("What they cost.", of="fee")
    titles: list[str] | None = one_of("What they are called.", of="title")
    weight_from: Quantity | None = at_least("In kilograms.", of="weight")
    club_title: str | None = exactly("Whose they are.", of="club__title")


@filter_input
class TagFilterInput:
    """Which tags to show."""

    name: str | None = exactly("The word.", of="name")
    is_retired: bool | None = is_set("Whether nobody uses it.", of="retired_on")


@filter_input
class MembershipFilterInput:
    """Which memberships to show."""

    states: list[models.MembershipState] | None = one_of("Their states.", of="state")


@reads(models.Tag, prefix="tag", owned_through=PUBLIC)
class Tag(Node):
    """A word about events."""

    name: str = column("The word.")
    retired_on: date | None = column("Since when nobody uses it.")


@reads(models.Note)
class Note:
    """A remark on an event."""

    position: int = column("Its place.")
    text: str = column("What it says.")
    written_at: datetime = column("When it was written.")
    price: Quantity | None = column("What it cost.")


@reads(models.Rulebook)
class Rulebook:
    """A club's rules."""

    text: str = column("What they say.")
    pages: int = column("How many pages they fill.")


@reads(models.Club)
class ClubStanding:
    """How a club is doing."""

    wealth: Money = column("What it has.")
    motto: str | None = column("What it says of itself.")


@reads(models.Club, prefix="clb", owned_through="memberships__person")
class Club(Node):
    """Where people meet."""

    title: str = column("What it is called.")
    founded_at: datetime = column("Since when it is there.")
    is_open: bool = column("Whether one can join.")
    standing: ClubStanding = part("How it is doing.")
    rulebook: Rulebook | None = related("Its rules, if it has any.")
    nickname: str | None = aggregate(
        "What the viewer calls it.",
        of="memberships",
        sql="min({nickname})",
        where="{person_id} = {viewer}",
    )
    members: int = aggregate("How many belong to it.", of="memberships", sql="count(*)")
    upcoming: int = aggregate(
        "Events to come.", of="events", sql="count(*)", where="{held_on} > {today}"
    )
    takings: Money = aggregate("All fees.", of="events", sql="coalesce(sum({fee}), 0)")


@reads(models.Event)
class EventCard:
    """An event in short: a second type over the same model."""

    title: str = column("What it is called.")
    heavy: bool = expression("Whether it is heavy.", sql="{weight} > 100 AND {now} IS NOT NULL")


@reads(models.Event, prefix="evt", owned_through="club__memberships__person")
class Event(Node):
    """Something that a club does."""

    title: str = column("What it is called.")
    held_on: date = column("The day.")
    month: Period = column("The month.", of="held_on")
    fee: Money = column("What it costs.")
    weight: Quantity = column("Its weight in kilograms.")
    half_weight: Quantity = derived("Half of it.", half_weight)
    state: models.EventState = expression(
        "Whether it is paid.",
        sql="""CASE WHEN {paid} >= {fee} THEN 'PAID'
                    WHEN {held_on} < {today} THEN 'OVERDUE' ELSE 'DUE' END""",
        python=event_state,
    )
    club_title: str = column("Whose it is.", of="club__title")
    poster_url: Url = derived("What it looks like.", poster_url)
    club: Club = related("Whose it is.")
    card: EventCard = part("In short.")
    tags: list[Tag] = related("Words about it.", order_by="name", filters=TagFilterInput)
    current_tags: list[Tag] = related(
        "Those in use.", of="tags", order_by="-name", where={"retired_on": None}
    )
    notes: list[Note] = related("Remarks.", order_by="position")
    last_note: Note | None = latest("The newest remark.", of="notes", by="written_at")
    all_notes: Connection[Note] = pages("Remarks, newest first.", of="notes", by="-written_at")
    digest: Digest | None = derived("Its remarks, counted.", digest, remarks=REMARKS)


@extends(Club)
class ClubEvents:
    """What clubs do."""

    events: list[Event] = recent("The newest.", by="held_on", first=3, filters=EventFilterInput)
    last_event: Event | None = latest("The newest.", of="events", by="held_on")
    cards: list[EventCard] = related("All in short.", of="events", order_by="title")
    all_events: Connection[Event] = pages(
        "All, newest first.", of="events", by="-held_on", filters=EventFilterInput
    )
    events_by_title: Connection[Event] = pages("All, by title.", of="events", by="title")
    heavy_first: Connection[Event] = pages(
        "The paid, by weight.",
        of="events",
        by="-weight",
        where={"paid": 0},
        filters=EventFilterInput,
    )


@reads(models.Membership, prefix="mem", owned_through="person")
class Membership(Node):
    """Who belongs to which club."""

    state: models.MembershipState = column("Whether it counts.")
    nickname: str | None = column("What the person calls the club.")
    club: Club | None = related("The club; null while suspended.")


ParcelSubject = Annotated[Event | Club, strawberry.union("ParcelSubject", description="What for.")]


@reads(models.Parcel, prefix="par", owned_through="owner")
class Parcel(Node):
    """Something sent to one person."""

    number: int = column("Its number.")
    about: ParcelSubject | None = reference(
        "What it is about.", of="subject_id", by="kind", prefixes=models.SUBJECT_PREFIXES
    )
    club: Club | None = reference("The sender; null for those who don't belong.", of="club_id")
    next_event: Event | None = reference(
        "The next of that club.",
        sql="(SELECT e.id FROM event e WHERE e.club_id = {club_id} AND e.held_on >= {today}"
        " ORDER BY e.held_on, e.id LIMIT 1)",
    )


@reads(models.Person, prefix="per", owned_through="")
class Person(Node):
    """Someone who can sign in."""

    email: str = column("Where to write.")
    name: str | None = column("What to call them.")
    greeting: str | None = derived("Hello.", greeting)
    is_me: bool = expression(
        "Whether it is the viewer.",
        sql="{pk} = {viewer} AND {session} IS NOT NULL",
        python=is_me,
    )
    clubs: list[Club] = related("Where they belong.", of="memberships__club", order_by="title")
    memberships: list[Membership] = related(
        "How they belong there.", order_by="state", filters=MembershipFilterInput
    )
    parcels: Connection[Parcel] = pages("What was sent.", by="number")
    all_events: Connection[Event] = pages(
        "What all their clubs do.",
        of="memberships__club__events",
        by="-held_on",
        filters=EventFilterInput,
    )


def rules(language: Language) -> list[str]:
    return ["Be kind."] if language is Language.EN else ["Будьте добры."]


def opened_on(today: date) -> date:
    return today


def signer_url(signer: str) -> str:
    return f"https://{signer}.example"


@root
class MiniSettings:
    """What holds for everybody: values of the request, without a row."""

    longest_name: int = derived("The most characters.", lambda: 40)
    rules: list[str] = derived("What to do.", rules)
    opened_on: date | None = derived("The day.", opened_on)
    signer: Url = derived("Who signs.", signer_url)
    nothing: str | None = derived("Nothing.", lambda: None)


@root
class MiniQuery:
    """Where every query starts."""

    viewer: Person | None = signed_in("Who is signed in.")
    node: Node | None = by_id("An object by its id.")
    nodes: list[Node | None] = by_ids("Objects by their ids.")
    tags: list[Tag] = listed("The words in use.", order_by="name", where={"retired_on": None})
    settings: MiniSettings = part("What holds for everybody.")


@strawberry.type(description="An object from resolvers of its own.")
class Desk:
    @strawberry.field(description="What it says.")
    def sign(self) -> str:
        return "Welcome"

    @strawberry.field(description="How many people wait.")
    async def queue(self) -> int:
        await asyncio.sleep(0)
        return 3

    @strawberry.field(description="A failure, in a field that may be null.")
    def closed(self) -> str | None:
        raise BadArgument("It is closed.")

    @strawberry.field(description="A failure that nulls the desk.")
    async def broken(self) -> str:
        raise BadArgument("It is broken.")


@strawberry.type(description="Root fields with resolvers of their own beside the declared ones.")
class QueryWithResolvers(MiniQuery):
    @strawberry.field(description="Greets.")
    def hello(self, name: str | None = None) -> str:
        return f"Hello {name}"

    @strawberry.field(description="A desk that may be missing.")
    def desk(self) -> Desk | None:
        return Desk()

    @strawberry.field(description="A desk whose failure nulls the answer.")
    async def front_desk(self) -> Desk:
        return Desk()


def built(query: type[MiniQuery]) -> GraphQLSchema:
    schema = strawberry.Schema(query, config=StrawberryConfig(scalar_map=SCALARS))
    return getattr(schema, "_schema")  # noqa: B009 - Strawberry has no public access to it


graphql_schema = built(QueryWithResolvers)
DECLARED = ("viewer", "node", "nodes", "tags")
"""The root fields with rows, which have plans."""
RESOLVED = ("hello", "desk", "frontDesk")
"""The root fields that have none."""
