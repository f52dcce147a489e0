"""Mutations, files and jobs lead to nothing of an earlier holder's time (152-ФЗ).

`tests/test_ownership.py` walks the paths of queries.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lk_graphql.accounts.models import Account, Holder
from lk_graphql.accounts.service.holders import HolderName, change_holder
from lk_graphql.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceReading,
    LineKind,
    ReceivedPayment,
)
from lk_graphql.billing.service.personal_data import PERSONAL_DATA
from lk_graphql.billing.service.requisites import publish, requisites_in
from lk_graphql.database import raw_sql
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.metering.models import Reading, ReadingState
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.reading_states import accept_reading, reject_reading
from lk_graphql.notifications.models import Notice
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.accounts import NOW, given_account, given_link
from tests.factories.metering import TODAY, given_home, noon
from tests.factories.payments import given_terms
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient
from tests.support.pdf_text import only_page, text_of

SINCE = date(2026, 10, 15)
"""Bills of August and September are the earlier holder's, October's is the new one's."""
BILLS = """{ viewer { accounts { invoices { period receiptUrl explanation { previousPeriod }
  previous { period } } } } }"""
READINGS = """{ viewer { accounts { meters { registers { lastReading { takenOn }
  readings { totalCount nodes { takenOn } } } } } } }"""


async def given_bills(viewer: Viewer) -> tuple[Account, dict[int, Invoice]]:
    """A linked account, and its bills by month."""
    account = await given_account()
    await given_link(viewer, account)
    return account, {invoice.period.month: invoice for invoice in await Invoice.all()}


async def given_invoice_line(invoice: Invoice) -> InvoiceLine:
    return await InvoiceLine.create(
        invoice=invoice, position=1, kind=LineKind.ENERGY, service="Энергия", amount=100
    )


async def sell(account: Account) -> None:
    """Another holder, with the link given back by staff."""
    buyer = HolderName("Петров", "Олег", None)
    await change_holder(account.id, buyer, since=SINCE, default_since=SINCE, now=NOW)
    await raw_sql.fetch("UPDATE account_link SET state = 'ACTIVE'")


async def bill_rows(api: ApiClient, token: str) -> list[dict[str, Any]]:
    (account,) = (await api.ask(BILLS, token, now=NOW))["viewer"]["accounts"]
    return account["invoices"]


async def months(api: ApiClient, token: str) -> list[str]:
    return [row["period"] for row in await bill_rows(api, token)]


async def test_the_explanation_compares_with_no_earlier_holder_s_bill(api: ApiClient, anna: Viewer):
    account, _ = await given_bills(anna)
    token = await api.signed_in(anna)
    october = (await bill_rows(api, token))[0]
    assert october["explanation"] == {"previousPeriod": "2026-09"}
    assert october["previous"] == {"period": "2026-09"}
    await sell(account)
    (october,) = await bill_rows(api, token)
    assert (october["period"], october["explanation"]) == ("2026-10", None)
    assert october["previous"] is None


async def test_a_receipt_s_link_ends_with_its_holder(api: ApiClient, anna: Viewer):
    await publish(requisites_in(TEXT))
    account, _ = await given_bills(anna)
    token = await api.signed_in(anna)
    api.clock.now = NOW
    october, september, _ = [row["receiptUrl"] for row in await bill_rows(api, token)]
    assert (await api.http.get(september)).status_code == 200
    await sell(account)
    assert (await api.http.get(september)).status_code == 404
    assert (await api.http.get(october)).status_code == 200


async def given_reading_row(invoice: Invoice, *, since: date) -> None:
    """The bill's readings: the first of the day before the holder's first, then one on it."""
    previous, current = await Reading.filter(register__position=1).order_by("taken_on")
    await Reading.filter(id=previous.id).update(taken_on=since - timedelta(days=1))
    await Reading.filter(id=current.id).update(taken_on=since)
    await InvoiceReading.create(
        invoice=invoice,
        register_id=current.register_id,
        previous=previous,
        current=current,
        consumption_kwh=Decimal(150),
    )


