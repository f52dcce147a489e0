"""Tables as files, as billing systems write them; and the files of the cabinet and of banks."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random

from .days import ZONE
from .money import kopecks, rubles
from .postings import RegistryRow


@dataclass(frozen=True)
class Month:
    first_day: date


@dataclass(frozen=True)
class Sum:
    kopecks: int


Cell = str | int | bool | Decimal | date | datetime | Month | Sum | None
Row = dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """A file's content: `name` is that of docs/import.md, such as `invoice_lines`."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True)
class File:
    """A file for `lk import KIND`."""

    kind: str
    name: str
    content: bytes
    table: Table


@dataclass(frozen=True)
class Style:
    """The ways of writing a table that docs/import.md allows."""

    separator: str = ";"
    encoding: str = "utf-8"
    line_end: str = "\n"
    decimal_comma: bool = False
    thousands: bool = False
    russian_days: bool = False
    truth: tuple[str, str] = ("0", "1")
    is_json: bool = False
    has_sep_line: bool = False
    has_blank_lines: bool = False
    has_empty_columns: bool = False
    shuffle: int | None = None
    """The seed of another order of columns and rows."""

    @classmethod
    def random(cls, chance: Random) -> "Style":
        return cls(
            separator=chance.choice(";,\t"),
            encoding=chance.choice(("utf-8", "utf-8-sig", "cp1251")),
            line_end=chance.choice(("\n", "\r\n")),
            decimal_comma=chance.random() < 0.4,
            thousands=chance.random() < 0.3,
            russian_days=chance.random() < 0.4,
            truth=chance.choice((("0", "1"), ("нет", "да"), ("false", "true"))),
            is_json=chance.random() < 0.2,
            has_sep_line=chance.random() < 0.2,
            has_blank_lines=chance.random() < 0.2,
            has_empty_columns=chance.random() < 0.2,
            shuffle=chance.randrange(10**6) if chance.random() < 0.5 else None,
        )

    def text(self, cell: Cell) -> str:  # noqa: PLR0911 - a line for each type
        match cell:
            case None:
                return ""
            case bool():
                return self.truth[cell]
            case datetime() if self.russian_days and not (cell.second or cell.microsecond):
                return f"{cell.astimezone(ZONE):%d.%m.%Y %H:%M}"
            case datetime():
                return cell.isoformat()
            case date():
                return f"{cell:%d.%m.%Y}" if self.russian_days else cell.isoformat()
            case Month(day):
                return f"{day:%m.%Y}" if self.russian_days else f"{day:%Y-%m}"
            case Sum(amount):
                return self.number(rubles(amount))
            case Decimal():
                return self.number(unambiguous(cell))
            case _:
                return str(cell)

    def number(self, text: str) -> str:
        whole, point, fraction = text.partition(".")
        if self.thousands:
            whole = f"{int(whole.removeprefix('-')):,}".replace(",", " ")
            whole = "-" + whole if text.startswith("-") else whole
        return whole + (point and ("," if self.decimal_comma else ".")) + fraction


def unambiguous(value: Decimal) -> str:
    """Without zeros at the end; three decimals are written as four: `1.234` may be thousands."""
    text = f"{value.normalize():f}"
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def write(table: Table, style: Style) -> bytes:
    """The bytes of a file; the same for the same table and style."""
    columns, rows = [*table.columns], [*table.rows]
    if style.shuffle is not None:
        chance = Random(style.shuffle)
        chance.shuffle(columns)
        chance.shuffle(rows)
    texts = [[style.text(row.get(column)) for column in columns] for row in rows]
    if style.is_json:
        lines = (
            json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in texts
        )
        return "".join(line + style.line_end for line in lines).encode(style.encoding)
    empty = [""] * (2 if style.has_empty_columns else 0)
    target = io.StringIO()
    if style.has_sep_line:
        target.write(f"sep={style.separator}{style.line_end}")
    writer = csv.writer(target, delimiter=style.separator, lineterminator=style.line_end)
    for number, row in enumerate([columns, *texts]):
        writer.writerow([*row, *empty])
        if style.has_blank_lines and number % 7 == 1:
            target.write(style.line_end)
    return target.getvalue().encode(style.encoding)


