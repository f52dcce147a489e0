"""Captchas: a picture for those who see, a recording for those who don't."""

from lk_graphql.ports.captcha.challenge import (
    Captchas,
    Challenge,
    DrawnCaptchas,
    KnownCaptchas,
    as_typed,
)

__all__ = ["Captchas", "Challenge", "DrawnCaptchas", "KnownCaptchas", "as_typed"]
