from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

_TABLES = {
    "user": "id",
    "account_link": "user_id",
    "notice": "user_id",
    "personal_data_export": "user_id",
    "upload": "user_id",
}
"""The tables that publish a change of a person, and the column with the person's key."""


def _trigger(table: str, column: str, event: str) -> str:
    return f"""
        CREATE TRIGGER publish_user_{event.lower()} AFTER {event} ON "{table}"
        REFERENCING {"OLD" if event == "DELETE" else "NEW"} TABLE AS changed FOR EACH STATEMENT
        EXECUTE FUNCTION publish_user_changes({column});"""


_FUNCTION = """
        SET LOCAL lock_timeout = '300ms';
        -- Whatever changes what a person has publishes the person at the commit (decision 0233).
        -- A statement with many rows, such as the notices of a month, publishes all people once.
        CREATE FUNCTION publish_user_changes() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            keys text[];
        BEGIN
            SELECT array_agg(to_jsonb(few) ->> TG_ARGV[0]) INTO keys
            FROM (SELECT * FROM changed LIMIT 101) few;
            IF cardinality(keys) > 100 THEN keys := ARRAY['*']; END IF;
            PERFORM pg_notify('lk_signal', 'user ' || replace(key, '-', ''))
            FROM unnest(keys) key WHERE key IS NOT NULL;
            RETURN NULL;
        END $$;"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    events = ("INSERT", "UPDATE", "DELETE")
    triggers = [_trigger(*table, event) for table in _TABLES.items() for event in events]
    return "".join([_FUNCTION, *triggers])


async def downgrade(db: BaseDBAsyncClient) -> str:
    return "DROP FUNCTION publish_user_changes() CASCADE;"
