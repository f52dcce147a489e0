"""`lk settings`."""

from lk_graphql.cli.terminal import table


def show() -> None:
    """Show all settings: what they are now, their defaults, what they mean.

    Each is a variable of the environment. Secrets are shown as set or not.
    """
    from lk_graphql import settings

    rows = settings.shown(settings.read())
    table(
        ("Variable", "Value", "Default", "Meaning"),
        ((row.variable, row.value, row.default, row.description) for row in rows),
    )
