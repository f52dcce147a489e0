"""Erasure of personal data in payments."""

from datetime import UTC, datetime

from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.models import FiscalReceipt, LedgerLine, Payment, Refund
from lk_graphql.payments.service import refunds
from lk_graphql.payments.service.personal_data import PERSONAL_DATA
from tests.factories.accounts import given_link
from tests.factories.payments import PaymentScenario, request_refund

REASON = "Анна Иванова оплатила дважды"


async def test_an_erasure_deletes_texts_and_addresses_and_leaves_the_documents(
    scenario: PaymentScenario, boris: Viewer
):
    await given_link(boris, scenario.account)
    payment = await scenario.paid(100_000)
    now = datetime.now(UTC)
    claim = refunds.RefundClaim(payment.id, 1, Kopecks(30_000), REASON, new_key().hex)
    await request_refund(scenario.acquirer, claim, now=now)
    await scenario.do_jobs()
    await FiscalReceipt.all().update(url="https://ofd.example/1")
    await Payment.all().update(return_url="https://lk.example/paid?name=Анна")
    lines = await LedgerLine.all().order_by("id").values_list("book", "amount")
    (eraser,) = PERSONAL_DATA.erasers

    assert not eraser.deletes
    assert await eraser.erase(boris.id, now) == 0
    assert (await Refund.get()).reason == REASON
    assert await eraser.erase(scenario.anna.id, now) == 1
    assert (await Refund.get()).reason == "—"
    payment = await Payment.get()
    assert (payment.page_url, payment.return_url) == ("", None)
    assert {receipt.url for receipt in await FiscalReceipt.all()} == {None}
    assert await LedgerLine.all().order_by("id").values_list("book", "amount") == lines
