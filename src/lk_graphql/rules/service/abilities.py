"""Abilities of the cabinet: open or closed, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from lk_graphql.billing.service.requisites import REQUISITES, VAT_RATE
from lk_graphql.guards.requirements import Requirement, any_row, missing, row_on, unmet
from lk_graphql.identity.models import DocumentKind
from lk_graphql.identity.service.consents import document_requirement
from lk_graphql.kit.dated_rows import newest_sql
from lk_graphql.payments.service.preview import PAYMENT_REQUIREMENTS
from lk_graphql.ports import Ports


class Ability(StrEnum):
    """Something that customers can do."""

    LINK = "LINK"
    READINGS = "READINGS"
    BILLS = "BILLS"
    RECEIPTS = "RECEIPTS"
    PAYMENTS = "PAYMENTS"
    SMS = "SMS"
    APPEALS = "APPEALS"


_TARIFF = newest_sql(
    "1",
    "tariff t",
    "{today}",
    start="t.valid_from",
    end="t.valid_to",
    where="t.category = a.category AND t.range_number = coalesce(l.range_number, 1)",
)
_ANSWER_TERM = newest_sql(
    "1", "answer_term t", "{today}", start="t.from_day", where="t.topic_id = topic.id"
)
ACCOUNTS = Requirement(
    any_row("account"),
    "Не загружены лицевые счета.",
    "There are no accounts.",
    "lk import accounts accounts.csv",
)
PROOFS = Requirement(
    f"({any_row('reading')} OR {any_row('invoice')})",
    "Нет ни показаний, ни счетов: подтвердить право на лицевой счёт нечем.",
    "There are neither readings nor bills, by which customers prove that an account is theirs.",
    "lk import readings readings.csv",
)
METERS = Requirement(
    any_row("register"),
    "Не загружены приборы учёта.",
    "There are no meters with registers.",
    "lk import meters meters.csv registers.csv",
)
WINDOW = Requirement(
    row_on("window_rule", start="from_period"),
    "Не задан период приёма показаний.",
    "No rule says on which days readings are taken.",
    "lk import rules window_rules.csv",
)
ANOMALY_RULE = Requirement(
    row_on("anomaly_rule", start="from_period"),
    "Не задано, какой расход необычен: показания не проверяются.",
    "No rule says which consumption is unusual, so no reading is questioned.",
    "lk import rules anomaly_rules.csv",
    blocks=False,
)
NORMS = Requirement(
    row_on("norm", start="from_period"),
    "Нет нормативов потребления.",
    "No norms of consumption hold today.",
    "lk import rules norms.csv",
    blocks=False,
)
ESTIMATE_RULE = Requirement(
    row_on("estimate_rule", start="from_period"),
    "Не задано, как начисляют за месяц без показаний.",
    "No rule says how a month without a reading is estimated.",
    "lk import rules estimate_rules.csv",
    blocks=False,
)
TARIFFS = Requirement(
    f"""({any_row("tariff")} AND NOT EXISTS (
    SELECT FROM (SELECT DISTINCT tariff_category AS category FROM account) a
    LEFT JOIN range_limit l ON l.category = a.category AND l.valid_from = (
        SELECT max(m.valid_from) FROM range_limit m
        WHERE m.category = a.category AND m.valid_from <= {{today}})
    WHERE NOT EXISTS ({_TARIFF})))""",  # noqa: S608 - constants
    "Не для всех категорий и диапазонов есть тариф на сегодня: стоимость не показать.",
    "Some category or range of the accounts has no tariff today, so costs can't be shown.",
    "lk import rules tariffs.csv range_limits.csv",
    blocks=False,
)
INVOICES = Requirement(
    any_row("invoice"),
    "Не загружены счета.",
    "There are no bills.",
    "lk import invoices invoices.csv invoice_lines.csv",
)
BALANCES = Requirement(
    any_row("account_balance"),
    "Не загружены сальдо.",
    "There are no balances.",
    "lk import payments balances.csv",
    blocks=False,
)
KEY_RATE = Requirement(
    "EXISTS (SELECT FROM penalty_rate WHERE NOT is_cap AND valid_from > {today} - 90)",
    "Последней ключевой ставке больше 90 дней: загрузите решения Банка России, и о том, что ставка"
    " не изменилась.",
    "The newest key rate is older than 90 days: load the decisions of the Bank of Russia, also"
    " those that have kept it.",
    "lk import rules penalty_rates.csv",
    blocks=False,
)
"""The bank decides eight times a year; an outdated rate looks like a current one."""
OLD_VAT_RATES = Requirement(
    """NOT EXISTS (
    SELECT FROM (SELECT min(valid_from) AS day FROM vat_rate) first_rate, invoice bill
    WHERE bill.unpaid > 0 AND bill.period <= first_rate.day AND (
        bill.period + interval '1 month' <= first_rate.day
        OR (SELECT debt FROM account_balance WHERE account_id = bill.account_id) > (
            SELECT sum(greatest(charged + recalculated, 0)) FROM invoice
            WHERE account_id = bill.account_id)))""",
    "Есть долги за месяцы, для которых нет ставки НДС: эти потребители не могут оплатить картой.",
    "There are debts of months without a VAT rate, and their customers can't pay by card.",
    "lk import rules vat_rates.csv",
    blocks=False,
)
"""A debt beyond all bills has the rate of the month before the first bill (decision 0126)."""
ANSWER_TERMS = Requirement(
    f"NOT EXISTS (SELECT FROM appeal_topic topic WHERE is_offered AND NOT EXISTS ({_ANSWER_TERM}))",
    "Не для всех тем обращений задан срок ответа.",
    "Some topic of appeals has no term of answer.",
    "lk import rules answer_terms.csv",
)
ACQUIRER = Requirement(
    "true",
    "Не настроен эквайринг.",
    "There is no acquirer.",
    "LK_ACQUIRER_SHOP and LK_ACQUIRER_SECRET",
)
SMS_GATEWAY = Requirement(
    "true", "Отправка SMS не настроена.", "No SMS are sent.", "LK_SMSC_LOGIN and LK_SMSC_PASSWORD"
)
REQUIREMENTS: Mapping[Ability, tuple[Requirement, ...]] = {
    Ability.LINK: (
        document_requirement(DocumentKind.TERMS),
        document_requirement(DocumentKind.PERSONAL_DATA),
        *(ACCOUNTS, PROOFS),
    ),
    Ability.READINGS: (
        *(ACCOUNTS, METERS, WINDOW, ANOMALY_RULE),
        *(NORMS, ESTIMATE_RULE, TARIFFS),
    ),
    Ability.BILLS: (ACCOUNTS, INVOICES, BALANCES, VAT_RATE, KEY_RATE),
    Ability.RECEIPTS: (INVOICES, REQUISITES, VAT_RATE, TARIFFS),
    Ability.PAYMENTS: (ACCOUNTS, ACQUIRER, *PAYMENT_REQUIREMENTS, OLD_VAT_RATES),
    Ability.SMS: (SMS_GATEWAY, document_requirement(DocumentKind.SMS)),
    Ability.APPEALS: (ANSWER_TERMS,),
}
ALL = tuple(dict.fromkeys(one for group in REQUIREMENTS.values() for one in group))
MET_SQL = f"json_build_array({', '.join(requirement.met_sql for requirement in ALL)})"
"""JSON array for `abilities_of`, in the order of `ALL`."""


@dataclass(frozen=True)
class Installation:
    """The optional external services of a running cabinet, or those that its settings name."""

    has_acquirer: bool
    has_sms: bool

    @classmethod
    def of(cls, ports: Ports) -> Self:
        return cls(has_acquirer=ports.acquirer is not None, has_sms=ports.sms is not None)


@dataclass(frozen=True)
class AbilityState:
    """An ability and its unmet requirements; `is_off` if the operator hasn't configured it."""

    ability: Ability
    missing: tuple[Requirement, ...]
    is_off: bool = False

    @property
    def is_open(self) -> bool:
        return not self.is_off and not any(requirement.blocks for requirement in self.missing)

    @property
    def is_complete(self) -> bool:
        return self.is_off or not self.missing


