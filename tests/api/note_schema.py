"""A small schema for tests of the HTTP layer: notes, on the tables of users and sessions."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, UserError, mutation, open_to, subscription
from lk_graphql.identity import models
from lk_graphql.kit.errors import BadArgument, FormErrors, Refusal
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.scalars import SCALARS
from lk_graphql.planner.types import Node, by_id, choices, column, pages, reads, root, signed_in


def session_sql(digest: str) -> str:
    return f"""SELECT user_id, id AS session_id, false AS is_read_only FROM session
               WHERE token_hash = {digest} AND expires_at > $2 AND ended_at IS NULL"""


@reads(models.Session, prefix="ses", owned_through="user")
class Visit(Node):
    """A sign-in."""

    user_agent: str = column("With what.")
    created_at: datetime = column("When.")


@reads(models.User, prefix="usr", owned_through="")
class Person(Node):
    """A customer."""

    email: str = column("Their address.")
    first_name: str = column("Their name.")
    visits: Connection[Visit] = pages("Their sign-ins.", of="sessions", by="-created_at")


@open_to(Access.ANYONE)
@root
class Query:
    """Queries of the schema of notes."""

    viewer: Person | None = signed_in("Who asks; null for a guest.")
    node: Node | None = by_id("An object by its id.")

    @strawberry.field(description="Breaks.")
    def broken(self, text: str = "") -> str | None:
        raise RuntimeError(f"broken by {text} for dozor@example.com, +7 913 123-45-67")

    @strawberry.field(description="Breaks where null is forbidden.")
    def shattered(self) -> str:
        raise RuntimeError("shattered")

    @strawberry.field(description="The caller's key.")
    def own_key(self, info: Info) -> str | None:
        return str(info.context.viewer.id)

    @strawberry.field(description="Who calls, as the server sees it.")
    def caller(self, info: Info) -> str:
        client = info.context.client
        return f"{client.address} {client.user_agent} {client.language}"

    @strawberry.field(description="Wants a small number.")
    def small(self, number: int) -> int | None:
        if number > 9:
            raise BadArgument("Ask for 0 to 9")
        return number


class NoteErrorCode(StrEnum):
    EMPTY = "EMPTY"
    TOO_SOON = "TOO_SOON"
    UNUSED = "UNUSED"


choices(
    NoteErrorCode, "Why a note was refused.", EMPTY="No text.", TOO_SOON="Wait.", UNUSED="Never."
)


class Empty(Refusal):
    code = NoteErrorCode.EMPTY
    ru = "Пусто."
    en = "Empty."


class TooSoon(Refusal):
    """A refusal of an earlier slice, whose code has the name of one of the notes' codes."""

    code = "TOO_SOON"
    ru = "Подождите {wait}."
    en = "Wait {wait}."


@strawberry.type(description="Why a note was refused.")
class NoteError(UserError):
    code: NoteErrorCode = strawberry.field(description="The reason.")
    retry_at: datetime | None = strawberry.field(default=None, description="When to try again.")


@strawberry.input(description="A note.")
class NoteInput:
    text: str = strawberry.field(description="What it says.")
    title: strawberry.Maybe[str | None] = strawberry.field(
        default=None, description="Absent: keep; null: remove."
    )


@strawberry.type(description="What became of a note.")
class NotePayload:
    text: str | None = strawberry.field(default=None, description="The note.")
    errors: list[NoteError] = strawberry.field(
        default_factory=list[NoteError], description="Why not."
    )


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@strawberry.type
class Mutation:
    """Mutations of the schema of notes."""

    @mutation(access=Access.CUSTOMER, codes=(NoteErrorCode.EMPTY, NoteErrorCode.TOO_SOON))
    async def note_write(self, info: Info, input: NoteInput) -> NotePayload:
        """Write a note."""
        form = FormErrors()
        for field in ("text", "title"):
            with form.field("input", field):
                if input.text == "":
                    raise Empty
        form.check()
        if input.text == "soon":
            raise TooSoon(wait=timedelta(minutes=3), retry_at=NOON)
        if input.text == "break":
            raise RuntimeError(f"can't write {input.text} {input.title}")
        title = "kept" if input.title is None else f"{input.title.value}"
        return NotePayload(text=f"{input.text} by {info.context.viewer.id}, title {title}")

    @mutation(access=Access.ANYONE)
    async def enter(self, info: Info, token: str) -> NotePayload:
        """Take a cookie."""
        await asyncio.sleep(0)
        info.context.set_cookies.append(info.context.cookie.set(token, NOON))
        return NotePayload(text="in")

    @mutation(access=Access.ANYONE)
    async def leave(self, info: Info) -> NotePayload:
        """Give it back."""
        info.context.clear_session_cookie()
        return NotePayload(text="out")

    @mutation(access=Access.CLERK)
    async def rule(self) -> NotePayload:
        """For staff."""
        return NotePayload(text="ruled")


@strawberry.type
class Subscription:
    """Subscriptions of the schema of notes."""

    @subscription(access=Access.CUSTOMER)
    async def me_changed(self, info: Info) -> AsyncGenerator[Person | None, None]:
        """The caller, and again after each change."""
        ctx, key = info.context, info.context.viewer.id
        async for _ in ctx.ports.pubsub.changes("person", key):
            yield ctx.rows.by_key(Person, key)

    @subscription(access=Access.ANYONE)
    async def person_changed(
        self, info: Info, id: strawberry.ID
    ) -> AsyncGenerator[Person | None, None]:
        """Somebody, if it is the caller."""
        ctx, key = info.context, key_of(id) or NO_KEY
        async for _ in ctx.ports.pubsub.changes("person", key):
            yield ctx.rows.by_key(Person, key)

    @subscription(access=Access.CUSTOMER)
    async def three_times(self, info: Info) -> AsyncGenerator[Person | None, None]:
        """The caller, three times."""
        for number in range(3):
            await models.User.filter(id=info.context.viewer.id).update(first_name=f"Имя {number}")
            yield info.context.rows.by_key(Person, info.context.viewer.id)

    @subscription(access=Access.ANYONE)
    async def collapsing(self, info: Info, text: str) -> AsyncGenerator[Person | None, None]:
        """Breaks at once."""
        for nothing in ():
            yield nothing
        raise RuntimeError(f"{info.field_name} collapsed under {text}")


schema = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=[Visit, Person],
    config=StrawberryConfig(scalar_map=SCALARS),
)
graphql_schema: GraphQLSchema = getattr(schema, "_schema")  # noqa: B009 - private, the only way
