"""The supplier's accounts; `account(n, today)` depends only on its arguments.

So any number of accounts can be computed in any order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from tortoise import Model

from lk_graphql.accounts.models import Account, Holder, SubscriberType
from lk_graphql.billing.models import AccountBalance
from lk_graphql.demo.data.bills import BillingHistory
from lk_graphql.demo.data.household import Household, household
from lk_graphql.demo.data.meters import Installed, meters_of
from lk_graphql.demo.data.payer_habits import habit
from lk_graphql.demo.data.readings import ReadingHistory, read_months
from lk_graphql.demo.data.rng import Keys, evening, seeded_random, some_day
from lk_graphql.kit import names
from lk_graphql.kit.periods import months, shift

MONTHS = 36
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class AccountData:
    """All rows of one account."""

    account: Account
    holder: Holder
    meters: list[Installed]
    history: ReadingHistory
    billing: BillingHistory
    balance: AccountBalance

    def rows(self) -> Iterator[Model]:
        """Parents before children."""
        yield self.account
        yield self.holder
        yield from (device.meter for device in self.meters)
        yield from chain.from_iterable(device.registers for device in self.meters)
        yield from self.history.readings
        yield from self.history.findings
        yield from self.billing.invoices
        yield from self.billing.lines
        yield from self.billing.readings
        yield from self.billing.penalties
        yield from self.billing.payments
        yield self.balance


def account(n: int, today: date, *, billed_months: int = MONTHS) -> AccountData:
    """The n-th account, starting at 1, as of the evening before `today` (2026 or later).

    Thus no data is in the future at any time of `today`. Bills exist for the `billed_months` months
    before the current one.
    """
    house, keys = household(n), Keys("account", n)
    last = shift(today.replace(day=1), -1)
    periods = list(months(shift(last, 1 - billed_months), last))
    row = _account(house, keys, periods[0], today)
    meters = meters_of(house, row.id, periods[0], today)
    history = ReadingHistory(house, meters, Keys("readings", n))
    habits = habit(house, today, seeded_random("habit", n))
    billing = BillingHistory(row, house, habits, Keys("bills", n), today)
    for month in read_months(history, periods, today):
        billing.bill(month)
    return AccountData(row, _holder(house, row, keys), meters, history, billing, billing.close())


def account_number(n: int) -> str:
    """An account number of ten digits; some start with zero, and they aren't consecutive."""
    return f"{4 + n % 5:02}{n * 61_803_399 % 10**8:08}"


def _account(house: Household, keys: Keys, first: date, today: date) -> Account:
    rng = seeded_random("account", house.n)
    signed_on = some_day(date(2006, 1, 10), shift(first, -2), rng)
    number = account_number(house.n)
    return Account.construct(
        id=keys.new(signed_on),
        number=number,
        unified_number=_unified_number(house.n),
        subscriber_type=SubscriberType.HOUSEHOLD,
        contract_number=f"{number}/{signed_on:%y}",
        contract_signed_on=signed_on,
        address=house.place.address,
        flat=house.place.flat,
        house_kind=house.house_kind,
        tariff_category=house.category,
        has_range_privilege=house.has_range_privilege,
        area_m2=Decimal(house.area_m2),
        residents=house.residents,
        rooms=max(1, house.area_m2 // 20),
        data_as_of=evening(today - timedelta(days=1)),
    )


def _unified_number(n: int) -> str:
    """A unified account number (ЕЛС): two digits of the region, two letters, six digits."""
    rest, digits = divmod(n * 355_987_343 % (10**6 * len(_LETTERS) ** 2), 10**6)
    first, second = divmod(rest, len(_LETTERS))
    return f"80{_LETTERS[first]}{_LETTERS[second]}{digits:06}"


def _holder(house: Household, account: Account, keys: Keys) -> Holder:
    person, since = house.holder, account.contract_signed_on
    return Holder.construct(
        id=keys.new(since),
        account_id=account.id,
        last_name=person.last_name,
        first_name=person.first_name,
        patronymic=person.patronymic,
        surname_key=names.comparison_key(person.last_name),
        since=since,
    )
