"""Refusals of staff requests for an import or an export."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadUnusable


class ExchangeErrorCode(StrEnum):
    """Codes never change; `backoffice.types.exchange` describes each."""

    CONTROL_INVALID = "CONTROL_INVALID"
    LOADED_ALREADY = "LOADED_ALREADY"
    MOMENT_INVALID = "MOMENT_INVALID"
    UPLOAD_UNUSABLE = "UPLOAD_UNUSABLE"
    UPLOADS_INVALID = "UPLOADS_INVALID"


class ControlInvalid(Refusal):
    code = ExchangeErrorCode.CONTROL_INVALID
    ru = "Контрольная сумма — это число строк или рубли с копейками."
    en = "A control total is a number of rows, or a sum in rubles."


class LoadedAlready(Refusal):
    """Raised when each of the files was loaded without an error."""

    code = ExchangeErrorCode.LOADED_ALREADY
    ru = "Эти файлы уже загружены {on}. Чтобы загрузить ещё раз, скажите это явно."
    en = "These files were loaded on {on}. Say so to load them again."


class MomentInvalid(Refusal):
    code = ExchangeErrorCode.MOMENT_INVALID
    ru = "Этот момент ещё не наступил."
    en = "This moment lies in the future."


class ImportUploadUnusable(UploadUnusable):
    code = ExchangeErrorCode.UPLOAD_UNUSABLE


class UploadsInvalid(Refusal):
    code = ExchangeErrorCode.UPLOADS_INVALID
    ru = "Загрузите от 1 до {most} файлов."
    en = "Give from 1 to {most} files."
