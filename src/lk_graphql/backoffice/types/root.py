"""Object `staff`, with the lists of the back office and the erasure requests."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.api.graphql_types import object_type
from lk_graphql.appeals.models import Appeal, AppealTopic
from lk_graphql.backoffice.types.accounts import StaffCallback, StaffCallbackFilterInput
from lk_graphql.backoffice.types.appeals import (
    StaffAppeal,
    StaffAppealFilterInput,
    StaffAppealTopic,
)
from lk_graphql.backoffice.types.applications import (
    SUBMITTED,
    StaffContractApplication,
    StaffContractApplicationFilterInput,
)
from lk_graphql.backoffice.types.customers import (
    StaffAccount,
    StaffAccountFilterInput,
    StaffAccountLink,
    StaffCustomer,
    StaffCustomerFilterInput,
    StaffLinkFilterInput,
    StaffReading,
)
from lk_graphql.backoffice.types.exchange import (
    UPLOADS_WAITING_SQL,
    StaffExportRun,
    StaffImportFilterInput,
    StaffImportRun,
    StaffUpload,
    uploads,
)
from lk_graphql.backoffice.types.payments import (
    StaffFiscalReceipt,
    StaffFiscalReceiptFilterInput,
    StaffPayment,
    StaffPaymentDifference,
    StaffPaymentDifferenceFilterInput,
    StaffPaymentFilterInput,
)
from lk_graphql.contracts.models import Application
from lk_graphql.exchange.models import ExportRun, ImportRun
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.pasted_text import identifier
from lk_graphql.kit.viewer import Role
from lk_graphql.metering.models import Reading, ReadingState
from lk_graphql.payments.models import Difference, FiscalReceipt, Payment, ReceiptState
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import (
    EVER,
    StaffOnly,
    all_rows,
    choices,
    column,
    derived,
    expression,
    lookup,
    part,
    reads,
    related,
)
from lk_graphql.ports import Ports
from lk_graphql.profile import models as profile
from lk_graphql.profile.models import ErasureRequest
from lk_graphql.rules.service.abilities import MET_SQL, Ability, Installation, abilities_of
from lk_graphql.staff import models
from lk_graphql.staff.types.objects import StaffAuditEntry, StaffAuditFilterInput, StaffMember

ADMIN = StaffOnly(Role.ADMIN)
WAITING = {"state": profile.ErasureState.WAITING.value}
CLOSED = {"closed_at": EVER}
SETTLED = {"settled_at": EVER}
FAILED = {"state": ReceiptState.FAILED.value, "failed_at": EVER, "settled_at": None}


choices(
    Ability,
    "An ability of customers in the cabinet («возможности»).",
    LINK="Link accounts («подключение лицевого счёта»).",
    READINGS="Submit readings («передача показаний»).",
    BILLS="View bills («счета»).",
    RECEIPTS="Download receipts («квитанции»).",
    PAYMENTS="Pay by card («оплата картой»).",
    SMS="Receive SMS («SMS-уведомления»).",
    APPEALS="Write appeals («обращения»).",
)


@object_type
class StaffMissingRule:
    """A missing requirement of an ability."""

    text: str = strawberry.field(
        description="The missing requirement in a sentence, Russian or English."
    )
    remedy: str = strawberry.field(description="The command or the settings that provide it.")
    is_blocking: bool = strawberry.field(
        description="Whether the ability is closed without it; otherwise it is open, but "
        "incomplete."
    )


@object_type
class StaffAbility:
    """The state of an ability, with its missing requirements («готовность кабинета»)."""

    ability: Ability = strawberry.field(description="The ability of customers.")
    is_open: bool = strawberry.field(description="Whether customers have the ability.")
    is_off: bool = strawberry.field(description="Whether a setting has switched it off.")
    missing: list[StaffMissingRule] = strawberry.field(
        description="The missing requirements, as in `lk check`."
    )


def staff_abilities(met: Sequence[bool], ports: Ports, language: Language) -> list[StaffAbility]:
    return [
        StaffAbility(
            ability=state.ability,
            is_open=state.is_open,
            is_off=state.is_off,
            missing=[
                StaffMissingRule(
                    text=item.text(language), remedy=item.remedy, is_blocking=item.blocks
                )
                for item in state.missing
            ],
        )
        for state in abilities_of(met, Installation.of(ports))
    ]


def customer_id(user_id: UUID) -> str:
    return to_public("scu", user_id)


def is_overdue(state: profile.ErasureState, due_on: date, today: date) -> bool:
    return state == profile.ErasureState.WAITING and due_on < today


@reads(profile.Destroyed, owned_through=ADMIN)
class StaffDestroyed:
    """A line of the erasure protocol («акт об уничтожении»), immutable and without names."""

    what: str = column("The kind of data: `appeal`, `upload`, `payment`, ….")
    rows: int = column("The number of rows.")
    was_deleted: bool = column(
        "True: the rows were deleted («уничтожено»). False: the law requires their retention, and "
        "they were anonymized («обезличено»)."
    )
    happened_at: datetime = column("The date and time of the erasure.")


@reads(profile.ErasureRequest, owned_through=ADMIN)
class StaffErasureRequest:
    """A withdrawal of consent, followed by the erasure of personal data («отзыв согласия»)."""

    customer_id: str = derived(
        "The customer's id for `node`, of a `StaffCustomer`; anonymous once the request is DONE.",
        customer_id,
    )
    state: profile.ErasureState = column("The state of the request.")
    requested_at: datetime = column("The date and time of the request.")
    starts_at: datetime = column(
        "The date and time of the erasure; the customer may cancel it until then."
    )
    due_on: date = column("The last day for the erasure by law («срок уничтожения»).")
    is_overdue: bool = expression(
        "Whether that day has passed without the erasure.",
        sql="{state} = 'WAITING' AND {due_on} < {today}",
        python=is_overdue,
    )
    closed_at: datetime | None = column(
        "The date and time of the erasure or cancellation; null while waiting."
    )
    protocol: list[StaffDestroyed] = related(
        "The lines of the erasure protocol; empty unless the request is DONE.", order_by="what"
    )


@reads(models.StaffMember, owned_through=StaffOnly(Role.ADMIN))
class StaffAdministration:
    """Data for administrators only."""

    members: Connection[StaffMember] = all_rows(
        "All members of staff, by surname.", of=models.StaffMember, by="last_name"
    )
    audit_log: Connection[StaffAuditEntry] = all_rows(
        "All actions of staff («журнал действий»), the newest first.",
        of=models.AuditEntry,
        by="-happened_at",
        filters=StaffAuditFilterInput,
    )
    waiting_erasures: Connection[StaffErasureRequest] = all_rows(
        "Waiting erasure requests, the earliest due day first, which places overdue ones before "
        "all others.",
        of=ErasureRequest,
        by="due_on",
        where=WAITING,
    )
    closed_erasures: Connection[StaffErasureRequest] = all_rows(
        "Completed erasure requests with their protocols, and cancelled ones; the newest first.",
        of=ErasureRequest,
        by="-closed_at",
        where=CLOSED,
    )


@reads(models.StaffMember, owned_through=StaffOnly(Role.CLERK))
class Staff:
    """The back office («рабочее место сотрудника»)."""

    me: StaffMember | None = part("The signed-in member of staff.")
    uploads: list[StaffUpload] = derived(
        "Announced and unused files of the signed-in member, the oldest first; poll while one is "
        "scanned. They expire after a day.",
        uploads,
        waiting=UPLOADS_WAITING_SQL,
    )
    customers: Connection[StaffCustomer] = all_rows(
        "Customers with a login, the newest first.",
        of=User,
        by="-created_at",
        filters=StaffCustomerFilterInput,
    )
    accounts: Connection[StaffAccount] = all_rows(
        "Personal accounts by number, whether linked or not.",
        of=Account,
        by="number",
        filters=StaffAccountFilterInput,
    )
    account: StaffAccount | None = lookup(
        "The card of an account («карточка лицевого счёта») by the number on the bill, whether "
        "linked or not; null if there is none.",
        of=Account,
        by="number",
        read=identifier,
    )
    suspended_links: Connection[StaffAccountLink] = all_rows(
        "Links that await a decision («приостановленные подключения»), the oldest first.",
        of=AccountLink,
        by="changed_at",
        where={"state": LinkState.SUSPENDED.value},
        filters=StaffLinkFilterInput,
    )
    appeals: Connection[StaffAppeal] = all_rows(
        "Appeals, the earliest due day first («очередь обращений»).",
        of=Appeal,
        by="due_on",
        filters=StaffAppealFilterInput,
    )
    appeal_topics: Connection[StaffAppealTopic] = all_rows(
        "The topics of appeals in their order, including withdrawn ones.",
        of=AppealTopic,
        by="position",
    )
    contract_applications: Connection[StaffContractApplication] = all_rows(
        "Applications for contracts, the oldest first («очередь заявок»).",
        of=Application,
        by="submitted_at",
        where=SUBMITTED,
        filters=StaffContractApplicationFilterInput,
    )
    readings_on_review: Connection[StaffReading] = all_rows(
        "Readings on review, the oldest first: unusual ones that were confirmed, and those of "
        "meters with an expired verification.",
        of=Reading,
        by="received_at",
        where={"state": ReadingState.ON_REVIEW.value},
    )
    payments: Connection[StaffPayment] = all_rows(
        "Payments by card («платежи»), the newest first.",
        of=Payment,
        by="-created_at",
        filters=StaffPaymentFilterInput,
    )
    payment_differences: Connection[StaffPaymentDifference] = all_rows(
        "Unsettled differences with the books of the acquirer or billing («расхождения»), the "
        "oldest first.",
        of=Difference,
        by="found_at",
        where={"settled_at": None},
        filters=StaffPaymentDifferenceFilterInput,
    )
    settled_payment_differences: Connection[StaffPaymentDifference] = all_rows(
        "Differences settled by staff or by a later file of billing, the newest first.",
        of=Difference,
        by="-settled_at",
        where=SETTLED,
        filters=StaffPaymentDifferenceFilterInput,
    )
    failed_fiscal_receipts: Connection[StaffFiscalReceipt] = all_rows(
        "Failed fiscal receipts that aren't settled, the oldest first.",
        of=FiscalReceipt,
        by="failed_at",
        where=FAILED,
        filters=StaffFiscalReceiptFilterInput,
    )
    settled_fiscal_receipts: Connection[StaffFiscalReceipt] = all_rows(
        "Failed receipts settled by staff, the newest first.",
        of=FiscalReceipt,
        by="-settled_at",
        where=SETTLED,
        filters=StaffFiscalReceiptFilterInput,
    )
    import_runs: Connection[StaffImportRun] = all_rows(
        "Imports of the billing system's files («загрузки»), the newest first.",
        of=ImportRun,
        by="-started_at",
        filters=StaffImportFilterInput,
    )
    export_runs: Connection[StaffExportRun] = all_rows(
        "Exports requested by staff («выгрузки»), the newest first.",
        of=ExportRun,
        by="-started_at",
    )
    callbacks: Connection[StaffCallback] = all_rows(
        "Promised callbacks («обратные звонки»), the earliest due day first.",
        of=models.Callback,
        by="due_on",
        filters=StaffCallbackFilterInput,
    )
    abilities: list[StaffAbility] = derived(
        "The abilities of customers today, with missing requirements («готовность кабинета»).",
        staff_abilities,
        met=f"(SELECT {MET_SQL})",
    )
    administration: StaffAdministration | None = part(
        "Data for administrators only; null for all others."
    )
