"""What a supervisor looks at again: words that were not kept, endings that nobody confirmed, customers who came back.

A review is open, owed by a date, until it ends as well handled, put right, or something to change; what is to change
is tracked until it is done. Supervisors end reviews through the verbs; nothing here is a mark on a person.
"""
