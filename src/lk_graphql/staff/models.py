"""Tables of staff: members, recovery codes, sessions, callbacks, access notes, audit log."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Role


class StaffMember(Model):
    """An employee of the supplier («сотрудник»); never a customer's login.

    The second factor's secret is encrypted, and null until the first sign-in. The factor is active
    from `enrolled_at` on. `last_step` is the 30-second step of the last used code, so that a code
    works once. `invitation_nonce` is set until the invitation link has set a password.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    email = fields.CharField(max_length=254, unique=True)
    last_name = fields.CharField(max_length=60)
    first_name = fields.CharField(max_length=60)
    patronymic = fields.CharField(max_length=60, null=True)
    role = fields.CharEnumField(Role, max_length=10)
    password_hash = fields.CharField(max_length=200, null=True)
    invitation_nonce = fields.BinaryField(null=True)
    invited_until = fields.DatetimeField(null=True)
    factor_secret = fields.BinaryField(null=True)
    enrolled_at = fields.DatetimeField(null=True)
    last_step = fields.IntField(null=True)
    created_at = fields.DatetimeField()
    locked_at = fields.DatetimeField(null=True)

    sessions: fields.ReverseRelation["StaffSession"]

    class Meta(Model.Meta):
        table = "staff_member"


class RecoveryCode(Model):
    """Single-use replacement of the second factor («резервный код»), hashed as a password is."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    member: fields.ForeignKeyRelation[StaffMember] = fields.ForeignKeyField(
        "models.StaffMember", "recovery_codes", on_delete=fields.CASCADE
    )
    code_hash = fields.CharField(max_length=200)
    used_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "recovery_code"


class StaffSession(Model):
    """A session opened with two factors. `seen_at` is its last use, to the minute."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    member: fields.ForeignKeyRelation[StaffMember] = fields.ForeignKeyField(
        "models.StaffMember", "sessions", on_delete=fields.CASCADE
    )
    token_hash = fields.BinaryField()
    client_address = fields.CharField(max_length=45)
    user_agent = fields.CharField(max_length=300)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "staff_session"
        indexes = (("member_id", "created_at"),)


class Act(StrEnum):
    """Kind of an audited staff action."""

    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    FACTOR_ENROLLED = "FACTOR_ENROLLED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    LOOKED = "LOOKED"
    MEMBER_ADDED = "MEMBER_ADDED"
    MEMBER_INVITED = "MEMBER_INVITED"
    MEMBER_LOCKED = "MEMBER_LOCKED"
    MEMBER_UNLOCKED = "MEMBER_UNLOCKED"
    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 - an act, not a password
    ROLE_CHANGED = "ROLE_CHANGED"
    FACTOR_FORGOTTEN = "FACTOR_FORGOTTEN"
    CABINET_OPENED = "CABINET_OPENED"
    CONTACTS_SHOWN = "CONTACTS_SHOWN"
    CUSTOMER_LOCKED = "CUSTOMER_LOCKED"
    CUSTOMER_UNLOCKED = "CUSTOMER_UNLOCKED"
    CUSTOMER_SESSIONS_ENDED = "CUSTOMER_SESSIONS_ENDED"
    ACTIVATION_RESENT = "ACTIVATION_RESENT"
    NOTICE_RESENT = "NOTICE_RESENT"
    LINK_RESTORED = "LINK_RESTORED"
    LINK_ENDED = "LINK_ENDED"
    HOUSEHOLD_RECORDED = "HOUSEHOLD_RECORDED"
    HOUSEHOLD_REVOKED = "HOUSEHOLD_REVOKED"
    READING_ACCEPTED = "READING_ACCEPTED"
    READING_REJECTED = "READING_REJECTED"
    APPEAL_CLAIMED = "APPEAL_CLAIMED"
    APPEAL_ANSWERED = "APPEAL_ANSWERED"
    APPEAL_NOTED = "APPEAL_NOTED"
    APPEAL_TRANSFERRED = "APPEAL_TRANSFERRED"
    APPEAL_CLOSED = "APPEAL_CLOSED"
    TOPIC_ADDED = "TOPIC_ADDED"
    TOPIC_CHANGED = "TOPIC_CHANGED"
    APPLICATION_CLAIMED = "APPLICATION_CLAIMED"
    APPLICATION_ASKED = "APPLICATION_ASKED"
    APPLICATION_APPROVED = "APPLICATION_APPROVED"
    APPLICATION_DECLINED = "APPLICATION_DECLINED"
    APPLICATION_NOTED = "APPLICATION_NOTED"
    APPLICATION_TRANSFERRED = "APPLICATION_TRANSFERRED"
    REFUND_REQUESTED = "REFUND_REQUESTED"
    REFUND_DECIDED = "REFUND_DECIDED"
    DIFFERENCE_OPENED = "DIFFERENCE_OPENED"
    DIFFERENCE_CLAIMED = "DIFFERENCE_CLAIMED"
    DIFFERENCE_RELEASED = "DIFFERENCE_RELEASED"
    DIFFERENCE_SETTLED = "DIFFERENCE_SETTLED"
    RECEIPT_CLAIMED = "RECEIPT_CLAIMED"
    RECEIPT_RELEASED = "RECEIPT_RELEASED"
    RECEIPT_RETRIED = "RECEIPT_RETRIED"
    RECEIPT_SETTLED = "RECEIPT_SETTLED"
    IMPORT_STARTED = "IMPORT_STARTED"
    EXPORT_STARTED = "EXPORT_STARTED"
    FILE_FETCHED = "FILE_FETCHED"
    READING_TAKEN = "READING_TAKEN"
    RECEIPT_SENT = "RECEIPT_SENT"
    CALLBACK_PROMISED = "CALLBACK_PROMISED"
    CALLBACK_DONE = "CALLBACK_DONE"


