"""Versions of the documents that customers agree to, and consents."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from asyncpg.exceptions import RestrictViolationError

from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.errors import ConsentOutdated
from lk_graphql.identity.models import Document, DocumentKind
from lk_graphql.identity.service import consents
from lk_graphql.identity.service.consents import PublishedTextChanged
from tests.factories import identity
from tests.factories.identity import CLIENT, NOW


async def test_publishing_again_changes_nothing(empty_database: asyncpg.Connection):
    assert await consents.publish(demo_documents()) == 0
    assert await Document.all().count() == 3


async def test_a_published_text_can_not_change(empty_database: asyncpg.Connection):
    (edition, *_) = demo_documents()
    with pytest.raises(PublishedTextChanged):
        await consents.publish([replace(edition, text="Other words")])


async def test_the_newest_valid_version_counts(empty_database: asyncpg.Connection):
    (terms,) = [edition for edition in demo_documents() if edition.kind is DocumentKind.TERMS]
    tomorrow = replace(terms, version="next", valid_from=NOW + timedelta(days=1))
    await consents.publish([tomorrow])
    today = await consents.current(now=NOW)
    assert (
        consents.matching_document(today, DocumentKind.TERMS, identity.VERSION).version
        == identity.VERSION
    )
    with pytest.raises(ConsentOutdated):
        consents.matching_document(today, DocumentKind.TERMS, "next")
    later = await consents.current(now=NOW + timedelta(days=1))
    with pytest.raises(ConsentOutdated):
        consents.matching_document(later, DocumentKind.TERMS, identity.VERSION)
    assert later[DocumentKind.PERSONAL_DATA].version == identity.VERSION


async def test_demo_texts_name_the_demonstration_company(empty_database: asyncpg.Connection):
    for edition in demo_documents():
        assert edition.title
        assert "демонстрационной компании" in edition.text
        assert (await Document.get(kind=edition.kind)).sha256 == edition.sha256


async def test_a_consent_can_neither_be_changed_nor_deleted(empty_database: asyncpg.Connection):
    user = await identity.user()
    documents = await consents.current(now=NOW)
    await consents.record(user, [*documents.values()], client=CLIENT, now=NOW)
    for change in ("UPDATE consent SET action = 'WITHDRAWN'", "DELETE FROM consent"):
        with pytest.raises(RestrictViolationError):
            await empty_database.execute(change)


async def test_a_text_about_sms_is_required_where_they_are_sent(empty_database: asyncpg.Connection):
    assert await consents.missing(now=identity.NOW, has_sms=True) == []
    await Document.filter(kind=DocumentKind.SMS).delete()
    assert await consents.missing(now=identity.NOW, has_sms=True) == [DocumentKind.SMS]
    assert await consents.missing(now=identity.NOW, has_sms=False) == []
