"""Error codes and refusals about uploads."""

from collections.abc import Mapping
from enum import StrEnum

from lk_graphql.kit.errors import Refusal


class UploadErrorCode(StrEnum):
    """Stable codes; `types.objects` has their descriptions for the schema."""

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
    """Refusal of content in no accepted format, or damaged."""

    code = UploadErrorCode.CONTENT_MISMATCH
    ru = (
        "Файл повреждён, или это не документ и не фото. Откройте его на своём устройстве, сохраните"
        " как PDF или JPEG и загрузите снова."
    )
    en = (
        "The file is damaged, or no document and no picture. Open it on your device, save it as PDF"
        " or JPEG, and upload it again."
    )


class FormatUnsupported(ContentMismatch):
    """Refusal of content in a known format that isn't accepted."""

    ru = "Это файл {found}, такие не принимаются. Сохраните его как PDF или JPEG и загрузите снова."
    en = "This is a {found} file, which isn't accepted. Save it as PDF or JPEG and upload it again."


class PasswordProtected(ContentMismatch):
    """Refusal of an Office document with a password."""

    ru = (
        "Документ закрыт паролем. Снимите пароль («Файл» → «Сведения» → «Защита документа») или"
        " сохраните документ как PDF и загрузите снова."
    )
    en = (
        "The document has a password. Remove it (“File” → “Info” → “Protect Document”) or save the"
        " document as PDF, and upload it again."
    )


class TableMismatch(ContentMismatch):
    """Refusal of a billing file that isn't text."""

    ru = "Это не текст. Сохраните таблицу как CSV («Сохранить как» → «CSV UTF-8»)."
    en = "This is no text. Save the table as CSV (“Save as” → “CSV UTF-8”)."


class ContentUnsafe(Refusal):
    """Refusal of a decompression bomb, or of two formats in one file."""

    code = UploadErrorCode.CONTENT_UNSAFE
    ru = (
        "Файл содержит небезопасные элементы. Сохраните его заново, лучше как PDF, и загрузите"
        " снова."
    )
    en = "The file has unsafe elements. Save it again, best as PDF, and upload it again."


class PictureTooLarge(ContentUnsafe):
    ru = "В изображении больше {megapixels} млн точек. Уменьшите его и загрузите снова."
    en = "The picture has more than {megapixels} million pixels. Make it smaller, then upload it."


class ProgramInside(ContentUnsafe):
    """Refusal of macros, embedded objects and fields that start programs."""

    ru = (
        "В документе есть макрос, программа или внедрённый объект. Сохраните документ как PDF и"
        " загрузите снова."
    )
    en = (
        "The document holds a macro, a program or an embedded object. Save it as PDF and upload it"
        " again."
    )


class ExternalContent(ContentUnsafe):
    """Refusal of relationships that fetch templates, pictures or other workbooks."""

    ru = (
        "Документ берёт часть содержимого из другого места: шаблон, рисунок или таблицу по ссылке."
        " Сохраните документ как PDF и загрузите снова."
    )
    en = (
        "The document takes a part from elsewhere: a linked template, picture or table. Save it as"
        " PDF and upload it again."
    )


class FileNameInvalid(Refusal):
    code = UploadErrorCode.FILE_NAME_INVALID
    ru = "У файла должно быть имя с расширением, например «паспорт.pdf»."
    en = "A file needs a name with an extension, like `passport.pdf`."


class KindUnsupported(Refusal):
    code = UploadErrorCode.KIND_UNSUPPORTED
    ru = (
        "Такие файлы не принимаются. Можно загрузить: {kinds}. Сохраните файл в одном из этих"
        " форматов."
    )
    en = "Such files aren't accepted. You can upload: {kinds}. Save the file as one of these."


class QuotaExceeded(Refusal):
    code = UploadErrorCode.QUOTA_EXCEEDED
    ru = "За сутки можно загрузить {files} файлов и {megabytes} МБ. Продолжите позже."
    en = "{files} files and {megabytes} MB a day can be uploaded. Go on later."


class SizeInvalid(Refusal):
    code = UploadErrorCode.SIZE_INVALID
    ru = (
        "Размер файла — от 1 байта до {megabytes} МБ. Уменьшите фото или разделите документ на"
        " части."
    )
    en = "A file has from 1 byte to {megabytes} MB. Make a photo smaller, or divide a document."


class UnscannedSize(SizeInvalid):
    """Refusal of a file that is larger than the virus scanner's limit."""

    ru = (
        "Файл слишком велик для проверки на вирусы. Уменьшите фото или разделите документ на части."
    )
    en = "The file is too large for the virus scan. Make a photo smaller, or divide a document."


class SizeMismatch(Refusal):
    code = UploadErrorCode.SIZE_MISMATCH
    ru = "Файл загружен не полностью или изменился. Выберите его ещё раз."
    en = "The file came incomplete, or was changed. Choose it again."


class UploadTooSlow(Refusal):
    code = UploadErrorCode.TOO_SLOW
    ru = "Файл не загрузился вовремя. Попробуйте ещё раз."
    en = "The file did not arrive in time. Try again."


class UploadNotFound(Refusal):
    code = UploadErrorCode.UPLOAD_NOT_FOUND
    ru = "Ссылка для загрузки устарела или уже использована. Выберите файл ещё раз."
    en = "The upload's link has expired or was used. Choose the file again."


class InfectedFile(Refusal):
    code = UploadErrorCode.VIRUS_FOUND
    ru = "В файле найден вирус. Проверьте своё устройство и выберите другой файл."
    en = "The file holds a virus. Check your device, and choose another file."


REFUSED: Mapping[UploadErrorCode, type[Refusal]] = {
    UploadErrorCode.CONTENT_MISMATCH: ContentMismatch,
    UploadErrorCode.CONTENT_UNSAFE: ContentUnsafe,
    UploadErrorCode.SIZE_INVALID: UnscannedSize,
    UploadErrorCode.SIZE_MISMATCH: SizeMismatch,
    UploadErrorCode.UPLOAD_NOT_FOUND: UploadNotFound,
    UploadErrorCode.VIRUS_FOUND: InfectedFile,
}
"""Refusals of created uploads. They have no details, because only the code is stored."""


class UploadUnusable(Refusal):
    """Base of the refusals that callers pass to `claim`, each with a code of the caller's slice.

    Files of other owners and unknown files have the same refusal.
    """

    ru = "Этот файл нельзя приложить: он не загружен, ещё проверяется или уже использован."
    en = "This file can't be attached: it isn't uploaded, is still checked, or was used already."
