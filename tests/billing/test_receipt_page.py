"""The page of a receipt: size, layout, text and payment code."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import combinations
from typing import Any

import pypdf
import pytest
import pytest_asyncio

from lk_graphql.billing.models import VolumeBasis
from lk_graphql.billing.service.receipts.content import PenaltyStep, ReceiptContent
from lk_graphql.billing.service.receipts.render import drafts, home_text, notes
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.ports.pdf.renderer import render_drafts
from tests.factories import receipts as given_receipts
from tests.support.payment_code import parse
from tests.support.pdf_text import (
    MM,
    boxes_of,
    boxes_of_text,
    codes_of,
    only_page,
    text_of,
    texts_of,
    width_of,
)

NAMES = ("calm", "one_rate", "overpaid", "estimated", "crowded", "part_paid", "paid", "zero")


@pytest_asyncio.fixture(scope="module")
async def files(pdfs: PdfPool) -> dict[str, tuple[ReceiptContent, bytes]]:
    receipts: dict[str, ReceiptContent] = {name: getattr(given_receipts, name)() for name in NAMES}
    return {
        name: (receipt, await pdfs.page(name, partial(drafts, receipt)))
        for name, receipt in receipts.items()
    }


@pytest.fixture(scope="module")
def pages(files: dict[str, tuple[ReceiptContent, bytes]]) -> dict[str, tuple[ReceiptContent, Any]]:
    return {name: (receipt, only_page(content)) for name, (receipt, content) in files.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_receipt_is_an_a4_page(pages: dict[str, tuple[ReceiptContent, Any]], name: str):
    _, page = pages[name]
    assert [round(side / MM) for side in page.get_size()] == [210, 297]


@pytest.mark.parametrize("name", ["calm", "estimated", "crowded", "part_paid"])
def test_the_page_s_code_is_decoded_from_its_picture(
    pages: dict[str, tuple[ReceiptContent, Any]], name: str
):
    receipt, page = pages[name]
    (code,) = codes_of(page)
    assert code.text == receipt.code
    fields = parse(code.text)
    assert fields["Sum"] == str(receipt.due.total)
    assert fields["PersAcc"] == receipt.payer.account_number
    assert width_of(code) >= 30


def test_an_overpaid_receipt_has_no_code(pages: dict[str, tuple[ReceiptContent, Any]]):
    receipt, page = pages["overpaid"]
    assert codes_of(page) == []
    assert "Оплачивать не нужно, переплата 1 915,89 ₽" in text_of(page)
    assert receipt.sums.closing_balance == -191_589


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("paid", "Оплачивать не нужно Оплачено по счёту 1 084,11 ₽"),
        ("zero", "Оплачивать не нужно 0,00 ₽"),
    ],
)
def test_a_paid_receipt_has_no_code(
    pages: dict[str, tuple[ReceiptContent, Any]], name: str, phrase: str
):
    _, page = pages[name]
    assert codes_of(page) == []
    assert phrase in text_of(page)
    assert "переплата" not in text_of(page)


def test_a_part_paid_receipt_has_the_rest_as_its_amount(
    pages: dict[str, tuple[ReceiptContent, Any]],
):
    receipt, page = pages["part_paid"]
    assert (receipt.sums.closing_balance, receipt.due.total) == (162_740, 112_740)
    assert (
        "К оплате до 16.11.2026 1 127,40 ₽ в том числе пени 543,29 ₽, без пени 584,11 ₽"
        " по счёту 1 627,40 ₽, оплачено 500,00 ₽"
    ) in text_of(page)


def test_all_of_a_calm_bill_is_there_as_text(pages: dict[str, tuple[ReceiptContent, Any]]):
    text = text_of(pages["calm"][1])
    for phrase in (
        "ООО «Металлэнергофинанс» (демонстрация)",
        "Квитанция за электроэнергию за октябрь 2026 года",
        "№ 0561803399-2610 от 05.11.2026",
        "Идентификатор ГИС ЖКХ 80AB123456-01-2610",
        "Соколова Марина Викторовна",
        "г. Новокузнецк, ул. Кирова, д. 12, кв. 7",
        "Договор 0561803399/14 · ЕЛС 80AB123456",
        "К оплате до 16.11.2026 1 084,11 ₽",
        "поверка до 12.04.2031",
        "21.09.2026, ваше",
        "Электроснабжение, день, I диапазон по показаниям 148 5,67 839,16",
        "в том числе НДС 22 % — 195,50 ₽",
        "09.10.2026, СберБанк Онлайн 984,12",
        "День: I — 5,67 ₽ · II — 8,28 ₽ · III — 12,02 ₽ за кВт·ч",
        "I — до 400, II — до 650, III — выше",
        "постановление РЭК Кузбасса № 6-э (демонстрационное)",
        "с 15 по 25 число месяца",
        "На 99,91 ₽ больше, чем за сентябрь 2026.",
        "Почему сумма изменилась +106,91 ₽ Изменился тариф",
        "р/с 40702810600000000001",
        "к/с 30101810800000000999",
    ):
        assert phrase in text, phrase


def test_neighbouring_columns_do_not_touch(pages: dict[str, tuple[ReceiptContent, Any]]):
    """The longest name of a zone is well apart from the reading beside it."""
    page = pages["one_rate"][1]
    (zone,) = boxes_of_text(page, "круглосуточно")
    (previous,) = boxes_of_text(page, "21.09.2026, ваше")
    assert previous[0] - zone[2] > 3 * MM


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_its_language_title_and_day(
    files: dict[str, tuple[ReceiptContent, bytes]], name: str
):
    receipt, content = files[name]
    document = pypdf.PdfReader(BytesIO(content))
    about, root = document.metadata, document.root_object
    assert about is not None
    assert root["/Lang"] == "ru"
    assert about.title == "Квитанция 0561803399-2610 за октябрь\N{NO-BREAK SPACE}2026"
    assert about.author == receipt.supplier.name
    assert about.creation_date == datetime(2026, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_names_no_font_that_it_does_not_carry(
    files: dict[str, tuple[ReceiptContent, bytes]], name: str
):
    (page,) = pypdf.PdfReader(BytesIO(files[name][1])).pages
    fonts: Any = page["/Resources"]
    descriptors = [font.get_object()["/FontDescriptor"] for font in fonts["/Font"].values()]
    assert all("/FontFile2" in descriptor for descriptor in descriptors)


def test_the_first_draft_is_the_one_that_fits(files: dict[str, tuple[ReceiptContent, bytes]]):
    """A draft that is tried in vain costs as much as the page."""
    for name, (receipt, content) in files.items():
        assert render_drafts(drafts(receipt)[:1]) == content, name


@pytest.mark.parametrize(
    ("residents", "text"),
    [
        (0, "никто не проживает"),
        (1, "проживает 1 человек"),
        (2, "проживают 2 человека"),
        (5, "проживают 5 человек"),
        (11, "проживают 11 человек"),
        (21, "проживает 21 человек"),
    ],
)
def test_residents_have_their_plural(residents: int, text: str):
    payer = replace(given_receipts.PAYER, residents=residents, area_m2=None)
    assert home_text(payer).endswith(f" · {text}")


def test_a_crowded_bill_leaves_no_sum_out(pages: dict[str, tuple[ReceiptContent, Any]]):
    """Rows that don't fit are summed up, and all rows add up to the bill's sums."""
    receipt, page = pages["crowded"]
    text = text_of(page)
    for line in receipt.lines:
        assert (
            f"{line.amount / 100:,.2f}".replace(",", " ")
            .replace(".", ",")
            .replace("-", "\N{MINUS SIGN}")
            in text
        )
    assert "и ещё 9" in text
    paid = sum(payment.amount for payment in receipt.payments[:5]) + 450_171
    assert paid == receipt.sums.paid
    assert "4 501,71" in text
    assert "Константинопольская-Преображенская Александра-Виктория" in text
    assert "Перерасчёт за август 2026, −184,5 кВт·ч: Перерывы" in text


def test_a_receipt_by_the_norm_names_the_norm_and_the_factor(
    pages: dict[str, tuple[ReceiptContent, Any]],
):
    text = text_of(pages["estimated"][1])
    assert "Показания приборов учёта Объём рассчитан без показаний прибора учёта." in text
    assert "по нормативу" in text
    assert "Повышающий коэффициент 1,5 к нормативу 443,70" in text
    assert "НДС" not in text.replace("Цены с НДС", "")


UNKNOWN, METER = None, VolumeBasis.METER
AVERAGE, NORM = VolumeBasis.AVERAGE, VolumeBasis.NORM


@pytest.mark.parametrize(
    ("bases", "is_denied"),
    [
        ([METER], False),
        ([METER, NORM], False),
        ([UNKNOWN], False),
        ([], False),
        ([NORM], True),
        ([AVERAGE, UNKNOWN], True),
    ],
    ids=str,
)
def test_readings_are_denied_only_if_no_line_counts_them(
    bases: list[VolumeBasis | None], *, is_denied: bool
):
    """A billing system may send no readings of bills (ПП 354, п. 69)."""
    calm = given_receipts.calm()
    lines = tuple(replace(calm.lines[0], basis=basis) for basis in bases)
    loosest, *_ = drafts(replace(calm, meters=(), lines=lines))
    assert ("Объём рассчитан без показаний прибора учёта." in loosest) is is_denied
    assert ("Показания приборов учёта" in loosest) is is_denied


@pytest.mark.parametrize(
    ("paid", "text"),
    [
        (83_317, "Оплачено за октябрь 2026: 833,17 ₽."),
        (-500, "Оплачено за октябрь 2026: −5,00 ₽."),
        (0, "За октябрь 2026 оплат не поступило."),
    ],
)
def test_payments_are_denied_only_if_the_bill_s_sum_is_zero(paid: int, text: str):
    """They may come later than the bill, never, or be an earlier holder's."""
    calm = given_receipts.calm()
    sums = replace(calm.sums, paid=paid)
    for page in drafts(replace(calm, payments=(), sums=sums)):
        assert text in page.replace("\N{NO-BREAK SPACE}", " ")
        assert ("оплат не поступило" in page) is (paid == 0)


