"""A server that leaves out what a start needn't do is the same server."""

import subprocess
import sys

import pytest

VALUES = '''
import copy, dataclasses, inspect, pickle, sys
from abc import ABC, abstractmethod
from dataclasses import InitVar, dataclass, field
from functools import partial


@dataclass(frozen=True, order=True)
class Place:
    """A place."""
    x: int
    y: int = 0


@dataclass(frozen=True)
class Named(Place):
    name: str = field(default_factory=lambda: "home", compare=False)
    twice: InitVar[bool] = False

    def __post_init__(self, twice):
        object.__setattr__(self, "name", self.name * (2 if twice else 1))


class Shape(ABC):
    @abstractmethod
    def area(self): ...


@dataclass(kw_only=True, unsafe_hash=True)
class Square(Shape):
    side: int
    self: str = "itself"

    def area(self):
        return self.side ** 2


@dataclass(slots=True)
class Slots:
    a: list = field(default_factory=list)


class Child(Square):
    def __init__(self, side):
        super().__init__(side=side)


def refused(act):
    try:
        act()
    except Exception as refusal:
        return repr(refusal)


near, far = Place(1), Place(2, 3)
told = [
    inspect.signature(Named), Named.__doc__, Place.__init__.__qualname__, near, far,
    near == Place(1, 0), near == far, near != 1, near < far, sorted([far, near]),
    hash(near) == hash(Place(1)), refused(lambda: setattr(near, "x", 5)),
    refused(lambda: delattr(near, "x")), refused(lambda: near < 1),
    Named(1), Named(1, 2, "a", twice=True), Named(1) == Named(1, name="b"), refused(Named),
    refused(lambda: Place(1, 2, 3)), refused(lambda: Place(z=3)),
    refused(lambda: setattr(Named(1), "name", 1)),
    Square(side=2), Square(side=2).area(), refused(lambda: Square(2)),
    hash(Square(side=2)) == hash(Square(side=2)), inspect.signature(Square.__init__),
    Child(3), Child(3) == Child(3), Child(3) == Square(side=3), refused(Child),
    Slots(), Slots([1]) == Slots([1]), refused(lambda: setattr(Slots(), "b", 1)),
    refused(lambda: hash(Slots())),
    dataclasses.replace(near, y=9), dataclasses.asdict(far), dataclasses.astuple(far),
    copy.deepcopy(far), pickle.loads(pickle.dumps(far)), list(map(partial(Place, 4), (5, 6))),
    [type(vars(Place)[name]).__name__ for name in ("__init__", "__eq__", "__setattr__")],
    repr(near), repr(near),
]
print(*told, sep="\\n")
'''
LATE = "from lk_graphql.cli.starting import prepare; prepare()\n"


def said(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def test_late_methods_are_those_that_dataclasses_make():
    assert said(LATE + VALUES) == said(VALUES)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="they are made otherwise, and at once")
def test_a_method_is_compiled_when_it_is_first_called():
    one = """
from dataclasses import dataclass

@dataclass
class Pair:
    '''Two.'''
    a: int
    b: int

def made():
    return [name for name in ("__init__", "__eq__") if hasattr(vars(Pair)[name], "__code__")]

print(made(), Pair(1, 2).b, made(), Pair(1, 2) == Pair(1, 2), made())
"""
    assert said(LATE + one) == "[] 2 ['__init__'] True ['__init__', '__eq__']\n"


def test_rich_is_there_for_whoever_needs_it_later():
    assert said(LATE + "import structlog, rich.table; print(structlog.dev.rich)") == "None\n"
