"""Whatever the acquirer answers ends in a state, a difference for staff, or a retry with an end."""

import copy
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lk_graphql import server
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.errors import RefundRefused
from lk_graphql.payments.models import (
    Difference,
    DifferenceResolution,
    FiscalReceipt,
    LedgerEntry,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    RegistryRow,
)
from lk_graphql.payments.service import differences, reconciliation, refunds, states
from lk_graphql.payments.service.refunds import RefundClaim
from lk_graphql.ports.acquiring import AcquirerUnavailable, Shop, YooKassa
from tests.factories.payments import SUPERVISOR, PaymentScenario, request_refund
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import Sandbox, free_port, given_refund

JUNK: list[Any] = [
    None, "", "\0", "x" * 10_000, 0, -1, 1e308, True, [], {}, [{}], {"value": "1.00"},
    "1e3", "-5.00", "NaN", "99999999999999.99", "rub", "gone", "2026-13-45", "0001-01-01T00:00:00",
]  # fmt: skip
PATHS: list[tuple[str, ...]] = [
    ("id",), ("status",), ("amount",), ("amount", "value"), ("amount", "currency"), ("metadata",),
    ("metadata", "order_id"), ("captured_at",), ("refunded_amount",), ("cancellation_details",),
    ("refunded_amount", "value"),
]  # fmt: skip
RECEIPTS: list[tuple[int, Any]] = [
    (404, {}), (500, b""), (200, b"<html>"), (200, {"items": None}), (200, {"items": [7, {}]}),
    (200, {"items": [{"id": "rt-1", "status": "succeeded", "fiscal_storage_number": 7}]}),
    (200, {"items": [{"id": "rt-1", "status": "succeeded"}]}),
    (200, {"items": [{"id": "rt-1", "status": "of the future"}]}),
]  # fmt: skip
HARMLESS = {("captured_at",), ("cancellation_details",)}


@dataclass
class ScriptedAcquirer:
    """An acquirer on a socket that answers what a test says, and JSON `{}` to all else."""

    answers: dict[str, tuple[int, Any]] = field(default_factory=dict[str, tuple[int, Any]])
    port: YooKassa = field(init=False)

    def says(self, payment: Payment, body: Any, status: int = 200) -> None:
        self.answers[f"/payments/{payment.reference}"] = status, body

    async def reconcile(self, payment: Payment, *, now: datetime | None = None) -> Payment:
        """Reconcile by the script; no answer is an outage."""
        with suppress(AcquirerUnavailable):
            await reconciliation.reconcile(
                payment.id, acquirer=self.port, now=now or datetime.now(UTC)
            )
        return await Payment.get(id=payment.id)

    async def answer(self, request: Request) -> Response:
        path, query = request.url.path, request.url.query
        status, body = self.answers.get(f"{path}?{query}", self.answers.get(path, (200, {})))
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        return Response(content, status)

    @contextmanager
    def serve(self) -> Generator[YooKassa]:
        port = free_port()
        app = Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])
        options = server.ServerOptions("127.0.0.1", port)
        with server.serve_in_thread(app, options):
            yield YooKassa(Shop("shop", "secret", f"http://127.0.0.1:{port}", "sandbox"))


@pytest.fixture
def script(sandbox: Sandbox) -> Generator[ScriptedAcquirer]:
    """Retries have no delays, as for the sandbox."""
    script = ScriptedAcquirer()
    with script.serve() as script.port:
        yield script


def answer_of(payment: Payment, **changed: Any) -> dict[str, Any]:
    return {
        "id": payment.reference,
        "status": "succeeded",
        "amount": {"value": "1140.00", "currency": "RUB"},
        "refunded_amount": {"value": "0.00", "currency": "RUB"},
        "metadata": {"order_id": str(payment.id)},
        "captured_at": "2026-11-21T09:00:00.000Z",
        "cancellation_details": {"reason": "x"},
        **changed,
    }


def receipt_of(number: str, **about: Any) -> dict[str, Any]:
    return {
        "id": f"rt-{number}",
        "status": "succeeded",
        "fiscal_storage_number": "9999078900000000",
        "fiscal_document_number": number,
        "fiscal_attribute": "1",
        **about,
    }


