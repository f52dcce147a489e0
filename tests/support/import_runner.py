"""Imports of files without an `lk` process."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lk_graphql.exchange.service.imports import ImportOrder, load, read_controls
from lk_graphql.exchange.service.runs import ImportResult
from lk_graphql.import_formats.service.catalog import KINDS, inspect_file, recognize
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.tabular.spreadsheet_cells import unescape_cell
from tests.support.client import COMPANY

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

Rows = Callable[[str], Awaitable[list[tuple[Any, ...]]]]
"""Runs a query."""


class BrokenBar(Exception):
    """Raised by the progress bar at step `ImportRunner.fails_at`."""


@dataclass
class ImportRunner:
    """A folder of files: `put` writes a file, `load` imports files."""

    folder: Path
    steps: list[str] = field(default_factory=list[str])
    fails_at: int | None = None
    failure: type[BaseException] = BrokenBar

    def put(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    async def load(
        self,
        kind: ImportKind,
        *files: Path,
        as_of: datetime = NOW,
        now: datetime | None = None,
        controls: Sequence[str] = (),
        **options: Any,
    ) -> ImportResult:
        sources = [inspect_file(path) for path in files]
        order = ImportOrder(
            kind,
            tuple((source, recognize(source, KINDS[kind])) for source in sources),
            as_of=as_of,
            report=self.report,
            controls=read_controls(controls),
            **options,
        )

        self.steps = []
        loaded_at = now or max(NOW, as_of)

        def report_progress(step: str, done: int, total: int, rows: int) -> None:
            if len(self.steps) == self.fails_at:
                raise self.failure
            self.steps.append(step)

        return await load(order, company=COMPANY, clock=lambda: loaded_at, report=report_progress)

    @property
    def report(self) -> Path:
        return self.folder / "faults.csv"

    def faults(self) -> list[tuple[str, ...]]:
        """File, line, column, code and value of each line of the report."""
        lines = self.report.read_text("utf-8-sig").splitlines()[1:]
        return [tuple(map(unescape_cell, line.split(";")[:5])) for line in lines]
