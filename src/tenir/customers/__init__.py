"""Customers: who they are, the ways to reach them, their language and preferences, subscriptions, consent and
notes.

A customer is known or merged into another (which can be undone). Agents change them through the verbs; a
customer corrects their own details from their page. There is no score, no label and no health information, by
design.
"""
