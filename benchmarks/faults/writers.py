"""Clients that write without a pause, and repeat what wasn't answered."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

import asyncpg
import httpx

from benchmarks.faults import client
from benchmarks.faults.client import ApiClient, NoAnswer, RefusedByRule
from benchmarks.faults.ledger import Call, CallKind, Ledger
from benchmarks.faults.seed import STAFF_TOKEN, Population
from benchmarks.seed import SeededCustomer
from lk_graphql.kit.signing import Signer

_PAUSE = 0.3
"""Seconds between two calls of a writer, the longest: starting processes need the processors."""
_RETRY_SECONDS = 0.25
_LAST_CALL_SECONDS = 180
_SCAN_TRIES = 60
_FIRST_READING = 40_000
_FIRST_AMOUNT = 10_000
_FIRST_YEAR = 2027
_PAYING = ("2200000000000004", "2200000000000079", "2200000000000087", "2200000000000095")
_CARDS = (*_PAYING, "2200000000000020")
_TEXT = "Пересчитайте, пожалуйста, октябрь. "
_PASSWORD, _CAPTCHA_CODE = "Kuzbass42x", "ABCDE"
_INVOICE_COLUMNS = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;closing_penalty;consumption_kwh"
)
_LINE_COLUMNS = "invoice;position;kind;service;zone;range_number;quantity_kwh;rubles_per_kwh;amount"
IMPORTED_BILLS = 40

_CAPTCHA = """
INSERT INTO captcha (id, picture_hash, audio_hash, failures, created_at, expires_at)
VALUES ($1, $2, $2, 0, now(), now() + interval '4 minutes')"""


class Acknowledgement(NamedTuple):
    """When a call was sent and acknowledged, by the event loop's clock."""

    sent: float
    at: float


