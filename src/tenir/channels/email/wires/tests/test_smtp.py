"""A letter is handed over once, and for every recipient it is known what became of it."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenir.channels.email.wires import smtp
from tenir.channels.email.wires.accounts import OAuth, Password, Security
from tenir.channels.email.wires.smtp import Fate, Outcome, Sender, SmtpAccount, check, send
from tenir.channels.email.wires.tests.scenes import DESK, odd_server, says, sender
from tenir.channels.email.wires.trouble import Trouble
from tests.servers import Certificate, Mode, Smtpd, free_port, smtpd, token_server

EMILE, NINA = "emile@example.test", "nina@example.test"
LETTER = b"From: desk@example.test\r\nMessage-ID: <1@example.test>\r\nSubject: bin\r\n\r\nThe lid is on its way.\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smtpd]:
    with smtpd(tmp_path_factory.mktemp("smtp")) as running:
        yield running


@pytest.fixture(autouse=True)
def calm(request: pytest.FixtureRequest) -> None:
    if "server" in request.fixturenames:
        running: Smtpd = request.getfixturevalue("server")
        running.behave()
        running.clear()


class Leaving:
    """Counts how often the desk was told that the letter is leaving now."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def post(account: SmtpAccount, *people: str, raw: bytes = LETTER, leaving: Leaving | None = None) -> Outcome:
    return send(account, DESK, people or (EMILE,), raw, before_data=leaving or Leaving())


class TestHandingOver:
    def test_an_accepted_letter_is_there_byte_for_byte_and_its_answer_known(self, server: Smtpd) -> None:
        leaving = Leaving()
        outcome = post(sender(server), EMILE, NINA, leaving=leaving)
        assert outcome.delivered
        assert outcome.final is not None
        assert (outcome.final.code, outcome.final.enhanced) == (250, "2.0.0")
        assert "kept as 000" in outcome.final.text
        [kept] = server.received()
        assert (kept.raw, kept.envelope_from, kept.recipients) == (LETTER, DESK, (EMILE, NINA))
        assert leaving.times == 1

    def test_dots_and_odd_line_ends_arrive_as_lines(self, server: Smtpd) -> None:
        raw = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\n.\rb\r\n\r\n.\r\nend"
        assert post(sender(server), raw=raw).delivered
        [kept] = server.received()
        assert kept.raw == b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n.\r\nb\r\n\r\n.\r\nend\r\n"

    def test_an_automatic_letter_comes_from_nobody(self, server: Smtpd) -> None:
        assert send(sender(server), "", [EMILE], LETTER, before_data=Leaving()).delivered
        assert server.received()[0].envelope_from == ""

    def test_a_large_letter(self, server: Smtpd) -> None:
        raw = LETTER + (b"x" * 76 + b"\r\n") * 60_000
        assert post(sender(server), raw=raw).delivered
        assert server.received()[0].raw == raw

    def test_a_name_before_the_at_in_utf8_and_a_domain_with_accents(self, server: Smtpd) -> None:
        assert post(sender(server), "émile@bücher.example", raw="Subject: é\r\n\r\né\r\n".encode()).delivered
        [kept] = server.received()
        assert kept.recipients == ("émile@xn--bcher-kva.example",)
        assert {"SMTPUTF8", "BODY=8BITMIME"} <= set(kept.options)

    def test_without_smtputf8_only_that_recipient_is_refused(self, tmp_path: Path) -> None:
        with smtpd(tmp_path, smtputf8=False) as old:
            outcome = post(sender(old), "émile@example.test", NINA)
            assert outcome.those(Fate.PERMANENT) == ["émile@example.test"]
            assert outcome.those(Fate.ACCEPTED) == [NINA]
            only = post(sender(old), "émile@example.test")
            assert (reply := only.recipients["émile@example.test"].reply) is not None
            assert reply.enhanced == "5.6.7"

    def test_an_address_that_could_add_a_command_is_refused_without_a_word(self, server: Smtpd) -> None:
        evil = "a@example.test>\r\nRCPT TO:<b@example.test"
        outcome = post(sender(server), evil, EMILE)
        assert outcome.those(Fate.PERMANENT) == [evil]
        assert server.received()[0].recipients == (EMILE,)
        assert post(sender(server), "nobody").those(Fate.PERMANENT) == ["nobody"]
        with pytest.raises(ValueError, match="not a mail address"):
            send(sender(server), "a b@example.test", [EMILE], LETTER, before_data=Leaving())

    def test_the_same_recipient_twice_is_one(self, server: Smtpd) -> None:
        assert post(sender(server), EMILE, EMILE).delivered
        assert server.received()[0].recipients == (EMILE,)

    @settings(deadline=None)
    @given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"a", b"\x00", b"\xe9", b"\r\n.\r\n"]), max_size=30))
    def test_no_content_can_end_the_letter_early(self, parts: list[bytes]) -> None:
        letter = smtp._letter(DESK, [EMILE], b"Subject: x\r\n\r\n" + b"".join(parts))
        over_the_wire = letter.stuffed.split(b"\r\n")
        assert b"." not in over_the_wire
        assert b"\r" not in b"".join(over_the_wire)
        assert b"\n" not in b"".join(over_the_wire)
        assert letter.stuffed.endswith(b"\r\n")


