"""`lk migrate up`, `lk rules` and `lk check` on an empty database, until nothing is missing."""

import json
import re
import socket
from datetime import date
from pathlib import Path

from lk_graphql.demo.data.law import FILES, law
from tests.support.cli_process import lk, start_lk, wait_for

EXAMPLES = Path(__file__).parents[2] / "examples" / "import"
DOCUMENTS = Path(__file__).parents[2] / "src" / "lk_graphql" / "demo" / "documents"


def samples(*names: str) -> list[str]:
    return [str(EXAMPLES / f"{name}.csv") for name in names]


def test_migrations_load_the_rules_of_federal_law_with_their_sources(migrated_database: str):
    listed = lk("rules", "--on", "2026-11-29", LK_DATABASE_URL=migrated_database)

    assert listed.returncode == 0
    words = re.sub(r"\s+", " ", listed.stdout)
    for rule in (
        "22 2026-01-01 НК РФ, ст. 164, п. 3 (425-ФЗ от 28.11.2025)",
        "1 9.5 2022-02-28 2026-12-31 ПП РФ от 26.03.2022 № 474 и от 18.03.2025 № 329",
        "0 15.5 2026-02-16 Банк России, решение от 13.02.2026",
        "31 300 2016-01-01 ЖК РФ, ст. 155, ч. 14",
        "2026-03 5 15 ЖК РФ, ст. 155",
        "2026-12-31 0 ПП РФ от 24.09.2025 (№ 1466",
        "2011-07-27 30 152-ФЗ, ст. 21, ч. 5",
        "window_rules No row is in force on 2026-11-29. To load rows: lk import rules window_rules",
    ):
        assert rule in words
    assert "2019-01-01" not in words


def test_an_earlier_day_has_the_rules_of_that_day(migrated_database: str):
    words = lk("rules", "--on", "2025-12-31", LK_DATABASE_URL=migrated_database).stdout

    assert "303-ФЗ" in words
    assert "425-ФЗ" not in words


def test_migrating_again_changes_no_rule(migrated_database: str):
    before = lk("rules", LK_DATABASE_URL=migrated_database).stdout

    assert lk("migrate", "up", LK_DATABASE_URL=migrated_database).returncode == 0
    assert lk("rules", LK_DATABASE_URL=migrated_database).stdout == before


def test_a_shipped_row_is_corrected_by_a_file(migrated_database: str, tmp_path: Path):
    vat = tmp_path / "vat.csv"
    vat.write_text("percent;valid_from;reference\n23;2026-01-01;поправка\n25;15.03.2026;закон\n")

    assert lk("import", "rules", str(vat), LK_DATABASE_URL=migrated_database).returncode == 0

    at_once = lk("rules", "--on", "2026-03-14", LK_DATABASE_URL=migrated_database).stdout
    later = lk("rules", "--on", "2026-03-15", LK_DATABASE_URL=migrated_database).stdout
    assert "поправка" in at_once
    assert "закон" not in at_once.split("vat_rates")[1].split("penalty_shares")[0]
    assert "закон" in later.split("vat_rates")[1].split("penalty_shares")[0]


def test_a_row_is_one_line_for_other_programs(migrated_database: str, tmp_path: Path):
    reason = " ".join(["постановление"] * 14)
    vat = tmp_path / "vat.csv"
    vat.write_text(f"percent;valid_from;reference\n23;2026-01-01;{reason}\n")
    assert lk("import", "rules", str(vat), LK_DATABASE_URL=migrated_database).returncode == 0

    lines = lk("rules", LK_DATABASE_URL=migrated_database).stdout.splitlines()

    assert [line.split(maxsplit=2)[2].strip() for line in lines if reason in line] == [reason]


def test_a_cabinet_filled_by_the_remedies_of_check_is_complete(
    migrated_database: str, tmp_path: Path
):
    settings = {"LK_DATABASE_URL": migrated_database}
    empty = lk("check", **settings)
    assert empty.returncode == 1
    for remedy in (
        *("lk documents publish", "lk supplier publish", "lk import accounts", "LK_ACQUIRER_SHOP"),
        *("window_rules.csv", "anomaly_rules.csv", "norms.csv", "tariffs.csv"),
    ):
        assert remedy in empty.stdout
    assert "vat_rates" not in empty.stdout

    supplier = tmp_path / "supplier.toml"
    supplier.write_text(lk("supplier", "example", **settings).stdout)
    for command in (
        ("documents", "publish", str(DOCUMENTS)),
        ("supplier", "publish", str(supplier)),
        ("import", "rules", *samples("tariffs", "range_limits", "norms")),
        ("import", "rules", *samples("window_rules", "anomaly_rules")),
        ("import", "rules", str(rate_of_today(tmp_path))),
        ("import", "accounts", *samples("accounts")),
        ("import", "meters", *samples("meters", "registers")),
        ("import", "readings", *samples("readings")),
        (
            *("import", "invoices"),
            *samples("invoices", "invoice_lines", "invoice_penalties", "invoice_readings"),
        ),
        ("import", "payments", *samples("payments", "balances")),
    ):
        done = lk(*command, folder=tmp_path, **settings)
        assert done.returncode == 0, done.stdout + done.stderr

    shop = {"LK_ACQUIRER_SHOP": "1", "LK_ACQUIRER_SECRET": "s"}
    full = lk("check", **settings, **shop)
    assert (full.returncode, full.stderr) == (0, "Nothing is missing.\n"), full.stdout
    assert re.findall(r"^(\w+) +(open|off|closed|incomplete)", full.stdout, re.MULTILINE) == [
        *(("link", "open"), ("readings", "open"), ("bills", "open"), ("receipts", "open")),
        *(("payments", "open"), ("sms", "off"), ("appeals", "open")),
    ]
    assert lk("check", **settings).returncode == 1  # without an acquirer


def rate_of_today(folder: Path) -> Path:
    """The decision that is in force, which a release can't bring."""
    path = folder / "penalty_rates.csv"
    path.write_text(f"is_cap;percent;valid_from\n0;15.5;{date.today()}\n")  # noqa: DTZ011
    return path


def test_a_server_logs_missing_items(migrated_database: str, tmp_path: Path):
    settings = {"LK_DATABASE_URL": migrated_database}
    assert lk("documents", "publish", str(DOCUMENTS), **settings).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"

    process = start_lk(
        "serve", log=log, LK_SMTP_URL="smtp://127.0.0.1:1", LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL=url, LK_PORT=str(port), **settings,
    )  # fmt: skip
    try:
        wait_for(url, lambda: process.exitcode is None)
    finally:
        process.terminate()
        process.join(30)

    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    missing = {
        (line["ability"], line["remedy"]): line["level"]
        for line in lines
        if line["event"] == "ability.closed"
    }
    assert missing["payments", "lk supplier publish supplier.toml"] == "warning"
    assert ("sms", "LK_SMSC_LOGIN and LK_SMSC_PASSWORD") not in missing


def test_shipped_rows_are_complete():
    """Each has its source, and each day of a decree differs from the calendar without it."""
    for model in FILES:
        rows = law(model)
        assert rows
        assert all(getattr(row, "reference", None) for row in rows)
