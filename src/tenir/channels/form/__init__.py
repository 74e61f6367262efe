"""The public form: anybody writes without an account, and a case is open at once, with its reference.

What a form brings is stored, or its sender is told why not and keeps their words; what looks like a robot's is held
for a person to look at, marked as such, and gets no automatic answer. Only `verbs` writes.
"""
