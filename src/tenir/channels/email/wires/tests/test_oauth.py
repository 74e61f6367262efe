"""Tokens as Google and Microsoft give them, against a local server and a real mailbox."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tenir.channels.email.wires import oauth, sasl
from tenir.channels.email.wires.accounts import OAuth, Security
from tenir.channels.email.wires.imap import MailboxReader, check
from tenir.channels.email.wires.oauth import Client, OAuthError, Pending, Provider, TokenKeeper, Tokens
from tenir.channels.email.wires.tests.scenes import DESK, account, mail, odd_server
from tenir.channels.email.wires.trouble import MailError, Trouble
from tests.servers import TokenServer, dovecot, free_port, token_server

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CALLBACK = "https://desk.example.test/mailbox/back"


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with token_server() as server:
        yield server


def client_of(tokens: TokenServer, **changes: object) -> Client:
    provider = Provider("own", tokens.authorize_url, tokens.token_url, tokens.device_url, ("mail",))
    client = Client(provider, tokens.client_id, tokens.client_secret, CALLBACK, timeout=5)
    return replace(client, **changes)  # type: ignore[arg-type]


class Store:
    """The caller's side: tokens kept durably, one refresh at a time."""

    def __init__(self, client: Client, tokens: Tokens | None) -> None:
        self.tokens, self.saved, self.lock = tokens, 0, threading.Lock()
        self.now = NOW
        self.keeper = TokenKeeper(
            client, load=lambda: self.tokens, save=self.save, now=lambda: self.now, lock=self.locked
        )

    def save(self, tokens: Tokens) -> None:
        self.tokens, self.saved = tokens, self.saved + 1

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self.lock:
            yield


def given(tokens: TokenServer, **lifetime: float) -> Tokens:
    return Tokens(tokens.access_token(DESK, **lifetime), NOW + timedelta(hours=1), tokens.refresh_token(DESK))


class TestGettingTokens:
    def test_the_browser_road_with_pkce(self, tokens: TokenServer) -> None:
        client, verifier = client_of(tokens), oauth.new_verifier()
        url = oauth.authorization_url(client, state="s/1", verifier=verifier, login_hint=DESK)
        assert parse_qs(urlsplit(url).query)["login_hint"] == [DESK]
        back = tokens.consent(url, DESK)
        assert back["state"] == "s/1"
        got = oauth.exchange_code(client, back["code"], verifier=verifier, at=NOW)
        assert tokens.owner(got.access_token) == DESK
        assert got.expires_at == NOW + timedelta(seconds=tokens.lifetime)
        assert got.refresh_token

    def test_a_stolen_code_without_the_verifier_gives_nothing(self, tokens: TokenServer) -> None:
        client = client_of(tokens)
        back = tokens.consent(oauth.authorization_url(client, state="s", verifier="a" * 50), DESK)
        with pytest.raises(OAuthError) as error:
            oauth.exchange_code(client, back["code"], verifier="b" * 50, at=NOW)
        assert error.value.code == "invalid_grant"

    def test_the_device_road(self, tokens: TokenServer) -> None:
        client = client_of(tokens, client_secret="")
        device = oauth.start_device(client, at=NOW)
        assert oauth.poll_device(client, device, at=NOW) is Pending.WAITING
        tokens.approve_device(device.user_code, DESK)
        got = oauth.poll_device(client, device, at=NOW)
        assert isinstance(got, Tokens)
        assert tokens.owner(got.access_token) == DESK
        assert device.device_code not in repr(device)

    def test_a_no_on_the_other_screen_ends_the_device_road(self, tokens: TokenServer) -> None:
        client = client_of(tokens)
        device = oauth.start_device(client, at=NOW)
        tokens.refuse_device(device.user_code)
        with pytest.raises(OAuthError) as error:
            oauth.poll_device(client, device, at=NOW)
        assert (error.value.code, error.value.trouble) == ("access_denied", Trouble.TOKEN_REVOKED)

    def test_without_a_person(self, tokens: TokenServer) -> None:
        store = Store(client_of(tokens, acts_alone=True), None)
        assert tokens.owner(store.keeper.token()) == DESK
        wrong = Store(client_of(tokens, acts_alone=True, client_secret="no"), None)
        with pytest.raises(OAuthError) as error:
            wrong.keeper.token()
        assert error.value.trouble is Trouble.TOKEN_SERVICE

    def test_the_presets_ask_for_mail_and_for_a_refresh_token(self) -> None:
        for provider in (oauth.google(), oauth.microsoft("example.com")):
            client = Client(provider, "id", "hush", CALLBACK)
            asked = parse_qs(urlsplit(oauth.authorization_url(client, state="s", verifier="v")).query)
            assert asked["code_challenge_method"] == ["S256"]
            assert "offline" in str(asked)
            assert "hush" not in str(asked) + repr(client)
        with pytest.raises(ValueError, match="tenant"):
            oauth.microsoft("evil/../x")


