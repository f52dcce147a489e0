"""Warnings before a meter's verification is due, and the responsible party."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lk_graphql.accounts.models import HouseKind
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter
from lk_graphql.metering.service.verification import VerificationWarning, notice, warning
from tests.factories.accounts import given_account, given_link
from tests.support.client import ApiClient

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
METERS = """{ viewer { accounts { meters {
  verificationWarning verificationNotice keptBy sealNumber } } } }"""


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (61, None),
        (60, VerificationWarning.WITHIN_60_DAYS),
        (31, VerificationWarning.WITHIN_60_DAYS),
        (30, VerificationWarning.WITHIN_30_DAYS),
        (0, VerificationWarning.WITHIN_30_DAYS),
        (-1, VerificationWarning.EXPIRED),
    ],
)
async def test_a_meter_has_a_warning_sixty_and_thirty_days_before_and_after_the_end(
    api: ApiClient, anna: Viewer, days: int, expected: VerificationWarning | None
):
    """In SQL and in Python: `ask` compares both."""
    await given_link(anna, await given_account())
    await Meter.all().update(next_verification_on=TODAY + timedelta(days=days))

    assert (await meter_of(api, anna))["verificationWarning"] == expected
    assert warning(TODAY + timedelta(days=days), None, TODAY) is expected


async def test_a_removed_meter_or_one_without_a_date_has_no_warning(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    assert (await meter_of(api, anna))["verificationWarning"] is None

    await Meter.all().update(next_verification_on=TODAY, removed_on=TODAY)
    meter = await meter_of(api, anna)
    assert meter["verificationWarning"] is meter["verificationNotice"] is None


async def test_the_house_decides_who_replaces_a_meter(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await Meter.all().update(next_verification_on=date(2026, 12, 1), seal_number="7001")
    meter = await meter_of(api, anna)
    assert meter == {
        "verificationWarning": "WITHIN_30_DAYS",
        "verificationNotice": "Срок поверки счётчика истекает 01.12.2026. "
        "Мы заменим его за свой счёт: обращаться и платить не нужно.",
        "keptBy": "SUPPLIER",
        "sealNumber": "7001",
    }

    account.house_kind = HouseKind.DETACHED
    await account.save()
    assert (await meter_of(api, anna))["keptBy"] == "NETWORK_COMPANY"


def test_a_notice_of_an_expired_verification_is_in_english_too():
    text = notice(date(2026, 11, 1), None, HouseKind.DETACHED, TODAY, Language.EN)
    assert text == (
        "The verification ended on 2026-11-01. Until it is verified or replaced its readings don't"
        " count: the bill goes by the average, later by the norm. The network company will replace"
        " it at its own cost."
    )


async def meter_of(api: ApiClient, viewer: Viewer) -> dict[str, Any]:
    answer = await api.ask(METERS, await api.signed_in(viewer), now=NOON)
    return answer["viewer"]["accounts"][0]["meters"][0]
