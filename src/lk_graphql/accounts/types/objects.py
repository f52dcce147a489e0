"""Accounts and the settings of the link form as GraphQL types."""

from datetime import date, datetime
from typing import NamedTuple

import strawberry

from lk_graphql.accounts import models
from lk_graphql.accounts.models import SubscriberType
from lk_graphql.accounts.service import (
    account_days,
    claim_parsing,
    links,
    notices,
    rate_limits,
    tokens,
)
from lk_graphql.api.graphql_types import object_type
from lk_graphql.identity.types.objects import full_name
from lk_graphql.kit.languages import Language
from lk_graphql.planner.declare.scalars import Quantity
from lk_graphql.planner.types import (
    Node,
    RowPolicy,
    aggregate,
    choices,
    column,
    derived,
    gate,
    labels,
    policy,
    reads,
    related,
    unrestricted,
)

# A link that is suspended or ended shows nothing of its account.
gate(models.AccountLink, state=models.LinkState.ACTIVE.value)
unrestricted(models.Account, "it is shown as it is today")


def is_present(until: date | None) -> bool:
    return until is None


policy(models.Holder, RowPolicy("{until} IS NULL", ("until",), is_present))


def of_day(account: str, day: str) -> RowPolicy:
    """A policy: rows whose day is visible; `account` is the path to their account."""
    days = f"{account}__visible_days"
    sql = account_days.IN_SQL.format(days=f"{{{days}}}", day=f"{{{day}}}")
    return RowPolicy(sql, (days, day), account_days.is_visible)


def of_month(account: str, period: str) -> RowPolicy:
    """As `of_day`, for rows of a month: the month's last day has to be visible."""
    days = f"{account}__visible_days"
    month_end = account_days.MONTH_END.format(period=f"{{{period}}}")
    sql = account_days.IN_SQL.format(days=f"{{{days}}}", day=month_end)
    return RowPolicy(sql, (days, period), account_days.is_month_visible)


choices(
    models.SubscriberType,
    "Who the contract is with («тип абонента»).",
    HOUSEHOLD="A household («физ. лицо»). The only one that can be linked so far.",
    BUSINESS="A business or an organisation («юр. лицо»).",
)
labels(
    models.SubscriberType,
    HOUSEHOLD=("Физическое лицо", "Household"),
    BUSINESS=("Юридическое лицо", "Business"),
)
choices(
    models.TariffCategory,
    "What a household heats and cooks with, which decides its tariff («тарифная категория»).",
    URBAN_GAS="A home in town with a gas stove.",
    URBAN_ELECTRIC="A home in town with an electric stove or electric heating.",
    RURAL="A home in the country.",
)
labels(
    models.TariffCategory,
    URBAN_GAS=("Город, газовая плита", "In town, gas stove"),
    URBAN_ELECTRIC=(
        "Город, электроплита или электроотопление",
        "In town, electric stove or heating",
    ),
    RURAL=("Сельская местность", "In the country"),
)
choices(
    models.HouseKind,
    "What kind of house the energy goes to.",
    APARTMENT="A flat: the supplier replaces its meters at its own cost («МКД»).",
    DETACHED="A house of its own («частный дом»).",
)
labels(
    models.HouseKind,
    APARTMENT=("Квартира в многоквартирном доме", "Flat in a block"),
    DETACHED=("Частный дом", "House of its own"),
)
choices(
    models.LinkRole,
    "Whose account it is among those who have linked it.",
    OWNER="The first who proved it, or who inherited it from the first.",
    MEMBER="Somebody who proved it later: family, a tenant.",
)
labels(
    models.LinkRole,
    OWNER=("Владелец", "Owner"),
    MEMBER=("Участник", "Member"),
)

IS_VIEWERS = "{user_id} = {viewer}"


@reads(models.Holder)
class AccountHolder:
    """The person whom the contract names («абонент»), as the billing system writes them."""

    last_name: str = column("The last name («фамилия»).")
    first_name: str = column("The first name («имя»); an initial where billing has no more.")
    patronymic: str | None = column("The patronymic («отчество»); null if there is none.")
    full_name: str = derived("Last name, first name and patronymic («ФИО»).", full_name)
    since: date = column("Since when the contract is with them.")


