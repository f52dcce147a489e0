"""Documents by their hash, automatic and trusted; and what explains an operation."""

from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from tiny_paths import Paths
from tiny_schema import SESSION, graphql_schema

from lk_graphql.reads.documents import BadDocument
from lk_graphql.reads.explain import explain
from lk_graphql.reads.persisted import (
    NotPersisted,
    NotTrusted,
    Persisted,
    WrongHash,
    trusted_documents,
)

TEXT = "query Tags { tags { name } }"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_a_document_is_sent_once_and_named_from_then_on(paths: Paths) -> None:
    persisted = Persisted()
    with pytest.raises(NotPersisted):
        persisted.operation(paths.reader, None, digest(TEXT))
    sent = persisted.operation(paths.reader, TEXT, digest(TEXT))
    assert persisted.operation(paths.reader, None, digest(TEXT)) is sent
    assert persisted.operation(paths.reader, TEXT, None) is sent


@pytest.mark.parametrize("wrong", ["", "x", digest("other"), digest(TEXT).upper(), "0" * 64])
def test_a_wrong_hash_is_refused(paths: Paths, wrong: str) -> None:
    persisted = Persisted(only_trusted=True, trusted={digest(TEXT): TEXT}) if not wrong else None
    with pytest.raises(WrongHash):
        (persisted or Persisted()).operation(paths.reader, TEXT if wrong else None, wrong)


def test_what_is_not_valid_or_too_long_is_not_kept(paths: Paths) -> None:
    persisted = Persisted(longest=40)
    long = TEXT + " " * 40
    persisted.operation(paths.reader, long, digest(long))
    with pytest.raises(BadDocument):
        persisted.operation(paths.reader, "{ x }", digest("{ x }"))
    for text in (long, "{ x }"):
        with pytest.raises(NotPersisted):
            persisted.operation(paths.reader, None, digest(text))


def test_the_oldest_is_forgotten(paths: Paths) -> None:
    persisted = Persisted(remembered=2)
    texts = [f"query Q{n} {{ tags {{ id }} }}" for n in range(3)]
    for text in texts:
        persisted.operation(paths.reader, text, digest(text))
    with pytest.raises(NotPersisted):
        persisted.operation(paths.reader, None, digest(texts[0]))
    assert persisted.operation(paths.reader, None, digest(texts[1])).name == "Q1"


def test_only_trusted_documents_if_so_told(paths: Paths) -> None:
    persisted = Persisted({digest(TEXT): TEXT}, only_trusted=True)
    assert persisted.operation(paths.reader, None, digest(TEXT)).name == "Tags"
    assert persisted.operation(paths.reader, TEXT, None).name == "Tags"
    for text, hash_ in (("{ tags { id } }", None), (None, digest("{ tags { id } }"))):
        with pytest.raises(NotTrusted):
            persisted.operation(paths.reader, text, hash_)


def test_neither_text_nor_hash(paths: Paths) -> None:
    with pytest.raises(ValueError, match="Neither"):
        Persisted().operation(paths.reader, None, None)


def test_manifests(tmp_path: Path) -> None:
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


def test_explains_a_plan(paths: Paths) -> None:
    assert paths.reader
    told = explain(
        graphql_schema,
        "query ($n: Int!) { viewer { clubs { events(last: $n) { posterUrl } } } }",
        SESSION,
        variables={"n": 2},
    )
    assert "-- in Python: viewer.clubs.events.posterUrl" in told
    assert '\n        FROM "person" t1\n        WHERE t1."id" = (\n' in told
    assert told.count("(") == told.count(")")


def test_explains_why_there_is_no_plan(paths: Paths) -> None:
    assert paths.reader
    told = explain(graphql_schema, "{ __schema { description } }", SESSION)
    assert told == "-- answered by graphql-core: introspection\n"
