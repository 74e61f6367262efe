"""Template tags of the screens: `{% load look %}`."""
