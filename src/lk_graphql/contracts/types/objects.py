"""Contracts and applications as clients see them, declared over the models."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.accounts.models import Account, SubscriberType
from lk_graphql.api.shapes import object_type
from lk_graphql.contracts import models
from lk_graphql.contracts.service.gaps import Gap, Known
from lk_graphql.contracts.service.gaps import missing as gaps_of
from lk_graphql.contracts.service.rules import DEMANDED_IN_SQL
from lk_graphql.contracts.types import choices
from lk_graphql.kit.ids import to_public
from lk_graphql.reads.declare import Node, column, derived, reads, related
from lk_graphql.reads.scalars import Quantity
from lk_graphql.uploads.types.objects import Upload

__all__ = ["choices"]


def account_id(id: UUID) -> str:
    return to_public("acc", id)


def fias_guid(fias_id: UUID | None) -> str | None:
    return fias_id and str(fias_id)


@reads(Account, owned_through="links__user")
class Contract:
    """A contract that is in force or was («договор»), for the energy of one account."""

    number: str = column("The contract's number («номер договора»).", of="contract_number")
    signed_on: date = column("When it was signed.", of="contract_signed_on")
    closed_on: date | None = column("When it ended; null while it goes on.")
    subscriber_type: SubscriberType = column("Household or business.")
    address: str = column("Where the energy goes.")
    account_number: str = column("The account that is billed.", of="number")
    account_id: strawberry.ID = derived("The same, for `node`.", account_id)


@reads(models.ApplicationObject)
class ContractPlace:
    """A place that a contract is asked for («объект»)."""

    address: str = column("Where it is; empty until it is known.")
    fias_id: str | None = derived("The address's OBJECTGUID in ГАР, if known.", fias_guid)
    kind: models.ObjectKind | None = column("What it is.")
    power_kw: Quantity | None = column("The power that it needs, in kW.")
    purpose: str | None = column("What the energy is for («цель использования»).")


@reads(models.ApplicationDocument)
class ContractDocument:
    """A document of an application."""

    kind: models.ContractDocumentKind = column("What it shows.")
    upload: Upload = related(
        "The file.", because="only the applicant's own uploads can be attached"
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


_DEMANDED = f"""(SELECT to_json({DEMANDED_IN_SQL}) FROM application_rule
WHERE from_day <= {{today}} ORDER BY from_day DESC LIMIT 1)"""  # noqa: S608 - our own names


def missing(
    state: models.ApplicationState,
    objects: Sequence[Any],
    documents: Sequence[str],
    demanded: Sequence[str | None] | None,
) -> list[ContractGap]:
    if state is not models.ApplicationState.DRAFT:
        return []  # it was complete by the rule of its day
    known = [Known(*each) for each in objects]
    kinds = {models.ContractDocumentKind(kind) for kind in documents}
    wanted = [models.ContractDocumentKind(kind) for kind in demanded or () if kind]
    return [ContractGap(gap=gap, path=list(path)) for gap, path in gaps_of(known, kinds, wanted)]


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
        demanded=_DEMANDED,
    )
    reason: str | None = column("Why it was decided so; null until then.")
    created_at: datetime = column("When it was begun.")
    changed_at: datetime = column("When it was saved last.")
    submitted_at: datetime | None = column("When it was submitted.")
