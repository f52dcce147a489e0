"""A change of the holder suspends the links of the account."""

from collections.abc import Awaitable, Callable
from datetime import date

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.accounts.models import (
    Account,
    AccountLink,
    Holder,
    LinkEvent,
    LinkEventKind,
    LinkRole,
    LinkState,
)
from lk_graphql.accounts.service.account_days import (
    is_month_visible,
    is_visible,
    month_visible_sql,
)
from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.accounts.service.holders import HolderName, change_holder, household
from lk_graphql.database.day_ranges import DayRanges, contains
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.periods import last_day
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import NOW, given_account, given_link

Jobs = Callable[[], Awaitable[list[tuple[str, dict[str, str]]]]]
SINCE = date(2026, 11, 1)


async def test_a_new_holder_suspends_every_link_and_enqueues_a_mail_for_each(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    links = [
        await given_link(anna, account, role=LinkRole.OWNER),
        await given_link(boris, account),
    ]
    buyer = HolderName("Петров", "Олег", None)
    assert await change_holder(account.id, buyer, since=SINCE, default_since=SINCE, now=NOW) is True
    assert set(await AccountLink.all().values_list("state", flat=True)) == {LinkState.SUSPENDED}
    events = await LinkEvent.all()
    assert [event.kind for event in events] == [LinkEventKind.SUSPENDED_BY_NEW_HOLDER] * 2
    assert sorted(await queued(), key=str) == sorted(
        (("accounts.mail_suspended", {"link_id": str(link.id)}) for link in links), key=str
    )
    holders = await Holder.all().order_by("since").values_list("surname_key", "since", "until")
    assert holders == [("ИВАНОВА", date(2019, 3, 1), SINCE), ("ПЕТРОВ", SINCE, None)]


@pytest.mark.parametrize(
    "spelling",
    [
        HolderName("Иванова", "Пелагея", "Сергеевна"),
        HolderName("ИВАНОВА", "П.", "С."),
        HolderName("Иванова П.С.", "П", "С"),
        HolderName("Иванова", "П.", "Сергеевна"),
        HolderName("Иванова", "Пелагея", "С."),
    ],
)
async def test_another_spelling_is_the_same_person(
    queued: Jobs, anna: Viewer, spelling: HolderName
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    assert (
        await change_holder(account.id, spelling, since=SINCE, default_since=SINCE, now=NOW)
        is False
    )
    holder = await Holder.get()
    assert (holder.last_name, holder.first_name) == (spelling.last_name, spelling.first_name)
    assert (await AccountLink.get()).state is LinkState.ACTIVE
    assert await queued() == []


@pytest.mark.parametrize(
    "relative",
    [
        HolderName("Иванова", "Мария", "Сергеевна"),
        HolderName("Иванов", "Пелагея", "Сергеевна"),
        HolderName("Иванова", "Полина", "Сергеевна"),
        HolderName("Иванова", "Пелагея", "Степановна"),
        HolderName("Иванова", "П.", "Степановна"),
        HolderName("Иванова", "Полина", "С."),
        HolderName("Иванова", "П. И.", None),
    ],
)
async def test_a_relative_is_another_person(queued: Jobs, anna: Viewer, relative: HolderName):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    assert (
        await change_holder(account.id, relative, since=SINCE, default_since=SINCE, now=NOW) is True
    )
    assert (await AccountLink.get()).state is LinkState.SUSPENDED


async def test_a_repeated_import_changes_nothing_more(queued: Jobs, anna: Viewer):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    buyer = HolderName("Петров", "Олег", None)
    assert await change_holder(account.id, buyer, since=SINCE, default_since=SINCE, now=NOW) is True
    assert (
        await change_holder(account.id, buyer, since=SINCE, default_since=SINCE, now=NOW) is False
    )
    assert await Holder.all().count() == 2
    assert await LinkEvent.all().count() == 1


def periods(holders: list[Holder]) -> list[tuple[str, date, date | None]]:
    return [(holder.last_name, holder.since, holder.until) for holder in holders]


async def visible_days(account: Account) -> object:
    return (await Account.get(id=account.id)).visible_days


async def record(account: Account, name: str, since: date | None) -> None:
    await change_holder(
        account.id, HolderName(name, "Олег", None), since=since, default_since=SINCE, now=NOW
    )


async def test_customers_see_the_present_holder_s_time(queued: Jobs):
    account = await given_account()
    assert await visible_days(account) is None
    await record(account, "Петров", SINCE)
    assert await visible_days(account) == ((SINCE, None),)


@pytest.mark.parametrize("since", [date(2026, 10, 15), date(2026, 12, 1)])
async def test_a_day_that_is_corrected_moves_both_times(queued: Jobs, anna: Viewer, since: date):
    account = await given_account()
    await record(account, "Петров", SINCE)
    link = await given_link(anna, account)

    await record(account, "ПЕТРОВ", since)

    assert periods(await Holder.all().order_by("since")) == [
        ("Иванова", date(2019, 3, 1), since),
        ("ПЕТРОВ", since, None),
    ]
    assert await visible_days(account) == ((since, None),)
    assert (await AccountLink.get(id=link.id)).state is LinkState.ACTIVE


async def test_a_spelling_without_a_day_moves_nothing(queued: Jobs):
    account = await given_account()
    await record(account, "Петров", SINCE)
    await record(account, "ПЕТРОВ", None)
    assert await visible_days(account) == ((SINCE, None),)


async def test_a_new_holder_without_a_day_begins_on_the_default_day(queued: Jobs):
    account = await given_account()
    await record(account, "Петров", None)
    assert await visible_days(account) == ((SINCE, None),)


async def test_a_returning_holder_sees_all_their_own_days(queued: Jobs):
    account = await given_account()
    for name, since in (
        ("Петров", date(2022, 1, 1)),
        ("Сидоров", date(2023, 5, 2)),
        ("Петров", SINCE),
    ):
        await record(account, name, since)
    assert await visible_days(account) == (
        (date(2022, 1, 1), date(2023, 5, 2)),
        (SINCE, None),
    )


@pytest.mark.parametrize(
    ("known", "new", "persons"),
    [
        (("Мария", None), ("Мария", "Петровна"), 1),
        (("М.", None), ("Мария", "Петровна"), 1),
        (("М. П.", None), ("Мария", "Петровна"), 1),
        (("М.П.", None), ("М.", "П."), 1),
        (("Мария", None), ("Марина", "Петровна"), 2),
        (("М. И.", None), ("Мария", "Петровна"), 2),
        (("М. И.", None), ("М. П.", None), 2),
        (("Иван", "Иванович"), ("Игорь", "Иванович"), 2),
        (("Мария", "Петровна"), ("Марина", "Павловна"), 2),
    ],
)
async def test_names_are_compared_as_far_as_both_are_written(
    queued: Jobs, known: tuple[str, str | None], new: tuple[str, str | None], persons: int
):
    account = await given_account()
    changes = [
        await change_holder(
            account.id, HolderName("Петрова", *name), since=SINCE, default_since=SINCE, now=NOW
        )
        for name in (known, new)
    ]
    assert changes == [True, persons == 2]
    assert await Holder.filter(last_name="Петрова").count() == persons


async def test_a_relative_with_the_same_initials_doesn_t_see_the_other_s_time(queued: Jobs):
    account = await given_account()
    for name, since in (
        (HolderName("Петров", "Иван", "Иванович"), date(2021, 1, 1)),
        (HolderName("Сидоров", "Олег", None), date(2022, 1, 1)),
        (HolderName("Петров", "И.", "И."), date(2023, 1, 1)),
        (HolderName("Сидоров", "Олег", None), date(2024, 1, 1)),
        (HolderName("Петров", "Игорь", "Иванович"), SINCE),
    ):
        await change_holder(account.id, name, since=since, default_since=since, now=NOW)
    assert await visible_days(account) == (
        (date(2023, 1, 1), date(2024, 1, 1)),
        (SINCE, None),
    )


async def test_a_holder_recorded_later_replaces_those_of_the_same_days(queued: Jobs):
    """Billing corrects itself: it was never Petrov."""
    account = await given_account()
    await record(account, "Петров", SINCE)
    await record(account, "Сидоров", date(2020, 1, 1))
    assert periods(await Holder.all().order_by("since")) == [
        ("Иванова", date(2019, 3, 1), date(2020, 1, 1)),
        ("Сидоров", date(2020, 1, 1), None),
        ("Петров", SINCE, SINCE),
    ]
    assert await visible_days(account) == ((date(2020, 1, 1), None),)


NAMES = st.sampled_from(["Иванова", "Петров", "Сидоров"])
DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 20))


