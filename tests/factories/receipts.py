"""Contents of receipts: an ordinary one, special cases, and the most crowded page."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.invoices import OpenAmount
from lk_graphql.billing.service.payment_code import BillPayment, PayeeDetails, payment_code
from lk_graphql.billing.service.receipts.content import (
    ChargeLine,
    PenaltyDays,
    PenaltyStep,
    ReceiptContent,
    ReceiptMeter,
    ReceiptPayer,
    ReceiptPayment,
    ReceiptPrice,
    ReceiptReading,
    Sums,
    SupplierCard,
)
from lk_graphql.billing.service.requisites import requisites_in
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import shift
from lk_graphql.metering.models import ReadingSource, Zone

OCTOBER = date(2026, 10, 1)
ORDER = "постановление РЭК Кузбасса № 6-э (демонстрационное)"
REQUISITES = requisites_in(TEXT)
SUPPLIER = SupplierCard(
    REQUISITES.name,
    REQUISITES.address,
    REQUISITES.phone,
    REQUISITES.emergency_phone,
    REQUISITES.email,
    REQUISITES.site,
    REQUISITES.office_hours,
)
PAYEE = PayeeDetails(
    REQUISITES.name,
    REQUISITES.account,
    REQUISITES.bank_name,
    REQUISITES.bic,
    REQUISITES.correspondent_account,
    REQUISITES.inn,
    REQUISITES.kpp,
)
PAYER = ReceiptPayer(
    account_number="0561803399",
    unified_number="80AB123456",
    contract_number="0561803399/14",
    holder="Соколова Марина Викторовна",
    address="г. Новокузнецк, ул. Кирова, д. 12, кв. 7",
    tariff_category=TariffCategory.URBAN_GAS,
    has_range_privilege=False,
    area_m2=Decimal("54.00"),
    residents=3,
)


def code(amount: int, account_number: str = PAYER.account_number) -> str | None:
    payment = BillPayment(account_number, OCTOBER, Kopecks(amount), "80AB123456-01-2610")
    return payment_code(payment, PAYEE, period_format="MMYYYY")


def due(amount: int, penalty: int = 0) -> OpenAmount:
    return OpenAmount(None, OCTOBER, Kopecks(amount - penalty), Kopecks(penalty))


def dial(zone: Zone, before: int, after: int, serial: str = "12345678") -> ReceiptMeter:
    return ReceiptMeter(
        serial=serial,
        model="Меркурий 206 PNO",
        verified_until=date(2031, 4, 12),
        zone=zone,
        ratio=Decimal(1),
        fraction_digits=0,
        previous=ReceiptReading(Decimal(before), date(2026, 9, 21), ReadingSource.CUSTOMER),
        current=ReceiptReading(Decimal(after), date(2026, 10, 22), ReadingSource.CUSTOMER),
        kwh=Decimal(after - before),
    )


def energy(zone: Zone, number: int, kwh: int, price: str) -> ChargeLine:
    amount = int(Decimal(kwh) * Decimal(price) * 100)
    basis = VolumeBasis.METER
    return ChargeLine(
        LineKind.ENERGY,
        "Электроснабжение",
        zone,
        number,
        basis,
        None,
        Decimal(kwh),
        Decimal(price),
        amount,
        None,
    )


def prices(*zones: tuple[Zone, str]) -> tuple[ReceiptPrice, ...]:
    factors = ("1", "1.46", "2.12")
    return tuple(
        ReceiptPrice(zone, number, round(Decimal(price) * Decimal(factor), 2), ORDER)
        for zone, price in zones
        for number, factor in enumerate(factors, start=1)
    )


def calm() -> ReceiptContent:
    """Two rates, paid in time."""
    lines = (energy(Zone.DAY, 1, 148, "5.67"), energy(Zone.NIGHT, 1, 71, "3.45"))
    charged = sum(line.amount for line in lines)
    volumes = (201, 214, 230, 226, 208, 199, 187, 176, 168, 183, 196, 219)
    return ReceiptContent(
        number="0561803399-2610",
        period=OCTOBER,
        issued_on=date(2026, 11, 5),
        due_on=date(2026, 11, 16),
        gis_document_id="80AB123456-01-2610",
        supplier=SUPPLIER,
        payee=PAYEE,
        payer=PAYER,
        sums=Sums(98_412, charged, 0, 0, 98_412, charged, 0, Decimal("22.00")),
        due=due(charged),
        meters=(dial(Zone.DAY, 12_034, 12_182), dial(Zone.NIGHT, 5_611, 5_682)),
        lines=lines,
        penalties=(),
        penalty_steps=tuple(
            PenaltyStep(
                days_late, divisor, date(2016, 1, 1), "ЖК РФ, ст. 155, ч. 14 (307-ФЗ от 03.11.2015)"
            )
            for days_late, divisor in ((1, None), (31, 300), (91, 130))
        ),
        penalty_rate_cap=Decimal("9.500"),
        payments=(ReceiptPayment(date(2026, 10, 9), "СберБанк Онлайн", 98_412),),
        prices=prices((Zone.DAY, "5.67"), (Zone.NIGHT, "3.45")),
        range_ends=(400, 650),
        window_days=(15, 25),
        history=tuple(
            (shift(OCTOBER, place - 11), Decimal(kwh)) for place, kwh in enumerate(volumes)
        ),
        difference="На 99,91 ₽ больше, чем за сентябрь 2026.",
        causes=(
            ("Изменился тариф: 5,67 ₽ за кВт·ч вместо 5,11 ₽.", 10_691),
            ("Счёт за 31 день вместо 30 — при том же расходе за день.", 3_280),
        ),
        code=code(charged),
    )


def one_rate() -> ReceiptContent:
    """One rate, whose zone has the longest name, in a home of one person."""
    return replace(
        calm(),
        meters=(dial(Zone.SINGLE, 99_034, 99_253),),
        lines=(energy(Zone.SINGLE, 1, 219, "4.93"), energy(Zone.SINGLE, 2, 40, "7.20")),
        prices=prices((Zone.SINGLE, "4.93")),
        payer=replace(PAYER, residents=1),
    )


def overpaid() -> ReceiptContent:
    """Nothing to pay, so no payment code."""
    receipt = calm()
    sums = replace(
        receipt.sums,
        opening_balance=-300_000,
        paid=0,
        closing_balance=receipt.sums.charged - 300_000,
    )
    return replace(
        receipt, sums=sums, due=due(0), payments=(), code=None, difference=None, causes=()
    )


def estimated() -> ReceiptContent:
    """No meter: the norm with a raising factor of 1.5, and no history."""
    norm = replace(energy(Zone.SINGLE, 1, 180, "4.93"), basis=VolumeBasis.NORM)
    factor = ChargeLine(
        LineKind.RAISING_FACTOR,
        "Электроснабжение",
        None,
        None,
        None,
        Decimal("1.50"),
        None,
        None,
        norm.amount // 2,
        None,
    )
    charged = norm.amount + factor.amount
    return replace(
        calm(),
        meters=(),
        lines=(norm, factor),
        sums=Sums(0, charged, 0, 0, 0, charged, None, None),
        due=due(charged),
        payments=(),
        prices=prices((Zone.SINGLE, "4.93")),
        range_ends=(),
        window_days=None,
        history=((OCTOBER, Decimal(180)),),
        difference=None,
        causes=(),
        code=code(charged),
        payer=replace(PAYER, holder=None, unified_number=None, area_m2=None, residents=None),
    )


def crowded() -> ReceiptContent:
    """Three zones by three ranges, two meters in one month, long names, many payments, a debt."""
    zones = ((Zone.PEAK, "6.41"), (Zone.HALF_PEAK, "4.93"), (Zone.NIGHT, "3.45"))
    factors = (("1", 400), ("1.46", 250), ("2.12", 1_350))
    lines = [
        energy(zone, number, kwh // 3, str(round(Decimal(price) * Decimal(factor), 2)))
        for zone, price in zones
        for number, (factor, kwh) in enumerate(factors, start=1)
    ]
    back = ChargeLine(
        LineKind.RECALCULATION,
        "Электроснабжение",
        None,
        None,
        None,
        None,
        Decimal("-184.5"),
        None,
        -91_080,
        "Перерывы в электроснабжении сверх допустимых: 27 ч (ПП РФ № 354, приложение 1) и"
        " ошибочно принятое показание пиковой зоны",
        RecalculationReason.OTHER,
        date(2026, 8, 1),
        date(2026, 8, 1),
        "Акт № 15 от 03.10.2026",
    )
    closed = ReadingSource.NETWORK_COMPANY
    old = [dial(zone, 99_410, 99_871, "00987654321-2009") for zone, _ in zones]
    new = [dial(zone, 0, 523, "ИСУ-77800123456789") for zone, _ in zones]
    old = [
        replace(
            meter,
            current=ReceiptReading(Decimal(99_871), date(2026, 10, 11), closed),
            ratio=Decimal(20),
        )
        for meter in old
    ]
    penalties = tuple(
        PenaltyDays(
            shift(OCTOBER, -back_months),
            1_234_567 + back_months,
            OCTOBER,
            date(2026, 10, 31),
            Decimal("9.500"),
            300 if back_months < 5 else 130,
            11_900 + back_months,
        )
        for back_months in range(2, 16)
    )
    agents = ("Отделение почтовой связи № 654007", "Т-Банк", "Расчётно-кассовый центр «Притомье»")
    payments = tuple(
        ReceiptPayment(date(2026, 10, day), agents[day % 3], 50_000 + day)
        for day in range(1, 29, 2)
    )
    charged, penalty = sum(line.amount for line in lines), sum(p.amount for p in penalties)
    paid, opening = sum(p.amount for p in payments), 17_283_940
    closing = opening + charged - 91_080 + penalty - paid
    return replace(
        calm(),
        payer=replace(
            PAYER,
            holder="Константинопольская-Преображенская Александра-Виктория Константиновна",
            address=(
                "652811, Кемеровская область — Кузбасс, Новокузнецкий муниципальный округ, посёлок"
                " станции Тальжино-Сортировочная, микрорайон Железнодорожников, улица"
                " Двадцатипятилетия Победы, дом 118, корпус 2, строение 3, квартира 412"
            ),
            has_range_privilege=True,
        ),
        meters=(*old, *new),
        lines=(*lines, back),
        penalties=penalties,
        payments=payments,
        prices=prices(*zones),
        sums=Sums(opening, charged, -91_080, penalty, paid, closing, penalty, Decimal("22.00")),
        due=due(closing, penalty),
        causes=(
            ("Расход 2 000 кВт·ч, а при прежнем расходе за день было бы 310.", 712_345),
            ("Выше первого диапазона, где дороже, — 1 600 кВт·ч вместо 0.", 412_000),
            ("Изменились доли зон суток: пик — 33 % вместо 12 %.", 62_100),
            ("Пени за просрочку: 1 670,00 ₽ вместо 12,00 ₽.", 165_800),
        ),
        code=code(closing),
    )


def part_paid() -> ReceiptContent:
    """With a penalty; a part was paid after the bill was issued."""
    receipt = calm()
    closing = receipt.sums.charged + 13_507 + 40_822
    sums = replace(
        receipt.sums,
        opening_balance=98_412 + 40_822,
        penalty=13_507,
        closing_balance=closing,
        closing_penalty=54_329,
    )
    left = closing - 50_000
    penalties = (
        PenaltyDays(
            shift(OCTOBER, -3),
            98_412,
            OCTOBER,
            date(2026, 10, 31),
            Decimal("9.500"),
            130,
            13_507,
        ),
    )
    return replace(receipt, sums=sums, due=due(left, 54_329), penalties=penalties, code=code(left))


def paid() -> ReceiptContent:
    """A bill that was fully paid after its issue."""
    return replace(calm(), due=due(0), code=None)


def zero() -> ReceiptContent:
    """Paid ahead to the kopeck."""
    receipt = calm()
    sums = replace(receipt.sums, opening_balance=-receipt.sums.charged, paid=0, closing_balance=0)
    return replace(receipt, sums=sums, due=due(0), payments=(), code=None)