class TestRefusals:
    @pytest.mark.parametrize(
        ("mode", "fate", "code", "leaves"),
        [
            (Mode.DEFER_MAIL, Fate.TEMPORARY, 451, 0),
            (Mode.REFUSE_MAIL, Fate.PERMANENT, 550, 0),
            (Mode.DEFER_RCPT, Fate.TEMPORARY, 450, 0),
            (Mode.REFUSE_RCPT, Fate.PERMANENT, 550, 0),
            (Mode.DEFER_DATA, Fate.TEMPORARY, 451, 1),
            (Mode.REFUSE_DATA, Fate.PERMANENT, 554, 1),
            (Mode.DEFER_END, Fate.TEMPORARY, 451, 1),
            (Mode.REFUSE_END, Fate.PERMANENT, 554, 1),
        ],
    )
    def test_at_each_stage(self, server: Smtpd, mode: Mode, fate: Fate, code: int, leaves: int) -> None:
        server.behave(mode)
        leaving = Leaving()
        outcome = post(sender(server), EMILE, NINA, leaving=leaving)
        for one in outcome.recipients.values():
            assert one.fate is fate
            assert one.reply is not None
            assert one.reply.code == code
            assert one.reply.enhanced.startswith(("4.", "5."))
        assert outcome.error is None
        assert leaving.times == leaves
        assert server.received() == []

    def test_one_accepted_one_deferred_one_refused(self, server: Smtpd) -> None:
        other = "paul@example.test"
        server.behave(recipients={NINA: "defer", other: "refuse"})
        outcome = post(sender(server), EMILE, NINA, other)
        assert [outcome.recipients[person].fate for person in (EMILE, NINA, other)] == [
            Fate.ACCEPTED,
            Fate.TEMPORARY,
            Fate.PERMANENT,
        ]
        assert server.received()[0].recipients == (EMILE,)

    def test_a_forgotten_password_does_not_make_a_letter_undeliverable(self, tmp_path: Path) -> None:
        with smtpd(tmp_path, users={DESK: "x"}) as wants_a_password:
            outcome = post(sender(wants_a_password))
            assert (reply := outcome.recipients[EMILE].reply) is not None
            assert reply.code == 530
            assert outcome.those(Fate.TEMPORARY) == [EMILE]

    def test_a_letter_larger_than_the_server_takes_is_not_sent(self, server: Smtpd) -> None:
        server.behave(size=50)
        leaving = Leaving()
        outcome = post(sender(server), leaving=leaving)
        assert (reply := outcome.recipients[EMILE].reply) is not None
        assert (reply.code, reply.enhanced, leaving.times) == (552, "5.3.4", 0)

    def test_when_the_desk_cannot_record_it_nothing_leaves(self, server: Smtpd) -> None:
        def full_disk() -> None:
            raise OSError("no space left")

        with Sender(sender(server)) as kept:
            with pytest.raises(OSError, match="no space"):
                kept.send(DESK, [EMILE], LETTER, before_data=full_disk)
            assert server.received() == []
            assert kept.send(DESK, [EMILE], LETTER, before_data=Leaving()).delivered
        assert len(server.received()) == 1


