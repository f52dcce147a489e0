"""Keys that an import assigns to its rows."""

from uuid import RFC_4122, UUID

import asyncpg
import pytest

from lk_graphql.exchange.service import import_sql
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.tabular.table_files import FileRefused
from tests.exchange.billing_files import ACCOUNTS
from tests.support.import_runner import ImportRunner

LINES = (0, 1, 2, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (1 << 27) - 1)
FILES = (0, 1, 2, import_sql.MOST_FILES)
KEYS_QUERY = f"SELECT {import_sql.key_of('r')} FROM unnest($1::int[], $2::int[]) r (file, line)"


async def make_keys(opened: asyncpg.Connection, base: UUID) -> list[UUID]:
    """Keys for every line of every file, in order."""
    await opened.execute(import_sql.keys(base))
    files, lines = zip(*((file, line) for file in FILES for line in LINES), strict=True)
    return [UUID(bytes=key.bytes) for (key,) in await opened.fetch(KEYS_QUERY, files, lines)]


async def test_a_key_is_a_uuid_of_our_kind_and_holds_its_row_s_number(opened: asyncpg.Connection):
    """The number makes keys unique within an import."""
    base = new_key()
    keys = await make_keys(opened, base)
    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}
    assert {key.int >> 80 for key in keys} == {base.int >> 80}
    numbers = [(key.int >> 64 & 0xFFF) << 20 | key.int >> 42 & 0xFFFFF for key in keys]
    assert numbers == [file << 27 | line for file in FILES for line in LINES]


async def test_keys_grow_with_the_file_and_their_ends_are_not_to_be_guessed(
    opened: asyncpg.Connection,
):
    first, second = await make_keys(opened, new_key()), await make_keys(opened, new_key())
    assert first == sorted(first)
    ends = {key.int & (1 << 42) - 1 for key in first + second}
    assert len(ends) == len(first + second)


async def test_more_files_than_keys_have_room_for_are_refused(importer: ImportRunner):
    files = [importer.put(f"{number}.csv", ACCOUNTS) for number in range(import_sql.MOST_FILES + 1)]
    with pytest.raises(FileRefused, match="At most 31 files"):
        await importer.load(ImportKind.ACCOUNTS, *files)
