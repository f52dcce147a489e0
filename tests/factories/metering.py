"""Meters, rules and a home, with requests about its readings."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.billing.models import RangeLimit, Tariff
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import (
    AnomalyRule,
    EstimateRule,
    LatePolicy,
    Meter,
    Norm,
    Reading,
    ReadingSource,
    ReadingState,
    Register,
    WindowRule,
    Zone,
)
from tests.factories.accounts import given_bare_account, given_link
from tests.support.client import ApiClient

LONG_AGO = date(2020, 1, 1)


async def given_window(
    first_day: int = 15,
    last_day: int = 25,
    late_policy: LatePolicy = LatePolicy.REFUSED,
    *,
    offline_days: int = 0,
    from_period: date = LONG_AGO,
) -> WindowRule:
    return await WindowRule.create(
        from_period=from_period,
        first_day=first_day,
        last_day=last_day,
        late_policy=late_policy,
        offline_days=offline_days,
        reference="a test",
    )


async def given_rules() -> None:
    """A norm of 100 kWh for one person, limits (3 × the yearly average, 15 kW), a window."""
    await given_window()
    await AnomalyRule.create(
        from_period=LONG_AGO,
        usual_times=Decimal(3),
        usual_months=12,
        least_months=3,
        allowed_kw=Decimal(15),
        reference="a test",
    )
    await EstimateRule.create(
        from_period=LONG_AGO,
        average_months=6,
        least_months=3,
        longest_run=3,
        raising_factor=Decimal("1.5"),
        reference="a test",
    )
    await Norm.create(
        category=TariffCategory.URBAN_GAS,
        residents=1,
        kwh_per_person=Decimal(100),
        from_period=LONG_AGO,
        order_reference="a test",
    )


NUMBER = "0000000077"
TODAY = date(2026, 11, 20)

SUBMIT = """mutation ($input: ReadingsSubmitInput!) { readingsSubmit(input: $input) {
  entries { registerId status errors { code path message likelyMistake suggestedValue }
    reading { id value period takenOn takenAt state source
      findings { kind consumedKwh usualKwh seasonKwh limitKwh likelyMistake suggestedValue
        typicalMonths { period kwh } } } }
  confirmToken errors { code path message likelyMistake suggestedValue } } }"""
CONFIRM = """mutation ($input: ReadingsConfirmInput!) { readingsConfirm(input: $input) {
  readings { value state } errors { code path } } }"""
WITHDRAW = """mutation ($input: ReadingWithdrawInput!) { readingWithdraw(input: $input) {
  reading { value state } errors { code path } } }"""
PREVIEW = """query ($input: ReadingsPreviewInput!) { readingsPreview(input: $input) {
  preview { period total surcharge { factor amount }
    lines { zone rangeNumber quantityKwh rublesPerKwh amount }
    entries { registerId status zone previousValue consumptionKwh billedKwh estimatedKwh
      errors { code path } findings { kind consumedKwh likelyMistake suggestedValue
        typicalMonths { period kwh } } } }
  errors { code path } } }"""


def noon(day: date) -> datetime:
    """Noon in Novokuznetsk."""
    return datetime.combine(day, time(5), UTC)


@dataclass
class Home:
    """An account with a two-zone meter; its window is open on `TODAY`."""

    api: ApiClient
    account: Account
    meter: Meter
    day: Register
    night: Register
    token: str
    sent: int = 0

    def entry(self, register: Register, value: object) -> dict[str, str]:
        return {"registerId": to_public("reg", register.id), "value": str(value)}

    def entries(self, day: object, night: object) -> list[dict[str, str]]:
        return [self.entry(self.day, day), self.entry(self.night, night)]

    async def ask(self, query: str, **values: Any) -> dict[str, Any]:
        """The payload of a mutation's one root field."""
        answer = await self.api.post(query, self.token, input=values)
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        return payload

    async def submit(self, day: object, night: object, **more: Any) -> dict[str, Any]:
        """Submit readings of both zones, with a new idempotency key by default."""
        return await self.send(self.entries(day, night), **more)

    async def send(self, entries: list[dict[str, str]], **more: Any) -> dict[str, Any]:
        self.sent += 1
        values = {"accountId": self.id, "idempotencyKey": f"key {self.sent}", "entries": entries}
        return await self.ask(SUBMIT, **{**values, **more})

    async def preview(self, day: object, night: object, **more: Any) -> dict[str, Any]:
        values: dict[str, Any] = {"accountId": self.id, "entries": self.entries(day, night)}
        return await self.ask(PREVIEW, **values, **more)

    async def confirm(self, token: str, key: str = "confirm") -> dict[str, Any]:
        return await self.ask(CONFIRM, token=token, idempotencyKey=key)

    async def withdraw(self, reading_id: str) -> dict[str, Any]:
        return await self.ask(WITHDRAW, readingId=reading_id)

    @property
    def id(self) -> str:
        return to_public("acc", self.account.id)

    async def states(self, register: Register) -> list[tuple[int, str]]:
        """Values and states of November's readings, in the order of submission."""
        sent = Reading.filter(register=register, period=date(2026, 11, 1))
        return [(int(row.value), row.state.value) for row in await sent.order_by("id")]


async def given_home(api: ApiClient, viewer: Viewer) -> Home:
    """Thirteen months of history until October, each with 200 kWh by day and 100 by night."""
    await given_rules()
    account = await given_bare_account(NUMBER, residents=1)
    await given_link(viewer, account)
    meter = await Meter.create(
        account=account,
        serial="777",
        model="Меркурий 200",
        ratio=Decimal(1),
        installed_on=date(2020, 1, 1),
    )
    registers = [
        await Register.create(
            meter=meter, position=position, zone=zone, label=f"T{position}", digits=5
        )
        for position, zone in ((1, Zone.DAY), (2, Zone.NIGHT))
    ]
    for number, (year, month) in enumerate(_MONTHS):
        for register, start, monthly in zip(registers, (20_000, 50_000), (200, 100), strict=True):
            await given_read(register, start + number * monthly, date(year, month, 20))
    token = await api.signed_in(viewer)
    api.clock.now = noon(TODAY)
    return Home(api, account, meter, *registers, token=token)


_MONTHS = [(2025, 10), (2025, 11), (2025, 12), *((2026, month) for month in range(1, 11))]
"""The last readings are 22400 and 51200."""


async def given_read(
    register: Register,
    value: int,
    taken_on: date,
    source: ReadingSource = ReadingSource.CUSTOMER,
) -> Reading:
    """An accepted reading that counts for the month of its day."""
    return await Reading.create(
        register=register,
        value=Decimal(value),
        taken_on=taken_on,
        received_at=noon(taken_on),
        period=taken_on.replace(day=1),
        source=source,
        state=ReadingState.ACCEPTED,
    )


async def given_tariffs() -> None:
    """4.00 for day, 2.00 for night; beyond 200 kWh twice as much."""
    for number, up_to in ((1, 200), (2, None)):
        await RangeLimit.create(
            category=TariffCategory.URBAN_GAS,
            range_number=number,
            up_to_kwh=up_to,
            valid_from=date(2020, 1, 1),
        )
        for zone, price in ((Zone.DAY, 4), (Zone.NIGHT, 2)):
            await Tariff.create(
                category=TariffCategory.URBAN_GAS,
                zone=zone,
                range_number=number,
                rubles_per_kwh=Decimal(price * number),
                valid_from=date(2020, 1, 1),
                order_reference="a test",
            )
