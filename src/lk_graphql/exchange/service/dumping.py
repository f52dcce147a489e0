"""The cabinet's rows as files that `lk import` reads: for samples, for tests, for moving house."""

from pathlib import Path

from asyncpg import Connection

from lk_graphql.exchange.service.records import Column, Records


async def dump(connection: Connection, records: Records, path: Path, where: str = "true") -> None:
    """Write the rows for which `where`, SQL over `t`, holds: UTF-8 with `;`."""
    with path.open("wb") as file:
        await connection.copy_from_query(
            f"{_query(records)} WHERE {records.known_where or 'true'} AND ({where}) ORDER BY t.id",
            output=file,
            format="csv",
            delimiter=";",
            header=True,
        )


def _query(records: Records) -> str:
    sources = [(one.by, one.found_in, one.into) for one in records.references]
    if part := records.part_of:
        sources.append((part.by, part.found_in, part.into))
    where = {name: f"f{n}.{name}" for n, (by, _, _) in enumerate(sources) for name in by}
    joins = " ".join(
        f"LEFT JOIN ({found_in}) f{n} ON f{n}.id = t.{into}"
        for n, (_, found_in, into) in enumerate(sources)
    )
    shown = ", ".join(f'{_shown(one, where)} AS "{one.name}"' for one in records.columns)
    return f'SELECT {shown} FROM "{records.table}" t {joins} {records.shown_from}'


def _shown(column: Column, where: dict[str, str]) -> str:
    if column.shown:
        return column.shown
    if column.into is None:
        return where[column.name]
    return column.value.shown.format(c=f"t.{column.typed}")
