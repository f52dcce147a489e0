"""Progress bars with rows or steps, rate and time left."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
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
    """The number of rows, and rows per second since the start of the step."""

    def render(self, task: Task) -> Text:
        rows = task.fields["rows"]
        if not rows:
            return Text("")
        seconds = task.finished_time or task.elapsed or 0
        rate = f", {rows / seconds:,.0f}/s" if seconds >= 1 else ""
        return Text(f"{rows:,} rows{rate}")


def row_progress() -> Progress:
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


_RATE_SECONDS = 120  # span of the average rate; a batch takes several seconds


class RateColumn(ProgressColumn):
    """Steps per second."""

    def render(self, task: Task) -> Text:
        rate = task.finished_speed or task.speed
        return Text(f"{rate:,.0f}/s" if rate else "")


def step_progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        speed_estimate_period=_RATE_SECONDS,
    )
