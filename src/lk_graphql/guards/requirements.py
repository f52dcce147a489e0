"""Requirements of an ability of the cabinet, such as a rate or requisites that operators load.

If a required row is missing, a use case refuses by the same function that `lk check` uses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lk_graphql.database import raw_sql
from lk_graphql.kit.dated_rows import newest_sql
from lk_graphql.kit.languages import Language


@dataclass(frozen=True)
class Requirement:
    """A condition that an operator fulfils by `remedy`, a command or a setting.

    `met_sql` is true if the condition is met; it may name `{today}`, the day in the company's zone,
    and `{now}`. If the condition isn't met, the ability is closed if the requirement `blocks`, and
    otherwise only incomplete.
    """

    met_sql: str
    ru: str
    en: str
    remedy: str
    blocks: bool = True

    def text(self, language: Language) -> str:
        return self.ru if language is Language.RU else self.en


def row_on(table: str, *, start: str = "valid_from", end: str = "") -> str:
    """SQL for `met_sql`: a dated row is in force today."""
    return f"EXISTS ({newest_sql('1', table, '{today}', start=start, end=end)})"


def any_row(table: str) -> str:
    """SQL for `met_sql`: the table isn't empty."""
    return f"EXISTS (SELECT FROM {table})"


async def missing(
    requirements: Iterable[Requirement], *, today: date, now: datetime | None = None
) -> list[Requirement]:
    """Return the requirements that aren't met, by one statement."""
    unique = list(dict.fromkeys(requirements))
    values = ["$1::date", "$2::timestamptz", *(one.met_sql for one in unique)]
    sql = f"SELECT {', '.join(values)}".format(today="$1::date", now="$2::timestamptz")
    (row,) = await raw_sql.fetch(sql, today, now)
    return unmet(unique, row[2:])


def unmet(requirements: Sequence[Requirement], met: Sequence[bool]) -> list[Requirement]:
    pairs = zip(requirements, met, strict=True)
    return [requirement for requirement, is_met in pairs if not is_met]
