"""Search by staff: what a caller says, or what is pasted from a receipt, finds who is meant."""

from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.accounts.models import Holder
from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Role, Viewer
from tests.factories.accounts import given_account, given_link
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

NUMBER = "0865247586"
ADDRESS = "Кемеровская область - Кузбасс, г. Новокузнецк, пр‑кт Берёзовый, д. 12, кв. 7"
CUSTOMERS = """query ($where: StaffCustomerFilterInput) { staff {
  found: customers(first: 5, where: $where) { nodes { fullName } } } }"""
ACCOUNTS = """query ($where: StaffAccountFilterInput) { staff {
  found: accounts(first: 5, where: $where) { nodes { number } } } }"""
ACCOUNT = "query ($number: String!) { staff { account(number: $number) { number } } }"
SPELT_NUMBERS = (
    NUMBER,
    "0865 2475 86",
    "0865-2475-86",
    f"\u200e{NUMBER}\n",
    "０８６５２４７５８６",
    f"\u00a0{NUMBER}",
)
SURNAMES = ("Фёдорова", "федорова", "ФЕДОРОВА", "Д'Артаньян", "Д’Артаньян", "д`артаньян")
FOUND: list[tuple[str, str, tuple[str, ...]]] = [
    (CUSTOMERS, "lastName", (*SURNAMES, "\u200bФедорова\n", "Фе\u0308дорова", "артаньян‑фед")),
    (CUSTOMERS, "email", ("anna@example.com", " Anna@Example.COM\n", "mailto:anna@example.com")),
    (CUSTOMERS, "phone", ("+79131234567", "8 (913) 123-45-67", "9131234567", "\u202a89131234567")),
    (CUSTOMERS, "accountNumber", SPELT_NUMBERS),
    (ACCOUNTS, "number", SPELT_NUMBERS),
    (ACCOUNTS, "unifiedNumber", ("80АБ123456", "80АБ 123456", "80-АБ-123456")),
    (ACCOUNTS, "holder", SURNAMES),
    (ACCOUNTS, "address", ("Березовый 12", "пр-кт Берёзовый,", "ПР–КТ БЕРЕЗОВЫЙ", "Кузбасс -")),
]
NOT_FOUND: list[tuple[str, str, tuple[str, ...]]] = [
    (CUSTOMERS, "lastName", ("Фодорова", "Ф_дорова", "%", "Дартаньян", "Федоров а1")),
    (CUSTOMERS, "email", ("", "anna", "anna@example.comm", "аnna@example.com")),
    (CUSTOMERS, "phone", ("", "1234567", "+7 913 123-45-68", "8913123456")),
    (CUSTOMERS, "accountNumber", ("", "865247586", "0865247587", "О865247586", f"{NUMBER}¹")),
    (ACCOUNTS, "number", ("", "865247586", "x")),
    (ACCOUNTS, "address", ("Берозовый", "Б_резовый", "д.12")),
]


@pytest_asyncio.fixture
async def clerk(api: ApiClient, anna: Viewer) -> str:
    """The token of a clerk; Anna has an account."""
    account = await given_account(NUMBER, unified_number="80АБ123456", address=ADDRESS)
    await given_link(anna, account)
    await User.filter(id=anna.id).update(last_name="Д'Артаньян-Фёдорова", phone="+79131234567")
    await Holder.all().update(last_name="Д’Артаньян-Фёдорова")
    return await given_staff_session(await given_staff(Role.CLERK), api.clock.now)


async def search(api: ApiClient, clerk: str, query: str, **where: str) -> list[Any]:
    answer = await api.ask(query, clerk, where=where)
    return answer["staff"]["found"]["nodes"]


@pytest.mark.parametrize(("query", "field", "typed"), FOUND, ids=lambda value: str(value)[-12:])
async def test_any_spelling_finds_the_customer(
    api: ApiClient, clerk: str, query: str, field: str, typed: tuple[str, ...]
):
    for text in typed:
        assert len(await search(api, clerk, query, **{field: text})) == 1, text


@pytest.mark.parametrize(("query", "field", "typed"), NOT_FOUND, ids=lambda value: str(value)[-12:])
async def test_another_word_or_number_finds_no_customer(
    api: ApiClient, clerk: str, query: str, field: str, typed: tuple[str, ...]
):
    for text in typed:
        assert await search(api, clerk, query, **{field: text}) == [], text


@pytest.mark.parametrize("typed", SPELT_NUMBERS)
async def test_an_account_s_card_is_opened_by_a_pasted_number(
    api: ApiClient, clerk: str, typed: str
):
    answer = await api.ask(ACCOUNT, clerk, number=typed)
    assert answer["staff"]["account"] == {"number": NUMBER}
