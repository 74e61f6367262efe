"""Shared causes: the list, one cause with its cases, the move that fixes it for everybody, and what seems to emerge."""
