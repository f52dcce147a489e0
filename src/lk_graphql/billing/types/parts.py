"""What a bill is made of, as clients see it: lines, readings, days of penalty."""

from datetime import date

from lk_graphql.billing import models
from lk_graphql.metering.models import Zone
from lk_graphql.metering.types.objects import Reading, Register
from lk_graphql.reads.declare import choices, column, expression, reads, related
from lk_graphql.reads.scalars import Money, Period, Quantity

InvoiceLineKind = choices(
    models.LineKind,
    "What a line of a bill is.",
    ENERGY="Energy of the month by zone and range («начисление»).",
    RAISING_FACTOR="What a factor adds to a charge by the norm («повышающий коэффициент»).",
    RECALCULATION="A correction of earlier months («перерасчёт»).",
)
VolumeBasis = choices(
    models.VolumeBasis,
    "What a volume rests on.",
    METER="Readings («по показаниям»).",
    AVERAGE="The household's own average: nobody read the meter («по среднему»).",
    NORM="The norm for homes without readings («по нормативу»).",
)
RecalculationReason = choices(
    models.RecalculationReason,
    "Why earlier months are corrected («причина перерасчёта»).",
    READING_CORRECTED="A reading was wrong («исправлено показание»).",
    ESTIMATE_CORRECTED="Readings have come in the place of estimates.",
    METER_CHECKED="The meter was checked («акт проверки прибора учёта»).",
    SUPPLY_INTERRUPTED="There was no electricity for longer than is allowed, or bad electricity.",
    TARIFF_CORRECTED="Another tariff holds, or another category.",
    TEMPORARY_ABSENCE="Nobody was at home; only where the norm is billed.",
    OTHER="Something else: `reason` says it.",
)


OF_ITS_OWN_ACCOUNT = "the billing system makes a bill of one account's registers and payments"
TARIFF_ORDER_IN_SQL = """
SELECT t.order_reference FROM tariff t
WHERE t.category = {invoice__account__tariff_category} AND t.zone = {zone}
AND t.range_number = {range_number} AND t.rubles_per_kwh = {rubles_per_kwh}
AND t.valid_from < {invoice__period} + interval '1 month'
ORDER BY t.valid_from DESC LIMIT 1"""


def days_between(first_day: date, last_day: date) -> int:
    return (last_day - first_day).days + 1


@reads(models.InvoiceLine)
class InvoiceLine:
    """What was charged for one zone and range, or recalculated and why."""

    kind: models.LineKind = column("Energy, a raising factor, or a recalculation.")
    service: str = column("What it is for («услуга»).")
    zone: Zone | None = column("The time of day; null for a recalculation.")
    range_number: int | None = column(
        "The range of consumption, 1 to 3 («диапазон»); null where there are none."
    )
    basis: models.VolumeBasis | None = column(
        "What the volume rests on; null where the billing system doesn't tell, or there is none."
    )
    factor: Quantity | None = column(
        "The raising factor; null on other lines («повышающий коэффициент»)."
    )
    quantity_kwh: Quantity | None = column("Kilowatt-hours; null where none were counted.")
    rubles_per_kwh: Quantity | None = column("The tariff, VAT included («тариф»).")
    tariff_order: str | None = expression(
        "The order that set the tariff («тарифное решение»); null where no row of ours has it.",
        sql=TARIFF_ORDER_IN_SQL,
    )
    amount: Money = column("What it comes to; a recalculation may be negative.")
    reason: str | None = column(
        "Why it was recalculated, in the billing system's words («основание перерасчёта»)."
    )
    reason_code: models.RecalculationReason | None = column(
        "Why, as a code; null on other lines, and where the billing system doesn't tell."
    )
    corrects_from: Period | None = column(
        "The first month that a recalculation corrects; null where it isn't told."
    )
    corrects_to: Period | None = column("The last such month.")
    document: str | None = column(
        "The document that a recalculation rests on, such as an act («основание»)."
    )


@reads(models.InvoiceReading)
class InvoiceReading:
    """The two readings of a register that went into a bill, and what lay between them."""

    meter_serial: str = column("The meter's number.", of="register__meter__serial")
    meter_register: Register = related(
        "Which of its registers.", of="register", because=OF_ITS_OWN_ACCOUNT
    )
    previous: Reading | None = related(
        "The reading at the start; null for an estimated month.", because=OF_ITS_OWN_ACCOUNT
    )
    current: Reading | None = related(
        "The reading at the end; null for an estimated month.", because=OF_ITS_OWN_ACCOUNT
    )
    consumption_kwh: Quantity = column("Kilowatt-hours, the meter's ratio included («расход»).")


@reads(models.InvoicePenalty)
class InvoicePenalty:
    """Days of one debt at one rate («расчёт пени», ЖК РФ, ст. 155 ч. 14)."""

    for_period: Period = column("The month whose bill was paid late.")
    debt: Money = column("What was owed on these days.")
    first_day: date = column("The first of these days.")
    last_day: date = column("The last of these days.")
    rate_percent: Quantity = column("The key rate, or the cap on it, in percent a year.")
    days: int = expression(
        "How many days these are, the first and the last included.",
        sql="{last_day} - {first_day} + 1",
        python=days_between,
    )
    divisor: int = column("Which part of the rate a day costs: 1/300, after 90 days 1/130.")
    amount: Money = column("What they come to.")
