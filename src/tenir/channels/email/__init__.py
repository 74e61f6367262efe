"""Mail in both directions.

`parse` reads raw bytes into a value and touches nothing else; receiving and sending are beside it.
Whatever a mail changes is changed by the verbs of the rooms below.
"""
