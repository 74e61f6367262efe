"""Every setting of a desk, declared once: name, type, default and meaning, in English and in French.

A value comes from the environment (`TENIR_PORT`), from a file named by the environment (`TENIR_SECRET_KEY_FILE`), or
from one TOML file (`TENIR_CONFIG`, else ./tenir.toml, else /etc/tenir/tenir.toml); the first of the three wins.
Nothing here imports Django: the supervisor reads its settings without paying for it.
"""

import dataclasses
import difflib
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tenir.install import kinds
from tenir.install.kinds import Kind, NotAccepted
from tenir.install.tongue import say

PREFIX = "TENIR_"
#: Read by the loader itself or by the tests, never settings of a desk.
NOT_SETTINGS = ("TENIR_CONFIG", "TENIR_TEST_")
CONFIG_PLACES = (Path("tenir.toml"), Path("/etc/tenir/tenir.toml"))


@dataclass(frozen=True)
class Meaning:
    """What the registry knows of one setting besides its Python name and type."""

    kind: Kind[Any]
    default: str
    english: str
    french: str
    secret: bool


def setting(kind: Kind[Any], default: str, english: str, french: str, *, secret: bool = False) -> Any:
    """Declare one setting: how it is read, the default as it would be typed, its meaning in both languages."""
    return dataclasses.field(metadata={"meaning": Meaning(kind, default, english, french, secret)})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values in force. A new setting is one line here (and one in docs/settings.md: a test insists)."""

    data_dir: Path = setting(
        kinds.folder(), "~/.local/share/tenir",
        "The folder of this desk: database, attachments, raw mails, generated secret.",
        "Le dossier de ce service : base de données, pièces jointes, courriels bruts, clé générée.",
    )  # fmt: skip
    database: kinds.Database = setting(
        kinds.database(), "sqlite",
        "Where everything is kept: “sqlite” (in the data folder), sqlite:////a/file, or "
        "postgresql://user:password@host/name.",
        "Où tout est gardé : « sqlite » (dans le dossier de données), sqlite:////un/fichier, ou "
        "postgresql://utilisateur:motdepasse@hôte/nom.",
        secret=True,
    )  # fmt: skip
    database_pool: int = setting(
        kinds.integer(0, 200), "0",
        "PostgreSQL connections kept ready by each process; 0 opens one for each thread.",
        "Connexions PostgreSQL gardées prêtes par chaque processus ; 0 en ouvre une par fil d'exécution.",
    )  # fmt: skip
    base_url: str = setting(
        kinds.web_address(optional=True), "",
        "The address that people type, as it stands in letters and links: https:// in production. "
        "Empty: this machine only, http://localhost and the port.",
        "L'adresse que l'on tape, telle qu'elle figure dans les lettres et les liens : https:// en production. "
        "Vide : cette machine seulement, http://localhost et le port.",
    )  # fmt: skip
    bind: str = setting(
        kinds.ip_address(), "127.0.0.1",
        "The network address on which the web process listens.",
        "L'adresse réseau sur laquelle le processus web écoute.",
    )  # fmt: skip
    port: int = setting(
        kinds.integer(1, 65535), "8000",
        "The port on which the web process listens.",
        "Le port sur lequel le processus web écoute.",
    )  # fmt: skip
    trusted_proxies: tuple[kinds.Network, ...] = setting(
        kinds.networks(), "",
        "Addresses or networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        "Adresses ou réseaux des mandataires dont les X-Forwarded-For et X-Forwarded-Proto sont crus.",
    )  # fmt: skip
    secret_key: str = setting(
        kinds.secret_text(32), "",
        "The key that signs sessions and customers' links; made once in the data folder when absent.",
        "La clé qui signe les sessions et les liens des clients ; créée une fois dans le dossier de données.",
        secret=True,
    )  # fmt: skip
    time_zone: str = setting(
        kinds.time_zone(), "Europe/Paris",
        "The time zone of the organisation: its hours and dates are told in it.",
        "Le fuseau horaire de l'organisation : ses heures et ses dates y sont dites.",
    )  # fmt: skip
    default_language: str = setting(
        kinds.one_of("fr", "en"), "fr",
        "The language spoken to somebody whose language is not known yet.",
        "La langue parlée à une personne dont on ne connaît pas encore la langue.",
    )  # fmt: skip
    max_attachment_mb: int = setting(
        kinds.integer(1, 1024), "25",
        "The largest attachment accepted from a page or sent by mail, in mebibytes.",
        "La plus grosse pièce jointe acceptée depuis une page ou envoyée par courriel, en mébioctets.",
    )  # fmt: skip
    max_mail_mb: int = setting(
        kinds.integer(1, 1024), "50",
        "The largest mail that is read entirely, in mebibytes; a larger one becomes a case that says so.",
        "Le plus gros courriel lu en entier, en mébioctets ; un plus gros devient un dossier qui le dit.",
    )  # fmt: skip
    max_request_mb: int = setting(
        kinds.integer(1, 4096), "110",
        "The largest request that the web process accepts, all attachments of one form together, in mebibytes.",
        "La plus grosse requête acceptée, toutes les pièces jointes d'un formulaire ensemble, en mébioctets.",
    )  # fmt: skip
    demo: bool = setting(
        kinds.yes_or_no(), "no",
        "Whether this is the demonstration desk, with its invented customers' mailbox.",
        "S'il s'agit du service de démonstration, avec la boîte de ses clients inventés.",
    )  # fmt: skip
    hold_seconds: int = setting(
        kinds.integer(0, 3600), "10",
        "How long a reply is held after “send”, so that its author can undo it, in seconds.",
        "Combien de temps une réponse est retenue après « envoyer », pour que son auteur puisse l'annuler, "
        "en secondes.",
    )  # fmt: skip
    inbound_rate: int = setting(
        kinds.integer(1, 100_000), "60",
        "Mails accepted from one sender in an hour before it is slowed, visibly.",
        "Courriels acceptés d'un même expéditeur en une heure avant qu'il soit ralenti, de façon visible.",
    )  # fmt: skip
    customer_link_days: int = setting(
        kinds.integer(1, 3650), "90",
        "How long a customer's link to their case works, in days.",
        "Combien de temps fonctionne le lien d'un client vers son dossier, en jours.",
    )  # fmt: skip
    promise_letters: str = setting(
        kinds.one_of("deliveries", "all", "none"), "deliveries",
        "Which new promises made by an agent are put to the customer in writing: deliveries, all of them or none.",
        "Quelles nouvelles promesses d'un agent sont écrites au client : les livraisons, toutes ou aucune.",
    )  # fmt: skip
    web_threads: int = setting(
        kinds.integer(1, 256), "8",
        "Pages that the web process prepares at the same time.",
        "Pages que le processus web prépare en même temps.",
    )  # fmt: skip
    slow_body_seconds: int = setting(
        kinds.integer(1, 3600), "30",
        "How long a browser may stay silent in the middle of what it sends, in seconds.",
        "Combien de temps un navigateur peut se taire au milieu de ce qu'il envoie, en secondes.",
    )  # fmt: skip
    log_level: str = setting(
        kinds.one_of("debug", "info", "warning", "error"), "info",
        "How much is written to the log.",
        "Ce qui est écrit au journal.",
    )  # fmt: skip
    log_format: str = setting(
        kinds.one_of("text", "json"), "text",
        "The form of the log: lines for people (text) or one object a line for machines (json).",
        "La forme du journal : des lignes pour les gens (text) ou un objet par ligne pour les machines (json).",
    )  # fmt: skip
    oidc_name: str = setting(
        kinds.text(), "",
        "The name on the sign-in button of your identity provider (OpenID Connect); empty: no button.",
        "Le nom sur le bouton de connexion de votre fournisseur d'identité (OpenID Connect) ; vide : pas de bouton.",
    )  # fmt: skip
    oidc_issuer: str = setting(
        kinds.web_address(optional=True), "",
        "The address of the identity provider, as it stands before /.well-known/openid-configuration.",
        "L'adresse du fournisseur d'identité, telle qu'elle précède /.well-known/openid-configuration.",
    )  # fmt: skip
    oidc_client_id: str = setting(
        kinds.text(), "",
        "The name under which the identity provider knows this desk.",
        "Le nom sous lequel le fournisseur d'identité connaît ce service.",
    )  # fmt: skip
    oidc_client_secret: str = setting(
        kinds.text(), "",
        "The secret shared with the identity provider.",
        "Le secret partagé avec le fournisseur d'identité.",
        secret=True,
    )  # fmt: skip

    @property
    def secure(self) -> bool:
        """Whether people reach the desk over TLS, so that cookies must never travel without it."""
        return self.base_url.startswith("https://")

    @property
    def secret_key_file(self) -> Path:
        return self.data_dir / "secret_key"


@dataclass(frozen=True)
class Problem:
    """One setting refused, and what would be accepted instead."""

    name: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}"


class SettingsRefused(Exception):
    """The desk does not start: every refused setting is named, each with what is accepted."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Row:
    """One setting as `tenir settings` shows it; a secret's value is never in it."""

    name: str
    meaning: str
    accepted: str
    value: str
    origin: str


