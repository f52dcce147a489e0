"""What should become of readings: the rules once more, as plainly as they can be said.

An oracle for random steps. It knows nothing of the service; registers have names instead of keys,
and submissions numbers.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from lk_graphql.kit.periods import month_of, shift

TURN = 10_000
USUAL = 3 * 100  # thrice the norm of one person: there are too few months for an average
POSSIBLE = 15 * 24
OFFLINE_DAYS = 3
FIRST_DAY, LAST_DAY = 15, 25
START, BEGINNING = 9_700, date(2026, 1, 20)

METERS = {"flat": ("day", "night"), "garage": ("single",), "old": ("gone",)}
"""The registers of each. That of somebody else is "foreign"; the old meter was removed."""
ZONES = {register: zones for zones in METERS.values() for register in zones}
LINKED = ("anna", "boris")
WAITING = ("NEEDS_CONFIRMATION", "ON_REVIEW")
LIVING = ("ACCEPTED", *WAITING)


@dataclass
class ModelReading:
    """A reading; `batch` is the submission that brought it, None where it came another way."""

    register: str
    value: int
    taken_on: date
    period: date
    state: str = "ACCEPTED"
    source: str = "CUSTOMER"
    batch: int | None = None


@dataclass(frozen=True)
class ModelSubmission:
    """What somebody sends: registers and values, read `days_ago`."""

    who: str
    entries: tuple[tuple[str, int], ...]
    days_ago: int = 0
    is_partial: bool = False
    is_atomic: bool = False


@dataclass
class ReadingModel:
    """All readings of a home as they should be; methods say what a step should be answered."""

    late_ones_count: bool
    today: date = date(2026, 2, 16)
    billed: date = date(2026, 1, 1)
    known: list[ModelReading] = field(
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

    def last(self, register: str, period: date, *, looked_at: bool = False) -> ModelReading | None:
        """The newest that counts and that a new one of the period wouldn't replace."""
        others = [
            one
            for one in self.known
            if (one.register, one.state) == (register, "ACCEPTED")
            and (one.source, one.period) != ("CUSTOMER", period)
            and not (looked_at and one.source == "ESTIMATED")
        ]
        return max(others, key=lambda one: one.taken_on, default=None)

    def submit(self, form: ModelSubmission) -> list[str]:
        """Of each entry its state or why it is refused; of what is refused as a whole, all whys."""
        self.senders.append(form.who)
        if form.who not in LINKED:
            return ["ACCOUNT_NOT_FOUND"]
        verdicts = [self.verdict(form, number) for number in range(len(form.entries))]
        if form.is_atomic and {*verdicts} != {"ACCEPTED"}:
            asked = {"NEEDS_CONFIRMATION": "CONFIRMATION_NEEDED"}
            return [asked.get(one, one) for one in verdicts if one != "ACCEPTED"]
        day = self.today - timedelta(days=form.days_ago)
        for (register, value), state in zip(form.entries, verdicts, strict=True):
            if state in LIVING:
                self.replace(
                    register, self.period_of(day), LIVING if state in LIVING[:1] else WAITING
                )
                batch = len(self.senders) - 1
                self.known.append(
                    ModelReading(register, value, day, self.period_of(day), state, batch=batch)
                )
        return verdicts

    def replace(self, register: str, period: date, states: tuple[str, ...]) -> None:
        for one in self.known:
            if (one.register, one.period, one.source) == (register, period, "CUSTOMER"):
                one.state = "SUPERSEDED" if one.state in states else one.state

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
            self.not_now(day)
            or self.not_so(register, day, form)
            or self.weigh(register, value, day)
        )

    def not_now(self, day: date) -> str | None:
        if not self.is_open(day):
            return "WINDOW_CLOSED"
        if (self.today - day).days > OFFLINE_DAYS:
            return "TAKEN_TOO_LONG_AGO"
        return "PERIOD_BILLED" if self.period_of(day) <= self.billed else None

    def not_so(self, register: str, day: date, form: ModelSubmission) -> str | None:
        period = self.period_of(day)
        last = self.last(register, period)
        if last and (last.taken_on, last.period) >= (day, period):
            return "TAKEN_BEFORE_PREVIOUS"
        there = {register for register, _ in form.entries} | {
            one.register
            for one in self.known
            if (one.source, one.period) == ("CUSTOMER", period) and one.state in LIVING
        }
        is_whole = form.is_partial or {*ZONES[register]} <= there
        return None if is_whole else "ZONES_MISSING"

    def weigh(self, register: str, value: int, day: date) -> str:
        if value >= TURN:
            return "TOO_MANY_DIGITS"
        period = self.period_of(day)
        last = self.last(register, period, looked_at=True)
        if last is None:
            return "ACCEPTED"
        passed, days = (value - last.value) % TURN, max(1, (day - last.taken_on).days)
        if value < last.value and passed > days * POSSIBLE:
            return "BELOW_PREVIOUS"
        months = (period.year - last.period.year) * 12 + period.month - last.period.month
        most = min(max(1, months) * USUAL, days * POSSIBLE)
        return "NEEDS_CONFIRMATION" if passed > most else "ACCEPTED"

    def confirm(self, who: str, batch: int) -> str | None:
        """None when it is done."""
        waiting = [
            one for one in self.known if (one.batch, one.state) == (batch, "NEEDS_CONFIRMATION")
        ]
        if who != self.senders[batch] or not waiting:
            return "CONFIRM_TOKEN_INVALID"
        if waiting[0].period <= self.billed:
            return "PERIOD_BILLED"
        for one in waiting:
            one.state = "ON_REVIEW"
        return None

    def end(self, one: ModelReading, state: str, who: str = "anna") -> str | None:
        """Withdrawn by a customer, or rejected by staff."""
        if who not in LINKED:
            return "READING_NOT_FOUND"
        if one.period <= self.billed:
            return "PERIOD_BILLED"
        if one.state not in LIVING or one.source != "CUSTOMER":
            return "READING_FINAL"
        one.state = state
        return None

    def accept(self, one: ModelReading) -> str | None:
        """By staff."""
        if one.period <= self.billed:
            return "PERIOD_BILLED"
        if one.state not in WAITING:
            return "READING_FINAL"
        if any(
            (other.register, other.taken_on, other.period, other.state)
            == (one.register, one.taken_on, one.period, "ACCEPTED")
            and other.source != "CUSTOMER"
            for other in self.known
        ):
            return "TAKEN_BEFORE_PREVIOUS"
        self.replace(one.register, one.period, ("ACCEPTED",))
        one.state = "ACCEPTED"
        return None

    def load(self, new: ModelReading) -> str | None:
        """From billing, which corrects what it has sent before; None when it is taken."""
        counting = [
            one
            for one in self.known
            if (one.register, one.period, one.state) == (new.register, new.period, "ACCEPTED")
        ]
        same = next((one for one in counting if one.taken_on == new.taken_on), None)
        if same and same.batch is None:
            same.value, same.source = new.value, new.source
        elif same:
            if (same.value, same.source) != (new.value, new.source):
                same.state = "SUPERSEDED"
                self.known.append(new)
        elif new.source == "CUSTOMER" and any(one.source == "CUSTOMER" for one in counting):
            return "ANOTHER_COUNTS"
        else:
            self.known.append(new)
        return None
