"""A collection for Bruno: a request for each example operation, and the demo's address."""

import json
from collections.abc import Iterable, Iterator

from lk_graphql.api.graphiql.examples import Example, ExampleOperation

DEMO = "http://127.0.0.1:8000"


def collection(examples: Iterable[Example]) -> Iterator[tuple[str, str]]:
    """The files of the collection: path and text. Cookies keep the session between requests."""
    about = {"version": "1", "name": "lk_graphql", "type": "collection"}
    yield "bruno.json", json.dumps(about, indent=2) + "\n"
    yield "environments/demo.bru", f"vars {{\n  url: {DEMO}\n}}\n"
    for number, example in enumerate(examples, 1):
        audience = "Staff" if example.is_for_staff else "Customers"
        title = example.title.rpartition(" · ")[2].replace("/", "-").rstrip(".")
        for position, operation in enumerate(example.operations, 1):
            path = f"{audience}/{number:02} {title}/{operation.name}.bru"
            yield path, request(operation, position)


def request(operation: ExampleOperation, position: int) -> str:
    """A request in Bruno's markup."""
    blocks = [
        f"meta {{\n  name: {operation.name}\n  type: graphql\n  seq: {position}\n}}",
        "post {\n  url: {{url}}/graphql\n  body: graphql\n  auth: none\n}",
        f"body:graphql {{\n{_indented(operation.query)}\n}}",
    ]
    if operation.variables:
        blocks.append(f"body:graphql:vars {{\n{_indented(operation.variables)}\n}}")
    return "\n\n".join(blocks) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())
