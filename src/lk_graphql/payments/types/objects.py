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
    "How far a payment has come. Only the acquirer's word moves it.",
    CREATED="Written down; the acquirer doesn't know it yet. Its page follows in a moment.",
    REGISTERED="The acquirer's page waits for a card.",
    PENDING="A card was entered; its bank hasn't answered yet.",
    SUCCEEDED="Paid («оплачено»).",
    DECLINED="The bank refused: nothing was charged, a new payment may be started.",
    EXPIRED="Nobody finished it in time: nothing was charged.",
    CANCELED="Broken off: nothing was charged.",
    PARTIALLY_REFUNDED="A part of it went back («частичный возврат»).",
    REFUNDED="All of it went back («возврат»).",
)
labels(
    models.PaymentState,
    CREATED=("Создан", "Created"),
    REGISTERED=("Ждёт оплаты", "Waits for a card"),
    PENDING=("Ждёт ответа банка", "Waits for the bank"),
    SUCCEEDED=("Оплачен", "Paid"),
    DECLINED=("Отклонён банком", "Declined by the bank"),
    EXPIRED=("Время истекло", "Expired"),
    CANCELED=("Отменён", "Cancelled"),
    PARTIALLY_REFUNDED=("Возвращён частично", "Partly refunded"),
    REFUNDED=("Возвращён", "Refunded"),
)
choices(
    models.PaymentEventKind,
    "What happened to a payment.",
    CREATED="It was written down.",
    REGISTERED="The acquirer knows it.",
    PENDING="A card was entered.",
    SUCCEEDED="It was paid.",
    DECLINED="The bank refused.",
    EXPIRED="Nobody finished it in time.",
    CANCELED="It was broken off.",
    REFUND_REQUESTED="Staff have ordered a refund.",
    REFUND_SUCCEEDED="Money went back.",
    REFUND_FAILED="A refund came to nothing.",
    RECEIPT_ISSUED="A fiscal receipt was made out and mailed.",
    POSTED="The billing system has counted all of it.",
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
    "Whether a fiscal receipt is there.",
    PENDING="The cash register hasn't made it out yet.",
    DONE="It is registered with the tax service, and mailed.",
    FAILED="It couldn't be made out; staff look into it.",
)
labels(
    models.ReceiptState,
    PENDING=("Чек готовится", "Being made out"),
    DONE=("Чек готов", "Made out"),
    FAILED=("Чек не удалось сформировать", "Couldn't be made out"),
)
choices(
    models.RefundState,
    "What has become of a refund.",
    REQUESTED="It is on its way to the bank.",
    SUCCEEDED="The money went back to the card.",
    FAILED="It came to nothing.",
)
labels(
    models.RefundState,
    REQUESTED=("Заказан", "Ordered"),
    SUCCEEDED=("Возвращено", "Refunded"),
    FAILED=("Не состоялся", "Failed"),
)


choices(
    models.PaymentLineKind,
    "What a line of a payment is for, on its fiscal receipt.",
    DEBT="Energy of a month, or of earlier times that no bill explains («задолженность»).",
    PENALTY="The penalty for paying late («пени»); it has no VAT.",
    ADVANCE="Paid ahead («аванс»).",
    COMMISSION="What the payment itself costs («комиссия»).",
)
labels(
    models.PaymentLineKind,
    DEBT=("Задолженность", "Debt"),
    PENALTY=("Пени", "Penalty"),
    ADVANCE=("Аванс", "Advance"),
    COMMISSION=("Комиссия", "Commission"),
)

VAT_IN_SQL = "round({amount} * {vat_percent} / (100 + {vat_percent}))"


def vat(amount: int, vat_percent: Decimal | None) -> Kopecks | None:
    return None if vat_percent is None else included_vat(amount, vat_percent)


@reads(models.PaymentLine)
class PaymentLine:
    """A line of a payment as it is on the fiscal receipt, fixed when the payment was started."""

    kind: models.PaymentLineKind = column("What it is for.")
    service: str | None = column(
        "The service, in the billing system's words; null where several are taken together, and on "
        "other lines than a debt's."
    )
    first_period: Period | None = column(
        "The first month, where old months are taken together; otherwise as `period`."
    )
    period: Period | None = column(
        "The month of the supply, or the penalty's bill; null where no bill explains it."
    )
    amount: Money = column("How much, VAT included.")
    vat_percent: Quantity | None = column(
        "The VAT rate of the supply's month, of an advance that of its day («ставка НДС»); null "
        "where there is no VAT."
    )
    vat: Money | None = expression(
        "The VAT in `amount` («в том числе НДС»); null where there is none.",
        sql=VAT_IN_SQL,
        python=vat,
    )
    quantity_kwh: Quantity | None = column("Kilowatt-hours, where the line is exactly their price.")


