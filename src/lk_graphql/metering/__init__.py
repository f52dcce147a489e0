"""Meters, registers and readings («приборы учёта», «показания»)."""
