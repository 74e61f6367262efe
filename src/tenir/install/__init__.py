"""How a desk is installed and kept alive: settings, the `tenir` command, its processes, backup and first run.

It has no states of its own: what it knows is in the settings and in the other rooms.
Only the person who administers the machine, through the command line and the settings file, changes anything here.
"""
