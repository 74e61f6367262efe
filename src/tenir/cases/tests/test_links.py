"""The customer's link: what it opens, and everything that it does not."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from tenir.cases import verbs
from tenir.cases.links import LinkExpired, LinkUnknown, customer_token, customer_url, read_customer_token
from tenir.cases.models import Case
from tenir.cases.tests import scenes
from tenir.customers import verbs as customers
from tenir.people.tests.scenes import MONDAY, denise

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_leads_to_its_case_and_customer() -> None:
    case = scenes.bin_without_lid()
    assert read_customer_token(customer_token(case)) == (case, case.customer)
    assert customer_url(case).startswith(f"{settings.BASE_URL}/c/")


def test_a_link_opens_for_so_many_days() -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = scenes.bin_without_lid()
        token = customer_token(case)
    with time_machine.travel(MONDAY + timedelta(days=settings.CUSTOMER_LINK_DAYS), tick=False):
        assert read_customer_token(token) == (case, case.customer)
    with (
        time_machine.travel(MONDAY + timedelta(days=settings.CUSTOMER_LINK_DAYS, seconds=1), tick=False),
        pytest.raises(LinkExpired) as expired,
    ):
        read_customer_token(token)
    assert (expired.value.case, expired.value.customer) == (case, case.customer)


def test_no_sign_of_a_link_can_be_changed() -> None:
    case, other = scenes.bin_without_lid(), scenes.bin_without_lid(who=scenes.customer("Claire Petit"))
    token, its = customer_token(case), customer_token(other)
    parts, other_parts = token.split("."), its.split(".")
    tried = {
        "", ".", "..", "x", "é", "\x00", token + "A", token[1:], token * 5, f"{case.pk}", f"[{case.pk}]",
        ".".join([other_parts[0], *parts[1:]]),
        ".".join([parts[0], other_parts[1], parts[2] + "A"]),
        ".".join([*other_parts[:2], parts[2]]),
        *(token[:n] + sign + token[n + 1 :] for n in range(len(token)) for sign in "Ab0.-" if token[n] != sign),
    }  # fmt: skip
    opened = set()
    for one in tried:
        try:
            opened.add(read_customer_token(one))
        except LinkUnknown:
            continue
    # The last sign of a signature holds fewer bits than it could: its neighbours may be read as the same.
    assert opened <= {(case, case.customer)}
    assert not any(read_or_none(one) == (other, other.customer) for one in tried)


def read_or_none(token: str) -> object:
    try:
        return read_customer_token(token)
    except LinkUnknown:
        return None


def test_a_link_follows_a_merge_of_cases() -> None:
    gone, kept = scenes.bin_without_lid(), scenes.bin_without_lid(subject="Le même bac")
    token = customer_token(gone)
    verbs.merge(kept=kept, other=gone, by=denise(), at=scenes.minutes(5))
    assert read_customer_token(token)[0] == kept


def test_a_link_follows_a_merge_of_customers() -> None:
    case = scenes.bin_without_lid()
    token = customer_token(case)
    twin = scenes.customer("Émilie Durand")
    customers.merge(twin, gone=case.customer, by=denise(), at=scenes.minutes(5))
    assert read_customer_token(token) == (Case.objects.get(pk=case.pk), twin)


def test_a_link_opens_nothing_once_the_case_is_somebody_else_s() -> None:
    case = scenes.bin_without_lid()
    token = customer_token(case)
    verbs.change_customer(case, customer=scenes.customer("Claire Petit"), by=denise(), at=scenes.minutes(5))
    with pytest.raises(LinkUnknown):
        read_customer_token(token)


def test_a_link_opens_nothing_once_its_case_was_merged_into_somebody_else_s() -> None:
    mine, theirs = scenes.bin_without_lid(), scenes.bin_without_lid(who=scenes.customer("Claire Petit"))
    token = customer_token(mine)
    verbs.merge(kept=theirs, other=mine, by=denise(), at=scenes.minutes(5))
    with pytest.raises(LinkUnknown):
        read_customer_token(token)
