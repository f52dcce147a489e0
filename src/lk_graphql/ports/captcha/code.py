"""What a captcha asks to be typed."""

import secrets

_LETTERS = "ACEFHJKMNPRTUWXY"
_DIGITS = "3469"
"""No 0 and O, 1, 7, I and L, 2 and Z, 5 and S, 8 and B, D and Q, G, V: bent, they look alike."""

_TYPED_IN_CYRILLIC = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")


def new_picture_code() -> str:
    """Letters and digits, at least one of each."""
    while True:
        code = "".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(5))
        if not (code.isalpha() or code.isdecimal()):
            return code


def new_audio_code() -> str:
    """Digits only: whoever listens needn't guess whether a letter was Latin."""
    return "".join(secrets.choice("0123456789") for _ in range(6))


def as_typed(code: str) -> str:
    """The code in what a person typed: without spaces, in capitals, in Latin.

    A Russian keyboard has most of the letters too, and nobody sees the difference.
    """
    return "".join(code.split()).upper().translate(_TYPED_IN_CYRILLIC)
