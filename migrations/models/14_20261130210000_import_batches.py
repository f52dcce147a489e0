"""Large imports in batches: their progress, a schema for their staged rows, and quiet batches."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


def _function(condition: str) -> str:
    return f"""
        -- Whatever changes what a person has publishes the person at the commit (decision 0233).
        -- A statement with many rows, such as the notices of a month, publishes all people once.
        -- The batches of an import publish nothing; its end publishes all people.
        CREATE OR REPLACE FUNCTION publish_user_changes() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            keys text[];
        BEGIN{condition}
            SELECT array_agg(to_jsonb(few) ->> TG_ARGV[0]) INTO keys
            FROM (SELECT * FROM changed LIMIT 101) few;
            IF cardinality(keys) > 100 THEN keys := ARRAY['*']; END IF;
            PERFORM pg_notify('lk_signal', 'user ' || replace(key, '-', ''))
            FROM unnest(keys) key WHERE key IS NOT NULL;
            RETURN NULL;
        END $$;"""  # noqa: S608 - constants


_STATES = "\n".join(
    f"{state}: {state}"
    for state in (
        "WAITING",
        "RUNNING",
        "DONE",
        "CHECKED",
        "REFUSED",
        "NEEDS_CONFIRMATION",
        "FAILED",
        "INTERRUPTED",
    )
)
_STATES_SINCE = _STATES.replace("DONE", "APPLYING: APPLYING\nDONE", 1)
_QUIET = """
            IF current_setting('lk.import_batch', true) = 'on' THEN RETURN NULL; END IF;"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        SET LOCAL lock_timeout = '300ms';
        CREATE SCHEMA IF NOT EXISTS "import_staging";
        ALTER TABLE "import_run" ADD "batches" INT;
        ALTER TABLE "import_run" ADD "batches_written" INT NOT NULL DEFAULT 0;
        COMMENT ON COLUMN "import_run"."state" IS '{_STATES_SINCE}';
        {_function(_QUIET)}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f"""{_function("")}
        COMMENT ON COLUMN "import_run"."state" IS '{_STATES}';
        ALTER TABLE "import_run" DROP COLUMN "batches";
        ALTER TABLE "import_run" DROP COLUMN "batches_written";
        DROP SCHEMA "import_staging" CASCADE;"""
