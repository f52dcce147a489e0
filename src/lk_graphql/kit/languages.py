"""Languages of the cabinet."""

from enum import StrEnum


class Language(StrEnum):
    """A language as stored and exposed; `code` is for HTML, mail headers and file names."""

    RU = "RU"
    EN = "EN"

    @property
    def code(self) -> str:
        """The code of ISO 639-1."""
        return self.value.lower()
