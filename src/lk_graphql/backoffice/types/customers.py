"""Customers, accounts, readings and files for staff; each access is audited."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from lk_graphql.accounts.models import (
    Account,
    AccountLink,
    Holder,
    LinkEvent,
    LinkEventKind,
    LinkRole,
    LinkState,
    ProofFault,
)
from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.backoffice.service.files import CONTENT, PREVIEW
from lk_graphql.identity.models import User
from lk_graphql.identity.types.objects import full_name
from lk_graphql.kit import emails, phones
from lk_graphql.kit.company import Company
from lk_graphql.kit.emails import Email
from lk_graphql.kit.pasted_text import identifier
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.metering import models as metering
from lk_graphql.metering.types.objects import (
    SOURCE_IN_SQL,
    TYPICAL,
    TypicalMonth,
    months,
    source_of,
)
from lk_graphql.metering.types.payloads import ReadingError
from lk_graphql.planner.declare.filters import contains_words, exactly, filter_input
from lk_graphql.planner.declare.scalars import Period, Quantity, Url
from lk_graphql.planner.types import (
    Node,
    StaffOnly,
    aggregate,
    choices,
    column,
    derived,
    expression,
    reads,
    related,
)
from lk_graphql.uploads import models as uploads
from lk_graphql.uploads.service.links import url_of

CLERK = StaffOnly(Role.CLERK)


def _session(staff: StaffViewer | None) -> UUID | None:
    return staff and staff.session_id


def download_url(
    id: UUID, current_staff: StaffViewer | None, now: datetime, company: Company, links: Signer
) -> str | None:
    return url_of(CONTENT, id, _session(current_staff), now=now, company=company, links=links)


def preview_url(
    id: UUID,
    has_preview: bool,  # noqa: FBT001 - a column
    current_staff: StaffViewer | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if not has_preview:
        return None
    return url_of(PREVIEW, id, _session(current_staff), now=now, company=company, links=links)


@reads(uploads.Upload, owned_through=CLERK, audits="user")
class StaffFile:
    """A file that a customer has sent with something, or that staff have answered with."""

    file_name: str = column("What it is called.", of="name")
    kind: uploads.UploadKind = column("What it is.")
    size: int = column("Its length in bytes.")
    created_at: datetime = column("When it was announced.")
    download_url: Url | None = derived(
        "Where to get it, for ten minutes and as long as this session lasts. Pictures have no"
        " metadata (place, camera, time).",
        download_url,
    )
    preview_url: Url | None = derived(
        "A small JPEG of a picture, likewise; null where there is none.", preview_url
    )


choices(
    LinkState,
    "Whether a link shows its account.",
    ACTIVE="It does.",
    SUSPENDED="Not until staff decide («приостановлено»).",
    ENDED="Not any more.",
)
choices(
    LinkEventKind,
    "What happened to a link, or to a try at one.",
    PROOF_FAILED="Somebody couldn't prove the account.",
    PROVED="Somebody proved the account.",
    LINKED="It was linked.",
    UNLINKED="Its person ended it.",
    MADE_OWNER="Its person became the account's owner.",
    SUSPENDED_BY_NOTICE="Another user of the account didn't recognise it.",
    SUSPENDED_BY_NEW_HOLDER="The contract has another holder.",
    RESTORED="Staff gave the account back.",
    ENDED_BY_STAFF="Staff ended it.",
)
choices(
    ProofFault,
    "What was wrong with a proof: staff may know, whoever tried may not.",
    NO_ACCOUNT="There is no such account.",
    NOT_A_HOUSEHOLD="It isn't a household's.",
    CLOSED="The contract has ended.",
    SURNAME="Another surname.",
    STRONG_FACTOR="Another reading, amount or unified number.",
)


def email_masked(email_key: str) -> str:
    return emails.mask(Email(email_key))


def phone_masked(phone: str) -> str:
    return phones.mask(Phone(phone))


def is_set(activated_at: datetime | None) -> bool:
    return activated_at is not None


def is_locked(locked_at: datetime | None) -> bool:
    return locked_at is not None


@reads(LinkEvent, owned_through=CLERK)
class StaffLinkEvent:
    """Something that happened to a link, or a try («событие подключения»)."""

    kind: LinkEventKind = column("What it was.")
    fault: ProofFault | None = column("What was wrong with a failed proof.")
    client_address: str | None = column("The network address that it came from.")
    happened_at: datetime = column("When.")


@reads(Holder, owned_through=CLERK)
class StaffHolder:
    """Whom a contract is or was with («абонент»)."""

    full_name: str = derived("As the billing system writes it.", full_name)
    since: date = column("Since when.")
    until: date | None = column("The first day of the next; null for the present one.")
    is_visible: bool = expression(
        "Whether customers see what is of this time: the present holder's, and that of those who"
        " are recorded as one household with them.",
        sql="({account__visible_days} && datemultirange(daterange({since}, {until}))) IS NOT FALSE",
    )


@reads(AccountLink, prefix="sal", owned_through=CLERK, audits="user")
class StaffAccountLink(Node):
    """A login's link to an account («подключение»)."""

    role: LinkRole = column("Owner or member.")
    state: LinkState = column("Whether it shows the account.")
    linked_at: datetime = column("Since when there is a link.")
    changed_at: datetime = column("When something about it changed last.")
    customer: "StaffCustomer" = related("Whose it is.", of="user")
    account: "StaffAccount" = related("To which account.")
    events: list[StaffLinkEvent] = related(
        "What happened to it, the newest first.", order_by="-happened_at"
    )


