"""What a stranger, a customer or a colleague might try. `docs/security.md` says which test proves which line."""
