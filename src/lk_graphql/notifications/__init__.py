"""Telling customers what happened: kinds, channels, quiet hours, the inbox."""
