"""The figures of what was promised: a picture, its table beside it, and the table as a file."""
