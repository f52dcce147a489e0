"""The tables of dated rules, and the rows that law sets for all suppliers: `migrations/law`."""

import csv
from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

LAW = Path(__file__).parents[1] / "law"
TABLES = {
    "vat_rates": "vat_rate",
    "penalty_rates": "penalty_rate",
    "penalty_shares": "penalty_share",
    "due_rules": "due_rule",
    "estimate_rules": "estimate_rule",
    "calendar_days": "calendar_day",
}
COLUMNS = {"decision": "reference"}


def law_rows() -> str:
    """INSERT statements of the files' rows; a row that an operator has entered before stays."""
    return "".join(_insert(LAW / f"{name}.csv", table) for name, table in TABLES.items())


def _insert(path: Path, table: str) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    columns = ", ".join(COLUMNS.get(name, name) for name in header)
    values = ",\n    ".join(f"(new_key(), {', '.join(map(_literal, row))})" for row in rows)
    return f'\nINSERT INTO "{table}" (id, {columns}) VALUES\n    {values}\nON CONFLICT DO NOTHING;'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'" if value else "NULL"


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "calendar_day" (
    "id" UUID NOT NULL PRIMARY KEY,
    "day" DATE NOT NULL UNIQUE,
    "is_working" BOOL NOT NULL,
    "reference" VARCHAR(200) NOT NULL,
    "data_as_of" TIMESTAMPTZ
);
COMMENT ON TABLE "calendar_day" IS 'An exception to the calendar: a working day or a day off («производственный календарь»).';
        CREATE TABLE IF NOT EXISTS "penalty_share" (
    "id" UUID NOT NULL PRIMARY KEY,
    "days_late" SMALLINT NOT NULL,
    "divisor" SMALLINT,
    "valid_from" DATE NOT NULL,
    "reference" VARCHAR(200) NOT NULL,
    "data_as_of" TIMESTAMPTZ,
    CONSTRAINT "uid_penalty_sha_valid_f_043feb" UNIQUE ("valid_from", "days_late")
);
COMMENT ON TABLE "penalty_share" IS 'The part of the rate that a day of delay costs: 1/`divisor`, from day `days_late` on.';
        ALTER TABLE "erasure_term" ADD "data_as_of" TIMESTAMPTZ;
        ALTER TABLE "penalty_rate" ADD "reference" VARCHAR(200);
        ALTER TABLE "range_limit" ADD "order_reference" VARCHAR(200);
        ALTER TABLE "vat_rate" ADD "data_as_of" TIMESTAMPTZ;
        ALTER TABLE "payment_terms" ADD "data_as_of" TIMESTAMPTZ;
        ALTER TABLE "answer_term" ADD "data_as_of" TIMESTAMPTZ;
        COMMENT ON COLUMN "import_run"."kind" IS 'ACCOUNTS: ACCOUNTS\nMETERS: METERS\nREADINGS: READINGS\nINVOICES: INVOICES\nPAYMENTS: PAYMENTS\nTARIFFS: TARIFFS\nRULES: RULES\nAPPEALS: APPEALS';""" + law_rows()


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "vat_rate" DROP COLUMN "data_as_of";
        COMMENT ON COLUMN "import_run"."kind" IS 'ACCOUNTS: ACCOUNTS\nMETERS: METERS\nREADINGS: READINGS\nINVOICES: INVOICES\nPAYMENTS: PAYMENTS\nTARIFFS: TARIFFS\nAPPEALS: APPEALS';
        ALTER TABLE "answer_term" DROP COLUMN "data_as_of";
        ALTER TABLE "range_limit" DROP COLUMN "order_reference";
        ALTER TABLE "erasure_term" DROP COLUMN "data_as_of";
        ALTER TABLE "penalty_rate" DROP COLUMN "reference";
        ALTER TABLE "payment_terms" DROP COLUMN "data_as_of";
        DROP TABLE IF EXISTS "penalty_share";
        DROP TABLE IF EXISTS "calendar_day";"""


MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")
