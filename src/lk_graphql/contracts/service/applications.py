"""Use cases of customers: draft, submit, answer and withdraw applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.contracts.errors import (
    ApplicationDocumentNotFound,
    ApplicationIncomplete,
    ContractUploadUnusable,
    FiasIdInvalid,
    ObjectTextTooLong,
    PowerInvalid,
    TooManyItems,
    VersionOutdated,
)
from lk_graphql.contracts.models import (
    Application,
    ApplicationDocument,
    ApplicationEvent,
    ApplicationObject,
    ApplicationRule,
    ApplicationState,
    ContractDocumentKind,
    ObjectKind,
    StepKind,
)
from lk_graphql.contracts.service.requirements import (
    FilledFields,
    missing_items,
    required_documents,
    rule_on,
)
from lk_graphql.contracts.service.steps import add_step, lock_application, read_text
from lk_graphql.database import raw_sql
from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.pasted_text import strip_invisible
from lk_graphql.kit.typed_texts import read_line
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import enqueue
from lk_graphql.uploads.service.claims import claim, restore

MAX_OBJECT_TEXT_LENGTH = 300
"""Characters of an object's address, or of its purpose."""
MIN_KW, MAX_KW = Decimal("0.01"), Decimal(100_000)
_OPEN_STATES = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.QUESTION,
)
_ATTACHABLE_STATES = (ApplicationState.DRAFT, ApplicationState.QUESTION)


@dataclass(frozen=True)
class ObjectDraft:
    """An object as entered by a customer; None for a field that is still empty."""

    address: str
    fias_id: str | None = None
    kind: ObjectKind | None = None
    power_kw: Decimal | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class DraftRef:
    """An application and the version that its customer has seen."""

    key: UUID | None
    version: int


@dataclass(frozen=True)
class DocumentDraft:
    """An upload and the kind of document."""

    kind: ContractDocumentKind
    upload_id: UUID | None


async def create(
    viewer: Viewer, objects: Sequence[ObjectDraft], *, now: datetime, today: date
) -> UUID:
    """Create a draft. Raises `TooManyItems`, and `Refusals` of the objects."""
    rule = await rule_on(today)
    rows = _parse_objects(objects, rule)
    async with in_transaction():
        await lock_own(viewer)
        if (
            await Application.filter(user_id=viewer.id, state__in=_OPEN_STATES).count()
            >= rule.most_open
        ):
            raise TooManyItems(most=rule.most_open)
        application = Application(
            user_id=viewer.id, state=ApplicationState.DRAFT, created_at=now, changed_at=now
        )
        await add_step(application, StepKind.CREATED, now=now)
        await _write(application, rows)
    return application.id


async def update(
    viewer: Viewer, draft: DraftRef, objects: Sequence[ObjectDraft], *, now: datetime, today: date
) -> UUID:
    """Replace all objects of a draft.

    Raises `ApplicationNotFound`, `StateForbids`, `VersionOutdated`, `Refusals` of the objects.
    """
    rows = _parse_objects(objects, await rule_on(today))
    async with in_transaction():
        application = await _lock_draft(viewer, draft)
        await _next_version(application, now)
        await ApplicationObject.filter(application_id=application.id).delete()
        await _write(application, rows)
    return application.id


async def attach(
    viewer: Viewer, key: UUID | None, document: DocumentDraft, *, now: datetime, today: date
) -> UUID:
    """Attach a document to a draft, or to the answer to an open question.

    The rule's number of documents applies to the draft, and to each answer alone: otherwise an
    application with all its documents could not answer by a file.

    Raises `ApplicationNotFound`, `StateForbids`, `TooManyItems`, `ContractUploadUnusable`.
    """
    limit = (await rule_on(today)).most_documents
    async with in_transaction():
        application = await lock_application(viewer, key, *_ATTACHABLE_STATES)
        documents = ApplicationDocument.filter(application_id=application.id)
        if application.state is ApplicationState.QUESTION:
            questions = ApplicationEvent.filter(application=application, kind=StepKind.ASKED)
            asked = await questions.values_list("happened_at", flat=True)
            documents = documents.filter(attached_at__gte=max(asked))
        if await documents.count() >= limit:
            raise TooManyItems("uploadId", most=limit)
        upload_id = await _claim_upload(viewer, document.upload_id, now)
        await ApplicationDocument.create(
            application=application, upload_id=upload_id, kind=document.kind, attached_at=now
        )
        await _next_version(application, now)
    return application.id


async def detach(viewer: Viewer, key: UUID | None, upload: UUID | None, *, now: datetime) -> UUID:
    """Detach a document from a draft; its file can be attached again for a day.

    A file that is deleted earlier would no longer count for the quota of the day.
    Raises `ApplicationNotFound`, `StateForbids`, `ApplicationDocumentNotFound`.
    """
    async with in_transaction():
        application = await lock_application(viewer, key, ApplicationState.DRAFT)
        documents = ApplicationDocument.filter(application_id=application.id, upload_id=upload)
        if upload is None or not await documents.delete():
            raise ApplicationDocumentNotFound("uploadId")
        await restore([upload], now=now)
        await _next_version(application, now)
    return application.id


