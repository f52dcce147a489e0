"""Documents that customers agree to, and their consents («согласия»)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources.abc import Traversable

from tortoise.transactions import in_transaction

from lk_graphql.guards.requirements import Requirement
from lk_graphql.identity.errors import ConsentOutdated
from lk_graphql.identity.models import Consent, ConsentAction, Document, DocumentKind, User
from lk_graphql.kit.viewer import Client

MAX_TITLE_LENGTH = 200
REGISTRATION_DOCUMENTS = (DocumentKind.TERMS, DocumentKind.PERSONAL_DATA)
"""Kinds whose acceptance the cabinet requires of every customer."""


@dataclass(frozen=True)
class DocumentVersion:
    """A version of a document, read from a file of the company's folder."""

    kind: DocumentKind
    version: str
    title: str
    text: str
    valid_from: datetime

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()


class InvalidDocumentVersion(Exception):
    """A folder without documents, or a file that `read_versions` can't read."""


class PublishedTextChanged(Exception):
    """Another text for a version that is already published."""


def read_versions(folder: Traversable) -> list[DocumentVersion]:
    """Read the documents of a folder, oldest first.

    A file name such as `terms.2025-09-01.md` gives the kind and the version; the version is the
    UTC date from which the text is valid. The first line is the title. Raises
    `InvalidDocumentVersion`.
    """
    files = [file for file in folder.iterdir() if file.name.endswith(".md")]
    if not files:
        raise InvalidDocumentVersion(f"There is no *.md in {folder}.")
    versions = [_read_version(file.name, _text_of(file)) for file in files]
    return sorted(versions, key=lambda version: version.valid_from)


def _text_of(file: Traversable) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidDocumentVersion(f"{file.name}: not a text in UTF-8.") from error


async def publish(versions: list[DocumentVersion]) -> int:
    """Insert the versions that are missing, all or none, and return their number.

    Raises `PublishedTextChanged`.
    """
    count = 0
    async with in_transaction():
        for version in versions:
            document = await Document.get_or_none(kind=version.kind, version=version.version)
            if document is None:
                await Document.create(**vars(version), sha256=version.sha256)
                count += 1
            elif document.sha256 != version.sha256:
                raise PublishedTextChanged(f"{version.kind.lower()} {version.version}")
    return count


async def all_versions() -> list[Document]:
    """Return every version of every kind, newest first."""
    return await Document.all().order_by("-valid_from", "kind")


_DOCUMENTS = {
    DocumentKind.TERMS: ("условия использования", "terms of use"),
    DocumentKind.PERSONAL_DATA: ("согласие на обработку данных", "consent to data processing"),
    DocumentKind.SMS: ("согласие на получение SMS", "consent to SMS"),
}


def document_requirement(kind: DocumentKind) -> Requirement:
    ru, en = _DOCUMENTS[kind]
    return Requirement(
        f"EXISTS (SELECT FROM document WHERE kind = '{kind}' AND valid_from <= {{now}})",
        f"Не опубликован действующий документ: {ru}.",
        f"No current version of a text is published: {en}.",
        "lk documents publish FOLDER",
    )


async def missing(*, now: datetime, has_sms: bool) -> list[DocumentKind]:
    """Return the required kinds that have no valid version; SMS counts if `has_sms`."""
    documents = await current(now=now)
    required = (*REGISTRATION_DOCUMENTS, DocumentKind.SMS) if has_sms else REGISTRATION_DOCUMENTS
    return [kind for kind in required if kind not in documents]


async def current(*, now: datetime) -> dict[DocumentKind, Document]:
    """Return the current version of each kind, without its text."""
    valid = Document.filter(valid_from__lte=now).order_by("valid_from")
    documents = await valid.only("id", "kind", "version", "sha256")
    return {document.kind: document for document in documents}


def matching_document(
    documents: dict[DocumentKind, Document], kind: DocumentKind, version: str, *path: str
) -> Document:
    """Return the current document of a kind. Raises `ConsentOutdated` for another version."""
    document = documents.get(kind)
    if document is None or document.version != version:
        raise ConsentOutdated(*path)
    return document


async def record(
    user: User,
    documents: list[Document],
    *,
    action: ConsentAction = ConsentAction.GIVEN,
    client: Client,
    now: datetime,
) -> None:
    """Record the user's agreement to these texts, or its withdrawal, with the client."""
    await Consent.bulk_create(
        Consent(
            user=user,
            document=document,
            action=action,
            text_sha256=document.sha256,
            client_address=client.address,
            user_agent=client.user_agent[:300],
            happened_at=now,
        )
        for document in documents
    )


async def withdraw(user: User, kind: DocumentKind, *, client: Client, now: datetime) -> bool:
    """Record the withdrawal of the user's latest consent of this kind.

    Returns False if there is no consent or it is already withdrawn.
    """
    consents = Consent.filter(user=user, document__kind=kind).select_related("document")
    last = await consents.order_by("-happened_at", "-id").first()
    if last is None or last.action is not ConsentAction.GIVEN:
        return False
    action = ConsentAction.WITHDRAWN
    await record(user, [last.document], action=action, client=client, now=now)
    return True


def _read_version(name: str, text: str) -> DocumentVersion:
    kind, _, version = name.removesuffix(".md").partition(".")
    title = text.partition("\n")[0].removeprefix("# ").strip()
    if kind.upper() not in DocumentKind.__members__:
        raise InvalidDocumentVersion(f"{name}: there is no kind {kind!r}.")
    if not 0 < len(title) <= MAX_TITLE_LENGTH:
        raise InvalidDocumentVersion(f"{name}: the first line must be a title.")
    try:
        valid_from = datetime.strptime(version, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidDocumentVersion(
            f"{name}: {version!r} is not a day such as 2026-01-31."
        ) from error
    return DocumentVersion(DocumentKind(kind.upper()), version, title, text, valid_from)
