"""The receipt's own: whom customers pay, the VAT in prices, what a volume rests on."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# table, name, condition: what must hold in every row, whoever writes it
CHECKS = (
    ("supplier", "inn_is_digits", "inn ~ '^([0-9]{10}|[0-9]{12})$'"),
    ("supplier", "kpp_has_its_form", "kpp ~ '^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$'"),
    ("supplier", "ogrn_is_digits", "ogrn ~ '^[0-9]{13}([0-9]{2})?$'"),
    ("supplier", "bic_has_its_form", "bic ~ '^[0-9]{9}$'"),
    ("supplier", "account_has_its_form", "account ~ '^[1-9][0-9]{4}[0-9ABCEHKMPTX][0-9]{14}$'"),
    (
        "supplier",
        "correspondent_account_has_its_form",
        "correspondent_account ~ '^([0-9]{20}|0)$'",
    ),
    ("vat_rate", "vat_is_a_part", "percent >= 0 AND percent < 100"),
    ("invoice", "gis_document_id_is_whole", "length(gis_document_id) = 18"),
    (
        "invoice_line",
        "a_raising_factor_says_how_much",
        "(kind = 'RAISING_FACTOR') = (factor IS NOT NULL)",
    ),
    ("invoice_line", "only_energy_has_a_basis", "kind = 'ENERGY' OR basis IS NULL"),
)


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        CREATE TABLE IF NOT EXISTS "supplier" (
    "id" UUID NOT NULL PRIMARY KEY,
    "valid_from" DATE NOT NULL UNIQUE,
    "name" VARCHAR(160) NOT NULL,
    "inn" VARCHAR(12) NOT NULL,
    "kpp" VARCHAR(9),
    "ogrn" VARCHAR(15) NOT NULL,
    "bank_name" VARCHAR(45) NOT NULL,
    "bic" VARCHAR(9) NOT NULL,
    "account" VARCHAR(20) NOT NULL,
    "correspondent_account" VARCHAR(20) NOT NULL,
    "address" VARCHAR(200) NOT NULL,
    "phone" VARCHAR(60) NOT NULL,
    "emergency_phone" VARCHAR(60),
    "email" VARCHAR(100),
    "site" VARCHAR(100),
    "office_hours" VARCHAR(120) NOT NULL
);
COMMENT ON TABLE "supplier" IS 'Whom customers pay («исполнитель, получатель платежа»), until the next `valid_from`.';
        CREATE TABLE IF NOT EXISTS "vat_rate" (
    "id" UUID NOT NULL PRIMARY KEY,
    "percent" DECIMAL(5,2) NOT NULL,
    "valid_from" DATE NOT NULL UNIQUE,
    "reference" VARCHAR(200) NOT NULL
);
COMMENT ON TABLE "vat_rate" IS 'The VAT («НДС») that prices hold, in percent, until the next row''s `valid_from`.';
        ALTER TABLE "invoice" ADD "gis_document_id" VARCHAR(18);
        ALTER TABLE "invoice_line" ADD "basis" VARCHAR(10);
        ALTER TABLE "invoice_line" ADD "factor" DECIMAL(4,2);
        COMMENT ON COLUMN "invoice_line"."kind" IS 'ENERGY: ENERGY\nRAISING_FACTOR: RAISING_FACTOR\nRECALCULATION: RECALCULATION';
        COMMENT ON COLUMN invoice_line."basis" IS 'METER: METER\nAVERAGE: AVERAGE\nNORM: NORM';
        {"".join(f'ALTER TABLE "{t}" ADD CONSTRAINT "{n}" CHECK ({c});' for t, n, c in CHECKS)}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {"".join(f'ALTER TABLE "{t}" DROP CONSTRAINT "{n}";' for t, n, _ in reversed(CHECKS))}
        ALTER TABLE "invoice" DROP COLUMN "gis_document_id";
        ALTER TABLE "invoice_line" DROP COLUMN "basis";
        ALTER TABLE "invoice_line" DROP COLUMN "factor";
        COMMENT ON COLUMN "invoice_line"."kind" IS 'ENERGY: ENERGY\nRECALCULATION: RECALCULATION';
        DROP TABLE IF EXISTS "vat_rate";
        DROP TABLE IF EXISTS "supplier";"""


