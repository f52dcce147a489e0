"""Rules about the shape of the tree that import-linter and ruff can't express.

Each rule has its sentence in CONTRIBUTING.md, section "Rules".
"""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from lk_graphql import hooks, schema
from lk_graphql.database import SLICES
from lk_graphql.ports.jobs.registry import JOBS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lk_graphql"
FILES = sorted(SOURCE.rglob("*.py"))
CODE = [
    *FILES,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "benchmarks").rglob("*.py")),
]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

LONGEST_FILE = 450
LONGEST_FUNCTION = 45
FRAGMENT = 40
"""Lines below which a module with a single importer beside it is part of that importer."""
MOST_MODULES = 25
"""Modules of a slice, `__init__` not counted."""
MOST_SERVICES = 12

VOCABULARY = {
    *("__init__", "models", "errors", "service", "types", "extensions", "hooks"),
    *("queries", "mutations", "subscriptions", "jobs", "routes"),
}
"""The modules that a slice may consist of, as files or as packages of the same name."""
TYPES = {"objects", "inputs", "payloads"}
KNOWN_TO_OTHERS = {"models", "errors", "service"}
"""Modules of a slice that another slice's models, errors and services may import."""
GRAPH = {"types", "extensions", "hooks", "queries", "mutations", "subscriptions"}

PRIVATE_NAMES = {
    ("src/lk_graphql/database/__init__.py", "_enable_global_fallback"): (
        "Tortoise's context must be seen by the tasks of requests; there is no public switch"
    ),
    ("src/lk_graphql/database/engine.py", "_connection"): (
        "docs/upstream/tortoise-begin-cancelled.md: a cancelled BEGIN must give its connection back"
    ),
    ("src/lk_graphql/database/engine.py", "_in_transaction"): (
        "the only place where Tortoise makes the transaction that the same page is about"
    ),
    ("src/lk_graphql/database/engine.py", "_pool_init_lock"): ("an argument of that transaction"),
    ("src/lk_graphql/planner/declare/tables.py", "_meta"): (
        "Tortoise describes models publicly, but hands out field objects only here"
    ),
    ("src/lk_graphql/ports/captcha/picture.py", "_draw_character"): (
        "the library draws a warped letter publicly only as part of a whole, pale picture"
    ),
    ("src/lk_graphql/schema.py", "_schema"): (
        "Strawberry has no public access to the graphql-core schema that the planner compiles for"
    ),
}
"""Private names of libraries that we use, by file, each with its reason; at most eight."""
OF_NAMED_TUPLES = {"_asdict", "_fields", "_make", "_replace"}
"""Documented by the standard library."""

LIBRARY_VARIABLES = re.compile(r"PROMETHEUS_MULTIPROC_DIR|SOURCE_DATE_EPOCH")
"""Environment variables that configure a library and have no other way in."""

VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|common|base|misc|process(or)?)$|^data$")
PRIVATE_WORDS = {
    *("armour", "vigil", "witness", "witnessed", "unwatched", "patience", "ear", "obstacle"),
    *("hopeless", "visit", "dossier", "dossiers", "landing", "landings", "wish", "wishes"),
    *("letter", "remembered", "truth", "looks", "borders", "promises", "whole"),
    *("asking", "asked", "told", "tell", "said", "shown", "found", "known", "kept", "wanted"),
    *("given", "mine", "theirs", "lent", "demanded", "hearing", "hearers", "telling", "doing"),
    *("forget", "forgotten", "hear", "heard"),
}
"""Words of public names that are metaphors or bare participles (docs/glossary.md)."""
WORDS_OF_SPEECH = {
    *("tells", "says", "say", "speaks", "asks", "hears", "listens", "nobody", "somebody"),
    *("anybody", "everybody", "stranger", "strangers", "whoever", "away", "taken", "noted"),
    *("looked", "looking", "try", "tries", "remembers", "lives", "dies", "aloud"),
}
"""Words that names of tests have instead of the glossary's."""
TERMS = {"known", "found", "letter"}
"""Of `PRIVATE_WORDS`, parts of terms: a known device, is not found, a dead letter."""
PRONOUNS = re.compile(r"(What|Who|Whom|Whose|Where|How)\b")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def module_of(file: Path) -> str:
    parts = file.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in FILES}


