"""What payments keep. What is append-only says so, and a trigger holds it to it."""

from lk_graphql.payments.models.books import (
    Book,
    LedgerEntry,
    LedgerKind,
    LedgerLine,
    RegistryRow,
)
from lk_graphql.payments.models.payment import (
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentPart,
    PaymentState,
)
from lk_graphql.payments.models.rules import PaymentTerms
from lk_graphql.payments.models.truth import (
    AcquirerNotice,
    Difference,
    DifferenceKind,
    FiscalReceipt,
    ReceiptState,
    Refund,
    RefundState,
)

__all__ = [
    "AcquirerNotice", "Book", "Difference", "DifferenceKind", "FiscalReceipt", "LedgerEntry",
    "LedgerKind", "LedgerLine", "Payment", "PaymentEvent", "PaymentEventKind", "PaymentPart",
    "PaymentState", "PaymentTerms", "ReceiptState", "Refund", "RefundState", "RegistryRow",
]  # fmt: skip
