"""Mutations of staff.

The order of these imports is the order of the fields in `schema.graphql`.
"""

from lk_graphql.backoffice.mutations import customers, operations

__all__ = ["customers", "operations"]