LAW = "ЖК РФ, ст. 155, ч. 14 (307-ФЗ от 03.11.2015)"
CAP, CAPPED = Decimal("9.500"), ", ставка не выше 9,5 %"


@pytest.mark.parametrize(
    ("shares", "cap", "terms"),
    [
        (
            ((1, None), (31, 300), (91, 130)),
            CAP,
            "с 31-го дня просрочки 1/300 ключевой ставки за день, с 91-го — 1/130" + CAPPED,
        ),
        (
            ((1, 400), (61, None)),
            None,
            "с 1-го дня просрочки 1/400 ключевой ставки за день, с 61-го — не начисляются",
        ),
        (((1, None),), CAP, "не начисляются"),
        ((), CAP, None),
    ],
)
def test_the_penalty_is_described_by_the_shares_in_force(
    shares: tuple[tuple[int, int | None], ...], cap: Decimal | None, terms: str | None
):
    steps = tuple(PenaltyStep(*share, date(2016, 1, 1), LAW) for share in shares)
    content = replace(given_receipts.calm(), penalty_steps=steps, penalty_rate_cap=cap)
    expected = [f"Пени: {terms}. Основание: {LAW}."] if terms else []
    assert [text for text in notes(content) if text.startswith("Пени")] == expected


@pytest.mark.parametrize("name", NAMES)
def test_nothing_lies_upon_anything_else(pages: dict[str, tuple[ReceiptContent, Any]], name: str):
    """No two pieces of text overlap, and all lie inside the margins."""
    _, page = pages[name]
    boxes = boxes_of(page)
    assert len(boxes) > 30
    for left, bottom, right, top in boxes:
        assert left >= 11 * MM
        assert right <= 199 * MM
        assert bottom >= 8 * MM
        assert top <= 288 * MM
    for box, other in combinations(boxes, 2):
        assert overlap(box, other) < 1.5, (box, other)


