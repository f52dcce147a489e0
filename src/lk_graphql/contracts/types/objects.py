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
from lk_graphql.contracts.service.applications import MAX_KW, MAX_PLACE_LENGTH, MIN_KW
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
from lk_graphql.uploads.types.objects import Upload

choices(
    models.ApplicationState,
    "How far an application is («статус заявки»).",
    DRAFT="Only you see it, and can change it («черновик»).",
    SUBMITTED="It has a number and waits for somebody («подана»).",
    IN_REVIEW="Somebody looks at it («на рассмотрении»).",
    QUESTION="There is a question for you: `contractApplicationAnswer` («вопрос»).",
    APPROVED="The contract will be made («одобрена»).",
    DECLINED="It won't; `reason` says why («отказано»).",
    WITHDRAWN="You took it back («отозвана»).",
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
    "What is to be supplied («вид объекта»).",
    APARTMENT="A flat («квартира»).",
    HOUSE="A house («жилой дом»).",
    GARAGE="A garage («гараж»).",
    GARDEN="A plot in a gardeners' association («садовый участок»).",
    OTHER="Something else.",
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
    "What a document shows («вид документа»).",
    IDENTITY="Who you are («паспорт»).",
    OWNERSHIP="That the place is yours («право собственности»).",
    GRID_CONNECTION="That it is connected to the grid («акт технологического присоединения»).",
    POWER_OF_ATTORNEY="That you may act for somebody («доверенность»).",
    OTHER="Anything else.",
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
    "What happened to an application.",
    CREATED="It was begun.",
    SUBMITTED="You submitted it.",
    CLAIMED="Somebody began to look at it.",
    ASKED="A question to you, in `text`.",
    ANSWERED="Your answer, in `text`.",
    APPROVED="Decided, with the reason in `text`.",
    DECLINED="Decided, with the reason in `text`.",
    WITHDRAWN="You took it back.",
)
labels(
    models.StepKind,
    CREATED=("Заявка начата", "Application begun"),
    SUBMITTED=("Заявка подана", "Application submitted"),
    CLAIMED=("Взята в работу", "Taken up"),
    ASKED=("Вопрос к вам", "A question to you"),
    ANSWERED=("Ваш ответ", "Your answer"),
    APPROVED=("Заявка одобрена", "Application approved"),
    DECLINED=("Отказано", "Application declined"),
    WITHDRAWN=("Заявка отозвана", "Application withdrawn"),
)
choices(
    Gap,
    "What is missing until an application can be submitted.",
    OBJECTS="There is no object.",
    ADDRESS="An object's address.",
    KIND="An object's kind.",
    POWER="The power that an object needs.",
    PURPOSE="What an object uses energy for.",
    IDENTITY_DOCUMENT="A document of the kind IDENTITY.",
    OWNERSHIP_DOCUMENT="A document of the kind OWNERSHIP.",
    GRID_CONNECTION_DOCUMENT="A document of the kind GRID_CONNECTION.",
    POWER_OF_ATTORNEY_DOCUMENT="A document of the kind POWER_OF_ATTORNEY.",
)
labels(
    Gap,
    OBJECTS=("Нет ни одного объекта", "No object"),
    ADDRESS=("Адрес объекта", "An object's address"),
    KIND=("Вид объекта", "An object's kind"),
    POWER=("Мощность", "The power"),
    PURPOSE=("Цель использования", "The purpose"),
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
    "Why something about a contract was refused. Codes never change.",
    APPLICATION_INCOMPLETE="See `missing`.",
    APPLICATION_NOT_FOUND="There is no such application among yours.",
    APPLICATION_TAKEN="A colleague has it. Said to staff only.",
    COLLEAGUE_NOT_FOUND="No such member of staff, or locked out. Said to staff only.",
    DOCUMENT_NOT_FOUND="The application has no such document.",
    NUMBER_MALFORMED="A number isn't written as one; nothing else was looked at.",
    OBJECT_INVALID="Too long an address, or a power out of range.",
    STATE_FORBIDS="Not in this state; see `state`.",
    TEXT_INVALID="1 to 2000 characters.",
    TOO_MANY="Open applications, objects or documents: see `publicSettings.contractRules`.",
    UPLOAD_UNUSABLE="The file isn't yours, not READY, or used already.",
    VERSION_OUTDATED="Another window saved first: read the application anew.",
)


def account_id(id: UUID) -> str:
    return to_public("acc", id)


def fias_guid(fias_id: UUID | None) -> str | None:
    return fias_id and str(fias_id)


