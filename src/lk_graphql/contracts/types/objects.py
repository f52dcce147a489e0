"""Contracts, applications and their rules as GraphQL types."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.accounts.models import Account as AccountModel
from lk_graphql.accounts.models import SubscriberType
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.graphql_types import object_type
from lk_graphql.contracts import models
from lk_graphql.contracts.errors import ContractErrorCode
from lk_graphql.contracts.service.applications import MAX_KW, MAX_OBJECT_TEXT_LENGTH, MIN_KW
from lk_graphql.contracts.service.requirements import (
    REQUIRED_SQL,
    FilledFields,
    Gap,
    missing_items,
    required_documents,
)
from lk_graphql.contracts.service.steps import MAX_TEXT_LENGTH
from lk_graphql.kit.ids import to_public
from lk_graphql.planner.declare.scalars import Quantity
from lk_graphql.planner.types import Node, choices, column, derived, labels, part, reads, related
from lk_graphql.uploads.types import Upload

choices(
    models.ApplicationState,
    "The state of an application («статус заявки»).",
    DRAFT="The draft is visible to the customer only, and can be changed («черновик»).",
    SUBMITTED="The application has a number and waits for review («подана»).",
    IN_REVIEW="The application is under review («на рассмотрении»).",
    QUESTION="The customer has to answer a question: `contractApplicationAnswer` («вопрос»).",
    APPROVED="The contract will be concluded («одобрена»).",
    DECLINED="The contract won't be concluded; see `reason` («отказано»).",
    WITHDRAWN="The customer withdrew the application («отозвана»).",
)
labels(
    models.ApplicationState,
    DRAFT=("Черновик", "Draft"),
    SUBMITTED=("Подана", "Submitted"),
    IN_REVIEW=("На рассмотрении", "Under review"),
    QUESTION=("Есть вопрос к вам", "A question to you"),
    APPROVED=("Одобрена", "Approved"),
    DECLINED=("Отказано", "Declined"),
    WITHDRAWN=("Отозвана", "Withdrawn"),
)
choices(
    models.ObjectKind,
    "The kind of a place to be supplied («вид объекта»).",
    APARTMENT="A flat («квартира»).",
    HOUSE="A house («жилой дом»).",
    GARAGE="A garage («гараж»).",
    GARDEN="A plot in a gardeners' association («садовый участок»).",
    OTHER="Another kind of place.",
)
labels(
    models.ObjectKind,
    APARTMENT=("Квартира", "Flat"),
    HOUSE=("Жилой дом", "House"),
    GARAGE=("Гараж", "Garage"),
    GARDEN=("Садовый участок", "Garden plot"),
    OTHER=("Другое", "Something else"),
)
choices(
    models.ContractDocumentKind,
    "The kind of a document («вид документа»).",
    IDENTITY="Proof of the customer's identity («паспорт»).",
    OWNERSHIP="Proof that the customer owns the place («право собственности»).",
    GRID_CONNECTION=(
        "Proof of the place's connection to the grid («акт технологического присоединения»)."
    ),
    POWER_OF_ATTORNEY="Authorization to act for another person («доверенность»).",
    OTHER="Any other document.",
)
labels(
    models.ContractDocumentKind,
    IDENTITY=("Паспорт", "Passport"),
    OWNERSHIP=("Право собственности", "Proof of ownership"),
    GRID_CONNECTION=("Акт технологического присоединения", "Certificate of grid connection"),
    POWER_OF_ATTORNEY=("Доверенность", "Power of attorney"),
    OTHER=("Другой документ", "Another document"),
)
choices(
    models.StepKind,
    "The kind of a step in an application's timeline.",
    CREATED="The application was created.",
    SUBMITTED="The customer submitted the application.",
    CLAIMED="The review of the application began.",
    ASKED="Staff asked the customer the question in `text`.",
    ANSWERED="The customer gave the answer in `text`.",
    APPROVED="The application was approved, with the reason in `text`.",
    DECLINED="The application was declined, with the reason in `text`.",
    WITHDRAWN="The customer withdrew the application.",
)
labels(
    models.StepKind,
    CREATED=("Заявка начата", "Application begun"),
    SUBMITTED=("Заявка подана", "Application submitted"),
    CLAIMED=("Взята в работу", "Under review"),
    ASKED=("Вопрос к вам", "A question to you"),
    ANSWERED=("Ваш ответ", "Your answer"),
    APPROVED=("Заявка одобрена", "Application approved"),
    DECLINED=("Отказано", "Application declined"),
    WITHDRAWN=("Заявка отозвана", "Application withdrawn"),
)
choices(
    Gap,
    "A requirement that an application doesn't meet yet.",
    OBJECTS="The application has no object.",
    ADDRESS="The address of an object is missing.",
    KIND="The kind of an object is missing.",
    POWER="The required power of an object is missing.",
    PURPOSE="The purpose of an object's energy is missing.",
    IDENTITY_DOCUMENT="A document of the kind IDENTITY is missing.",
    OWNERSHIP_DOCUMENT="A document of the kind OWNERSHIP is missing.",
    GRID_CONNECTION_DOCUMENT="A document of the kind GRID_CONNECTION is missing.",
    POWER_OF_ATTORNEY_DOCUMENT="A document of the kind POWER_OF_ATTORNEY is missing.",
)
labels(
    Gap,
    OBJECTS=("Нет ни одного объекта", "No objects"),
    ADDRESS=("Адрес объекта", "An object's address"),
    KIND=("Вид объекта", "An object's kind"),
    POWER=("Мощность", "Power"),
    PURPOSE=("Цель использования", "Purpose"),
    IDENTITY_DOCUMENT=("Паспорт", "Passport"),
    OWNERSHIP_DOCUMENT=("Право собственности", "Proof of ownership"),
    GRID_CONNECTION_DOCUMENT=(
        "Акт технологического присоединения",
        "Certificate of grid connection",
    ),
    POWER_OF_ATTORNEY_DOCUMENT=("Доверенность", "Power of attorney"),
)
choices(
    ContractErrorCode,
    "The reason for refusing an operation on a contract. Codes never change.",
    APPLICATION_INCOMPLETE="The application is incomplete; see `missing`.",
    APPLICATION_NOT_FOUND="The customer has no such application.",
    APPLICATION_TAKEN="A colleague has the application. Returned to staff only.",
    COLLEAGUE_NOT_FOUND=(
        "The member of staff doesn't exist or is locked out. Returned to staff only."
    ),
    DOCUMENT_NOT_FOUND="The application has no such document.",
    NUMBER_MALFORMED="A number is malformed; nothing else was checked.",
    OBJECT_INVALID="An object's address is too long, or its power out of range.",
    STATE_FORBIDS="The application's state forbids the operation; see `state`.",
    TEXT_INVALID="The text doesn't have 1 to 2000 characters.",
    TOO_MANY=(
        "There are too many open applications, objects or documents: see "
        "`publicSettings.contractRules`."
    ),
    UPLOAD_UNUSABLE="The file isn't the customer's, isn't READY, or is used already.",
    VERSION_OUTDATED="A newer version was saved in another window: read the application again.",
)


def account_id(id: UUID) -> str:
    return to_public("acc", id)


def fias_guid(fias_id: UUID | None) -> str | None:
    return fias_id and str(fias_id)


@reads(AccountModel, prefix="ctr", owned_through="links__user")
class Contract(Node):
    """A present or past contract («договор») for the energy of one account."""

    number: str = column("The number of the contract («номер договора»).", of="contract_number")
    signed_on: date = column("The day on which the contract was signed.", of="contract_signed_on")
    closed_on: date | None = column("The last day of the contract; null while unknown.")
    subscriber_type: SubscriberType = column("The type of the subscriber, household or business.")
    address: str = column("The address of the supplied place.")
    account_number: str = column("The account to which the contract is billed.", of="number")
    account_id: strawberry.ID = derived("The id of the account.", account_id)
    account: Account = part("The account to which the contract is billed.")


@reads(models.ApplicationObject)
class ContractPlace:
    """A place for which a contract is requested («объект»)."""

    address: str = column("The address of the place; empty until it is known.")
    fias_id: str | None = derived("The address's OBJECTGUID in ГАР, if known.", fias_guid)
    kind: models.ObjectKind | None = column("The kind of the place.")
    power_kw: Quantity | None = column("The required power in kW.")
    purpose: str | None = column("The purpose of the energy («цель использования»).")


@reads(models.ApplicationDocument, prefix="cdo", owned_through="application__user")
class ContractDocument(Node):
    """A document of an application."""

    kind: models.ContractDocumentKind = column("The kind of the document.")
    upload: Upload = related(
        "The file of the document.",
        unsafe_reason="only the applicant's own uploads can be attached",
    )
    attached_at: datetime = column("The date and time at which the document was attached.")


@reads(models.ApplicationEvent)
class ContractApplicationStep:
    """A step of an application's timeline."""

    kind: models.StepKind = column("The kind of the step.")
    text: str | None = column("The question, the answer or the reason; null for other steps.")
    happened_at: datetime = column("The date and time of the step.")


