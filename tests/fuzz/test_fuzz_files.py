"""Broken files of every format, sent to the server: taken or refused, never its fault."""

import asyncio
from random import Random

import pytest

from tests.factories.uploads import PDF, WORD, heic, office, picture
from tests.fuzz.target import FuzzTarget, unexpected_lines
from tests.support.path_comparison import EXAMPLES, SEED
from tests.uploads.test_hostile_pictures import BROKEN, jpeg

IN_SUITE = 64
BATCH = 16
FILES = [
    ("a.jpg", "image/jpeg", picture("JPEG")),
    ("a.png", "image/png", picture("PNG")),
    ("a.pdf", "application/pdf", PDF),
    ("a.heic", "image/heic", heic()),
    ("a.docx", WORD, office()),
    *(("a.jpg", "image/jpeg", jpeg(metadata)) for metadata in BROKEN.values()),
]


def broken(random: Random, content: bytes) -> bytes:
    """The content with some bytes replaced, removed or repeated."""
    changed = bytearray(content)
    for _ in range(random.choice((0, 1, 1, 2, 5, 20))):
        place = random.randrange(len(changed))
        match random.randrange(4):
            case 0:
                changed[place] = random.randrange(256)
            case 1:
                changed[place : place + 4] = random.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff"))
            case 2:
                del changed[place : place + random.randrange(1, 9)]
            case _:
                changed[place:place] = changed[place : place + random.randrange(1, 40)]
        changed = changed or bytearray(b"\0")
    return bytes(changed)


async def send(target: FuzzTarget, seed: str) -> str | None:
    random = Random(seed)
    name, media_type, content = random.choice(FILES)
    answer = await target.upload(broken(random, content), name, media_type)
    return None if answer.status_code in {204, 422} else f"SEED {seed}: {answer.status_code} {name}"


@pytest.mark.fuzz
async def test_no_file_is_a_fault_of_the_server(target: FuzzTarget):
    faults = list[str]()
    for start in range(0, EXAMPLES or IN_SUITE, BATCH):
        await target.renew()
        seeds = [f"{SEED}/{number}" for number in range(start, start + BATCH)]
        answers = await asyncio.gather(*(send(target, seed) for seed in seeds))
        faults += [fault for fault in answers if fault]

    assert not faults, "\n".join(faults)
    assert unexpected_lines(target.log) == []
