"""Labels of enum values for people, in the cabinet's languages."""

from collections.abc import Mapping
from enum import Enum

from lk_graphql.kit.languages import Language

LABELS: dict[type[Enum], Mapping[str, tuple[str, str]]] = {}
"""The Russian and English labels of enums that customers see, by their values."""


def labels(cls: type[Enum], **values: tuple[str, str]) -> None:
    """Declare the labels of an enum's values, in Russian and English, for screens.

    Raises TypeError if a value has no label.
    """
    if set(values) != set(cls.__members__):
        raise TypeError(f"{cls.__name__}: label {set(values) ^ set(cls.__members__)}")
    LABELS[cls] = values


def russian(cls: type[Enum]) -> Mapping[str, str]:
    """The Russian labels by the enum's values; raises KeyError for an enum without labels."""
    return {value: label for value, (label, _) in LABELS[cls].items()}


def label(value: Enum, language: Language) -> str:
    """The label of a value in a language; raises KeyError for an enum without labels."""
    ru, en = LABELS[type(value)][value.name]
    return ru if language is Language.RU else en
