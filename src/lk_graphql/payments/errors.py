"""Refusals of payment mutations, and errors of refunds."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal


class PaymentErrorCode(StrEnum):
    """Code of a refusal."""

    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    ACCOUNT_REPEATED = "ACCOUNT_REPEATED"
    AMOUNT_CHANGED = "AMOUNT_CHANGED"
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE"
    AMOUNT_TOO_SMALL = "AMOUNT_TOO_SMALL"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    IDEMPOTENCY_KEY_INVALID = "IDEMPOTENCY_KEY_INVALID"
    INVOICE_NOT_FOUND = "INVOICE_NOT_FOUND"
    NOTHING_TO_PAY = "NOTHING_TO_PAY"
    NUMBER_MALFORMED = "NUMBER_MALFORMED"
    PARTS_INVALID = "PARTS_INVALID"
    PAYMENT_OPEN = "PAYMENT_OPEN"
    PAYMENTS_CLOSED = "PAYMENTS_CLOSED"
    RETURN_URL_INVALID = "RETURN_URL_INVALID"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"


class AccountRepeated(Refusal):
    code = PaymentErrorCode.ACCOUNT_REPEATED
    ru = "Этот лицевой счёт уже есть в платеже."
    en = "This account is in the payment already."


class AmountTooSmall(Refusal):
    code = PaymentErrorCode.AMOUNT_TOO_SMALL
    ru = "Наименьший платёж — {minimum}."
    en = "The smallest payment is {minimum}."


class AmountTooLarge(Refusal):
    code = PaymentErrorCode.AMOUNT_TOO_LARGE
    ru = "Наибольший платёж — {maximum}. Разделите сумму на несколько платежей."
    en = "The largest payment is {maximum}. Please make several of it."


class AmountChanged(Refusal):
    """The total has changed since the customer confirmed it."""

    code = PaymentErrorCode.AMOUNT_CHANGED
    ru = "Сумма изменилась: теперь к оплате {total}. Проверьте и подтвердите ещё раз."
    en = "The sum has changed: it is {total} now. Please look and confirm again."


class InvoiceNotFound(Refusal):
    code = PaymentErrorCode.INVOICE_NOT_FOUND
    ru = "У этого лицевого счёта нет такой квитанции."
    en = "The account has no such bill."


class NothingToPay(Refusal):
    """No amount is given, and nothing is due."""

    code = PaymentErrorCode.NOTHING_TO_PAY
    ru = "К оплате ничего нет. Чтобы заплатить вперёд, укажите сумму."
    en = "Nothing is due. To pay ahead, please say how much."


class PartsInvalid(Refusal):
    code = PaymentErrorCode.PARTS_INVALID
    ru = "В одном платеже — от 1 до {most} лицевых счетов."
    en = "A payment is for 1 to {most} accounts."


class PaymentOpen(Refusal):
    """An open payment has some of the same parts; refused so that nothing is paid twice."""

    code = PaymentErrorCode.PAYMENT_OPEN
    ru = "Такой платёж уже начат: {number}. Завершите его или дождитесь конца срока его оплаты."
    en = "Such a payment is under way: {number}. Please finish it, or wait until it expires."


class PaymentsClosed(Refusal):
    """No acquirer, or no published requisites, VAT rate or payment terms."""

    code = PaymentErrorCode.PAYMENTS_CLOSED
    ru = "Оплата картой пока недоступна. Заплатить можно по квитанции в банке."
    en = "Paying by card isn't available yet. A bill can be paid at a bank."


class ReturnUrlInvalid(Refusal):
    """The address isn't a page of the cabinet's origins (`LK_CABINET_URL`, `LK_CORS_ORIGINS`)."""

    code = PaymentErrorCode.RETURN_URL_INVALID
    ru = "Вернуться после оплаты можно только на страницу личного кабинета."
    en = "After the payment one can only return to a page of the cabinet."


class RefundFault(StrEnum):
    """Reason for refusing a refund, or a decision about one, to staff."""

    NO_PAYMENT = "NO_PAYMENT"
    NOT_PAID = "NOT_PAID"
    NOT_ENOUGH_LEFT = "NOT_ENOUGH_LEFT"
    KEY_USED = "KEY_USED"
    NOT_IN_DOUBT = "NOT_IN_DOUBT"
    REFERENCE_USED = "REFERENCE_USED"


class RefundRefused(Exception):
    """Refusal of a refund; the back office translates its `fault`."""

    def __init__(self, fault: RefundFault) -> None:
        super().__init__(fault)
        self.fault = fault


class QueueFault(StrEnum):
    """Reason for refusing an act of staff on a difference or on a failed fiscal receipt."""

    NOT_OPEN = "NOT_OPEN"
    TAKEN = "TAKEN"
    RESOLUTION_INVALID = "RESOLUTION_INVALID"
    NO_MOVEMENT = "NO_MOVEMENT"


class QueueRefused(Exception):
    """Refusal of an act on a queue; the back office translates its `fault`."""

    def __init__(self, fault: QueueFault) -> None:
        super().__init__(fault)
        self.fault = fault
