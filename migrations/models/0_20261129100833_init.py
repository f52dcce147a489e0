"""The schema as one script, `init.sql`: no release has carried the steps that led to it."""

from pathlib import Path

from aerich.exceptions import DowngradeError
from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return Path(__file__).with_name("init.sql").read_text("utf-8")


async def downgrade(db: BaseDBAsyncClient) -> str:
    raise DowngradeError(
        "The initial migration can't be undone, because nothing would be left."
        " To start over, drop the database and create an empty one."
    )
