"""Control totals: what the billing system says is in its files («контрольные суммы»)."""

from collections.abc import Iterable, Mapping, Sequence

from lk_graphql.exchange.service.loading import Tally
from lk_graphql.kit import money
from lk_graphql.kit.obstacle import Obstacle


def read_controls(texts: Iterable[str]) -> dict[str, int]:
    """`invoices=1000` counts rows, `invoices.charged=1234567.89` adds up. Raises `Obstacle`."""
    found: dict[str, int] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            found[name] = money.to_kopecks(value) if "." in name else int(value)
        except ValueError as wrong:
            raise Obstacle(
                f"--control {text}: write invoices=1000 for rows,"
                " or invoices.charged=1234567.89 for a sum in rubles."
            ) from wrong
    return found


def differences(tallies: Sequence[Tally], controls: Mapping[str, int]) -> list[str]:
    """What didn't come out, a sentence each. Raises `Obstacle` for a total that doesn't exist."""
    totals = {one.name: one.read for one in tallies}
    for one in tallies:
        totals |= {f"{one.name}.{name}": amount for name, amount in one.sums.items()}
    if unknown := controls.keys() - totals.keys():
        raise Obstacle(f"There is no total {', '.join(unknown)}: there are {', '.join(totals)}.")
    return [
        f"{name} should be {_written(name, wanted)}, but is {_written(name, totals[name])}."
        for name, wanted in controls.items()
        if wanted != totals[name]
    ]


def _written(name: str, total: int) -> str:
    return money.to_rubles(total) if "." in name else str(total)
