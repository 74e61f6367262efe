"""A mailbox is read whole, marked only when told, and every failure has a name."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tenir.channels.email.wires import imap
from tenir.channels.email.wires.accounts import Password, Security
from tenir.channels.email.wires.imap import Backoff, Fetched, MailboxReader, Marked, Position, Scope, check, listen
from tenir.channels.email.wires.tests.scenes import DESK, account, mail
from tenir.channels.email.wires.trouble import MailError, Trouble
from tests.servers import Certificate, Dovecot, dovecot, free_port, wait_until


def read(reader: MailboxReader, **positions: Position) -> list[Fetched]:
    return list(reader.new_mail(positions))


def kind(error: "pytest.ExceptionInfo[MailError]") -> Trouble:
    return error.value.trouble


class TestReading:
    def test_every_mail_comes_once_with_its_bytes_and_nothing_in_the_mailbox_changes(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail("one"))
            server.deliver(DESK, mail("two"))
            with MailboxReader(account(server)) as reader:
                first, second = read(reader)
                assert (first.raw, second.raw) == (mail("one"), mail("two"))
                assert (first.folder, first.uid, second.uid, first.complete) == ("INBOX", 1, 2, True)
                assert first.size == len(mail("one"))
                assert first.internal_date is not None
                assert first.internal_date.tzinfo is not None
                assert read(reader, INBOX=second.position) == []
                assert [m.uid for m in read(reader, INBOX=first.position)] == [2]
            assert all("\\Seen" not in kept.flags for kept in server.mails(DESK))

    def test_a_marked_mail_does_not_come_again_even_without_a_position(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            for subject in ("one", "two", "three"):
                server.deliver(DESK, mail(subject))
            with MailboxReader(account(server)) as reader:
                for fetched in reader.new_mail({}):
                    if fetched.uid != 2:
                        marked = reader.mark("INBOX", fetched.uid, uidvalidity=fetched.uidvalidity)
                        assert marked is Marked.KEYWORD
                assert [m.uid for m in read(reader)] == [2]
                everything = reader.new_mail({}, scope=Scope.EVERYTHING)
                assert [m.uid for m in everything] == [1, 2, 3]
            flags = [set(kept.flags) - {"\\Recent"} for kept in server.mails(DESK)]
            assert flags == [{"\\Seen", imap.STORED}, set(), {"\\Seen", imap.STORED}]

    def test_a_mail_that_somebody_read_elsewhere_still_comes(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail())
            server.doveadm("flags", "add", "-u", DESK, "\\Seen", "mailbox", "INBOX", "all")
            with MailboxReader(account(server)) as reader:
                [fetched] = read(reader)
                assert fetched.flags == ("\\Seen",) or "\\Seen" in fetched.flags

    def test_a_new_uidvalidity_brings_the_whole_folder_again_and_no_wrong_mail_is_marked(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail("one"))
            server.deliver(DESK, mail("two"))
            with MailboxReader(account(server)) as reader:
                old = read(reader)[-1]
            server.change_uidvalidity(DESK)
            with MailboxReader(account(server)) as reader:
                again = read(reader, INBOX=old.position)
                assert [m.raw for m in again] == [mail("one"), mail("two")]
                assert again[0].uidvalidity != old.uidvalidity
                assert reader.mark("INBOX", old.uid, uidvalidity=old.uidvalidity) is Marked.GONE
            assert all("\\Seen" not in kept.flags for kept in server.mails(DESK))

    def test_several_folders_are_read_in_order_and_a_missing_one_does_not_hide_the_others(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.make_folder(DESK, "Réclamations/Été")
            server.make_folder(DESK, "Zuletzt")
            server.deliver(DESK, mail("in"))
            server.deliver(DESK, mail("last"))
            reader_of_all = account(server, folders=("INBOX", "Réclamations/Été", "Nowhere", "Zuletzt"))
            with MailboxReader(reader_of_all) as reader:
                reading = reader.new_mail({})
                seen = [(m.folder, m.raw) for m in (next(reading), next(reading))]
                with pytest.raises(MailError) as error:
                    next(reading)
                assert kind(error) is Trouble.FOLDER_MISSING
                assert error.value.folder == "Nowhere"
                assert seen == [("INBOX", mail("in")), ("INBOX", mail("last"))]

    def test_folders_have_their_own_positions(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.make_folder(DESK, "Other")
            server.doveadm("save", "-u", DESK, "-m", "Other", _file(server, mail("there")))
            server.deliver(DESK, mail("here"))
            with MailboxReader(account(server, folders=("INBOX", "Other"))) as reader:
                here, there = read(reader)
                assert (here.folder, there.folder) == ("INBOX", "Other")
                assert read(reader, INBOX=here.position, Other=there.position) == []
                assert [m.folder for m in read(reader, INBOX=here.position)] == ["Other"]

    def test_a_mail_removed_while_reading_is_passed_over(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            for subject in ("one", "two", "three"):
                server.deliver(DESK, mail(subject))
            with MailboxReader(account(server)) as reader:
                reading = reader.new_mail({})
                assert next(reading).uid == 1
                server.remove(DESK, 2)
                assert [m.uid for m in reading] == [3]

    def test_a_huge_mail_comes_in_pieces_and_beyond_the_limit_only_its_beginning(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            big = mail("big", "x" * 76 + "\r\n" + ("y" * 76 + "\r\n") * 40_000)
            server.deliver(DESK, big)
            server.deliver(DESK, mail("after"))
            with MailboxReader(account(server)) as reader:
                whole, after = read(reader)
                assert whole.raw == big
                assert whole.complete
                assert after.raw == mail("after")
            with MailboxReader(account(server), largest=1_000_000) as reader:
                cut, after = read(reader)
                assert cut.raw == big[:1_000_000]
                assert not cut.complete
                assert cut.size == len(big)
                assert after.raw == mail("after")
            with MailboxReader(account(server), largest=50) as reader:
                assert [(len(m.raw), m.complete) for m in read(reader)] == [(50, False), (50, False)]

    def test_exactly_one_piece_is_complete(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            head = mail("even", "")
            even = head + b"z" * (imap.PIECE - len(head))
            server.deliver(DESK, even)
            with MailboxReader(account(server)) as reader:
                [fetched] = read(reader)
                assert fetched.raw == even
                assert fetched.complete

    def test_a_mail_of_digits_or_of_nothing_is_still_bytes(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, b"42")
            server.deliver(DESK, b"\r\n")
            with MailboxReader(account(server)) as reader:
                assert [m.raw for m in read(reader)] == [b"42", b"\r\n"]

    def test_an_old_mailbox_with_a_wide_range_of_uids_is_asked_in_parts(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail("old"))
            server.mails(DESK)
            server.doveadm("mailbox", "update", "-u", DESK, "--min-next-uid", "900000", "INBOX")
            server.deliver(DESK, mail("new"))
            with MailboxReader(account(server)) as reader:
                assert [(m.uid, m.raw) for m in read(reader)] == [(1, mail("old")), (900000, mail("new"))]


class TestMarking:
    def test_without_permission_for_keywords_a_mail_is_only_marked_seen(self, tmp_path: Path) -> None:
        with dovecot(tmp_path, keywords=False) as server:
            server.deliver(DESK, mail())
            with MailboxReader(account(server)) as reader:
                [fetched] = read(reader)
                assert reader.mark("INBOX", 1, uidvalidity=fetched.uidvalidity) is Marked.SEEN
                assert [m.uid for m in read(reader)] == [1], "seen is not stored: the position decides"
                assert read(reader, INBOX=fetched.position) == []
            assert "\\Seen" in server.mails(DESK)[0].flags

    def test_a_stored_mail_moves_to_a_folder_that_is_made_when_needed(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail())
            with MailboxReader(account(server), move_to="Rangé") as reader:
                [fetched] = read(reader)
                assert reader.mark("INBOX", 1, uidvalidity=fetched.uidvalidity) is Marked.MOVED
                assert reader.mark("INBOX", 1, uidvalidity=fetched.uidvalidity) is Marked.MOVED, "safe to repeat"
            assert server.mails(DESK) == []
            assert [kept.raw for kept in server.mails(DESK, "Rangé")] == [mail()]

    def test_a_server_without_move_copies_and_removes_only_that_mail(self, tmp_path: Path) -> None:
        with dovecot(tmp_path, capability="IMAP4rev1 UIDPLUS") as server:
            server.deliver(DESK, mail("theirs"))
            server.deliver(DESK, mail("ours"))
            server.doveadm("flags", "add", "-u", DESK, "\\Deleted", "mailbox", "INBOX", "uid", "1")
            with MailboxReader(account(server), move_to="Done") as reader:
                [fetched] = read(reader)
                assert fetched.raw == mail("ours")
                reader.mark("INBOX", fetched.uid, uidvalidity=fetched.uidvalidity)
            assert [kept.raw for kept in server.mails(DESK)] == [mail("theirs")]
            assert [kept.raw for kept in server.mails(DESK, "Done")] == [mail("ours")]


class TestWaiting:
    def test_idle_wakes_when_a_mail_comes(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server, MailboxReader(account(server, security=Security.TLS)) as reader:
            assert read(reader) == []
            threading.Timer(0.3, server.deliver, (DESK, mail())).start()
            assert reader.wait(20)
            assert len(read(reader)) == 1

    def test_a_mail_between_reading_and_waiting_is_not_slept_over(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server, MailboxReader(account(server)) as reader:
            assert read(reader) == []
            server.deliver(DESK, mail())
            assert reader.wait(20)

    def test_waiting_ends_when_told_and_when_the_time_is_over(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server, MailboxReader(account(server)) as reader:
            assert not reader.wait(0.1)
            stop = threading.Event()
            threading.Timer(0.2, stop.set).start()
            assert not reader.wait(60, stop=stop)

    def test_an_idle_is_renewed_and_still_hears(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imap, "RENEW_IDLE", 0.1)
        with dovecot(tmp_path) as server, MailboxReader(account(server)) as reader:
            read(reader)
            threading.Timer(0.6, server.deliver, (DESK, mail())).start()
            assert reader.wait(20)

    def test_without_idle_it_asks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imap, "ASK_EVERY", 0.1)
        with dovecot(tmp_path, idle=False) as server, MailboxReader(account(server)) as reader:
            read(reader)
            threading.Timer(0.3, server.deliver, (DESK, mail())).start()
            assert reader.wait(20)

    def test_the_other_folders_wake_it_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imap, "ASK_EVERY", 0.1)
        with dovecot(tmp_path) as server:
            server.make_folder(DESK, "Other")
            with MailboxReader(account(server, folders=("INBOX", "Other"))) as reader:
                read(reader)
                put = ("save", "-u", DESK, "-m", "Other", _file(server, mail()))
                threading.Timer(0.3, server.doveadm, put).start()
                assert reader.wait(20)
                assert [m.folder for m in read(reader)] == ["Other"]


class TestLosingTheServer:
    def test_a_killed_server_is_said_and_the_reader_goes_on_when_it_is_back(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server, MailboxReader(account(server)) as reader:
            read(reader)
            threading.Timer(0.3, server.kill).start()
            with pytest.raises(MailError) as error:
                reader.wait(20)
            assert kind(error) is Trouble.CONNECTION_LOST
            with pytest.raises(MailError) as error:
                read(reader)
            assert kind(error) is Trouble.UNREACHABLE
            server.deliver(DESK, mail())
            server.start()
            assert len(read(reader)) == 1

    def test_listening_survives_kills_stores_each_mail_once_and_marks_after_storing(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            desk = _Desk(server)
            desk.start()
            try:
                server.deliver(DESK, mail("one"))
                desk.wait_for(1)
                server.kill()
                server.deliver(DESK, mail("two"))
                desk.wait_for_trouble()
                server.start()
                desk.wait_for(2)
                server.change_uidvalidity(DESK)
                server.deliver(DESK, mail("three"))
                desk.wait_for(3)
            finally:
                desk.end()
            assert sorted(desk.stored) == sorted([mail("one"), mail("two"), mail("three")])
            assert all(imap.STORED in kept.flags for kept in server.mails(DESK))

    def test_what_is_not_stored_is_not_marked_and_comes_again(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail())
            stop, tries = threading.Event(), []

            def refuse_once(fetched: Fetched) -> bool:
                tries.append(server.mails(DESK)[0].flags)
                if len(tries) == 2:
                    stop.set()
                return len(tries) == 2

            listen(
                MailboxReader(account(server)),
                positions=dict,
                store=refuse_once,
                on_trouble=lambda error, pause: None,
                on_well=lambda: None,
                stop=stop,
                at_least_every=0.1,
            )
            assert all(imap.STORED not in flags for flags in tries)
            assert imap.STORED in server.mails(DESK)[0].flags

    def test_a_crash_between_storing_and_marking_brings_the_mail_again_to_be_marked(self, tmp_path: Path) -> None:
        class Crash(Exception):
            pass

        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail())
            stored: list[bytes] = []
            positions: dict[str, Position] = {}
            stop = threading.Event()

            def passed(fetched: Fetched) -> None:
                assert imap.STORED in server.mails(DESK)[0].flags, "marked before it is passed"
                positions[fetched.folder] = fetched.position
                stop.set()

            def store(fetched: Fetched) -> bool:
                stored.append(fetched.raw)
                if len(stored) == 1:
                    raise Crash
                return True

            for _ in range(2):
                with suppress(Crash):
                    listen(
                        MailboxReader(account(server)),
                        positions=lambda: positions,
                        store=store,
                        passed=passed,
                        on_trouble=lambda error, pause: None,
                        on_well=lambda: None,
                        stop=stop,
                    )
            assert stored == [mail(), mail()], "known by its content to be one"
            assert positions["INBOX"].last_uid == 1

    def test_a_mark_that_is_refused_is_said_and_does_not_hold_up_the_next_mail(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail("one"))
            server.deliver(DESK, mail("two"))
            stop, stored, troubles = threading.Event(), [], []

            def store(fetched: Fetched) -> bool:
                stored.append(fetched.uid)
                return True

            def trouble(error: MailError, pause: float) -> None:
                troubles.append(error.trouble)
                if len(troubles) == 2:
                    stop.set()

            listen(
                MailboxReader(account(server), move_to="no//such//name"),
                positions=dict,
                store=store,
                on_trouble=trouble,
                on_well=lambda: pytest.fail("all was not well"),
                stop=stop,
            )
            assert stored == [1, 2]
            assert set(troubles) <= {Trouble.REFUSED, Trouble.FOLDER_MISSING}


class TestNamesOfFailures:
    def test_a_wrong_password(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            found = check(account(server, auth=Password("wrong é")))
            assert found.error is not None
            assert found.error.trouble is Trouble.WRONG_PASSWORD
            # The tests about encryption look for the absence of this word.
            wait_until(lambda: "method=PLAIN" in server.log())
            assert found.error.lasting
            assert "wrong é" not in str(found.error) + repr(found.error)

    def test_a_password_with_accents_opens(self, tmp_path: Path) -> None:
        with dovecot(tmp_path, users={DESK: 'sésame "ouvre\\toi" 🔑'}) as server:
            assert check(account(server, auth=Password('sésame "ouvre\\toi" 🔑'))).good

    def test_nobody_listens(self) -> None:
        nowhere = imap.Account(
            host="127.0.0.1", port=free_port(), security=Security.PLAIN, user=DESK, auth=Password("x"), timeout=2
        )
        assert (error := check(nowhere).error) is not None
        assert error.trouble is Trouble.UNREACHABLE

    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    @pytest.mark.parametrize(
        ("certificate", "trouble"),
        [
            (Certificate.EXPIRED, Trouble.CERTIFICATE_EXPIRED),
            (Certificate.OTHER_NAME, Trouble.CERTIFICATE_NAME),
            (Certificate.UNKNOWN_AUTHORITY, Trouble.CERTIFICATE_UNKNOWN),
        ],
    )
    def test_each_bad_certificate_has_its_name(
        self, tmp_path: Path, security: Security, certificate: Certificate, trouble: Trouble
    ) -> None:
        with dovecot(tmp_path, certificate=certificate) as server:
            visits = server.log().count("Disconnected")
            assert (error := check(account(server, security=security)).error) is not None
            assert error.trouble is trouble
            wait_until(lambda: server.log().count("Disconnected") > visits)
            assert "method=" not in server.log(), "nobody tried to sign in"

    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    def test_a_good_certificate_opens_by_name_and_by_number(self, tmp_path: Path, security: Security) -> None:
        with dovecot(tmp_path) as server:
            assert check(account(server, security=security)).good
            assert check(account(server, security=security, host="localhost")).good

    def test_a_server_without_starttls_gets_no_password(self, tmp_path: Path) -> None:
        with dovecot(tmp_path, offers_tls=False) as server:
            visits = server.log().count("Disconnected")
            assert (error := check(account(server, security=Security.STARTTLS)).error) is not None
            assert error.trouble is Trouble.ENCRYPTION_MISSING
            wait_until(lambda: server.log().count("Disconnected") > visits)
            assert "method=" not in server.log(), "nobody tried to sign in"

    def test_tls_on_the_plain_port_is_said(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            wrong = imap.Account(host=server.host, port=server.port, user=DESK, auth=Password("secret"), timeout=5)
            assert (error := check(wrong).error) is not None
            assert error.trouble is Trouble.ENCRYPTION_FAILED

    def test_too_many_connections(self, tmp_path: Path) -> None:
        with dovecot(tmp_path, connections=1) as server, MailboxReader(account(server)) as reader:
            reader.connect()
            assert (error := check(account(server)).error) is not None
            assert error.trouble is Trouble.TOO_MANY_CONNECTIONS

    def test_a_missing_folder_is_found_by_the_check_with_the_folders_there_are(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.make_folder(DESK, "Été")
            found = check(account(server, folders=("INBOX", "Ete")))
            assert not found.good
            assert found.folders[0].error is None
            assert (error := found.folders[1].error) is not None
            assert error.trouble is Trouble.FOLDER_MISSING
            assert "Été" in found.available

    def test_the_check_tries_all_and_changes_no_mail(self, tmp_path: Path) -> None:
        with dovecot(tmp_path) as server:
            server.deliver(DESK, mail())
            found = check(account(server))
            assert found.good
            assert found.idle
            assert found.folders[0].keywords
            assert found.folders[0].writable
            assert found.folders[0].messages == 1
            assert (end := found.folders[0].end) is not None
            server.deliver(DESK, mail("from now on"))
            with MailboxReader(account(server)) as reader:
                assert [m.raw for m in read(reader, INBOX=end)] == [mail("from now on")]
            assert set(server.mails(DESK)[0].flags) <= {"\\Recent"}


def test_an_account_with_a_line_break_is_refused() -> None:
    for user, folder in (("a\r\nA LOGOUT", "INBOX"), (DESK, "IN\nBOX"), ("", "INBOX")):
        with pytest.raises(ValueError, match="one line"):
            imap.Account(host="h", port=993, user=user, auth=Password("x"), folders=(folder,))


def test_waiting_doubles_with_chance_and_is_longer_after_a_wrong_password() -> None:
    calm = Backoff(first=1, most=10, chance=lambda: 1.0)
    assert [calm.after(Trouble.TIMEOUT) for _ in range(5)] == [1, 2, 4, 8, 10]
    calm.reset()
    assert calm.after(Trouble.WRONG_PASSWORD) == 60
    assert Backoff(first=1, chance=lambda: 0.0).after(Trouble.TIMEOUT) == 0.5


def _file(server: Dovecot, raw: bytes) -> str:
    """A file that the server may read: it does not run as the person who runs the tests."""
    path = server.home / "mail.eml"
    path.write_bytes(raw)
    path.chmod(0o644)
    return str(path)


class _Desk:
    """What the product does, without a database: stores by content, remembers positions."""

    def __init__(self, server: Dovecot) -> None:
        self.stored: list[bytes] = []
        self.positions: dict[str, Position] = {}
        self.troubles: list[Trouble] = []
        self.stop = threading.Event()
        self.changed = threading.Condition()
        self.thread = threading.Thread(
            target=listen,
            args=(MailboxReader(account(server)),),
            kwargs={
                "positions": lambda: self.positions,
                "store": self.store,
                "on_trouble": self.trouble,
                "on_well": lambda: None,
                "stop": self.stop,
                "backoff": Backoff(first=0.1, most=0.2),
                "at_least_every": 2.0,
            },
            daemon=True,
        )

    def start(self) -> None:
        self.thread.start()

    def store(self, fetched: Fetched) -> bool:
        with self.changed:
            if fetched.raw not in self.stored:
                self.stored.append(fetched.raw)
            self.positions[fetched.folder] = fetched.position
            self.changed.notify_all()
        return True

    def trouble(self, error: MailError, pause: float) -> None:
        with self.changed:
            self.troubles.append(error.trouble)
            self.changed.notify_all()

    def wait_for(self, mails: int) -> None:
        with self.changed:
            # A connection that a starting server swallowed is given up after its 30 s; the next one has to work.
            assert self.changed.wait_for(lambda: len(self.stored) >= mails, 90), self.troubles

    def wait_for_trouble(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.troubles, 30)

    def end(self) -> None:
        self.stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()
