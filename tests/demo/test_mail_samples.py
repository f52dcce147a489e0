"""All mails with sample values: words, colours and buttons that hold for each of them."""

import re

import pytest

from lk_graphql.demo.data.mail_samples import mail_samples
from lk_graphql.ports.mail import Mail

SAMPLES = dict(mail_samples())
INLINE = re.compile(r'<(?:p|td|a|h1|body|table)\b[^>]*style="[^"]*(?:;|")?color:[^"]*"[^>]*>')


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_has_a_preheader_a_dark_version_and_a_language(name: str):
    html = SAMPLES[name].html
    language = name.rpartition(".")[2]
    assert f'<html lang="{language}">' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    preheader = html.partition('overflow:hidden">')[2].partition("&#8199;")[0]
    assert len(preheader) > 20


@pytest.mark.parametrize("name", SAMPLES)
def test_texts_have_a_class_that_the_dark_version_recolours(name: str):
    for tag in INLINE.findall(SAMPLES[name].html):
        if "color:#ffffff" not in tag:  # on the button, which stays blue
            assert re.search(r'class="[^"]*(page|card|text|quiet|brand|link)', tag), tag


@pytest.mark.parametrize("name", SAMPLES)
def test_customers_read_no_jargon_and_no_faint_grey(name: str):
    mail = SAMPLES[name]
    assert "биллинг" not in mail.text.lower()
    assert "#6b7684" not in mail.html


@pytest.mark.parametrize(
    ("name", "button"),
    [
        ("appeals-appeal_registered.ru", "Открыть обращение"),
        ("accounts-link_ended.ru", "Написать нам"),
        ("contracts-application_submitted.ru", "Открыть заявку"),
        ("notifications-notice-invoice_issued.ru", "Оплатить"),
        ("notifications-notice-reading_reminder.en", "Submit readings"),
        ("notifications-notice-appeal_answered.ru", "Прочитать ответ"),
    ],
)
def test_a_mail_has_a_button_for_its_subject(name: str, button: str):
    mail: Mail = SAMPLES[name]
    assert f"{button}:\nhttps://" in mail.text
    assert f">{button}</a>" in mail.html
