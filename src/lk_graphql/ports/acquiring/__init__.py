"""Taking money: the protocol, and YooKassa behind it."""

from typing import TYPE_CHECKING, Any

from lk_graphql.ports.acquiring.orders import (
    RUBLES,
    Acquirer,
    AcquirerAway,
    AcquirerRefused,
    CancelReason,
    Fiscal,
    FiscalStatus,
    NoSuchOrder,
    Notice,
    Order,
    OrderStatus,
    Payee,
    ReceiptLine,
    Refunded,
    RefundOrder,
    RefundStatus,
    Registered,
    Settlement,
    Truth,
    UtilityOrder,
)

if TYPE_CHECKING:
    from lk_graphql.ports.acquiring.yookassa import Shop, YooKassa

__all__ = [
    "RUBLES",
    "Acquirer",
    "AcquirerAway",
    "AcquirerRefused",
    "CancelReason",
    "Fiscal",
    "FiscalStatus",
    "NoSuchOrder",
    "Notice",
    "Order",
    "OrderStatus",
    "Payee",
    "ReceiptLine",
    "RefundOrder",
    "RefundStatus",
    "Refunded",
    "Registered",
    "Settlement",
    "Shop",
    "Truth",
    "UtilityOrder",
    "YooKassa",
]


def __getattr__(name: str) -> Any:
    """What takes payments brings httpx and stamina, a tenth of a second of a start."""
    if name not in {"Shop", "YooKassa"}:
        raise AttributeError(name)
    from lk_graphql.ports.acquiring import yookassa  # noqa: PLC0415

    return getattr(yookassa, name)
