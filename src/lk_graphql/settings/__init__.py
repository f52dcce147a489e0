"""Everything that differs between one installation and another: `LK_…` in the environment.

Nobody else reads the environment. An empty variable counts as unset, and nothing secret has a
default: each command says with `demand` what it can't do without.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from pydantic import SecretStr, ValidationError

from lk_graphql.settings.declared import PREFIX, Settings, SettingsRefused, variable_of
from lk_graphql.settings.forms import LOOPBACK, Words

__all__ = ["LOOPBACK", "PREFIX", "Settings", "SettingsRefused", "Shown", "read", "shown"]


@dataclass(frozen=True)
class Shown:
    """A setting as a person may see it: secrets are only set or not."""

    variable: str
    value: str
    default: str
    description: str


def read(**chosen: Any) -> Settings:
    """The environment's settings, with the chosen ones instead. Raises `SettingsRefused`."""
    try:
        return Settings(**chosen)
    except ValidationError as wrong:
        raise SettingsRefused([*_sentences(wrong)]) from None


def shown(settings: Settings) -> Iterator[Shown]:
    for name, field in Settings.model_fields.items():
        value, default = getattr(settings, name), field.default
        yield Shown(variable_of(name), _text(value), _text(default), field.description or "")


def _sentences(wrong: ValidationError) -> Iterator[str]:
    for error in wrong.errors(include_url=False, include_context=False, include_input=False):
        name = str(error["loc"][0])
        yield f"{variable_of(name)}: {error['msg'].removeprefix('Value error, ')}."


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set)" if value else ""
    if isinstance(value, tuple):
        return ", ".join(cast(Words, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