class TestKeepingThem:
    def test_a_token_is_refreshed_before_it_ends_and_the_new_ones_are_saved_first(self, tokens: TokenServer) -> None:
        store = Store(client_of(tokens), given(tokens))
        assert store.tokens is not None
        first = store.tokens
        assert store.keeper.token() == first.access_token
        store.now = first.expires_at - oauth.SKEW
        second = store.keeper.token()
        assert second != first.access_token
        assert store.saved == 1
        assert store.tokens.access_token == second
        assert store.tokens.refresh_token != first.refresh_token, "the provider rotates"

    def test_a_save_that_fails_gives_no_token_away(self, tokens: TokenServer) -> None:
        class FullDisk(Store):
            def save(self, tokens: Tokens) -> None:
                raise OSError("no space left")

        store = FullDisk(client_of(tokens), replace(given(tokens), expires_at=NOW))
        with pytest.raises(OSError, match="no space"):
            store.keeper.token()

    def test_a_provider_that_does_not_rotate_leaves_the_refresh_token(self, tokens: TokenServer) -> None:
        tokens.answer_with = (200, {"access_token": "abc", "expires_in": "1800"})
        old = Tokens("", NOW, "keep-me")
        new = oauth.refresh(client_of(tokens), old, at=NOW)
        assert (new.refresh_token, new.expires_at) == ("keep-me", NOW + timedelta(minutes=30))

    def test_two_that_need_a_token_at_once_spend_one_refresh(self, tokens: TokenServer) -> None:
        store = Store(client_of(tokens), replace(given(tokens), expires_at=NOW))
        tokens.delay = 0.2
        got: list[str] = []
        both = [threading.Thread(target=lambda: got.append(store.keeper.token())) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert len(tokens.requests) == store.saved == 1
        assert got[0] == got[1]

    def test_a_withdrawn_permission_is_said(self, tokens: TokenServer) -> None:
        store = Store(client_of(tokens), replace(given(tokens), expires_at=NOW))
        tokens.revoke(DESK)
        with pytest.raises(OAuthError) as error:
            store.keeper.token()
        assert (error.value.trouble, error.value.code) == (Trouble.TOKEN_REVOKED, "invalid_grant")
        assert error.value.lasting

    @pytest.mark.parametrize(
        ("status", "told", "trouble"),
        [
            (503, {}, Trouble.UNAVAILABLE),
            (429, {"error": "slow"}, Trouble.THROTTLED),
            (400, {"error": "invalid_client"}, Trouble.TOKEN_SERVICE),
            (200, {"access_token": ""}, Trouble.TOKEN_SERVICE),
            (200, {"access_token": "a\nb"}, Trouble.TOKEN_SERVICE),
            (302, {}, Trouble.TOKEN_SERVICE),
        ],
    )
    def test_each_failure_of_the_service_has_a_name(
        self, tokens: TokenServer, status: int, told: dict[str, object], trouble: Trouble
    ) -> None:
        tokens.answer_with = (status, told)
        with pytest.raises(OAuthError) as error:
            oauth.refresh(client_of(tokens), Tokens("", NOW, "r"), at=NOW)
        assert error.value.trouble is trouble

    def test_a_service_that_is_down_silent_or_odd(self, tokens: TokenServer) -> None:
        def trouble(url: str) -> Trouble:
            client = Client(Provider("own", url, url), "id", timeout=0.3)
            with pytest.raises(OAuthError) as error:
                oauth.refresh(client, Tokens("", NOW, "r"), at=NOW)
            return error.value.trouble

        assert trouble(f"http://127.0.0.1:{free_port()}/token") is Trouble.UNREACHABLE
        assert trouble("http://elsewhere.example/token") is Trouble.TOKEN_SERVICE, "only https leaves this machine"
        assert trouble("file:///etc/passwd") is Trouble.TOKEN_SERVICE

        def silent(visitor: socket.socket) -> None:
            visitor.recv(10_000)
            threading.Event().wait(1)

        def odd(visitor: socket.socket) -> None:
            visitor.recv(10_000)
            visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n<html>no")

        with odd_server(silent) as port:
            assert trouble(f"http://127.0.0.1:{port}/") is Trouble.TIMEOUT
        with odd_server(odd) as port:
            assert trouble(f"http://127.0.0.1:{port}/") is Trouble.TOKEN_SERVICE


class TestWithARealMailbox:
    @pytest.mark.parametrize("mechanisms", ["xoauth2 oauthbearer", "oauthbearer"])
    def test_a_token_opens_the_mailbox(self, tmp_path: Path, tokens: TokenServer, mechanisms: str) -> None:
        with dovecot(tmp_path, tokens=tokens, mechanisms=mechanisms) as server:
            server.deliver(DESK, mail())
            store = Store(client_of(tokens), given(tokens))
            mailbox = account(server, security=Security.TLS, auth=OAuth(store.keeper))
            with MailboxReader(mailbox) as reader:
                assert len(list(reader.new_mail({}))) == 1
            assert store.saved == 0

    @pytest.mark.parametrize("mechanisms", ["xoauth2", "oauthbearer"])
    def test_a_token_that_ended_early_is_refreshed_once(
        self, tmp_path: Path, tokens: TokenServer, mechanisms: str
    ) -> None:
        with dovecot(tmp_path, tokens=tokens, mechanisms=mechanisms) as server:
            store = Store(client_of(tokens), given(tokens))
            tokens.expire_access()
            assert check(account(server, security=Security.STARTTLS, auth=OAuth(store.keeper))).good
            assert store.saved == 1

    @pytest.mark.parametrize("mechanisms", ["xoauth2", "oauthbearer"])
    def test_a_withdrawn_permission_is_said_by_the_mailbox_too(
        self, tmp_path: Path, tokens: TokenServer, mechanisms: str
    ) -> None:
        with dovecot(tmp_path, tokens=tokens, mechanisms=mechanisms) as server:
            store = Store(client_of(tokens), given(tokens))
            tokens.revoke(DESK)
            error = check(account(server, security=Security.TLS, auth=OAuth(store.keeper))).error
            assert error is not None
            assert error.trouble is Trouble.TOKEN_REVOKED

    def test_somebody_else_s_token_opens_nothing(self, tmp_path: Path, tokens: TokenServer) -> None:
        class Stranger:
            def token(self) -> str:
                return tokens.access_token("other@example.test")

            def renewed(self, rejected: str) -> str:
                return self.token()

        with dovecot(tmp_path, tokens=tokens) as server:
            error = check(account(server, security=Security.TLS, auth=OAuth(Stranger()))).error
            assert isinstance(error, MailError)
            assert error.trouble is Trouble.TOKEN_REVOKED


def test_what_is_said_to_sign_in() -> None:
    assert sasl.xoauth2("a@b", "t") == b"user=a@b\x01auth=Bearer t\x01\x01"
    assert (
        sasl.oauthbearer("a=,b", "t", host="h", port=993)
        == b"n,a=a=3D=2Cb,\x01host=h\x01port=993\x01auth=Bearer t\x01\x01"
    )
    assert sasl.plain("é", "p") == b"\0\xc3\xa9\0p"
    for user, token in (("a\x01auth=x", "t"), ("a", "t\r\n")):
        with pytest.raises(ValueError, match="control"):
            sasl.xoauth2(user, token)
