"""`lk user`: logins, for whoever runs the server."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_table, report_refusals
from lk_graphql.kit.clock import utc_now

if TYPE_CHECKING:
    from lk_graphql.identity.models import User
    from lk_graphql.kit.company import Company

app = typer.Typer(help="Customers' logins.", no_args_is_help=True)

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="The e-mail address of the login.")]


@app.command("list")
def list_(
    part: Annotated[str, typer.Argument(help="Only addresses with this in them.")] = "",
    *,
    count: Annotated[int, typer.Option(help="How many at most.")] = 20,
) -> None:
    """List logins, the newest first; days are the company's."""
    from lk_graphql import settings
    from lk_graphql.identity.service import users

    company = settings.read().company
    found = _run(lambda: users.newest(count, part_of_email=part))
    rows = (
        (one.email, _name(one), f"{company.today(one.created_at)}", _state(one, company))
        for one in found
    )
    print_table(("E-mail", "Name", "Registered", "State"), rows)


@app.command()
def create(
    email: Email,
    *,
    last_name: Annotated[str, typer.Option(prompt=True)],
    first_name: Annotated[str, typer.Option(prompt=True)],
    patronymic: Annotated[str, typer.Option(prompt=True, help="Empty: there is none.")] = "",
    phone: Annotated[str, typer.Option(prompt=True)],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make a login that is active at once. What isn't given is asked for.

    Its owner hasn't agreed to any document yet.
    """
    from lk_graphql import settings
    from lk_graphql.identity.service import users
    from lk_graphql.ports.passwords import Passwords

    typed = users.NewUser(email, phone, last_name, first_name, patronymic or None, password)
    passwords = Passwords(strict=settings.read().password_strict)
    _run(lambda: users.create(typed, now=utc_now(), passwords=passwords))
    print_line(f"{email} can sign in.")


@app.command()
def activate(email: Email) -> None:
    """Open a login whose owner never got the mail."""
    from lk_graphql.identity.service import users

    _run(lambda: users.activate(email, now=utc_now()))
    print_line(f"{email} can sign in.")


@app.command()
def lock(email: Email) -> None:
    """Keep somebody out; their sessions end at once."""
    from lk_graphql.identity.service import users

    _run(lambda: users.lock(email, now=utc_now()))
    print_line(f"{email} is locked. To undo it: lk user unlock {email}")


@app.command()
def unlock(email: Email) -> None:
    """Let somebody in again."""
    from lk_graphql.identity.service import users

    _run(lambda: users.unlock(email))
    print_line(f"{email} can sign in.")


def _run(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` on the models; its refusals become words for the terminal."""
    from lk_graphql.identity.service.users import EmailTaken, UserNotFound

    with report_refusals(
        {
            EmailTaken: "There is an active login {} already.",
            UserNotFound: "Nobody has registered as {}. Look: lk user list",
        }
    ):
        return with_models(work)


def _name(user: "User") -> str:
    return " ".join(filter(None, (user.last_name, user.first_name, user.patronymic)))


def _state(user: "User", company: "Company") -> str:
    if user.locked_at:
        return f"locked since {company.today(user.locked_at)}"
    return "active" if user.activated_at else "not activated yet"
