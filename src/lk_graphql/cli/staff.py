"""`lk staff`: who works in the back office, for whoever runs the server."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_note, print_table, report_refusals
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.viewer import Role

app = typer.Typer(help="Members of staff.", no_args_is_help=True)

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="The e-mail address of the member.")]
Chosen = Annotated[Role, typer.Option(help="What they may do.", case_sensitive=False)]


@app.command("list")
def list_() -> None:
    """List everybody who works here."""
    from lk_graphql.staff.service import members

    found = _run(members.all_members)
    names = (f"{one.last_name} {one.first_name}" for one in found)
    states = (
        "locked" if one.locked_at else "active" if one.enrolled_at else "never signed in"
        for one in found
    )
    rows = zip((m.email for m in found), names, (m.role for m in found), states, strict=True)
    print_table(("E-mail", "Name", "Role", "State"), rows)


@app.command()
def add(
    email: Email,
    *,
    role: Chosen = Role.CLERK,
    last_name: Annotated[str, typer.Option(prompt=True)],
    first_name: Annotated[str, typer.Option(prompt=True)],
    patronymic: Annotated[str, typer.Option(prompt=True, help="Empty: there is none.")] = "",
) -> None:
    """Add a member, and print the link where they set a password."""
    from lk_graphql.staff.service import members

    typed = members.NewMember(email, last_name, first_name, patronymic, role)
    _run(lambda: members.add(typed, now=utc_now()))
    invite(email)


@app.command()
def invite(email: Email) -> None:
    """Print a link, good once and for three days, where a member sets a (new) password."""
    from lk_graphql import settings
    from lk_graphql.backoffice.routes import INVITATION_PAGE
    from lk_graphql.kit.signing import Signer
    from lk_graphql.staff.service import members

    chosen = settings.read()
    chosen.require("secret_key", "public_url")
    links = Signer(chosen.secret_key.get_secret_value().encode())
    token = _run(lambda: members.invite(email, links=links, now=utc_now()))
    print_note(f"Hand this to {email}, and to nobody else:")
    print_line(f"{chosen.public_url}{INVITATION_PAGE}#token={token}")


@app.command()
def role(email: Email, role: Annotated[Role, typer.Argument(case_sensitive=False)]) -> None:
    """Give a member another role, from their next request on."""
    from lk_graphql.staff.service import members

    _run(lambda: members.change_role(email, role, now=utc_now()))
    print_line(f"{email} is {role} now.")


@app.command()
def lock(email: Email) -> None:
    """Keep a member out; their sessions end at once."""
    from lk_graphql.staff.service import members

    _run(lambda: members.lock(email, now=utc_now()))
    print_line(f"{email} is locked. To undo it: lk staff unlock {email}")


@app.command()
def unlock(email: Email) -> None:
    """Let a member in again."""
    from lk_graphql.staff.service import members

    _run(lambda: members.unlock(email, now=utc_now()))
    print_line(f"{email} can sign in.")


@app.command()
def forget_factor(email: Email) -> None:
    """For a lost telephone: the next sign-in enrols another authenticator app."""
    from lk_graphql.staff.service import members

    _run(lambda: members.reset_second_factor(email, now=utc_now()))
    print_line(f"{email} enrols anew at the next sign-in.")


def _run(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` on the models; its refusals become words for the terminal."""
    from lk_graphql.staff.service.members import MemberExists, MemberNotFound

    with report_refusals(
        {
            MemberExists: "{} works here already.",
            MemberNotFound: "Nobody works here as {}. Look: lk staff list",
        }
    ):
        return with_models(work)
