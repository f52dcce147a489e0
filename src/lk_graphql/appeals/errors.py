"""Refusals of appeal operations, with their codes."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadUnusable


class AppealErrorCode(StrEnum):
    """Codes of refusals of operations on appeals."""

    APPEAL_CLOSED = "APPEAL_CLOSED"
    APPEAL_NOT_FOUND = "APPEAL_NOT_FOUND"
    APPEAL_NOT_CLOSED = "APPEAL_NOT_CLOSED"
    APPEAL_NOT_ANSWERED = "APPEAL_NOT_ANSWERED"
    APPEAL_TAKEN = "APPEAL_TAKEN"
    COLLEAGUE_NOT_FOUND = "COLLEAGUE_NOT_FOUND"
    ATTACHMENT_UNUSABLE = "ATTACHMENT_UNUSABLE"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    IDEMPOTENCY_KEY_INVALID = "IDEMPOTENCY_KEY_INVALID"
    NAME_NOT_HIDEABLE = "NAME_NOT_HIDEABLE"
    RATING_INVALID = "RATING_INVALID"
    REOPENING_TOO_LATE = "REOPENING_TOO_LATE"
    SUBJECT_NOT_FOUND = "SUBJECT_NOT_FOUND"
    TERM_INVALID = "TERM_INVALID"
    TEXT_INVALID = "TEXT_INVALID"
    TOO_MANY_ATTACHMENTS = "TOO_MANY_ATTACHMENTS"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"
    TOPIC_FIXED = "TOPIC_FIXED"
    TOPIC_KNOWN = "TOPIC_KNOWN"
    TOPIC_NOT_FOUND = "TOPIC_NOT_FOUND"


class AppealClosed(Refusal):
    code = AppealErrorCode.APPEAL_CLOSED
    ru = "Обращение закрыто. Откройте его снова или отправьте новое."
    en = "The appeal is closed. Reopen it, or send a new one."


class StaffAppealClosed(AppealClosed):
    """Staff variant of `AppealClosed`: only the customer can reopen an appeal."""

    ru = "Обращение закрыто. Открыть его снова может только клиент."
    en = "The appeal is closed. Only the customer can reopen it."


class AppealNotFound(Refusal):
    """The same refusal for a missing appeal and for another customer's."""

    code = AppealErrorCode.APPEAL_NOT_FOUND
    ru = "Среди ваших обращений такого нет."
    en = "There is no such appeal among yours."


class StaffAppealNotFound(AppealNotFound):
    """Staff variant of `AppealNotFound`."""

    ru = "Такого обращения нет."
    en = "There is no such appeal."


class AppealNotClosed(Refusal):
    code = AppealErrorCode.APPEAL_NOT_CLOSED
    ru = "Обращение не закрыто."
    en = "The appeal isn't closed."


class AppealNotAnswered(Refusal):
    code = AppealErrorCode.APPEAL_NOT_ANSWERED
    ru = "Оценить можно только обращение, на которое ответили."
    en = "Only an appeal that was answered can be rated."


class AppealTaken(Refusal):
    """Refusal for staff only."""

    code = AppealErrorCode.APPEAL_TAKEN
    ru = "Обращение у другого специалиста. Пусть он передаст его вам, или передайте себе сами."
    en = "A colleague has this appeal. Have it handed over, or hand it over to yourself."


class ColleagueNotFound(Refusal):
    """Refusal for staff only: no such member, or a locked one."""

    code = AppealErrorCode.COLLEAGUE_NOT_FOUND
    ru = "Такого сотрудника нет или его доступ закрыт."
    en = "There is no such colleague, or they are locked out."


class AttachmentUnusable(UploadUnusable):
    code = AppealErrorCode.ATTACHMENT_UNUSABLE


class NameNotHideable(Refusal):
    code = AppealErrorCode.NAME_NOT_HIDEABLE
    ru = "Скрыть имя можно только в обращениях о противодействии коррупции."
    en = "Your name can be hidden only in appeals against corruption."


class RatingInvalid(Refusal):
    code = AppealErrorCode.RATING_INVALID
    ru = "Оценка — от {least} до {most}."
    en = "A rating is from {least} to {most}."


class ReopeningTooLate(Refusal):
    code = AppealErrorCode.REOPENING_TOO_LATE
    ru = "Обращение закрыто давно. Отправьте новое."
    en = "The appeal was closed long ago. Please send a new one."


class SubjectNotFound(Refusal):
    """The same refusal for a missing subject and for another customer's."""

    code = AppealErrorCode.SUBJECT_NOT_FOUND
    ru = "Не нашли у вас то, о чём обращение. Выберите ещё раз."
    en = "What the appeal is about isn't among yours. Please choose again."


class TextInvalid(Refusal):
    code = AppealErrorCode.TEXT_INVALID
    ru = "Напишите текст: до {longest} символов, без управляющих."
    en = "Please write a text of up to {longest} characters, without control characters."


class TooManyAttachments(Refusal):
    code = AppealErrorCode.TOO_MANY_ATTACHMENTS
    ru = "К сообщению можно приложить до {most} файлов."
    en = "Up to {most} files can be attached to a message."


class TopicNotFound(Refusal):
    code = AppealErrorCode.TOPIC_NOT_FOUND
    ru = "Такой темы нет. Выберите тему из списка."
    en = "There is no such topic. Please choose one of the list."


class TopicFixed(Refusal):
    """Refusal for staff only."""

    code = AppealErrorCode.TOPIC_FIXED
    ru = "Названия и порядок первых десяти тем изменить нельзя, только срок ответа."
    en = "The first ten topics keep their titles and positions: only their terms can change."


class TopicTitleTaken(Refusal):
    """Refusal for staff only."""

    code = AppealErrorCode.TOPIC_KNOWN
    ru = "Тема с таким названием уже есть."
    en = "There is a topic with this name already."


class TitleInvalid(TextInvalid):
    """Refusal for staff only."""

    ru = "Название темы — от 1 до {longest} символов в одну строку."
    en = "A topic's name has 1 to {longest} characters, on one line."


class TermInvalid(Refusal):
    """Refusal for staff only."""

    code = AppealErrorCode.TERM_INVALID
    ru = "Срок — от 1 до {most} дней, с указанием, откуда он взят."
    en = "A term is 1 to {most} days, and says what it comes from."
