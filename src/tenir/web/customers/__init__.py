"""The pages of customers: finding one, knowing them, correcting, noting, merging."""
