"""Documents that customers agree to, and who agreed to which version («согласия»)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from lk_graphql.identity.errors import ConsentOutdated
from lk_graphql.identity.models import Consent, ConsentAction, Document, DocumentKind, User
from lk_graphql.kit.viewer import Client


@dataclass(frozen=True)
class Edition:
    """A version of a document as it lies in `identity/documents/` or comes from the company."""

    kind: DocumentKind
    version: str
    title: str
    text: str
    valid_from: datetime

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()


class PublishedTextChanged(Exception):
    """A published version would get another text; people agreed to the first one."""


def demo_editions() -> list[Edition]:
    """The demo company's documents, from this package."""
    return editions_in(resources.files("lk_graphql.identity").joinpath("documents"))


def editions_in(folder: Traversable) -> list[Edition]:
    """The documents of a folder, oldest first.

    A file is called `terms.2025-09-01.md`: kind, and the day in UTC from which it is valid,
    which is its version too. Its first line is the title.
    """
    files = [file for file in folder.iterdir() if file.name.endswith(".md")]
    editions = [_edition(file.name, file.read_text("utf-8")) for file in files]
    return sorted(editions, key=lambda edition: edition.valid_from)


def _edition(name: str, text: str) -> Edition:
    kind, version, _ = name.split(".")
    title = text.partition("\n")[0].removeprefix("# ").strip()
    valid_from = datetime.fromisoformat(f"{version}T00:00:00+00:00")
    return Edition(DocumentKind(kind.upper()), version, title, text, valid_from)


async def publish(editions: list[Edition]) -> int:
    """Make versions known that aren't yet; how many. Raises `PublishedTextChanged`."""
    published = 0
    for edition in editions:
        known = await Document.get_or_none(kind=edition.kind, version=edition.version)
        if known is None:
            await Document.create(**vars(edition), sha256=edition.sha256)
            published += 1
        elif known.sha256 != edition.sha256:
            raise PublishedTextChanged(f"{edition.kind} {edition.version}")
    return published


async def current(*, now: datetime) -> dict[DocumentKind, Document]:
    """The version of each kind that is valid now, without its text."""
    valid = Document.filter(valid_from__lte=now).order_by("valid_from")
    documents = await valid.only("id", "kind", "version", "sha256")
    return {document.kind: document for document in documents}


def agreed(documents: dict[DocumentKind, Document], kind: DocumentKind, version: str) -> Document:
    """The current document of a kind. Raises `ConsentOutdated` unless it has this version."""
    document = documents.get(kind)
    if document is None or document.version != version:
        raise ConsentOutdated
    return document


async def record(user: User, documents: list[Document], *, client: Client, now: datetime) -> None:
    """Keep that the user agreed to these texts, and from where."""
    await Consent.bulk_create(
        Consent(
            user=user,
            document=document,
            action=ConsentAction.GIVEN,
            text_sha256=document.sha256,
            client_address=client.address,
            user_agent=client.user_agent[:300],
            happened_at=now,
        )
        for document in documents
    )
