"""What may stand in a message."""

import unicodedata

from lk_graphql.appeals.errors import TextInvalid

LONGEST = 10_000
_LINES = {"\n", "\t"}


def tidy(text: str) -> str:
    """The text with plain line ends and nothing around it. Raises `TextInvalid`.

    Control characters, and those that turn the reading direction round, are refused: a clerk must
    see what was written.
    """
    tidied = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not 1 <= len(tidied) <= LONGEST or any(map(_is_hidden, tidied)):
        raise TextInvalid("text", longest=LONGEST)
    return tidied


def _is_hidden(character: str) -> bool:
    if character in _LINES:
        return False
    turns = unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF"}
    return turns or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}
