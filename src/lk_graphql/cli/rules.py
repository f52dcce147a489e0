"""`lk rules` and `lk check`: rows in force, and missing requirements of the cabinet."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from lk_graphql.cli.database import require_sessions, with_models
from lk_graphql.cli.servers import ServerState, server_states
from lk_graphql.cli.terminal import print_line, print_note, print_table
from lk_graphql.kit.clock import utc_now

if TYPE_CHECKING:
    from lk_graphql.rules.service.abilities import AbilityState, Installation
    from lk_graphql.settings import Settings

EXIT_INCOMPLETE = 1
"""The exit code of `lk check` if something is missing."""

On = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="A day; by default today in the company's zone."),
]


def rules(*, on: On = None) -> None:
    """List the dated rules in force on a day, with their sources.

    These are the rows that law, orders and the company set: tariffs, ranges, rates, VAT, norms,
    windows, terms. `lk import rules` loads them from files with the same columns. For requisites,
    see lk supplier list.
    """
    from lk_graphql import settings
    from lk_graphql.rules.service.in_force import rules_on

    day = on.date() if on else settings.read().company.today(utc_now())
    for table in with_models(lambda: rules_on(day)):
        print_line(f"\n{table.name}")
        if table.rows:
            print_table(table.columns, table.rows)
        else:
            print_line(
                f"No row is in force on {day}. To load rows: lk import rules {table.name}.csv"
            )


def check() -> None:
    """List the cabinet's abilities and their missing requirements; fail if any is missing.

    An ability is open, incomplete, closed, or off by a setting. `lk serve` logs the same. The
    command also checks connections: whether connections to the database keep their limits through
    a pooler, whether replicas follow the primary, and whether Valkey answers.
    """
    from lk_graphql import settings

    chosen = settings.read()

    async def read() -> "tuple[list[AbilityState], list[ServerState]]":
        await require_sessions(chosen)
        states = await load_states(chosen)
        return states, [server async for server in server_states(chosen)]

    states, servers = with_models(read)
    print_table(
        ("Ability", "State", "Missing", "How to load it"),
        (
            (state.ability.lower() if number == 0 else "", name if number == 0 else "", *row)
            for state in states
            for name in [state_name(state)]
            for number, row in enumerate(_rows(state))
        ),
    )
    if servers:
        print_line()
        print_table(("Server", "State"), ((server.name, server.text) for server in servers))
    if all(state.is_complete for state in states) and all(server.is_ready for server in servers):
        print_note("Nothing is missing.")
        return
    raise typer.Exit(EXIT_INCOMPLETE)


async def load_states(chosen: "Settings") -> "list[AbilityState]":
    from lk_graphql.rules.service.abilities import abilities

    now = utc_now()
    return await abilities(installation(chosen), today=chosen.company.today(now), now=now)


def installation(chosen: "Settings") -> "Installation":
    """The services for which `app.build_ports` builds a port."""
    from lk_graphql.rules.service.abilities import Installation

    return Installation(has_acquirer=bool(chosen.acquirer_shop), has_sms=bool(chosen.smsc_login))


def state_name(state: "AbilityState") -> str:
    if state.is_off:
        return "off"
    if not state.is_open:
        return "closed"
    return "open" if state.is_complete else "incomplete"


def _rows(state: "AbilityState") -> list[tuple[str, str]]:
    return [(item.en, item.remedy) for item in state.missing] or [("", "")]
