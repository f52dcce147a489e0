"""Rows as they are copied into the tables: a class per table, a field per column, in order."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from lk_graphql.accounts.models import HouseKind, SubscriberType, TariffCategory
from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.metering.models import ReadingSource, ReadingState, Zone


class TariffRow(NamedTuple):
    id: UUID
    category: TariffCategory
    zone: Zone
    range_number: int
    rubles_per_kwh: Decimal
    valid_from: date
    valid_to: date | None
    order_reference: str


class RangeLimitRow(NamedTuple):
    id: UUID
    category: TariffCategory
    range_number: int
    up_to_kwh: int | None
    valid_from: date


class PenaltyRateRow(NamedTuple):
    id: UUID
    is_cap: bool
    percent: Decimal
    valid_from: date
    valid_to: date | None


class DueRuleRow(NamedTuple):
    id: UUID
    from_period: date
    document_day: int
    due_day: int
    reference: str


class VatRateRow(NamedTuple):
    id: UUID
    percent: Decimal
    valid_from: date
    reference: str


class SupplierRow(NamedTuple):
    id: UUID
    valid_from: date
    name: str
    inn: str
    kpp: str | None
    ogrn: str
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


class AccountRow(NamedTuple):
    id: UUID
    number: str
    unified_number: str
    subscriber_type: SubscriberType
    contract_number: str
    contract_signed_on: date
    address: str
    flat: str | None
    house_kind: HouseKind
    tariff_category: TariffCategory
    has_range_privilege: bool
    area_m2: Decimal
    residents: int
    data_as_of: datetime


class HolderRow(NamedTuple):
    id: UUID
    account_id: UUID
    last_name: str
    first_name: str
    patronymic: str | None
    surname_key: str
    since: date


class MeterRow(NamedTuple):
    id: UUID
    account_id: UUID
    serial: str
    model: str
    accuracy_class: str
    ratio: Decimal
    installed_on: date
    removed_on: date | None
    verified_on: date
    verification_interval_years: int
    next_verification_on: date
    seal_number: str
    sealed_on: date
    reports_itself: bool


class RegisterRow(NamedTuple):
    id: UUID
    meter_id: UUID
    position: int
    zone: Zone
    label: str
    digits: int
    fraction_digits: int


class ReadingRow(NamedTuple):
    id: UUID
    register_id: UUID
    value: Decimal
    taken_on: date
    received_at: datetime
    period: date
    source: ReadingSource
    state: ReadingState


class InvoiceRow(NamedTuple):
    id: UUID
    account_id: UUID
    number: str
    period: date
    issued_on: date
    due_on: date
    opening_balance: int
    charged: int
    recalculated: int
    penalty: int
    paid: int
    closing_balance: int
    unpaid: int
    consumption_kwh: Decimal
    gis_document_id: str


class InvoiceLineRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    position: int
    kind: LineKind
    service: str
    zone: Zone | None
    range_number: int | None
    basis: VolumeBasis | None
    quantity_kwh: Decimal | None
    rubles_per_kwh: Decimal | None
    amount: int
    reason: str | None = None
    reason_code: RecalculationReason | None = None
    corrects_from: date | None = None
    corrects_to: date | None = None
    document: str | None = None


class InvoiceReadingRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    register_id: UUID
    previous_id: UUID
    current_id: UUID
    consumption_kwh: Decimal


class InvoicePenaltyRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    position: int
    for_period: date
    debt: int
    first_day: date
    last_day: date
    rate_percent: Decimal
    divisor: int
    amount: int


class ReceivedPaymentRow(NamedTuple):
    id: UUID
    account_id: UUID
    invoice_id: UUID | None
    external_id: str
    paid_on: date
    amount: int
    agent: str


class AccountBalanceRow(NamedTuple):
    id: UUID
    account_id: UUID
    debt: int
    penalty: int
    overpayment: int
    as_of: datetime