def slice_files() -> Iterator[tuple[str, str, Path]]:
    """Slice, module and file of all Python files of all slices."""
    for slice_ in SLICES:
        for file in sorted((SOURCE / slice_).rglob("*.py")):
            yield slice_, file.relative_to(SOURCE / slice_).parts[0].removesuffix(".py"), file


@dataclass(frozen=True)
class Facts:
    """The parsed form of a file: parsing takes longer than all tests below."""

    tree: ast.Module
    nodes: list[ast.AST]

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    @property
    def imported(self) -> set[str]:
        """Local names that an import binds."""
        return {
            (alias.asname or alias.name).split(".")[0]
            for node in self.nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }

    @property
    def modules(self) -> set[str]:
        """Our modules that it imports, by full name."""
        return {module for module, _ in self.imports}

    @property
    def imports(self) -> Iterator[tuple[str, str]]:
        """Our modules that it imports, each with the imported name ("" for the module itself)."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, ""
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    yield (full, "") if full in MODULES else (node.module, alias.name)


@cache
def facts_of(file: Path) -> Facts:
    tree = ast.parse(file.read_text())
    return Facts(tree, [*ast.walk(tree)])


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements that an import runs, those in `if`, `for`, `with` and `try` included."""
    pending: list[ast.stmt] = [*tree.body]
    while pending:
        statement = pending.pop()
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for block in ("body", "orelse", "finalbody"):
                pending += getattr(statement, block, [])


