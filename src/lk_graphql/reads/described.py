"""A type's description for clients is its docstring, wherever the type is declared."""

from inspect import cleandoc
from typing import Any


def description_of(cls: type[Any]) -> str:
    """Raises TypeError for a class that doesn't say what it is."""
    if not cls.__doc__:
        raise TypeError(f"{cls.__name__} needs a docstring: it is the type's description")
    return cleandoc(cls.__doc__)
