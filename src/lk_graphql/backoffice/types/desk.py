"""The back office as a whole: what each role finds there."""

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.appeals.models import Appeal, AppealTopic
from lk_graphql.backoffice import models
from lk_graphql.backoffice.types.appeals import StaffAppeal, StaffAppealFilterInput
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
)
from lk_graphql.backoffice.types.erasures import CLOSED, WAITING, StaffErasureRequest
from lk_graphql.backoffice.types.imports import (
    StaffExportRun,
    StaffImportFilterInput,
    StaffImportRun,
)
from lk_graphql.backoffice.types.objects import (
    StaffAuditEntry,
    StaffAuditFilterInput,
    StaffMember,
)
from lk_graphql.backoffice.types.payments import (
    StaffPayment,
    StaffPaymentDifference,
    StaffPaymentFilterInput,
)
from lk_graphql.backoffice.types.readings import StaffReading
from lk_graphql.backoffice.types.topics import StaffAppealTopic
from lk_graphql.backoffice.types.uploads import WAITING as UPLOADS_WAITING
from lk_graphql.backoffice.types.uploads import StaffUpload, uploads
from lk_graphql.contracts.models import Application
from lk_graphql.exchange.models import ExportRun, ImportRun
from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Role
from lk_graphql.metering.models import Reading, ReadingState
from lk_graphql.payments.models import Difference, Payment
from lk_graphql.profile.models import ErasureRequest
from lk_graphql.reads.connections import Connection
from lk_graphql.reads.declare import StaffOnly, derived, everything, part, reads


@reads(models.StaffMember, owned_through=StaffOnly(Role.ADMIN))
class StaffAdministration:
    """What only administrators see."""

    members: Connection[StaffMember] = everything(
        "Everybody who works here, by surname.", of=models.StaffMember, by="last_name"
    )
    audit_log: Connection[StaffAuditEntry] = everything(
        "Everything that staff did («журнал действий»), the newest first.",
        of=models.AuditEntry,
        by="-happened_at",
        filters=StaffAuditFilterInput,
    )
    waiting_erasures: Connection[StaffErasureRequest] = everything(
        "Wishes to be forgotten that aren't done yet, what is due first at the front: so what is "
        "overdue comes before all else.",
        of=ErasureRequest,
        by="due_on",
        only=WAITING,
    )
    closed_erasures: Connection[StaffErasureRequest] = everything(
        "Those that were done, with their protocols, or taken back; the newest first.",
        of=ErasureRequest,
        by="-closed_at",
        only=CLOSED,
    )


@reads(models.StaffMember, owned_through=StaffOnly(Role.CLERK))
class Staff:
    """The back office («рабочее место сотрудника»)."""

    me: StaffMember | None = part("Who is signed in.")
    uploads: list[StaffUpload] = derived(
        "Files that you announced and made nothing of yet, the oldest first: ask again while one "
        "is scanned. They end after a day.",
        uploads,
        waiting=UPLOADS_WAITING,
    )
    customers: Connection[StaffCustomer] = everything(
        "Customers with a login, the newest first.",
        of=User,
        by="-created_at",
        filters=StaffCustomerFilterInput,
    )
    accounts: Connection[StaffAccount] = everything(
        "Personal accounts by number, whether somebody has linked them or not.",
        of=Account,
        by="number",
        filters=StaffAccountFilterInput,
    )
    suspended_links: Connection[StaffAccountLink] = everything(
        "Links that wait for a decision («приостановленные подключения»), the oldest first.",
        of=AccountLink,
        by="changed_at",
        only={"state": LinkState.SUSPENDED.value},
        filters=StaffLinkFilterInput,
    )
    appeals: Connection[StaffAppeal] = everything(
        "Appeals, what is due first at the front («очередь обращений»).",
        of=Appeal,
        by="due_on",
        filters=StaffAppealFilterInput,
    )
    appeal_topics: Connection[StaffAppealTopic] = everything(
        "The topics of appeals, withdrawn ones too, in their order.", of=AppealTopic, by="position"
    )
    contract_applications: Connection[StaffContractApplication] = everything(
        "Applications for contracts, the oldest first («очередь заявок»).",
        of=Application,
        by="submitted_at",
        only=SUBMITTED,
        filters=StaffContractApplicationFilterInput,
    )
    readings_on_review: Connection[StaffReading] = everything(
        "Unusual readings that their customers have confirmed, the oldest first.",
        of=Reading,
        by="received_at",
        only={"state": ReadingState.ON_REVIEW.value},
    )
    payments: Connection[StaffPayment] = everything(
        "Payments by card («платежи»), the newest first.",
        of=Payment,
        by="-created_at",
        filters=StaffPaymentFilterInput,
    )
    payment_differences: Connection[StaffPaymentDifference] = everything(
        "What differs from the acquirer's books and isn't settled («расхождения»), oldest first.",
        of=Difference,
        by="found_at",
        only={"settled_at": None},
    )
    import_runs: Connection[StaffImportRun] = everything(
        "Imports of the billing system's files («загрузки»), the newest first.",
        of=ImportRun,
        by="-started_at",
        filters=StaffImportFilterInput,
    )
    export_runs: Connection[StaffExportRun] = everything(
        "Exports that staff have asked for («выгрузки»), the newest first.",
        of=ExportRun,
        by="-started_at",
    )
    administration: StaffAdministration | None = part(
        "What only administrators see; null for all others."
    )
