"""Addresses of reviews and of what they change."""

from django.urls import path

from tenir.web.reviews import changes, views

urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<int:review>/", views.review, name="review"),
    path("reviews/<int:review>/reviewer/", views.take, name="review-reviewer"),
    path("reviews/<int:review>/finding/", views.find, name="review-finding"),
    path("reviews/<int:review>/improvement/", views.change_something, name="review-improvement"),
    path("improvements/", changes.improvements, name="improvements"),
    path("improvements/<int:improvement>/", changes.improvement, name="improvement"),
    path("improvements/<int:improvement>/doing/", changes.finish, name="improvement-doing"),
    path("improvements/<int:improvement>/publication/", changes.publish, name="improvement-publication"),
    path("improvements/<int:improvement>/publication/removal/", changes.take_back, name="improvement-take-back"),
    path("changes/", changes.published, name="changes"),
]
