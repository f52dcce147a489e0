"""The page of an export has no raw constant and no English name: its readers are customers."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum

import pytest

from lk_graphql.hooks import load_hooks
from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.profile.service.export_index import Section, index_page
from lk_graphql.profile.service.personal_data import DataListing, of_all_slices
from lk_graphql.schema import graphql_schema

load_hooks()
LISTINGS = [listing for data in of_all_slices() for listing in data.listings]
ABBREVIATIONS = {"SMS"}
"""Values whose words are the same in Russian."""


def nested(path: str, value: object) -> dict[str, object]:
    """A row with a value at a path, inside lists."""
    first, _, rest = path.partition(".")
    return {first: [nested(rest, value)] if rest else value}


def shown(listing: DataListing, row: dict[str, object]) -> list[str]:
    """The texts of a row's values in the page."""
    section = Section(listing.title, "data/x.json", listing.words(), [row], 1)
    page = index_page([section], (), company="Энерго", made_at=datetime(2026, 11, 5, tzinfo=UTC))
    return [text.strip() for text in re.findall(r"<dd>([^<]*)</dd>", page.decode()) if text.strip()]


def coded_fields() -> Iterator[tuple[DataListing, str, type[Enum] | Mapping[str, str]]]:
    for listing in LISTINGS:
        for path, words in listing.values.items():
            yield listing, path, words


@pytest.mark.parametrize(
    ("listing", "path", "words"),
    [pytest.param(*case, id=f"{case[0].name}.{case[1]}") for case in coded_fields()],
)
def test_every_value_has_a_russian_text(
    listing: DataListing, path: str, words: type[Enum] | Mapping[str, str]
):
    values = [*words] if isinstance(words, Mapping) else [*words.__members__]
    for value in values:
        (text,) = shown(listing, nested(path, value))
        assert text != value or value in ABBREVIATIONS
        assert not re.search("[A-Z]_|_[A-Z]", text), text


def test_a_dropped_message_isn_t_described_as_an_unsubscription():
    (listing,) = [listing for listing in LISTINGS if listing.name == "notifications"]

    texts = shown(listing, nested("sent.state", "DROPPED"))

    assert texts == ["Не отправлено: уже не нужно или поздно"]


def sql_keys(listing: DataListing) -> set[str]:
    """The names of the fields that a listing's SQL selects."""
    return set(re.findall(r"'(\w+)',", listing.sql))


def test_every_enum_of_an_export_has_russian_texts():
    """Columns that the API shows as enums, by their names, such as `state` and `zone`."""
    enum_fields = {
        name
        for type_ in graphql_schema.type_map.values()
        for name, field in getattr(type_, "fields", {}).items()
        if getattr(get_named_type(type_of(field)), "values", None)
    } - {"email", "name", "reason", "text", "topic"}  # texts in the exports

    missing = {
        f"{listing.name}: {key}"
        for listing in LISTINGS
        for key in sql_keys(listing) & enum_fields
        if not any(path.rpartition(".")[2] == key for path in listing.values)
    }

    assert missing == set()


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.name)
def test_every_field_has_a_russian_name(listing: DataListing):
    section = Section(listing.title, "data/x.json", {}, [dict.fromkeys(sql_keys(listing), 1)], 1)
    page = index_page([section], (), company="Энерго", made_at=datetime(2026, 11, 5, tzinfo=UTC))

    names = re.findall(r"<dt>([^<]*)</dt>", page.decode())

    assert [name for name in names if not re.search("[А-я]", name)] in ([], ["E-mail"])
