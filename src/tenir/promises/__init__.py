"""What the desk owes, to whom and by when: every delivery, call back, answer and standing promise in one ledger.

A promise is open until it is delivered (we say so) and kept (the customer says so, or for an answer the record does),
partly kept, left unconfirmed, broken or withdrawn; a new date never hides the first one. Whoever sees its case may
change it through the verbs, the customer confirms on their page, and each change is in the ledger.
"""
