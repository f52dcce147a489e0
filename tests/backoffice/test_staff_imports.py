"""Import runs as staff see them."""

from datetime import UTC, datetime

from lk_graphql.exchange.models import ImportFile, ImportRun, ImportState
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Role, Viewer
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
RUNS = """query ($where: StaffImportFilterInput) { staff { importRuns(where: $where) { nodes {
  kind state startedAt finishedAt rowsRead rowsLoaded errors reason files { name } } } } }"""


async def create_run(kind: ImportKind, state: ImportState, hour: int) -> None:
    run = await ImportRun.create(
        kind=kind,
        state=state,
        is_dry_run=False,
        is_atomic=True,
        as_of=NOW,
        started_at=NOW.replace(hour=hour),
        rows_read=3,
        rows_loaded=2,
        errors=1,
    )
    await ImportFile.create(run=run, name=f"{kind.lower()}.csv", size=1, sha256="0" * 64)


async def test_staff_see_imports_the_newest_first(api: ApiClient):
    await create_run(ImportKind.INVOICES, ImportState.DONE, 8)
    await create_run(ImportKind.PAYMENTS, ImportState.RUNNING, 9)
    token = await given_staff_session(await given_staff(Role.CLERK))
    runs = (await api.ask(RUNS, token))["staff"]["importRuns"]["nodes"]
    assert [run["kind"] for run in runs] == ["PAYMENTS", "INVOICES"]
    assert runs[1] == {
        "kind": "INVOICES",
        "state": "DONE",
        "startedAt": "2026-11-22T08:00:00.000Z",
        "finishedAt": None,
        "rowsRead": 3,
        "rowsLoaded": 2,
        "errors": 1,
        "reason": None,
        "files": [{"name": "invoices.csv"}],
    }
    running = await api.ask(RUNS, token, where={"states": ["RUNNING"]})
    assert [run["kind"] for run in running["staff"]["importRuns"]["nodes"]] == ["PAYMENTS"]


async def test_customers_see_no_imports(api: ApiClient, anna: Viewer):
    await create_run(ImportKind.INVOICES, ImportState.DONE, 8)
    assert (await api.ask(RUNS, await api.signed_in(anna)))["staff"] is None
