"""Staff, their sessions, and the log of what they did, which nobody can change."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# table, name, condition: what must hold in every row, whoever writes it
CHECKS = (
    ("staff_member", "staff_email_is_folded", "email = lower(email)"),
    ("staff_member", "staff_role_is_known", "role IN ('CLERK', 'SUPERVISOR', 'ADMIN')"),
    ("staff_member", "factor_is_not_guessable", "octet_length(factor_nonce) = 32"),
    ("staff_member", "invitation_ends", "(invitation_nonce IS NULL) = (invited_until IS NULL)"),
    ("staff_member", "invitation_is_not_guessable", "octet_length(invitation_nonce) = 32"),
    ("staff_session", "staff_token_is_hashed", "octet_length(token_hash) = 32"),
    ("staff_session", "staff_session_ends_after_it_began", "expires_at > created_at"),
    ("recovery_code", "recovery_code_is_hashed", "octet_length(code_hash) = 32"),
    ("audit_entry", "subject_is_named", "(subject IS NULL) = (subject_id IS NULL)"),
    ("session", "staff_say_why", "(staff_id IS NULL) = (reason IS NULL)"),
)

MORE = """
CREATE UNIQUE INDEX "staff_session_token" ON staff_session (token_hash);
ALTER TABLE session ADD CONSTRAINT "session_of_staff"
    FOREIGN KEY (staff_id) REFERENCES staff_member (id);
