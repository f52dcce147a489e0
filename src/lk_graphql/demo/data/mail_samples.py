"""Every mail with sample values, for `lk mail preview`."""

from collections.abc import Iterator
from datetime import date
from importlib import resources
from importlib.util import find_spec

from jinja2 import Environment, meta

from lk_graphql.database import SLICES
from lk_graphql.demo.data.rng import ZONE
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.mail_lines import MailLine, button_label, fact_lines
from lk_graphql.notifications.service.texts import NoticeFacts, notice_text
from lk_graphql.ports.mail import Mail, compose

COMPANY = Company("Энергосбыт", "https://lk.example.ru", ZONE)
_OF_ACCOUNTS = NoticeFacts("0412345678", date(2026, 10, 1), date(2026, 11, 16), Kopecks(123_456))
_OF_MESSAGES = NoticeFacts(reference="О-2026-000017")
_MORE_LINES = {
    NoticeKind.READINGS_ACCEPTED: (
        MailLine("№ 12345678, день", "12 182 (22.10.2026)"),
        MailLine("№ 12345678, ночь", "5 682 (22.10.2026)"),
    ),
    NoticeKind.INVOICE_ISSUED: (
        MailLine("Расход, кВт·ч", "219"),
        MailLine("Начислено", "1 234,56 ₽"),
    ),
}
_TOKEN = "AaVR8rQHf1yTz0c2"  # noqa: S105 - not a real token
_VALUES: dict[str, object] = {
    "name": "Марина Сергеевна",
    "email": "p***@example.ru",
    "new_email": "m***@example.ru",
    "number": "0412345678",
    "when": "22.11.2026 19:00",
    "topic": "Приборы учета",
    "text": "Счётчик мигает красным. Что делать?",
    "due_on": "22.12.2026",
    "until": "29.11.2026 19:00",
    "objects": "г. Новокузнецк, ул. Кирова, д. 12; г. Новокузнецк, ГСК «Сибиряк», гараж 41",
    "submitted_on": "20.11.2026",
    "count": 2,
    "late": [
        ("О-2026-000017", "Приборы учета, 20.11.2026"),
        ("О-2026-000023", "Качество услуги, 19.11.2026"),
    ],
    "amount": "1 234,56 ₽",
    "is_refund": False,
    "receipt": {
        "storage": "9999078900001234",
        "number": "4821",
        "attribute": "3207194065",
        "url": None,
    },
    "period": "10.2026",
    "address": "654007, г. Новокузнецк, ул. Кирова, д. 12, кв. 7",
    "url": f"{COMPANY.public_url}/page#token={_TOKEN}",
    "sign_in_url": f"{COMPANY.public_url}/",
    "settings_url": f"{COMPANY.public_url}/",
    "unsubscribe_url": f"{COMPANY.public_url}/unsubscribe#token={_TOKEN}",
}
_OF_THE_LAYOUT = {"company", "layout", "parts", "language", "subject"}


def mail_samples() -> Iterator[tuple[str, Mail]]:
    """A file name and a mail for every slice, template and language."""
    for slice_name in SLICES:
        for template in _templates(slice_name):
            for language in Language:
                yield from _specimens(slice_name, template, language)


def _templates(slice_name: str) -> list[str]:
    if find_spec(f"lk_graphql.{slice_name}") is None:
        return []
    folder = resources.files(f"lk_graphql.{slice_name}").joinpath("templates")
    if not folder.is_dir():
        return []
    suffix = f".{Language.RU.code}.j2"
    return sorted(f.name.removesuffix(suffix) for f in folder.iterdir() if f.name.endswith(suffix))


def _specimens(slice_name: str, template: str, language: Language) -> Iterator[tuple[str, Mail]]:
    package, values = f"lk_graphql.{slice_name}", _values(slice_name, template, language)
    name = f"{slice_name}-{template}"
    if not {"title", "text"} <= values.keys():
        mail = compose(package, template, language, company=COMPANY, **values)
        yield f"{name}.{language.code}", mail
        return
    for kind in NoticeKind:
        facts = _OF_MESSAGES if kind.startswith("APP") else _OF_ACCOUNTS
        texts = notice_text(kind, facts, language)
        values |= {"title": texts.title, "text": texts.text}
        values["action"] = button_label(kind, facts, language)
        address = str(_VALUES["address"]) if facts.account else None
        lines = fact_lines(kind, facts, language, address=address)
        values["lines"] = [*lines, *_MORE_LINES.get(kind, ())]
        mail = compose(package, template, language, company=COMPANY, **values)
        yield f"{name}-{kind.lower()}.{language.code}", mail


def _values(slice_name: str, template: str, language: Language) -> dict[str, object]:
    """Values of the template's variables; for an unknown variable, its name in ‹›."""
    file = f"templates/{template}.{language.code}.j2"
    text = resources.files(f"lk_graphql.{slice_name}").joinpath(file).read_text("utf-8")
    parsed = Environment(autoescape=True).parse(text)
    names = meta.find_undeclared_variables(parsed) - _OF_THE_LAYOUT
    return {name: _VALUES.get(name, _Unknown(f"‹{name}›")) for name in names}


class _Unknown(str):
    """A placeholder for an unknown value and its attributes."""

    __slots__ = ()

    def __getattr__(self, name: str) -> "_Unknown":
        if name.startswith("_"):
            raise AttributeError(name)
        return _Unknown(f"{self}.{name}")
