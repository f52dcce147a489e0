"""The two languages that the cabinet speaks, and how each says days and spans of time."""

from enum import StrEnum


class Language(StrEnum):
    """What is stored and shown; `code` is what HTML, mail headers and file names want."""

    RU = "RU"
    EN = "EN"

    @property
    def code(self) -> str:
        """Of ISO 639-1."""
        return self.value.lower()
