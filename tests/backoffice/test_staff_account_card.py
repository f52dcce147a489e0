"""The card of an account, by its number, whether somebody has linked it or not."""

from datetime import date
from typing import Any

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account
from lk_graphql.appeals.models import Appeal
from lk_graphql.billing.models import AccountBalance, ReceivedPayment
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.models import DifferenceKind, Payment, PaymentPart, PaymentState
from lk_graphql.payments.service import differences, ledger
from lk_graphql.payments.service.differences import Posting
from lk_graphql.staff.models import AccessNote, Act, AuditEntry
from tests.factories.accounts import NOW, NUMBER, given_account, given_bare_account, given_link
from tests.factories.appeals import given_appeal
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

CARD = """query Card($number: String!) { staff { account(number: $number) {
  number address closedOn holders { fullName since until }
  links { role state customer { fullName } }
  meters { serial registers { zone lastReading { value source caller }
    readings(first: 2) { nodes { value source } } } }
  consumption(first: 1) { nodes { period } }
  readingWindow { isOpen }
  balance { debt penalty overpayment processing amountDue }
  invoices(first: 2) { nodes { number period total unpaid status lines { amount } } }
  receivedPayments { nodes { paidOn amount agent externalId } }
  payments { nodes { number } } paymentDifferences { nodes { kind } }
  appeals { nodes { number } } callbacks { nodes { text } } } } }"""


async def card(api: ApiClient, token: str, number: str = NUMBER) -> Any:
    return (await api.ask(CARD, token, number=number))["staff"]["account"]


async def given_money(account: Account) -> None:
    await AccountBalance.filter(account=account).update(debt=30_000, penalty=150, overpayment=0)
    await ReceivedPayment.create(
        account=account,
        external_id="B-1",
        paid_on=date(2026, 10, 12),
        amount=50_000,
        agent="Сбербанк",
    )


async def test_a_clerk_sees_all_of_an_account_without_logins(api: ApiClient, database: str):
    account = await given_account()
    await given_money(account)
    shown = await card(api, await given_staff_session(await given_staff()))

    assert shown["number"] == NUMBER
    assert shown["links"] == []
    assert [holder["until"] for holder in shown["holders"]][:1] == [None]
    (meter,) = shown["meters"]
    assert [register["zone"] for register in meter["registers"]] == ["DAY", "NIGHT"]
    assert meter["registers"][0]["lastReading"] == {
        "value": "12345",
        "source": "CUSTOMER",
        "caller": None,
    }
    assert shown["balance"] == {
        "debt": "300.00",
        "penalty": "1.50",
        "overpayment": "0.00",
        "processing": "0.00",
        "amountDue": "301.50",
    }
    assert [bill["period"] for bill in shown["invoices"]["nodes"]] == ["2026-10", "2026-09"]
    assert shown["receivedPayments"]["nodes"] == [
        {"paidOn": "2026-10-12", "amount": "500.00", "agent": "Сбербанк", "externalId": "B-1"}
    ]


