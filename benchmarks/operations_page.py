"""The page benchmarks/operations.md, section by section."""

from pathlib import Path

PAGE = Path(__file__).with_name("operations.md")


def replace_section(title: str, text: str) -> None:
    """Write a section of the page: in place of the one before, or at its end."""
    before, found, rest = PAGE.read_text().partition(f"## {title}\n")
    _, following, after = rest.partition("\n## ") if found else ("", "", "")
    PAGE.write_text(f"{before.rstrip()}\n\n## {title}\n\n{text.rstrip()}\n{following}{after}")
