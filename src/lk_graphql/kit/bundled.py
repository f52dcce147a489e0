"""Folders of the project that the wheel carries inside the package."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1]


def bundled(name: str) -> Path:
    """The folder `name` of an installed wheel, else of the checkout (pyproject.toml)."""
    packaged = PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else CHECKOUT / name
