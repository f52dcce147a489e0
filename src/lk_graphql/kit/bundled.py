"""Folders of the project that the wheel contains inside the package."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parents[1]


def bundled_folder(name: str) -> Path:
    """The folder `name` of the installed wheel, or of the checkout (see pyproject.toml)."""
    packaged = PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else CHECKOUT / name
