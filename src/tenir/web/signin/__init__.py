"""Coming in: allauth's sign-in as this desk uses it, and the link by which somebody invited joins.

Nobody opens an account by themself; whoever is invited chooses a password or a passkey, once.
"""
