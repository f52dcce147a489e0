"""Values for any input of the schema: valid ones, ones at an edge, and ones of another kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, is_composite_type

from lk_graphql.planner.untyped import get_named_type, type_of
from tests.support.random_operations import Choice, literal
from tests.support.sample_input import inside

NUL, LONE, RTL, EMOJI = "\0", "\ud800", "\u202e", "👩‍👩‍👧‍👦"
NUMBERS: tuple[Any, ...] = (
    0, 1, -1, 2, 5, 100, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53, 2**63, -(2**63) - 1,
    10**30, 1.0, 1.5, -0.0, 1e30, float("nan"), float("inf"),
)  # fmt: skip
TEXTS = (
    "", " ", "x", "\t\n", "текст", "x" * 101, "ё" * 301, "x" * 5_000, f"a{NUL}b", LONE, f"a{LONE}b",
    f"{RTL}abc", "أهلا", EMOJI, "e" + "\u0301" * 200, "\u2028\u0085", "\ufeff", "NaN", "Infinity",
    "1e999999", "-0", "٣٤", "²", "１２３", "null", "undefined", "true", "%00%s{0}{x.y}\\", "'; --",
    "=cmd|' /C calc'!A0", "<script>", "../../etc/passwd", "C:\\a\\b.jpg", ".", "..", "a.jpg",
    "скан.PDF", "con.pdf", "a" * 250 + ".jpg", "\\ud800", "\\u0000", "0" * 40, "9" * 40,
)  # fmt: skip
DATES = (
    "2026-11-01", "2026-11-30", "2024-02-29", "2026-02-29", "2026-02-30", "0001-01-01",
    "0000-01-01", "-0001-01-01", "9999-12-31", "10000-01-01", "294276-12-31", "-4713-01-01",
    "20261101", "2026-W01-1", "2026-11", "infinity", "-infinity", "today", "epoch", "1970-01-01",
    "2026-11-01T00:00:00Z", "٢٠٢٦-١١-٠١", "",
)  # fmt: skip
TIMES = (
    "2026-11-01T00:00:00Z", "2026-11-01T10:00:00+07:00", "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59.999999-23:59", "0001-01-01T00:00:00+23:59", "2026-11-01T24:00:00Z",
    "2026-11-01T23:59:60Z", "2026-11-01T00:00:00.1234567890Z", "2026-11-01T00:00:00+24:00",
    "2026-11-01T00:00:00", "2026-11-01 00:00:00Z", "2026-11-01T00:00Z", "infinity", "now", "",
    "2026-11-01T00:00:00-00:00", "10000-01-01T00:00:00Z", "2026-11-01T00:00:00+07:00:30",
)  # fmt: skip
PERIODS = (
    "2026-11", "2026-10", "2026-09", "0001-01", "0000-01", "0000-12", "9999-12", "9999-01",
    "10000-01", "2026-13", "2026-00", "2026-1", "202611", "2026-11-01", "-001-01", "infinity", "",
)  # fmt: skip
AMOUNTS = (
    "0.00", "1.00", "1140.00", "0.01", "-1.00", "9" * 15 + ".99", "9" * 16 + ".99", "9" * 40,
    "92233720368547758.07", "92233720368547758.08", "1e5", "1E+400", "NaN", "sNaN", "Infinity",
    "-Infinity", "1.999", "1,00", "+1.00", "１.００", ".5", "5.", "0x10", "1_000.00", " 1.00", "",
)  # fmt: skip
QUANTITIES = ("0", "1", "9528.5", "12345", "0.001", "0.0001", "99999999999", *AMOUNTS)
KINDS: Mapping[str, Sequence[Any]] = {
    "Int": NUMBERS,
    "Float": NUMBERS,
    "Boolean": (True, False),
    "Date": DATES,
    "DateTime": TIMES,
    "Period": PERIODS,
    "Money": AMOUNTS,
    "Quantity": QUANTITIES,
    "Url": ("https://lk.example", "http://[::1", "javascript:alert(1)", "//x", *TEXTS),
    "String": TEXTS,
}
OTHER_KINDS: tuple[Any, ...] = (None, 1, "1", True, 1.5, [], [None], [[1]], {}, {"": None})
PASSWORD, EMAIL = "Demo12345", "demo@example.com"
NAMED: Mapping[str, Sequence[Any]] = {
    "password": (PASSWORD, "Kuzbass42x", "x" * 5_000, f"Demo1{LONE}2345", "Пароль12345"),
    "oldPassword": (PASSWORD,),
    "newPassword": ("Kuzbass42x", PASSWORD, "ё" * 200),
    "email": (EMAIL, "staff@example.com", "clerk@example.com", "new@example.com", "a@b", "@",
              "x" * 300 + "@example.com", "почта@пример.рф", f"a{NUL}@example.com",
              '"a b"@example.com', "a@[127.0.0.1]", "a@xn--e1afmkfd.xn--p1ai"),
    "newEmail": ("new@example.com", EMAIL, "a@ß.example", "a@" + "b." * 130 + "ru"),
    "phone": ("+7 913 123-45-67", "89131234567", "8 (384) 271-00-00", "+7" + "9" * 30, "٨٩١٣"),
    "lastName": ("Иванова", "Иванова-Петрова", "д'Артаньян", "Ы" * 200),
    "firstName": ("Анна", "А" * 200),
    "code": ("123456", "000000", "١٢٣٤٥٦", "abcd-efgh-jkmn", "A7K2", " 1 2-3 "),
    "termsVersion": ("2025-09-01",),
    "personalDataVersion": ("2025-09-01",),
    "smsConsentVersion": ("2025-09-01",),
    "contentType": ("image/jpeg", "application/pdf", "text/csv", "image/jpeg; charset=\0"),
    "size": (1, 100, 10**7, *NUMBERS),
    "start": ("21:00", "09:00", "24:00", "9:0", "٠٩:٠٠"),
    "end": ("08:00", "21:00", "00:00", "23:59:60"),
    "surname": ("Демидов", "Демидова"),
    "lastReading": ("0", "9528", "1e5", "9" * 40),
    "value": ("1", "9528", "9528,5", "9528.5", "1e5", "1E400", "9" * 40, "-1", "NaN", "１２"),
    "fileName": ("a.jpg", "a.pdf", "a.csv", "balances.csv"),
    "unifiedNumber": ("60АА000001", "0" * 10),
}  # fmt: skip


@dataclass(frozen=True)
class ValueGenerator:
    """Draws values; `ids` are public ids of all types, `tokens` signed tokens of all purposes."""

    random: Random
    ids: Sequence[str]
    tokens: Sequence[str]
    texts: Sequence[str]
    fixed: Mapping[str, Any]
    """Valid values of input types by their names, which are drawn half of the time."""

    def value(self, name: str, type_: Any) -> Any:
        """A value for an input of this name and type."""
        is_nullable = not isinstance(type_, GraphQLNonNull)
        inner: Any = type_ if is_nullable else inside(type_)
        if self._one_in(40):
            return self.random.choice(OTHER_KINDS)
        if is_nullable and self._one_in(6):
            return None
        if isinstance(inner, GraphQLList):
            return self._list(name, inner)
        if isinstance(inner, GraphQLInputObjectType):
            return self._object(inner)
        if values := getattr(inner, "values", None):
            return Choice(self.random.choice([*values])) if not self._one_in(30) else "NONE"
        return self._scalar(name, inner.name)

    def _list(self, name: str, type_: Any) -> list[Any]:
        length = self.random.choice((0, 1, 1, 1, 2, 2, 3, 25, 101) if self._one_in(5) else (1, 2))
        items = [self.value(name, inside(type_)) for _ in range(min(length, 3))]
        return (items * length)[:length]  # the same ones again

    def _object(self, type_: Any) -> Any:
        if type_.name in self.fixed and self._one_in(2):
            return self.fixed[type_.name]
        fields: dict[str, Any] = {name: type_of(field) for name, field in type_.fields.items()}
        if type_.is_one_of and not self._one_in(10):
            fields = dict([self.random.choice([*fields.items()])])
        return {
            name: self.value(name, kind)
            for name, kind in fields.items()
            if isinstance(kind, GraphQLNonNull) or type_.is_one_of or self._one_in(2)
        }

    def _scalar(self, name: str, kind: str) -> Any:
        if kind == "ID":
            return self.random.choice(self.ids if not self._one_in(8) else TEXTS)
        if name in NAMED and not self._one_in(4):
            return self.random.choice(NAMED[name])
        if name in {"token", "idempotencyKey"} and not self._one_in(4):
            return self.random.choice(self.tokens)
        if kind == "String" and self._one_in(3):
            return self.random.choice(self.texts)
        return self.random.choice(KINDS[kind])

    def _one_in(self, count: int) -> bool:
        return self.random.randrange(count) == 0

    def selection(self, type_: Any, depth: int) -> str:
        """A selection of a few fields, with their arguments as literals."""
        if not is_composite_type(type_):
            return ""
        fields: dict[str, Any] = getattr(type_, "fields", {})
        names = [
            name
            for name, field in fields.items()
            if depth > 0 or not is_composite_type(get_named_type(type_of(field)))
        ]
        chosen = self.random.sample(names, min(len(names), self.random.choice((1, 2, 4))))
        parts = [
            f"{name}{self._arguments(fields[name])}"
            + self.selection(get_named_type(type_of(fields[name])), depth - 1)
            for name in chosen
        ]
        if not fields:  # a union
            parts = ["__typename"]
        return " { " + " ".join(parts or ["__typename"]) + " }"

    def _arguments(self, field: Any) -> str:
        arguments = [
            f"{name}: {literal(self.value(name, type_of(argument)))}"
            for name, argument in field.args.items()
            if isinstance(type_of(argument), GraphQLNonNull) or self._one_in(3)
        ]
        return f"({', '.join(arguments)})" if arguments else ""
