"""People: agents, supervisors and administrators; their teams, skills, languages, presence and chosen public
names.

A person is invited, active or gone; presence is only what is true now and keeps no history, so nobody can be
watched with it. Administrators invite people and change their role, supervisors place them in teams; each
person alone chooses their public name, presence and display.
"""
