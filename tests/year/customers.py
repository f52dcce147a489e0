"""Customers and staff: what they do over GraphQL, and the mails that they read."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pyotp.totp import TOTP

from lk_graphql.kit.clock import Clock, utc_now

from .browser import Browser
from .deployment import Deployment, Login
from .installation import STAFF
from .model.money import rubles

NEVER = datetime.min.replace(tzinfo=UTC)
CAPTCHA = "KEPT7"
PASSWORD = "Kuzbass2026"
_TOKEN = re.compile(r"#token=(\S+)")
_TITLES = {"Скоро срок оплаты": "DUE", "Срок оплаты прошёл": "OVERDUE"}
_REMINDER = re.compile(r"Лицевой счёт (\d+): (?:оплатите|не оплачено) ([\d\s,]+)\s₽")
_ERRORS = "errors { code message path }"

REGISTER = (
    f"mutation ($input: UserRegisterInput!) {{ userRegister(input: $input) {{ {_ERRORS} }} }}"
)
CAPTCHAS = "mutation { captchaCreate(input: { withAudio: false }) { captcha { id } } }"
ACTIVATE = (
    f"mutation ($input: UserActivateInput!) {{ userActivate(input: $input) {{ {_ERRORS} }} }}"
)
SIGN_IN = f"""mutation ($input: SessionCreateInput!) {{
  sessionCreate(input: $input) {{ token {_ERRORS} }} }}"""
PROVE = f"""mutation ($input: AccountLinkPreviewInput!) {{
  accountLinkPreview(input: $input) {{ preview {{ token }} {_ERRORS} }} }}"""
LINK = f"""mutation ($input: AccountLinkInput!) {{
  accountLink(input: $input) {{ account {{ id }} {_ERRORS} }} }}"""
FEED = """mutation { calendarFeedSwitch(input: { on: true }) { viewer { calendarUrl }
  errors { code } } }"""
PREVIEW = f"""mutation ($input: PaymentPreviewInput!) {{ paymentPreview(input: $input) {{
  preview {{ amount total minimum parts {{ accountNumber debt penalty overpayment processing
    amountDue amount advance }} }} {_ERRORS} }} }}"""
START = f"""mutation ($input: PaymentStartInput!) {{ paymentStart(input: $input) {{
  payment {{ id number pageUrl }} {_ERRORS} }} }}"""
LOOK = """mutation ($input: ReadingsPreviewInput!) { readingsPreview(input: $input) {
  preview { period total lines { zone rangeNumber quantityKwh rublesPerKwh amount }
    entries { registerId status zone consumptionKwh billedKwh errors { code message path } } }
  errors { code message path } } }"""
SUBMIT = """mutation ($input: ReadingsSubmitInput!) { readingsSubmit(input: $input) {
  entries { registerId status reading { id } errors { code message path } } confirmToken
  errors { code message path } } }"""
CONFIRM = f"""mutation ($input: ReadingsConfirmInput!) {{
  readingsConfirm(input: $input) {{ readings {{ id state }} {_ERRORS} }} }}"""
UPLOAD = f"""mutation ($input: UploadCreateInput!) {{
  uploadCreate(input: $input) {{ url upload {{ id }} {_ERRORS} }} }}"""
WITHDRAW = f"""mutation ($input: ReadingWithdrawInput!) {{
  readingWithdraw(input: $input) {{ reading {{ id state }} {_ERRORS} }} }}"""

STAFF_PASSWORD = f"""mutation ($input: StaffPasswordSetInput!) {{
  staffPasswordSet(input: $input) {{ isSet {_ERRORS} }} }}"""
STAFF_SIGN_IN = f"""mutation ($input: StaffSessionCreateInput!) {{
  staffSessionCreate(input: $input) {{ token enrolment {{ secret }} {_ERRORS} }} }}"""
STAFF_PAYMENTS = """query ($number: String!) { staff { payments(where: { number: $number }) {
  nodes { id number state reference parts { position accountNumber amount refunded }
    movements { number } } } } }"""
REFUND = f"""mutation ($input: StaffRefundRequestInput!) {{
  staffRefundRequest(input: $input) {{ payment {{ id }} {_ERRORS} }} }}"""
STAFF_ACCOUNT = "query ($number: String!) { staff { account(number: $number) { id } } }"
HOUSEHOLD = f"""mutation ($input: StaffHouseholdRecordInput!) {{
  staffHouseholdRecord(input: $input) {{ account {{ id }} {_ERRORS} }} }}"""
NO_HOUSEHOLD = f"""mutation ($input: StaffHouseholdRevokeInput!) {{
  staffHouseholdRevoke(input: $input) {{ account {{ id }} {_ERRORS} }} }}"""
DIFFERENCES = """{ staff { paymentDifferences(first: 100) {
  nodes { id kind ours theirs settledAt payment { number } } } } }"""

ON_REVIEW = """{ staff { readingsOnReview(first: 100) {
  nodes { period takenOn account { number } } } } }"""


class Refused(Exception):
    """The cabinet refused what the driver holds to be right."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        self.codes = [error.get("code") or error["message"] for error in errors]
        places = [".".join(map(str, error.get("path") or ())) for error in errors]
        super().__init__(", ".join(map(" ".join, zip(self.codes, places, strict=True))))


@dataclass(frozen=True)
class Reminder:
    """A mail about an open bill; `kind` is DUE or OVERDUE."""

    kind: str
    account: str
    amount: int


