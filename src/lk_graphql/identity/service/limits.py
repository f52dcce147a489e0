"""Limits on tries of registration, sign-in, mails and captchas."""

from lk_graphql.guards.rate_limits import DAY, HOUR, MINUTE, Limit, Window
from lk_graphql.identity.errors import TooManyTries

_GROWING = (Window(5, 15 * MINUTE), Window(10, 3 * HOUR), Window(20, DAY))
"""Five slips of the memory wait a quarter of an hour, a machine gets twenty guesses a day."""

# A family or a small office behind one address registers in one evening; a robot does no more.
REGISTER_FROM_CLIENT = Limit("register/client", (Window(10, HOUR), Window(30, DAY)), TooManyTries)
# A mail each time, to somebody who may never have asked for it.
REGISTER_OF_EMAIL = Limit("register/email", (Window(3, HOUR), Window(5, DAY)), TooManyTries)
RESEND_FROM_CLIENT = Limit("resend/client", (Window(20, HOUR),), TooManyTries)
# The minute is the cooldown that a frontend counts down beside its button.
RESEND_OF_EMAIL = Limit("resend/email", (Window(1, MINUTE), Window(5, DAY)), TooManyTries)
RESET_FROM_CLIENT = Limit("reset/client", (Window(20, HOUR),), TooManyTries)
RESET_OF_EMAIL = Limit("reset/email", (Window(1, MINUTE), Window(5, DAY)), TooManyTries)
# Mobile operators put thousands of honest customers behind an address: this only stops floods,
# guessing at one login is stopped by the next two.
SIGN_IN_FROM_CLIENT = Limit(
    "sign-in/client", (Window(60, 15 * MINUTE), Window(600, DAY)), TooManyTries
)
SIGN_IN = Limit("sign-in/email", _GROWING, TooManyTries)
# Three free tries an hour; the fourth costs a captcha, as robots don't forget passwords.
SIGN_IN_WITHOUT_CAPTCHA = Limit("sign-in/email", (Window(3, HOUR), *_GROWING), TooManyTries)
# Whoever found an open browser must not guess the password that changes all.
OLD_PASSWORD = Limit("old-password/user", _GROWING, TooManyTries)
EMAIL_CHANGE_FROM_CLIENT = Limit("email-change/client", (Window(10, DAY),), TooManyTries)
# Two mails each time, one of them to a stranger perhaps.
EMAIL_CHANGE_OF_USER = Limit("email-change/user", (Window(3, HOUR), Window(5, DAY)), TooManyTries)
# A picture and a recording cost some ten milliseconds of a core.
CAPTCHA_FROM_CLIENT = Limit(
    "captcha/client", (Window(30, 10 * MINUTE), Window(300, DAY)), TooManyTries
)
