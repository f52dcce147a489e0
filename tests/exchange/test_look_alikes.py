"""Characters in billing's files that aren't seen, or look like others."""

import csv
import json
from decimal import Decimal

import pytest

from lk_graphql.billing.models import ReceivedPayment
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.metering.models import Reading, ReadingState, Register
from tests.exchange.billing_files import ACCOUNTS
from tests.factories.accounts import given_account, given_reading
from tests.support.import_runner import ImportRunner

HEADER = "account;external_id;paid_on;amount;agent"
AGENT = "Сбербанк России, отделение на улице Кирова"
UNSEEN = "\u200b\u200c\u2060\ufeff\u00ad\u200e\u202a\u202c\u2066\u2069\ufe0f\u3164"

NO_TEXT = (
    *("\x01", "\x1c", "\x1d", "\x7f", "\x80", "\x9f", "\u202e", "\ufdd0", "\ufdef"),
    *("\ufffe", "\uffff", "\U0001fffe", "\U0005ffff", "\U0008fffe", "\U0010ffff"),
)
"""Characters that customers' texts can't have either."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_invisible_characters_are_removed_from_every_value(
    importer: ImportRunner, encoding: str
):
    """In files that are copied as they are, and in those that are parsed."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    rows = [
        f"000000{unseen}0001;P{unseen}{number:02};2026-10{unseen}-07;1{unseen}00;{AGENT[:4]}{unseen}{AGENT[4:]}"
        for number, unseen in enumerate(UNSEEN)
    ]
    path = importer.put("p.csv", "")
    path.write_bytes("\n".join([HEADER, *rows, ""]).encode(encoding))

    await importer.load(ImportKind.PAYMENTS, path)

    assert not importer.report.exists()
    columns = ReceivedPayment.all().order_by("external_id").values_list
    assert await columns("external_id", "amount", "agent") == [
        (f"P{number:02}", 10_000, AGENT) for number in range(len(UNSEEN))
    ]


async def test_the_report_names_look_alikes_and_their_place(importer: ImportRunner):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    rows = [
        "000000О001;P1;2026-10-07;100;Банк",  # a Cyrillic letter for a digit
        "00000000٠1;P2;2026-10-07;100;Банк",
        "0000000001;PА12;2026-10-07;100;Банк",  # a Cyrillic А behind a Latin P
        "0000000009;P4;2026-10-07;100;Банк",
        "0000000001;П-4/P5;2026-10-07;100;Банк",  # two words
    ]

    await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", "\n".join([HEADER, *rows, ""])))

    assert await ReceivedPayment.all().values_list("external_id", flat=True) == ["П-4/P5"]
    report = importer.report.read_text("utf-8-sig").splitlines()
    faults = [*csv.DictReader(report, delimiter=";")]
    assert [(f["line"], f["column"], f["code"]) for f in faults] == [
        ("2", "account", "ACCOUNT_UNKNOWN"),
        ("3", "account", "ACCOUNT_UNKNOWN"),
        ("4", "external_id", "BAD_FORM"),
        ("5", "account", "ACCOUNT_UNKNOWN"),
    ]
    assert [fault["message"].partition("; ")[2] for fault in faults] == [
        "знак 7 — кириллическая «О»",
        "знак 9 — цифра «٠» другого письма",
        "знак 1 — латинская «P»",
        "",
    ]


@pytest.mark.parametrize("character", NO_TEXT, ids=ascii)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_a_character_that_is_no_text_makes_its_row_bad(
    importer: ImportRunner, character: str, encoding: str
):
    """In plain files, which are copied as they are, and in others."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    rows = [f"0000000001;P-1;2026-10-07;1;Банк {character}Рост", "0000000001;P-2;2026-10-07;2;Банк"]
    path = importer.put("p.csv", "")
    path.write_bytes("\n".join([HEADER, *rows, ""]).encode(encoding))

    await importer.load(ImportKind.PAYMENTS, path)

    assert [fault[1:4] for fault in importer.faults()] == [("2", "agent", "BAD_ENCODING")]
    assert await ReceivedPayment.all().values_list("external_id", flat=True) == ["P-2"]


async def given_answered() -> tuple[Reading, Reading]:
    """Two readings on review, which billing will answer."""
    await given_account("0000000001")
    registers = await Register.all().order_by("position")
    first, second = [
        await given_reading(register, Decimal(12_400), 11, ReadingState.ON_REVIEW)
        for register in registers
    ]
    return first, second


@pytest.mark.parametrize("character", NO_TEXT, ids=ascii)
@pytest.mark.parametrize("form", ["as it is", "escaped"])
async def test_a_reason_with_a_character_that_is_no_text_is_a_bad_row(
    importer: ImportRunner, character: str, form: str
):
    bad, good = await given_answered()
    reasons = {bad: f"Прибор {character}не поверен", good: "Прибор не поверен"}
    rows = [
        json.dumps(
            {
                "reading": str(reading.id),
                "state": "ON_REVIEW",
                "answer": "REJECTED",
                "reason": reason,
            },
            ensure_ascii=form == "escaped",
        )
        for reading, reason in reasons.items()
    ]

    await importer.load(ImportKind.READINGS, importer.put("a.jsonl", "\n".join(rows)))

    code = "BAD_JSON" if form == "escaped" or character < " " else "BAD_ENCODING"
    assert [fault[1:4] for fault in importer.faults()] == [("1", "reason", code)]
    states = [(await Reading.get(id=reading.id)).state for reading in (bad, good)]
    assert states == [ReadingState.ON_REVIEW, ReadingState.REJECTED]


async def test_a_reason_of_invisible_characters_is_missing(importer: ImportRunner):
    bad, good = await given_answered()
    text = f"reading;state;answer;reason\n{bad.id};ON_REVIEW;REJECTED;\u3164 \u3164\n"
    text += f"{good.id};ON_REVIEW;REJECTED;Прибор не поверен\n"

    await importer.load(ImportKind.READINGS, importer.put("a.csv", text))

    assert [fault[1:4] for fault in importer.faults()] == [("2", "reason", "REQUIRED")]
    assert (await Reading.get(id=good.id)).state is ReadingState.REJECTED
