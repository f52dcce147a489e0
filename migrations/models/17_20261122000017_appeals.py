"""Appeals, and the topics and terms that staff may add to."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

CHECKS = """
CREATE SEQUENCE appeal_number;
ALTER TABLE answer_term ADD CONSTRAINT answer_term_has_days CHECK (days BETWEEN 1 AND 365);
ALTER TABLE appeal
    ADD CONSTRAINT appeal_subject_is_whole CHECK (
        num_nonnulls(subject_kind, subject_id, subject_facts) IN (0, 3)),
    ADD CONSTRAINT appeal_rating_is_of_an_answer CHECK (
        rating IS NULL OR (rating BETWEEN 1 AND 5 AND answered_at IS NOT NULL)),
    ADD CONSTRAINT appeal_is_closed_once_it_is CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL)),
    ADD CONSTRAINT appeal_in_progress_has_a_clerk CHECK (
        CASE state WHEN 'NEW' THEN clerk_id IS NULL WHEN 'IN_PROGRESS' THEN clerk_id IS NOT NULL
        ELSE true END);
ALTER TABLE appeal_message
    ADD CONSTRAINT appeal_message_says_something CHECK (text <> '' AND number > 0),
    ADD CONSTRAINT appeal_message_is_received_from_a_clerk CHECK (
        (direction = 'RECEIVED') = (clerk_id IS NOT NULL)),
    ADD CONSTRAINT appeal_message_is_read_after_it_came CHECK (read_at >= created_at);"""

# Titles and order are those of the manual, chapter 6.
SEED = """
INSERT INTO appeal_topic (id, title, position, may_hide_name, is_offered)
SELECT new_key(), title, position, title = 'Противодействие коррупции', true FROM (VALUES
    (1, 'Внесение изменений в лицевой счет'),
    (2, 'Другие тематики'),
    (3, 'Качество услуги'),
    (4, 'Обращение'),
    (5, 'Общие вопросы'),
    (6, 'Платные услуги'),
    (7, 'Предложения'),
    (8, 'Приборы учета'),
    (9, 'Противодействие коррупции'),
    (10, 'Расчеты и задолженность')
) AS topic (position, title);
INSERT INTO answer_term (id, topic_id, from_day, days, are_working_days, reference)
SELECT new_key(), appeal_topic.id, '2020-01-01', days, are_working_days, reference FROM (VALUES
    (3, 3, true, 'ПП РФ № 354 от 06.05.2011, п. 31, подп. «к»'),
    (8, 10, false, 'Закон РФ № 2300-1 от 07.02.1992, ст. 22'),
    (10, 10, false, 'Закон РФ № 2300-1 от 07.02.1992, ст. 22'),
    (1, 10, false, 'Закон РФ № 2300-1 от 07.02.1992, ст. 22')
) AS short (place, days, are_working_days, reference)
JOIN appeal_topic ON position = place;
INSERT INTO answer_term (id, topic_id, from_day, days, are_working_days, reference)
SELECT new_key(), id, '2020-01-01', 30, false, 'по аналогии с 59-ФЗ от 02.05.2006, ст. 12'
FROM appeal_topic WHERE id NOT IN (SELECT topic_id FROM answer_term);"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    tables = """
        CREATE TABLE IF NOT EXISTS "appeal_topic" (
    "id" UUID NOT NULL PRIMARY KEY,
    "title" VARCHAR(100) NOT NULL UNIQUE,
    "position" SMALLINT NOT NULL UNIQUE,
    "may_hide_name" BOOL NOT NULL,
    "is_offered" BOOL NOT NULL
);
COMMENT ON TABLE "appeal_topic" IS 'What an appeal can be about («тема»); staff add topics by a row.';
        CREATE TABLE IF NOT EXISTS "answer_term" (
    "id" UUID NOT NULL PRIMARY KEY,
    "from_day" DATE NOT NULL,
    "days" SMALLINT NOT NULL,
    "are_working_days" BOOL NOT NULL,
    "reference" VARCHAR(200) NOT NULL,
    "topic_id" UUID NOT NULL REFERENCES "appeal_topic" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_answer_term_topic_i_e1705a" UNIQUE ("topic_id", "from_day")
);
COMMENT ON TABLE "answer_term" IS 'Within how many days an appeal about a topic is answered, if it comes on `from_day` or later.';
        CREATE TABLE IF NOT EXISTS "appeal" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number" VARCHAR(20) NOT NULL UNIQUE,
    "state" VARCHAR(20) NOT NULL,
    "hides_name" BOOL NOT NULL,
    "subject_kind" VARCHAR(20),
    "subject_id" UUID,
    "subject_facts" JSONB,
    "message_count" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "due_on" DATE NOT NULL,
    "answered_at" TIMESTAMPTZ,
    "closed_at" TIMESTAMPTZ,
    "escalated_at" TIMESTAMPTZ,
    "clerk_id" UUID,
    "rating" SMALLINT,
    "account_id" UUID REFERENCES "account" ("id") ON DELETE SET NULL,
    "topic_id" UUID NOT NULL REFERENCES "appeal_topic" ("id") ON DELETE RESTRICT,
    "user_id" UUID NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "idx_appeal_user_id_dd188d" ON "appeal" ("user_id", "created_at", "id");