class TestBrokenTalks:
    @pytest.mark.parametrize(
        ("mode", "fate", "trouble", "leaves"),
        [
            (Mode.BUSY, Fate.TEMPORARY, Trouble.UNAVAILABLE, 0),
            (Mode.GARBAGE, Fate.TEMPORARY, Trouble.NOT_UNDERSTOOD, 0),
            (Mode.HANG_GREETING, Fate.TEMPORARY, Trouble.TIMEOUT, 0),
            (Mode.DROP_MAIL, Fate.TEMPORARY, Trouble.CONNECTION_LOST, 0),
            (Mode.HANG_RCPT, Fate.TEMPORARY, Trouble.TIMEOUT, 0),
            (Mode.HANG_END, Fate.UNKNOWN, Trouble.TIMEOUT, 1),
            (Mode.DROP_END, Fate.UNKNOWN, Trouble.CONNECTION_LOST, 1),
        ],
    )
    def test_at_each_stage(self, server: Smtpd, mode: Mode, fate: Fate, trouble: Trouble, leaves: int) -> None:
        server.behave(mode)
        leaving = Leaving()
        outcome = post(sender(server, timeout=0.3), EMILE, NINA, leaving=leaving)
        assert {one.fate for one in outcome.recipients.values()} == {fate}
        assert outcome.error is not None
        assert outcome.error.trouble is trouble
        assert leaving.times == leaves
        assert server.received() == []

    def test_a_lost_answer_is_unknown_and_the_second_copy_is_the_same_letter(self, server: Smtpd) -> None:
        server.behave(Mode.DROP_REPLY)
        assert post(sender(server)).those(Fate.UNKNOWN) == [EMILE]
        server.behave()
        assert post(sender(server)).delivered
        first, second = server.received()
        assert first.raw == second.raw == LETTER

    def test_a_refusal_before_the_line_is_cut_stands(self, server: Smtpd) -> None:
        server.behave(Mode.DROP_REPLY, recipients={NINA: "refuse"})
        outcome = post(sender(server), EMILE, NINA)
        assert outcome.recipients[EMILE].fate is Fate.UNKNOWN
        assert outcome.recipients[NINA].fate is Fate.PERMANENT

    def test_a_line_cut_in_the_middle_of_the_letter_is_temporary(self) -> None:
        def cuts(visitor: socket.socket) -> None:
            with visitor.makefile("rb") as lines:
                for answer in (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                    visitor.sendall(answer)
                    lines.readline()
                visitor.recv(10)

        raw = LETTER + (b"x" * 76 + b"\r\n") * 200_000
        with odd_server(cuts) as port:
            outcome = post(SmtpAccount(host="127.0.0.1", port=port, security=Security.PLAIN, timeout=5), raw=raw)
        assert outcome.those(Fate.TEMPORARY) == [EMILE]

    def test_nobody_listens(self) -> None:
        nowhere = SmtpAccount(host="127.0.0.1", port=free_port(), security=Security.PLAIN, timeout=2)
        outcome = post(nowhere)
        assert outcome.those(Fate.TEMPORARY) == [EMILE]
        assert outcome.error is not None
        assert outcome.error.trouble is Trouble.UNREACHABLE

    def test_a_server_that_leaves_in_the_middle_of_the_recipients(self) -> None:
        conversation = says(b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"421 4.3.2 shutting down\r\n")
        with odd_server(conversation) as port:
            outcome = post(SmtpAccount(host="127.0.0.1", port=port, security=Security.PLAIN, timeout=5), EMILE, NINA)
        assert outcome.those(Fate.TEMPORARY) == [EMILE, NINA]

    @pytest.mark.parametrize("endless", [b"220-more\r\n", b"2", b"220-" + b"x" * 100_000])
    def test_an_endless_greeting_is_given_up(self, endless: bytes) -> None:
        ended = threading.Event()

        def talks(visitor: socket.socket) -> None:
            while not ended.wait(0.02):
                visitor.sendall(endless)

        with odd_server(talks) as port:
            account = SmtpAccount(host="127.0.0.1", port=port, security=Security.PLAIN, timeout=0.3)
            error = check(account).error
            ended.set()
        assert error is not None
        assert error.trouble in (Trouble.TIMEOUT, Trouble.NOT_UNDERSTOOD)

    def test_an_answer_to_the_letter_that_is_no_answer_is_unknown(self) -> None:
        lines = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"what?\r\n")
        with odd_server(says(*lines)) as port:
            account = SmtpAccount(host="127.0.0.1", port=port, security=Security.PLAIN, timeout=5)
            outcome = post(account, raw=b"x")
        assert outcome.those(Fate.UNKNOWN) == [EMILE]


