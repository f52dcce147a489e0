"""`lk user`: logins of customers, for operators."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_table, report_refusals
from lk_graphql.kit.clock import utc_now

if TYPE_CHECKING:
    from lk_graphql.identity.models import User
    from lk_graphql.kit.company import Company

app = typer.Typer(help="Logins of customers.", no_args_is_help=True)

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="The e-mail address of the login.")]


@app.command("list")
def list_(
    part: Annotated[str, typer.Argument(help="Only addresses that contain this.")] = "",
    *,
    count: Annotated[int, typer.Option(help="The maximum number of logins.")] = 20,
) -> None:
    """List logins, the newest first; days are in the company's zone."""
    from lk_graphql import settings
    from lk_graphql.identity.service import users

    company = settings.read().company
    rows = (
        (user.email, _name(user), f"{company.today(user.created_at)}", _state(user, company))
        for user in _run(lambda: users.newest(count, part_of_email=part))
    )
    print_table(("E-mail", "Name", "Registered", "State"), rows)


@app.command()
def create(
    email: Email,
    *,
    last_name: Annotated[str, typer.Option(prompt=True)],
    first_name: Annotated[str, typer.Option(prompt=True)],
    patronymic: Annotated[
        str, typer.Option(prompt=True, help="Leave empty if there is none.")
    ] = "",
    phone: Annotated[str, typer.Option(prompt=True)],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Create an active login; prompts for missing options.

    The customer has not consented to any document yet.
    """
    from lk_graphql import settings
    from lk_graphql.identity.service import users
    from lk_graphql.ports.passwords import Passwords

    user = users.NewUser(email, phone, last_name, first_name, patronymic or None, password)
    chosen = settings.read()
    passwords = Passwords(strict=chosen.password_strict, company_words=chosen.company_words)
    _run(lambda: users.create(user, now=utc_now(), passwords=passwords))
    print_line(f"{email} can sign in.")


@app.command()
def activate(email: Email) -> None:
    """Activate a login without the activation mail."""
    from lk_graphql.identity.service import users

    _run(lambda: users.activate(email, now=utc_now()))
    print_line(f"{email} can sign in.")


@app.command()
def lock(email: Email) -> None:
    """Lock a login, and end its sessions."""
    from lk_graphql.identity.service import users

    _run(lambda: users.lock(email, now=utc_now()))
    print_line(f"{email} is locked. To undo it: lk user unlock {email}")


@app.command()
def unlock(email: Email) -> None:
    """Unlock a login."""
    from lk_graphql.identity.service import users

    _run(lambda: users.unlock(email))
    print_line(f"{email} can sign in.")


def _run(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` on the models, with its refusals as `CommandError`s."""
    from lk_graphql.identity.service.users import EmailTaken, UserNotFound

    with report_refusals(
        {
            EmailTaken: "There is already an active login {}.",
            UserNotFound: "There is no login {}. See: lk user list",
        }
    ):
        return with_models(work)


def _name(user: "User") -> str:
    return " ".join(filter(None, (user.last_name, user.first_name, user.patronymic)))


def _state(user: "User", company: "Company") -> str:
    if user.locked_at:
        return f"locked since {company.today(user.locked_at)}"
    return "active" if user.activated_at else "not activated yet"
