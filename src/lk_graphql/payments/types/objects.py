"""Payments as GraphQL types, declared over the models."""

from datetime import datetime
from decimal import Decimal

from lk_graphql.accounts.types.objects import Account
from lk_graphql.billing.service.charges import included_vat
from lk_graphql.billing.types.objects import Invoice
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments import models
from lk_graphql.planner.declare.scalars import Money, Period, Quantity, Url
from lk_graphql.planner.types import (
    Node,
    choices,
    column,
    expression,
    labels,
    reads,
    reference,
    related,
)

choices(
    models.PaymentState,
    "The state of a payment; only the acquirer's response changes it.",
    CREATED="Recorded, and not yet registered with the acquirer. The payment page follows in a "
    "moment.",
    REGISTERED="Registered with the acquirer, whose page waits for a card.",
    PENDING="A card was entered; the response of its bank is pending.",
    SUCCEEDED="Paid («оплачено»).",
    DECLINED="Declined by the bank: nothing was charged, a new payment may be started.",
    EXPIRED="Not completed in time: nothing was charged.",
    CANCELED="Canceled: nothing was charged.",
    PARTIALLY_REFUNDED="Refunded in part («частичный возврат»).",
    REFUNDED="Refunded in full («возврат»), except for the commission.",
)
labels(
    models.PaymentState,
    CREATED=("Создан", "Created"),
    REGISTERED=("Ждёт оплаты", "Waits for a card"),
    PENDING=("Ждёт ответа банка", "Waits for the bank"),
    SUCCEEDED=("Оплачен", "Paid"),
    DECLINED=("Отклонён банком", "Declined by the bank"),
    EXPIRED=("Время истекло", "Expired"),
    CANCELED=("Отменён", "Canceled"),
    PARTIALLY_REFUNDED=("Возвращён частично", "Partly refunded"),
    REFUNDED=("Возвращён", "Refunded"),
)
choices(
    models.PaymentEventKind,
    "The kind of event in a payment's history.",
    CREATED="The payment was recorded.",
    REGISTERED="The payment was registered with the acquirer.",
    PENDING="A card was entered.",
    SUCCEEDED="The payment succeeded.",
    DECLINED="The bank declined the payment.",
    EXPIRED="The payment was not completed in time.",
    CANCELED="The payment was canceled.",
    REFUND_REQUESTED="Staff requested a refund.",
    REFUND_SUCCEEDED="A refund succeeded.",
    REFUND_FAILED="A refund failed.",
    RECEIPT_ISSUED="A fiscal receipt was issued and mailed.",
    POSTED="The billing system has posted the whole payment.",
)
labels(
    models.PaymentEventKind,
    CREATED=("Платёж создан", "Payment created"),
    REGISTERED=("Страница оплаты открыта", "Payment page opened"),
    PENDING=("Карта введена", "Card entered"),
    SUCCEEDED=("Оплачено", "Paid"),
    DECLINED=("Банк отклонил оплату", "The bank declined"),
    EXPIRED=("Время оплаты истекло", "Time has run out"),
    CANCELED=("Платёж отменён", "Payment cancelled"),
    REFUND_REQUESTED=("Возврат заказан", "Refund ordered"),
    REFUND_SUCCEEDED=("Деньги возвращены", "Money refunded"),
    REFUND_FAILED=("Возврат не состоялся", "Refund failed"),
    RECEIPT_ISSUED=("Чек отправлен", "Receipt mailed"),
    POSTED=("Учтено на лицевом счёте", "Posted to the account"),
)
choices(
    models.ReceiptState,
    "The state of a fiscal receipt.",
    PENDING="Not yet issued by the cash register.",
    DONE="Registered with the tax service, and mailed.",
    FAILED="Could not be issued; staff resolve it.",
)
labels(
    models.ReceiptState,
    PENDING=("Чек готовится", "Being made out"),
    DONE=("Чек готов", "Made out"),
    FAILED=("Чек не удалось сформировать", "Couldn't be made out"),
)
choices(
    models.RefundState,
    "The state of a refund.",
    REQUESTED="The refund is on its way to the bank.",
    SUCCEEDED="The money was returned to the card.",
    FAILED="The refund failed.",
)
labels(
    models.RefundState,
    REQUESTED=("Заказан", "Ordered"),
    SUCCEEDED=("Возвращено", "Refunded"),
    FAILED=("Не состоялся", "Failed"),
)


choices(
    models.PaymentLineKind,
    "The kind of a line of a payment, as on its fiscal receipt.",
    DEBT="Energy of a month, or of an earlier time that no bill explains («задолженность»).",
    PENALTY="The penalty for late payment («пени»); it has no VAT.",
    ADVANCE="An advance («аванс»).",
    COMMISSION="The commission of the payment («комиссия»).",
)
labels(
    models.PaymentLineKind,
    DEBT=("Задолженность", "Debt"),
    PENALTY=("Пени", "Penalty"),
    ADVANCE=("Аванс", "Advance"),
    COMMISSION=("Комиссия", "Commission"),
)

VAT_SQL = "round({amount} * {vat_percent} / (100 + {vat_percent}))"


def vat(amount: int, vat_percent: Decimal | None) -> Kopecks | None:
    return None if vat_percent is None else included_vat(amount, vat_percent)


