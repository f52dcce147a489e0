"""What people type is read kindly, and compared as one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.accounts.errors import (
    AccountNumberInvalid,
    ReadingUnreadable,
    SubscriberTypeUnsupported,
    SurnameInvalid,
    TotalUnreadable,
    UnifiedNumberUnreadable,
)
from lk_graphql.accounts.models import SubscriberType
from lk_graphql.accounts.service import claim_parsing as written
from lk_graphql.accounts.service.claim_parsing import Factor, LinkClaim, LinkClaimForm, read_claim
from lk_graphql.kit.errors import Refusals

PATTERN = "[0-9]{8,12}"


def form(
    factor: Factor = Factor.LAST_READING, proof: str = "12345", **changed: str
) -> LinkClaimForm:
    return LinkClaimForm(
        subscriber_type=SubscriberType(changed.get("subscriber_type", "HOUSEHOLD")),
        account_number=changed.get("account_number", "0012345678"),
        surname=changed.get("surname", "Иванова"),
        factor=factor,
        proof=proof,
    )


def read(asked: LinkClaimForm) -> LinkClaim:
    return read_claim(asked, number_pattern=PATTERN)


@pytest.mark.parametrize(
    "typed",
    ["0012345678", "00 1234 5678", " 00-1234—5678 ", "００１２３４５６７８", "001234\u00a05678"],
)
def test_an_account_number_keeps_its_zeros_and_loses_its_spaces(typed: str):
    assert read(form(account_number=typed)).number == "0012345678"


@pytest.mark.parametrize(
    "typed", ["", "123", "0012345678901", "00123456O8", "٠٠١٢٣٤٥٦٧٨", "1" * 5000]
)
def test_another_account_number_is_refused(typed: str):
    with pytest.raises(AccountNumberInvalid):
        written.account_number(typed, pattern=PATTERN)


@pytest.mark.parametrize(
    "typed",
    [
        "Семёнова-Тянь",
        "СЕМЕНОВА ТЯНЬ",
        " семёнова - тянь ",
        "Семенова-Тянь А.Ф.",
        "семенова-тянь а. ф.",
    ],
)
def test_a_surname_is_compared_without_case_hyphens_and_initials(typed: str):
    assert read(form(surname=typed)).surname_key == written.surname_key("Семёнова-Тянь")


def test_surnames_of_other_people_stay_apart():
    assert written.surname_key("Иванова") != written.surname_key("Иванов")
    assert written.surname_key("Иванова") != written.surname_key("Иванова-Петрова")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12345", "12345"),
        ("12345,5", "12345.5"),
        ("00012 345.25", "12345.25"),
        ("7", "7"),
    ],
)
def test_a_reading_may_have_a_comma_or_a_point(typed: str, value: str):
    assert read(form(proof=typed)).proof == value


@pytest.mark.parametrize(
    ("typed", "kopecks"), [("1234,56", "123456"), ("1 234.5", "123450"), ("1234", "123400")]
)
def test_a_total_is_compared_in_kopecks(typed: str, kopecks: str):
    assert read(form(Factor.BILL_TOTAL, typed)).proof == kopecks


@pytest.mark.parametrize("typed", ["75ДА533315", "75да 533315", "75-ДА-533315"])
def test_a_unified_number_may_be_typed_in_either_case(typed: str):
    assert read(form(Factor.UNIFIED_NUMBER, typed)).proof == written.unified_number("75ДА533315")


def test_a_unified_number_may_be_typed_in_either_alphabet():
    latin, cyrillic = "70AK000560", "70АК000560"
    assert latin != cyrillic
    assert written.unified_number(latin) == written.unified_number(cyrillic)


def test_all_faults_are_told_at_once():
    with pytest.raises(Refusals) as refused:
        read(
            form(
                Factor.BILL_TOTAL,
                "много",
                subscriber_type="BUSINESS",
                account_number="12",
                surname="42",
            )
        )
    assert [(type(one), one.path) for one in refused.value.refusals] == [
        (SubscriberTypeUnsupported, ("subscriberType",)),
        (AccountNumberInvalid, ("accountNumber",)),
        (SurnameInvalid, ("surname",)),
        (TotalUnreadable, ("proof", "billTotal")),
    ]


@pytest.mark.parametrize(
    ("factor", "typed", "refusal"),
    [
        (Factor.LAST_READING, "-5", ReadingUnreadable),
        (Factor.LAST_READING, "1e5", ReadingUnreadable),
        (Factor.LAST_READING, "1.2345", ReadingUnreadable),
        (Factor.LAST_READING, "NaN", ReadingUnreadable),
        (Factor.BILL_TOTAL, "10.999", TotalUnreadable),
        (Factor.BILL_TOTAL, "", TotalUnreadable),
        (Factor.UNIFIED_NUMBER, "75533315ДА", UnifiedNumberUnreadable),
        (Factor.UNIFIED_NUMBER, "75ДА53331", UnifiedNumberUnreadable),
    ],
)
def test_an_unreadable_proof_is_refused_by_its_own_words(
    factor: Factor, typed: str, refusal: type[Exception]
):
    with pytest.raises(Refusals) as refused:
        read(form(factor, typed))
    assert [type(one) for one in refused.value.refusals] == [refusal]


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(Factor), st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(
    number: str, surname: str, factor: Factor, proof: str
):
    try:
        claim = read(form(factor, proof, account_number=number, surname=surname))
    except Refusals:
        return
    assert claim.number.isdigit()
    assert claim.surname_key


@given(st.from_regex("[0-9]{8,12}", fullmatch=True), st.data())
def test_spaces_and_dashes_never_matter(number: str, data: st.DataObject):
    gaps = st.text(alphabet=" -–—\u00a0\t", max_size=2)
    typed = "".join(digit + data.draw(gaps) for digit in number)[:40]
    expected = "".join(c for c in typed if c.isdigit())
    if expected == number:
        assert written.account_number(typed, pattern=PATTERN) == number
