"""Captchas: a picture for those who see, a recording for those who don't."""

from lk_graphql.ports.captcha.challenge import (
    Captchas,
    Challenge,
    FixedCaptchas,
    GeneratedCaptchas,
    normalize,
)

__all__ = ["Captchas", "Challenge", "FixedCaptchas", "GeneratedCaptchas", "normalize"]
