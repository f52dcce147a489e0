"""The pages of measurements, section by section; benchmarks/operations.md above all."""

from datetime import UTC, datetime
from pathlib import Path

from benchmarks import processes, report

PAGE = Path(__file__).with_name("operations.md")


def conditions(command: str, accounts: int) -> str:
    """A line with the day, the machine, the code, and how to repeat the measurement."""
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {processes.description()}, code"
        f" {report.commit()}, {accounts:,} accounts, with `python -m benchmarks.{command}`."
    )


def replace_section(title: str, text: str, page: Path = PAGE) -> None:
    """Write a section of the page: in place of the one before, or at its end."""
    before, found, rest = page.read_text().partition(f"## {title}\n")
    _, following, after = rest.partition("\n## ") if found else ("", "", "")
    page.write_text(f"{before.rstrip()}\n\n## {title}\n\n{text.rstrip()}\n{following}{after}")
