"""Account linking: a proof is required, and a failure reveals nothing."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from lk_graphql.accounts.errors import (
    AlreadyLinked,
    LinkProofFailed,
    LinkSuspended,
    LinkTokenInvalid,
)
from lk_graphql.accounts.models import (
    AccountLink,
    LinkEvent,
    LinkEventKind,
    LinkRole,
    LinkState,
    ProofFault,
    SubscriberType,
)
from lk_graphql.accounts.service.claim_parsing import LinkClaimForm, ProofKind, read_claim
from lk_graphql.accounts.service.linking import LinkPreview, link_account, preview_link
from lk_graphql.accounts.service.links import unlink
from lk_graphql.accounts.service.verification import Evidence, EvidenceSource
from lk_graphql.billing.models import Invoice, InvoiceReading
from lk_graphql.billing.service.invoices import printed_readings, recent_totals
from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.metering.models import Reading, Register, Zone
from lk_graphql.metering.service.snapshot_loader import last_readings
from tests.factories.accounts import (
    CLIENT,
    LINKS,
    NOW,
    NUMBER,
    Proofs,
    given_account,
    given_bare_account,
    given_reading,
    given_user,
)
from tests.support.sql_recorder import SqlRecorder, recording

pytestmark = pytest.mark.usefixtures("queued")

EVIDENCE: Evidence = {
    "newest": EvidenceSource(ProofKind.LAST_READING, last_readings),
    "printed": EvidenceSource(ProofKind.LAST_READING, printed_readings),
    "totals": EvidenceSource(ProofKind.BILL_TOTAL, recent_totals),
}
MINUTE = timedelta(minutes=1)


async def preview(
    viewer: Viewer,
    proof: tuple[ProofKind, str] = (ProofKind.LAST_READING, Proofs.reading),
    *,
    number: str = NUMBER,
    surname: str = Proofs.surname,
    client: Client = CLIENT,
    after: timedelta = timedelta(),
) -> LinkPreview:
    form = LinkClaimForm(SubscriberType.HOUSEHOLD, number, surname, *proof)
    claim = read_claim(form, number_pattern="[0-9]{8,12}")
    return await preview_link(
        viewer, claim, client=client, now=NOW + after, signer=LINKS, evidence=EVIDENCE
    )


async def link(viewer: Viewer, token: str, after: timedelta = timedelta()) -> None:
    await link_account(viewer, token, client=CLIENT, now=NOW + after, signer=LINKS)


@pytest.mark.parametrize(
    "proof",
    [
        (ProofKind.LAST_READING, Proofs.reading),
        (ProofKind.LAST_READING, "678,0"),
        (ProofKind.BILL_TOTAL, Proofs.bill_total),
        (ProofKind.BILL_TOTAL, Proofs.bill_closing),
        (ProofKind.BILL_TOTAL, "500"),
        (ProofKind.UNIFIED_NUMBER, Proofs.unified_number),
    ],
)
async def test_one_strong_factor_proves_an_account(anna: Viewer, proof: tuple[ProofKind, str]):
    await given_account()
    masked = await preview(anna, proof)
    assert masked.masked_address == "г. Н***, ул. К***, д. 1*, кв. 7*"
    assert masked.masked_holder == "И*** П. С."
    assert masked.expires_at == NOW + timedelta(minutes=10)
    assert await AccountLink.all().count() == 0


@pytest.mark.parametrize(
    ("proof", "surname", "fault"),
    [
        ((ProofKind.LAST_READING, "12346"), "Иванова", ProofFault.STRONG_FACTOR),
        ((ProofKind.LAST_READING, "12195"), "Иванова", ProofFault.STRONG_FACTOR),
        ((ProofKind.BILL_TOTAL, "640,01"), "Иванова", ProofFault.STRONG_FACTOR),
        ((ProofKind.BILL_TOTAL, "700"), "Иванова", ProofFault.STRONG_FACTOR),
        ((ProofKind.UNIFIED_NUMBER, "75ДА533316"), "Иванова", ProofFault.STRONG_FACTOR),
        ((ProofKind.LAST_READING, "12345"), "Петрова", ProofFault.SURNAME),
    ],
)
async def test_a_wrong_proof_or_surname_doesn_t_prove_an_account(
    anna: Viewer, proof: tuple[ProofKind, str], surname: str, fault: ProofFault
):
    account = await given_account()
    with pytest.raises(LinkProofFailed):
        await preview(anna, proof, surname=surname)
    event = await LinkEvent.get()
    assert (event.kind, event.fault) == (LinkEventKind.PROOF_FAILED, fault)
    assert await LinkEvent.filter(account_id=account.id, user_id=anna.id).count() == 1


async def test_a_business_account_fails_like_any(anna: Viewer):
    await given_account(subscriber_type=SubscriberType.BUSINESS)
    with pytest.raises(LinkProofFailed):
        await preview(anna)
    assert (await LinkEvent.get()).fault == ProofFault.NOT_A_HOUSEHOLD


@pytest.mark.parametrize("days", [-1, 0, 1, 30])
async def test_an_account_that_closes_is_linked_before_on_and_after_its_last_day(
    anna: Viewer, days: int
):
    await given_account(closed_on=NOW.date() + timedelta(days=days))
    await link(anna, (await preview(anna)).token)
    assert (await AccountLink.get()).state is LinkState.ACTIVE


async def test_the_readings_on_the_last_two_receipts_prove_as_the_newest_does(anna: Viewer):
    """A receipt prints the reading of its month, and newer ones may have been sent since."""
    account = await given_account()
    day = await Register.get(meter__account_id=account.id, zone=Zone.DAY)
    bills = await Invoice.filter(account_id=account.id).order_by("period")
    for number, invoice in enumerate(bills):
        printed = await given_reading(day, Decimal(8000 + number), 6 + number)
        await InvoiceReading.create(
            invoice=invoice, register=day, current=printed, consumption_kwh=Decimal(1)
        )
    for proof in ("8002", "8001", Proofs.reading):
        assert (await preview(anna, (ProofKind.LAST_READING, proof))).token
    with pytest.raises(LinkProofFailed):
        await preview(anna, (ProofKind.LAST_READING, "8000"))


async def test_zeros_prove_nothing(anna: Viewer):
    account = await given_account()
    await Reading.filter(register__meter__account_id=account.id).update(value=0)
    await Invoice.filter(account_id=account.id).update(
        opening_balance=0, charged=0, closing_balance=0, unpaid=0
    )
    for proof in ((ProofKind.LAST_READING, "0"), (ProofKind.BILL_TOTAL, "0,00")):
        with pytest.raises(LinkProofFailed):
            await preview(anna, proof)


async def test_every_failure_runs_the_same_statements(anna: Viewer):
    await given_account()
    await given_bare_account("0000000001")
    await given_account("0000000002", subscriber_type=SubscriberType.BUSINESS)
    statements_of: dict[str, list[str]] = {}
    cases = {
        "wrong reading": (NUMBER, "1"),
        "unknown": ("9999999999", "12345"),
        "no holder, meter or bill": ("0000000001", "12345"),
        "business": ("0000000002", "12345"),
    }
    for case, (number, reading) in cases.items():
        viewer = await given_user(f"{len(statements_of)}@example.com")
        recorder = SqlRecorder()
        async with recording(recorder):
            with pytest.raises(LinkProofFailed):
                await preview(viewer, (ProofKind.LAST_READING, reading), number=number)
        statements_of[case] = [statement.sql for statement in recorder.statements]
    assert len(statements_of["unknown"]) == 9
    assert all(
        case_statements == statements_of["unknown"] for case_statements in statements_of.values()
    )


async def test_the_refusal_is_the_same_word_for_word(anna: Viewer):
    await given_account()
    refusals: list[LinkProofFailed] = []
    for number in (NUMBER, "9999999999"):
        with pytest.raises(LinkProofFailed) as refused:
            await preview(anna, (ProofKind.LAST_READING, "1"), number=number)
        refusals.append(refused.value)
    first, second = refusals
    assert (first.args, first.path, first.details) == (second.args, second.path, second.details)


async def test_saving_links_the_account_and_the_first_owns_it(anna: Viewer, boris: Viewer):
    account = await given_account()
    for viewer in (anna, boris):
        await link(viewer, (await preview(viewer)).token)
    links = await AccountLink.filter(account=account).order_by("linked_at", "id")
    assert [(row.user_id, row.role, row.state) for row in links] == [
        (anna.id, LinkRole.OWNER, LinkState.ACTIVE),
        (boris.id, LinkRole.MEMBER, LinkState.ACTIVE),
    ]
    events = await LinkEvent.all().order_by("id")
    assert [event.kind for event in events] == [LinkEventKind.PROVED, LinkEventKind.LINKED] * 2


async def test_simultaneous_uses_of_link_tokens_create_one_link(anna: Viewer):
    await given_account()
    tokens = [(await preview(anna)).token, (await preview(anna, after=MINUTE)).token]
    outcomes = await asyncio.gather(
        *(link(anna, token, 2 * MINUTE) for token in tokens * 3), return_exceptions=True
    )
    assert sorted(str(type(outcome)) for outcome in outcomes) == sorted(
        [str(type(None)), *[str(AlreadyLinked)] * 5]
    )
    assert await AccountLink.all().count() == 1


async def test_two_people_at_once_get_one_owner(anna: Viewer, boris: Viewer):
    await given_account()
    tokens = [(viewer, (await preview(viewer)).token) for viewer in (anna, boris)]
    await asyncio.gather(*(link(viewer, token) for viewer, token in tokens))
    roles = await AccountLink.all().order_by("role").values_list("role", flat=True)
    assert roles == [LinkRole.MEMBER, LinkRole.OWNER]


async def test_a_link_token_expires_after_ten_minutes(anna: Viewer):
    await given_account()
    token = (await preview(anna)).token
    with pytest.raises(LinkTokenInvalid):
        await link(anna, token, 10 * MINUTE)
    assert await AccountLink.all().count() == 0
    await link(anna, token, 10 * MINUTE - timedelta(seconds=1))


async def test_a_token_is_good_for_one_link(anna: Viewer):
    account = await given_account()
    tokens = [(await preview(anna)).token, (await preview(anna, after=MINUTE)).token]
    await link(anna, tokens[0], 2 * MINUTE)
    await unlink(anna, account.id, client=CLIENT, now=NOW + 2 * MINUTE)

    for token in tokens:
        with pytest.raises(LinkTokenInvalid):
            await link(anna, token, 3 * MINUTE)
    assert await AccountLink.all().count() == 1
    newer = (await preview(anna, after=3 * MINUTE)).token
    await link(anna, newer, 13 * MINUTE - timedelta(seconds=1))


async def test_a_token_is_good_for_its_viewer_only(anna: Viewer, boris: Viewer):
    await given_account()
    token = (await preview(anna)).token
    for viewer, text in (
        (boris, token),
        (anna, token[:-1] + ("A" if token[-1] != "A" else "B")),
        (anna, "f" * 10 + token[10:]),
        (anna, ""),
        (anna, "ж" * 74),
        (anna, "9" * 5000),
    ):
        with pytest.raises(LinkTokenInvalid):
            await link(viewer, text)
    assert await AccountLink.all().count() == 0


async def test_already_linked_is_reported_only_after_a_valid_proof(anna: Viewer):
    await given_account()
    await link(anna, (await preview(anna)).token)
    with pytest.raises(LinkProofFailed):
        await preview(anna, (ProofKind.LAST_READING, "1"))
    with pytest.raises(AlreadyLinked):
        await preview(anna)


async def test_a_suspended_link_is_not_mended_by_linking_again(anna: Viewer):
    await given_account()
    token = (await preview(anna)).token
    await link(anna, token)
    await AccountLink.all().update(state=LinkState.SUSPENDED)
    with pytest.raises(LinkSuspended):
        await preview(anna)
    with pytest.raises(LinkSuspended):
        await link(anna, token)


async def test_a_user_has_five_attempts_an_hour(anna: Viewer):
    await given_account()
    for n in range(5):
        with pytest.raises(LinkProofFailed):
            await preview(anna, number=f"99999999{n:02}")
    with pytest.raises(RateLimitExceeded) as refused:
        await preview(anna, after=MINUTE)
    assert refused.value.retry_at == NOW + timedelta(hours=1)
    await preview(anna, after=timedelta(hours=1))


@pytest.mark.parametrize("number", [NUMBER, "9999999999"])
async def test_an_account_number_has_five_attempts_a_day_from_all_users(database: str, number: str):
    await given_account()
    for n in range(5):
        viewer = await given_user(f"{n}@example.com")
        with pytest.raises(LinkProofFailed):
            await preview(viewer, (ProofKind.LAST_READING, "1"), number=number)
    viewer = await given_user("last@example.com")
    with pytest.raises(RateLimitExceeded) as refused:
        await preview(viewer, number=number, after=MINUTE)
    assert refused.value.retry_at == NOW + timedelta(days=1)


async def test_a_client_address_has_sixty_attempts_an_hour(database: str):
    for n in range(60):
        viewer = await given_user(f"{n}@example.com")
        with pytest.raises(LinkProofFailed):
            await preview(viewer, number=f"99999999{n:02}")
    viewer = await given_user("last@example.com")
    with pytest.raises(RateLimitExceeded):
        await preview(viewer, number="8888888888")
    elsewhere = Client("198.51.100.1", "a test")
    with pytest.raises(LinkProofFailed):
        await preview(viewer, number="8888888888", client=elsewhere)


async def test_a_family_of_six_can_link_on_one_day(database: str):
    await given_account()
    for n in range(6):
        viewer = await given_user(f"{n}@example.com")
        await link(viewer, (await preview(viewer)).token)
    assert await AccountLink.filter(state=LinkState.ACTIVE).count() == 6