MODELS_STATE = (
    "eJztfet32ki2779Sy1+SnEt7/Ezczrl3LeyQhGkbvAAn06eZJQtUgI5FiZGEaeac/t/v3l"
    "V6vyzJ2Ba4vthCql2SflWq2u/9P3tzU6OGvd90HDpfOPbeOfmfPabOKRwkrjXInrpYBFfw"
    "hKOODN5YDbca2Y6ljh04P1ENm8IpjdpjS184usmw9c8ZZcQ259SZ6WxKDH2uO1QjK9Umhm"
    "o7xLF0+LlkGrWISu7p+jOxKSV3ukaZozvrfZtaD/qY7nNK+24fb6uZY7gv9PcsdxiyIRvM"
    "KDYluk1URr5fNy/Je3OCx6qmWdS2G/x4PDaXzCFsOR9Rq0H29/c/nBMdTgCwNmHmyNTW++"
    "RuDk/HoGsyMw3NHjJmkrlpUQIn4eFs4sygMwduyR+BqIZhruAO0JjCC0x0y3Ya8IrYDq4S"
    "y1yRscreOWQKhxyRJdP/taSKY04BBmoBLn/8E07r8NZ/Utv7ubhXJjo1tMjgw2tiD/yC4q"
    "wX/OTlTLW+8qYI90gZm8ZyzkLNF2tnZjK/PQwHnp1SRi0V4A9NCLY0DHfueKfE08IJx1pS"
    "/zG14IRGJ+rSwGmF1OIRgnN7itLpDpR+a6Aoe4kp51GE5oh7amwynK46c6f/XP1TMSibOj"
    "P4eXhw8Je4UYCEaIZ3/NHsXX5v9t5Dqw94SxNmvfgcOu6lI3HtL96J6qiiGw59+EPjEyGJ"
    "d9Oy1HU64CGaGOiGbjtVUPdOBLAHH+8L4J4D86B93eoPmtc3g//6458cywC7iWnB5FZUJ4"
    "neF3h5R5/TdAAjhDEINZdy3zvYDJ4vOY2LwIndz237XwZHqzlo4ZUjfnYdO/v+Y2yC+52Q"
    "n+3Bd4I/yX91Oy2Opmk7U4vfMTx2e/hM6tIxFWauFFgxQyB5p71Tf+HCNLkPfS54YqSO71"
    "eqpSmJK+aRmdU2eWl+NI+fUZk65WOEaOJzupvfpbpwxjM1bV/0LuVui+NQo0d3xSaBpgau"
    "PfScL/y4w9gEdhj8sdDHztKi73Dv0fgZi45NS4NZAOfGcG97n3QZJUvse0JXfI+zk1vj89"
    "3mCfuNriU/4Nvb9pf0j1e0jn21y6Wu7SPN8+w5e/85WbIxjhUx7pWppS5m/zL273VnX9fs"
    "fUZXCmyC/2/v5b9nvgUdiw80/OlxKPJ3HnewlZlqz5L4X+hMtTL2nzhlbCxGa4fau7ULXV"
    "x1LyIrJmzxF+1Os/f7++vmPz5Els2rbueb1z48JBe/D1rN2A6mLjXdrDACUTqJf1X8J6pu"
    "LC2awn7157BMtpmTwUCE6GLow9s8F/YHz8X2TvEJfjk++vTxDK7yB8Qfn3JGpH/dvLpqdw"
    "YxQMcWxZeuwJNFKV+GKavL9N4Kriw8zPTPhQ7dVRjmKKXkves8ysDlVfmSQ2QbGF938ORX"
    "vFuyFaBKmbOXJlu5lxq5slWoUQGNo0lUAI6CTGOS1Uwfz4hD/3QacEwZl3UmljnHXxZNUy"
    "eWIUddYXOxoEz7xWTG+pyoKCRNp9QiE9MagbyAIhjIX1xhqBF4NcoFC8c0yZIZ1La55AVf"
    "kcVVlow+oJ4SpI8H/EqG7L0KYtlUx7cWhKgDFJpFkNHYRLfm8Ki6jfebmo4Dz7jSnRkqEU"
    "Vb3YGbGRrc4kNB0e0P/KgtRYheMxVfT3zj/5RCXa2EOpW/T7r2tsWWc45+Gx5EZWOaFCt8"
    "6s0oc59nrd771v7R6pwT/m/IcJ380mv+hDP+YfwbLqbuLaTtzVH2fogxw7hIKPZMPTr9WE"
    "afHiOr81BU1Kx/PCkA9ceTTKjxUkzuMHTYDhTXFFMG7STlDgJ+cloA8JPTTMDx0l9x3tBS"
    "YG9nKexhNthRqh0E+riQzeg4x2Z0fJBYR8IbbklePEYqxeraMeThgYa3XaJpTynHPMXINs"
    "lF1XdwH2WSYmtVOUhDJBJOgDMhNkbRTUL71bSoPmW/0XWC5YwB6op9t2432wlpcHbPlzQs"
    "deXLReEJBe/OhT7+9j1YNHrty8Fe6kKwAVy/hLraUWxj618Gvq+j6PDhT9F0hIcmW9URng"
    "tF7MgP1LJRpkXnJK6nEEL/eGk75hyuCV0GcczPrmpBqCM0YsI8Qt2AbpMH1YBVLqEJ2XTn"
    "KYqHP/buYbbhRfdWQsUgzch11Th4w1VF3+DR1lkQ2Bu0etf9c8L/DdlNq9fvdppXCjCMzX"
    "MS+VlF63BURF44yhYXjhLSgvfdpI5J+rcQIqnzUFSUyTYPsaM7Bi2l0vEIdhLeYvjmAZyq"
    "OksCPICz2TqzncE3T6Rt/WMQkWY9FNP9ILzmIdQv0TUiCnZ5FaXUTpbSTnKOR0EjUVn9TZ"
    "RSqm9qp74pYU8NaauF9TJFT33hUn79rUcNNcMakzSUbuegJwS7v55TEmtrdL4wHUDsUjWM"
    "vRR5LNaikSeV6X5bZew1LmCIRlkJbirkp/nSCVlwdccmwhhB5uqawNBqxFnpY+pGp3hBKf"
    "6dx+vU2JdN3wIN2ncWnSxteKk7FOAQWM9UDSIdGqn5dap9JndohuaeibypSvrfm7/AXsEf"
    "xzNAI4Vq39McKdDTKnkvgMcYaCKlwVpLg+HhKspMhGl2kZ0owh5/zOaOPyaY49eMz6oVtB"
    "uM0ArQ9RewlN05xyU7QiY9suOSSFGPbHPpjM15inD99363k458iCTOIOtjh/wvKRgVtz2e"
    "hohFvhQYF/hiyGMHcSnQ2+LLQB+mkdhXx37bLPzSo7qyR7W0RD+N+5SW6GeyRF82+5fNL6"
    "3XMpR2GR3A+nSls/u9FNk8fLmRJ5ibDERJaKkYXtMCNlNsG4imc1U3qHZOTC/Sdckc3SB3"
    "QexKiuBdpRMvr4Rj3lMWziwBwvJiacHsBzpd437ijFtQRdIK9A+36diiDqakaBBgfxZLnu"
    "ICHdLxKt4dOhxyDRFgTXUUrXkiChOTXiCjineBEwbmm1DZWrivE/c90GMcGCtoyh3RDapq"
    "mL6CN+LPg50LE69408/Y1xi+VxT6p0tMU7FCx3n7njui46st2T304CfMEK+Bqgq+Qw3Znb"
    "0c/TcdO1xzwKOPzZUAVGTCgMdCjEbwXA3hbS8sypj3wnOZf2cTuIVwrV95pM7KHDKk55HO"
    "8CT0Fw6QME4DGA/QE0MY5yb7TO5Q9qbYwn8S75Hfq7ZrxUbMVYtqH4bMf0S3v5W5NDQYIK"
    "eKd7077ngYComTfvb10nOERqmK4TtEXmexfK95OWj/aA7a3c45CY6H7KbZ7//s9r4ovRaQ"
    "npPo7yFrXTfbVwrg2/nWUrpXX85J/EysTaf1M9YGzgxZ8/Kye9sZKFftzm/KbedLFx8jdi"
    "q+Er+OSZgvz+U0Bj6J1BY0KmoL3A2jzAoYInnCMrg98moJP1l/2yujXYwQVVrMaoZlbKU4"
    "LWINhlbZa8VpMlpFRsm/BWlfRsm/hVGWUfI7P76vo7PbnjHdFpVdPRHdVo1dn9q2eOOEts"
    "671MjT1NmhRgV0dDbMiF90RjD6gFGiUe6qQroT7tYiVGiYcYFrYjyvE90m93ThkPcqEaNO"
    "+FhjJ7rzIU2L91y3KakGkrqf2up++Byo4CEQpZNCf6Oi0C9j/WWsfx2AfpZYf6kaqLLUbJ"
    "1QsV2qATnMVYcZIKzyLYfppHagziMsPXp2Rz1QU0i3VT/AUU9RDnijka0Z8Ia9iFpgQS3b"
    "9DIcEsOc6ixNrE9rxiNbuO0KpdCEr0fC1YO8N8wV5jRQ8VEWS7bGlPhEM6EL9uEzuYv4jA"
    "xZoiN7Zq7YPmnOTTYNMjpyvxX0moGbOLpqRFUI95QuOL04+xm9atDtZshAkkTPF94pWVMn"
    "cJXBxxiZf7oPokPnojgMPA21HrjXzHvE528aHeuog7H/dnBwevABEGkJRyFHeNeIp3Isk6"
    "3n+rhBTOF75IJpq7rm31Q0Z6gzeT9cHhyoI/h7cqzxv6f49+SI8B9U/OB/P4UuHwbnj8Xf"
    "A+xoNPqASTTHMzq+HzJd+DehcD6CYRD1c+CFZA2CbVSllLY2P83SXLcF/gVMzf7yVhpl5Z"
    "njhl6vsNOzAL0AkErlhPAJdnAqHx4Vics6yg7LOorDi4XbFP6jBMQRoh2EefOhhbyyXGmc"
    "o1QS6AJAB1xVqTUjQrV73labxxmYZJDdlTy4L0zToCrLCq9KoY/bbqCD55ri/pkXtt10u1"
    "cRFcxFO55I5vb6ogWLOB8LaKQLmTNZEmah2vbKBGEy3WKWN9ljhDu4sDxL8qSFRSfUAoFV"
    "MVQ2XYJ0ng57AT/11J5ebhz2erclBRqgOCe9WxBkO+ekVSkRfBHeJZt1SXAu0qJTZQHaOk"
    "Wwr86pMNBxWqnyr/NIG+b4vtIwRwjlGNd5jH3ew81fW2G0M7qQy3jtBl7mcNtkDrfwZxTL"
    "kvZEsJL52XYRMx6n/DSgYsHyW7mN5IPk+g4/EaeQm/IuziSuYVYWlmlOngjUDfZ0gx3tKl"
    "bqeGwuYZnawNfXFF0V/Pq2Ei1ESaEPT9//EKTWQ7EdcBvXKWY6+jitvnQZkDq8k12dSxZV"
    "NejkiRj1RC87NI2e0zUntJ6nOOhEV/tsN53Q/sIbFvDW4Q4zyPFiKVUVHms+opbI1uKVJu"
    "XJa/E109x4StF76XU4UTS7TjipTlr+nP51nzvs8Ow5XpIcN/0N5sgRNx4yaDM1TY1nuEGa"
    "1Uw3KI8Ucn1kZq7zj+gWsJpgA7y3GirWyjEU+XhExiB8mSHDtIY2fxfoAF443AWjVEOfnh"
    "E/9QCdqFOYPvsEmL9Qz5hCh6ff8R6I33rIxAtgwFKa11GlkCXfoC1jl2rrcCO9FJ7VS0Fm"
    "gXmVgDBpYdlV1ZyMmXlzw+zzLlW+5xitNLLUeaRl7IyMnZGxM6kCuqtD3EuRzr1LjTzRXA"
    "01KhxEA0KgSxcJ4RB/z3h0xscgXsON0eDRHMe/klAIBw/qOA3COTCEo8Hl3cUahVwUY0e6"
    "YcD4EXttO3T+jgfJwKU7LrmotmJOUnPs1vNBeSCRkKjv/IAdmyfNRdJ/U8u098kdfBsw/J"
    "ritXTjjfD2h/xJD/kbHB3iDfjvY/73zD3Lf/AXO1T5qdMGWS4WbkSSjIDZRoFczIUyEnlA"
    "sRmR/HHcX9AbspAzZIm0rNFPrgzMScqNuFvXCO3DYsVzcmrnxNG2lyN8LsBLoJQK9+Nepy"
    "nd1Fn7tPe9e9tvfedpjv3DIbu47bc7rX7/nHhH8f3sdQYJbsf5gQrfRAppnQem4ndxUgTy"
    "k2zIT7Ihx+RisKak1UdDwfYR1CPUeaLtFg5BDuQoq8YArZD7abeTPj1LLqKJDvztzAQRqa"
    "SUniCUWTBjyBppuq2cADsjVZ+1AxFfm2f5xLy7h7eryn9Ee6jzarHXvGn2BtetzuCc+IdD"
    "9qU1aF5+bwE/4h3Vg/VwVEufTJQx4DY1rYyQ9MfHJ6WbWg/Sbe+i2VG+NYEV9A+HTBy2rl"
    "qXg1770rvk/R6y3m2veYWxTPCvyvA9w5cFq7qFvuzKwtIfdIOmBZY9Gk2Z0oOMpywRT6la"
    "VFXmRykcJB3rc9XIYH8CqjjnKMj2XfLt21DyWMfWZfu6efX+rHEUwzXMx8frYNq6lu7Z2A"
    "d8jDZz0iGOEMZA1rfRwxEeF/79cnz06eMZXOWPiD8+5SDeB7ivkpN2bJh2ecEnTPREeadm"
    "0JYTdwJdc1mDaJRSWr5rZw+tFHskndS9eZ7nWIypwaj1RJy+8052FSLpx19LP/5tRGhOnS"
    "d/bNfYx65+a3h1OV94CDwBJZM5M2N9Ge1vFyHT2YP59M+uLXrZVZAsOqb6A/DJC3U9f/pK"
    "3nO7uxG97RJqpRx2AoBHqqGmu3W7lBhua8KfwlzXRdDjjuwE1dybsop9x5jTR92cytX6xt"
    "y/6MczHvMi1CbGBbkdfSbwyGvRJHapIS65v8TF7HTDm78J+hh13cggkWnXIa3Ol9YX9IkS"
    "bURsj+cYlRXZQ+4Qbe595BbIxlLebnQQj9IXWZBTHKxO/Ky8XuZeL0NvlXghb/DgFzT7I/"
    "y7gSpcFOxl/FC93JUs06js1uHR1lpX3/3ZafXOCf83ZNctVMqeE/G/HkYU8WFUHAOfuNaD"
    "wEuNt9yS460h69/2b/had078Q8zwxs/wf/UYmrJ5U5+UMbVmrMFzJ/LELb5a1q0wodSA1k"
    "4DGpGRK2fbkkm2tmiYo5xeUR4uSiXDf9Kq9MloqmeKpgoF1DwxoCoUv7OdwD4aUxX9UCNh"
    "VT1YO3rty8FeYupuANk3GqoWYFrEdiitPS+fbsc1IqZougLzYraSaxa0eVS99XMmssR4Pu"
    "Ncy4M1r8JqHK7AOT4MRcWFqjSJYz8c7jNRHTKHpZKnpcGuzKWDoWwOVroKKZlCeWMiurBX"
    "fyIenGcvLUQ+UufLPZes83VObErJHWpqsIF9V1i7FVNh6bhcSRVWvVRYspLMi8jrspKMrC"
    "SzUziHtpAyQMfI5JQuArWeam/N9hT1Cd50VBxngcrA5hO8ZedaqYyS2pM6ifk52pNXTkoT"
    "iP0pkmxEJ5AtzAYep8UEWszfqi41ENAQNAMzo2AXAPQ+aS4WlGm/mMxYY4VggH86pRamOx"
    "2BeEKEScBOiqQb6JMLlaiQcf0oTKLpGoiRDY4Zz7iKIqY+X5iW85ncYf+BywXceQVSp8Yz"
    "vZohGrzhGjpvAhy6QTX8ieKul+lWeH9oJuWVn+mfOkjBmGGWmZ6/RkVRdabie7s5W9EZI6"
    "RsSlzjY5hyTQq6tRJ0nxICuxXBrze9bver8rXZvkI/gPCvIYNfP9yzP/D3VbvzG/4W/4fs"
    "tuOd8Y6G7BrWVsV1AAmOQ+4HysXv+EDty1bIESE4GW/Z+qlgKhDsLuPCkKHyttvD5/CO4s"
    "tVERb8uFj0f07wf0J850NQcfb4xDWWK/c6XaV5edm9xdjp4HjIkKaphHK6xE4M2eVVt48j"
    "Jv7jqPc6zWs+J/gBnBn0up1vMBkvYUjhfPhnlfHdfCzv2NCxKk+FRBpJyhqPckWR9uS0SA"
    "qY0+wUMKfJ2Olgo0yV0LJdG2Kk0rdB+jZszWe1GdeGEMNZFNAQiUSzJo4iO4NmzTQd9cR1"
    "824iXpTHZoDdrep4cXBD61/tHHC2FNKn+N88p1rODStO0ckFAcfZCjkWtHlUGdc359SZYU"
    "pjrofyawqhMssxDS3s03FyHMq9fBoKHxL+HeNQxuaQl4fI3szP+GFFEd3dyz8CqvraDkEv"
    "HK5oc+ifqOZDzxHU2Akx6BzdRZh251aiooDg2LHJiBrmiszVe8pPClKdcS0gfcACUobKpk"
    "sYV9cFBYuh7ZO7sQqTLdAXehJAg2CxGPL+zg2M/dt/olbq7sO58KjBW1h0rC9QQIMOeXkq"
    "8ZU1iG16iPHO/TgyDpqzgt7wF2okxYyAp7CXo/+mY1ygfZ8ZuJ+XGNsyV0PmFd3C6lojcw"
    "lv515FNN4BDU4z6ApGSTeDbriZn2gq70wlc4xobmBO7fUdv45XdMAdntzmSrn3KtGWeN6B"
    "V8EWK+jfXMEd0DMD238AenWOC/sduTcXdHxvZ+lC//DXOw6FUFxmRalFS8RgrJpUc0o150"
    "uqOX+2O1+6P5XuTauDWqfIT1QgNr+0O9+UXusaLqCuMX7Gb9NHJVfrZiC0jbFT4Z7+3roM"
    "N/LPwELY+dFtX7aUdr9/iy2iv4fspvk7piBUvty2zknoR3Cl+6PVi1x1TwQteq3LVlsob2"
    "Nnhgzatr+2L5uDdrcjbhI/M2TNm5tW80ppdvo/W1yzGjvBW1x5JDDzOt/cVvGTQm2sNL98"
    "8VTH4tg9HwpLi/6uhwpXLG6pX0aGZs8jqPPnUFGjd1hIhXqYo0M9TCpRgw2yzMIfpZLydM"
    "ydjXMKZbxYAoq37MYCLFAZ0NzmbxkxwS0mQbvQp5k5HgOaHUrw+OvR0fHxp6OD449npyef"
    "Pp2eHfjpHpOX8pI/XrS/YerHyAKakgtSlmt8C4YQFGUrjHGITFbvq/P4SkPXDplmtmghlB"
    "URX7kiYsoiIM1d2+zX22TmXDXWvaWRakUIX27kZmMTDRXLa1kgXNVTQptkvhzPMOHZiBJH"
    "vafMD+1UiacGTosuLdcBKvOvYWqi+puRu6W9VA0FeQlbKJ75iQZZzXToy1VWqw8wG6eUV3"
    "0UBFxfbd810ACACmzbTdtmE9WiQ3YPWyYjI7gzM8mEroTfLtzOoBhG6FJ/Rup58CyqYZgr"
    "YG7vV3fQDUwVYUgYG+b4XtZ23EbN9MQy50p5fUaMbNMhTa9agbBkQFPweaYAmFfuIkb55J"
    "IXNd3MU3F0a16cNOK1RLJrXoSXtSTS+WUv4rSVFCN1w3eDpS/Ci35ZbOO0EtuYCs/fM0uu"
    "D1HCt7g8fCpVEmdCLZoak5ttTYoQ7aBF6ahQycWjnJKLR6LkYkJifR0poAUc8hwGI0sMiF"
    "zPlQOo27KCIIDV1qnmxsLxdS/ExVuinvpnkZ4FxNQH9FPx7manFIzfXLeS+ZbM99tivl2x"
    "tyLnkqSWvIvkC18MWxOjtB3YgFJqrTwCbZRUIhtjBVXdhlsp6N9qpmjTc7nuJPFb5LxPJO"
    "ctOe8w5y3KXqWw3H49rGxee+43KVD6RKPI2grXb7fCCM6D6TqSjHHCfecPQr7wocSMJwck"
    "cK0XRUBOD/38jKGCIOTOonPzgdfvvIPbaJhl0SaGPqEEGGiaVjWlVs+HpoIm4fiKJwICzO"
    "ZhK9COGpM7/lAnh/xBjvg9DlV+zO99pDX4kxyeBdePjj9w0wSPI3DFDpsgyylU/UvbMefU"
    "yvZbD5nbQE7RYYWM+65LKaRWUog7SiUW74BiB1fukyIL90n2up3cIPmSWAZfn2AH4T0rAu"
    "9ZNrxnCXhhwVlCw7UyNtRyaSKSlLuXJmLzFWQszLxdmqt2ad4iM12msruOTiioCCxZhzxO"
    "96aTTAZcUxkIo1Rv2ev8AfZ3aFoWwBiZRHDMaxQo0AW1HlRDWVM1rfxwvrLnka52yMd/E7"
    "ofRv90lAhk5eZwFv1bnsw2hQknkjuWkxIiZLvHWm1eUkDISi+7EaK3PE+juo8khBemaVCV"
    "Ze3+ceIYlCOgfi7OyT/zshhedLtX2LMfynHRjkVGdW6xqOj7uJdWipeLzFC9k3mbagrsM3"
    "uyh9eUqW4Dz/XkivWimx1C/FmrUV2j2dhYX8JNl3PvkZO2h2SrRq4hQrTn7xImKGCWeNDp"
    "6lxkulmoto1pr2eWuZzOQpXR32FuHHe6oM89Jqr5N/7BsudeAhk4vv85S7MsbPoWaBwY8B"
    "pScy/jDdAtXGU+EmHl9wVMRE/Pj5EJ2AyZYJ8Ekwh59xR5bbgyZ8h0NjaWGmb8Wc1MG1pS"
    "wDXoyzWOeGnG+bPtkwuebejf1DKBilqU+D5MZIU/MUhipk/x6buYdkfTVQNz9KygvboOPT"
    "sIQUvqPbCJ5gfxuDPYxeGYY2KLIAtME2QurTF1c/uo+HKYF4iKzDzuE78pHyp+J/xzsmXW"
    "ilfMvVDTlbkgd4zLRLr49ngOIo+2zvaIvX678+0KM1zz/0P2pfn7OYE/Q9Zpf/uOGbTx35"
    "DdtJq/nRP8O2Tfm1dfFXHCP4wvza+jZb9fzUrq2F2Kt6hhPzxrHBdWsYu9oOqnEFDX+mO4"
    "vO0PuteYass7GrLLbmfQ615d8bP+8ZC1+gNAkWfT8g/ho2kNfnZ7vymX3eubZgc+pdiJIe"
    "tfN3vwWfF/Q3bRRn3cN6V9fdPF09HfmDqrN+BlC9yDKp/Z5nPMyzJe21XGa7thk1oSqSXZ"
    "HS3JcyoAOqY130tNFwznG/nJgt0WxQJ6/Oy8PLPt+B44XQ3FSsw/GwjVEec+LezKF0rTex"
    "Dy4Tvz0/qiJ1+DjNZkxtPssjUx9AeeazfNwbAGzyScCi24ogvx3TZFG/gEdQ0rs3tZARpk"
    "uYjoDCxMd5vtGjiGL2hqWjyrm98Z/1BDES3SW/DVV9dGjvwdHsMq/HOYvtYc9G3votlRvj"
    "X758Q/HDJx2LpqXWI+de+S93vIere95tU54f/qweFGP7QSjgcRQhljkhDPccFSxEJdXlKP"
    "Eb9Fob2MW1w9IyVrjHFS9jAtDaZcpWCdFNI6L90yZMe1OXKzRhoX7V3KZaStUKOivLRnKE"
    "I7zIpqyZgYt66FGjCnx59Cx2nVLbJtZi9xU15Fl5uReBAOFpFwSz+IeBhzvgDe+J3NzXCf"
    "86tI+HYwzlbzBF5DhnH/IXuZXrw8rvfervjmPSQeyxoQtWOcucGyJKPg07xF/uDwqIRSPz"
    "z5i3IHYZo3zRpYdEz1h0rprmOkMt91rfMhS+N5VRdoaTOUNkN/MjjulK80FzziWk+FoAhT"
    "UHup02p96cNIdr62e9e8BhGOb/zckHU7Sq/1o936eU78QyxAftPq9Vu8ElFwPGS46H3pNX"
    "92zol/iHWegvpO4qgeQx9juYvy0DEyacJLFima6w6WzRity1cqipPKjP25BlIr5Iv8RAvp"
    "Dro1N2Im0tin+3i6+fCE3ADEu12vNuXrjSAMz0E6t1dXxZz1RQpFRbWV8dKyaGrhpBJO+2"
    "1RwTSkLNuNQYhM1wCzhUUfdHP5xEiHnQXteVW17jqaqqsN1tg8ZW2o1aPa2i6jblVbTB30"
    "zhbKR4wpCJcmPgp5EIRSGZ2chLSm4uqEhJSqNHY5vUjyyz+CFw/xbzc2YBWkcPpMRDDAiB"
    "re7QeHLp0oOWysRXte+Ve3F4a65upme58MZkGABLGWzB4yxySHB+Q//oPcafpUd2xRcxmW"
    "esuxiTqFaSUCGTAOIttdws+bxd2vYQKFTsGWr/PRlO4Sr85rNXK0vv44JbDPN76H6aTtXU"
    "YybHEkA19Wy5ibfYI6D1JFI/Pm4RU7TNn1JaCSq0vc1UTle5BSDdgU8pdD+KD+8HIOpqSO"
    "J0wjdWf52h2fQ3yi3sHP67qdoD6qeQjPqaekBxAJUp8mMxcXlrcF7RQVwwurFbYGqefUK/"
    "yElzVXWdVSQlcbebqFFW9XolJKl7nVCTUM2RdSPnd78vMJq5ZXABE9oXQnxWfrNJFCWUj1"
    "JyQ9w7JIoeyFPYQalfD++jVHXbHtryTCOtATzRFuc+L5DZhoNuo4eGZp1Xb2iReDMkNFyT"
    "1dOARnI76/QfHFVioiMDF0hhkl4ON2tShD5iV74P5uHmIuBQLViMSTcCjViZe8+k3lX9gZ"
    "BUc9PbO3qIYN9xBV4FsoLWmECaUUF1c6VAM1TCcxjWPqUGVhGvq4cvRXrIs6K3j2Oq1/DJ"
    "SbVq/d/YKOLv4P9E75etsXzin8oB6+Ke6WjLO3tNYiTiunvqxx8+YCZtx4/wvV4GtXisQU"
    "a5ErNXmx9aNQ40clpwsRDPLOJjZTF/bM5HnYuOUxSAJHzBW1PxM4x2us8Vxn0EqjI4fbGc"
    "0Hai3U9ZwyXljyICnNPN9tJP++Zfw7DmeKakafZpsOXIpd2iN+PTo6Pv50dHD88ez05NOn"
    "07MDf8dIXsrbPy7a33D3iKx3ye1kQZlqOClcVB7uISIJfWXoQ6tWOfhjhHIIKg+BaitmSn"
    "ru/EAjn0iGGNU6xKhuKa7qqgkqa+ErwxIXSIbVZXRgwp+C1sAnpMKqwwBsPhHWkwSNL8vM"
    "CvbepVzRQluWqVt/sY6ZLnhcumkY5grjzoUZAG10woah2/aSapzDX6g6quzRU1H16tOL5i"
    "ZLESqe7z5SqtgyqUJaBZ5oFYD+lshqVtFhx2l3iVXdhDIPl88qsAZkElGpHn1z6lHXBSeN"
    "a/Eu5XIteqhRgYobyAdwdwG3UgVXSXK9I6PJBJgnooB2vJj2wWjES1x7fhiqnwLTiyQ5iv"
    "tNnHwMXZ1kOoTU7QHRvaOvT5l9HgSqeMW6uSYXdbQiquCBNkQbdMtA3ouoM6pq2IDRqYoN"
    "9knTwHobQ2YuKINX9tTY5P+QMXzRMEHgyKJj1Rgv0aiHP10FFflFdPp/ydiA+4Vo36tATM"
    "f3+LR3S4at7vxIHPgvnEnwjoJ9hFMcR4wO4je1Bbvo3mc1g4b0gVpr4umhpya0cUxR3MM0"
    "YFI5QmEt8jC9v7OphfXb94HFnFLr7kODqD6vGtRYcR8YGASX48Tra+HiA886ZG4DaOqrw9"
    "2n2idt9zE0c8Wwd4THEi8CPeP88R7X3id3U91W/A1b4CGe3jsJ9+BpGLG0poVpp3DcD3n9"
    "dq9uuzjFp4Vb3v20QQ7POGjwlVErJydrSEKUCVi3gbUuX4jxiTUY68VGP3cJRpkip6LEIu"
    "T5smWrw0RvGj6ULsphF1C8aeBiDEpJo06SeJdkuxc27LicYbkhCBFJ6CtDH2bFy+Efp5SD"
    "IM36Wwi9miaN5OKupkokEvQS631Uvi+57ieJ5VBUHgqhTSk3AgHNzkQov/QHEBQSVsoXbE"
    "yhlnme+Xtn53mOqcvKqEFSSCvpQ2qWsCqWX+KsSH6Js+z8EmdxxOvm0FPfCS1r1tXSVScD"
    "c4x32UyuuyudbbGaJT92X0gn+oaQuglknV0EazPZIHY31UFUYBMmsKdh1XPLD9wEjtnbtX"
    "u/SlqI8LqVbc33lrVHLfqK4bUsViYIzc6eEdmzn/OkjGhGtVQ2BUJV0+DqaE1U6GrsmFYD"
    "i05GDM7YejVbZ5QF2vBNeBmgkWrrNrdY3zM07mK/ONuma54hEq3q1KLEq+jjUPR11J3P5E"
    "5071UFgjb0TzhjrHkX6pDB0KMw7D7GO5sgpNifacMTz7lrAdrvVSuI1Aq9YbZ5N+R0IVNG"
    "1ocXbOQYeGXKyGco1wivkC4rPh6z7tHW2UVtr9Vp9b79fk7E/yHrNduYPVL52rwcdHvnJP"
    "obQ9gvm1eXt1duHYfIz/iCWszZbdPh7K6nThkJP0RS58GqKtoX8ic8zPEnPDxIoPxquVRf"
    "hg/bsVSqnG9RsjyAHinnG6OttEXUjHve4A7BebuqX4JPXOdP4bo1wFJK/N+QNX+0es1v8G"
    "W4B/BBdHvX8D3A33pMdsELl9SpB0RPVqXXbK4X0KSflKio/K+lyhzdWVewW8RJ3yDSpWwW"
    "1hJe0+YVv8uDnSR+i3AfNE4Lwy3E5XKm0IBmlySnF/dBUu00sTUvBMijqPHGWZFdPy7Erh"
    "/nsOvHSXbd07iV1MxEqKQxLt8YF1KZPdEYFwqL2k5gHzXGRWdWWWPcC+i4PYtTtpo7ZJN6"
    "XNMdctZ7XNn93VxhGl03WikjHbAb0zUJxYL5oTzk8PSUiLCxfXJ48oGM4Q2IOjKXzrkfZY"
    "86bRGEJFJ04SxL6sRf+VmkblrqpqVuOqPgiGlVSZUQoXrTESAyhd3eyzP7OWmrcyZtTsrq"
    "tzVns/NTZ6OXk5v6bYFn8SzS1BqnJvHLV6fESN+iw+3HErorTX/Q7TQt7GPlxXyyXVpjN7"
    "HdS/XUK+1YUncidSdSd1JCd+J5oGbrTkI+qo/rTqxQ4wKOgphJ0FmZQYElXnTJL7S84mnH"
    "sdKySBnYcF31MF25uiYj6qwoZehtN0/zENxw74/pN/zy3FK/8erLVyNHvyEDul7aODpeWl"
    "ZWLFf2fI9SPWHe18yE9JRZLTmdZwV1YdEH3VzaJVGNkcmpGrcZi42xJKoxMjlZJVv+kmx5"
    "2gzeALi9UFc7im7sw30cXm/93Ai8RSPq6rnUPgpubK+JgNtr9Qe99uVgL437kuA+Dm6U5c"
    "zA9nXkddeFoafyx0kI6+HLjTxJ3XUPUCyv5aNi+mCGFYLX3NDPg+d42ll1gdV/3RLIJ4cT"
    "8ZccH/36oYEZTF39O8jWa6paoigwdyHgJQDuHlRDB/Tg+C4pur/IHdPFeVuB++DloLmU51"
    "+f72nkyPPBmMWU7aZpUJVlgO8TxQZgBFTPtTf7Z14W24tu9wp79ksLXbRjivTO7fVFq/f+"
    "MCbRp2U/q2KQk7a4wqqS0LKTxDjTahyletN2YwGFY5aHT9A8Ebx6Mj452CUkytdhb3oYuX"
    "alz3UnjbsJXc1lbkT8m+E3fJS3uV0QxyQzc0Xgydbk/ucM2AeR118lIVWvyCYQ8ak8CTL0"
    "u5n7J6FjXgPgmPoel5i/Hw0R4xnWW8WXBwhMQpmWZH/q8lCpHNIY5v7UtLiDSjzcUPJM28"
    "IzhUcxGcjxeDBkmL7OYdh7t72LZkf51uyfE/9wyMRh66p1iTKdd8n7PWS9217z6pzwf/HP"
    "s0hcyOYj5V89KrhuXMEGvXWWC1jj0k2B2Xk1wzQ7FGZ9dHjy6eTs+OOJD6p/Jg/ZJKiSkd"
    "1iZiyWcSuNI0sm5cphy9zGSqi28uO82bXJ6JrX4vGzLc1UXt8Ikzah24Zfxr6BCZ7QcwMr"
    "BZGVukY1EQavJJmrjfX6eL3KP+IZMlXdK4MBJ6DxH2FDxD8li1QrFon+6VCLqUbJDLQxsp"
    "2rxvOxCGvzMZu1+ZisxhN8FkW3iRDJm9sjpJ9xDfyMYd9Mwz17WfAJ6iwtVVwSniVplUxJ"
    "vXtOYzUTeZ7FDUem+d5smu+U6bsBbIu7ONVzzj7FwwkegXRur65ey5Ohv1wsDJ1LTAmx0r"
    "/WyJMn7XCrAmEG5twvk4v5daO5Ec6Cyr2uslwoyEdBtoRIld7T4OrJWORPSNKdHAeVgIXy"
    "PY06TDzKaPrRP4/a+gaB70U3uEMEA1HjEUeKt/PqmLsZ3UYEU2K7ZXwxs7I5CVfTpaKaLv"
    "97xC8cHZDTj/DPTezMXU1gyqGvCQaLjCnMJDIzYWbza3DTJd0nA/icFrCwUHvIMGxkZi4t"
    "967wbFifmCxgFJyCqgIp+9dK9q+j8vJVdQDlxFL+v4Rw5LXfRdmokL7kMEdhcpjUmOisVA"
    "Y2t/kuontUBNyjbGyP4tDeL1I8ybKhdZvvXma7XwsA+2smrr/GYTWnVqkp67XfxTl7WmTO"
    "nmbP2dM4uCOV3Stl19wI0Q7CfFIE5pNsmE+SMOvjUgCL5jsI7YbXhkyNSY42NSDZQXw37z"
    "0yNi1gfhcmvB1zlAqAZ3Yg4S8Av6ppgF5G5vmMGR6Q7CTExTDOAzlpR5xl1rnIsCLOnlLc"
    "ot4Ib95MS+fUAkjGa6U00Cmku8cxPwfiqm6Uw9kl2D10n8XGaOtOudpDbnsJbyF4zckETR"
    "BcNVpK+IvR7eDyfFiIyTjM4TIOBZtRE4/BgWrpk8leikXHvdLIs+c4QZtC0agLC+aHyOZ0"
    "rxvmSnWcX3C2YBSoqKXRID+aA/g5NpYa1cpHn278Do/GUniFtmRMxbYaDWRMxZbFVLxaXb"
    "yXGihZGE+GwBQLgalb+aq6QV0gyrtU/ao6GphrDLEM894kdqalwadq0Qm1KCtXfTeFtM47"
    "4GurJ2sinf1Qnay8Qd6lRp589qA6JfMFoWwU8jQ75L5khye+8xWPPOdBWFzSsrmDVTiLT8"
    "LbyzJX7+wCktuL3Vk6dW2ZfCZz11Tgak5LlJutI1OzRV5zlTZkuRVv11bcpLDrzNJ2YvdK"
    "7kasBm0e24az8d7wxpUpc6fuWymStvtF1vYr3kxmhBxnY2rZqeX2sr/6EMkufvOnRXy3oF"
    "X2N3+a8N5Syzl2qk9w7Kw3us9i6oM7Oqm81d/73U6WS5FPEt/09bFD/pcYur2NWrkccBEM"
    "7NlPxOhh+v66+Y843JdX3Ys4l4sdXLz2ZvbX/wcQl29A"
)
