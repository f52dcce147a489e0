"""Members of staff, audit log, access log and errors as GraphQL types."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError
from lk_graphql.identity.types.objects import full_name
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role
from lk_graphql.planner.declare.filters import at_least, at_most, exactly, filter_input, one_of
from lk_graphql.planner.types import (
    Node,
    StaffOnly,
    choices,
    column,
    derived,
    expression,
    labels,
    reads,
    related,
)
from lk_graphql.staff import models
from lk_graphql.staff.errors import StaffErrorCode

# ruff: noqa: S106 - error codes, not passwords


choices(
    StaffErrorCode,
    "Why something that staff wanted was refused. Codes never change.",
    WRONG_EMAIL_OR_PASSWORD="No such member of staff, or another password; which is never told.",
    CODE_REQUIRED="The password is right: a code of the second factor must come along.",
    CODE_WRONG="The code is wrong, too old, or was used.",
    STAFF_LOCKED="The password is right, but this member of staff is locked out.",
    CAPTCHA_REQUIRED="After some failures a captcha must come along: `captchaCreate`.",
    CAPTCHA_WRONG="Not what the picture shows; the same picture may be tried again.",
    CAPTCHA_EXPIRED="Too old, used, or failed three times: `captchaCreate` gives a new one.",
    INVITATION_INVALID="The invitation was used, is too old, or was never ours.",
    PASSWORD_REFUSED="The password breaks one of `publicSettings.passwordRules`.",
    SESSION_OVER="The session has already ended.",
    CUSTOMER_NOT_FOUND="There is no such customer.",
    CUSTOMER_ACTIVE="The login is activated already.",
    LINK_NOT_SUSPENDED="There is no such suspended link: perhaps it has been decided already.",
    NO_EARLIER_HOLDER="The account has no earlier holder who isn't of the household already.",
    HOUSEHOLD_NOT_RECORDED="There is no such record.",
    REASON_REQUIRED="A reason has 5 to 300 characters; others will read it.",
    NOTICE_NOT_FOUND="There is no such notice.",
    NOTICE_ON_ITS_WAY="The notice waits to be sent already.",
    NOTICE_UNDELIVERABLE="Not wanted by e-mail or SMS, undeliverable there, or too late.",
    PAYMENT_NOT_FOUND="There is no such payment.",
    PAYMENT_NOT_PAID="The payment wasn't paid, or all of it went back.",
    NUMBER_MALFORMED="A number isn't written as one; nothing else was looked at.",
    REFUND_TOO_LARGE="More than is left of that part of the payment, or not more than nothing.",
    REFUND_NOT_IN_DOUBT="No such refund waits for the acquirer's answer for longer than a day.",
    REFERENCE_INVALID="The acquirer's name has 1 to 60 printable ASCII characters.",
    REFERENCE_USED="Another refund of the payment has this name.",
    DIFFERENCE_NOT_OPEN="There is no such difference, or it is settled: by a colleague, or by a "
    "file of billing.",
    RESOLUTION_INVALID="The resolution is for the other sort of differences.",
    MOVEMENT_NOT_FOUND="The registry has no such movement, or billing has posted it.",
    RECEIPT_NOT_FAILED="The queue has no such receipt: it was made out or settled.",
    TAKEN_BY_COLLEAGUE="A colleague has claimed it; supervisors may release it.",
    IDEMPOTENCY_CONFLICT="You have used the key for another refund: take a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is a good one.",
    TOO_MANY_TRIES="A limit is used up: wait until `retryAt`.",
    MEMBER_EXISTS="Another member of staff has this address.",
    MEMBER_NOT_FOUND="There is no such member of staff.",
    ACCOUNT_NOT_FOUND="There is no such account.",
    CALLBACK_NOT_OPEN="There is no such callback, or a colleague has called already.",
    DAY_INVALID="The day has passed, or is more than a year away.",
    TEXT_INVALID="A text has 1 to 1000 characters.",
    INVOICE_NOT_FOUND="There is no such bill.",
    LINK_NOT_FOUND="The customer has no active link to the bill's account.",
    RECEIPT_UNAVAILABLE="No receipt can be printed before requisites are published.",
    LAST_ADMIN="Nobody else would be left to administer the cabinet.",
    EMAIL_MALFORMED="Not an e-mail address; the message says why.",
    NAME_MALFORMED="Not a name; the message says why.",
)


@object_type
class StaffError(UserError):
    """Why something that staff wanted was refused."""

    code: StaffErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="With `TOO_MANY_TRIES`: when the next try may pass."
    )


choices(
    Role,
    "What a member of staff may do; each may also do what those before it may.",
    CLERK="Answers customers («оператор»).",
    SUPERVISOR="Decides, and sees what clerks did («старший оператор»).",
    ADMIN="Runs the cabinet, and sees everything that staff did («администратор»).",
)
labels(
    Role,
    CLERK=("Оператор", "Clerk"),
    SUPERVISOR=("Старший оператор", "Supervisor"),
    ADMIN=("Администратор", "Administrator"),
)
choices(
    models.Act,
    "What a member of staff did («действие»).",
    SIGNED_IN="Signed in.",
    SIGNED_OUT="Signed out.",
    FACTOR_ENROLLED="Enrolled a second factor.",
    RECOVERY_CODE_USED="Signed in with a recovery code.",
    SIGN_IN_FAILED="Somebody, perhaps a stranger, tried to sign in as this member and failed; the"
    " reason is the code of the refusal.",
    LOOKED="Was shown somebody's personal data.",
    MEMBER_ADDED="Was added.",
    MEMBER_INVITED="Was invited to set a password.",
    MEMBER_LOCKED="Was locked out.",
    MEMBER_UNLOCKED="Was let in again.",
    PASSWORD_SET="Set a password.",
    ROLE_CHANGED="Got another role.",
    CABINET_OPENED="Looked at a cabinet as the customer sees it.",
    CONTACTS_SHOWN="Was shown an address and a telephone number in full.",
    CUSTOMER_LOCKED="Locked a customer out.",
    CUSTOMER_UNLOCKED="Let a customer in again.",
    CUSTOMER_SESSIONS_ENDED="Signed a customer out everywhere.",
    ACTIVATION_RESENT="Had the activation link mailed once more.",
    NOTICE_RESENT="Had a notice sent once more.",
    LINK_RESTORED="Gave a customer an account back.",
    LINK_ENDED="Ended a customer's link to an account.",
    HOUSEHOLD_RECORDED="Recorded that an account's holder and an earlier one are one household.",
    HOUSEHOLD_REVOKED="Revoked such a record.",
    READING_ACCEPTED="Accepted an unusual reading.",
    READING_REJECTED="Rejected an unusual reading.",
    APPEAL_CLAIMED="Took an appeal.",
    APPEAL_ANSWERED="Answered an appeal.",
    APPEAL_NOTED="Wrote a note about an appeal for colleagues.",
    APPEAL_TRANSFERRED="Handed an appeal over.",
    APPEAL_CLOSED="Closed an appeal.",
    TOPIC_ADDED="Added a topic of appeals.",
    TOPIC_CHANGED="Changed a topic of appeals, or its term.",
    APPLICATION_CLAIMED="Took a contract application.",
    APPLICATION_ASKED="Asked a customer about their application.",
    APPLICATION_APPROVED="Approved an application.",
    APPLICATION_DECLINED="Declined an application.",
    APPLICATION_NOTED="Wrote a note about an application for colleagues.",
    APPLICATION_TRANSFERRED="Handed an application over.",
    REFUND_REQUESTED="Had a payment refunded.",
    REFUND_DECIDED="Said what became of a refund that the acquirer didn't answer about.",
    DIFFERENCE_OPENED="Reported a movement that billing hasn't posted.",
    DIFFERENCE_CLAIMED="Took a difference.",
    DIFFERENCE_RELEASED="Put a difference back into the queue.",
    DIFFERENCE_SETTLED="Settled a difference between the acquirer's or billing's books and ours.",
    RECEIPT_CLAIMED="Took a failed fiscal receipt.",
    RECEIPT_RELEASED="Put a failed fiscal receipt back into the queue.",
    RECEIPT_RETRIED="Had the acquirer asked again for a failed fiscal receipt.",
    RECEIPT_SETTLED="Settled a failed fiscal receipt.",
    IMPORT_STARTED="Had files of the billing system imported.",
    EXPORT_STARTED="Had a file for the billing system written.",
    FILE_FETCHED="Fetched such a file, or the report about bad rows.",
    FACTOR_FORGOTTEN="Lost the second factor: the next sign-in enrols another.",
    READING_TAKEN="Took readings from a caller.",
    RECEIPT_SENT="Had a receipt mailed to a customer.",
    CALLBACK_PROMISED="Promised to call back.",
    CALLBACK_DONE="Called back.",
)
labels(
    models.Act,
    SIGNED_IN=("Вход", "Signed in"),
    SIGNED_OUT=("Выход", "Signed out"),
    FACTOR_ENROLLED=("Второй фактор подключён", "Second factor enrolled"),
    RECOVERY_CODE_USED=("Вход по резервному коду", "Signed in by a recovery code"),
    SIGN_IN_FAILED=("Неудачный вход", "Failed sign-in"),
    LOOKED=("Просмотр данных", "Looked at data"),
    MEMBER_ADDED=("Сотрудник добавлен", "Member added"),
    MEMBER_INVITED=("Сотрудник приглашён", "Member invited"),
    MEMBER_LOCKED=("Доступ сотрудника закрыт", "Member locked out"),
    MEMBER_UNLOCKED=("Доступ сотрудника открыт", "Member let in again"),
    PASSWORD_SET=("Пароль задан", "Password set"),
    ROLE_CHANGED=("Роль изменена", "Role changed"),
    FACTOR_FORGOTTEN=("Второй фактор сброшен", "Second factor reset"),
    CABINET_OPENED=("Просмотр кабинета", "Looked at the cabinet"),
    CONTACTS_SHOWN=("Просмотр контактов", "Looked at contacts"),
    CUSTOMER_LOCKED=("Клиент заблокирован", "Customer locked out"),
    CUSTOMER_UNLOCKED=("Клиент разблокирован", "Customer let in again"),
    CUSTOMER_SESSIONS_ENDED=("Входы клиента завершены", "Customer signed out"),
    ACTIVATION_RESENT=("Ссылка активации отправлена снова", "Activation resent"),
    NOTICE_RESENT=("Уведомление отправлено снова", "Notice resent"),
    LINK_RESTORED=("Доступ к счёту возвращён", "Account given back"),
    LINK_ENDED=("Доступ к счёту закрыт", "Link to an account ended"),
    HOUSEHOLD_RECORDED=("Домохозяйство записано", "Household recorded"),
    HOUSEHOLD_REVOKED=("Запись о домохозяйстве отменена", "Household revoked"),
    READING_ACCEPTED=("Показание принято", "Reading accepted"),
    READING_REJECTED=("Показание отклонено", "Reading rejected"),
    APPEAL_CLAIMED=("Обращение взято в работу", "Appeal taken"),
    APPEAL_ANSWERED=("Ответ на обращение", "Appeal answered"),
    APPEAL_NOTED=("Заметка к обращению", "Note about an appeal"),
    APPEAL_TRANSFERRED=("Обращение передано", "Appeal handed over"),
    APPEAL_CLOSED=("Обращение закрыто", "Appeal closed"),
    TOPIC_ADDED=("Тема добавлена", "Topic added"),
    TOPIC_CHANGED=("Тема изменена", "Topic changed"),
    APPLICATION_CLAIMED=("Заявка взята в работу", "Application taken"),
    APPLICATION_ASKED=("Вопрос по заявке", "Question about an application"),
    APPLICATION_APPROVED=("Заявка одобрена", "Application approved"),
    APPLICATION_DECLINED=("Отказ по заявке", "Application declined"),
    APPLICATION_NOTED=("Заметка к заявке", "Note about an application"),
    APPLICATION_TRANSFERRED=("Заявка передана", "Application handed over"),
    REFUND_REQUESTED=("Возврат заказан", "Refund ordered"),
    REFUND_DECIDED=("Решение по возврату", "Refund decided"),
    DIFFERENCE_OPENED=("Расхождение открыто", "Difference opened"),
    DIFFERENCE_CLAIMED=("Расхождение взято в работу", "Difference taken"),
    DIFFERENCE_RELEASED=("Расхождение возвращено в очередь", "Difference put back"),
    DIFFERENCE_SETTLED=("Расхождение закрыто", "Difference settled"),
    RECEIPT_CLAIMED=("Чек взят в работу", "Fiscal receipt taken"),
    RECEIPT_RELEASED=("Чек возвращён в очередь", "Fiscal receipt put back"),
    RECEIPT_RETRIED=("Чек запрошен снова", "Fiscal receipt retried"),
    RECEIPT_SETTLED=("Чек закрыт", "Fiscal receipt settled"),
    IMPORT_STARTED=("Загрузка начата", "Import started"),
    EXPORT_STARTED=("Выгрузка начата", "Export started"),
    FILE_FETCHED=("Файл скачан", "File fetched"),
    READING_TAKEN=("Показания по телефону", "Readings by telephone"),
    RECEIPT_SENT=("Квитанция отправлена", "Receipt sent"),
    CALLBACK_PROMISED=("Обещан звонок", "Callback promised"),
    CALLBACK_DONE=("Звонок сделан", "Called back"),
)

PREFIXES = {
    "staff_member": "stf",
    "user": "scu",
    "account": "sac",
    "account_link": "sal",
    "reading": "srd",
    "appeal": "sap",
    "payment": "spm",
    "refund": "srf",
    "payment_difference": "spd",
    "fiscal_receipt": "sfr",
    "contract_application": "sca",
    "appeal_topic": "stp",
    "import_run": "imp",
    "export_run": "exp",
    "invoice": "siv",
    "callback": "scb",
}
"""Prefixes of the ids under which staff find a subject, by its kind."""


def is_set(locked_at: datetime | None) -> bool:
    return locked_at is not None


@reads(models.StaffMember, prefix="stf", owned_through=StaffOnly(Role.CLERK))
class StaffMember(Node):
    """Somebody who works for the supplier («сотрудник»)."""

    email: str = column("The address that is the login.")
    full_name: str = derived("Surname, first name and patronymic («ФИО»).", full_name)
    role: Role = column("What they may do.")
    is_locked: bool = expression(
        "Whether they are kept out.",
        sql="{locked_at} IS NOT NULL",
        python=is_set,
    )
    created_at: datetime = column("Since when they have a login.")


def subject_id(subject: str | None, subject_id: UUID | None) -> str | None:
    prefix = PREFIXES.get(subject or "")
    return to_public(prefix, subject_id) if prefix and subject_id else None


@reads(models.AuditEntry, prefix="aud", owned_through=StaffOnly(Role.ADMIN))
class StaffAuditEntry(Node):
    """What a member of staff did («запись журнала действий»); never changed, never deleted."""

    act: models.Act = column("What it was.")
    staff: StaffMember | None = related(
        "Who did it; null for whoever runs the server, and for a failed sign-in."
    )
    subject: str | None = column("The kind of what it was done to: `user`, `account`, ….")
    subject_id: str | None = derived("What it was done to; good for `node(id:)`.", subject_id)
    operation: str | None = column("The name of the GraphQL operation that showed it.")
    reason: str | None = column("Why, as they wrote it.")
    client_address: str | None = column("The network address that it came from.")
    happened_at: datetime = column("When.")


@filter_input
class StaffAuditFilterInput:
    """Which entries of the log to show."""

    acts: list[models.Act] | None = one_of("Only these acts.", of="act")
    staff_id: strawberry.ID | None = exactly("Only what this member of staff did.", of="staff_id")
    from_: datetime | None = at_least("From this moment on.", of="happened_at")
    to: datetime | None = at_most("Up to this moment.", of="happened_at")


@reads(models.AccessNote, prefix="acn", owned_through="user")
class AccessNote(Node):
    """A look of staff's at your data («запись журнала доступа»)."""

    what: models.Act = column("What they did: `LOOKED`, `CONTACTS_SHOWN` or `CABINET_OPENED`.")
    role: Role = column("In which role.")
    reason: str | None = column("Why, where they had to say it.")
    happened_at: datetime = column("When.")
