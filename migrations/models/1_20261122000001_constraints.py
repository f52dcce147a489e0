"""What the models can't say: partial unique indexes, checks, append-only tables."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# table, name, condition: what must hold in every row, whoever writes it
CHECKS = (
    ("user", "patronymic_or_its_absence", "(patronymic IS NULL) = has_no_patronymic"),
    ("user", "phone_is_e164", r"phone ~ '^\+7[0-9]{10}$'"),
    ("user", "email_key_is_folded", "email_key = lower(email_key)"),
    ("session", "session_token_is_hashed", "octet_length(token_hash) = 32"),
    ("session", "session_ends_after_it_began", "expires_at > created_at"),
    ("one_time_link", "link_is_not_guessable", "octet_length(nonce) = 32"),
    ("one_time_link", "link_ends_after_it_began", "expires_at > created_at"),
    ("captcha", "captcha_failures_are_counted", "failures >= 0"),
    ("account_link", "name_is_not_blank", "name IS NULL OR btrim(name) <> ''"),
    ("holder", "holder_ends_after_it_began", "until IS NULL OR until >= since"),
    ("meter", "ratio_is_positive", "ratio > 0"),
    (
        "meter",
        "meter_is_removed_after_installation",
        "removed_on IS NULL OR removed_on >= installed_on",
    ),
    (
        "register",
        "digits_are_plausible",
        "digits BETWEEN 1 AND 9 AND fraction_digits BETWEEN 0 AND 3",
    ),
    ("reading", "value_is_not_negative", "value >= 0"),
    ("reading", "reading_period_is_a_month", "extract(day FROM period) = 1"),
    ("tariff", "price_is_not_negative", "rubles_per_kwh >= 0"),
    ("tariff", "tariff_ends_after_it_began", "valid_to IS NULL OR valid_to >= valid_from"),
    ("range_limit", "limit_is_positive", "up_to_kwh IS NULL OR up_to_kwh > 0"),
    ("penalty_rate", "percent_is_not_negative", "percent >= 0"),
    ("due_rule", "days_are_days", "document_day BETWEEN 1 AND 28 AND due_day BETWEEN 1 AND 28"),
    ("due_rule", "rule_starts_with_a_month", "extract(day FROM from_period) = 1"),
    ("invoice", "invoice_period_is_a_month", "extract(day FROM period) = 1"),
    (
        "invoice",
        "invoice_adds_up",
        "opening_balance + charged + recalculated + penalty - paid = closing_balance",
    ),
    (
        "invoice",
        "unpaid_is_a_part",
        "unpaid BETWEEN 0 AND greatest(charged + recalculated, 0) + penalty AND penalty >= 0",
    ),
    ("invoice_penalty", "penalty_days_are_a_span", "last_day >= first_day AND divisor > 0"),
    ("received_payment", "payment_is_positive", "amount > 0"),
    (
        "account_balance",
        "debt_or_overpayment",
        "debt >= 0 AND penalty >= 0 AND overpayment >= 0 AND (debt + penalty = 0 OR overpayment = 0)",
    ),
)

# name, what it is on
UNIQUE = (
    ("session_token", "session (token_hash)"),
    ("one_activated_user", '"user" (email_key) WHERE activated_at IS NOT NULL'),
    ("one_current_holder", "holder (account_id) WHERE until IS NULL"),
    ("one_living_link", "account_link (account_id, user_id) WHERE state <> 'ENDED'"),
    ("one_owner", "account_link (account_id) WHERE state = 'ACTIVE' AND role = 'OWNER'"),
    (
        "one_accepted_reading",
        "reading (register_id, period, taken_on) WHERE state = 'ACCEPTED'",
    ),
)

# Every relation that a read follows from the other end, where no unique key serves it already
INDEXES = (
    ("account_link_of_user", "account_link (user_id) WHERE state = 'ACTIVE'"),
    ("living_session", "session (user_id) WHERE ended_at IS NULL"),
    ("invoice_reading_of_register", "invoice_reading (register_id)"),
    ("invoice_reading_of_previous", "invoice_reading (previous_id)"),
    ("invoice_reading_of_current", "invoice_reading (current_id)"),
    ("reading_of_submitter", "reading (submitted_by_id) WHERE submitted_by_id IS NOT NULL"),
    ("consent_of_document", "consent (document_id)"),
)

APPEND_ONLY = ("consent", "link_event")

# Of a registration that nobody confirmed, all is forgotten: what was agreed to as well.
APPEND_ONLY_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM "user" WHERE id = OLD.user_id AND activated_at IS NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return "\n".join(
        [
            *(f'ALTER TABLE "{t}" ADD CONSTRAINT "{n}" CHECK ({c});' for t, n, c in CHECKS),
            *(f'CREATE UNIQUE INDEX "{name}" ON {where};' for name, where in UNIQUE),
            *(f'CREATE INDEX "{name}" ON {where};' for name, where in INDEXES),
            APPEND_ONLY_FUNCTION,
            *(
                f'CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION refuse_change();"
                for table in APPEND_ONLY
            ),
        ]
    )


async def downgrade(db: BaseDBAsyncClient) -> str:
    return "\n".join(
        [
            *(f'DROP TRIGGER "append_only" ON "{table}";' for table in APPEND_ONLY),
            "DROP FUNCTION refuse_change();",
            *(f'DROP INDEX "{name}";' for name, _ in (*INDEXES, *UNIQUE)),
            *(f'ALTER TABLE "{t}" DROP CONSTRAINT "{n}";' for t, n, _ in CHECKS),
        ]
    )


MODELS_STATE = (
    "eJztXW134jiy/is6fJlkL53Ne/em773nkDTTzQ6BPoRM72wzx3GwAG+MzNgmNLt3/vutkm"
    "wjv2LzkhjiL+AXlWw/kuWqR1Wl/1TGpkYN+6jmOHQ8cezKFflPhaljChuRc1VSUSeTxRk8"
    "4KiPBi+syqUebcdS+w4cH6iGTeGQRu2+pU8c3WRY+tuIMmKbY+qMdDYkhj7WHaqRmWoTQ7"
    "Ud4lg67E6ZRi2ikic6/0hsSsmDrlHm6M78yKbWs96nR1zSfjjCy2pmH64L9W3lCj3WY90R"
    "xaJEt4nKyJfb2g05MAe4rWqaRW27yrf7fXPKHMKm40dqVcnR0dHhFdHhAABrE2Y+mtr8iD"
    "yM4e4YVE1GpqHZPcZMMjYtSuAg3JxNnBFU5sAl+S0Q1TDMGVwBClN4gIFu2U4VHhHLwVli"
    "mTPSV9lPDhnCJkdkyvQ/plRxzCHAQC3A5fvvcFiHp/5BbW938qQMdGpogcaHx8Qa+AnFmU"
    "/4wZuRav3MiyLcj0rfNKZjJhWfzJ2Ryfzy0Bx4dEgZtVSAX+oQbGoYbt/xDom7hQOONaX+"
    "bWqLAxodqFMDuxVKi1tYHKsoSqvdVe7qXUWpRLqcJyH1EfdQ32TYXXXmdv+x+kMxKBs6I9"
    "g9OT7+U1xogYQohlf8tda5+VLrHECpQ7ykCb1evA4t99SpOPcnr0R1VFENh15+0XhHiOJd"
    "syx1Hg+4JBMC3dBtZxXUvQML2Bcv7wvgngJzt3Fbv+vWbr92//n9d47lAruBaUHnVlQnit"
    "4neHhHH9N4AAOCIQg1V/LI29gMni/ZjbPAidWPbfsPg6NV69bxzCk/Og8dPbgMdXC/EvKt"
    "0f1CcJf8s92qczRN2xla/Ipy21XwntSpYyrMnCkwYkogeYe9Q3/iwDR4kl4XPPCo9p9mqq"
    "UpkTPmqZlUNnpqfDoOH1GZOuRthGjifbofvxt14vRHatx30TuV+lnsS4WWfhVrBIoaOPbQ"
    "Kz7w4xfGJvCFwZ2J3nemFv0Jvz0aP2LRvmlp0AvgWB+ubR+RNqNkinUP6Ix/4+zop3F7l1"
    "nje6Nr0Rf4/r7xKf7lFaVDb+10qmtHKLOdb07lvwdT1se2IsaTMrTUyegP4+hJd450zT5i"
    "dKbAR/B/Ky//PvNP0Jl4QeVXj0OR/uVxG1sZqfYoiv+1zlQr4fsTlgy1xePcofZ+fYWum+"
    "3rwIgJn/jrRqvW+e3gtvaPw8Cw2Wy3Pnvl5Sa5/q1br4W+YOpU080VWiAoV+K/Kv4DVTem"
    "Fo1Rv+7GMEw2mJOgQEhyIfThabaF/fG21N4h3sG7s9P3lx/gLL9B3Hmf0iJ3t7Vms9Hqhg"
    "DtWxQfegWdLCj5MkpZUbr3TmhlcjPTHxMdqluhmYOSpe5d5FYGLW+VN1kS20D7uo1XvsX7"
    "ZVsBqpQ5lTjbyj1VTbWtpEIZGEeTqAAcBZvGJLOR3h8Rh/5wqrBNGbd1BpY5xj2LxtGJec"
    "SRK6xNJpRp70xmzK+IikbScEgtMjCtR7AX0AQD+4sThhqBR6PcsHBMk0yZQW2bW17wFlmc"
    "smT0GXlKsD6e8S3psQMVzLKhjk8tBJEDFMwi2GhsoFtjuFXdxusNTceBe5zpzghJRFFWd+"
    "BihgaXOMxoun3Hl9pShOk1UvHxxDv+e2nUFcqoU/nzxLO3dTYdc/QbcCMq69OoWeFLb4bM"
    "3c5YXfnc+LXeuiL8r8dwnPzUqX2DI/5m+B3ORvdmYntTyN7DkDKMg4Rij9TTi8s8fHpIrM"
    "hNsSKzfnmeAerL80So8VTI7jB0+Bwo7lRMHrSjknsI+PlFBsDPLxIBx1N/hnVDS4FvO4tR"
    "D5PBDkrtIdBnmeaMzlLmjM6OI+OI/MHNqYuHREuzunAKudzQ8LRTnNpT8ilPIbFNalHFbd"
    "ylSlJorMoHqSRSwglwRszGILpRaH82LaoP2S90HlE5Q4C6Zt+9W81uQro4WvEtDUud+XaR"
    "3KHg2bnRx5++A4NGp3HTrcQOBBvA9ZNU1Z5iGxr/EvB9HaLDhz+G6ZCbJpnqkPtClnnkZ2"
    "rZaNOicxLnKYTR35/ajjmGc4LLII750aUWBB2hERP6EXIDuk2eVQNGuQgTsunKY4iH75Un"
    "6G140r2UoBjKaeSiMg5ec63CN3iyRTYEKt165/buivC/Hvta79y1W7WmAgpj7YoEdldhHU"
    "6z2AunyebCacRa8N6b2DaJfxckkSI3xYo22eYhdnTHoLkoHU9gL+HNhm8awLHUWRTgLhxN"
    "5sz2Bt80k7b+j27AmvVQjPeD8IpLqN+ga0QQ7PwUZclO5mInucaj4CRRXv4mKFnSN4Wjb3"
    "LMp0pstZi9jOGpr13Jn3/pUENNmI2JTpTuZqNHDLs/t2mJtRntwjvS1NlTJcYYk09X0+wx"
    "k4HFAiUVwyuawSjDssJUwindsaobVLsCo8h1pZ0yRzfIw8I5JiaqZZVKvMAVx3yiTA5dAf"
    "ttMrXgBQA5XeMT0YybaCIqBiegbdq3qIMxL1XSN8eTKY+hwRlvPItXhwp7vAsC1lRHC45H"
    "upgYVYO+iXgVOGBgQIvK5mJ+nLjPgVPS5hSDV/hMt0FVDeNjeCF+P1i5sCHFk37Euvrwyk"
    "JlZDjFOJgZzszbT3ymGx9typ6gBj8iRzwGNDPho2SPPdjTx3/RvvOAUHD3ZnMmABWhNnBb"
    "iNEj3FdVTOcLkxUDa7w5+Z9sApcQc/czT9SZmT2G8tyVGu6EvuMACesXwHiGmhjCODbZR/"
    "KAph7FEv6deLd8AC0rzGTEXLWodthj/i269c3MqaFBAzmrTN+77Y6bks9dOZFfLLNaaqVV"
    "LGtJvMgaWqV20238Wus22q0rstgGM7t2d/et3fmkdOogCnZ2YL/H6re1RlMBfFuf60q7+e"
    "mKhI+EyrTq30Jl4EiP1W5u2vetrtJstH5R7luf2ngboUPFMOv58ByjMKR4ifsipYN42DDK"
    "6iDufjDyjICSyBrD4O64PeaYiPM/e3lszYDQSoNZwbAMjRQXWcxNKJU8VlxE3WFKN/x9NT"
    "hLN/y31sqlG/7et+/ruKfsTpvuindKMRFd2TnlpnZ3U/tUfy3fiTtq2+KJI2ydd6qaxtTZ"
    "UqEMHJ0NPeKdzgi6NzBKNMpzwJA2kli2S6FhSAdnYu6+1N6dXlwiUfNEJw45UIlodcLbGi"
    "vRncM4Fm9bl8lJA5XcT2G5H94HVogKD8qVRn91RaO/DCYogwmKAPRWgglKamCVoWbnjIrd"
    "ogbKZl61mQHCVd5lWa5kB4rcwmXwyv7QAwWFdFf5AY56DDngtUYyM+A1exZaYEIt2/RSKB"
    "DDHOoszqyPK4buNw987gqt0IivR8TVgxwY5gyDJlS8lcmUzTHnHtFMqIIdfiQPAZ+RHotU"
    "ZI/MGTsitbHJhouUEdxvBb1m4CKOrhpBCuGJ0gmXF0c/olcNut30GFiS6PnCKyVz6ixcZf"
    "A2Hs0f7o3oULnIPgt3Q61n7jVzgPj8VaN9HTkY+6/HxxfHh4BIXTgKOcK7RtyVY5lsPtb7"
    "VWIK3yMXTFvVNf+iojhDzuSgNz0+Vh/h9/xM478X+Ht+SvgOFTv89710+mRx/Ez8HmNFj4"
    "+HmKWjP6L9px7ThX8TGueP0AwiQS88UJnkcBeplNyzzevNNBdtgH+BqWZ/eMuNsrLRxNGv"
    "O9/4AkBPAKRcQSe+wB525ZPTLMlaTpOTtZyG4cXM8ArfyQFxQGgPYb7MQkBdJvNPlxH6ia"
    "euz41zUKoEOgPQC60q15gRkNo/b6vN4wxKMtjuShrc16ZpUJXFIx4rH567gQq21cX9Iy88"
    "d9NuNwMUzHUjHKl2f3tdh0GctwUU0oXNGc05O1Fte2aCMRk/Y5bW2UOCeziwbCU601DZcA"
    "o2eTzYy73TZfmXw7xiTXMaL5XO/RWxpmC0tq4IZWGrPxP+WdBPxr6cvXmTpK9P3azQ0GHZ"
    "kt4vcksbZv9ppWYOCJZtXOQ29vUMNxnOCq2dUEU5jBeu4cuA8E0GhAeGSoyvXQ+hUJD3Tg"
    "6J6SC5Pq9r4iS51+5jT3JXaVQ20KNqoqqMPWon0UKUFPq8/viEINWfs41Qu/jugYWFS6Wt"
    "iVJH1LJHGG3TB8B9/yoxbgDeqWrq2rVSoczOAKrhL/QqT0WL3w98lvlyMe/szjXzWemzvx"
    "FpKppPTl8spqVxKrqKU9HmZO6tyfeoGwauYmvPbYeOf+KT/XDqgU95qrZiDmJzhRTzRrlD"
    "hFgb98F3PLB58g8U/Te1TPuIPECPhubXFK+k6zeBlz/hd3rCn+D0BC/A98/47wf3KN/hD3"
    "ai8kMXVTKdTFzPinImfxdn8kVfyEPvLiT2bmnizaeXCL5yeWCOSm5k2qhAaG9+ZRB7+oj3"
    "BXgJlGLhXs6jx1RT5CmMypf2/V39C0/X4m/22PX9XaNVv7u7It7WKkT75hsJLsf1gRXeiR"
    "jRIjfMqoFAWSA/T4b8PBlyDJKEMSUujS0SZUtQD0incWQ72AQpkCPnFV5gNn8M234Hr20l"
    "pmqgg347Mqc2zempHxEso/lDyBpxXHmKo5ARS4zvgefK5lU+0e/Wyd8erKHIo0Wl9rXW6d"
    "7WW90r4m/22Kd6t3bzpQ76iLdVDNXDUS19MFD6gNvQtBJca5e3T0w1hW6k+851raV8roEq"
    "6G/2mNisN+s3uJKHd8rb77HOfafWvCL8b5Xm28KbBaO6hfN0ysTSn3WDxrnKLPUKi6mh9A"
    "vL4RemWlRVxqcxGiTt62PVSFB/FlJhzVGIHbniu/dBSVMd6zeN21rz4EP1NISrrMcH8YWv"
    "tq7FzwrcAT5GgyUk6w8IhkDWd3F2AG4X/t6dnb6//ABn+S3izvsUxO8A7ma00/YN085v+M"
    "hCa9o7BYM2n7mz4Jrj4Ut2sAhKln4V++FXUU7wev08bd4SQxyptSZOX3gl+wpROQeeEagx"
    "ddbuSrdYx772JJ09m3qfrglRQ9SyryBZtE/1Z1BpJup8vP5L13Gr+ypq2yfUcvlWLAB+VA"
    "01Pp+8K4mecib8ZP5AXi9q3JNhbTVPlKT1ZUJ6xFKPlHzLy2C6CXS56Pf5uicmrkHiVvSR"
    "wC3PRZHQqao45e6Jk8kZLjZ/EXQHgT4mUjzw5A4Oqbc+1T+h+4oow9dZ8X1Y4lNYHB6RB0"
    "SbO4q4a7Lg6jFuFok+2KJu4o0YX5hzPxGElyzCSwqxSlZNr/FgD4p9l/eryLahDVam2yyW"
    "Z4llJi3muJxh9WQLTau2v7XqnSvC/3rsto782RUR/8Xgu8WLsWIb+MKFbgS+uk3dXeWm3m"
    "N393df+Vh3RfxNDDTkR/hfMZomb6j+WkH6BVMNth07jp/41YK/ZMGSrCocWRVgdFcO+ipj"
    "vXaomYOaXlYdLihVZmuMSwxdJr/cUvJLKfYhiG7u/JdSqMVuArs0BWbwRQ1kwezA2NFp3H"
    "Qrka67AWTfaGbRBaZZpnlKYv7lA6/c+Z4YpmsxE5RMco0WZZbSW99Gplj81nXv5SwPplmV"
    "aRxO4JydSAFMUmJQse1HLn0kqkPGMFTyBVi8hYgf+PrJDzLJ5LJLES7s1e+Ix1HZUwuRD6"
    "SWdY9FU8teEZtS8oBMDRawHzKzWyEKS8fhqqSwikVhlckLy+SF+wR0mbzwZXCWPiF5gA6J"
    "lV06C9R67HxrslOfL/CmA5i4CpQHNl/gLftBlmRUyZ4UycxPYU9eeQ2RhdkfY8kGOIFkY3"
    "bhHJjNoO2iK8JUAwMNQTMwiQVWAUAfkdpkQpn2DhcAxUUpAP7hkFpkYFqPYJ4QMSVgR03S"
    "DdTJjUokZFw/CpNougZmZJVjhsW5iamPJ6blfCQPWP/C5QKuPAOrU0MD1jElGbzgHCqvAR"
    "y6QTXcRXNXJSI4Wnh/aCbli43QHzpYwSMVnUE8f40VTdWRis/tLnGKzhgS2RQ5x9sw5lxp"
    "6BbK0F0nWnEn4hS/dtrtn5Wfa40m+gHIez0Ge7+6R3/F/Waj9Qvui/8eu295R7ytHruFsV"
    "VxHUAW25L7gXL9G95Q46YuOSIsDoZL1r8pmLUBq0s40WNI3rY7eB/eVni4yqKCn2UL1E6J"
    "046Y77wJVuw9vnCB7cpKq63Ubm7a9xjmutjuMZSpKVL6jdCBHrtptu+wxcQ/tnqnVbvlfY"
    "JvwJFup936DJ3xBpoUjsu7q7Tv5sMuX33d3oLZDNtetlf+UMZaaMmuDSHR0reh9G3Ymddq"
    "M64NksKZFVBJpESzII4ie4NmwZiOYuK6eTcRL8pjM8DuV2LrMLjS+Fc4B5wdhXQd/5tt0n"
    "IiBDSGkvNjQ5PpuLFfJEPklEaf9b4bgeQGKGFDD+cBX44B99Y4XqTNlf06zo9Fqtyz2FS5"
    "UjwRebDo2HzmmRoe4DKam/1WH1CC69vGBV0V6v6QIawRjq+4IxBAMtBWoBw1Bg/8ps5Pjk"
    "UeXikBL7/2qVYlcp5eceaQOOoT5Xyfl0CbDCxzLDxsprZjjqmVRAF+lz9O0Jd11RCcXZnI"
    "t6gUnttKEeRTppt9iSJTd6ua5RtPosmHxDz4+gJ7CO+HLPB+SIb3QwReGHCmUHCu9A01Z2"
    "bNiOT+sUybD0Cz0HE3hl9KS+Lly6ydwqtovXvDObx01H8NI3fGqbDcm/ZRWWhNeSAMSr1l"
    "b5Vn+L4P9NwAhsRKBPs8xEGBKqj1rBrKnKpxqXjSk/MtqapM1xeMjqY/HCUAWb4+nCT/lj"
    "uzTaHD5c+5HxLbP9Vq85YCQpZ72A0IveV+GuQ+ohCmJviNCpe5ffPk9i0dXPdy2qegwG7Z"
    "wVUeU4a6vX4GxY5bzR4hvtVgVm/NxZgJB2k5xuQpB0sqlCGelXu/ek1N7JE5o1qUz3ejRl"
    "UpmvS9tK1JbP+FvyafzsjTt1FcyOr2L8odiJHMZ3wCQbfhgpo6x9MiWnY8Udn8J5v822T0"
    "I3mYgN5ran7sKo+T4wLuioJjkzkj7kM8G+n9UY95Swy6EyF6ds9g77ndF9S7SdzGVG3lFE"
    "GhpgjA4pzGxUqlUX6+zFuk/E5Oq2eZOT+582dV+mWZN871uZlp8/s8hkRLn8dC+zyKj1Oe"
    "d2Qh8abfENucWnGRrhmTOfrSRZ6MrNzc33XbtxgF4W312E271e20m01+1N/uMeiKMEh3eV"
    "5Hb7PHWvXut3bnF+Wmffu11vrtioQO9Njdba3TvSL8r8euG8g/flYat1/beDi432O4qBWP"
    "8nA3whrg67jkv4nEnjf1r7x1vS1s3PqnO2jJ1s+NDrR3o93C9g0f67F2S+nUf23Uv10Rfx"
    "NjL77WO3d1Nzeot91jOOh96tS+QWX+Jkbb/L1+0xXRNmKrGE0fUrmz6tAhsZKkiS4dPNYd"
    "eGjlcZ4T2hjR0vM5lQKzJB5lTQ5sDymZaogEC7268SxYUl/eAMT77aob8/YGEIb7IK37Zj"
    "Mb0YhUCpoittKfWhaNo3lXWI9EIsv2oxEC3XWB2cSiz7o53cwiLvsH2napWnccjeVqF2Ns"
    "GlkrlVrK1uL6FOaAqMLt+SdbkI/UsmXuVPKkDrhhn59LrKk4OyASqUpDp/1lJwLc7cvfAj"
    "K5mFECiVo/w4NgXT9yahZ6JDW8y3dPXDksilkmvEU4KNF0e2Koc04320cE6/QpaGvK7B5z"
    "THJyTP7yF/Kg6UPdsR/4ih8w1FuOTdQhdCvhDf5vapnJXuC+zz/escjo4B+CT77OW7N0DH"
    "91Xauawvr67RTBPt1jSZZbyT2paPrWBv2T+OsQwTOb+e3JFtr6vmu0PjcxTQH/77FPtd+u"
    "CPyADd74/AXTIOBfj32t1365IvjbY19qzZ8VccDfXMVm3ryvMx9W49srISTYEyhyIxXGlV"
    "x8YfKOLwupcnQJJVRB1QmdFlcDNkb85RA+Lj68XIPJyfHIMiV3ls7u+BrimrzDvq1XWg0x"
    "D3KfWse1SQR3rmczZzeWdwXtGIrhhWmFnUFqm7xCaBnTGHYhutDp8kU8pXVWl1MN18K9CQ"
    "x8m6kTMJkdNPu5Lb1YTpOYM2rz9QIMqroLBkApjT463HI2n6nlrpqL5vhxlE7Y3mWWe2KV"
    "JnehTG5szpjBRh8mK8OuxD6pwn87PT07e396fHb54eL8/fuLD8e+5hY9labHXTc+oxYXsE"
    "eiat2EMtVwYiY80nCXhEroV4ZeGrXywR8SLJtg5SZQbcWMCZZJd53zhUqnuUI7zRUtLGf5"
    "V303bNY8SZgyBPC0Ge2a8LP98J0iNMDmg3fWMjQ+TWlnasRaGN6pVNNCAw3b8kottynmIn"
    "gC4ypsL7BiYBqGOcNIChFigVanTVQL5/rsKdW4hj9Rda0q5t5UIuxSt7jJYoyK7V2ntCp2"
    "zKrAtlTy+0+HxDbtRF2EoSijCzXUN0VVU4GXKfdsRUh2n1TVTZDqOHyuAutCrEQ07Og7oB"
    "aNXd0qeeIyILSHk5enx9kcqtM8qvn85Vq64Oa0FpdUjtNavFOpWosuFcqQlhP1AB75ibyj"
    "R0ly3pF5caGy79NJbGrL48dHnnDSC3AVQa2nkm+U5DPlrsh6KZ0dJHpkFe0G0V/rTh8y+2"
    "rheuWlzuRMLnK0wk/mGfDmZXC1HtS9iDqiqoYFGB2qWOCI1IwZqHE9Zk4og0f2aGzyX7hY"
    "kAUdBLYs2leN/tTANxR2XYKKvBOV/g/pG3A9SfZABWHaf8K7fZgyLCWtHmQT20FI8YpCfY"
    "RDHMefbPeitlAX3evMRlCQPlNrTjweemhCGcfsMXx8XGAYw4mRsBaRxQcPNrUwm+oRqJhD"
    "aj0cVnGdXFdXddsQrubeMCgIrsaJ5+dcbcWkpz3mFoCiPh3u3tURabi3oZkzhrUjPJZ4EK"
    "gZ+493u3amnKauPlS6rhVa482frWjNREXF0m63naeojMVc0ZAQZnbe3I6y0JuGD5X+fNgt"
    "JN40cCG9IedcS1R4n0yuF55vcRW2fE0gCZXQrwy9rCHnwz8sWTZCOdu+g9CrcdZIKu5qrE"
    "VSgp5jvA+a3TnH/ahw2RQrN4UgOfK1wEJmb1zhX/oFgJuYjvnNKk+zUYz2npZGLEa6TCjG"
    "nzs5oVjRvD6KC2+ZjLWQ/hwJmBs6o5sJ8W/qbIeN/vSQBaEr6xtC6utC895HsDYTBLO/ER"
    "5B80HMk6yHVcfNuvh14b1bZtmoZJzu5eNW8pSvN6wtnfZVDK9ktuzIODfpzTR6k6w8FwXO"
    "tVkqG4IgHA5MQeKp2WiekPp43Rpj5+mkSe0yyURx1KhqykxdmWRi8w5AT/AI8XOfy5NMeL"
    "JFdgGq1Fv1zuffroj4x5SLN7XmzX3TzewY2A0PP9mchTL5CuXJuyk8HfLMSEsiRW6MFSel"
    "TzL5Y52k+GOdHEdQfrXsKi+jouxZchX+lU9cWCp9+A/LlsugBaD9Y6oyR3fmKxBuYdG12b"
    "aCobxpss2awmPa6Ce/AthR4bcI93H1Iju3OY6n3dI4/IXMPmmKLz55rtpxanqaS7knUeBv"
    "6orqy1km9eUsRX05i6ovnnGe0xINSJW8fTpvL1EEa/L2kpv9bgK7lLcP9qy8vP0L0GEeOZ"
    "3MiEn09XJSTPIyWc6LfTFnRPW936Prdl1IMQIDKbbg/IRHDJyo5OTigogwhCNycn5I+vAE"
    "RH00p86VH7WJjJhwahcpX7CXRRm1V76XkosrubiSi0tIyWhaq4TeBqTetOtymRKp8vLKPg"
    "/Qig/LTem0stCb7rOGmh89WeZNg4cPhoNfPzYpVDqdEhJ9i55ilzm4K01/1m0zN/kqie3T"
    "GLuJz31JT73SF6vkTkrupOROcnAnKUusR93ZlnMnOVdcx8xUzswknv+dWE/HX4pmxtPY4l"
    "o0IgVV1fX9wfS36pw8UmdGKV/FfBznX7Th2pfxG/4CRiW/8erDVzWF3ygjEV56ctRdyy7n"
    "VzkoVS6JWWo6WwfVW0AwJ6ohsbKrlksOl2r5rqvlcT14A+CWCw5H4U1et3UFePds1dYwuK"
    "FvTQDcTv2u22ncdCtx2lcJ7nJwgypnAravY6+7Lgwdld9OxFiXT1fTLHXXPUCxvJJLzXRc"
    "HRasPD7Rz6NxeBpDdULAKNQd7mdwfjIQv+Ts9G+HVbCqicu/g209p6pV5dE93IWAp5R+eF"
    "YNHdCD7Yeo6f4iV4w3520FroOnF8VLe/719Z5qij2/aLMQ2W6aBlVZAvi+UKgBHkFqW99m"
    "/8jLYnvdbjexZn+piutGiEhv3d9e1zsHJyGLPi5tzyoTcuVcXGaqRBp2ohgnzhoHpd70vL"
    "GAwjHzwydk1gSvmIpPCnYRi/J11JsORvI09bHuxGk30tlU5UbEAxl+waW6zf2EOCYZmTMC"
    "dzYnT99GoD6IPNEqkaheEYsc8Kk8X2R8djNBD6RtnlP6jPoel5gPGici+iNcvw8fHiAwCW"
    "VaVP0pyk3Fakh96PtD0+IOKuHwq1Jn2hWdSW7FaCDH8jBJWb7IYamV+851raV8rt1dEX+z"
    "x8RmvVm/QZvOO+Xt91jnvlNrXhH+F349s8SFbD5y+NWjJIumFWzQW2c6gTEufiowOSGcLL"
    "NHYaenJ+fvzz+cXZ77oPpH0pCNgloqsjusjIWS88RpZNH8PSlqmVtYkdbqXK6b3ZqMzvna"
    "Dtw9A9doGKl8vQzMAoNuG/6yyFXyOOeeG7jyBJmpc6SJMHglqlxtrNbl6599DyfTU3Uvfz"
    "scgMLf5YmI30sVqVAqEv3hUIupRuysZXK4a0hs75aRuMyi2lwmqzaX0WUkFq9F1s+EJPLm"
    "vhGln3EB/IzhuxmHe/Kw4AsU2VpacUjYShKfMnvt/jmNFczk2YobTpkReLMZgWO67wawze"
    "7iVMw+u46HE9wCad03m6/lydBVLX0wqMQYle6Zapot6SzKZPJcmFgAg/D8f9INc6Y6zruR"
    "ObXQY0DkXaqSX2td2O0bU41q+T0VNn6Fpby7l6Su5N931bgs+fcd499fLafkSzVUmVSynC"
    "7JNl1StFSHRYM6S/RUnlyH5UxK6RL0atiZlgavqkUH1KKx65YlU14xokX+Aq5Ifp1mIr9O"
    "U8ivU0F+FWTur0bBnBlVYqwz90w1zTpTF2WWWWfJeC+fWctlzSR+6LMu6Oa+wMWdoNnI1H"
    "2ysfJMLTs2H1zyuy+J7OM7f3GR5Z2/uEh+5/FciPCexPiwp0woTOK81/cB3a1MJ8AVndgp"
    "m7/ftVvxCEsiYQ1A7zvk/4ih27toCqSAi2BgzX6kgIfpwW3tH2G4b5rt6zD1gRVcv/bH7M"
    "//ByTxWQQ="
)
