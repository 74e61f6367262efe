"""What breaks around the desk: it says so in plain words, goes on by itself, and loses nothing."""