async def test_a_staff_card_has_the_customer_s_amounts_and_invoices(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_money(account)
    await given_link(anna, account)
    query = """{ viewer { accounts {
        balance { debt penalty overpayment processing amountDue }
        invoices(first: 2) { number period total unpaid status lines { amount } } } } }"""
    ((own,),) = (
        answer["accounts"] for answer in (await api.ask(query, await api.signed_in(anna))).values()
    )
    shown = await card(api, await given_staff_session(await given_staff()))

    assert shown["balance"] == own["balance"]
    assert shown["invoices"]["nodes"] == own["invoices"]
    assert [link["role"] for link in shown["links"]] == ["MEMBER"]


async def test_each_view_is_audited_and_visible_to_linked_customers(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    token = await given_staff_session(await given_staff())
    answer = await api.post(CARD, token, number=NUMBER)
    assert answer["data"]["staff"]["account"]["number"] == NUMBER

    looks = await AuditEntry.filter(act=Act.LOOKED).values_list("subject", "operation")
    assert set(looks) == {("account", "Card"), ("user", "Card")}
    assert await AuditEntry.filter(act=Act.LOOKED, subject_id=account.id).count() == 1
    assert await AccessNote.filter(user_id=anna.id, what=Act.LOOKED).count() == 1


async def test_a_view_is_audited_beside_a_field_without_a_plan_too(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    token = await given_staff_session(await given_staff())
    query = CARD.replace("{ staff {", "{ publicSettings { sendsSms } staff {")

    answer = await api.post(query, token, number=NUMBER)

    assert list(answer["data"]) == ["publicSettings", "staff"]
    assert answer["data"]["staff"]["account"]["number"] == NUMBER
    looks = await AuditEntry.filter(act=Act.LOOKED).values_list("subject", "operation")
    assert set(looks) == {("account", "Card"), ("user", "Card")}
    assert await AuditEntry.filter(act=Act.LOOKED, subject_id=account.id).count() == 1


async def test_other_numbers_show_nothing(api: ApiClient, database: str):
    await given_account()
    token = await given_staff_session(await given_staff())
    for number in (NUMBER[:-1], "", "%", "x' OR true --", NUMBER + "0", "9" * 5000):
        assert await card(api, token, number) is None


async def test_customers_and_guests_can_t_read_the_card(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    for token in (await api.signed_in(anna), ""):
        assert await api.ask(CARD, token, number=NUMBER) == {"staff": None}


async def test_an_appeal_with_a_hidden_author_is_not_on_the_card(api: ApiClient, anna: Viewer):
    account = await given_bare_account(NUMBER)
    await given_link(anna, account)
    open_appeal, hidden = [await given_appeal(anna) for _ in range(2)]
    await Appeal.filter(id__in=[open_appeal.id, hidden.id]).update(account_id=account.id)
    await Appeal.filter(id=hidden.id).update(hides_name=True)
    shown = await card(api, await given_staff_session(await given_staff()))
    assert shown["appeals"]["nodes"] == [{"number": open_appeal.number}]


async def given_joint_payment(user: Viewer, accounts: list[Account]) -> Payment:
    """One payment to several accounts, 100 rubles to each."""
    amount = 10_000
    payment = await Payment.create(
        user_id=user.id,
        number="ЛК-0000001",
        state=PaymentState.SUCCEEDED,
        amount=amount * len(accounts),
        commission=0,
        provider="test",
        reference="1",
        page_url="",
        created_at=NOW,
        paid_at=NOW,
        changed_at=NOW,
    )
    parts = [
        await PaymentPart.create(
            payment=payment,
            account=account,
            position=position,
            account_number=account.number,
            contract_number="",
            address="",
            amount=amount,
            advance=0,
            names_invoice=False,
        )
        for position, account in enumerate(accounts, start=1)
    ]
    async with in_transaction():
        await ledger.record_payment(payment, parts, at=NOW)
    return payment


async def test_of_a_joint_payment_each_card_shows_its_own_differences(api: ApiClient, anna: Viewer):
    accounts = [await given_bare_account(number) for number in (NUMBER, "0000000002")]
    payment = await given_joint_payment(anna, accounts)
    posting = Posting(f"{payment.number}-2", "0000000002", Kopecks(100))
    await differences.acknowledge([posting], now=NOW)
    await differences.report(payment, DifferenceKind.AMOUNT, "20000", "19900", now=NOW)
    token = await given_staff_session(await given_staff())
    query = """query ($number: String!) { staff { account(number: $number) {
      paymentDifferences { nodes { kind movement { number } } }
      acquirerDifferences { nodes { kind movement { number } } } } } }"""

    shown = [
        (await api.ask(query, token, number=account.number))["staff"]["account"]
        for account in accounts
    ]

    movement = {"number": "ЛК-0000001-2"}
    assert [one["paymentDifferences"]["nodes"] for one in shown] == [
        [],
        [{"kind": "POSTED_AMOUNT", "movement": movement}],
    ]
    assert [one["acquirerDifferences"]["nodes"] for one in shown] == [
        [{"kind": "AMOUNT", "movement": None}]
    ] * 2