def holder(name: str, since: date, until: date | None, household: Holder | None) -> Holder:
    return Holder(
        id=new_key(),
        last_name=name,
        first_name="О.",
        surname_key=surname_key(name),
        since=since,
        until=until,
        household_id=household and household.id,
    )


@pytest.mark.usefixtures("opened")  # rows without a database, but with the keys of their models
@given(st.lists(st.tuples(NAMES, st.booleans()), min_size=1, max_size=6))
def test_a_household_is_the_holders_joined_by_records(rows: list[tuple[str, bool]]):
    """Compared with the components of a graph whose nodes are names."""
    holders: list[Holder] = []
    groups = {name: {name} for name, _ in rows}
    for number, (name, is_household) in enumerate(rows):
        until = None if number == len(rows) - 1 else date(2020, 1, number + 2)
        earlier = holders[-1] if is_household and holders else None
        holders.append(holder(name, date(2020, 1, number + 1), until, earlier))
        if earlier:
            joined = groups[name] | groups[earlier.last_name]
            groups |= dict.fromkeys(joined, joined)
    keys = household(holders)
    assert {row.id for row in holders if row.last_name in groups[rows[-1][0]]} == keys


@given(
    st.lists(st.tuples(st.one_of(st.none(), DAYS), st.one_of(st.none(), DAYS)), max_size=4), DAYS
)
def test_a_day_is_visible_if_one_of_the_ranges_has_it(ranges: DayRanges, day: date):
    days = {
        date(2020, 1, number)
        for number in range(1, 21)
        for since, until in ranges
        if (since or date.min) <= date(2020, 1, number) < (until or date.max)
    }
    assert contains(ranges, day) is (day in days)
    assert is_visible(ranges, day) is (day in days)
    assert is_visible(None, day)


@pytest.mark.parametrize("period", [date(2026, 2, 1), date(2026, 10, 1), date(2026, 12, 1)])
@pytest.mark.parametrize("since", [date(2026, 2, 28), date(2026, 3, 1), date(2026, 10, 31)])
async def test_a_month_is_of_the_holder_of_its_last_day_in_sql_too(
    opened: asyncpg.Connection, period: date, since: date
):
    days: DayRanges = ((since, None),)
    sql = month_visible_sql("$1::date")
    in_sql = await opened.fetchval(
        f"SELECT {sql} FROM (SELECT datemultirange(daterange($2, NULL)) AS visible_days) account",
        period,
        since,
    )
    assert is_month_visible(days, period) is in_sql
    assert in_sql is (last_day(period) >= since)
    nothing_known = f"SELECT {sql} FROM (SELECT NULL::datemultirange AS visible_days) account"
    assert await opened.fetchval(nothing_known, period) is True
