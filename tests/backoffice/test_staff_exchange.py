"""Imports and exports requested by staff and run by a worker."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.accounts.models import Account
from lk_graphql.exchange.models import ExportRun, ImportFile, ImportRun, ImportState
from lk_graphql.exchange.service import exports, imports, staff_imports
from lk_graphql.exchange.service.runs import require_exclusive
from lk_graphql.exchange.service.staff_imports import ImportNotReady
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.metering.models import Reading, ReadingState, Register
from lk_graphql.ports.files import FilesUnavailable, in_memory
from lk_graphql.ports.jobs import dead_letters, run_until_empty
from lk_graphql.ports.scanner import TooLargeToScan
from lk_graphql.staff.models import Act, AuditEntry
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service import claims, ingestion
from tests.factories.accounts import NUMBER, given_account, given_reading
from tests.factories.appeals import CORRUPTION, given_appeal
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient

ACCOUNTS = """number;contract_number;contract_signed_on;address;house_kind;tariff_category
0000000001;Э-1;2019-03-01;ул. Кирова, д. 1;APARTMENT;URBAN_GAS
0000000002;Э-2;01.04.2020;ул. Кирова, д. 2;DETACHED;RURAL
"""
ONE_BAD = ACCOUNTS.replace("01.04.2020", "31.04.2020")
UPLOAD = """mutation ($input: StaffUploadCreateInput!) { staffUploadCreate(input: $input) {
    uploadId url errors { code path } } }"""
START = """mutation ($input: StaffImportStartInput!) { staffImportStart(input: $input) {
    importRun { id state rowsRead reportUrl } errors { code path } } }"""
EXPORT = """mutation ($input: StaffExportStartInput!) { staffExportStart(input: $input) {
    exportRun { id state downloadUrl } errors { code path } } }"""
RUNS = """{ staff { importRuns { nodes {
    id kind state rowsRead rowsLoaded errors reportUrl reason files { name } } } } }"""
EXPORTS = "{ staff { exportRuns { nodes { kind form state rows size downloadUrl } } } }"


async def mutate(api: ApiClient, token: str, query: str, **input: Any) -> Any:
    """Send a mutation without GraphQL errors and return its payload."""
    answer = await api.post(query, token, input=input)
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    return payload


async def upload_file(
    api: ApiClient, token: str, text: str = ACCOUNTS, name: str = "accounts.csv"
) -> str:
    body = text.encode()
    form = {"fileName": name, "contentType": "text/csv", "size": len(body)}
    payload = await mutate(api, token, UPLOAD, **form)
    assert (await api.http.put(payload["url"], content=body)).status_code == 204
    return payload["uploadId"]


async def start(api: ApiClient, token: str, *uploads: str, **options: Any) -> Any:
    return await mutate(api, token, START, kind="ACCOUNTS", uploadIds=uploads, **options)


def refusals(payload: Any) -> list[tuple[str, list[str]]]:
    assert payload.get("importRun") is None
    return [(error["code"], error["path"]) for error in payload["errors"]]


@pytest_asyncio.fixture
async def olga(database: str) -> str:
    """Session token of a supervisor."""
    return await given_staff_session(await given_staff(Role.SUPERVISOR))


async def runs(api: ApiClient, token: str) -> list[dict[str, Any]]:
    return (await api.ask(RUNS, token))["staff"]["importRuns"]["nodes"]


async def fetch(api: ApiClient, url: str, token: str) -> Any:
    return await api.http.get(url, headers={"authorization": f"Bearer {token}"})


async def test_an_upload_is_imported_by_a_worker(api: ApiClient, olga: str, database: str):
    payload = await start(api, olga, await upload_file(api, olga))
    assert payload["errors"] == []
    assert (payload["importRun"]["state"], payload["importRun"]["rowsRead"]) == ("WAITING", 0)
    assert await Account.all().count() == 0
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    assert await runs(api, olga) == [
        {
            "id": payload["importRun"]["id"],
            "kind": "ACCOUNTS",
            "state": "DONE",
            "rowsRead": 2,
            "rowsLoaded": 2,
            "errors": 0,
            "reportUrl": None,
            "reason": None,
            "files": [{"name": "accounts.csv"}],
        }
    ]
    assert await Account.all().count() == 2
    key = key_of(payload["importRun"]["id"], "imp")
    assert await AuditEntry.filter(act=Act.IMPORT_STARTED, subject_id=key).count() == 1


READINGS = f"""account;meter;zone;value;taken_on;period;source
{NUMBER};M-{NUMBER};DAY;798,125;2026-11-20;2026-11;CONTROLLER
"""


@pytest.mark.parametrize(("sign", "loaded"), [("COMMA", 1), (None, 0)])
async def test_staff_name_the_decimal_sign(
    api: ApiClient, olga: str, database: str, sign: str | None, loaded: int
):
    await given_account()
    await Register.all().update(fraction_digits=3)
    upload = await upload_file(api, olga, READINGS, "readings.csv")

    await mutate(api, olga, START, kind="READINGS", uploadIds=[upload], decimalSign=sign)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)

    shown = await api.ask("{ staff { importRuns { nodes { decimalSign rowsLoaded } } } }", olga)
    assert shown["staff"]["importRuns"]["nodes"] == [{"decimalSign": sign, "rowsLoaded": loaded}]
    assert await Reading.filter(value=Decimal("798.125")).count() == loaded


async def test_the_report_is_for_supervisors_and_above(api: ApiClient, olga: str, database: str):
    await start(api, olga, await upload_file(api, olga, ONE_BAD))
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    now = datetime.now(UTC)
    (run,) = (await api.ask(RUNS, olga, now=now))["staff"]["importRuns"]["nodes"]
    assert (run["state"], run["rowsLoaded"], run["errors"]) == ("DONE", 1, 1)
    answer = await fetch(api, run["reportUrl"], olga)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="accounts.faults.csv"'
    assert answer.text.splitlines()[1] == (
        "accounts.csv;3;contract_signed_on;BAD_DATE;31.04.2020;такой даты нет: нужно 22.11.2026,"
        " а число вместо даты — ячейка Excel без формата «Дата»"
    )
    assert await AuditEntry.filter(act=Act.FILE_FETCHED).count() == 1
    other_token = await given_staff_session(await given_staff(Role.ADMIN))
    clerk = await given_staff_session(await given_staff(Role.CLERK))
    path = run["reportUrl"].partition("?")[0]
    tried = [
        (path, olga),
        (path, other_token),
        (path, clerk),
        (path, ""),
        (run["reportUrl"], clerk),
    ]
    statuses = [(await fetch(api, url, token)).status_code for url, token in tried]
    assert statuses == [200, 200, 404, 401, 404]
    assert await AuditEntry.filter(act=Act.FILE_FETCHED).count() == 3
    assert (await api.http.get(run["reportUrl"])).status_code == 200
    forged_url = run["reportUrl"].replace("/imports/imp_", "/exports/exp_")
    assert (await api.http.get(forged_url)).status_code == 404
    expired = (await api.ask(RUNS, olga, now=now - timedelta(minutes=11)))["staff"]["importRuns"]
    assert (await api.http.get(expired["nodes"][0]["reportUrl"])).status_code == 404
    assert (await runs(api, clerk))[0]["reportUrl"] is None


async def test_a_spreadsheet_s_file_is_imported_as_by_the_command(
    api: ApiClient, olga: str, database: str
):
    """«Текст Юникод»: UTF-16 with tabs, a title, days with times, and two rows that are bad."""
    first, second = ACCOUNTS.splitlines()[1:]
    rows = [
        "Лицевые счета на 01.10.2026",
        "",
        ACCOUNTS.splitlines()[0].upper(),
        first.replace("2019-03-01", "01.03.2019 0:00:00"),
        second.replace("0000000002", "2"),
        second.replace("0000000002", "0000000003").replace("Э-2", "8,01316E+08"),
        "Итого: 3;;;;;",
    ]
    body = "\r\n".join([*rows, ""]).replace(";", "\t").encode("utf-16")
    form = {"fileName": "accounts.csv", "contentType": "text/csv", "size": len(body)}
    payload = await mutate(api, olga, UPLOAD, **form)
    assert (await api.http.put(payload["url"], content=body)).status_code == 204

    await start(api, olga, payload["uploadId"])
    await run_until_empty(api.state.ports, COMPANY, dsn=database)

    (run,) = (await api.ask(RUNS, olga, now=datetime.now(UTC)))["staff"]["importRuns"]["nodes"]
    assert (run["state"], run["rowsLoaded"], run["errors"]) == ("DONE", 1, 3)
    report = (await fetch(api, run["reportUrl"], olga)).text.splitlines()[1:]
    assert [line.split(";")[1:5] for line in report] == [
        ["5", "number", "BAD_FORM", "2"],
        ["6", "contract_number", "BAD_FORM", "8,01316E+08"],
        ["7", "", "TOTAL_ROW", "Итого: 3"],
    ]
    accounts = await Account.all().values_list("number", "contract_signed_on")
    assert accounts == [("0000000001", date(2019, 3, 1))]


@pytest.mark.parametrize("role", [Role.CLERK, None])
async def test_clerks_and_guests_can_t_start_imports_and_exports(api: ApiClient, role: Role | None):
    token = await given_staff_session(await given_staff(role)) if role else ""
    code = "FORBIDDEN" if role else "UNAUTHENTICATED"
    requests: list[tuple[str, dict[str, Any]]] = [
        (UPLOAD, {"fileName": "a.csv", "contentType": "text/csv", "size": 1}),
        (START, {"kind": "ACCOUNTS", "uploadIds": []}),
        (EXPORT, {"kind": "READINGS", "since": "2026-11-01T00:00:00Z"}),
    ]
    for query, form in requests:
        answer = await api.post(query, token, input=form)
        assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert (await Upload.all().count(), await ImportRun.all().count()) == (0, 0)


async def test_an_upload_works_once_and_for_its_uploader(api: ApiClient, olga: str):
    unusable = [("UPLOAD_UNUSABLE", ["uploadIds", "0"])]
    upload = await upload_file(api, olga)
    other_token = await given_staff_session(await given_staff(Role.SUPERVISOR, "petr@example.com"))
    assert refusals(await start(api, other_token, upload)) == unusable
    assert refusals(await start(api, olga, upload, upload)) == [
        ("UPLOAD_UNUSABLE", ["uploadIds", "1"])
    ]
    assert (await start(api, olga, upload))["errors"] == []
    assert refusals(await start(api, olga, upload)) == unusable
    assert refusals(await start(api, olga, "upl_none")) == unusable
    assert refusals(await start(api, olga)) == [("UPLOADS_INVALID", ["uploadIds"])]
    assert await ImportRun.all().count() == 1


async def test_a_loaded_file_is_loaded_again_only_on_demand(
    api: ApiClient, olga: str, database: str
):
    await start(api, olga, await upload_file(api, olga))
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    upload = await upload_file(api, olga)
    assert refusals(await start(api, olga, upload)) == [("LOADED_ALREADY", ["uploadIds"])]
    assert (await start(api, olga, upload, again=True))["errors"] == []


async def test_a_file_of_a_later_time_is_no_repetition(api: ApiClient, olga: str, database: str):
    """Equal bytes are newer data, if billing has made them again."""
    moments = [(datetime.now(UTC) - timedelta(days=days)).isoformat() for days in (3, 2, 1)]
    await start(api, olga, await upload_file(api, olga), asOf=moments[1])
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    upload = await upload_file(api, olga)
    for moment in moments[:2]:
        refused = await start(api, olga, upload, asOf=moment)
        assert refusals(refused) == [("LOADED_ALREADY", ["uploadIds"])]
    assert (await start(api, olga, upload, asOf=moments[2]))["errors"] == []
    assert await ImportRun.all().count() == 2


async def test_invalid_options_of_runs_are_refused(api: ApiClient, olga: str):
    upload = await upload_file(api, olga)
    future = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert refusals(await start(api, olga, upload, asOf=future)) == [("MOMENT_INVALID", ["asOf"])]
    controls = [{"name": "accounts", "value": "many"}]
    assert refusals(await start(api, olga, upload, controls=controls)) == [
        ("CONTROL_INVALID", ["controls"])
    ]
    payload = await mutate(api, olga, EXPORT, kind="READINGS", since=future)
    assert payload["errors"] == [{"code": "MOMENT_INVALID", "path": ["since"]}]
    for content_type in ("application/pdf", "text/csv"):
        form = {"fileName": "a.pdf", "contentType": content_type, "size": 9}
        payload = await mutate(api, olga, UPLOAD, **form)
        assert [error["code"] for error in payload["errors"]] == ["KIND_UNSUPPORTED"]


@pytest.mark.parametrize(
    ("text", "options", "state", "reason"),
    [
        ("a;b\n1;2\n", {}, "REFUSED", "accounts.csv looks like accounts, but isn't:"),
        (ONE_BAD, {"isAtomic": True}, "REFUSED", "There are bad rows."),
        (ACCOUNTS, {"isDryRun": True}, "CHECKED", ""),
        (
            ACCOUNTS,
            {"controls": [{"name": "accounts", "value": "3"}]},
            "REFUSED",
            "accounts should",
        ),
        (ACCOUNTS, {"controls": [{"name": "rows", "value": "3"}]}, "REFUSED", "There is no total"),
    ],
)
async def test_a_run_has_the_reason_why_nothing_was_loaded(  # noqa: PLR0913, PLR0917 - fixtures and a table
    api: ApiClient, olga: str, database: str, text: str, options: Any, state: str, reason: str
):
    await start(api, olga, await upload_file(api, olga, text), **options)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    (run,) = await runs(api, olga)
    assert run["state"] == state
    assert (run["reason"] or "").startswith(reason)
    assert await Account.all().count() == 0
    assert await dead_letters() == []


async def test_uploads_are_deleted_after_their_run(api: ApiClient, olga: str, database: str):
    await start(api, olga, await upload_file(api, olga))
    files, later = api.state.ports.files, datetime.now(UTC) + timedelta(days=2)
    upload = await Upload.get()
    await claims.delete_unclaimed(files, now=later)
    assert await files.size(upload.path) == len(ACCOUNTS.encode())
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    await claims.delete_unclaimed(files, now=later)
    assert await files.size(upload.path) is None
    assert await Upload.all().count() == 0
    assert await ImportFile.all().values_list("name", flat=True) == ["accounts.csv"]


async def test_a_trial_leaves_the_file_for_the_import_itself(
    api: ApiClient, olga: str, database: str
):
    upload = await upload_file(api, olga)

    async def ready_uploads() -> list[str]:
        data = await api.ask("{ staff { uploads { id state } } }", olga)
        return [item["id"] for item in data["staff"]["uploads"] if item["state"] == "READY"]

    for is_trial, state, remaining in ((True, "CHECKED", [upload]), (False, "DONE", [])):
        assert (await start(api, olga, upload, isDryRun=is_trial))["errors"] == []
        assert await ready_uploads() == []
        await run_until_empty(api.state.ports, COMPANY, dsn=database)
        assert state in {run["state"] for run in await runs(api, olga)}
        assert await ready_uploads() == remaining
    assert await Account.all().count() == 2


class Scanner:
    """A scanner that finds a virus in every file, or in none, or has too small a limit."""

    def __init__(self, refusal: str | None) -> None:
        self.refusal = refusal

    async def scan(self, content: AsyncIterator[bytes]) -> str | None:
        assert b"".join([chunk async for chunk in content]) == ACCOUNTS.encode()
        if self.refusal == "SIZE_INVALID":
            raise TooLargeToScan
        return self.refusal


@pytest.mark.parametrize("refusal", ["VIRUS_FOUND", "SIZE_INVALID", None])
async def test_an_import_waits_for_the_scanner(api: ApiClient, olga: str, refusal: str | None):
    upload = await upload_file(api, olga)
    await Upload.all().update(state=UploadState.SCANNING)
    payload = await start(api, olga, upload)
    run_id = cast("Any", key_of(payload["importRun"]["id"], "imp"))
    with pytest.raises(ImportNotReady):
        await attempt(api, run_id)
    assert (await ImportRun.get()).state is ImportState.WAITING
    files = api.state.ports.files
    scanner = cast("Any", Scanner(refusal))
    await ingestion.scan((await Upload.get()).id, files=files, scanner=scanner)
    await attempt(api, run_id)
    run = await ImportRun.get()
    assert run.state is (ImportState.REFUSED if refusal else ImportState.DONE)
    assert run.reason == (f"The virus scan refused a file: {refusal}." if refusal else None)
    assert await Account.all().count() == (0 if refusal else 2)


async def attempt(api: ApiClient, run_id: Any) -> None:
    await staff_imports.run_import(
        run_id, files=api.state.ports.files, company=COMPANY, clock=lambda: datetime.now(UTC)
    )


async def test_one_import_waits_for_the_other(api: ApiClient, olga: str, database: str):
    payload = await start(api, olga, await upload_file(api, olga))
    lock_connection = await asyncpg.connect(database)
    transaction = lock_connection.transaction()
    await transaction.start()
    await require_exclusive(lock_connection)
    with pytest.raises(ImportNotReady):
        await attempt(api, key_of(payload["importRun"]["id"], "imp"))
    assert (await ImportRun.get()).state is ImportState.WAITING
    await transaction.rollback()
    await lock_connection.close()
    await attempt(api, key_of(payload["importRun"]["id"], "imp"))
    assert (await ImportRun.get()).state is ImportState.DONE


@pytest.mark.parametrize(
    "end", [FilesUnavailable("Timeout"), asyncio.CancelledError(), RuntimeError()]
)
async def test_an_interrupted_run_is_repeated_unless_the_cause_is_a_bug(
    api: ApiClient, olga: str, monkeypatch: pytest.MonkeyPatch, end: BaseException
):
    """Stopped workers and unavailable stores are retried; a bug isn't, because it would recur."""
    payload = await start(api, olga, await upload_file(api, olga, ONE_BAD))
    run_id = key_of(payload["importRun"]["id"], "imp")

    async def broken(*_: Any) -> None:
        raise end

    with monkeypatch.context() as patch:
        patch.setattr(imports, "write_report", broken)
        with pytest.raises((type(end), staff_imports.ImportFailed)):
            await attempt(api, run_id)
    is_bug = isinstance(end, RuntimeError)
    state = (await ImportRun.get()).state
    assert state is (ImportState.FAILED if is_bug else ImportState.INTERRUPTED)
    assert await Account.all().count() == 0
    await attempt(api, run_id)
    assert await Account.all().count() == (0 if is_bug else 1)
    await attempt(api, run_id)  # a duplicate delivery of the job
    run = await ImportRun.get()
    assert run.state is (ImportState.FAILED if is_bug else ImportState.DONE)
    assert run.reason == ("RuntimeError: " if is_bug else None)


