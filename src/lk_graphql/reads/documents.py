"""Parses and validates documents, and caches the trees of the last few.

Nearly everything works on trees without locations: a located node refers to its tokens, and each
token to its neighbours, so that one kept node would keep the tokens of the whole document. Where
graphql-core runs an operation, or an error has to say where it belongs, the text is parsed again
with locations.
"""

from collections.abc import Sequence
from functools import lru_cache

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from lk_graphql.reads.catalog import Catalog
from lk_graphql.reads.operation import MOST_ERRORS, BadDocument, Operation

Rule = type[ASTValidationRule]
AT_HAND = 20
"""How many trees are cached: one takes the memory of twenty of its text."""
LOCATED_AT_HAND = 5
"""The same with locations, which take as much again."""


class Documents:
    """Reads documents, and reads them again where more is asked of them than is remembered.

    `rules` are asked before the standard ones: they refuse documents that would make those slow.
    """

    def __init__(
        self, catalog: Catalog, rules: Sequence[Rule] = (), most_tokens: int | None = None
    ) -> None:
        self._catalog = catalog
        self._rules = rules
        self._most_tokens = most_tokens
        self._bare = lru_cache(AT_HAND)(self._parsed)
        self._located = lru_cache(LOCATED_AT_HAND)(self._parsed_with_locations)
        self._demand_valid = lru_cache(AT_HAND)(self._validated)

    def valid(self, text: str, name: str | None) -> Operation:
        """The operation to run; raises `BadDocument`."""
        self._demand_valid(text)
        return self.operation(text, name)

    def operation(self, text: str, name: str | None = None) -> Operation:
        """The same of a document that need not be valid."""
        node = get_operation_ast(self._bare(text), name)
        if node is None:
            raise BadDocument([GraphQLError("Name one of the document's operations.")])
        found = node.name.value if node.name else None
        return Operation(
            self._catalog, text, node.operation.value, found, self._bare, self._located
        )

    def _parsed(self, text: str) -> DocumentNode:
        try:
            return parse(text, no_location=True, max_tokens=self._most_tokens)
        except GraphQLError as error:
            raise BadDocument([error]) from error

    def _parsed_with_locations(self, text: str) -> DocumentNode:
        return parse(text, max_tokens=self._most_tokens)

    def _validated(self, text: str) -> None:
        document = self._bare(text)
        for rules in (self._rules, specified_rules):
            if self._errors(document, rules):
                raise BadDocument(self._errors(self._located(text), rules))

    def _errors(self, document: DocumentNode, rules: Sequence[Rule]) -> list[GraphQLError]:
        return validate(self._catalog.schema, document, rules, MOST_ERRORS, hide_suggestions=True)
