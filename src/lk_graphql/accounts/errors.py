"""Refusals about accounts."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal


class AccountErrorCode(StrEnum):
    """Codes of refusals."""

    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    ACCOUNT_NUMBER_INVALID = "ACCOUNT_NUMBER_INVALID"
    ALREADY_LINKED = "ALREADY_LINKED"
    LINK_PROOF_FAILED = "LINK_PROOF_FAILED"
    LINK_SUSPENDED = "LINK_SUSPENDED"
    LINK_TOKEN_INVALID = "LINK_TOKEN_INVALID"  # noqa: S105 - a code, not a token
    NAME_INVALID = "NAME_INVALID"
    PROOF_INVALID = "PROOF_INVALID"
    SUBSCRIBER_TYPE_UNSUPPORTED = "SUBSCRIBER_TYPE_UNSUPPORTED"
    SURNAME_INVALID = "SURNAME_INVALID"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"
    UNDO_TOKEN_INVALID = "UNDO_TOKEN_INVALID"  # noqa: S105 - a code, not a token


class AccountNotFound(Refusal):
    """The same refusal for an unknown account and for one that the viewer hasn't linked."""

    code = AccountErrorCode.ACCOUNT_NOT_FOUND
    ru = "Среди ваших лицевых счетов такого нет."
    en = "There is no such account among yours."


class AccountNumberInvalid(Refusal):
    code = AccountErrorCode.ACCOUNT_NUMBER_INVALID
    ru = "Проверьте номер лицевого счёта: он напечатан вверху квитанции."
    en = "This doesn't look like one of our account numbers. It stands at the top of the bill."


class AlreadyLinked(Refusal):
    """Raised only after the viewer has proved the account."""

    code = AccountErrorCode.ALREADY_LINKED
    ru = "Этот лицевой счёт уже подключён к вашему кабинету."
    en = "You have linked this account already."


class LinkProofFailed(Refusal):
    """The same refusal for every failure, so that it doesn't reveal whether the account exists."""

    code = AccountErrorCode.LINK_PROOF_FAILED
    ru = "Не удалось подтвердить лицевой счёт. Проверьте введённые данные."
    en = "The account couldn't be confirmed. Please check what you entered."


class LinkSuspended(Refusal):
    """Raised only after the viewer has proved the account."""

    code = AccountErrorCode.LINK_SUSPENDED
    ru = "Доступ к этому лицевому счёту приостановлен до решения специалиста."
    en = "Access to this account is suspended until our staff decide."


class LinkTokenInvalid(Refusal):
    code = AccountErrorCode.LINK_TOKEN_INVALID
    ru = "Подтверждение устарело. Введите данные лицевого счёта ещё раз."
    en = "The confirmation has expired. Please enter the account's details again."


class NameInvalid(Refusal):
    code = AccountErrorCode.NAME_INVALID
    ru = "Название — от 1 до {longest} символов в одну строку."
    en = "A name has 1 to {longest} characters, on one line."


class ReadingUnreadable(Refusal):
    """A malformed proof. Like the two refusals below, it reveals nothing about the account."""

    code = AccountErrorCode.PROOF_INVALID
    ru = "Введите последнее показание счётчика цифрами, например 12345."
    en = "Please enter the meter's last reading in digits, for instance 12345."


class TotalUnreadable(Refusal):
    code = AccountErrorCode.PROOF_INVALID
    ru = "Введите сумму из квитанции с копейками, например 1234,56."
    en = "Please enter the bill's total with its kopecks, for instance 1234.56."


class UnifiedNumberUnreadable(Refusal):
    code = AccountErrorCode.PROOF_INVALID
    ru = "Единый лицевой счёт — 10 символов, например 75ДА533315."
    en = "A unified account number (ЕЛС) has 10 characters, for instance 75ДА533315."


class SubscriberTypeUnsupported(Refusal):
    code = AccountErrorCode.SUBSCRIBER_TYPE_UNSUPPORTED
    ru = "Пока можно подключить только лицевой счёт физического лица."
    en = "Only accounts of households can be linked so far."


class SurnameInvalid(Refusal):
    code = AccountErrorCode.SURNAME_INVALID
    ru = "Введите фамилию буквами, как в квитанции."
    en = "Please enter the surname in letters, as the bill has it."


class UndoTokenInvalid(Refusal):
    code = AccountErrorCode.UNDO_TOKEN_INVALID
    ru = "Ссылка устарела или уже использована. Если доступ всё ещё открыт, напишите нам."
    en = "The link has expired or was used. If the access is still there, please write to us."
