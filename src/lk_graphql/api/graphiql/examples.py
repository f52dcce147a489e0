"""The example operations of the page: one entry per operation, each with its own variables."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    OperationDefinitionNode,
    parse,
    print_ast,
    separate_operations,
)

from lk_graphql.api.audience import is_staff_document

_COMMAND = " " * 5
_STEP = re.compile(r"\d+\. ")


@dataclass(frozen=True)
class ExampleOperation:
    """One operation with the fragments that it spreads; `variables` is JSON text."""

    name: str
    kind: str
    query: str
    variables: str | None = None


@dataclass(frozen=True)
class Example:
    """A file of operations; its first comment is its title and its guide."""

    title: str
    guide: str
    is_for_staff: bool
    operations: tuple[ExampleOperation, ...]


def read_examples(folder: Path) -> list[Example]:
    """The `*.graphql` files of a folder, by name, each with the variables in its `.json`."""
    return [_read_example(file) for file in sorted(folder.glob("*.graphql"))]


def _read_example(file: Path) -> Example:
    text = file.read_text("utf-8").strip()
    values = file.with_suffix(".json")
    variables: dict[str, Any] = orjson.loads(values.read_bytes()) if values.is_file() else {}
    title, guide = _opening_comment(text)
    operations = separate_operations(parse(text))
    return Example(
        title or file.stem,
        guide,
        is_staff_document(text),
        tuple(_operation(name, document, variables) for name, document in operations.items()),
    )


def _opening_comment(text: str) -> tuple[str, str]:
    """The first paragraph on one line, and the rest: a line per step, paragraph and command."""
    lines = list[str]()
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").removeprefix(" "))
    title, _, guide = "\n".join(lines).partition("\n\n")
    return title.replace("\n", " ").strip(), _joined(guide.strip())


def _joined(guide: str) -> str:
    lines = list[str]()
    for line in guide.splitlines():
        begins = not line or line.startswith(_COMMAND) or _STEP.match(line)
        if begins or not lines or not lines[-1] or lines[-1].startswith(_COMMAND):
            lines.append(line)
        else:
            lines[-1] += f" {line.strip()}"
    return "\n".join(lines)


def _operation(name: str, document: DocumentNode, variables: dict[str, Any]) -> ExampleOperation:
    (definition,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    names = [node.variable.name.value for node in definition.variable_definitions or ()]
    own = {name: variables[name] for name in names if name in variables}
    text = orjson.dumps(own, option=orjson.OPT_INDENT_2).decode() if own else None
    return ExampleOperation(name, definition.operation.value, print_ast(document), text)
