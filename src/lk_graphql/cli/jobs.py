"""`lk jobs`: background jobs and dead letters."""

from typing import Annotated

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_table
from lk_graphql.kit.errors import CommandError

app = typer.Typer(
    help="Background jobs, including those without attempts left.", no_args_is_help=True
)


@app.command()
def count() -> None:
    """Count waiting, running and dead jobs, by name."""
    from lk_graphql.ports.jobs import queue_load

    rows = [
        (load.name, str(load.waiting), str(load.running), str(load.dead))
        for load in with_models(queue_load)
    ]
    print_table(("Job", "Waiting", "Running", "Dead"), rows)


@app.command()
def dead(*, traceback: Annotated[bool, typer.Option(help="Show tracebacks.")] = False) -> None:
    """List the jobs without attempts left, the newest first."""
    from lk_graphql.ports.jobs import DeadLetter, dead_letters

    def row(letter: DeadLetter) -> tuple[str, ...]:
        ids = ", ".join(f"{name} {key}" for name, key in letter.ids.items())
        error = letter.traceback if traceback else letter.error
        died = f"{letter.died_at:%Y-%m-%d %H:%M}Z"
        return str(letter.id), letter.name, ids, str(letter.attempts), died, error

    letters = with_models(dead_letters)
    print_table(("Id", "Job", "Of", "Tries", "Died", "Why"), map(row, letters))


@app.command()
def retry(
    ids: Annotated[list[int], typer.Argument(help="Ids from `lk jobs dead`.")],
) -> None:
    """Requeue dead jobs with all attempts, after their cause is fixed."""
    from lk_graphql.ports.jobs import retry_dead_letters

    requeued, replaced = with_models(lambda: retry_dead_letters(ids))
    if replaced:
        print_line(f"{replaced} deleted: a newer job does the same work.")
    if requeued + replaced < len(set(ids)):
        raise CommandError(
            f"Only {requeued} of them were dead and will run again. See: lk jobs dead"
        )
    print_line(f"{requeued} will run again.")