CREATE INDEX IF NOT EXISTS "idx_appeal_state_cb4abd" ON "appeal" ("state", "due_on", "id");
COMMENT ON COLUMN "appeal"."state" IS 'NEW: NEW\nIN_PROGRESS: IN_PROGRESS\nANSWERED: ANSWERED\nCLOSED: CLOSED';
COMMENT ON COLUMN "appeal"."subject_kind" IS 'ACCOUNT: ACCOUNT\nINVOICE: INVOICE\nINVOICE_LINE: INVOICE_LINE\nMETER: METER\nPAYMENT: PAYMENT';
COMMENT ON TABLE "appeal" IS 'A thread of messages («обращение»), seen by its author alone.';
        CREATE TABLE IF NOT EXISTS "appeal_message" (
    "id" UUID NOT NULL PRIMARY KEY,
    "number" INT NOT NULL,
    "direction" VARCHAR(10) NOT NULL,
    "text" TEXT NOT NULL,
    "clerk_id" UUID,
    "created_at" TIMESTAMPTZ NOT NULL,
    "read_at" TIMESTAMPTZ,
    "appeal_id" UUID NOT NULL REFERENCES "appeal" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_appeal_mess_appeal__02dfd9" UNIQUE ("appeal_id", "number")
);
COMMENT ON COLUMN "appeal_message"."direction" IS 'SENT: SENT\nRECEIVED: RECEIVED';
COMMENT ON TABLE "appeal_message" IS 'A message of a thread: numbered, never changed. `read_at` is when the other side read it.';
        CREATE TABLE IF NOT EXISTS "appeal_note" (
    "id" UUID NOT NULL PRIMARY KEY,
    "clerk_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "appeal_id" UUID NOT NULL REFERENCES "appeal" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "appeal_note" IS 'What staff tell one another about an appeal; no type of the customers'' API leads here.';"""
    return tables + CHECKS + SEED


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "appeal_note";
        DROP TABLE IF EXISTS "appeal_message";
        DROP TABLE IF EXISTS "appeal";
        DROP TABLE IF EXISTS "answer_term";
        DROP TABLE IF EXISTS "appeal_topic";
        DROP SEQUENCE appeal_number;"""


MODELS_STATE = (
    "eJztfet32si2579Sy1+SzNC+8StJOzOzFrZJmtM2eAAnp29zFshQGF2LEkcSpjl3zv8+e1"
    "fpUXoiCWwLXF9Aj9ol6Vel0n7v/z6YmWNq2Id1x6GzuWMfnJP/PmDajMJG7FyNHGjzeXAG"
    "DzjavcEba3Kre9uxtJEDxyeaYVM4NKb2yNLnjm4ybP1zShmxzRl1pjp7IIY+0x06JkvNJo"
    "ZmO8SxdNhdsDG1iEYe6eorsSklQ31MmaM7q0ObWk/6iB5ySnt4iJcdmyO4LvT3LFfosz7r"
    "TSk2JbpNNEZ+u6lfkvfmBLe18diitl3j26ORuWAOYYvZPbVq5PDw8MM50eEAAGsTZt6b49"
    "UhGc7g7hh0TaamMbb7jJlkZlqUwEG4OZs4U+jMgUvyWyCaYZhLuAI0pvAAE92ynRo8IraD"
    "s8Qyl2SksXcOeYBNjsiC6f9c0IFjPgAM1AJc/vwHHNbhqf+itrc7fxxMdGqMQ4MPj4k98B"
    "MDZzXnBy+nmvWNN0W47wcj01jMmNR8vnKmJvPbw3Dg0QfKqKUB/NKEYAvDcOeOd0jcLRxw"
    "rAX1b3McHBjTibYwcFohtbiF4NjBYNBq9wbdRm8wOIhNOY9CmiPuoZHJcLrqzJ3+M+2vgU"
    "HZgzOF3aOPH/8tLhQgIZrhFX/UO5e/1TvvodUHvKQJs168Di331LE492/eieZoohsOvfyi"
    "8YkQx7tuWdoqGXCJJgK6odtOGdS9AwHswcv7ArhnwNxr3jS6vfrNbe8///wHxzLAbmJaML"
    "kHmhNH7woe3tFnNBnAEGEEwrFLeehtbAfPl5zGeeDE7me2/U+Do1XvNfDMMT+6ihx9/yky"
    "wf1OyM9m7zeCu+Q/260GR9O0nQeLX1EeuwO8J23hmANmLgewYkogeYe9Q//GhWnyKL0ueO"
    "BeGz0uNWs8iJ0xj820tvFTs+NZ9IjGtAc+Rogm3qf78bvU5s5oqiV9F71TmZ/FkdRo7Vex"
    "TqCpgWsPPecLP35hbAJfGNyZ6yNnYdF3+O0Z8yMWHZnWGGYBHBvBte1D0maULLDvCV3yb5"
    "wd/zQ+32U2+N7o4/gLfHfXvEp+eUXryFu7WOjjQ6R5nm/Owf+aLNgIx4oYj4MHS5tP/2kc"
    "PurOoT62DxldDuAj+H8OXv595p+gE/GCyq8ehyL7y+MO9mCq2dM4/hc606yU70+UMjIW9y"
    "uH2vv1Fbq4bl+EVkz4xF80W/XOH+9v6n//EFo2r9ut7157eUgu/ug16pEvmLYY62aJEQjT"
    "KfzL4j/RdGNh0QT2qzuDZbLJnBQGQqKLoA9P81zYf3wutvcB7+CXk+PPn77AWX6DuPM5Y0"
    "S6N/Xr62arFwF0ZFF86BI8WZjyZZiyqkzvneDK5GGmf8116K7EMIcpFe9d5VEGLq/MmyyR"
    "bWF83cFTb/F+yVaAKmXOQZJs5Z6qZcpWUqMcGkeTaAAcBZnGJMupPpoSh/7l1GCbMi7rTC"
    "xzhnsWTVInFiFHXWF9Pqds/IvJjNU50VBIenigFpmY1j3ICyiCgfzFFYZjAo9GuWDhmCZZ"
    "MIPaNpe84C2yuMqS0SfUU4L08YRvSZ+910Ase9DxqQUh6gCFZhFkNDbRrRncqm7j9R5Mx4"
    "F7XOrOFJWIoq3uwMWMMVziQ07R7U98qa2BEL2mGj6eeMf/oYS6Sgl1Gn+eZO1tgy1mHP0m"
    "3IjGRjQuVvjU21HmPs9affC9+aPROif8r89wnbzq1H/CEX8z+g7nU/fm0vZmKHs/RJhhXC"
    "QG9lQ7PvtURJ8eIavyUJTUrH86zQH1p9NUqPFURO4wdPgcDFxTTBG045R7CPjpWQ7AT89S"
    "AcdT/47yhtYAvu0sgT1MBztMtYdAn+SyGZ1k2IxOPsbWEfmDW5AXj5AqsbpyDLk80PC0Cz"
    "TtDYoxTxGybXJR1R3ctUxSZK0qBqlEouAEOGNiYxjdOLTfTIvqD+x3uoqxnBFAXbHvzu1m"
    "NyENjh74koalLX25SJ5Q8Oxc6ONP34FFo9O87B0kLgRbwPVK6mpPsY2sfyn4vo6iw4c/Qd"
    "MhD026qkOeC3nsyE/UslGmReckrqcQQv9oYTvmDM4JXQZxzK+uakGoI8bEhHmEugHdJk+a"
    "AatcTBOy7c4TFA9/HjzCbMOT7qWEikGZkauqcfCGq4y+waOtsiBw0Gt0brrnhP/12W2j02"
    "236tcDYBjr5yS0W0brcJxHXjhOFxeOY9KC994kjknyuyCRVHkoSspk24fY0R2DFlLpeAR7"
    "CW8+fLMATlSdxQHuwdF0ndne4Jsl0jb+3gtJsx6KyX4QXnMJ9Ut0jQiDXVxFqbSThbSTnO"
    "MZoJGoqP4mTKnUN5VT3xSwp0raamG9TNBTX7iU337vUENLscbEDaW7Oegxwe7fzymJNcd0"
    "NjcdQOxSM4yDBHks0qKWJZXpftvByGucwxCNshJcVMhPs4UjWXB1xybCGEFm2orA0I6Js9"
    "RH1I1O8YJS/CuPVomxL9u+BBq0hxadLGx4qCEKcAisZ6oGkQ6N1Pw8HX8lQzRDc89E3lQj"
    "3d/qv8C3gt+OZ4BGCs1+pBlSoKdV8h4AtzHQREmDlZYG5eHKy0zINPvITuRhjz+lc8efYs"
    "zxa8ZnVQraLUZoBej6C1jC1znDJTtEpjyyo5JIXo9sc+GMzFmCcP23bruVjLxEEmWQ9ZFD"
    "/h/JGRW3O56GiEW2FBgV+CLIYwdRKdD7xBeBXqZR2JfHftcs/MqjurRHtbJEb8Z9Kkv0M1"
    "miL+vdy/pV47UMpW1Ge7A+Xevs8SBBNpdP17IEc5OBKAktB4bXNIfNFNsGoulM0w06Piem"
    "F+m6YI5ukGEQu5IgeJfpxMsr4ZiPlMmZJUBYni8smP1Ap4+5nzjjFlSRtAL9w206sqiDKS"
    "lqBNif+YKnuECHdDyLV4cO+1xDBFhTHUVrnojCxKQXyKjiVeCAgfkmNLYS7uvEfQ70GAfG"
    "CppyR3SDamNMX8Eb8fvBzoWJVzzpV+xrBO8rCv0PC0xTsUTHefuRO6Ljoy3YI/TgJ8wQj4"
    "GqCv6F6rOhvbj/LzpyuOaARx+bSwGoyIQBt4UY3cN91YS3vbAoY94Lz2X+nU3gEsK1fumR"
    "Okuzz5CeRzrDndBfOEDCOA1gPEFPDGGcmewrGaLsTbGFfyfeLb/XbNeKjZhrFh1/6DP/Ft"
    "3+lubCGMMAOWW8691xx00pJE752VdLzyGNUhnDt0ReZbH8oH7Za/6o95rt1jkJtvvstt7t"
    "/mx3rgadBpCek/B+nzVu6s3rAeDb+t4YtK+vzkn0SKRNq/Ez0gaO9Fn98rJ91+oNrput3w"
    "d3ras23kbkUHQlfh2TMF+ei2kMfBKlLaiV1Ba4H4wiK6BEssEyuDvyagE/Wf+zV0S7GCIq"
    "tZhVDMvISnGWxxoMrdLXirN4tIqKkn8L0r6Kkn8Lo6yi5Pd+fF9HZ7c7Y7orKrtqIrqrGr"
    "sutW3xxDFtnXeqlqWps6VGOXR0NsyIX3RGMPqAUTKm3FWFtCfcrUWo0DDjAtfEeF4nuk0e"
    "6dwh7zUiRp3wscZOdOdDkhbvOS6Der6fmIJhCBN5MoGxHIY1V178hNBeYc6IGcUEsqiu4i"
    "TEMM1Hm3h6Ju1eZ9QhGldO9ZlHjl48qJ+qCY0bGQK3aJtsKNRhI415Gipm8tS4ZfRTSilV"
    "WaUUn5wlXBfCdEobUSupjVBJCFQSgioA/SxJCJTOosxSs3PSzm7pLNQwlx1mgLDMuyzTKb"
    "VFlUfYkzQK2UYkGqW4iLpHoihVhM8IKPbPLPIsLIbyjtsfVVtFId1VXRtHPUHR5o1GupbN"
    "G/Y8KrY5tWDFcrOFEsN80FmSiiypGY8S43ZgVJzE/KZiblPkvWEuMT+IhrcyX7AVlpcgYx"
    "O6YB++kmHI/6rPYh3ZU3PJDkl9ZrKHIDsq9wFDDzS4iKNrRlgd90jpnNOLo1/RQw1d2Pps"
    "qnFdHO+UrKgTuJ3hbdybf7k3okPnotAS3A21nrgH2nvE5z/GdKSjPtP+j48fzz6i0q8hnO"
    "4c4akm7sqxTLaa6aMaMYUfnwumrelj/6KiOUP94/v+4uNH7R5+T0/G/PcMf0+PCd+hYof/"
    "fpZOHwXHT8TvR+zo/v4DKhdHUzp67DNd+AqiPukehkHUooIHUvU8dlH7V9hzYzOvjaot8C"
    "/gtuEvb4VRHjxzDN7rFUl7FqDnAFKh/Co+wR5O5aPjPDGOx+khjsdReLEI4oDvFIA4RLSH"
    "MG8/TJdXaSyMc5hKAZ0D6ICrKrRmhKj2T0TfPs7AJA+YOciC+8I0DaqxtFDFBPqouRE6eK"
    "4p7h95YXNju30d0hpeNKNJme5uLhqwiPOxgEa6kDnj5ZXmmm0vTRAmk428WZM9QriHC8uz"
    "JCKbW3RCLRBYB4bGHhYgnSfDniPmI7GnlxuHg85dQYEGKM5J5w4E2dY5aZQqqpCHd0lnXW"
    "KcizJCllmAds524atzSgx0lFZZqao80oY5eiw1zCFCNcZVHmOf93BzQZcY7ZQu1DJeuYGP"
    "GaDS7SUqH+LafIjyaxTJOLghWPFch/uIGY/53wyoSOKJnfyMZIPk+uFviJPk8r+PM4lrmA"
    "dzyzQnGwJ1iz3dYkf7ipU2GpkLWKa28PbVRVc5376dRAtRGtCnzb9/CFLjKd8XcBfXKWY6"
    "+iipVnsRkFq8k32dSwIi4JLNbSF1ybvaV7wsqo2hkw2R6ohe9vS1m2ur2eaL063oZV8nEi"
    "Zh1Dblyeu8k72FaARLEhqAnE1XpjrvCdanvVqXCrkPxpb8mcYAhgxgUY4x4Sfvwn8TdLgn"
    "i1pBl0uJT09wvAxz8enul5LcwBvm8MLkjpCoycBy8xrcFkYCixBer3w7T/CPUyPJPbMQvZ"
    "eCkBOFMxDKiQeTcgx2b7rcEZNnGPQSCbopAjGPoLhwn0GbB9Mc85hkpFlOdYPyaGrX93Hq"
    "OnWKbgGrCTbAa2tSQXuOochZKLIq4sP0GaZ+tvmzQAfwwHIXjNIx+mre80NP0In2ADPikM"
    "B7IPWMaQZFwLR7Q/zSfSYeAIO6k7xJP5TK7uc5Kqkw6so6Uirvs2f1PlOZ8l4lNl1ZzvfV"
    "5KLCd9/cMPu8S5n3OUKrjOdVHmkVE6liIlVMZKKA7tqGDhKkc+9ULUs016RGuYMjQQh06U"
    "KheeL3C4+6+xTE4bmxdzxK7+RXIoXm8WC9syBMD0Pzalzena9QyEUx9l43DBg/Yq9sh87e"
    "8eBHODXkkotmD8xJYh2Cat4oDxAVEvXQD8S0eWEBJP0XtUz7kAzh3YDhHw+8lm4cKV7+iN"
    "/pEX+C4yO8AN8/4b9f3KN8hz/YkcYPndXIYj53I01VZOMuCuRiLhSRyAOK7Yjk63F/QS/3"
    "XE7uBVLXh1+5IjDHKbcSRlMhtI/yFRjMqC8YRdte3ON9AV4CpUS410cTJHRTZe3TwW/tu2"
    "7jN14Kwt/ss4u7brPV6HbPibcV/Z69ziDB5Tg/UOKdSCCt8sCUfC9O80B+mg75aTrkmIAV"
    "1pSkXDso2K5BPUSdJdru4BBkQI6yagTQEmko9zv/5LPkLJrowN9OTRCRCkrpMUKVcCuCrJ"
    "Gk28oInDYS9Vl7EMm7fZZPzLtHeLqy/Ee4hyqvFgf123qnd9No9c6Jv9lnV41e/fK3BvAj"
    "3lY1WA9Hs/TJZDAC3B5MKyXVyPrxSeim0oN017motwbf68AK+pt9JjYb143LXqd56Z3y9v"
    "usc9epX2OMKvyVGb5neLNgVbcwRmkwt/Qn3aBJAcNro+QTelBx8gXi5DWLaoPZcQIHSUf6"
    "TDNS2J+AKso5CrJDl3z3PihZrGPjsnlTv37/pXYcwVXm46PJMG19nOwU2gV8jCZzkiEOEU"
    "ZA1nfRcx1uF/5+OTn+/OkLnOW3iDufMxDvAtzX8Uk7Mky7uOAjE20o71QM2mLiTqBrLmoQ"
    "DVMqy3fl7KGlYkpV8JE3z7OcsjHlY6bbcB6cfuOd7CtEKj6rkvFZu4vQq4Rn7SJcM+psvD"
    "bdYB/7ujTh2cVs7iGwAUomc6bG6jLc3z5CprOnLbx8TdHLvoJk0RHVn0Cs2E7sX8ftbs9j"
    "AA06fqAWRr1vOr2ueU/AL+zryu7OqwHG1WwnsPQWetrXiWXRBx1OrwaWudz4VRRddUC82l"
    "O0XjYUd1fevpLRpfeaoSWH6xQOK3Wl6Yugxz2CtrjbKtcqpLuuekqHte6rPMsKb5nDh5XX"
    "6kD/TB5BzeNDmecm+pXALa9Ek8ipmjjl7omT6eVBtn8R9B1tuxGfojKGQxqtq8YV+rqKNi"
    "Jm03N4TYvYJENEm3uVLkWtDd3uMzfqk2fVElVLEhxnT/0qGl6lDa+iRpk4UG/wYA+a/Snv"
    "13gdLoequNDnUHhu4IZqmUZpdz2PttI22PbPVqNzTvhfn9000Nh2TsR/NYzj4sUoOQY+ca"
    "UHoX7Za/5onBPx32fdu+4tX+vOib+JGZn5Ef5XjaEpWudgowoHFWMNnjvxPn7iy2XJlQmV"
    "Zatylq2QMq90dlyVFHeHhjnM6eXl4cJUKqxTVQ7dNpwZUbJSoOSGgbJSXOZuArs2Vjb8oo"
    "bCZTuwdnSal72D2NTdArJvNAQ5wDSPT4iy4m9BOVhQ3eU6hyRougK3kXQl1zRos1a99XMq"
    "sn95sUBcy4M1amU1DlfgnBxJ0c5SVVWx7Yc5fyWaQ2awVPJ0Y9iVuXAwRNnByrSSkknKBx"
    "bShb36HfGga3thIfKhurzusXhd3nNiU0qGqKnBBvYwt3YrosLScblSKqxqqbBU5ccXkddV"
    "5UdV+XGvcJY+IUWAjpCpKZ0Haj3R3poeAeATvOloZ84CFYHNJ3jLQRNKGaW0J1US8zO0J6"
    "+cbCwQ+xMk2ZBOIF2YDSIJ8gm0mJdbW4xBQEPQDMx4hV0A0IcEHZTY+BeTGatzokED/eGB"
    "WpjG+h7EEyJMAnZcJN1Cn1yoRIWM60dhkrE+BjGyxjHjmbRRxNRnc9NyvpIh9h+4XMCVly"
    "B1jnkGb1OiwQuuoPM6wKEbdIy7KO56GcyF98fYpDam9KZ/6SAFY+ZwZnr+GiVF1Sl6jDE3"
    "Fzc6Y0jKptg5PoYJ55SgWylBd5PUBjuR1OC2025/G3yrN6/RD0De6zPY++Ee/YH7183W77"
    "gv/vvsruUd8bb67AbW1oHrABJsS+4Hg4s/8Iaalw3JESE4GG3Z+DnAFE/YXcqJPkPlbbuD"
    "9+FtuY4N2LDbq3/75no4+PvR5SwPi36SL+tLRtKXmHjPh6jk7PKJKyx3HrTag/rlZfsOc2"
    "YE232GNPWBlMsrcqDPLq/bXRxR8Y+zotOq3/A5wzfgSK/Tbn2HyXoJQw7H5d0y47v9HA4j"
    "Q0fn9BIJlOKUFR7lkiLv6Vme1F9n6am/zuI5M4IPaaIEl+76ECFVvg/K92FnXqvtuD5IDG"
    "leQCUShWZFHEn2Bs2KaUKqiev23Ui8KJDtALtf1a6j4ErrX+UcdHYU0k38c55TbXdFDf2J"
    "WquDBK2df66WpbQby61yhFiJHA/EZDy9/VJbiUCmmaYb9+ZfRCi6AB9eNCwpfKpYB6iM+z"
    "k16RMqyLRHanPPENSn2ZTxzPrzBXQzHC8o8MhDoJ3QJZnpbOFg28nkK9F5Ev8VGevwQFgc"
    "kFfUA4I+c8vlNaGHR2jhOo/AaRvgfmdjiUBP3fcAcxputkZsU2jqNGLRORUBW4/AETJeFY"
    "Cl5uD/002PgadR1cioIdRqKjF/VbVs3jDFoM+nCpHIK61ra9zUm9fnhP/1Wfeme451LMvo"
    "KlREVAn4f9abvWbr+zlxN2AIeDLXrsjj2mnf3vI0rmKjzzylqPivxjBpjkNn8+L5EmW6Uu"
    "kSSw3Sx2dahbaYLFF8z4qqiwIqpSmqtKbI5mrUwuMrkamydlUeXzcTWjG2LUSk3E6ylS0B"
    "M72h4Jo7I19FYV0ru4amVZV8TjwB9VYb0YMMAZafr+URYgdzr+laSfabZc5ErXcsiE5cXh"
    "2FuYlFqSikfk6Ad+GCJrUwYYcQ5nh1Ny684mSJi7hb7XmDYm5Vk16eo+xVBWWXdHESh7/E"
    "R18iU1xd5b76sU/U66yl7lcsYRUNvm/p62fwMV2/cHbNGSxFqHlz1WBueiH0enNMYywHf5"
    "2eSMU3z6Q8QyIQbCSV7JTCwUT5Tn7Ezz8UWmFf/hZQDdl0CIbrcY88h/6F/oAYYoYKS+EP"
    "cY5xZWw85LmaUGc4ASBtck8Nc0lm2iPlBwWpzri7IOo1+8zQ2MMCxtWNVbOoNj4kw5G2sK"
    "VcTp4rQA0+KyNK3g/dVJ//8b9QsTb8cC5C7/ASFh3pc/TUgA77DDoQL7usu+Sd+wmnOGjO"
    "EvWyutCwihkBd2Ev7v+LjtBS4wfXoarUrYxqmcs+c1y/Rzit3ZsLeDr3LKLxDmhwmkFXME"
    "q6GXTD44HIWOOdaWSGOVprWFR1NeTn8YwOuMOd21yv+F5DrS3Bxa7GWyyhf3MJV8AQLmz/"
    "Aei1GVp4huTRnNPRo52ujvUMHxyKmCo25CY5giFxfC8MTGqlNLWV0tTuvT/kz2brqv1z0L"
    "5ttFD3F9pFT8P6VbP1fdBp3MAJdEqMHvHbdNHbrXHbE26JkUNyT39rXMqN/COwELZ+tJuX"
    "jUGz273DFuH9Prut/4E1qAZXd41zIu0EZ9o/Gp3QWfdA0KLTuGw0hZdn5EifQdvmt+Zlvd"
    "dst8RFokf6rH5726hfD+qt7s8Gd8GMHOAtrj0SmHmt726r6EHhXzqoX115PqZi2z0u5a8K"
    "75fhQbfvyykWt8Q3I8XFzyOo8utQ0rXvKJcv5VGGM+VR3Jsy+EAWWfjDVMqxJhL3yjmFZE"
    "EpJebVp3jL8W7AAhUBzW3+lhET3GIctAv9Id1o5dPsUYWvX4+PT04+H388+fTl7PTz57Mv"
    "H30TVvxUlkHrovkdzVmhBTShGFiIoy6iDglTKo1I5TQi4dTuWpkxlsiUnavK46s83vfIR3"
    "uHFsLydkOVj24Tf1ffYpiwCGwB1bfs957DGCsx+sLgqW9aiUf2Ed6Tqfys2f5CVelSjS1B"
    "1bp1Jhe3Vl4+ywvmNnDMuT6yI3YPTBNgL3VnNKVj9Hmuca9lVON7lR5MnuaAoLlhJSwncD"
    "8JtuvtXwItJ/VQmQrRs3DmRnhtQffPhWZwA7gwQFjm0k2b4N4BL4DhV9M4JJh8EO6qzxg2"
    "f6COLV37q5uMAW7agUVo7FtRlrHnCGwijC7FwwsjyKb2d2UJeA1LwGyBwuH9akAxoiA+An"
    "XL0lbJQxAnjQyHodvP5pMqjcX9QjccndmHeL3XgL/X+Hvvz39E2FIfHXuW8NHJA6tLqEBV"
    "SfGVmKzEZCUmvzacSkxWYnIlca1unjwh4N2ga6wl3rNECdBrUMshAs6ktmtlwN9MlFHIPZ"
    "1qTyiq4RPZvpB0LpKfc/mGS0/dm27Nd0ebmgvLFp7JcGkuovFY2LgY+CxXQUkQ5ct/LnTq"
    "uM00i/rButrEoRbsjZn+MHXQQ07klp/NNbZ6Z5N/gZxXI/fQJ8qaKPV95S1E85m26jNDp3"
    "DTzpJSTjzzpUT02UOJkouJsO3fsXeL7tXEXZkTMoQ3+wk94Pjd5s0SnyoLVudj9Rxe2K8s"
    "8sH4JgslF6ZpUI0l4ytRRfC9B7Ln+mj5R14W3Yt2+zrELF80Iyba1h2WQXx/xAcAGulOiu"
    "WWvxCDiWXO4oBnB3uGKffIdr6NgE8BTkqa5zy4piV8fuvAKhG7zIKxEyL2RrEX62Qdr/L3"
    "M0s6Vfgeby7nbI/BrjMTFrtVZ2EkGljk05nMtSYaDiyvZY76Sl4whElmC2BtOQfMDRXMr0"
    "WkES8cIakcUrEOkCG+AdkP7Q+MDBf2QjMGuJTYIgCCH6gBK61DX27QBPDjFkaKIIsqCHjc"
    "hD2sIVOMgRS2W2ecM9d9JlLT3MOVge2d0KVINA2XA87Idjzqr0g9C+4FPjfmEpa+x+UQug"
    "FZTPD2I8McPSq7yC7aRZDtGhT3q42QbbsGRxVWv5yeotLrmQAgHemw3KRJciHKKIaC9NDt"
    "Yr/YiKvGZRPYsventahg4WfSjTnUy8taUVY4SvtyOWV2gxmWF/2i2EZpFbYRV3L/m1lwfQ"
    "gTvsXl4XPtOPfyYNEJtWhiEan0qKYQ0R5GNh1/zJclPitNPEe6IuHsDeCQZzAYaWJA6Hym"
    "HEDdliUEgXvdwDotwguJr3sSF48u6tzRiNcT9bTF3tXcuqKJ4sHm3SrmWzHfb4v5dsXekp"
    "xLnFrxLoovfDFsTSwr5sAHiBWGNkyqkI2wgppuw6UGmGfFTFDhZnLdceK3yHmfKs5bcd4y"
    "531DHc5RxlhucSKT1575TXIkkh9TZG2F7z339rEJzoOHlZy96WTCczh9lHIyHQXZm04/ki"
    "DF0+ln/D3jp09FuqePXvomMrTozHwCGdtkQ7jM2OZZ9gx9Qgkw0Il56it1fyKKguMr7ggI"
    "sPykPYB21JgM+U2dHvEbOebXONL4Nr/28bjG7+ToS3D++OSDF4RhemIHpig0Z0LVv7Adc0"
    "at9PxJkj8byCm6ptLZV1wKcUepwOIdUOzhyn2aZ+E+TV+34x9IviQWwdcn2EN4v+SB90s6"
    "vF/iSeZHowU0XA1GhlasbmGccv/qFm4/qb+FwaOFuWqX5i0y018KMNM6epSgInBgJoiF6T"
    "qhKN22lUIVRjmuFgq4piIQhqnecvYjDCGHpkUBjJApBEc8zH4AXVDrSTMGK6pZhfVoa7pS"
    "bp0h4Bn9yxmEICs2h9Po3/JktilMOLaY3Sf5Q2ZJCSGy/WOtti8pIGSFl90Q0Vuep2HdRx"
    "zCzLiPOLEK/ygQ/vHKocw7xK/uViHhigL7YhmVLPqg2w5NYtuKJFTquN3sEeLPmlDpBs3G"
    "xuoSLrqYebcctz3EW9UyDRGiPX8WmSCHWeJJp8tzkStortk2Rcd3y1w8TKXkQ++wRoM7Xd"
    "DnHhMQYXQqRpH6hQxg+/HnNMmysO1LeIG18Khe5QWgm7vKfDdHE53DRPT0/BiZwENngQn2"
    "SbCYhXdNUV+BK3P6TGcjYzHGyhPLqWlDSwq4Bn25xhGvUC6/t0Nywate/ItaJsYCW5T4Pk"
    "xkibsYJDHVH/Du21j+YaxrBtaKWJpYE1i6dxCCFtS7YZOXSeK3O4WvOBUpqDA2AoMssFyF"
    "ubBG1K0xoeHDYX0KKipEuHf8pnyo+JXw53THrBWvmAO8oitzTu4Yl4lk8W19LQyPtsr2iI"
    "Nus/X9unFOxH+fXdX/OCfw02et5vffeueE//XZbaP++znB3z77rX79bSAO+JvRpfl1tOyP"
    "y2lBHbtL8RY17Edfaie5VeziW1D2VQioK/0yXN51e+0bLPnibfXZZbvV67Svr/lRf7vPGt"
    "0eoMiruvib8NI0ej/bnd8Hl+2b23oLXqXIASyrV+9gQWr867OLJurjvg+aN7dtPBzexxIu"
    "nV4LL+1ulHnNchXqyKjTkVCmQ090XMrQtujJktXb+pikJCRIhy0tDcHbgk1pSZSWZH+0JM"
    "+bUMuaHSTm0bJm2UI+81rkC+jxEwnzCoujR+B0xyhWYh3EQKgOOfeNZVc+qVzkR8mH74tf"
    "XhI9+WrkfkWmvNwjWxHMrY3CapKDYQXuSTgVYlosXYjvtinawCuojykK9W5WgBpZzEM6Aw"
    "vLLqa7Bo7gDXowRVpxvzP+okoRLcpb8NVX11qG/C2PYRn+WaavNAd917motwbf691z4m/2"
    "mdhsXDcue53mpXfK2++zzl2nfn1O+F81ONzwi1bA8SBEqGJMYuI5LlgDsVAXl9QjxG9RaC"
    "/iFlfNSMkKYxyXPUxrDFOuVLBOAmmVl24VsuPaHLlZI4mL9k5lMtKW1CgvL+0ZitAOs6Tj"
    "eEyMW19dC5jTk8/SdlKV9XSb2UtcFLnhITcj8SAcLGbuliBPzEPrNtWcoWv1mvF662jKGh"
    "m89rqt6WOiO1/9wue8FHus8rlvM+MsuEj2hSkCJNMa8JGk40XocLMWN6HZeBWP8e4znqtX"
    "I8N7zRlNh3jfcM/QM48u0mz3oZbTFdZqxzooFsUStHR8SLgFzov4eWcH4UCYUKzPfNwxY6"
    "64V7iHGfCTnvnNMzCKpLryyaWGkUzv55rl6JoRKgRD7Q85TXF/+uZ5V4L1xgm3VTn2yskO"
    "3GZbkFfyad4ii3R0XMCuIU/+vAySTPOmuSNv2U4GLz0ZrEynapJWLRNsWA4eUf2pVMbfCK"
    "lK+VvpgVYeImX9/JVhXBnG/cnguFO+1FzwiCs9FeqXl41bPrreFg5u46oLI9n61uzAeDfb"
    "LRzf6LE+a7cGncaPZuPnOfE3YeDvbhudbuMK+wy2+wwXvatO/Sd05m/2Wafxt8Ylv763VY"
    "2h55JiEfnIJ1DFyKK6dy1RO5yVF0dLVgnvQbzUSS4F20mGgu3kY4J5I6QByDtlI2TKqSK6"
    "/C/uZ7rjVugsBm0CqVoXMl1WLCk6ZEOflT0MNKlFnFYir+76CnvyhNwCxDlLelRz4q5FN+"
    "HtDSEM90Fad9fX+cKnJvC0qDGOw14seorrnb+JzvZoaofZLp4AeKDZg9HCsmiSC1sR0Jrs"
    "CWvIS6ae/ZiwKZjNLfqkm4sNZ9regvYChkbv9Uy3N0ov8Fqz42AiNc5nflzygo5YPHNMtP"
    "tQ4uwaz6XNjWowTcZoxf5KNMMgT8i2UFFx8vHnVApwI158W4rd8bmuxg2OomDF43I6TKjw"
    "QzXL0LEmJs+tW8N84Cg0iOZ+zJ44K7fnOUNqfcZrZfI84zbBVLL4PxQxkbzcAPZimqkFff"
    "6ULcOPMErKZe/1uctahtmNj1EM93yaHI+22oqci/aPxuCue4eud9JOn4md23a327zA2LDw"
    "fp9xTd/VAA52zom002dwvd9QS3fXRQWNvFcNJY38vhY0qUZJ36RltUjEmL8aFwQ6RLcxyt"
    "VkNbYXlud/xAqiHCZUMGfDbOgg3pVAOUSnQM4Geabb6BhQ9qMrkVdYC3zQ/Vm/vYUPJhpy"
    "u+cktNtnLnBoFbupn5PQbp/1OvVWF77D0P6q+b3ZA/rYoT67aXYxmlvsn5PQbp81/g4k3j"
    "lppxofaHvxgEUa4DNbxu0pgfotvnRF/J88wbGoIUCmUnaAdZpqX/LbWFGdV8VSUWBz6Knl"
    "mVWl4ErfSJCoqgkMCFlKGqnVWu1Mm3G9hSYqFbyzhQMzpjCSXLWl4gehygmnp5KTtjg7IZ"
    "IPN42c5pUTYiqbl78FL/3Sv1xf6GVQMeIrEbmH7qnhXb535NJhU5MZK9Ee2411e25oK+7d"
    "bh8S7NP3vLYWzO4zxyRHH8n/+B9kONYfdMcecndreAMtxybaA8xRkTcJ0y6la3X8Mh082w"
    "tMIOkQrBI6H02l6nn15bmWoerxxymGfXasn0ynQv1U4qQdTpzEl9Xk8UqRbD2CKg9SSZeb"
    "7cMrvjBF15eASq0u0chWjX+DBuWATSB/OYQ/Vh9ezsEUFAllGiUQZguEPoe4oTjol5HbTV"
    "DXCoPynNokG7G2PXeaPUI7wSdkM4gK+4HsDFLPqVf4CQ9rLtOKs0tna1m6hSVvV6Awe5u5"
    "8dFjzBAspHwejezHK6O/BY/U424PupMQIn4Wq9gopPpTklzQUVRs9LIsSY0KBJv/mqGu2P"
    "VHElmkMJjdEVH64v4NmGg26jh4IUvNdg6Jl/JqioqSRzp3CM5GfH6DejHp5mRi6AwTWMPL"
    "7WpR+szLLc1D5j3E/Ch2bVwLpa/iUGoTr1bmm0r3vDcKjmomglk/FpUJ8uNJJgbwLhSWNG"
    "RCJcVFlQ7lQJXpFKZRTB06mJuGPiqdbC7SRZUVPAetxt97g9tGp9lGf7NgB+MEvwkvNHej"
    "GvZt95OMs7ew1iJKq6Z+1JRdIkuXys+1W/m53PTCF5rB164EiSnSIlNq8lL53kuN10pOFy"
    "Kh1Dub2Eyb21OTl33hlseg5gwxl9T+itmbDKq56Zug1ZjeO9zOaD5Ra66tRKIrm3yMSzPP"
    "dxnFv+8Y/47DmaCa0R/STQcuxT59I349Pj45+Xz88eTTl7PTz5/Pvnz0vxjxU1nfj4vmd/"
    "x6hNa7+OdkTplmOAlcVBbuEpGCvjT00qpVDP4IoRqC0kOg2QMzoRpodsonn0gle6p0sqeq"
    "VdSoqiaoqIWvCEuco/ZGm9GeCT85rYEbVN6owgBsv+7GRoLG1YKm2WS8U5mixRg47PzWmI"
    "tVxHTBU9uahmEuMXetMAOgjU7YMHTbXmAELXD4c01HlT16KmpEWPHc5iZLECqe7zpKqtgx"
    "qUJZBTa0CkB/C2Q1y+iwo7T7xKpuQ5mHy2cZWAMyhahSj7459ajrgpPEtXinMrkWXWqUo8"
    "A38gHcXcAtjM1VklzvyGi83tYpd5U4/Ry4TZy6dbVqRPLD0PyKW14kyXHUb+L0k3R2kuoQ"
    "UrUbRPeOrv7A7PMgUMWrFMA1uaijFVEFT7Qm2qBbBvJeRJtSbYwNGH3QsMEhqRtY3rvPzD"
    "llGDTlqrHJ/yQjeKNhgsCWRUeaMVqgUQ93XQUV+UV0+r/JyIDrSbTvNSCmo0e82+GCYauh"
    "H4kD/8KZBK8o2Ec4xHHE6CB+UVuwi+51llNoSJ+otSKeHvrBhDaOKWqJmwZMKkcorEUph/"
    "dDm1pPMAkPgcV8oNbwQ41oPq8alHR3b/jcr9qA51fCxQfutc/cBtDUV4e7d3VImu5tjM0l"
    "4xldNMfPDUPucf54t2sfkuGDbg/8D7bAQ9y9dxCuwas+6RNMGaMz7gZ0dMJ/+Rw4PhKH+L"
    "Q44hPo+KxGjr5w0OAto5Z9uM1b5lwf18eI8hs2r97OR8MriDGFg7yuBh9alC7HNsFidjX0"
    "/nFcQwMOkAVDY8BU1dg7hyzY2AQRAHheUTE+PTZKEmxVmbpdkAjYYnaf5Jiczh8EFNthDl"
    "6V+w+zBqd5OIPTdMYgHmutcqyXFLSEGqJglY4Q0ZuGD4WiYtgFFG8auAhfVdAWFSfeJ5H0"
    "he1RLkNbbAgkIgV9aehlCaIY/lFKNQjKG2EHodeSpJFM3LVEiUSBXmC9D6slCq77cWI1FK"
    "WHQiiBio1AQLM3gdUv/QLwfKP8ZktnKw1Rv8mEpUVSoUW0fEXUIAmkFc5BWFIhcvQlT1qM"
    "L+lpMb7E0mL4Sspk4TTd0yxMqWpIKm+zfVi2ymeUSPUhK5xTYgMvsmoAu30/shTMMRhrO5"
    "UzrnW2w8q07MQSQgbVt4TUbSDR7iNY20lVsr95OMJiuTB2boZVx61SfBtEDewkp5ALq8Ec"
    "k1tuBpgL1C30tEdgvYBPDl/k0/1yvG/AWt+cgeG1zF/gx3MH8TxheHpV9C6wNPYAhMDNwd"
    "n7FdGgq5FjWjUCLUOuI9h6OV1l1PXZ4kV4OZ97zdZt7r3wyNDnAfvF2faw4rle0T+GWtR3"
    "Z3Aoei3rzlcyFN17VYCgDf0LjhgrUb+nz2DoUT/k3sY7myCk2J9pwx3PuJMQeuLAHPdjLq"
    "UnTPd4kNynVPLX6jDONaKSv76kq+ne105qtBqd73+cE/HfZ516k9dY+Fa/7LWxKFJoH5NR"
    "XNavL++u3drYod3ogprPbXXbiSlcn7siSi+JpMqDVVbblcsz+CjDM/goXnf51bIiv1Rxk7"
    "1Kisz5lkGaU1z25yFKW+oTUTHueYtfCM7blX0TfOIqvwo3jR6Wx+N/fVb/0ejUv2MtPbGB"
    "pfI6N1gir3NTjckueOGCZqaA6A3W2TmtHee2Lf1zoTFHd1YlTHlR0jeIdLGKRgt4TBsjFE"
    "uAHSd+i3B/rJ3lhluIy8W8AwKafZKcXtwtDys4FmHYA4oKfzhLsusnudj1kwx2/STOrnsa"
    "t4KamRCVslxmWy4lldmGlkspwHE3gV1ruQzPrCoVR4uY59LV3JIBb72mW/JfXa/s/s1cYk"
    "JsN+4wJbG3G505kaI6/aA8cnR2RkQA6CE5Ov1ARlgRnlepP/fzZaBOW8TmiWR7OMviOvFX"
    "vhelm1a6aaWbTikdZFplkp6EqN50UJRKRnnw8sx+RgL6jEmbkXz+bc3Z9Ezz6ehlZJl/W+"
    "BZPB88tUaJ6Tiz1SkR0rfog/6pgO5qrD/pdpIWdl2hQJ9sn9bYbXzulXrqlb5YSneidCdK"
    "d1JAd+K566brTiSH3vW6E0tqnMNREHOCOkszKJXGy6f5JdOXvIAA1kwXyT9rrqseFh7QVu"
    "SeOktKGXrbzZI8BLfc+zr9htex0m+8/vJVy9BvqBjHlzaOjhaWlRbemD7fw1QbzPuKmZA2"
    "mdWK03lWUOcWfdLNhV0Q1QiZmqpRm7H4MBZENUKmJqtiy1+SLU+awVsAtyN1tafoRl7c9f"
    "B66+dW4M0bfljNpXYtuJFvTQjcTqPb6zQvewdJ3JcCdz24YZYzBdvXkdddF4aOxm8nJqzL"
    "p2tZkrrrHjCwvJZrxfTeFGt9r7ihnwfP8QTS2hzreLvFzE+PJuKXnBz/+qGGuYhd/TvI1i"
    "uqWaK8N3ch4MU8hk+aoQN6sD2Mi+4vcsVkcd4ewHXwdNBcyfOvz/fUMuT5YMwiynbTNKjG"
    "UsD3iSIDcA9Uz/Vt9o+8LLYX7fY19uynbbloRhTprbubi0bn/VFEok9KCFjGIKdscblVJd"
    "KyE8c41WocpnrTdmMBhWMWh0/QbAheNRmfDOxiEuXrsDcdjFy71me6k8TdSGczmRsR/2b4"
    "DdfyNndz4phkai4J3NmKPP6cAvsgKnRoRFL1imwCIZ/K06DWhluDYyJt82oeJ9T3uMRKHG"
    "iIGE2xcjI+PEBgEsrGcfanKjeVyCGNYO4/mBZ3UImGGyqeaVd4JnkU44Ec64MhZfoqh2Ef"
    "3HUu6q3B93r3nPibfSY2G9eNS5TpvFPefp917jr163PC/6KvZ564kO1Hyr96VHDVuIIteu"
    "ss5rDGJZsC01PNyjR7FGZ9fHT6+fTLyadTH1T/SBaycVAVI7vDzFgkPVkSRxbPYJbBlrmN"
    "B1KV9PW82Y3J6EpUhJKLR+GXjo6RQ9KYV5irhgme0HMDa36RpbZCNREGr8SZq631ur7y7J"
    "/RdKKa7lWGgQPQ+E/ZEPEPxSJVikWifznUYppRMClzhGzvClR9ysPafEpnbT7FC1QFr0Xe"
    "z4RE8ua+EcrPuAJ+xvDdTMI9fVnwCaosLZVcEp4laZXK371/TmMVE3mexQ1H5UTfbk70hO"
    "m7BWzzuzhVc85u4uEEt0Bad9fXr+XJ0F3M54bOJaaYWOmfq2XJk7bcKkeYgTnzC15jft1w"
    "boQvQQ1uV1kuFOT3QbaEUL3ts+Ds6UjkT4jTnZ4ENb2F8j2JWia+T2n6yT+O2voagfdFN7"
    "hDBANRY40jxdt5dMzdjG4jgimx3YLcmFnZnMh1samoi81/j/mJ44/k7BP8uYmduasJTDn0"
    "NcFgkRGFmUSmJsxsfg4uuqCHpAev0xwWFmr3GYaNTM2F5V4V7g0rjZM5jIKTU1WgZP9Kyf"
    "5VVF6+qg6gmFjK/wsIR177fZSNculLjjIUJkdxjYnOCmVgc5vvI7rHecA9Tsf2OArt4zzB"
    "kywdWrf5/mW2+zUHsL+m4vprFFbzwSo0Zb32+zhnz/LM2bP0OXsWBfdeY4+DomtuiGgPYT"
    "7NA/NpOsyncZj1USGARfM9hHbLa0OqxiRDmxqQ7CG+2/ceGZkWML9zE56OOYMSgKd2oODP"
    "Ab82HgN6KZnnU2Z4QLKXEOfDOAvkuB1xmlrnIsWKON2kuEW1Ed6+mZbOqAWQjFaDwkAnkO"
    "4fx/wciGu6UQxnl2D/0H0WG6OtO8VqD7ntFby54DUnEzRBcNVoIeEvQreHy/NRLibjKIPL"
    "OBJsRkU8BnuapU8mBwkWHfdMLcue4wRtckWjzi2YHyKb06NumEvNcX7B2YJRoKKWRo38qP"
    "dgd2QsxnRcPPp061dYG0vhFdpSMRW7ajRQMRU7FlPxanXxXmqgVGE8FQKTLwSmauWrqgZ1"
    "jijvQvWrqmhgrjDEKsx7m9iZ1hheVYtOqEVZseq7CaRV/gK+tnqyItLZD81JyxvknaplyW"
    "dPmlMwXxDKRpKn2RH3JTs69Z2veOQ5D8LikpbNHazkLD4xby/LXL6zc0huL3Zl5dS1Y/KZ"
    "yl1Tgqs5K1ButopMzQ55zZX6IKtP8W59iuujfy50i1ot08H4g4QvcqRF5odZc9sOWNA41/"
    "dZZ/fmX6jfHIHUjE9mHxI4voKPovkE3z3TmcIYnRPMDUNm2iN8Jxc20exHrufETyO8R860"
    "RkyYeskf4u1fIlGHir3pYyHV24v7/6IjvlY/wuyNKUyhtQhAV/HWFfw8SwOZ24Iv0ezl4r"
    "dtlaf0huQ2egYkewjx9q32fOUpgK/Xfg/BPc0D7mk6uHEW088koiXx8S6zmMYphUizGE3c"
    "2EHwM8DuNW8a3V795ha79/OAIhOKZ4750VXk6PtPkYHxOyE/m73fCO6S/2y3GtHF3m/X+0"
    "+M3zzQFo4JHMpyoI1lTLzD3qHQQI9NRksMskS2hQHeHS3fzo2vxIgV4LXCVCq8PzsUXcq2"
    "FAa4cLi0lOVpN4Fdn1Y/NLMqlfn9Sp94Mn6CuCidrWXmfXcfcBxuv1ZahLlCYHpMJhjSap"
    "jmIy+Z9tWT34huE5s6jkHHmC1Ld2xqTA5Jm1FizinzXGjYmEt1GnFvIy4yPuN1lKZ2x0TB"
    "dBZ6vWPGLrDTB+3OVaNzTvhfn9Vv2net3jkR/312edfpNFqXf5wTb6vP4HvbQ08O/OuzTu"
    "PbXeuqcXVOvK0+u2v93mr/bA3EkXMS3u+z63YXroG/0XfvdUTRwl6he+wN+hzet7DU6cUQ"
    "DigUxvkwnpgLVkYWlemUIFppQcVlOkoMcphSiaNVHmUljipxVImjucTRb7o90oyOSIx0kC"
    "CRhhvUsoTSCW86sKS2awXSup+UCb6h1CJnp79w5x7u4nP0uSZEQRdALB7mVv0GMWmM23qC"
    "8LmFPjEBVdeB1euBoqyK9svAC8ntyK25USPCETm50anXSHPg/u4XDk1uN5FbwyxypVtsvC"
    "ITlIR1B/oQllTtrz6zqfWkp5tSla20WitpLUNAVnl/XynvL3yZ0kJG16smfOIqi1cHt43W"
    "VbP1HeNB+EafXQHTdU7wt8++1ZvXqHcQ/2U0CdsPDLHFslvIqB2Q7F8w7/Z1NWlBNxkp3d"
    "JCbRS+SQlCvE99EYhDRArl9SgvrELZFNzm+4fsSS5V2EmGKuwkrgrzin6X9M2IECttidKW"
    "vDYn9CI8fsj9G5XCxTANEW0xM39V3eaV9mkntU/RWR4fhTajPRN+co5Bx+9mByf2WvxDb3"
    "Ue+DdS6F3T8QMF8dWxVgcJ6jz5dC1LmWfwhgPqtyxS4W1mPtHxOYEDYQeOmn+IxwkIZA5J"
    "fT6nbPyLyYxVZom3DbtVarKdVpPtvR/Jbf2Pmwa6jrgbnmeI5xdSDf3MVMPXqpRgECFVtn"
    "IlF+zF0Cq5QMkFlZuozy0XBKAbOqMJrmkXLtm33zvU0PhTpKIt2NJrne3woh8D/N9KdNpB"
    "0YlPwlTJyZuiawUnw2u4Vm5Cr3dbH4sElYxwieucjOm97qDvASyAuqM/AeHIomM4xuiDhg"
    "fWyE3b6zaP3MS7V1JT9aSme9N8LCs1ebSVlprql//3rtlBB3xvC33uu732DR7ztuBY++am"
    "2e022y046m9XQ6ZSHiCvVfn5desS745Vq4CI438KCiAq0yiZMVvG8VWyG0o4EVXwbkK7lo"
    "WUZ1YKB5mrfNEzFnyu5iqwSb3nrXs1Rz0TYEgtc5kuc3pS1HrJs+P21xHd7cdQ/bug5OMp"
    "OxLEHkkPsjYcubCdSMM0jTaw23PMte9MLXPxMOU+zl4uLAwZvjfHKwKXpIQ+UYvYlNqJft"
    "/b6hidv4eCvRqSB5Py+r/ubLdrZDgyZzPdtuFxhlyS0vQxuacoa9mHZOjncBsSLCU8nAPk"
    "g4VlDN0qxrTPvHt4Z4t8WOjbPdVsEjjO4G2QIQZODzSHX2U5pYw/gEVhuEe6ATes2Y820R"
    "5g4Gt8RHmjPnN46WOg8aKtDTpx+DPYj9Arfm24Dn54Tu51w8AWeHUNOgg86tem5wpy1cUT"
    "cy1skIDFugDSpeb4Kn8lIFZOQHxxb9ASuO+wm+Ib8DG/7DTqPXQjdzfQbvm92e01OiKm3d"
    "vG0gRRb/Tu3eVlo8GD3/3NPrtqXF43W3jQ2+qzxt9vm7xDdwMk+nrrssH9170tuEK902vW"
    "r6//GARR9fFjSTH3ZTQBz+A7rDQBr6MJCD7qxcAP06kBKD0AQtdPE3iALPhlqpcD/+NeIa"
    "9ydb7Awv5K+aArJrA+d7pOT9gqNJUlmv3D+CxXeMhZRnjIWVJ4iGYnfSizZrJHsX8QP0sy"
    "mrDcXMTLLkypnOwq7mSnlxljiUwFV1V5fEdTrFVX6jUOUarXuNLD7OtUC7/IMqF6las8xq"
    "42vugIS2RqfKs+vglurNmlSH2ivVE+bKMAqWT/yWvOkUiUA0i2AwhCFYe2sIPCndvNbkK6"
    "1j1BmlAb+LaLUkwberfHi0DtCeahlz7IRb4hXOEk6PsIlZufbkOcYqn59hEqKQ5Z306Uyb"
    "55vIWdL58o23ReuS4/jaf9in+K6F2sLcF0Cz3tK0rCurYhTrlDlHYUosAfcWOgirgi7gxa"
    "hRw9yzkuiqUq3XvRX8rWV1ShT7kdGete/ol3NpnqmIRwFQqeOicaIKA/wDcHk1Pc62ObCK"
    "2enZS0drPOCia3qMWi8ZVr3qvIeTXyhjNeVMlzTPiBDTqN/3sHEmLgGRYc8dtIl44e8dt4"
    "qVVDu3j2stG87Q2a3e6dOC3vw3O2xbXFf3SVeDM+aRVTc76OX47KtPJGNM8q04rKDFIl1W"
    "mF61XIQnc6v+/J5OvZ/bnXci23/xPjijDPnBsJRIDRtkOlJGpkqTtelJFoo2FAEVlqvIQE"
    "i3P92+hUhCuNnzQec8RDhaDTJda2uKcrk43dA9DeXIr8ebw7Ua7Dr5Uh0kLMeAyVNqXaOC"
    "MMKHgDRBoJQAhGLXTCC6SMBgcpEaNSIoY/fjHss+2eMt0+Ob1vw/rpBcYWj6yKU1ZZfKuM"
    "bzU8J/Q1LgF4nHIf3VO3na4ELsc/liUATyDdwyl+mgfy03TIT+My+HgMi3qhAqASyR5C/C"
    "xlD3T2ZOojWmJexyn3byHZ/qyeU0s3E/g+VG6k8B0+RZZOY/eQzkAWVRSvr5Gr3GrwOvmi"
    "hJhVEPmASEGv4kN3DvlXTpJWtem/nSxpHsNQUO0RolKZ56LRn0qPrvToO6ZHf+3sc7sKbq"
    "70cwkr7hbAbQY97eQyuxbb8GcmhC3cAmndXV/nc59XDoSv5RLXo9ZMrPfJJjJxvpbHRub4"
    "TdcayX4zl8TQHcegPPndFHZni9GUm7i8guszbUXugVZn5NGc09GjXeONuZUKDVOjhe2YM2"
    "qJ5H1Y1ikp29/zXQoNaj80Qx8TWF90gzdk9C+HWObynU2GT3huMLHM2TCn650yelXK6BUM"
    "YBHVU5hqQ/VTiZGojPZppjN9tkjALksQl4iUEqS0KD7T/ioBfUCkoC8NfZDobTCn1ihRBr"
    "qiI32mGWmmr6QOouuI6OHQ7WkHRydrLWlcNm/q1+/Paid82bb/CR9w/tiy9aASebOqhmrU"
    "hJ7Php5lROdIxwT91/Hqcjn8BG414P3T+dSglFLe5NPmRHa6eoc5nC1HZI4G2W8yITYFLh"
    "GfLS3LdIEekJ1sOjYBPgk9rOQk1ECnj+lsbjo4WbFFqUKlwvXKUlVLK8hrKlPdq9mLXjhH"
    "XeVgf35/Cb7UFVS3yzRK2f72soWHAqz8yKrkaC4viEr8Rz/Fr+P8phK5xlHefiLXiaYbC6"
    "sQxhLJ/iH8LDlGLQpPWjJxXZRWhZhVOsSMohNMiWGW6VT6uiqPsCcAFmDFJBLFiSlfEuVL"
    "UiEbcW1TXxIvsnE7yO5ZlqM4utbLFzL087Ylu0bkr2FYNBFcNb/CufPAJRQ/LY5ZsVxwu4"
    "JYYb17kHEqUfkeSkiVpYEPF+XMkzvJ0BmvTY/6cHdx8yogWivyvr/4+FG7h9/T04/4e3IW"
    "/J4e8d9jcZbwExP+ywlOPganXbJP0vav2PX9/QfMqCRmlbgXrrz3CiLOFrZD8GuWlKlpV2"
    "6dR4aLiKQgMNxr9giMJA8kv1/VuOcL1sA8JHUizCnvbCLU0LyQJH2A1+mJHpKfU92g0GtQ"
    "RJKf57M05FDjFtPEYPUAj5Nj8cSU/x5JEH0MjoizLgaa//Tw3KWMI8oeUil7iCo3GVLK59"
    "LJZ6jkK5CrqWo83ysVUVOhjKWcyVSSqzein6J/zU2rnK45Qqr0kFUeZ1UKZ//HWEWEKo3z"
    "boCK4nFBRCWSlxX3KgmmUt+rUNCqg5srFLSIAj+8fsTHwFMz5xwBoWu+drvaxYVj7RBIi2"
    "Ye/DfyFq8ze0ktDGA8SFBaS2drWTprjbfjwY35VNY/dWeqMxFoqLEVGWPIoMYISqGaQbR7"
    "c+Fgkn5zro9QKSouQMc1ok9QEzoyZ9TG5JtDjCEbAPmQmBYxYCpYCZlBn/NqqBhuT8hIMy"
    "gba5boHNW3hmaLfKQz8wnIHRMusTStR1QYQyOu2z49OuG/GtflHnPN7fFpjcjq7UNy9OvJ"
    "h/QMovy2+Xvl3pzKE/r6n/pahtrWH6cY9ukKLplm2+GS1fgy5dRx4esVBy47wapHs08q2a"
    "0kV7XowF2RBsm4XpimQTWWIoMmkEcgvgf6HcQ4S4Pdbl+HVAsXzYg+u3V3c9HovD+KhOUl"
    "ZuFS4XjPFo4nI80/kQVFV5lGqQKypdeABdlQvOIMWc/rbTehXcvfyzMrxOBf1ruX9avGa9"
    "UDEOgfJMkB4ky2DBC0yeGx4kwtqo3R8QNYaxvux5Z9PdKcGk5/lRw4xvz3i+zU8KGGvhKM"
    "3K+AbQc+fgGTzCKaAVx4ku/Jy98E9yKxF/f/RUfOYAIY2YEzCcoM7imCpbDpmBj6I4WTVB"
    "QZcMWVEYwNOq2g84mblQUkFMsCOjruMyGVkKH7SAMuzg+JsPwLycR72q98zwKxCO7BMEd4"
    "ySU6pXCxBQWh8ZiOoS9YY61HmLHDPuN3a3oeOyI+d4rlE7RHuE3dqZEhRQ86zXNp4bfv1l"
    "jAozxpzHyBBRUmsD7Ag9iLObWedNu0cjulSAWJRzCGTqjyGobw+vFbY+hK+K4pB5bKSULK"
    "geVZc/nvWgTkQavxs+AERpJzAj991mwNbjvt751Gt3tOpJ0+q7e6P0UZPG+rzy6v211etI"
    "7/Rz8OrzNeUx0ebsD3ikliYcIXlMH8IzsrhHkf403qQ0b7qHDI5EH98rJ91+rBqyA28L35"
    "0W5eNvCd4Rv+kQHWfPQP870+u2n0Gp1zwv/67Lb+x00De3M3qvEeeeNRMJg+RKXyASdjyp"
    "nWOKx/67Zb2bD6hFH1pQ787v8DVtfe3XCLJGwRkdAa5c3Y9zf1v0cnM3yFLqKDgB1cRHOW"
    "yUx9fBTS05ZF6fYmf/vx0enn0y8nn059Zah/JEsjmpCTLCRHFHG2ClMq18lKu1sF8mBe00"
    "tA8aYNL55RtMQLEiFV/ohVfkFGhmmXWwZlQjXGVR5jWUNXdJijtGqkqzzSnua2iCAk0ygx"
    "KGKz1Ry8SAzNbAeEgKoU310xJJ+hvOsrOb9XDNjtTFFl7N4yoJKxKS+eEomCM9t3AKGKQ1"
    "vYdeDO7WY3IV3rMyBNqGSXgdgKsAVM37g7RnWCCar5ndoklqBY6SPPYSHBLFag9pGYzjei"
    "rz2a0KHpyUxnOzi1zF1War1snajwzEp1oJKm3jo/qsFMapvDn8ptjn45muvXdO76/GAcA8"
    "OENGQ01dgDd+jB817CGd+/yER3G2LrY0q4X1RSpahnvVJieEPgV+b6fqjohldn52qkuE9P"
    "qnCc6tKz0/75W7NLjXX07NPT0u+v904IdVBlj3FgCtCVAH/7rNO4bDR/iMzmYiu6FuXxLd"
    "h+ynKH/pXA+/XgaIpk7bavMvBb0Yw2/t4LKUVj5m5fMXrdbn33mkdt4BGbrNJeblWToWzc"
    "pab2rin9XZ6r6BhLZMqoU+XxdUWEgkpzmUgpJbOVkoHQsRUV2u7Cul7HI0+r6kUzcS1Gqk"
    "Du6TjWSuPMa7g+s0FQts6hhiEq2zEh8LqJBrzEA18JMwnOFy+axkv4ar8j9dsmMWA9tgkQ"
    "JgQvPd9lVAXmHRO4X5FJruiitakBVYl4LyjiKZFEsayKZVUsq2JZQ/b2VJ7VN8evZVp9N4"
    "CcXGuQEWsEm/fUZSTlGgxyMYWRHxKPQe9fXW4U1gSRSMvGAHgNo8tTuNdnuxwPsnd0x6BB"
    "cL3P8wqDE8agj6amaVMRAz/RLdsBTppht3DONokuTFUwWAvNOCQt894cY9HpPjMnmIJl7G"
    "cMw5RiMwxl5/atoW4P3Bb88hzxr1IAv+0+qM4Z+LxVqhXTXSmmm0+vZItMCpPoEexd3Pqz"
    "lNOE4dCTjV7ZnrYy3XbMia+L9PZcbWfaaoBx4mXiy2O0KsS8QIh58EEoCHuY8AUx96b4Tk"
    "Ee443zeJZhytJN3aVCSVL3hGdOEN624lW2TxA9qygwwppivC4Zz+adJA5EmmSLBAmN10oF"
    "F6K82TsvI67IYYv5oniRNMzo5JUTwVN6iHl3y40dBwmyTuXtj1KKrWOpbFlSQq24AFGZOw"
    "sl9OIpczjT7+bGcnydu39r4ZJx5uQcBQ1Pc8/TbvEqcd7d92F+wJxTQsIuCgmb5JTZKJfM"
    "SzlsdRr1q2brO/po8Y3oe5pHfNi79C/VkiC2m/0lI6NYNqqvkE3sxQTg7c9g8VEru3QE1F"
    "UG+yDu4dln9cvLxm2PZ2pzt9AT9G+Ny55oJ7aqscxYVLPTvHJTHazsDdxwK+ZRFS2/ma/+"
    "ZlYBzvh7gAJwUbugT6RMgpUzCRaQ0Z9TumrOkLv+phuJvkHS2UyZSuft4JpG7jCdCU+ui5"
    "Ez1oLVuBAA3D9y+F664KlmT5PCbgpQKjlhx+SEZI1sRhLcZC1spT7vZXmps7M83+mzs/QP"
    "NZ6LcK/6v5I03hllnD2KfYpIeuEizvZUOz77VEhW8Cn2cGJ/Os0xrz+dpk5rPBXhPxesoI"
    "gbUChnmmxnGkAqDmxhTxrBSHREX7sJ61pnmmBOVcmTJkA+lb9zh2Ute+dOhRzcHSOCBNk0"
    "ZNfsGvdJYcSc48ibFhaNgyPcc+WQcCcYrC4nYqW5TwrycRT+NUvUYBiZs1liGPbzXUt4z5"
    "gOPOSQn7NQUc2dYhYz7mWDqkm8Lvra8ABvEGqHxMa6d8vpiqAuGzXcvOCDqWEFCcWV7iBX"
    "uvfaazcDetfPhd5105t33fzmXVQ+ccV211dxd/306F0/NXrXT4Te9TOhw7FevdP89g0OuR"
    "vVUFvtWlGIMprFu1ZLmCXERp9dtTGTPf722eVvjcvfeekHsYGD/O2uKxSMfKPPvtWb13hA"
    "/OOQw3To3AnVpLRTjSHV7cHYWg0SmZZ1DiYSoardV8inB76ys6Q0W+sQD+gU4PkBV6rgPV"
    "MFR75JVrkgoDClGuZKD/NEZ7o9LTXOEVKVn6DK44wS4wDjLIopXUNke1Og5IXVrhxEIXaX"
    "QD8gVPiXw59almklucpmQB/QKNTLoS70VXHU08tSBRQb1aMqhb2kLbpf6IajM/sQr/caCq"
    "JnKVNlUdRNFrH9BBTKNSaXa4zyPorEoOUMQsuMQuMol4oj4Tr4hFW/QIBE2O1kN8WUlw6S"
    "GFHbTk3xE5ytZYdGYLuiKX40P6SY1+BGfxy0iejOufDzF+HJtoZu/1S3CKrZayJCGG0py+"
    "mqhpYSLKadFh+9xStwow4GQvPohMv6RbMFA96+bbQaVzVy2W716pe97qD7W/tnCy1H1+32"
    "742rQ9J0yINJbbLUnSmPYzDMh9zRCKEy3VMMImJCgFNluKtl6cGJUdYi4NFW2iDQbX6HiT"
    "5ots6Jv9ln7mb7rucfhm1U/l/22p1Bo9VpX7tWgNABnpy2/aPR+WNw2b5qDDzbQfRYn4nX"
    "6Nx9ndC6hNrOQf3qCo/Ke/65ZutHsyeddff989dtYbwI7fpn71qR894BtFB1uz/bnSsECa"
    "1UwR48T/u6MYAJ1PrOn0Ta89H41u58b/d6jZYPh3+kz8ILynlkgYHzoQXmPLLgwPm7bq99"
    "Iz1d5IDUInjC2CGpVbfR7TbbrS6M2VWobfgEOpz3mj/qPTg06DRE/uHYIRjHZut33IHH5s"
    "Mp77pn3QsF22VMQyf5GMUMPjHGJpppaQrWv9oebaVf7cvrRud3LOMOf/BK3902Oj+a3XYH"
    "Xml/G4b56gZffv5XZmC2n0da8e/PLiLJLEcM52x1c4RU2RUqrW9WBbpUga7X9oNcW6DrlV"
    "KKLca602COtTpIEpGDs9kiMrYbUL9hXhF5RrG0B0qtQlgd6+MaF04dE8XSGYqaPD2XHJ3/"
    "iUfhn0ix+GMpCv+e8L9TKTPYr7zpkRTIL4Xz87PJSQSqeJMoqGOmDDb+xWTGCuea/vCAec"
    "smpnWvj10PTrtG+BQDuIVvJkxJNuIKJi604zjbIP1jzrJzKUOBPvbTE4CY6sYTeakJuKQP"
    "ci1XIaB36ByuazLN4KoFnpXA0mzqosNMvCVcA/oM+qphzjTejef/OdVshBBznGFLT33wzi"
    "a29kgPiXdTwR0FfqV4z/hGDWtk6FYRkzYHhs4eh18D31Mvyxu6nOKyA7eIV+RJFfhNoFUR"
    "sP05NXl5IgDLzdFALdx/PzQe3dHvL44/Hn8afuC3D8845IcRuNxaD48ipvaokT8jYeax0x"
    "HGA1opZUm1lCW47pUUqFzSSstTSlWiVCVvU1XirsxFRHKJZB9l8mdC+LUSs1QM7e1kZhHx"
    "Pqnl4ZIhDRHt38x9loykSmH37Aq7kaGDjImaH5jvCdb0dKjjlPsH+WmeyPjT9MD401hcvF"
    "KQvhEFqSyR5v7sSjTqo5upIeVQbUFF2sV+bqhXDncnkV2rKJXnVUhTilJCp3nZey1VaYeO"
    "zCdqrS5h9yBBWRo6X8tSl1puSwBjnNOnqItlB2zMBeqpymzohI2h/YhHc8PECZVG+CjpFj"
    "8H2+7x40AleSoUlr8SKfUp9dWTopYCqhq5xq/7W/2X47NPqFB7pPOEwPMK32di9XCh3HWn"
    "Gw7HANMkqRrir7+e1jJ0bMFAxcC/0JlmrVK4QJksGly5coSD5v6wIReuN7bPgQCrd9Fs1T"
    "t/JBfkukjw3r74o9eoR9jChV2KJZTIVHhWlbnB0JqYd2kLESmTeTZDOPN5uBflCCuK7VqW"
    "MDS3qmQ9l+FP4Agjo5POEAqeN5gVOfhBc0Z5wanl1CRL03q0A4ZrMZ8bOlotJTbrKOCXhH"
    "lZMFjCQu0aouUE9prLU8Ejc4to4Gz+zpacvMO83+vfE5rHWybynBZ1vNz6YQ4UbkNUsz13"
    "U+lrjPx2U7/0WqPdG+3XQ9EeVkl4A4dkAa+I1Wduf9g7NOS2dG5yhke1zBkZUmaZhsE/dE"
    "NgR2uBsVyUEEMWhIxgmhCcgV/J0NBszH5N58M+c+3cU82YkJnOFkF5AE7mly7ALylBQtmo"
    "LtoI2J2lPqIAxlBnT7rDNbnec4hrWBQeyNEN3nnQCHHU2SO3bdsUnR/mmm1DnypF007yyX"
    "Sm6QklH9P1pD7B3lUhOz7Lk2ARWmUkDo2lWOQvb9HsrCGiKtv6SyL9KY/m/1O64v9TTO/P"
    "l87COIepFNA5gJ5rjmWyVWLaonSgw1T7Z1jZPs4q6qKiURceu5OiXMp6ByKE+/caHOcy6R"
    "5nmHSP4ybdKINaTKGXRF1Sr1cx6F9BrcfBBMmFCwZFlXsxYqXiq7KKT5Zti71yUUqlRi/7"
    "vkmqgqJvW4RUvWtVftd8DU98lFMzPoVoSiV9qtiAummfjo9OP59+Ofl06md78o9kJXmKJ3"
    "QaWVQrlxEyTKkck6r97pijx1KjHCJU62PVxrhUDiXgPDatMR2KZ9zJIc+uxB3yLNoQrKg/"
    "024ug9l42dS2MUZyM6S4na8rutonpJ7ddOphlmY7lTBdZzy1paY5Cu3Z+gP7RdTGc5amax"
    "u0MeiUUjZw82C5truozc0xudlMWOiSavFtt/M8IaVhN7aAw1HBodUyyDnmI8yA4p5rYTol"
    "c9dKytyvHkFStTF47hASnvYCvgCsUNxkmGoPgX6e8CglE++rvBTmWTkTUXSMJTI1wJUeYP"
    "rXXIfuyuiFQ5RqmKs9zABhOeX/WGm2dmKElSO9cqRXjvS50tBRSx9ND5JS0Ikztcz0c0Gb"
    "daqfdEi37NycatpLfLETbHru+FXXvXYrFr10VckTtTyFXl6xUSLZQ5nx+CyPdA6tMjyYY/"
    "I5vlQFEHab7yG6z5ITBq7oJKo+0usOSSQvX3jodT7/WysxVMCquP2P2b//P4S1DDY="
)
