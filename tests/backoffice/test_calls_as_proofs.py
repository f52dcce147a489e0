"""Readings by telephone and the proof of an account: anybody may have called."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.accounts.models import AccountLink, Holder, LinkEvent, ProofFault
from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.billing.models import InvoiceReading
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, ReadingSource
from tests.factories.accounts import given_invoice
from tests.factories.metering import LONG_AGO, TODAY, Home, given_home, given_read
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

TAKE = """mutation ($input: StaffReadingsTakeInput!) { staffReadingsTake(input: $input) {
  readings { state } errors { code } } }"""
PREVIEW = """mutation ($input: AccountLinkPreviewInput!) { accountLinkPreview(input: $input) {
  preview { maskedHolder } errors { code path } } }"""
REFUSED: dict[str, Any] = {"preview": None, "errors": [{"code": "LINK_PROOF_FAILED", "path": []}]}
PROVED: dict[str, Any] = {"preview": {"maskedHolder": "И*** П."}, "errors": []}


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    home = await given_home(api, anna)
    await Holder.create(
        account=home.account,
        last_name="Иванова",
        first_name="Пелагея",
        surname_key=surname_key("Иванова"),
        since=LONG_AGO,
    )
    return home


async def call(home: Home) -> None:
    """A clerk takes both readings from a caller."""
    now = home.api.clock.now
    clerk = await given_staff_session(await given_staff(enrolled_at=now), now)
    entries = [
        {"registerId": to_public("srg", register.id), "value": value}
        for register, value in ((home.day, "22477"), (home.night, "51277"))
    ]
    values = {
        "accountId": to_public("sac", home.account.id),
        "caller": "Кто-то",
        "entries": entries,
    }
    answer = await home.api.post(TAKE, clerk, input={**values, "idempotencyKey": "call"})
    payload = {"readings": [{"state": "ACCEPTED"}] * 2, "errors": []}
    assert answer["data"]["staffReadingsTake"] == payload


async def proof(home: Home, viewer: Viewer, reading: str) -> Any:
    form = {
        "subscriberType": "HOUSEHOLD",
        "accountNumber": home.account.number,
        "surname": "Иванова",
        "proof": {"lastReading": reading},
    }
    answer = await home.api.post(PREVIEW, await home.api.signed_in(viewer), input=form)
    return answer["data"]["accountLinkPreview"]


async def test_a_caller_s_reading_proves_nothing_and_the_one_before_still_does(
    home: Home, boris: Viewer
):
    await call(home)

    assert await proof(home, boris, "22477") == REFUSED
    assert await LinkEvent.all().values_list("fault", flat=True) == [ProofFault.STRONG_FACTOR]
    assert await proof(home, boris, "22400") == PROVED
    assert not await AccountLink.filter(user_id=boris.id).exists()


async def test_a_caller_s_reading_on_a_bill_proves_nothing_either(home: Home, boris: Viewer):
    await call(home)
    bill = await given_invoice(home.account, 11, charged=100, unpaid=0)
    readings = (
        await Reading.get(register=home.day, value=Decimal(22477)),
        await given_read(home.night, 51250, date(2026, 11, 21), ReadingSource.CONTROLLER),
    )
    for reading in readings:
        await InvoiceReading.create(
            invoice=bill,
            register_id=reading.register_id,
            current=reading,
            consumption_kwh=Decimal(77),
        )

    assert await proof(home, boris, "22477") == REFUSED
    assert await proof(home, boris, "51250") == PROVED


@pytest.mark.parametrize(
    ("source", "expected"), [(ReadingSource.PHONE, REFUSED), (ReadingSource.CUSTOMER, PROVED)]
)
async def test_a_reading_of_billing_proves_an_account_unless_its_source_is_the_telephone(
    home: Home, boris: Viewer, source: ReadingSource, expected: Any
):
    await given_read(home.day, 22477, TODAY, source)
    assert await proof(home, boris, "22477") == expected
