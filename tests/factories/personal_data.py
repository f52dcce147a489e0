"""Two customers who share an account, with rows in every table of personal data."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from lk_graphql.accounts.models import Account, AccountLink, Holder
from lk_graphql.appeals.models import (
    Appeal,
    AppealAttachment,
    AppealMessage,
    AppealNote,
    AppealState,
    AppealTopic,
    Direction,
    SubjectKind,
)
from lk_graphql.contracts.models import (
    Application,
    ApplicationDocument,
    ApplicationEvent,
    ApplicationObject,
    ApplicationState,
    ContractDocumentKind,
    ObjectKind,
    StepKind,
)
from lk_graphql.identity.models import (
    Consent,
    ConsentAction,
    Document,
    DocumentKind,
    IdempotentCall,
    LinkPurpose,
    OneTimeLink,
    User,
)
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import new_nonce
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.metering.models import Meter, Reading, ReadingSource, ReadingState, Register, Zone
from lk_graphql.notifications.models import (
    CalendarFeed,
    DeliverySettings,
    NoticeChannel,
    NoticeKind,
    RefusedAddress,
    TopicSettings,
)
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.payments.models import (
    FiscalReceipt,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentPart,
    PaymentState,
    ReceiptState,
    Refund,
    RefundState,
)
from lk_graphql.profile.models import ErasureTerm, PhoneProof
from lk_graphql.staff.models import AccessNote, Act, AuditEntry
from lk_graphql.uploads.models import Upload, UploadKind, UploadState
from tests.factories.accounts import NOW, given_bare_account, given_invoice, given_link
from tests.factories.uploads import PDF
from tests.support.client import ApiClient

PASSWORD = "Kuzbass42x"
ADDRESS = "654007, г. Новокузнецк, ул. Кирова, д. 12, кв. 7"
STAFF = new_key()


def marks(name: str) -> list[str]:
    """Texts that occur only in this person's data."""
    return [name, name.lower(), *PHONES[name]]


PHONES = {"Огнеслава": ["79130001122"], "Борислав": ["79130003344"]}


async def given_person(api: ApiClient, name: str) -> Viewer:
    """A user who has consented and can sign in with `PASSWORD`."""
    email = f"{name.lower().encode('idna').decode()}@example.com"
    user = await User.create(
        email=f"{name}@пример.рф", email_key=email, phone=f"+{PHONES[name][0]}",
        last_name=f"{name}ова", first_name=name, patronymic=f"{name}овна",
        password_hash=await api.state.ports.passwords.hash(PASSWORD),
        created_at=NOW, activated_at=NOW, password_changed_at=NOW,
    )  # fmt: skip
    text, _ = await Document.get_or_create(  # pyright: ignore[reportUnknownMemberType] - its dict
        kind=DocumentKind.PERSONAL_DATA, version="2025-09-01",
        defaults={"title": "Согласие", "text": "Согласие", "sha256": "0" * 64, "valid_from": NOW},
    )  # fmt: skip
    await Consent.create(
        user=user, document=text, action=ConsentAction.GIVEN, text_sha256=text.sha256,
        client_address="192.0.2.1", user_agent="Firefox", happened_at=NOW,
    )  # fmt: skip
    return Viewer(user.id, new_key())


async def given_term() -> None:
    await ErasureTerm.create(valid_from=date(2011, 7, 27), days=30, reference="a test")


async def given_home() -> tuple[Account, Register]:
    """An account whose holder has the name of Огнеслава."""
    account = await given_bare_account("0400000001")
    await Holder.create(
        account=account, last_name="Огнеславаова", first_name="Огнеслава", patronymic=None,
        surname_key="огнеславаова", since=date(2019, 3, 1),
    )  # fmt: skip
    meter = await Meter.create(
        account=account, serial="M-1", model="Меркурий", ratio=Decimal(1),
        installed_on=date(2020, 1, 1),
    )  # fmt: skip
    register = await Register.create(
        meter=meter, position=1, zone=Zone.SINGLE, label="T1", digits=6
    )
    await given_invoice(account, 10, charged=64_000, unpaid=64_000)
    return account, register


