"""Refusals of staff requests for imports and exports, and texts of the faults of rows."""

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
    """Refusal of files that were all loaded without an error."""

    code = ExchangeErrorCode.LOADED_ALREADY
    ru = "Эти файлы уже загружены {on}. Чтобы загрузить их ещё раз, подтвердите повторную загрузку."
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


FAULTS: dict[str, tuple[str, str]] = {
    "FIELD_COUNT": (
        "в строке больше или меньше полей, чем в заголовке: текст с разделителем берут в кавычки",
        "more or fewer fields than in the first line: a text with a separator needs quotes",
    ),
    "BAD_ENCODING": (
        "управляющие символы и другое, что не текст, или «???» вместо букв: выгрузите файл в UTF-8",
        "control and other characters that are no text, or marks for lost letters (`???`)",
    ),
    "BAD_QUOTES": (
        "кавычка внутри значения: значение с кавычками берут в кавычки, а сами кавычки удваивают",
        "a quotation mark within a value: enclose the value, and double the marks in it",
    ),
    "PLACEHOLDER": (
        "ошибка или формула Excel, или слово вместо пустого значения: оставьте значение пустым",
        "a spreadsheet's error or formula, or a word for no value (`NULL`): leave the value empty",
    ),
    "HEADING": (
        "заголовок посреди файла: кажется, склеено несколько файлов",
        "the names of the columns again: perhaps files were joined",
    ),
    "TOTAL_ROW": (
        "строка итогов: выгружайте без неё, а итог укажите как контрольную сумму",
        "a row with totals: export without it, and use `--control` for the total",
    ),
    "BAD_JSON": (
        "это не плоский объект JSON, или ключ в нём повторяется",
        "this is no flat JSON object, or it has a key twice",
    ),
    "UNKNOWN_COLUMN": (
        "таких колонок нет",
        "there are no such columns",
    ),
    "REQUIRED": ("обязательное значение не указано", "a required value is missing"),
    "TOO_LONG": ("слишком длинный текст", "the text is too long"),
    "BAD_FORM": (
        "значение не той формы: номера выгружайте как текст, иначе теряются нули и цифры",
        "not the form it must have: export numbers of things as text, or digits are lost",
    ),
    "BAD_NAME": (
        "в имени буквы двух алфавитов или знак вопроса вместо буквы, или оно слишком длинное",
        "a name with letters of two alphabets or a mark for a lost letter, or too long",
    ),
    "BAD_NUMBER": (
        "не число, вне границ, или неясно, дробь ли (`1,234`: укажите знак); тысячи без запятых",
        "no number, out of bounds, or unclear (`1,234`: name the decimal sign); no `1E+05`",
    ),
    "BAD_MONEY": (
        "это не сумма в рублях: до двух знаков копеек, тысячи без точек и запятых",
        "no sum in rubles: up to two decimals, no commas or points between thousands",
    ),
    "BAD_DATE": (
        "такой даты нет: нужно 22.11.2026, а число вместо даты — ячейка Excel без формата «Дата»",
        "no such day: write 22.11.2026. A number is a spreadsheet cell without a date format",
    ),
    "BAD_PERIOD": (
        "это не месяц: нужно 11.2026 или 2026-11",
        "this is no month: write 11.2026 or 2026-11",
    ),
    "BAD_TIME": (
        "это не дата и время: нужно 22.11.2026 14:05",
        "this is no moment: write 22.11.2026 14:05, or with its zone",
    ),
    "BAD_CHOICE": ("такого варианта нет", "this isn't one of the choices"),
    "BAD_KEY": ("это не ключ (UUID)", "this is no key (UUID)"),
    "ACCOUNT_UNKNOWN": (
        "такого лицевого счёта нет: сначала загрузите его, или номер потерял нули (формат «Текст»)",
        "no such account: import accounts first. If its zeros are lost, export it as text",
    ),
    "REGISTER_UNKNOWN": (
        "у лицевого счёта нет прибора с такой зоной: сначала загрузите приборы",
        "the account has no meter with such a zone: import meters first",
    ),
    "READING_UNKNOWN": (
        "такого показания нет: сначала загрузите показания",
        "there is no such reading: import readings first",
    ),
    "MESSAGE_UNKNOWN": (
        "клиенты такого обращения не присылали",
        "customers have sent no such message",
    ),
    "DOCUMENT_MISSING": (
        "документа, к которому относится строка, в загрузке нет, или он отклонён",
        "what this row belongs to isn't in this import, or was refused",
    ),
    "PART_REFUSED": (
        "отклонена строка, относящаяся к этому документу",
        "a row that belongs to this one was refused",
    ),
    "DUPLICATE": (
        "строк с таким ключом несколько, и неизвестно, какая верна",
        "there are several rows of this key, and nobody knows which is right",
    ),
    "ZEROS_LOST": (
        "такая запись есть с нулями в начале номера: выгружайте номер как текст",
        "there is such a record with zeros in front of the number: export the number as text",
    ),
    "SPELT_OTHERWISE": (
        "такой номер уже есть, но записан иначе: другой регистр, пробелы или алфавит",
        "there is such a number in another spelling: its case, blanks or alphabet differ",
    ),
    "TOO_MANY_DECIMALS": (
        "у прибора нет таких знаков после запятой",
        "the register has no such decimals",
    ),
    "TOO_MANY_DIGITS": (
        "у прибора меньше знаков до запятой",
        "the register has fewer digits before the point",
    ),
    "OUT_OF_SERVICE": (
        "в этот день прибор не был установлен, или шкала уже не считала",
        "the meter was not installed on this day, or its register was removed before",
    ),
    "BELOW_PREVIOUS": (
        "загружено, но меньше предыдущего показания: проверьте, не переход ли это через ноль",
        "loaded, but below the previous reading: an error, or a dial that passed zero",
    ),
    "READING_REPLACED": (
        "загружено, но клиент исправил это показание: новое учтётся со следующего месяца",
        "loaded, but the customer has corrected this reading: the new one counts from next month",
    ),
    "ANOTHER_COUNTS": (
        "за этот месяц по этой зоне уже учтено другое показание клиента",
        "another reading of the customer counts for this register and month",
    ),
    "REGISTER_LEFT_OUT": (
        (
            "у прибора есть ещё шкала этой зоны, а в файле её нет: добавьте её строку. Если"
            " прибор перепрограммирован, то с днём в removed_on"
        ),
        (
            "the meter has a register of this zone, which the file lacks: add its row. If the"
            " meter was set to other zones, the row has a day in `removed_on`"
        ),
    ),
    "ZONES_OVERLAP": (
        (
            "две шкалы прибора считали бы одни и те же часы (SINGLE с любой другой, DAY с PEAK"
            " или HALF_PEAK): у прежних шкал укажите день в removed_on"
        ),
        (
            "two registers of the meter would count the same hours (`SINGLE` with any other,"
            " `DAY` with `PEAK` or `HALF_PEAK`): former registers have a day in `removed_on`"
        ),
    ),
    "POSITION_TAKEN": (
        (
            "на этом месте дисплея уже другая шкала прибора: укажите другое место, а если она"
            " больше не считает, её день в removed_on"
        ),
        (
            "another register of the meter has this position: give another one, or, if that"
            " register no longer counts, its day in `removed_on`"
        ),
    ),
    "NO_REGISTER_LEFT": (
        (
            "у прибора не осталось ни одной шкалы: добавьте новые, а если снят сам прибор,"
            " укажите день у прибора"
        ),
        (
            "the meter has no register left: add the new ones, or, if the meter itself was"
            " removed, give the day in its row"
        ),
    ),
    "REGISTER_RETURNS": (
        (
            "зона уже была у этого прибора, а после неё считали другие шкалы: снимите прибор"
            " (removed_on в meters) и добавьте его с другим номером, например с «/2»"
        ),
        (
            "the meter had this zone before, and other registers have counted since: remove the"
            " meter (`removed_on` in `meters`) and add it with another serial number, such as"
            " with `/2`"
        ),
    ),
    "TAKEN": ("значение уже занято другой записью", "another record has this value already"),
    "DOESNT_ADD_UP": (
        "не сходится: входящее + начислено + перерасчёт + пени - оплачено = исходящее",
        "opening + charged + recalculated + penalty - paid isn't closing",
    ),
    "PARTS_DONT_ADD_UP": (
        "сумма строк документа не равна его итогу",
        "the parts' sum isn't the total",
    ),
    "NOT_A_PART": (
        "часть больше целого или меньше нуля",
        "the part exceeds the whole, or is negative",
    ),
    "NOT_OF_THIS_KIND": (
        "для строки этого вида значение не указывается",
        "a row of this kind has no such thing",
    ),
    "NEGATIVE": ("сумма не может быть отрицательной", "this sum can't be negative"),
    "NOT_POSITIVE": ("значение должно быть больше нуля", "the value must be above zero"),
    "FRACTION": (
        "доля вместо процентов: нужно 22, а не 0,22",
        "a fraction in place of percent: write 22, not 0.22",
    ),
    "BELOW_ONE": ("значение должно быть не меньше единицы", "the value must be one or more"),
    "LAST_RANGE": (
        "у последнего, третьего диапазона верхней границы нет",
        "the last range, which is the third, has no limit",
    ),
    "DEBT_AND_OVERPAYMENT": (
        "долг и переплата не бывают вместе",
        "debt and overpayment exclude each other",
    ),
    "BELOW_MINIMUM": (
        "наибольшее значение меньше наименьшего",
        "the largest value is below the smallest",
    ),
    "TOPIC_UNKNOWN": ("такой темы обращений нет", "there is no such topic of appeals"),
    "IN_FUTURE": ("это время ещё не наступило", "this time lies in the future"),
    "LEAVES_A_GAP": (
        (
            "на указанные дни значения нет: закончите прежнюю строку днём раньше начала следующей"
            " или не указывайте её конец"
        ),
        (
            "no row holds on the days in the report: end the earlier row the day before the next"
            " begins, or leave its end empty"
        ),
    ),
    "INCOMPLETE_SET": (
        (
            "набор неполон: строки с одного дня заменяют все прежние, поэтому нужны все диапазоны"
            " по порядку (без верхней границы — только последний), нормативы с одного человека"
            " в одной комнате и для всех прежних чисел комнат и жильцов"
        ),
        (
            "the rows of one day replace all before them, and this set lacks some: ranges run from"
            " 1 and rise, only the last has no end; norms and shares begin at 1; no range with a"
            " tariff and no number of residents and rooms of the set before is left out"
        ),
    ),
    "ENDS_BEFORE_IT_BEGINS": ("конец раньше начала", "the end comes before the beginning"),
}
"""Texts of the faults of rows, by code, in Russian and English."""
