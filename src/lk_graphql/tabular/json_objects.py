"""Flat JSON objects: one per line, in an array, or a sequence over several lines.

Numbers are kept as the texts in the file, so that no digit is lost.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TextIO

from lk_graphql.tabular.delimited_text import MalformedText

_MAX_OBJECT = 1 << 20  # characters
_CHUNK = 1 << 16
_BLANKS = re.compile("[\ufeff\x1a \t\r\n]+")
_SEPARATORS = re.compile("[\ufeff\x1a \t\r\n,]+")


class NestedJson(ValueError):
    """The text isn't an object, or it is nested or has a repeated key."""


class _Pairs(list[tuple[str, Any]]):
    """Keys and values of an object, in the order of the file."""


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} isn't JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=_constant
)


def parse_object(text: str) -> dict[str, str | bool | None]:
    """The values of an object by key. Raises `NestedJson`."""
    try:
        return _flat(_DECODER.decode(text))
    except (ValueError, RecursionError) as error:
        raise NestedJson(str(error)) from error


def _flat(document: object) -> dict[str, str | bool | None]:
    if not isinstance(document, _Pairs):
        raise NestedJson("This isn't an object.")
    values = dict(document)
    if len(values) < len(document) or any(isinstance(value, list) for value in values.values()):
        raise NestedJson("A key is repeated, or the object contains an object.")
    return values


def is_object(line: str) -> bool:
    """Whether the line is a whole JSON object, flat or not."""
    try:
        return isinstance(_DECODER.decode(line), _Pairs)
    except (ValueError, RecursionError):
        return False


@dataclass
class _Buffer:
    """A part of a text; the characters before `position` have been read."""

    text: TextIO
    content: str = ""
    position: int = 0
    line: int = 1

    def read_on(self) -> bool:
        """Read more text, and return whether there was any."""
        chunk = self.text.read(_CHUNK)
        self.content, self.position = self.content[self.position :] + chunk, 0
        return bool(chunk)

    def skip(self, end: int) -> str:
        skipped = self.content[self.position : end]
        self.line += skipped.count("\n")
        self.position = end
        return skipped

    def peek(self, blanks: re.Pattern[str]) -> str:
        """Skip the blanks; return the next character, or nothing at the end of the text."""
        while True:
            if match := blanks.match(self.content, self.position):
                self.skip(match.end())
            if self.position < len(self.content) or not self.read_on():
                return self.content[self.position : self.position + 1]

    def skip_value(self) -> str:
        """The text of the next JSON value. Raises `ValueError`."""
        while True:
            try:
                _, end = _DECODER.raw_decode(self.content, self.position)
                return self.skip(end)
            except (ValueError, RecursionError):
                if len(self.content) - self.position > _MAX_OBJECT or not self.read_on():
                    raise


def read_objects(text: TextIO) -> Iterator[tuple[int, str]]:
    """Yield the objects of an array or of a sequence: the number of each, and its text.

    Raises `MalformedText` if the text isn't JSON, because the start of the next object is then
    unknown.
    """
    buffer = _Buffer(text)
    is_array = buffer.peek(_BLANKS) == "["
    if is_array:
        buffer.skip(buffer.position + 1)
    number = 0
    while (start := buffer.peek(_SEPARATORS if is_array else _BLANKS)) not in {"", "]"}:
        line = buffer.line
        try:
            number += 1
            yield number, buffer.skip_value()
        except (ValueError, RecursionError) as error:
            raise MalformedText(f"line {line}: this isn't a JSON object: {error}") from error
    if bool(start) != is_array:
        raise MalformedText(f"line {buffer.line}: the array isn't closed, or was never opened")
    if start:
        buffer.skip(buffer.position + 1)
        if buffer.peek(_BLANKS):
            raise MalformedText(f"line {buffer.line}: there is text after the array")
