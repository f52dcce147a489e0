"""Refusals of staff operations, with their codes."""

from enum import StrEnum

from lk_graphql.identity.errors import PasswordRefused
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.password_rules import PasswordRule


class StaffErrorCode(StrEnum):
    """Codes never change; `staff.types` describes each."""

    WRONG_EMAIL_OR_PASSWORD = "WRONG_EMAIL_OR_PASSWORD"  # noqa: S105 - a code, not a password
    CODE_REQUIRED = "CODE_REQUIRED"
    CODE_WRONG = "CODE_WRONG"
    STAFF_LOCKED = "STAFF_LOCKED"
    CAPTCHA_REQUIRED = "CAPTCHA_REQUIRED"
    CAPTCHA_WRONG = "CAPTCHA_WRONG"
    CAPTCHA_EXPIRED = "CAPTCHA_EXPIRED"
    INVITATION_INVALID = "INVITATION_INVALID"
    PASSWORD_REFUSED = "PASSWORD_REFUSED"  # noqa: S105 - as above
    SESSION_OVER = "SESSION_OVER"
    CUSTOMER_NOT_FOUND = "CUSTOMER_NOT_FOUND"
    CUSTOMER_ACTIVE = "CUSTOMER_ACTIVE"
    LINK_NOT_SUSPENDED = "LINK_NOT_SUSPENDED"
    NO_EARLIER_HOLDER = "NO_EARLIER_HOLDER"
    HOUSEHOLD_NOT_RECORDED = "HOUSEHOLD_NOT_RECORDED"
    REASON_REQUIRED = "REASON_REQUIRED"
    NOTICE_NOT_FOUND = "NOTICE_NOT_FOUND"
    NOTICE_ON_ITS_WAY = "NOTICE_ON_ITS_WAY"
    NOTICE_UNDELIVERABLE = "NOTICE_UNDELIVERABLE"
    PAYMENT_NOT_FOUND = "PAYMENT_NOT_FOUND"
    PAYMENT_NOT_PAID = "PAYMENT_NOT_PAID"
    REFUND_TOO_LARGE = "REFUND_TOO_LARGE"
    NUMBER_MALFORMED = "NUMBER_MALFORMED"
    REFUND_NOT_IN_DOUBT = "REFUND_NOT_IN_DOUBT"
    REFERENCE_INVALID = "REFERENCE_INVALID"
    REFERENCE_USED = "REFERENCE_USED"
    DIFFERENCE_NOT_OPEN = "DIFFERENCE_NOT_OPEN"
    RESOLUTION_INVALID = "RESOLUTION_INVALID"
    MOVEMENT_NOT_FOUND = "MOVEMENT_NOT_FOUND"
    RECEIPT_NOT_FAILED = "RECEIPT_NOT_FAILED"
    TAKEN_BY_COLLEAGUE = "TAKEN_BY_COLLEAGUE"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    IDEMPOTENCY_KEY_INVALID = "IDEMPOTENCY_KEY_INVALID"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"
    MEMBER_EXISTS = "MEMBER_EXISTS"
    MEMBER_NOT_FOUND = "MEMBER_NOT_FOUND"
    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    CALLBACK_NOT_OPEN = "CALLBACK_NOT_OPEN"
    DAY_INVALID = "DAY_INVALID"
    TEXT_INVALID = "TEXT_INVALID"
    INVOICE_NOT_FOUND = "INVOICE_NOT_FOUND"
    INVOICE_OF_EARLIER_HOLDER = "INVOICE_OF_EARLIER_HOLDER"
    LINK_NOT_FOUND = "LINK_NOT_FOUND"
    RECEIPT_UNAVAILABLE = "RECEIPT_UNAVAILABLE"
    LAST_ADMIN = "LAST_ADMIN"
    EMAIL_MALFORMED = "EMAIL_MALFORMED"
    NAME_MALFORMED = "NAME_MALFORMED"


class WrongStaffCredentials(Refusal):
    code = StaffErrorCode.WRONG_EMAIL_OR_PASSWORD
    ru = "Неверный e-mail или пароль."
    en = "Wrong e-mail address or password."


class CodeRequired(Refusal):
    """Raised only after the right password."""

    code = StaffErrorCode.CODE_REQUIRED
    ru = "Введите код из приложения-аутентификатора или резервный код."
    en = "Enter the code of your authenticator app, or a recovery code."


class StaffCodeWrong(Refusal):
    """Wrong, expired or used code: one refusal for all three."""

    code = StaffErrorCode.CODE_WRONG
    ru = "Код неверен или уже использован. Дождитесь следующего."
    en = "The code is wrong or was used. Wait for the next one."


