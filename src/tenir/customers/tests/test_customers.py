"""Who customers are and how they are reached: senders, corrections, notes, consent, likenesses."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from tenir.customers import access, errors, presenters, verbs
from tenir.customers.models import Customer, Note, Reach
from tenir.customers.names import name_key, postal_code
from tenir.customers.tests.scenes import EMILE, emile, subscribes, telephone, told, writes
from tenir.ledger.events import SYSTEM, registry
from tenir.ledger.models import Event
from tenir.people.rights import NotAllowed
from tenir.people.tests.scenes import MONDAY, alix, amina, bruno, denise, outsider

pytestmark = pytest.mark.django_db


# --- Senders -------------------------------------------------------------------------------------------------


def test_whoever_writes_first_is_added_and_known_afterwards() -> None:
    first = verbs.find_or_add(f" <{EMILE.upper()}> ", name="Émile  Lambert", language="fr", at=MONDAY)
    again = verbs.find_or_add(EMILE, name="E. L.", at=MONDAY)
    assert again == first
    assert (first.name, first.language, again.name) == ("Émile Lambert", "fr", "Émile Lambert")
    assert Reach.objects.get().value == EMILE
    event = Event.objects.get()
    assert (event.name, event.actor_kind, event.actor_id) == ("customer_added", "customer", first.pk)


def test_a_known_sender_is_one_query(django_assert_num_queries: object) -> None:
    emile()
    with django_assert_num_queries(1):  # type: ignore[operator]
        verbs.find_or_add(EMILE, name="Émile Lambert", at=MONDAY)


def test_a_name_is_learnt_once_and_an_address_is_no_name() -> None:
    customer = writes(EMILE, name=EMILE.upper())
    assert customer.name == ""
    assert writes(EMILE, name="Émile").name == "Émile"
    assert writes(EMILE, name="Somebody else").name == "Émile"
    assert told(customer) == ["customer_added", "customer_renamed"]


@pytest.mark.parametrize("address", ["", "not an address", "a" * 400 + "@x.example", "é@ü.example", "x\u202e@y"])
def test_a_strange_sender_is_a_customer_too(address: str) -> None:
    assert writes(address) == writes(address)


def test_find_or_add_works_inside_the_transaction_of_a_verb_and_disappears_with_it() -> None:
    def interrupted() -> None:
        with transaction.atomic():
            emile()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert not Customer.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_new_sender_twice_at_once_is_one_customer() -> None:
    count = 8
    gate = threading.Barrier(count)
    found: list[int] = []

    def receive() -> None:
        try:
            gate.wait()
            with transaction.atomic():
                found.append(verbs.find_or_add("new@courriel.example", name="New", at=MONDAY).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=receive) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == count
    assert len(set(found)) == 1
    assert Customer.objects.count() == Reach.objects.count() == 1
    assert Event.objects.filter(name="customer_added").count() == 1


def test_the_database_itself_refuses_one_address_for_two_customers() -> None:
    customer, other = emile(), writes("zoe@courriel.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reach.objects.create(customer=other, kind="email", value=EMILE, shown=EMILE, created_at=MONDAY)
    assert access.by_address(EMILE) == customer


# --- Ways to reach -------------------------------------------------------------------------------------------


def test_a_number_is_stored_once_whatever_its_writing() -> None:
    customer = emile()
    reach = telephone(customer, "06.12.34.56.78")
    assert (reach.value, reach.shown) == ("+33612345678", "06 12 34 56 78")
    with pytest.raises(errors.AlreadyTheirs):
        telephone(customer, "+33 6 12 34 56 78")
    assert access.by_phone("0033 6 12 34 56 78") == [customer]
    assert access.by_phone("06 12 34") == []
    assert "33612345678" not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_mistyped_number_is_refused_with_what_is_missing() -> None:
    with pytest.raises(errors.NotAPhone) as refused, translation.override("en"):
        telephone(emile(), "06 12 34 56")
    with translation.override("en"):
        assert "2 are missing" in str(refused.value)


def test_a_household_shares_a_number_and_the_others_are_offered() -> None:
    husband, wife = emile(), writes("lea@courriel.example", "Léa Lambert")
    telephone(husband)
    reach = telephone(wife, "0612345678")
    assert access.sharing(reach) == [husband]
    (likeness,) = access.duplicates(wife)
    assert likeness.customer == husband
    with translation.override("fr"):
        assert "06 12 34 56 78" in access.duplicates(wife)[0].reasons[0]


def test_an_address_of_another_is_refused_and_the_other_named_for_a_merge() -> None:
    owner, other = emile(), writes("zoe@courriel.example")
    with pytest.raises(errors.AddressOfAnother) as refused:
        verbs.add_reach(other, kind="email", text=EMILE, by=amina(), at=MONDAY)
    assert refused.value.other == owner.pk
    with pytest.raises(errors.NotAnAddress):
        verbs.add_reach(other, kind="email", text="zoe@", by=amina(), at=MONDAY)


def test_a_number_is_corrected_and_removed() -> None:
    customer = emile()
    reach = telephone(customer, "06 12 34 56 87")
    verbs.correct_reach(reach, text="06 12 34 56 78 poste 4", by=amina(), at=MONDAY)
    verbs.correct_reach(reach, text="0612345678 poste 4", by=amina(), at=MONDAY)
    assert (reach.value, reach.extension) == ("+33612345678", "4")
    verbs.remove_reach(reach, by=amina(), at=MONDAY)
    assert told(customer) == ["customer_added", "reach_added", "reach_corrected", "reach_removed"]
    assert access.by_phone("0612345678") == []


def test_a_bounce_marks_the_address_until_a_letter_comes_from_it() -> None:
    customer = emile()
    with transaction.atomic():
        verbs.mark_bounced(EMILE.title(), by=SYSTEM, at=MONDAY)
        verbs.mark_bounced(EMILE, by=SYSTEM, at=MONDAY)
        assert verbs.mark_bounced("nobody@courriel.example", by=SYSTEM, at=MONDAY) is None
    with translation.override("en"):
        assert presenters.aside_of(access.known(customer)).rows[0].warning == "letters come back from here"
    with transaction.atomic():
        verbs.mark_answering(EMILE, by=SYSTEM, at=MONDAY)
    assert Reach.objects.get().bounced_at is None
    assert told(customer) == ["customer_added", "reach_bounced", "reach_answers_again"]


# --- What they prefer, and what they correct themselves --------------------------------------------------------


def test_language_of_contact_product_and_country_are_three_things() -> None:
    customer = emile()
    choices = {"language": "FR", "product_language": "en", "country": "be"}
    verbs.set_language(customer, choices=choices, by=amina(), at=MONDAY)
    assert (customer.language, customer.product_language, customer.country) == ("fr", "en", "BE")
    for wrong in ({"language": "français"}, {"country": "B1"}, {"name": "fr"}):
        with pytest.raises(errors.NotAChoice):
            verbs.set_language(customer, choices=wrong, by=amina(), at=MONDAY)


def test_preferences_are_what_is_asked_and_never_why() -> None:
    customer = emile()
    choices = {"prefers_pace": "slow", "prefers_hours": "avant midi", "prefers_channel": "letter"}
    verbs.set_preferences(customer, choices=choices, by=amina(), at=MONDAY)
    assert (customer.prefers_pace, customer.prefers_hours) == ("slow", "avant midi")
    event = Event.objects.get(name="preferences_set")
    assert sorted(event.data["fields"]) == ["prefers_channel", "prefers_hours", "prefers_pace"]
    assert "slow" not in str(event.data)
    with pytest.raises(errors.NotAChoice):
        verbs.set_preferences(customer, choices={"prefers_pace": "deaf"}, by=amina(), at=MONDAY)
    with translation.override("en"):
        texts = [row.text for row in presenters.aside_of(access.known(customer)).rows]
    assert "prefers slow speech" in texts
    assert "avant midi" in texts


def test_a_customer_corrects_their_own_details_at_once() -> None:
    customer = emile()
    telephone(customer, "06 12 34 56 87")
    details = verbs.Details(
        name="Émile Lambert-Roy",
        postal_address="3 rue des Bacs\n\n 69001  Lyon ",
        phones=("06 12 34 56 78", " "),
        prefers_pace="writing",
    )
    verbs.correct_details(customer, details=details, by=customer, at=MONDAY)
    kept = Customer.objects.get(pk=customer.pk)
    assert (kept.name, kept.postal_address) == ("Émile Lambert-Roy", "3 rue des Bacs\n69001 Lyon")
    assert [reach.shown for reach in kept.reaches.filter(kind="phone")] == ["06 12 34 56 78"]
    assert Event.objects.filter(name="customer_renamed").get().actor_kind == "customer"
    before = Event.objects.count()
    verbs.correct_details(customer, details=details, by=customer, at=MONDAY)
    assert Event.objects.count() == before


def test_one_wrong_correction_leaves_all_as_it_was() -> None:
    customer = emile()
    details = verbs.Details(name="Changed", phones=("06 12",))
    with pytest.raises(errors.NotAPhone):
        verbs.correct_details(customer, details=details, by=customer, at=MONDAY)
    assert Customer.objects.get(pk=customer.pk).name == "Émile Lambert"


def test_a_customer_touches_only_their_own_record_and_types_no_address() -> None:
    customer, other = emile(), writes("zoe@courriel.example")
    with pytest.raises(NotAllowed):
        verbs.rename(other, name="Mine", by=customer, at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.remove_reach(other.reaches.get(), by=customer, at=MONDAY)
    with pytest.raises(errors.NotTheirs):
        verbs.add_reach(customer, kind="email", text="free@courriel.example", by=customer, at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.add_note(customer, text="I am nice", by=customer, at=MONDAY)
    with pytest.raises(NotAllowed):
        verbs.merge(customer, gone=other, by=customer, at=MONDAY)


def test_an_outsider_sees_and_changes_nothing() -> None:
    customer = emile()
    for attempt in (
        lambda: access.customer_for(outsider(), customer.pk),
        lambda: access.customer_for(None, customer.pk),
        lambda: verbs.rename(customer, name="X", by=outsider(), at=MONDAY),
        lambda: verbs.add_note(customer, text="X", by=outsider(), at=MONDAY),
        lambda: verbs.add_customer(name="X", by=outsider(), at=MONDAY),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    with pytest.raises(NotAllowed):
        access.customer_for(amina(), 999_999)
    assert access.customer_for(amina(), customer.pk) == customer


# --- Notes and consent -----------------------------------------------------------------------------------------


def test_a_note_is_added_and_struck_with_its_words_erased() -> None:
    customer = emile()
    note = verbs.add_note(customer, text=" A appelé trois fois. ", by=amina(), at=MONDAY)
    assert note.text == "A appelé trois fois."
    with pytest.raises(NotAllowed):
        verbs.strike_note(note, by=bruno(), at=MONDAY)
    verbs.strike_note(note, by=amina(), at=MONDAY)
    kept = Note.objects.get()
    assert (kept.text, kept.struck_at) == ("", MONDAY)
    other = verbs.add_note(customer, text="Fait", by=bruno(), at=MONDAY)
    verbs.strike_note(other, by=denise(), at=MONDAY)
    assert access.known(customer).notes == []
    assert "appelé" not in str(list(Event.objects.values_list("data", flat=True)))
    with pytest.raises(errors.NothingGiven):
        verbs.add_note(customer, text=" \n ", by=amina(), at=MONDAY)


def test_consent_is_given_and_withdrawn_by_the_customer_or_an_agent() -> None:
    customer = emile()
    consent = verbs.give_consent(customer, purpose="newsletter", how="on the phone", by=amina(), at=MONDAY)
    verbs.withdraw_consent(consent, by=customer, at=MONDAY)
    verbs.withdraw_consent(consent, by=amina(), at=MONDAY)
    assert told(customer) == ["customer_added", "consent_given", "consent_withdrawn"]


# --- Beside a case -----------------------------------------------------------------------------------------------


def test_the_same_name_at_the_same_postal_code_is_offered() -> None:
    customer, twin, far = (
        emile(),
        writes("lambert@autre.example", "LAMBERT, Emile"),
        writes("x@y.example", "Émile Lambert"),
    )
    for who, place in ((customer, "69001 Lyon"), (twin, "2 quai\n69001 LYON"), (far, "75011 Paris")):
        verbs.set_postal_address(who, text=place, by=amina(), at=MONDAY)
    assert [likeness.customer for likeness in access.duplicates(customer)] == [twin]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Émile Durand", "DURAND, Emile"), ("M. Émile Durand", "emile durand"), ("Cœur", "COEUR"), ("", "M.")],
)
def test_names_compare_without_accents_titles_or_order(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_postal_codes() -> None:
    assert postal_code("3 rue X\n69001 Lyon") == "69001"
    assert postal_code("10 Downing St\nSW1A 2AA London") == "SW1A2AA"
    assert postal_code("rue 123456") == ""


def test_the_aside_tells_who_the_person_is(django_assert_max_num_queries: object) -> None:
    customer = emile()
    telephone(customer)
    subscription = subscribes(customer)
    subscription.plan, subscription.since = "week-end", MONDAY.date()
    subscription.save()
    verbs.add_note(customer, text="Rappelé le 2 mars.", by=amina(), at=MONDAY)
    with django_assert_max_num_queries(7), translation.override("fr"):  # type: ignore[operator]
        aside = presenters.aside_of(access.known(customer))
    assert aside.title == "Émile Lambert"
    assert [(row.kind, row.text, row.link) for row in aside.rows[:2]] == [
        ("email", EMILE, f"mailto:{EMILE}"),
        ("phone", "06 12 34 56 78", "tel:+33612345678"),
    ]
    assert aside.rows[1].hint.startswith("zéro six")
    assert aside.subscriptions[0].text == "Le Matin, week-end · actif depuis le 2 mars 2026"
    assert (aside.notes[0].label, aside.notes[0].text) == ("2 mars 2026, Amina", "Rappelé le 2 mars.")


def test_somebody_without_a_name_has_a_title() -> None:
    customer = writes("x@y.example")
    assert presenters.aside_of(access.known(customer)).title == "x@y.example"


def test_every_event_of_the_customers_speaks_both_languages() -> None:
    ours = [cls for cls in registry.values() if cls.__module__ == "tenir.customers.events"]
    assert len(ours) >= 18
    for cls in ours:
        for kind in ("email", "phone", "handle"):
            values = {name: kind if name == "kind" else 1 for name in cls.__annotations__}
            fact = cls(**values)  # type: ignore[arg-type]
            with translation.override("en"):
                english = fact.sentence()
            with translation.override("fr"):
                assert fact.sentence() != english, cls.name


def test_a_customer_who_calls_is_added_by_name() -> None:
    customer = verbs.add_customer(name=" Zoé ", language="fr", by=alix(), at=MONDAY)
    assert (customer.name, told(customer)) == ("Zoé", ["customer_added"])
    with pytest.raises(errors.NothingGiven):
        verbs.add_customer(name=" ", by=alix(), at=MONDAY)
