"""Live: the ledger's events, told to the browsers of signed-in agents as they are committed (server-sent events).

A client is at the door, catching up, listening or cut; whatever cut it, it comes back and resumes where it was.
Nothing is changed here: the room reads the ledger and the sessions, and asks the rooms above (`rules`) who may know.
"""