def overlap(box: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the overlap of two boxes, in points, by the smaller of both directions."""
    across = min(box[2], other[2]) - max(box[0], other[0])
    down = min(box[3], other[3]) - max(box[1], other[1])
    return min(across, down)


async def test_the_same_receipt_is_the_same_file(
    pdfs: PdfPool, files: dict[str, tuple[ReceiptContent, bytes]]
):
    receipt, content = files["overpaid"]
    assert await pdfs.page("again", partial(drafts, receipt)) == content


@pytest.mark.parametrize("count", [4, 5])
def test_all_causes_that_fit_are_on_the_receipt(count: int):
    receipt = replace(
        given_receipts.calm(), causes=tuple((f"Причина {n}.", n) for n in range(count))
    )
    loosest = drafts(receipt)[0]
    assert all(f"Причина {n}." in loosest for n in range(count))
    assert "Другие причины." not in loosest


def test_the_causes_that_don_t_fit_are_added_up():
    """The listed causes add up to the difference above them."""
    amounts = (10_000, -5_000, 2_913, 900, -70, 5, 2)
    causes = tuple((f"Причина {n}.", amount) for n, amount in enumerate(amounts))
    loosest, *_, densest, paged = drafts(replace(given_receipts.calm(), causes=causes))
    assert cause(loosest, "Причина 3.") == "+9,00"
    assert cause(loosest, "Другие причины.") == "−0,63"
    assert cause(densest, "Причина 0.") == "+100,00"
    assert cause(densest, "Другие причины.") == "−12,50"
    assert "Причина 1." not in densest
    assert all(f"Причина {n}." in paged for n in range(len(causes)))


def cause(page: str, text: str) -> str:
    """The amount before a cause's text."""
    return page.partition(f'\N{NO-BREAK SPACE}₽</td><td width="87%">{text}')[0].rpartition(">")[2]


def test_ranges_beyond_the_law_s_are_drawn_by_their_numbers():
    """Rows of before imports refused them."""
    calm = given_receipts.calm()
    line = replace(calm.lines[0], range_number=7)
    price = replace(calm.prices[0], range_number=5)
    odd = replace(calm, lines=(line,), prices=(price,), range_ends=(100, 200, 300, 400))

    page = drafts(odd)[0]

    assert "7 диапазон" in page
    assert "5 — 5,67\N{NO-BREAK SPACE}₽ за кВт·ч" in page
    assert "I — до 100, II — до 200, III — до 300, 4 — до 400, 5 — выше" in page


async def test_a_long_bill_takes_several_pages(pdfs: PdfPool):
    """40 corrections with the longest texts, 80 registers: all are there, and nothing is cut."""
    crowded, letters = given_receipts.crowded(), "Щ" * 12
    corrections = tuple(
        replace(
            crowded.lines[-1],
            service=" ".join([letters] * 7),
            reason=f"причина-{number} " + " ".join([letters] * 23),
            document=" ".join([letters] * 15),
            amount=-100 - number,
        )
        for number in range(40)
    )
    meters = tuple(
        replace(meter, serial=f"{place}{letters}")
        for place, meter in enumerate(crowded.meters * 14)
    )
    payments = tuple(replace(crowded.payments[0], agent=f"Банк-{n}.") for n in range(60))
    penalties = crowded.penalties * 5
    odd = replace(crowded, lines=corrections, meters=meters, payments=payments, penalties=penalties)

    texts = texts_of(await pdfs.page("odd", partial(drafts, odd)))

    whole = " ".join(texts)
    assert len(texts) > 5
    assert [text.count(f"страница {n} из {len(texts)}") for n, text in enumerate(texts, 1)] == [
        1
    ] * len(texts)
    assert all(f"причина-{number} " in whole for number in range(40))
    assert all(f"−{1 + number // 100},{number % 100:02}" in whole for number in range(40))
    assert all(f"№ {place}{letters}"[:9] in whole for place in range(len(meters)))
    assert all(f"Банк-{number}." in whole for number in range(60))
    assert "и ещё" not in whole
    assert "…" not in whole


@pytest.mark.parametrize("count", [0, 15, 25, 40, 80])
async def test_each_line_of_a_bill_is_on_a_page(pdfs: PdfPool, count: int):
    calm = given_receipts.calm()
    correction = given_receipts.crowded().lines[-1]
    lines = (*calm.lines, *(replace(correction, reason=f"причина-{n}.") for n in range(count)))

    texts = texts_of(await pdfs.page(f"l{count}", partial(drafts, replace(calm, lines=lines))))

    whole = " ".join(texts)
    assert all(f"причина-{number}." in whole for number in range(count))
    assert whole.count("Получатель платежа") == 1
    assert "и ещё" not in whole


async def test_characters_without_a_glyph_are_visibly_replaced(pdfs: PdfPool):
    calm = given_receipts.calm()
    names = {"Ли Вэй 李伟": "Ли Вэй ��", "ქართული": "�" * 7, "１２ Ａ": "12 A", "Й": "Й"}
    for name, shown in names.items():
        odd = replace(calm, payer=replace(calm.payer, holder=f"<{name}>"))
        (text,) = texts_of(await pdfs.page(name, partial(drafts, odd)))
        assert f"<{shown}>" in text
