"""`lk jobs`: looking after the background jobs."""

from typing import Annotated

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_table
from lk_graphql.kit.errors import CommandError

app = typer.Typer(help="Background jobs, and those that failed for good.", no_args_is_help=True)


@app.command()
def count() -> None:
    """Count the jobs that wait, run or died, by name."""
    from lk_graphql.ports.jobs import queue_load

    rows = [
        (one.name, str(one.waiting), str(one.running), str(one.dead))
        for one in with_models(queue_load)
    ]
    print_table(("Job", "Waiting", "Running", "Dead"), rows)


@app.command()
def dead(
    *, traceback: Annotated[bool, typer.Option(help="Show where it happened.")] = False
) -> None:
    """List the jobs that failed for the last time, the newest first."""
    from lk_graphql.ports.jobs import DeadLetter, dead_letters

    def row(letter: DeadLetter) -> tuple[str, ...]:
        of = ", ".join(f"{name} {key}" for name, key in letter.ids.items())
        why = letter.traceback if traceback else letter.error
        died = f"{letter.died_at:%Y-%m-%d %H:%M}Z"
        return str(letter.id), letter.name, of, str(letter.attempts), died, why

    letters = with_models(dead_letters)
    print_table(("Id", "Job", "Of", "Tries", "Died", "Why"), map(row, letters))


@app.command()
def retry(
    ids: Annotated[list[int], typer.Argument(help="Their numbers, from `lk jobs dead`.")],
) -> None:
    """Give dead jobs all their tries again, once the cause is gone."""
    from lk_graphql.ports.jobs import retry_dead_letters

    found = with_models(lambda: retry_dead_letters(ids))
    if found < len(set(ids)):
        raise CommandError(f"Only {found} of them were dead and will run again. Look: lk jobs dead")
    print_line(f"{found} will run again.")