async def given_life(
    api: ApiClient, name: str, viewer: Viewer, home: tuple[Account, Register]
) -> None:
    """Rows in every table of personal data, with `name` in every text."""
    account, register = home
    link = await given_link(viewer, account)
    await AccountLink.filter(id=link.id).update(name=f"дача {name}")
    await given_reading(viewer, register, Decimal(len(name)))
    await given_login(viewer, name)
    await given_notices(viewer, account)
    await given_payment(viewer, account, name)
    await given_appeal(api, viewer, account, name)
    await given_application(api, viewer, name)
    await given_upload(api, f"черновик {name}.pdf", user_id=viewer.id)
    await AccessNote.create(
        user_id=viewer.id, what=Act.CABINET_OPENED, role=Role.CLERK, reason=f"звонок: {name}",
        happened_at=NOW,
    )  # fmt: skip
    await AuditEntry.create(
        act=Act.CABINET_OPENED, subject="user", subject_id=viewer.id, happened_at=NOW
    )


async def given_reading(viewer: Viewer, register: Register, value: Decimal) -> None:
    await Reading.create(
        register=register, value=value, taken_on=date(2026, 11, 20), received_at=NOW,
        period=date(2026, 11, 1), source=ReadingSource.CUSTOMER,
        state=ReadingState.WITHDRAWN, submitted_by_id=viewer.id,
    )  # fmt: skip


async def given_login(viewer: Viewer, name: str) -> None:
    await PhoneProof.create(
        user_id=viewer.id, phone=f"+{PHONES[name][0]}", nonce=new_nonce(), created_at=NOW,
        expires_at=NOW, confirmed_at=NOW,
    )  # fmt: skip
    await OneTimeLink.create(
        user_id=viewer.id, purpose=LinkPurpose.EMAIL_CHANGE_NEW, nonce=new_nonce(),
        new_email=f"{name}@new.example", created_at=NOW, expires_at=NOW + timedelta(days=36_500),
    )  # fmt: skip
    await IdempotentCall.create(
        user_id=viewer.id, mutation="appealCreate", key="key", body_hash=sha256(b"").digest(),
        outcome=[name], happened_at=datetime.now(UTC),
    )  # fmt: skip


async def given_notices(viewer: Viewer, account: Account) -> None:
    event = NoticeEvent(NoticeKind.PAYMENT_OVERDUE, "overdue/1", day=date(2026, 11, 16))
    await notify_user(viewer.id, event, account_id=account.id, now=NOW)
    await DeliverySettings.create(user_id=viewer.id, has_sms=True, changed_at=NOW)
    await TopicSettings.create(
        user_id=viewer.id, account_id=None, muted_by_email=["BILLS"], changed_at=NOW
    )
    await CalendarFeed.create(user_id=viewer.id, nonce=new_nonce(), created_at=NOW)
    await RefusedAddress.create(
        user_id=viewer.id, channel=NoticeChannel.SMS, address="+79990000000", refused_at=NOW
    )


async def given_payment(viewer: Viewer, account: Account, name: str) -> None:
    payment = await Payment.create(
        user_id=viewer.id, number=f"П-{name}"[:12], state=PaymentState.PARTIALLY_REFUNDED,
        amount=64_000, commission=0, refunded=1_000, provider="yookassa", reference=name,
        page_url=f"https://pay.example/{name}", created_at=NOW, paid_at=NOW, changed_at=NOW,
    )  # fmt: skip
    part = await PaymentPart.create(
        payment=payment, account=account, position=1, account_number=account.number,
        contract_number=account.contract_number, address=ADDRESS, amount=64_000, advance=0,
    )  # fmt: skip
    await PaymentEvent.create(payment=payment, kind=PaymentEventKind.CREATED, happened_at=NOW)
    await Refund.create(
        payment=payment, part=part, amount=1_000, reason=f"просила {name}", staff_id=STAFF,
        request_key=f"{viewer.id.hex}",
        state=RefundState.SUCCEEDED, reference=f"r-{name}", requested_at=NOW, ended_at=NOW,
    )  # fmt: skip
    await FiscalReceipt.create(
        payment=payment, amount=64_000, state=ReceiptState.DONE, storage="1", number="2",
        attribute="3", url=f"https://receipts.example/{name}", registered_at=NOW,
    )  # fmt: skip