class Callback(Model):
    """A promise to call somebody back about an account by a day («обратный звонок»)."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "callbacks", on_delete=fields.CASCADE
    )
    due_on = fields.DateField()
    text = fields.CharField(max_length=1000)
    member: fields.ForeignKeyRelation[StaffMember] = fields.ForeignKeyField(
        "models.StaffMember", "callbacks", on_delete=fields.RESTRICT
    )
    created_at = fields.DatetimeField()
    done_by: fields.ForeignKeyNullableRelation[StaffMember] = fields.ForeignKeyField(
        "models.StaffMember", "done_callbacks", null=True, on_delete=fields.RESTRICT
    )
    done_at = fields.DatetimeField(null=True)
    result = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "callback"
        indexes = (("account_id", "created_at"), ("due_on", "id"))


class AccessNote(Model):
    """Staff access to a customer's data, as shown to the customer: time and reason, no name.

    `what` is CABINET_OPENED, CONTACTS_SHOWN or LOOKED. Deleted by an erasure that the customer has
    requested; a trigger forbids every other change.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "access_notes", on_delete=fields.CASCADE
    )
    user_id: UUID
    what = fields.CharEnumField(Act, max_length=30)
    role = fields.CharEnumField(Role, max_length=10)
    reason = fields.CharField(max_length=300, null=True)
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "access_note"
        indexes = (("user_id", "happened_at"),)


class AuditEntry(Model):
    """A staff action and its subject («журнал действий»).

    Append-only: triggers forbid changes, deletions and truncation. `subject` is the kind of row
    (`user`, `account`, `account_link`). `subject_id` is its key without a foreign key, so that the
    log doesn't block the erasure of personal data. `reason` is entered by the member. `operation`
    is the GraphQL operation of LOOKED, and the new role of ROLE_CHANGED. `staff_id` is null for
    actions of the server operator (`lk staff …`), and for failed sign-ins, whose `reason` is the
    code of the refusal.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    staff: fields.ForeignKeyNullableRelation[StaffMember] = fields.ForeignKeyField(
        "models.StaffMember", "acts", null=True, on_delete=fields.RESTRICT
    )
    act = fields.CharEnumField(Act, max_length=30)
    subject = fields.CharField(max_length=30, null=True)
    subject_id = fields.UUIDField(null=True)
    operation = fields.CharField(max_length=100, null=True)
    reason = fields.CharField(max_length=300, null=True)
    client_address = fields.CharField(max_length=45, null=True)
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "audit_entry"
        indexes = (
            ("staff_id", "happened_at"),
            ("subject_id", "happened_at"),
            ("happened_at", "id"),
        )
