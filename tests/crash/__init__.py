"""Every process killed at random, again and again, while mails pour in and replies go out."""
