"""Addresses of the demonstration, all below /demo/, and only there when the desk is one."""

from django.urls import path

from tenir.web.demo import views

urlpatterns = [
    path("enter/<str:token>/", views.enter, name="demo-enter"),
    path("mailbox/", views.people, name="demo-mailbox"),
    path("mailbox/<str:address>/", views.letters, name="demo-letters"),
    path("mailbox/<str:address>/writing/", views.write, name="demo-writing"),
    path("mailbox/<str:address>/<str:key>/", views.letter, name="demo-letter"),
    path("mailbox/<str:address>/<str:key>/files/<int:number>/", views.file, name="demo-file"),
]
