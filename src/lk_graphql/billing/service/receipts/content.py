"""All that a receipt says, before anybody draws it: a value that is the same for the same bill."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.metering.models import ReadingSource, Zone


@dataclass(frozen=True)
class SupplierCard:
    """Whom one pays and whom one calls, as of the day of issue."""

    name: str
    inn: str
    kpp: str | None
    bank_name: str
    bic: str
    account: str
    correspondent_account: str
    address: str
    phone: str
    emergency_phone: str | None
    email: str | None
    site: str | None
    office_hours: str


@dataclass(frozen=True)
class Payer:
    """Whose home it is."""

    account_number: str
    unified_number: str | None
    contract_number: str
    holder: str | None
    address: str
    tariff_category: TariffCategory
    has_range_privilege: bool
    area_m2: Decimal | None
    residents: int | None


@dataclass(frozen=True)
class Mark:
    """A reading: what the register showed, when, and who read it."""

    value: Decimal
    taken_on: date
    source: ReadingSource


@dataclass(frozen=True)
class Dial:
    """A register's month."""

    serial: str
    model: str
    verified_until: date | None
    zone: Zone
    ratio: Decimal
    fraction_digits: int
    previous: Mark | None
    current: Mark | None
    kwh: Decimal


@dataclass(frozen=True)
class ChargeLine:
    """A line of the bill; `tariff_order` is who set its price."""

    kind: LineKind
    service: str
    zone: Zone | None
    range_number: int | None
    basis: VolumeBasis | None
    factor: Decimal | None
    kwh: Decimal | None
    rubles_per_kwh: Decimal | None
    amount: int
    reason: str | None
    reason_code: RecalculationReason | None = None
    corrects_from: date | None = None
    corrects_to: date | None = None
    document: str | None = None


@dataclass(frozen=True)
class PenaltyDays:
    """Days of one debt at one rate."""

    for_period: date
    debt: int
    first_day: date
    last_day: date
    rate_percent: Decimal
    divisor: int
    amount: int


@dataclass(frozen=True)
class PaymentLine:
    """Money that came in the month."""

    paid_on: date
    agent: str
    amount: int


@dataclass(frozen=True)
class Price:
    """A row of the tariff in force at the month's end."""

    zone: Zone
    range_number: int
    rubles_per_kwh: Decimal
    order_reference: str


@dataclass(frozen=True)
class Sums:
    """Kopecks; owed is positive, paid ahead negative."""

    opening_balance: int
    charged: int
    recalculated: int
    penalty: int
    paid: int
    closing_balance: int
    vat_percent: Decimal | None


@dataclass(frozen=True)
class Receipt:
    """One bill on one page. `code` is what a bank's app reads; None where nothing is to be paid."""

    number: str
    period: date
    issued_on: date
    due_on: date
    gis_document_id: str | None
    supplier: SupplierCard
    payer: Payer
    sums: Sums
    dials: tuple[Dial, ...]
    lines: tuple[ChargeLine, ...]
    penalties: tuple[PenaltyDays, ...]
    payments: tuple[PaymentLine, ...]
    prices: tuple[Price, ...]
    range_ends: tuple[int, ...]
    window_days: tuple[int, int] | None
    history: tuple[tuple[date, Decimal], ...]
    difference: str | None
    causes: tuple[tuple[str, int], ...]
    code: str | None

    @property
    def file_name(self) -> str:
        """`receipt-0412345678-2026-10.pdf`: by account and period."""
        return f"receipt-{self.payer.account_number}-{self.period:%Y-%m}.pdf"
