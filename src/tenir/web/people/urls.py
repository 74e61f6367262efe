"""Addresses of oneself, of colleagues and of teams."""

from django.urls import path

from tenir.web.people import me, teams, views

urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/look/", me.look, name="my-look"),
    path("me/name/", me.name, name="my-name"),
    path("me/signatures/", me.signatures, name="my-signatures"),
    path("me/skills/", me.skills, name="my-skills"),
    path("account/sessions/", me.sessions, name="usersessions_list"),
    path("account/sessions/<int:session>/ending/", me.end_session, name="session-ending"),
    path("account/sessions/others/ending/", me.end_other_sessions, name="other-sessions-ending"),
    path("people/", views.people, name="people"),
    path("people/invitations/", views.invite, name="invitations"),
    path("people/<int:person>/", views.person, name="person"),
    path("people/<int:person>/invitations/", views.invite_again, name="person-invitations"),
    path("people/<int:person>/role/", views.role, name="person-role"),
    path("people/<int:person>/name/", views.rename, name="person-name"),
    path("people/<int:person>/public-name/removal/", views.clear_public_name, name="public-name-removal"),
    path("people/<int:person>/skills/", views.skills, name="person-skills"),
    path("people/<int:person>/departure/", views.deactivate, name="person-departure"),
    path("people/<int:person>/return/", views.reactivate, name="person-return"),
    path("people/<int:person>/identity/", views.write_identity, name="person-identity"),
    path("people/<int:person>/identity/readings/", views.read_identity, name="person-identity-readings"),
    path("teams/", teams.create, name="teams"),
    path("teams/<int:team>/", teams.team, name="team"),
    path("teams/<int:team>/name/", teams.rename, name="team-name"),
    path("teams/<int:team>/privacy/", teams.privacy, name="team-privacy"),
    path("teams/<int:team>/signatures/", teams.signatures, name="team-signatures"),
    path("teams/<int:team>/members/", teams.add, name="team-members"),
    path("teams/<int:team>/members/<int:person>/removal/", teams.remove, name="team-member-removal"),
]
