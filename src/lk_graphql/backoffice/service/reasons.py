"""Why staff do something: typed by them, read by those who look into it, some by the customer."""

from lk_graphql.backoffice.errors import ReasonRequired

SHORTEST, LONGEST = 5, 300


def reason(typed: str) -> str:
    """On one line. Raises `ReasonRequired`."""
    tidied = " ".join(typed.replace("\x00", "").split())
    if not SHORTEST <= len(tidied) <= LONGEST:
        raise ReasonRequired("reason", shortest=SHORTEST, longest=LONGEST)
    return tidied
