"""Persisted documents, automatic and trusted, and the formatted SQL of operations."""

from hashlib import sha256
from pathlib import Path
from sys import getsizeof

import orjson
import pytest

from lk_graphql.planner.explain import ExplainRequest, explain
from lk_graphql.planner.persisted import (
    DocumentHashMismatch,
    DocumentNotFound,
    DocumentNotTrusted,
    PersistedDocuments,
    trusted_documents,
)
from lk_graphql.planner.principal import SessionSql
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_schema import graphql_schema, session_sql

TEXT = "query Tags { tags { name } }"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_a_document_is_sent_once_and_named_from_then_on():
    persisted = PersistedDocuments()
    with pytest.raises(DocumentNotFound):
        persisted.text("", digest(TEXT))
    assert persisted.text(TEXT, digest(TEXT)) == TEXT
    with pytest.raises(DocumentNotFound):
        persisted.text("", digest(TEXT))
    persisted.store(digest(TEXT), TEXT)
    assert persisted.text("", digest(TEXT)) == TEXT
    assert persisted.text("{ other }", None) == "{ other }"


@pytest.mark.parametrize("text", ["", TEXT])
@pytest.mark.parametrize("hash_", ["x", digest("other") + "0", digest(TEXT).upper()])
def test_a_wrong_hash_is_refused(text: str, hash_: str):
    with pytest.raises(DocumentHashMismatch):
        PersistedDocuments().text(text, hash_)


def test_what_is_too_long_is_not_kept():
    persisted = PersistedDocuments(max_length=40)
    text = TEXT + " " * 40
    persisted.store(digest(text), text)
    with pytest.raises(DocumentNotFound):
        persisted.text("", digest(text))


def test_the_one_unused_for_longest_is_forgotten():
    texts = [f"query Q{n} {{ tags {{ id }} }}" for n in range(3)]
    persisted = PersistedDocuments(cache_bytes=2 * getsizeof(texts[0]))
    for text in texts[:2]:
        persisted.store(digest(text), text)
    persisted.text("", digest(texts[0]))
    persisted.store(digest(texts[2]), texts[2])
    assert persisted.text("", digest(texts[0])) == texts[0]
    with pytest.raises(DocumentNotFound):
        persisted.text("", digest(texts[1]))


def test_only_trusted_documents_if_so_told():
    persisted = PersistedDocuments({digest(TEXT): TEXT}, only_trusted=True)
    assert persisted.text("", digest(TEXT)) == TEXT
    assert persisted.text(TEXT, None) == TEXT
    for text, hash_ in (("{ tags { id } }", None), ("", digest("{ tags { id } }"))):
        with pytest.raises(DocumentNotTrusted):
            persisted.text(text, hash_)


def test_a_manifest_is_read_in_both_formats_and_its_hashes_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    file.write_bytes(orjson.dumps({digest(TEXT): TEXT}))
    assert trusted_documents(file) == {digest(TEXT): TEXT}
    operations = [{"id": digest(TEXT), "name": "Tags", "type": "query", "body": TEXT}]
    file.write_bytes(
        orjson.dumps({"format": "apollo-persisted-query-manifest", "operations": operations})
    )
    assert trusted_documents(file) == {digest(TEXT): TEXT}
    file.write_bytes(orjson.dumps({"0" * 64: TEXT}))
    with pytest.raises(ValueError, match="SHA-256"):
        trusted_documents(file)


def test_explains_a_plan(both_paths: BothPaths) -> None:
    assert both_paths.engine
    text = "query ($n: Int!) { viewer { clubs { events(first: $n) { posterUrl } } } }"
    sql = explain(graphql_schema, ExplainRequest(text, {"n": 2}), SessionSql(session_sql))
    assert "-- in Python: viewer.clubs.events.posterUrl" in sql
    assert '\n        FROM "person" t1\n        WHERE t1."id" = (\n' in sql
    assert sql.count("(") == sql.count(")")


def test_explains_why_there_is_no_plan(both_paths: BothPaths) -> None:
    assert both_paths.engine
    text = explain(
        graphql_schema, ExplainRequest("{ __schema { description } }"), SessionSql(session_sql)
    )
    assert text == "-- executed by graphql-core: introspection\n"
