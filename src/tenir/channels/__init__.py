"""The roads by which people reach the desk, one folder a channel, the same file names in each.

A channel reads what arrives and writes what leaves; it holds no state of its own.
Only the verbs of the rooms below change anything.
"""
