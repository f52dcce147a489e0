"""The pool of rendering processes: sharing, limits, failures and the processes' ends."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio

from lk_graphql.ports.pdf import PdfFailed, PdfPool, PdfPoolBusy
from lk_graphql.ports.pdf.renderer import serve
from tests.support.pdf_text import only_page, text_of

STYLE = "<style>@page { size: a4; margin: 10mm } body { font-family: Roboto }</style>"
SHORT, LONG = f"{STYLE}<p>Коротко, 5 ₽</p>", STYLE + "<p>Длинно</p>" * 200


@pytest_asyncio.fixture(scope="module")
async def pool() -> AsyncGenerator[PdfPool]:
    pool = PdfPool(1, waiting=2, seconds=30)
    yield pool
    await pool.close()


def text(content: bytes) -> str:
    return text_of(only_page(content))


def printers() -> set[int]:
    """Ids of the pool's processes: children of this process that run the package."""
    pids = set[int]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == os.getpid() and b"lk_graphql.ports.pdf" in command:
            pids.add(int(folder.name))
    return pids


async def test_the_first_draft_that_fits_is_printed(pool: PdfPool):
    content = await pool.page("a", lambda: [LONG, SHORT])
    assert text(content) == "Коротко, 5 ₽"


async def test_the_same_html_is_the_same_file(pool: PdfPool):
    assert await pool.page("a", lambda: [SHORT]) == await pool.page("b", lambda: [SHORT])


async def test_texts_are_drawn_from_any_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    pool = PdfPool(1)
    try:
        content = await pool.page("a", lambda: [SHORT])
    finally:
        await pool.close()
    assert text(content) == "Коротко, 5 ₽"
    assert b"Roboto-Regular" in content


async def test_a_page_without_its_fonts_is_refused(pool: PdfPool):
    with pytest.raises(PdfFailed, match=r"^ValueError$"):
        await pool.page("a", lambda: ["<p style='font-family: Courier'>Kilowatts</p>"])


async def test_a_page_reads_no_file_but_the_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "meter.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">'
        '<text x="9" y="40">12345</text></svg>'
    )
    pool = PdfPool(1)
    try:
        content = await pool.page("a", lambda: [f'{SHORT}<img src="{tmp_path}/meter.svg">'])
    finally:
        await pool.close()
    assert text(content) == "Коротко, 5 ₽"


async def test_a_draft_that_fits_no_page_takes_several(pool: PdfPool):
    assert await pool.page("a", lambda: [LONG, f"{LONG}!"]) == await pool.page(
        "b", lambda: [f"{LONG}!"]
    )
    assert text(await pool.page("c", lambda: [LONG, SHORT])) == "Коротко, 5 ₽"


async def test_simultaneous_requests_of_a_page_draw_it_once(pool: PdfPool):
    calls = list[str]()

    def draw() -> Sequence[str]:
        calls.append("once")
        return [SHORT]

    first, second = await asyncio.gather(pool.page("a", draw), pool.page("a", draw))
    assert first == second
    assert calls == ["once"]


async def test_a_cancelled_request_doesn_t_cancel_the_page_of_the_others(pool: PdfPool):
    first = asyncio.create_task(pool.page("a", lambda: [SHORT]))
    second = asyncio.create_task(pool.page("a", lambda: [SHORT]))
    await asyncio.sleep(0)
    first.cancel()
    assert text(await second) == "Коротко, 5 ₽"


async def test_requests_beyond_the_limit_are_refused(pool: PdfPool):
    under_way = [asyncio.create_task(pool.page(key, lambda: [SHORT])) for key in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(PdfPoolBusy):
        await pool.page("c", lambda: [SHORT])
    await asyncio.gather(*under_way)
    assert await pool.page("c", lambda: [SHORT])


async def test_processes_start_late_are_replaced_if_killed_and_end_with_the_pool():
    others, pool = printers(), PdfPool(1)
    assert printers() == others
    await pool.page("a", lambda: [SHORT])
    (stuck,) = printers() - others
    os.kill(stuck, signal.SIGKILL)
    assert text(await pool.page("b", lambda: [SHORT])) == "Коротко, 5 ₽"
    assert stuck not in printers()
    await pool.close()
    assert printers() == others


async def test_a_page_that_ends_two_processes_fails():
    others, pool = printers(), PdfPool(1)
    await pool.page("a", lambda: [SHORT])
    page = asyncio.create_task(pool.page("b", lambda: [LONG * 100]))
    killed = set[int]()
    while not page.done():
        for pid in printers() - others - killed:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        await asyncio.sleep(0.01)
    with pytest.raises(PdfFailed, match=r"^(IncompleteRead|ConnectionReset|BrokenPipe)Error"):
        await page
    assert len(killed) == 2
    await pool.close()
    assert printers() == others


async def test_a_page_over_the_time_limit_ends_its_process():
    others, hasty = printers(), PdfPool(1, seconds=0.01)
    with pytest.raises(PdfFailed, match=r"^TimeoutError"):
        await hasty.page("a", lambda: [LONG])
    assert printers() == others
    await hasty.close()


def test_a_process_ends_with_the_server_that_was_killed():
    """`serve` returns at the end of its pipe."""
    answers = BytesIO()
    serve(BytesIO(), answers)
    assert answers.getvalue() == b""
