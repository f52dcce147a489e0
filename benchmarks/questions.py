"""The queries for suppliers of any size: the examples' operations, and statements of commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from lk_graphql.identity.service.sessions import session_sql
from lk_graphql.kit.ids import to_public

EXAMPLES = Path(__file__).parents[1] / "examples" / "operations"


@dataclass(frozen=True)
class BenchmarkUser:
    """A customer with an account, its number, and a register of its meter."""

    email: str
    account: UUID
    number: str
    register: UUID

    @property
    def token_hash(self) -> bytes:
        """The token is the email address, as in `suppliers.SESSIONS`."""
        return sha256(self.email.encode()).digest()

    @property
    def ids(self) -> Mapping[str, str]:
        return {
            "account": to_public("acc", self.account),
            "register": to_public("reg", self.register),
        }


@dataclass(frozen=True)
class QueryCase:
    """An operation for the query engine; `variables` names the user's id for each variable."""

    title: str
    document: str
    operation: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, user: BenchmarkUser) -> Mapping[str, str]:
        return {name: user.ids[of] for name, of in self.variables.items()}


@dataclass(frozen=True)
class StatementCase:
    """A statement of a command's queryset; `argument` is an attribute of the user."""

    title: str
    statement: str
    argument: str

    def of(self, user: BenchmarkUser) -> object:
        return getattr(user, self.argument)


def example(title: str, file: str, operation: str, **variables: str) -> QueryCase:
    return QueryCase(title, (EXAMPLES / f"{file}.graphql").read_text(), operation, variables)


NODE = "query($id: ID!) { node(id: $id) { id ... on Register { label zone } } }"
BY_EMAIL = (
    'SELECT * FROM "user" WHERE email_key = $1 ORDER BY activated_at, created_at DESC LIMIT 1'
)
BY_NUMBER = "SELECT * FROM account WHERE number = $1"
BILLS = "SELECT * FROM invoice WHERE account_id = $1 ORDER BY period DESC LIMIT 2"
READINGS = """
SELECT newest.value FROM meter JOIN register ON meter_id = meter.id
CROSS JOIN LATERAL (SELECT value FROM reading WHERE register_id = register.id
  AND state = 'ACCEPTED' ORDER BY taken_on DESC, id DESC LIMIT 1) newest
WHERE account_id = $1 AND removed_on IS NULL"""

QUESTIONS = (
    example("Dashboard", "03-dashboard", "Dashboard"),
    example("Page of bills", "05-history", "BillArchive", accountId="account"),
    example("Page of payments", "05-history", "PaymentHistory", accountId="account"),
    example("Page of readings", "05-history", "ReadingHistory", registerId="register"),
    QueryCase("node(id)", NODE, variables={"id": "register"}),
    example("Own sessions", "06-sessions", "MySessions"),
    StatementCase("Who asks", session_sql(now="now()"), "token_hash"),
    StatementCase("Who signs in", BY_EMAIL, "email"),
    StatementCase("Proof: the account", BY_NUMBER, "number"),
    StatementCase("Proof: its bills", BILLS, "account"),
    StatementCase("Proof: its readings", READINGS, "account"),
)
