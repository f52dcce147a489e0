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
    "The cause of a difference between a bill and the previous one.",
    DAYS="A different number of days in the month.",
    VOLUME="A higher or lower consumption («расход»).",
    ESTIMATE="No reading for the month: the volume is estimated («расчётный объём»).",
    ESTIMATE_CORRECTED="Readings that correct the estimate of the month before.",
    ZONE_MIX="A different share of the consumption at night or at peak («зоны суток»).",
    RANGE="A different share above the first range («диапазон потребления»).",
    TARIFF="A higher or lower price of a kilowatt-hour («тариф»).",
    RAISING_FACTOR="A factor on consumption billed by the norm («повышающий коэффициент»).",
    NEW_SERVICE="A service that the previous bill didn't have.",
    ENDED_SERVICE="A service that this bill no longer has.",
    RECALCULATION="A correction of earlier months in this bill («перерасчёт»).",
    EARLIER_RECALCULATION="A correction of earlier months in the previous bill, and none in this "
    "one.",
    PENALTY="The penalty for late payment («пени»).",
    OTHER="The rest, which the bills' lines don't explain.",
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
    EARLIER_RECALCULATION=("Перерасчёт в прошлом счёте", "Recalculation in the previous bill"),
    PENALTY=("Пени", "Penalty"),
    OTHER=("Прочее", "Other"),
)


@object_type
class InvoiceChange:
    """The effect of one cause on a bill, compared with the previous one."""

    cause: Cause = strawberry.field(description="The cause of the change.")
    amount: Money = strawberry.field(
        description="The amount that the cause adds; negative if it reduces the bill."
    )
    text: str = strawberry.field(
        description="The cause in a sentence, without the amount; Russian or English."
    )
    service: str | None = strawberry.field(
        description="The service affected («услуга»); null if the cause belongs to no service."
    )
    before: Quantity | None = strawberry.field(
        description="The previous value in days, kWh, percent or rubles, as `cause` and `text` "
        "define."
    )
    now: Quantity | None = strawberry.field(description="The current value, in the same unit.")
    reading_ids: list[strawberry.ID] = strawberry.field(
        description="The readings behind the change, among `readings` of this bill and `previous`."
    )
    tariff_orders: list[str] = strawberry.field(
        description="The orders that set the new prices («тарифное решение»)."
    )


@object_type
class InvoiceExplanation:
    """The explanation of the difference between two bills' `total`s («почему столько»)."""

    previous_id: strawberry.ID = strawberry.field(
        description="The id of the previous bill: `Invoice.previous`."
    )
    previous_period: Period = strawberry.field(description="The month of the previous bill.")
    previous_total: Money = strawberry.field(description="The `total` of the previous bill.")
    difference: Money = strawberry.field(
        description="This bill's total minus the previous one's: exactly the sum of the changes."
    )
    text: str = strawberry.field(
        description="The difference in a sentence; Russian or English, as in `message`s."
    )
    changes: list[InvoiceChange] = strawberry.field(
        description="The changes by cause: each replaces last month's value after the changes "
        "listed before it."
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
