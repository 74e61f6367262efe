"""Every component of the screens on a few pages, with invented people: for looking, for screenshots and for tests.

Shown only while developing or in the demonstration (`settings.DEBUG` or `settings.DEMO`); elsewhere its
addresses do not exist. It reads and writes no table.
"""
