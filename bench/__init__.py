"""Measurements, each beside its bare limit."""
