"""Files about holders and accounts: whose time a day is of, and what receipts go on printing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lk_graphql.accounts.models import Account, AccountHistory, AccountLink, Holder, LinkState
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts.content import ReceiptContent, load_receipt
from lk_graphql.billing.service.requisites import publish, requisites_in
from lk_graphql.database.day_ranges import DayRanges
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.exchange.models import ImportState
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice
from tests.factories.accounts import given_account, given_bare_account, given_link
from tests.factories.metering import TODAY
from tests.support.client import COMPANY
from tests.support.import_runner import ImportRunner

HEADER = (
    "number;contract_number;contract_signed_on;address;house_kind;tariff_category;"
    "holder_last_name;holder_first_name;holder_since;residents;area_m2;as_of\n"
)
ROW = (
    "0000000001;{contract};2019-03-01;{address};APARTMENT;{category};{name};{since};"
    "{residents};50,1;{as_of}\n"
)
FIRST = {
    "contract": "Э-1", "address": "ул. Кирова, д. 1", "category": "URBAN_GAS", "name": "Иванова;О.",
    "since": "2019-03-01", "residents": "2", "as_of": "2026-09-20T10:00+07:00",
}  # fmt: skip
BILLS = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh\n"
)
BILL = "0000000001;A-{month};2026-{month:02};2026-{next:02}-03;2026-12-25;0;0;0;0;0;0;20\n"


async def load_account(
    importer: ImportRunner, expected_changes: int | None = None, **changed: str
) -> ImportState:
    text = HEADER + ROW.format(**{**FIRST, **changed})
    file = importer.put("a.csv", text)
    result = await importer.load(ImportKind.ACCOUNTS, file, expected_changes=expected_changes)
    return result.run.state


async def load_bills(importer: ImportRunner, *months: int) -> None:
    text = BILLS + "".join(BILL.format(month=month, next=month + 1) for month in months)
    await importer.load(ImportKind.INVOICES, importer.put("i.csv", text))


async def receipt(month: int) -> ReceiptContent:
    invoice = await Invoice.get(period=date(2026, month, 1))
    content = await load_receipt(invoice.id, period_format=COMPANY.payment_period, today=TODAY)
    assert content
    return content


async def visible_days() -> DayRanges | None:
    return (await Account.get()).visible_days


async def test_a_first_file_cuts_at_the_holder_s_first_day(importer: ImportRunner):
    await load_account(importer, since="2026-11-01")
    assert await visible_days() == ((date(2026, 11, 1), None),)


async def test_an_account_whose_holder_comes_later_is_cut_too(importer: ImportRunner):
    await given_bare_account("0000000001", data_as_of=datetime(2026, 1, 1, tzinfo=UTC))
    assert await visible_days() is None
    await load_account(importer, since="")
    assert await visible_days() == ((date(2019, 3, 1), None),)


async def test_a_file_without_holders_cuts_nothing(importer: ImportRunner):
    await load_account(importer, name=";", since="")
    assert (await visible_days(), await Holder.all().count()) == (None, 0)


async def test_a_new_holder_and_a_corrected_day_move_the_cut(importer: ImportRunner, anna: Viewer):
    await load_account(importer)
    link = await given_link(anna, await Account.get())
    later = "2026-11-05T10:00+07:00"
    await load_account(
        importer, name="Петров;О.", since="2026-11-01", as_of=later, expected_changes=1
    )
    assert await visible_days() == ((date(2026, 11, 1), None),)
    assert (await AccountLink.get(id=link.id)).state is LinkState.SUSPENDED

    await load_account(importer, name="Петров;О.", since="2026-10-15", as_of=later)
    assert await visible_days() == ((date(2026, 10, 15), None),)
    assert await Holder.all().order_by("since").values_list("last_name", "until") == [
        ("Иванова", date(2026, 10, 15)),
        ("Петров", None),
    ]
    await load_account(
        importer, name="Петров;О.", since="2026-09-01", as_of="2026-11-04T10:00+07:00"
    )
    assert await visible_days() == ((date(2026, 10, 15), None),)  # an older file changes nothing


@pytest.mark.parametrize(
    ("since", "state"),
    [("2026-11-01", ImportState.NEEDS_CONFIRMATION), ("2018-01-01", ImportState.DONE)],
)
async def test_a_day_moved_later_is_a_loss_to_be_confirmed(
    importer: ImportRunner, anna: Viewer, since: str, state: ImportState
):
    await load_account(importer)
    await given_link(anna, await Account.get())
    as_of = "2026-11-05T10:00+07:00"
    text = HEADER + ROW.format(**{**FIRST, "since": since, "as_of": as_of})
    result = await importer.load(
        ImportKind.ACCOUNTS, importer.put("a.csv", text), expected_changes=0
    )
    assert result.run.state is state
    kinds = [change.kind for change in result.impact.changes]
    assert kinds == (
        [ImportChangeKind.HOLDER_CHANGED] if state is ImportState.NEEDS_CONFIRMATION else []
    )


async def test_a_bill_of_an_earlier_holder_s_month_is_not_announced(
    importer: ImportRunner, anna: Viewer
):
    await load_account(importer, since="2026-10-15")
    await given_link(anna, await Account.get())
    await load_bills(importer, 9, 10)
    assert await Notice.all().values_list("period", flat=True) == [date(2026, 10, 1)]


CHANGES: dict[str, Any] = {
    "contract": "Э-2", "address": "ул. Мира, д. 5", "category": "RURAL", "residents": "4",
}  # fmt: skip


async def test_a_receipt_has_the_data_of_its_month(importer: ImportRunner):
    """Whatever becomes of the account: a bill printed twice is the same."""
    await publish(requisites_in(TEXT))
    await load_account(importer)
    await load_bills(importer, 9)
    september = await receipt(9)
    assert (september.payer.holder, september.payer.residents) == ("Иванова О.", 2)

    await load_account(
        importer, name="Петров;О.", since="2026-10-10", as_of="2026-10-12T10:00+07:00", **CHANGES
    )
    await load_bills(importer, 10)
    october = await receipt(10)

    assert await receipt(9) == september
    assert october.payer.holder == "Петров О."
    assert (october.payer.contract_number, october.payer.address) == ("Э-2", "ул. Мира, д. 5")
    assert (october.payer.tariff_category, october.payer.residents) == ("RURAL", 4)


@pytest.mark.parametrize("as_of", ["2026-10-20T10:00+07:00", "2026-11-20T10:00+07:00"])
async def test_a_change_after_the_bill_came_is_of_later_months(importer: ImportRunner, as_of: str):
    await publish(requisites_in(TEXT))
    await load_account(importer)
    await load_bills(importer, 9, 10)
    before = [await receipt(9), await receipt(10)]
    await load_account(importer, as_of=as_of, **CHANGES)
    assert [await receipt(9), await receipt(10)] == before
    await load_bills(importer, 9, 10)  # the same again
    assert [await receipt(9), await receipt(10)] == before
    assert await AccountHistory.all().values_list("last_period", "residents") == [
        (date(2026, 10, 1), 2)
    ]


async def test_a_bill_that_comes_after_a_change_of_the_next_month_prints_its_own(
    importer: ImportRunner,
):
    """Accounts come every night, bills on the third."""
    await publish(requisites_in(TEXT))
    await load_account(importer)
    for day, residents in ((1, "3"), (2, "4")):
        await load_account(importer, residents=residents, as_of=f"2026-11-0{day}T02:00+07:00")
    await load_bills(importer, 10, 11)
    assert [(await receipt(month)).payer.residents for month in (10, 11)] == [2, 4]


async def test_an_unchanged_account_has_no_history(importer: ImportRunner):
    await load_account(importer)
    await load_account(
        importer, as_of="2026-10-12T10:00+07:00", name="Петров;О.", since="2026-10-10"
    )
    assert await AccountHistory.all().count() == 0


async def test_a_receipt_shows_no_earlier_holder_s_consumption(importer: ImportRunner):
    await publish(requisites_in(TEXT))
    account = await given_account("0000000001")
    await load_bills(importer, 9, 10)
    account.visible_days = ((date(2026, 10, 15), None),)
    await account.save()
    october = await receipt(10)
    assert [period for period, _ in october.history] == [date(2026, 10, 1)]
    assert (october.difference, october.causes) == (None, ())


async def load_name(importer: ImportRunner, name: str, expected_changes: int | None = None) -> None:
    header = HEADER.replace("first_name;", "first_name;holder_patronymic;")
    row = ROW.format(**{**FIRST, "name": name})
    file = importer.put("a.csv", header + row)
    await importer.load(ImportKind.ACCOUNTS, file, expected_changes=expected_changes)


@pytest.mark.parametrize("missing", ["", "-", "нет"])
@pytest.mark.parametrize(
    ("known", "new"),
    [
        ("Емельянова;Виктория;Борисовна", "Ли;Анна"),
        ("Иванова;Мария;Петровна", "Иванова;Марина"),
        ("Иванова;Мария;Петровна", "Иванова;Анна"),
        ("Иванова;Мария;Петровна", "Петрова;Мария"),
    ],
)
async def test_another_person_gets_no_patronymic_of_the_holder_before(
    importer: ImportRunner, anna: Viewer, known: str, new: str, missing: str
):
    await load_name(importer, known)
    link = await given_link(anna, await Account.get())

    await load_name(importer, f"{new};{missing}", expected_changes=1)

    holder = await Holder.get(until=None)
    last_name, first_name = new.split(";")
    assert (holder.last_name, holder.first_name, holder.patronymic) == (last_name, first_name, None)
    assert await Holder.all().count() == 2
    assert (await AccountLink.get(id=link.id)).state is LinkState.SUSPENDED


@pytest.mark.parametrize(
    "spelling",
    [
        "Иванова;Мария",
        "ИВАНОВА;МАРИЯ",
        "Иванова;М.",
        "Иванова;М",
        "Иванова М.П.;М. П.",
        "Иванова;М.П.",
    ],
)
async def test_the_same_person_keeps_their_patronymic(
    importer: ImportRunner, anna: Viewer, spelling: str
):
    await load_name(importer, "Иванова;Мария;Петровна")
    link = await given_link(anna, await Account.get())

    await load_name(importer, f"{spelling};", expected_changes=0)

    last_name, first_name = spelling.split(";")
    holder = await Holder.get()
    assert (holder.last_name, holder.first_name) == (last_name, first_name)
    assert (holder.patronymic, holder.until) == ("Петровна", None)
    assert (await AccountLink.get(id=link.id)).state is LinkState.ACTIVE


@pytest.mark.parametrize("known", ["Иванова;Мария;", "Иванова;М.;", "Иванова;М. П.;"])
async def test_a_patronymic_that_comes_for_the_first_time_completes_the_name(
    importer: ImportRunner, anna: Viewer, known: str
):
    await load_name(importer, known)
    link = await given_link(anna, await Account.get())

    await load_name(importer, "Иванова;Мария;Петровна", expected_changes=0)

    names = await Holder.all().values_list("first_name", "patronymic", "until")
    assert names == [("Мария", "Петровна", None)]
    assert (await AccountLink.get(id=link.id)).state is LinkState.ACTIVE


@pytest.mark.parametrize(
    ("known", "new"),
    [
        ("Иванов;Иван;Иванович", "Иванов;Игорь;Иванович"),
        ("Иванова;Мария;Петровна", "Иванова;Марина;Павловна"),
        ("Иванова;Мария;", "Иванова;Марина;Петровна"),
        ("Иванов;И.И.;", "Иванов;И.П.;"),
    ],
)
async def test_a_relative_with_the_same_initials_is_another_person(
    importer: ImportRunner, anna: Viewer, known: str, new: str
):
    await load_name(importer, known)
    link = await given_link(anna, await Account.get())

    await load_name(importer, new, expected_changes=1)

    assert await Holder.all().count() == 2
    assert (await AccountLink.get(id=link.id)).state is LinkState.SUSPENDED


async def test_a_name_after_an_initial_keeps_the_patronymic(importer: ImportRunner, anna: Viewer):
    await load_name(importer, "Иванова;М.;П.")

    await load_name(importer, "Иванова;Мария;")

    names = await Holder.all().values_list("last_name", "first_name", "patronymic")
    assert names == [("Иванова", "Мария", "П.")]


LOADED = "2026-12-03T10:00+07:00"
OLD, NEW = "2019-03-01", "2026-11-01"


async def load_signed(importer: ImportRunner, signed_on: str, **changed: str) -> None:
    values = {**FIRST, "since": "", **changed}
    text = HEADER + ROW.replace("2019-03-01", signed_on).format(**values)
    now = datetime(2026, 12, 3, 12, tzinfo=UTC)
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", text), now=now)


@pytest.mark.parametrize(
    ("known", "known_since", "signed_on", "first_day"),
    [
        pytest.param(OLD, "", NEW, NEW, id="a new contract begins with its holder"),
        pytest.param(OLD, "", OLD, "2026-12-03", id="an old contract says nothing"),
        pytest.param(
            "2015-05-01", "2010-01-01", "2015-05-01", "2026-12-03", id="nor a younger one"
        ),
        pytest.param(OLD, "", "2018-01-01", "2026-12-03", id="nor one of before the holder"),
        pytest.param(OLD, "2026-11-20", NEW, "2026-12-03", id="nor one of the holder's own"),
    ],
)
async def test_another_person_without_a_day_begins_with_a_new_contract_or_the_data(
    importer: ImportRunner, known: str, known_since: str, signed_on: str, first_day: str
):
    await publish(requisites_in(TEXT))
    await load_signed(importer, known, since=known_since)
    await load_bills(importer, 11)

    await load_signed(importer, signed_on, name="Новосёлов;Пётр", as_of=LOADED)

    day = date.fromisoformat(first_day)
    assert await visible_days() == ((day, None),)
    former = await Holder.get(last_name="Иванова")
    assert former.until == day
    payer = "Новосёлов Пётр" if first_day == NEW else "Иванова О."
    assert (await receipt(11)).payer.holder == payer


async def test_the_default_day_of_another_person_is_of_the_company_s_zone(importer: ImportRunner):
    await load_signed(importer, OLD)

    await load_signed(importer, OLD, name="Петров;О.", as_of="2026-12-02T20:00Z")  # 03:00 there

    assert await visible_days() == ((date(2026, 12, 3), None),)


async def test_the_same_file_again_moves_no_day(importer: ImportRunner):
    await load_signed(importer, OLD)
    for as_of in (LOADED, "2026-12-03T11:00+07:00"):
        await load_signed(importer, NEW, name="Петров;О.", as_of=as_of)

    assert await visible_days() == ((date(2026, 11, 1), None),)
    assert await Holder.all().count() == 2