@object_type
class ContractGap:
    """An unmet requirement for submitting an application."""

    gap: Gap = strawberry.field(description="The unmet requirement.")
    path: list[str] = strawberry.field(
        description=(
            "The path of the missing field in `ContractApplicationUpdateInput`; empty for "
            "a document."
        )
    )


_OBJECTS_SQL = """(SELECT coalesce(json_agg(json_build_array(object.address <> '',
object.kind IS NOT NULL, object.power_kw IS NOT NULL, object.purpose IS NOT NULL)
ORDER BY object.position), '[]') FROM contract_object AS object
WHERE object.application_id = {id})"""
_DOCUMENTS_SQL = """(SELECT coalesce(json_agg(document.kind), '[]')
FROM contract_document AS document WHERE document.application_id = {id})"""


def missing(
    state: models.ApplicationState,
    objects: Sequence[Any],
    documents: Sequence[str],
    required_kinds: Sequence[str | None] | None,
) -> list[ContractGap]:
    if state is not models.ApplicationState.DRAFT:
        return []  # checked at submission, by the rule in force on that day
    filled = [FilledFields(*fields) for fields in objects]
    kinds = {models.ContractDocumentKind(kind) for kind in documents}
    required = [models.ContractDocumentKind(kind) for kind in required_kinds or () if kind]
    return [
        ContractGap(gap=gap, path=list(path))
        for gap, path in missing_items(filled, kinds, required)
    ]


