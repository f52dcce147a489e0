"""A bill's payment code, VAT, tariff orders and explanation through the API."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceReading,
    LineKind,
    PenaltyRate,
    PenaltyShare,
    Tariff,
    VatRate,
    VolumeBasis,
)
from lk_graphql.billing.service.receipts.content import load_receipt
from lk_graphql.billing.service.receipts.render import drafts
from lk_graphql.billing.service.requisites import publish, requisites_in
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, Zone
from tests.factories.accounts import given_account, given_link
from tests.factories.metering import TODAY
from tests.support.client import ApiClient
from tests.support.payment_code import parse
from tests.support.pdf_text import only_page, text_of

CODES = "{ viewer { accounts { invoices(first: 3) { period qrPayload } } } }"
VAT = "{ viewer { accounts { invoices(first: 3) { period vatPercent vatIncluded } } } }"
LINES = "{ viewer { accounts { invoices(first: 2) { lines { basis tariffOrder amount } } } } }"
WHY = """{ viewer { accounts { invoices(first: 3) { period total explanation {
    previousId previousPeriod previousTotal difference summary: text
    changes { __typename cause amount text service before now readingIds tariffOrders } } } } } }"""
SUPPLIER = "{ publicSettings { supplier { name inn bankAccount bic } } }"


def bills(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return answer["viewer"]["accounts"][0]["invoices"]


async def given_tariffs() -> None:
    for since, price in ((date(2026, 1, 1), "4.00"), (date(2026, 10, 1), "5.00")):
        await Tariff.create(
            category=TariffCategory.URBAN_GAS,
            zone=Zone.DAY,
            range_number=1,
            rubles_per_kwh=Decimal(price),
            valid_from=since,
            order_reference=f"приказ от {since:%d.%m.%Y}",
        )


async def given_lines(account: Account) -> list[Reading]:
    """125 kWh at 4 rubles in September, 128 at 5 in October, read after 35 days."""
    for month, kwh, price in ((9, 125, "4.00"), (10, 128, "5.00")):
        await InvoiceLine.create(
            invoice=await Invoice.get(account=account, period=date(2026, month, 1)),
            position=1,
            kind=LineKind.ENERGY,
            service="Электроснабжение",
            zone=Zone.DAY,
            range_number=1,
            basis=VolumeBasis.METER,
            quantity_kwh=Decimal(kwh),
            rubles_per_kwh=Decimal(price),
            amount=kwh * int(Decimal(price) * 100),
        )
    readings = await Reading.filter(register__zone=Zone.DAY).order_by("taken_on")
    readings[1].taken_on = date(2026, 10, 25)
    await readings[1].save()
    october = await Invoice.get(account=account, period=date(2026, 10, 1))
    await InvoiceReading.create(
        invoice=october,
        register_id=getattr(readings[1], "register_id"),  # noqa: B009 - Tortoise makes it
        previous=readings[0],
        current=readings[1],
        consumption_kwh=Decimal(128),
    )
    return readings


async def test_a_bill_is_explained_against_the_one_before(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_tariffs()
    readings = await given_lines(account)
    newest, older, oldest = bills(await api.ask(WHY, await api.signed_in(anna)))
    september = await Invoice.get(period=date(2026, 9, 1))
    assert newest["explanation"] == {
        "previousId": to_public("inv", september.id),
        "previousPeriod": "2026-09",
        "previousTotal": "500.00",
        "difference": "140.00",
        "summary": "На 140,00 ₽ больше, чем за сентябрь 2026.".replace(
            " 2026", "\N{NO-BREAK SPACE}2026"
        ),
        "changes": [
            {
                "__typename": "InvoiceChange",
                "cause": "DAYS",
                "amount": "83.33",
                "text": "Счёт за 35 дней вместо 30 — при том же расходе за день.",
                "service": "Электроснабжение",
                "before": "30",
                "now": "35",
                "readingIds": [],
                "tariffOrders": [],
            },
            {
                "__typename": "InvoiceChange",
                "cause": "VOLUME",
                "amount": "-71.33",
                "text": "Расход 128 кВт·ч, а при прежнем расходе за день было бы 146.",
                "service": "Электроснабжение",
                "before": "146",
                "now": "128",
                "readingIds": [to_public("rdg", readings[1].id)],
                "tariffOrders": [],
            },
            {
                "__typename": "InvoiceChange",
                "cause": "TARIFF",
                "amount": "128.00",
                "text": "Изменился тариф: 5,00 ₽ за кВт·ч вместо 4,00 ₽.",
                "service": "Электроснабжение",
                "before": "4",
                "now": "5",
                "readingIds": [],
                "tariffOrders": ["приказ от 01.10.2026"],
            },
        ],
    }
    assert older["explanation"]["changes"][0]["cause"] == "OTHER"  # August has no lines here
    assert oldest["explanation"] is None


async def test_an_account_s_bills_are_explained_by_its_own(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    """Another account's bill of the previous month isn't used."""
    account, other = await given_account(), await given_account("0012345679")
    await given_link(anna, account)
    await Invoice.filter(account=account, period__lt=date(2026, 10, 1)).delete()
    (bill,) = bills(await api.ask(WHY, await api.signed_in(anna)))
    assert bill["explanation"] is None
    assert await Invoice.filter(account=other).count() == 3


async def test_each_line_has_its_tariff_order(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_tariffs()
    await given_lines(account)
    answer = await api.ask(LINES, await api.signed_in(anna))
    assert [bill["lines"] for bill in bills(answer)] == [
        [{"basis": "METER", "tariffOrder": "приказ от 01.10.2026", "amount": "640.00"}],
        [{"basis": "METER", "tariffOrder": "приказ от 01.01.2026", "amount": "500.00"}],
    ]


async def test_the_vat_is_that_of_the_month_s_end(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    token = await api.signed_in(anna)
    newest = bills(await api.ask(VAT, token))[0]
    assert (newest["vatPercent"], newest["vatIncluded"]) == (None, None)
    for since, percent in ((date(2019, 1, 1), 20), (date(2026, 10, 31), 22)):
        await VatRate.create(percent=percent, valid_from=since, reference="НК РФ, ст. 164")
    assert bills(await api.ask(VAT, token)) == [
        {"period": "2026-10", "vatPercent": "22", "vatIncluded": "115.41"},
        {"period": "2026-09", "vatPercent": "20", "vatIncluded": "83.33"},
        {"period": "2026-08", "vatPercent": "20", "vatIncluded": "116.67"},
    ]


async def test_a_correction_of_earlier_years_has_the_vat_of_those_years(
    api: ApiClient, anna: Viewer
):
    """700.00 of October at 22 % (126.23), and -60.00 of December 2025 at 20 % (-10.00)."""
    account = await given_account()
    await given_link(anna, account)
    for since, percent in ((date(2019, 1, 1), 20), (date(2026, 1, 1), 22)):
        await VatRate.create(percent=percent, valid_from=since, reference="НК РФ, ст. 164")
    await publish(requisites_in(TEXT))
    bill = await Invoice.get(period=date(2026, 10, 1))
    december, october = date(2025, 12, 1), date(2026, 10, 1)
    months = ((1, 600_00, october, october), (2, -60_00, date(2025, 11, 1), december))
    for position, amount, first, last in months:
        await InvoiceLine.create(
            invoice=bill, position=position, kind=LineKind.RECALCULATION, amount=amount,
            service="Электроснабжение", corrects_from=first, corrects_to=last,
        )  # fmt: skip
    await InvoiceLine.create(
        invoice=bill, position=3, kind=LineKind.ENERGY, service="Электроснабжение", amount=100_00
    )
    await Invoice.filter(id=bill.id).update(charged=100_00, recalculated=540_00)

    newest, *_ = bills(await api.ask(VAT, await api.signed_in(anna)))
    receipt = await load_receipt(bill.id, period_format="MMYYYY", today=TODAY)

    assert (newest["vatPercent"], newest["vatIncluded"]) == ("22", "116.23")
    assert receipt
    assert "НДС 22 % и 20 % — 116,23\N{NO-BREAK SPACE}₽" in drafts(receipt)[0]
    await VatRate.filter(valid_from=date(2019, 1, 1)).delete()
    newest, *_ = bills(await api.ask(VAT, await api.signed_in(anna)))
    receipt = await load_receipt(bill.id, period_format="MMYYYY", today=TODAY)
    assert newest["vatIncluded"] is None
    assert receipt
    assert "НДС" not in drafts(receipt)[0].replace("Цены с НДС", "")


async def test_a_receipt_has_the_penalty_rules_of_its_month_s_end(api: ApiClient, anna: Viewer):
    """A set that replaces the one before changes no receipt of an older month."""
    await publish(requisites_in(TEXT))
    await given_link(anna, await given_account())
    await PenaltyShare.all().delete()
    await PenaltyRate.all().delete()
    sets = ((date(2016, 1, 1), 31, 300, "307-ФЗ"), (date(2026, 10, 31), 11, 200, "400-ФЗ"))
    for since, days_late, divisor, law in sets:
        await PenaltyShare.create(
            days_late=days_late, divisor=divisor, valid_from=since, reference=law
        )
    await PenaltyRate.create(
        is_cap=True, percent=Decimal("9.5"), valid_from=sets[0][0], valid_to=date(2026, 10, 30)
    )
    token = await api.signed_in(anna)
    answer = await api.ask("{ viewer { accounts { invoices(first: 2) { receiptUrl } } } }", token)
    october, september = [
        text_of(only_page((await api.http.get(bill["receiptUrl"])).content))
        for bill in answer["viewer"]["accounts"][0]["invoices"]
    ]
    assert (
        "Пени: с 31-го дня просрочки 1/300 ключевой ставки за день, ставка не выше 9,5 %."
        " Основание: 307-ФЗ." in september
    )
    assert (
        "Пени: с 11-го дня просрочки 1/200 ключевой ставки за день. Основание: 400-ФЗ." in october
    )


async def test_the_qr_code_has_the_amount_that_is_open_now(api: ApiClient, anna: Viewer):
    """August is paid; 500 of September and 640 of October are open."""
    account = await given_account()
    await given_link(anna, account)
    token = await api.signed_in(anna)
    assert [bill["qrPayload"] for bill in bills(await api.ask(CODES, token))] == [None] * 3
    await publish(requisites_in(TEXT))
    await Invoice.filter(period=date(2026, 10, 1)).update(gis_document_id="80AB123456-01-2610")
    newest, older, paid = bills(await api.ask(CODES, token))
    assert paid["qrPayload"] is None
    fields = parse(newest["qrPayload"])
    assert fields == {
        "Name": "ООО «Металлэнергофинанс» (демонстрация)",
        "PersonalAcc": "40702810600000000001",
        "BankName": "Вымышленный банк, г. Новокузнецк",
        "BIC": "043207999",
        "CorrespAcc": "30101810800000000999",
        "Sum": "114000",
        "Purpose": "Оплата электроэнергии за октябрь 2026, л/с 0012345678",
        "PayeeINN": "4299999993",
        "KPP": "429901001",
        "PersAcc": "0012345678",
        "PaymPeriod": "102026",
        "UIN": "80AB123456-01-2610",
        "TechCode": "02",
    }
    assert parse(older["qrPayload"])["Sum"] == "50000"


async def test_requisites_change_on_their_day(api: ApiClient, anna: Viewer):
    """The bank's day is the company's: seven hours ahead of UTC."""
    await given_link(anna, await given_account())
    token, requisites = await api.signed_in(anna), requisites_in(TEXT)
    await publish(requisites)
    await publish(
        requisites.model_copy(update={"valid_from": date(2026, 11, 22), "name": "Новое имя"})
    )
    names = [
        parse(bills(await api.ask(CODES, token, now=moment))[0]["qrPayload"])["Name"]
        for moment in (
            datetime(2026, 11, 21, 16, 59, tzinfo=UTC),
            datetime(2026, 11, 21, 17, 0, tzinfo=UTC),
        )
    ]
    assert names == [requisites.name, "Новое имя"]


async def test_an_old_receipt_has_today_s_bank_account(api: ApiClient, anna: Viewer):
    """The account of the day of issue may be closed; the heading stays as it was issued."""
    await given_link(anna, await given_account())
    requisites = requisites_in(TEXT)
    others = {"valid_from": date(2026, 11, 22), "account": "40702810138250123017", "name": "Новое"}
    await publish(requisites)
    await publish(requisites.model_copy(update=others | {"bic": "044525225"}))
    bill = await Invoice.get(period=date(2026, 10, 1))
    moment = datetime(2026, 11, 22, 5, tzinfo=UTC)

    newest, *_ = bills(await api.ask(CODES, await api.signed_in(anna), now=moment))
    receipt = await load_receipt(bill.id, period_format="MMYYYY", today=date(2026, 11, 22))

    assert receipt
    assert receipt.code == newest["qrPayload"]
    assert receipt.code
    assert "р/с 40702810138250123017" in drafts(receipt)[0]
    assert receipt.supplier.name == requisites.name


async def test_guests_read_the_supplier_s_requisites(api: ApiClient, database: str):
    assert (await api.post(SUPPLIER))["data"]["publicSettings"]["supplier"] is None
    await publish(requisites_in(TEXT))
    supplier = (await api.post(SUPPLIER))["data"]["publicSettings"]["supplier"]
    assert supplier == {
        "name": "ООО «Металлэнергофинанс» (демонстрация)",
        "inn": "4299999993",
        "bankAccount": "40702810600000000001",
        "bic": "043207999",
    }