class StaffLocked(Refusal):
    """Raised only after the right password."""

    code = StaffErrorCode.STAFF_LOCKED
    ru = "Доступ сотрудника закрыт. Обратитесь к администратору."
    en = "This member of staff is locked out. Ask an administrator."


class InvitationInvalid(Refusal):
    code = StaffErrorCode.INVITATION_INVALID
    ru = "Приглашение использовано или устарело. Попросите новое."
    en = "This invitation was used or is too old. Ask for a new one."


class StaffPasswordRefused(PasswordRefused):
    """A broken password rule, with the customers' text."""

    def __init__(self, fault: PasswordRule, *path: str) -> None:
        super().__init__(fault, *path)
        self.code = StaffErrorCode.PASSWORD_REFUSED


class SessionOver(Refusal):
    code = StaffErrorCode.SESSION_OVER
    ru = "Этот сеанс уже завершён."
    en = "This session has already ended."


class CustomerNotFound(Refusal):
    code = StaffErrorCode.CUSTOMER_NOT_FOUND
    ru = "Такого клиента нет."
    en = "There is no such customer."


class CustomerActive(Refusal):
    code = StaffErrorCode.CUSTOMER_ACTIVE
    ru = "Учётная запись уже активирована."
    en = "This login is activated already."


class LinkNotSuspended(Refusal):
    code = StaffErrorCode.LINK_NOT_SUSPENDED
    ru = "Приостановленного подключения с таким номером нет: возможно, решение уже принято."
    en = "There is no such suspended link: perhaps it has been decided already."


class NoEarlierHolder(Refusal):
    code = StaffErrorCode.NO_EARLIER_HOLDER
    ru = "У этого лицевого счёта не было других абонентов, кроме членов той же семьи."
    en = "This account has no earlier holder who isn't of the household already."


class HouseholdNotRecorded(Refusal):
    code = StaffErrorCode.HOUSEHOLD_NOT_RECORDED
    ru = "Нет записи о том, что нынешний и прежний абоненты — одна семья."
    en = "There is no record that this account's holder and an earlier one are one household."


class ReasonRequired(Refusal):
    code = StaffErrorCode.REASON_REQUIRED
    ru = "Укажите причину: от {shortest} до {longest} символов."
    en = "Say why, in {shortest} to {longest} characters."


class StaffNoticeNotFound(Refusal):
    code = StaffErrorCode.NOTICE_NOT_FOUND
    ru = "Такого уведомления нет."
    en = "There is no such notice."


class NoticeOnItsWay(Refusal):
    code = StaffErrorCode.NOTICE_ON_ITS_WAY
    ru = "Уведомление уже ожидает отправки."
    en = "This notice is waiting to be sent already."


class NoticeUndeliverable(Refusal):
    code = StaffErrorCode.NOTICE_UNDELIVERABLE
    ru = (
        "Отправить некуда: клиент отказался от таких уведомлений или отключил лицевой счёт, адрес"
        " или номер не принимает сообщений, либо срок уведомления прошёл. В кабинете оно есть."
    )
    en = (
        "There is nowhere to send it: the customer doesn't want such notices or has left the"
        " account, the address or number takes no messages, or its day has passed. The cabinet"
        " shows it."
    )


class PaymentNotFound(Refusal):
    code = StaffErrorCode.PAYMENT_NOT_FOUND
    ru = "Такого платежа нет."
    en = "There is no such payment."


class PaymentNotPaid(Refusal):
    code = StaffErrorCode.PAYMENT_NOT_PAID
    ru = "Возвращать нечего: платёж не оплачен или уже возвращён полностью."
    en = "There is nothing to refund: it wasn't paid, or all of it went back."


class RefundTooLarge(Refusal):
    code = StaffErrorCode.REFUND_TOO_LARGE
    ru = "Вернуть можно больше нуля и не больше того, что по этой строке платежа ещё не возвращено."
    en = "A refund is more than nothing, and at most what is left of this part of the payment."


class RefundNotInDoubt(Refusal):
    code = StaffErrorCode.REFUND_NOT_IN_DOUBT
    ru = (
        "Решать нечего: возврат завершён или ещё ожидает эквайера (сутки без ответа, месяц после"
        " принятия)."
    )
    en = (
        "There is nothing to decide: the refund has ended, or still waits for the acquirer (a day"
        " without an answer, a month after its acceptance)."
    )


