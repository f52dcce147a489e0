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
CREATE INDEX IF NOT EXISTS "idx_appeal_mess_appeal__c5e910" ON "appeal_message" ("appeal_id", "created_at", "id");
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
    "eJztfet34ji277+ilS9ddS6dybOqOnXuXYskVBXTCWQBqeqeZpZxQARPjMzYJjRzTv/vd2"
    "/JNvITm0diiL4kxtaW7Z9kab/3/xyMrQE1ncOq69LxxHUOLsj/HDB9TOEgdq1CDvTJZHEF"
    "T7j6g8kb63KrB8e19b4L54e66VA4NaBO3zYmrmExbP1jRBlxrDF1RwZ7JKYxNlw6IDPdIa"
    "buuMS1Dfg5ZQNqE5080fln4lBKesaAMtdw54cOtZ+NPj3klE7vEG87sPpwX+hvK3fosi7r"
    "jCg2JYZDdEa+3VavyDtriMf6YGBTx6nw437fmjKXsOn4gdoVcnh4+P6CGHACgHUIsx6swf"
    "yQ9MbwdAy6JiPLHDhdxiwytmxK4CQ8nEPcEXTmwi35IxDdNK0Z3AEaU3iBoWE7bgVeEdvB"
    "VWJbM9LX2U8ueYRDjsiUGf+eUs21HgEGagMuf/wTThvw1n9Sx/85edKGBjUHocGH18Qe+A"
    "XNnU/4yauRbn/hTRHuB61vmdMxk5pP5u7IYkF7GA48+0gZtXWAX5oQbGqa3tzxT4mnhROu"
    "PaXBYw4WJwZ0qE9NnFZILR5hce5A0xrNjtaudTTtIDblfAppjnin+hbD6Wowb/qP9T81k7"
    "JHdwQ/j4+O/hI3WiAhmuEdv1dbV9+qrXfQ6j3e0oJZLz6HhnfpRFz7i3eiu7rohkMvf2h8"
    "IsTxrtq2Pk8GXKKJgG4ajrsK6v6JBeyLj/cFcM+AuVO/rbU71du7zj/++CfHcoHd0LJhcm"
    "u6G0fvGl7eNcY0GcAQYQTCgUd56B9sBs+XnMZ54MTux47zb5OjVe3U8MoJPzuPnH33ITLB"
    "g07Ij3rnG8Gf5B/NRo2jaTnuo83vKI/dAT6TPnUtjVkzDVZMCST/tH/qL1yYhk/S54InHv"
    "T+00y3B1rsinVipbWNXxqfjKNndKY/8jFCNPE5vc3vSp+4/ZGetC/6lzK3xb7UaOmuWCXQ"
    "1MS1h17whR93GIfADoM/Jkbfndr0J9x7BvyMTfuWPYBZAOf6cG/nkDQZJVPse0hnfI9z4l"
    "vj9m6zxn5jDOIf8P19/Tr54xWtI1/tdGoMDpFmO3vOwX8Pp6yPY0XMJ+3R1iejf5uHT4Z7"
    "aAycQ0ZnGmyC/+/g5b9nvgWdig9U/vQ4FNk7jzfY2kh3RnH8Lw2m2yn7T5QyMhYPc5c6+7"
    "ULXd40L0MrJmzxl/VGtfX7u9vqb+9Dy+ZNs/HVby8PyeXvnVo1soPp04FhrTACYTqF/6r4"
    "D3XDnNo0gf1qj2GZrDM3hYGQ6CLow9tsC/ujbbG9j/gEP5+efPzwCa7yB8QfHzNGpH1bvb"
    "mpNzoRQPs2xZdegScLU74MU1aW6b0TXJk8zPTPiQHdrTDMYUrFe5d5lIHLW+VLlsg2ML7e"
    "4KmveL9kK0CVMvcgSbbyLlUyZSupUQ6No0V0AI6CTGOR2cjoj4hL/3QrcEwZl3WGtjXGXz"
    "ZNUicWIUddYXUyoWzws8XM+QXRUUh6fKQ2GVr2A8gLKIKB/MUVhgMCr0a5YOFaFpkykzoO"
    "l7zgK7K5ypLRZ9RTgvTxjF9Jl73TQSx7NPCtBSHqAIVmEWQ0NjTsMTyq4eD9Hi3XhWecGe"
    "4IlYiireHCzcwB3OJ9TtHtD/yobU2IXiMdX0984/9UQl2phDqdv0+y9rbGpmOOfh0eRGd9"
    "GhcrAurNKHO3s1YffK1/rzUuCP/XZbhOXreqP+BMcBj9hvOpe3NpezOUve8jzDAuEpoz0k"
    "/OPxTRp0fIyjwUK2rWP5zlgPrDWSrUeCkid5gGbAeaZ4opgnaccg8BPzvPAfjZeSrgeOmv"
    "KG9oa7C3swT2MB3sMNUeAn2ay2Z0mmEzOj2KrSPyhluQF4+QKrG6dAy5PNDwtlM07WnFmK"
    "cI2Sa5qPIO7lImKbJWFYNUIlFwApwxsTGMbhzaL5ZNjUf2K53HWM4IoJ7Yd+91s5uQLs4e"
    "BJKGrc8CuUieUPDuXOjjb9+CRaNVv+ocJC4EG8D1WupqT7GNrH8p+L6OoiOAP0HTIQ9Nuq"
    "pDngt57MjP1HZQpkXnJK6nEEJ/f+q41hiuCV0Gca3PnmpBqCMGxIJ5hLoBwyHPugmrXEwT"
    "sunOExQPfxw8wWzDi96thIpBmZHLqnHwh2sVfYNPW2ZB4KBTa922Lwj/12V3tVa72ajeaM"
    "AwVi9I6OcqWoeTPPLCSbq4cBKTFvzvJnFMkr8FiaTMQ7GiTLZ5iF3DNWkhlY5PsJfw5sM3"
    "C+BE1Vkc4A6cTdeZ7Q2+WSJt7bdOSJr1UUz2g/CbS6hfoWtEGOziKkqlnSykneQcj4ZGoq"
    "L6mzClUt+UTn1TwJ4qaauF9TJBT33pUX75tUVNPcUaEzeU7uagxwS7v7YpidUHdDyxXEDs"
    "SjfNgwR5LNKikiWVGUFbre83zmGIRlkJbirkp/HUlSy4husQYYwgY31OYGgHxJ0ZfepFp/"
    "hBKcGd+/PE2JdN3wIN2j2bDqcOvFQPBTgE1jdVg0iHRmp+nQ4+kx6aoblnIm+qk/a36s+w"
    "V/DH8Q3QSKE7TzRDCvS1Sv4L4DEGmihpsNTSoDxceZkJmWYf2Yk87PGHdO74Q4w5fs34rF"
    "JBu8EIrQW6wQKWsDtnuGSHyJRHdlQSyeuRbU3dvjVOEK7/3m42kpGXSKIMstF3yf+SnFFx"
    "u+NpiFhkS4FRgS+CPHYQlQL9Lb4I9DKNwn517HfNwq88qlf2qFaW6PW4T2WJ3pIl+qravq"
    "pe117LUNpktAPr043Bng4SZHP5ciVLMLcYiJLQUjP9pjlspth2IZqOdcOkgwti+ZGuU+Ya"
    "JuktYlcSBO9VOvHzSrjWE2VyZgkQlidTG2Y/0BkD7ifOuAVVJK1A/3CH9m3qYkqKCgH2Zz"
    "LlKS7QIR2v4t2hwy7XEAHW1EDRmieisDDpBTKqeBc4YWK+CZ3Nhfs68d4DPcaBsYKm3BHd"
    "pPoA01fwRvx5sHNh4hVv+hn76sP3ikL/4xTTVMzQcd554o7o+GpT9gQ9BAkzxGugqoLvUF"
    "3Wc6YP/6J9l2sOePSxNROAikwY8FiI0QM8V0V42wuLMua98F3mf3II3EK41s98UndmdRnS"
    "80hneBL6MwdIGKcBjGfoiSGMY4t9Jj2UvSm2CJ7Ef+R3uuNZsRFz3aaD910WPKLX38yamg"
    "MYIHcV73pv3PFQColTfvbl0nNIo7SK4VsiL7NYflC96tS/Vzv1ZuOCLI677K7abv9otq61"
    "Vg1IL0j4d5fVbqv1Gw3wbXytac2b6wsSPRNp06j9iLSBM11Wvbpq3jc62k298at237hu4m"
    "NETkVX4tcxCfPluZjGICBR2oLKitoCb8MosgJKJGssg7sjrxbwkw22vSLaxRDRSotZybCM"
    "rBTneazB0Cp9rTiPR6uoKPm3IO2rKPm3MMoqSn7vx/d1dHa7M6a7orIrJ6K7qrFrU8cRbx"
    "zT1vmXKlmaOkdqlENH58CM+NlgBKMPGCUDyl1VSHPI3VqECg0zLnBNjO91YjjkiU5c8k4n"
    "YtQJH2vsxHDfJ2nxtnWbgmogpfspre6Hz4EVPATCdEror6wo9KtYfxXrXwagtxLrr1QDqy"
    "w1OydU7JZqQA3zqsMMEK7yLct0SjtQ5hFWHj37ox4oKaS7qh/gqCcoB/zRSNcM+MOeRy0w"
    "obZj+RkOiWk9GixJrE9qxiNbuO0KpdCYr0fM1YO8M60Z5jTQ8VEmUzbHlPhkYEEX7P1n0g"
    "v5jHRZrCNnZM3YIamOLfa4yOjI/VbQawZu4hq6GVYhPFE64fTi7Gf0qkG3my4DSRI9X3in"
    "ZE7dhasMPsaD9af3IAZ0LorDwNNQ+5l7zbxDfP42oH0DdTDO346Ozo/eAyI14SjkCu8a8V"
    "SubbH52OhXiCV8jzwwHd0YBDcVzRnqTN51p0dH+gP8PTsd8L/n+PfshPAfVPzgfz9Kl48X"
    "50/F3yPs6OHhPSbR7I9o/6nLDOHfhML5AwyDqJ8DL6RqEOyiKqWwtXk9S3PZFvgXMDUHy1"
    "thlLUtxw29XmGnrQA9AZAK5YQICPZwKh+f5InLOkkPyzqJwouF2zT+owDEIaI9hHnzoYW8"
    "slxhnMNUCugcQC+4qkJrRohq/7ytNo8zMMkgu2tZcF9alkl1lhZelUAftd1AB9ua4sGZF7"
    "bdNJs3IRXMZT2aSOb+9rIGizgfC2hkCJkzXhJmojvOzAJhMtliljXZI4R7uLBsJXnSxKZD"
    "aoPAqpk6e5yCdJ4Mew4/9cSeXm4cDlr3BQUaoLggrXsQZBsXpLZSIvg8vEs66xLjXJRFZ5"
    "UFaOcUwYE6Z4WBjtIqlX+ZR9q0+k8rDXOIUI1xmcc44D28/LUrjHZKF2oZL93Aqxxum8zh"
    "Jn9GkSxpa4IVz8+2j5jxOOX1gIoEy+/kNpINkuc7vCZOkpvyPs4krmHWJrZlDdcE6g57us"
    "OO9hUrvd+3prBMbeDrq4qucn59O4kWoqTR5/X3PwSp9pxvB9zFdYpZrtFPqi9dBKQG72Rf"
    "55JN9QF0siZGLdHLnk4jzPGlr8s+VXkn+zSNtum9JG15CT5M4Q0x3ZNJ2oJ5wxwOTdynCI"
    "UCrDarw2ONH6gtEtr41Vt5fl98zSRPp0L0fgYiThROQCTnHUpKMdS+bXOfJp5gyM8j5GUI"
    "wjRC4sZdBm0eLWvAkwAhzWxkmJQHU3luRCPPP0p0C1gNsQHeW5fq2XIMRcoikVQJX6bLMP"
    "Ojw98FOoAXlrtglA7Q7emBn3qGTvRHmD6HBPhjqWfMMsQzFPkPxG/dZeIFMKYryTFrpaiu"
    "wOavwrtK65OkHDm26sihEuW8SsycMkLtq/ZShRW9uWEOeJdVvucIrbJDlXmkVXiRCi9S4U"
    "WJArqnZj1IkM79S5Us0VyXGuWOMwIh0KMLRbmIv594AMuHRUiLF8bCA15OfyFSlAuPezlf"
    "RLxglEuFy7uTOQq5KMY+GKYJ40ecuePS8U88jggu9bjkojuaNUxMQ1zOB+WxVkKi7gUxTQ"
    "7PK4yk/6G25RySHnwbMPwDzW/phWTh7Y/5kx7zNzg5xhvw36f87yfvLP/BX+xY56fOK2Q6"
    "mXhBWypIaBcFcjEXikjkC4rNiOTLcX9Bh9Fc/qIFMteGP7kiMMcpN+KRXiK0j/PVF8ooLx"
    "RF25k+4HMBXgKlRLiXO+YmdFNm7dPBt+Z9u/aNZ4IODrvs8r5db9Ta7QviH0X3s9cZJLgd"
    "5wdW+CYSSMs8MCt+F2d5ID9Lh/wsHXLMvwZrSlIJORRsl6Aeos4SbXdwCDIgR1k1AugK6b"
    "H2Oy/WVtI1DQ3gb0cWiEgFpfQYoUoUGkHWTNJtZcQgmon6rD0Iits8yyfm3RO83ar8R7iH"
    "Mq8WB9W7aqtzW2t0Lkhw2GXXtU716lsN+BH/qBysh6vbxnCo9QG3R8tOidpfPj4J3ZR6kO"
    "5bl9WG9rUKrGBw2GXisHZTu+q06lf+Jf93l7XuW9UbDPeCf6sM3xa+LFjVbXT31ya28WyY"
    "NCn2bmnAaUIPKuS0QMipblNdG58kcJC0b4x1M4X9WVBFOUdBduiR796GksU61q7qt9Wbd5"
    "8qJxFcZT4+WirUMQbJzp9twMesMzcZ4hBhBGRjF51A4XHh38+nJx8/fIKr/BHxx8cMxNsA"
    "90180vZNyyku+MhEa8o7JYO2mLiz0DUXNYiGKZXlu3T20JXCs5Qfvz/Ps/yKMXsatdfE6R"
    "vvZF8hUqEOpQx12EWExtRd+2O7xT729VvDq9PxxEdgDZQs5o7M+VW4v32EzGDP1vqfXV30"
    "sq8g2bRPjWfgkyf6fLz+St7yursTve0rai8bdLQrC3ohl6YFmA+6qSc7vnuUGLNtwZ/cfO"
    "nlosc9gra4A1haxfgI+77UEaxYwXhMII2eTv0+r2RuYeSU19FnAo88F00ilyrikvdLXEzP"
    "Wb35m6AXVtOLnRLpml1Sa1zXrtFrTLQR0U++61ha7BPpIdrcP8urso714L34KZ7qQaTSTn"
    "BBOwtSO/vpn/00z6tEVPmDB7+g2R/y7woquVH1oSKsyuXQZVvmyo4vPm2prRnNH41a64Lw"
    "f112W0O19QUR/8thZhIfxopjEBCXehB4vfqaV7e+1mXt+/YdX+suSHCIaQL5Gf6vHENTNP"
    "nuWml3S8YabDsbLG7xq6VukwmVjrh0OuKQFmHllG0qU9sODXOY08vLw4WpVIBUUqlHFW+2"
    "pXgzKeRozZAzKcJpN4FdGnUW/lBDgWctWDta9avOQWzqbgDZNxrMt8A0j3VV2cNePiGRZ2"
    "ZN0HQtDLDpSq7Ros1S9daPkcij43vVcy0PFk6T1ThcgXN6LMUNSqW+xHEQMPiZ6C4Zw1LJ"
    "E/dgV9bUxWA/F8ulSUomKbNOSBf26k/EwxedqY3Ih4rFeefixeIuiEMp6aGmBhs4vdzarY"
    "gKy8DlSqmwyqXCUuWIXkReV+WIVDmivcJZ2kKKAB0hU1M6D9RGor013Zc2IHjTcYOcBSoC"
    "W0Dwlt2PlTJKaU/KJOZnaE9eOW3PQuxPkGRDOoF0YXbhk5tPoMUMt/p0AAIagmZi7hjsAo"
    "A+JOigxAY/W8ycY5lpgP/xkdqYEPYBxBMiTAJOXCTdQJ9cqESFjOdHYZGBMQAxssIx4zlp"
    "UcQ0xhPLdj+THva/cLmAO89A6hzwXLiWRIM3nEPnVYDDMOkAf6K46+cCFt4fA4vy8uH0Tw"
    "OkYMzByyzfX2NFUXWEHmPMy2qLzhiSsil2jY9hwjUl6JZK0F0nSHgnwoPvWs3mF+1LtX6D"
    "fgDyry6DX9+9s9/x90298Sv+Fv+77L7hn/GPuuwW1lbNcwBZHEvuB9rl7/hA9aua5IiwOB"
    "ltWfuhYbIU7C7lQpeh8rbZwufwj6LLVR4W/DRffoSM9Agx8Z0PwYqzJyAusVx50Ghq1aur"
    "5j1Gly+OuwxpqpqU9SZyosuubpptHDHxH0e91aje8jnBD+BMp9VsfIXJeAVDCufln6uM7+"
    "ajnfumgaWdVkg1Eqcs8SivKNKenedJknOeniTnPB5dvtgoEyW0dNeGCKnybVC+DTvzWW3G"
    "tUFiOPMCKpEoNEviKLI3aJZM01FOXDfvJuJHeWwG2P0qsRgFV1r/SueAs6OQruN/s021nB"
    "d4naCTW4Rkpyvk2KLNUmVc2xpTd4RJn7keKqi6hMos1zIHsk/H2amUnfpcCh8S/h19Kae1"
    "5OUh8lvzM0FYUUh39/KPgKq+ukvQC4cr2lz6J6r50HMENXZCDLpAdxE26Hm1uigg2Hcd8k"
    "BNa0bG+hPlJwWpwbgWkD5jiS1TZ49TGFfPBQUr6h2SXl+HybbQF/oSQIVgOR3yrueFDv/t"
    "v1Er1Xt/ITxq8BY27RsTFNCgQ17AS3xlFeJYPmK88yCOjIPmzqA3/IUaSTEj4Cmc6cO/aB"
    "8X6MBnBu7npw63rVmX+WXJsP7YgzWFt/OuIho/AQ1OM+gKRsmwFt1wMz8Z6LwznYwx5ruC"
    "WcfnPX4drxiAOzy5w5Vy73QymOJ5F14FW8ygf2sGd0DPDGz/Huj1MS7sPfJkTWj/yUnThf"
    "4RrHccCqG4TItSCxfRwVg1peZUas6XVHP+qDeumz+05l2tgVqn0E9UIFav642vWqt2CxdQ"
    "1xg9E7Rpo5KrdtcR2sbIKbmnv9eu5EbBGVgIG9+b9auaVm+377FF+HeX3VV/xySN2vV97Y"
    "JIPxZXmt9rrdBV78SiRat2VasL5W3kTJdB2/qX+lW1U282xE2iZ7qsendXq95o1Ub7R41r"
    "ViMneIsbnwRmXuOr1yp6UqiNter1ta86FsfeeSksLfy7HCpcsbglfhkpmj2foMyfw4oave"
    "NcKtTjDB3qcVyJutggiyz8YSolT0fc2TinUMSLZUHxlt1YgAUqAprX/C0jJrjFOGiXxmNq"
    "FswFzR6lwPzl5OT09OPJ0emHT+dnHz+efzoKEmLGL2Wlx7ysf8XkmKEFNCFbpipo+RYMIS"
    "jKrjDGEpmqb1jm8VWGrj0yzezQQqhqRr5yzciERUCZu3bZr7fKrLFuzltTM9GKIF+uZGZj"
    "Ew0122+ZI1zVV0JbZDztjzDh2QMlrv5EWRDaqRNfDZwUXVqsA1Tm38LURPU3I72pM9VNDX"
    "kJRyie+YkKmY0M6MtTVuvPMBsfKa+LKQi4vtrpVdAAgApsx0vb5hDdpl32BFsmIw9wZ2aR"
    "IZ0Jv124nUkxjNCj/ozU48Wz6KZpzYC5fZr1oBuYKsKQ0Det/pOqfrmLmumhbY214vqMCN"
    "mmQ5petUZjwYCmxeeZAGBWQZAI5dpFQUq6mSfi6FUFOatEq62kVwWRl7U40tmFQaK0KylG"
    "yobvBouDyIt+UWyjtArbiAov2DMLrg9hwre4PHwsVDRoSG2aGJObbk0KEe2hRekkV1HKk4"
    "yilCeiKGVMYn0dKaAGHPIYBiNNDAhdz5QDqNdyBUEA69HTgRcLx9c9iYu3RcX5zyI9C4ip"
    "z+in4t/NS9OSKB6s361ivhXz/baYb0/sXZFziVMr3kXxhS+GrYVR2i5sQAnVaJZAGyZVyE"
    "ZYQd1w4FYa+rdaCdr0TK47TvwWOe8zxXkrzlvmvEVhsASWO6gYls5rj4MmOUqfDCiytsL1"
    "26swgvPgcR5KxjjkvvNHki+8lJjx7IgsXOtFEZDz4yA/o1QQhPRsOraeeYXTHtxmgFkWHW"
    "IaQ0qAgaZJVVNK9XxoKqgSjq94IiDAbB6OBu2oOezxhzo75g9ywu9xrPNjfu+TQYU/yfGn"
    "xfWT0/fcNMHjCDyxwyHIcgpV/9RxrTG10/3WJXMbyCkGrJBR33UlhZRKCvFGqcDivaDYw5"
    "X7LM/CfZa+bsc3SL4kFsE3INhDeD/lgfdTOryfYvDCgjOFhnOtb+rF0kTEKfcvTcTmK8jY"
    "mHm7MFft0bxFZvpTAWbaQCcUVAQWrNQepXvTSSYXXFMRCMNUb9nr/Bn2d2haFMAImUKwz2"
    "sUaNAFtZ91U5tTPalAc7ayZ0lXe+TjvwndD6N/uloIsmJzOI3+LU9mh8KEE8kdi0kJIbL9"
    "Y602LykgZIWX3RDRW56nYd1HHMJLyzKpztJ2/yhxBMoHoN4W5xSceVkML5vNG+w5COW4rE"
    "cioxr3WFT0XdRLK8HLRWWo3su8TSUFdsue7PKa8mg4wHOtWY2q5XWzR4hvtRrVLZqNzfkV"
    "3HQ69h85bnuIt6pkGiJEe/4uMkEOs8SzQWcXItPNRHccTHs9sq3p40iqjP4T5sbxpgv63G"
    "Oimv/gHyx77ieQgeOnH6Mky8Kmb4HGgQ6vITX2M94A3cRT5iMRVn6fwET09fwYmYDNkAkO"
    "SDCJkH9PkdeGK3O6zGB9czrAjD+zkeVASwq4LvryjCN+mnH+bIfkkmcb+g+1LaCiNiWBDx"
    "OZ4U8MkhgZj/j0TUy7MzB0E3P0zKC9PpeeHYSgKfUf2ELzg3jcEezicMwxcUSQBaYJsqZ2"
    "n3q5fXR8OcwLREVmHu+J35QPFb8T/jnbMWvFK+ZeKOnKnJM7xmUiWXxbnoPIpy2zPeKgXW"
    "98vcEM1/x/l11Xf78g8KfLGvWv3zCDNv7rsrta9dcLgn+77Fv15osmTgSH0aX5dbTsT7NR"
    "QR27R/EWNezHnyqnuVXsYi9Y9VNYUJf6Y7i6b3eat5hqyz/qsqtmo9Nq3tzws8Fxl9XaHU"
    "CRZ9MKDuGjqXV+NFu/alfN27tqAz6lyIkua99WW/BZ8X9ddllHfdxXrX5718TT4d+YOqvV"
    "4WULvINVPrPN55hXZbx2q4zXbsOmtCRKS7I/WpJtKgAalj0+SEwXDOcr2cmCvRb5AnqC7L"
    "w8s23/CTjdAYqVmH92IVSHnPsGsiuflKb3SPLh+xSk9UVPvgp5mJMRT7PL5sQ0nnmu3SQH"
    "wxI8k3AqtOGKIcR3xxJt4BM0BliZ3c8KUCHTSUhnYGO623TXwD58QY+WzbO6BZ3xD1WKaF"
    "Hegq++ulYy5G95DFfhn2X6UnPQ963LakP7Wm1fkOCwy8Rh7aZ2hfnU/Uv+7y5r3beqNxeE"
    "/ysHhxv+0Ao4HoQIVYxJTDzHBUsTC3VxST1C/BaF9iJuceWMlCwxxnHZw7IHMOVWCtZJIC"
    "3z0q1CdjybIzdrJHHR/qVMRtqWGuXlpX1DEdphZnQQj4nx6lroC+b09KN0nFTdIt1m9hI3"
    "5VV0uRmJB+FgEQmv9IOIh7HGE+CNf3K4Ge5zdhWJwA7G2WqewKvLMO5fspcZ+cvj+u/tiW"
    "/+Q+KxqgFROsaZGywLMgoBzVvkD45PCij15cmflzuQad40a2DTPjWeV0p3HSFV+a5LnQ9Z"
    "Gc9XdYFWNkNlMwwmg+tN+ZXmgk9c6qmwKMK0qL3UqNWu2zCSjS/11i2vQYTjGz3XZc2G1q"
    "p9r9d+XJDgEAuQ39Va7RqvRLQ47jJc9K5b1R+NCxIcYp2nRX0ncVSOoY+w3Hl56AiZMuHF"
    "ixSNDRfLZjzMi1cqipKqjP2ZBlJb8kVe00K6h27NlYiJNPLpLk83L0/IDUC83/VqE77eEM"
    "LwHKRxf3OTz1lfpFDUdEfrT22bJhZOKuC0XxcVTCVl2X4MQmi6LjCb2PTZsKZrRjrsLWjb"
    "VdV662iirnaxxmYpa6VWS7W1TUa9qraYOugnRygfMaZALk18InkQSKmMzs4kram4OiSSUp"
    "VGLicXSX75R/DjIf7jxQbMFimcPhMRDPBATf/2nWOPTpQcNueiPa/8azgTU59zdbNzSDqj"
    "RYAEsafM6TLXIsdH5L/+i/QGxqPhOqLmMiz1tusQ/RGmlQhkwDiIdHeJIG8Wd7+GCSSdgi"
    "3f4KOp3CVendeqZGh9g3GKYZ9tfJfplO1dRTLscCQDX1aLmJsDgjIP0opG5s3DK3aYouvL"
    "gkqtLlFXE53vQdpqwCaQvxzCR+WHl3MwBXU8Mo3SnWVrdwIOcU29Q5DXdTdBXap5kOfUOu"
    "kBRILU9WTm/MLyrqCdoGJ4YbXCziC1Tb3CD3hZa5ZWLUW6WsnSLcx4uwKVUprMq044wJB9"
    "IeVzt6cgn7Bu+wUQ0RPKcBN8ts5jKZSFVH9GkjMsixTKftiD1KiA99cvGeqKXX8lEdaBnm"
    "iucJsTz2/CRHNQx8EzS+uOe0j8GJQRKkqe6MQlOBvx/U2KLzbTEYGhaTDMKAEft6dF6TI/"
    "2QP3d/MR8ygQqEoonoRDqQ/95NVvKv/C3ig4yumZvUM1bLiHqAbfQmFJQyZUUlxU6bAaqD"
    "KdwjSKqUu1iWUa/ZWjvyJdlFnBc9Co/dbR7mqtevMaHV2CH+id8uW+LZxT+EE5fFO8LRln"
    "b2GtRZRWTX1V4+bNBcx48f6XusnXrgSJKdIiU2ryY+sfpMZLJadLEQzyk0Mcpk+ckcXzsH"
    "HL4yIJHLFm1PlM4ByvscZznUGrAX1wuZ3Reqb2RJ+PKeOFJY/i0sz2bqP49x3j33E4E1Qz"
    "xmO66cCj2Kc94peTk9PTjydHpx8+nZ99/Hj+6SjYMeKXsvaPy/pX3D1C6118O5lQpptuAh"
    "eVhbtEpKBfGXpp1SoGf4RQDcHKQ6A7mpWQnjs70CggUiFGpQ4xKluKq7Jqgopa+IqwxDmS"
    "YTUZ7VjwJ6c1cI1UWGUYgM0nwlpL0Lieplaw9y9lihaDaZG69ZfziOmCx6VbpmnNMO5cmA"
    "HQRidsGIbjTOmAc/gT3UCVPXoq6n59etHcYglCxfbuo6SKHZMqlFVgTasA9DdFVnMVHXaU"
    "dp9Y1U0o83D5XAXWBZlCVKlH35x61HPBSeJa/EuZXIshNcpRcQP5AO4u4FWq4CpJrndkNJ"
    "4A80wU0I4W0z56eOAlrn0/DD1IgelHkpxE/SbOPkhXh6kOIWV7QHTvaBuPzLlYBKr4xbq5"
    "Jhd1tCKq4JlWRBt0y0Dei+gjqg+wAaOPOjY4JFUT6210mTWhDF7ZV2OT/0P68EXDBIEjm/"
    "Z1sz9Fox7+9BRU5GfR6f8lfRPuJ9G+04GY9p/waXtThq16QSQO/BfOJHhHwT7CKY4jRgfx"
    "mzqCXfTuMxtBQ/pM7Tnx9dCPFrRxLVHcwzJhUrlCYS3yML3rOdTG+u2HwGI+Urv3vkL0gF"
    "dd1FjxHhgYBI/jxOtz4eIDz9plXgNoGqjDvac6JHXvMQbWjGHvCI8tXgR6xvnjP25GqlRJ"
    "cFN5UXeB4y1eH3HN0ojl4m63XRlRZa5ZUZAQYnbRatIy0ZuGD5n+YtgtKN40cBG+oaCtJU"
    "68TyLXC9tbPIat2BBIRAr6laGXOeRi+Ecp1SAoa/sOQq8nSSOZuOuJEokCvcB6Hxa7C677"
    "cWI1FCsPhVByFBuBBc3eBA6/9AewqO+rFa+jmECt0i/z905Pv1w2r4/ywqsKm5XSnyMFcw"
    "yK2ExCtBuD7bDQnx3gLXhlY0NI3S04730EazMpA/Y3Hj4sPgg7yXpYtbwc9XcL712Vk/Ag"
    "p7mXr1vpJl9/WVtq9tVMv2W+WjJom/Qtjb6RlWfuQ1ubrbNHIITTIRMkXpqN5imFYtbtMd"
    "FOJxm1VUq+8rBRlQxLnUrJt4VyePAKybbP5THBPm2ZXYAOao1a6+vvF0T8xxDgq+rN1f2N"
    "lwc/9DO6/ORzFtp0OLDn6VDEIi2RlHkwVjRKH+fyxzrO8Mc6Poqh/Gq5KF+GRdmzVJR8l9"
    "fSXDWWlEON0K60BZSMsdzgDvDvqc5cw52voHCLkq6tbSsZyptWttlTeE2HV5AtDnac+C3C"
    "fVQ5z6/bHCer3bJ0+AuafeIUX9x4rifWVs5yKdeTCyqXaU9dkX05zcW+nGawL6dx9sUXzg"
    "tKoiEqpbfP1ttLKoI19faSm/1uArtUbx+eWUX19i+gDvOV0+kaMUl9vVwpJnmZLNeLfbNm"
    "mJbR835PSS/pxQgMpdiCs2MeMXCsk+PzcyLCEA7J8dl70oc3IPqDNXUvgqhN1IgJp3aR8g"
    "VnWVyj9srPonRxShendHEpCewte5XQ2xDVm3ZdVimRDl6e2c9Ig5oxaTNSoL6tOZue7zQd"
    "vYxcp28LPJtnJaV2PzEpVLY6JUL6Fj3FPhTQXQ2MZ8OxCitfJbJ9WmM3sd0r9dQr7VhKd6"
    "J0J0p3UkB34jurpetOJHe25boTW2qcw6cIM1O5M2tRsIMX8QgKd854Glus3ClSUFU83x9M"
    "f6vPyQN1Z5QyzAMwTvIv2nDvy/QbQblXpd949eWrkqHfUJEIL20c9Sp/F9yVw1RrzPuSmZ"
    "DWmdWK09kqqH659YKoRsjUVI3ajMXGWBDVCJmarIotf0m2PGkGbwDcltTVnqIb+XCXw+uv"
    "nxuBN2/wTTmX2qXgRvaaELitWrvTql91DpK4LwXucnDDLGcKtq8jr3suDC2dP05MWJcvV7"
    "Ikdc89QLP9lkvF9M4IK07OuaGfR+PwNIb6BKtJeiU1z46H4i85PfnlfQWkauLp30G2nlPd"
    "FkUmuQsBTynde9ZNA9CD415cdH+ROyaL844G98HLi+ZKnn99vqeSIc8vxiyibLcsk+osBf"
    "yAKDIAD0C1rb05OPOy2F42mzfYc1Cq4rIeUaQ37m8va613xxGJPiltzyoGOWWLy60qkZad"
    "OMapVuMw1Zu2GwsoXKs4fIJmTfDKyfhkYBeTKF+HvWlhJM+NMTbcJO5GuprJ3Ih4IDNouJ"
    "S3uZ8Q1yIjayaqXz/9GAVFuHUiqXpFLHLIp/JMKuh9JHlZyqW/aeBxifmg0RDRH2H9Pnx5"
    "gMAilA3i7E9ZHiqRQ+rD3H+0bO6gEg2/UjzTrvBM8ijGAzmWh0nK9GUOSz24b11WG9rXav"
    "uCBIddJg5rN7UrlOn8S/7vLmvdt6o3F4T/i36eeeJCNh85/OpRkmXjCjborTOdwBqXbApM"
    "Twgn0+xR2OnJ8dnHs0+nH84CUIMzWcjGQVWM7A4zY5HkPEkcWTx/TwZb5jXWpFqdy3mzW4"
    "vROa/twN0zsEbDSOf1MjALDLptBGWRK+Rhzj03sPIEmelzVBNh8EqcudpYr8vrn/0RTaan"
    "G37+djgBjf+QDRH/VCxSqVgk+qdLbaabiVbL9HDXCNnelZH4kIe1+ZDO2nyIl5FYfBZ5tw"
    "mJ5M3tEcrPuAR+xrBvJuGeviwEBGWWllZcEraSxEdlr90/p7GSiTxbccNRGYE3mxE4Yfpu"
    "ANv8Lk7lnLPreDjBI5DG/c3Na3kydHTbGA4PEoRK70olS5Z0F21yeS5MbIBBeP4/GaY101"
    "3355E1tdFjQORdqpDv1Q787JvTAR0U91TY+B2W6t39JHVK/76rwqXSv++Y/v3Vckq+1ECp"
    "pJLKXJLPXFK2VIdlgzpP9FSRXIfKkqJcgl4NO8sewKdq0yG1aWLdsnSVVwJpmXfAFZVfJ7"
    "mUXycZyq8Tofwqie2vypwZtTvUHh8kSGjS1UqWlKbzdprrN1weC264I5CXAqcnLh6hKW4y"
    "obopctCBgOVaE6OPZenFDVCYMobcLGeNqYP+4T1c8jCDTg8dx3md94TY8G3ercu6rDkkfR"
    "3myED3JD30YMfcPjxl3th6BnIeeD6z7Ce0QUIjz6/91MvFh/9OuN/WyZlI03d2zP+eHJLj"
    "X07fp4uK/LH5l+o9nJIGyy0NBuNUYIOSad707o6fV1EW36dRrH3E6GJTzVuRtGRcM4Mqks"
    "hfMLzidabkBqMrVmKzFIOVk8GSkeZbZEEzmEyjLIvZVrAFC7KmDYwzZB2/t92EdqmxRp5Z"
    "ZcoRJdA/SJIDxJVsGWDRZin7XwUGGdM0oRkFWGsHnscJBTaIoAXBAB8tQhrOfolmtvaCH8"
    "698IYKcTCJ0wP67gEfP4VJZhPdBC48LhW8xkOgsNBzpg//on1XGwJGTg8FDp6FCmUG7xIx"
    "LeuJDohpPFG4KNJS+eIKuiReeEmsQJ7B1FUgodg20NFBlwmphPS8V9K4zbVHhIJTSCb+23"
    "7mv2wQi+AZTKuPt5yNDJNysQUFocGADqAvWGPtJ5ixvS7jT2shZvx5XX045B6Vrv5EMVy3"
    "Qnow1jqv3afpcGP++Iao/YdnedqtCQhcD3QI6wO8iDOdYNUrx7Jze1pOnSDfQB/GUNwLf/"
    "melvBgghkeQFcLJ0wlCZVKEkrT2KezP6l6+t13tdxC/Tn/I1jFjBUQvxyTedCo/Sg4gZHk"
    "gsCfLqs3tLtW82ur1m5fEOlHl1Ub7R+1Vu36gvhHXXZ102zjGfG/HFbHkQEvp/FfxSSxMK"
    "EKcS8ghPmb8TrlM6N9lLjy0UH16qp53+jApyAO8Lv53qxf1fCb4QfBGe2m3lic5r+67LbW"
    "qbUuCP/XZXfV329r2Jt3UI7vyB+PYpt6mEr5PSZjypnWOKx/bzcb2bAGhFH1pQH87v8Cq+"
    "vsYBhdBraISGiN8mfsu9vqb9HJDLvQZXQQsIPLyCiEmPr4KKRqQGN0L6cKPdoW87ThCMaw"
    "HBHXy6OKPRncMGWWdh4PdlexkYRjp35ba3eqt3ehqY56e7xyws/OI2fffYhM/6AT8qPe+U"
    "bwJ/lHs1GLfhFBu84/0FP4AERrS2PWTAM5VcLEP+2fCtsPAnkwr+llQfGmDS++UXSFDyRC"
    "uoEvZHe2gZ37QPqm5ay2DMqEaozLPMayhq7oMEdp1UiXeaR9zW0RQUimUWJQrE6VlxK1mI"
    "+xT7VHuUM24oHwumGfJQN2M1NUGbs3DKhkbMqLp0Si4Mz2HUCo4tAWdh24d/Y6ybo0oZYH"
    "zip3jCLQprpjJOdXf42I73LuU+sEfOeJSo6pPZMcFD3KL7+2KEglyfWoQ9P5VvS1RxM6ND"
    "2Z5W4Gp4a1y0qtOEjb95zyZ1aqA5U09Zb5UWljqW0OfyqvuYhLF35NF57PD8YxMJ7TrD/C"
    "WEd06MHr3DuHu/N4/kUWutsQxxhQXkOPGG6S09QW75QY3rDwK/N8P6LRDX6TVH8g5fSzE0"
    "4/qdLzfsbmbsxwNTDQ9c9IMmrkc18IdVBml3LgGtDXAP92Wat2Vat/Rxce/yi6WOVxPth8"
    "LLpL/0xgDjtwNkX09tqXGfiNqE5rv3VCWtOYPTzQnN40G1/95lEjecRoq9SbG1V1KCP4Sl"
    "N716wCHlNWdIwlMmX1KfP4hhji3Fp1mUhpLZfk/Qukko3o2HYX1uVKIHlalS/cias5UiV2"
    "XwmyVFxnVt76ej8w1kfEzbjUNHmojc6EROxlIvAzE3zG8iw4X/xwm/7Uca0xtZ2fSPWuTk"
    "xYjx0ChAnRTdu7zfL4HCVwl0rgfkUmuaSL1roWViXivaCIp0QSxbIqllWxrIplDRnkU3nW"
    "wF6/lGkN/ARycq2LlFl9OHygHiMpxcyfnUix8f0gZh6j4j973CisCSLTloMR8jqGn6dwr1"
    "u7HY/Cdw3XpIvo+4DnFRYpDFLvjyzLoSJIfmjYjgucNMNu4ZpjYb5nHkyvs6luHpKG9WAN"
    "5tBfl1lDzNEyCFKKYc6xMca6cwNYz3A0rwW/PUf8sxTh73gvanAGfq6Y7l1kuvn0SrbIpD"
    "CJPsHeBbZvpWAIDIeRbPTKdsWV6TZjTnxdpDfnizvW5xoGkq8SgB6jVTHoBWLQFxtCQdjD"
    "hC+IuT/FdwryGG+cx/UMc5qu608VyqK6JzxzgvC2EbezfYJoq6IAtY3+6CBJChBXsgWARZ"
    "tlrH86DBvmSVO37ESWNGGz9halsu/Vazr+pLOczyC9pLoBJUMrkeyFcjKSWeT8PE9qkfPz"
    "9NwieO2v6FpXBGGv+R6iuxW2Hu7oJtZaTE8wIpGslVqkbGi/RG6RAizR5jezv/4/w6cHWA"
    "=="
)
