"""Rows, requests and files for the first paragraph of a test."""
