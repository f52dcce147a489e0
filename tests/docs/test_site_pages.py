"""The pages of the documentation site: links, guides, and what is written from the schema."""

import os
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import FragmentDefinitionNode, build_schema, parse, validate

from docs.generator import __main__ as site
from docs.generator import bruno, error_catalogue
from docs.generator.reference import ROOTS
from docs.generator.samples import known_samples, made_sample, sample_value
from docs.generator.sources import (
    GENERATED,
    ROOT,
    BrokenLink,
    SourcePage,
    readme_pages,
    rewrite_links,
)
from lk_graphql.api.audience import customer_view
from lk_graphql.api.graphiql.examples import Example, ExampleOperation
from lk_graphql.cli.client_config import client_config
from lk_graphql.schema import graphql_schema, sdl

CUSTOMERS = build_schema(customer_view(sdl()))
SCHEMA: Any = build_schema(sdl())
GUIDES = [ROOT / "docs" / "clients.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return site.pages()


def test_every_link_between_pages_leads_to_one(pages: dict[str, str]):
    """`mkdocs build --strict` checks anchors, too, where it is installed."""
    others = {"bruno.zip", *(f"images/{file.name}" for file in (ROOT / "docs/images").iterdir())}
    missing = [
        f"{page}: {link}"
        for page, text in pages.items()
        if page.endswith(".md")
        for link in re.findall(r"\]\(([^()\s#]+)(?:#[^()\s]*)?\)", text)
        if not re.match(r"[a-z]+:", link)
        if os.path.normpath(Path(page).parent / link) not in {*pages, *others}
    ]
    assert missing == []


def test_links_into_the_generated_part_are_declared(pages: dict[str, str]):
    made = {page for page in pages if not (ROOT / "docs" / page).exists()} | {"bruno.zip"}
    for prefix in GENERATED:
        assert [page for page in made if f"docs/{page}".startswith(prefix)], prefix


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.name)
def test_operations_of_the_guides_are_valid_for_customers(file: Path):
    blocks = re.findall(r"^```graphql[^\n]*\n(.*?)^```", file.read_text(), re.DOTALL | re.MULTILINE)
    for block in blocks:
        document = parse(block)
        (first, *_) = document.definitions
        unused = isinstance(first, FragmentDefinitionNode)
        errors = [error.message for error in validate(CUSTOMERS, document)]
        assert [e for e in errors if not (unused and "is never used" in e)] == [], block


def test_each_root_field_has_an_example_that_is_valid(pages: dict[str, str]):
    known = known_samples(site.examples())
    for root, kind in ROOTS.items():
        for name, field in SCHEMA.type_map[root].fields.items():
            sample = known.get(name) or made_sample(kind, name, field)
            assert validate(graphql_schema, parse(sample.operation)) == [], name
            orjson.loads(sample.variables or "{}")
            page = "staff" if name.startswith("staff") else "queries"
            page = page if root != "Mutation" or page == "staff" else "mutations"
            assert f"## {name} {{#{name}}}" in pages[f"reference/{page}.md"]


def test_each_type_has_an_entry(pages: dict[str, str]):
    text = "".join(text for page, text in pages.items() if page.startswith("reference/"))
    built_in = {"String", "Int", "Boolean", "ID", "Float", "Query", "Mutation", "Subscription"}
    types = {name for name in SCHEMA.type_map if not name.startswith("__")} - built_in
    assert {name for name in types if f"{{#{name}}}" not in text} == set()
    in_parts = ("objects", "inputs", "enums", "plumbing", "queries", "mutations")
    of_customers = "".join(pages[f"reference/{page}.md"] for page in in_parts)
    assert {
        name for name in types - {*CUSTOMERS.type_map} if f"{{#{name}}}" in of_customers
    } == set()


def test_a_mutation_lists_its_codes_with_their_meaning(pages: dict[str, str]):
    _, _, text = pages["reference/mutations.md"].partition("## accountRename {#accountRename}")
    entry = text.split("\n## ")[0]
    assert "| [code](../errors.md#AccountErrorCode) | meaning |" in entry
    assert "| `NAME_INVALID` | A name has 1 to 60 characters, on one line. |" in entry
    assert "Codes:" not in entry
    assert "· for CUSTOMER" in entry


