from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

_FOLDER = Path(__file__).parent


async def upgrade(db: BaseDBAsyncClient) -> str:
    return (_FOLDER / "estimate_steps.sql").read_text("utf-8")


async def downgrade(db: BaseDBAsyncClient) -> str:
    return (_FOLDER / "estimate_steps_down.sql").read_text("utf-8")
