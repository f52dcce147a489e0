import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit import emails
from lk_graphql.kit.password_rules import PasswordRule, broken_rules, words_of

MARINA = emails.parse("marina@yandex.ru")


@pytest.mark.parametrize(
    "password",
    ["Demo12345", "Kuzbass42", "a1B" * 42 + "xx", "Zima-Снег 2026!", "пароль Пароль aB3"],
)
def test_good_passwords_pass(password: str):
    assert broken_rules(password, MARINA, strict=False) == []


@pytest.mark.parametrize(
    ("password", "rules"),
    [
        ("Kuzba42", [PasswordRule.TOO_SHORT]),
        ("KUZBASS42", [PasswordRule.NO_LOWER_CASE]),
        ("kuzbass42", [PasswordRule.NO_UPPER_CASE]),
        ("KuzbassSu", [PasswordRule.NO_DIGIT]),
        ("Кузбасс42", [PasswordRule.NO_LOWER_CASE, PasswordRule.NO_UPPER_CASE]),
        ("Kuzbass٤٢", [PasswordRule.NO_DIGIT]),  # Arabic digits don't count
        ("Kuzbass\t42", [PasswordRule.FORBIDDEN_CHARACTER]),
        ("Password1", [PasswordRule.COMMON]),
        ("Qwerty123", [PasswordRule.COMMON]),
        ("xMARINA42x", [PasswordRule.CONTAINS_EMAIL]),
        ("aB3" * 43, [PasswordRule.TOO_LONG]),
        (
            "",
            [
                PasswordRule.TOO_SHORT,
                PasswordRule.NO_LOWER_CASE,
                PasswordRule.NO_UPPER_CASE,
                PasswordRule.NO_DIGIT,
            ],
        ),
    ],
)
def test_every_broken_rule_is_returned(password: str, rules: list[PasswordRule]):
    assert broken_rules(password, MARINA, strict=False) == rules


@pytest.mark.parametrize("password", ["Kuzbass-42", "Kuzbass 42", "Kuzbassы42"])
def test_strict_rules_forbid_all_but_latin_letters_and_digits(password: str):
    assert broken_rules(password, strict=True) == [PasswordRule.FORBIDDEN_CHARACTER]
    assert broken_rules(password, strict=False) == []


def test_a_short_local_part_may_stand_in_a_password():
    assert broken_rules("Joanna4242", emails.parse("anna@ya.ru"), strict=False) == []


def test_company_words_come_from_the_name_and_the_addresses():
    assert words_of("АО «Кузбасс-Энерго»", "lk.kuzbass-sbyt.ru", "cabinet.example") == {
        "кузбасс", "энерго", "kuzbass", "cabinet"
    }  # fmt: skip
    words = words_of("Энерго", "lk.energo-sbyt.ru")
    for password in ("Energo2026", "mojENERGO1aB", "энерго2026aB"):
        assert broken_rules(password, strict=False, company_words=words) == [
            PasswordRule.CONTAINS_COMPANY
        ]
    assert broken_rules("Sbyt2026x", strict=False, company_words=words) == []


@given(st.text(max_size=200))
def test_an_accepted_password_has_the_required_length_and_characters(password: str):
    if not broken_rules(password, strict=True):
        assert 8 <= len(password) <= 128
        assert any(c.islower() for c in password)
        assert any(c.isupper() for c in password)
        assert any(c.isdigit() for c in password)
