"""Error codes and refusals about uploads."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal


class UploadErrorCode(StrEnum):
    """Stable codes; `types.objects` describes each for the schema."""

    CONTENT_MISMATCH = "CONTENT_MISMATCH"
    CONTENT_UNSAFE = "CONTENT_UNSAFE"
    FILE_NAME_INVALID = "FILE_NAME_INVALID"
    KIND_UNSUPPORTED = "KIND_UNSUPPORTED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    SIZE_INVALID = "SIZE_INVALID"
    SIZE_MISMATCH = "SIZE_MISMATCH"
    TOO_SLOW = "TOO_SLOW"
    UPLOAD_NOT_FOUND = "UPLOAD_NOT_FOUND"
    VIRUS_FOUND = "VIRUS_FOUND"


class ContentMismatch(Refusal):
    code = UploadErrorCode.CONTENT_MISMATCH
    ru = "Содержимое файла — не {kind}."
    en = "The file's content isn't {kind}."


class ContentUnsafe(Refusal):
    """Refusal of a decompression bomb, a macro, or two formats in one file."""

    code = UploadErrorCode.CONTENT_UNSAFE
    ru = "Файл устроен небезопасно. Сохраните документ заново и загрузите ещё раз."
    en = "The file is made in an unsafe way. Save the document anew and upload it again."


class FileNameInvalid(Refusal):
    code = UploadErrorCode.FILE_NAME_INVALID
    ru = "У файла должно быть имя с расширением, например «паспорт.pdf»."
    en = "A file needs a name with an extension, like `passport.pdf`."


class KindUnsupported(Refusal):
    code = UploadErrorCode.KIND_UNSUPPORTED
    ru = "Такие файлы не принимаются. Можно загрузить: {kinds}."
    en = "Such files aren't accepted. You can upload: {kinds}."


class QuotaExceeded(Refusal):
    code = UploadErrorCode.QUOTA_EXCEEDED
    ru = "За сутки можно загрузить {files} файлов и {megabytes} МБ. Продолжите позже."
    en = "{files} files and {megabytes} MB a day can be uploaded. Go on later."


class SizeInvalid(Refusal):
    code = UploadErrorCode.SIZE_INVALID
    ru = "Размер файла — от 1 байта до {megabytes} МБ."
    en = "A file has from 1 byte to {megabytes} MB."


class SizeMismatch(Refusal):
    code = UploadErrorCode.SIZE_MISMATCH
    ru = "Пришло не столько байт, сколько было объявлено."
    en = "Not as many bytes came as were announced."


class UploadTooSlow(Refusal):
    code = UploadErrorCode.TOO_SLOW
    ru = "Файл не пришёл вовремя. Попробуйте ещё раз."
    en = "The file did not arrive in time. Try again."


class UploadNotFound(Refusal):
    code = UploadErrorCode.UPLOAD_NOT_FOUND
    ru = "Ссылка для загрузки устарела или уже использована."
    en = "The upload's link has expired or was used."


class UploadUnusable(Refusal):
    """Base of the refusals that callers pass to `claim`, each with a code of the caller's slice.

    Files of others and unknown files are refused alike.
    """

    ru = "Этот файл нельзя приложить: он не загружен, ещё проверяется или уже использован."
    en = "This file can't be attached: it isn't uploaded, is still checked, or was used already."
