"""A reader of payment codes (ГОСТ Р 56042-2014), like a bank's."""

from collections.abc import Iterable

from lk_graphql.billing.service.payment_code import (
    FORMATS,
    HEADER,
    InvalidPaymentCode,
    require_formats,
)

_NAMES = {name.casefold(): name for name in FORMATS}


def parse(text: str) -> dict[str, str]:
    """Return the fields of a code by the standard's names. Raises `InvalidPaymentCode`.

    Names in any case and a trailing separator are accepted: real bills have both.
    """
    if not text.startswith(HEADER) or len(text) <= len(HEADER):
        raise InvalidPaymentCode(f"It doesn't begin with {HEADER}")
    separator, rest = text[len(HEADER)], text[len(HEADER) + 1 :]
    fields = dict(_pairs(rest.removesuffix(separator).split(separator)))
    require_formats(fields)
    return fields


def _pairs(parts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals:
            raise InvalidPaymentCode("A field has no value")
        yield _NAMES.get(name.casefold(), name), value