class TestSigningIn:
    @pytest.mark.parametrize("security", list(Security))
    def test_a_password_over_each_kind_of_connection(self, tmp_path: Path, security: Security) -> None:
        with smtpd(tmp_path, security=security, users={DESK: "sésame"}) as server:
            account = sender(server, security=security, auth=Password("sésame"))
            assert check(account, envelope_from=DESK).good
            assert post(account).delivered
            [kept] = server.received()
            assert (kept.user, kept.encrypted) == (DESK, security is not Security.PLAIN)
            wrong = check(sender(server, security=security, auth=Password("no é"))).error
            assert wrong is not None
            assert wrong.trouble is Trouble.WRONG_PASSWORD
            assert "no é" not in str(wrong)
            assert post(sender(server, security=security, auth=Password("no"))).those(Fate.TEMPORARY) == [EMILE]

    def test_login_where_there_is_no_plain(self) -> None:
        heard: list[bytes] = []

        def login_only(visitor: socket.socket) -> None:
            with visitor.makefile("rb") as lines:
                visitor.sendall(b"220 hi\r\n")
                for answer in (
                    b"250-hi\r\n250 AUTH LOGIN\r\n",
                    b"334 dXNlcg==\r\n",
                    b"334 cGFzcw==\r\n",
                    b"235 in\r\n",
                ):
                    heard.append(lines.readline())
                    visitor.sendall(answer)
                visitor.sendall(b"221 bye\r\n" if lines.readline() else b"")

        with odd_server(login_only) as port:
            account = SmtpAccount(
                host="127.0.0.1", port=port, security=Security.PLAIN, user="u", auth=Password("p"), timeout=5
            )
            assert check(account).good
        assert heard[1:] == [b"AUTH LOGIN\r\n", b"dQ==\r\n", b"cA==\r\n"]

    @pytest.mark.parametrize(
        ("certificate", "trouble"),
        [
            (Certificate.EXPIRED, Trouble.CERTIFICATE_EXPIRED),
            (Certificate.OTHER_NAME, Trouble.CERTIFICATE_NAME),
            (Certificate.UNKNOWN_AUTHORITY, Trouble.CERTIFICATE_UNKNOWN),
        ],
    )
    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    def test_each_bad_certificate_has_its_name_and_gets_no_letter(
        self, tmp_path: Path, security: Security, certificate: Certificate, trouble: Trouble
    ) -> None:
        with smtpd(tmp_path, security=security, users={DESK: "x"}, certificate=certificate) as server:
            outcome = post(sender(server, security=security, auth=Password("x")))
            assert outcome.those(Fate.TEMPORARY) == [EMILE]
            assert outcome.error is not None
            assert outcome.error.trouble is trouble
            assert server.received() == []

    def test_starttls_that_is_not_offered_is_not_replaced_by_plain_text(self, server: Smtpd) -> None:
        outcome = post(sender(server, security=Security.STARTTLS))
        assert outcome.error is not None
        assert outcome.error.trouble is Trouble.ENCRYPTION_MISSING
        assert server.received() == []

    def test_a_password_for_a_server_that_wants_encryption_first(self, tmp_path: Path) -> None:
        with smtpd(tmp_path, security="starttls", users={DESK: "x"}) as server:
            error = check(sender(server, auth=Password("x"))).error
            assert error is not None
            assert error.trouble is Trouble.ENCRYPTION_REQUIRED

    def test_tls_on_a_plain_port_is_said(self, server: Smtpd) -> None:
        error = check(sender(server, security=Security.TLS)).error
        assert error is not None
        assert error.trouble is Trouble.ENCRYPTION_FAILED

    def test_a_token_signs_in_is_renewed_once_and_its_withdrawal_is_said(self, tmp_path: Path) -> None:
        with token_server() as tokens, smtpd(tmp_path, security="tls", tokens=tokens) as server:

            class Keeper:
                given, renewals = tokens.access_token(DESK), 0

                def token(self) -> str:
                    return self.given

                def renewed(self, rejected: str) -> str:
                    assert rejected == self.given
                    self.renewals += 1
                    self.given = tokens.access_token(DESK, lifetime=0 if self.renewals > 1 else 3600)
                    return self.given

            keeper = Keeper()
            account = sender(server, security=Security.TLS, auth=OAuth(keeper))
            assert post(account).delivered
            tokens.expire_access()
            assert post(account).delivered
            assert keeper.renewals == 1
            assert server.received()[1].user == DESK
            tokens.revoke(DESK)
            error = check(account).error
            assert error is not None
            assert error.trouble is Trouble.TOKEN_REVOKED

    def test_the_check_says_when_this_sender_may_not_write(self, server: Smtpd) -> None:
        server.behave(Mode.REFUSE_MAIL)
        found = check(sender(server), envelope_from=DESK)
        assert not found.good
        assert found.refusal is not None
        assert found.refusal.code == 550
        assert found.largest == 50_000_000


