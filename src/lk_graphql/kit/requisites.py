"""What identifies a firm and its bank accounts in Russia, and the keys that betray a typo.

Sources: приказ ФНС ЕД-7-14/559@ (ИНН, КПП), Банк России № 515 (the key of an account).
"""

import re

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)
_ACCOUNT = re.compile(r"[1-9][0-9]{4}[0-9ABCEHKMPTX][0-9]{14}", re.ASCII)
_LETTERS = {letter: str(digit) for digit, letter in enumerate("ABCEHKMPTX")}
NO_CORRESPONDENT = "0"
"""What stands for the correspondent account of a bank that has none."""


def is_inn(text: str) -> bool:
    """A taxpayer's number («ИНН»): ten digits of a firm or twelve of a person, keys included."""
    if not _digits(text, 10, 12):
        return False
    if len(text) == 10:
        return _key(text, _INN_10) == text[9]
    return _key(text, _INN_11) + _key(text, _INN_12) == text[10:]


def is_kpp(text: str) -> bool:
    """A «КПП»: which tax office, for what reason; it has no key."""
    return bool(re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", text, re.ASCII))


def is_ogrn(text: str) -> bool:
    """A register's number («ОГРН», or «ОГРНИП» of a sole trader), the key included."""
    if not _digits(text, 13, 15):
        return False
    return str(int(text[:-1]) % (len(text) - 2) % 10) == text[-1]


def is_bic(text: str) -> bool:
    """A bank's code («БИК») in Russia."""
    return _digits(text, 9) and text.startswith("04")


def is_account(text: str, bic: str) -> bool:
    """A bank account («расчётный счёт»), its key reckoned with the bank's code."""
    return bool(_ACCOUNT.fullmatch(text)) and is_bic(bic) and not _rest(bic[-3:] + text)


def is_correspondent_account(text: str, bic: str) -> bool:
    """The bank's own account with the Bank of Russia («корр. счёт»), or `NO_CORRESPONDENT`."""
    if text == NO_CORRESPONDENT:
        return is_bic(bic)
    return bool(_ACCOUNT.fullmatch(text)) and is_bic(bic) and not _rest(f"0{bic[4:6]}{text}")


def _digits(text: str, *lengths: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) in lengths


def _key(text: str, weights: tuple[int, ...]) -> str:
    pairs = zip(text, weights, strict=False)
    return str(sum(int(digit) * weight for digit, weight in pairs) % 11 % 10)


def _rest(text: str) -> int:
    """What is left of an account's control sum; 0 when its key is right."""
    digits = (int(_LETTERS.get(char, char)) for char in text)
    return sum(digit * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate(digits)) % 10
