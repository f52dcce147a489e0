"""docs/import.md, written from the declarations: `lk import-guide` prints it."""

from collections.abc import Iterator
from importlib import resources

from lk_graphql.exchange.models import ExportKind
from lk_graphql.exchange.service.catalog import KINDS
from lk_graphql.exchange.service.faults import FAULTS
from lk_graphql.exchange.service.records import Kind, Records
from lk_graphql.exchange.service.sent import SENT, Sent


def guide() -> str:
    template = resources.files("lk_graphql.exchange").joinpath("templates", "import.md")
    kinds = (line for kind in KINDS.values() for line in _kind(kind))
    sent = (line for kind, sent in SENT.items() for line in _sent(kind, sent))
    return "\n".join([template.read_text("utf-8"), *sent, *kinds, *_codes()])


def _sent(kind: ExportKind, sent: Sent) -> Iterator[str]:
    yield f"### lk export {kind.lower()}\n"
    yield f"{sent.says}.\n"
    yield "| column | what |"
    yield "|---|---|"
    for name, says in sent.columns.items():
        yield f"| `{name}` | {says} |"
    yield ""


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## lk import {kind.kind.lower()}\n"
    yield f"{kind.says}.\n"
    for records in kind.records:
        yield from _records(records)


def _records(records: Records) -> Iterator[str]:
    yield f"### {records.name}\n"
    yield f"{records.says} Known again by {_key(records)}.\n"
    yield "| column | | how | what |"
    yield "|---|---|---|---|"
    for column in records.columns:
        must = "required" if column.required else ""
        yield f"| `{column.name}` | {must} | {column.value.written} | {column.says} |"
    yield ""


def _key(records: Records) -> str:
    by = {column.typed: (column.name,) for column in records.columns}
    by |= {one.into: one.by for one in records.references}
    if records.part_of:
        by[records.part_of.into] = records.part_of.by
    names = [name for key in records.key for name in by.get(key, (key,))]
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def _codes() -> Iterator[str]:
    yield "## What can be wrong with a row\n"
    yield "| code | what it means | in the report |"
    yield "|---|---|---|"
    for code, (russian, english) in FAULTS.items():
        yield f"| `{code}` | {english} | {russian} |"
    yield ""
