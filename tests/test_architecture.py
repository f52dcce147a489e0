"""The shape of `src/`, where import-linter (in pyproject.toml) has no word for it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from lk_graphql import hooks, schema
from lk_graphql.database import SLICES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lk_graphql"
FILES = sorted(SOURCE.rglob("*.py"))

LONGEST_FILE = 450
LONGEST_FUNCTION = 45

MODULES = {
    *("__init__", "models", "errors", "service", "types", "extensions"),
    *("hooks", "queries", "mutations", "subscriptions", "jobs", "routes"),
}
"""What a slice may consist of, as files or as packages of the same name."""
RESOURCES = {"templates", "documents"}
KNOWN_TO_OTHERS = {"models", "errors", "service"}
"""What of a slice another slice's models, errors and services may import."""
GRAPH = {"types", "extensions", "queries", "mutations", "subscriptions"}

OF_LIBRARIES = r"PROMETHEUS_MULTIPROC_DIR"
"""Variables by which a library is told something, and by nothing else."""

VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|common|base|misc|process(or)?)$|^data$")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def slice_files() -> Iterator[tuple[str, str, Path]]:
    """Slice, module and file of all Python files of all slices."""
    for slice_ in SLICES:
        for file in sorted((SOURCE / slice_).rglob("*.py")):
            yield slice_, file.relative_to(SOURCE / slice_).parts[0].removesuffix(".py"), file


@dataclass(frozen=True)
class Facts:
    """What the tests below ask about a file: to parse it takes longer than all of them."""

    imports: list[tuple[str, ...]]
    """Our modules that it imports, as paths from `lk_graphql`: ("identity", "models")."""
    functions: list[tuple[str, int]]
    """Name and lines of each function, the docstring not counted."""
    is_explained: bool


@cache
def facts_of(file: Path) -> Facts:
    tree = ast.parse(file.read_text())
    nodes = [*ast.walk(tree)]
    paths = [path for node in nodes for path in imports(node)]
    functions = [
        (node.name, length(node))
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return Facts(paths, functions, bool(ast.get_docstring(tree)))


def imports(node: ast.AST) -> Iterator[tuple[str, ...]]:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    for name in names:
        if name.startswith("lk_graphql."):
            yield tuple(name.split(".")[1:])


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    said = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if said else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_a_slice_has_only_files_of_the_vocabulary():
    strangers = {
        name_of(path)
        for slice_ in SLICES
        for path in (SOURCE / slice_).iterdir()
        if path.name != "__pycache__"
        and path.name not in RESOURCES
        and path.name.removesuffix(".py") not in MODULES
    }
    assert strangers == set()


def test_slices_know_each_other_through_few_doors():
    """Importing a foreign `jobs`, `mutations` or `templates` ties two slices together."""
    wrong = {
        (name_of(file), ".".join(path))
        for slice_, module, file in slice_files()
        for path in facts_of(file).imports
        if path[0] in SLICES and path[0] != slice_ and len(path) > 1
        if path[1] not in KNOWN_TO_OTHERS | (GRAPH if module in GRAPH else set())
    }
    assert wrong == set()


def test_a_service_keeps_its_private_names():
    """An underscore before a name means: of this module."""
    wrong = {
        (name_of(file), ".".join(path))
        for file in FILES
        for path in facts_of(file).imports
        if any(part.startswith("_") and not part.startswith("__") for part in path)
    }
    assert wrong == set()


def test_the_environment_is_read_in_one_place():
    readers = {
        name_of(file)
        for file in FILES
        for line in file.read_text().splitlines()
        if re.search(r"\b(environ|getenv)\b", line) and not re.search(OF_LIBRARIES, line)
    }
    assert readers == set()  # settings.py leaves it to pydantic-settings


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_files_and_functions_are_short(file: Path):
    assert len(file.read_text().splitlines()) <= LONGEST_FILE
    assert [one for one in facts_of(file).functions if one[1] > LONGEST_FUNCTION] == []


def test_names_say_what_is_inside():
    assert [name_of(file) for file in FILES if VAGUE.search(file.stem)] == []


def test_every_module_says_what_it_is_for():
    silent = [name_of(file) for file in FILES if not facts_of(file).is_explained]
    assert silent == []


def test_every_module_that_declares_something_is_listed():
    """`lk_graphql.schema` and `lk_graphql.hooks` import them by name, never by search."""
    listed = {module.__name__ for module in (*schema.GRAPH, *hooks.HOOKS, *hooks.JOBS)}
    there = {
        f"lk_graphql.{slice_}.{module}"
        for slice_, module, _ in slice_files()
        if module in {"extensions", "queries", "mutations", "subscriptions", "hooks", "jobs"}
    }
    assert listed == there | {"lk_graphql.ports.jobs.queue"}


UNFILLED = """
from lk_graphql import hooks, schema
from lk_graphql.accounts.service.verification import EVIDENCE
from lk_graphql.accounts.service.audit import LISTENERS
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.notifications.service.calendar import SOURCES
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.profile.service.personal_data import REGISTRY
from lk_graphql.profile.service.consents import END_ACTIONS
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS
registries = EVIDENCE, LISTENERS, SOURCES, ABOUT, REGISTRY, END_ACTIONS
print(*(key for registry in registries for key in registry), *vars(BILLING), len(DOWNLOAD_KINDS))
hooks.load_hooks()
before = [dict(registry) for registry in (*registries, DOWNLOAD_KINDS)]
hooks.load_hooks()
assert before == [dict(registry) for registry in (*registries, DOWNLOAD_KINDS)]
assert all(before)
"""


def test_registries_are_filled_by_hooks_and_not_by_imports():
    done = subprocess.run(
        [sys.executable, "-c", UNFILLED], check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["2"]  # the two kinds of download that uploads have themselves
