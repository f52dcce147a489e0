"""Limits on tries of registration, sign-in, mails and captchas."""

from lk_graphql.guards.rate_limits import DAY, HOUR, MINUTE, AttemptLimit, AttemptWindow
from lk_graphql.identity.errors import TooManyTries

_GROWING = (AttemptWindow(5, 15 * MINUTE), AttemptWindow(10, 3 * HOUR), AttemptWindow(20, DAY))
"""Five slips of the memory wait a quarter of an hour, a machine gets twenty guesses a day."""

# A family or a small office behind one address registers in one evening; a robot does no more.
REGISTER_FROM_CLIENT = AttemptLimit(
    "register/client", (AttemptWindow(10, HOUR), AttemptWindow(30, DAY)), TooManyTries
)
# A mail each time, to somebody who may never have asked for it.
REGISTER_OF_EMAIL = AttemptLimit(
    "register/email", (AttemptWindow(3, HOUR), AttemptWindow(5, DAY)), TooManyTries
)
RESEND_FROM_CLIENT = AttemptLimit("resend/client", (AttemptWindow(20, HOUR),), TooManyTries)
# The minute is the cooldown that a frontend counts down beside its button.
RESEND_OF_EMAIL = AttemptLimit(
    "resend/email", (AttemptWindow(1, MINUTE), AttemptWindow(5, DAY)), TooManyTries
)
RESET_FROM_CLIENT = AttemptLimit("reset/client", (AttemptWindow(20, HOUR),), TooManyTries)
RESET_OF_EMAIL = AttemptLimit(
    "reset/email", (AttemptWindow(1, MINUTE), AttemptWindow(5, DAY)), TooManyTries
)
# Mobile operators put thousands of honest customers behind an address: this only stops floods,
# guessing at one login is stopped by the next two.
SIGN_IN_FROM_CLIENT = AttemptLimit(
    "sign-in/client", (AttemptWindow(60, 15 * MINUTE), AttemptWindow(600, DAY)), TooManyTries
)
SIGN_IN = AttemptLimit("sign-in/email", _GROWING, TooManyTries)
# Three free tries an hour; the fourth costs a captcha, as robots don't forget passwords.
SIGN_IN_WITHOUT_CAPTCHA = AttemptLimit(
    "sign-in/email", (AttemptWindow(3, HOUR), *_GROWING), TooManyTries
)
# Whoever found an open browser must not guess the password that changes all.
OLD_PASSWORD = AttemptLimit("old-password/user", _GROWING, TooManyTries)
EMAIL_CHANGE_FROM_CLIENT = AttemptLimit(
    "email-change/client", (AttemptWindow(10, DAY),), TooManyTries
)
# Two mails each time, one of them to a stranger perhaps.
EMAIL_CHANGE_OF_USER = AttemptLimit(
    "email-change/user", (AttemptWindow(3, HOUR), AttemptWindow(5, DAY)), TooManyTries
)
# A picture and a recording cost some ten milliseconds of a core.
CAPTCHA_FROM_CLIENT = AttemptLimit(
    "captcha/client", (AttemptWindow(30, 10 * MINUTE), AttemptWindow(300, DAY)), TooManyTries
)
