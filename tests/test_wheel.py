"""The built wheel without the checkout: it migrates a database, serves and answers."""

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
"""Without `site`, which would add the checkout's `src` by the editable installation's .pth file."""
QUESTION = "{ appealTopics { title } publicSettings { consentDocuments { title } } }"


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
    known = environment(PYTHONPATH=path, COLUMNS="120", **settings)
    known.pop("PYTHONDONTWRITEBYTECODE", None)  # four processes would compile it four times
    return known


def run(
    installed: Path, folder: Path, *words: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in `folder` with the wheel installed."""
    known = variables(installed, **settings)
    return subprocess.run(
        [*PYTHON, *words], cwd=folder, env=known, capture_output=True, text=True, check=False
    )


@contextmanager
def serving(installed: Path, folder: Path, **settings: str) -> Generator[str]:
    """The address of `lk serve`, which has to stop by itself on SIGTERM."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    at, log = f"http://127.0.0.1:{port}", folder / "log"
    production = variables(
        installed,
        **settings,
        LK_SMTP_URL="smtp://127.0.0.1:1",
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL=at,
        LK_PORT=str(port),
    )
    with log.open("w") as out:
        process = subprocess.Popen(
            [*PYTHON, "-m", "lk_graphql", "serve"],
            cwd=folder, env=production, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        wait_for(at, lambda: process.poll() is None)
        yield at
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == -signal.SIGTERM, log.read_text()  # uvicorn passes it on
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
    ours = ROOT / "examples"
    carried = {file.relative_to(examples) for file in Path(examples).rglob("*.*")}
    assert carried == {file.relative_to(ours) for file in ours.rglob("*.*")}


def test_the_wheel_migrates_an_unmigrated_database_serves_and_answers(
    installed: Path, tmp_path: Path, unmigrated_database: str
):
    dsn, lk = unmigrated_database, ("-m", "lk_graphql")

    done = run(installed, tmp_path, *lk, "migrate", "up", LK_DATABASE_URL=dsn)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Applied 0_")
    documents = tmp_path / "documents"
    documents.mkdir()
    for kind in ("terms", "personal_data"):
        (documents / f"{kind}.2026-01-31.md").write_text(f"# {kind}\n")
    done = run(
        installed, tmp_path, *lk, "documents", "publish", str(documents), LK_DATABASE_URL=dsn
    )
    assert (done.returncode, done.stderr) == (0, "")

    with serving(installed, tmp_path, LK_DATABASE_URL=dsn, LK_GRAPHIQL="false") as at:
        answer = httpx.post(f"{at}/graphql", json={"query": QUESTION}).json()
    assert "errors" not in answer
    topics = [topic["title"] for topic in answer["data"]["appealTopics"]]
    assert (topics[0], len(topics)) == ("Внесение изменений в лицевой счет", 10)
    titles = {one["title"] for one in answer["data"]["publicSettings"]["consentDocuments"]}
    assert titles == {"terms", "personal_data"}


def test_an_installation_without_migrations_says_so(
    installed: Path, tmp_path: Path, unmigrated_database: str
):
    """And not that the database is up to date."""
    incomplete = copytree(installed, tmp_path / "site")
    rmtree(incomplete / "lk_graphql" / "_data" / "migrations")
    for command in ("up", "status"):
        words = ("-m", "lk_graphql", "migrate", command)
        done = run(incomplete, tmp_path, *words, LK_DATABASE_URL=unmigrated_database)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("There are no migrations in ")
        assert done.stderr.endswith("Install lk-graphql again.\n")
