"""Characters in billing's files that aren't seen, or look like others."""

import csv

import pytest

from lk_graphql.billing.models import ReceivedPayment
from lk_graphql.exchange.models import ImportKind
from tests.exchange.billing_files import ACCOUNTS
from tests.support.import_runner import ImportRunner

HEADER = "account;external_id;paid_on;amount;agent"
AGENT = "Сбербанк России, отделение на улице Кирова"
UNSEEN = "\u200b\u200c\u2060\ufeff\u00ad\u200e\u202a\u202c\u2066\u2069\ufe0f\u3164"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_what_isn_t_seen_is_left_out_of_every_value(importer: ImportRunner, encoding: str):
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
