"""Work to do later and letters to the outside: rows claimed by compare-and-set, retried with back-off, never lost.

A task is waiting, done, dead (given up, visible, with its reason) or withdrawn. Rooms add tasks inside their own
transactions with `verbs.plan`; only the worker claims and ends them.
"""
