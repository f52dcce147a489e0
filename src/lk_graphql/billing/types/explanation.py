"""The explanation of a bill («почему столько») as GraphQL types."""

from collections.abc import Mapping
from typing import Any

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.billing.service import explanation
from lk_graphql.billing.service.explanation import Cause, Effect
from lk_graphql.kit import ids
from lk_graphql.kit.languages import Language
from lk_graphql.planner.declare.scalars import Money, Period, Quantity
from lk_graphql.planner.types import choices, labels

choices(
    Cause,
    "What makes a bill differ from the one before.",
    DAYS="The month has more days, or fewer.",
    VOLUME="More was used, or less («расход»).",
    ESTIMATE="Nobody read the meter: the volume is estimated («расчётный объём»).",
    ESTIMATE_CORRECTED="The month before was estimated; readings have corrected it.",
    ZONE_MIX="Another part was used by night, or at peak («зоны суток»).",
    RANGE="Another part lies above the first range («диапазон потребления»).",
    TARIFF="A kilowatt-hour costs more, or less («тариф»).",
    RAISING_FACTOR="A factor on what is billed by the norm («повышающий коэффициент»).",
    NEW_SERVICE="The bill before didn't have this service.",
    ENDED_SERVICE="This bill hasn't this service any more.",
    RECALCULATION="This bill corrects earlier months («перерасчёт»).",
    EARLIER_RECALCULATION="The bill before corrected earlier months, and this one doesn't.",
    PENALTY="The penalty for paying late («пени»).",
    OTHER="What the bills' lines don't tell.",
)
labels(
    Cause,
    DAYS=("Дней в месяце", "Days of the month"),
    VOLUME=("Расход", "Consumption"),
    ESTIMATE=("Расчётный объём", "Estimated volume"),
    ESTIMATE_CORRECTED=("Исправление расчётного объёма", "Correction of an estimate"),
    ZONE_MIX=("Зоны суток", "Times of day"),
    RANGE=("Диапазон потребления", "Range of consumption"),
    TARIFF=("Тариф", "Tariff"),
    RAISING_FACTOR=("Повышающий коэффициент", "Raising factor"),
    NEW_SERVICE=("Новая услуга", "New service"),
    ENDED_SERVICE=("Услуги больше нет", "Ended service"),
    RECALCULATION=("Перерасчёт", "Recalculation"),
    EARLIER_RECALCULATION=("Перерасчёт в прошлом счёте", "Recalculation in the bill before"),
    PENALTY=("Пени", "Penalty"),
    OTHER=("Прочее", "Other"),
)


@object_type
class InvoiceChange:
    """What one cause adds to a bill, compared with the one before."""

    cause: Cause = strawberry.field(description="The cause.")
    amount: Money = strawberry.field(
        description="What it adds; below zero where it makes the bill smaller."
    )
    text: str = strawberry.field(
        description="The cause in a sentence, without the sum; Russian or English."
    )
    service: str | None = strawberry.field(
        description="The service it belongs to («услуга»); null where it belongs to none."
    )
    before: Quantity | None = strawberry.field(
        description="What it was: days, kWh, percent, or rubles; `cause` and `text` say what of."
    )
    now: Quantity | None = strawberry.field(description="What it is now, in the same unit.")
    reading_ids: list[strawberry.ID] = strawberry.field(
        description="The readings that it rests on, among `readings` of this bill and `previous`."
    )
    tariff_orders: list[str] = strawberry.field(
        description="The orders that set the new prices («тарифное решение»)."
    )


@object_type
class InvoiceExplanation:
    """Why a bill's `total` differs from that of the bill before («почему столько»)."""

    previous_id: strawberry.ID = strawberry.field(
        description="The id of the bill before: `Invoice.previous`."
    )
    previous_period: Period = strawberry.field(description="Its month.")
    previous_total: Money = strawberry.field(description="What that month came to.")
    difference: Money = strawberry.field(
        description="This bill's total minus the other's: the changes add up to it exactly."
    )
    text: str = strawberry.field(
        description="The difference in a sentence; Russian or English, as in `message`s."
    )
    changes: list[InvoiceChange] = strawberry.field(
        description="Cause by cause: each is put in the place of last month's after those ahead."
    )


def explain(bills: list[Mapping[str, Any]], language: Language) -> InvoiceExplanation | None:
    """Explain the newer of an account's two bills; None for the first bill."""
    now, *earlier = explanation.parse_bills(bills)
    if not earlier:
        return None
    (before,) = earlier
    return InvoiceExplanation(
        previous_id=strawberry.ID(ids.to_public("inv", before.id)),
        previous_period=Period(before.period),
        previous_total=Money(before.total),
        difference=Money(now.total - before.total),
        text=explanation.summary(before, now, language),
        changes=[_change(effect, language) for effect in explanation.effects(before, now)],
    )


def _change(effect: Effect, language: Language) -> InvoiceChange:
    return InvoiceChange(
        cause=effect.cause,
        amount=Money(effect.amount),
        text=explanation.sentence(effect, language),
        service=effect.service,
        before=None if effect.before is None else Quantity(effect.before),
        now=None if effect.now is None else Quantity(effect.now),
        reading_ids=[strawberry.ID(ids.to_public("rdg", key)) for key in effect.readings],
        tariff_orders=[*effect.tariff_orders],
    )
