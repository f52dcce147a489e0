"""A model of the rules of readings, the oracle for random steps.

It is independent of the service. Registers have names instead of keys, and submissions numbers.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from lk_graphql.kit.periods import month_of, shift

TURN = 10_000
USUAL = 3 * 100  # three times the norm of one person, as the history is too short for an average
POSSIBLE = 15 * 24
OFFLINE_DAYS = 3
FIRST_DAY, LAST_DAY = 15, 25
START, BEGINNING = 9_700, date(2026, 1, 20)

METERS = {"flat": ("day", "night"), "garage": ("single",), "old": ("gone",)}
"""The registers of each meter. The neighbour's is "foreign"; the old meter was removed."""
ZONES = {register: zones for zones in METERS.values() for register in zones}
LINKED = ("anna", "boris")
PENDING = ("NEEDS_CONFIRMATION", "ON_REVIEW")
CURRENT = ("ACCEPTED", *PENDING)


@dataclass
class ModelReading:
    """A reading; `batch` is the number of its submission, None from another source."""

    register: str
    value: int
    taken_on: date
    period: date
    state: str = "ACCEPTED"
    source: str = "CUSTOMER"
    batch: int | None = None
    is_in_books: bool = False
    """Whether billing has reported it."""


@dataclass(frozen=True)
class ModelSubmission:
    """A submission: registers and values, taken `days_ago`."""

    who: str
    entries: tuple[tuple[str, int], ...]
    days_ago: int = 0
    is_partial: bool = False
    is_atomic: bool = False