async def given_upload(api: ApiClient, name: str, *, taken: bool = False, **owner: Any) -> Upload:
    """A READY PDF with its name in the content."""
    content = PDF + name.encode()
    upload = await Upload.create(
        id=new_key(), name=name, kind=UploadKind.PDF, size=len(content), state=UploadState.READY,
        sha256=sha256(content).hexdigest(), nonce=new_nonce(), created_at=NOW,
        expires_at=NOW + timedelta(days=36_500), received_at=NOW, taken_at=NOW if taken else None,
        **owner,
    )  # fmt: skip

    async def once() -> AsyncIterator[bytes]:
        yield content

    await api.state.ports.files.put(upload.path, once())
    return upload


async def given_appeal(api: ApiClient, viewer: Viewer, account: Account, name: str) -> None:
    appeal = await Appeal.create(
        user_id=viewer.id, topic=await AppealTopic.get(title="Общие вопросы"),
        number=f"О-{name}", account=account, subject_kind=SubjectKind.ACCOUNT,
        subject_id=account.id, subject_facts={"note": name}, state=AppealState.IN_PROGRESS,
        message_count=2,
        created_at=NOW, due_on=date(2026, 12, 1), clerk_id=STAFF,
    )  # fmt: skip
    question = await AppealMessage.create(
        appeal=appeal, number=1, direction=Direction.SENT, text=f"Я {name}. Почему?", created_at=NOW
    )
    answer = await AppealMessage.create(
        appeal=appeal, number=2, direction=Direction.RECEIVED, text=f"{name}, потому что.",
        clerk_id=STAFF, created_at=NOW,
    )  # fmt: skip
    await AppealNote.create(
        appeal=appeal, clerk_id=STAFF, text=f"{name} звонит каждый день", created_at=NOW
    )
    question_file = await given_upload(api, f"паспорт {name}.pdf", taken=True, user_id=viewer.id)
    answer_file = await given_upload(api, f"ответ {name}.pdf", taken=True, staff_id=STAFF)
    for message, upload in ((question, question_file), (answer, answer_file)):
        await AppealAttachment.create(message=message, upload=upload, position=1)


async def given_application(api: ApiClient, viewer: Viewer, name: str) -> None:
    application = await Application.create(
        user_id=viewer.id, number=f"ЗД-{name}", state=ApplicationState.QUESTION,
        clerk_id=STAFF, created_at=NOW, changed_at=NOW, submitted_at=NOW,
    )  # fmt: skip
    await ApplicationObject.create(
        application=application, position=1, address=f"СНТ {name}, 7", kind=ObjectKind.GARDEN,
        power_kw=Decimal("7.50"), purpose=f"дача {name}",
    )  # fmt: skip
    upload = await given_upload(api, f"договор {name}.pdf", taken=True, user_id=viewer.id)
    await ApplicationDocument.create(
        application=application, upload=upload, kind=ContractDocumentKind.OWNERSHIP, attached_at=NOW
    )
    await ApplicationEvent.create(
        application=application, kind=StepKind.ASKED, text=f"{name}, пришлите акт",
        staff_id=STAFF, happened_at=NOW,
    )  # fmt: skip


async def given_two(api: ApiClient) -> tuple[Viewer, Viewer]:
    """Огнеслава and Борислав, who share an account."""
    home, viewers = await given_home(), list[Viewer]()
    for name in PHONES:
        viewers.append(await given_person(api, name))
        await given_life(api, name, viewers[-1], home)
    await given_term()
    return viewers[0], viewers[1]
