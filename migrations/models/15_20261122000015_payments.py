"""Payments: what is asked and answered, the ledger, and what must hold in it whoever writes."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# table, name, condition: what must hold in every row
CHECKS = (
    ("payment", "payment_is_of_money", "amount > 0 AND commission >= 0"),
    ("payment", "payment_refund_is_a_part", "refunded BETWEEN 0 AND amount"),
    (
        "payment",
        "payment_page_after_registration",
        (
            "(reference IS NULL) = (page_url IS NULL) AND (reference IS NOT NULL OR state IN "
            "('CREATED', 'EXPIRED', 'CANCELED')) AND (reference IS NULL OR state <> 'CREATED')"
        ),
    ),
    (
        "payment",
        "payment_is_paid_once_it_is",
        "(paid_at IS NOT NULL) = (state IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED'))",
    ),
    ("payment_part", "part_is_of_money", "amount > 0 AND advance BETWEEN 0 AND amount"),
    ("payment_part", "part_refund_is_a_part", "refunded BETWEEN 0 AND amount"),
    ("payment_part", "part_period_is_a_month", "extract(day FROM period) = 1"),
    ("payment_terms", "terms_leave_something", "0 < minimum AND minimum <= maximum"),
    ("payment_terms", "commission_is_a_share", "commission_percent BETWEEN 0 AND 100"),
    ("refund", "refund_is_of_money", "amount > 0"),
    ("refund", "refund_ends_once", "(ended_at IS NULL) = (state = 'REQUESTED')"),
    ("refund", "refund_is_done_by_reference", "state <> 'SUCCEEDED' OR reference IS NOT NULL"),
    ("ledger_entry", "entry_of_refund_says_so", "(kind = 'REFUND') = (refund_id IS NOT NULL)"),
    ("ledger_line", "line_moves_something", "amount <> 0"),
    (
        "ledger_line",
        "line_of_customer_has_account",
        "(book = 'CUSTOMER') = (account_id IS NOT NULL)",
    ),
)

# name, where, on what: one entry for a payment, one open difference of a kind
UNIQUE = (
    ("ledger_entry_of_payment", "ledger_entry (payment_id) WHERE kind = 'PAYMENT'"),
    ("fiscal_receipt_of_payment", "fiscal_receipt (payment_id) WHERE refund_id IS NULL"),
    ("open_difference", "payment_difference (payment_id, kind) WHERE settled_at IS NULL"),
)

INDEXES = (
    ("payment_to_look_at", "payment (look_at) WHERE look_at IS NOT NULL"),
    ("payment_part_of_account", "payment_part (account_id)"),
    ("registry_row_in_processing", "registry_row (account_id) WHERE posted_at IS NULL"),
    ("registry_row_to_export", "registry_row (happened_at, id) WHERE posted_at IS NULL"),
)

APPEND_ONLY = ("payment_event", "ledger_entry", "ledger_line")

# Deferred: an entry's lines come one after the other, and must come to nothing at the commit.
BALANCE = """
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount), 1) FROM ledger_line WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'The ledger entry % does not balance', NEW.entry_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;"""

# What most acquirers agree to; an operator whose contract says otherwise adds a row.
TERMS = """
INSERT INTO payment_terms VALUES (gen_random_uuid(), '2020-01-01', 100, 35000000, 0,
    'Обычные условия эквайринга: без комиссии с плательщика');"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    tables = """
        CREATE TABLE IF NOT EXISTS "payment_terms" (
    "id" UUID NOT NULL PRIMARY KEY,
    "valid_from" DATE NOT NULL UNIQUE,
    "minimum" BIGINT NOT NULL,
    "maximum" BIGINT NOT NULL,
    "commission_percent" DECIMAL(5,3) NOT NULL,
    "reference" VARCHAR(200) NOT NULL
);
COMMENT ON TABLE "payment_terms" IS 'How little and how much one payment may be, in kopecks, and what the customer pays for it.';
        CREATE TABLE IF NOT EXISTS "payment" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(20) NOT NULL UNIQUE,
    "state" VARCHAR(20) NOT NULL,
    "amount" BIGINT NOT NULL,
    "commission" BIGINT NOT NULL,
    "refunded" BIGINT NOT NULL,
    "provider" VARCHAR(20) NOT NULL,
    "reference" VARCHAR(60),
    "page_url" VARCHAR(500),
    "reason" VARCHAR(100),
    "created_at" TIMESTAMPTZ NOT NULL,
    "paid_at" TIMESTAMPTZ,
    "changed_at" TIMESTAMPTZ NOT NULL,
    "posted_at" TIMESTAMPTZ,
    "look_at" TIMESTAMPTZ,
    "looks" SMALLINT NOT NULL,
    "user_id" UUID NOT NULL REFERENCES "user" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_payment_provide_862c48" UNIQUE ("provider", "reference")
);
CREATE INDEX IF NOT EXISTS "idx_payment_user_id_ab764d" ON "payment" ("user_id", "created_at", "id");
COMMENT ON COLUMN "payment"."state" IS 'CREATED: CREATED\nREGISTERED: REGISTERED\nPENDING: PENDING\nSUCCEEDED: SUCCEEDED\nDECLINED: DECLINED\nEXPIRED: EXPIRED\nCANCELED: CANCELED\nPARTIALLY_REFUNDED: PARTIALLY_REFUNDED\nREFUNDED: REFUNDED';
COMMENT ON TABLE "payment" IS 'Money that a person pays through the acquirer; nobody else ever sees it.';
        CREATE TABLE IF NOT EXISTS "acquirer_notice" (
    "id" UUID NOT NULL PRIMARY KEY,
    "provider" VARCHAR(20) NOT NULL,
    "subject" VARCHAR(60) NOT NULL,
    "kind" VARCHAR(40) NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL,
    "done_at" TIMESTAMPTZ,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_acquirer_no_provide_affb4c" UNIQUE ("provider", "subject", "kind")
);
CREATE INDEX IF NOT EXISTS "idx_acquirer_no_payment_c5e8dd" ON "acquirer_notice" ("payment_id");
COMMENT ON TABLE "acquirer_notice" IS 'The inbox of callbacks. They prove nothing: each makes us ask for the truth, once.';
        CREATE TABLE IF NOT EXISTS "payment_difference" (
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "ours" VARCHAR(100) NOT NULL,
    "theirs" VARCHAR(100) NOT NULL,
    "found_at" TIMESTAMPTZ NOT NULL,
    "settled_at" TIMESTAMPTZ,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT
);
COMMENT ON COLUMN "payment_difference"."kind" IS 'ORDER: ORDER\nAMOUNT: AMOUNT\nCURRENCY: CURRENCY\nSTATE: STATE\nREFUNDED: REFUNDED\nUNKNOWN_REFUND: UNKNOWN_REFUND\nLOST: LOST';
COMMENT ON TABLE "payment_difference" IS 'For staff to look into; nothing is settled by itself. One open of a kind for a payment.';
        CREATE TABLE IF NOT EXISTS "payment_event" (
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "amount" BIGINT,
    "happened_at" TIMESTAMPTZ NOT NULL,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_payment_eve_payment_4c74ce" ON "payment_event" ("payment_id", "happened_at", "id");
COMMENT ON COLUMN "payment_event"."kind" IS 'CREATED: CREATED\nREGISTERED: REGISTERED\nPENDING: PENDING\nSUCCEEDED: SUCCEEDED\nDECLINED: DECLINED\nEXPIRED: EXPIRED\nCANCELED: CANCELED\nREFUND_REQUESTED: REFUND_REQUESTED\nREFUND_SUCCEEDED: REFUND_SUCCEEDED\nREFUND_FAILED: REFUND_FAILED\nRECEIPT_ISSUED: RECEIPT_ISSUED\nPOSTED: POSTED';
COMMENT ON TABLE "payment_event" IS 'A payment''s history. Append-only: a trigger forbids changes.';
        CREATE TABLE IF NOT EXISTS "payment_part" (
    "id" UUID NOT NULL PRIMARY KEY,
    "position" SMALLINT NOT NULL,
    "account_number" VARCHAR(20) NOT NULL,
    "unified_number" VARCHAR(10),
    "contract_number" VARCHAR(40) NOT NULL,
    "address" VARCHAR(300) NOT NULL,
    "invoice_number" VARCHAR(40),
    "period" DATE,
    "amount" BIGINT NOT NULL,
    "advance" BIGINT NOT NULL,
    "refunded" BIGINT NOT NULL,
    "account_id" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT,
    "invoice_id" UUID REFERENCES "invoice" ("id") ON DELETE SET NULL,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_payment_par_payment_701ec6" UNIQUE ("payment_id", "position"),
    CONSTRAINT "uid_payment_par_payment_0176fa" UNIQUE ("payment_id", "account_id")
);
COMMENT ON TABLE "payment_part" IS 'What one account gets of a payment, with the account as it was then.';
        CREATE TABLE IF NOT EXISTS "refund" (
    "id" UUID NOT NULL PRIMARY KEY,
    "amount" BIGINT NOT NULL,
    "reason" VARCHAR(300) NOT NULL,
    "staff_id" UUID NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "reference" VARCHAR(60),
    "failure" VARCHAR(100),
    "requested_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "part_id" UUID NOT NULL REFERENCES "payment_part" ("id") ON DELETE RESTRICT,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_refund_payment_9157c2" ON "refund" ("payment_id");
CREATE INDEX IF NOT EXISTS "idx_refund_part_id_e5617b" ON "refund" ("part_id");
COMMENT ON COLUMN "refund"."state" IS 'REQUESTED: REQUESTED\nSUCCEEDED: SUCCEEDED\nFAILED: FAILED';
COMMENT ON TABLE "refund" IS 'Money of one account''s part that staff send back.';
        CREATE TABLE IF NOT EXISTS "fiscal_receipt" (
    "id" UUID NOT NULL PRIMARY KEY,
    "amount" BIGINT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "storage" VARCHAR(20),
    "number" VARCHAR(20),
    "attribute" VARCHAR(20),
    "url" VARCHAR(300),
    "registered_at" TIMESTAMPTZ,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT,
    "refund_id" UUID UNIQUE REFERENCES "refund" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_fiscal_rece_payment_1bdce5" ON "fiscal_receipt" ("payment_id");
COMMENT ON COLUMN "fiscal_receipt"."state" IS 'PENDING: PENDING\nDONE: DONE\nFAILED: FAILED';
COMMENT ON TABLE "fiscal_receipt" IS 'A receipt under 54-ФЗ, of a payment or of a refund of it.';
        CREATE TABLE IF NOT EXISTS "ledger_entry" (
    "id" UUID NOT NULL PRIMARY KEY,
    "kind" VARCHAR(10) NOT NULL,
    "happened_at" TIMESTAMPTZ NOT NULL,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT,
    "refund_id" UUID UNIQUE REFERENCES "refund" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_ledger_entr_payment_974c3b" ON "ledger_entry" ("payment_id");
COMMENT ON COLUMN "ledger_entry"."kind" IS 'PAYMENT: PAYMENT\nREFUND: REFUND';
COMMENT ON TABLE "ledger_entry" IS 'Money that moved: one for a payment, one for each refund. Append-only.';
        CREATE TABLE IF NOT EXISTS "ledger_line" (
    "id" UUID NOT NULL PRIMARY KEY,
    "book" VARCHAR(10) NOT NULL,
    "amount" BIGINT NOT NULL,
    "account_id" UUID REFERENCES "account" ("id") ON DELETE RESTRICT,
    "entry_id" UUID NOT NULL REFERENCES "ledger_entry" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_ledger_line_entry_i_2bdcb8" ON "ledger_line" ("entry_id");
COMMENT ON COLUMN "ledger_line"."book" IS 'ACQUIRER: ACQUIRER\nCUSTOMER: CUSTOMER\nCOMMISSION: COMMISSION';
COMMENT ON TABLE "ledger_line" IS 'One side of an entry: debit is positive, credit negative. Append-only.';
        CREATE TABLE IF NOT EXISTS "registry_row" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(30) NOT NULL UNIQUE,
    "amount" BIGINT NOT NULL,
    "period" DATE,
    "happened_at" TIMESTAMPTZ NOT NULL,
    "exported_at" TIMESTAMPTZ,
    "posted_at" TIMESTAMPTZ,
    "account_id" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT,
    "line_id" UUID NOT NULL UNIQUE REFERENCES "ledger_line" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_registry_ro_payment_16836d" ON "registry_row" ("payment_id");
COMMENT ON TABLE "registry_row" IS 'A line of the payments registry («реестр платежей»): a ledger line that billing must post.';"""
    return "\n".join(
        [
            tables,
            "CREATE SEQUENCE payment_number;",
            *(f'ALTER TABLE "{t}" ADD CONSTRAINT "{n}" CHECK ({c});' for t, n, c in CHECKS),
            *(f'CREATE UNIQUE INDEX "{name}" ON {where};' for name, where in UNIQUE),
            *(f'CREATE INDEX "{name}" ON {where};' for name, where in INDEXES),
            BALANCE,
            *(
                f'CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();"
                for table in APPEND_ONLY
            ),
            TERMS,
        ]
    )


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "registry_row";
        DROP TABLE "ledger_line";
        DROP TABLE "ledger_entry";
        DROP TABLE "fiscal_receipt";
        DROP TABLE "refund";
        DROP TABLE "payment_part";
        DROP TABLE "payment_event";
        DROP TABLE "payment_difference";
        DROP TABLE "acquirer_notice";
        DROP TABLE "payment";
        DROP TABLE "payment_terms";
        DROP SEQUENCE "payment_number";
        DROP FUNCTION refuse_unbalanced();
        DROP FUNCTION refuse_rewriting();"""


MODELS_STATE = (
    "eJztfe132rqW97+ilS9t5+Fk8tr20HmetUhCW+YkkAHS3jOHu8CACJ4YmWubUGbm/u/P3p"
    "Jt5FdshySG6EtibG3Z/kmW9vv+n4OZOaaGfVhzHDqbO/ZBlfzPAdNmFA4i1yrkQJvP11fw"
    "hKMNDd5Yk1sNbcfSRg6cn2iGTeHUmNojS587usmw9c8pZcQ2Z9SZ6uyeGPpMd+iYLDWbGJ"
    "rtEMfS4eeCjalFNPJAV1+ITSkZ6GPKHN1ZHdrUetRH9JBT2oNDvO3YHMF9ob9nuUOP9Vh3"
    "SrEp0W2iMfL9pnZJ3psTPNbGY4vadoUfj0bmgjmELWZDalXI4eHhhyrR4QQAaxNmDs3x6p"
    "AMZvB0DLomU9MY2z3GTDIzLUrgJDycTZwpdObALfkjEM0wzCXcARpTeIGJbtlOBV4R28FV"
    "YplLMtLYO4fcwyFHZMH0fyxo3zHvAQZqAS5//R1O6/DWv6jt/Zw/9Cc6NcaBwYfXxB74hb"
    "6zmvOTl1PN+sqbItzD/sg0FjMmNZ+vnKnJ/PYwHHj2njJqaQC/NCHYwjDcueOdEk8LJxxr"
    "Qf3HHK9PjOlEWxg4rZBaPML63EG/32x1+516t98/iEw5j0KaI+6pkclwuurMnf4z7VffoO"
    "zemcLP46Ojf4obrZEQzfCOP2rty++19nto9QFvacKsF59D0710Iq79k3eiOZrohkMvf2h8"
    "IkTxrlmWtooHXKIJgW7otlMEde/EGvb1x/sCuKfA3G3c1Dvd2s1t9z//+jvHco3dxLRgcv"
    "c1J4reFby8o89oPIABwhCEY5fy0DvYDp4vOY2zwIndz2z7HwZHq9at45UTfnYVOvv+Y2iC"
    "+52Qn43ud4I/yX+2mnWOpmk79xa/ozx2B/hM2sIx+8xc9mHFlEDyTnun/okL0+RB+lzwxF"
    "AbPSw1a9yPXDFPzKS20Uuzk1n4jMa0ez5GiCY+p7v5XWpzZzTV4vZF71LqtjiSGm3cFWsE"
    "mhq49tAqX/hxh7EJ7DD4Y66PnIVF3+HeM+ZnLDoyrTHMAjg3gnvbh6TFKFlg3xO65HucHd"
    "0an+82T9hv9HH0A767a1zFf7yideirXSz08SHSPM+ec/BvkwUb4VgR46F/b2nz6T+Mwwfd"
    "OdTH9iGjyz5sgv/v4OW/Z74FnYoPVP70OBTpO4872P2pZk+j+F/oTLMS9p8wZWgshiuH2v"
    "u1C11cty4CKyZs8ReNZq395/ub2t8+BJbN61bzm9deHpKLP7v1WmgH0xZj3SwwAkE6hX9R"
    "/CeabiwsGsN+dWawTDaYk8BASHQh9OFtngv7o+die+/xCX47Pfn08TNc5Q+IPz6ljEjnpn"
    "Z93Wh2Q4COLIovXYAnC1K+DFNWlum9E1yZPMz011yH7goMc5BS8d5lHmXg8op8yRLZFsbX"
    "HTz1Fe+XbAWoUuYcxMlW7qVKqmwlNcqgcTSJBsBRkGlMspzqoylx6C+nAseUcVlnYpkz/G"
    "XROHViHnLUFdbmc8rGv5nMWFWJhkLS/T21yMS0hiAvoAgG8hdXGI4JvBrlgoVjmmTBDGrb"
    "XPKCr8jiKktGH1FPCdLHI34lPfZeA7HsXse3FoSoAxSaRZDR2ES3ZvCouo33uzcdB55xqT"
    "tTVCKKtroDNzPGcIsPGUW3v/CjtvpC9Jpq+HriG/+7EupKJdRp/H3itbd1tphx9BvwIBob"
    "0ahY4VNvR5n7PGv1wbfGj3qzSvi/HsN18qpd+wln/MPwN5xN3ZtJ25ui7P0QYoZxkejbU+"
    "3k/GMefXqIrMxDUVCz/vEsA9QfzxKhxkshucPQYTvou6aYPGhHKfcQ8LPzDICfnScCjpf+"
    "GeYNrT7s7SyGPUwGO0i1h0CfZrIZnabYjE6PIuuIvOHm5MVDpEqsLh1DLg80vO0CTXv9fM"
    "xTiGybXFR5B3cjkxRaq/JBKpEoOAHOiNgYRDcK7VfTovo9+4OuIixnCFBX7Ltzu9lNSNdn"
    "D3xJw9KWvlwkTyh4dy708bdvw6LRblx2D2IXgi3geiV1tafYhta/BHxfR9Hhwx+j6ZCHJl"
    "nVIc+FLHbkR2rZKNOicxLXUwihf7SwHXMG14QugzjmF1e1INQRY2LCPELdgG6TR82AVS6i"
    "Cdl25zGKh78OHmC24UX3VkLFoMzIZdU4eMNVRN/g0ZZZEDjo1ts3nSrh/3rstt7utJq16z"
    "4wjLUqCfwsonU4ySIvnCSLCycRacH7bmLHJP5bkEjKPBQFZbLtQ+zojkFzqXQ8gr2ENxu+"
    "aQDHqs6iAHfhbLLObG/wTRNp63/rBqRZD8V4PwivuYT6JbpGBMHOr6JU2slc2knO8fTRSJ"
    "RXfxOkVOqb0qlvcthTJW21sF7G6KkvXMqvf7SpoSVYY6KG0t0c9Ihg98/nlMQaYzqbmw4g"
    "dqkZxkGMPBZqUUmTynS/bX/kNc5giEZZCW4q5KfZwpEsuLpjE2GMIDNtRWBox8RZ6iPqRq"
    "d4QSn+nUer2NiXbd8CDdoDi04WNrzUAAU4BNYzVYNIh0Zqfp2Ov5ABmqG5ZyJvqpHO99pv"
    "sFfwx/EM0Eih2Q80RQr0tEreC+AxBpooabDU0qA8XFmZCZlmH9mJLOzxx2Tu+GOEOX7N+K"
    "xSQbvFCK01uv4CFrM7p7hkB8iUR3ZYEsnqkW0unJE5ixGu/73TasYjL5GEGWR95JD/JRmj"
    "4nbH0xCxSJcCwwJfCHnsICwFelt8HuhlGoV9cex3zcKvPKoLe1QrS/TTuE9liX4mS/RlrX"
    "NZu6q/lqG0xWgX1qdrnT0cxMjm8uVKmmBuMhAloWXf8JpmsJli27VoOtN0g46rxPQiXRfM"
    "0Q0yWMeuxAjeRTrx8ko45gNlcmYJEJbnCwtmP9DpY+4nzrgFVSStQP9wm44s6mBKigoB9m"
    "e+4Cku0CEdr+LdocMe1xAB1lRH0ZonojAx6QUyqngXOGFgvgmNrYT7OnHfAz3GgbGCptwR"
    "3aDaGNNX8Eb8ebBzYeIVb/oF+xrB94pC//0C01Qs0XHefuCO6PhqC/YAPfgJM8RroKqC71"
    "A9NrAXw/+iI4drDnj0sbkUgIpMGPBYiNEQnqsivO2FRRnzXngu8+9sArcQrvVLj9RZmj2G"
    "9DzSGZ6E/sYBEsZpAOMRemII48xkX8gAZW+KLfwn8R75vWa7VmzEXLPo+EOP+Y/o9rc0F8"
    "YYBsgp4l3vjjseSiFxys++XHoOaZSKGL4l8jKL5Qe1y27jR63baDWrZH3cY7e1Tudnq33V"
    "b9eBtEqCv3usflNrXPcB3+a3er91fVUl4TOhNs36z1AbONNjtcvL1l2z279uNP/o3zWvWv"
    "gYoVPhlfh1TMJ8ec6nMfBJlLagUlBb4G4YeVZAieQJy+DuyKs5/GT9bS+PdjFAVGgxKxmW"
    "oZXiPIs1GFolrxXn0WgVFSX/FqR9FSX/FkZZRcnv/fi+js5ud8Z0V1R25UR0VzV2HWrb4o"
    "0j2jrvUiVNU2dLjTLo6GyYEb/pjGD0AaNkTLmrCmlNuFuLUKFhxgWuifG8TnSbPNC5Q95r"
    "RIw64WONnejOhzgt3nPcBvV8PzEFwwAm8mQCYzkIaq68+AmhvcKcETOKCWRRXcVJiGGaDz"
    "bx9EzaUGfUIRpXTvWYR45ePKifqgiNGxkAt2ibbCDUYSONeRoqZvLUuEX0U0opVVqlFJ+c"
    "BVwXgnRKG1EpqI1QSQhUEoIyAP0sSQiUzqLIUrNz0s5u6SzUMBcdZoCwyLcs0ym1RZlH2J"
    "M0ctlGJBqluAi7R6IolYfPWFPsn1nkWVgM5R23P6q2kkK6q7o2jnqMos0bjWQtmzfsWVRs"
    "c2rBiuVmCyWGea+zOBVZXDMeJcbtwKg4ifhNRdymyHvDXGJ+EA0fZb5gKywvQcYmdME+fC"
    "GDgP9Vj0U6sqfmkh2S2sxk9+vsqNwHDD3Q4CaOrhlBddwDpXNOL85+QQ81dGHrsanGdXG8"
    "U7KiztrtDB9jaP5yH0SHzkWhJXgaaj1yD7T3iM+/julIR32m/a9HR+dHqPSrC6c7R3iqia"
    "dyLJOtZvqoQkzhx+eCaWv62L+paM5Q//i+tzg60obw9+x0zP+e49+zE8J/UPGD//0kXT5e"
    "nz8Vf4+wo+HwAyoXR1M6eugxXfgKoj5pCMMgalHBC6l6Hruo/cvtufE0r42yLfAv4LbhL2"
    "+5Ue4/cwze6xVJexag5wBSrvwqPsEeTuXjkywxjifJIY4nYXixCGKf/8gBcYBoD2Hefpgu"
    "r9KYG+cglQI6A9BrrirXmhGg2j8Rffs4A5PcZ2Y/De4L0zSoxpJCFWPow+ZG6OC5prh/5o"
    "XNja3WdUBreNEIJ2W6u7mowyLOxwIa6ULmjJZXmmu2vTRBmIw38qZN9hDhHi4sz5KIbG7R"
    "CbVAYO0bGrtfgHQeD3uGmI/Ynl5uHA7adzkFGqCokvYdCLLNKqkXKqqQhXdJZl0inIsyQh"
    "ZZgHbOduGrcwoMdJhWWanKPNKGOXooNMwBQjXGZR5jn/dwc0EXGO2ELtQyXrqBjxigku0l"
    "Kh/ixnyI8mcUyjj4RLCiuQ73ETMe8/80oEKJJ3ZyG0kHyfXDfyJOksv/Ps4krmHuzy3TnD"
    "wRqFvs6RY72lestNHIXMAytYWvrya6yvj17SRaiFKfPj59/0OQ6o/ZdsBdXKeY6eijuFrt"
    "eUBq8k72dS4JiIBLNreF1CXval/xsqg2hk6eiFRb9LKnn91cW82evjjdil72dSLBlgf8D0"
    "hCzlM/uxrvCT6+vfrocvnGRdazmcYAhhRgkUk34U/WVe1m3eGefLE5/QklJjTGqzDIoib7"
    "FkpMMW+YwcWQe/mhmI611DV4LAxzFfGpXm1ynr0ep0ac72Euei+/HicKpteTs+rFJdDr3H"
    "S4lyFPn+dlyXPz32GSPHHjHoM296Y55gG3SLOc6gblocKuY9/U9VgU3QJWE2yA99akau0c"
    "Q5GQT6QMxJfpMcxrbPN3gQ7gheUuGKVjdEQc8lOP0Il2DzPikMB3IPWMOfRENLD7QPzWPS"
    "ZeACOW41wlCxWG971wVIxwab0ElWvVs7pWqTRwrxJ4rczC+2pPULGpb26Yfd6lyPccolWW"
    "4TKPtAr4UwF/KuAvVkB3DR8HMdK5d6mSJpprUqPMkX8gBLp0gbgz8fczDyn7uA4ycwPLeA"
    "ja6e9EijvjkWjn6xg0jDurcHl3vkIhF8XYoW4YMH7EXtkOnb3jkX1wacAlF83um5PYJPvl"
    "fFAe/Sgk6oEfZWjzrPlI+t/UMu1DMoBvA4Z/3PdaukGSePtj/qTH/A1OjvEG/Pcp//vZPc"
    "t/8Bc71vip8wpZzOduGKUK29tFgVzMhTwS+ZpiOyL5Ztxf0IU7kwd3jrzswU8uD8xRyq3E"
    "iJQI7eNs1fNSiueF0bYXQ3wuwEugFAv3Zlf5mG7KrH06+N6669S/8zoH/mGPXdx1Gs16p1"
    "Ml3lF4P3udQYLbcX6gwDcRQ1rmgSn4XZxlgfwsGfKzZMgxuyisKXGJZFCw3YB6gDpNtN3B"
    "IUiBHGXVEKAFcizud3LFZ0nIM9GBv52aICLllNIjhCqbVAhZI063lRIVbMTqs/YgTHX7LJ"
    "+Ydw/wdkX5j2APZV4tDmq3tXb3pt7sVol/2GNX9W7t8nsd+BHvqBysh6NZ+mTSHwFu96aV"
    "kEdj8/jEdFPqQbprX9Sa/W81YAX9wx4Th/Xr+mW33bj0Lnm/e6x9165dYwAm/CsyfM/wZc"
    "GqbmEATn9u6Y+6QeOiYTeGgMf0oILAcwSBaxbV+rOTGA6SjvSZZiSwP2uqMOcoyA5d8t3b"
    "UNJYx/pl46Z2/f5z5SSEq8zHhzM92vo43uOxA/gYDebEQxwgDIGs76JbNjwu/Pvt9OTTx8"
    "9wlT8i/viUgngH4L6OTtqRYdr5BR+Z6InyTsmgzSfurHXNeQ2iQUpl+S6dPbRQwKSKrPHm"
    "eZpTNuYzTHUbzoLTd97JvkKkgo9KGXy0uwi9SuzRLsI1o86T16Yb7GNflya8upjNPQSegJ"
    "LJnKmxugz2t4+Q6exxCx9fQ/SyryBZdET1RxArthPY1na72/MAN4OO76mFId1PnV7XvCfg"
    "F/Z1ZXfnVR/jarYTNXkLPe3rxLLovQ6XV33LXD75UxRdtUG82iO0CsZODjVDiw9GyR006c"
    "qKF+se9+SzLeaUyWXmZMdMT6Te6JzJE2Twlhk8NHmZBfQ+5PHBPPqReU6QXwg88ko0CV2q"
    "iEvuL3ExubLD9m+CnpEtN55RFDVwSL15Vb9CT07RRkQkeu6cSfGIZIBoc5/JpSiToNs95s"
    "Y08oRIouBEjFvomV8AwSuS4BVDKBLl6A0e/IJmf8m/K7yEkkNV1OOrmNeTnSwt0yjsjObR"
    "ltrC2PrZrLerhP/rsZs6mpKqRPwvh+lXfBgFx8AnLvUg1C67jR/1KhH/e6xz17nla12V+I"
    "eYTJef4f/KMTR5U9Q/KTl9yViD586Zjlt8sQSnMqGy25TObhNQVRVObKryme7QMAc5vaw8"
    "XJBKBS2qoo/bhjMlBlQKA3xiGKgUdbibwG6MBA1+qIFg0DasHe3GZfcgMnW3gOwbDbBdY5"
    "rF40HZqLegHMyp7nJdH2I0XWuniGQl13TdZqN66+dU5LbyIl24lgfLi8pqHK7AOT2WYnml"
    "gpji2A/i/UI0h8xgqeTJtLArc+FgAK6DRUUlJZOU7SqgC3v1J+IhxfbCQuQDJVXdc9GSql"
    "ViU0oGqKnBBvYgs3YrpMLScblSKqxyqbBU0b4XkddV0T5VtG+vcJa2kDxAh8jUlM4CtR5r"
    "b032b/cJ3nQsL2eB8sDmE7zlkACljFLakzKJ+Snak1dOpbUW+2Mk2YBOIFmYXfvJZxNoMe"
    "u0thiDgIagGZjPCbsAoA9JbT6nbPybyYxVlWjQQL+/pxYmaR6CeEKEScCOiqRb6JMLlaiQ"
    "cf0oTDLWxyBGVjhmPE80ipj6bG5azhcywP7XLhdw5yVInWOen9qUaPCGK+i8BnDoBh3jTx"
    "R3vfzcwvtjbFIbE1bTXzpIwZgXm5mev0ZBUXWq4Xu7mabRGUNSNkWu8TGMuaYE3VIJuk8J"
    "3N+JkP3bdqv1tf+11rhGPwD5V4/Brx/u2R/4+7rR/AN/i/89dtf0znhHPXYDa2vfdQBZH0"
    "vuB/2LP/GBGpd1yRFhfTLcsv6zjwmMsLuECz2GyttWG5/DO3IdG7Bhp1v7+tX1cPB/h5ez"
    "LCz6abacJikpTSLiPR+igrPLJy6x3HnQbPVrl5etO8wIsT7uMaSp9aVMVaETPXZ53ergiI"
    "r/OCvazdoNnzP8AM50263mN5islzDkcF7+WWR8t5+hYGTo6HpdID1QlLLEo1xQ5D07z5LY"
    "6jw5sdV5NCPEeiONleCSXR9CpMr3Qfk+7MxntR3XB4khzQqoRKLQLIkjyd6gWTJNSDlx3b"
    "4biRcFsh1g96tQcRhcaf0rnYPOjkL6FP+c51TbXVFDf6TW6iBGa+dfq6Qp7cZyqwwhViKD"
    "ATEZT96+1FYikGmm6cbQ/EWEogvw4SWx4sKn8nWAyrifU5M+ooJMe6A29wxBfZpNGc8bP1"
    "9AN4PxggKPPADaCV2Smc4WDradTL4QnaeoX5GxDi+Epe94vTgg6DG3GFwDeniAFq7zCFy2"
    "Ae53NhbA89R99zCn4WErxDaFpk4jFp1TEbD1ABwh4znvWWKG+b/c5A94GVWNjBpCrabSzp"
    "dVy+YNUwT6bKoQibzUurb6Ta1xXSX8X491bjpVrNJYRFehIqIKwP+z1ug2mt+qxD2AIeCp"
    "SjsiS2m7dXvLk5SKgx7zlKLifzmGSXMcOpvnzwYo0xVKBlhokI6eaRXaYipAsZ/lVRetqZ"
    "SmqNSaIpurUXOPr0SmiraVeXzdPF/52LYAkXI7SVe2rJnpJwqumfPNlRTWjbJrYFqVyefE"
    "E1BvtRE9SBFg+fVKFiG2P/eabpRkv1rmTFQyx3LfxOXVUZibWJSKMuFVArwLFzSphQk7hD"
    "DHa5dx4RUnS1TE3WrPTyhVVjbp5TmKOpVQdkkWJ3H4C2z6Epni6kq360e2qNdZS91dLGYV"
    "Xe9vyevnejPdvHB2zBksRah5c9Vgbnoh9HpzTGMsB3+dnUqlJc+lPEMiEGwkFaSUwsFEcU"
    "p+xs8/FFhhX/4RUA3ZcAiG63GPPIf+Qn9ADDFDhaXwh6hiXBkbD3iuJtQZTgBImwypYS7J"
    "THug/KQg1Rl3F0S9Zo8ZGrtfwLi6sWoW1caHZDDSFraUy8lzBajAtjKi5P3ATWT5r/+Gir"
    "XBh6oIvcNbWHSkz9FTAzrsMehAfOyy7pJ37iec4qA5S9TL6kLDKmYEPIW9GP4XHaGlxg+u"
    "Q1WpW/fTMpc95rh+j3BZG5oLeDv3KqLxDmhwmkFXMEq6ue6GxwORscY708gMM5BWsGToas"
    "Cv4xUdcIcnt7le8b2GWluCi12Ft1hC/+YS7oAhXNj+A9BrM7TwDMiDOaejBztZHesZPjgU"
    "EVVswE1yBEPi+F4YmNRKaWpLpande3/In43mVetnv3Vbb6LuL/ATPQ1rV43mt367fgMX0C"
    "kxfMZv00Fvt/ptV7glhk7JPf17/VJu5J+BhbD5o9W4rPcbnc4dtgj+7rHb2p9YYal/dVev"
    "EunH+krrR70duOqeWLdo1y/rDeHlGTrTY9C28bVxWes2Wk1xk/CZHqvd3tZr1/1as/Ozzl"
    "0wQyd4i2uPBGZe85vbKnxS+Jf2a1dXno+pOHbPS/mrgr+L8KDb9+UUi1vsl5Hg4ucRlPlz"
    "KOjad5zJl/I4xZnyOOpNud4g8yz8QSrlWBOKe+WcQryglBDz6lO85Xg3YIHygOY2f8uICW"
    "4xCtqFfp9stPJp9qh+1e8nJ6enn06OTj9+Pj/79On885FvwopeSjNoXTS+oTkrsIDGlLoK"
    "cNR51CFBSqURKZ1GJJi4XCsyxhKZsnOVeXyVx/se+Wjv0EJY3G6o8tE9xd/VtxjGLAJbQP"
    "Ut+71nMMZKjL4weOpPrTMj+wjvyVR+1mx/gZpricaWdU22TSYXtxJcNssL5jZwzLk+skN2"
    "D0wTYC91ZzSlY/R5rnCvZVTje5UeTJ7mgKC5YSUsJ/A8Mbbr7d8CLSe1QJkK0bNw5kZ4bU"
    "H3j4VmcAO4MEBY5tJNm+A+AS+A4VfTOCSYfBCeqscYNr+nji3d+4ubjAEe2oFFaOxbUZaR"
    "91jbRBhdipcXRpCn2t+VJeA1LAGzBQqHw1WfYkRBdARqlqWt4ocgShoaDkO3n80nVRqL4U"
    "I3HJ3Zh3i/14C/W/9b96+/h9hSHx17FrPpZIHVJVSgqqT4SkxWYrISk18bTiUmKzG5lLiW"
    "N0+eEPBu0DXWEt9ZrAToNahkEAFnUtuNMuB3E2UUMqRT7RFFNXwj2xeSqiL5OZdvuPTUue"
    "lUfHe0qbmwbOGZDLfmIhqPhY2Kgc9yF5QEUb78x0KnjttMs6gfrKtNHGrBrzHT76cOesiJ"
    "3PKzucZW72zy3yDnVcgQ+kRZE6W+L7yFaD7TVj1m6BQe2llSyolnvpSIPnsoUXIxEY79J/"
    "Ye0b2beCpzQgbwZT+iBxx/2qxZ4hNlwfJsVs/hhf3KIh+Mb7xQcmGaBtVYPL4SVQjfIZA9"
    "16bln3lZdC9aresAs3zRCJlom3dYBvH9MR8AaKQ7CZZb/kH0J5Y5iwKeHuwZpNwj2/k2Aj"
    "4FOAlpnrPgmpTw+a0Dq0TsIgvGTojYT4q92CTreJW/n1nSKcN+/HQ5Z3sMdo2ZsNit2gsj"
    "1sAiX05lrjXRsG95LTPUV/KCIUwyWwBryzlgbqhgfi0ijXjhCHHlkPJ1gAzxDch+aH9gZL"
    "CwF5rRx6XEFgEQ/EQFWGkd+nKDJoAftzBSBFlUQcDjJuxBBZliDKSw3TrjnLnuMZGaZgh3"
    "BrZ3Qpci0TTcDjgj2/GovyD1bP0ssN2YS1j6HpYD6AZkMcHbjwxz9KDsIrtoF0G2q5/frz"
    "ZEtu0aHGVY/TJ6ikqfZwyAdKTDcpMkyQUowxgK0kO3i/1iI67qlw1gy96fVcKChZ9JN+JQ"
    "Ly9reVnhMO3L5ZTZDWZYXvTzYhumVdiGXMn9PTPn+hAkfIvLw6fKSeblwaITatHYIlLJUU"
    "0Boj2MbDo5ypYlPi1NPEe6JOHsdeCQZzAYSWJA4HqqHEDdlgUEgaFuYJ0W4YXE1z2Ji0cX"
    "de5oxOuJetpi725uXdFY8eDp3SrmWzHfb4v5dsXegpxLlFrxLoovfDFsTSwr5sAGxHJDGy"
    "RVyIZYQU234VZ9zLNixqhwU7nuKPFb5LzPFOetOG+Z876hDucoIyy3uJDKa8/8JhkSyY8p"
    "srbC9557+9gE58H9Ss7edDrhOZyOpJxMx+vsTWdHZJ3i6ewT/j3nl89EuqcjL30TGVh0Zj"
    "6CjG2yAdxmbPMse4Y+oQQY6Ng89aV6PhFFwfEVTwQEWH7S7kM7akwG/KHOjvmDnPB7HGv8"
    "mN/7ZFzhT3L8eX395PSDF4RhemIHpig0Z0LVv7Adc0at5PxJkj8byCm6ptLZl1wKcUcpx+"
    "K9ptjDlfssy8J9lrxuRzdIviTmwdcn2EN4P2eB93MyvJ+jSeZHowU0XPVHhpavbmGUcv/q"
    "Fm4/qb+FwaO5uWqX5i0y059zMNM6epSgIrBvxoiFyTqhMN22lUIlRjmqFlpzTXkgDFK95e"
    "xHGEIOTfMCGCJTCI54mH0fuqDWo2b0V1SzcuvRNnSl3DoDwDP6y+kHIMs3h5Po3/JktilM"
    "OLaYDeP8IdOkhADZ/rFW25cUELLcy26A6C3P06DuIwphatxHlFiFf+QI/3jlUOYd4ld3q5"
    "BwSYF9sYxKFr3XbYfGsW15Eiq13W72CPFnTah0g2ZjY3UJN13MvEeO2h6irSqphgjRnr+L"
    "TJDBLPGo02VV5Aqaa7ZN0fHdMhf3Uyn50Dus0eBOF/S5xwREGJ2KUaR+IQM4fvg5jbMsbP"
    "sWXmAtvKpXeQHo5q4y383RROcwET09P0Ym8NBZYIJ9Eixm4d1T1Ffgypwe09nIWIyx8sRy"
    "atrQkgKu675c44hXKJc/2yG54FUv/ptaJsYCW5T4PkxkiT8xSGKq3+PTt7D8w1jXDKwVsT"
    "SxJrD07CAELaj3wCYvk8Qfdwq7OBUpqDA2AoMssFyFubBG1K0xoeHLYX0KKipEuE/8pnyo"
    "+J3wz9mOWSteMQd4SVfmjNwxLhPx4tvmWhgebZntEQedRvPbdb1KxP8eu6r9WSXwp8eajW"
    "/fu1XC//XYbb32R5Xg3x77Xrv+2hcn/MPw0vw6WvaH5TSnjt2leIsa9uPPldPMKnaxFxT9"
    "FNbUpf4YLu863dYNlnzxjnrsstXstlvX1/ysf9xj9U4XUORVXfxD+Gjq3Z+t9h/9y9bNba"
    "0Jn1LoBJbVq7WxIDX+67GLBurjvvUbN7ctPB38jSVc2t0m3to9KPKZZSrUkVKnI6ZMhx7r"
    "uJSibdHjJau3tZkkJCRIhi0pDcHbgk1pSZSWZH+0JM+bUMuaHcTm0bJm6UI+81pkC+jxEw"
    "nzCoujB+B0xyhWYh3EtVAdcO4by658UrnII8mH77NfXhI9+SpkuCJTXu6RrQjm1kZhNc7B"
    "sATPJJwKMS2WLsR32xRt4BPUxxSFejcrQIUs5gGdgYVlF5NdA0fwBd2bIq243xn/UKWIFu"
    "Ut+OqrayVF/pbHsAj/LNOXmoO+a1/Umv1vtU6V+Ic9Jg7r1/XLbrtx6V3yfvdY+65du64S"
    "/q8cHG7wQ8vheBAgVDEmEfEcF6y+WKjzS+oh4rcotOdxiytnpGSJMY7KHqY1hilXKFgnhr"
    "TMS7cK2XFtjtysEcdFe5dSGWlLapSVl/YMRWiHWdJxNCbGra+urZnT00/ScVyV9WSb2Uvc"
    "FLnhATcj8SAcLGbuliCPzUPrNtWcgWv1mvF662jKGhm89rqt6WOiO1/8wue8FHuk8rlvM+"
    "MsuEj2hSkCJNMa8JGk7UXocLMWN6HZeBeP8e4xnqtXI4Oh5oymA3xueGbomUcXabb7Usvp"
    "Cmu1Yx0Ui2IJWjo+JNwC50X8vLPX4UCYUKzHfNwxY654VniGGfCTnvnNMzCKpLryxaWGkU"
    "zv55rl6JoRKARD7Q8ZTXF/+eZ5V4L1xgmPVTn20skO3Gabk1fyad4ii3R8ksOuIU/+rAyS"
    "TPOmuSNv2Y4HLzkZrEynapKWLRNsUA4eUf2xUMbfEKlK+VvqgVYeIkX9/JVhXBnG/cnguF"
    "O+0FzwiEs9FWqXl/VbPrreEQ5u/aoDI9n82mjDeDdaTRzf8LkeazX77fqPRv1nlfiHMPB3"
    "t/V2p36Ffa6PewwXvat27Sd05h/2WLv+7/VLfn/vqBxDzyXFPPKRT6CKkYV171qsdjgtL4"
    "4WrxLeg3ip00wKttMUBdvpUYx5I6AByDplQ2TKqSK8/C+GM91xK3TmgzaGVK0LqS4rlhQd"
    "8kSflT0MNKmEnFZCn+7mCnvyhNwCxBlLepRz4m5EN+brDSAMz0Gad9fX2cKnJvC2qDGOwp"
    "4veorrnb+KzvZoagfZLp4AuK/Z/dHCsmicC1se0BrsEWvIS6ae/ZiwCZjNLfqom4snzrS9"
    "Be0FDI3e55lsb5Q+4I1mx/5EapzN/LjkBR2xeOaYaMNA4uwKz6XNjWowTcZoxf5CNMMgj8"
    "i2UFFx8uHnVApwI158W4Ld8bnuxg2OomDFw3I6iKnwQzXL0LEmJs+tW8F84Cg0iOZ+zJ64"
    "KrfnOUMqPcZrZfI84zbBVLL4fyBiInm5AezFNBML+vwlW4YfYJSUy97rc5eVFLMbH6MI7t"
    "k0OR5tuRU5F60f9f5d5w5d76QfPSZ+3LY6ncYFxoYFf/cY1/Rd9eFku0qkHz0G9/uOWrq7"
    "Dipo5F/lUNLI32tOk2qY9E1aVvNEjPmrcU6gA3RPRrmcrMb2wvL8TSwnykFCBXM6zIYO4l"
    "0BlAN0CuR0kGe6jY4BRTddibzEWuCDzs/a7S1smGjI7VRJ4GePucChVeymViWBnz3Wbdea"
    "HdiHof1V41ujC/SRUz120+hgNLf4XSWBnz1W/xuQeNekH+XYoO3FPRZpgG22iNtTDPVb/O"
    "jy+D95gmNeQ4BMpewAmzTVvuT3ZEV1VhVLSYHNoKeWZ1aZgit9I0GsqmZtQEhT0kitNmpn"
    "WozrLTRRqeCdLRyYMYWR5KotFT8IVE44O5OctMXVCZF8uGnoMq+cEFHZvPwjeOmX/tv1hV"
    "6uK0Z8ISL30JAa3u27xy4dNjWZsRLtsd1Yt+eGtuLe7fYhwT59z2trwewec0xyfET+5V/I"
    "YKzf64494O7W8AVajk20e5ijIm8Spl1K1ur4ZTp4theYQNIpWCV0PppK1fPqy3MlRdXjj1"
    "ME+/RYP5lOhfqpxEk7nDiJL6vx45Ug2XoEZR6kgi4324dX7DB515c1lVpdwpGtGt+D+sWA"
    "jSF/OYSPyg8v52ByioQyjRII0wVCn0N8ojjol5HbTVA3CoPynHpKNmJte+40e4R2jE/I0y"
    "DK7QeyM0g9p17hJ7ysuUwqzi5draTpFpa8XY7C7C3mxkePMUOwkPJ5NLIfr4z+FjxSj7s9"
    "6E5MiPh5pGKjkOrPSHxBR1Gx0cuyJDXKEWz+e4q6YtdfSWSRwmB2R0Tpi+c3YKLZqOPghS"
    "w12zkkXsqrKSpKHujcITgb8f0N6sWkm5OJoTNMYA0ft6tF6TEvtzQPmfcQ86PYtXElkL6K"
    "Q6lNvFqZbyrd894oOMqZCGbzWJQmyI8nmejDt5Bb0pAJlRQXVjoUA1WmU5iGMXVof24a+q"
    "hwsrlQF2VW8Bw063/r9m/r7UYL/c3WPzBO8KvwQnMPymHfdrdknL25tRZhWjX1w6bsAlm6"
    "VH6u3crP5aYXvtAMvnbFSEyhFqlSk5fKdyg13ig5XYiEUu9sYjNtbk9NXvaFWx7XNWeIua"
    "T2F8zeZFDNTd8ErcZ06HA7o/lIrbm2EomubHIUlWae7zaKf98x/h2HM0Y1o98nmw5cin3a"
    "I34/OTk9/XRydPrx8/nZp0/nn4/8HSN6KW3/uGh8w90jsN5Ft5M5ZZrhxHBRabhLRAr6wt"
    "BLq1Y++EOEaggKD4Fm982YaqDpKZ98IpXsqdTJnspWUaOsmqC8Fr48LHGG2hstRrsm/Mlo"
    "DXxC5Y0yDMD26248SdC4WtAkm4x3KVW0GAOHnd0ac7EKmS54alvTMMwl5q4VZgC00Qkbhm"
    "7bC4ygBQ5/rumoskdPRY0IK57b3GQxQsXz3UdJFTsmVSirwBOtAtDfAlnNIjrsMO0+sarb"
    "UObh8lkE1jWZQlSpR9+cetR1wYnjWrxLqVyLLjXKUOAb+QDuLuAWxuYqSa53ZDRab+uMu0"
    "qcfVq7TZy5dbUqRPLD0PyKW14kyUnYb+Lso3R1kugQUrYHRPeOjn7P7Oo6UMWrFMA1uaij"
    "FVEFj7Qi2qBbBvJeRJtSbYwNGL3XsMEhqRlY3rvHzDllGDTlqrHJ/yEj+KJhgsCRRUeaMV"
    "qgUQ9/ugoq8pvo9P+SkQH3k2jfa0BMRw/4tIMFw1YDPxIH/gtnEryjYB/hFMcRo4P4TW3B"
    "Lrr3WU6hIX2k1op4euh7E9o4pqglbhowqRyhsBalHN4PbGo9wiQ8BBbznlqDDxWi+bzquq"
    "S7+8BVv2oDXl8JFx941h5zG0BTXx3uPtUhabiPMTaXjGd00Rw/NwwZ4vzxHtc+JIN73e77"
    "G7bAQzy9dxLuwas+6RNMGaMz7gZ0fMr/8jlwcixO8WlxzCfQyXmFHH/moMFXRq2UEnCShK"
    "jqve0Ca80Ws2Gch2/yRrum2M4u+6psdHCPPcuyxZ4l77DRoGWVrLygxCLk+ZzlLgJEbxo+"
    "lC7yYbemeNPAhRiUnEadKPE+yXYvbNhxOcN8QyARKegLQy+z4vnwD1OqQVBm/R2EXouTRl"
    "Jx12IlEgV6jvU+KN/nXPejxGooCg+F0KbkG4E1zd5EKL/0B8ATd/KHLZz2M0D9JjN/5skp"
    "FlKX5VGDxJCWOJlfQYXI8ecs+SU+J+eX+BxGvGwOPeWd0MWD9hPddHKH7T/BUaccwG7fVS"
    "cBc4x32U5xgmud7bCaJT12X0gn+paQul3LOvsI1nayQexvqoOgwCZMYE/Dqu0Wgr1dO2bv"
    "1u6dB6s+Fmd/ImAuULfQ0x6B9QJuD3yRT3Z98PaAje4PfcNrmb2Gimdx95wNeAZLtDlbGr"
    "sHQm08hqvDFdGgq5FjWhUCLQPWeWy9nK5SSqds8Sa8YspQs3Wbm/cfGFrCsV+cbfcrnk4T"
    "XRCoRbkXBZrEHYqOobrzhQxE916hFWhDf8EZYyVKpPQYDD1qDtzHeGcThBT7M2144hn3w0"
    "BnB5jjflib9IbJtnDJQ0Xl1ywP41whKr/mS3rz7X15mnqz3v72Z5WI/z3WrjV4Gvuvtctu"
    "C+vOBH5jvP9l7fry7totPxz4GV5Qs3kGbjv233VryqMOkUjKPFhF9SCZnC+PU5wvj6OlbV"
    "8t8exL1Y/Yq7yznG/pJ7lLpW8PYdpCW0TJuOct7hCctyv6JfjEZf4UbupdrEDG//VY7Ue9"
    "XfuG5crEAVYja99gFbL2TTkmu+CFcxog1kRvsJTJWeUks9XhHwuNObqzKmDkCZO+QaTzFY"
    "1ZwGvaGARWAOwo8VuE+6hynhluIS7nsxuvafZJcnpxhy0skpeHYV9TlHjjLMiun2Zi109T"
    "2PXTKLvuadxyamYCVMpymW65lFRmT7RcSjFkuwnsRstlcGaVqf5UyDyXrOaWDHibNd2SZ+"
    "NmZfd3c4k5h93QroTcyW4A3EQKnPPjnsjx+TkRMXaH5PjsAxlh0W1eCLzqpyRAnbaI2BL5"
    "zHCWRXXir/wsSjetdNNKN51QncW0iuSVCFC96XAZle/v4OWZ/ZQc3ymTNiW/99uas8nJvJ"
    "PRS0nk/bbAs3jKbWqNYjMepqtTQqRv0Tv5Yw7d1Vh/1O04LeymWmw+2T6tsdvY7pV66pV2"
    "LKU7UboTpTvJoTvx3HWTdSeSQ+9m3YlU1z2LoyCmXXSW5roaFa9Q5VelXvIc7ViWWuRXrL"
    "iuepjbXVuRIXWWlDL0tpvFeQhuufdN+g2/lrnSb7z68lVJ0W+o6LeXNo6OFpaVFPiWPN+D"
    "VE+Y9yUzIT1lVitO51lBnVv0UTcXdk5UQ2RqqoZtxmJjzIlqiExNVsWWvyRbHjeDtwBuW+"
    "pqT9ENfbib4fXWz63AmzX8sJxL7UZwQ3tNANx2vdNtNy67B3HclwJ3M7hBljMB29eR110X"
    "hrbGHycirMuXK2mSuuse0Le8lhvF9O4UyymvuKGfB8/xHL3aHEslu/Wiz44n4i85Pfn9Qw"
    "XTvbr6d5CtV1SzRAVl7kLA6yUMHjVDB/TgeBAV3V/kjvHivN2H++DldXMlz78+31NJkefX"
    "YxZStpumQTWWAL5PFBqAIVA9197sn3lZbC9arWvs2a/DdNEIKdKbdzcX9fb745BEH5cqro"
    "hBTtniMqtKpGUninGi1ThI9abtxgIKx8wPn6B5InjlZHxSsItIlK/D3rQxcu1an+lOHHcj"
    "XU1lbkT8m+E33Mjb3M2JY5KpuSTwZCvy8HMK7IMogqARSdUrsgkEfCrP1uUM3DIHE+mYF0"
    "w4pb7HJRY7QEPEaIrFafHlAQKTUDaOsj9leahYDmkEc//etLiDSjjcUPFMu8IzyaMYDeTY"
    "HAwp05c5DPvgrn1Ra/a/1TpV4h/2mDisX9cvUabzLnm/e6x9165dVwn/F/48s8SFbD9S/t"
    "WjgsvGFWzRW2cxhzUu3hSYnIRUptmjMOuT47NPZ59PP575oPpn0pCNgqoY2R1mxkLpyeI4"
    "smgGsxS2zG3clwpRb+bNbkxGV7xwkZ9taarxYlCYtAndNphX+6iCCZ7QcwPLKpGltkI1EQ"
    "avRJmrrfW6ubjnX+F0opru1QyBE9D4L9kQ8XfFIpWKRaK/HGoxzciZrjdEtneliz5mYW0+"
    "JrM2H6Oli9afRdZtQiJ5c3uE8jMugZ8x7JtxuCcvCz5BmaWlgkvCsyStUvm7989prGQiz7"
    "O44aic6NvNiR4zfbeAbXYXp3LO2ad4OMEjkObd9fVreTJ0FvO5oXOJKSJW+tcqafKkLbfK"
    "EGZgzvyawphfN5gb4fO6zLGrLBcK8uE6W0KgpPH5+urZSORPiNKdna7LJgvlexy1TDxMaP"
    "rRP4/a+gqB70U3uEMEA1FjgyPF23l1zN2MbiOCKbHdmseYWdmcyKWHqSg9zP+e8AsnR+T8"
    "I/xzEztzVxOYcuhrgsEiIwoziUxNmNn8Gtx0QQ9JFz6nOSws1O4xDBuZmgvLvSs8GxZzJn"
    "MYBSejqkDJ/qWS/cuovHxVHUA+sZT/zyEcee33UTbKpC85TlGYHEc1JjrLlYHNbb6P6J5k"
    "AfckGduTMLQP8xhPsmRo3eb7l9nu9wzA/p6I6+9hWM17K9eU9drv45w9zzJnz5Pn7HkY3K"
    "HGHvp519wA0R7CfJYF5rNkmM+iMOujXACL5nsI7ZbXhkSNSYo2dU2yh/hu33tkZFrA/M5N"
    "eDvm9AsAntiBgj8D/Np4DOglZJ5PmOFrkr2EOBvGaSBH7YjTxDoXCVbE6VOKW5Qb4e2bae"
    "mMWgDJaNXPDXQM6f5xzM+BuKYb+XB2CfYP3WexMdq6k6/2kNtewZsJXnMyQRMEV43mEv5C"
    "dHu4PB9nYjKOU7iMY8FmlMRjsKtZ+mRyEGPRca9U0uw5zrpNpmjUuQXzQ2RzetANc6k5zm"
    "84WzAKVNTSqJAftS78HBmLMR3njz7d+h02xlJ4hbZUTMWuGg1UTMWOxVS8Wl28lxooVRhP"
    "hcBkC4EpW/mqskGdIco7V/2qMhqYSwyxCvPeJnamNYZP1aITalGWr/puDGmZd8DXVk+WRD"
    "r7oTlJeYO8S5U0+exRc3LmC0LZSPI0O+a+ZMdnvvMVjzznQVhc0rK5g5WcxSfi7WWZy3d2"
    "Bsntxe6snLp2TD5TuWsKcDXnOcrNlpGp2SGvuUIbstqKd2srro3+sdAtajVNB+MPYnbkUI"
    "vUjVlz2/bZunGm/VlnQ/MX6jdHIDXjm9mHBM6vYFM0H2HfM50pjFGVYG4YMtMeYJ9c2ESz"
    "H7ieE7dG+I6caYWYMPXiN+Lt3yJWh4q96WMh1duL4X/REV+rH2D2RhSm0FoEoKt46xJuz9"
    "JAZrbgSzR7ufhtW+UpfSGZjZ5rkj2EePtWe77y5MDXa7+H4J5lAfcsGdwoi+lnEtHi+HiX"
    "WUzilAKkaYwmHuwg+Clgdxs39U63dnOL3ft5QJEJxSsn/OwqdPb9x9DA+J2Qn43ud4I/yX"
    "+2mvXwYu+36/4nxm8eaAvHBA5l2dfGMibeae9UYKDHJqMFBlki28IA746Wb+fGV2LEcvBa"
    "QSoV3p8eii5lWwoCnDtcWsrytJvAbk6rH5hZpcr8fqVPPBk/RlyUrlZS8767LzgOtt8oLc"
    "JcITA9JhMMaTVM84GXTPviyW9Et4lNHcegY8yWpTs2NSaHpMUoMeeUeS40bMylOo24jxEV"
    "GZ/xPkpTu2OiYDILvdkxYxfY6YNW+6rerhL+r8dqN627ZrdKxP8eu7xrt+vNyz+rxDvqMd"
    "hvu+jJgf96rF3/ete8ql9ViXfUY3fNP5qtn82+OFMlwd89dt3qwD3wb/jbex1RNLdX6B57"
    "gz6H9y0sdXo+hNcUCuNsGE/MBSsii8p0ShAttaDiMh0FBjlIqcTRMo+yEkeVOKrE0Uzi6F"
    "fdHmlGWyRGOoiRSIMNKmlC6YQ37VtS240Cac1PygR7KLXI+dlv3LmHu/gcf6oIUdAFEIuH"
    "uVW/QUwa47EeI3xuoU9MQNVxYPW6pyirov1y7YXkduTW3KgQ4Ygc3+jMa6Q58HzDhUPj20"
    "3k1jCLXOkWG6/IBCVh3YE+hCVV+9VjNrUe9WRTqrKVlmslraQIyCrv7yvl/YWdKSlkdLNq"
    "wicus3h1cFtvXjWa3zAehB/02BUwXVWCf3vsa61xjXoH8b+IJmH7gSG2WHZzGbXXJPsXzL"
    "t9XU1S0E1KSrekUBuFb1yCEG+rzwNxgEihvBnlhZUrm4LbfP+QPc2kCjtNUYWdRlVhXtHv"
    "gr4ZIWKlLVHaktfmhF6Exw+4f6NSOB+mAaItZuYvq9u80j7tpPYpPMujo9BitGvCn4xj0P"
    "a72cGJvRH/wFedBf4nKfSu6fiegvjqWKuDGHWefLmSpswzeMM+9VvmqfA2Mx/puErgRNCB"
    "o+Kf4nECAplDUpvPKRv/ZjJjlVri7YndKjXZTqvJ9t6P5Lb2500dXUfcA88zxPMLKYd+Zq"
    "rhZ1VIMAiRKlu5kgv2YmiVXKDkgtJN1OeWC9agGzqjMa5pFy7Z1z/a1ND4WySiLdjSa53t"
    "8KIfAfyfSnTaQdGJT8JEycmbohsFJ8NruFFuQq93Wx+LBJWMcImrSsZ0qDvoewALoO7oj0"
    "A4sugYzjF6r+GJDXLT9rrNIjfx7pXUVD6paWiaD0WlJo+21FJT7fI/7hptdMD3jtDnvtNt"
    "3eA57wjOtW5uGp1Oo9WEs/5xOWQq5QHyWpWfX7cu8e5YtXKIOP5WkANRmUbJjOkyjq+Sfa"
    "KEE1IF7ya0G1lIeWYlcJCZyhc9Y8Hncq4CT6n3vHWv5rBnAgypZS6TZU5Pitosebbd/tqi"
    "u/0Yqn/mlHw8ZUeM2CPpQTaGI+e2E2mYptEGdnuOufadqWUu7qfcx9nLhYUhw0NzvCJwS0"
    "roI7WITakd6/e9rY7R+Xsg2KsBuTcpr//rzna7QgYjczbTbRteZ8AlKU0fkyFFWcs+JAM/"
    "h9uAYCnhwRwg7y8sY+BWMaY95j3DO1vkw0Lf7qlmk7XjDD4GGWDgdF9z+F2WU8r4C1gUhn"
    "ukG/DAmv1gE+0eBr7CR5Q36jGHlz4GGi/a2qATh7+D/QC94m7DdfCDKhnqhoEt8O4adLD2"
    "qN+Ynmudqy6amGthgwQs1gWQLjXHV/krAbF0AuKLe4MWwH2H3RTfgI/5Zbte66IbuXuAds"
    "tvjU633hYx7d4xliYIe6N37i4v63Ue/O4f9thV/fK60cST3lGP1f922+Adugcg0deal3Xu"
    "v+4dwR1q7W6jdn39Z38dVR89FxdzX0QT8Ay+w0oT8DqagPWmng/8IJ0agMIDIHT9NIYHSI"
    "Nfpno58I/2CnmVq/MFFvZXygddMoH1udN1esJWrqks0ewfxueZwkPOU8JDzuPCQzQ7bqNM"
    "m8kexf5B/CzJaIJycx4vuyClcrIruZOdXmSMJTIVXFXm8R1NsVZdoc84QKk+41IPs69Tzf"
    "0hy4TqUy7zGLva+LwjLJGp8S37+Ma4saaXIvWJ9kb5sI0CpJL9J6s5RyJRDiDpDiAIVRTa"
    "3A4Kd243uwnpRvcEaUI9wbddlGJ6ond7tAjUnmAe+OjXucifCFcwCfo+QuXmp3siTpHUfP"
    "sIlRSHrG8nymTfPN6CzpePlD11XrkuP/XH/Yp/CuldrC3BdAs97StKwrr2RJwyhyjtKERr"
    "f8QnA5XHFXFn0Mrl6FnMcVEsVcnei/5StrmiCn3M7MhY8/JPvLPJVMckhKtA8FSVaICAfg"
    "97DianGOpjmwitnh2XtPZpneVMblGJROMr17xXkfMq5A1nvCiT55jwA+u36/9xBxLi2jNs"
    "fcZvI906fMZv46VWDfzEq5f1xm233+h07sRl+Te8Z0vcW/wPrxJvxietZGrO1/HLUZlW3o"
    "jmWWVaUZlByqQ6LXG9ClnoTub3PZl8M7s/91pu5PZ/YlwR5plzI4EIMNp2oJREhSx1x4sy"
    "Em00DCgiS42XkGBRrn8bnYpwpfGjxmOOeKgQdLrE2hZDujLZ2D0B7c2lyJ/HuxPlOvxaGS"
    "ItxIzHUGlTqo1TwoDWX4BIIwEIwagFLniBlOHgICVilErE8Mcvgn263VOm2yen921YP73A"
    "2PyRVVHKMotvpfGthveEvsYFAI9S7qN76rbTlcDt+GZZAPAY0j2c4mdZID9LhvwsKoOPx7"
    "Co5yoAKpHsIcTPUvZAZ4+mPqIF5nWUcv8Wku3P6jm1dDOG70PlRgLf4VOk6TR2D+kUZFFF"
    "8foaudKtBq+TL0qIWTmRXxMp6FV86M4h/8pJ0so2/beTJc1jGHKqPQJUKvNcOPpT6dGVHn"
    "3H9OivnX1uV8HNlH4uZsXdAriNdU87ucxuxDa4zQSwhUcgzbvr62zu88qB8LVc4rrUmon1"
    "Pt5EJq5XstjIHL/pRiPZd3NJDN1xDMqT303h52wxmnITl1dwfaatyBBodUYezDkdPdgV3p"
    "hbqdAwNVrYjjmjlkjeh2Wd4rL9Pd+t0KD2QzP0MYH1RTd4Q0Z/OcQyl+9sMnjEa/2JZc4G"
    "GV3vlNGrVEav9QDmUT0FqZ6ofiowEqXRPs10ps8WMdilCeISkVKCFBbFZ9qvAtCviRT0ha"
    "FfJ3rrz6k1ipWBruhIn2lGkukrroPwOiJ6OHR72sHRSVtL6peNm9r1+/PKKV+27X/ABs5f"
    "W7YelCJvVtlQDZvQs9nQ04zoHOmIoP86Xl0uhx/Dra55/2Q+dV1KKWvyaXMiO129wxzOli"
    "MyR4PsN5kQmwKXiO+WlGU6Rw/ITjYcmwCfhB5WchJqoNPHdDY3HZys2KJQoVLhemWpqqUl"
    "5DWVqe7V7EUvnKOudLA/v78EX+pyqttlGqVsf3vZwgMBVn5kVXw0lxdEJf6Ht+LXcX5TiV"
    "yjKG8/ketE042FlQtjiWT/EH6WHKMWhTctmLguTKtCzEodYkbRCabAMMt0Kn1dmUfYEwBz"
    "sGISieLElC+J8iUpkY248lRfEi+ycTvI7lmWoyi61ssXMvTztsW7RmSvYZg3EVw5d+HMee"
    "Biip/mxyxfLrhdQSy33n2dcSpW+R5ISJWmgQ8W5cySO8nQGa9Nj/pwd3HzKiBaK/K+tzg6"
    "0obw9+zsCP+enq//nh3zvyfiKuEXJvwvJzg9Wl92yT5Kx79j18PhB8yoJGaVeBauvPcKIs"
    "4WtkNwN4vL1LQrj84jw0VE0jow3Gv2AIwkDyQfrirc8wVrYB6SGhHmlHc2EWpoXkiS3sPn"
    "9EgPyc+pblDodV1Ekl/nszTgUOMW08Rg9TUepyfijSn/eyxBdLQ+I666GGj+28N7FzKOKH"
    "tIqewhqtxkQCmfSSefopIvQa6msvF8r1RETYUyFnImU0mu3oh+iv6am1YxXXOIVOkhyzzO"
    "qhTO/o+xighVGufdABXF45yISiQvK+6VEkylvlehoGUHN1MoaB4FfnD9iI6Bp2bOOAJC13"
    "ztdrWLC8fGIZAWzSz4P8lbHCY0te2mye8QUVpLVytpOmuNtwMWx22YLQGottZwYnAhKlFR"
    "E6w71YDzt7ZEbahuEdSDVchySpkbeLiqELglHJgJ2UC3eQeuAEatL9fSXtYuGk2YD63ber"
    "N+VSGXrWa3dtnt9DvfWz+bxLTIdav1R/3qkDQccm9Se5161DDvdZZZ/SqV3pJldKWKLZcq"
    "FidGvCJ2s6+pR1tqV9NO4xtM9H6jWSX+YY+5h627rn8ajtHZ9LLbavfrzXbr2vU6DZzgyf"
    "tbP+rtP/uXrat6/67jJvAPnesx8RlV3c+px27qNxf1dr92xf1b5V/+tUbzR6MrXXV/+9ev"
    "W5d/SJfFT//qXTN03TvRY7e1Tudnq32FIFWJ/Avep3Vd78MEan7jbyL98tH42mp/a3W79a"
    "YPh38GyyjIC0o1tMDA9cACUw0tOHD9rtNt3UhvFzohtVi/YeSU1KpT73QarWYHxuwq0DZ4"
    "ocfgKRo/al041Ycdqt4EaCKnYBwbzT/wB7w2H075p3vVvdH6OLyov44ZwDKNwm7kHm2pP+"
    "3L63r7Dxhg/Ife47f19o9Gp9VG93HvGIb56gY/fv6vyMA8h/f4C0ellEwL9gJBKcqi8Ea0"
    "kKrKsKoy/Npyb1KV4cta57J2VX+tMhm1xVh3hHNbnIi8vpouImO7tctdZhF5RtFjA6VWIa"
    "yO9bHIu+OYKJbOUNTkvkiSq5Twczo7lXyCxpJn0FA4Dp2FnKEC/lSn4u/ngKtUopRdqodE"
    "QT1Q7M8t9We7tf68Un8VwqcYwG2LZ7VAKuWejlxox3G2QfofmuNVFUR/ezH8LzpCxdjACz"
    "1/EMHrGiYzEgoFLumDXMtVCLpjkznc12SawVULSAcfrk1ddJiJj4RrQI9BXxVim6IbZjpT"
    "9CubYl0SE0FdcbcyV33wzia29kAPifdQ6yeCTxwfCR4Inxm/qEGFDFylnnTYN3T2MPhCBo"
    "Ilkmqd4C1h2RkLRzYTFRP8ISwsY9JjP6cmOrcRAEvcEm6Bv98PjAd39HuLk6OTj4MP/PHh"
    "HQdemGrWFE9/BQJbA2oPDM9fj0TsZVWLsQy7YZqyBNe9ggKVS1pqeUqpSpSq5G2qStyVOY"
    "9ILpHso0z+TAjnzRMRoFKproOYmnN85djCXcnzNkC0fzP3mWLklcLumRV2I0NH14gCJY6i"
    "lPsH+dl5BsTPzpOr7pwrBekbVZC+Ynqmkn1Sz6Ih5VBtQUXawX5uqBfltJPIblSUyvOqVB"
    "WF23RkPlJrdQk/D2KDYKXrlfQoWNESwBhn9CmCoWdjG/OTe6oyGzphY2g/clCVhWkhkwJK"
    "P0lhpUeSbpGrJM+EwvJ3IoVRUl89iUrHLwRVjVzj1/le++3k/CMq1B7oPCbmtcTPGVuhWC"
    "h33emGw9GfavZUFSN+/fW0kqJjWw9UBPwLnWnWKoELlMlCozBcOdTeLzbk4rp1EeBAgNW7"
    "aDRr7T/f39T+9iHAhly3mt+89vJgXPzZrdfCVXTtQiyhRKaCdsrMDQbWxKxLW4BImczTGc"
    "IZjY9tf2aOsKTYbmQJA3OrTNZzGf4YjjA0OskMoeB517MiAz9ozigab9ECTZam9WCvGa7F"
    "fG7oaLWU2KxIwgzBYAkLtWuIHksGZ81PIMK4RXTtbP7Olpy8g7zf6z8TmsebJvKcFnW8zC"
    "tBDhQewybA/9EqZh3R0TxOvt/ULr3WaPdG+/VAtIdVEr7AAcHioFaPuf1h75iEHW3p3OQM"
    "r2qZMzKgzDINw014YrLK2lg+0S0bG48pGcE04Snfv5CBodlO33bofNBjrp17qhkTMtPZwv"
    "GTx3AyxzNh405KkFA2qos2AnZnqY8ogDHQ2aPucE2u9x7iHhaVShatGyGOOnvgtm2bovPD"
    "XLNt6HOs6hftIp9MZ5pu5NGT+gR7l0Hl5Pwsg3oUWiVXwsBroaBR/Hj5jxwYB4jKbOsviP"
    "Qz5HjGpTM3zkEqBXQGoOeaY5lsNdNHeYAOUu2fYWX7OKuoi5JGXXjsToJyKe0bCBHu32ew"
    "tVpSoVq7AQY1n0IvjrqgXq9k0L+CWo+DCZILFwzyKvcixErFV2YVnyzb5vvkwpRKjV70e5"
    "NUBXm/thCp+tbK/K35Gp7oKCdm2gzQFEq2WbIBdXNtnhyffTr7fPrxzE+x6Z9Jy6wZU2TV"
    "olqx7HFBSuWYVO5vxxw9FBrlAKFaH8s2xhHbWLL9JhBZE+P06WX0//rH5lz+wXjGnRzy9O"
    "IHAc+iJ4IV9mfazWUwHS+b8jrbT0SK2/k6oqt9QurZTaceZkm2UwnTTcZTW2qaoaiErd+z"
    "33RGhiviLE3XNmhj0CmlzKtW4NruwjY3x+RmM2Ghiyv7sN3Os4SUBt3Y1hyOCg4tl0HOMR"
    "9gBuT3XAvSKZm7UlDmfvUIkrKNwXOHkPC0F7ADxCUoTQY7SLWHQD9PeJSSifdVXgryrJyJ"
    "yDvGEpka4FIPMP0116G7YvUvJEo1zOUeZlVpec9HWDnSK0d65UifKQ0dtfTR9CAuBZ24Uk"
    "lNP7dus0n1kwzplp2bE017sR92jE3PHb/yutduxaKXrCp5pJan0MsqNkokeygznpxnkc6h"
    "VYoHc0Q+x48qB8Ju8z1E91lywsAdnVjVx793Ws2kGFWfJMzc6SOH/C8xdHuHS7TEgYtgBF"
    "g6D1Nf1yfBfRmj6cMOLuIYhZfczP75/wGUX3yb"
)
