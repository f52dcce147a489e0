"""Limits that refuse what a customer sends: each is published by the constant that enforces it."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.accounts.errors import AccountErrorCode
from lk_graphql.accounts.service import link_undo, linking, links
from lk_graphql.appeals.errors import AppealErrorCode
from lk_graphql.appeals.service import attachments, customers, threads
from lk_graphql.contracts.errors import ContractErrorCode
from lk_graphql.contracts.service import applications, steps
from lk_graphql.guards import idempotency
from lk_graphql.identity.errors import IdentityErrorCode
from lk_graphql.identity.service import captchas, one_time_links
from lk_graphql.kit import emails, names, password_rules
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.typed_numbers import MONEY_PATTERN, QUANTITY_PATTERN
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.service import submission
from lk_graphql.notifications.errors import NotificationErrorCode
from lk_graphql.notifications.service import notices, settings
from lk_graphql.payments.errors import PaymentErrorCode
from lk_graphql.payments.service import preview
from lk_graphql.planner.declare.scalars import PERIOD_PATTERN
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.profile.errors import ProfileErrorCode
from lk_graphql.profile.service import phone_proofs
from lk_graphql.schema import graphql_schema
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.service.contents import MAX_MEGAPIXELS
from tests.factories.accounts import given_account, given_link, given_user
from tests.support.client import ApiClient, open_client

# Of each enum of codes: the limits in `publicSettings`, and the codes that aren't about a limit.
# A code that is about the state of an object names the object's fields in its description.

ANYWHERE = {
    "IDEMPOTENCY_KEY_INVALID": "idempotencyKeys.longest",
    "IDEMPOTENCY_CONFLICT": "idempotencyKeys.keptDays",
    "NUMBER_MALFORMED": "scalarPatterns.pattern",
}
LIMITS: dict[type[Any], dict[str, str]] = {
    IdentityErrorCode: {
        "NAME_MALFORMED": "nameRules.longest nameRules.characters nameRules.text",
        "EMAIL_MALFORMED": "longestEmail",
        "PHONE_MALFORMED": "phoneForms",
        "PASSWORD_TOO_SHORT": "passwordRules.shortest",
        "PASSWORD_TOO_LONG": "passwordRules.longest",
        "PASSWORD_NO_LOWER_CASE": "passwordRules.requirements.text",
        "PASSWORD_NO_UPPER_CASE": "passwordRules.requirements.text",
        "PASSWORD_NO_DIGIT": "passwordRules.requirements.text",
        "PASSWORD_FORBIDDEN_CHARACTER": "passwordRules.characters",
        "PASSWORD_COMMON": "passwordRules.requirements.text",
        "PASSWORD_CONTAINS_EMAIL": "passwordRules.requirements.text",
        "PASSWORD_CONTAINS_COMPANY": "passwordRules.requirements.text",
        "CONSENT_OUTDATED": "consentDocuments.version",
        "CAPTCHA_EXPIRED": "captchaSeconds captchaTries",
        "LINK_INVALID": "mailedLinks.activationSeconds mailedLinks.passwordResetSeconds "
        "mailedLinks.emailChangeSeconds",
    },
    ProfileErrorCode: {
        "CODE_EXPIRED": "phoneCodeSeconds",
        "CONSENT_OUTDATED": "consentDocuments.version",
        "NAME_MALFORMED": "nameRules.longest",
        "PHONE_MALFORMED": "phoneForms",
        "SMS_UNAVAILABLE": "sendsSms",
    },
    UploadErrorCode: {
        "CONTENT_UNSAFE": "uploads.kinds.mostMegapixels",
        "KIND_UNSUPPORTED": "uploads.kinds.extensions",
        "QUOTA_EXCEEDED": "uploads.filesPerDay uploads.bytesPerDay",
        "SIZE_INVALID": "uploads.largestBytes",
    },
    AccountErrorCode: {
        "ACCOUNT_NUMBER_INVALID": "linkFields.fields.pattern",
        "LINK_TOKEN_INVALID": "linkFields.previewSeconds",
        "NAME_INVALID": "linkFields.longestName",
        "PROOF_INVALID": "linkFields.fields.pattern",
        "SUBSCRIBER_TYPE_UNSUPPORTED": "linkFields.subscriberTypes",
        "SURNAME_INVALID": "nameRules.longest",
        "UNDO_TOKEN_INVALID": "linkFields.undoSeconds",
    },
    NotificationErrorCode: {
        "CONSENT_OUTDATED": "consentDocuments.version",
        "TOO_MANY_ACCOUNTS": "mostAccountSettings",
        "TOO_MANY_NOTICES": "mostNoticesRead",
    },
    ReadingErrorCode: {
        "TOO_MANY_ENTRIES": "mostReadings",
        "TAKEN_TOO_LONG_AGO": "readingRules.offlineDays",
        "WINDOW_CLOSED": "readingRules.firstDay readingRules.lastDay readingRules.latePolicy",
        "PHOTO_NOT_A_PICTURE": "uploads.kinds.kind",
    },
    PaymentErrorCode: {
        "AMOUNT_TOO_LARGE": "paymentRules.maximum",
        "AMOUNT_TOO_SMALL": "paymentRules.minimum",
        "PARTS_INVALID": "paymentRules.mostParts",
        "PAYMENTS_CLOSED": "abilities.payments",
    },
    AppealErrorCode: {
        "RATING_INVALID": "appealRules.leastRating appealRules.mostRating",
        "REOPENING_TOO_LATE": "appealRules.reopeningDays",
        "TEXT_INVALID": "appealRules.longestText",
        "TOO_MANY_ATTACHMENTS": "appealRules.mostAttachments",
    },
    ContractErrorCode: {
        "OBJECT_INVALID": "contractRules.longestAddress contractRules.longestPurpose "
        "contractRules.leastPowerKw contractRules.mostPowerKw",
        "APPLICATION_INCOMPLETE": "contractRules.demandedDocuments",
        "TEXT_INVALID": "contractRules.longestAnswer",
        "TOO_MANY": "contractRules.mostOpen contractRules.mostObjects contractRules.mostDocuments",
    },
}
NO_LIMIT: dict[type[Any], str] = {
    IdentityErrorCode: """PATRONYMIC_UNCLEAR OLD_PASSWORD_WRONG CAPTCHA_REQUIRED CAPTCHA_WRONG
        WRONG_EMAIL_OR_PASSWORD EMAIL_NOT_ACTIVATED USER_LOCKED EMAIL_UNCHANGED SESSION_NOT_FOUND
        TOO_MANY_TRIES""",
    ProfileErrorCode: """CODE_WRONG CONSENT_NOT_GIVEN CONSENT_REQUIRED ERASURE_NOT_FOUND
        ERASURE_REQUESTED PASSWORD_WRONG PATRONYMIC_UNCLEAR PHONE_CONFIRMED PHONE_NOT_MOBILE
        TOO_MANY_TRIES""",
    UploadErrorCode: """CONTENT_MISMATCH FILE_NAME_INVALID SIZE_MISMATCH TOO_SLOW UPLOAD_NOT_FOUND
        VIRUS_FOUND""",
    AccountErrorCode: """ACCOUNT_NOT_FOUND ALREADY_LINKED LINK_PROOF_FAILED LINK_SUSPENDED
        TOO_MANY_TRIES""",
    NotificationErrorCode: """ACCOUNT_NOT_FOUND CALENDAR_NOT_FOUND NOTICE_NOT_FOUND
        PHONE_NOT_CONFIRMED QUIET_HOURS_INVALID TOO_MANY_TRIES UNSUBSCRIBE_TOKEN_INVALID""",
    ReadingErrorCode: """ACCOUNT_NOT_FOUND REGISTER_NOT_FOUND REGISTER_REPEATED METER_REMOVED
        METER_REPORTS_ITSELF PERIOD_BILLED TAKEN_IN_FUTURE TAKEN_BEFORE_PREVIOUS ZONES_MISSING
        TOO_MANY_DIGITS TOO_MANY_DECIMALS BELOW_PREVIOUS PHOTO_UNUSABLE CONFIRMATION_NEEDED
        CONFIRM_TOKEN_INVALID READING_NOT_FOUND READING_FINAL READING_IN_BILLING REASON_INVALID
        CALLER_INVALID""",
    PaymentErrorCode: """ACCOUNT_NOT_FOUND ACCOUNT_REPEATED AMOUNT_CHANGED INVOICE_NOT_FOUND
        NOTHING_TO_PAY PAYMENT_OPEN RETURN_URL_INVALID TOO_MANY_TRIES""",
    AppealErrorCode: """APPEAL_CLOSED APPEAL_NOT_FOUND APPEAL_NOT_CLOSED APPEAL_NOT_ANSWERED
        APPEAL_TAKEN COLLEAGUE_NOT_FOUND ATTACHMENT_UNUSABLE NAME_NOT_HIDEABLE SUBJECT_NOT_FOUND
        TERM_INVALID TOO_MANY_TRIES TOPIC_FIXED TOPIC_KNOWN TOPIC_NOT_FOUND""",
    ContractErrorCode: """APPLICATION_NOT_FOUND APPLICATION_TAKEN COLLEAGUE_NOT_FOUND
        DOCUMENT_NOT_FOUND STATE_FORBIDS UPLOAD_UNUSABLE VERSION_OUTDATED""",
}


@pytest.mark.parametrize("codes", LIMITS, ids=lambda codes: codes.__name__)
def test_every_code_is_about_a_published_limit_or_about_none(codes: Any):
    with_limit = {code for code in codes if code in ANYWHERE} | {*LIMITS[codes]}
    without = {*NO_LIMIT[codes].split()}

    assert with_limit & without == set()
    assert with_limit | without == {*codes}


@pytest.mark.parametrize(
    "path",
    sorted({path for limits in (ANYWHERE, *LIMITS.values()) for paths in limits.values()
            for path in paths.split()}),
)  # fmt: skip
def test_a_published_limit_is_in_the_schema(path: str):
    type_: Any = graphql_schema.type_map["PublicSettings"]
    for name in path.split("."):
        type_ = get_named_type(type_of(type_.fields[name]))


def test_an_error_of_too_many_attempts_has_retry_at():
    for name, type_ in graphql_schema.type_map.items():
        values: Any = getattr(graphql_schema.type_map.get(f"{name}Code"), "values", ())
        if "TOO_MANY_TRIES" in values:
            assert "retryAt" in getattr(type_, "fields", ()), name


@pytest_asyncio.fixture
async def api(database: str, engine: QueryEngine) -> AsyncGenerator[ApiClient]:
    async with open_client(engine) as client:
        yield client


SETTINGS = """{ publicSettings {
  passwordRules { shortest longest characters } nameRules { longest } longestEmail
  captchaSeconds captchaTries phoneCodeSeconds scalarPatterns { scalar pattern }
  idempotencyKeys { longest keptDays }
  mailedLinks { activationSeconds passwordResetSeconds emailChangeSeconds }
  uploads { kinds { kind mostMegapixels } }
  linkFields { previewSeconds longestName undoSeconds }
  mostNoticesRead mostAccountSettings mostReadings paymentRules { mostParts }
  appealRules { longestText mostAttachments leastRating mostRating reopeningDays }
  contractRules { longestAddress longestPurpose leastPowerKw mostPowerKw longestAnswer } } }"""


async def test_the_published_limits_are_the_enforced_ones(api: ApiClient):
    public = (await api.post(SETTINGS))["data"]["publicSettings"]

    megapixels = {form.pop("kind"): form["mostMegapixels"] for form in public["uploads"]["kinds"]}
    assert {kind: most for kind, most in megapixels.items() if most} == MAX_MEGAPIXELS
    del public["uploads"]
    least, most = customers.RATINGS
    assert public == {
        "passwordRules": {
            "shortest": password_rules.MIN_LENGTH,
            "longest": password_rules.MAX_LENGTH,
            "characters": password_rules.STRICT_CHARACTER
            if api.state.ports.passwords.strict
            else password_rules.ANY_CHARACTER,
        },
        "nameRules": {"longest": names.MAX_LENGTH},
        "longestEmail": emails.MAX_LENGTH,
        "captchaSeconds": captchas.LIFETIME.total_seconds(),
        "captchaTries": captchas.MAX_FAILURES,
        "phoneCodeSeconds": phone_proofs.LIFETIME.total_seconds(),
        "scalarPatterns": [
            {"scalar": "Money", "pattern": f"^{MONEY_PATTERN}$"},
            {"scalar": "Quantity", "pattern": f"^{QUANTITY_PATTERN}$"},
            {"scalar": "Period", "pattern": f"^{PERIOD_PATTERN}$"},
        ],
        "idempotencyKeys": {
            "longest": idempotency.MAX_KEY_LENGTH,
            "keptDays": idempotency.RETENTION.days,
        },
        "mailedLinks": {
            "activationSeconds": one_time_links.ACTIVATION_LIFETIME.total_seconds(),
            "passwordResetSeconds": one_time_links.RESET_LIFETIME.total_seconds(),
            "emailChangeSeconds": one_time_links.EMAIL_CHANGE_LIFETIME.total_seconds(),
        },
        "linkFields": {
            "previewSeconds": linking.TOKEN_LIFETIME.total_seconds(),
            "longestName": links.MAX_NAME_LENGTH,
            "undoSeconds": link_undo.UNDO_LIFETIME.total_seconds(),
        },
        "mostNoticesRead": notices.MAX_MARKED,
        "mostAccountSettings": settings.MAX_ACCOUNTS,
        "mostReadings": submission.MAX_ENTRIES,
        "paymentRules": None,
        "appealRules": {
            "longestText": threads.MAX_TEXT_LENGTH,
            "mostAttachments": attachments.MAX_ATTACHMENTS,
            "leastRating": least,
            "mostRating": most,
            "reopeningDays": customers.REOPENING_PERIOD.days,
        },
        "contractRules": {
            "longestAddress": applications.MAX_OBJECT_TEXT_LENGTH,
            "longestPurpose": applications.MAX_OBJECT_TEXT_LENGTH,
            "leastPowerKw": str(applications.MIN_KW),
            "mostPowerKw": str(applications.MAX_KW),
            "longestAnswer": steps.MAX_TEXT_LENGTH,
        },
    }
    assert preview.MAX_PARTS == 10  # `paymentRules` is tested with terms


REFUSED = "{ errors { reason path message } }"


async def test_one_more_than_a_limit_is_refused(api: ApiClient):
    anna = await given_user("anna@example.com")
    account = await given_account()
    await given_link(anna, account)
    token, account_id = await api.signed_in(anna), to_public("acc", account.id)
    place = {"address": "x"}
    reading = {"registerId": "reg_1", "value": "1"}
    longer = applications.MAX_OBJECT_TEXT_LENGTH + 1
    for mutation, type_, values, expected in (
        (
            "accountRename",
            "AccountRenameInput",
            {"accountId": account_id, "name": "x" * (links.MAX_NAME_LENGTH + 1)},
            ("NAME_INVALID", ["name"]),
        ),
        (
            "readingsSubmit",
            "ReadingsSubmitInput",
            {
                "accountId": account_id,
                "entries": [reading] * (submission.MAX_ENTRIES + 1),
                "idempotencyKey": "k",
            },
            ("TOO_MANY_ENTRIES", ["entries"]),
        ),
        (
            "readingsSubmit",
            "ReadingsSubmitInput",
            {
                "accountId": account_id,
                "entries": [reading],
                "idempotencyKey": "k" * (idempotency.MAX_KEY_LENGTH + 1),
            },
            ("IDEMPOTENCY_KEY_INVALID", ["idempotencyKey"]),
        ),
        *(
            (
                "contractApplicationCreate",
                "ContractApplicationCreateInput",
                {"objects": [{**place, field: value}]},
                ("OBJECT_INVALID", ["objects", "0", field]),
            )
            for field, value in (
                ("address", "x" * longer),
                ("purpose", "x" * longer),
                ("powerKw", str(applications.MIN_KW - Decimal("0.01"))),
                ("powerKw", str(applications.MAX_KW + Decimal("0.01"))),
            )
        ),
        (
            "noticesMarkRead",
            "NoticesMarkReadInput",
            {"ids": ["ntc_1"] * (notices.MAX_MARKED + 1)},
            ("TOO_MANY_NOTICES", ["ids"]),
        ),
    ):
        query = f"mutation ($input: {type_}!) {{ {mutation}(input: $input) {REFUSED} }}"
        payload = (await api.post(query, token, input=values))["data"][mutation]
        assert [(e["reason"], e["path"]) for e in payload["errors"]] == [expected]
