"""Captchas, as a picture and as a recording."""

from lk_graphql.ports.captcha.challenge import (
    Captchas,
    Challenge,
    FixedCaptchas,
    GeneratedCaptchas,
    normalize,
)

__all__ = ["Captchas", "Challenge", "FixedCaptchas", "GeneratedCaptchas", "normalize"]