async def test_readings_are_exported_and_fetched(api: ApiClient, olga: str, database: str):
    await given_account()
    register = await Register.get(zone="DAY")
    reading = await given_reading(register, Decimal(12400), 11, ReadingState.ACCEPTED)
    payload = await mutate(
        api, olga, EXPORT, kind="READINGS", form="JSONL", since="2026-11-01T00:00:00Z"
    )
    assert (payload["exportRun"]["state"], payload["exportRun"]["downloadUrl"]) == ("WAITING", None)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    ((run),) = (await api.ask(EXPORTS, olga, now=datetime.now(UTC)))["staff"]["exportRuns"]["nodes"]
    answer = await fetch(api, run["downloadUrl"], olga)
    assert answer.json()["reading"] == str(reading.id)
    assert (run["kind"], run["form"], run["state"], run["rows"]) == ("READINGS", "JSONL", "DONE", 1)
    assert len(answer.content) == run["size"]
    clerk = await given_staff_session(await given_staff(Role.CLERK))
    nodes = (await api.ask(EXPORTS, clerk))["staff"]["exportRuns"]["nodes"]
    assert nodes == [run | {"downloadUrl": None}]
    assert [action async for action in acts()] == [Act.EXPORT_STARTED, Act.FILE_FETCHED]


async def test_appeals_are_exported_without_hidden_names(
    api: ApiClient, olga: str, database: str, anna: Viewer
):
    """Supervisors may see the name, but the file leaves the company."""
    await given_appeal(anna, "Берут деньги", CORRUPTION, hides=True)
    since = "2026-11-01T00:00:00Z"
    await mutate(api, olga, EXPORT, kind="APPEALS", form="JSONL", since=since)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    (run,) = (await api.ask(EXPORTS, olga, now=datetime.now(UTC)))["staff"]["exportRuns"]["nodes"]
    row = (await fetch(api, run["downloadUrl"], olga)).json()
    assert (row["text"], row["topic"], row["author"]) == ("Берут деньги", CORRUPTION, None)


