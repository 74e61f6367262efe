"""The customer's side: the public form, and the page of one's own case by a signed link. No account, no session.

A page speaks the person's language, changes nothing when it is only read, and works without a script.
"""