def meanings() -> dict[str, Meaning]:
    """Every declared setting, by its full name (`TENIR_PORT`), in the order of declaration."""
    return {PREFIX + field.name.upper(): field.metadata["meaning"] for field in dataclasses.fields(Settings)}


@dataclass(frozen=True)
class Loaded:
    """The values in force and where each came from."""

    settings: Settings
    origins: dict[str, str]
    typed: dict[str, str]

    def rows(self) -> list[Row]:
        return [self._row(name, meaning) for name, meaning in meanings().items()]

    def _row(self, name: str, meaning: Meaning) -> Row:
        typed = self.typed[name]
        shown = say("(hidden)", "(masqué)") if meaning.secret and typed and typed != meaning.default else typed
        origin = self.origins[name]
        return Row(name, say(meaning.english, meaning.french), meaning.kind.accepted(), shown, origin)


def load(environ: Mapping[str, str] | None = None) -> Loaded:
    """Read every setting, or raise `SettingsRefused` naming all that are wrong, not just the first."""
    environ = os.environ if environ is None else environ
    problems: list[Problem] = []
    given = _from_toml(environ, problems) | _from_environment(environ, problems)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    typed: dict[str, str] = {}
    for name, meaning in meanings().items():
        raw, origins[name] = given.get(name, (meaning.default, say("default", "valeur d'origine")))
        typed[name] = raw
        try:
            values[name.removeprefix(PREFIX).lower()] = meaning.kind.read(raw)
        except NotAccepted:
            problems.append(_refusal(name, meaning, raw, origins[name]))
    if problems:
        raise SettingsRefused(problems)
    values["base_url"] = values["base_url"] or f"http://localhost:{values['port']}"
    return Loaded(Settings(**values), origins, typed)


