"""Uploads: files that are checked, stored, claimed once and downloaded."""