@dataclass
class ReadingModel:
    """The expected readings of a home; methods return the expected answer of a step."""

    late_ones_count: bool
    today: date = date(2026, 2, 16)
    billed: date = date(2026, 1, 1)
    readings: list[ModelReading] = field(
        default_factory=lambda: [
            ModelReading(register, START, BEGINNING, month_of(BEGINNING))
            for register in ("foreign", "day", "night", "single")
        ]
    )
    senders: list[str] = field(default_factory=list[str])

    def period_of(self, day: date) -> date:
        return month_of(day) if day.day <= LAST_DAY else shift(month_of(day), 1)

    def is_open(self, day: date) -> bool:
        return FIRST_DAY <= day.day <= LAST_DAY or (day.day > LAST_DAY and self.late_ones_count)

    def last(
        self, register: str, period: date, *, without_estimates: bool = False
    ) -> ModelReading | None:
        """The newest accepted reading that a new one of the period would not replace."""
        candidates = [
            reading
            for reading in self.readings
            if (reading.register, reading.state) == (register, "ACCEPTED")
            and (reading.source, reading.period) != ("CUSTOMER", period)
            and not (without_estimates and reading.source == "ESTIMATED")
        ]
        return max(candidates, key=lambda reading: reading.taken_on, default=None)

    def submit(self, form: ModelSubmission) -> list[str]:
        """The state or error code of each entry; of a form refused as a whole all its codes."""
        self.senders.append(form.who)
        if form.who not in LINKED:
            return ["ACCOUNT_NOT_FOUND"]
        verdicts = [self.verdict(form, number) for number in range(len(form.entries))]
        if form.is_atomic and {*verdicts} != {"ACCEPTED"}:
            code_of = {"NEEDS_CONFIRMATION": "CONFIRMATION_NEEDED"}
            return [code_of.get(state, state) for state in verdicts if state != "ACCEPTED"]
        day = self.today - timedelta(days=form.days_ago)
        for (register, value), state in zip(form.entries, verdicts, strict=True):
            if state in CURRENT:
                superseded = CURRENT if state == "ACCEPTED" else PENDING
                self.replace(register, self.period_of(day), superseded)
                batch = len(self.senders) - 1
                self.readings.append(
                    ModelReading(register, value, day, self.period_of(day), state, batch=batch)
                )
        return verdicts

    def replace(self, register: str, period: date, states: tuple[str, ...]) -> None:
        for reading in self.readings:
            if (reading.register, reading.period, reading.source) == (register, period, "CUSTOMER"):
                reading.state = "SUPERSEDED" if reading.state in states else reading.state

    def verdict(self, form: ModelSubmission, number: int) -> str:
        """The state of an entry, or the first fault."""
        register, value = form.entries[number]
        if register not in ZONES:
            return "REGISTER_NOT_FOUND"
        if register in [earlier for earlier, _ in form.entries[:number]]:
            return "REGISTER_REPEATED"
        if register == "gone":
            return "METER_REMOVED"
        day = self.today - timedelta(days=form.days_ago)
        return (
            self.refuse_day(day)
            or self.refuse_entry(register, day, form)
            or self.state_of(register, value, day)
        )

    def refuse_day(self, day: date) -> str | None:
        if (self.today - day).days > OFFLINE_DAYS:
            in_window = day.month == self.today.month and self.today.day <= LAST_DAY
            is_closed = not self.is_open(self.today) or (in_window and not self.is_open(day))
            return "WINDOW_CLOSED" if is_closed else "TAKEN_TOO_LONG_AGO"
        if not self.is_open(day):
            return "WINDOW_CLOSED"
        return "PERIOD_BILLED" if self.period_of(day) <= self.billed else None

    def refuse_entry(self, register: str, day: date, form: ModelSubmission) -> str | None:
        period = self.period_of(day)
        last = self.last(register, period, without_estimates=True)
        if last and (last.taken_on, last.period) >= (day, period):
            return "TAKEN_BEFORE_PREVIOUS"
        estimates = [
            (reading.period, reading.taken_on)
            for reading in self.readings
            if (reading.register, reading.state) == (register, "ACCEPTED")
            and reading.source == "ESTIMATED"
        ]
        if max(estimates, default=(BEGINNING, BEGINNING)) >= (period, day):
            return "TAKEN_BEFORE_PREVIOUS"
        own = [
            reading.taken_on
            for reading in self.readings
            if (reading.register, reading.source) == (register, "CUSTOMER")
            and reading.period >= period
            and reading.state in CURRENT
        ]
        if max(own, default=day) > day:
            return "TAKEN_BEFORE_PREVIOUS"
        registers = {register for register, _ in form.entries} | {
            reading.register
            for reading in self.readings
            if (reading.source, reading.period) == ("CUSTOMER", period) and reading.state in CURRENT
        }
        is_complete = form.is_partial or {*ZONES[register]} <= registers
        return None if is_complete else "ZONES_MISSING"

    def state_of(self, register: str, value: int, day: date) -> str:
        if value >= TURN:
            return "TOO_MANY_DIGITS"
        period = self.period_of(day)
        last = self.last(register, period, without_estimates=True)
        if last is None:
            return "ACCEPTED"
        kwh, days = (value - last.value) % TURN, max(1, (day - last.taken_on).days)
        if value < last.value and kwh > days * POSSIBLE:
            return "BELOW_PREVIOUS"
        months = (period.year - last.period.year) * 12 + period.month - last.period.month
        most = min(max(1, months) * USUAL, days * POSSIBLE)
        return "NEEDS_CONFIRMATION" if kwh > most else "ACCEPTED"

    def confirm(self, who: str, batch: int) -> str | None:
        """Confirm the pending readings of a submission; None or the error code."""
        pending = [
            reading
            for reading in self.readings
            if (reading.batch, reading.state) == (batch, "NEEDS_CONFIRMATION")
        ]
        if who != self.senders[batch] or not pending:
            return "CONFIRM_TOKEN_INVALID"
        if pending[0].period <= self.billed:
            return "PERIOD_BILLED"
        for reading in pending:
            reading.state = "ON_REVIEW"
        return None

    def end(self, reading: ModelReading, state: str, who: str = "anna") -> str | None:
        """Withdraw for a customer, or reject for staff; None or the error code."""
        if who not in LINKED:
            return "READING_NOT_FOUND"
        if reading.period <= self.billed:
            return "PERIOD_BILLED"
        if reading.state not in CURRENT or reading.source != "CUSTOMER":
            return "READING_FINAL"
        if state == "WITHDRAWN" and reading.is_in_books:
            return "READING_IN_BILLING"
        reading.state = state
        return None

    def accept(self, reading: ModelReading) -> str | None:
        """Accept for staff; None or the error code."""
        if reading.period <= self.billed:
            return "PERIOD_BILLED"
        if reading.state not in PENDING:
            return "READING_FINAL"
        if any(
            (other.register, other.taken_on, other.period, other.state)
            == (reading.register, reading.taken_on, reading.period, "ACCEPTED")
            and other.source != "CUSTOMER"
            for other in self.readings
        ):
            return "TAKEN_BEFORE_PREVIOUS"
        self.replace(reading.register, reading.period, ("ACCEPTED",))
        reading.state = "ACCEPTED"
        return None

    def replace_accepted(self, new: ModelReading) -> None:
        """Supersede the customer's reading of the month, and others of the day."""
        for reading in self.readings:
            is_same = (reading.register, reading.period) == (new.register, new.period)
            counts = reading.source == "CUSTOMER" or reading.taken_on == new.taken_on
            if is_same and counts and reading.state == "ACCEPTED":
                reading.state = "SUPERSEDED"

    def load(self, new: ModelReading) -> str | None:
        """Import a reading of billing, which may correct an earlier one; None or the error code."""
        new.is_in_books = True
        same = [
            reading
            for reading in self.readings
            if (reading.register, reading.taken_on, reading.value, reading.source)
            == (new.register, new.taken_on, new.value, "CUSTOMER")
            and (reading.batch is not None and new.source == "CUSTOMER")
        ]
        current = [one for one in same if one.period == new.period and one.state in CURRENT]
        if current and current[0].state in PENDING:
            self.replace_accepted(new)
            current[0].state, current[0].is_in_books = "ACCEPTED", True
            return None
        if not current and any(
            one.state in ("SUPERSEDED", "WITHDRAWN", "REJECTED")
            or (one.state in ("ACCEPTED", "ON_REVIEW") and one.period != new.period)
            for one in same
        ):
            return None
        accepted = [
            reading
            for reading in self.readings
            if (reading.register, reading.period, reading.state)
            == (new.register, new.period, "ACCEPTED")
        ]
        old = next((reading for reading in accepted if reading.taken_on == new.taken_on), None)
        if old and old.batch is None:
            old.value, old.source, old.is_in_books = new.value, new.source, True
        elif old:
            if (old.value, old.source) == (new.value, new.source):
                old.is_in_books = True
            else:
                old.state = "SUPERSEDED"
                self.readings.append(new)
        elif new.source == "CUSTOMER" and any(old.source == "CUSTOMER" for old in accepted):
            return "ANOTHER_COUNTS"
        else:
            self.readings.append(new)
        return None