async def acts() -> AsyncIterator[Act]:
    actions = (Act.IMPORT_STARTED, Act.EXPORT_STARTED, Act.FILE_FETCHED)
    for entry in await AuditEntry.filter(act__in=actions).order_by("happened_at", "id"):
        yield entry.act


async def test_files_of_runs_are_deleted_and_their_records_stay(
    api: ApiClient, olga: str, database: str
):
    await mutate(api, olga, EXPORT, kind="PAYMENTS", since="2026-11-01T00:00:00Z")
    await start(api, olga, await upload_file(api, olga, ONE_BAD))
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    files, now = api.state.ports.files, datetime.now(UTC)
    paths = (await ExportRun.get()).path, (await ImportRun.get()).report_path
    for days, is_stored in ((6, [True, True]), (8, [False, True]), (91, [False, False])):
        await exports.delete_expired(files, now=now + timedelta(days=days))
        assert [await files.size(path) is not None for path in paths] == is_stored
    assert (await runs(api, olga))[0]["reportUrl"] is None
    (export,) = (await api.ask(EXPORTS, olga))["staff"]["exportRuns"]["nodes"]
    assert (export["state"], export["rows"], export["downloadUrl"]) == ("DONE", 0, None)


async def test_an_export_is_repeated_after_the_store_was_unavailable(api: ApiClient, olga: str):
    payload = await mutate(api, olga, EXPORT, kind="PAYMENTS", since="2026-11-01T00:00:00Z")
    run_id = cast("Any", key_of(payload["exportRun"]["id"], "exp"))

    class UnavailableStore:
        async def put(self, *_: Any) -> None:
            raise FilesUnavailable("Timeout")

    def clock() -> datetime:
        return datetime.now(UTC)

    with pytest.raises(FilesUnavailable):
        await exports.run_export(run_id, files=cast("Any", UnavailableStore()), clock=clock)
    for _ in range(2):
        await exports.run_export(run_id, files=in_memory(), clock=clock)
    assert (await ExportRun.get()).size == len("external_id;account;amount;period;happened_at\n")


