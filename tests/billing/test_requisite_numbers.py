"""Check digits detect a wrong digit in a company's or an account's number."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.service import requisites

BIC, ACCOUNT = "044525225", "40702810138250123017"
CORRESPONDENT = "30101810400000000225"


@pytest.mark.parametrize("inn", ["7707083893", "500100732259", "1841008627"])
def test_valid_inns_are_accepted(inn: str):
    assert requisites.is_inn(inn)


@pytest.mark.parametrize("inn", ["7707083894", "500100732269", "500100732258", "7707083"])
def test_invalid_inns_are_refused(inn: str):
    assert not requisites.is_inn(inn)


def test_valid_ogrns_are_accepted():
    assert requisites.is_ogrn("1027700132195")
    assert not requisites.is_ogrn("1027700132196")
    assert not requisites.is_ogrn("10277001321950")
    assert requisites.is_ogrn("304500116000157")
    assert not requisites.is_ogrn("304500116000158")


def test_a_kpp_has_its_form():
    assert requisites.is_kpp("7701AB001")
    assert not requisites.is_kpp("7701ab001")
    assert not requisites.is_kpp("77010100")


def test_a_bank_account_must_match_its_bic():
    assert requisites.is_account(ACCOUNT, BIC)
    assert not requisites.is_account(ACCOUNT, "043207612")
    assert not requisites.is_account(ACCOUNT, "144525225")
    assert requisites.is_correspondent_account(CORRESPONDENT, BIC)
    assert not requisites.is_correspondent_account("30101810400000000226", BIC)


def test_a_bank_may_have_no_correspondent_account():
    assert requisites.is_correspondent_account("0", BIC)
    assert not requisites.is_account("0", BIC)


@given(st.integers(0, 19), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, more: int):
    """The weights 7, 1 and 3 have no common divisor with 10."""
    wrong = (int(ACCOUNT[place]) + more) % 10
    assert not requisites.is_account(f"{ACCOUNT[:place]}{wrong}{ACCOUNT[place + 1 :]}", BIC)


@pytest.mark.parametrize("digit", "0123456789")
def test_repeated_digits_are_no_valid_number(digit: str):
    """Many of them, above all those of zeros, have the right check digits."""
    assert not any(requisites.is_inn(digit * length) for length in (10, 12))
    assert not any(requisites.is_ogrn(digit * length) for length in (13, 15))
    assert not requisites.is_bic(digit * 9)
    assert not any(
        check(digit * 20, bic)
        for check in (requisites.is_account, requisites.is_correspondent_account)
        for bic in (BIC, digit * 9)
    )


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (requisites.is_inn, "4200000004"),  # no serial number
        (requisites.is_inn, "420000000030"),
        (requisites.is_inn, "0012345674"),  # no region
        (requisites.is_ogrn, "1000000000000"),
        (requisites.is_ogrn, "9027700132193"),  # no kind of a record of a company
        (requisites.is_kpp, "000000000"),
        (requisites.is_kpp, "770101000"),
        (requisites.is_bic, "040000000"),
    ],
)
def test_numbers_with_a_part_of_zeros_are_invalid(check: Callable[[str], bool], text: str):
    assert not check(text)


def test_an_account_has_a_number_behind_its_check_digit():
    zeros = [f"40702810{digit}00000000000" for digit in range(10)]
    assert not any(requisites.is_account(account, BIC) for account in zeros)


@given(st.from_regex(r"0{4}[0-9]{8}", fullmatch=True))
def test_an_inn_needs_a_region_code(digits: str):
    assert not any(requisites.is_inn(text) for text in (digits, digits[:10]))
