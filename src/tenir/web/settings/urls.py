"""Addresses of the settings, of the letters without a case and of the first run."""

from django.urls import path

from tenir.web.settings import connecting, first_run, letters, mailboxes, views

urlpatterns = [
    path("settings/", views.organisation, name="settings"),
    path("settings/categories/", views.categories, name="categories"),
    path("settings/categories/<int:category>/name/", views.rename_category, name="category-name"),
    path("settings/categories/<int:category>/removal/", views.remove_category, name="category-removal"),
    path("settings/undelivered/", views.undelivered, name="undelivered"),
    path("settings/undelivered/<int:task>/retry/", views.retry, name="task-retry"),
    path("settings/health/", views.health, name="health"),
    path("settings/mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("settings/mailboxes/new/", mailboxes.new, name="new-mailbox"),
    path("settings/mailboxes/<int:mailbox>/", mailboxes.edit, name="mailbox"),
    path("settings/mailboxes/<int:mailbox>/oauth/", connecting.connect, name="mailbox-oauth"),
    path("settings/mailboxes/<int:mailbox>/oauth/back/", connecting.come_back, name="mailbox-oauth-back"),
    path("settings/mailboxes/<int:mailbox>/oauth/device/", connecting.device, name="mailbox-oauth-device"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<int:mail>/", letters.letter, name="letter"),
    path("letters/<int:mail>/raw/", letters.raw, name="letter-raw"),
    path("letters/<int:mail>/case/", letters.make_case, name="letter-case"),
    path("first-run/", first_run.first_run, name="first-run"),
    path("first-run/mailbox/", first_run.mailbox, name="first-run-mailbox"),
    path("first-run/ready/", first_run.ready, name="first-run-ready"),
]
