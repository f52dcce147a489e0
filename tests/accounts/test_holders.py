"""A change of the holder suspends the links of the account."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from lk_graphql.accounts.models import (
    AccountLink,
    Holder,
    LinkEvent,
    LinkEventKind,
    LinkRole,
    LinkState,
)
from lk_graphql.accounts.service.holders import HolderName, change_holder
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import NOW, given_account, given_link

Jobs = Callable[[], Awaitable[list[tuple[str, dict[str, str]]]]]
SINCE = date(2026, 11, 1)


async def test_a_new_holder_suspends_every_link_and_its_people_are_told(
    queued: Jobs, anna: Viewer, boris: Viewer
):
    account = await given_account()
    links = [
        await given_link(anna, account, role=LinkRole.OWNER),
        await given_link(boris, account),
    ]
    buyer = HolderName("Петров", "Олег", None)
    assert await change_holder(account.id, buyer, since=SINCE, now=NOW) is True
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
    ],
)
async def test_another_spelling_is_the_same_person(
    queued: Jobs, anna: Viewer, spelling: HolderName
):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    assert await change_holder(account.id, spelling, since=SINCE, now=NOW) is False
    holder = await Holder.get()
    assert (holder.last_name, holder.first_name) == (spelling.last_name, spelling.first_name)
    assert (await AccountLink.get()).state is LinkState.ACTIVE
    assert await queued() == []


@pytest.mark.parametrize(
    "relative",
    [HolderName("Иванова", "Мария", "Сергеевна"), HolderName("Иванов", "Пелагея", "Сергеевна")],
)
async def test_a_relative_is_another_person(queued: Jobs, anna: Viewer, relative: HolderName):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    assert await change_holder(account.id, relative, since=SINCE, now=NOW) is True
    assert (await AccountLink.get()).state is LinkState.SUSPENDED


async def test_a_repeated_import_changes_nothing_more(queued: Jobs, anna: Viewer):
    account = await given_account()
    await given_link(anna, account, role=LinkRole.OWNER)
    buyer = HolderName("Петров", "Олег", None)
    assert await change_holder(account.id, buyer, since=SINCE, now=NOW) is True
    assert await change_holder(account.id, buyer, since=SINCE, now=NOW) is False
    assert await Holder.all().count() == 2
    assert await LinkEvent.all().count() == 1
