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
from lk_graphql.api.root_fields import errors, outcome
from lk_graphql.backoffice.service.files import CONTENT, PREVIEW
from lk_graphql.identity.models import User
from lk_graphql.identity.types.objects import full_name
from lk_graphql.kit import emails, phones
from lk_graphql.kit.emails import Email
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.pasted_text import identifier
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.viewer import Role
from lk_graphql.metering import models as metering
from lk_graphql.metering.types.objects import (
    SOURCE_SQL,
    TYPICAL,
    TypicalMonth,
    source_of,
    typical_months_of,
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

CLERK = StaffOnly(Role.CLERK)


def download_url(id: UUID, staff_file_urls: FileUrls) -> str | None:
    return staff_file_urls.of(CONTENT.route, id)


def preview_url(
    id: UUID,
    has_preview: bool,  # noqa: FBT001 - a column
    staff_file_urls: FileUrls,
) -> str | None:
    if not has_preview:
        return None
    return staff_file_urls.of(PREVIEW.route, id)


@reads(uploads.Upload, owned_through=CLERK, audits="user")
class StaffFile:
    """A file from a customer, or from staff with an answer."""

    file_name: str = column("The name of the file.", of="name")
    kind: uploads.UploadKind = column("The format of the file.")
    size: int = column("The size of the file in bytes.")
    created_at: datetime = column("The date and time of the upload's creation.")
    download_url: Url | None = derived(
        "The address of the file, valid for ten minutes and no longer than this session. Pictures "
        "have no metadata (place, camera, time).",
        download_url,
    )
    preview_url: Url | None = derived(
        "The address of a small JPEG of a picture, valid likewise; null if there is none.",
        preview_url,
    )


choices(
    LinkState,
    "The state of a link to an account.",
    ACTIVE="The link shows the account.",
    SUSPENDED="The account is hidden until a decision by staff («приостановлено»).",
    ENDED="The link no longer shows the account.",
)
choices(
    LinkEventKind,
    "The kind of an event of a link, or of an attempt to link.",
    PROOF_FAILED="A proof of the account failed.",
    PROVED="A proof of the account succeeded.",
    LINKED="The account was linked.",
    UNLINKED="The customer ended the link.",
    MADE_OWNER="The customer became the account's owner.",
    SUSPENDED_BY_NOTICE="Suspended: another user of the account didn't recognise it.",
    SUSPENDED_BY_NEW_HOLDER="Suspended: the contract has another holder.",
    RESTORED="Staff restored the link.",
    ENDED_BY_STAFF="Staff ended the link.",
)
choices(
    ProofFault,
    "The fault of a failed proof, visible to staff and not to the person who tried.",
    NO_ACCOUNT="There is no such account.",
    NOT_A_HOUSEHOLD="The account isn't a household's.",
    CLOSED="The contract has ended.",
    SURNAME="The surname differs.",
    STRONG_FACTOR="The reading, amount or unified number differs.",
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
    """An event of a link, or an attempt to link («событие подключения»)."""

    kind: LinkEventKind = column("The kind of the event.")
    fault: ProofFault | None = column("The fault of a failed proof.")
    client_address: str | None = column("The network address of the client.")
    happened_at: datetime = column("The date and time of the event.")


@reads(Holder, owned_through=CLERK)
class StaffHolder:
    """A present or former holder of a contract («абонент»)."""

    full_name: str = derived("The full name, as the billing system writes it.", full_name)
    since: date = column("The first day of this holder.")
    until: date | None = column("The first day of the next holder; null for the present one.")
    is_visible: bool = expression(
        "Whether customers see the data of this time: that of the present holder, and of those "
        "recorded as one household with the present one.",
        sql="({account__visible_days} && datemultirange(daterange({since}, {until}))) IS NOT FALSE",
    )


@reads(AccountLink, prefix="sal", owned_through=CLERK, audits="user")
class StaffAccountLink(Node):
    """A login's link to an account («подключение»)."""

    role: LinkRole = column("The role: owner or member.")
    state: LinkState = column("The state, which sets whether the link shows the account.")
    linked_at: datetime = column("The date and time of linking.")
    changed_at: datetime = column("The date and time of the last change.")
    customer: "StaffCustomer" = related("The customer with the login.", of="user")
    account: "StaffAccount" = related("The linked account.")
    events: list[StaffLinkEvent] = related(
        "The events of the link, the newest first.", order_by="-happened_at"
    )


@reads(User, prefix="scu", owned_through=CLERK, audits="")
class StaffCustomer(Node):
    """A customer with a login («клиент»); contacts are masked: see `staffContactsShow`."""

    full_name: str = derived("Surname, first name and patronymic («ФИО»).", full_name)
    email_masked: str = derived(
        "The e-mail address, which is the login, mostly masked.", email_masked
    )
    phone_masked: str = derived("The telephone number, mostly masked.", phone_masked)
    registered_at: datetime = column(
        "The date and time at which the registration form was sent.", of="created_at"
    )
    is_activated: bool = expression(
        "Whether the login was activated by the link in the mail.",
        sql="{activated_at} IS NOT NULL",
        python=is_set,
    )
    is_locked: bool = expression(
        "Whether the customer is locked out.", sql="{locked_at} IS NOT NULL", python=is_locked
    )
    living_sessions: int = aggregate(
        "The number of devices on which the customer is signed in.",
        of="sessions",
        sql="count(*)",
        where="{ended_at} IS NULL AND {expires_at} > {now} AND {staff_id} IS NULL",
    )
    links: list[StaffAccountLink] = related(
        "The links to accounts, including ended ones.", of="account_links", order_by="linked_at"
    )


@reads(Account, prefix="sac", owned_through=CLERK, audits="")
class StaffAccount(Node):
    """A personal account («карточка лицевого счёта»)."""

    number: str = column("The number printed on bills.")
    unified_number: str | None = column("The number in ГИС ЖКХ (ЕЛС).")
    contract_number: str = column("The contract's number.")
    address: str = column("The postal address of the supplied home.")
    closed_on: date | None = column("The last day of the contract; null if none is known.")
    data_as_of: datetime = column("The date and time of the billing system's data.")
    holders: list[StaffHolder] = related(
        "The present and former holders of the contract, the newest first.", order_by="-since"
    )
    links: list[StaffAccountLink] = related(
        "The links of logins to the account, including ended ones.", order_by="linked_at"
    )


def email_key(text: str) -> str:
    """An address as it is stored, if it is one."""
    try:
        return emails.parse(text)
    except emails.InvalidEmail:
        return text


def phone_number(text: str) -> str:
    """A telephone number as it is stored, if it is one."""
    try:
        return phones.parse(text)
    except phones.InvalidPhone:
        return text


@filter_input
class StaffCustomerFilterInput:
    """Filters of customers."""

    last_name: str | None = contains_words("The last name.", of="last_name")
    email: str | None = exactly("The complete e-mail address.", of="email_key", read=email_key)
    phone: str | None = exactly(
        "The complete telephone number, in any usual notation.", of="phone", read=phone_number
    )
    account_number: str | None = exactly(
        "Only customers who have, or had, this account.",
        of="account_links__account__number",
        read=identifier,
    )


@filter_input
class StaffAccountFilterInput:
    """Filters of accounts."""

    number: str | None = exactly("The number on the bill.", of="number", read=identifier)
    unified_number: str | None = exactly(
        "The number in ГИС ЖКХ (ЕЛС).", of="unified_number", read=identifier
    )
    address: str | None = contains_words("Words of the address.", of="address")
    holder: str | None = contains_words("The holder's surname.", of="holders__last_name")


@filter_input
class StaffLinkFilterInput:
    """Filters of links."""

    account_number: str | None = exactly(
        "Only links to this account.", of="account__number", read=identifier
    )


@reads(metering.ReadingFinding, owned_through=CLERK)
class StaffReadingFinding:
    """A finding that makes a reading unusual."""

    kind: metering.FindingKind = column("The kind of finding.")
    consumed_kwh: Quantity = column("The consumption according to this reading.")
    usual_kwh: Quantity | None = column("The usual consumption for an equally long time.")
    season_kwh: Quantity | None = column("The consumption in the same months of earlier years.")
    limit_kwh: Quantity | None = column("The consumption above which a reading is unusual.")
    likely_mistake: metering.Mistake | None = column("The probable mistake.", of="mistake")
    suggested_value: Quantity | None = column("The value without the mistake.")
    typical_months: list[TypicalMonth] = derived(TYPICAL, typical_months_of)


@reads(metering.Reading, prefix="srd", owned_through=CLERK)
class StaffReading(Node):
    """A reading as staff see it («показание»)."""

    value: Quantity = column("The value that the display shows.")
    taken_on: date = column("The day on which the register was read.")
    received_at: datetime = column("The date and time of receipt.")
    period: Period = column("The month to which the reading belongs.")
    state: metering.ReadingState = column("The state of the reading.")
    source: metering.ReadingSource = expression(
        "The source of the reading.", sql=SOURCE_SQL, python=source_of
    )
    caller: str | None = column("The caller who gave it by telephone; null for all others.")
    reason: str | None = column("The reason for the rejection.")
    zone: metering.Zone = column("The zone of the register.", of="register__zone")
    meter_serial: str = column("The serial number of the meter.", of="register__meter__serial")
    findings: list[StaffReadingFinding] = related("The findings that make the reading unusual.")
    photo: StaffFile | None = related(
        "The photo of the display, without metadata: the evidence is its content; null if none "
        "was sent."
    )
    account: StaffAccount = related("The account of the meter.", of="register__meter__account")


@input_type
class StaffReadingAcceptInput:
    """A reading to accept."""

    reading_id: strawberry.ID = strawberry.field(
        description="The id of the reading, from `staff.readingsOnReview`."
    )


@input_type
class StaffReadingRejectInput:
    """A reading to reject, and the reason."""

    reading_id: strawberry.ID = strawberry.field(
        description="The id of the reading, from `staff.readingsOnReview`."
    )
    reason: str = strawberry.field(description="The reason for the customer, 1 to 300 characters.")


@object_type
class StaffReadingAcceptPayload:
    """The result of `staffReadingAccept`."""

    reading: StaffReading | None = outcome("The accepted reading.")
    errors: list[ReadingError] = errors()


@object_type
class StaffReadingRejectPayload:
    """The result of `staffReadingReject`."""

    reading: StaffReading | None = outcome("The rejected reading.")
    errors: list[ReadingError] = errors()