class ReferenceInvalid(Refusal):
    code = StaffErrorCode.REFERENCE_INVALID
    ru = "Номер возврата у эквайера — от 1 до {longest} печатных символов ASCII."
    en = "The acquirer's name for a refund has 1 to {longest} printable ASCII characters."


class ReferenceUsed(Refusal):
    code = StaffErrorCode.REFERENCE_USED
    ru = "Этот номер возврата уже учтён у другого возврата этого платежа."
    en = "Another refund of this payment has this number already."


class DifferenceNotOpen(Refusal):
    code = StaffErrorCode.DIFFERENCE_NOT_OPEN
    ru = "Такого открытого расхождения нет: возможно, его уже разобрал коллега."
    en = "There is no such open difference: perhaps a colleague has settled it already."


class MemberExists(Refusal):
    code = StaffErrorCode.MEMBER_EXISTS
    ru = "Сотрудник с адресом {email} уже есть."
    en = "{email} is a member of staff already."


class MemberNotFound(Refusal):
    code = StaffErrorCode.MEMBER_NOT_FOUND
    ru = "Такого сотрудника нет."
    en = "There is no such member of staff."


class StaffAccountNotFound(Refusal):
    code = StaffErrorCode.ACCOUNT_NOT_FOUND
    ru = "Такого лицевого счёта нет."
    en = "There is no such account."


class CallbackNotOpen(Refusal):
    code = StaffErrorCode.CALLBACK_NOT_OPEN
    ru = "Такого обещанного звонка нет: возможно, коллега уже перезвонил."
    en = "There is no such callback: perhaps a colleague has called already."


class CallbackDayInvalid(Refusal):
    code = StaffErrorCode.DAY_INVALID
    ru = "Укажите день с сегодняшнего до {latest}."
    en = "Choose a day from today until {latest}."


class CallbackTextInvalid(Refusal):
    code = StaffErrorCode.TEXT_INVALID
    ru = "Запишите, о чём звонить: от 1 до {longest} символов."
    en = "Write what to call about, in 1 to {longest} characters."


class StaffInvoiceNotFound(Refusal):
    code = StaffErrorCode.INVOICE_NOT_FOUND
    ru = "Такого счёта нет."
    en = "There is no such bill."


class InvoiceOfEarlierHolder(Refusal):
    code = StaffErrorCode.INVOICE_OF_EARLIER_HOLDER
    ru = "Это счёт прежнего абонента: нынешний его не видит."
    en = "The bill is an earlier holder's, which the present one can't see."


class StaffLinkNotFound(Refusal):
    code = StaffErrorCode.LINK_NOT_FOUND
    ru = "У этого клиента нет действующего подключения к лицевому счёту."
    en = "This customer has no active link to the account."


class StaffReceiptUnavailable(Refusal):
    code = StaffErrorCode.RECEIPT_UNAVAILABLE
    ru = "Квитанцию напечатать нельзя: на день счёта не опубликованы реквизиты."
    en = "The receipt can't be printed: no requisites are published for the day of the bill."


class LastAdmin(Refusal):
    code = StaffErrorCode.LAST_ADMIN
    ru = "Других администраторов нет: сначала дайте эту роль кому-нибудь ещё."
    en = "There is no other administrator: give somebody else that role first."


class ResolutionInvalid(Refusal):
    code = StaffErrorCode.RESOLUTION_INVALID
    ru = (
        "Так это расхождение не закрыть: EXPLAINED — для расхождений с эквайером, остальные"
        " решения — для расхождений с биллингом. Исход возврата без ответа (UNKNOWN_REFUND)"
        " записывает staffRefundDecide."
    )
    en = (
        "This difference can't be settled so: EXPLAINED is for those with the acquirer, the others"
        " are for those with billing. The outcome of a refund without an answer (UNKNOWN_REFUND)"
        " is recorded by staffRefundDecide."
    )


class MovementNotFound(Refusal):
    code = StaffErrorCode.MOVEMENT_NOT_FOUND
    ru = "Движения с таким номером в реестре нет, или биллинг его уже учёл."
    en = "The registry has no such movement, or billing has posted it already."


class ReceiptNotFailed(Refusal):
    code = StaffErrorCode.RECEIPT_NOT_FAILED
    ru = "Такого чека в очереди нет: возможно, он уже пробит, или его разобрал коллега."
    en = "The queue has no such receipt: perhaps it was made out, or a colleague has settled it."


class TakenByColleague(Refusal):
    code = StaffErrorCode.TAKEN_BY_COLLEAGUE
    ru = "Этим уже занимается коллега."
    en = "A colleague is working on this."
