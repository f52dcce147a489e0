from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "attempts" (
    "key" VARCHAR(100) NOT NULL PRIMARY KEY,
    "moments" TIMESTAMPTZ[] NOT NULL,
    "forget_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_attempts_forget__0631b0" ON "attempts" ("forget_at");
COMMENT ON TABLE "attempts" IS 'When something limited was last tried under a key; see `identity.service.limits`.';
CREATE TABLE "captcha" (
    "id" UUID NOT NULL PRIMARY KEY,
    "picture_hash" BYTEA NOT NULL,
    "audio_hash" BYTEA NOT NULL,
    "failures" SMALLINT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ
);
CREATE INDEX "idx_captcha_expires_521682" ON "captcha" ("expires_at");
COMMENT ON TABLE "captcha" IS 'A challenge: the HMACs of the picture''s and the recording''s codes. One use, few tries.';
CREATE TABLE "document" (
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "version" VARCHAR(20) NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "text" TEXT NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "valid_from" TIMESTAMPTZ NOT NULL,
    CONSTRAINT "uid_document_kind_0c3509" UNIQUE ("kind", "version")
);
COMMENT ON COLUMN "document"."kind" IS 'TERMS: TERMS\nPERSONAL_DATA: PERSONAL_DATA';
COMMENT ON TABLE "document" IS 'A version of a text that customers agree to; never changed once it is valid.';
CREATE TABLE "user" (
    "id" UUID NOT NULL PRIMARY KEY,
    "email" VARCHAR(254) NOT NULL,
    "email_key" VARCHAR(254) NOT NULL,
    "phone" VARCHAR(12) NOT NULL,
    "last_name" VARCHAR(60) NOT NULL,
    "first_name" VARCHAR(60) NOT NULL,
    "patronymic" VARCHAR(60),
    "has_no_patronymic" BOOL NOT NULL,
    "password_hash" VARCHAR(200) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "activated_at" TIMESTAMPTZ,
    "locked_at" TIMESTAMPTZ,
    "password_changed_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "idx_user_email_k_875210" ON "user" ("email_key");
COMMENT ON COLUMN "user"."language" IS 'RU: ru\nEN: en';
COMMENT ON TABLE "user" IS 'A person with a login.';
CREATE TABLE "consent" (
    "id" UUID NOT NULL PRIMARY KEY,
    "action" VARCHAR(10) NOT NULL,
    "text_sha256" VARCHAR(64) NOT NULL,
    "client_address" VARCHAR(45) NOT NULL,
    "user_agent" VARCHAR(300) NOT NULL,
    "happened_at" TIMESTAMPTZ NOT NULL,
    "document_id" UUID NOT NULL REFERENCES "document" ("id") ON DELETE RESTRICT,
    "user_id" UUID NOT NULL REFERENCES "user" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_consent_user_id_f5c838" ON "consent" ("user_id", "happened_at");
COMMENT ON COLUMN "consent"."action" IS 'GIVEN: GIVEN\nWITHDRAWN: WITHDRAWN';
COMMENT ON TABLE "consent" IS 'Who agreed to which text, when and from where.';
CREATE TABLE "one_time_link" (
    "id" UUID NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(20) NOT NULL,
    "nonce" BYTEA NOT NULL,
    "subject" UUID,
    "new_email" VARCHAR(254),
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "user_id" UUID REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_one_time_li_expires_5fe733" ON "one_time_link" ("expires_at");
CREATE INDEX "idx_one_time_li_user_id_579e1a" ON "one_time_link" ("user_id", "purpose", "created_at");
COMMENT ON COLUMN "one_time_link"."purpose" IS 'ACTIVATION: ACTIVATION\nPASSWORD_RESET: PASSWORD_RESET\nEMAIL_CHANGE_OLD: EMAIL_CHANGE_OLD\nEMAIL_CHANGE_NEW: EMAIL_CHANGE_NEW\nACCOUNT_LINK_UNDO: ACCOUNT_LINK_UNDO';
COMMENT ON TABLE "one_time_link" IS 'A link that was mailed: one use, until `expires_at`.';
CREATE TABLE "session" (
    "id" UUID NOT NULL PRIMARY KEY,
    "token_hash" BYTEA NOT NULL,
    "client_address" VARCHAR(45) NOT NULL,
    "user_agent" VARCHAR(300) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "user_id" UUID NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_session_user_id_afdbf5" ON "session" ("user_id", "created_at");
COMMENT ON TABLE "session" IS 'A sign-in on one device. Of its token only the SHA-256 is kept (a unique index on it).';
CREATE TABLE "account" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(20) NOT NULL UNIQUE,
    "unified_number" VARCHAR(10) UNIQUE,
    "subscriber_type" VARCHAR(10) NOT NULL,
    "contract_number" VARCHAR(40) NOT NULL,
    "contract_signed_on" DATE NOT NULL,
    "address" VARCHAR(300) NOT NULL,
    "fias_house_id" UUID,
    "flat" VARCHAR(20),
    "house_kind" VARCHAR(10) NOT NULL,
    "tariff_category" VARCHAR(20) NOT NULL,
    "has_range_privilege" BOOL NOT NULL,
    "area_m2" DECIMAL(8,2),
    "residents" SMALLINT,
    "closed_on" DATE,
    "data_as_of" TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN "account"."subscriber_type" IS 'HOUSEHOLD: HOUSEHOLD\nBUSINESS: BUSINESS';
COMMENT ON COLUMN "account"."house_kind" IS 'APARTMENT: APARTMENT\nDETACHED: DETACHED';
COMMENT ON COLUMN "account"."tariff_category" IS 'URBAN_GAS: URBAN_GAS\nURBAN_ELECTRIC: URBAN_ELECTRIC\nRURAL: RURAL';
COMMENT ON TABLE "account" IS 'A personal account («лицевой счёт»), a copy of the billing system''s as of `data_as_of`.';
CREATE TABLE "account_link" (
    "id" UUID NOT NULL PRIMARY KEY,
    "role" VARCHAR(10) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "name" VARCHAR(60),
    "linked_at" TIMESTAMPTZ NOT NULL,
    "changed_at" TIMESTAMPTZ NOT NULL,
    "account_id" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT,
    "user_id" UUID NOT NULL REFERENCES "user" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_account_lin_user_id_6eab71" ON "account_link" ("user_id", "account_id");
CREATE INDEX "idx_account_lin_account_3848a2" ON "account_link" ("account_id", "state");
COMMENT ON COLUMN "account_link"."role" IS 'OWNER: OWNER\nMEMBER: MEMBER';
COMMENT ON COLUMN "account_link"."state" IS 'ACTIVE: ACTIVE\nSUSPENDED: SUSPENDED\nENDED: ENDED';
COMMENT ON TABLE "account_link" IS 'A login''s access to an account; many logins to an account, many accounts to a login.';
CREATE TABLE "holder" (
    "id" UUID NOT NULL PRIMARY KEY,
    "last_name" VARCHAR(60) NOT NULL,
    "first_name" VARCHAR(60) NOT NULL,
    "patronymic" VARCHAR(60),
    "surname_key" VARCHAR(60) NOT NULL,
    "since" DATE NOT NULL,
    "until" DATE,
    "account_id" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_holder_account_17cf40" ON "holder" ("account_id", "since");
COMMENT ON TABLE "holder" IS 'Who the contract is with («абонент»); at most one without `until` (a partial index).';
CREATE TABLE "link_event" (
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(30) NOT NULL,
    "client_address" VARCHAR(45) NOT NULL,
    "happened_at" TIMESTAMPTZ NOT NULL,
    "account_id" UUID REFERENCES "account" ("id") ON DELETE RESTRICT,
    "user_id" UUID NOT NULL REFERENCES "user" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_link_event_account_dbe334" ON "link_event" ("account_id", "happened_at");
CREATE INDEX "idx_link_event_user_id_995f22" ON "link_event" ("user_id", "happened_at");
COMMENT ON COLUMN "link_event"."kind" IS 'PROOF_FAILED: PROOF_FAILED\nLINKED: LINKED\nUNLINKED: UNLINKED\nSUSPENDED_BY_NOTICE: SUSPENDED_BY_NOTICE\nSUSPENDED_BY_NEW_HOLDER: SUSPENDED_BY_NEW_HOLDER\nRESTORED: RESTORED';
COMMENT ON TABLE "link_event" IS 'The audit trail of linking. Append-only: a trigger forbids changes.';
CREATE TABLE "meter" (
    "id" UUID NOT NULL PRIMARY KEY,
    "serial" VARCHAR(40) NOT NULL,
    "model" VARCHAR(80) NOT NULL,
    "accuracy_class" VARCHAR(10),
    "ratio" DECIMAL(8,2) NOT NULL,
    "installed_on" DATE NOT NULL,
    "removed_on" DATE,
    "verified_on" DATE,
    "verification_interval_years" SMALLINT,
    "next_verification_on" DATE,
    "seal_number" VARCHAR(40),
    "sealed_on" DATE,
    "reports_itself" BOOL NOT NULL,
    "account_id" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_meter_account_81f5cd" UNIQUE ("account_id", "serial")
);
COMMENT ON TABLE "meter" IS 'A device that counts energy («прибор учёта»). `removed_on` ends its life here.';
CREATE TABLE "register" (
    "id" UUID NOT NULL PRIMARY KEY,
    "position" SMALLINT NOT NULL,
    "zone" VARCHAR(10) NOT NULL,
    "label" VARCHAR(10) NOT NULL,
    "digits" SMALLINT NOT NULL,
    "fraction_digits" SMALLINT NOT NULL,
    "meter_id" UUID NOT NULL REFERENCES "meter" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_register_meter_i_55f04a" UNIQUE ("meter_id", "zone"),
    CONSTRAINT "uid_register_meter_i_53822a" UNIQUE ("meter_id", "position")
);
COMMENT ON COLUMN "register"."zone" IS 'SINGLE: SINGLE\nDAY: DAY\nNIGHT: NIGHT\nPEAK: PEAK\nHALF_PEAK: HALF_PEAK';
COMMENT ON TABLE "register" IS 'One of a meter''s counters («тарифная зона»).';
CREATE TABLE "reading" (
    "id" UUID NOT NULL PRIMARY KEY,
    "value" DECIMAL(12,3) NOT NULL,
    "taken_on" DATE NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL,
    "period" DATE NOT NULL,
    "source" VARCHAR(20) NOT NULL,
    "state" VARCHAR(20) NOT NULL,
    "register_id" UUID NOT NULL REFERENCES "register" ("id") ON DELETE CASCADE,
    "submitted_by_id" UUID REFERENCES "user" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_reading_registe_a0ea10" ON "reading" ("register_id", "taken_on", "id");
COMMENT ON COLUMN "reading"."source" IS 'CUSTOMER: CUSTOMER\nCONTROLLER: CONTROLLER\nESTIMATED: ESTIMATED\nNETWORK_COMPANY: NETWORK_COMPANY\nSMART: SMART\nBILLING_IMPORT: BILLING_IMPORT\nPARTNER: PARTNER';
COMMENT ON COLUMN "reading"."state" IS 'ACCEPTED: ACCEPTED\nNEEDS_CONFIRMATION: NEEDS_CONFIRMATION\nON_REVIEW: ON_REVIEW\nSUPERSEDED: SUPERSEDED\nWITHDRAWN: WITHDRAWN\nREJECTED: REJECTED';
COMMENT ON TABLE "reading" IS 'What a register showed («показание»), in kWh.';
CREATE TABLE "account_balance" (
    "id" UUID NOT NULL PRIMARY KEY,
    "debt" BIGINT NOT NULL,
    "penalty" BIGINT NOT NULL,
    "overpayment" BIGINT NOT NULL,
    "as_of" TIMESTAMPTZ NOT NULL,
    "account_id" UUID NOT NULL UNIQUE REFERENCES "account" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "account_balance" IS 'Billing''s snapshot of what an account owes; at least one of debt and overpayment is 0.';
CREATE TABLE "due_rule" (
    "id" UUID NOT NULL PRIMARY KEY,
    "from_period" DATE NOT NULL UNIQUE,
    "document_day" SMALLINT NOT NULL,
    "due_day" SMALLINT NOT NULL,
    "reference" VARCHAR(200) NOT NULL
);
COMMENT ON TABLE "due_rule" IS 'By which days of the following month bills are issued and paid, from a billed month on.';
CREATE TABLE "invoice" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(40) NOT NULL UNIQUE,
    "period" DATE NOT NULL,
    "issued_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "opening_balance" BIGINT NOT NULL,
    "charged" BIGINT NOT NULL,
    "recalculated" BIGINT NOT NULL,
    "penalty" BIGINT NOT NULL,
    "paid" BIGINT NOT NULL,
    "closing_balance" BIGINT NOT NULL,
    "consumption_kwh" DECIMAL(12,3) NOT NULL,
    "account_id" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_invoice_account_7fe351" UNIQUE ("account_id", "period")
);
COMMENT ON TABLE "invoice" IS 'A bill for one account and one month («счёт», «квитанция»).';
CREATE TABLE "invoice_line" (
    "id" UUID NOT NULL PRIMARY KEY,
    "position" SMALLINT NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "service" VARCHAR(100) NOT NULL,
    "zone" VARCHAR(10),
    "range_number" SMALLINT,
    "quantity_kwh" DECIMAL(12,3),
    "rubles_per_kwh" DECIMAL(10,5),
    "amount" BIGINT NOT NULL,
    "reason" VARCHAR(300),
    "invoice_id" UUID NOT NULL REFERENCES "invoice" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_invoice_lin_invoice_284bd5" UNIQUE ("invoice_id", "position")
);
COMMENT ON COLUMN "invoice_line"."kind" IS 'ENERGY: ENERGY\nRECALCULATION: RECALCULATION';
COMMENT ON COLUMN "invoice_line"."zone" IS 'SINGLE: SINGLE\nDAY: DAY\nNIGHT: NIGHT\nPEAK: PEAK\nHALF_PEAK: HALF_PEAK';
COMMENT ON TABLE "invoice_line" IS 'What was charged for one zone and range, or recalculated and why.';
CREATE TABLE "invoice_penalty" (
    "id" UUID NOT NULL PRIMARY KEY,
    "position" SMALLINT NOT NULL,
    "for_period" DATE NOT NULL,
    "debt" BIGINT NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "rate_percent" DECIMAL(6,3) NOT NULL,
    "divisor" SMALLINT NOT NULL,
    "amount" BIGINT NOT NULL,
    "invoice_id" UUID NOT NULL REFERENCES "invoice" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_invoice_pen_invoice_5f8589" UNIQUE ("invoice_id", "position")
);
COMMENT ON TABLE "invoice_penalty" IS 'How a penalty («пеня», ЖК 155 ч. 14) came about: days of one debt at one rate.';
CREATE TABLE "invoice_reading" (
    "id" UUID NOT NULL PRIMARY KEY,
    "consumption_kwh" DECIMAL(12,3) NOT NULL,
    "current_id" UUID REFERENCES "reading" ("id") ON DELETE RESTRICT,
    "invoice_id" UUID NOT NULL REFERENCES "invoice" ("id") ON DELETE CASCADE,
    "previous_id" UUID REFERENCES "reading" ("id") ON DELETE RESTRICT,
    "register_id" UUID NOT NULL REFERENCES "register" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_invoice_rea_invoice_2fa859" UNIQUE ("invoice_id", "register_id")
);
COMMENT ON TABLE "invoice_reading" IS 'Which two readings of a register went into a bill, and what lay between them.';
CREATE TABLE "penalty_rate" (
    "id" UUID NOT NULL PRIMARY KEY,
    "is_cap" BOOL NOT NULL,
    "percent" DECIMAL(6,3) NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    CONSTRAINT "uid_penalty_rat_is_cap_a6ee3d" UNIQUE ("is_cap", "valid_from")
);
COMMENT ON TABLE "penalty_rate" IS 'The key rate, or the cap on it (ПП 329), in percent a year, for days from `valid_from`.';
CREATE TABLE "range_limit" (
    "id" UUID NOT NULL PRIMARY KEY,
    "category" VARCHAR(20) NOT NULL,
    "range_number" SMALLINT NOT NULL,
    "up_to_kwh" INT,
    "valid_from" DATE NOT NULL,
    CONSTRAINT "uid_range_limit_categor_aa7eb3" UNIQUE ("category", "range_number", "valid_from")
);
COMMENT ON COLUMN "range_limit"."category" IS 'URBAN_GAS: URBAN_GAS\nURBAN_ELECTRIC: URBAN_ELECTRIC\nRURAL: RURAL';
COMMENT ON TABLE "range_limit" IS 'Up to how many kWh a month a consumption range («диапазон») reaches; null: no end.';
CREATE TABLE "received_payment" (
    "id" UUID NOT NULL PRIMARY KEY,
    "external_id" VARCHAR(60) NOT NULL UNIQUE,
    "paid_on" DATE NOT NULL,
    "amount" BIGINT NOT NULL,
    "agent" VARCHAR(100) NOT NULL,
    "account_id" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE,
    "invoice_id" UUID REFERENCES "invoice" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_received_pa_account_0b9751" ON "received_payment" ("account_id", "paid_on", "id");
CREATE INDEX "idx_received_pa_invoice_da06c1" ON "received_payment" ("invoice_id");
COMMENT ON TABLE "received_payment" IS 'Money that billing has posted to an account, by whatever way it came.';
CREATE TABLE "tariff" (
    "id" UUID NOT NULL PRIMARY KEY,
    "category" VARCHAR(20) NOT NULL,
    "zone" VARCHAR(10) NOT NULL,
    "range_number" SMALLINT NOT NULL,
    "rubles_per_kwh" DECIMAL(10,5) NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    "order_reference" VARCHAR(200) NOT NULL,
    CONSTRAINT "uid_tariff_categor_90e01b" UNIQUE ("category", "zone", "range_number", "valid_from")
);
COMMENT ON COLUMN "tariff"."category" IS 'URBAN_GAS: URBAN_GAS\nURBAN_ELECTRIC: URBAN_ELECTRIC\nRURAL: RURAL';
COMMENT ON COLUMN "tariff"."zone" IS 'SINGLE: SINGLE\nDAY: DAY\nNIGHT: NIGHT\nPEAK: PEAK\nHALF_PEAK: HALF_PEAK';
COMMENT ON TABLE "tariff" IS 'The price of a kilowatt-hour in rubles, VAT included, for days from `valid_from`.';
CREATE TABLE "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        """


MODELS_STATE = (
    "eJztXWt34ji2/StafOnKXCqTd9VQ9961SEJXMU2gFpCu6Sl6OQoW4ImRaT9CMXP7v18dyT"
    "Z+Y/NIDNGXxNg6fmzJ8jn7PPSfytRQiW4d122bTGe2Vamh/1QonhK2ETtWRRU8my2PwA4b"
    "P+q8MQ62erRsEw9ttn+EdYuwXSqxhqY2szWDQutvE0KRZUyJPdHoGOnaVLOJiubYQjq2bG"
    "SbGvvpUJWYCKMnsviELELQg6YSamv24tgi5rM2JMdc0no4hsuqxpBdl51vJ1cY0AHtTwg0"
    "RZqFMEVf7uo36J0xgm2sqiaxrCrfHg4Nh9qIOtNHYlbR8fHxUQ1pbAcD1kLUeDTUxTF6mL"
    "K7o+zUaGLoqjWg1EBTwySI7WQ3ZyF7wk5ms0vyW0BY1405uwJrTNgDjDTTsqvsEaEdO4pM"
    "Y46GmP5kozHb5Ig4VPvDIYptjBkMxGS4fP+d7dbYU/8glvdz9qSMNKKroc5njwln4AcUez"
    "HjO28m2PyZNwW4H5WhoTtTGmg+W9gTg/rtWXfA3jGhxMQM/sCAoI6uu2PH2yXulu2wTYf4"
    "t6kud6hkhB0dhhVIi1tY7qsoSrvTV3qNvqJUYkPOkwiMEXfX0KAwXDXqDv8p/qHohI7tCf"
    "t5enLyp7jQEgnRDK74a71786XefcdaHcElDTbqxevQdg+diWN/8pNgG4vTcOiDLxofCHG8"
    "66aJF8mAB2QioOuaZa+DurdjCfvy5X0B3DNg7jfvGr1+/e5r/5/ff+dYLrEbGSYb3Aq24+"
    "jdsoe3tSlJBjAkGIFQdSWPvY3t4PmSwzgPnHD6qWX9oXO06v0GHDnjexeRve+uIgPcPwn6"
    "1ux/QfAT/bPTbnA0Dcsem/yKwb6rwD1hxzYUaswVNmMGQPJ2e7v+hIlp9BR4XWDHIx4+zb"
    "GpKrEjxpmR1jZ+aHo2je7BFI95HwGacJ/ux+8Gz+zhBCd9F71DmZ/FYaDRyq9iHbGmOsw9"
    "pMYnfvjCWIh9YeDHTBvajkl+gm+PyveYZGiYKhsFbN+QXds6Rh1KkAPnHpE5/8ZZ8U/j7i"
    "6zwfdGU+Mv8P198zb55RWtI2+t42jqMcjs5ptT+e+RQ4fQV0h/UsYmnk3+0I+fNPtYU61j"
    "SuYK+wj+b+Xl32f+CToXL2jw1eNQZH953M5WJtiaxPG/1ig2U74/UclIXzwubGId1lfout"
    "W5Ds2Y7BN/3WzXu7+9u6v/4yg0bbY67c9e+2CXXP/Wb9QjXzDsqJqxRg+E5ST+6+I/wpru"
    "mCRB/epN2TTZpHaKAhGQi6DPnmZX2J/sSu0dwx28Pz/7cPWRHeU3CD8+ZPRI767eajXb/Q"
    "igQ5PAQ6+hk4UlX0YpK8vw3gutLNjN5MdMY6dbo5vDklL3LnMvMy1vnTc5ILaF/nU7T77F"
    "h2VbMVQJtStJtpV7qJppWwUa5WAcDYQZcITZNAaaT7ThBNnkh11l24RyW2dkGlP4ZZIkOr"
    "GIOHCF9dmMUPW9QfVFDWEwksZjYqKRYT4yewFMMGZ/ccJQRezRCDcsbMNADtWJZXHLi71F"
    "JqcsKXkGnpJZH8/wlgzoO8zMsrEGTy0EgQMUzCKz0ehIM6fsVjULrjc2bJvd41yzJ0Aiir"
    "aazS6mq+wSRzlNt+/wUpuKML0mGB5PvOO/S6OuVEYd5s+TzN42qDPl6DfZjWA6JHGzwpfe"
    "Dpm7m7m68rn5a6NdQ/zfgMI8edutf2N7/M3oO5yP7s3F9maQvUcRZRgmCcWa4LPLqyJ8ek"
    "SszF2xJrN+dZED6quLVKjhUMTu0DX2OVBcV0wRtOOSBwj4xWUOwC8uUwGHQ39GdUNTYd92"
    "mqAepoMdljpAoM9z+YzOM3xG5yexeST4wS2oi0dEpVldOoU82NHsaR1w7SnFlKeI2Da1qP"
    "J27kolKTJXFYM0ICLhZHDGzMYwunFofzZMoo3pL2QRUzkjgLpm3717mv2EdLm34lsaJp77"
    "dlFwQLFn50Yff/oumzS6zZt+JXEi2AKut4FTHSi2kfkvBd/XITp8+BOYjmDXpFMdwbGQx4"
    "/8TEwLbFoITuI8hTD6h45lG1N2THAZyDY+udSCoCNUZLBxBNyAZqFnrLNZLsaEbPvkCcTD"
    "98oTG21w0L2UoBikG7msjIPXXevwDZ5smQ2BSr/RvevVEP83oF8b3V6nXW8pTGGs11Do5z"
    "qsw1kee+Es3Vw4i1kL3nuT2CfJ70JApMxdsaZNtn2Ibc3WSSFKxxM4SHjz4ZsFcCJ1Fge4"
    "z/amc2YHg2+WSdv4Rz9kzXooJsdBeM0DqN9AaEQY7OIUpWQnC7GTXONRwElUlL8JS0r6pn"
    "T0TQF/aoCtFt7LBJ762pX8+Zcu0XGKNybuKN3PTo8Zdn/u0hLrUNJn70hLo0+VBGMseLia"
    "ZY8ZlFksrKWie01zGGXQVphK4NKdYk0nao0ZRW4orUNtTUcPy+CYhKyWdU7iJa7YxhOhwd"
    "QVZr/NHJO9AExOU7kjmnITTWTFgAPaIkOT2JDzUkVDYzpzeA4NeLzhKFydnXDAhyDDmmhg"
    "wfFMFwOyaiA2Ea7CduiQ0ILpQvjHkfsc4JI2HEhe4Z5unWAV8mN4I34/cHJhQ4on/QTnGr"
    "JXlp0MjR3Ig5mDZ9564p5ueDSHPrEz+Bk54jFYNyM+Sw7og+U8/osM7QeAgoc3G3MBqEi1"
    "YbcFGD2y+6oKd74wWSGxxvPJ/2Qhdgnhu597ovbcGFCQ56HU7E7Iew6QsH4ZGM/sTBRgnB"
    "r0E3oAU49AC/9OvFt+x3pWmMmAOTaJejSg/i2655sbjq6yDrLXcd+7/Q6bgZg76cgvl1kd"
    "6KV1LOuAeJk1tEr9pt/8td5vdto1tNxmZna91/vW6d4q3QYTZXZ26PeANu7qzZbC8G1/bi"
    "id1m0NRfdE2rQb3yJt2J4Brd/cdO7bfaXVbP+i3LdvO3AbkV3lMOv59JygMGREifsiMkA8"
    "ahjlDRB3PxhFZsCAyAbT4P6EPRZwxPmfvSK2ZkhorcmsZFhGZorLPOYma5U+V1zGw2FkGP"
    "6hGpwyDP+t9bIMwz/4/n2d8JT96dN9iU4pJ6JrB6fc1Hs39dvGa8VO9IhliSeOsXXeoWoW"
    "U2cFGuXg6Cw2It5rFEF4AyVIJbwGDOoAiWW5FBqkdHAmpvel/v7s8gqImicys9E7jESvI9"
    "7XcBLNPkpi8XZ1mYI0kOR+Ssv98DGwRlZ4WE4a/dU1jX6ZTCCTCcoA9E6SCSQ1sM5Us3dG"
    "xX5RA7Kb1+1mBuE673JQTrIDZe5hmbxyOPRASSHdV36Ao55ADni9kc4MeN2ehxaYEdMyvB"
    "IKSDfGGk0y65OaQfjNA/ddgRUai/WIhXqgd7oxh6QJDLcyc+gCau4h1WCnoEef0EMoZmRA"
    "YyeyJsacHqP61KDjZckIHrcCUTPsIraG9TCF8ETIjMuLvZ8gqgbCbgaUWZIQ+cJPihbEXo"
    "bKwG08Gj/cG9HYyUX1WXY3xHzmUTPvAJ+/qmSoAQdj/fXk5PLkiCHSEIFCtoiuEXdlmwZd"
    "TLVhFRki9sgF08Ka6l9UNKfAmbwbOCcn+JH9vThX+d9L+HtxhvgPIn7wvx8Ch0+X+8/F3x"
    "M40ePjEVTpGE7I8GlANRHfBMb5I+sGUaCXPZAscriPVEphb/NmnuayTfAv4Gr2p7fCKCtb"
    "LRz9uv7GFwB6xkAqlHTiCxzgUD49y1Os5Sy9WMtZFF6oDK/wHwUgDgkdIMxXeQioq3T+6S"
    "pGP/HS9YVxDktJoHMAvdSqCs0ZIanDi7baPs5MSWa2u5IF97Vh6ATTZMQT5aO+G3aCXQ1x"
    "f88L+246nVaIgrluRjPV7u+uG2wS533BGmnC5ozXnJ1hy5obzJhM9phlDfaI4AFOLDvJzt"
    "QxHTvMJk8Ge3V0elD+5TCvmE5B46XSva8h02FGa7uGCI1a/bnwz4N+OvbSe/MmSV+fulmj"
    "o6Oykt4vc0/rxvBprW4OCco+LnMf+3qGWwxnjd5OOYWcxkvX8TIhfJsJ4aGpEvJrN0Moku"
    "S9l1NiNkhuzOuGOAXCaw9xJLmrNCpbGFF1caqcI2ov0QKUFPK8+fwEIDWeD3iGYiYWrJW2"
    "IUxdcZYDmqB2GQTgvoCVhDgA71A1c/HaQKPc0QBY91d6Dfqixd+P3M18tXQ8u85m7pY+/x"
    "sK+KK5d/py6ZcGX3QVfNHGbOEtyveo6TosY2stLJtMf+Lefnbogfs8saUYo8RiIeW8UR4R"
    "IRbHffAjDyxe/QNE/01MwzpGD2xEs+5XFa+lGzgBlz/ld3rKn+DsFC7Af5/zvx/dvfwHf7"
    "BTzHddVpEzm7mhFdKVv4+ufDEWivC7S4mDW5t4+/Ulwq9cEZjjklvxG5UI7e0vDWI5j3Bf"
    "DC+BUiLcq4n0hNOU2YdR+dK57zW+8Hot/uaAXt/3mu1Gr1dD3tY6TPv2O4ldjusDa7wTCa"
    "Jl7ph1M4HyQH6RDvlFOuSQJcnmlKQ6tsCUrUA9JJ1Fku1hF2RADqRXdIXZ4klsh529tpOk"
    "qpHG9NuJ4VikYKh+TFCm80eQ1ZPI8oxIIT2RGT+A0JXtq3xi3G1SwD18hjLPFpX613q3f9"
    "do92vI3xzQ20a/fvOlwfQRb6scqoeNTW00UoYMt7FhpsTWru6fhNOUupPuu9f1tvK5zlRB"
    "f3NAxWaj1biBpTy8Q97vAe3ed+utGuL/1um+HbxZbFY3wVGnzEztWdNJUqzMyrCwhDPIwL"
    "ACgWHYJFiZniVokGSoTbGeov4spaKaoxA7dsX374OSpTo2bpp39da7j9WzCK5BPT6ML/tq"
    "a2qyW6DH8NGbNKVaf0gwArKWyz1QMmDZ7bJ/78/PPlx9ZEf5LcKPDxmI9xjcrfigHeqGVd"
    "zwCQptaO+UDNpi5s6Sa06GLz3CIiwpAysOI7BCeni9cZ7lt4QcR2JuiNMXfpJDhehVnODl"
    "nIqzgZoSe+OhdAfnONSRpNFnQxuSDSFqirMcKkgmGRLtmak0M7yYbv7Sdd3TfRVnOyTUCs"
    "VWLAF+xDpOLijvSkKonMH+5P5AXi/PeCDT2nqRKGkLzET0iJURKcXWl4F6ExByMRzyhU8M"
    "WITEPdEnxG55IZpEDlXFIfeXOJhe4mL7F4FwEDbGRI0HXt3BRo32beMWwldEG77Qih/Dkl"
    "zD4ugYPQDaPFDEXZQFlo9xy0gMmS3qVt5IiIW58CtBeNUivKoQ65TV9DqP/WLNvgd/V4Ft"
    "AxtM1tssV2SJaaSt5riaYfVkS02rdr61G90a4v8G9K4B/FkNif/l4LvFi7FmH/jCpe4Evr"
    "xNw13mpjGgvfveVz7X1ZC/CZmGfA//V46uKZqrv1GWfslUg10nj8Mnfr3sr6CgJKtKR1aF"
    "GN21s75kstcedXNY08urw4WlZLnGpMrQsvrljqpfBnIfwugWLoAZSLXYT2BX1sAMv6ihMp"
    "hdNnd0mzf9SmzobgHZN1padIlpuptnl2lFrjcjgcdZ+jnSKZzJss1K8ubbxBBru7rBq5zD"
    "gCqiQZKC0xPnp4H0nEDdS7Ht5+V8QthGUzYR8PVFvHV2H/jywA9BCsXlTmJMz6vfEc8Ssh"
    "wTkA9VTnX3xSun1pBFCHoAHgIaWA+5uZsIQaPByygJmnIRNLI2n6zNd0hAy9p8L4Nz4BNS"
    "BOiImBzSeaDWEr2J6SFrvsCbTs/hKlAR2HyBtxzlJ6kWyQ2UyYjN4AZeeYmMZbRZgiUbCk"
    "VLN2aXoW/5DNo+ONodlRloAJoOJRrgFAzoY1SfzQhV38P6lrDmAoN/PCYmGhnmIzNPkCC8"
    "rbhJuoVzglFZZ/es6URljRZgk2Ik8nNFAIJqEL7gBfmhMVN1giEewQsZWNOenGC4OXeZTY"
    "gHCPAdoWPS4iyVxblJUtxepMN97XY6Pys/15stcDcHfw1oq9n+BfaK/wN63/b2eFsB77Vy"
    "/RtcqHnTCPixlzujLRvfFEj6h/iDlAMDCtxfpwvX87bW8YSf58vzzUjzjSWny3VBX3Zd0O"
    "AMmagjp7tOI6LSdyp9p4dgDEnX6Rs2j8o5TKXnVHpOgyanSN5JMDf9rJ50U3PqN8kR866S"
    "Z23oxo67oeXQ0+NFyE854p7Ik2XBw6DP8uJEFDk8TyxyGIgERw8mmRrPPMf2gV1GdesWai"
    "OCYGnCpHD5Ut2fsH45vuKOmMDMMG1LYe2IPnrgN3VxeiIqKAZKJ/Jrn6lVFKywKI4cIRs/"
    "EW4me6VP0cg0psJ77Fi2MSVmmuX8PTiHsrGsYV2YwbIEY1mtYreXChg+S4lDNHi2Xv6MT4"
    "lF8PUFDhDej3ng/ZgO78cYvGzCcVjDhTLUccGaaDHJw/O/bj91wITMwQTLPav8ii+zcfGV"
    "so3uLVdf0UAB1vXCtUKicm/a/7rUmopAGJZ6y57YZ/Z9H2mFAYyISQSHPMdaYacg5jPWlQ"
    "XBSUUUsssqrTiVLLQUzmsjP2wlBFmxMZwm/5YHs0XYgCteLTkidniq1fYtBYCs8LQbEnrL"
    "4zTMfcQhzCzNGBeWVRmLVGWUwVsH6Z0oKbA7Dt4Kziljzdq89lXXPc0BIb7T9Z+81bISHA"
    "6BhbTSXQ5moFGOXC0eNOZ1NbImxpyocT7fzYjCgUypD4FtNcD2X/qrKWkUPX2bJKVj7f6i"
    "POMKyHzKHQiaxS6o4gUcFplg0xmmi58s9G+Dkk/oYcb0XkP187J4DggXcNeCmhrUnkAIHp"
    "pPtOFkQL3FoVxHiJY/oM57bvcF9W4StqHIjnQRlMpFwCxOJykPIIvy82XeIuV3elY9z835"
    "BQd/XqU/KPPGuT63pmDxaLKIqIwmK3U0mfg4FXlHlhJv+g2xDMdMyuLKWYbLly6zM7Jyc9"
    "/rd+4gANnbGtCbTrvf7bRafK+/PaBsKLJJus8rcnmbA9pu9L91ur8oN527r/X2bzUU2TGg"
    "vbt6t19D/N+AXjeBf/ysNO++dmB3+PeAwnIkvECbuxHVAPMwTNtfw+JNlGS7aXzlvettQe"
    "c2bnusJ9s/N7usv5udNvRvdN+AdtpKt/Frs/GthvxNCHb/2uj2Gm5VN297QGHSu+3Wv7GT"
    "+ZsQ6P73xk1fBLqLrXJ0fUTlzqtDR8QkSRNf9HGq2eyhlcdFQWgTRGW8cyYFZgZ4lA05sA"
    "OkZKoREizy6iazYGljeQsQ54zVLefAXYluwtsbQpjdB2rft1r5iEagUsAUsZShY5okieZd"
    "o5L84a06HxyuS8xmJnnWDGc75fcPD7TdUrXuPJrI1S7n2CyyNtBqJVsLlcWNEcIi7PknS5"
    "CPxLSC3GkgkjoUhn1xEWBNxVGx1LxLqpLIYb9geIi7fflbACYXsqWBqPXLoQvW9ROnZtmI"
    "JLp3+f6pKwdNIYPaK59OkKpZMx0vON1sHSM4p09Bmw61BtQ20OkJ+stf0IOqjTXbeuC12t"
    "lUb9oWwmM2rEQ0+L+JaaRHgfsx/3DHIkna38U++RrvTRkY/uq6VjWD9fX7KYZ9dsRSUG6t"
    "8KSy6VtbjE/ir0MMz3zmtydbauu712x/bkHWOP8/oLf132qI/WE2ePPzlz4zu+HfgH5t1H"
    "+pIfg7oF/qrZ8VscPfXMdm3n6sM59Wk/sreez7AmXupNKEkosvTNH5ZSklZ5dIrT9QnSBo"
    "cT1gE8RfDuGT8sPLNZiCHE9QRnJn2eyOryFuyDsc2kpz1QjzEBxTm4Q2ieTOzWzm/Mbyvq"
    "CdQDG8MK2wN0jtkleILECXwC7El6hbvfxaYIW81VTDtQhvYga+RfGMmcw2mP3cll4uhIaM"
    "ObF4LWydYLcYNmulkkebW87GMzHd9Q7BHD+J0wm7u8zqSCxpcpfK5IbuTJhstHG6MuxKHJ"
    "Iq/Lezs/PzD2cn51cfLy8+fLj8eOJrbvFDWXrcdfMzaHEheySu1s0Ixbqd4PDIwj0gJKFf"
    "G/rArFUM/oig7IK1uwBbipGQLJMdOucLyaC5UgfNlS0tZ/VXfT9s1iJFmHIk8HjLMu8+fa"
    "cMHbD95J2NDI1bh3QdPdHC8A5lmhYq07BNr9Vqm2Ihkicgr8LyEitGhq4bc8ikECkWYHVa"
    "CJvg67MconINf4Y1tSp8bxgJu9RtbiQs7LzD60irYs+sCuhLpXj8dERs20HUZZiKcoZQs/"
    "M5oGoq7GUq7K2IyB6SqroNUh2mz3VgXYpJRKOBviNiksSVW9IdlyGhA3Renp3kC6jOiqjm"
    "/suNdMHtaS0uqZyktXiHMrUWLdAoR1lO0AN45ifwjh4lyXlH6uWFBmOfThNLW548PvKCk1"
    "6Cq0hqPQvERgViptzVBq8CR0epEVllu0GI1+ppY2rVlqFXXulMzuQCRyviZJ4Z3rzNHFtc"
    "90J4QrAKDSgZY2hwjOr6nKlxA2rMCGWP7NHY6L9gIQyTDRC2ZZIh1oeODm8o++kSVOi9OO"
    "n/oKHOrheQfYeZMBk+HeWq5enqATJkq9SaXvEqPRsW6CmXVrfr+jwyB3FNBVqYl0VrGgaF"
    "3jR8oOwWw24p8aaBi3wvC/oY4sKHZGq8sJ/BVVSKdUFASEK/NvRBzbAY/lFJ2QnSy7yH0O"
    "MkayQTd5xokUjQC8z3YXOz4LwfF5ZdsX5XsJtwpvxmlaf5JEGPzCrklCAtSzrx504v6VQ2"
    "v3t54ZXlMEvpUU/BXNco2U6SdUuje2x+ZgeNC61N2xJSX5c64CGCtZ00hMONsQ8rsjzice"
    "OUDVH37usyflLWOajkdLjxeSvd6eZNaysdb4rutcxXnxa8Q56vx3Nz8WoA4OMyYTH0KmK7"
    "Q04gODSfLFKKz256xkSPUcCtKNP8y6NGVTN8RjLNf/shGAe/0nyj3eh+/q2GxH8oendTb9"
    "3ct9zaeqGf0eknX7hGrmiNIpUPifmsFYuJCYiUuTPWdI+e5oqIOc2IiDk9iaH8avUtXkZF"
    "ObDyFvwrn7q0T/b0H5WVC1GFoP3DwdTW7MUahFtUdGO2rWQob5tsMx32mBZEKq8Bdlz4Lc"
    "J9Ur3Mz21Ok2m3LD5/KXNImuKLu3GxlaSmZwX1ehIl/qauqb6c51JfzjPUl/O4+uIZ5wUt"
    "0ZCU5O2zefsARbAhbx8IdN5PYFfy9uGRVZS3fwE6zCOn0xmxAH29mhQLxDus5sW+GHOE/T"
    "jn+MpJl4Eo7VEguvvilMdsn2J0enmJRCD4MTq9OEJD9gQIPxqOXfPz5oARE1U2RNENGGVx"
    "Ru2V70VycZKLk1xcSlE8w1wn+TEk9aaDaGVRmsrLK/t88b3kxMiMQRsUetNjVsfF0QvKvG"
    "nw4MFg8hsmluXJplMiom8xUuyqAHelas+aZRQmXwNihzTHbuNzL+mpV/piSe5EcieSOynA"
    "nWQsch0PZ1vNnRRc8xpqA9lzA3nxd2JFE38xkDkvJAqrgYgiQFU39gcKkOIFeiT2nBC+jv"
    "Q0Kb5oy2dfxW/4S8hIfuPVp69qBr8hMxFe2jnqriZW8KsclpKLEkpNZ+egeku4FUQ1IiaH"
    "qlz0Varl+66WJ43gLYArl3yNw5u+cuYa8B7YuplRcCPfmhC43Uav323e9CtJ2pcEdzW4YZ"
    "UzBdvXsdfdEIYu5rcTM9aDh6tZlrobHqCYXsuVZjqsz8msPO7o59k4vJAcniFmFGo2jzO4"
    "OB2Jv+j87G9HVWZVI5d/Z7b1gmCzyrN7eAgBL+r78Ix1jaHHth/ipvuLXDHZnLcUdh04vG"
    "wu7fnX13uqGfb8ss8iZLth6ATTFPB9oUgHPDKpXX2b/T0vi+11p9OCM/uLBVw3I0R6+/7u"
    "utF9dxqx6JMKyKzjkJO+uNxUSWDaiWOc6jUOS71pv7GAwjaKwydkNgSvnIpPBnYxi/J11J"
    "suZPK0tKlmJ2k3gaOZyo3IB9L9hit1m/sZsg00MeaI3dkCPX2bwIrqvFIvRgGqV+Qih2Iq"
    "L5Y1d91avKPAdnQddb4SuknwcAIrqMHDMwgMRKgaV3/KclOJGtKQjf2xYfIAlWj6ldSZ9k"
    "VnCvZiPJFjdZpkUL7MaamV++51va18rvdqyN8cULHZaDVuwKbzDnm/B7R73623aoj/i76e"
    "efJCtp85/OpZkmXTCrYYrePM2ByX7ApMxTQkc0Bpp2enFx8uPp5fXfig+nuykI2DKhXZPV"
    "bGIsV5kjSyeP2eDLXMbawEVktcrZvdGZQskA3xGI9idVo0wXzFAqgCA2Eb/sK0VfS44JEb"
    "5BkCO/ACaCJIXokrV1s76+oVqL5Hi+lhzaskznawxt+DjojfpYpUKhWJ/LCJSbGe6LVMT3"
    "eNiB3cggZXeVSbq3TV5iq+oMHytcj7mQiIvLlvhIwzLkGcMftuJuGePi34AmW2ltacEnZS"
    "xEdWrz28oLGSmTw7CcORFYG3WxE4YfhuAdv8IU7lHLObRDixW0Dt+1brtSIZ+tjURqNKgl"
    "HpHqlm2ZL2sk2uyIWZyWAQkf9Pmm7MsW2/nxiOCREDou5SFf1a77OfQ91RiVo8UmHrV1jJ"
    "u3tF6iT/vq/GpeTf94x/f7Waki/VUbKopHSX5HOXlK3UYdmgzpM9VaTWofSkyJCgV8POMF"
    "X2qq61mnuCaJm/gGuSX4e2pnudMHNmUkmwztwj1SzrDC/brLLO0vFe7VkrZM2kfujzLq/n"
    "vsDlddBsxXWfbqw8E9NKrAeX/u4HRA7xnb+8zPPOX16mv/NwLEJ4zxJi2DMcCrOk6PVDQH"
    "cn7gR2RTvRZfP3XqedjHBAJKoBaEMb/R/SNWsfTYEMcAEMOLOfKeBh+u6u/o8o3DetznWU"
    "+oATXL/2x+zP/wcAu33k"
)