@reads(models.PaymentPart, prefix="ppt", owned_through="payment__user")
class PaymentPart(Node):
    """What one account gets of a payment, with the account as it was then."""

    account: Account | None = reference(
        "The account as it is now; null while you don't have it linked.", of="account_id"
    )
    account_number: str = column("The account's number («лицевой счёт»).")
    contract_number: str = column("The contract's number («номер договора»).")
    address: str = column("Where the energy goes.")
    invoice: Invoice | None = reference(
        "The bill as it is now; null before the first one, and where it isn't yours to see.",
        of="invoice_id",
    )
    invoice_number: str | None = column("The bill's number; null before the first bill.")
    period: Period | None = column("The month of that bill («за какой период»).")
    amount: Money = column("How much.")
    advance: Money = column("The part of it that went beyond what was owed («аванс»).")
    refunded: Money = column("How much of it went back.")
    lines: list[PaymentLine] = related(
        "What it pays, line by line: debts, the oldest first, then penalties, then an advance.",
        order_by="position",
    )


class FiscalReceiptFields:
    """The fields of a fiscal receipt for customers and for staff."""

    amount: Money = column("What it is about.")
    state: models.ReceiptState = column("Whether it is there yet.")
    is_refund: bool = expression(
        "Whether it is about money that went back («чек возврата»).",
        sql="{refund_id} IS NOT NULL",
    )
    storage: str | None = column("The fiscal storage's number («ФН»).")
    number: str | None = column("The fiscal document's number («ФД»).")
    attribute: str | None = column("The fiscal attribute («ФПД»).")
    registered_at: datetime | None = column("When it was made out.")
    url: Url | None = column("Where to look at it; null where that isn't known.")


@reads(models.FiscalReceipt, prefix="frc", owned_through="payment__user")
class FiscalReceipt(FiscalReceiptFields, Node):
    """A receipt under 54-ФЗ («кассовый чек»), of a payment or of a refund."""


@reads(models.Refund, prefix="rfn", owned_through="payment__user")
class Refund(Node):
    """Money that goes back to the card."""

    amount: Money = column("How much.")
    state: models.RefundState = column("What has become of it.")
    account: Account | None = reference(
        "Of which account's part; null while you don't have it linked.", of="part__account_id"
    )
    account_number: str = column("That account's number.", of="part__account_number")
    reason: str = column("Why, in the words of staff.")
    requested_at: datetime = column("When staff have ordered it.")
    ended_at: datetime | None = column("When it was done, or came to nothing.")


@reads(models.PaymentEvent)
class PaymentEvent:
    """A step of a payment's way."""

    kind: models.PaymentEventKind = column("What happened.")
    amount: Money | None = column("How much it was about, where that isn't the whole payment.")
    happened_at: datetime = column("When.")


def total(amount: int, commission: int) -> int:
    return amount + commission


def is_posted(posted_at: datetime | None) -> bool:
    return posted_at is not None


OPEN_PAGE = "CASE WHEN {state} IN ('REGISTERED', 'PENDING') THEN {page_url} END"


def open_page(state: models.PaymentState, page_url: str | None) -> str | None:
    return page_url if state in {"REGISTERED", "PENDING"} else None


@reads(models.Payment, prefix="pay", owned_through="user")
class Payment(Node):
    """A payment by card («платёж»); shown to nobody but the person who makes it."""

    number: str = column("The number to quote when something is asked about it.")
    state: models.PaymentState = column("How far it has come.")
    amount: Money = column("What goes to accounts.")
    commission: Money = column("What is paid besides («комиссия»).")
    total: Money = expression(
        "What the card is charged.", sql="{amount} + {commission}", python=total
    )
    refunded: Money = column("How much went back.")
    page_url: Url | None = expression(
        "The acquirer's page, which asks for the card; null before there is one, and when it "
        "is over.",
        sql=OPEN_PAGE,
        python=open_page,
    )
    created_at: datetime = column("When it was started.")
    paid_at: datetime | None = column("When it was paid, by the acquirer's clock.")
    is_posted: bool = expression(
        "Whether the billing system has counted all of it; until then, balances show it as "
        "`processing` («в обработке»).",
        sql="{posted_at} IS NOT NULL",
        python=is_posted,
    )
    parts: list[PaymentPart] = related("What each account gets.", order_by="position")
    receipts: list[FiscalReceipt] = related("Its fiscal receipts («чеки»).", order_by="id")
    refunds: list[Refund] = related("What goes back of it.", order_by="requested_at")
    events: list[PaymentEvent] = related("What happened to it.", order_by="happened_at")
