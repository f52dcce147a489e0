"""The index of an exported archive: a page that a person can read, and a file for programs.

The page has no script and loads nothing. Texts of customers and staff are escaped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined

INDEX, README = "index.html", "README.txt"
SHOWN_ROWS = 200
"""Rows of a listing in the page; all are in its file."""
FOLDERS = {"receipts": "Квитанции в PDF", "files": "Присланные файлы"}

_README = """{company}: ваши персональные данные, {day}

Откройте index.html в браузере: там всё, что есть в архиве, по-русски.

index.html     данные и ссылки на файлы
data/*.json    те же данные для программ: суммы в рублях текстом, время со смещением от UTC
receipts/      квитанции (PDF)
files/         файлы, которые вы присылали

{company}: your personal data. Open index.html in a browser. data/*.json has the same for programs,
with sums in rubles as text and times with their offset from UTC.
"""

_LABELS = {
    "about": "о чём", "aboutFacts": "подробности", "account": "лицевой счёт", "act": "действие",
    "action": "действие", "activatedAt": "активирован", "address": "адрес", "amount": "сумма, ₽",
    "announcedAt": "начата загрузка", "answeredAt": "ответ", "attachedAt": "приложен",
    "changedAt": "изменено", "channel": "канал", "charged": "начислено, ₽",
    "clientAddress": "IP-адрес", "closedAt": "закрыто", "closingBalance": "долг на конец, ₽",
    "codeSentAt": "код отправлен", "commission": "комиссия, ₽", "confirmedAt": "подтверждено",
    "consumptionKwh": "расход, кВт·ч", "contract": "договор", "correctsFrom": "за период с",
    "correctsTo": "за период по", "createdAt": "создано", "day": "день", "direction": "направление",
    "document": "документ", "documents": "документы", "dueOn": "срок", "email": "e-mail",
    "endedAt": "завершено", "events": "события", "expiresAt": "действует до", "fd": "ФД",
    "fiasId": "код ФИАС", "fileName": "имя файла", "files": "файлы", "firstName": "имя",
    "fn": "ФН", "fpd": "ФПД", "happenedAt": "когда", "hasSms": "SMS включены",
    "hidesName": "имя скрыто", "installedOn": "установлен", "invoice": "квитанция",
    "issuedOn": "выставлена", "kind": "вид", "label": "обозначение", "language": "язык",
    "lastName": "фамилия", "line": "строка", "lines": "строки", "linkedAt": "подключён",
    "madeAt": "готово",
    "messages": "сообщения", "meter": "прибор учёта", "model": "модель",
    "mutedByEmail": "без писем", "mutedBySms": "без SMS", "name": "название",
    "nextVerificationOn": "поверка до", "number": "номер", "objects": "объекты",
    "openingBalance": "долг на начало, ₽", "paid": "оплачено, ₽", "paidAt": "оплачено",
    "parts": "состав", "passwordChangedAt": "пароль изменён", "patronymic": "отчество",
    "penalty": "пени, ₽", "period": "период", "phone": "телефон", "powerKw": "мощность, кВт",
    "purpose": "назначение", "quantityKwh": "объём, кВт·ч", "quietFromMinute": "тихие часы с, мин",
    "quietUntilMinute": "тихие часы до, мин", "rating": "оценка", "readAt": "прочитано",
    "reason": "причина", "reasonCode": "код причины", "recalculated": "перерасчёт, ₽",
    "receipts": "чеки", "receivedAt": "получено", "reference": "номер", "refunded": "возвращено, ₽",
    "refunds": "возвраты", "refusal": "отказ", "refusedAt": "отказ получен",
    "registeredAt": "зарегистрирован", "registers": "шкалы", "removedOn": "снят",
    "requestedAt": "запрошено", "role": "роль", "rublesPerKwh": "тариф, ₽", "sent": "отправлено",
    "sentAt": "отправлено", "serial": "заводской номер", "service": "услуга",
    "sha256": "SHA-256 файла", "size": "размер, байт",
    "startsAt": "начало", "state": "состояние", "step": "шаг", "submittedAt": "подано",
    "takenOn": "снято", "text": "текст", "textSha256": "SHA-256 текста", "timeline": "ход",
    "title": "название", "topic": "тема", "url": "ссылка", "usedAt": "использован",
    "userAgent": "программа", "value": "значение", "version": "версия", "what": "что",
    "zone": "зона суток",
}  # fmt: skip
"""Russian names of the fields; other fields keep their own names."""


@dataclass
class Section:
    """A listing as the index shows it: its first rows, and the number of all rows."""

    title: str
    path: str
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """The words of coded values, by the path of their field."""
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    count: int = 0

    def add(self, row: str) -> None:
        """Count a row, which is JSON."""
        self.count += 1
        if len(self.rows) < SHOWN_ROWS:
            self.rows.append(orjson.loads(row))


def index_page(
    sections: Iterable[Section], paths: Iterable[str], *, company: str, made_at: datetime
) -> bytes:
    """Return the page; `paths` are the other files of the archive."""
    by_folder = dict[str, list[str]]()
    for path in paths:
        by_folder.setdefault(FOLDERS.get(path.partition("/")[0], "Файлы"), []).append(path)
    page = _environment().get_template("export_index.html.j2")
    return page.render(
        sections=[*sections], folders=by_folder, company=company, made_at=made_at
    ).encode()


def readme(*, company: str, made_at: datetime) -> bytes:
    return _README.format(company=company, day=f"{made_at:%d.%m.%Y}").encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lk_graphql.profile"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"label": _label, "link": quote, "words": _words}
    return environment


def _label(name: str) -> str:
    text = _LABELS.get(name, name)
    return text[:1].upper() + text[1:]


def _words(value: object, words: Mapping[str, str]) -> str:
    """A JSON value as text: codes by their `words`, dates and times in Russian notation."""
    match value:
        case None | "":
            return "—"
        case bool():
            return "да" if value else "нет"
        case str():
            return words.get(value) or _moment(value)
        case _:
            return str(value)


def _moment(text: str) -> str:
    """`05.11.2026` of a date, `05.11.2026 14:00 +07:00` of a time; other texts stay."""
    try:
        moment = datetime.fromisoformat(text) if len(text) >= len("2026-11-05") else None
    except ValueError:
        moment = None
    if moment is None or text[4:5] != "-":
        return text
    if "T" not in text:
        return f"{moment:%d.%m.%Y}"
    return f"{moment:%d.%m.%Y %H:%M} {text[-6:]}" if moment.tzinfo else f"{moment:%d.%m.%Y %H:%M}"
