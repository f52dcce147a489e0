"""Who has paid is told, once; nobody else is."""

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice
from tests.factories.accounts import given_link
from tests.factories.payments import Paying
from tests.support.client import Cabinet

NOTICES = """{ viewer { notices(first: 5) { nodes {
  kind text amount accountId aboutId } } } }"""


async def told(cabinet: Cabinet, token: str) -> object:
    return (await cabinet.ask(NOTICES, token))["viewer"]["notices"]["nodes"]


async def test_a_payment_is_told_once_to_its_payer_alone(at_work: Paying, boris: Viewer):
    await given_link(boris, at_work.account)
    payment = await at_work.paid(100_000)
    for _ in range(2):
        await at_work.callback("payment.succeeded", payment.reference or "")
        await at_work.do_jobs()

    (notice,) = (await at_work.cabinet.ask(NOTICES, at_work.token))["viewer"]["notices"]["nodes"]
    assert (notice["kind"], notice["amount"]) == ("PAYMENT_RECEIVED", "1000.00")
    assert notice["aboutId"] == to_public("pay", payment.id)
    assert notice["accountId"] == to_public("acc", at_work.account.id)
    assert await told(at_work.cabinet, await at_work.cabinet.signed_in(boris)) == []


async def test_what_wasn_t_paid_is_no_news(at_work: Paying):
    await at_work.look((await at_work.begun()).id)

    assert await Notice.all().count() == 0
