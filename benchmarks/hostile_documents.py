"""Requests that are meant to cost the server much and the client little.

Each family is an attack with random sizes. The same seed makes the same requests; `number` makes
each text new, so that nothing is remembered, except for the families that send a text again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import GraphQLNamedType, GraphQLSchema, is_composite_type, is_object_type

from lk_graphql.planner.untyped import get_named_type

SCALARS = ("email", "firstName", "lastName", "fullName", "phone", "registeredAt", "id")
COMPUTED = ("unreadAppealMessages", "unreadNotices", "calendarUrl", "fullName")
PATH = ("viewer", "accounts", "invoices", "lines")
DEEP = ("accounts", "invoices", "account", "meters", "account", "invoices", "account")
PREFIXES = ("usr", "acc", "inv", "mtr", "reg", "rdg", "apl", "pay", "ses", "zzz", "")
KEY = "0" * 32


@dataclass(frozen=True)
class HostileRequest:
    """`body` replaces the JSON of the other parts."""

    family: str
    query: str = ""
    variables: Mapping[str, object] = field(default_factory=dict[str, object])
    operation_name: str | None = None
    body: bytes | None = None
    extensions: Mapping[str, object] | None = None

    @property
    def json(self) -> dict[str, object]:
        """The decoded body."""
        parts: dict[str, object] = {"query": self.query}
        if self.variables:
            parts["variables"] = self.variables
        if self.operation_name:
            parts["operationName"] = self.operation_name
        if self.extensions:
            parts["extensions"] = self.extensions
        return parts


class HostileGenerator:
    """Generates requests; a family is a method that is named in `families`."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        self._schema = schema
        self._random = Random(seed)
        self._number = 0
        self.families: tuple[Callable[[], HostileRequest], ...] = (
            self._inline_fragments,
            self._named_fragments,
            self._fan_out,
            self._fragment_chain,
            self._cyclic_fragments,
            self._unused_fragments,
            self._aliases,
            self._computed_aliases,
            self._repeated_arguments,
            self._nested_repetitions,
            self._types_of_node,
            self._directives,
            self._operations,
            self._long_names,
            self._long_texts,
            self._literals,
            self._unknown_fields,
            self._unknown_arguments,
            self._deep_fields,
            self._deep_values,
            self._variables,
            self._introspection,
            self._broken_syntax,
            self._tokens,
            self._huge_variables,
            self._valid,
            self._valid,
            self._guest_mutations,
            self._persisted,
            self._bodies,
            self._plan_variants,
            self._page_variants,
            self._located_errors,
        )

    def requests(self, count: int) -> Iterator[HostileRequest]:
        for number in range(count):
            yield self.families[number % len(self.families)]()

    def _size(self, most: int) -> int:
        """A size up to `most`, small ones as likely as large ones."""
        return max(1, int(most ** self._random.random()))

    def _name(self) -> str:
        self._number += 1
        return f"q{self._number}"

    def _query(self, family: str, selection: str, rest: str = "", head: str = "") -> HostileRequest:
        return HostileRequest(family, f"query {self._name()}{head}{{{selection}}}{rest}")

    def _scalars(self, most: int) -> str:
        return " ".join(self._random.choices(SCALARS, k=self._size(most)))

    def _inline_fragments(self) -> HostileRequest:
        parts = (f"...{{{self._scalars(3)}}}" for _ in range(self._size(480)))
        return self._query("inline fragments", f"viewer{{{''.join(parts)}}}")

    def _named_fragments(self) -> HostileRequest:
        count = self._size(150)
        spreads = " ".join(f"...F{n}" for n in range(count))
        rest = "".join(f"fragment F{n} on User{{{self._scalars(7)}}}" for n in range(count))
        return self._query("named fragments", f"viewer{{{spreads}}}", rest)

    def _fan_out(self) -> HostileRequest:
        levels, width = self._size(40), self._random.randint(2, 3)
        rest = "".join(
            f"fragment F{n} on User{{{self._scalars(2)}{f' ...F{n + 1}' * width}}}"
            for n in range(levels)
        )
        return self._query("fan-out", "viewer{...F0}", f"{rest}fragment F{levels} on User{{id}}")

    def _fragment_chain(self) -> HostileRequest:
        levels = self._size(200)
        rest = "".join(
            f"fragment F{n} on User{{{self._scalars(2)} ...F{n + 1}}}" for n in range(levels)
        )
        return self._query("chain", "viewer{...F0}", f"{rest}fragment F{levels} on User{{id}}")

    def _cyclic_fragments(self) -> HostileRequest:
        count = self._size(60)
        rest = "".join(
            f"fragment F{n} on User{{id {self._spreads(count)} accounts{{...G}}}}"
            for n in range(count)
        )
        return self._query("cycles", "viewer{...F0}", f"{rest}fragment G on Account{{id}}")

    def _spreads(self, count: int) -> str:
        return " ".join(f"...F{self._random.randrange(count)}" for _ in range(self._size(5)))

    def _unused_fragments(self) -> HostileRequest:
        repeated = "...{email}" * self._size(200)
        rest = "".join(
            f"fragment F{n} on User{{{repeated if n == 0 else self._scalars(5)}}}"
            for n in range(self._size(100))
        )
        return self._query("unused fragments", "__typename", rest)

    def _aliases(self) -> HostileRequest:
        aliases = (f"a{n}:{self._random.choice(SCALARS)}" for n in range(self._size(60)))
        return self._query("aliases", f"viewer{{{' '.join(aliases)}}}")

    def _computed_aliases(self) -> HostileRequest:
        if self._random.random() < 0.5:
            parts = (f"a{n}:{self._random.choice(COMPUTED)}" for n in range(self._size(60)))
            return self._query("computed aliases", f"viewer{{{' '.join(parts)}}}")
        parts = (
            f"a{n}:{self._random.choice(('receiptUrl', 'qrPayload', 'status', 'unpaid'))}"
            for n in range(self._size(60))
        )
        first = self._size(20)
        selection = f"viewer{{accounts{{invoices(first:{first}){{{' '.join(parts)}}}}}}}"
        return self._query("computed aliases", selection)

    def _repeated_arguments(self) -> HostileRequest:
        same = self._random.random() < 0.5
        parts = (f"invoices(first:{1 if same else n}){{id}}" for n in range(self._size(100)))
        inline = self._random.choice(("", "...", "...on Account"))
        texts = (f"{inline}{{{part}}}" if inline else part for part in parts)
        return self._query("repeated arguments", f"viewer{{accounts{{{' '.join(texts)}}}}}")

    def _nested_repetitions(self) -> HostileRequest:
        text, width = "amount", self._random.randint(1, 8)
        for name in reversed(PATH[1:]):
            field_ = f"{name}{{id {text}}}" if name != "lines" else f"{name}{{{text}}}"
            text = " ".join([field_] * self._random.randint(1, width))
        return self._query("nested repetitions", f"viewer{{{text}}}")

    def _types_of_node(self) -> HostileRequest:
        objects = [
            type_.name
            for type_ in self._schema.type_map.values()
            if is_object_type(type_) and not type_.name.startswith("__")
        ]
        parts = (
            f"...on {self._random.choice(objects)}{{id {'__typename ' * self._size(5)}}}"
            for _ in range(self._size(120))
        )
        ids = " ".join(f'"{self._random.choice(PREFIXES)}_{KEY}"' for _ in range(self._size(100)))
        return self._query("types of node", f"nodes(ids:[{ids}]){{{' '.join(parts)}}}")

    def _directives(self) -> HostileRequest:
        text = self._random.choice(
            ("@skip(if:$a)", "@include(if:true)", "@unknown", "@skip(if:false)@include(if:$a)")
        )
        many = text * self._size(120)
        fields = " ".join(f"{name}{many}" for name in SCALARS[: self._size(7)])
        return self._query("directives", f"viewer{{{fields}}}", head="($a:Boolean!)")

    def _operations(self) -> HostileRequest:
        inner = self._random.choice(
            ("__typename", f"viewer{{{self._scalars(5)}}}", "viewer{...F}", "viewer{a b c}")
        )
        names = [self._name() for _ in range(self._size(200))]
        text = " ".join(f"query {name}{{{inner}}}" for name in names)
        rest = "fragment F on User{id accounts{id}}" if "..." in inner else ""
        return HostileRequest("operations", text + rest, operation_name=names[0])

    def _long_names(self) -> HostileRequest:
        long = "x" * self._size(28_000)
        selection = self._random.choice(
            (
                f"{long}:__typename",
                f"viewer{{{long}}}",
                f"viewer{{...{long}}}",
                f"...on {long}{{a}}",
            )
        )
        return self._query("long names", selection)

    def _long_texts(self) -> HostileRequest:
        size = self._size(28_000)
        text = self._random.choice(
            (
                '"' + "x" * size + '"',
                '"' + "\\u0041" * (size // 6) + '"',
                '"""' + "\n x" * (size // 3) + '"""',
                '"""' + '\\"""' * (size // 4) + '"""',
            )
        )
        blank = self._random.choice((",", " ", "\n", "#\n", "#" + "x" * 50 + "\n"))
        if self._random.random() < 0.5:
            return self._query("long texts", f"node(id:{text}){{id}}")
        return self._query("long texts", "__typename", blank * (size // len(blank)))

    def _literals(self) -> HostileRequest:
        count = self._size(1500)
        texts: tuple[str, ...] = (
            "nodes(ids:[" + '"" ' * count + "]){id}",
            f"nodes(ids:[{'1 ' * count}]){{id}}",
            f"nodes(ids:{{{'a:1 ' * count}}}){{id}}",
            f"viewer{{notices(where:{{{'isRead:true ' * count}}}){{nodes{{id}}}}}}",
            f"viewer{{appeals(where:[{'{} ' * count}]){{nodes{{id}}}}}}",
            f"node(id:{'9' * count}){{id}}",
        )
        return self._query("literals", self._random.choice(texts))

    def _unknown_fields(self) -> HostileRequest:
        names = ("emial", "acounts", "firstNme", "phon", "zz", "unreadNotice", "adres")
        count = self._size(500)
        inner = self._random.choice(("", "{a}"))
        fields = (self._random.choice(names) + inner for _ in range(count))
        return self._query("unknown fields", f"viewer{{{' '.join(fields)}}}")

    def _unknown_arguments(self) -> HostileRequest:
        value = self._random.choice(("1", "$x", "[1 2]", '"x"'))
        arguments = " ".join(f"a{n}:{value}" for n in range(self._size(300)))
        copies = " ".join(f"accounts({arguments}){{id}}" for _ in range(self._size(10)))
        return self._query("unknown arguments", f"viewer{{{copies}}}")

    def _deep_fields(self) -> HostileRequest:
        depth = self._size(300)
        if self._random.random() < 0.5:
            return self._query("deep fields", "a{" * depth + "b" + "}" * depth)
        names = DEEP[: min(depth, len(DEEP))]
        first = self._random.choice(("", "(first:1)"))
        text = "".join(f"{name}{first if name == 'invoices' else ''}{{id " for name in names)
        return self._query("deep fields", f"viewer{{{text}{'}' * len(names)}}}")

    def _deep_values(self) -> HostileRequest:
        depth = self._size(300)
        value = self._random.choice(("[" * depth + "]" * depth, "{a:" * depth + "1" + "}" * depth))
        if self._random.random() < 0.5:
            return self._query("deep values", f"nodes(ids:{value}){{id}}")
        return self._query("deep values", f"viewer{{notices(where:{value}){{nodes{{id}}}}}}")

    def _variables(self) -> HostileRequest:
        count = self._size(300)
        type_ = self._random.choice(
            ("Int", "ID!", "[ID!]!", "NoticeFilterInput", "Nothing", "User")
        )
        default = self._random.choice(("", "=1", "=[1 2 3]", "={a:1}"))
        head = " ".join(f"$a{n}:{type_}{default}" for n in range(count))
        used = " ".join(f"...{{a{n}:node(id:$a{n}){{id}}}}" for n in range(self._size(count)))
        request = self._query("variables", used, head=f"({head})")
        values = {f"a{n}": self._random.choice((1, "", [1], {"a": 1})) for n in range(count)}
        return HostileRequest(request.family, request.query, values)

    def _introspection(self) -> HostileRequest:
        levels = self._size(6)
        chain = "fields{type{" * levels + "name" + "}}" * levels
        parts = (
            f'__type(name:"User"){{{chain}}}',
            f"__schema{{types{{{chain}}}}}",
            " ".join(f"a{n}:__typename" for n in range(self._size(100))),
            "__typename " * self._size(400),
        )
        return self._query("introspection", self._random.choice(parts))

    def _broken_syntax(self) -> HostileRequest:
        unit = self._random.choice(
            ("a ", "a:b ", "...{a}", "a(b:1)", "a{b}", "@a ", "$", "{", "a@b ")
        )
        text = unit * (self._size(8000) // len(unit))
        return HostileRequest("broken syntax", f"query {self._name()}{{{text}")

    def _tokens(self) -> HostileRequest:
        tokens = (*"{}()[]:!$@=|&", "...", "query", "fragment", "on", "a", "1", '"x"', "true")
        text = " ".join(self._random.choices(tokens, k=self._size(1500)))
        return HostileRequest("tokens", f"query {self._name()}{{viewer{{id}}}} {text}")

    def _huge_variables(self) -> HostileRequest:
        count = self._size(40_000)
        deep: Any = 1
        for _ in range(min(count, 200)):
            deep = [deep]
        values: tuple[Any, ...] = (
            [""] * count,
            ["usr_" + KEY] * (count // 15),
            [1] * count,
            "x" * (3 * count),
            "\u0001" * (count // 2),
            {f"k{n}": n for n in range(count // 4)},
            [{"a": 1}] * (count // 4),
            deep,
        )
        name = self._random.choice(("ids", "other"))
        text = "nodes(ids:$ids){id}" if name == "ids" else "__typename"
        head = "($ids:[ID!]!)" if name == "ids" else ""
        request = self._query("huge variables", text, head=head)
        return HostileRequest(request.family, request.query, {name: self._random.choice(values)})

    def _valid(self) -> HostileRequest:
        user = self._schema.type_map["User"]
        selection = self._selection(user, [self._size(400)], depth=6)
        return self._query("valid", f"viewer{{{selection}}}")

    def _selection(self, type_: GraphQLNamedType, budget: list[int], depth: int) -> str:
        """Random fields of a type, as many as `budget` still holds, with the smallest pages."""
        parts = ["__typename"]
        fields: dict[str, Any] = getattr(type_, "fields", {})
        chosen = self._random.sample([*fields], k=self._random.randint(0, len(fields)))
        for name in chosen:
            named: Any = get_named_type(fields[name].type)
            if budget[0] <= 0:
                break
            budget[0] -= 1
            page = next((a for a in ("last", "first") if a in fields[name].args), None)
            arguments = f"({page}:{self._random.choice((0, 1, 1, 2))})" if page else ""
            if not is_composite_type(named):
                parts.append(name)
            elif depth:
                parts.append(f"{name}{arguments}{{{self._selection(named, budget, depth - 1)}}}")
        return " ".join(parts)

    def _guest_mutations(self) -> HostileRequest:
        fields = (
            "noticesMarkRead(input:{ids:[]}){errors{code}}",
            'accountUnlink(input:{accountId:"acc_1"}){errors{code message path}}',
            "appealCreate(input:{}){errors{code}}",
            "sessionEnd(input:{}){__typename}",
        )
        parts = (f"a{n}:{self._random.choice(fields)}" for n in range(self._random.randint(1, 6)))
        return HostileRequest("mutations", f"mutation {self._name()}{{{' '.join(parts)}}}")

    def _persisted(self) -> HostileRequest:
        digest = f"{self._random.getrandbits(256):064x}"
        hash_ = self._random.choice((digest, "x" * self._size(20_000)))
        query = self._random.choice(("", "{__typename}" + " " * self._size(20_000)))
        extensions = {"persistedQuery": {"version": 1, "sha256Hash": hash_}}
        return HostileRequest("persisted", query, extensions=extensions)

    def _bodies(self) -> HostileRequest:
        size = self._size(130_000)
        body = self._random.choice(
            (
                b"[" * (size // 2) + b"]" * (size // 2),
                b"[" + b"1," * (size // 2) + b"1]",
                b'{"query":"' + b"\\u0041" * (size // 6) + b'"}',
                b'{"query":1,"x":[' + b'"\\u0000",' * (size // 9) + b"1]}",
                b'{"query":"{a}","variables":[' + b"{}," * (size // 3) + b"1]}",
                b'{"query":"{a}","variables":{"a":[' + b'"\\u0000",' * (size // 9) + b"1]}}",
                b"x" * size,
            )
        )
        return HostileRequest("bodies", body=body)

    def _plan_variants(self) -> HostileRequest:
        """One text under many plan keys."""
        count = self._random.choice((10, 30, 45))
        head = " ".join(f"$a{n}:Boolean!" for n in range(count))
        names = self._schema.type_map["Account"]
        fields: list[str] = [
            name
            for name, field_ in getattr(names, "fields").items()  # noqa: B009 - partly unknown
            if not is_composite_type(get_named_type(field_.type))
        ]
        parts = " ".join(f"a{n}:{fields[n % len(fields)]}@include(if:$a{n})" for n in range(count))
        values = {f"a{n}": self._random.random() < 0.5 for n in range(count)}
        text = f"query Variants({head}){{viewer{{accounts{{id {parts}}}}}}}"
        return HostileRequest("plan variants", text, values)

    def _page_variants(self) -> HostileRequest:
        """One text with many page sizes."""
        parts = " ".join(f"...{{a{n}:invoiceArchive(first:$n){{nodes{{id}}}}}}" for n in range(40))
        text = f"query Pages($n:Int){{viewer{{accounts{{{parts}}}}}}}"
        return HostileRequest("page variants", text, {"n": self._random.randrange(-(10**6), 5)})

    def _located_errors(self) -> HostileRequest:
        """Some texts in turn, with invalid variables."""
        number = self._random.randrange(30)
        parts = " ".join(f"...{{{name}}}" for name in SCALARS * 6)
        query = f"query E{number}($id:ID!){{node(id:$id){{id}} viewer{{{parts}}}}}"
        return HostileRequest("located errors", query, {"id": [1] * self._size(100)})


def generated(schema: GraphQLSchema, seed: int, count: int) -> Iterator[HostileRequest]:
    return HostileGenerator(schema, seed).requests(count)
