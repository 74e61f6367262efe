"""The pages: the agent's and supervisor's, and the customer's. Thin views grouped by noun, rows into templates.

A view obtains objects through a room's `access`, changes them through its `verbs`, and shows its `presenters`' rows.
"""