def with_value(answer: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(answer)
    *parents, last = path
    inner = changed
    for name in parents:
        inner = inner[name]
    inner[last] = value
    return changed


async def open_kinds(payment: Payment) -> list[str]:
    rows = Difference.filter(payment_id=payment.id, settled_at=None).order_by("id")
    return [row.kind for row in await rows]


@pytest.mark.parametrize("path", PATHS, ids=".".join)
async def test_a_value_that_can_t_be_is_for_staff_and_moves_nothing(
    scenario: PaymentScenario, script: ScriptedAcquirer, path: tuple[str, ...]
):
    payment = await scenario.begun()
    for junk in JUNK:
        script.says(payment, with_value(answer_of(payment), path, junk))
        payment = await script.reconcile(payment)
        is_paid = payment.state is PaymentState.SUCCEEDED
        assert is_paid == (path in HARMLESS or was_readable(path, junk)), junk
        if is_paid:
            return
        assert payment.state is PaymentState.REGISTERED
        assert await open_kinds(payment) != [], junk
        assert await LedgerEntry.all().count() == 0


def was_readable(path: tuple[str, ...], junk: Any) -> bool:
    """An absent sum of refunds is none."""
    return path == ("refunded_amount",) and junk is None


@pytest.mark.parametrize(
    ("changed", "kind", "theirs"),
    [
        ({"metadata": None}, "ORDER", "None"),
        ({"metadata": {"order_id": "7"}}, "ORDER", "None"),
        ({"metadata": {"order_id": str(UUID(int=7))}}, "ORDER", str(UUID(int=7))),
        ({"id": "another"}, "ORDER", "another"),
        ({"status": "gone"}, "UNREADABLE", "status: gone"),
        ({"status": 7}, "UNREADABLE", "status: int"),
        ({"amount": {"value": "1139.99", "currency": "RUB"}}, "AMOUNT", "113999"),
        ({"amount": {"value": "1140.00", "currency": "USD"}}, "CURRENCY", "USD"),
        ({"amount": "1140.00"}, "UNREADABLE", "amount: str"),
    ],
)  # fmt: skip
async def test_each_contradiction_is_a_difference_and_others_are_paid(
    scenario: PaymentScenario,
    script: ScriptedAcquirer,
    changed: dict[str, Any],
    kind: str,
    theirs: str,
):
    odd, other = await scenario.begun(), await scenario.begun(100)
    script.says(odd, answer_of(odd, **changed))
    right = {"amount": {"value": "1.00", "currency": "RUB"}}
    script.says(other, answer_of(other, **right))
    for _ in range(7):  # more than the breaker lets pass
        odd = await script.reconcile(odd)
    other = await script.reconcile(other)

    (difference,) = await Difference.all()
    assert (difference.payment_id, difference.kind, difference.theirs) == (odd.id, kind, theirs)
    assert (odd.state, other.state) == (PaymentState.REGISTERED, PaymentState.SUCCEEDED)


async def test_a_readable_answer_settles_the_unreadable_one(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    payment = await scenario.begun()
    script.says(payment, answer_of(payment, status="gone"))
    await script.reconcile(payment)
    script.says(payment, answer_of(payment))
    payment = await script.reconcile(payment)

    assert payment.state is PaymentState.SUCCEEDED
    (difference,) = await Difference.all()
    assert (difference.kind, difference.state) == ("UNREADABLE", "SETTLED")


async def test_an_answer_that_becomes_unreadable_again_is_for_staff_again(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    payment = await scenario.begun()
    unreadable = answer_of(payment, status="gone")
    for _ in range(2):
        script.says(payment, unreadable)
        payment = await script.reconcile(payment)
        assert await open_kinds(payment) == ["UNREADABLE"]
        script.says(payment, answer_of(payment, status="pending"))
        payment = await script.reconcile(payment)
        assert await open_kinds(payment) == []

    script.says(payment, unreadable)
    await script.reconcile(payment)
    difference = await Difference.get(settled_at=None)
    explained, now = DifferenceResolution.EXPLAINED, datetime.now(UTC)
    await differences.settle(SUPERVISOR, difference.id, explained, "Спросили", now=now)
    payment = await script.reconcile(payment)
    assert await open_kinds(payment) == []
    assert (payment.state, await Difference.all().count()) == (PaymentState.REGISTERED, 3)


def refund_answer(reference: str, amount: str, status: str) -> dict[str, Any]:
    return {"id": reference, "status": status, "amount": {"value": amount, "currency": "RUB"}}


async def checked(script: ScriptedAcquirer, payment: Payment) -> bool:
    """Check a payment like the job; False if the job is to be repeated."""
    try:
        await reconciliation.reconcile_one(
            payment.id, acquirer=script.port, company=COMPANY, now=datetime.now(UTC)
        )
    except AcquirerUnavailable:
        return False
    return True


@pytest.mark.parametrize(
    ("broken", "kinds"),
    [((200, refund_answer("rf-1", "100.00", "gone")), ["UNREADABLE"]), ((500, b""), [])],
    ids=["unreadable", "an error"],
)
async def test_a_refund_without_an_answer_holds_up_neither_others_nor_receipts(
    scenario: PaymentScenario,
    script: ScriptedAcquirer,
    broken: tuple[int, Any],
    kinds: list[str],
):
    payment = await scenario.begun()
    script.says(payment, answer_of(payment))
    await script.reconcile(payment)
    for reference, amount in (("rf-1", 10_000), ("rf-2", 20_000)):
        claim = RefundClaim(payment.id, 1, Kopecks(amount), "Оплачено дважды", reference)
        key = await request_refund(script.port, claim)
        pending = refund_answer(reference, f"{amount // 100}.00", "pending")
        script.answers["/refunds"] = 200, pending
        await refunds.send(key, acquirer=script.port, now=datetime.now(UTC))
    script.answers["/refunds/rf-1"] = broken
    script.answers["/refunds/rf-2"] = 200, refund_answer("rf-2", "200.00", "succeeded")
    returned = {"value": "200.00", "currency": "RUB"}
    script.says(payment, answer_of(payment, refunded_amount=returned))
    script.answers["/receipts"] = 200, {"items": [receipt_of("p")]}

    for _ in range(2):
        assert await checked(script, payment) is False
        assert await open_kinds(payment) == kinds
    first, second = await Refund.all().order_by("id")
    assert (first.state, second.state) == (RefundState.REQUESTED, RefundState.SUCCEEDED)
    movements = await RegistryRow.all().order_by("amount").values_list("amount", flat=True)
    assert movements == [-20_000, 114_000]
    assert (await FiscalReceipt.get(payment_id=payment.id, refund_id=None)).number == "p"

    script.answers["/refunds/rf-1"] = 200, refund_answer("rf-1", "100.00", "succeeded")
    returned = {"value": "300.00", "currency": "RUB"}
    script.says(payment, answer_of(payment, refunded_amount=returned))
    assert await checked(script, payment) is True
    assert (await Payment.get(id=payment.id)).refunded == 30_000
    assert (await open_kinds(payment), await LedgerEntry.all().count()) == ([], 3)


@pytest.mark.parametrize(
    ("status", "body", "kinds"),
    [
        (200, b"<html>", []),
        (200, b"[]", []),
        (202, {}, []),
        (400, {"code": "invalid_request"}, []),
        (401, {"code": "invalid_credentials"}, []),
        (403, b"", []),
        (404, {"code": "not_found"}, ["LOST"]),
        (429, {}, []),
        (500, b"", []),
        (503, b"", []),
    ],
)
async def test_a_failed_request_to_the_acquirer_ends_no_payment_and_is_repeated(
    scenario: PaymentScenario, script: ScriptedAcquirer, status: int, body: Any, kinds: list[str]
):
    payment = await scenario.begun()
    script.says(payment, body, status)
    payment = await script.reconcile(payment)

    assert (payment.state, await open_kinds(payment)) == (PaymentState.REGISTERED, kinds)
    assert payment.next_check_at is not None


@pytest.mark.parametrize("receipts", RECEIPTS)
async def test_receipts_that_can_t_be_read_keep_no_payment_waiting(
    scenario: PaymentScenario, script: ScriptedAcquirer, receipts: tuple[int, Any]
):
    payment = await scenario.begun()
    script.says(payment, answer_of(payment))
    script.answers["/receipts"] = receipts
    payment = await script.reconcile(payment)

    assert (payment.state, await Difference.all().count()) == (PaymentState.SUCCEEDED, 0)
    assert (await FiscalReceipt.get(payment_id=payment.id)).state == "PENDING"


async def test_receipts_of_refunds_among_those_of_the_payment_are_read_over_all_pages(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    payment = await scenario.begun()
    reference = payment.reference
    script.says(payment, answer_of(payment))
    of_refunds = [receipt_of(f"rf-{n}", type="refund", refund_id=f"rf-{n}") for n in range(100)]
    query = f"/receipts?payment_id={reference}&limit=100"
    script.answers[query] = 200, {"items": of_refunds, "next_cursor": "rt-rf-99"}
    own = receipt_of("p", type="payment", payment_id=reference)
    unnamed = receipt_of("rf", type="refund")
    script.answers[f"{query}&cursor=rt-rf-99"] = 200, {"items": [own, unnamed]}
    await script.reconcile(payment)

    assert len((await script.port.state(reference or "")).fiscal) == 101
    receipt = await FiscalReceipt.get(payment_id=payment.id)
    assert (receipt.state, receipt.number) == ("DONE", "p")


async def test_a_list_whose_cursor_is_repeated_ends(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    payment = await scenario.begun()
    script.says(payment, answer_of(payment))
    script.answers["/receipts"] = 200, {"items": [], "next_cursor": "again"}
    payment = await script.reconcile(payment)

    assert payment.state is PaymentState.SUCCEEDED
    assert (await FiscalReceipt.get(payment_id=payment.id)).state == "PENDING"


async def test_checks_end_after_a_month_with_a_row_for_staff(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    payment = await scenario.begun()
    script.says(payment, b"", 503)
    paid = await scenario.paid(100)  # and no cash register has made out its receipt
    await FiscalReceipt.all().update(state="PENDING", registered_at=None)
    now = datetime.now(UTC)
    await Payment.filter(id=paid.id).update(next_check_at=now, checks=0)
    ended: list[Any] = []
    for _ in range(60):
        now += timedelta(days=1)
        ended += await reconciliation.end_checks(now=now)
        await states.enqueue_checks(now=now)

    assert ended == [payment.id, paid.id]
    assert await Payment.filter(next_check_at__isnull=False).count() == 0
    assert await open_kinds(payment) == ["NO_ANSWER"]
    assert await open_kinds(paid) == []
    receipt = await FiscalReceipt.get(payment_id=paid.id)
    assert (receipt.state, receipt.failed_at is not None) == ("FAILED", True)

    difference = await Difference.get(payment_id=payment.id)
    explained = DifferenceResolution.EXPLAINED
    await differences.settle(SUPERVISOR, difference.id, explained, "Спросили", now=now)
    assert (await Payment.get(id=payment.id)).next_check_at is not None


@pytest.mark.parametrize(
    "registered",
    [
        {}, {"id": "p1"}, {"id": "p1", "confirmation": "x"}, {"id": 7, "confirmation": {}},
        {"id": "p1", "confirmation": {"confirmation_url": "javascript:alert(1)"}},
    ],
)  # fmt: skip
async def test_a_registration_that_can_t_be_read_is_tried_again_until_it_expires(
    scenario: PaymentScenario, script: ScriptedAcquirer, registered: dict[str, Any]
):
    scenario.ports = replace(scenario.ports, acquirer=script.port)
    script.answers["/payments"] = 200, registered
    payment = await scenario.begun()
    assert (payment.state, await open_kinds(payment)) == (PaymentState.CREATED, ["UNREADABLE"])

    late = payment.created_at + timedelta(hours=24)
    payment = await scenario.reconcile(payment.id, now=late)
    assert (payment.state, payment.next_check_at) == (PaymentState.EXPIRED, None)


async def test_an_order_that_is_canceled_at_once_is_canceled(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    scenario.ports = replace(scenario.ports, acquirer=script.port)
    canceled = {"id": "p1", "status": "canceled", "cancellation_details": {"reason": "country"}}
    script.answers["/payments"] = 200, canceled
    payment = await scenario.begun()

    assert (payment.state, payment.reason) == (PaymentState.CANCELED, "country")


async def test_a_reference_of_another_payment_is_a_difference(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    first = await scenario.begun()
    scenario.ports = replace(scenario.ports, acquirer=script.port)
    page = {"confirmation_url": "https://pay.example/1"}
    script.answers["/payments"] = 200, {"id": first.reference, "confirmation": page}
    second = await scenario.begun(100)

    assert (second.state, second.reference) == (PaymentState.CREATED, None)
    assert (await open_kinds(first), await open_kinds(second)) == ([], ["ORDER"])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"amount": {"value": "299.99", "currency": "RUB"}}, "REFUNDED"),
        ({"amount": {"value": "300.00", "currency": "USD"}}, "REFUNDED"),
        ({"status": "of_the_future"}, "UNREADABLE"),
        ({"amount": None}, "UNREADABLE"),
        ({"id": "\0"}, "UNREADABLE"),
    ],
)
async def test_a_refund_that_isn_t_ours_moves_nothing_and_staff_decide_in_the_end(
    scenario: PaymentScenario, script: ScriptedAcquirer, answer: dict[str, Any], kind: str
):
    payment = await scenario.paid(100_000)
    key = await request_refund(scenario.acquirer, refund_claim(payment, 30_000))
    scenario.ports = replace(scenario.ports, acquirer=script.port)
    right = {"id": "r1", "status": "succeeded", "amount": {"value": "300.00", "currency": "RUB"}}
    script.answers["/refunds"] = 200, right | answer
    with suppress(AcquirerUnavailable):
        await scenario.do_jobs()

    refund = await Refund.get(id=key)
    assert (refund.state, await open_kinds(payment)) == (RefundState.REQUESTED, [kind])
    assert (await Payment.get(id=payment.id)).refunded == 0
    await scenario.do_jobs()
    late = refund.requested_at + timedelta(hours=24)
    with suppress(AcquirerUnavailable):
        await scenario.reconcile(payment.id, now=late)
    assert "UNKNOWN_REFUND" in await open_kinds(payment)


def refund_claim(payment: Payment, amount: int) -> RefundClaim:
    return RefundClaim(payment.id, 1, Kopecks(amount), "Оплачено дважды", new_key().hex)


@pytest.mark.parametrize(
    ("elsewhere", "amount", "taken"),
    [(0, 100_000, 1), (1, 100_000, 0), (60_000, 40_000, 1), (60_000, 40_001, 0)],
)
async def test_a_refund_can_t_exceed_the_rest_at_the_acquirer(
    scenario: PaymentScenario, elsewhere: int, amount: int, taken: int
):
    """Money that was sent back on the acquirer's own pages is gone."""
    payment = await scenario.paid(100_000)
    if elsewhere:
        await scenario.acquirer.refund(given_refund(payment.reference or "", elsewhere))

    if taken:
        await request_refund(scenario.acquirer, refund_claim(payment, amount))
    else:
        with pytest.raises(RefundRefused, match="NOT_ENOUGH_LEFT"):
            await request_refund(scenario.acquirer, refund_claim(payment, amount))
    assert await Refund.all().count() == taken


async def test_a_refund_waits_for_an_unavailable_acquirer_and_a_repeat_doesn_t(
    scenario: PaymentScenario, script: ScriptedAcquirer
):
    payment = await scenario.paid(100_000)
    script.says(payment, b"", 503)
    claim = refund_claim(payment, 100)
    with pytest.raises(Unavailable):
        await request_refund(script.port, claim)
    key = await request_refund(scenario.acquirer, claim)

    assert await request_refund(script.port, claim) == key
    assert await Refund.all().count() == 1
