"""The administrators' pages: organisation, mailboxes, categories, what could not be delivered, letters without a case.

Also the first run of an empty desk, which asks the same things in the same way.
"""