async def receipt_text(api: ApiClient, token: str) -> str:
    """The page of the newest bill."""
    api.clock.now = NOW
    (url, *_) = [row["receiptUrl"] for row in await bill_rows(api, token)]
    return text_of(only_page((await api.http.get(url)).content))


async def test_a_receipt_shows_payments_and_readings_of_the_holder_s_days(
    api: ApiClient, anna: Viewer
):
    """Of an earlier holder's reading the value stays: the price depends on it (decision 0063)."""
    await publish(requisites_in(TEXT))
    account, bills = await given_bills(anna)
    await given_reading_row(bills[10], since=SINCE)
    for day, agent in ((SINCE - timedelta(days=1), "Сбербанк"), (SINCE, "Почта")):
        await ReceivedPayment.create(
            account=account, external_id=agent, paid_on=day, amount=50_000, agent=agent,
            invoice=bills[10],
        )  # fmt: skip
    token = await api.signed_in(anna)

    whole = await receipt_text(api, token)
    assert "12 195 14.10.2026, ваше 12 345 15.10.2026, ваше 150" in whole
    assert "Поступившие оплаты 14.10.2026, Сбербанк 500,00 15.10.2026, Почта 500,00 " in whole

    await sell(account)
    of_new_holder = await receipt_text(api, token)
    assert "12 195 12 345 15.10.2026, ваше 150" in of_new_holder
    assert "Поступившие оплаты 15.10.2026, Почта 500,00 Расход" in of_new_holder
    assert "14.10.2026" not in of_new_holder
    assert "Сбербанк" not in of_new_holder


async def test_a_receipt_denies_no_payment_that_it_does_not_list(api: ApiClient, anna: Viewer):
    await publish(requisites_in(TEXT))
    account, bills = await given_bills(anna)
    bill = bills[10]
    await Invoice.filter(id=bill.id).update(paid=50_000, opening_balance=100_000)
    await ReceivedPayment.create(
        account=account, external_id="1", paid_on=date(2026, 10, 5), amount=50_000,
        agent="Сбербанк", invoice=bill,
    )  # fmt: skip
    await sell(account)
    text = await receipt_text(api, await api.signed_in(anna))
    assert "Поступившие оплаты Оплачено за октябрь 2026: 500,00 ₽." in text
    assert "оплат не поступило" not in text


PREVIEW = """query ($input: PaymentPreviewInput!) { paymentPreview(input: $input) {
  preview { parts { period amountDue } } errors { code path } } }"""


async def test_a_payment_names_no_earlier_holder_s_bill(api: ApiClient, anna: Viewer):
    """Debts are billing's balance of the account, which isn't cut."""
    await given_terms()
    account, bills = await given_bills(anna)
    await sell(account)
    token = await api.signed_in(anna)

    async def preview(**more: str) -> Any:
        part = {"accountId": to_public("acc", account.id), **more}
        return (await api.post(PREVIEW, token, input={"parts": [part]}))["data"]["paymentPreview"]

    async def of_bill(month: int) -> Any:
        return await preview(invoiceId=to_public("inv", bills[month].id))

    part = {"period": "2026-10", "amountDue": "1140.00"}
    assert await preview() == {"preview": {"parts": [part]}, "errors": []}
    assert (await of_bill(10))["errors"] == []
    refusal = {"code": "INVOICE_NOT_FOUND", "path": ["parts", "0", "invoiceId"]}
    assert await of_bill(9) == {"preview": None, "errors": [refusal]}
    await Invoice.filter(period=date(2026, 10, 1)).delete()
    nameless = {"period": None, "amountDue": "1140.00"}
    assert await preview() == {"preview": {"parts": [nameless]}, "errors": []}


APPEAL = """mutation ($input: AppealCreateInput!) { appealCreate(input: $input) {
  appeal { subjectKind } errors { code path } } }"""


