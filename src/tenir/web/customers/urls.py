"""Addresses of customers."""

from django.urls import path

from tenir.web.customers import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/new/", views.new_customer, name="new-customer"),
    path("customers/import/", views.import_subscriptions, name="subscription-import"),
    path("customers/phone/", views.check_phone, name="phone-check"),
    path("customers/<int:customer>/", views.customer, name="customer"),
    path("customers/<int:customer>/details/", views.details, name="customer-details"),
    path("customers/<int:customer>/reaches/", views.add_reach, name="reaches"),
    path("customers/<int:customer>/notes/", views.add_note, name="customer-notes"),
    path("customers/<int:customer>/consents/", views.give_consent, name="consents"),
    path("customers/<int:customer>/merge/", views.merge, name="customer-merge"),
    path("reaches/<int:reach>/", views.correct_reach, name="reach"),
    path("reaches/<int:reach>/removal/", views.remove_reach, name="reach-removal"),
    path("notes/<int:note>/striking/", views.strike_note, name="note-striking"),
    path("consents/<int:consent>/withdrawal/", views.withdraw_consent, name="consent-withdrawal"),
    path("customer-merges/<int:merge>/undoing/", views.undo_merge, name="customer-merge-undo"),
]
