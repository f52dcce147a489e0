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
    ("one_time_link", "link_token_is_hashed", "octet_length(token_hash) = 32"),
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
    ("one_time_link_token", "one_time_link (token_hash)"),
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

APPEND_ONLY_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
