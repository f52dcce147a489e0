"""Round trip of examples/import: the samples are imported and exported unchanged."""

from pathlib import Path

import asyncpg

from lk_graphql.demo.data.import_samples import write_samples
from lk_graphql.import_formats.service.catalog import KINDS
from tests.support.import_runner import ImportRunner

SAMPLES = Path(__file__).parents[2] / "examples" / "import"


async def test_the_samples_come_in_and_go_out_the_same(
    importer: ImportRunner, database: str, opened: asyncpg.Connection
):
    for kind in KINDS.values():
        files = [SAMPLES / f"{records.name}.csv" for records in kind.records]
        outcome = await importer.load(kind.kind, *files)
        assert outcome.faults == [], importer.faults()[:5]
    await opened.execute("UPDATE account SET data_as_of = (SELECT max(as_of) FROM account_balance)")
    for path in await write_samples(database, importer.folder):
        sample = SAMPLES / path.name
        assert sorted(path.read_text().splitlines()) == sorted(sample.read_text().splitlines())
    open_bills = "SELECT sum(unpaid) FROM invoice"
    owed_total = "SELECT sum(debt + penalty) FROM account_balance"
    assert await opened.fetchval(open_bills) <= await opened.fetchval(owed_total)
