"""What an appeal is about, in words and as an id."""

from datetime import date
from typing import Any
from uuid import UUID

from lk_graphql.appeals.models import SubjectKind
from lk_graphql.kit.figures import money, month
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language, say

_PREFIXES = {
    SubjectKind.ACCOUNT: "acc",
    SubjectKind.INVOICE: "inv",
    SubjectKind.INVOICE_LINE: "inv",
    SubjectKind.METER: "mtr",
    SubjectKind.PAYMENT: "pay",
    SubjectKind.RECEIVED_PAYMENT: "rcv",
}
_WORDS = {
    SubjectKind.ACCOUNT: ("Лицевой счёт {account}, {address}", "Account {account}, {address}"),
    SubjectKind.INVOICE: (
        "Счёт {number} за {period}: {amount}",
        "Bill {number} for {period}: {amount}",
    ),
    SubjectKind.INVOICE_LINE: (
        "Счёт {number} за {period}, строка {line}: {service}, {amount}",
        "Bill {number} for {period}, line {line}: {service}, {amount}",
    ),
    SubjectKind.METER: ("Прибор учёта {model} № {serial}", "Meter {model}, number {serial}"),
    SubjectKind.PAYMENT: (
        "Платёж {number} от {day}: {amount}",
        "Payment {number} of {day}: {amount}",
    ),
    SubjectKind.RECEIVED_PAYMENT: ("Оплата {day}: {amount}", "Payment of {day}: {amount}"),
}


def subject_id(subject_kind: SubjectKind | None, subject_id: UUID | None) -> str | None:
    if subject_kind is None or subject_id is None:
        return None
    return to_public(_PREFIXES[subject_kind], subject_id)


def subject_text(
    subject_kind: SubjectKind | None, subject_facts: dict[str, Any] | None, language: Language
) -> str | None:
    if subject_kind is None or subject_facts is None:
        return None
    russian, english = _WORDS[subject_kind]
    template = russian if language is Language.RU else english
    return template.format(**_said(subject_facts, language))


def _said(facts: dict[str, Any], language: Language) -> dict[str, object]:
    said = dict(facts)
    if "period" in facts:
        said["period"] = month(date.fromisoformat(facts["period"]), language, space=" ")
    if "day" in facts:
        said["day"] = say(date.fromisoformat(facts["day"]), language)
    if "amount" in facts:
        said["amount"] = money(facts["amount"], language)
    return said