def root_name(node: ast.AST) -> str | None:
    """`a` of `a.b[c].d`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


# The shape of slices


def test_a_slice_has_only_files_of_the_vocabulary():
    strangers = {
        name_of(path)
        for slice_ in SLICES
        for path in (SOURCE / slice_).iterdir()
        if path.name not in {"__pycache__", "templates"}
        and path.name.removesuffix(".py") not in VOCABULARY
    }
    assert strangers == set()


def test_slices_know_each_other_through_few_doors():
    """Importing a foreign `jobs`, `mutations` or `templates` ties two slices together."""
    wrong = {
        (name_of(file), module)
        for slice_, part, file in slice_files()
        for module in facts_of(file).modules
        if (path := module.split(".")[1:])
        and path[0] in SLICES
        and path[0] != slice_
        and len(path) > 1
        if path[1] not in KNOWN_TO_OTHERS | (GRAPH if part in GRAPH else set())
    }
    assert wrong == set()


@pytest.mark.parametrize("slice_", SLICES)
def test_a_slice_is_small_enough_to_know(slice_: str):
    modules = [file for file in (SOURCE / slice_).rglob("*.py") if file.stem != "__init__"]
    services = [file for file in modules if (SOURCE / slice_ / "service") in file.parents]
    assert len(modules) <= MOST_MODULES
    assert len(services) <= MOST_SERVICES


def test_production_imports_nothing_of_the_demo_but_from_the_command_line():
    wrong = {
        (name_of(file), module)
        for file in FILES
        if file.relative_to(SOURCE).parts[0] not in {"cli", "demo"}
        for module in facts_of(file).modules
        if module.startswith("lk_graphql.demo")
    }
    assert wrong == set()


# Files, functions, names


def test_files_are_short():
    long = [name_of(file) for file in FILES if len(file.read_text().splitlines()) > LONGEST_FILE]
    assert long == []


def test_functions_are_short():
    functions = [(name_of(file), one) for file in FILES for one in facts_of(file).functions]
    assert [(name, one.name) for name, one in functions if length(one) > LONGEST_FUNCTION] == []


def test_a_fragment_is_part_of_its_only_importer():
    importers: dict[str, set[str]] = defaultdict(set)
    for file in FILES:
        for module in facts_of(file).modules:
            importers[module].add(module_of(file))
    fragments = {
        module: importer
        for module, file in MODULES.items()
        if file.stem not in VOCABULARY | TYPES | {"__main__"}
        and len(file.read_text().splitlines()) < FRAGMENT
        and len(importers[module]) == 1
        for importer in importers[module]
        if module.rpartition(".")[0] in {importer, importer.rpartition(".")[0]}
    }
    assert fragments == {}


def test_a_private_name_is_of_its_module():
    wrong = {
        (name_of(file), f"{module}.{name}")
        for file in FILES
        for module, name in facts_of(file).imports
        if any(re.match(r"_(?!_)", part) for part in (*module.split("."), name))
        if module.startswith("lk_graphql")
    }
    assert wrong == set()


def test_a_public_class_name_has_one_meaning():
    """A table and its GraphQL type share a name; nothing else does."""
    places: dict[str, set[str]] = defaultdict(set)
    for module, file in MODULES.items():
        for node in facts_of(file).tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].add(module)
    twice = {
        name: modules
        for name, modules in places.items()
        if len(modules) > 1 and not is_table_and_type(modules)
    }
    assert twice == {}


def is_table_and_type(modules: set[str]) -> bool:
    kinds = [module.split(".")[2] for module in modules if module.count(".") > 1]
    return sorted(kinds) == ["models", "types"]


def test_modules_have_specific_names():
    assert [name_of(file) for file in FILES if VAGUE.search(file.stem)] == []


def test_public_names_consist_of_standard_terms():
    wrong: set[tuple[str, str]] = set()
    for file in FILES:
        named = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        public = [node.name for node in facts_of(file).tree.body if isinstance(node, named)]
        names = [file.stem, *public]
        wrong |= {(name_of(file), name) for name in names if is_private_word(name)}
    assert wrong == set()


def test_names_of_jobs_consist_of_standard_terms():
    hooks.load_hooks()
    names = [name for name in JOBS if name.partition(".")[0] in SLICES]  # tests declare others
    assert names
    words = {word for name in names for word in re.split(r"[._]", name)}
    assert words & PRIVATE_WORDS == set()


def test_names_of_tests_have_a_subject_and_standard_terms():
    banned = (PRIVATE_WORDS | WORDS_OF_SPEECH) - TERMS
    without_subject = re.compile(r"test_(it|its|what|who|how|why|where|there|so|is|are|has|does)_")
    wrong = {
        (name_of(file), function.name)
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        for function in facts_of(file).functions
        if function.name.startswith("test_")
        if banned & {*function.name.split("_")} or without_subject.match(function.name)
    }
    assert wrong == set()


def test_a_signer_is_called_signer():
    wrong = {
        (name_of(file), node.arg)
        for file in FILES
        for node in ast.walk(facts_of(file).tree)
        if isinstance(node, ast.arg) and node.annotation
        if ast.unparse(node.annotation) == "Signer" and node.arg != "signer"
    }
    assert wrong == set()


def is_private_word(name: str) -> bool:
    if name.startswith("_"):
        return False
    words = re.findall(r"[A-Z]?[a-z]+", name.replace("NotFound", "").replace("DeadLetter", ""))
    return any(word.lower() in PRIVATE_WORDS for word in words)


# Prose


SCHEMAS_OF_TESTS = {
    "mini_schema.py",
    "note_schema.py",
    "test_declarations.py",
    "test_reachability.py",
}
"""Their docstrings are descriptions of GraphQL types that only tests read."""


def test_docstrings_open_with_a_verb_or_a_noun():
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    openings = [
        (name_of(file), docstring.splitlines()[0])
        for file in CODE
        if file.name not in SCHEMAS_OF_TESTS
        for node in facts_of(file).nodes
        if isinstance(node, documented) and (docstring := ast.get_docstring(node))
    ]
    wrong = [(name, line) for name, line in openings if PRONOUNS.match(line)]
    assert wrong == []


def test_every_module_is_explained():
    silent = [name_of(file) for file in FILES if not ast.get_docstring(facts_of(file).tree)]
    assert silent == []


def test_every_page_of_the_documentation_is_linked():
    linked = {
        (page.parent / link).resolve()
        for page in DOCS
        for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text())
    }
    assert [name_of(page) for page in DOCS if page not in linked and page.name != "README.md"] == []


# Libraries as they are


def private_uses(file: Path) -> Iterator[str]:
    """Attributes, arguments and imports that the file itself doesn't define."""
    facts = facts_of(file)
    own = {name for node in facts.nodes for name in defined_names(node)}
    for node in facts.nodes:
        if isinstance(node, ast.Attribute):
            yield from {node.attr} - own
        elif isinstance(node, ast.Call) and root_name(node.func) in {
            "getattr",
            "setattr",
            "hasattr",
        }:
            if len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield str(node.args[1].value)
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("lk_graphql"):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.keyword) and node.arg not in own:
            yield node.arg or ""


def overridden(facts: Facts) -> Iterator[str]:
    """Methods with an underscore that a class has only because its foreign base calls them."""
    ours = {name for module, name in facts.imports if module.startswith("lk_graphql")}
    called = {node.attr for node in facts.nodes if isinstance(node, ast.Attribute)}
    for node in facts.nodes:
        if isinstance(node, ast.ClassDef):
            bases = {root_name(base) for base in node.bases}
            if bases & facts.imported - ours:
                yield from {name for member in node.body for name in method_name(member)} - called