def read(content: bytes) -> list[dict[str, str]]:
    """The rows of a table: CSV of any style above, or JSON Lines."""
    text = decode(content)
    if text.lstrip().startswith("{"):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    first, _, rest = text.partition("\n")
    if first.startswith("sep="):
        text, first = rest, rest.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    lines = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    header = lines[0] if lines else []
    return [
        {name: value for name, value in zip(header, row, strict=True) if name} for row in lines[1:]
    ]


def decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251")


# Files of the cabinet, as docs/import.md describes `lk export`


@dataclass(frozen=True)
class ExportedReading:
    key: str
    account: str
    meter: str
    zone: str
    value: Decimal
    taken_on: date
    period: date
    state: str


def read_readings(content: bytes) -> list[ExportedReading]:
    return [
        ExportedReading(
            row["reading"],
            row["account"],
            row["meter"],
            row["zone"],
            Decimal(row["value"]),
            date.fromisoformat(row["taken_on"]),
            month(row["period"]),
            row["state"],
        )
        for row in read(content)
    ]


def read_registry(content: bytes) -> list[RegistryRow]:
    return [
        RegistryRow(
            row["external_id"],
            row["account"],
            kopecks(row["amount"]),
            datetime.fromisoformat(row["happened_at"]),
            month(row["period"]) if row["period"] else None,
        )
        for row in read(content)
    ]


def read_messages(content: bytes) -> list[str]:
    """The keys of the messages in `lk export appeals`."""
    return [row["message"] for row in read(content)]


def month(text: str) -> date:
    return date.fromisoformat(text[:7] + "-01")


# Registries of a bank


@dataclass(frozen=True)
class BankRow:
    """A payment at a bank for an account."""

    number: str
    account: str
    amount: int
    paid_on: date
    payer: str = ""
    commission: int = 0


@dataclass
class Statement:
    """A day's registry of payments, as Sberbank sends it (domain.md 2d).

    `дата;время;отделение;кассир;СУИП;лицевой счёт;ФИО;адрес;период;сумма;сумма перевода;комиссия`,
    with the number of rows and the sums in the last line, which begins with `=`.
    """

    number: int
    day: date
    rows: list[BankRow] = field(default_factory=list[BankRow])

    def write(self) -> bytes:
        lines = [
            f"{row.paid_on:%d-%m-%Y};12-00-00;8615;001;{row.number};{row.account};{row.payer};;;"
            + ";".join(map(comma, (row.amount, row.amount - row.commission, row.commission)))
            for row in self.rows
        ]
        sums = ";".join(map(comma, totals(self.rows)))
        lines.append(f"={len(self.rows)};{sums};{self.number};{self.day:%d-%m-%Y}")
        return "\r\n".join([*lines, ""]).encode("cp1251")

    @classmethod
    def read(cls, content: bytes) -> "Statement":
        """Raises `ValueError` if the last line is missing or disagrees: nothing is booked then."""
        lines = content.decode("cp1251").splitlines()
        if not lines or not lines[-1].startswith("="):
            raise ValueError("the registry has no last line: it was cut")
        count, *sums, number, day = lines[-1].removeprefix("=").split(";")
        cells = [line.split(";") for line in lines[:-1]]
        rows = [
            BankRow(row[4], row[5], kopecks(row[9]), russian_day(row[0]), row[6], kopecks(row[11]))
            for row in cells
        ]
        if (int(count), *map(kopecks, sums)) != (len(rows), *totals(rows)):
            raise ValueError("the registry's last line disagrees with the rows")
        return cls(int(number), russian_day(day), rows)


def russian_day(text: str) -> date:
    return datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007 - a day has no zone


def totals(rows: Iterable[BankRow]) -> tuple[int, int, int]:
    amount = sum(row.amount for row in rows)
    commission = sum(row.commission for row in rows)
    return amount, amount - commission, commission


def comma(amount: int) -> str:
    return rubles(amount).replace(".", ",")
