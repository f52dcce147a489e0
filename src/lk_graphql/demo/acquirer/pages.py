"""Payment pages: the card form, the bank's code, and the result."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.demo.acquirer import cards
from lk_graphql.demo.acquirer.store import MAX_CODE_ATTEMPTS, Json, SandboxPayment, Store

CODE = "1234"
"""The bank's code, which the page shows."""
REASONS = {
    "insufficient_funds": "На карте не хватает денег.",
    "card_expired": "Срок действия карты истёк.",
    "3d_secure_failed": "Код из сообщения банка не подошёл.",
    "expired_on_confirmation": "Время на оплату вышло.",
}


def routes(store: Store) -> list[BaseRoute]:
    async def page(request: Request) -> Response:
        query = request.query_params
        invalid, expiry = query.get("wrong", "").split(), query.get("expiry", "")
        return _stage(_payment(store, request), invalid, expiry)

    async def take_card(request: Request) -> Response:
        now, payment, form = datetime.now(UTC), _payment(store, request), await _form(request)
        typed = {name: form.get(name, "") for name in ("number", "expiry", "code")}
        card, invalid = cards.read(**typed, today=now.date())
        if card is None or invalid:  # a redirect, so that going back never sends a card again
            # not the number and the code, which belong in no page and no address
            kept = {"wrong": " ".join(invalid), "expiry": typed["expiry"][:7]}
            return RedirectResponse(f"/pay/{payment.id}?{urlencode(kept)}", 303)
        store.take_card(payment.id, card, now=now)
        return RedirectResponse(f"/pay/{payment.id}", 303)

    async def take_code(request: Request) -> Response:
        payment, form = _payment(store, request), await _form(request)
        is_right = form.get("code", "").strip() == CODE
        store.take_code(payment.id, is_right=is_right, now=datetime.now(UTC))
        return RedirectResponse(f"/pay/{payment.id}", 303)

    async def receipt(request: Request) -> Response:
        numbers = request.path_params
        document = store.receipt(numbers["number"], numbers["attribute"])
        if document is None:
            raise HTTPException(404)
        items = document.request["receipt"]["items"]
        html = (
            _environment()
            .get_template("receipt.html.j2")
            .render(numbers, receipt=document, items=[_receipt_item(item) for item in items])
        )
        return HTMLResponse(html, headers=_HEADERS)

    return [
        Route("/pay/{id}", page),
        Route("/receipt/{storage}/{number}/{attribute}", receipt),
        Route("/pay/{id}/card", take_card, methods=["POST"]),
        Route("/pay/{id}/code", take_code, methods=["POST"]),
        _file("style.css", "text/css"),
        _file("card.js", "text/javascript"),
    ]


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(errors="replace")))


def _stage(payment: SandboxPayment, invalid: list[str], expiry: str) -> Response:
    match payment.stage:
        case "card":
            messages = {
                name: cards.FIELD_ERRORS[name] for name in invalid if name in cards.FIELD_ERRORS
            }
            return _page("card", payment, wrong=messages, expiry=expiry)
        case "code":
            left = MAX_CODE_ATTEMPTS - payment.codes
            return _page("code", payment, code=CODE, left=left, is_second=payment.codes > 0)
        case "bank":
            return _page("bank", payment)
        case _:
            return _page("end", payment, why=REASONS.get(payment.reason or "", "Банк отказал."))


def _payment(store: Store, request: Request) -> SandboxPayment:
    store.tick(datetime.now(UTC))
    if (payment := store.payment(request.path_params["id"])) is None:
        raise HTTPException(404)
    return payment


def _page(name: str, payment: SandboxPayment, **values: Any) -> Response:
    html = (
        _environment()
        .get_template(f"{name}.html.j2")
        .render(
            payment=payment,
            shop=payment.request["payment_order"]["recipient"]["name"],
            lines=payment.request["receipt"]["items"],
            back=payment.request["confirmation"]["return_url"],
            cards=cards.CARDS,
            **values,
        )
    )
    return HTMLResponse(html, headers=_HEADERS)


_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def _file(name: str, media_type: str) -> BaseRoute:
    async def file(_: Request) -> Response:
        text = _environment().get_template(name).render()
        return Response(text, media_type=media_type, headers={"x-content-type-options": "nosniff"})

    return Route(f"/{name}", file)


def rubles(kopecks: int) -> str:
    """«1 234,56 ₽» with non-breaking spaces."""
    whole, rest = divmod(kopecks, 100)
    return f"{whole:,},{rest:02}\u00a0₽".replace(",", "\u202f", f"{whole:,}".count(","))


def _of_line(line: Json) -> str:
    return rubles(_line_sum(line))


def _line_sum(line: Json) -> int:
    """The sum of a line in kopecks: quantity × price."""
    return int(Decimal(line["quantity"]) * int(line["amount"]["value"].replace(".", "")))


VAT_NAMES = {
    1: "без НДС", 2: "НДС 0 %", 3: "НДС 10 %", 4: "НДС 20 %", 5: "НДС 10/110", 6: "НДС 20/120",
    7: "НДС 5 %", 8: "НДС 7 %", 9: "НДС 5/105", 10: "НДС 7/107", 11: "НДС 22 %", 12: "НДС 22/122",
}  # fmt: skip
"""Names of `vat_code` on a receipt; the number in them is the rate."""
_RATES = {2: 0, 3: 10, 4: 20, 5: 10, 6: 20, 7: 5, 8: 7, 9: 5, 10: 7, 11: 22, 12: 22}
_MODES = {
    "full_payment": "полный расчёт",
    "full_prepayment": "предоплата 100 %",
    "advance": "аванс",
}
_SUBJECTS = {"service": "услуга", "payment": "платёж"}
_MEASURES = {"piece": "шт.", "kilowatt_hour": "кВт·ч"}


def _receipt_item(line: Json) -> Json:
    """The texts of a line on the receipt."""
    amount, rate = _line_sum(line), _RATES.get(line["vat_code"])
    quantity = f"{Decimal(line['quantity']).normalize():f}".replace(".", ",")
    price = rubles(int(line["amount"]["value"].replace(".", "")))
    return {
        "name": line["description"],
        "volume": f"{quantity} {_MEASURES[line['measure']]} × {price}",
        "sum": rubles(amount),
        "vat": VAT_NAMES[line["vat_code"]],
        "vat_sum": None
        if rate is None
        else rubles(int((Decimal(amount * rate) / (100 + rate)).quantize(1, ROUND_HALF_UP))),
        "about": f"{_SUBJECTS[line['payment_subject']]}, {_MODES[line['payment_mode']]}",
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lk_graphql.demo.acquirer"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"rubles": rubles, "of_line": _of_line}
    return environment
