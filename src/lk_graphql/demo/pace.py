"""A progress bar for what takes minutes: how much, how fast, how long still."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_MEMORY = 120  # seconds that the pace is an average of: a batch takes some of them


class PaceColumn(ProgressColumn):
    """Steps in a second."""

    def render(self, task: Task) -> Text:
        pace = task.finished_speed or task.speed
        return Text(f"{pace:,.0f}/s" if pace else "")


def paced() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        PaceColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        speed_estimate_period=_MEMORY,
    )
