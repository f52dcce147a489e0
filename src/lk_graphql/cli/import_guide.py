"""Generator of docs/import.md, the description of all import files, from their declarations."""

from collections.abc import Iterator
from importlib import resources

from lk_graphql.exchange.errors import FAULTS
from lk_graphql.exchange.models import ExportKind
from lk_graphql.exchange.service.exports import EXPORT_SPECS, ExportSpec
from lk_graphql.import_formats.service.catalog import KINDS
from lk_graphql.import_formats.service.records import ImportFormat, Records


def guide() -> str:
    """The Markdown of docs/import.md."""
    template = resources.files("lk_graphql.exchange").joinpath("templates", "import.md")
    imports = (line for kind in KINDS.values() for line in _import_section(kind))
    exports = (line for kind, spec in EXPORT_SPECS.items() for line in _export_section(kind, spec))
    sections = (*exports, *imports, *_drastic_changes(), *_fault_codes())
    return "\n".join([template.read_text("utf-8"), *sections])


def _export_section(kind: ExportKind, spec: ExportSpec) -> Iterator[str]:
    yield f"### lk export {kind.lower()}\n"
    yield f"{spec.description}.\n"
    yield "| column | description |"
    yield "|---|---|"
    for name, description in spec.columns.items():
        yield f"| `{name}` | {description} |"
    yield ""


def _import_section(kind: ImportFormat) -> Iterator[str]:
    yield f"## lk import {kind.kind.lower()}\n"
    yield f"{kind.description}.\n"
    for records in kind.records:
        if _is_first_kind(kind, records):
            yield from _records_section(records)


def _is_first_kind(kind: ImportFormat, records: Records) -> bool:
    """Whether no kind before this one has the same records."""
    return next(other for other in KINDS.values() if records in other.records) is kind


def _records_section(records: Records) -> Iterator[str]:
    yield f"### {records.name}\n"
    yield f"{records.description} Identified by {_key_line(records)}.\n"
    yield "| column | | format | description |"
    yield "|---|---|---|---|"
    for column in records.columns:
        requirement = "required" if column.required else ""
        yield f"| `{column.name}` | {requirement} | {column.value.syntax} | {column.description} |"
    yield ""


def _key_line(records: Records) -> str:
    file_columns = {column.typed_name: (column.name,) for column in records.columns}
    file_columns |= {reference.target: reference.by for reference in records.references}
    if records.part_of:
        file_columns[records.part_of.target] = records.part_of.by
    names = [name for key in records.key for name in file_columns.get(key, (key,))]
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def _drastic_changes() -> Iterator[str]:
    yield "## Changes that need a confirmation\n"
    yield "Changes by which customers lose something on a linked account.\n"
    yield "| `lk import` | change | description |"
    yield "|---|---|---|"
    for kind in KINDS.values():
        for change in kind.drastic_changes:
            yield f"| {kind.kind.lower()} | `{change.kind}` | {change.description} |"
        if not kind.drastic_changes:
            yield f"| {kind.kind.lower()} | none | its rows remove nothing from an account |"
    yield ""


def _fault_codes() -> Iterator[str]:
    yield "## Faults of rows\n"
    yield "| code | meaning | in the report |"
    yield "|---|---|---|"
    for code, (russian, english) in FAULTS.items():
        yield f"| `{code}` | {english} | {russian} |"
    yield ""