@reads(models.Account, prefix="acc", owned_through="links__user")
class Account(Node):
    """A personal account («лицевой счёт»): a contract for the energy of one home."""

    number: str = column("The number printed on bills, leading zeros included.")
    unified_number: str | None = column("The number in ГИС ЖКХ («единый лицевой счёт», ЕЛС).")
    contract_number: str = column("The contract's number («номер договора»).")
    contract_signed_on: date = column("When the contract was signed.")
    address: str = column("Where the energy goes.")
    holder: AccountHolder | None = related(
        "Whom the contract is with; null while the billing system names nobody.",
        of="holders",
        where={"until": None},
    )
    subscriber_type: models.SubscriberType = column("Household or business.")
    tariff_category: models.TariffCategory = column("What decides its tariff.")
    house_kind: models.HouseKind = column("What kind of house it is.")
    area_m2: Quantity | None = column("The home's area in square metres.")
    residents: int | None = column("How many people live there, as far as the supplier knows.")
    rooms: int | None = column("How many rooms it has, as far as the supplier knows.")
    closed_on: date | None = column(
        "The contract's last day, on which the last reading is taken; null while none is known."
    )
    name: str | None = aggregate(
        "What you call the account; nobody else sees it.",
        of="links",
        sql="max({name})",
        where=IS_VIEWERS,
    )
    role: models.LinkRole = aggregate(
        "Whether you are its owner or a member.", of="links", sql="max({role})", where=IS_VIEWERS
    )
    linked_at: datetime = aggregate(
        "When you linked it.", of="links", sql="max({linked_at})", where=IS_VIEWERS
    )
    data_as_of: datetime = column(
        "As of when the billing system's data about it are here: the cabinet keeps a copy."
    )


@object_type
class LinkField:
    """One field of the form."""

    path: str = strawberry.field(
        description="Where it goes in `AccountLinkPreviewInput`: `proof.billTotal`."
    )
    label: str = strawberry.field(description="What to write beside it.")
    hint: str = strawberry.field(description="Where a person finds it.")
    pattern: str | None = strawberry.field(
        description="A regular expression for all of it, spaces and dashes taken out; "
        "null where any name will do."
    )
    is_proof: bool = strawberry.field(
        description="Whether it is a proof: exactly one of these is filled in, and all others."
    )


@object_type
class LinkFields:
    """What the form for linking an account asks for («подключение счёта»)."""

    subscriber_types: list[SubscriberType] = strawberry.field(
        description="The types of subscriber whose accounts can be linked («тип абонента»)."
    )
    fields: list[LinkField] = strawberry.field(description="The fields in the order of the form.")
    tries_per_hour: int = strawberry.field(description="How often one login may try in an hour.")
    tries_per_day: int = strawberry.field(description="How often one account is tried in a day.")
    preview_seconds: int = strawberry.field(description="How long a preview can be saved.")
    longest_name: int = strawberry.field(
        description="The most characters of a name that `accountRename` gives."
    )
    undo_seconds: int = strawberry.field(
        description="How long the link in the mail about a new login is good (`accountLinkUndo`)."
    )


class _FieldSpec(NamedTuple):
    """A field of the link form, with texts in Russian and English."""

    path: str
    pattern: str | None
    label: tuple[str, str]
    hint: tuple[str, str]


_FIELD_SPECS = (
    _FieldSpec(
        "surname",
        None,
        ("Фамилия абонента", "The holder's last name"),
        ("Как в квитанции", "As the bill has it"),
    ),
    _FieldSpec(
        "proof.lastReading",
        claim_parsing.READING_PATTERN,
        ("Последнее показание", "The last reading"),
        (
            "В одной из двух последних квитанций или переданное позже, любая тарифная зона",
            "On one of the last two bills, or a later one; of any zone",
        ),
    ),
    _FieldSpec(
        "proof.billTotal",
        claim_parsing.TOTAL_PATTERN,
        ("Сумма счёта", "A bill's total"),
        ("В одной из двух последних квитанций, с копейками", "On one of the last two bills"),
    ),
    _FieldSpec(
        "proof.unifiedNumber",
        claim_parsing.UNIFIED_NUMBER_PATTERN,
        ("Единый лицевой счёт (ЕЛС)", "The unified account number (ЕЛС)"),
        ("10 знаков вверху квитанции", "10 characters at the top of the bill"),
    ),
)


def link_fields(number_pattern: str, language: Language) -> LinkFields:
    """The form's fields; `number_pattern` is the company's pattern of account numbers."""
    number = _FieldSpec(
        "accountNumber",
        number_pattern,
        ("Номер лицевого счёта", "The account's number"),
        ("Вверху квитанции", "At the top of the bill"),
    )
    return LinkFields(
        subscriber_types=[SubscriberType.HOUSEHOLD],
        fields=[_field(spec, language) for spec in (number, *_FIELD_SPECS)],
        tries_per_hour=rate_limits.PER_USER.max_attempts,
        tries_per_day=rate_limits.PER_NUMBER.max_attempts,
        preview_seconds=int(tokens.LIFETIME.total_seconds()),
        longest_name=links.MAX_NAME_LENGTH,
        undo_seconds=int(notices.UNDO_LIFETIME.total_seconds()),
    )


def _field(spec: _FieldSpec, language: Language) -> LinkField:
    index = 0 if language is Language.RU else 1
    return LinkField(
        path=spec.path,
        label=spec.label[index],
        hint=spec.hint[index],
        pattern=spec.pattern,
        is_proof=spec.path.startswith("proof."),
    )
