"""Addresses of promises."""

from django.urls import path

from tenir.web.promises import acting, hearing, making, radar

urlpatterns = [
    path("radar/", radar.radar, name="radar"),
    path("cases/<str:reference>/promises/", making.promises, name="promises"),
    path("cases/<str:reference>/hearing/", hearing.hearing, name="hearing"),
    path("promises/date/", making.date, name="promise-date"),
    path("promises/causes/", making.causes, name="promise-causes"),
    path("promises/<int:promise>/delivery/", acting.delivery, name="promise-delivery"),
    path("promises/<int:promise>/date/", acting.new_date, name="promise-new-date"),
    path("promises/<int:promise>/withdrawal/", acting.withdrawal, name="promise-withdrawal"),
    path("promises/<int:promise>/breaking/", acting.breaking, name="promise-breaking"),
    path("promises/<int:promise>/owner/", acting.owner, name="promise-owner"),
    path("promises/<int:promise>/answer/", acting.answer, name="promise-answer"),
    path("promises/<int:promise>/unconfirmed/", acting.unconfirmed, name="promise-unconfirmed"),
]
