"""The agents' screens of promises: what a case owes, making and changing a promise."""
