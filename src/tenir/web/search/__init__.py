"""Search, and the palette that is called from anywhere."""
