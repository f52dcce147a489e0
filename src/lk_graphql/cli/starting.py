"""What a start of `lk serve` needn't do; decision 0025 has the figures."""

import dataclasses
import gc
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import FunctionType
from typing import Any, cast


def prepare() -> None:
    """To be called before the rest of the application is imported."""
    gc.disable()  # what is imported stays; `lk_graphql.app` enables it once it is open
    _import_structlog_alone()
    _compile_methods_late()


def _import_structlog_alone() -> None:
    """It would bring rich for tracebacks on a terminal, if rich were there."""
    cast("dict[str, Any]", sys.modules)["rich"] = None
    import_module("structlog")
    del sys.modules["rich"]


def _compile_methods_late() -> None:
    """Have dataclasses compile a method when it is first called.

    They write each as a text, and Python compiles it: 3,000 methods of 650 classes are a fifth of
    a start. Most of the methods are never called, and half of the classes are Strawberry's and
    graphql-core's: there is no public way. From Python 3.13 on there is no such function, and they
    are made as they always are.
    """
    library: Any = dataclasses
    eager = getattr(library, "_create_fn", None)
    if isinstance(eager, FunctionType):
        library._create_fn = partial(_Late, eager)  # noqa: SLF001


class _Late:
    """Stands in a class for one of its methods, and makes way for it."""

    __slots__ = ("__name__", "_made", "_make")

    def __init__(self, eager: Callable[..., Any], name: str, *text: Any, **names: Any) -> None:
        self._make = partial(eager, name, *text, **names)
        self.__name__ = name
        self._made: Any = None

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        method = self._method()
        for base in owner.__mro__:
            if vars(base).get(self.__name__) is self:
                method.__qualname__ = f"{base.__qualname__}.{self.__name__}"
                setattr(base, self.__name__, method)
        return method.__get__(instance, owner)

    def __call__(self, *given: object) -> Any:
        """What `repr` does, which dataclasses wrap."""
        return self._method()(*given)

    def _method(self) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made
