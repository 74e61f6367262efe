"""Who may see what; drafts, sights and saved lists."""

import pytest

from tenir.cases import verbs
from tenir.cases.access import (
    attachment_for,
    case_for,
    may_see,
    message_for,
    others_here,
    views_for,
    visible_cases,
)
from tenir.cases.errors import NameMissing, NotYours
from tenir.cases.models import Attachment, Case, Draft, Message, Sight
from tenir.cases.tests import scenes
from tenir.cases.tests.scenes import minutes
from tenir.people.tests.scenes import MONDAY, alix, amina, bruno, chloe, denise, outsider, team

pytestmark = pytest.mark.django_db


def private_case() -> Case:
    """A case of a private team of which only Amina is a member."""
    closed = team("Direction", amina(), is_private=True)
    return scenes.bin_without_lid(team_id=closed.pk, files=[scenes.photo()])


def test_a_reference_is_found_as_people_say_it() -> None:
    case = scenes.bin_without_lid()
    said = str(case)
    for typed in (said, said.lower(), said.replace("-", ""), f" {case.reference[:4]} {case.reference[4:]} "):
        assert case_for(bruno(), typed) == case
    wrong = ("2" if case.reference[0] != "2" else "3") + case.reference[1:]
    for typed in (wrong, "", "T-", "T-AAAA-AAA", "é" * 300):
        with pytest.raises(Case.DoesNotExist):
            case_for(bruno(), typed)


def test_the_reference_of_a_merged_case_leads_to_the_kept_one() -> None:
    kept, other = scenes.bin_without_lid(), scenes.bin_without_lid(key="2")
    verbs.merge(kept=kept, other=other, by=amina(), at=MONDAY)
    assert case_for(bruno(), str(other)) == kept


def test_what_a_private_team_has_does_not_exist_for_others() -> None:
    case = private_case()
    message, file = case.messages.get(), Attachment.objects.get()
    for sees in (amina(), denise(), alix()):
        assert case_for(sees, str(case)) == case
        assert message_for(sees, message.pk) == message
        assert attachment_for(sees, file.pk) == file
        assert may_see(sees, case)
    for blind in (bruno(), outsider()):
        with pytest.raises(Case.DoesNotExist):
            case_for(blind, str(case))
        with pytest.raises(Message.DoesNotExist):
            message_for(blind, message.pk)
        with pytest.raises(Attachment.DoesNotExist):
            attachment_for(blind, file.pk)
        assert not visible_cases(blind).filter(pk=case.pk).exists()
        assert not may_see(blind, case)


def test_open_cases_are_everybodys_but_not_of_who_has_left() -> None:
    case = scenes.bin_without_lid()
    assert list(visible_cases(bruno())) == [case]
    assert not visible_cases(outsider()).exists()
    with pytest.raises(Case.DoesNotExist):
        case_for(outsider(), str(case))
    private_case()
    assert list(visible_cases(bruno())) == [case]


def test_whoever_owns_or_is_offered_a_case_of_a_private_team_sees_it() -> None:
    case = private_case()
    verbs.take(case, by=amina(), at=MONDAY)
    offer = verbs.offer_handover(case, to=bruno(), story="…", by=amina(), at=minutes(1))
    assert case_for(bruno(), str(case)) == case
    verbs.withdraw_handover(offer, by=amina(), at=minutes(2))
    with pytest.raises(Case.DoesNotExist):
        case_for(bruno(), str(case))
    verbs.give(case, to=bruno(), by=denise(), at=minutes(3))
    assert case_for(bruno(), str(case)) == case


def test_a_draft_is_saved_over_itself_and_keeps_what_is_not_given() -> None:
    case = scenes.bin_without_lid()
    files = [["a.pdf", "application/pdf", 3, "ab" * 32]]
    verbs.save_draft(
        case, by=amina(), kind="reply", text="B", at=MONDAY, recipients={"to": ["a@b.c"]}, attachments=files, seen_id=4
    )
    verbs.save_draft(case, by=amina(), kind="reply", text="Bon\x00jour", at=minutes(1))
    draft = Draft.objects.get()
    assert (draft.text, draft.saved_at, draft.seen_id) == ("Bon\ufffdjour", minutes(1), 4)
    assert (draft.recipients, draft.attachments) == ({"to": ["a@b.c"]}, files)
    verbs.discard_draft(case, by=bruno(), kind="reply")
    assert Draft.objects.exists()
    verbs.discard_draft(case, by=amina(), kind="reply")
    assert not Draft.objects.exists()
    with pytest.raises(ValueError, match="inbound"):
        verbs.save_draft(case, by=amina(), kind="inbound", text="", at=MONDAY)


def test_a_draft_written_while_its_case_was_merged_is_in_the_kept_case() -> None:
    kept, other = scenes.bin_without_lid(), scenes.bin_without_lid(key="2")
    verbs.merge(kept=kept, other=other, by=amina(), at=MONDAY)
    assert verbs.save_draft(other, by=bruno(), kind="reply", text="Bonjour", at=minutes(1)).case == kept


def test_others_on_the_case_are_seen_for_forty_seconds() -> None:
    case = scenes.bin_without_lid()
    verbs.see(case, by=bruno(), at=MONDAY, up_to=7, writing=True)
    verbs.see(case, by=chloe(), at=minutes(0.5), up_to=3)
    assert others_here(case, but=amina(), at=minutes(0.6)) == [(bruno(), True), (chloe(), False)]
    assert others_here(case, but=bruno(), at=minutes(1)) == [(chloe(), False)]
    verbs.see(case, by=bruno(), at=minutes(2), up_to=5)
    assert Sight.objects.get(agent=bruno()).message_id == 7
    verbs.go_away(case, by=bruno(), at=minutes(2))
    assert others_here(case, but=amina(), at=minutes(2)) == []


def test_a_saved_list_is_ones_own_or_a_teams() -> None:
    bins = team("Bacs", amina(), bruno())
    own = verbs.save_view(name="  Mes   Anglais ", filters={"language": "en", "tag": ""}, by=amina())
    shared = verbs.save_view(name="Bacs en attente", filters={"state": "waiting"}, by=amina(), team=bins)
    assert (own.name, own.filters) == ("Mes Anglais", {"language": "en"})
    assert list(views_for(amina())) == [shared, own]
    assert list(views_for(bruno())) == [shared]
    assert list(views_for(chloe())) == []
    assert not verbs.delete_view(shared, by=bruno())
    assert verbs.delete_view(shared, by=amina())
    with pytest.raises(NotYours):
        verbs.save_view(name="x", filters={}, by=chloe(), team=bins)
    with pytest.raises(NameMissing):
        verbs.save_view(name=" ", filters={}, by=amina())
    with pytest.raises(ValueError, match="sql"):
        verbs.save_view(name="x", filters={"sql": "1"}, by=amina())
