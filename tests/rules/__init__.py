"""Tests of rules in force and abilities."""
