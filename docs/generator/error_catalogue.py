"""The error catalogue: each code with its cause, its cure and the mutations that give it."""

# pyright: basic

import re
from collections import defaultdict
from typing import Any

from graphql import GraphQLSchema, get_named_type

from docs.generator.reference import CODES

_IMPERATIVES = (
    *("ask", "choose", "create", "give", "keep", "look", "make", "open", "put", "read", "reload"),
    *("repeat", "request", "see", "send", "show", "sign", "start", "tell", "try", "upload", "use"),
    *("wait", "confirm", "set", "write", "it can", "another", "reopen", "reply"),
)
SHOW = "Show `message` at the field that `path` names."
_OPENING = """# Error catalogue

Refusals of mutations, from the enums of the schema. `code` (and `reason`, the same as text) is for
programs, `message` for the person, `path` names the input field. Errors beside `data` are in the
[guide](clients.md#two-kinds-of-errors). Codes never change; enums grow, so handle unknown ones as
`message` alone.
"""


def catalogue(schema: GraphQLSchema) -> str:
    """The page: a table per enum of codes, those of customers first."""
    users = _mutations_by_code(schema)
    names = [name for name in schema.type_map if name.endswith("ErrorCode")]
    ordered = sorted(names, key=lambda name: (name == "StaffErrorCode", name))
    return _OPENING + "".join(_table(schema.type_map[name], users) for name in ordered)


def cause_and_cure(code: str, description: str) -> tuple[str, str]:
    """Split a description: what begins with an imperative is the cure."""
    text = " ".join(description.split())
    parts = re.split(r"(?<=[.;:])\s+", text)
    cures = [part for part in parts if part.lower().startswith(_IMPERATIVES)]
    causes = [part for part in parts if part not in cures] or [code.replace("_", " ").capitalize()]
    return _sentence(causes), _sentence(cures) if cures else SHOW


def _sentence(parts: list[str]) -> str:
    text = " ".join(parts).rstrip(".;:")
    return f"{text[0].upper()}{text[1:]}."


def _mutations_by_code(schema: GraphQLSchema) -> dict[tuple[str, str], list[str]]:
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    mutation: Any = schema.mutation_type
    for name, field in mutation.fields.items():
        payload: Any = get_named_type(field.type)
        error: Any = get_named_type(payload.fields["errors"].type)
        codes = CODES.search(field.description or "")
        for code in re.findall(r"`(\w+)`", codes[1] if codes else ""):
            users[f"{error.name}Code", code].append(name)
    return users


def _table(enum: Any, users: dict[tuple[str, str], list[str]]) -> str:
    lines = [
        f"\n## {enum.name} {{#{enum.name}}}\n",
        f"{enum.description}\n",
        "| code | cause | what to do | given by |",
        "|---|---|---|---|",
    ]
    for code, value in enum.values.items():
        cause, cure = cause_and_cure(code, value.description or "")
        given_by = ", ".join(_mutation_link(name) for name in users.get((enum.name, code), []))
        lines.append(f"| `{code}` | {cause} | {cure} | {given_by} |")
    return "\n".join(lines) + "\n"


def _mutation_link(name: str) -> str:
    page = "staff" if name.startswith("staff") else "mutations"
    return f"[`{name}`](reference/{page}.md#{name})"