async def submit(viewer: Viewer, draft: DraftRef, *, now: datetime, today: date) -> UUID:
    """Submit a draft: assign a number of the year of `today`, and enqueue the mail with the number.

    `today` is the day in the company's time zone. Raises `ApplicationNotFound`, `StateForbids`,
    `VersionOutdated`, `ApplicationIncomplete`.
    """
    rule = await rule_on(today)
    async with in_transaction():
        application = await _lock_draft(viewer, draft)
        if await _has_gaps(application, rule):
            raise ApplicationIncomplete
        application.number = await _new_number(today)
        application.state, application.submitted_at = ApplicationState.SUBMITTED, now
        await add_step(application, StepKind.SUBMITTED, now=now)
        await enqueue("contracts.mail_submitted", application_id=application.id)
    return application.id


async def answer(viewer: Viewer, key: UUID | None, raw_text: str, *, now: datetime) -> UUID:
    """Answer an open question.

    Raises `ApplicationTextInvalid`, `ApplicationNotFound`, `StateForbids`.
    """
    text = read_text(raw_text, "text")
    async with in_transaction():
        application = await lock_application(viewer, key, ApplicationState.QUESTION)
        application.state = ApplicationState.IN_REVIEW
        await add_step(application, StepKind.ANSWERED, now=now, text=text)
    return application.id


async def withdraw(viewer: Viewer, key: UUID | None, *, now: datetime) -> UUID:
    """Withdraw an undecided application; a submitted one is confirmed by mail.

    Raises `ApplicationNotFound`, `StateForbids`.
    """
    async with in_transaction():
        application = await lock_application(viewer, key, *_OPEN_STATES)
        application.state = ApplicationState.WITHDRAWN
        await add_step(application, StepKind.WITHDRAWN, now=now)
        if application.submitted_at is not None:
            await enqueue("contracts.mail_withdrawn", application_id=application.id)
    return application.id


async def _claim_upload(viewer: Viewer, upload: UUID | None, now: datetime) -> UUID:
    refusal = ContractUploadUnusable
    try:
        (claimed,) = await claim(viewer, [upload], refusal=refusal, path=[], now=now)
    except refusal:
        raise refusal("uploadId") from None  # a single upload: the path has no index
    return claimed.id


async def _lock_draft(viewer: Viewer, draft: DraftRef) -> Application:
    application = await lock_application(viewer, draft.key, ApplicationState.DRAFT)
    if application.version != draft.version:
        raise VersionOutdated("version")
    return application


async def _next_version(application: Application, now: datetime) -> None:
    application.version += 1
    application.changed_at = now
    await application.save()


async def _has_gaps(application: Application, rule: ApplicationRule) -> bool:
    objects = await ApplicationObject.filter(application_id=application.id).order_by("position")
    documents = await ApplicationDocument.filter(application_id=application.id)
    filled = [
        FilledFields(bool(row.address), bool(row.kind), row.power_kw is not None, bool(row.purpose))
        for row in objects
    ]
    kinds = {document.kind for document in documents}
    return any(missing_items(filled, kinds, required_documents(rule)))


async def _new_number(today: date) -> str:
    """Next number, such as «ЗД-2026-000017»; the sequence may leave gaps."""
    (row,) = await raw_sql.fetch("SELECT nextval('contract_application_number') AS number")
    return f"ЗД-{today.year}-{row['number']:06}"


def _parse_objects(
    objects: Sequence[ObjectDraft], rule: ApplicationRule
) -> list[ApplicationObject]:
    form, rows = FormErrors(), list[ApplicationObject]()
    if len(objects) > rule.most_objects:
        raise TooManyItems("objects", most=rule.most_objects)
    for index, draft in enumerate(objects):
        with form.field("objects", str(index)):
            rows.append(_object(draft, index))
    form.check()
    return rows


def _object(draft: ObjectDraft, position: int) -> ApplicationObject:
    address, purpose = _object_text(draft.address, "address"), None
    if draft.purpose is not None:
        purpose = _object_text(draft.purpose, "purpose") or None
    power = draft.power_kw
    if power is not None and not (MIN_KW <= power <= MAX_KW and power == round(power, 2)):
        raise PowerInvalid("powerKw", least=MIN_KW, most=MAX_KW)
    return ApplicationObject(
        position=position,
        address=address,
        fias_id=_parse_guid(draft.fias_id),
        kind=draft.kind,
        power_kw=power,
        purpose=purpose,
    )


def _object_text(text: str, path: str) -> str:
    refusal = ObjectTextTooLong(path, longest=MAX_OBJECT_TEXT_LENGTH)
    return read_line(text, refusal, shortest=0, longest=MAX_OBJECT_TEXT_LENGTH)


def _parse_guid(text: str | None) -> UUID | None:
    try:
        bare = "".join(strip_invisible(text or "").split())
        return UUID(bare) if bare else None
    except ValueError:
        raise FiasIdInvalid("fiasId") from None


async def _write(application: Application, rows: Sequence[ApplicationObject]) -> None:
    for row in rows:
        row.application_id = application.id
    await ApplicationObject.bulk_create(rows)
