"""Routes of the acquirer's callbacks and of its return page."""

from enum import StrEnum

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.action_pages import Endpoint
from lk_graphql.api.pages import SELF_CONTAINED, TemplatePages
from lk_graphql.api.request import preferred_language, read_headers
from lk_graphql.api.route_context import RouteContext
from lk_graphql.kit.cabinet_pages import OBJECT_PATHS, ActionPath, CabinetPath, cabinet_link
from lk_graphql.kit.languages import Language
from lk_graphql.payments.models import PaymentState
from lk_graphql.payments.service import reconciliation
from lk_graphql.ports.acquiring import NotificationInvalid

CALLBACKS = "/webhooks/acquirer"
RETURN_PAGE_DOCUMENT = "query($id: ID!) { payment(id: $id) { number state total pageUrl } }"
"""The GraphQL document of the return page."""

_HEADERS = {"content-security-policy": SELF_CONTAINED}
_STATES: dict[Language, dict[PaymentState, tuple[str, str]]] = {
    Language.RU: {
        PaymentState.CREATED: ("Готовим оплату", "Страница оплаты вот-вот откроется."),
        PaymentState.REGISTERED: ("Ждём оплаты", "Карта ещё не введена."),
        PaymentState.PENDING: ("Ждём ответа банка", "Обычно это несколько секунд."),
        PaymentState.SUCCEEDED: (
            "Оплачено",
            "Чек придёт на почту. До зачисления на лицевой счёт платёж показан «в обработке».",
        ),
        PaymentState.DECLINED: ("Банк отказал", "Деньги не списаны. Попробуйте другую карту."),
        PaymentState.EXPIRED: ("Время вышло", "Деньги не списаны. Начните оплату заново."),
        PaymentState.CANCELED: ("Платёж отменён", "Деньги не списаны."),
        PaymentState.PARTIALLY_REFUNDED: ("Часть возвращена", "Чек возврата придёт на почту."),
        PaymentState.REFUNDED: ("Деньги возвращены", "Чек возврата придёт на почту."),
    },
    Language.EN: {
        PaymentState.CREATED: ("Preparing the payment", "Its page opens in a moment."),
        PaymentState.REGISTERED: ("Waiting for your card", "No card has been entered yet."),
        PaymentState.PENDING: ("Waiting for the bank", "It usually takes a few seconds."),
        PaymentState.SUCCEEDED: (
            "Paid",
            "The receipt comes by mail. Until it is credited, the payment shows as processing.",
        ),
        PaymentState.DECLINED: ("The bank refused", "Nothing was charged. Try another card."),
        PaymentState.EXPIRED: ("Too late", "Nothing was charged. Please start again."),
        PaymentState.CANCELED: ("Canceled", "Nothing was charged."),
        PaymentState.PARTIALLY_REFUNDED: ("Partly refunded", "A receipt comes by mail."),
        PaymentState.REFUNDED: ("Refunded", "A receipt comes by mail."),
    },
}
_TEXTS = {
    Language.RU: {
        "title": "Ваш платёж",
        "loading": "Узнаём, что с платежом…",
        "unknown": "Платёж обрабатывается",
        "unknown_more": "Если банк списал деньги, чек придёт на почту. Что с платежом, видно в"
        " личном кабинете: откройте его или войдите в этом браузере.",
        "outage": "Нет связи. Сейчас попробуем ещё раз.",
        "go_on": "Продолжить оплату",
        "again": "Попробовать ещё раз",
        "cabinet": "Открыть личный кабинет",
        "sign_in": "Войти",
        "number": "Платёж",
        "no_script": "Что с платежом, видно в личном кабинете.",
    },
    Language.EN: {
        "title": "Your payment",
        "loading": "Asking what became of it…",
        "unknown": "The payment is being processed",
        "unknown_more": "If the bank has charged you, the receipt comes by mail. The cabinet shows"
        " the payment: open it, or sign in with this browser.",
        "outage": "No connection; we try again.",
        "go_on": "Go on paying",
        "again": "Try again",
        "cabinet": "Open the customer portal",
        "sign_in": "Sign in",
        "number": "Payment",
        "no_script": "The cabinet shows what became of the payment.",
    },
}


class CallbackOutcome(StrEnum):
    """The label of a callback in the metrics."""

    TAKEN = "taken"
    UNKNOWN = "unknown_payment"
    IGNORED = "ignored_event"
    INVALID = "invalid"


def routes(context: RouteContext) -> list[BaseRoute]:
    pages = TemplatePages("lk_graphql.payments")
    for outcome in CallbackOutcome:  # a series that begins with 1 is no increase for an alert
        context.metrics.callbacks.labels("acquirer", outcome)

    async def receive_callback(request: Request) -> Response:
        """Respond with 200 as soon as a check of the payment is enqueued.

        Events of other kinds get 200, too: after any other status the acquirer repeats the callback
        for a day.
        """
        outcome = await _take(request)
        context.metrics.callbacks.labels("acquirer", outcome).inc()
        return Response(status_code=400 if outcome is CallbackOutcome.INVALID else 200)

    async def _take(request: Request) -> CallbackOutcome:
        state = context.state()
        acquirer = state.ports.acquirer
        if acquirer is None:
            return CallbackOutcome.INVALID
        try:
            notice = acquirer.notice(await request.body())
        except (NotificationInvalid, ClientDisconnect):
            return CallbackOutcome.INVALID
        if notice is None:
            return CallbackOutcome.IGNORED
        is_known = await reconciliation.receive_callback(
            notice, provider=acquirer.provider, signer=state.ports.signer, now=state.clock()
        )
        return CallbackOutcome.TAKEN if is_known else CallbackOutcome.UNKNOWN

    return [
        Route(CALLBACKS, receive_callback, methods=["POST"]),
        Route(ActionPath.PAYMENT, _return_page(pages, context)),
        pages.file(f"{ActionPath.PAYMENT}/came_back.js", "came_back.js", "text/javascript"),
        pages.file(f"{ActionPath.PAYMENT}/came_back.css", "came_back.css", "text/css"),
    ]


def _return_page(pages: TemplatePages, context: RouteContext) -> Endpoint:
    async def return_page(request: Request) -> Response:
        language = preferred_language(read_headers(request.scope).get("accept-language", ""))
        company = context.state().company
        return pages.page(
            "came_back.html.j2",
            _HEADERS,
            query=RETURN_PAGE_DOCUMENT,
            states=_STATES[language],
            texts=_TEXTS[language],
            company=company,
            cabinet_url=cabinet_link(company, CabinetPath.HOME),
            sign_in_url=cabinet_link(company, CabinetPath.SIGN_IN),
            payments_url=f"{company.cabinet_url}{OBJECT_PATHS['pay']}/"
            if company.cabinet_url
            else "",
            language=language,
        )

    return return_page
