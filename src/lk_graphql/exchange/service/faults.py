"""Fault codes of rows, the fault report, and the import guide (docs/import.md)."""

from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from asyncpg import Connection

from lk_graphql.exchange.models import ExportKind
from lk_graphql.exchange.service.catalog import KINDS
from lk_graphql.exchange.service.exports import EXPORT_SPECS, ExportSpec
from lk_graphql.exchange.service.files import Source
from lk_graphql.exchange.service.records import ImportFormat, Records

FAULTS: dict[str, tuple[str, str]] = {
    "FIELD_COUNT": (
        "в строке больше или меньше полей, чем в заголовке: текст с разделителем берут в кавычки",
        "more or fewer fields than in the first line: a text with a separator needs quotes",
    ),
    "BAD_ENCODING": (
        "символы, которые не являются текстом, или «???» вместо букв: выгрузите файл в UTF-8",
        "characters that are no text, or marks for lost letters (`???`): export the file in UTF-8",
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
        "строка итогов: выгружайте без неё, а итог передайте через --control",
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
    "BAD_NUMBER": (
        "не число, вне границ, или неясно, где дробь: тысячи без точек и запятых, не 1E+05",
        "no number, out of bounds, or unclear (`1,234`): no commas between thousands, no `1E+05`",
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
        "такого лицевого счёта нет: загрузите счета, или номер потерял нули (нужен формат «Текст»)",
        "no such account: import accounts first. If its zeros are lost, export it as text",
    ),
    "REGISTER_UNKNOWN": (
        "у счёта нет прибора с такой тарифной зоной: сначала загрузите приборы",
        "the account has no meter with such a zone: import meters first",
    ),
    "READING_UNKNOWN": (
        "такого показания нет: сначала загрузите показания",
        "there is no such reading: import readings first",
    ),
    "MESSAGE_UNKNOWN": (
        "потребители такого сообщения не присылали",
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
    "TOO_MANY_DECIMALS": (
        "у прибора нет таких знаков после запятой",
        "the register has no such decimals",
    ),
    "TOO_MANY_DIGITS": (
        "у прибора меньше знаков до запятой",
        "the register has fewer digits before the point",
    ),
    "OUT_OF_SERVICE": (
        "в этот день прибор ещё или уже не стоял",
        "the meter was not installed on this day",
    ),
    "BELOW_PREVIOUS": (
        "загружено, но меньше предыдущего показания: проверьте, не переход ли это через ноль",
        "loaded, but below the previous reading: an error, or a dial that passed zero",
    ),
    "ANOTHER_COUNTS": (
        "за этот месяц по этой зоне уже учтено другое показание потребителя",
        "another reading of the customer counts for this register and month",
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
        "у строки такого вида этого не бывает",
        "a row of this kind has no such thing",
    ),
    "NEGATIVE": ("сумма не может быть отрицательной", "this sum can't be negative"),
    "NOT_POSITIVE": ("значение должно быть больше нуля", "the value must be above zero"),
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
    "IN_FUTURE": (
        "время данных ещё не наступило",
        "the moment of the data lies in the future",
    ),
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
        ),
        (
            "the rows of one day replace all before them, and this set lacks some: ranges run from"
            " 1 and rise, only the last has no end; norms and shares begin at 1; no range with a"
            " tariff and no number of residents of the set before is left out"
        ),
    ),
    "ENDS_BEFORE_IT_BEGINS": ("конец раньше начала", "the end comes before the beginning"),
}
"""Texts by code, Russian and English."""
_BY_LINE = """
SELECT s.name AS file, f.line, f."column", f.code, f.value, m.message
FROM fault f
JOIN unnest($1::text[]) WITH ORDINALITY s (name, file) ON s.file = f.file
LEFT JOIN unnest($2::text[], $3::text[]) m (code, message) ON m.code = f.code
ORDER BY f.file, f.line
"""
_BY_CODE = """
SELECT code, "column", count(*) FROM fault WHERE is_note = $1 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


async def write_report(connection: Connection, path: Path, sources: Sequence[Source]) -> None:
    """Write all faults by file and line, as Russian spreadsheets open CSV: `;` and a BOM."""
    texts = {code: ru for code, (ru, _) in FAULTS.items()}
    names = [source.path.name for source in sources]
    with path.open("wb") as file:
        file.write("\N{BYTE ORDER MARK}".encode())
        await connection.copy_from_query(
            _BY_LINE,
            names,
            [*texts],
            [*texts.values()],
            output=file,
            format="csv",
            delimiter=";",
            header=True,
        )


async def count_by_code(
    connection: Connection, *, is_note: bool = False
) -> list[tuple[str, str, int]]:
    """Code, column and number of faults or of notes, the most frequent first."""
    rows = await connection.fetch(_BY_CODE, is_note)
    return [(code, column or "", count) for code, column, count in rows]


def guide() -> str:
    template = resources.files("lk_graphql.exchange").joinpath("templates", "import.md")
    imports = (line for kind in KINDS.values() for line in _import_section(kind))
    exports = (line for kind, spec in EXPORT_SPECS.items() for line in _export_section(kind, spec))
    sections = (*exports, *imports, *_drastic_changes(), *_fault_codes())
    return "\n".join([template.read_text("utf-8"), *sections])


def _export_section(kind: ExportKind, spec: ExportSpec) -> Iterator[str]:
    yield f"### lk export {kind.lower()}\n"
    yield f"{spec.description}.\n"
    yield "| column | what |"
    yield "|---|---|"
    for name, description in spec.columns.items():
        yield f"| `{name}` | {description} |"
    yield ""


def _import_section(kind: ImportFormat) -> Iterator[str]:
    yield f"## lk import {kind.kind.lower()}\n"
    yield f"{kind.description}.\n"
    for records in kind.records:
        if _is_first_kind(kind, records):
            yield from _records_section(records)


def _is_first_kind(kind: ImportFormat, records: Records) -> bool:
    """Whether no kind before this one has the same records."""
    return next(other for other in KINDS.values() if records in other.records) is kind


def _records_section(records: Records) -> Iterator[str]:
    yield f"### {records.name}\n"
    yield f"{records.description} Known again by {_key_line(records)}.\n"
    yield "| column | | how | what |"
    yield "|---|---|---|---|"
    for column in records.columns:
        requirement = "required" if column.required else ""
        yield f"| `{column.name}` | {requirement} | {column.value.syntax} | {column.description} |"
    yield ""


def _key_line(records: Records) -> str:
    file_columns = {column.typed_name: (column.name,) for column in records.columns}
    file_columns |= {reference.target: reference.by for reference in records.references}
    if records.part_of:
        file_columns[records.part_of.target] = records.part_of.by
    names = [name for key in records.key for name in file_columns.get(key, (key,))]
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def _drastic_changes() -> Iterator[str]:
    yield "## What needs a confirmation\n"
    yield "The changes by which customers lose something on an account that they have linked.\n"
    yield "| `lk import` | change | what it is |"
    yield "|---|---|---|"
    for kind in KINDS.values():
        for change in kind.drastic_changes:
            yield f"| {kind.kind.lower()} | `{change.kind}` | {change.description} |"
        if not kind.drastic_changes:
            yield f"| {kind.kind.lower()} | none | its rows take nothing from an account |"
    yield ""


def _fault_codes() -> Iterator[str]:
    yield "## What can be wrong with a row\n"
    yield "| code | what it means | in the report |"
    yield "|---|---|---|"
    for code, (russian, english) in FAULTS.items():
        yield f"| `{code}` | {english} | {russian} |"
    yield ""
