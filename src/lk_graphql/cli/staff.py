"""`lk staff`: members of staff, for operators."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_note, print_table, report_refusals
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.viewer import Role

if TYPE_CHECKING:
    from lk_graphql.kit.signing import Signer
    from lk_graphql.staff.models import StaffMember

app = typer.Typer(help="Members of staff.", no_args_is_help=True)

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="The e-mail address of the member.")]
Chosen = Annotated[Role, typer.Option(help="Their role.", case_sensitive=False)]


@app.command("list")
def list_() -> None:
    """List all members of staff."""
    from lk_graphql.staff.service import members

    rows = (
        (member.email, f"{member.last_name} {member.first_name}", member.role, _state(member))
        for member in _run(members.all_members)
    )
    print_table(("E-mail", "Name", "Role", "State"), rows)


@app.command()
def add(
    email: Email,
    *,
    role: Chosen = Role.CLERK,
    last_name: Annotated[str, typer.Option(prompt=True)],
    first_name: Annotated[str, typer.Option(prompt=True)],
    patronymic: Annotated[
        str, typer.Option(prompt=True, help="Leave empty if there is none.")
    ] = "",
) -> None:
    """Add a member, and print the link for their password."""
    from lk_graphql.staff.service import members

    member = members.NewMember(email, last_name, first_name, patronymic, role)
    _run(lambda: members.add(member, members.MemberChange(utc_now())))
    invite(email)


@app.command()
def invite(email: Email) -> None:
    """Print a link to set a password, valid once and for three days."""
    from lk_graphql import settings
    from lk_graphql.staff.service import members

    chosen = settings.read()
    chosen.require("public_url")
    signer = _signer()
    token = _run(lambda: members.invite(email, members.MemberChange(utc_now()), signer=signer))
    print_note(f"Give this link only to {email}:")
    print_line(f"{chosen.public_url}{members.INVITATION_PAGE}#token={token}")


@app.command()
def role(email: Email, role: Annotated[Role, typer.Argument(case_sensitive=False)]) -> None:
    """Change a member's role, from their next request on."""
    from lk_graphql.staff.service import members

    _run(lambda: members.change_role(email, role, members.MemberChange(utc_now())))
    print_line(f"{email} is {role} now.")


@app.command()
def lock(email: Email) -> None:
    """Lock a member out, and end their sessions."""
    from lk_graphql.staff.service import members

    _run(lambda: members.lock(email, members.MemberChange(utc_now())))
    print_line(f"{email} is locked. To undo it: lk staff unlock {email}")


@app.command()
def unlock(email: Email) -> None:
    """Unlock a member, including one who is locked out by failed sign-ins."""
    from lk_graphql.staff.service import members

    signer = _signer()
    _run(lambda: members.unlock(email, members.MemberChange(utc_now()), signer=signer))
    print_line(f"{email} can sign in.")


@app.command()
def reset_factor(email: Email) -> None:
    """Reset the second factor: the next sign-in enrols a new authenticator app."""
    from lk_graphql.staff.service import members

    _run(lambda: members.reset_second_factor(email, members.MemberChange(utc_now())))
    print_line(f"{email} enrols a new authenticator app at the next sign-in.")


def _signer() -> "Signer":
    from lk_graphql import settings

    chosen = settings.read()
    chosen.require("secret_key")
    return chosen.signer


def _run(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` on the models, with its refusals as `CommandError`s."""
    from lk_graphql.staff.errors import MemberNotFound

    with report_refusals({MemberNotFound: "{} See: lk staff list"}):
        return with_models(work)


def _state(member: "StaffMember") -> str:
    if member.locked_at:
        return "locked"
    return "active" if member.enrolled_at else "never signed in"
