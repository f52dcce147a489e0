"""What is to be loaded, and what came of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lk_graphql.exchange.models import ImportKind, ImportRun
from lk_graphql.exchange.service.files import Source
from lk_graphql.exchange.service.loading import Tally
from lk_graphql.exchange.service.records import Records


@dataclass(frozen=True)
class Order:
    """What is to be loaded and how. `controls` are totals that have to come out: see `controls`.

    `report` is where a file about bad rows goes, if there are any; `keep` then takes it further,
    before the run ends. `run` is one that staff have asked for; otherwise there is a new one.
    """

    kind: ImportKind
    files: tuple[tuple[Source, Records], ...]
    as_of: datetime
    report: Path
    is_dry_run: bool = False
    is_atomic: bool = False
    controls: Mapping[str, int] = field(default_factory=dict[str, int])
    run: ImportRun | None = None
    keep: Callable[[Path], Awaitable[None]] | None = None

    @property
    def sources(self) -> list[Source]:
        return [source for source, _ in self.files]


@dataclass
class Outcome:
    """What came of it. `faults` are code, column and number."""

    run: ImportRun
    tallies: list[Tally] = field(default_factory=list[Tally])
    faults: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    new_holders: int = 0
    answered: int = 0
    """Readings of customers that were accepted or rejected."""
    posted: int = 0
    """Payments of the cabinet that billing has now."""
    told: int = 0
    """Notices of new bills; nobody is told twice of the same one."""
