"""What is asked of a supplier of any size: our examples' operations, and commands' look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from lk_graphql.identity.queries import session_sql
from lk_graphql.kit.ids import to_public

EXAMPLES = Path(__file__).parents[1] / "examples" / "operations"


@dataclass(frozen=True)
class Asker:
    """A customer: an account, its number, a register of its meter."""

    email: str
    account: UUID
    number: str
    register: UUID

    @property
    def token_hash(self) -> bytes:
        """The token is the address: `suppliers.SESSIONS` opens such sessions."""
        return sha256(self.email.encode()).digest()

    @property
    def ids(self) -> Mapping[str, str]:
        return {
            "account": to_public("acc", self.account),
            "register": to_public("reg", self.register),
        }


@dataclass(frozen=True)
class Question:
    """An operation for the reader; `variables` says which of the asker's ids each is."""

    title: str
    document: str
    operation: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, asker: Asker) -> Mapping[str, str]:
        return {name: asker.ids[of] for name, of in self.variables.items()}


@dataclass(frozen=True)
class LookUp:
    """A statement of a command, as its querysets say it; `argument` is an attribute of an asker."""

    title: str
    statement: str
    argument: str

    def of(self, asker: Asker) -> object:
        return getattr(asker, self.argument)


def example(title: str, file: str, operation: str, **variables: str) -> Question:
    return Question(title, (EXAMPLES / f"{file}.graphql").read_text(), operation, variables)


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
    Question("node(id)", NODE, variables={"id": "register"}),
    example("Own sessions", "06-sessions", "MySessions"),
    LookUp("Who asks", session_sql(now="now()"), "token_hash"),
    LookUp("Who signs in", BY_EMAIL, "email"),
    LookUp("Proof: the account", BY_NUMBER, "number"),
    LookUp("Proof: its bills", BILLS, "account"),
    LookUp("Proof: its readings", READINGS, "account"),
)
