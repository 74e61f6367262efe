"""The case, from the first words to its ending: contacts, messages, attachments, owner, search.

A case is waiting (nobody's yet), open (somebody's), waiting for the customer, or ended; words from the customer reopen
it. Agents change it through the verbs, the customer through their page or by writing, and each change is in the ledger.
"""
