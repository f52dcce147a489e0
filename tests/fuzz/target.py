"""The server under fuzz: `lk serve` over a database of the demo, and sessions of all kinds."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson

from lk_graphql.billing.service.receipts.storage import ROUTE
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.planner.catalog import Catalog
from lk_graphql.planner.declare.tables import table
from lk_graphql.schema import graphql_schema
from tests.factories.accounts import LINKS

IDS_OF_A_TYPE = 5
_OPEN_SESSION = """
INSERT INTO session (id, user_id, token_hash, client_address, user_agent, created_at, expires_at)
SELECT $1, id, $2, '127.0.0.1', 'fuzz', now(), now() + interval '1 day'
FROM "user" WHERE email = $3"""
_OPEN_STAFF_SESSION = """
INSERT INTO staff_session
    (id, member_id, token_hash, client_address, user_agent, created_at, seen_at, expires_at)
SELECT $1, id, $2, '127.0.0.1', 'fuzz', now(), now(), now() + interval '12 hours'
FROM staff_member WHERE email = $3"""
_ADD_CAPTCHA = """
INSERT INTO captcha (id, picture_hash, audio_hash, failures, created_at, expires_at)
VALUES ($1, $2, $2, 0, now(), now() + interval '1 day')"""
_FORGIVE = """
DELETE FROM attempts; UPDATE "user" SET locked_at = NULL; UPDATE staff_member SET locked_at = NULL;
DELETE FROM upload WHERE taken_at IS NULL; UPDATE captcha SET failures = 0, used_at = NULL"""
_OPEN_CALENDAR = (
    b'{"query": "mutation { calendarFeedSwitch(input: {on: true}) { viewer { calendarUrl } } }"}'
)
_CREATE_UPLOAD = "mutation ($input: UploadCreateInput!) { uploadCreate(input: $input) { url } }"
CUSTOMERS = ("demo@example.com", "family@example.com")
STAFF = ("clerk@example.com", "supervisor@example.com", "admin@example.com")
GUEST = ""


@dataclass
class FuzzTarget:
    """The address, the log and the database of a server, and what its data is reached by."""

    url: str
    log: Path
    database: asyncpg.Connection
    http: httpx.AsyncClient
    ids: list[str] = field(default_factory=list[str])
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    """Bearer tokens by login."""
    links: dict[str, str] = field(default_factory=dict[str, str])
    """Valid paths of files and pages by kind."""
    fixed: dict[str, Any] = field(default_factory=dict[str, Any])

    async def prepare(self) -> None:
        """Collect ids of all types and open sessions."""
        for declared in Catalog(graphql_schema).nodes.values():
            statement = f"SELECT id FROM {table(declared.model)} LIMIT {IDS_OF_A_TYPE}"
            rows = await self.database.fetch(statement)
            self.ids += [to_public(declared.prefix, row["id"]) for row in rows]
        self.ids += [to_public("acc", new_key()), "acc_", "acc_" + "0" * 32, "zzz_" + "1" * 32]
        key = new_key()
        code = bytes.fromhex(LINKS.fingerprint("captcha", f"{key}:A7K2"))
        await self.database.execute(_ADD_CAPTCHA, key, code)
        self.fixed["CaptchaAnswerInput"] = {"id": to_public("cap", key), "code": "A7K2"}
        await self.renew()
        self.links["receipt"] = await self._receipt_link()
        self.links["calendar"] = await self._calendar_link()

    async def renew(self) -> None:
        """Open new sessions, unlock everybody and forget all attempts."""
        await self.database.execute(_FORGIVE)
        for login in (*CUSTOMERS, *STAFF):
            token = secrets.token_urlsafe()
            statement = _OPEN_SESSION if login in CUSTOMERS else _OPEN_STAFF_SESSION
            digest = sha256(token.encode()).digest()
            await self.database.execute(statement, new_key(), digest, login)
            self.tokens[login] = token

    async def post(self, login: str, body: bytes, **headers: str) -> httpx.Response:
        sent = {"content-type": "application/json", **headers}
        if login:
            sent["authorization"] = f"Bearer {self.tokens[login]}"
        return await self.http.post("/graphql", content=body, headers=sent)

    def signed_tokens(self) -> list[str]:
        """Genuine tokens of the wrong purpose, and broken ones."""
        key = new_key()
        genuine = [LINKS.sign(purpose, key, b"") for purpose in ("UNSUBSCRIBE", "UPLOAD", "x")]
        return [*genuine, genuine[0][:-1], genuine[0] + "=", "key-1", "ключ", "A" * 64]

    async def upload(self, content: bytes, name: str, media_type: str) -> httpx.Response:
        """The answer to the PUT of a file."""
        form = {"fileName": name, "contentType": media_type, "size": len(content)}
        body = orjson.dumps({"query": _CREATE_UPLOAD, "variables": {"input": form}})
        created = (await self.post(CUSTOMERS[0], body)).json()["data"]["uploadCreate"]
        path = created["url"].removeprefix("https://lk.example")
        return await self.http.put(path, content=content)

    async def _calendar_link(self) -> str:
        answer = (await self.post(CUSTOMERS[0], _OPEN_CALENDAR)).json()["data"]
        url: str = answer["calendarFeedSwitch"]["viewer"]["calendarUrl"]
        return url.removeprefix("https://lk.example")

    async def _receipt_link(self) -> str:
        row: Any = await self.database.fetchrow(
            "SELECT invoice.id, session.id AS session_id FROM invoice"
            " JOIN account_link AS link USING (account_id) JOIN session USING (user_id)"
            " ORDER BY session.created_at DESC LIMIT 1"
        )
        urls = FileUrls(row["session_id"], datetime.now(UTC), "", LINKS)
        return str(urls.of(ROUTE, row["id"]))


def fault_of(answer: httpx.Response) -> str | None:
    """Why an answer of /graphql is a fault of the server; None if it isn't."""
    if answer.status_code >= 500 and answer.status_code != 503:
        return f"status {answer.status_code}"
    content = orjson.loads(answer.content)
    codes = {error["extensions"]["code"] for error in content.get("errors", ())}
    if "INTERNAL" in codes:
        return "INTERNAL"
    if answer.status_code == 503 and codes != {"UNAVAILABLE"}:
        return f"503 with {codes}"
    if any(not error["message"] for error in content.get("errors", ())):
        return "an error without a message"
    return None


def unlogged(log: Path, request_ids: Sequence[str]) -> set[str]:
    """The ids of requests without exactly one line in the log."""
    lines = [orjson.loads(line) for line in log.read_bytes().splitlines() if line[:1] == b"{"]
    logged = [line["request_id"] for line in lines if line.get("event") == "request"]
    return {key for key in request_ids if logged.count(key) != 1}


def unexpected_lines(log: Path) -> list[str]:
    """Lines of unexpected exceptions."""
    marks = ("Traceback", "internal error", "Exception in ASGI", "Task exception was never")
    return [
        line for line in log.read_text(errors="replace").splitlines()
        if any(mark in line for mark in marks)
    ]  # fmt: skip
