"""Files are stored completely or not at all: in a folder, over S3 and in memory."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lk_graphql import settings
from lk_graphql.app import build_files
from lk_graphql.ports.files import Files, FilesUnavailable, in_folder, in_memory, open_files
from tests.support.s3_server import Bucket, served_bucket

KIB, MIB = 1024, 1024 * 1024
LONG = 12 * MIB + 5
PATH = "uploads/0192f0c1.pdf"


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with served_bucket(tmp_path_factory.mktemp("s3")) as served:
        yield served


@pytest.fixture(params=["folder", "s3", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    match request.param:
        case "folder":
            return open_files(f"file://{tmp_path}/a%20folder")
        case "s3":
            return open_files(request.getfixturevalue("bucket").url)
        case _:
            return in_memory()


async def pieces(content: bytes, length: int = 64 * KIB) -> AsyncIterator[bytes]:
    for start in range(0, len(content), length):
        yield content[start : start + length]


async def read(files: Files, path: str = PATH, **part: int) -> bytes:
    return b"".join([piece async for piece in files.get(path, **part)])


@pytest.mark.parametrize("length", [0, 1, MIB, 2 * MIB, 5 * MIB, LONG])
async def test_a_stored_file_is_read_back(files: Files, length: int):
    content = (b"0123456789abcdef" * (length // 16 + 1))[:length]
    await files.put(PATH, pieces(content))
    assert await files.size(PATH) == length
    assert await read(files) == content


async def test_a_range_of_a_file_is_read(files: Files):
    await files.put(PATH, pieces(bytes(range(200)) * 20_000))
    assert await read(files, start=5, end=9) == bytes([5, 6, 7, 8])
    assert await read(files, start=3_999_998) == bytes([198, 199])
    assert await read(files, start=3_999_999, end=9_999_999) == bytes([199])
    assert await read(files, start=7, end=7) == b""
    assert await read(files, start=4_000_000) == b""


async def test_a_path_without_a_file_has_no_size_and_no_content(files: Files):
    assert await files.size("nothing/here") is None
    with pytest.raises(FileNotFoundError):
        await read(files, "nothing/here")
    await files.put("nothing/here", pieces(b"something"))
    await files.delete("nothing/here")
    await files.delete("nothing/here")
    assert await files.size("nothing/here") is None


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class HungUp(Exception):
    """Raised by a client's stream that breaks off."""


@pytest.mark.parametrize("length", [KIB, LONG])
async def test_an_interrupted_put_leaves_no_file(files: Files, length: int):
    async def broken() -> AsyncIterator[bytes]:
        async for piece in pieces(bytes(length)):
            yield piece
        raise HungUp

    with pytest.raises(HungUp):
        await files.put("broken/off", broken())
    assert await files.size("broken/off") is None


async def test_a_cancelled_put_leaves_no_file(files: Files):
    written = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        async for piece in pieces(bytes(LONG)):
            yield piece
        written.set()
        await asyncio.sleep(60)

    putting = asyncio.create_task(files.put("cut/off", endless()))
    await written.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert await files.size("cut/off") is None


async def test_a_broken_put_leaves_no_parts_in_a_folder(tmp_path: Path):
    await test_an_interrupted_put_leaves_no_file(in_folder(tmp_path), LONG)
    await test_a_cancelled_put_leaves_no_file(in_folder(tmp_path))
    assert files_in(tmp_path) == []


async def test_a_broken_put_leaves_no_parts_in_a_bucket(bucket: Bucket):
    files = open_files(bucket.url + "/deep/er?region=ru-central1")
    await test_an_interrupted_put_leaves_no_file(files, LONG)
    await test_a_cancelled_put_leaves_no_file(files)
    await files.put("whole", pieces(bytes(LONG)))
    assert bucket.unfinished() == []
    assert "deep/er/whole" in bucket.listed()


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.b", "A", "а", "a b",
                                  "a\0", "a\n", "a.b.c", "a%2fb", "a\\b"])  # fmt: skip
async def test_an_invalid_path_is_refused(files: Files, path: str):
    for call in (files.put(path, pieces(b"x")), files.size(path), files.delete(path)):
        with pytest.raises(ValueError, match="not a valid path"):
            await call
    with pytest.raises(ValueError, match="not a valid path"):
        await read(files, path)


async def test_a_long_file_is_never_completely_in_memory(tmp_path: Path):
    files = in_folder(tmp_path)
    chunk = bytes(64 * KIB)

    async def long() -> AsyncIterator[bytes]:
        for _ in range(640):
            yield chunk

    await files.put("warm/up", pieces(chunk))
    tracemalloc.start()
    await files.put(PATH, long())
    async for _ in files.get(PATH):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert await files.size(PATH) == 40 * MIB
    assert peak < 4 * MIB


async def test_an_unavailable_store_is_reported_without_its_secrets():
    files = open_files("s3+http://key:hunter2@127.0.0.1:9/cabinet")
    with pytest.raises(FilesUnavailable) as error:
        await files.size(PATH)
    assert str(error.value) == "file store (GenericError) is not available"
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://key:hunter2@host/bucket",
        "s3://host/bucket",
        "s3://key:hunter2@host",
        "s3://key:hunter2@host/bucket?tls=none",
    ],
)
def test_an_address_that_isnt_one_is_not_quoted(url: str):
    with pytest.raises(ValueError, match=r"(?i)s3://key:secret@host/bucket") as error:
        open_files(url)
    assert "hunter2" not in str(error.value)


def test_the_setting_chooses_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    build_files(settings.read(files_url=f"file://{tmp_path}/elsewhere"))
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]
    build_files(settings.read(files_url=""))
    assert (tmp_path / ".lk" / "files").is_dir()
    with pytest.raises(settings.InvalidSettings) as error:
        build_files(settings.read(files_url="s3://host/bucket"))
    assert error.value.sentences[0].startswith("LK_FILES_URL: A bucket's address looks like")


async def test_old_files_of_a_folder_are_listed(files: Files):
    before = datetime.now(UTC) - timedelta(minutes=1)
    for path in ("old/a/1.pdf", "old/b/2.pdf", "older/3.pdf"):
        await files.put(path, pieces(b"x"))

    written = await files.written_at("old/a/1.pdf")

    assert written
    assert before < written < before + timedelta(minutes=2)
    assert await files.written_at("old/c/3.pdf") is None
    later = written + timedelta(minutes=1)
    assert sorted([p async for p in files.older("old", than=later)]) == [
        "old/a/1.pdf",
        "old/b/2.pdf",
    ]
    assert [p async for p in files.older("old", than=before)] == []
    assert [p async for p in files.older("nothing", than=later)] == []


async def test_an_error_of_the_disk_is_an_unavailable_store(tmp_path: Path):
    """A file in the place of a folder: an error of the system, as that of a full disk is."""
    files = in_folder(tmp_path)
    (tmp_path / "uploads").write_bytes(b"")

    with pytest.raises(FilesUnavailable) as error:
        await files.put("uploads/0192.pdf", pieces(b"%PDF"))

    assert str(error.value) == "file store (OSError) is not available"
