"""The other side of the demonstration: the invented customers' own mailboxes, and the one-time doors into the desk.

Letters are files of a maildir under the demonstration's data folder; nothing of it exists outside a demonstration.
Only the demonstration's mail server and these pages write there.
"""
