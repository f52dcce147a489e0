"""Rate limits of registration, sign-in, mails and captchas."""

from typing import NamedTuple

from lk_graphql.guards.rate_limits import DAY, HOUR, MINUTE, AttemptLimit, AttemptWindow

_GROWING = (AttemptWindow(5, 15 * MINUTE), AttemptWindow(10, 3 * HOUR), AttemptWindow(20, DAY))
"""Five failures block for 15 minutes; an attacker gets 20 guesses a day."""

# Mobile operators put thousands of customers behind one address, so limits by network only stop
# floods; those by address and by login stop attacks on one customer.
_FLOOD = (AttemptWindow(60, 15 * MINUTE), AttemptWindow(600, DAY))
# Each registration needs a captcha, and a network gets 300 of them a day.
REGISTER_FROM_CLIENT = AttemptLimit(
    "register/client", (AttemptWindow(60, HOUR), AttemptWindow(300, DAY))
)
# Each registration sends a mail, perhaps to an address of somebody else.
REGISTER_OF_EMAIL = AttemptLimit("register/email", (AttemptWindow(3, HOUR), AttemptWindow(5, DAY)))
RESEND_FROM_CLIENT = AttemptLimit("resend/client", _FLOOD)
# Frontends show the minute as a countdown (`publicSettings.mailCooldownSeconds`).
RESEND_OF_EMAIL = AttemptLimit("resend/email", (AttemptWindow(1, MINUTE), AttemptWindow(5, DAY)))
RESET_FROM_CLIENT = AttemptLimit("reset/client", _FLOOD)
RESET_OF_EMAIL = AttemptLimit("reset/email", (AttemptWindow(1, MINUTE), AttemptWindow(5, DAY)))
SIGN_IN_FROM_CLIENT = AttemptLimit("sign-in/client", _FLOOD)


class PasswordLimits(NamedTuple):
    """Limits of guesses at a password, with a captcha and without; they share their counters."""

    with_captcha: AttemptLimit
    without_captcha: AttemptLimit


def _password_limits(name: str) -> PasswordLimits:
    """Three attempts an hour without a captcha; the fourth requires one."""
    without = (AttemptWindow(3, HOUR), *_GROWING)
    return PasswordLimits(AttemptLimit(name, _GROWING), AttemptLimit(name, without))


class SignInLimits(NamedTuple):
    """Limits of sign-ins: per client, per login, and per known device of a login."""

    from_client: AttemptLimit
    of_login: PasswordLimits
    on_device: PasswordLimits


SIGN_INS = SignInLimits(
    SIGN_IN_FROM_CLIENT, _password_limits("sign-in/email"), _password_limits("sign-in/device")
)
# All members of an office share one address and sign in at the same hour.
STAFF_SIGN_INS = SignInLimits(
    AttemptLimit(
        "staff-sign-in/client",
        (AttemptWindow(60, 15 * MINUTE), AttemptWindow(300, DAY)),
    ),
    _password_limits("staff-sign-in/email"),
    _password_limits("staff-sign-in/device"),
)
# Stops guesses at the current password in a session that was left open.
OLD_PASSWORD = AttemptLimit("old-password/user", _GROWING)
EMAIL_CHANGE_FROM_CLIENT = AttemptLimit("email-change/client", _FLOOD)
# Each request sends two mails, one of them perhaps to an address of somebody else.
EMAIL_CHANGE_OF_USER = AttemptLimit(
    "email-change/user", (AttemptWindow(3, HOUR), AttemptWindow(5, DAY))
)
# Drawing a picture and a recording is expensive.
CAPTCHA_FROM_CLIENT = AttemptLimit(
    "captcha/client", (AttemptWindow(30, 10 * MINUTE), AttemptWindow(300, DAY))
)
