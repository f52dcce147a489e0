"""The operations of the benchmarks, a folder for each.

`operation.graphql` is sent to each GraphQL server with these fields, unless there is a file with
the server's name: PostGraphile derives other names from the tables. `limit.sql` is the hand-written
statement. All servers must answer with the same JSON.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import KEY
from benchmarks.seed import SeededCustomer

FOLDER = Path(__file__).parent / "operations"


@dataclass(frozen=True)
class BenchmarkOperation:
    name: str
    title: str
    has_peers: bool = True
    """False: no other server answers it."""

    def document(self, server: str) -> str:
        server_file = FOLDER / self.name / f"{server}.graphql"
        common_file = FOLDER / self.name / "operation.graphql"
        return (server_file if server_file.exists() else common_file).read_text()

    def request(self, server: str, customer: SeededCustomer) -> str:
        """The complete HTTP request."""
        document = self.document(server)
        body = {
            "query": document,
            "operationName": self.name.capitalize(),
            "variables": variables(document, server, customer),
        }
        return http_request(json.dumps(body), customer.token)


def variables(document: str, server: str, customer: SeededCustomer) -> dict[str, str]:
    """The variables of a document; keys for PostGraphile, public ids for the others."""
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


TINY = BenchmarkOperation("tiny", "Tiny: { viewer { email } }")
OPERATIONS = (
    BenchmarkOperation(
        "dashboard", "Dashboard: 3 accounts, 18 bills, 90 lines, 6 meters, 12 readings"
    ),
    BenchmarkOperation("readings", "List: 100 readings of one register, by its id"),
    TINY,
    BenchmarkOperation("submit", "Write: two readings of a meter, once for each idempotency key"),
    BenchmarkOperation("settings", "Settings: what forms need of publicSettings", has_peers=False),
    BenchmarkOperation("start", "Start page: settings and dashboard together", has_peers=False),
)
