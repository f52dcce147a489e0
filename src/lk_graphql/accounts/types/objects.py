"""Accounts and the settings of the link form as GraphQL types."""

from datetime import date, datetime
from typing import NamedTuple

import strawberry

from lk_graphql.accounts import models
from lk_graphql.accounts.models import SubscriberType
from lk_graphql.accounts.service import (
    account_days,
    claim_parsing,
    link_undo,
    linking,
    links,
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


def visible_day_policy(account: str, day: str) -> RowPolicy:
    """A policy for rows with a visible day; `account` is the path to their account."""
    days = f"{account}__visible_days"
    sql = account_days.IS_VISIBLE_SQL.format(days=f"{{{days}}}", day=f"{{{day}}}")
    return RowPolicy(sql, (days, day), account_days.is_visible)


def visible_month_policy(account: str, period: str) -> RowPolicy:
    """As `visible_day_policy`, for rows of a month: the month's last day has to be visible."""
    days = f"{account}__visible_days"
    month_end = account_days.MONTH_END_SQL.format(period=f"{{{period}}}")
    sql = account_days.IS_VISIBLE_SQL.format(days=f"{{{days}}}", day=month_end)
    return RowPolicy(sql, (days, period), account_days.is_month_visible)


choices(
    models.SubscriberType,
    "The type of the contract's holder («тип абонента»).",
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
    "The tariff category of a household, by its heating and cooking («тарифная категория»).",
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
    RURAL=("Сельская местность", "Rural area"),
)
choices(
    models.HouseKind,
    "The kind of building supplied.",
    APARTMENT="A flat: the supplier replaces its meters at its own cost («МКД»).",
    DETACHED="A detached house («частный дом»).",
)
labels(
    models.HouseKind,
    APARTMENT=("Квартира в многоквартирном доме", "Flat in an apartment building"),
    DETACHED=("Частный дом", "Detached house"),
)
choices(
    models.LinkRole,
    "The role of a customer among those who have linked an account.",
    OWNER="The first customer who proved the account, or a successor.",
    MEMBER="A customer who proved the account later: family, a tenant.",
)
labels(
    models.LinkRole,
    OWNER=("Владелец", "Owner"),
    MEMBER=("Участник", "Member"),
)

IS_VIEWERS_SQL = "{user_id} = {viewer}"


@reads(models.Holder)
class AccountHolder:
    """The holder of the contract («абонент»), as spelled by the billing system."""

    last_name: str = column("The last name («фамилия»).")
    first_name: str = column("The first name («имя»); an initial if billing has no more.")
    patronymic: str | None = column("The patronymic («отчество»); null if there is none.")
    full_name: str = derived("Last name, first name and patronymic («ФИО»).", full_name)
    since: date = column("The first day of the contract with this holder.")


@reads(models.Account, prefix="acc", owned_through="links__user")
class Account(Node):
    """A personal account («лицевой счёт»): a contract for the energy of one home."""

    number: str = column("The number printed on bills, leading zeros included.")
    unified_number: str | None = column(
        "The account's number in ГИС ЖКХ («единый лицевой счёт», ЕЛС)."
    )
    contract_number: str = column("The contract's number («номер договора»).")
    contract_signed_on: date = column("The day on which the contract was signed.")
    address: str = column("The postal address of the supplied home.")
    holder: AccountHolder | None = related(
        "The holder of the contract; null while the billing system reports none.",
        of="holders",
        where={"until": None},
    )
    subscriber_type: models.SubscriberType = column("The subscriber type: household or business.")
    tariff_category: models.TariffCategory = column("The category that decides its tariff.")
    house_kind: models.HouseKind = column("The kind of building.")
    area_m2: Quantity | None = column("The home's area in square metres.")
    residents: int | None = column("The number of residents known to the supplier.")
    rooms: int | None = column("The number of rooms known to the supplier.")
    closed_on: date | None = column(
        "The last day of the contract, on which the last reading is taken; null while none is "
        "known."
    )
    name: str | None = aggregate(
        "The customer's own name for the account, visible to nobody else.",
        of="links",
        sql="max({name})",
        where=IS_VIEWERS_SQL,
    )
    role: models.LinkRole = aggregate(
        "Whether the customer is its owner or a member.",
        of="links",
        sql="max({role})",
        where=IS_VIEWERS_SQL,
    )
    linked_at: datetime = aggregate(
        "The date and time at which the customer linked it.",
        of="links",
        sql="max({linked_at})",
        where=IS_VIEWERS_SQL,
    )
    data_as_of: datetime = column(
        "The date and time of the billing system's data about it; the cabinet keeps a copy."
    )


@object_type
class LinkField:
    """A field of the link form."""

    path: str = strawberry.field(
        description="The path in `AccountLinkPreviewInput`: `proof.billTotal`."
    )
    label: str = strawberry.field(description="The text to show beside the field.")
    hint: str = strawberry.field(description="A hint for finding the value.")
    pattern: str | None = strawberry.field(
        description="A regular expression for the whole value without spaces and dashes; null if "
        "any name is valid."
    )
    is_proof: bool = strawberry.field(
        description="Whether it is a proof: exactly one proof is filled in, and all other fields."
    )


@object_type
class LinkFields:
    """The form for linking an account («подключение счёта»)."""

    subscriber_types: list[SubscriberType] = strawberry.field(
        description="The types of subscriber whose accounts can be linked («тип абонента»)."
    )
    fields: list[LinkField] = strawberry.field(description="The fields in the order of the form.")
    tries_per_hour: int = strawberry.field(
        description="The maximum number of attempts of one login in an hour."
    )
    tries_per_day: int = strawberry.field(
        description="The maximum number of attempts at one account in a day."
    )
    preview_seconds: int = strawberry.field(description="The lifetime of a preview, in seconds.")
    longest_name: int = strawberry.field(
        description="The maximum length of a name set by `accountRename`, in characters."
    )
    undo_seconds: int = strawberry.field(
        description="The lifetime of the link in the mail about a new login, in seconds "
        "(`accountLinkUndo`)."
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
            "Из двух последних квитанций или переданное позже, но не по телефону; любая зона",
            "On one of the last two bills, or a later one, but not by telephone; of any zone",
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
        ("10 символов вверху квитанции", "10 characters at the top of the bill"),
    ),
)


def link_fields(number_pattern: str, language: Language) -> LinkFields:
    """Return the form's fields; `number_pattern` is the company's pattern of account numbers."""
    number = _FieldSpec(
        "accountNumber",
        number_pattern,
        ("Номер лицевого счёта", "The account's number"),
        ("Вверху квитанции", "At the top of the bill"),
    )
    return LinkFields(
        subscriber_types=[SubscriberType.HOUSEHOLD],
        fields=[_field(spec, language) for spec in (number, *_FIELD_SPECS)],
        tries_per_hour=linking.PER_USER.max_attempts,
        tries_per_day=linking.PER_NUMBER.max_attempts,
        preview_seconds=int(linking.TOKEN_LIFETIME.total_seconds()),
        longest_name=links.MAX_NAME_LENGTH,
        undo_seconds=int(link_undo.UNDO_LIFETIME.total_seconds()),
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