def method_name(member: ast.stmt) -> Iterator[str]:
    """A decorated one is called by its decorator, such as pydantic's validators."""
    if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and not member.decorator_list:
        yield member.name


def defined_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.Attribute):
        is_own = isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
        yield from [node.attr] if is_own else []


def test_private_names_of_libraries_are_few_and_each_has_a_reason():
    used = {
        (name_of(file), name)
        for file in FILES
        for name in (*private_uses(file), *overridden(facts_of(file)))
        if re.match(r"_(?!_)\w", name) and name not in OF_NAMED_TUPLES
    }
    assert used == PRIVATE_NAMES.keys()
    assert len(PRIVATE_NAMES) <= 8


def test_nothing_of_a_library_is_replaced():
    """No assignment to an attribute of an imported module or class."""
    patched = {
        (name_of(file), ast.unparse(target))
        for file in FILES
        for node in facts_of(file).nodes
        for target in targets_of(node)
        if isinstance(target, ast.Attribute) and root_name(target) in facts_of(file).imported
    }
    assert patched == set()


def targets_of(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign | ast.Delete):
        return node.targets
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    if isinstance(node, ast.Call) and root_name(node.func) in {"setattr", "delattr"}:
        return [ast.Attribute(node.args[0], "…")]
    return []


def test_the_interpreter_is_left_alone():
    """No `sys.modules`; of `gc` only one `freeze`, after the start."""
    found = {
        (name_of(file), ast.unparse(node))
        for file in FILES
        for node in facts_of(file).nodes
        if isinstance(node, ast.Attribute)
        and ast.unparse(node).startswith(("sys.modules", "sys.meta_path", "gc."))
    }
    assert found == {("src/lk_graphql/app.py", "gc.freeze")}


# Registries, imports, the environment


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
from lk_graphql.accounts.service.audit import LINK_LISTENERS
from lk_graphql.identity.service.sessions import TOKEN_OWNERS
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.notifications.service.calendar import CALENDAR_SOURCES
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES
from lk_graphql.profile.service.consent_withdrawal import CONSENT_END_ACTIONS
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS
registries = (
    TOKEN_OWNERS, EVIDENCE, LINK_LISTENERS, CALENDAR_SOURCES, SUBJECT_PREFIXES,
    PERSONAL_DATA_SOURCES, CONSENT_END_ACTIONS,
)
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
    assert done.stdout.split() == ["customers", "2"]  # what identity and uploads have themselves


DECLARATIONS = {"choices", "gate", "labels", "policy", "unrestricted"}
"""They describe the enum or the table that they name, as `@reads` describes a class."""


def test_importing_a_module_has_no_effect_on_another():
    """Registries are filled by a slice's `hooks.register`."""
    wrong = {
        (name_of(file), ast.unparse(statement).splitlines()[0])
        for file in FILES
        if file.stem != "__main__"
        for statement in top_level(facts_of(file).tree)
        if changed_name(statement) in facts_of(file).imported - DECLARATIONS
    }
    assert wrong == set()


def changed_name(statement: ast.stmt) -> str | None:
    """The name whose object a top-level statement changes: `A[…] = …`, `A.append(…)`, `a(…)`."""
    if isinstance(statement, ast.Assign | ast.AugAssign):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        return None if isinstance(target, ast.Name | ast.Tuple) else root_name(target)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return root_name(statement.value.func)
    return None


LATE_IMPORTS = {
    "src/lk_graphql/app.py",  # OpenTelemetry, if LK_TRACES_URL is set
    "src/lk_graphql/database/migrations.py",  # aerich, which no server needs
}
"""Files that import inside a function: an optional library, with the reason beside it."""


def test_imports_stand_at_the_top_but_in_commands():
    wrong = {
        name_of(file)
        for file in FILES
        if file.relative_to(SOURCE).parts[0] != "cli"
        for function in facts_of(file).functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert wrong == LATE_IMPORTS


def test_the_environment_is_read_in_one_place():
    readers = {
        name_of(file)
        for file in FILES
        for line in file.read_text().splitlines()
        if re.search(r"\b(environ|getenv)\b", line) and not LIBRARY_VARIABLES.search(line)
    }
    assert readers == set()  # settings.py leaves it to pydantic-settings