@reads(models.PaymentLine)
class PaymentLine:
    """A line of a payment as on the fiscal receipt, fixed when the payment was started."""

    kind: models.PaymentLineKind = column("The kind of line.")
    service: str | None = column(
        "The service, in the billing system's words; null where several are combined, and on "
        "lines other than a debt's."
    )
    first_period: Period | None = column(
        "The first month, where old months are combined; otherwise the same as `period`."
    )
    period: Period | None = column(
        "The month of the supply, or of the penalty's bill; null if no bill explains it."
    )
    amount: Money = column("The amount of the line, VAT included.")
    vat_percent: Quantity | None = column(
        "The VAT rate («ставка НДС») of the supply's month, of an advance that of its day; null "
        "if there is no VAT."
    )
    vat: Money | None = expression(
        "The VAT included in `amount` («в том числе НДС»); null if there is none.",
        sql=VAT_SQL,
        python=vat,
    )
    quantity_kwh: Quantity | None = column(
        "The volume in kilowatt-hours, set only if the amount is exactly its price."
    )


@reads(models.PaymentPart, prefix="ppt", owned_through="payment__user")
class PaymentPart(Node):
    """The part of a payment for one account, with the account's data at that time."""

    account: Account | None = reference(
        "The account as it is now; null while the customer hasn't linked it.", of="account_id"
    )
    account_number: str = column("The account's number («лицевой счёт»).")
    contract_number: str = column("The contract's number («номер договора»).")
    address: str = column("The postal address of the supplied home.")
    invoice: Invoice | None = reference(
        "The bill as it is now; null before the first bill, and if the customer may not see it.",
        of="invoice_id",
    )
    invoice_number: str | None = column("The number of the bill; null before the first bill.")
    period: Period | None = column("The month of that bill («за какой период»).")
    amount: Money = column("The amount paid to the account.")
    advance: Money = column("The part of the amount beyond the debt («аванс»).")
    refunded: Money = column("The refunded part of the amount.")
    lines: list[PaymentLine] = related(
        "The lines that it settles: debts, the oldest first, then penalties, then an advance.",
        order_by="position",
    )


class FiscalReceiptFields:
    """The fields of a fiscal receipt for customers and for staff."""

    amount: Money = column("The amount of the receipt.")
    state: models.ReceiptState = column("The state of the receipt.")
    is_refund: bool = expression(
        "Whether the receipt is for a refund («чек возврата»).",
        sql="{refund_id} IS NOT NULL",
    )
    storage: str | None = column("The number of the fiscal storage («ФН»).")
    number: str | None = column("The number of the fiscal document («ФД»).")
    attribute: str | None = column("The fiscal attribute («ФПД»).")
    registered_at: datetime | None = column("The date and time of issue.")
    url: Url | None = column("The address of the receipt on the web; null if unknown.")


@reads(models.FiscalReceipt, prefix="frc", owned_through="payment__user")
class FiscalReceipt(FiscalReceiptFields, Node):
    """A receipt under 54-ФЗ («кассовый чек»), of a payment or of a refund."""


@reads(models.Refund, prefix="rfn", owned_through="payment__user")
class Refund(Node):
    """A refund to the card."""

    amount: Money = column("The refunded amount.")
    state: models.RefundState = column("The state of the refund.")
    account: Account | None = reference(
        "The account whose part is refunded; null while the customer hasn't linked it.",
        of="part__account_id",
    )
    account_number: str = column("The number of that account.", of="part__account_number")
    reason: str = column("The reason for the refund, in the words of staff.")
    requested_at: datetime = column("The date and time at which staff requested the refund.")
    ended_at: datetime | None = column("The date and time at which the refund succeeded or failed.")


@reads(models.PaymentEvent)
class PaymentEvent:
    """An event in the history of a payment."""

    kind: models.PaymentEventKind = column("The kind of event.")
    amount: Money | None = column("The amount of a refund or of a receipt; null for other events.")
    happened_at: datetime = column("The date and time of the event.")


def total(amount: int, commission: int) -> int:
    return amount + commission


def is_posted(posted_at: datetime | None) -> bool:
    return posted_at is not None


OPEN_PAGE_SQL = "CASE WHEN {state} IN ('REGISTERED', 'PENDING') THEN {page_url} END"


def open_page(state: models.PaymentState, page_url: str | None) -> str | None:
    return page_url if state in {"REGISTERED", "PENDING"} else None


@reads(models.Payment, prefix="pay", owned_through="user")
class Payment(Node):
    """A payment by card («платёж»); visible to the payer only."""

    number: str = column("The number to quote in questions about the payment.")
    state: models.PaymentState = column("The state of the payment.")
    amount: Money = column("The amount credited to accounts.")
    commission: Money = column(
        "The commission, charged in addition («комиссия»); it isn't refunded."
    )
    total: Money = expression(
        "The amount charged to the card.", sql="{amount} + {commission}", python=total
    )
    refunded: Money = column("The refunded amount.")
    page_url: Url | None = expression(
        "The acquirer's page for entering the card; null before it exists and after the payment "
        "has ended.",
        sql=OPEN_PAGE_SQL,
        python=open_page,
    )
    created_at: datetime = column("The date and time of the start.")
    paid_at: datetime | None = column("The date and time of the payment, by the acquirer's clock.")
    is_posted: bool = expression(
        "Whether the billing system has posted all of it; until then, balances include it in "
        "`processing` («в обработке»).",
        sql="{posted_at} IS NOT NULL",
        python=is_posted,
    )
    parts: list[PaymentPart] = related(
        "The parts of the payment, one for each account.", order_by="position"
    )
    receipts: list[FiscalReceipt] = related(
        "The fiscal receipts of the payment («чеки»).", order_by="id"
    )
    refunds: list[Refund] = related("The refunds of the payment.", order_by="requested_at")
    events: list[PaymentEvent] = related("The history of the payment.", order_by="happened_at")