async def test_an_appeal_is_about_nothing_of_an_earlier_holder(api: ApiClient, anna: Viewer):
    account, bills = await given_bills(anna)
    early, late = [
        await ReceivedPayment.create(
            account=account, external_id=str(day), paid_on=day, amount=100, agent="Сбербанк"
        )
        for day in (date(2026, 10, 14), SINCE)
    ]
    lines = {
        month: to_public("iln", (await given_invoice_line(bills[month])).id) for month in (9, 10)
    }
    await sell(account)
    token = await api.signed_in(anna)
    topics = (await api.ask("{ appealTopics { id } }"))["appealTopics"]

    async def codes(**about: Any) -> list[str]:
        values = {"topicId": topics[0]["id"], "text": "Почему?", "idempotencyKey": str(about)}
        answer = await api.post(APPEAL, token, input={**values, "about": about})
        return [error["code"] for error in answer["data"]["appealCreate"]["errors"]]

    september, october = (to_public("inv", bills[month].id) for month in (9, 10))
    assert await codes(invoiceId=october) == []
    assert await codes(invoiceId=september) == ["SUBJECT_NOT_FOUND"]
    assert await codes(invoiceLineId=lines[9]) == ["SUBJECT_NOT_FOUND"]
    assert await codes(invoiceLineId=lines[10]) == []
    assert await codes(paymentId=to_public("rcv", late.id)) == []
    assert await codes(paymentId=to_public("rcv", early.id)) == ["SUBJECT_NOT_FOUND"]


async def test_readings_are_those_of_the_holder_s_days(api: ApiClient, anna: Viewer):
    home = await given_home(api, anna)
    payload = await home.submit(22600, 51300)
    reading = payload["entries"][0]["reading"]["id"]
    await Account.all().update(visible_days=((date(2026, 11, 21), None),))
    answer = await api.ask(READINGS, home.token, now=noon(TODAY))
    for register in answer["viewer"]["accounts"][0]["meters"][0]["registers"]:
        empty: dict[str, Any] = {"totalCount": 0, "nodes": []}
        assert register == {"lastReading": None, "readings": empty}
    refusal = {"code": "READING_NOT_FOUND", "path": ["readingId"]}
    assert (await home.withdraw(reading))["errors"] == [refusal]
    assert await home.states(home.day) == [(22600, "ACCEPTED")]


async def test_typical_consumption_is_computed_from_the_holder_s_own_days(
    api: ApiClient, anna: Viewer
):
    """The value before is needed for the price; the earlier holder's habits are not."""
    home = await given_home(api, anna)

    async def finding() -> Any:
        preview = (await home.preview(29000, 51300))["preview"]["entries"][0]
        assert preview["previousValue"] == "22400"
        return preview["findings"][0]["typicalMonths"] if preview["findings"] else []

    assert len(await finding()) > 3
    await Account.all().update(visible_days=((date(2026, 11, 1), None),))
    assert await finding() == []


@pytest.mark.parametrize("since", [TODAY, date(2026, 11, 21)])
async def test_a_decision_about_an_earlier_holder_s_reading_is_not_sent(
    api: ApiClient, anna: Viewer, since: date
):
    home = await given_home(api, anna)
    await home.submit(22600, 51300)
    await Notice.all().delete()
    await Account.all().update(visible_days=((since, None),))
    day, night = await Reading.filter(submitted_by_id=anna.id).order_by("register__position")
    await reject_reading(day.id, "не тот счётчик", billing=BILLING, now=NOW)
    await Reading.filter(id=night.id).update(state=ReadingState.ON_REVIEW)
    await accept_reading(night.id, billing=BILLING, now=NOW)
    assert await Notice.all().count() == (2 if since == TODAY else 0)


async def test_an_export_of_personal_data_has_the_holder_s_bills(api: ApiClient, anna: Viewer):
    account, _ = await given_bills(anna)
    await sell(account)
    (listing,) = PERSONAL_DATA.listings
    rows = await raw_sql.fetch(listing.sql, anna.id)
    assert ["2026-10-01" in row["json_build_object"] for row in rows] == [True]


async def test_a_bill_s_first_reading_may_be_the_earlier_holder_s(api: ApiClient, anna: Viewer):
    account, bills = await given_bills(anna)
    await given_reading_row(bills[10], since=SINCE)
    current = await Reading.get(register__position=1, taken_on=SINCE)
    await sell(account)
    query = "{ viewer { accounts { invoices { readings { previous { id } current { id } } } } } }"
    answer = await api.ask(query, await api.signed_in(anna))
    (readings,) = answer["viewer"]["accounts"][0]["invoices"][0]["readings"]
    assert readings == {"previous": None, "current": {"id": to_public("rdg", current.id)}}