@reads(models.Application, prefix="cap", owned_through="user")
class ContractApplication(Node):
    """The customer's application for a contract («заявка на заключение договора»).

    No other login can see it.
    """

    number: str | None = column(
        "The number of the application, for reference; null until it is submitted."
    )
    state: models.ApplicationState = column("The state of the application.")
    version: int = column(
        "The version to send with a change of the draft; it grows with each change."
    )
    objects: list[ContractPlace] = related("The places to be supplied.", order_by="position")
    documents: list[ContractDocument] = related("The attached documents.", order_by="attached_at")
    timeline: list[ContractApplicationStep] = related(
        "The steps of the application, the oldest first.", of="events", order_by="happened_at"
    )
    missing: list[ContractGap] = derived(
        "The unmet requirements for the submission; empty if there are none, or if it is "
        "no longer a draft.",
        missing,
        objects=_OBJECTS_SQL,
        documents=_DOCUMENTS_SQL,
        required_kinds=f"({REQUIRED_SQL})",
    )
    reason: str | None = column("The reason for the decision; null until then.")
    created_at: datetime = column("The date and time of creation.")
    changed_at: datetime = column("The date and time of the last change.")
    submitted_at: datetime | None = column("The date and time of the submission; null until then.")


@object_type
class ContractRules:
    """The current limits and requirements of applications for contracts."""

    most_open: int = strawberry.field(
        description="The maximum number of undecided applications per person."
    )
    most_objects: int = strawberry.field(
        description="The maximum number of objects in an application."
    )
    most_documents: int = strawberry.field(
        description="The maximum number of documents in an application, and in each answer to a "
        "question."
    )
    demanded_documents: list[models.ContractDocumentKind] = strawberry.field(
        description="The kinds of documents required for submission, in the form's order."
    )
    longest_address: int = strawberry.field(
        description="The maximum number of characters of an address."
    )
    longest_purpose: int = strawberry.field(
        description="The maximum number of characters of a purpose."
    )
    least_power_kw: Quantity = strawberry.field(
        description="The minimum power of an object, in kW."
    )
    most_power_kw: Quantity = strawberry.field(
        description="The maximum power of an object, in kW, with at most two decimals."
    )
    longest_answer: int = strawberry.field(
        description="The maximum number of characters of an answer to a question."
    )


def contract_rules(rule: models.ApplicationRule) -> ContractRules:
    return ContractRules(
        most_open=rule.most_open,
        most_objects=rule.most_objects,
        most_documents=rule.most_documents,
        demanded_documents=[*required_documents(rule)],
        longest_address=MAX_OBJECT_TEXT_LENGTH,
        longest_purpose=MAX_OBJECT_TEXT_LENGTH,
        least_power_kw=Quantity(MIN_KW),
        most_power_kw=Quantity(MAX_KW),
        longest_answer=MAX_TEXT_LENGTH,
    )
