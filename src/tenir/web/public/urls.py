"""The addresses of the customer's side. Those under /c/ hold a token, which no log shows."""

from django.urls import path

from tenir.web.public import case, charter, contact, page, promises

urlpatterns = [
    path("contact/", contact.contact, name="contact"),
    path("contact/number/", contact.number, name="contact_number"),
    path("contact/sent/<str:receipt>/", contact.sent, name="contact_sent"),
    path("charter/", charter.charter, name="charter"),
    path("c/<str:token>/", case.case, name="customer_page"),
    path("c/<str:token>/reply/", case.reply, name="customer_reply"),
    path("c/<str:token>/solved/", case.solved, name="customer_solved"),
    path("c/<str:token>/not-solved/", case.not_solved, name="customer_not_solved"),
    path("c/<str:token>/callback/", case.callback, name="customer_callback"),
    path("c/<str:token>/details/", case.details, name="customer_details"),
    path("c/<str:token>/files/<int:pk>/", case.file, name="customer_file"),
    path("c/<str:token>/promises/<int:pk>/", promises.promise, name="customer_promise"),
    path("c/<str:token>/promises/<int:pk>/diary.ics", promises.diary, name="customer_promise_diary"),
    path("c/<str:token>/fresh/", page.fresh_link, name="customer_fresh_link"),
]
