"""Notices of payments: one for the payer, none for others."""

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice
from tests.factories.accounts import given_link
from tests.factories.payments import PaymentScenario
from tests.support.client import ApiClient

NOTICES = """{ viewer { notices(first: 5) { nodes {
  kind text amount accountId aboutId } } } }"""


async def notices(api: ApiClient, token: str) -> object:
    return (await api.ask(NOTICES, token))["viewer"]["notices"]["nodes"]


async def test_a_payment_has_one_notice_for_its_payer(scenario: PaymentScenario, boris: Viewer):
    await given_link(boris, scenario.account)
    payment = await scenario.paid(100_000)
    for _ in range(2):
        await scenario.callback("payment.succeeded", payment.reference or "")
        await scenario.do_jobs()

    (notice,) = (await scenario.api.ask(NOTICES, scenario.token))["viewer"]["notices"]["nodes"]
    assert (notice["kind"], notice["amount"]) == ("PAYMENT_RECEIVED", "1000.00")
    assert notice["aboutId"] == to_public("pay", payment.id)
    assert notice["accountId"] == to_public("acc", scenario.account.id)
    assert await notices(scenario.api, await scenario.api.signed_in(boris)) == []


async def test_an_unpaid_payment_has_no_notice(scenario: PaymentScenario):
    await scenario.reconcile((await scenario.begun()).id)

    assert await Notice.all().count() == 0
