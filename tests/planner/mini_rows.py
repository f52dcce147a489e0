"""Random rows, with values that expose careless code."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from tortoise import Model

from lk_graphql.kit.ids import to_public
from lk_graphql.planner.declare.tables import field as model_field
from lk_graphql.planner.declare.tables import python_value
from lk_graphql.planner.sql.cursors import CursorPosition, ordering
from tests.planner import mini_models as models

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)  # already the 21st in Novokuznetsk
TEXTS = ["Мира, 5", 'a "quoted" \\ path', "it's", "", "line\nbreak\t", "😀 {x} %s $1", "</script>"]
KOPECKS = [0, 1, -1, 99, -5, 100, 123456, 10**15, -(10**12)]
WEIGHTS = [Decimal(t) for t in ("0", "0.001", "-3.5", "120.500", "999999999.999", "7")]


@dataclass
class MiniRows:
    """Tokens, ids and cursors of the rows, and the oracle of their owners."""

    tokens: list[str] = field(default_factory=list[str])
    ids: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    owners: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    cursors: list[str] = field(default_factory=list[str])


class RowMaker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.mini_rows = MiniRows()
        self.all_tokens: set[str] = set()

    def key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def day(self) -> date:
        return date(2026, 11, 21) + timedelta(days=self.random.choice([-60, -30, -1, 0, 0, 1, 30]))

    def moment(self) -> datetime:
        seconds = self.random.choice([0, 0, 1, 10**6])
        return NOW + timedelta(seconds=seconds, microseconds=self.random.choice([0, 500, 999999]))

    def record(self, prefix: str, row: Model, owners: set[str], *ordering_columns: str) -> None:
        public_id = to_public(prefix, row.pk)
        self.mini_rows.ids.setdefault(prefix, []).append(public_id)
        self.mini_rows.owners[public_id] = owners
        for column in ordering_columns:
            column_field = model_field(type(row), column)
            column_ordering = ordering(column_field)
            self.mini_rows.cursors.append(
                column_ordering.cursor(
                    CursorPosition(python_value(column_field, getattr(row, column)), row.pk)
                )
            )

    async def people(self) -> list[Any]:
        people: list[Any] = []
        for n in range(5):
            token, expired = f"token-{n}", n == 4
            name = self.random.choice([None, *TEXTS])
            person = await models.Person.create(id=self.key(), email=f"u{n}@example.org", name=name)
            await models.Ticket.create(
                id=self.key(),
                person=person,
                token_hash=sha256(token.encode()).digest(),
                expires_at=NOW + timedelta(days=-1 if expired else 1),
            )
            people.append(person)
            self.mini_rows.tokens.append(token)
            self.all_tokens.add(token)
            self.record("per", person, set() if expired else {token})
        return people

    async def tags(self) -> list[Any]:
        tags: list[Any] = []
        for name in ["б", "a", "a", 'x"']:
            retired_on = self.random.choice([None, None, self.day()])
            tag = await models.Tag.create(id=self.key(), name=name, retired_on=retired_on)
            self.record("tag", tag, {*self.all_tokens, "nobody's"})
            tags.append(tag)
        return tags

    async def clubs(self, people: list[Any], tags: list[Any]) -> None:
        for n in range(8):
            pick = self.random.choice
            club = await models.Club.create(
                id=self.key(), title=f"{pick(TEXTS)}{n % 3}", motto=pick([None, *TEXTS]),
                wealth=pick(KOPECKS), founded_at=self.moment(), is_open=pick([True, False]),
            )  # fmt: skip
            owners = await self.memberships(club, people)
            self.record("clb", club, owners)
            if pick([True, False]):
                await models.Rulebook.create(id=self.key(), club=club, text=pick(TEXTS), pages=n)
            events = [await self.event(club, owners, tags) for _ in range(pick([0, 1, 4, 9]))]
            for person in self.random.sample(range(4), 2):
                await self.parcel(people[person], {f"token-{person}"}, club, events)

    async def memberships(self, club: Any, people: list[Any]) -> set[str]:
        owners: set[str] = set()
        for n in self.random.sample(range(4), self.random.choice([0, 1, 2, 3])):
            state = self.random.choice(["ACTIVE", "ACTIVE", "SUSPENDED"])
            membership = await models.Membership.create(
                id=self.key(), person=people[n], club=club,
                state=state, nickname=self.random.choice([None, *TEXTS]),
            )  # fmt: skip
            self.record("mem", membership, {f"token-{n}"})
            owners |= {f"token-{n}"} if state == "ACTIVE" else set()
        return owners

    async def event(self, club: Any, owners: set[str], tags: list[Any]) -> Any:
        pick = self.random.choice
        fee = pick(KOPECKS)
        event = await models.Event.create(
            id=self.key(), club=club, title=pick(TEXTS), held_on=self.day(),
            fee=fee, paid=pick([0, fee, fee - 1]), weight=pick(WEIGHTS),
        )  # fmt: skip
        await event.tags.add(*self.random.sample(tags, pick([0, 1, 3])) or [tags[0]])
        is_announced = models.is_announced(club.is_open, event.held_on)
        self.record("evt", event, owners if is_announced else set(), "held_on", "title", "weight")
        for _ in range(pick([0, 1, 3, 25])):
            note = await models.Note.create(
                id=self.key(), event=event, position=pick([1, 2, 2]), text=pick(TEXTS),
                written_at=self.moment(), price=pick([None, Decimal("1.5"), Decimal("-0.00001")]),
            )  # fmt: skip
            self.mini_rows.cursors.append(
                ordering(model_field(models.Note, "written_at")).cursor(
                    CursorPosition(note.written_at, note.id)
                )
            )
        return event

    async def parcel(self, owner: Any, owners: set[str], club: Any, events: list[Any]) -> None:
        pick = self.random.choice
        kind = pick([None, *models.ParcelKind])
        subject = club if kind is models.ParcelKind.CLUB else pick([None, club, *events])
        parcel = await models.Parcel.create(
            id=self.key(), owner=owner, number=pick([1, 2, 3]),
            kind=kind, subject_id=subject and subject.id, club=pick([None, club]),
        )  # fmt: skip
        self.record("par", parcel, owners, "number")


async def make_rows(seed: int) -> MiniRows:
    maker = RowMaker(seed)
    people = await maker.people()
    await maker.clubs(people, await maker.tags())
    return maker.mini_rows
