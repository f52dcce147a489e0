"""Documents made ready: parsed and validated once; the trees of the last few are at hand."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

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
"""How many trees are kept: one takes the memory of twenty of its text."""


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
        self._tree = lru_cache(AT_HAND)(self._parsed)
        self._demand_valid = lru_cache(AT_HAND)(self._validated)

    def valid(self, text: str, name: str | None) -> Operation:
        """The operation to run; raises `BadDocument`."""
        self._demand_valid(text)
        return self.operation(text, name)

    def operation(self, text: str, name: str | None = None) -> Operation:
        """The same of a document that need not be valid."""
        node = get_operation_ast(self._tree(text), name)
        if node is None:
            raise BadDocument([GraphQLError("Name one of the document's operations.")])
        found = node.name.value if node.name else None
        return Operation(self._catalog, text, node.operation.value, found, self._tree)

    def _parsed(self, text: str) -> DocumentNode:
        try:
            document = parse(text, max_tokens=self._most_tokens)
        except GraphQLError as error:
            raise BadDocument([error]) from error
        _unlink_tokens(document)
        return document

    def _validated(self, text: str) -> None:
        document = self._tree(text)
        for group in (self._rules, specified_rules):
            errors: Any = validate(
                self._catalog.schema, document, group, MOST_ERRORS, hide_suggestions=True
            )
            if errors:
                raise BadDocument(errors)


def _unlink_tokens(document: DocumentNode) -> None:
    """Leave a tree only the tokens between which its nodes stand.

    Each token knows its neighbours, so that one node would keep them all, in a circle that only
    the garbage collector could open.
    """
    token = document.loc.start_token if document.loc else None
    while token:
        following, token.prev, token.next = token.next, None, None
        token = following