def test_a_sample_of_a_one_of_input_has_one_field():
    assert sample_value(SCHEMA.type_map["AccountProofInput"]) == {"lastReading": "text"}


@pytest.mark.parametrize(
    ("code", "description", "cause", "cure"),
    [
        ("A_B", "It is old: start again.", "It is old.", "Start again."),
        ("A_B", "Wait until `retryAt`.", "A b.", "Wait until `retryAt`."),
        ("A_B", "Not a name; see `rules`.", "Not a name.", "See `rules`."),
        ("A_B", "It isn't a surname.", "It isn't a surname.", error_catalogue.SHOW),
    ],
)
def test_a_code_has_a_cause_and_a_cure(code: str, description: str, cause: str, cure: str):
    assert error_catalogue.cause_and_cure(code, description) == (cause, cure)


def test_the_catalogue_has_every_code(pages: dict[str, str]):
    text = pages["errors.md"]
    enums = [SCHEMA.type_map[name] for name in SCHEMA.type_map if name.endswith("ErrorCode")]
    codes = [code for enum in enums for code in enum.values]
    assert len(re.findall(r"^\| `[A-Z_0-9]+` \|", text, re.MULTILINE)) == len(codes)


def test_the_page_about_caches_has_the_settings_that_the_command_prints(pages: dict[str, str]):
    for kind in ("apollo", "graphcache"):
        assert client_config(sdl(), kind) in pages["guide/caching.md"]


def test_bruno_gets_a_request_for_each_operation():
    operation = ExampleOperation(
        "Rename", "mutation", "mutation Rename {\n  a\n}", '{\n  "n": 1\n}'
    )
    example = Example("Имя · Name, or not", "", is_for_staff=False, operations=(operation,))

    files = dict(bruno.collection([example]))

    assert list(files) == [
        "bruno.json",
        "environments/demo.bru",
        "Customers/01 Name, or not/Rename.bru",
    ]
    assert files["Customers/01 Name, or not/Rename.bru"] == (
        "meta {\n  name: Rename\n  type: graphql\n  seq: 1\n}\n\n"
        "post {\n  url: {{url}}/graphql\n  body: graphql\n  auth: none\n}\n\n"
        "body:graphql {\n  mutation Rename {\n    a\n  }\n}\n\n"
        'body:graphql:vars {\n  {\n    "n": 1\n  }\n}\n'
    )


def test_the_readme_becomes_pages_and_keeps_its_links():
    readme = (
        "# P\n\nIntro, see [run](#run-it-for-customers).\n\n## Try it\n\n### Pay\n\nx\n\n"
        "## Run it for customers\n\ny\n\n## Change it\n\nz\n"
    )
    parts = readme_pages(readme)
    assert parts == {
        "start/about.md": "# P\n\nIntro, see [run](#run-it-for-customers).\n\n## Change it\n\nz\n",
        "start/quick-start.md": "# Quick start\n\n## Pay\n\nx\n\n",
        "operators/production.md": "# Run it for customers\n\ny\n\n",
    }
    page = SourcePage(ROOT / "README.md", "start/about.md", parts["start/about.md"])
    places = {"README.md": "start/about.md"}
    anchors = {"run-it-for-customers": "operators/production.md"}
    assert "[run](../operators/production.md)" in rewrite_links(page, ROOT, places, anchors)


def test_links_to_other_files_become_text_and_broken_ones_are_refused():
    def rewritten(text: str) -> str:
        page = SourcePage(ROOT / "docs" / "clients.md", "clients.md", text)
        return rewrite_links(page, ROOT, {"CHANGELOG.md": "changelog.md"}, {})

    assert rewritten("[samples](../examples/import), [news](../CHANGELOG.md#schema)") == (
        "samples, [news](changelog.md#schema)"
    )
    with pytest.raises(BrokenLink, match=r"docs/clients\.md: nowhere\.md"):
        rewritten("[a](nowhere.md)")


def test_the_schema_s_changes_are_those_of_the_changelog():
    changelog = (
        "# C\n\n## [Unreleased]\n\n### Added\n\n- a\n\n### Schema\n\n- b\n\n"
        "## [0.1]\n\n### Fixed\n\n- c\n"
    )
    assert site.schema_changelog(changelog).endswith("\n## Unreleased\n\n- b\n")
