"""`lk secrets`: keys of signatures and of stored secrets."""

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line
from lk_graphql.kit.errors import CommandError

app = typer.Typer(help="Keys of signatures and of stored secrets.", no_args_is_help=True)


@app.command()
def new() -> None:
    """Print a new random key, for LK_SECRET_KEY or LK_FACTOR_KEY."""
    from lk_graphql.kit.signing import new_token

    print_line(new_token())


@app.command()
def rotate() -> None:
    """Encrypt the secrets of staff's second factors with the newest key.

    The newest key is LK_FACTOR_KEY, or LK_SECRET_KEY if LK_FACTOR_KEY is unset. Afterwards, you
    can remove LK_FACTOR_KEYS_ACCEPTED. No member has to enrol again.
    """
    from lk_graphql import settings
    from lk_graphql.kit.signing import KeyMissing
    from lk_graphql.staff.service import second_factor

    chosen = settings.read()
    chosen.require("secret_key")
    try:
        count = with_models(lambda: second_factor.reencrypt_secrets(chosen.signer))
    except KeyMissing:
        raise CommandError(
            "A second factor was encrypted with a key that isn't set. Add that key to"
            " LK_FACTOR_KEYS_ACCEPTED, or let the member enrol again: lk staff reset-factor"
        ) from None
    print_line(f"Second factors encrypted with the newest key: {count}")