WATCH = """subscription ($id: ID!) { staffImportRunChanged(importRunId: $id) {
    state rowsRead rowsLoaded } }"""


async def test_a_subscription_to_a_run_has_each_step_and_the_end(
    api: ApiClient, olga: str, database: str
):
    payload = await start(api, olga, await upload_file(api, olga))
    async with api.state.ports.pubsub.connected(database):
        task = asyncio.create_task(
            api.http.post(
                "/graphql",
                json={"query": WATCH, "variables": {"id": payload["importRun"]["id"]}},
                headers={"authorization": f"Bearer {olga}", "accept": "text/event-stream"},
            )
        )
        await asyncio.sleep(0.3)
        await run_until_empty(api.state.ports, COMPANY, dsn=database)
        async with asyncio.timeout(10):
            events = (await task).text
    assert events.index('"WAITING"') < events.index('"state":"DONE","rowsRead":2,"rowsLoaded":2')
    assert events.endswith("event: complete\ndata: \n\n")


async def test_guests_can_t_subscribe_to_a_run(api: ApiClient, olga: str):
    payload = await start(api, olga, await upload_file(api, olga))
    answer = await api.http.post(
        "/graphql",
        json={"query": WATCH, "variables": {"id": payload["importRun"]["id"]}},
        headers={"accept": "text/event-stream"},
    )
    assert '"UNAUTHENTICATED"' in answer.text
