"""Progress bars for work on rows: how far, how many, how fast, how long still."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class RowsColumn(ProgressColumn):
    """Rows so far, and rows a second since the step began."""

    def render(self, task: Task) -> Text:
        rows = task.fields["rows"]
        if not rows:
            return Text("")
        seconds = task.finished_time or task.elapsed or 0
        pace = f", {rows / seconds:,.0f}/s" if seconds >= 1 else ""
        return Text(f"{rows:,} rows{pace}")


def bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        RowsColumn(),
        TimeElapsedColumn(),
        TextColumn("left", style="bright_black"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