async def household(api: ApiClient, token: str, account: Account, verb: str, reason: str) -> Any:
    query = f"""mutation ($input: StaffHousehold{verb}Input!) {{ staffHousehold{verb}(input: $input)
      {{ account {{ holders {{ fullName isVisible }} }} errors {{ code path }} }} }}"""
    values = {"accountId": to_public("sac", account.id), "reason": reason}
    answer = await api.post(query, token, input=values)
    if answer["data"] is None or answer["data"][f"staffHousehold{verb}"] is None:
        return answer["errors"][0]["extensions"]["code"]
    return answer["data"][f"staffHousehold{verb}"]


async def test_staff_record_a_household_with_a_reason_and_revoke_it(api: ApiClient, anna: Viewer):
    account, _ = await given_bills(anna)
    await sell(account)
    member = await given_staff(Role.SUPERVISOR)
    staff, token = await given_staff_session(member), await api.signed_in(anna)
    assert await months(api, token) == ["2026-10"]

    reason = "Свидетельство о браке, заявление 12-3"
    recorded = await household(api, staff, account, "Record", reason)
    assert recorded == {
        "account": {
            "holders": [
                {"fullName": "Петров Олег", "isVisible": True},
                {"fullName": "Иванова Пелагея Сергеевна", "isVisible": True},
            ]
        },
        "errors": [],
    }
    assert await months(api, token) == ["2026-10", "2026-09", "2026-08"]
    again = await household(api, staff, account, "Record", reason)
    assert again["errors"] == [{"code": "NO_EARLIER_HOLDER", "path": ["accountId"]}]

    revoked = await household(api, staff, account, "Revoke", "Заявление отозвано")
    assert [holder["isVisible"] for holder in revoked["account"]["holders"]] == [True, False]
    assert await months(api, token) == ["2026-10"]
    again = await household(api, staff, account, "Revoke", "Заявление отозвано")
    assert again["errors"] == [{"code": "HOUSEHOLD_NOT_RECORDED", "path": ["accountId"]}]
    acts = AuditEntry.filter(act__in=[Act.HOUSEHOLD_RECORDED, Act.HOUSEHOLD_REVOKED])
    assert await acts.order_by("id").values_list("act", "subject_id", "reason") == [
        (Act.HOUSEHOLD_RECORDED, account.id, reason),
        (Act.HOUSEHOLD_REVOKED, account.id, "Заявление отозвано"),
    ]


async def test_a_household_needs_a_reason_a_supervisor_and_an_earlier_holder(
    api: ApiClient, anna: Viewer
):
    account, _ = await given_bills(anna)
    clerk = await given_staff_session(await given_staff(Role.CLERK))
    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    assert await household(api, clerk, account, "Record", "Свидетельство") == "FORBIDDEN"
    answer = await household(api, supervisor, account, "Record", "Свидетельство")
    assert answer["errors"] == [{"code": "NO_EARLIER_HOLDER", "path": ["accountId"]}]
    await sell(account)
    answer = await household(api, supervisor, account, "Record", "  ")
    assert answer["errors"] == [{"code": "REASON_REQUIRED", "path": ["reason"]}]
    assert await Holder.exclude(household_id=None).count() == 0
    assert await AuditEntry.filter(act=Act.HOUSEHOLD_RECORDED).count() == 0


async def test_a_household_ends_with_the_next_holder(api: ApiClient, anna: Viewer):
    account, _ = await given_bills(anna)
    await sell(account)
    supervisor = await given_staff_session(await given_staff(Role.SUPERVISOR))
    await household(api, supervisor, account, "Record", "Свидетельство о браке")
    stranger = HolderName("Сидоров", "Пётр", None)
    await change_holder(account.id, stranger, since=date(2026, 11, 1), default_since=SINCE, now=NOW)
    await raw_sql.fetch("UPDATE account_link SET state = 'ACTIVE'")
    assert await months(api, await api.signed_in(anna)) == []
