from datetime import timedelta
from enum import StrEnum

import pytest

from lk_graphql.kit.errors import FormErrors, Refusal, Refusals
from lk_graphql.kit.languages import Language


class _Code(StrEnum):
    TOO_SOON = "TOO_SOON"


class _TooSoon(Refusal):
    code = _Code.TOO_SOON
    ru = "Повторите через {wait}."
    en = "Try again in {wait}."


def test_a_refusal_has_texts_in_both_languages():
    refusal = _TooSoon("email", wait=timedelta(minutes=5))

    assert refusal.text(Language.RU) == "Повторите через 5 минут."
    assert refusal.text(Language.EN) == "Try again in 5 minutes."
    assert str(refusal) == "Try again in 5 minutes."


def test_a_form_collects_all_its_faults_with_their_paths():
    form = FormErrors()
    with form.field("profile", "email"):
        raise _TooSoon(wait=timedelta(1))
    with form.field("phones"):
        raise _TooSoon("0", wait=timedelta(1))

    with pytest.raises(Refusals) as error:
        form.check()

    assert [refusal.path for refusal in error.value.refusals] == [
        ("profile", "email"),
        ("phones", "0"),
    ]


def test_a_form_without_faults_passes_and_other_exceptions_propagate():
    form = FormErrors()
    with form.field("email"):
        pass
    form.check()

    with pytest.raises(ZeroDivisionError), form.field("email"):
        _ = 1 // 0
