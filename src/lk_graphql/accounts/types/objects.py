"""Accounts as clients see them, declared over the models."""

from datetime import date, datetime

from lk_graphql.accounts import models
from lk_graphql.reads.declare import Node, across, choices, column, gate, reads, related
from lk_graphql.reads.scalars import Quantity

# Nothing of an account is seen through a link that is suspended or has ended.
gate(models.AccountLink, state=models.LinkState.ACTIVE.value)

choices(
    models.SubscriberType,
    "Who the contract is with («тип абонента»).",
    HOUSEHOLD="A household («физ. лицо»). The only one that can be linked so far.",
    BUSINESS="A business or an organisation («юр. лицо»).",
)
choices(
    models.TariffCategory,
    "What a household heats and cooks with, which decides its tariff («тарифная категория»).",
    URBAN_GAS="A home in town with a gas stove.",
    URBAN_ELECTRIC="A home in town with an electric stove or electric heating.",
    RURAL="A home in the country.",
)
choices(
    models.HouseKind,
    "What kind of house the energy goes to.",
    APARTMENT="A flat: the supplier replaces its meters at its own cost («МКД»).",
    DETACHED="A house of its own («частный дом»).",
)
choices(
    models.LinkRole,
    "Whose account it is among those who have linked it.",
    OWNER="The first who proved it, or who inherited it from the first.",
    MEMBER="Somebody who proved it later: family, a tenant.",
)

MINE = "{user_id} = {viewer}"


@reads(models.Holder)
class AccountHolder:
    """The person whom the contract names («абонент»), as the billing system writes them."""

    last_name: str = column("The last name («фамилия»).")
    first_name: str = column("The first name («имя»); an initial where billing has no more.")
    patronymic: str | None = column("The patronymic («отчество»); null if there is none.")
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
        only={"until": None},
    )
    subscriber_type: models.SubscriberType = column("Household or business.")
    tariff_category: models.TariffCategory = column("What decides its tariff.")
    house_kind: models.HouseKind = column("What kind of house it is.")
    area_m2: Quantity | None = column("The home's area in square metres.")
    residents: int | None = column("How many people live there, as far as the supplier knows.")
    closed_on: date | None = column("When the contract ended; null while it goes on.")
    name: str | None = across(
        "What you call the account; nobody else sees it.", of="links", sql="max({name})", where=MINE
    )
    role: models.LinkRole = across(
        "Whether you are its owner or a member.", of="links", sql="max({role})", where=MINE
    )
    linked_at: datetime = across(
        "When you linked it.", of="links", sql="max({linked_at})", where=MINE
    )
    data_as_of: datetime = column(
        "As of when the billing system's data about it are here: the cabinet keeps a copy."
    )