@dataclass
class Client:
    """Someone at a browser, with a session."""

    http: Browser
    token: str = ""
    now: Clock = utc_now
    lifetime: timedelta = timedelta(days=29)
    sign_in: Callable[[], Awaitable[str]] | None = None
    opened: datetime = NEVER
    faults: list[str] = field(default_factory=list[str])
    """Errors of single fields, beside the data of the others."""

    async def post(self, query: str, **variables: Any) -> dict[str, Any]:
        if self.sign_in and self.now() - self.opened > self.lifetime:
            self.token, self.opened = "", self.now()
            self.token = await self.sign_in()
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": query, "variables": variables}
        response = (await self.http.post("/graphql", json=body, headers=headers)).json()
        errors = [
            {"code": error.get("extensions", {}).get("code"), **error}
            for error in response.get("errors", ())
        ]
        if not response.get("data"):
            raise Refused(errors)
        self.faults += [str(Refused([error])) for error in errors]
        return response["data"]

    async def mutate(self, query: str, **input_: Any) -> dict[str, Any]:
        """The payload. Raises `Refused` with its errors."""
        (payload,) = (await self.post(query, input=input_)).values()
        if payload["errors"]:
            raise Refused(payload["errors"])
        return payload


@dataclass
class Customer(Client):
    """A customer with a login; `links` are ids in the API of the accounts by number."""

    email: str = ""
    last_name: str = ""
    links: dict[str, str] = field(default_factory=dict[str, str])
    calendar_url: str = ""
    mails_read: int = 0

    async def link(self, number: str, surname: str, proof: dict[str, str]) -> None:
        claim = {"subscriberType": "HOUSEHOLD", "accountNumber": number, "surname": surname}
        proved = await self.mutate(PROVE, **claim, proof=proof)
        linked = await self.mutate(LINK, token=proved["preview"]["token"])
        self.links[number] = linked["account"]["id"]

    async def upload(self, name: str, content: bytes) -> str:
        """The id of a picture that was sent."""
        form = {"fileName": name, "contentType": "image/jpeg", "size": len(content)}
        announced = await self.mutate(UPLOAD, **form)
        await self.http.put(announced["url"], content=content)
        return announced["upload"]["id"]

    async def calendar_days(self) -> set[date]:
        """The last days to pay in the customer's calendar feed."""
        if not self.calendar_url:
            self.calendar_url = (await self.mutate(FEED))["viewer"]["calendarUrl"]
        text = (await self.http.get(self.calendar_url)).text
        events = text.split("BEGIN:VEVENT")[1:]
        days = (re.search(r"DTSTART;VALUE=DATE:(\d{8})", each) for each in events)
        return {
            date.fromisoformat(day[1])
            for each, day in zip(events, days, strict=True)
            if "оплаты" in each and day
        }


async def registered(production: Deployment, number: int, names: tuple[str, str, str]) -> Customer:
    """A new customer, who signs in with the first request."""
    email, http = f"customer{number}@example.com", production.browser(number)
    customer = Customer(http, now=production.clock, email=email, last_name=names[0])
    login = Login(email, f"+7913{number:07}", *names, PASSWORD)
    if not await production.create_login(login):
        await register(production, customer, login)

    async def sign_in() -> str:
        form = {"email": email, "password": PASSWORD, "delivery": "BEARER"}
        return (await customer.mutate(SIGN_IN, **form))["token"]

    customer.sign_in = sign_in
    return customer


async def register(production: Deployment, customer: Customer, login: Login) -> None:
    """Fill in the form with its captcha, and follow the link of the mail."""
    captcha = (await customer.post(CAPTCHAS))["captchaCreate"]["captcha"]["id"]
    await customer.mutate(
        REGISTER,
        lastName=login.last_name,
        firstName=login.first_name,
        patronymic=login.patronymic or None,
        hasNoPatronymic=not login.patronymic,
        email=login.email,
        phone=login.phone,
        password=login.password,
        termsVersion="2020-01-01",
        personalDataVersion="2020-01-01",
        captcha={"id": captcha, "code": CAPTCHA},
    )
    await production.do_jobs()
    (mail,) = production.installation.mailbox.to(login.email)
    token = _TOKEN.search(mail.text)
    assert token, mail
    await customer.mutate(ACTIVATE, token=token[1])


async def administrator(production: Deployment) -> Client:
    """The administrator of `lk staff add`: the printed link, an authenticator app, a session."""
    staff = Client(production.browser(0), now=production.clock, lifetime=timedelta(minutes=20))
    login = {"email": STAFF, "password": PASSWORD, "delivery": "BEARER"}
    await staff.mutate(
        STAFF_PASSWORD, token=production.installation.template.invitation, newPassword=PASSWORD
    )
    enrolment = (await staff.mutate(STAFF_SIGN_IN, **login))["enrolment"]
    app = TOTP(enrolment["secret"])

    async def sign_in() -> str:
        code = app.at(production.clock.now)
        return (await staff.mutate(STAFF_SIGN_IN, **login, code=code))["token"]

    staff.sign_in = sign_in
    return staff


def reminders(production: Deployment, customer: Customer) -> list[Reminder]:
    """The reminders of open bills among the mails that came since the last call."""
    new = production.installation.mailbox.to(customer.email, customer.mails_read)
    customer.mails_read += len(new)
    found: list[Reminder] = []
    for mail in new:
        kind = _TITLES.get(mail.subject)
        text = _REMINDER.search(mail.text)
        if kind and text:
            found.append(Reminder(kind, text[1], _kopecks(text[2])))
    return found


def _kopecks(text: str) -> int:
    whole, _, part = re.sub(r"\s", "", text).partition(",")
    return int(whole) * 100 + int(part or 0)


def part(account_id: str, amount: int | None = None, invoice: str | None = None) -> dict[str, Any]:
    """A part of a payment; without an amount what is due; for a bill, if one is named."""
    named = {} if invoice is None else {"invoiceId": invoice}
    return (
        {"accountId": account_id} | named | ({} if amount is None else {"amount": rubles(amount)})
    )
