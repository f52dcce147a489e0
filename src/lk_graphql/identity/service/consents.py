"""Documents that customers agree to, and who agreed to which version («согласия»)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from tortoise.transactions import in_transaction

from lk_graphql.identity.errors import ConsentOutdated
from lk_graphql.identity.models import Consent, ConsentAction, Document, DocumentKind, User
from lk_graphql.kit.viewer import Client

MAX_TITLE_LENGTH = 200
REGISTRATION_DOCUMENTS = (DocumentKind.TERMS, DocumentKind.PERSONAL_DATA)
"""The kinds that everybody agrees to; without one of them there is no cabinet."""


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


class InvalidEdition(Exception):
    """A folder has none, or a file's name or first line isn't what `editions_in` expects."""


class PublishedTextChanged(Exception):
    """A published version would get another text; people agreed to the first one."""


def demo_editions() -> list[Edition]:
    """The demo company's documents, from this package."""
    return editions_in(resources.files("lk_graphql.identity").joinpath("documents"))


def editions_in(folder: Traversable) -> list[Edition]:
    """The documents of a folder, oldest first.

    A file is called `terms.2025-09-01.md`: kind, and the day in UTC from which it is valid,
    which is its version too. Its first line is the title. Raises `InvalidEdition`.
    """
    files = [file for file in folder.iterdir() if file.name.endswith(".md")]
    if not files:
        raise InvalidEdition(f"There is no *.md in {folder}.")
    editions = [_edition(file.name, file.read_text("utf-8")) for file in files]
    return sorted(editions, key=lambda edition: edition.valid_from)


def _edition(name: str, text: str) -> Edition:
    kind, _, version = name.removesuffix(".md").partition(".")
    title = text.partition("\n")[0].removeprefix("# ").strip()
    if kind.upper() not in DocumentKind.__members__:
        raise InvalidEdition(f"{name}: there is no kind {kind!r}.")
    if not 0 < len(title) <= MAX_TITLE_LENGTH:
        raise InvalidEdition(f"{name}: the first line must be a title.")
    try:
        valid_from = datetime.strptime(version, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as wrong:
        raise InvalidEdition(f"{name}: {version!r} is not a day such as 2026-01-31.") from wrong
    return Edition(DocumentKind(kind.upper()), version, title, text, valid_from)


async def publish(editions: list[Edition]) -> int:
    """Make versions known that aren't yet, all or none; how many. Raises `PublishedTextChanged`."""
    published = 0
    async with in_transaction():
        for edition in editions:
            known = await Document.get_or_none(kind=edition.kind, version=edition.version)
            if known is None:
                await Document.create(**vars(edition), sha256=edition.sha256)
                published += 1
            elif known.sha256 != edition.sha256:
                raise PublishedTextChanged(f"{edition.kind.lower()} {edition.version}")
    return published


async def all_versions() -> list[Document]:
    """Every version of every kind, the newest first."""
    return await Document.all().order_by("-valid_from", "kind")


async def missing(*, now: datetime, has_sms: bool) -> list[DocumentKind]:
    """The kinds that are needed, for SMS too if there are any, and have no version valid now."""
    known = await current(now=now)
    needed = (*REGISTRATION_DOCUMENTS, DocumentKind.SMS) if has_sms else REGISTRATION_DOCUMENTS
    return [kind for kind in needed if kind not in known]


async def current(*, now: datetime) -> dict[DocumentKind, Document]:
    """The version of each kind that is valid now, without its text."""
    valid = Document.filter(valid_from__lte=now).order_by("valid_from")
    documents = await valid.only("id", "kind", "version", "sha256")
    return {document.kind: document for document in documents}


def matching_document(
    documents: dict[DocumentKind, Document], kind: DocumentKind, version: str
) -> Document:
    """The current document of a kind. Raises `ConsentOutdated` unless it has this version."""
    document = documents.get(kind)
    if document is None or document.version != version:
        raise ConsentOutdated
    return document


async def record(
    user: User,
    documents: list[Document],
    *,
    action: ConsentAction = ConsentAction.GIVEN,
    client: Client,
    now: datetime,
) -> None:
    """Keep that the user agreed to these texts, or withdrew it, and from where."""
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
    """Keep that the user agrees no more to the text of this kind that they agreed to last.

    False if they didn't agree any more, or never.
    """
    given = Consent.filter(user=user, document__kind=kind).select_related("document")
    last = await given.order_by("-happened_at", "-id").first()
    if last is None or last.action is not ConsentAction.GIVEN:
        return False
    action = ConsentAction.WITHDRAWN
    await record(user, [last.document], action=action, client=client, now=now)
    return True
