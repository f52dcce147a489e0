"""`lk mail`: how the mails look that customers get."""

from pathlib import Path
from typing import Annotated

import typer

from lk_graphql.cli.terminal import say

app = typer.Typer(help="The mails that customers get.", no_args_is_help=True)


@app.callback()
def _() -> None:
    """More commands than one may come."""


@app.command()
def preview(
    folder: Annotated[Path, typer.Argument(help="Where to write the pages.")] = Path(".lk/preview"),
) -> None:
    """Write every mail in every language as a page to look at, with believable values.

    Open the folder's index.html. Notices come once for each kind.
    """
    from lk_graphql.demo.specimens import specimens

    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for name, mail in specimens():
        (folder / f"{name}.html").write_text(mail.html, "utf-8")
        (folder / f"{name}.txt").write_text(mail.text, "utf-8")
        lines.append(
            f'<li><a href="{name}.html">{mail.subject}</a> · <a href="{name}.txt">{name}</a></li>'
        )
    head = '<!doctype html><meta charset="utf-8"><title>Mails</title><ul>'
    index = folder / "index.html"
    index.write_text(head + "\n".join(lines), "utf-8")
    say(f"Wrote {len(lines)} mails. Look at {index}")
