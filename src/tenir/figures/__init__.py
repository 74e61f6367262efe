"""What became of what the desk promised, in figures: never of one person, never a duration without an ending.

It has no tables of its own and changes nothing: everything is counted from the promises when somebody looks, among the
cases that they may see.
"""
