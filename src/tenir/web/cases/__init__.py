"""The pages of cases: lists, the case itself, and every change to it, one address a noun."""
