"""`deploy/restore.sh` chooses the files that belong to a moment."""

import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from lk_graphql.demo.postgres import temporary
from lk_graphql.demo.postgres.installation import PROGRAMS

SCRIPT = Path(__file__).parents[2] / "deploy" / "restore.sh"
BACKUP = SCRIPT.with_name("backup.sh")
PATH = f"{PROGRAMS}:{os.environ['PATH']}"
COPIES = ("20261130T200000Z", "20261201T200000Z", "20261202T200000Z", "77.part")
"""The last one was interrupted."""


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A full backup, and copies of the files from three evenings."""
    folder = tmp_path_factory.mktemp("backups")
    for name in COPIES:
        (folder / "files" / name).mkdir(parents=True)
        (folder / "files" / name / "photo").write_text(name, "utf-8")
    with temporary() as dsn:
        socket = parse_qs(urlsplit(dsn).query)["host"][0]
        target = folder / "base" / "20261130T195900Z-full"
        _run("pg_basebackup", f"--pgdata={target}", f"--host={socket}", "--username=postgres")
    return folder


def _run(*words: str | Path, **variables: str) -> str:
    """The errors that a program prints. Raises `CalledProcessError` if it fails."""
    environment = os.environ | {"PATH": PATH} | variables
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    return done.stderr


@pytest.mark.parametrize(
    ("moment", "copy", "warning"),
    [
        ("2026-12-01 12:00:00+07", COPIES[1], ""),
        ("2026-12-02 03:00:00+07", COPIES[1], ""),
        ("2026-12-02 03:00:01+07", COPIES[2], ""),
        (
            "2026-12-03 12:00:00+07",
            COPIES[2],
            "The last backup of the files ended at 20261202T200000Z: later files are missing.\n",
        ),
    ],
)
def test_files_are_those_of_the_first_backup_after_the_moment(
    moment: str, copy: str, warning: str, backups: Path, tmp_path: Path
):
    data, files = tmp_path / "data", tmp_path / "files"
    assert _run(SCRIPT, moment, data, files, BACKUPS=str(backups)) == warning
    assert [(file.name, file.read_text("utf-8")) for file in files.iterdir()] == [("photo", copy)]
    assert f"recovery_target_time = '{moment}'" in (data / "postgresql.auto.conf").read_text(
        "utf-8"
    )


def test_without_files_nothing_is_restored(backups: Path, tmp_path: Path):
    empty = tmp_path / "backups"
    empty.mkdir()
    (empty / "base").symlink_to(backups / "base")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        _run(SCRIPT, "2026-12-01", tmp_path / "data", tmp_path / "files", BACKUPS=str(empty))
    assert failed.value.stderr == f"There are no files in {empty}/files.\n"
    assert not (tmp_path / "data").exists()


def test_a_backup_after_a_restore_is_a_full_one(tmp_path: Path):
    """The changes since a backup on another timeline can't be read."""
    before = tmp_path / "base" / "20261130T195900Z-full"
    before.mkdir(parents=True)
    (before / "backup_manifest").write_text('"WAL-Ranges": [\n{ "Timeline": 7, "Start-LSN": "0/2"')
    with temporary() as dsn:
        socket = parse_qs(urlsplit(dsn).query)["host"][0]
        _run(BACKUP, BACKUPS=str(tmp_path), PGHOST=socket, PGUSER="postgres")
    (_, after) = sorted((tmp_path / "base").iterdir())
    assert after.name.endswith("-full")
