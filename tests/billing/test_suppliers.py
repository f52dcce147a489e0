"""Requisites are checked before money is sent by them."""

from datetime import date

import pytest

from lk_graphql.billing.models import Supplier
from lk_graphql.billing.service.requisites import (
    InvalidRequisites,
    RequisitesChanged,
    publish,
    requisites_in,
    supplier_on,
)
from lk_graphql.demo.data.requisites import TEXT


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"4299999993"', '"4299999994"', "inn: its control key is wrong"),
        ('"1024200000000"', '"1024200000001"', "ogrn: its control key is wrong"),
        ('"429901001"', '"4299"', "kpp: it has nine characters"),
        ("40702810600000000001", "40702810600000000002", "account: its control key doesn't fit"),
        ("30101810800000000999", "30101810800000000998", "correspondent_account: its control key"),
        ('bic = "043207999"', 'bic = "143207999"', "bic: a Russian bank's"),
        ("bank_name", "bank", "bank_name: Field required"),
        ("office_hours =", "office_hours", "It isn't TOML"),
    ],
)
def test_a_fault_is_told(right: str, wrong: str, said: str):
    assert right in TEXT
    with pytest.raises(InvalidRequisites, match=said):
        requisites_in(TEXT.replace(right, wrong))


async def test_a_later_row_takes_over_on_its_day(database: str):
    now = requisites_in(TEXT)
    later = now.model_copy(update={"valid_from": date(2027, 1, 1), "phone": "8 800 000-00-00"})
    assert [await publish(now), await publish(later), await publish(now)] == [True, True, False]
    phones = [
        found.phone if (found := await supplier_on(day)) else None
        for day in (date(2009, 12, 31), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert phones == [None, now.phone, later.phone]


async def test_what_is_published_stays(database: str):
    now = requisites_in(TEXT)
    await publish(now)
    with pytest.raises(RequisitesChanged, match="2010-01-01"):
        await publish(now.model_copy(update={"phone": "8 800 000-00-00"}))
    assert (await Supplier.get()).phone == now.phone