@reads(User, prefix="scu", owned_through=CLERK, audits="")
class StaffCustomer(Node):
    """Somebody with a login («клиент»); contacts are masked: see `staffContactsShow`."""

    full_name: str = derived("Surname, first name and patronymic («ФИО»).", full_name)
    email_masked: str = derived("The login, most of it hidden.", email_masked)
    phone_masked: str = derived("The telephone number, most of it hidden.", phone_masked)
    registered_at: datetime = column("When the form was sent.", of="created_at")
    is_activated: bool = expression(
        "Whether the link in the mail was followed.",
        sql="{activated_at} IS NOT NULL",
        python=is_set,
    )
    is_locked: bool = expression(
        "Whether they are kept out.", sql="{locked_at} IS NOT NULL", python=is_locked
    )
    living_sessions: int = aggregate(
        "On how many devices they are signed in.",
        of="sessions",
        sql="count(*)",
        where="{ended_at} IS NULL AND {expires_at} > {now} AND {staff_id} IS NULL",
    )
    links: list[StaffAccountLink] = related(
        "Their links to accounts, ended ones too.", of="account_links", order_by="linked_at"
    )


@reads(Account, prefix="sac", owned_through=CLERK, audits="")
class StaffAccount(Node):
    """A personal account («карточка лицевого счёта»)."""

    number: str = column("The number printed on bills.")
    unified_number: str | None = column("The number in ГИС ЖКХ (ЕЛС).")
    contract_number: str = column("The contract's number.")
    address: str = column("Where the energy goes.")
    closed_on: date | None = column("The contract's last day; null while none is known.")
    data_as_of: datetime = column("As of when the billing system's data are here.")
    holders: list[StaffHolder] = related(
        "Whom the contract is and was with, the newest first.", order_by="-since"
    )
    links: list[StaffAccountLink] = related(
        "Who has linked it, ended links too.", order_by="linked_at"
    )


def email_key(text: str) -> str:
    """An address as it is stored, if it is one."""
    try:
        return emails.parse(text)
    except emails.NotAnEmail:
        return text


def phone_number(text: str) -> str:
    """A telephone number as it is stored, if it is one."""
    try:
        return phones.parse(text)
    except phones.NotAPhone:
        return text


@filter_input
class StaffCustomerFilterInput:
    """Which customers to find."""

    last_name: str | None = contains_words("The surname.", of="last_name")
    email: str | None = exactly("The whole address.", of="email_key", read=email_key)
    phone: str | None = exactly(
        "The whole number, in any form that people write.", of="phone", read=phone_number
    )
    account_number: str | None = exactly(
        "Who has, or had, this account.", of="account_links__account__number", read=identifier
    )


@filter_input
class StaffAccountFilterInput:
    """Which accounts to find."""

    number: str | None = exactly("The number on the bill.", of="number", read=identifier)
    unified_number: str | None = exactly(
        "The number in ГИС ЖКХ (ЕЛС).", of="unified_number", read=identifier
    )
    address: str | None = contains_words("Words of the address.", of="address")
    holder: str | None = contains_words("The holder's surname.", of="holders__last_name")


@filter_input
class StaffLinkFilterInput:
    """Which links to show."""

    account_number: str | None = exactly(
        "Only to this account.", of="account__number", read=identifier
    )


@reads(metering.ReadingFinding, owned_through=CLERK)
class StaffReadingFinding:
    """Why a reading is unusual."""

    kind: metering.FindingKind = column("What is unusual about it.")
    consumed_kwh: Quantity = column("What would have been used.")
    usual_kwh: Quantity | None = column("What is usual for as long.")
    season_kwh: Quantity | None = column("What was used in the same months of earlier years.")
    limit_kwh: Quantity | None = column("From where on it is asked about.")
    likely_mistake: metering.Mistake | None = column("What probably went wrong.", of="mistake")
    suggested_value: Quantity | None = column("The value without it.")
    typical_months: list[TypicalMonth] = derived(TYPICAL, months)


@reads(metering.Reading, prefix="srd", owned_through=CLERK)
class StaffReading(Node):
    """A reading as staff see it («показание»)."""

    value: Quantity = column("What the register showed.")
    taken_on: date = column("On which day.")
    received_at: datetime = column("When it came.")
    period: Period = column("For which month.")
    state: metering.ReadingState = column("What became of it.")
    source: metering.ReadingSource = expression(
        "Who read the register.", sql=SOURCE_IN_SQL, python=source_of
    )
    caller: str | None = column("Who told it by telephone; null for all others.")
    reason: str | None = column("Why it was rejected.")
    zone: metering.Zone = column("Of which zone.", of="register__zone")
    meter_serial: str = column("Of which meter.", of="register__meter__serial")
    findings: list[StaffReadingFinding] = related("Why it is unusual.")
    photo: StaffFile | None = related(
        "The photo of the display, without metadata: it proves by what it shows; null where none "
        "was sent."
    )
    account: StaffAccount = related("Whose account it is.", of="register__meter__account")


@input_type
class StaffReadingAcceptInput:
    """A reading that counts."""

    reading_id: strawberry.ID = strawberry.field(description="From `staff.readingsOnReview`.")


@input_type
class StaffReadingRejectInput:
    """A reading that doesn't count, and why."""

    reading_id: strawberry.ID = strawberry.field(description="From `staff.readingsOnReview`.")
    reason: str = strawberry.field(description="1 to 300 characters; the customer reads it.")


@object_type
class StaffReadingAcceptPayload:
    """What became of a reading."""

    reading: StaffReading | None = outcome("The reading, accepted.")
    errors: list[ReadingError] = errors()


@object_type
class StaffReadingRejectPayload:
    """What became of a reading."""

    reading: StaffReading | None = outcome("The reading, rejected.")
    errors: list[ReadingError] = errors()
