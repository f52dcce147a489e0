"""What is asked of every server: a folder for each operation.

`operation.graphql` is asked of every GraphQL server, unless a file with the server's name is beside
it: PostGraphile derives other names from the tables. `limit.sql` is the same by hand. Whatever is
asked, the answer must be the same JSON.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import KEY
from benchmarks.seed import Customer

FOLDER = Path(__file__).parent / "operations"


@dataclass(frozen=True)
class Operation:
    name: str
    title: str

    def document(self, server: str) -> str:
        own = FOLDER / self.name / f"{server}.graphql"
        shared = FOLDER / self.name / "operation.graphql"
        return (own if own.exists() else shared).read_text()

    def asked(self, server: str, customer: Customer) -> str:
        """The whole HTTP request."""
        document = self.document(server)
        asked = {
            "query": document,
            "operationName": self.name.capitalize(),
            "variables": variables(document, server, customer),
        }
        return http_request(json.dumps(asked), customer.token)


def variables(document: str, server: str, customer: Customer) -> dict[str, str]:
    """What the document names; PostGraphile asks by the key itself, the others by public ids."""
    ids = {
        "register": ("reg_", customer.register),
        "account": ("acc_", customer.account),
        "day": ("reg_", customer.register),
        "night": ("reg_", customer.night),
        "key": ("", KEY),
    }
    return {
        name: key if server == "postgraphile" else f"{prefix}{key}"
        for name, (prefix, key) in ids.items()
        if f"${name}" in document
    }


def http_request(body: str, token: str) -> str:
    lines = (
        "POST /graphql HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        "Accept: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", body))


TINY = Operation("tiny", "Tiny: { viewer { email } }")
OPERATIONS = (
    Operation("dashboard", "Dashboard: 3 accounts, 18 bills, 90 lines, 6 meters, 12 readings"),
    Operation("readings", "List: 100 readings of one register, by its id"),
    TINY,
    Operation("submit", "Write: two readings of a meter, once for each idempotency key"),
)
