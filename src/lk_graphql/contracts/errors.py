"""Refusals of contract operations, with their codes."""

from enum import StrEnum

from lk_graphql.appeals.errors import ColleagueNotFound
from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadUnusable


class ContractErrorCode(StrEnum):
    """Codes of refusals of operations on contracts."""

    APPLICATION_INCOMPLETE = "APPLICATION_INCOMPLETE"
    APPLICATION_NOT_FOUND = "APPLICATION_NOT_FOUND"
    APPLICATION_TAKEN = "APPLICATION_TAKEN"
    COLLEAGUE_NOT_FOUND = "COLLEAGUE_NOT_FOUND"
    DOCUMENT_NOT_FOUND = "DOCUMENT_NOT_FOUND"
    NUMBER_MALFORMED = "NUMBER_MALFORMED"
    OBJECT_INVALID = "OBJECT_INVALID"
    STATE_FORBIDS = "STATE_FORBIDS"
    TEXT_INVALID = "TEXT_INVALID"
    TOO_MANY = "TOO_MANY"
    UPLOAD_UNUSABLE = "UPLOAD_UNUSABLE"
    VERSION_OUTDATED = "VERSION_OUTDATED"


class ApplicationIncomplete(Refusal):
    code = ContractErrorCode.APPLICATION_INCOMPLETE
    ru = "Заявка заполнена не полностью: проверьте список недостающего."
    en = "The application isn't complete: see what is missing."


class ApplicationNotFound(Refusal):
    """The same refusal for a missing application and for another customer's."""

    code = ContractErrorCode.APPLICATION_NOT_FOUND
    ru = "Среди ваших заявок такой нет."
    en = "There is no such application among yours."


class StateForbids(Refusal):
    code = ContractErrorCode.STATE_FORBIDS
    ru = "Это действие с заявкой сейчас недоступно: её состояние изменилось."
    en = "The application's state doesn't allow that."


class StaffApplicationNotFound(ApplicationNotFound):
    """Refusal for staff only, who see all applications except drafts."""

    ru = "Такой заявки нет."
    en = "There is no such application."


class ApplicationTaken(Refusal):
    """Refusal for staff only."""

    code = ContractErrorCode.APPLICATION_TAKEN
    ru = "Заявка у другого специалиста. Пусть он передаст её вам, или передайте себе сами."
    en = "A colleague has this application. Have it handed over, or hand it over to yourself."


class ApplicationUnclaimed(StateForbids):
    """Refusal for staff only."""

    ru = "Сначала возьмите заявку в работу."
    en = "Take the application first."


class ApplicationDecided(StateForbids):
    """Refusal for staff only: decided, or withdrawn by the customer."""

    ru = "Заявка закрыта: по ней принято решение, или клиент её отозвал."
    en = "Nothing can be done with it any more: it is decided, or the customer has withdrawn it."


class QuestionOpen(StateForbids):
    """Refusal for staff only."""

    ru = "Клиент ещё не ответил на вопрос. Дождитесь ответа, примите решение или передайте коллеге."
    en = "The customer hasn't answered yet. Wait, decide, or hand it to a colleague."


class ApplicationColleagueNotFound(ColleagueNotFound):
    """Refusal for staff only: no such member, or a locked one."""

    code = ContractErrorCode.COLLEAGUE_NOT_FOUND


class ApplicationDocumentNotFound(Refusal):
    code = ContractErrorCode.DOCUMENT_NOT_FOUND
    ru = "В заявке такого документа нет."
    en = "The application has no such document."


class ObjectTextTooLong(Refusal):
    code = ContractErrorCode.OBJECT_INVALID
    ru = "Не больше {longest} символов."
    en = "At most {longest} characters."


class PowerInvalid(Refusal):
    code = ContractErrorCode.OBJECT_INVALID
    ru = "Мощность — от {least} до {most} кВт, не больше двух знаков после запятой."
    en = "The power is from {least} to {most} kW, with at most two decimals."


class FiasIdInvalid(Refusal):
    code = ContractErrorCode.OBJECT_INVALID
    ru = "Код адреса в ГАР указан неверно. Оставьте поле пустым, если не знаете его."
    en = "This isn't a valid id of an address in ГАР. Leave the field empty if you don't know it."


class ApplicationTextInvalid(Refusal):
    code = ContractErrorCode.TEXT_INVALID
    ru = "Напишите от 1 до {longest} символов."
    en = "Write 1 to {longest} characters."


class TooManyItems(Refusal):
    code = ContractErrorCode.TOO_MANY
    ru = "Можно добавить не больше {most}."
    en = "You can add at most {most}."


class ContractUploadUnusable(UploadUnusable):
    code = ContractErrorCode.UPLOAD_UNUSABLE


class VersionOutdated(Refusal):
    """Another tab or device has saved a newer version."""

    code = ContractErrorCode.VERSION_OUTDATED
    ru = "Заявка изменилась в другом окне. Обновите страницу и внесите изменения ещё раз."
    en = "The application was changed in another window. Reload it and make your changes again."
