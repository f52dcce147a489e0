"""Sums and counts in the texts that customers read, over all slices."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from lk_graphql.hooks import load_hooks
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import MoneyDetail
from lk_graphql.metering.errors import TooManyDecimals, TooManyDigits
from lk_graphql.metering.service.consumption import Scale
from lk_graphql.payments.errors import AmountChanged, AmountTooLarge, AmountTooSmall

_SPACE = "\N{NO-BREAK SPACE}"


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        yield child
        yield from refusals(child)


def test_no_refusal_writes_a_currency_itself():
    """A sum is a `MoneyDetail`, which has its currency in the form of the language."""
    load_hooks()
    texts = {
        kind.__name__: (kind.ru, kind.en)
        for kind in refusals()
        if hasattr(kind, "ru") and "₽" in kind.ru + kind.en
    }
    assert texts == {}


@pytest.mark.parametrize(
    ("refusal", "russian", "english"),
    [
        (AmountChanged(total=MoneyDetail(10_000)), "к оплате 100,00_₽.", "it is ₽100.00 now"),
        (AmountTooSmall(minimum=MoneyDetail(100)), "платёж — 1,00_₽.", "payment is ₽1.00."),
        (
            AmountTooLarge(maximum=MoneyDetail(35_000_050)),
            "платёж — 350_000,50_₽.",
            "payment is ₽350,000.50.",
        ),
    ],
)
def test_sums_are_written_as_the_language_does(refusal: Refusal, russian: str, english: str):
    assert russian.replace("_", _SPACE) in refusal.text(Language.RU)
    assert english in refusal.text(Language.EN)


@pytest.mark.parametrize(
    ("scale", "value", "text"),
    [
        (Scale(5), "12.5", "У этого счётчика нет цифр после запятой: передайте целое число."),
        (Scale(5, 1), "12.55", "Цифр после запятой на этом счётчике — не больше 1."),
        (Scale(5, 2), "12.555", "Цифр после запятой на этом счётчике — не больше 2."),
    ],
)
def test_the_refusal_of_decimals_has_their_limit(scale: Scale, value: str, text: str):
    with pytest.raises(TooManyDecimals) as refused:
        scale.check(Decimal(value))
    assert refused.value.text(Language.RU) == text


def test_the_refusal_of_digits_has_their_limit():
    with pytest.raises(TooManyDigits) as refused:
        Scale(1).check(Decimal(10))
    assert refused.value.text(Language.RU) == "Цифр до запятой на этом счётчике — не больше 1."