@cache
def current() -> Settings:
    """The settings of this process, read once."""
    return load().settings


def prepare(settings: Settings) -> None:
    """Make the data folder and the secret key when they are absent; both readable by their owner only.

    Raises OSError when the disk does not allow it. Safe when several processes start at once: one key wins.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.secret_key or settings.secret_key_file.exists():
        return
    # Written aside and linked into place: no process can ever read half a key, and the first one to link wins.
    draft = settings.data_dir / f".secret_key.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, settings.secret_key_file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def unusable(settings: Settings, error: OSError) -> str:
    """What is said when `prepare` fails."""
    return say(f"The data folder {settings.data_dir} cannot be used: {error.strerror}. "
               "Choose another with TENIR_DATA_DIR, or let this user write there.",
               f"Le dossier de données {settings.data_dir} est inutilisable : {error.strerror}. "
               "Choisissez-en un autre avec TENIR_DATA_DIR, ou laissez cet utilisateur y écrire.")  # fmt: skip


def secret_key(settings: Settings) -> str:
    """The signing key: the setting, else the one in the data folder, else one for this process alone.

    The last is for tools that load Django without a desk (type checks, tests); every command calls `prepare` first.
    """
    if settings.secret_key:
        return settings.secret_key
    try:
        return settings.secret_key_file.read_text().strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(64)


def _refusal(name: str, meaning: Meaning, raw: str, origin: str) -> Problem:
    accepted = meaning.kind.accepted()
    if meaning.secret:
        return Problem(name, say(f"the value given ({origin}) is refused. Accepted: {accepted}.",
                                 f"la valeur donnée ({origin}) est refusée. Accepté : {accepted}."))  # fmt: skip
    return Problem(name, say(f"“{raw}” ({origin}) is refused. Accepted: {accepted}.",
                             f"« {raw} » ({origin}) est refusé. Accepté : {accepted}."))  # fmt: skip


def _unknown(name: str, origin: str) -> Problem:
    near = difflib.get_close_matches(name, meanings(), n=1, cutoff=0)[0]
    return Problem(name, say(f"no such setting ({origin}). Did you mean {near}?",
                             f"ce réglage n'existe pas ({origin}). Vouliez-vous dire {near} ?"))  # fmt: skip


def _from_environment(environ: Mapping[str, str], problems: list[Problem]) -> dict[str, tuple[str, str]]:
    ours = {n: v for n, v in environ.items() if n.startswith(PREFIX) and not n.startswith(NOT_SETTINGS)}
    return _resolve(ours, say("environment", "environnement"), problems)


def _from_toml(environ: Mapping[str, str], problems: list[Problem]) -> dict[str, tuple[str, str]]:
    path = _config_file(environ)
    if path is None:
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(Problem(f"{PREFIX}CONFIG", say(f"{path} cannot be read: {error}.",
                                                      f"{path} ne peut pas être lu : {error}.")))  # fmt: skip
        return {}
    ours = {PREFIX + key.upper().removeprefix(PREFIX): _as_typed(value) for key, value in table.items()}
    return _resolve(ours, str(path), problems)


def _config_file(environ: Mapping[str, str]) -> Path | None:
    if named := environ.get(f"{PREFIX}CONFIG"):
        return Path(named).expanduser()
    return next((place for place in CONFIG_PLACES if place.is_file()), None)


def _as_typed(value: object) -> str:
    """A TOML value as one would type it in the environment."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(_as_typed(item) for item in value)
    return str(value)


def _resolve(given: Mapping[str, str], origin: str, problems: list[Problem]) -> dict[str, tuple[str, str]]:
    """Names checked, `NAME_FILE` replaced by what the file holds."""
    known = meanings()
    found: dict[str, tuple[str, str]] = {}
    for name, raw in given.items():
        if name in known:
            found[name] = (raw, origin)
        elif name.endswith("_FILE") and name.removesuffix("_FILE") in known:
            _read_file(name, raw, found, given, problems)
        else:
            problems.append(_unknown(name, origin))
    return found


def _read_file(
    name: str, path: str, found: dict[str, tuple[str, str]], given: Mapping[str, str], problems: list[Problem]
) -> None:
    plain = name.removesuffix("_FILE")
    if plain in given:
        problems.append(Problem(name, say(f"give either {plain} or {name}, not both.",
                                          f"donnez {plain} ou {name}, pas les deux.")))  # fmt: skip
        return
    try:
        found[plain] = (Path(path).expanduser().read_text("utf-8").strip(), f"{name} ({path})")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(name, say(f"{path} cannot be read: {error}.",
                                          f"{path} ne peut pas être lu : {error}.")))  # fmt: skip
