"""Accounts, customers and links."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lk_graphql.accounts.models import (
    Account,
    AccountLink,
    Holder,
    HouseKind,
    LinkRole,
    LinkState,
    SubscriberType,
    TariffCategory,
)
from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.identity.models import User
from lk_graphql.identity.service.sessions import open_session
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.metering.models import Meter, Reading, ReadingSource, ReadingState, Register, Zone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINKS = Signer(b"k" * 32)
CLIENT = Client("203.0.113.7", "a test")
NUMBER = "0012345678"


@dataclass(frozen=True)
class Proofs:
    """The facts that prove ownership of the account of `given_account`."""

    surname = "Иванова"
    reading = "12345"
    bill_total = "640,00"
    bill_closing = "1140,00"
    unified_number = "75ДА533315"


async def given_user(email: str) -> Viewer:
    """An activated user, with a session id that is in no table."""
    user = await User.create(
        email=email,
        email_key=email,
        phone="+79131234567",
        last_name="Иванова",
        first_name="Пелагея",
        patronymic="Сергеевна",
        password_hash="$argon2id$",
        created_at=NOW,
        activated_at=NOW,
        password_changed_at=NOW,
    )
    return Viewer(user.id, new_key())


async def given_session(user: User, now: datetime) -> str:
    """The bearer token of a new session."""
    return (await open_session(user, client=CLIENT, now=now)).token


async def given_account(number: str = NUMBER, **changed: Any) -> Account:
    """A household with a holder, a two-rate meter and three bills."""
    account = await given_bare_account(number, **changed)
    await Holder.create(
        account=account,
        last_name="Иванова",
        first_name="Пелагея",
        patronymic="Сергеевна",
        surname_key=surname_key("Иванова"),
        since=date(2019, 3, 1),
    )
    await given_meter(account)
    for month, charged, unpaid in ((8, 70_000, 0), (9, 50_000, 50_000), (10, 64_000, 64_000)):
        await given_invoice(account, month, charged=charged, unpaid=unpaid)
    await AccountBalance.create(account=account, debt=114_000, penalty=0, overpayment=0, as_of=NOW)
    return account


async def given_bare_account(number: str, **changed: Any) -> Account:
    """An account without holder, meter and bills."""
    values: dict[str, Any] = {
        "unified_number": Proofs.unified_number if number == NUMBER else None,
        "subscriber_type": SubscriberType.HOUSEHOLD,
        "contract_number": f"Э-{number}",
        "contract_signed_on": date(2019, 3, 1),
        "address": "654007, г. Новокузнецк, ул. Кирова, д. 12, кв. 7",
        "house_kind": HouseKind.APARTMENT,
        "tariff_category": TariffCategory.URBAN_GAS,
        "data_as_of": NOW,
    }
    return await Account.create(number=number, **{**values, **changed})


async def given_link(
    viewer: Viewer, account: Account, *, role: LinkRole = LinkRole.MEMBER, day: int = 1
) -> AccountLink:
    """An active link since a day of October."""
    moment = datetime(2026, 10, day, tzinfo=UTC)
    return await AccountLink.create(
        account=account,
        user_id=viewer.id,
        role=role,
        state=LinkState.ACTIVE,
        linked_at=moment,
        changed_at=moment,
    )


async def given_meter(account: Account, serial: str = "") -> Meter:
    meter = await Meter.create(
        account=account,
        serial=serial or f"M-{account.number}",
        model="Меркурий 206",
        ratio=Decimal(1),
        installed_on=date(2020, 1, 1),
    )
    for position, zone, newest in ((1, Zone.DAY, 12345), (2, Zone.NIGHT, 678)):
        register = await Register.create(
            meter=meter, position=position, zone=zone, label=f"T{position}", digits=6
        )
        for month, value in ((9, newest - 150), (10, newest)):
            await given_reading(register, Decimal(value), month)
    return meter


async def given_reading(
    register: Register,
    value: Decimal,
    month: int,
    state: ReadingState = ReadingState.ACCEPTED,
    source: ReadingSource = ReadingSource.CUSTOMER,
) -> Reading:
    return await Reading.create(
        register=register,
        value=value,
        taken_on=date(2026, month, 20),
        received_at=datetime(2026, month, 20, 5, tzinfo=UTC),
        period=date(2026, month, 1),
        source=source,
        state=state,
    )


async def given_invoice(account: Account, month: int, *, charged: int, unpaid: int) -> Invoice:
    """A bill of 2026; earlier debts are its opening balance."""
    opening = 50_000 if month == 10 else 0
    return await Invoice.create(
        account=account,
        number=f"{account.number}-26{month:02}",
        period=date(2026, month, 1),
        issued_on=date(2026, month + 1, 3),
        due_on=date(2026, month + 1, 16),
        opening_balance=opening,
        charged=charged,
        recalculated=0,
        penalty=0,
        paid=0,
        closing_balance=opening + charged,
        unpaid=unpaid,
        consumption_kwh=Decimal(150),
    )
