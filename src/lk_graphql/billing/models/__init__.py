"""What billing keeps: bills as the billing system made them, and the dated rules behind them."""

from lk_graphql.billing.models.bills import (
    AccountBalance,
    Invoice,
    InvoiceLine,
    InvoicePenalty,
    InvoiceReading,
    LineKind,
    RecalculationReason,
    ReceivedPayment,
    VolumeBasis,
)
from lk_graphql.billing.models.rules import (
    DueRule,
    PenaltyRate,
    RangeLimit,
    Supplier,
    Tariff,
    VatRate,
)

__all__ = [
    "AccountBalance", "DueRule", "Invoice", "InvoiceLine", "InvoicePenalty", "InvoiceReading",
    "LineKind", "PenaltyRate", "RangeLimit", "RecalculationReason", "ReceivedPayment", "Supplier",
    "Tariff", "VatRate", "VolumeBasis",
]  # fmt: skip
