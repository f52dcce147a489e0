"""Abilities over HTTP: open, closed, and what is missing, for frontends and for staff."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lk_graphql.billing.models import AccountBalance, Invoice, PenaltyRate, Supplier, VatRate
from lk_graphql.guards.requirements import missing
from lk_graphql.kit.viewer import Role
from lk_graphql.metering.models import LatePolicy
from lk_graphql.payments.models import PaymentTerms
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.acquiring import Shop, YooKassa
from lk_graphql.ports.sms import InMemorySmsGateway
from lk_graphql.rules.service.abilities import KEY_RATE
from tests.factories.accounts import NOW, given_account
from tests.factories.metering import TODAY, given_window
from tests.factories.notifications import given_sms_text
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient, open_client

PUBLIC = "{ publicSettings { abilities { link readings bills receipts payments sms appeals } } }"
STAFF = """{ staff { abilities { ability isOpen isOff missing { text remedy isBlocking } } } }"""


async def public(api: ApiClient) -> dict[str, bool]:
    return (await api.post(PUBLIC))["data"]["publicSettings"]["abilities"]


async def staff(api: ApiClient) -> dict[str, Any]:
    token = await given_staff_session(await given_staff(Role.CLERK))
    rows = (await api.ask(STAFF, token))["staff"]["abilities"]
    return {row["ability"]: row for row in rows}


async def test_an_empty_cabinet_offers_appeals_only(api: ApiClient):
    assert await public(api) == {
        "link": False, "readings": False, "bills": False, "receipts": False,
        "payments": False, "sms": False, "appeals": True,
    }  # fmt: skip


async def test_a_loaded_window_rule_opens_readings(api: ApiClient):
    """The account comes with a meter, but nobody has said when readings are taken."""
    await given_account()
    before, row = await public(api), (await staff(api))["READINGS"]
    await given_window(15, 25, LatePolicy.REFUSED)

    blocking = [item["remedy"] for item in row["missing"] if item["isBlocking"]]
    assert (row["isOpen"], blocking) == (False, ["lk import rules window_rules.csv"])
    assert [name for name, is_open in before.items() if is_open] == ["appeals"]
    assert [name for name, is_open in (await public(api)).items() if is_open] == [
        "readings",
        "appeals",
    ]


async def test_staff_read_each_missing_item_in_a_sentence(api: ApiClient):
    rows = await staff(api)

    assert rows["PAYMENTS"]["isOpen"] is False
    assert {
        "text": "Нет ставки НДС на сегодня.",
        "remedy": "lk import rules vat_rates.csv",
        "isBlocking": True,
    } in rows["PAYMENTS"]["missing"]
    assert rows["APPEALS"] == {
        "ability": "APPEALS", "isOpen": True, "isOff": False, "missing": []
    }  # fmt: skip


async def test_an_acquirer_and_an_sms_gateway_open_their_abilities(
    database: str, engine: QueryEngine
):
    """Of its ports: the settings name neither an acquirer nor a gateway here."""
    await given_sms_text()
    await given_account()
    await given_payee()
    acquirer = YooKassa(Shop("shop", "secret", "http://127.0.0.1:9"))
    async with open_client(engine, acquirer=acquirer, sms=InMemorySmsGateway()) as api:
        rows, is_open = await staff(api), await public(api)

    for ability in ("PAYMENTS", "SMS"):
        assert rows[ability] == {
            "ability": ability, "isOpen": True, "isOff": False, "missing": []
        }  # fmt: skip
        assert is_open[ability.lower()] is True


async def test_guests_can_t_read_the_missing_items(api: ApiClient):
    assert (await api.ask(STAFF))["staff"] is None


@pytest.mark.parametrize("absent", [None, Supplier, VatRate, PaymentTerms])
async def test_payments_need_requisites_a_vat_rate_and_terms(
    api: ApiClient, absent: type[Supplier | VatRate | PaymentTerms] | None
):
    await given_account()
    await given_payee()
    if absent:
        await absent.all().delete()

    absent_ones = (await staff(api))["PAYMENTS"]["missing"]

    remedies = {
        None: [],
        Supplier: ["lk supplier publish supplier.toml"],
        VatRate: ["lk import rules vat_rates.csv"],
        PaymentTerms: ["lk import rules payment_terms.csv"],
    }
    acquirer = ["LK_ACQUIRER_SHOP and LK_ACQUIRER_SECRET"]
    assert [item["remedy"] for item in absent_ones] == [*acquirer, *remedies[absent]]


async def test_a_rate_that_begins_tomorrow_opens_nothing_today(api: ApiClient):
    await given_account()
    await given_payee()
    await VatRate.all().update(valid_from=date(2999, 6, 15))

    absent_ones = (await staff(api))["PAYMENTS"]["missing"]

    assert "lk import rules vat_rates.csv" in [item["remedy"] for item in absent_ones]


@pytest.mark.parametrize(("age", "is_stale"), [(89, False), (90, True), (-1, False)])
async def test_an_old_key_rate_is_not_silent(database: str, age: int, *, is_stale: bool):
    """A cap is no rate, and a decision that begins tomorrow is known."""
    for rate_age, is_cap in ((age, False), (200, False), (0, True)):
        await PenaltyRate.create(
            percent=15, is_cap=is_cap, valid_from=TODAY - timedelta(rate_age), reference="a test"
        )

    assert await missing([KEY_RATE], today=TODAY) == [KEY_RATE] * is_stale
    assert KEY_RATE.blocks is False


async def given_payee() -> None:
    await PaymentTerms.create(
        valid_from=date(2020, 1, 1), minimum=100, maximum=35_000_000,
        commission_percent=Decimal(0), reference="a test",
    )  # fmt: skip
    await VatRate.create(percent=22, valid_from=date(2026, 1, 1), reference="425-ФЗ")
    await Supplier.create(
        valid_from=date(2020, 1, 1), name="МЭФ", inn="7707083893", kpp=None,
        ogrn="1027700132195", bank_name="Банк", bic="044525225",
        account="40702810138250123017", correspondent_account="30101810400000000225",
        address="Новокузнецк", phone="+7 3843 12-34-56", office_hours="пн-пт 8-17",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("period", "debt", "is_missing"),
    [
        (date(2025, 12, 1), 100_00, True),
        (date(2026, 1, 1), 100_00, False),
        (date(2026, 1, 1), 100_01, True),  # a kopeck is older than the first bill
        (date(2026, 2, 1), 100_01, False),
    ],
)
async def test_staff_learn_of_debts_older_than_the_first_vat_rate(
    api: ApiClient, period: date, debt: int, *, is_missing: bool
):
    """Their customers can't pay by card, though payments are open."""
    account = await given_account()
    await given_payee()
    await Invoice.filter(account=account).delete()
    await AccountBalance.filter(account=account).delete()
    await Invoice.create(
        account=account, number="1", period=period, issued_on=period, due_on=period,
        opening_balance=0, charged=100_00, recalculated=0, penalty=0, paid=0,
        closing_balance=100_00, unpaid=100_00, consumption_kwh=0,
    )  # fmt: skip
    await AccountBalance.create(account=account, debt=debt, penalty=0, overpayment=0, as_of=NOW)

    absent = (await staff(api))["PAYMENTS"]["missing"]

    remedies = [item["remedy"] for item in absent if not item["isBlocking"]]
    assert remedies == ["lk import rules vat_rates.csv"] * is_missing
