"""The files of a form: those that came now, and those that wait since the form came back for a correction."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tenir.cases.times import size
from tenir.channels.form import waiting
from tenir.channels.form.waiting import NoRoom, Waiting

MOST_FILES = 10


@dataclass
class Files:
    """What came, and what is to be said about it."""

    held: list[Waiting] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def rows(self) -> list[dict[str, str]]:
        """The files that stay with the form when it is shown again."""
        return [{"name": file.name, "size": size(file.size), "slip": file.slip()} for file in self.held]

    def wait(self) -> None:
        """Keeps the files until the form comes again; what cannot be kept is said."""
        kept = []
        for file in self.held:
            try:
                waiting.put(file)
                kept.append(file)
            except (NoRoom, OSError):
                self.problems.append(_("“%(name)s” could not be kept: please attach it again.") % {"name": file.name})
        self.held = kept


def files_of(request: HttpRequest) -> Files:
    """The files that a form carries."""
    found = Files()
    for slip in request.POST.getlist("kept")[:MOST_FILES]:
        _take_up(found, waiting.read(slip))
    sent = request.FILES.getlist("files")
    _take(found, sent)
    return found


def _take_up(found: Files, file: Waiting | None) -> None:
    if file is None:
        found.problems.append(_("A file waited too long and is gone: please attach it again."))
    else:
        found.held.append(file)


def _take(found: Files, sent: "Iterable[UploadedFile[bytes]]") -> None:
    most = settings.MAX_ATTACHMENT_MB
    for file in sent:
        name = _plain(file.name or _("file"))
        if (file.size or 0) > most * 1024 * 1024:
            said = {"name": name, "size": size(file.size or 0), "most": most}
            found.problems.append(
                _("“%(name)s” is too large: %(size)s, and at most %(most)s MB can be sent. Everything else is kept.")
                % said
            )
        elif len(found.held) >= MOST_FILES:
            said = {"name": name, "most": MOST_FILES}
            found.problems.append(_("“%(name)s” is one file too many: at most %(most)s can be sent at once.") % said)
        else:
            found.held.append(waiting.just_sent(name, file.content_type or "", file.read()))


def _plain(name: str) -> str:
    """A file's name on one line, without signs that cannot be seen or that turn the writing round."""
    return "".join(sign for sign in name if sign.isprintable()).strip() or _("file")
