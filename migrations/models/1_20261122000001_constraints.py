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
