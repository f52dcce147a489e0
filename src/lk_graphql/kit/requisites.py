"""Russian identifiers of companies and bank accounts, and their check digits.

A number of zeros also has correct check digits. Therefore the parts that are never zero are checked
too: the region, the serial number, the kind of a record.

Sources: приказ ФНС ЕД-7-14/559@ (ИНН, КПП), Банк России № 515 (check digit of an account).
"""

import re

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)
_ACCOUNT = re.compile(r"[1-9][0-9]{4}[0-9ABCEHKMPTX][0-9]{14}", re.ASCII)
_LETTERS = {letter: str(digit) for digit, letter in enumerate("ABCEHKMPTX")}
_NO_REGION = "00"
NO_CORRESPONDENT = "0"
"""The value for a bank without a correspondent account."""


def is_inn(text: str) -> bool:
    """A taxpayer number («ИНН»): ten digits for a company, twelve for a person."""
    if not _digits(text, 10, 12) or text.startswith(_NO_REGION):
        return False
    if len(text) == 10:
        return bool(int(text[4:9])) and _check_digit(text, _INN_10) == text[9]
    if not int(text[4:10]):
        return False
    return _check_digit(text, _INN_11) + _check_digit(text, _INN_12) == text[10:]


def is_kpp(text: str) -> bool:
    """A tax registration code («КПП»), which has no check digit."""
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", text, re.ASCII):
        return False
    return not text.startswith(_NO_REGION) and not text.endswith("000")


def is_ogrn(text: str) -> bool:
    """A registration number («ОГРН», or «ОГРНИП» of a sole trader)."""
    if not _digits(text, 13, 15) or text[3:5] == _NO_REGION:
        return False
    if text[0] not in ("15" if len(text) == 13 else "34"):
        return False
    return str(int(text[:-1]) % (len(text) - 2) % 10) == text[-1]


def is_bic(text: str) -> bool:
    """A Russian bank code («БИК»)."""
    return _digits(text, 9) and text.startswith("04") and text[2:4] != _NO_REGION


def is_account(text: str, bic: str) -> bool:
    """A bank account («расчётный счёт») whose check digit fits the bank code."""
    return _is_numbered(text) and is_bic(bic) and not _checksum(bic[-3:] + text)


def is_correspondent_account(text: str, bic: str) -> bool:
    """A correspondent account with the Bank of Russia («корр. счёт»), or `NO_CORRESPONDENT`."""
    if text == NO_CORRESPONDENT:
        return is_bic(bic)
    return _is_numbered(text) and is_bic(bic) and not _checksum(f"0{bic[4:6]}{text}")


def _is_numbered(text: str) -> bool:
    """Whether a text is an account with a branch or a serial number after its check digit."""
    return bool(_ACCOUNT.fullmatch(text)) and bool(int(text[9:]))


def _digits(text: str, *lengths: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) in lengths


def _check_digit(text: str, weights: tuple[int, ...]) -> str:
    pairs = zip(text, weights, strict=False)
    return str(sum(int(digit) * weight for digit, weight in pairs) % 11 % 10)


def _checksum(text: str) -> int:
    """The weighted checksum of an account, modulo 10; 0 for a valid one."""
    digits = (int(_LETTERS.get(char, char)) for char in text)
    return sum(digit * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate(digits)) % 10
