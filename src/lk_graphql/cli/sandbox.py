"""`lk sandbox-acquirer`: an acquirer for tests of payments."""

from pathlib import Path
from typing import Annotated

import typer

from lk_graphql.cli.listener import require_free_port, with_announcement
from lk_graphql.cli.terminal import print_line
from lk_graphql.kit.errors import CommandError

DATABASE_FILE = Path(".lk") / "sandbox_acquirer.sqlite"
SHOP, SECRET = "sandbox", "sandbox"  # public, because no money moves here


def sandbox_acquirer(
    *,
    port: Annotated[int, typer.Option(help="The port, on this machine only.")] = 8100,
    callback_url: Annotated[
        str, typer.Option(help="The cabinet's URL for callbacks.")
    ] = "http://127.0.0.1:8000/webhooks/acquirer",
    books: Annotated[Path, typer.Option(help="The SQLite file of its data.")] = DATABASE_FILE,
) -> None:
    """Run an acquirer that accepts test cards and moves no money.

    The sandbox implements YooKassa's protocol. Set the cabinet's LK_ACQUIRER_URL to the URL that
    this command prints. `lk demo` includes a sandbox.
    """
    from lk_graphql import server
    from lk_graphql.demo import acquirer as sandbox

    require_free_port("127.0.0.1", port)
    url = f"http://127.0.0.1:{port}"
    shop = sandbox.SandboxShop(SHOP, SECRET, callback_url)
    acquirer = with_announcement(
        sandbox.create(books, shop, url), lambda: print_line(f"\n  LK_ACQUIRER_URL={url}/v3\n")
    )
    if not server.run(acquirer, server.ServerOptions("127.0.0.1", port)):
        raise CommandError("The sandbox didn't start; see its log above.")
