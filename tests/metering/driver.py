"""Drives a home step by step over HTTP and compares it with its model."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from lk_graphql.accounts.models import Account
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import key_of, new_key, to_public
from lk_graphql.kit.periods import month_of, shift
from lk_graphql.metering.models import Meter, Reading, Register, Zone
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.reading_states import accept_reading, reject_reading
from tests.factories.accounts import given_bare_account, given_invoice, given_link
from tests.factories.metering import CONFIRM, SUBMIT, WITHDRAW, given_read, noon
from tests.metering.reading_model import (
    BEGINNING,
    LINKED,
    METERS,
    START,
    TURN,
    ModelReading,
    ModelSubmission,
    ReadingModel,
)
from tests.metering.street import Street, SubmissionAnswer, refused

_ZONES = {"day": Zone.DAY, "night": Zone.NIGHT, "single": Zone.SINGLE, "gone": Zone.SINGLE}


@dataclass(frozen=True)
class Call:
    """A call that may be repeated, with its answer."""

    query: str
    who: str
    variables: dict[str, Any]
    answer: SubmissionAnswer


@dataclass
class ReadingDriver:
    """A home with its model.

    `keys` are those of `model.readings`, `tokens` the confirmation tokens with the numbers of their
    submissions.
    """

    street: Street
    account: Account
    registers: dict[str, Register]
    model: ReadingModel
    keys: list[UUID] = field(default_factory=list[UUID])
    calls: list[Call] = field(default_factory=list[Call])
    tokens: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    async def take(self, step: tuple[Any, ...]) -> None:
        """Run a step and compare all rows of the database with the model."""
        name, *arguments = step
        await getattr(self, name)(*arguments)
        registers = self.registers.values()
        rows = await Reading.filter(register_id__in=[register.id for register in registers])
        names = {register.id: name for name, register in self.registers.items()}
        actual = {
            row.id: (
                names[row.register_id],
                int(row.value),
                row.taken_on,
                row.period,
                row.state.value,
                row.source.value,
            )
            for row in rows
        }
        expected = {
            key: (
                reading.register,
                reading.value,
                reading.taken_on,
                reading.period,
                reading.state,
                reading.source,
            )
            for key, reading in zip(self.keys, self.model.readings, strict=True)
        }
        assert actual == expected, (step, {*actual.items()} ^ {*expected.items()})

    async def wait(self, days: int) -> None:
        self.model.today += timedelta(days=days)
        self.street.api.clock.now = noon(self.model.today)

    async def send(
        self,
        who: str,
        changes: tuple[tuple[str, int], ...],
        days_ago: int,
        *flags: bool,
    ) -> None:
        """Submit values that differ from the last accepted ones by the changes."""
        entries = tuple((name, self.value(name, change)) for name, change in changes)
        form = ModelSubmission(who, entries, days_ago, *flags)
        batch, expected = len(self.model.senders), self.model.submit(form)
        answer = await self.call(SUBMIT, who, self.variables(form))
        assert answer.codes == expected, (form, answer.codes, expected)
        self.keys += [key for reading_id in answer.readings if (key := key_of(reading_id))]
        assert bool(answer.token) == ("NEEDS_CONFIRMATION" in expected)
        if answer.token:
            self.tokens.append((batch, answer.token))

    def value(self, name: str, change: int) -> int:
        last = self.model.last(name, self.model.period_of(self.model.today))
        value = (last.value if last else START) + change
        return value if change == TURN else value % TURN

    def variables(self, form: ModelSubmission) -> dict[str, Any]:
        taken_at = noon(self.model.today - timedelta(days=form.days_ago))
        return {
            "accountId": to_public("acc", self.account.id),
            "entries": [
                {"registerId": to_public("reg", self.registers[name].id), "value": str(value)}
                for name, value in form.entries
            ],
            "takenAt": taken_at.isoformat() if form.days_ago else None,
            "allowPartial": form.is_partial,
            "atomic": form.is_atomic,
        }

    async def repeat(self, place: int, what: str) -> None:
        """Repeat an earlier call, or send "other" readings under its key."""
        if place >= len(self.calls):
            return
        call = self.calls[::-1][place]
        if what == "same":
            answer = await self.street.ask(call.query, call.who, call.variables)
            assert answer == call.answer, (call, answer)
        elif call.query == SUBMIT:
            other = {**call.variables, "allowPartial": not call.variables["allowPartial"]}
            assert await self.street.ask(SUBMIT, call.who, other) == SubmissionAnswer(
                ["IDEMPOTENCY_CONFLICT"]
            )

    async def confirm(self, who: str, place: int) -> None:
        if place < len(self.tokens):
            batch, token = self.tokens[::-1][place]
            expected = self.model.confirm(who, batch)
            self.street.agree("confirm", expected, await self.call(CONFIRM, who, {"token": token}))

    async def withdraw(self, who: str, place: int) -> None:
        reading, key = self.reading(place)
        expected = self.model.end(reading, "WITHDRAWN", who)
        variables = {"readingId": to_public("rdg", key)}
        self.street.agree("withdraw", expected, await self.street.ask(WITHDRAW, who, variables))

    async def accept(self, place: int) -> None:
        reading, key = self.reading(place)
        expected = self.model.accept(reading)
        act = accept_reading(key, billing=BILLING, now=noon(self.model.today))
        self.street.agree("accept", expected, await refused(act))

    async def reject(self, place: int) -> None:
        reading, key = self.reading(place)
        expected = self.model.end(reading, "REJECTED")
        act = reject_reading(key, "Нет", billing=BILLING, now=noon(self.model.today))
        self.street.agree("reject", expected, await refused(act))

    async def bill(self, months_ago: int) -> None:
        period = shift(month_of(self.model.today), -months_ago)
        if period > self.model.billed:
            await given_invoice(self.account, period.month, charged=1, unpaid=0)
            self.model.billed = period

    async def load(self, name: str, change: int, days_ago: int, source: str) -> None:
        """Import a billing file with one reading; an estimate is dated at the end of its month."""
        day = self.model.today - timedelta(days=days_ago)
        if source == "ESTIMATED":
            day = shift(month_of(day), 1) - timedelta(days=1)
        new = ModelReading(name, self.value(name, change) % TURN, day, month_of(day), source=source)
        await self.load_file(new)

    async def give_back(self, place: int) -> None:
        """Import a reading that was sent in the cabinet, as billing returns it."""
        sent, _ = self.reading(place)
        if sent.batch is not None:
            await self.load_file(
                ModelReading(sent.register, sent.value, sent.taken_on, sent.period)
            )

    async def load_file(self, new: ModelReading) -> None:
        name, day, source = new.register, new.taken_on, new.source
        expected = self.model.load(new)
        meter, zone = next((m, _ZONES[name]) for m in METERS if name in METERS[m])
        line = f"{self.account.number};{meter};{zone};{new.value};{day};{new.period:%Y-%m};{source}"
        path = self.street.imports.put(
            "r.csv", f"account;meter;zone;value;taken_on;period;source\n{line}\n"
        )
        outcome = await self.street.imports.load(ImportKind.READINGS, path)
        self.street.agree("load", expected, SubmissionAnswer([code for code, *_ in outcome.faults]))
        if len(self.model.readings) > len(self.keys):
            new_rows = Reading.filter(register=self.registers[name]).exclude(id__in=self.keys)
            self.keys.append((await new_rows.get()).id)

    def reading(self, place: int) -> tuple[ModelReading, UUID]:
        """The reading `place` before the newest; never the first, which is the neighbour's."""
        place = min(place, len(self.keys) - 2)
        return self.model.readings[::-1][place], self.keys[::-1][place]

    async def call(self, query: str, who: str, variables: dict[str, Any]) -> SubmissionAnswer:
        """Call with a new idempotency key, and record the call."""
        variables = {**variables, "idempotencyKey": new_key().hex}
        answer = await self.street.ask(query, who, variables)
        self.calls.append(Call(query, who, variables, answer))
        return answer


async def given_driver(street: Street, *, late_ones_count: bool) -> ReadingDriver:
    """An account of Anna and Boris with three meters: a flat's, a garage's and a removed one."""
    number = str(await Account.all().count()).zfill(10)
    account = await given_bare_account(number, residents=1)
    for name in LINKED:
        await given_link(street.people[name], account)
    driver = ReadingDriver(
        street, account, {"foreign": street.foreign[0]}, ReadingModel(late_ones_count)
    )
    for serial, zones in METERS.items():
        meter = await Meter.create(
            account=account,
            serial=serial,
            model="М",
            ratio=Decimal(1),
            installed_on=date(2020, 1, 1),
            removed_on=BEGINNING if serial == "old" else None,
        )
        for position, name in enumerate(zones, 1):
            driver.registers[name] = await Register.create(
                meter=meter, position=position, zone=_ZONES[name], label=name[:10], digits=4
            )
    await given_invoice(account, driver.model.billed.month, charged=1, unpaid=0)
    _, *readings = driver.model.readings
    driver.keys = [
        (await given_read(driver.registers[reading.register], reading.value, reading.taken_on)).id
        for reading in readings
    ]
    driver.keys.insert(0, street.foreign[1].id)
    return driver
