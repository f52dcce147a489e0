"""Dated rules about readings: windows, anomalies, estimates, norms."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# table, name, condition: what must hold in every row, whoever writes it
CHECKS = (
    (
        "window_rule",
        "window_days_are_days",
        "first_day BETWEEN 1 AND last_day AND last_day <= 31 AND offline_days BETWEEN 0 AND 31",
    ),
    ("window_rule", "window_rule_starts_with_a_month", "extract(day FROM from_period) = 1"),
    (
        "anomaly_rule",
        "anomaly_numbers_are_plausible",
        "usual_times >= 1 AND least_months BETWEEN 1 AND usual_months AND allowed_kw > 0",
    ),
    ("anomaly_rule", "anomaly_rule_starts_with_a_month", "extract(day FROM from_period) = 1"),
    (
        "estimate_rule",
        "estimate_numbers_are_plausible",
        "least_months BETWEEN 1 AND average_months AND longest_run >= 0 AND raising_factor >= 1",
    ),
    ("estimate_rule", "estimate_rule_starts_with_a_month", "extract(day FROM from_period) = 1"),
    ("norm", "norm_is_of_people", "residents >= 1 AND kwh_per_person >= 0"),
    ("norm", "norm_starts_with_a_month", "extract(day FROM from_period) = 1"),
)

TABLES = """
        CREATE TABLE IF NOT EXISTS "anomaly_rule" (
    "id" UUID NOT NULL PRIMARY KEY,
    "from_period" DATE NOT NULL UNIQUE,
    "usual_times" DECIMAL(4,1) NOT NULL,
    "usual_months" SMALLINT NOT NULL,
    "least_months" SMALLINT NOT NULL,
    "allowed_kw" DECIMAL(7,2) NOT NULL,
    "reference" VARCHAR(200) NOT NULL
);
COMMENT ON TABLE "anomaly_rule" IS 'What is too much to be taken without a question.';
        CREATE TABLE IF NOT EXISTS "estimate_rule" (
    "id" UUID NOT NULL PRIMARY KEY,
    "from_period" DATE NOT NULL UNIQUE,
    "average_months" SMALLINT NOT NULL,
    "least_months" SMALLINT NOT NULL,
    "longest_run" SMALLINT NOT NULL,
    "raising_factor" DECIMAL(4,2) NOT NULL,
    "reference" VARCHAR(200) NOT NULL
);
COMMENT ON TABLE "estimate_rule" IS 'What is billed for a month without a reading; see `service.estimates`.';
        CREATE TABLE IF NOT EXISTS "norm" (
    "id" UUID NOT NULL PRIMARY KEY,
    "category" VARCHAR(20) NOT NULL,
    "residents" SMALLINT NOT NULL,
    "kwh_per_person" DECIMAL(8,2) NOT NULL,
    "from_period" DATE NOT NULL,
    "order_reference" VARCHAR(200) NOT NULL,
    CONSTRAINT "uid_norm_categor_c0eb58" UNIQUE ("category", "residents", "from_period")
);
COMMENT ON COLUMN "norm"."category" IS 'URBAN_GAS: URBAN_GAS\nURBAN_ELECTRIC: URBAN_ELECTRIC\nRURAL: RURAL';
COMMENT ON TABLE "norm" IS 'What a person is reckoned to use in a month («норматив»), by how many live there.';
        CREATE TABLE IF NOT EXISTS "window_rule" (
    "id" UUID NOT NULL PRIMARY KEY,
    "from_period" DATE NOT NULL UNIQUE,
    "first_day" SMALLINT NOT NULL,
    "last_day" SMALLINT NOT NULL,
    "late_policy" VARCHAR(20) NOT NULL,
    "offline_days" SMALLINT NOT NULL,
    "reference" VARCHAR(200) NOT NULL
);
COMMENT ON COLUMN "window_rule"."late_policy" IS 'NEXT_PERIOD: NEXT_PERIOD\nREFUSED: REFUSED';
COMMENT ON TABLE "window_rule" IS 'On which days of a month readings are taken for it («период приёма показаний»).';
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    checks = (f'ALTER TABLE "{t}" ADD CONSTRAINT "{n}" CHECK ({c});' for t, n, c in CHECKS)
    return TABLES + "\n".join(checks)


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "anomaly_rule";
        DROP TABLE IF EXISTS "window_rule";
        DROP TABLE IF EXISTS "norm";
        DROP TABLE IF EXISTS "estimate_rule";"""


MODELS_STATE = (
    "eJztXet32rqW/1e0+NJ0hubm2fbSmVmLJLTlHgJZQNp75nCXcUAET4zEtU0od+b876Mt2U"
    "Z+YvNIDNGXxMjasv2TLO/3/t/ShA6xaR9XHQdPpo5dqqD/LRF9gtlB5FwZlfTpdHkGGhz9"
    "weSddbnXg+1Y+sBh7SPdtDFrGmJ7YBlTx6AEev8cY4JsOsHO2CCPyDQmhoOHaK7byNRtBz"
    "mWwX7OyBBbSEdPePEF2RijvjHExDGcxbGNrWdjgI85pd0/hssO6YBdl423kyv0SI90xxi6"
    "IsNGOkHfb6vX6IiO4FgfDi1s22V+PBjQGXEQmU0esFVGx8fH7yvIYA0MWBsR+kCHi2PUn7"
    "C7I2xoNKbm0O4RQtGEWhixRnZzNnLGbDCHXZLfAtJNk87ZFVhnzB5gZFi2U2aPCP3YWWTR"
    "ORro5J2DHtkhR2RGjH/OsObQRwYDthguf/yDNRvsqX9h2/s5fdJGBjaHgclnjwkj8BOas5"
    "jyxuuxbn3lXQHuB21AzdmESN2nC2dMid+fTQe0PmKCLZ3BLy0IMjNNd+14TeJuWYNjzbB/"
    "m8NlwxCP9JkJywqoxS0s20qa1mx1tU6tq2mlyJLzKKQ14jYNKIHlahB3+U/0X5qJyaMzZj"
    "9PT07+FBdaIiG6wRV/VNvX36vtI9brPVySslUvXoeme+pMnPuTD6I7uhiGQy+/aHwhRPGu"
    "Wpa+iAdcogmBbhq2sw7qXsMS9uXL+wK4p8Dcrd/WOt3q7V33v//4B8dyid2IWmxxa7oTRe"
    "+GPbxjTHA8gAHCEIRDl/LYO9gOni+5jLPACcNPbPufJker2q3BmTPeugi1Hn0MLXB/EPSz"
    "3v2O4Cf671azxtGktvNo8SvKc1eCe9JnDtUInWtsx5RA8pq9pj9hYxo9Sa8LNDzog6e5bg"
    "21yBl6RpP6Rk9NzibhFp3oj3yOAE24T/fjd61PncFYj/sueqdSP4sDqdPKr2IVsa4m7D24"
    "wjd++MLYiH1h4MfUGDgzC7+Db8+Qt1h4QK0hWwWsbcCubR+jFsFoBmOP8Jx/4+zop3F3l9"
    "nge2MMoy/w/X39Jv7lFb1Db+1sZgyPgWY335zSf4xmZABzhcwn7dHSp+N/msdPhnNsDO1j"
    "guca+wj+V+nl32f+CToXL6j86nEo0r887mRrY90eR/G/MohuJXx/wpShuXhYONg+rK/QVa"
    "N1Fdgx2Sf+qt6stn8/uq3+/X1g22y0mt+8/vKUXP3erVVDXzB9NjToGjMQpFP4r4v/SDfM"
    "mYVj2K/OhG2TdeIkMBASXQh99jS7wv5kV2zvI9zBh/OzTx8/s7P8BuHHp5QZ6dxWG416sx"
    "sCdGBheOg1eLIg5cswZUVZ3nvBlcnTjH9NDTbcGtMcpFS8d5FnmXF567zJEtkW5tedPPUW"
    "H5ZsxVDFxCnFyVbuqXKqbCV1yqBxpEhnwGEm01A0HxuDMXLwL6fMjjHhss7IohP4ZeE4dW"
    "IectAVVqdTTIYfKDEXFaSDkPT4iC00otYDkxdABGPyF1cYDhF7NMwFC4dSNCMmtm0uebG3"
    "yOIqS4KfQU/JpI9neEt65EhnYtmjAU8tCEEHKDSLTEYjI8OasFs1bLjeI3Ucdo9zwxmDEl"
    "H0NRx2MXPILvE+o+j2B7zUliZEr7EOjyfe8X8ooa5QQp3Onydee1sjswlHv85uRCcDHBUr"
    "fOrtKHN3s1eXvtV/1JoVxP/1COyTN+3qT9biH4bf4Wzq3kza3hRl7/sQMwybhGaP9bPLj3"
    "n06SGyIk/Fmpr1jxcZoP54kQg1nArJHabBPgeaa4rJg3aU8gABv7jMAPjFZSLgcOrPMG9o"
    "aezbTmLYw2Swg1QHCPR5JpvReYrN6Pwkso/IH9ycvHiIVInVhWPI5YlmTzsD056Wj3kKkW"
    "2Tiyru5K5kkkJ7VT5IJRIFJ4MzIjYG0Y1C+5Va2Hgkv+FFhOUMAeqKfffuMPsJ6bK15Esa"
    "lj735SJ5QbFn50Iff/o22zTa9etuKXYj2AKuN9JQB4ptaP9LwPd1FB0+/DGaDnlqklUd8l"
    "rIYkd+xpYNMi04J3E9hRD6BzPboRN2TugykEO/uKoFoY4YIsrWEegGDBs96ybb5SKakG0P"
    "HqN4+KP0xFYbnHQvJVQMyoxcVI2DN13r6Bs82iILAqVurX3bqSD+r0fuau1Oq1ltaIxhrF"
    "ZQ4Oc6WoezLPLCWbK4cBaRFrz3JnZO4t8FiaTIU7GmTLZ9iB3DMXEulY5HcJDwZsM3DeBY"
    "1VkU4C5rTdaZHQy+aSJt7e/dgDTroRjvB+F1l1C/BteIINj5VZRKO5lLO8k5Hg2MRHn1N0"
    "FKpb4pnPomhz1V0lYL62WMnvrKpfz6WxubeoI1Jmoo3c9Jjwh2f+5SEqsP8WRKHYbYtW6a"
    "pRh5LNSjnCaVGX5fbeB1zmCIBlmJXVTIT5OZI1lwDcdGwhiBJvoCsakdImduDLAbneIFpf"
    "hXHixiY1+2fQkwaPctPJrZ7KH6IMABsJ6pmol0YKTm5/HwC+qDGZp7JvKuOup8r35g3wp+"
    "O54BGih0+wmnSIGeVsl7ADiGQBMlDRZaGpSnKyszIdMcIjuRhT3+mMwdf4wwx68Zn1UoaL"
    "cYobVE19/AYr7OKS7ZATLlkR2WRLJ6ZNOZM6CTGOH6b51WMx55iSTMIBsDB/0fyhgVtz+e"
    "hoBFuhQYFvhCyMMAYSnQ+8TngV6mUdivj/2+WfiVR/XaHtXKEr0Z96ks0TuyRF9XO9fVm9"
    "prGUpbBHfZ/tQwyFMpRjaXT5fTBHNKmCjJemqm1zWDzRT6LkXTiW6YeFhB1It0nRHHMFF/"
    "GbsSI3ivM4iXV8KhT5jImSWYsDydWWz1MzpjyP3ECbegiqQV4B9u44GFHUhJUUaM/ZnOeI"
    "oLcEiHs3B1NmCPa4gY1tgA0ZonoqCQ9AIYVbgKazAh34ROFsJ9HbnPAR7jjLFiXbkjuon1"
    "IaSv4J34/cDgwsQrnvQLjDVg7ysI/Y8zSFMxB8d5+4k7osOjzcgTG8FPmCEeA1QV/AvVI3"
    "179vA/eOBwzQGPPqZzAajIhMFuCzB6YPdVFt72wqIMeS88l/l3NmKXEK71c4/UmdMeAXoe"
    "6czuBH/gAAnjNAPjmY1EAMYJJV9QH2RvDD38O/Fu+Ui3XSs2YK5bePi+R/xbdMeb05k5ZB"
    "PkrONd7847HEohccrPvlh6DmmW1jF8S+RFFstL1etu/Ue1W281K2h53CN31U7nZ6t9o7Vr"
    "jLSCgr97pHZbrTc0hm/zW01rNW4qKNwS6tOs/Qz1YS09Ur2+bt03u1qj3vxNu2/etOA2Qk"
    "3hnfh1TMJ8e86nMfBJlLagvKa2wP1g5NkBJZINtsH9kVdz+Mn6n7082sUA0VqbWcGwDO0U"
    "l1mswaxX8l5xGY1WUVHyb0HaV1Hyb2GWVZT8wc/v6+js9mdO90VlV0xE91Vj18G2LZ44oq"
    "3zTpXTNHW21CmDjs5mK+KDQRBEHxCMhpi7qqDWiLu1CBUaZFzgmhjP68Sw0ROeOuhIR2LW"
    "EZ9rGMRw3sdp8XZ1mZxqIKX7Kazuh6+BNTwEgnRK6C+vKfSrWH8V618EoHcS669UA+tsNX"
    "snVOyXakBN87rTzCBc512W6ZR2oMgzrDx6Dkc9UFBI91U/wFGPUQ54s5GsGfCmPYtaYIot"
    "m3oZDpFJHw0SJ9bHdeORLdx2BVJoxNcj4uqBjkw6h5wGOtzKdEYWkBIfDSkbgrz/gvoBn5"
    "EeiQxkj+mcHKPqhJLHZUZH7rcCXjPsIo6hm0EVwhPGU04vWr+AVw243fQIkyTB84UPihbY"
    "WbrKwG080F/ujRhscFEcht0Ntp6518wR4POXIR4YoIOx/3JycnnyniFSE45CjvCuEXflWJ"
    "QsJsagjKjwPXLBtHVj6F9UdCegMznqzU5O9Af29+J8yP9ewt+LM8R/YPGD//0knT5dtp+L"
    "vycw0MPDe0iiORjjwVOPGMK/CYTzBzYNon4OeyBVg2AfVSm5rc2bWZqLtsG/gKnZ395yo6"
    "ztOG7o9Qo77QToKQMpV04In+AAl/LpWZa4rLPksKyzMLxQuE3jP3JAHCA6QJi3H1rIK8vl"
    "xjlIpYDOAPSSq8q1ZwSoDs/bavs4MyaZye5aGtxXlJpYJ0nhVTH0YdsNG2BXS9xveWHbTa"
    "vVCKhgrurhRDL3t1c1tonzuWCdDCFzRkvCTHXbnlMmTMZbzNIWe4jwADeWnSRPMnXyOGMy"
    "eTzYq73TZfqXw7xkzXIKL6X2fQVZMya0NisIk7DUnwn/LOgnY6+sN29S6eurbtaY6DCtUu"
    "8XeaZNOnhaa5oDhGqOizzHPp/h5qpdY7YThlDbeOEmXuVr22a+Nvk1CmVE2xCsaC62Q8SM"
    "xyRvBlQoMH4vPyPpILl+whviJLkkH+JK0gcDOmOv3hZWVFUMlXFF7SVagJKGnzff0wGk2n"
    "O2XX0f3z1CHWMQVx85D0hNPsihriUmuA/ZIBti1BajHNAy2qVribtFlWK8S7xT5TQHE13q"
    "lNnHRDeRSxfwcBB/P3PnhY9LdwbXhYE7O5z/FUkeDtzn4XLp7QAeDmXwcKDTBeQnAf+GB8"
    "Nke9Qjshe2gyfvuA8JO9XnlnTd1ugoNgVNMW+U+9mQ2eQBW33fn8XmOWWA9F/YovYx6rMV"
    "zaZ/qHk9XXccuPwpv9NT/gRnp3AB/vuc//3stvIf/MFOdd50WUaz6dR12FEOIvvoICLWQh"
    "6rwZJiO6rr1bi/oLFg21lLgq9cHpijlFuxRhYI7e3Xg7VnD3BfDC+BUizcq80zMcMU2TJW"
    "+t6679S+8yxA/mGPXN136s1ap1NB3tE69pvtTxK7HOcH1ngnYkiLPDFrvhcXWSC/SIb8Ih"
    "lyiL1le0pc+nDQv65APUCdpnrdwylIgRxUqSFA1wiNPOyYyJ2E6o0Mxt+O6czGOQNAIoQq"
    "SUQIWTPOBJPif2bG2lsOwCFq+yyfWHebVO0LjlDk3aJUvau2u7e1ZreC/MMeual1q9ffa4"
    "wf8Y6KwXo4umWMRtqA4fZIrQSP7dXzEzNMoSfpvn1VbWrfqowV9A97RBzWGrVrqN/qnfJ+"
    "90j7vl1tVBD/t8707eDNYru6BeZfbWoZz4aJ4zywVjobxoyg3A1zuBvqFta1yVkMB4kHxk"
    "Q3E9ifJVWYcxRkxy75/n1Q0ljH2nX9tto4+lw+C+Eq8/HhMhG2MYw3nHQYPmadJJRoDBCG"
    "QDb20YDCbpf9+3B+9unjZ3aW3yL8+JSCeIfB3Ygu2oFJ7fyCj0y0obxTMGjziTtLXXM8fM"
    "l+O0FK5a5zGO46ygburfM0uyVEzmJrQ5y+80EOFSLlJlBIN4F9RGiCnY1ftlsY41DfNYM8"
    "083XUF2McqggWXiAjWfG9E31xWTzbantDncnRjsk1HJ5n0jFH3VTjy/k4FKCuyVlfzKzEF"
    "fLEQ9kW1vPVyepsFOI01rps5OvrhPkeQGnlMGAFxyiUPzHHegLYre8EF1Cp8rilPtLnExO"
    "LbP9i4DDDFtjbtFmyKrioFrzpnYDDj6iDy9w5Hv5xOeOeX+M+oA2d6VxiyFB2SY3fQv30h"
    "YZb2K8hS78DCxelhYvG8s66Wy9yWO/WLc/5N9l0EeClKry3BbL98ai5to+Ch5toRXPrZ/N"
    "WruC+L8eua2BhrGCxP9iWATEi7HmHPjEhZ4EXlaq5paXqvVI575zx/e6CvIPIcKXt/B/xZ"
    "iavDkyNsqOUTDWYNdJG+ATv17UpUyo1HmFU+cFdN5rR1uqIMs9muYgp5eVhwtSqTSpcRnZ"
    "VdbZHWWdlaJDgujmTjwrBaPsJ7Arc88GX9RA+tk22zva9etuKbJ0t4DsG03pu8Q0iyFMmS"
    "5ePjTNtYjFaLqWtrJkJdd42WeleuvnmIqq064DNNfyQH5jWY3DFTjnp1KIl5SRVxz7sV1f"
    "kO6gCdsqeeUjrwJ4nxcu78tKJle7FNGFvfod8Ugze2YB8oGczm5bNKdzBdkYoz5oaqCD3c"
    "+s3QqpsAzYrpQKq1gqLJU1VGUNPSSgVdbQl8FZ+oTkATpEppZ0FqiNWHtrstujT/CmQ7w4"
    "C5QHNp/gLXuKKmWU0p4UScxP0Z68cvGepdgfI8kGdALJwuzSfTKbQNsFV4TZkAloAJoJaT"
    "5gCAb0MapOp5gMP0DlXagGw+B/fMQWGlHrgYknSJgE7KhIuoUxuVAJChnXj4KioTFkYmSZ"
    "YwbduYhpTKbUcr6gPoy/dLlgV54zqXMIAqxDJRq44IINXmVwGCYewk8Qd3UkwseF98eQYl"
    "7lB/8ymBQ81sEZxPPXWFNUHevw3G5tYXDGkJRNkXN8DmPOKUG3UILuJvGcexHJeddutb5q"
    "X6v1BvgByL96hP364bb+gN+NevM3+C3+98h902vxjnrklu2tmusAsjyW3A+0q9/hhurXNc"
    "kRYdkY7ln7qUFeCxgu4USPgPK21Yb78I7C21UWFvw8Wyh7SiR7RHznU7Dm6vGJCyxXlpot"
    "rXp93bqHQODlcY8ATVWTEpSEGnrkutHqwIyJ/zDr7Wb1lq8JfsBauu1W8xtbjNdsSlm7/H"
    "Od+d1+YOqrF8wumMyw63rZ8ocyVkJLdm0IkSrfBuXbsDev1XZcGySGMyugEolCsyCOIgeD"
    "ZsE0HcXEdftuIl6Ux3aAPazs6GFwpf2vcA44ewrpJv43u1TLuTGyMTq5ZfRsskKOLPusVM"
    "Z16AQ7Y8jPy/VQul9BW4dQJXMo+3RcnEuJhC+l8CHh3zGQ0g9LXh4iFTFv8cOKArq7l78F"
    "UPXVHbeoNKHIwb9AzQeeI6CxE2JQBdxFyLDPQ7BA8zdiQNroAZt0jib6E+aNgtQgXAsoCn"
    "Z7ddVcFxRIHH6M+gOdLbalvtCTAMqIsvcPHfXdwNi//AdopfrvK8KjBi5h4YExBQGNDdgj"
    "bADxlpWRTT3E+OB+HBkHzZmz0eAXaCTFimB3Yc8e/gcPYIP2fWbY9bwszxad94jjqjOhKv"
    "gDnbGnc88CGu8YDSwzNhSbJYMuh+FmfjTU+WA6mlA2UBkSRC/6binvBYOpR9id21wpd6Sj"
    "4YyX+GaPAj3mbHw6Z1cAzwzo/57R6xPY2PvoiU7x4MlO0oX+4e93HAqhuEyKUgsWYYNYNa"
    "XmVGrOl1Rz/qw3b1o/tdZdrQlap8BPUCBWb+rNb1q7dstOgK4x3OL36YCSq3bXFdrGUJM8"
    "0t9q13Inv4VthM0frfp1Tat3OvfQI/i7R+6qv0M+Pe3mvlZB0o/lmdaPWjtw1m1Y9mjXrm"
    "t1obwNtfQI61v/Wr+uduutprhIuKVHqnd3tWpDqzY7P2tcsxpq4D0aHglbec1vbq9wo1Ab"
    "a9WbG091LI7ddiksLfi7GCpcsbnFvhkJmj2PoMivw5oavdNMKtTTFB3qaVSJuvxA5tn4g1"
    "RKng65s3FOIY8Xy5LiLbuxMBYoD2hu97eMmOAWo6BdGY+JCQuXNAeUrfCvZ2fn55/OTs4/"
    "fr68+PTp8vOJn7sweiotk+FV/RvkMQxsoDGJDVVB5LdgCAFRdo05lshUidwiz68ydB2QaW"
    "aPNsL1bTMqzHQTNbfvfBqzCShz1z779VYJnejmoj0zY60I8ulyajY20VGzvJ4ZwlU9JTRF"
    "k9lgDAnPHjBy9CdM/NBOHXlq4Ljo0nwDgDL/li1NUH8T1J/ZM93UgJewheKZN5TRfGywsV"
    "xltf7MVuMj5iUMBQHXV9v9MhgAQIFtu2nbbKRbuEee2CeToAd2ZULRCM+F3y67nIkhjNCl"
    "/gLUk+W96KZJ54y5fZr32TBsqQhDwsCkgydVqHAfNdMji060/PqMENm2Q5petZxezoCm5e"
    "sZA2Ba7YYQ5cb1Gwr6MY/F0S3gcFEOF8ZILuAgb2tRpNNrOIRp11KMFA3fLdZxkDf9vNiG"
    "aRW2IRWe/83MuT8ECd/i9vApV32XEbZwbExusjUpQHSAFqWzTPUDz1LqB56J+oERifV1pI"
    "Aa45AnbDKSxIDA+VQ5ALs91xAEoHQ4HrqxcHzfk7h4SxQH/yLSszAx9Rn8VLyr2THVz7c3"
    "rGK+FfP9tphvV+xdk3OJUiveRfGFL4YthShth32AYqqnrYA2SKqQDbGCumGzS2ng30pjtO"
    "mpXHeU+C1y3heK81act8x5ixpOMSy3X9wpmdee+F0ylD4ZYmBtheu3W2EE1sHjIpCMccR9"
    "508kX3gpMePFCVq61osiIJenfn5GqSAI6lt4Qp95Mco+u8wQsizayDRGGDEGGsdVTSnU/Y"
    "GpoIo4vuKOGAFk87A11g+boz6/qYtTfiNn/BqnOj/m1z4blvmdnH5enj87f89NEzyOwBU7"
    "bAQsp1D1z2yHTrCV7LcumduYnGKwHTLsu66kkEJJIe4s5di8lxQHuHNfZNm4L5L37egHkm"
    "+JefD1CQ4Q3s9Z4P2cDO/nCLxsw5mxjgttYOr50kREKQ8vTcT2K8hYkHk7N1ft0rxFZjpP"
    "mXIDnFBAEZizqHaY7k0nmVxyTXkgDFK9Za/zZ/Z9Z13zAhgiUwgOeI0CjQ2BrWfd1BZYj6"
    "ulm67sWTHUAfn4b0P3Q/AvRwtAlm8NJ9G/5cVsY7bgRHLHfFJCgOzwWKvtSwoAWe5tN0D0"
    "ltdpUPcRhfCKUhPrJOnrHyYOQfnAqHfFOfktL4vhVavVgJH9UI6reigyqnkPRUWPwl5aMV"
    "4uKkP1QeZtKiiwO/Zkl/eUR8NmPNfGFevFMAeE+E6rUTWpNSnFZgti7eX0XEFuj2z+PH5y"
    "Hp7YZvBECWS0pgjSz0C1ctcTR9btD2VNvpSl50RS4X/2s/qAIr+MHhZozLPsQFF145mn2o"
    "mzLxTgnoRNwWJn2OXBG8mmog/bp4whFGbzggLKaDaF+wK7APDNQPQuJaMNY6jxI7V4ULc/"
    "GH+vJIcWZSx49U9QOcVYIM9hVBBYnc1Gpi+ydrt0376qNrVv1U4F+Yc9Ig5rjdo1pFPzTn"
    "m/e6R93642Koj/C7/c2czGmazGOZIoB1+0HHqHAKFyMQmi+jQfw4aliY06pzI8Sqy04vL6"
    "jsrFxXSULDDGUeGYWkO25Nby1YkhLfLWrTx2XJGD+27EcdHeqVRG2pI6ZeWlPWkJ2WMIXY"
    "m6xLhpLXWpouon6TguuSVPRvn0c5zILO/0oryIDg/V5T44kEPSzfzoVoydTBlv/M5G/2Jc"
    "+pf0JJLQIFh3YKt5/G6PgNs/pAp1fYmM7NVxvOd2ZVzvJuFYpYAsHOP8rJuzuHqBaYyCT/"
    "MW+YPTs/J5ZgZBXvxZuQOZ5k2zBhYeYON5rWxXIVKV7qrQ6ZBeMW/hHk1rnAWUzqwknnm1"
    "zmNJXWS2uXR93+m2biE7r3fUI9etZrfdajR4q3/cI2wpsk2aJ+D1D3ukWev+bLV/065bt3"
    "fV5u8VFGroESZOt7sVxP/1yFUdZOtvWv32rgXNwd+Qbbfd5ZXO3INiaFTYLDvrrwWPuNBL"
    "YZmDeZl6uVmr3XTYTDa/1tu3PAUxzG+4rUdaTa1d+1Gv/awg/xDqj93V2p0aT0S8PO4R2P"
    "Ru2tWfzQryDyHN8zK9szgqxtSHWO6sPHSITNk5ozmKJ4YDWTMfFvkTFYdJVcK+VCuyJZki"
    "NzQjH6BVsxyyI4de3dXZ5uQFuQWID7tcTczbG0CY3Qdq3jca2Wz1IoOCptvaYGZZODZvcg"
    "6bfV0UMJGUZYcxCYHlusRsauFng842dHQ4WNB2q6p199FYXe1yj01T1kq9VmprWwS7RW0g"
    "cvCdLZSP2LIDlYnOJA8CKZLx4kLSmoqzIyQpVXHodHyNpJe/BdDkQlV1UNT6VYuE1vULV8"
    "2yFYlN7/LdU5dOVBwyF6I/L/xj2FNTX3B1s32MuryikauCtmbE7hGHotMT9G//hvpD49Fw"
    "bFFyiW31lmMj/ZEtKxFQ+S9s0WR3CT9sFu5YVDX3m9gn3+CzqdwlXp3XKqdoff15imCfbn"
    "yX6ZTtPSgt8Nchgmc28dujLbT03ak3vzWgVDf/3yM31d8riP1hMnj923coBQ7/euSuVv2t"
    "guBvj3yvNr5qosE/XEdm3n64IN9W85ibfYIiT9KaRubtwyu+MHn3lyWV2l3CriY6/wZp6w"
    "EbQ/5yCJ8UH17OweTU8cg0SneWrt3xOcQN9Q5+Wpf9BHWl5kFeU5tEB4j8KJvJzNmF5X1B"
    "O0bF8MJqhb1Bapd6hZ+8AG1SslTpbDlNtyDK2OZIlNoibnGCob6wpeq5y3RCuuXVPwBPKM"
    "OJ8dm6jGRQElL9BYpPsCQyKHlhD1KnHN5ff01RV+z7I4mwDvBEc0ssi/s32UKzQcfBE0vp"
    "tnOMvBiUMShKnvDUQbAa4flNXgIayljT0cg02GnbYS+3q0XpEXhyrzQy9RBzKQCociCehE"
    "Opj7zcVSqF7T4qOIrpmb1HKWy5h6gWWxlzhaQhEyopLqx0WA9UmU5hGsbUwdqUmsZg7eiv"
    "0BBFVvCUmrW/d7W7WrveugFHF/8HeKd8ve8I5xR+UAzfFPeTDKs3t9YiTKuWvkpx++YCZt"
    "ykCFe6yfeuGIkp1CNVavISEDxInVdKTlciGOSdjWyiT+0xdUDW4JZHnSB3SETn2P6CWBtP"
    "sY6oMKUO8YPD7Yz0GVtTfTHBhNeVOIlKM7u7jOLf94x/h+mMUc2klBf3KA7pG/HC1cWnmO"
    "imE8NFpeEuESno14Ze2rXywR8iVFOw9hTotkZjsnOlBxr5RCrEqNAhRkXLA1ZUTVBeC18e"
    "ljhDxrAWwV3K/mS0Bm6QL6wIE7D9bGEbCRo3s8QCdt6pVNFiOMtTtu5qETJd8Lh0CsUlIe"
    "5cmAHARidsGIZtz/CQc/hT3QCVPXgq6l55OtE9rsz1Dq+jpIo9kyqUVWBDqwAbbwas5jo6"
    "7DDtIbGq21Dmwfa5DqxLMoWoUo++OfWo64ITx7V4p1K5FkPqlKEOGPAB3F0A9I6eSpLrHQ"
    "mOJsC8EPWzwrW0Th4eeIUrzw9D91NgepEkZ2G/iYuP0tlRokNI0W4Q3Ds6xiOxK8tAFa9W"
    "F9fkgo5WRBU8M7x5H3DLAN4L6WOsD6EDwY86dDhGVXPO2LgeoVNMoByiq8ZG/44G7I1mC4"
    "QdWXigm4MZGPXgp6ugQh/EoP+JBia1ZdojnRHjwRPcbX9GoFffj8Rh/4UzCVxRsI+sieMI"
    "0UH8orZgF93rzMesI37G1gJ5euhHyvo4tEfg8anJFpUjFNYiD9ORXzmZsZiP2Oq/LyPd51"
    "XdOWRXc2+YMQguxwnnF8LFh91rj7gdWFdfHe7e1TGqu7cxpHMCowM8lngQNjKsH+92U1Kl"
    "SoKbyou6Dxxv/vIIG1ZGKBZ3u+vCCCpzzZqChBCz8xaTkoneNHzA9OfDbknxpoEL8Q05bS"
    "1R4kMSuV7Y3uIybPmmQCJS0K8Nvcwh58M/TKkmQVnb9xB6PU4aScVdj5VIFOg59vug2J1z"
    "348Sq6lYeyqEkiPfDCxpDiZw+KVfAHYTswm/We1pPo7h3tOSLsdQq/TL/LmT0y8XzeujuP"
    "Cq6m+F9OdIwByCIraTEK1hkD0W+tMDvAWvbGwJqbsl532IYG0nZcDhxsMHxQdhJ9kMq7ab"
    "o/5u6b2rchKWMpp7+b6VbPL1trWVZl/N9HpmqyUDtknP0ugZWXnmPrC1WTp5ZISsOWCChF"
    "Pz8SKhUMymI8ba6SSjtkrJVxw2qpxiqVMp+XZQDo89Qrztc3VMsEdbZBegUq1Za3/7vYLE"
    "fwgBvq42ru8bbh78wM/w9pPNWWjb4cCup0Mei7REUuTJWNMofZrJH+s0xR/r9CSC8qvlon"
    "wZFuXAUlHyr7yW5KqxohxqiHatT0DBGMstfgH+OdOJYziLNRRuYdKNtW0FQ3nbyjZrxh7T"
    "5hVk84MdJX6LcJ+UL7PrNifxarc0Hf6S5pA4xRc3nuuxtZXTXMr1+ILKRfqmrsm+nGdiX8"
    "5T2JfzKPviCec5JdEAldLbp+vtJRXBhnp7yc1+P4FdqbcPrqy8evsXUId5yulkjZikvl6t"
    "FJO8TFbrxb7TOaRldL3fE9JLujECIym24OKURwyc6uj08hKJMIRjdHrxHg3YEyD9gc6cih"
    "+1CRox4dQuUr7AKotq1F75XpQuTunilC4uIYE9tdYJvQ1QvWnXZZUSqfTyzH5KGtSURZuS"
    "AvVtrdnkfKfJ6KXkOn1b4Fk8Kym2BrFJodLVKSHSt+gp9jGH7mpoPBs2za18lcgOaY/dxu"
    "deqade6YuldCdKd6J0Jzl0J56zWrLuRHJnW607saTOGXyKIDOVM6fLgh28iIdfuHPO09hC"
    "5U6Rgqrs+v5A+lt9gR6wM8eYQB6ASZx/0ZZHX6Xf8Mu9Kv3Gq29f5RT9hopEeGnjqFv5O+"
    "dXOUi1wbovmAlpk1WtOJ2dguqVW8+JaohMLdWwzVh8GHOiGiJTi1Wx5S/Jlset4C2A25aG"
    "OlB0Qy/uani9/XMr8GYNvinmVrsS3NC3JgBuu9bptuvX3VIc96XAXQ1ukOVMwPZ15HXXha"
    "Gt89uJCOvy6XKapO66B2iW13OlmN4dQ8XJBTf082gcnsZQn0I1Sbek5sXpSPxF52d/fV9m"
    "UjVy9e9Mtl5g3RJFJrkLAU8p3X/WTYOhx477UdH9Ra4YL87bGrsOnF52V/L86/M95RR5fj"
    "lnIWU7pSbWSQL4PlFoAh4Y1a6+zX7Ly2J71Wo1YGS/VMVVPaRIb97fXtXaR6chiT4ubc86"
    "Bjlli8usKpG2nSjGiVbjINWbthsLKByaHz5BsyF4xWR8UrCLSJSvw960IZKnYUwMJ467kc"
    "6mMjciHsj0O67kbe6nyKFoTOei+vXTz7FfhFtHkqpXxCIHfCovpILeJ5KXpVz6G/sel5AP"
    "GgwRgzHU74OHZxBQhMkwyv4U5aZiOaQBW/uP1OIOKuHwK8Uz7QvPJM9iNJBjdZikTF/ksN"
    "TSffuq2tS+VTsV5B/2iDisNWrXINN5p7zfPdK+b1cbFcT/hV/PLHEh248cfvUoyaJxBVv0"
    "1plN2R4XbwpMTggn0xxQ2OnZ6cWni8/nHy98UP2WNGSjoCpGdo+ZsVBynjiOLJq/J4Utcz"
    "trUq3O1bzZLSV4wWs7cPcMqNEw1nm9DMgCA24bflnkMnpYcM8NqDyB5voC1EQQvBJlrrY2"
    "6ur6Z3+Ek+nphpe/nTWwzn/Ihoh/KBapUCwS/uVgi+hmrNUyOdw1RHZwZSQ+ZmFtPiazNh"
    "+jZSSWr0XWz4RE8ua+EcrPuAB+xuy7GYd78rbgExRZWlpzS9hJEh+VvfbwnMYKJvLsxA1H"
    "ZQTebkbgmOW7BWyzuzgVc81u4uHEbgE17xuN1/Jk6OqWMRqVYoRK90w5TZZ0ln0yeS5MLQ"
    "aD8Px/Mkw61x3nw5jOLPAYEHmXyuhHtct+DszZEA/zeyps/Qor9e5ekjqlf99X4VLp3/dM"
    "//5qOSVfaqJUUkllLslmLilaqsOiQZ0leipPrkNlSVEuQa+GHbWG7FW18AhbOLZuWbLKK4"
    "a0yF/ANZVfZ5mUX2cpyq8zofwqiO2vipk4My7FSGfumXKadKYv+6ySzpLxXm1ZyyXNJH7o"
    "sxZ0c1/g4hpotmK6TxZWnrFlx+aDS373JZJDfOcvL7O885eXye88nAspvKcxPuwpBoVpnP"
    "f6IaC7E3MCu6ITa7L5W6fVjEdYIglzAMbAQf+HTMPeR1EgBVwAA0b2IwU8TI9uq38Pw33d"
    "aF2FVR8wwNVrf8z+/H/CRNWK"
)
