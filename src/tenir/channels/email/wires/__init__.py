"""The connections to mailboxes and senders, and the shape of what leaves: no table, no setting, no clock of its own.

`imap` reads mailboxes, `smtp` hands letters over, `oauth` keeps the tokens that both may need, `compose` writes a
letter as bytes. They hold no state beyond an open connection; the roads beside them (receiving, sending) decide and
store.
"""