@dataclass
class Writers:
    """Writers of all kinds of calls; `resume` and `pause` start and stop them all."""

    api: ApiClient
    ledger: Ledger
    people: Population
    dsn: str
    signer: Signer
    rng: Random
    acknowledgements: list[Acknowledgement] = field(default_factory=list[Acknowledgement])
    """Those of the running step."""
    paid: list[str] = field(default_factory=list[str])
    """Payments with a paying card, for refunds, by the ids that staff see."""
    failures: list[str] = field(default_factory=list[str])
    refusals: dict[str, int] = field(default_factory=dict[str, int])
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    _is_paused: bool = False
    _is_importing: bool = False

    async def repeat_pending(self) -> None:
        """Repeat the calls of an earlier run that were not answered."""
        for call in [*self.ledger.pending.values()]:
            await self._deliver(call)

    def resume(self, writers: int) -> None:
        self._is_paused = False
        self._tasks = [asyncio.create_task(self._write()) for _ in range(writers)]

    async def pause(self) -> None:
        """Stop after the running calls; each of them is repeated until it is answered."""
        self._is_paused = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_LAST_CALL_SECONDS)
            for task in late:
                task.cancel()
                self.failures.append(f"a call had no answer for {_LAST_CALL_SECONDS} s")
        self._tasks = []

    def first_write(self, since: float) -> float | None:
        """Seconds until a call was acknowledged that was sent after a moment."""
        return min(
            (at - since for sent, at in self.acknowledgements if sent >= since), default=None
        )

    def longest_pause(self, since: float) -> float:
        """The longest time without an acknowledgement, from a moment to the newest one."""
        moments = [since, *(at for _, at in self.acknowledgements if at > since)]
        return max((after - before for before, after in pairwise(moments)), default=0)

    async def _write(self) -> None:
        kinds, weights = zip(*_WEIGHTS.items(), strict=True)
        while not self._is_paused:
            (kind,) = self.rng.choices(kinds, weights)
            try:
                await _MAKERS[kind](self, self.rng.choice(self.people.customers))
            except (NoAnswer, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(_RETRY_SECONDS)  # of a preparation, which is not acknowledged
            except RefusedByRule as refusal:
                self._note(refusal, kind)
            except Exception as error:  # noqa: BLE001 - a writer's fault must be seen, not hang the run
                self.failures.append(f"{kind}: {error!r}")
            await asyncio.sleep(self.rng.random() * _PAUSE)

    async def _call(
        self, kind: CallKind, token: str, values: dict[str, Any], facts: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Make a call until it is answered; None for a refusal."""
        call = Call(str(uuid4()), kind, token, values, facts)
        self.ledger.begin(call)
        return await self._deliver(call)

    async def _deliver(self, call: Call) -> dict[str, Any] | None:
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            try:
                answer = await self.api.send(call)
            except NoAnswer:
                await asyncio.sleep(_RETRY_SECONDS)
            except RefusedByRule as refusal:
                self._note(refusal, call.kind)
                self.ledger.refuse(call)
                return None
            else:
                self.ledger.acknowledge(call, answer)
                self.acknowledgements.append(Acknowledgement(started, loop.time()))
                return answer

    def _note(self, refusal: RefusedByRule, kind: CallKind) -> None:
        text = f"{kind} {' '.join(refusal.codes)}"
        self.refusals[text] = self.refusals.get(text, 0) + 1

    async def submit_readings(self, customer: SeededCustomer) -> None:
        """A value that this register never had, and that is little more than the last one."""
        value = _FIRST_READING + self.ledger.begun[CallKind.READINGS, customer.token]
        entries = [
            {"registerId": f"reg_{register}", "value": str(value)}
            for register in (customer.register, customer.night)
        ]
        values = {"accountId": f"acc_{customer.account}", "entries": entries, **_new_key()}
        await self._call(CallKind.READINGS, customer.token, values, {})

    async def pay(self, customer: SeededCustomer) -> None:
        """Start a payment of an amount that no other payment has, and enter a card."""
        amount = _FIRST_AMOUNT + self.ledger.number
        rubles = f"{amount // 100}.{amount % 100:02}"
        part = {"accountId": f"acc_{customer.account}", "amount": rubles}
        values = {"parts": [part], "total": rubles, **_new_key()}
        answer = await self._call(CallKind.PAYMENT, customer.token, values, {"amount": amount})
        if answer and (page := answer["payment"]["pageUrl"]):
            card = self.rng.choice(_CARDS)
            await self._enter_card(page, card)
            if card in _PAYING:
                self.paid.append(answer["payment"]["id"].replace("pay_", "spm_"))

    async def _enter_card(self, page: str, card: str) -> None:
        """The acquirer's page is not among the services that fail."""
        form = {"number": card, "expiry": "12/39", "code": "123"}
        async with httpx.AsyncClient(trust_env=False, verify=False) as browser:
            await browser.post(f"{page}/card", data=form)

    async def refund(self, _: SeededCustomer) -> None:
        if len(self.paid) < 10:  # the payment must have been settled meanwhile
            return
        payment = self.paid.pop(0)
        values = {"paymentId": payment, "amount": "1.00", "reason": "Ошибка", **_new_key()}
        await self._call(CallKind.REFUND, STAFF_TOKEN, values, {})

    async def write_appeal(self, customer: SeededCustomer) -> None:
        """An appeal with a text of its own, half of them with an attachment."""
        uploads = [await self._attach(customer)] if self.rng.random() < 0.5 else []
        text = f"{_TEXT}{uuid4()}"
        values = {"topicId": f"tpc_{self.rng.choice(self.people.topics)}", "text": text}
        values |= {"uploadIds": [f"upl_{upload}" for upload in uploads], **_new_key()}
        await self._call(CallKind.APPEAL, customer.token, values, {"text": text})

    async def _attach(self, customer: SeededCustomer) -> str:
        content = f"%PDF-1.7\n% {uuid4()}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
        form = _file("счёт.pdf", "application/pdf", content)
        announced = await self.api.mutate(
            "uploadCreate", f"url {client.ANNOUNCE}", customer.token, form
        )
        url, public_id = announced["url"], announced["upload"]["id"]
        key = await self._upload(CallKind.UPLOAD, url, public_id, content)
        await self._wait_until_scanned(key, customer.token)
        return key

    async def _upload(self, kind: CallKind, url: str, public_id: str, content: str) -> str:
        """Send a file; its key."""
        key = public_id.partition("_")[2]
        digest = sha256(content.encode()).hexdigest()
        body = {"url": httpx.URL(url).raw_path.decode(), "content": content}
        if await self._call(kind, "", body, {"key": key, "sha256": digest}) is None:
            raise NoAnswer("the upload has to be announced anew")
        return key

    async def _wait_until_scanned(self, key: str, token: str) -> None:
        for _ in range(_SCAN_TRIES):
            data = await self.api.ask("{ viewer { uploads { id state } } }", token)
            states = {upload["id"]: upload["state"] for upload in data["viewer"]["uploads"]}
            if states.get(f"upl_{key}") == "READY":
                return
            await asyncio.sleep(_RETRY_SECONDS)
        raise NoAnswer("the scanner takes too long")

    async def sign_up(self, _: SeededCustomer) -> None:
        key = uuid4()
        code = self.signer.fingerprint("captcha", f"{key}:{_CAPTCHA_CODE}")
        await _execute(self.dsn, _CAPTCHA, key, bytes.fromhex(code))
        email = f"new-{key.hex}@example.com"
        values = {
            "lastName": "Соколова", "firstName": "Мария", "patronymic": "Игоревна", "email": email,
            "phone": "+79131234567", "password": _PASSWORD, "termsVersion": "2020-01-01",
            "personalDataVersion": "2020-01-01",
            "captcha": {"id": f"cap_{key.hex}", "code": _CAPTCHA_CODE},
        }  # fmt: skip
        await self._call(CallKind.SIGN_UP, "", values, {"email": email})

    async def import_bills(self, _: SeededCustomer) -> None:
        """A file of bills, of which all account holders are notified, executed by a worker."""
        if self._is_importing:
            return
        self._is_importing = True
        try:
            number = uuid4().hex[:12]
            uploads = [
                await self._upload_table(f"{name}-{number}.csv", content)
                for name, content in self._bills(number).items()
            ]
            values = {"kind": "INVOICES", "uploadIds": [f"upl_{key}" for key in uploads]}
            await self._call(CallKind.IMPORT, STAFF_TOKEN, values, {"number": number})
        finally:
            self._is_importing = False

    def _bills(self, number: str) -> dict[str, str]:
        """The files by name, of a month that no earlier import has."""
        invoices, lines = [_INVOICE_COLUMNS], [_LINE_COLUMNS]
        year, month = divmod(self.ledger.begun[CallKind.IMPORT, STAFF_TOKEN], 12)
        period = f"{_FIRST_YEAR + year}-{month + 1:02}"
        for place, account in enumerate(self.rng.sample(self.people.numbers, IMPORTED_BILLS)):
            bill = f"{number}-{place}"
            days = f"{period};{period}-03;{period}-20"
            invoices.append(f"{account};{bill};{days};0.00;500.00;0.00;0.00;0.00;500.00;;100")
            lines.append(f"{bill};1;ENERGY;Электроснабжение;SINGLE;1;100;5.00;500.00")
        return {"invoices": "\n".join(invoices) + "\n", "invoice_lines": "\n".join(lines) + "\n"}

    async def _upload_table(self, name: str, content: str) -> str:
        announced = await self.api.mutate(
            "staffUploadCreate", f"url {client.ANNOUNCE_STAFF}", STAFF_TOKEN,
            _file(name, "text/csv", content),
        )  # fmt: skip
        url, public_id = announced["url"], announced["uploadId"]
        return await self._upload(CallKind.TABLE, url, public_id, content)

    async def export(self, _: SeededCustomer) -> None:
        values = {"kind": "PAYMENTS", "since": "2026-01-01T00:00:00Z"}
        await self._call(CallKind.EXPORT, STAFF_TOKEN, values, {})

    async def send_code(self, customer: SeededCustomer) -> None:
        phone = f"+79{self.rng.randrange(10**9):09}"
        await self._call(CallKind.PHONE_CODE, customer.token, {"phone": phone}, {"phone": phone})


_WEIGHTS: Mapping[CallKind, float] = {
    CallKind.READINGS: 40,
    CallKind.PAYMENT: 20,
    CallKind.REFUND: 5,
    CallKind.APPEAL: 10,
    CallKind.SIGN_UP: 2,
    CallKind.IMPORT: 0.3,
    CallKind.EXPORT: 0.2,
    CallKind.PHONE_CODE: 2,
}
_MAKERS: Mapping[CallKind, Callable[[Writers, SeededCustomer], Awaitable[None]]] = {
    CallKind.READINGS: Writers.submit_readings,
    CallKind.PAYMENT: Writers.pay,
    CallKind.REFUND: Writers.refund,
    CallKind.APPEAL: Writers.write_appeal,
    CallKind.SIGN_UP: Writers.sign_up,
    CallKind.IMPORT: Writers.import_bills,
    CallKind.EXPORT: Writers.export,
    CallKind.PHONE_CODE: Writers.send_code,
}


def _new_key() -> dict[str, str]:
    return {"idempotencyKey": str(uuid4())}


def _file(name: str, kind: str, content: str) -> dict[str, Any]:
    return {"fileName": name, "contentType": kind, "size": len(content.encode())}


async def _execute(dsn: str, statement: str, *arguments: object) -> None:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        await connection.execute(statement, *arguments)
    finally:
        with suppress(asyncpg.PostgresError, OSError):
            await connection.close()