@reads(AccountModel, prefix="ctr", owned_through="links__user")
class Contract(Node):
    """A contract that is in force or was («договор»), for the energy of one account."""

    number: str = column("The contract's number («номер договора»).", of="contract_number")
    signed_on: date = column("When it was signed.", of="contract_signed_on")
    closed_on: date | None = column("Its last day; null while none is known.")
    subscriber_type: SubscriberType = column("Household or business.")
    address: str = column("Where the energy goes.")
    account_number: str = column("The account that is billed.", of="number")
    account_id: strawberry.ID = derived("Its id.", account_id)
    account: Account = part("The account that is billed.")


@reads(models.ApplicationObject)
class ContractPlace:
    """A place that a contract is asked for («объект»)."""

    address: str = column("Where it is; empty until it is known.")
    fias_id: str | None = derived("The address's OBJECTGUID in ГАР, if known.", fias_guid)
    kind: models.ObjectKind | None = column("What it is.")
    power_kw: Quantity | None = column("The power that it needs, in kW.")
    purpose: str | None = column("What the energy is for («цель использования»).")


@reads(models.ApplicationDocument, prefix="cdo", owned_through="application__user")
class ContractDocument(Node):
    """A document of an application."""

    kind: models.ContractDocumentKind = column("What it shows.")
    upload: Upload = related(
        "The file.", unsafe_reason="only the applicant's own uploads can be attached"
    )
    attached_at: datetime = column("Since when it belongs to the application.")


@reads(models.ApplicationEvent)
class ContractApplicationStep:
    """A step of an application's timeline."""

    kind: models.StepKind = column("What happened.")
    text: str | None = column("The question, the answer or the reason; null for other steps.")
    happened_at: datetime = column("When.")


@object_type
class ContractGap:
    """Something that is missing until an application can be submitted."""

    gap: Gap = strawberry.field(description="What it is.")
    path: list[str] = strawberry.field(
        description="Where it goes in `ContractApplicationUpdateInput`; empty for a document."
    )


_OBJECTS = """(SELECT coalesce(json_agg(json_build_array(place.address <> '',
place.kind IS NOT NULL, place.power_kw IS NOT NULL, place.purpose IS NOT NULL)
ORDER BY place.position), '[]') FROM contract_object AS place
WHERE place.application_id = {id})"""
_DOCUMENTS = """(SELECT coalesce(json_agg(document.kind), '[]') FROM contract_document AS document
WHERE document.application_id = {id})"""


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
    """An application for a contract («заявка на заключение договора»); yours alone."""

    number: str | None = column("What to quote; null until it is submitted.")
    state: models.ApplicationState = column("How far it is.")
    version: int = column("Say it when you change the draft: it grows with each change.")
    objects: list[ContractPlace] = related("What is to be supplied.", order_by="position")
    documents: list[ContractDocument] = related("What was attached.", order_by="attached_at")
    timeline: list[ContractApplicationStep] = related(
        "What happened so far, oldest first.", of="events", order_by="happened_at"
    )
    missing: list[ContractGap] = derived(
        "What is missing until it can be submitted; empty when nothing is, and ever after.",
        missing,
        objects=_OBJECTS,
        documents=_DOCUMENTS,
        required_kinds=f"({REQUIRED_SQL})",
    )
    reason: str | None = column("Why it was decided so; null until then.")
    created_at: datetime = column("When it was begun.")
    changed_at: datetime = column("When it was saved last.")
    submitted_at: datetime | None = column("When it was submitted.")


@object_type
class ContractRules:
    """What applications for contracts may hold and must show today."""

    most_open: int = strawberry.field(description="Applications that aren't decided, per person.")
    most_objects: int = strawberry.field(description="Objects of one application.")
    most_documents: int = strawberry.field(description="Documents of one application.")
    demanded_documents: list[models.ContractDocumentKind] = strawberry.field(
        description="The kinds without which nothing can be submitted, in the form's order."
    )
    longest_address: int = strawberry.field(description="The most characters of an address.")
    longest_purpose: int = strawberry.field(description="The most characters of a purpose.")
    least_power_kw: Quantity = strawberry.field(description="The least power of an object.")
    most_power_kw: Quantity = strawberry.field(
        description="The most power; it has two decimals at most."
    )
    longest_answer: int = strawberry.field(
        description="The most characters of an answer to a question."
    )


def contract_rules(rule: models.ApplicationRule) -> ContractRules:
    return ContractRules(
        most_open=rule.most_open,
        most_objects=rule.most_objects,
        most_documents=rule.most_documents,
        demanded_documents=[*required_documents(rule)],
        longest_address=MAX_PLACE_LENGTH,
        longest_purpose=MAX_PLACE_LENGTH,
        least_power_kw=Quantity(MIN_KW),
        most_power_kw=Quantity(MAX_KW),
        longest_answer=MAX_TEXT_LENGTH,
    )
