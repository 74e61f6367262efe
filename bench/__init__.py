"""Benchmarks of Tenir: what a person waits for, each measured beside its bare limit in the same run (docs/bench.md)."""
