"""The work on which other desks were measured, run against this one (docs/bench.md)."""
