"""The ledger: an append-only table of typed events, its one writer (`record`) and its readers.

An event is written in the same transaction as the change that it tells of, so neither exists without the other.
Nobody may change or delete an event: the database itself refuses. The room also keeps raw input and attachments as
content-addressed files, because they are facts as received.
"""
