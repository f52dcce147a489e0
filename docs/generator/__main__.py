"""Write the pages of the site into a folder, which is emptied first."""

import re
import shutil
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from graphql import GraphQLSchema, build_schema

from docs.generator import bruno, error_catalogue
from docs.generator.reference import Reference
from docs.generator.samples import known_samples
from docs.generator.sources import ROOT, source_pages
from lk_graphql.api.audience import customer_view
from lk_graphql.api.graphiql.examples import Example, read_examples
from lk_graphql.cli.client_config import client_config

CACHE_SETTINGS = "<!-- cache settings -->"
_SCHEMA_SECTION = re.compile(r"^### Schema$\n(.*?)(?=^##|\Z)", re.DOTALL | re.MULTILINE)


def write(folder: Path) -> None:
    """Write all pages. Raises `BrokenLink`."""
    shutil.rmtree(folder, ignore_errors=True)
    for page, text in pages().items():
        file = folder / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    shutil.copytree(ROOT / "docs" / "images", folder / "images")
    shutil.copytree(ROOT / "docs" / "guide" / "assets", folder / "assets")
    write_zip(folder / "bruno.zip", examples())


def pages() -> dict[str, str]:
    """The text of each page and schema file, by its path."""
    sdl = (ROOT / "schema.graphql").read_text("utf-8")
    of_customers = customer_view(sdl)
    schema, customers = build_schema(sdl), build_schema(of_customers)
    texts = {page.target: page.text for page in source_pages()}
    return {
        **_with_cache_settings(texts, sdl),
        **_reference(schema, customers),
        "errors.md": error_catalogue.catalogue(schema),
        "schema-changes.md": schema_changelog(texts["changelog.md"]),
        "schema.graphql": sdl,
        "schema.customer.graphql": of_customers,
    }


def examples() -> list[Example]:
    return read_examples(ROOT / "examples" / "operations")


def schema_changelog(changelog: str) -> str:
    """The sections *Schema* of all releases, the newest first."""
    text = "# Changes of the schema\n\nFrom the [changelog](changelog.md).\n"
    for release in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        title = release.split("\n", 1)[0].strip(" []")
        changes = [section.strip() for section in _SCHEMA_SECTION.findall(release)]
        if changes:
            text += f"\n## {title}\n\n" + "\n".join(changes) + "\n"
    return text


def write_zip(file: Path, of: list[Example]) -> None:
    """Write the Bruno collection, byte by byte the same for the same examples."""
    with ZipFile(file, "w") as archive:
        for path, text in bruno.collection(of):
            archive.writestr(ZipInfo(f"lk_graphql/{path}"), text, ZIP_DEFLATED)


def _with_cache_settings(texts: dict[str, str], sdl: str) -> dict[str, str]:
    modules = (client_config(sdl, kind) for kind in ("apollo", "graphcache"))
    settings = "\n".join(f"```ts\n{module}```\n" for module in modules)
    return {page: text.replace(CACHE_SETTINGS, settings) for page, text in texts.items()}


def _reference(schema: GraphQLSchema, customers: GraphQLSchema) -> dict[str, str]:
    reference = Reference(schema, customers, known_samples(examples()))
    return {f"reference/{page}": text for page, text in reference.pages().items()}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
