"""Members of staff, audit log, access log and errors as GraphQL types."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError
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
    "The reason for refusing an operation of staff. Codes never change.",
    WRONG_EMAIL_OR_PASSWORD="The e-mail address or the password is wrong; which of them is never "
    "disclosed.",
    CODE_REQUIRED="The password is right; a code of the second factor is required.",
    CODE_WRONG="The code is wrong, expired or already used.",
    STAFF_LOCKED="The password is right, but the member of staff is locked out.",
    CAPTCHA_REQUIRED="A captcha is required after several failures: create one by `captchaCreate`.",
    CAPTCHA_WRONG="The code is wrong. Another attempt with the same captcha is possible.",
    CAPTCHA_EXPIRED="The captcha is expired, used, or failed three times: create another by "
    "`captchaCreate`.",
    INVITATION_INVALID="The invitation is used, expired, or was never issued by the cabinet.",
    PASSWORD_REFUSED="The password breaks one of `publicSettings.passwordRules`.",
    SESSION_OVER="The session has already ended.",
    CUSTOMER_NOT_FOUND="There is no such customer.",
    CUSTOMER_ACTIVE="The login is already activated.",
    LINK_NOT_SUSPENDED="There is no such suspended link; a decision may have been made already.",
    NO_EARLIER_HOLDER="The account has no earlier holder outside the present holder's household.",
    HOUSEHOLD_NOT_RECORDED="There is no such record.",
    REASON_REQUIRED="A reason of 5 to 300 characters is required; it is visible to others.",
    NOTICE_NOT_FOUND="There is no such notice.",
    NOTICE_ON_ITS_WAY="The notice is already queued for delivery.",
    NOTICE_UNDELIVERABLE="E-mail and SMS are switched off or undeliverable for it, or it is too "
    "late.",
    PAYMENT_NOT_FOUND="There is no such payment.",
    PAYMENT_NOT_PAID="The payment wasn't paid, or is already refunded in full.",
    NUMBER_MALFORMED="A number is malformed; nothing else was checked.",
    REFUND_TOO_LARGE="The amount exceeds the remainder of that part of the payment, or is not "
    "positive.",
    REFUND_NOT_IN_DOUBT="No such refund has been without the acquirer's answer for longer than a "
    "day.",
    REFERENCE_INVALID="The acquirer's reference has 1 to 60 printable ASCII characters.",
    REFERENCE_USED="The reference belongs to another refund of the payment.",
    DIFFERENCE_NOT_OPEN="There is no such difference, or it is settled: by a colleague or by a "
    "file of billing.",
    RESOLUTION_INVALID="The resolution is for the other kind of differences, or "
    "`staffRefundDecide` settles it.",
    MOVEMENT_NOT_FOUND="The registry has no such movement, or billing has posted it.",
    RECEIPT_NOT_FAILED="The queue has no such receipt; it was issued or settled.",
    TAKEN_BY_COLLEAGUE="Claimed by a colleague; supervisors may release it.",
    IDEMPOTENCY_CONFLICT="The key was used for another request: choose a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is suitable.",
    TOO_MANY_TRIES="A limit on attempts is exhausted: wait until `retryAt`.",
    MEMBER_EXISTS="The e-mail address belongs to another member of staff.",
    MEMBER_NOT_FOUND="There is no such member of staff.",
    ACCOUNT_NOT_FOUND="There is no such account.",
    CALLBACK_NOT_OPEN="There is no such callback, or a colleague has completed it already.",
    DAY_INVALID="The day has passed, or is more than a year away.",
    TEXT_INVALID="A text has 1 to 1000 characters.",
    INVOICE_NOT_FOUND="There is no such bill.",
    INVOICE_OF_EARLIER_HOLDER="The bill is that of an earlier holder outside the present holder's "
    "household, so customers can't see it.",
    LINK_NOT_FOUND="The customer has no active link to the bill's account.",
    RECEIPT_UNAVAILABLE="No receipt can be printed before requisites are published.",
    LAST_ADMIN="The member is the last administrator of the cabinet.",
    EMAIL_MALFORMED="The e-mail address is malformed; the message contains the reason.",
    NAME_MALFORMED="A name is malformed; the message contains the reason.",
)


@object_type
class StaffError(UserError):
    """A refusal of an operation of staff."""

    code: StaffErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


choices(
    Role,
    "The role of a member of staff; each role includes the rights of those before it.",
    CLERK="Answers customers («оператор»).",
    SUPERVISOR="Makes decisions, and sees the actions of clerks («старший оператор»).",
    ADMIN="Administers the cabinet, and sees all actions of staff («администратор»).",
)
labels(
    Role,
    CLERK=("Оператор", "Clerk"),
    SUPERVISOR=("Старший оператор", "Supervisor"),
    ADMIN=("Администратор", "Administrator"),
)
choices(
    models.Act,
    "The kind of a staff action («действие»).",
    SIGNED_IN="Signed in.",
    SIGNED_OUT="Signed out.",
    FACTOR_ENROLLED="Enrolled a second factor.",
    RECOVERY_CODE_USED="Signed in with a recovery code.",
    SIGN_IN_FAILED="A sign-in as this member failed, possibly a stranger's; the reason is the "
    "code of the refusal.",
    LOOKED="Viewed a person's personal data.",
    MEMBER_ADDED="A member was added.",
    MEMBER_INVITED="A member was invited to set a password.",
    MEMBER_LOCKED="A member was locked out.",
    MEMBER_UNLOCKED="A member was unlocked.",
    PASSWORD_SET="Set a password.",
    ROLE_CHANGED="A member was given another role.",
    CABINET_OPENED="Opened a cabinet as the customer sees it.",
    CONTACTS_SHOWN="Viewed an e-mail address and a telephone number in full.",
    CUSTOMER_LOCKED="Locked a customer out.",
    CUSTOMER_UNLOCKED="Unlocked a customer.",
    CUSTOMER_SESSIONS_ENDED="Signed a customer out on all devices.",
    ACTIVATION_RESENT="Sent the mail with the activation link again.",
    NOTICE_RESENT="Sent a notice again.",
    LINK_RESTORED="Restored a customer's link to an account.",
    LINK_ENDED="Ended a customer's link to an account.",
    HOUSEHOLD_RECORDED="Recorded that an account's holder and an earlier one are one household.",
    HOUSEHOLD_REVOKED="Revoked such a record.",
    READING_ACCEPTED="Accepted an unusual reading.",
    READING_REJECTED="Rejected an unusual reading.",
    APPEAL_CLAIMED="Claimed an appeal.",
    APPEAL_ANSWERED="Answered an appeal.",
    APPEAL_NOTED="Added a note for colleagues to an appeal.",
    APPEAL_TRANSFERRED="Transferred an appeal.",
    APPEAL_CLOSED="Closed an appeal.",
    TOPIC_ADDED="Added a topic of appeals.",
    TOPIC_CHANGED="Changed a topic of appeals, or its term.",
    APPLICATION_CLAIMED="Claimed a contract application.",
    APPLICATION_ASKED="Asked a customer a question about an application.",
    APPLICATION_APPROVED="Approved an application.",
    APPLICATION_DECLINED="Declined an application.",
    APPLICATION_NOTED="Added a note for colleagues to an application.",
    APPLICATION_TRANSFERRED="Transferred an application.",
    REFUND_REQUESTED="Requested the refund of a payment.",
    REFUND_DECIDED="Recorded the outcome of a refund without an answer from the acquirer.",
    DIFFERENCE_OPENED="Reported a movement that billing hasn't posted.",
    DIFFERENCE_CLAIMED="Claimed a difference.",
    DIFFERENCE_RELEASED="Returned a difference to the queue.",
    DIFFERENCE_SETTLED="Settled a difference between the cabinet's books and those of the "
    "acquirer or billing.",
    RECEIPT_CLAIMED="Claimed a failed fiscal receipt.",
    RECEIPT_RELEASED="Returned a failed fiscal receipt to the queue.",
    RECEIPT_RETRIED="Requested a failed fiscal receipt from the acquirer again.",
    RECEIPT_SETTLED="Settled a failed fiscal receipt.",
    IMPORT_STARTED="Started an import of files of the billing system.",
    EXPORT_STARTED="Started an export of a file for the billing system.",
    FILE_FETCHED="Downloaded an export, or an import's report of bad rows.",
    FACTOR_FORGOTTEN="A member's second factor was reset; the next sign-in enrols another.",
    READING_TAKEN="Recorded readings from a caller.",
    RECEIPT_SENT="Sent a receipt to a customer by e-mail.",
    CALLBACK_PROMISED="Promised a callback.",
    CALLBACK_DONE="Completed a callback.",
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
    CUSTOMER_SESSIONS_ENDED=("Сеансы клиента завершены", "Customer signed out"),
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
    "notice": "snt",
}
"""Prefixes of the ids under which staff find a subject, by its kind."""


def is_set(locked_at: datetime | None) -> bool:
    return locked_at is not None


@reads(models.StaffMember, prefix="stf", owned_through=StaffOnly(Role.CLERK))
class StaffMember(Node):
    """An employee of the supplier («сотрудник»)."""

    email: str = column("The e-mail address, which is the login.")
    full_name: str = derived("Surname, first name and patronymic («ФИО»).", full_name)
    role: Role = column("The role, which sets the member's rights.")
    is_locked: bool = expression(
        "Whether the member is locked out.",
        sql="{locked_at} IS NOT NULL",
        python=is_set,
    )
    created_at: datetime = column("The date and time at which the login was created.")


def subject_id(subject: str | None, subject_id: UUID | None) -> str | None:
    prefix = PREFIXES.get(subject or "")
    return to_public(prefix, subject_id) if prefix and subject_id else None


@reads(models.AuditEntry, prefix="aud", owned_through=StaffOnly(Role.ADMIN))
class StaffAuditEntry(Node):
    """An entry of the audit log («запись журнала действий»); never changed or deleted."""

    act: models.Act = column("The kind of the action.")
    staff: StaffMember | None = related(
        "The member of staff who acted; null for the operator of the server, and for a failed "
        "sign-in."
    )
    subject: str | None = column("The kind of the action's subject: `user`, `account`, ….")
    subject_id: str | None = derived("The id of the action's subject, for `node(id:)`.", subject_id)
    operation: str | None = column(
        "The name of the GraphQL operation that returned the data; the new role of `ROLE_CHANGED`."
    )
    reason: str | None = column("The reason, in the words of the member of staff.")
    client_address: str | None = column("The network address of the client.")
    happened_at: datetime = column("The date and time of the action.")


@filter_input
class StaffAuditFilterInput:
    """Filters of the audit log."""

    acts: list[models.Act] | None = one_of("Only actions of these kinds.", of="act")
    staff_id: strawberry.ID | None = exactly("Only actions of this member of staff.", of="staff_id")
    from_: datetime | None = at_least("The earliest date and time of an action.", of="happened_at")
    to: datetime | None = at_most("The latest date and time of an action.", of="happened_at")


@reads(models.AccessNote, prefix="acn", owned_through="user")
class AccessNote(Node):
    """An access of staff to the customer's data («запись журнала доступа»)."""

    what: models.Act = column("The kind of access: `LOOKED`, `CONTACTS_SHOWN` or `CABINET_OPENED`.")
    role: Role = column("The role of the member of staff.")
    reason: str | None = column("The reason; null for a kind of access that requires none.")
    happened_at: datetime = column("The date and time of the access.")