CREATE INDEX "session_of_staff" ON session (staff_id) WHERE staff_id IS NOT NULL;
CREATE FUNCTION keep_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION keep_the_log();
CREATE TRIGGER "never_emptied" BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION keep_the_log();"""


TABLES = """
CREATE TABLE IF NOT EXISTS "staff_member" (
    "id" UUID NOT NULL PRIMARY KEY,
    "email" VARCHAR(254) NOT NULL UNIQUE,
    "last_name" VARCHAR(60) NOT NULL,
    "first_name" VARCHAR(60) NOT NULL,
    "patronymic" VARCHAR(60),
    "role" VARCHAR(10) NOT NULL,
    "password_hash" VARCHAR(200),
    "invitation_nonce" BYTEA,
    "invited_until" TIMESTAMPTZ,
    "factor_nonce" BYTEA NOT NULL,
    "enrolled_at" TIMESTAMPTZ,
    "last_step" INT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "locked_at" TIMESTAMPTZ
);
COMMENT ON COLUMN "staff_member"."role" IS 'CLERK: CLERK\nSUPERVISOR: SUPERVISOR\nADMIN: ADMIN';
COMMENT ON TABLE "staff_member" IS 'Somebody who works for the supplier («сотрудник»): never a customer''s login.';
CREATE TABLE IF NOT EXISTS "audit_entry" (
    "id" UUID NOT NULL PRIMARY KEY,
    "act" VARCHAR(30) NOT NULL,
    "subject" VARCHAR(30),
    "subject_id" UUID,
    "operation" VARCHAR(100),
    "reason" VARCHAR(300),
    "client_address" VARCHAR(45),
    "happened_at" TIMESTAMPTZ NOT NULL,
    "staff_id" UUID REFERENCES "staff_member" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_audit_entry_staff_i_2191b3" ON "audit_entry" ("staff_id", "happened_at");
CREATE INDEX IF NOT EXISTS "idx_audit_entry_subject_2aad8f" ON "audit_entry" ("subject_id", "happened_at");
CREATE INDEX IF NOT EXISTS "idx_audit_entry_happene_812864" ON "audit_entry" ("happened_at", "id");
COMMENT ON COLUMN "audit_entry"."act" IS 'SIGNED_IN: SIGNED_IN\nSIGNED_OUT: SIGNED_OUT\nFACTOR_ENROLLED: FACTOR_ENROLLED\nRECOVERY_CODE_USED: RECOVERY_CODE_USED\nLOOKED: LOOKED\nMEMBER_ADDED: MEMBER_ADDED\nMEMBER_INVITED: MEMBER_INVITED\nMEMBER_LOCKED: MEMBER_LOCKED\nMEMBER_UNLOCKED: MEMBER_UNLOCKED\nPASSWORD_SET: PASSWORD_SET\nROLE_CHANGED: ROLE_CHANGED\nFACTOR_FORGOTTEN: FACTOR_FORGOTTEN';
COMMENT ON TABLE "audit_entry" IS 'What a member of staff did, and to whom or what («журнал действий»).';
CREATE TABLE IF NOT EXISTS "recovery_code" (
    "id" UUID NOT NULL PRIMARY KEY,
    "code_hash" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ,
    "member_id" UUID NOT NULL REFERENCES "staff_member" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_recovery_co_member__8efaf2" UNIQUE ("member_id", "code_hash")
);
COMMENT ON TABLE "recovery_code" IS 'Stands in for the second factor once («резервный код»); only its SHA-256 is kept.';
CREATE TABLE IF NOT EXISTS "staff_session" (
    "id" UUID NOT NULL PRIMARY KEY,
    "token_hash" BYTEA NOT NULL,
    "client_address" VARCHAR(45) NOT NULL,
    "user_agent" VARCHAR(300) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "seen_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "member_id" UUID NOT NULL REFERENCES "staff_member" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "idx_staff_sessi_member__8082de" ON "staff_session" ("member_id", "created_at");
COMMENT ON TABLE "staff_session" IS 'A sign-in by two factors. `seen_at` is when it was used last, to the minute.';
ALTER TABLE "session" ADD "staff_id" UUID;
ALTER TABLE "session" ADD "reason" VARCHAR(300);"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    checks = (f'ALTER TABLE "{t}" ADD CONSTRAINT "{n}" CHECK ({c});' for t, n, c in CHECKS)
    return "\n".join([TABLES, *checks, MORE])


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "session" DROP CONSTRAINT "staff_say_why";
        ALTER TABLE "session" DROP COLUMN "staff_id";
        ALTER TABLE "session" DROP COLUMN "reason";
        DROP TABLE IF EXISTS "audit_entry";
        DROP TABLE IF EXISTS "recovery_code";
        DROP TABLE IF EXISTS "staff_session";
        DROP TABLE IF EXISTS "staff_member";
        DROP FUNCTION keep_the_log();"""


MODELS_STATE = (
    "eJztfet34ji277+ilS9ddS6VybOqOnXuXYskVBXTCWQBqZqeZpZxQIAnRmJsE5o5Z/73u7"
    "fkh/yMTUhiiL8kxtaW5Z9keb/3/+zN+Iia9n7dcehs7th7Z+R/9pg+o3AQu1Yje/p8HlzB"
    "E45+Z4rGutrqznYsfejA+bFu2hROjag9tIy5Y3CGrX9OKSM2n1FnarAJMY2Z4dARWeo2MX"
    "XbIY5lwM8FG1GL6OSerr4Qm1IyMEaUOYaz2rep9WAM6b6gtAf7eNsRH8J9ob9nuUOf9Vlv"
    "SrEpMWyiM/L9un5B3vExHuujkUVtuyaOh0O+YA5hi9kdtWpkf3///Rkx4AQAaxPG7/hotU"
    "8GMxgdg67JlJsju88YJzNuUQInYXA2cabQmQO3FEMgumnyJdwBGlN4gLFh2U4NHhHbwVVi"
    "8SUZ6uwXh0zgUCCyYMa/FlRz+ARgoBbg8sc/4LQBT/0ntb2f83ttbFBzFJp8eEzsQVzQnN"
    "VcnLyY6tZX0RThvtOG3FzMmNJ8vnKmnPntYTrw7IQyaukAv7Ig2MI03bXjnZKjhROOtaD+"
    "MEfBiREd6wsTlxVSyyEE5/Y0rdXuad1GT9P2YkvOo1DWiHtqyBkuV4O5y3+m/6mZlE2cKf"
    "w8PDj4j7xRgIRshnf8Ue9cfK933kGr93hLDqtevg4t99KRvPYf0Ynu6LIbAb36oomFEMe7"
    "bln6KhlwhSYCumnYzjqoeycC2IOX9wVwz4C517xudHv165ve3//4h8AywG7MLVjcmu7E0b"
    "uEh3eMGU0GMEQYgXDkUu57B5vB8yWXcR44sfuZbf/LFGjVew28ciTOriJn332MLHC/E/Kz"
    "2ftO8Cf5e7vVEGhy25lY4o7q3O3hmPSFwzXGlxrsmApI3mnv1H9wYxrfK68LnrjTh/dL3R"
    "ppsSv8iKe1jV+aHc2iZ3SmT8QcIZo4Tvfjd6HPneFUT/ouepcyP4tDpdGjX8U6gaYm7j30"
    "TGz8+IWxCXxh8MfcGDoLi/6C356ROGPRIbdGsArg3BDube+TNqNkgX2P6VJ84+z4p/H5bv"
    "OE740xir/At7fNy+SXV7aOvLWLhTHaR5rn+ebs/fd4wYY4V8S81yaWPp/+y9y/N5x9Y2Tv"
    "M7rU4CP4//Ze/n0Wn6Bj+YKqr56AIvvL4062NtXtaRz/c4PpVsr3J0oZmYu7lUPt3foKnV"
    "+1z0M7Jnziz5uteuf3d9f1v70PbZtX7dY3r706Jee/9xr1yBdMX4wMvsYMhOkq/NfFf6wb"
    "5sKiCexXdwbbZJM5KQyEQhdBH57mubA/eC62d4Ij+HB89OnjZ7gqBog/PmXMSPe6fnXVbP"
    "UigA4tig+9Bk8WpnwZpqwsy3sruDJ1mumfcwO6W2Oaw5QV713mWQYub503WSHbwPy6k1e9"
    "xbslWwGqlDl7SbKVe6mWKVspjXJoHDnRATgKMg0ny6kxnBKH/unU4JgyIeuMLT7DXxZNUi"
    "cWIUddYX0+p2z0gTNzdUZ0FJImE2qRMbfuQF5AEQzkL6EwHBF4NCoEC4dzsmAmtW0hecFb"
    "ZAmVJaMPqKcE6eMB35I+e6eDWDYx8KklIeoApWYRZDQ2NqwZDNWw8X4T7jgwxqXhTFGJKN"
    "saDtzMHMEt3ucU3f7Al9rSpOg11fHx5Dv+j0qoK5VQp4vnSdbeNthiJtBvwkB0NqRxscKn"
    "3owy93n26r1vzR+N1hkR//oM98nLTv0nnPEPo+9wPnVvLm1vhrL3fYQZxk1Cs6f60enHIv"
    "r0CFmZp2JNzfrHkxxQfzxJhRovReQO04DPgeaaYoqgHafcQcBPTnMAfnKaCjhe+k+UN7Q0"
    "+LazBPYwHeww1Q4CfZzLZnScYTM6PojtI+oHtyAvHiGtxOrSMeTqRMPTLtC0pxVjniJkm+"
    "Siyju5jzJJkb2qGKQKSQUnwBkTG8PoxqH9yi1qTNhvdBVjOSOAumLfrdvNdkIanN3zJQ1L"
    "X/pykbqg4NmF0CeevgObRqd50dtL3Ag2gOul0tWOYhvZ/1LwfR1Fhw9/gqZDnZp0VYe6Fv"
    "LYkR+oZaNMi85JQk8hhf7hwnb4DK5JXQZx+BdXtSDVESPCYR2hbsCwyYNuwi4X04RsuvME"
    "xcMfe/ew2vCieyupYqjMyGXVOHjTtY6+waMtsyCw12t0rrtnRPzrs5tGp9tu1a80YBjrZy"
    "T0cx2tw1EeeeEoXVw4ikkL3nuTOCfJ74JCUuapWFMm2zzEjuGYtJBKxyPYSXjz4ZsFcKLq"
    "LA5wD86m68x2Bt8skbbxt15ImvVQTPaD8JorqF+ga0QY7OIqyko7WUg7KTgeDY1ERfU3Yc"
    "pKfVM69U0Be6qirZbWywQ99blL+fW3DjX1FGtM3FC6nZMeE+z+85ySWHNEZ3PuAGIXumnu"
    "JchjkRa1LKnM8NtqQ69xDkM0ykpwUyk/zRaOYsE1HJtIYwSZ6SsCUzsiztIYUjc6xQtK8e"
    "88XCXGvmz6FmjQHlh0vLDhoQYowCGwnqkaRDo0UovrdPSFDNAMLTwTRVOddL/XP8C3QgzH"
    "M0AjhW7f0wwp0NMqeQ+AxxhoUkmDpZYG1enKy0yoNLvITuRhjz+mc8cfY8zxa8ZnlQraDU"
    "ZoBej6G1jC1znDJTtEVnlkRyWRvB7ZfOEM+SxBuP5rt91KRl4hiTLIxtAh/0tyRsVtj6ch"
    "YpEtBUYFvgjy2EFUCvQ+8UWgV2kq7NfHftss/JVH9doe1ZUl+mncZ2WJfiZL9EW9e1G/bL"
    "yWobTNaA/2pyuD3e8lyObq5VqWYM4ZiJLQUjO9pjlsptg2EE1numHS0RnhXqTrgjmGSQZB"
    "7EqC4L1OJ15eCYffU6ZmlgBheb6wYPUDnTESfuJMWFBl0gr0D7fp0KIOpqSoEWB/5guR4g"
    "Id0vEq3h067AsNEWBNDRStRSIKjkkvkFHFu8AJE/NN6Gwl3deJ+xzoMQ6MFTQVjugm1UeY"
    "vkI0EuPBzqWJVz7pF+xrCO8rCv2TBaapWKLjvH0vHNHx0RbsHnrwE2bIx0BVhfhC9dnAXt"
    "z9kw4doTkQ0cd8KQGVmTBgWIjRHYyrJr3tpUUZ8154LvO/2ARuIV3rlx6ps+R9hvQi0hlG"
    "Qj8IgKRxGsB4gJ4Ywjjj7AsZoOxNsYU/Em/I73TbtWIj5rpFR+/7zB+i29+SL8wRTJCzjn"
    "e9O+94qITEVX725dJzKLO0juFbIS+zWL5Xv+g1f9R7zXbrjATHfXZT73Z/tjuXWqcBpGck"
    "/LvPGtf15pUG+La+NbT21eUZiZ6JtGk1fkbawJk+q19ctG9bPe2q2fpNu21dtnEYkVPRnf"
    "h1TMJiey6mMfBJKm1BbU1tgfvBKLIDKiRP2Aa3R14t4Cfrf/aKaBdDRGttZiXDMrJTnOax"
    "BkOr9L3iNB6tUkXJvwVpv4qSfwuzXEXJ7/z8vo7ObnvmdFtUduVEdFs1dl1q2/KJY9o671"
    "ItS1NnK41y6OhsWBEfDEYw+oBRMqLCVYW0x8KtRarQMOOC0MR4XieGTe7p3CHvdCJnnYi5"
    "xk4M532SFu85boN6vp+YgmEAC3k8hrkchDVXXvyE1F5hzogZxQSyqK4SJMTk/N4mnp5Jvz"
    "MYdYgulFN95pGjFw/qp2pS40YGwC3anA2kOmyoM09DxbhIjbuOfqpSSpVWKSUW5xquC2G6"
    "ShtRW1MbUSUhqJIQlAHoZ0lCUOks1tlqtk7a2S6dRTXN604zQLjOu6zSVWqLMs+wJ2kUso"
    "0oNJXiIuoeiaJUET4joNg9s8izsBiVd9zuqNpKCum26toE6gmKNm820rVs3rTnUbHNqQU7"
    "lpstlJh8YrAkFVlSMxElJuzAqDiJ+U3F3KbIO5MvMT+IjkOZL9gKy0uQEYcu2PsvZBDyv+"
    "qzWEf2lC/ZPqnPOJsE2VGFDxh6oMFNHEM3w+q4e0rngl6e/YIeaujC1mdTXejiRKdkRZ3A"
    "7QyHccf/dAdiQOey0BKMhloPwgPtHeLzlxEdGqjPtP9ycHB6gEq/hnS6c6SnmhyVY3G2mh"
    "nDGuHSj88F09aNkX9T2Zyh/vFdf3FwoN/B35Pjkfh7in9Pjoj4QeUP8feTcvkwOH8s/x5g"
    "R3d371G5OJzS4X2fGdJXEPVJdzANshYVPFBVz2MbtX+FPTee5rVRtg3+Bdw2/O2tMMraM8"
    "fgvV6RtGcBeg4gFcqv4hPs4FI+PMoT43iUHuJ4FIUXiyBq4kcBiENEOwjz5sN0RZXGwjiH"
    "qSqgcwAdcFWF9owQ1e6J6JvHGZhkjXEtC+5zzk2qs7RQxQT6qLkROniuJe6feWFzY7t9Fd"
    "IanjejSZlur88bsImLuYBGhpQ54+WV5rptLzkIk8lG3qzFHiHcwY3lWRKRzS06phYIrJqp"
    "s8kCpPNk2HPEfCT29HLzsNe5LSjQAMUZ6dyCINs6I421iirk4V3SWZcY51IZIdfZgLbOdu"
    "Grc9aY6ChtZaUq80ybfHi/1jSHCKs5LvMc+7yHmwt6jdlO6aLaxks38TEDVLq9pMqH+Gg+"
    "RPU1imQcfCJY8VyHu4iZiPl/GlCRxBNb+RnJBsn1w38iTorL/y6uJKFh1uYW5+MnAnWDPd"
    "1gR7uKlT4c8gVsUxt4++qyq5xv31aihShp9OHp3z8EqfGQ7wu4jfsU444xTKrVXgSkluhk"
    "V9eSRfURdPJEjDqylx1aRs/pmqPs5wkOOuHdPt1NR/m+iIY5vHWEwwxyvFiWWIdhYcSYDP"
    "XyyvyKRND4mEluPIXovVRVgiicqUpNUJWUi6p73RUOOyITlZdwyk0lhfmm5I37DNpMOB+J"
    "2DWkWU4Nk4qoO9dHZuo6/8huAasxNsB760rhY4GhzG0ls2/hw/QZpgi1xbNAB/DAaheM0h"
    "H69NyJUw/QiT6B5bNPgPlTesZ0VDKwzh2QuHWfyQfA4L8kr6O1aiz7Bu0q3K60DjeVl8Kz"
    "eilUGZVeJYaxsrDsqmquCvN6c9Ps8y7rvM8R2srIUuaZrmJnqtiZKnYmUUB3dYh7CdK5d6"
    "mWJZrrSqPcQTQgBLp0oRAO+feziM74GMRruDEaIprj+FeihHCIoI7TIJwDQzhqQt6dr1DI"
    "RTH2zjBNmD9ir2yHzn4RQTJwaSAkF93W+DgxX3U5ByoCiaREPfADdmyRgBpJ/00tbu+TAb"
    "wbMP0jzWvpxhvh7Q/FSA/FExwd4g3E72Px97N7VvwQD3aoi1OnNbKYz92IpCoCZhsFcrkW"
    "ikjkAcVmRPLHcX9Bb8hczpAFUhyHX7kiMMcpN+JuXSK0D/MVosqoQxVF217c4bgAL4lSIt"
    "yPe50mdFNm7dPe9/Ztt/FdpAz3D/vs/LbbbDW63TPiHUW/Z68zSXA7wQ+s8U4kkJZ5YtZ8"
    "L07yQH6SDvlJOuSYqA/2lKScDCjYPoJ6iDpLtN3CKciAHGXVCKBrpCvb7Txlz5LbYmwAfz"
    "vlICIVlNJjhFVilgiyZpJuKyPAzkzUZ+1AxNfmWT657u7h6dblP8I9lHm32Kvf1Du960ar"
    "d0b8wz67bPTqF98bwI94R+VgPRzdMsZjbQi4TbiVEpL++PwkdFPqSbrtnNdb2rc6sIL+YZ"
    "/Jw8ZV46LXaV54l7zffda57dSvMJYJ/q0zfc/wZsGubqEvuza3jAfDpEmBZY9GUyb0UMVT"
    "Foin1C2qa7OjBA6SDo2ZbqawPwFVlHOUZPsu+fZ9ULJYx8ZF87p+9e5z7SiCq8rHR5Om2c"
    "Yo2bOxC/iYTeYkQxwijIBsbKOHIwwX/n04Pvr08TNcFUPEH58yEO8C3FfxRTs0uV1c8FGJ"
    "nijvlAzaYuJOoGsuahANU1aW79LZQ9eKPaqc1L11nuVYjKnBqPVEnL6LTnYVosqPv5R+/N"
    "uI0Iw6T37ZrrGPXX3X8OpiNvcQeAJKnDlTc3UR7m8XITPYA3/6a9eUvewqSBYdUuMB+OS5"
    "vpo9fSfvuN3dyN52CbVCDjsBwHe6qSe7dbuUGG7L4U9urus86HFHvgTruTcJ7jPdxcljTh"
    "91cxJRm6JlDl8nkfsX/XiGQ1HQnWNckNvRFwJDXskmkUs1ecn9JS+mpxve/E3Qx6jtRgbJ"
    "TLsOabQuG5foEyXbyNgezzEqLbKHDBBt4X3kFps37D5zo4NElL7MgpzgYHXiZ+X1Mvd6GX"
    "rXiRfyJg9+QbM/1N81kdcfBPsqfqhc7koWN9d26/BoS62rb/9sNTpnRPzrs+sGKmXPiPxf"
    "DiOKfDHWnAOfuNSTUL/oNX80zoj832fd2+6N2OvOiH+IGd7EGfGvHFNTNG/qkzKmlow1eO"
    "5EnviJXy/rlkpYaUBLpwENychrZ9uqkmxt0TSHOb28PFyYqgr/qSoRbRrOjGgqJaDmiQFV"
    "SvzOdgL7aExV+EUNhVV1YO/oNC96e7GluwFk32ioWoBpHtthZe15+XQ7rhExQdMVmBfTlV"
    "zToM2j6q2fU5klxvMZF1oerHmlqnGEAuf4UImKU6o0yWM/HO4L1m+fwVYp0tJgV3zhYCib"
    "g5WuFCWTkjcmpAt79RGJ4Dx7YSHyoTpf7rl4na8zrElPBqipwQb2ILd2K6LCMnC7qlRY5V"
    "JhVZVkXkReryrJVJVkdgpn5RNSBOgIWbWk80BtJNpb0z1FfYI3HRUnWKAisPkEb9m5tlJG"
    "VdqTMon5GdqTV05KE4j9CZJsSCeQLswGHqf5BFrM36ovRiCgIWgmZkbBLgDofVKfzykbfe"
    "DMXGGFYIB/MqEWpju9A/GESJOAHRdJN9CnECpRIeP6UXAyMkYgRtYEZiLjKoqYxmzOLecL"
    "GWD/gcsF3HkJUudIZHrlCg3ecAWd1wEOw6Qj/InirpfpVnp/jDgVlZ/pnwZIwZhhlnHPX2"
    "NNUXWq43O7OVvRGUNRNsWuiTlMuFYJuqUSdJ8SArsVwa83nXb7q/a13rxCPwD1V5/Brx/u"
    "2R/4+6rZ+g1/y/99dtvyznhHfXYNe6vmOoAEx4r7gXb+Ow6oedFQHBGCk9GWjZ8apgLB7l"
    "Iu9Bkqb9sdHId3FN2u8rDgx/mi/zOC/2Piu5iCNVePT1xiuXKv1dbqFxftW4ydDo77DGnq"
    "mpLTJXKizy6u2l2cMfkfZ73Tql+LNSEO4Eyv0259g8V4AVMK59Wf68zv5mN5h6aBVXnWSK"
    "QRpyzxLK8p0p6c5kkBc5qeAuY0HjsdfCgTJbR014YIaeXbUPk2bM1rtRnXBoXhzAuoQlKh"
    "WRJHkZ1Bs2SajnLiunk3ES/KYzPA7lZ1vCi4yv5XOgecLYX0Kf43z6mWc8OKE3RyQcBxuk"
    "KOBW0eVcZ1+Yw6U0xpLPRQfk0hVGY53BypPh0nx0ru5VMlfEj6dwyVjM2Kl4fM3izO+GFF"
    "Id3dyw8BVX1Nh6AXjlC0OfRPVPOh5whq7KQYdIbuImw0cCtRUUBw6Njkjpp8SWb6PRUnJa"
    "nBhBaQPmABKVNnkwXMq+uCgsXQ9slgqMNiC/SFngRQI1gshrwbuIGxf/lv1EoN3p9Jjxq8"
    "hUWHxhwFNOhQlKeSb1mN2NxDTHTux5EJ0Jwl9Ia/UCMpVwSMwl7c/ZMOcYP2fWbgfl5ibI"
    "sv+8wruoXVte74Ap7OvYpo/AI0uMygK5glgwfdCDM/GemiM53MMKK5hjm1VwNxHa8YgDuM"
    "3BZKuXc6GS3wvAOPgi2W0D9fwh3QMwPbvwd6fYYb+4Dc8zkd3ttputA//P1OQCEVl2lRau"
    "ESMRirVqk5KzXnS6o5fzZbl+2fWvum0UKtU+gnKhDrl83WN63TuIYLqGuMnvHbdFHJ1bjp"
    "SW1j5JTa018bF2oj/wxshK0f7eZFQ2t2u7fYIvy7z27qv2MKQu3ytnFGlB/BlfaPRid01T"
    "0RtOg0LhpNqbyNnOkzaNv82ryo95rtlrxJ9Eyf1W9uGvUrrd7q/mwIzWrkhGhx5ZHAymt9"
    "c1tFT0q1sVa/vPRUx/LYPa+EpYV/l0OFKze3xDcjRbPnEZT5dVhTo3eYS4V6mKFDPYwrUY"
    "MPZJGNP0xVydMRdzbBKRTxYgko3rIbC7BARUBzm79lxCS3GAft3Jik5ngMaHYoweOvR0fH"
    "x5+ODo4/fj49+fTp9POBn+4xfikr+eN58xumfgxtoAm5IKtyjW/BEIKi7BpzrJBV1fvKPL"
    "+VoWuHTDNbtBFWFRFfuSJiwiZQmbu22a+3zvhMN1edhZloRVAv1zKzscmGmuW1zBGu6imh"
    "OZkthlNMeHZHiaPfU+aHdurEUwMnRZcW6wCV+dewNFH9zchgYS90U0NewpaKZ3GiRpZTA/"
    "pyldX6A6zGCRVVHyWB0FfbgxoaAFCBbbtp22yiW7TP7uGTycgd3JlxMqZL6bcLtzMphhG6"
    "1F+QehaMRTdNvgTm9n45gG5gqUhDwtDkw/uqtuM2aqbHFp9pxfUZEbJNhzS9agXCggFNwe"
    "uZAGBWuYsI5ZNLXpT0Y56Io1vz4qQWrSWSXvNC3dbiSGeXvYjSrqUYKRu+Gyx9oW76RbGN"
    "0lbYRlR4/jez4P4QJnyL28OnQiVxxtSiiTG56dakENEOWpSOcpVcPMoouXgkSy7GJNbXkQ"
    "IawCHPYDLSxIDQ9Uw5gLot1xAEsNo6HbmxcGLfU7h4S9ZT/yLTs4CY+oB+Kt7d7ISC8Zvr"
    "tmK+K+b7bTHfrti7JucSp654l4ovfDFsOUZpO/ABSqi18gi0YdIK2QgrqBs23EpD/1aeoE"
    "3P5LrjxG+R8z6pOO+K81Y5b1n2KoHl9uthpfPaM79JjtInI4qsrXT9diuM4DqYrELJGMfC"
    "d/5A8YVXEjOeHJDAtV4WATk99PMzKgVByMCiM/4g6ncO4DYjzLJoE9MYUwIMNE2qmlKq8a"
    "GpoE4EvnJEQIDZPGwN2lFzPBCDOjkUAzkS9zjUxbG499GoJkZy+Dm4fnT8XpgmRByBK3bY"
    "BFlOqepf2A6fUSvdb10xt4GcYsAOGfVdr6SQUkkh7iwV2LwDih3cuU/ybNwn6ft2/AMpts"
    "Qi+PoEOwjv5zzwfk6H93MMXthwFtBwpQ1NvViaiDjl7qWJ2HwFGQszbxfmql2at8hMF6ns"
    "bqATCioCC9Yhj9K96SSTAddUBMIw1Vv2On+A7zs0LQpghKxCcChqFGjQBbUedFNbUT2p/H"
    "C2sueRrnbIx38Tuh9G/3S0EGTF1nAa/VtezDaFBSeTOxaTEkJku8dabV5SQMgKb7shore8"
    "TsO6jziE55ybVGdpX/8ocQTKO6B+Ls7JP/OyGJ6321fYsx/Kcd6MREa1brGo6Luol1aCl0"
    "uVoXon8zaVFNhn9mRX95SJYQPP9eSK9bKbHUL8WatRXaPZ2FxdwE0XM2/IcdtDvFUt0xAh"
    "24tnUQlymCUeDLo8k5lu5rptY9rrqcUXk6lSGf0XzI3jLhf0ucdENf/GP1j23EsgA8f3P6"
    "dJloVN3wKNAz1RQ2rmZbwBurmrzEcirPw+h4Xo6fkxMgGbIRPsk2ASIe+eMq+NUOb0mcGG"
    "5mKEGX+WU25DSwq4Bn25xhEvzbgY2z45F9mG/k0tDlTUosT3YSJL/IlBElNjgqNvY9qdka"
    "GbmKNnCe31lTJ2EIIW1BswR/ODHO4UvuJwLDCxZZAFpgniC2tI3dw+Oj4c5gWiMjOPO+I3"
    "5UMl7oR/TrbMWvGKuRdKujPn5I5xm0gW3x7PQeTRltkesddttr5dYYZr8b/PLuu/nxH402"
    "et5rfvmEEb//XZTaP+2xnBv332vX71VZMn/MPo1vw6Wvb75bSgjt2leIsa9sPPtePcKnb5"
    "LVj3VQioS/0yXNx2e+1rTLXlHfXZRbvV67SvrsRZ/7jPGt0eoCiyafmH8NI0ej/bnd+0i/"
    "b1Tb0Fr1LkRJ91r+sdeK3Evz47b6I+7pvWvL5p4+nwb0yd1emJsgXuwTqv2eZzzFdlvLar"
    "jNd2w1ZpSSotye5oSZ5TAdDi1mwvMV0wnK9lJwt2W+QL6PGz84rMtsN74HRHKFZi/tlAqA"
    "45941UVz4lTe+B4sP32U/ri558NXK3IlORZpetiGk8iFy7SQ6GJRiTdCq04IohxXebyzbw"
    "ChojrMzuZQWokcU8pDOwMN1tumvgEN6gCbdEVje/M/GiKhEtlbfgq++utQz5W53Ddfhnlb"
    "7UHPRt57ze0r7Vu2fEP+wzedi4alxgPnXvkve7zzq3nfrVGRH/ysHhhl+0Ao4HIcIqxiQm"
    "nuOGpcmNurikHiF+i0J7Ebe4ckZKlhjjuOzBrREsubWCdRJIy7x1VyE7rs1RmDWSuGjvUi"
    "YjbSmN8vLSnqEI7TBLOorHxLh1LfSAOT3+pBwnVbdIt5m9xE1FFV1hRhJBOFhEwi39IONh"
    "+GwOvPEvtjDDfcmuIuHbwQRbLRJ49RnG/Sv2MiN/eVzvuV3xzRskHlc1IErHOAuDZUFGwa"
    "d5i/zB4VEBpb66+PNyByrNm2YNLDqkxsNa6a4jpFW+61LnQ66M5+u6QFc2w8pm6C8Gx13y"
    "a60Fj7jUSyEowhTUXmo1GpddmMnW12bnWtQgwvmNnuuzdkvrNH40Gz/PiH+IBchvGp1uQ1"
    "QiCo77DDe9y079Z+uM+IdY5ymo7ySPyjH1EZY7Lw8dIatMePEiRTPDwbIZd6vilYqipFXG"
    "/kwDqaX4Ij/RQrqDbs21iIk08uo+nm5eXZAbgHi369UmvL0hhGEcpHV7dZXPWV+mUNR0Wx"
    "suLIsmFk4q4LTflBVMFWXZbkxCaLkGmM0t+mDwxRMjHXYWtOdV1br7aKKuNthjs5S1SqtH"
    "tbVtRt2qtpg66BdbKh8xpkAtTXykeBAoqYxOThStqbw6JopSlUYuJxdJfvkhePEQ/3ZjA5"
    "ZBCqcvRAYD3FHTu33v0KWTJYfNlWwvKv8a9tzUV0LdbO+T3jQIkCDWgtl95nByeED+67/I"
    "YGRMDMeWNZdhq7ccm+gTWFYykAHjINLdJfy8WcL9GhaQcgo++YaYzcpd4tV5rVqG1tefpx"
    "j22cZ3la6yvVeRDFscySC21SLmZp+gzJO0ppF58/DKL0zR/SWgqnaXqKuJLr5B2nrAJpC/"
    "HMIH5YdXcDAFdTwqTaU7y9bu+BziE/UOfl7X7QT1Uc2Duqaekh5AJkh9msycX1jeFrQTVA"
    "wvrFbYGqSeU6/wEx6WL9OqpShXa1m6haVoV6BSSpu51QlHGLIvpXzh9uTnE9YtrwAiekIZ"
    "ToLP1mkshbKU6k9IcoZlmULZC3tQGhXw/vo1Q12x7Y8kwzrQE82RbnNy/CYsNBt1HCKztG"
    "47+8SLQZmiouSezh2CqxGf36T4YEsdERibBsOMEvByu1qUPvOSPQh/Nw8xlwKBqoXiSQSU"
    "+thLXv2m8i/sjIKjnJ7ZW1TDRniIavAuFJY0VMJKiosqHdYDVaWrMI1i6lBtzk1juHb0V6"
    "SLMit49lqNv/W0m0an2b5ERxf/B3qnfL3tSucUcVAO3xT3k4yrt7DWIkpbLf2qxs2bC5hx"
    "4/3PdVPsXQkSU6RFptTkxdbfKY0flZzOZTDILzaxmT63p1zkYROWxyAJHOFLan8hcE7UWB"
    "O5zqDViN45ws7IH6g111czykRhyYO4NPN8t6n49y3j33E6E1QzxiTddOBS7NI34tejo+Pj"
    "T0cHxx8/n558+nT6+cD/YsQvZX0/zpvf8OsR2u/in5M5ZbrpJHBRWbgrRBX0a0Ov7FrF4I"
    "8QVlOw9hTotsYT0nNnBxr5RFWIUalDjMqW4qqsmqCiFr4iLHGOZFhtRnsc/uS0Bj4hFVYZ"
    "JmDzibCeJGhcLlIr2HuXMkWL0aJI3frzVcR0IeLSuWnyJcadSzMA2uikDcOw7QUdCQ5/rh"
    "uoskdPRd2rTy+bc5YgVDzffSqpYsukisoq8ESrAPS3QFZzHR12lHaXWNVNKPNw+1wH1oCs"
    "QrRSj7459ajrgpPEtXiXMrkWQ2mUo+IG8gHCXcCtVCFUkkLvyGg8AeaJLKAdLaZ9cHcnSl"
    "x7fhi6nwLTiyQ5ivpNnHxUro5THULKNkB07+gaE2afBYEqXrFuoclFHa2MKnigNdkG3TKQ"
    "9yL6lOojbMDoRMcG+6RuYr2NPuNzyuCRPTU2+T9kCG80LBA4suhQN4cLNOrhT1dBRT7ITv"
    "8vGZpwP4X2nQ7EdHiPox0sGLYa+JE48F86k+AdJfsIpwSOGB0kbmpLdtG9z3IKDekDtVbE"
    "00NPOLRxuCzuwU1YVI5UWMs8TO8GNrWwfvs+sJgTag3e14ju86pBjRV3wMAguBwnXl9JFx"
    "8Ya5+5DaCprw53R7VPmu4wRnzJsHeEx5IPAj3j+vGGa++TwcSwNf+DLfGQo/dOwj1EGkYs"
    "rWlh2imc90NRv92r2y5PiWXhlnc/rZHDzwI0eMuolZGTVZEQqwSs28BaFy/E+MQajOVio5"
    "+7BGOVImdNiUXK80XLVqtEbxo+lC6KYRdQvGngIgxKQaNOnHiXZLsXNuy4nGGxKVCIKujX"
    "hl5lxYvhH6WsJqEy628h9HqSNJKJu54okVSgF9jvw/J9wX0/TlxNxdpTIbUpxWYgoNmZCO"
    "WXfgGCQsJa8YKNCdRVnmfx3Ol5niPqsiJqkATStfQhJUtYFckv8TlPfonP6fklPkcRL5tD"
    "T3kXdFWzrpSuOimYY7zLZnLdXRlsi9Us2bH7UjoxNoTUTSDr7CJYm8kGsbupDsICmzSBPQ"
    "2rjlt+4CZwzN6ur/erpIVQ9610a763rT1q0ddMr2W+MkFodvaMyJ79XCRlRDOqpbMJEOqj"
    "EVy9WxEduho63Kph0cmQwRlbL6erlLJAG76JKAN0p9uGLSzW9wyNu9gvrrbJSmSIRKs6tS"
    "jxKvo4FH0dDecLGcjuvapA0Ib+CWfMlehC7zOYehSG3WH8YhOEFPvjNox4JlwL0H6vW0Gk"
    "lvKE6eZdxemiShlZHl6wlmHgrVJGPkO5RniEZFnx8Zh1j7bMLmp7jVaj8+33MyL/91mn3s"
    "TskdrX+kWv3Tkj4d8Ywn5Rv7q4vXLrOIR+RjfUfM5umw5ndz11ikj4CkmZJ2td0T6XP+Fh"
    "hj/h4UEM5VfLpfoyfNiOpVIVfIuW5gH0SDnfCO1an4iScc8b/EII3m7dN8EnLvOrcN3oYS"
    "kl8a/P6j8anfo3eDPcA3gh2p1reB/gbzkWu+SFC+rUA6Inq9JLttZzaNJPClRU/tdCZ47h"
    "rNawW0RJ3yDShWwW1gIe0xYVv4uDHSd+i3Af1E5zwy3F5WKm0IBmlySnF/dB0u0ksTUrBM"
    "ijKPGHc012/TgXu36cwa4fx9l1T+NWUDMToqqMcdnGOEVl9kRjnBIWtZ3APmqMC6+sosa4"
    "F9BxexandDW3YpN6XNOtOOs9ruz+zpeYRteNVkpJB+zGdI2VWDA/lIccnp4SGTa2Tw5P3p"
    "MhPAHR7/jCOfOj7FGnLYOQZIouXGVxnfgrj6XSTVe66Uo3nVJwhFvrpEoIUb3pCJAqhd3e"
    "yzP7GWmrMxZtRsrqt7Vm0/NTp6OXkZv6bYFniSzS1BomJvHLVqdESN+iw+3HArqrkfFg2E"
    "la2MfKi/lku7THbuJzX6mnXumLVelOKt1JpTspoDvxPFDTdSeKj+rjuhNLaZzDURAzCTpL"
    "HhRYEkWX/ELLS5F2HCsty5SBNddVD9OV6ytyR50lpQy97WZJHoIb7v0x/YZfnrvSb7z69l"
    "XL0G9UAV0vbRwdLiwrLZYrfb2HqZ6w7ktmQnrKqq44nWcFdW7RB4Mv7IKoRsiqpRq1GcsP"
    "Y0FUI2TVYq3Y8pdky5NW8AbA7Shd7Si6kRf3cXi9/XMj8OaNqCvnVvsouJFvTQjcTqPb6z"
    "QventJ3FcF7uPghlnOFGxfR153XRg6uhhOTFhXL9eyJHXXPUCzvJaPium9KVYIXglDvwie"
    "E2ln9TlW/3VLIJ8cjuVfcnz06/saZjB19e8gW6+obsmiwMKFQJQAGDzopgHowfEgLrq/yB"
    "2TxXlbg/vg5aB5Jc+/Pt9Ty5DngzmLKNs5N6nOUsD3iSITcAdUz/Vt9s+8LLbn7fYV9uyX"
    "FjpvRhTprdvr80bn3WFEok/KfraOQa6yxeVWlSjbThzjVKtxmOpN240lFA4vDp+keSJ45W"
    "R8MrCLSZSvw950MHLtypgZThJ3o1zNZG5k/JvpN3yUt7mdE4eTKV8SGNmK3P+cAvsg8/rr"
    "RFH1ymwCIZ/KkyBDv5u5f6wcixoAx9T3uMT8/WiIGE6x3io+PEDACWWjOPtTlkElckhDWP"
    "sTbgkHlWi4YcUzbQvPpM5iPJDj8WBIlb7MYdh7t53zekv7Vu+eEf+wz+Rh46pxgTKdd8n7"
    "3Wed20796oyIf9HXM09cyOYj5V89KrhsXMEGvXUWc9jjkk2B6Xk1VZodCrM+Ojz5dPL5+O"
    "OJD6p/JgvZOKgVI7vFzFgk41YSRxZPypXBlrmNNaW28uO82TVndCVq8fjZlqa6qG+ESZvQ"
    "bcMvY1/DBE/ouYGVgshSX6GaCINX4szVxnp9vF7lH9EMmbrhlcGAE9D4D9UQ8Y+KRSoVi0"
    "T/dKjFdLNgBtoI2c5V4/mYh7X5mM7afIxX4wlei7yfCYXkzX0jKj/jEvgZw3czCff0bcEn"
    "KLO0tOaW8CxJq6qU1LvnNFYykedZ3HCqNN+bTfOdsHw3gG1+F6dyrtmneDjBEEjr9urqtT"
    "wZuov53DSExBQTK/1rtSx50lZb5Qgz4DO/TC7m1w3nRvgcVO51leVSQX4XZEsIVek9Da6e"
    "DGX+hDjdyXFQCVgq35OoVeK7lKYf/fOora8ReF8MUzhEMBA1HnGkeDuPjrmb0W1EMiW2W8"
    "YXMyvzsVpNl8pquuLvkbhwdEBOP8I/N7GzcDWBJYe+JhgsMqSwksiUw8oW1+CmC7pPevA6"
    "zWFjoXafYdjIlC8s964wNqxPTOYwC05OVUEl+5dK9i+j8vJVdQDFxFLxv4Bw5LXfRdkol7"
    "7kMENhchjXmBisUAY2t/kuonuUB9yjdGyPotDezxM8ydKhdZvvXma7X3MA+2sqrr9GYeUT"
    "q9CS9drv4po9zbNmT9PX7GkU3Dud3WtF99wQ0Q7CfJIH5pN0mE/iMBvDQgDL5jsI7Yb3hl"
    "SNSYY2NSDZQXw37z0y5BYwv3MOT8ccbQ3AUzuo4M8Bvz4aAXopmedTVnhAspMQ58M4C+S4"
    "HXGaWucixYo4fUpxi3IjvHkzLZ1RCyAZrrTCQCeQ7h7H/ByI64ZZDGeXYPfQfRYbo204xW"
    "oPue0reHPBy8djNEEI1Wgh4S9Ct4Pb82EuJuMwg8s4lGxGSTwGe7pljMd7CRYd90oty57j"
    "BG1yRaPOLVgfMpvTvWHype44H3C1YBSorKVRIz/qPfg5NBcjOioefbrxOzwaS+EV2qpiKr"
    "bVaFDFVGxZTMWr1cV7qYmqCuNVITD5QmDKVr6qbFDniPIuVL+qjAbmEkNchXlvEjtujeBV"
    "teiYWpQVq76bQFrmL+BrqydLIp390J20vEHepVqWfPagOwXzBaFspHiaHQpfssMT3/lKRJ"
    "6LICwhadnCwUrN4hPz9rL48hc7h+T2YneunLq2TD6rcteswdWcFig3W0amZou85tb6IFef"
    "4u36FNcXI8NpMMdKLFeoXM38IOvYTqN+wxw+8DomxptRFIBRr2k7+nhMRsZIZr13OFmirz"
    "i3ZAJ81Uv8o+LVfaB4hsvjO6IknpF+278GbuWuP/eRkpbmV/cjnOStXr5Bol95fT6nbPSB"
    "M3OF+4cxmaAz/Zhbd8aIDKeoWrBrRARYANy2HKsF308df++TpkNwnm3C+B0frc76bGAv7v"
    "5Jhxj5MiCGdCzHhIeyQAFfSgZlwoEGvsDLKcW8hzZyKDZnuknwG4d08F7b1EWHcRwShsH0"
    "GfRVIzaX3TDuTL0wd4AQQF0JbTXe1OQT4G1s/Z7uE29QwYhgB8AhwYBwzAubWoMaGbjeH8"
    "qhZhrsfvCFDGStX9GBmKEl3hLeWFc/zpFREoPAkgyA7c8pF7H1AJa8JdwCf78bmPfu7PcX"
    "RwdHHwfvxfDhGQfiNAKXOwrfo8D2Ux0nk4403ZER+MFMJF5WT9Rk3H7F1pWKrcN9L/GD+b"
    "gS1yUt82dzr9v81mpcas0WqnHdwz5zD9u3Pf80HPfZ1/pFr93RGq1O++qqcXlGIif6rNO4"
    "aP9odH7XLtqXDe22i43i5/rsqt3+Da/J/3123cAUkVr98hLPqr/8a83Wj2ZPuer+9q9ftS"
    "9+Uy7Ln/7V21bkuneiz27q3e7PducSQToj6i94nvZVQ4Pl0/omnkT55aPxtd351u71Gi0f"
    "Dv/MOprt43w1vzNKfsf8EOQeVMgVISDZPW+EZ0O4YOBzmKoKfI6oEef4yImFgjMUiCrR7q"
    "3cZ/GjkVxVManQo9g9iI9zQXycAfFxHOKhaQjH5uKOunHK3YN887EUEbY6ritCpU8y4BHS"
    "LIURHpSHldvE9txrXje6vfr1DXbv5/NGZRJeORJnV5Gz7z5GJsbvhPxs9r4T/En+3m41on"
    "u+3673d8zDsKcvHK4xvsTFrmDinfZOhT+8iuyV+7Or0FQf3cxsIwKqOLaF82F0sZ9r6rlH"
    "bCWyj+bEUNdVqWp7dOiQP1BrdQE/95KTLQbXa49kWhQttaHX9FHVIEw9G9loAPOUQjZ0wk"
    "bQfuig0gYWjqpqc9Vrp0pG6VPl/FGgfDuRqrlfpfJNVxJFnLjqtS8ElWpCt9X9Xv9wdPoR"
    "VUf3dO7EtYMlHmeic6dUY7rLDadDm+r2tHLifP39tJahTQomKgb+ucF0a5UWH6eQRSuKrB"
    "xq7xYbcn7VPg9xIMDqnTdb9c7v767rf3sfYkOu2q1vXnt1Ms5/7zXq0UzM9losoUK2AXaw"
    "nF+3neAGQ3ti3q0tRFSl9MtmCGc02T32mTnCkmL7KEsYWltlKs+uwp+UJy08Oxmp0gTPG6"
    "yKHPwgn1E0U6KtlSy5dW8HDJebdy3EZh0G/JI0pEoGS9piXZOrkkpM8FfIU8EjC9uf7ico"
    "+8VGe6TBEni/1x8TGoJbHHlOizpoFY1zoDAMm2ASsTNMFG6gIZh8v65feK3RwouW2oFsD7"
    "skvIEDsoBXxOoztz/sHRoKq7EwrnoRRZRZ3DTFh24A7GgtMAuPDct2ZNIyzE5OcAV+IQNT"
    "tx3Nduh80GeuRXeqm2MyM9jCod6gBJnjGWvxS0qQUDUfyzYSdmdpDCmAMTDYg+EITa73HP"
    "IeFlX854JGiKPB7oUV16Zo5p/rtg19ppaaqfjk1/7MZPHJLxybXC6/roiL0ulJHhel05N0"
    "FyW8FuaExctbNKdPiKjMVu01kd58iL3YOgvjHKaqgM6V5N+xOFvNiuVQClPtnmFl8zgDj7"
    "B2TKNHW+YFvXdx1ej8dkbEvz7r3t40Oj+a3XbnjATHfVa/vEaPGfEvyk2+TvSix+6kKJey"
    "3oEI4e69Bs+SDijKoBZT6CVRr6nXKxn0r6DWE2CC5CIEg6LKvRhxpeIrs4pPlW2LvXJRyk"
    "qNvu77pqgKir5tEdLqXSvzu+ZreOKznJoJIURTFa6Mp0IYWhSffY13J0xZOSaV+93hw/u1"
    "ZjlEWO2PZZvjAnF+oRiSBKfPc5fq628daqY5LSdG7m3llMeMZREnZMWz6IlgRf2ZtnMbzM"
    "bLpraN0YBPQ0rY+bqyq11C6tlNpx5mabZTBdPHjKe20vRR62md2MaEfTAY1g52lty1DdoY"
    "XkkpE8Y7ER0pbHdRm5vDhdlMWujiZtBNd54neDLsxhZwOFUYZLkMcg6/hxVQ3HMtTFfJ3L"
    "U1Ze5XjyAp2xw8dwgJhqNrhevwhql2EOjnCY+qZOJdlZfCPKtgIorOsUJWTXCpJ5j+OTeg"
    "u3X0wiHKaprLPc0A4XrK/1Gl2dqKGa4c6StH+sqRPlfCNWoZw+leUrI1eaWWmWgtaPOY6i"
    "cd0g07N6ea9hJf7ASbnjt/5XWv3YhFL6O6M7U8hV5esVEh2UGZ8eg0j3QOrTI8mGPyuV6s"
    "kq7+hEq65Ub3WXLCwB2dRNXHX7vtVlqMqk8SZe6MoUP+l5iGvY1lEDLARTBCLJ2Hqa/rU+"
    "C+SND0YQfnr5099D//H560cgs="
)
