"""The built wheel without the checkout: migrations, `lk serve` and a query."""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree

import httpx
import pytest

from tests.support.cli_process import environment, wait_for

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable, "-S"]
"""Without `site`: the .pth file of the editable installation would add the checkout's `src`."""
QUERY = "{ appealTopics { title } publicSettings { consentDocuments { title } } }"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (folder / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
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


IMPORTED = """
import sys, lk_graphql
from lk_graphql.kit.bundled import bundled
print(lk_graphql.__file__, bundled("examples"), *sys.path)
"""


def test_all_comes_from_the_wheel(installed: Path, tmp_path: Path):
    module, examples, *path = run(installed, tmp_path, "-c", IMPORTED).stdout.split()
    assert Path(module) == installed / "lk_graphql" / "__init__.py"
    assert not [folder for folder in path if Path(folder).is_relative_to(ROOT / "src")]
    assert Path(examples).is_relative_to(installed)
    examples_source = ROOT / "examples"
    packaged = {file.relative_to(examples) for file in Path(examples).rglob("*.*")}
    assert packaged == {file.relative_to(examples_source) for file in examples_source.rglob("*.*")}


def test_the_wheel_migrates_an_unmigrated_database_serves_and_answers(
    installed: Path, tmp_path: Path, unmigrated_database: str
):
    dsn, lk = unmigrated_database, ("-m", "lk_graphql")

    process = run(installed, tmp_path, *lk, "migrate", "up", LK_DATABASE_URL=dsn)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith("Applied 0_")
    documents = tmp_path / "documents"
    documents.mkdir()
    for kind in ("terms", "personal_data"):
        (documents / f"{kind}.2026-01-31.md").write_text(f"# {kind}\n")
    process = run(
        installed, tmp_path, *lk, "documents", "publish", str(documents), LK_DATABASE_URL=dsn
    )
    assert (process.returncode, process.stderr) == (0, "")

    with serving(installed, tmp_path, LK_DATABASE_URL=dsn, LK_GRAPHIQL="false") as url:
        answer = httpx.post(f"{url}/graphql", json={"query": QUERY}).json()
    assert "errors" not in answer
    topics = [topic["title"] for topic in answer["data"]["appealTopics"]]
    assert (topics[0], len(topics)) == ("Внесение изменений в лицевой счет", 10)
    titles = {
        document["title"] for document in answer["data"]["publicSettings"]["consentDocuments"]
    }
    assert titles == {"terms", "personal_data"}


def test_an_installation_without_migrations_says_so(
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
