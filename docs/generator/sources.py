"""The repository's own pages, with links that lead to pages of the site."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

MOVED = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributors/contributing.md",
    "SECURITY.md": "operators/vulnerabilities.md",
    "src/lk_graphql/planner/README.md": "contributors/planner.md",
    "tests/README.md": "contributors/tests.md",
    "tests/year/README.md": "contributors/year.md",
    "deploy/README.md": "operators/deploy.md",
    "docs/README.md": "index.md",
}
"""Pages that stand elsewhere on the site; others of `docs/` keep their place."""

SECTIONS = {
    "start/quick-start.md": ("Quick start", ("Try it",)),
    "operators/production.md": ("Run it for customers", ("Run it for customers",)),
}
"""Pages made of sections of README.md; the rest of it is the page `about.md`."""

GENERATED = ("docs/reference/", "docs/errors.md", "docs/schema-changes.md", "docs/bruno.zip")
"""Pages that only the site has (a test compares)."""

ABOUT = "start/about.md"
_PICTURE = re.compile(r'(?<=\]\()[^()\s]+\.(?:png|svg)(?=\))|(?<=src=")[^"]+(?=")')
_LINKED_TEXT = re.compile(r"(?<!!)\[([^\[\]]+)\]\(([^()\s]+)\)")
_SECTION = re.compile(r"^## ", re.MULTILINE)


class BrokenLink(Exception):
    """A link of a page leads to no file."""


@dataclass(frozen=True)
class SourcePage:
    """A page of the repository and its place on the site."""

    file: Path
    target: str
    text: str


def source_pages(root: Path = ROOT) -> list[SourcePage]:
    """All pages of the repository, links rewritten. Raises `BrokenLink`."""
    places = _places(root)
    pages = [
        SourcePage(root / file, target, (root / file).read_text("utf-8"))
        for file, target in places.items()
        if file.endswith(".md") and file != "README.md"
    ]
    readme = (root / "README.md").read_text("utf-8")
    pages += [
        SourcePage(root / "README.md", target, text)
        for target, text in readme_pages(readme).items()
    ]
    anchors = _anchors(readme)
    return [
        SourcePage(page.file, page.target, rewrite_links(page, root, places, anchors))
        for page in pages
    ]


def readme_pages(readme: str) -> dict[str, str]:
    """README.md cut into pages: those of `SECTIONS`, and the rest. Raises KeyError without one."""
    opening, *sections = _SECTION.split(readme)
    by_title = {text.split("\n", 1)[0].strip(): text.split("\n", 1)[1] for text in sections}
    pages = dict[str, str]()
    for target, (title, names) in SECTIONS.items():
        bodies = [by_title.pop(name) for name in names]
        body = "\n".join(bodies).replace("\n### ", "\n## ")
        pages[target] = f"# {title}\n{body}"
    rest = "".join(f"## {title}\n{text}" for title, text in by_title.items())
    return {ABOUT: opening + rest, **pages}


def rewrite_links(
    page: SourcePage, root: Path, places: dict[str, str], anchors: dict[str, str]
) -> str:
    """The text with links to the site's pages; links to other files become their text."""

    def rewritten(match: re.Match[str]) -> str:
        text, target = match[1], match[2]
        if re.match(r"[a-z]+:|#", target):
            return _own_anchor(match, page, anchors)
        path, _, anchor = target.partition("#")
        file = os.path.relpath(page.file.parent / path, root)
        if file == "README.md":
            place = anchors.get(anchor, ABOUT)
        elif file in places:
            place = places[file]
        elif file.startswith(GENERATED):
            place = os.path.relpath(file, "docs")
        elif not (root / file).exists():
            raise BrokenLink(f"{page.file.relative_to(root)}: {target}")
        else:
            return text
        suffix = f"#{anchor}" if anchor and not _is_page_of(anchor, place) else ""
        return f"[{text}]({_relative(place, page.target)}{suffix})"

    pictures = _PICTURE.sub(lambda match: _picture(match[0], page, root), page.text)
    return _LINKED_TEXT.sub(rewritten, pictures)


def _picture(link: str, page: SourcePage, root: Path) -> str:
    """The path of a picture below `docs/`, from the page's place on the site."""
    place = os.path.relpath(page.file.parent / link, root / "docs")
    return _relative(place, page.target)


def _own_anchor(match: re.Match[str], page: SourcePage, anchors: dict[str, str]) -> str:
    """A link within README.md may lead to another of its pages."""
    place = anchors.get(match[2].removeprefix("#"), page.target)
    if page.file.name != "README.md" or place == page.target or not match[2].startswith("#"):
        return match[0]
    suffix = "" if _is_page_of(match[2][1:], place) else match[2]
    return f"[{match[1]}]({_relative(place, page.target)}{suffix})"


def _is_page_of(anchor: str, place: str) -> bool:
    """Whether a section is a whole page now."""
    return place in SECTIONS and anchor in {_slug(name) for name in SECTIONS[place][1]}


def _places(root: Path) -> dict[str, str]:
    """The site's page of each Markdown file, by its path in the repository."""
    folders = sorted((root / "docs").rglob("*.md"))
    benchmarks = sorted((root / "benchmarks").glob("*.md"))
    places = {
        str(file.relative_to(root)): str(file.relative_to(root / "docs")) for file in folders
    } | {
        str(file.relative_to(root)): f"contributors/{file.relative_to(root)}" for file in benchmarks
    }
    moved = {file: target for file, target in MOVED.items() if (root / file).exists()}
    return {**places, **moved, "README.md": ABOUT, "schema.graphql": "schema.graphql"}


def _anchors(readme: str) -> dict[str, str]:
    """The site's page of each heading of README.md, by the heading's anchor on GitHub."""
    anchors = dict[str, str]()
    for target, text in readme_pages(readme).items():
        names = SECTIONS.get(target, ("", ()))[1]
        headings = [*names, *re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
        anchors |= {_slug(heading): target for heading in headings}
    return anchors


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _relative(place: str, target: str) -> str:
    return os.path.relpath(place, Path(target).parent)