class TestBursts:
    def test_one_connection_for_many_letters_also_after_a_refusal(self, server: Smtpd) -> None:
        with Sender(sender(server)) as kept:
            assert kept.send(DESK, [EMILE], LETTER, before_data=Leaving()).delivered
            line = kept._line
            server.behave(recipients={NINA: "refuse"})
            assert kept.send(DESK, [NINA], LETTER, before_data=Leaving()).those(Fate.PERMANENT) == [NINA]
            assert kept.send(DESK, [EMILE], LETTER, before_data=Leaving()).delivered
            assert kept._line is line
        assert len(server.received()) == 2

    def test_a_server_that_was_restarted_meanwhile_gets_the_letter_once(self, tmp_path: Path) -> None:
        with smtpd(tmp_path) as server, Sender(sender(server)) as kept:
            assert kept.send(DESK, [EMILE], LETTER, before_data=Leaving()).delivered
            server.kill()
            server.start()
            leaving = Leaving()
            assert kept.send(DESK, [EMILE], LETTER, before_data=leaving).delivered
            assert leaving.times == 1
            assert len(server.received()) == 2

    def test_a_connection_is_made_anew_after_enough_letters(self, server: Smtpd) -> None:
        with Sender(sender(server), most=1) as kept:
            kept.send(DESK, [EMILE], LETTER, before_data=Leaving())
            line = kept._line
            kept.send(DESK, [EMILE], LETTER, before_data=Leaving())
            assert kept._line is not line
        assert len(server.received()) == 2

    def test_a_sender_recovers_after_each_kind_of_break(self, server: Smtpd) -> None:
        with Sender(sender(server, timeout=0.5)) as kept:
            for mode in (Mode.DROP_END, Mode.DROP_MAIL, Mode.HANG_RCPT, Mode.BUSY):
                server.behave(mode)
                assert not kept.send(DESK, [EMILE], LETTER, before_data=Leaving()).delivered
            server.behave()
            assert kept.send(DESK, [EMILE], LETTER, before_data=Leaving()).delivered
