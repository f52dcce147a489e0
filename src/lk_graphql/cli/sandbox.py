"""`lk sandbox-acquirer`: an acquirer to try payments with."""

from pathlib import Path
from typing import Annotated

import typer

from lk_graphql.cli.listener import announced, demand_free
from lk_graphql.cli.terminal import say
from lk_graphql.kit.errors import Obstacle

BOOKS = Path(".lk") / "sandbox_acquirer.sqlite"
SHOP, SECRET = "sandbox", "sandbox"  # known to everybody: no money moves here


def sandbox_acquirer(
    *,
    port: Annotated[int, typer.Option(help="Where it listens, on this machine only.")] = 8100,
    callback_url: Annotated[
        str, typer.Option(help="Where the cabinet takes callbacks.")
    ] = "http://127.0.0.1:8000/webhooks/acquirer",
    books: Annotated[Path, typer.Option(help="The file with its books.")] = BOOKS,
) -> None:
    """Run an acquirer that takes test cards and moves no money.

    It speaks the protocol of YooKassa: for a cabinet that shall use it, set LK_ACQUIRER_URL to
    what it prints. `lk demo` has one of its own.
    """
    from lk_graphql import server
    from lk_graphql.demo import acquirer as sandbox

    demand_free("127.0.0.1", port)
    url = f"http://127.0.0.1:{port}"
    shop = sandbox.Shop(SHOP, SECRET, callback_url)
    acquirer = announced(
        sandbox.create(books, shop, url), lambda: say(f"\n  LK_ACQUIRER_URL={url}/v3\n")
    )
    if not server.run(acquirer, server.Listener("127.0.0.1", port)):
        raise Obstacle("The sandbox didn't start; its log, above, says why.")
