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
    "email_key" VARCHAR(254) NOT NULL UNIQUE,
    "phone" VARCHAR(12) NOT NULL,
    "last_name" VARCHAR(60) NOT NULL,
    "first_name" VARCHAR(60) NOT NULL,
    "patronymic" VARCHAR(60),
    "has_no_patronymic" BOOL NOT NULL,
    "password_hash" VARCHAR(200) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "activated_at" TIMESTAMPTZ,
    "password_changed_at" TIMESTAMPTZ NOT NULL
);
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
COMMENT ON TABLE "consent" IS 'Who agreed to which text, when and from where. Append-only: a trigger forbids changes.';
CREATE TABLE "one_time_link" (
    "id" UUID NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(20) NOT NULL,
    "nonce" BYTEA NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "subject" UUID,
    "new_email" VARCHAR(254),
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "user_id" UUID NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE
);
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
COMMENT ON TABLE "session" IS 'A sign-in on one device. Of its token only the SHA-256 is kept.';
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
    "eJztXWlz2zia/isofUkyq7h8J6PsbpVsK4mmZSkly53pibpoWIQsjilQzcOKerb/++IFD4"
    "GnSB02ReOLRIJ4QfIBCLw3/lObGirRrYOmbZPpzLZqDfSfGsVTwg5i1+qohmez5RUosPG9"
    "zitjsda9ZZt4ZLPyMdYtwopUYo1MbWZrBoXa3yeEIsuYEnui0Qeka1PNJiqaYwvp2LKRbW"
    "rs1KEqMRFGj2TxCVmEoDtNJdTW7MWBRcwnbUQOOKV1dwC3VY0Ruy9rbyd3GNIhHUwIVEWa"
    "hTBFX6+bl+itMYZjrKomsaw6Px6NDIfaiDrTe2LW0cHBwbsG0lgBA9ZC1Lg31MUBupuyp6"
    "OsaTQxdNUaUmqgqWESxArZw1nInrDGbHZL/ggI67oxZ3ewDLjCzpFpzNEI0zc2emCHHAOH"
    "an84RLGNB/bixGRI/PidFWvsPX8Syz+dPSpjjehqqLvZi0EL/IJiL2a88HKCzc+8KgB8r4"
    "wM3ZlSofpsYU8MGtRnHQClD4QSEzPAhSFAHV33Rotf5D4tK7BNhwSPqS4LVDLGjg4DCajd"
    "R1iW1RSl2xsoN62BotRig8ynEEaFVzQyKAxQjXoDfop/KjqhD/aEnR4dHv7l3miJhFsN7v"
    "hrs3/5tdl/y2q9g1sabJy7H0DXu3TsXvuLN4Jt7DbDoRc/Ld71cbybpokXyYALNBHQdc2y"
    "10HdL1jCvvxcnwH3DJgH7evWzaB5/W3wrx+/cyyX2I0Nkw1uBdtx9K7Yy9valCQDGCKMQK"
    "h6lAf+wXbwfM5hnAdOaH5qWX/oHK3moAVXjnnpIlL69jwywING0Pf24CuCU/SvXrfF0TQs"
    "+8HkdxT7rgbPhB3bUKgxV9gcKYDkF/tFf8HENH4UPhcouMejxzk2VSV2xTg20urGL02Pp9"
    "ESTPED7yNAE57TW+4u8cweTXDSSuhfylwIR0KlletgE7GqOsw9pMGnelhTLMTWFDiZaSPb"
    "MckbWG1UXmKSkWGqbBSwshG7t3WAepQgB9oekzlf1az4Yri722yw3mhq/AO+vW1fJX+8bu"
    "3IV+s4mnoANLtZc2r/PXboCPoK6Y/Kg4lnkz/0g0fNPtBU64CSucIWwf+tPf/3zJegE/cD"
    "FT89DkX2yuN1tjLB1iSO/4VGsZmy/kQpI31xv7CJVa1V6KLTuwjNmGyJv2h3m/3f3l43//"
    "kuNG12et0vfn2xSy5+G7SakRUMO6pmrNEDYTqJ/7r4j7GmOyZJYL9upmyabFM7hYEQ6CLo"
    "s7fZFfaHu2J7H+AJ3p8cfzj/yK7yB4STDxk9cnPd7HTa3UEE0JFJ4KXX4MnClM/DlJVleO"
    "8FVyZ2M/k501hza3RzmFLy3mXuZcblrfMlC2Rb6F+v8+RXXC3ZiqFKqF1Lkq28S/VM2Uqo"
    "lEPHaCDMgCNMpjHQfKKNJsgmP+06OyaUyzpj05jCmUkOUHM2I1R9b1B90UAYRJyHB2KisW"
    "HeM24fBCgmPSXIVru7zWrZ6gd8dabiykYTDE27H+HvUuoqldSF+fskq1db1Jly9NvsQTAd"
    "kTjfH1BvR9u6m8m09qX9a6vbQPxvSGEiu+o3v7OS4DD68eTTx+ZSx2ZoY99FuFX4OhVrgo"
    "/PzosovCNkZe6KNVXf56c5oD4/TYUaLkUEA11j87XiWUeKoB2nrCDgp2c5AD89SwUcLv0V"
    "Zd5MhS2+NIF/Swc7TFVBoE9yGXVOMow6J4exeURccAsyyxFSKfeWjmMWO5q9rQO2N6UY8x"
    "Qh2yYXVd7OXckkReaqYpAKJBJOBmdMrgujG4f2s2ES7YH+QhYxljMCqCeX3XrN7Ceky9Ja"
    "IGmYeB7IReKAYu/O3pjY/O37bNLoty8HtcSJYAu4XglNVRTbyPyXgu/LaCIC+BNUEWLXpO"
    "sixLGQx9D7REwLZFrwF+IKAteLZ+RYtjFl11wlArKNT4gSVtlTBajIYOMIvIc0Cz1hnc1y"
    "MRXEthtPUDz8qD2y0QYXvVu5KgZp5y2rxsHvrnX0DT5tmQWB2qDVv75pIP43pN9a/Ztet9"
    "lRGMPYbKDQ6Tpah+M88sJxurhwHJMW/O8msU+SvwWBpMxdsaZMtn2Ibc3WSSGVjk9QSXjz"
    "4ZsFcKLqLA7wgJWm68wqg2+WSNv65yAkzfooJjsq+NUF1C/BdyEMdnEVpdROFtJOco5HAe"
    "tMUf1NmFKqb0qnvilg8BS01a55MUFPfeFRfv6lT3ScYo2JWzL3s9Njgt1fu5TEepQM2DfS"
    "0ehjLUEYEy/Xs+QxgzKJhdVUdL9qDqEM6rqiEgSGTLGmE7XBhCLP19Whtqaju6X3SkKgyT"
    "qN+LEktvFIqBhNwuS3mWOyD4DRaSo3HlMQ0epoZExnDo9gAasyOOnCjYAWBtsnBNZl9iTE"
    "YtKcNaQ3X5vv2VKAwM58gO4s5/7fZGTfQX3u4GvM3Sd2w0vY88ND3BuOa7Y2PZkQQkugBm"
    "hJ3ljImNNPQ3oHAhGBuwfNeVYaLy6FIvKeP5wrZKK54egqe0x7Hau2BwccCr5i0r5dLmlT"
    "6KV1BE6BvMyMS615OWj/2hy0e90GWh4z6bN5c/O9179S+i1GysTP0PmQtq6b7Y7C8O1+aS"
    "m9zlUDRUsidbqt75E6rGRIm5eXvdvuQOm0u78ot92rHjxGpKgc0i6ftRLW0Qzv5oBEOjZH"
    "5YW8js18PVnDsTxMJ/FfF39vmS2yAgkkGyxD++MuWcA+GPAZRUTgENFai0nJsIzM1Gd5pG"
    "BWK32uPot76Uj3/arKwfvrvi+7ec1ulv77le9f6TazGZch3WZ25DZz2by5bF61Xsqr44ZY"
    "lvvGMT2if6mepUO0hEo5tIcWGxLvNYrA8YISpBKeMAb1xqCD85R7oIDjOjJfI6dZ6JHM7C"
    "RF4sbtFdStSYVaaRVqUpJ/WUleBi7IwIUyAL2TwAUp768z1eydoCDl/dfRzQzCdb5lkU5K"
    "/GXuYSnxS4lfSvyJEj9HPUHc93sjXdb3uz2PoD8jpsWky7lmTxBGuvGg0ST5PakauPrccY"
    "MUSKExjxlsedEX4N+DTaKit7oxhwANDI8yc+gCEvAh1WBN0HfcI8gdOp/8dtPbtCbGnB6g"
    "lgbKAKgCfj3sOpph2zToYqqN6sgw3SSA7rNbWFOH1HcNcutTUEa8HTqHh/ie/Z6eqPz3DH"
    "5PjxE/Ie4J//0gXD5alp+4v4fQ0P39O8h+MZqQ0SPSXH8mkIXv2Vu76XDZK8gEg/uouShs"
    "sd3MWlu2+fQZzLXBbFIYZaWqSZt3gvOMYVQonCQgqOBIPjrOk4blOD0Ny3EUXkjDrvCTAh"
    "CHiCoI83kedc95urbnPKbsGWvmGjiHqSTQOYBeMlWF5owQVfUclraP8wRbTFJWsuC+MAyd"
    "YJqMeCJ91FLCGtjVEA9KntlS0ut1QgqPi3Y0Bu32+qLFJnHeF6yS5kp48XSvM2xZc4OJbs"
    "n2qazBHiGs4MSyk7hLHdMHh0nAyWCvdrAX6Z8P85rpFJRdav3bBjKdIYVEcoRGZexc+OdB"
    "Px17aSt5lSpWSLH4tGZHR2mlMr3MPR2sQV4KlDU6PKUJ+YmXruNlGPA2w4BDHIlGHzdEKB"
    "LaW0WUPIfCDYESfBerCJK3X56yhSHVdJuq8pAClBTytPkEBSC1nio8RTH+G/aw2hCmvtvK"
    "3jJtz5vNwfsAawkmWf9SPXMbUaFSbsMs1oM9N0Uzpfv7kVsgz5c2Sc8OyS2WJ39HgpmSGy"
    "7PliZLMFPWwUxpzBb+Zmn3mq7DhqLWwrLJ9A23trJLd9wehi3FGCfmiCjng3LjtLtN6R16"
    "JGTGs0cg3R3y6E9iGtYBumMjmnW/qvg1PXsz3P6IP+kRf4PjI7gBPz/hvx+9Un7CX+wI86"
    "KzOnJmM8/KLc28+2jmdcdCEeXfkqJ65set508If3JFYI5TbsWoUCK0t78jhOXcw3MxvFyU"
    "EuFerWVNaKbMCu7a197tTesrz0cSHA7pxe1Nu9u6uWkg/2gdNez2O4ndjvMDa3wTCaRl7p"
    "h1gzLyQH6aDvlpOuQQmcbmlKT0paAqW4F6iDpLS7aHXZABOWi9ojt/Fo8nqnYg0U7iW8Ya"
    "428nhmORgl7TMUKZkiWCrJ6kLc9wI9ETVeMV8GvYPsvnjrtN8naHWyjzbFFrfmv2B9et7q"
    "CBgsMhvWoNmpdfW4wf8Y/KwXrY2NTGY2XEcHswzBS/y9X9k9BMqTvptn/R7CpfmowVDA6H"
    "1D1sdVqXsIODf8k/H9L+bb/ZaSD+t5YBf/tfFpvVTbDUKTNTe9J0kuRIsdJnKKEF6TVUwG"
    "sImwQr0+MEDpKMtCnWU9ifJVWUc3TJDjzy/VtQsljH1mX7utl5+7F+HMFV5OPD+LJVW1OT"
    "zQLZ25qHCNfa17xkwG5zZ3PdsIoLPiLRhvJOyaAtJu4sdc3J8KW7WIQppWdFNTwrpIXXH+"
    "dZdkuIfyPmhjh95Y1UFaIXMYKXcyrOBmpK7I2H0jW0UdWRpNEnQxuRDSFqu61UFSSTjIj2"
    "xFiaGV5MN//o+l5z39zWqoRaId+KJcD3WMfJCdM9SvCVM9hP7gXyYtliRaa19TxR0vYVif"
    "ARKz1Sim0rAqH/4HIxGvFtMQzYFMNr6BNij7xwq0Qu1d1L3pl7MT3bwPZvAu4gbIy523jw"
    "wH8btbpXrStwX3Hr8AQEgQ8LZBIwbQ3rXk4CxMfMuwN0B2hzR5G5m0pAs4bUSzEwYrKol7"
    "AgwRfmNEgS4CcS8BMGrJPh0O88dsaq/RDP66BtAxlMpj4sl2eJaaRt4rdaw+rTllqt2vve"
    "bfUbiP8N6XUL9GcN5P6XQ9/tfhhr9kFAXOpO4Nu3tLxtXFpDenN7843PdQ0UHEIYGi/hf+"
    "XomqKB3BuFcJeMNdh1ZDEs8WsFBIUIpbKqdMqqkEZ37bAvGe21R90c5vTy8nBhKpk5LylJ"
    "r0xEuKNEhELsQxjdwrkIhVCL/QR2ZTrC8IcaykjYZ3NHv305qMWG7haQfaVZHpeYppt5dh"
    "lW5FkzEvQ4SztHugpnsqyzUnnzfWJw3YTvvMp1GJDQUVRScPXEyZEQniOkRHSPg7icTwjb"
    "aMomAr6nAzRlODbE1NiQulFQoXi6k5im58WfiEcJWY4JyIeSWHpl8SSWDWQRgu5ADwEVrL"
    "vcupuIgkaDj1EqaMqloJGJ22TitioBLRO3PQ/OwhJSBOgImRzSeaDWEq2J6S5rAcGrDs/h"
    "LFAR2AKC1+zlJ1UtUjdQJiE2QzfwwrsVLL3NEiTZkCtaujC7dH3LJ9AOwNDuqExAA9B0SN"
    "EATTCgD1BzNiNUfQ97CkI6fgb/wwMx0dgw75l4glyFtxUXSbfQJgiVTfbMmk5UVmkBMilG"
    "bnyu64CgGsSib2xEfmpMVJ1g8EfwXQbWlCcnGB7O2/EQ/AEEfUfompQ4SyVxbhIUtxfhcN"
    "/6vd5n5XOz3QFzs3g2pJ129xcodf+H9Lbrl/hHgvVaufgNbtS+bAl27GVhtGbruwJB/+B/"
    "kHJhSEH31+vD/fyjdSzhJ/nifDPCfGPB6XKLxufdolGcIRN55HTTaYRU2k6l7bQKwpA0nb"
    "5i8aicw1RaTqXlVBQ53eCdBHEziOpJFzWnQZUcPu/ubvWu6Oa5lkNPPyxCdsoxt0QeLhMe"
    "ijbL00M3yeFJYpJDwRMc3ZlkajzxGNs7dhvVy1uojQmCXeuS3OVL9Xyu9MvxdZ+IEcwM07"
    "YUVo/o4zv+UKdHh24GRSF1Ir/3sVpHYoZF98o7ZONHwsVkP/UpGpvG1LUeO5ZtTImZJjn/"
    "EOdQNpY1rLtisEzBWFap2OulAoLPkqKKAs/W05/xKbEIvgFBBeH9mAfej+nwfozByyYch1"
    "VcKCMdF8yJFqOsnv11+6EDJkQOJkjuWelXApqNk6+UbXRvOfuKBgywrhfOFRKle9X21yXX"
    "VATCMNVrtsQ+sfV9rBUGMEImERzxGGuFNUHMJ6wrC4KTkihkp1Va0ZRMtBSOayM/bSUEWb"
    "ExnEb/mgezRdiAK54tOUJWPdZq+5ICQFZ42g0RveZxGtZ9xCHMTM0YJ5ZZGYtkZZTOW5W0"
    "TpQU2B07b4lzyoNmbZ77qu81UyHEd7r/k79bVoLBQdhIK93kYAqVcsRqcacxv6uRNTHmRI"
    "3r872IKCxESn0QjlVB238W7KakUfT4fZIUjrX7m/KIK1DmU25A0Cx2QxUv4LIbCTadYbp4"
    "Y6E/DUo+obsZ43sNNYjL4jEgnMDbC2pqUHsCLnhoPtFGkyH1N4fyDCFafoc6/729D9R/SD"
    "iGJDvSRFAqEwGTOJ2kOIAslV9A8xpVfkfH9ZPcOj9x8Odl+kWaV67r83IKFvcmi5BKb7JS"
    "e5O5i1ORb2RJ8aq/EMtwzKQorpxpuALqMhsja5e3N4PeNTgg+0dDetnrDvq9ToeXBsdDyo"
    "Yim6QHPCOXfzik3dbge6//i3LZu/7W7P7WQJGCIb25bvYHDcT/hvSiDfrHL0r7+lsPisPn"
    "QwrbkfAEbd5BlAPMo2Ha/h4WryIl22XrG+9d/wg6t3V1w3qy+7ndZ/3d7nWhf6NlQ9rrKv"
    "3Wr+3W9wYKDsHZ/Vurf9Pysrr5x0MKk95Vv/mdNRYcgqP7P1qXA9fR3T0qR9dHWO68PHSE"
    "TCpp4ps+TjWbvbRyvygIbQKp9HfOVIGZgh5lQx1YBVUy9YgSLPLpJmvB0sbyFiDO6atbzo"
    "G7Et2ErzeEMHsO1L3tdPIpGkGVAqKIpYwc0yRJat41MslXb9d5cbguMZuZ5EkznO2k368e"
    "aLtV1XrzaKKudjnHZilrhVortbWQWdwYI+y6Pb+xXOUjMS1Rdyp4UofcsE9PBa2pe9Xdat"
    "5TqpLI5SBheEh3+/yPAJpciJYGRW2QDt3Vun7iqlk2Ionu335w5NFBVYig9tOnE6Rq1kzH"
    "C65utg4QtBmooE2HWkNqG+joEP3tb+hO1R4027rjudrZVG/aFsIPbFi53uB/EtNI9wIPfP"
    "7hid0g6aCILfka703pGP7ivFY9Q+sb9FMM+2yPJZFuLfeksvFbW/RP4p9DDM984rdPW2rp"
    "+6bd/dKBqHH+P6RXzd8aiP0wGbz95euAid3wN6TfWs1fGgh+h/Rrs/NZcQuCw3Vk5u37Ov"
    "NpNbm/ksd+QFDmTiqNK7m7whSdX5ZUcnaJ5PoD1gmcFtcDNoH8+RA+LD+8nIMpqOMRaaTu"
    "LFu7E3CIG+odqrbTXD2ieRDH1CauTW5w52Yyc35heV/QTlAxPLNaYW+Q2qVeIbIBXYJ2Ib"
    "5F3ert14Qd8larGi5c9yYm4FsUz5jIbIPYz2Xp5UZoyJgTi+fC1gn2kmGzWiq5t7nkbDwR"
    "09vvEMTxw7g6YXe3We2JJUXuUonc0J0Jk432kM4MexRVYoX/fnx8cvLh+PDk/OPZ6YcPZx"
    "8PA84tfimLj7tofwEuLiSPxNm6GaFYtxMMHlm4C0QS+rWhF2atYvBHCGUXrN0F2FKMhGCZ"
    "bNe5gEg6zZXaaa5sYTmrV/X9kFmLJGHKEcDjb8u8+/CdMnTA9oN3NhI0rhzSd/RECcO/lC"
    "laqIzDNv1aq2WKhRs8AXEVlh9YMTZ03ZhDJIUbYgFSp4WwCbY+yyEq5/BnWFPrru0NI1cu"
    "9aobCRs77/A+UqrYM6kC+lIp7j8dIdu2E3UZpqKcLtSsPQdYTYV9TIWtFRHaKrGq21Cqw/"
    "S5DqxLMolo1NF3TEySuHNLuuEyRFRB4+XxYT6H6iyPam6/3IgX3B7X4imVk7gW/1Im16IJ"
    "lXKk5QQ+gEd+gt7RV0lyvSP140JF36ejxNSWh/f3POGkH+DqBrUeC75Rgs+Ut9vguXB1nO"
    "qRVbYHBH+tG+2BWo2l65WfOpNrckFH6/rJPDG8eZ05tjjvhfCEYBUqUPKAocIBaupzxsYN"
    "qTEjlL2yr8ZG/wUbYZhsgLAjk4ywPnJ0+ELZqaegQu/dRv8HjXR2P4H2LWbEZPT4LlcuT4"
    "8PkC5bpeb0imfp2TBBT7m4ul3n55ExiGsy0K54WTSnoUj0quEDZrcYdkuKVw1cZL0saGOI"
    "E1dJ1HhmO4PHqBTrAoFIQr829CJnWAz/KKXsBGll3kPocZI0kok7TpRIJOgF5vuwuFlw3o"
    "8Ty65YvyvYQzhT/rDK43ySwEdmJXJKoJYpnfh7p6d0KpvdvbzwynSYpbSop2Cua5RsJ8i6"
    "o9E9Fj+zncZdrk3bElLfljxgFcHaThhCdX3sw4ws93jcOGTDzXv3bek/KfMc1HIa3Pi8lW"
    "5086e1lYY3Rfdr5stPC9Yh39bjm7l4NgCwcZmwGXodseKQEQguzSeLlOSzm7aYaDESzIoy"
    "zL88bFQ9w2Ykw/y374JR+Z3mW91W/8tvDeT+Q9K7y2bn8rbj5dYLnUann3zuGrm8NYpkPi"
    "Tmk1bMJ0YgKXNnrGkePcrlEXOU4RFzdBhD+cXyWzwPi1Kx9BZ8lU/d2id7+o/Syo2oQtD+"
    "4WBqa/ZiDYVblHRjbVvJUN62ss102Gta4Km8Bthx4tcI92H9LL9uc5qsdsvS5y9pqsQpPr"
    "sZF1tJbHqWU69PUeI1dU325SQX+3KSwb6cxNkXXzgvKImGqKTePltvL6gINtTbC47O+wns"
    "Sr19eGQV1ds/gzrMV06na8QE9fVqpZjg77BaL/bVmCMc+DnHd046E7y0x4J39+kR99k+wu"
    "jo7Ay5juAH6Oj0HRqxN0D43nDsRhA3BxoxN8uGm3QDRllco/bCzyJ1cVIXJ3VxKUnxDHOd"
    "4McQ1at2opVJaWrPz+zzzfeSAyMzBq1I9KrHrI6LoyfSvGrw4MVg8hslpuXJVqdESF+jp9"
    "h5Ad2Vqj1pllFY+SqQVWmO3cZyL9VTL7RiSd2J1J1I3UkB3UnGJtdxd7bVupOCe15DbiB7"
    "biDf/87d0STYDGTOE4nCbiBuEqC65/sDCUjxAt0Te04I30d6muRftOXWV+k3gi1kpH7jxa"
    "eveoZ+Q0YiPLdx1NtNrOCqHKaSmxJKTmfnoPpbuBVENUImh6rc9FWy5fvOlieN4C2AK7d8"
    "jcObvnPmGvBWbN/MKLiRtSYEbr91M+i3Lwe1JO5Lgrsa3DDLmYLty8jrngtDH/PHiQnr4u"
    "V6lqTuuQcopl9zpZgO+3MyKY8b+nk0Dk8kh2eICYWazf0MTo/G7i86Of77uzqTqpGnf2ey"
    "9YJgs86je7gLAU/qe/eEdY2hx47v4qL7s9wxWZy3FHYfuLysLuX5l+d76hny/LLPIsp2w9"
    "AJpingB0SRDrhnVLtam4OS58X2otfrQMvBZgEX7YgivXt7fdHqvz2KSPRJCWTWMchJW1xu"
    "VYkw7cQxTrUah6letd3YhcI2isPn0mwIXjkZnwzsYhLly7A3fYjk6WhTzU7iboSrmcyNGw"
    "+kBxVX8ja3M2QbaGLMEXuyBXr8PoEd1XmmXowEVa8bixzyqTxd5tz1cvGOhePoPup8J3ST"
    "4NEEdlCDl2cQGIhQNc7+lOWhEjmkERv7D4bJHVSi4VeSZ9oXnknsxXggx+owSZG+zGGptd"
    "v+RbOrfGneNFBwOKTuYavTugSZzr/knw9p/7bf7DQQ/4t+nnniQrYfOfziUZJl4wq26K3j"
    "zNgcl2wKTMU0RFOhsNPjo9MPpx9Pzk8DUIOSLGTjoEpGdo+ZsUhyniSOLJ6/J4Mt8yorwm"
    "6Jq3mza4OSBbLBH+Pe3Z0WTTDfsQCywIDbRrAxbR3dL7jnBnkCxw68ADURBK/Emauttbp6"
    "B6of0WR6WPMzibMCVvmHaIj4XbJIpWKRyE+bmBTriVbL9HDXCFnlNjQ4z8PanKezNufxDQ"
    "2Wn0XeZUIgeXVrhPQzLoGfMVs3k3BPnxYCgjJLS2tOCTtJ4iOz11bPaaxkIs9O3HBkRuDt"
    "ZgROGL5bwDa/i1M5x+wmHk7sEVD3ttN5KU+GATa18biWIFR6V+pZsqS9rJPLc2FmMhhcz/"
    "9HTTfm2LbfTwzHBI8BN+9SHf3aHLDTke6oRC3uqbD1O6zUu/tJ6qT+fV+FS6l/3zP9+4vl"
    "lHyujpJJJaW5JJ+5pGypDssGdZ7oqSK5DqUlRboEvRh2hqmyT3Wt3dwTSMu8Aq6p/Kranu"
    "5NwsSZSS1BOvOu1LOkM7yss0o6S8d7tWWtkDSTutDn3V7P+4DLa6DZiuk+XVh5IqaVmA8u"
    "/dsXSKr4zZ+d5fnmz87Sv3m4FlF4zxJ82DMMCrMk7/UqoLsTcwK7o51osvnHTa+bjLBAEu"
    "UAtJGN/g/pmrWPokAGuAAGtBxECviYvr1u/jMK92WndxFVfUADFy+9mP31/xqLnaw="
)
