"""A mark leads back to its case, and nobody without the key makes one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenir.channels.email.wires.tokens import new_message_id, read_token, reply_address

KEY = b"a key of the desk, long enough"
CASES = st.from_regex(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,22}[a-zA-Z0-9])?", fullmatch=True)


@settings(deadline=None)
@given(CASES)
def test_a_message_id_and_an_address_lead_back_whatever_mail_programs_do_to_the_case(case: str) -> None:
    for mark in (new_message_id(case, key=KEY, domain="example.org"), reply_address("desk@example.org", case, key=KEY)):
        for shown in (mark, mark.upper(), mark.lower(), f"Desk <{mark}>", f"<other@x>\r\n {mark}"):
            found = read_token(shown, key=KEY)
            assert found is not None
            assert found.case == case.lower()


@settings(deadline=None)
@given(CASES, st.integers(min_value=0, max_value=200), st.characters())
def test_a_changed_mark_leads_nowhere_else(case: str, at: int, other: str) -> None:
    mark = reply_address("desk@example.org", case, key=KEY)
    changed = mark[: at % len(mark)] + other + mark[at % len(mark) + 1 :]
    found = read_token(changed, key=KEY)
    assert found is None or found.case == case.lower()


def test_another_key_s_mark_is_none() -> None:
    mark = new_message_id("k7m2qx", key=KEY, domain="example.org")
    assert read_token(mark, key=b"another key, as long as the first") is None
    assert read_token("<abc@example.org>", key=KEY) is None
    assert read_token("", key=KEY) is None


def test_two_marks_of_one_case_differ() -> None:
    one, two = (new_message_id("k7m2qx", key=KEY, domain="example.org") for _ in range(2))
    assert one != two


@pytest.mark.parametrize("case", ["", "a b", "a.b", "é", "a@b", "x" * 30, "a\r\nb", "-a"])
def test_a_word_that_does_not_fit_is_refused(case: str) -> None:
    with pytest.raises(ValueError, match="case"):
        new_message_id(case, key=KEY, domain="example.org")


def test_an_address_that_gets_too_long_and_a_short_key_are_refused() -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        reply_address("d" * 40 + "@example.org", "k7m2qx", key=KEY)
    with pytest.raises(ValueError, match="16 bytes"):
        new_message_id("k7m2qx", key=b"short", domain="example.org")
    with pytest.raises(ValueError, match="not a"):
        new_message_id("k7m2qx", key=KEY, domain="exa mple")
