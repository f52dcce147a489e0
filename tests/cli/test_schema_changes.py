"""Changes of the schema: which break clients, and which entry of the changelog admits them."""

from pathlib import Path

import pytest

from lk_graphql.cli.schema_changes import (
    changed_member,
    changes_between,
    unreviewed,
    without_descriptions,
)
from lk_graphql.schema import sdl

ROOT = Path(__file__).parents[2]

OLD = """
type Query {
  account(id: ID!): Account
  zone: Zone
}

type Account {
  number: String!
  invoices(last: Int): [String!]!
}

enum Zone {
  DAY
  NIGHT
}
"""
NEW = '''
type Query {
  account(id: ID!, name: String): Account
  zone: Zone
}

"""An account."""
type Account {
  invoices(last: String): [String!]!
  rooms: Int
}

enum Zone {
  DAY
  PEAK
}
'''
BREAKING = [
    "Argument Account.invoices(last:) has changed type from Int to String.",
    "Enum value Zone.NIGHT was removed.",
    "Field Account.number was removed.",
]


def test_changes_are_breaking_dangerous_or_safe():
    changes = changes_between(OLD, NEW)
    assert changes.breaking == BREAKING
    assert changes.dangerous == [
        "An optional argument Query.account(name:) was added.",
        "Enum value Zone.PEAK was added.",
    ]
    assert changes.safe == ["Field Account.rooms was added."]


@pytest.mark.parametrize(
    ("change", "member"),
    [
        (BREAKING[0], "Account.invoices(last:)"),
        (BREAKING[1], "Zone.NIGHT"),
        ("Account was removed.", "Account"),
        ("Account changed from an Object type to an Enum type.", "Account"),
        ("Account no longer implements interface Node.", "Account"),
        ("Directive @access was removed.", "@access"),
        ("Argument @access(role:) was removed.", "@access(role:)"),
        ("A required field LoginInput.code was added.", "LoginInput.code"),
        ("Standard scalar Float was removed because it is not referenced anymore.", "Float"),
    ],
)
def test_a_change_names_its_member(change: str, member: str):
    assert changed_member(change) == member


def test_each_breaking_change_needs_an_unreleased_entry_that_names_it():
    changelog = """# Changelog

## [Unreleased]

### Schema

- Breaking: `Account.number` is gone,
  `Zone.NIGHT` too.
- *Safe:* `Account.invoices(last:)` takes a word.

## [0.1.0]

- Breaking: `Account.invoices(last:)` takes a word.
"""
    assert unreviewed(BREAKING, changelog) == BREAKING[:1]
    assert unreviewed(BREAKING, changelog.replace("*Safe:*", "*Breaking:*")) == []
    assert unreviewed([], "") == []


def test_a_released_schema_needs_no_descriptions():
    short = without_descriptions(sdl())
    changes = changes_between(short, sdl())
    assert (changes.breaking, changes.dangerous, changes.safe) == ([], [], [])
    assert '"""' not in short


def test_the_breaking_changes_of_this_tree_are_reviewed():
    released = (ROOT / "schema.released.graphql").read_text()
    breaking = changes_between(released, sdl()).breaking
    assert unreviewed(breaking, (ROOT / "CHANGELOG.md").read_text()) == []
