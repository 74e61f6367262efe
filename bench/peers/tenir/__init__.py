"""Tenir as one of the compared desks: loading the common corpus, its pages, its mail road."""