async def abilities(
    installation: Installation, *, today: date, now: datetime
) -> list[AbilityState]:
    """Return all abilities, with one statement."""
    return _states(await missing(ALL, today=today, now=now), installation)


async def open_abilities(
    installation: Installation, *, today: date, now: datetime
) -> frozenset[Ability]:
    """Return the open abilities.

    Only blocking requirements are checked, which is cheap in a large cabinet.
    """
    blocking = [requirement for requirement in ALL if requirement.blocks]
    states = _states(await missing(blocking, today=today, now=now), installation)
    return frozenset(state.ability for state in states if state.is_open)


def abilities_of(met: Sequence[bool], installation: Installation) -> list[AbilityState]:
    """Return all abilities from the result of `MET_SQL`."""
    return _states(unmet(ALL, met), installation)


def _states(unmet_ones: Sequence[Requirement], installation: Installation) -> list[AbilityState]:
    absent = {*unmet_ones}
    if not installation.has_acquirer:
        absent.add(ACQUIRER)
    if not installation.has_sms:
        absent.add(SMS_GATEWAY)
    return [
        AbilityState(
            ability,
            tuple(requirement for requirement in group if requirement in absent),
            is_off=SMS_GATEWAY in group and SMS_GATEWAY in absent,
        )
        for ability, group in REQUIREMENTS.items()
    ]
