"""The sentences that mail programs write around what people write, in French and English first.

Every pattern is applied to one *flat* line (lower case, no accents, straight apostrophes, see `flat`), is anchored or
starts with a literal, and has only bounded or single repeats, so that its time is linear in the line.
"""

from __future__ import annotations

import re

_ACCENTED = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ’‘ʼ´\u00a0\u202f\u2007–—"
_PLAIN = dict(zip(_ACCENTED, "aaaaaaceeeeiiiinooooouuuuyy''''   --", strict=True))
_FLAT = re.compile(f"[{_ACCENTED}]")


def flat(text: str) -> str:
    """Lower case, without French accents, apostrophes and spaces made plain; same length, so offsets hold."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    if len(lowered) != len(text):  # the one letter whose lower case is two characters would move all that follows
        lowered = text.replace("\u0130", "i").lower()
    return _FLAT.sub(lambda match: _PLAIN[match[0]], lowered)


# -- What precedes another person's words ------------------------------------------------------------------------------

_NOUNS = r"(?:e-?mail|mail|message|courriel|courrier|nachricht|mensaje|correo|messaggio|bericht)"
_ORIGINAL = re.compile(
    rf"(?:{_NOUNS} (?:d'origine|original(?:e|er)?|originel|initial|precedent|originale)|original {_NOUNS}"
    rf"|(?:ursprungliche|originele|oorspronkelijk) {_NOUNS}|original appointment|rendez-vous d'origine"
    rf"|reply message|original-nachricht|ursprungliche nachricht|message d'origine du .{{0,60}})"
)
_FORWARD = re.compile(
    rf"(?:{_NOUNS} (?:transfere|transmis|reexpedie|re-expedie|redirige|reenviado|inoltrato|suivi)e?"
    rf"|(?:debut du|begin|anfang der|inicio del|inizio|start) "
    rf"(?:{_NOUNS} (?:transfere|reexpedie|transmis|reenviado|inoltrato)|forwarded {_NOUNS}|weitergeleiteten {_NOUNS})"
    rf"|(?:forwarded|weitergeleitete|doorgestuurd) {_NOUNS}(?: follows)?|fwd message|transfere par .{{1,80}}"
    rf"|forwarded by .{{1,80}})"
)
_RULER = re.compile(r"[-_=*#~. ]{3,200}")


def separator(line: str) -> str | None:
    """Is this flat line an "-----Original message-----" ("history") or a "forwarded message" ("forwarded") line?"""
    bare = line.strip(" -_=*#~>|:\t")
    if not bare or len(bare) > 100:
        return None
    dressed = line.strip().startswith(("--", "__", "==", "**", "~~"))
    if _FORWARD.fullmatch(bare):
        opened = bare.startswith(("debut", "begin", "anfang", "inicio", "inizio", "start"))
        return "forwarded" if dressed or opened else None
    return "history" if dressed and _ORIGINAL.fullmatch(bare) else None


def ruler(line: str) -> bool:
    """A line of dashes, underscores or equal signs."""
    return bool(_RULER.fullmatch(line)) and bool(line.strip(" ."))


_LABELS = {
    "from": ("de", "from", "von", "da", "van", "expediteur", "remitente", "fra", "emetteur"),
    "sent": (
        "envoye", "envoye le", "sent", "gesendet", "enviado", "enviado el", "inviato", "verzonden", "sent on",
        "message du", "date d'envoi",
    ),
    "date": ("date", "datum", "fecha", "data", "received", "recu", "recu le", "date et heure"),
    "to": ("a", "to", "pour", "an", "para", "aan", "destinataire", "destinataires", "til"),
    "subject": ("objet", "subject", "sujet", "betreff", "asunto", "oggetto", "onderwerp", "assunto", "emne"),
    "other": (
        "cc", "cci", "bcc", "copie", "copie a", "copies a", "reply-to", "repondre a", "importance", "priorite",
        "pieces jointes", "piece jointe", "attachments", "anlagen", "organisation", "x-mailer", "kopie",
        "priority", "sensitivity", "organization", "return-path",
    ),
}  # fmt: skip
_CLASS = {label: kind for kind, labels in _LABELS.items() for label in labels}
_LABEL = re.compile(r"[\s*_|]{0,8}([a-z][a-z' -]{0,18}?)[\s*_]{0,4}:[\s*_]{0,8}(.{0,2000})")


def label(line: str) -> tuple[str, str] | None:
    """The class ("from", "sent", "date", "to", "subject", "other") and the value of a quoted header line."""
    match = _LABEL.match(line)
    if not match:
        return None
    kind = _CLASS.get(match[1].strip())
    return (kind, match[2].strip(" *_")) if kind else None


_VERB = re.compile(
    r"(?:\ba ecrit|^ecrit|\bwrote|\bschrieb|\bescribio|\bha scritto|\bschreef|\bescreveu|\bskrev|\bwrites"
    r"|\bhas written|\ba repondu|\bschreibt)\b(?P<after>[^:]{0,120}(?::\d\d[^:]{0,60}){0,2}):?[*_ ]{0,3}$"
)
_ADDRESSED = re.compile(
    r"(?:\b[mtl]'|\b(?:nous|vous|lui|leur|me|te|on|personne|i|we|you|he|she|they|who|qui|as|ai)\s{1,3})"
    r"(?:a ecrit|a repondu|wrote|writes|has written)"
)
_START = re.compile(
    r"[\s*_>-]{0,6}(?:(?:le|on|am|el|il giorno|il|op|em|den|at|du)\b|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"
    r"|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim"
    r"|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b)"
)
_DATED = re.compile(r"\d{1,2}\s?[:h.]\s?\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b")
_MAIL = re.compile(r"[^\s@<>]@[^\s@<>]")
_BARE_GMAIL = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:gmt|utc)?\S{0,8} .{1,120}<[^<>\s]{1,120}>\s?:")


def may_end_attribution(line: str) -> bool:
    """A cheap look: could this flat line be the last of "On … wrote:"?"""
    return line.rstrip(" *_").endswith(":") or "wrote" in line or "ecrit" in line


def starts_attribution(line: str) -> bool:
    """Does this flat line begin as an attribution does: "Le", "On", a weekday, a date?"""
    return _START.match(line) is not None


def attribution(lines: str) -> str | None:
    """Do these flat lines, joined, introduce a quotation? "sure" even before unquoted text, "quoted" only before"
    " ">"."""
    text = lines.strip()
    if len(text) > 600:
        return None
    if _BARE_GMAIL.fullmatch(text):
        return "sure"
    verb = _VERB.search(text)
    if not verb or _ADDRESSED.search(text[max(0, verb.start() - 12) : verb.end()]):
        return None
    started, dated, mail = bool(_START.match(text)), bool(_DATED.search(text)), bool(_MAIL.search(text))
    ended = text.rstrip(" *_").endswith(":")
    if started and ended and (mail or (dated and re.search(r"\d\s?[:h]\s?\d\d", text))):
        return "sure"
    if not started and ended and dated and (mail or verb["after"].strip()):
        return "sure"
    return "quoted" if ended and len(text) < 300 else None


# -- What mail programs add after a person's words ---------------------------------------------------------------------

_DEVICES = (
    r"i-?phone|i-?pad|ipod|mobile|portable|telephone|smartphone|appareil|galaxy|samsung|huawei|honor|android|xiaomi"
    r"|redmi|blackberry|windows|nokia|sony|xperia|tablette?|tel|phone|device|handset|oneplus|oppo|pixel|wiko|htc|lg"
    r"|motorola|mac|macbook|apple watch|telefono|handy|mobiltelefon|movil|cellulare|dispositivo|gerat"
)
_PROGRAMS = (
    r"outlook|yahoo|mail|courrier|messagerie|orange|proton ?mail|protonmail|proton|gmail|spark|free|sfr|la poste"
    r"|laposte|bouygues|workspace|tutanota|tuta|thunderbird|mymail|k-?9|aol|hotmail|bluemail|canary|superhuman|ovh"
    r"|mailspring|edison|airmail|fairemail|zimbra|roundcube|hey|aqua mail|typeapp|nine|boxer|infomaniak|gmx|web\.de"
    r"|microsoft|polymail|newton|shortwave|missive"
)
_SENT = re.compile(
    r"[\s*_>-]{0,4}(?:(?:envoye|expedie|ecrit|sent|gesendet|enviado|inviato|verzonden|message envoye|mail envoye)"
    r" (?:a partir d[eu]|depuis|d[eu]|via|avec|from|with|using|by|mit|von|desde|con|da|met|en utilisant|par|grace a)"
    r"(?: (?:mon|ma|my|meinem?|mi|mio|un|une|a|an|le|la|l'application|l'appli|the|il|the new|samsung))?\b"
    rf"[^.,;:!?]{{0,40}}\b(?:{_DEVICES}|{_PROGRAMS})\b|von meinem (?:{_DEVICES})\b.{{0,30}}gesendet"
    rf"|von (?:{_DEVICES}|{_PROGRAMS}).{{0,30}}gesendet)"
)
_GET = re.compile(
    r"[\s*_>-]{0,4}(?:(?:telecharge[rz]|obtene[zr]|obtenir|get|download|descargar?|obtener|scarica|laden sie"
    r"|holen sie sich) (?:outlook|yahoo|blue ?mail|aqua mail|spark|mymail|l'application|the)\b.{0,60}"
    r"|yahoo mail ?: ?.{0,60}|provenance ?: ?courrier pour windows.{0,20}|from mail for windows.{0,10}"
    r"|(?:cet? )?e-?mail (?:sans virus|garanti).{0,60})"
)
_BREVITY = re.compile(r".{0,30}(?:brievete|brevity|mes fautes|typos|fautes de frappe|laconique).{0,30}")


def sent_from(line: str) -> bool:
    """Is this flat line only what a telephone or a program adds ("Envoyé de mon iPhone", "Get Outlook for iOS")?"""
    if len(line) > 170:
        return False
    match = _SENT.match(line)
    if match:
        rest = line[match.end() :]
        return (len(rest.split()) <= 8 and "?" not in rest and "," not in rest) or bool(_BREVITY.fullmatch(rest))
    return bool(_GET.fullmatch(line.strip()))


def brevity(line: str) -> bool:
    """ "Please excuse my brevity", on a line of its own after the telephone's line."""
    return len(line) < 120 and bool(_BREVITY.fullmatch(line.strip()))


_SIGN_OFF = re.compile(
    r"(?:(?:bien |tres |sincerement |amicalement |respectueusement )?(?:cordialement|sincerement|amicalement"
    r"|respectueusement)(?: (?:votre|a vous|vôtre))?|cdlt|cdt|cordlt|bien a (?:vous|toi)|salutations(?: distinguees)?"
    r"|meilleures? (?:salutations|sentiments)|sinceres salutations|cordiales salutations|avec mes (?:salutations"
    r"|remerciements)"
    r".{0,40}|(?:je vous prie|nous vous prions|veuillez|recevez|dans l'attente).{0,160}"
    r"|(?:bonne|belle|excellente) (?:journee|soiree|reception|fin de journee|semaine)(?: a (?:vous|toi))?"
    r"|bon(?:ne)? week-?end|merci(?: beaucoup| d'avance| par avance| bien)?(?: et .{0,40}| pour .{0,40})?|a bientot"
    r"|(?:with )?(?:best|kind|warm|kindest|warmest)(?: regards| wishes)?|regards|(?:yours )?(?:sincerely"
    r"|faithfully|truly)"
    r"|sincerely yours|yours|cheers|thanks(?: in advance| a lot| again| and regards| so much)?|thank you(?: .{0,40})?"
    r"|many thanks|all the best|respectfully|br|rgds|mit freundlichen grussen|freundliche grusse|viele grusse|mfg"
    r"|un saludo|saludos(?: cordiales)?|atentamente|cordiali saluti|distinti saluti)"
    r"(?:,? (?:cordialement|merci|regards))?[ ,.!]{0,4}"
)


def sign_off(line: str) -> bool:
    """Is this flat line a closing formula and nothing else?"""
    return len(line) < 200 and bool(_SIGN_OFF.fullmatch(line.strip()))


# -- Notices -----------------------------------------------------------------------------------------------------------

_STRONG = re.compile(
    r"(?:recu|recevez|receive[d]?)(?: par erreur)? (?:ce|cet|this|the) (?:e-?mail|message|courriel|courrier|mail"
    r"|document"
    r"|communication|transmission)(?: .{0,30})?(?: par erreur| in error| by mistake)"
    r"|(?:si vous n'etes pas|if you are not) (?:le|la|l'un des|the|an?) ?(?:veritable |intended |named |bon )?"
    r"(?:destinataire|recipient|addressee)"
    r"|(?:exclusi(?:f|ve|vement)|solely|only|confidentiel(?:lement)?|unique(?:ment)?|seul usage|exclusively).{0,60}"
    r"(?:destinataires?|addressees?|recipients?|individual or entity|personnes? a (?:laquelle|qui|l'attention))"
    r"|(?:a l'intention|a l'attention|reserve a l'usage|l'usage) (?:exclusive?|exclusif|unique|de son destinataire)"
    r"|(?:avant d'imprimer|before printing|n'imprimez|do not print|think before you print|pensez a l'environnement"
    r"|consider the environment|pensez avant d'imprimer)"
    r"|decline(?:nt|s)? toute responsabilite|accepts? no (?:liability|responsibility)|disclaims? (?:all"
    r"|any) liability"
    r"|integrite de ce message|susceptibles? d'alteration|internet ne permet(?:tant)? pas|may be privileged"
    r"|legally privileged|privileged and confidential|strictly prohibited|strictement interdite?"
    r"|(?:originated|came|comes) from outside|external (?:e-?mail|sender)|expediteur externe|e-?mail externe"
    r"|(?:provient|emane) de l'exterieur|verifie par (?:le logiciel antivirus d')?avast|checked for viruses"
    r"|absence de virus|sans virus\.|virus-free|garanti sans virus|scanned by|analyse par"
    r"|click(?:ing)? links? or open"
    r"|ne cliquez pas sur (?:les|des) liens|registered (?:office|in england|number)|a ete verifie par"
    r"|this message contains confidential information|politique de (?:confidentialite|protection)"
    r"|diese e-?mail enthalt vertrauliche|este (?:mensaje|correo) .{0,40}confidencial"
)
_WEAK = re.compile(
    r"confidenti|destinataire|recipient|addressee|privileged|detrui|supprim|delete|disclos|divulg|unauthori"
    r"|non autoris"
    r"|notify the sender|avertir|l'expediteur|sender|pieces? jointes?|attachments?|prohibited|interdit|copying|virus"
    r"|responsab|liab|environn|imprim|print|erreur|in error|reproduct|diffusion|dissemin|distribution|intercept"
    r"|ci-apres"
)
_BANNER = re.compile(
    r"[\[\s*_>!]{0,6}(?:external|externe|caution|attention|avertissement|warning|mise en garde)\b.{0,20}[:\]!-]"
)


#: One of these is in every notice; looking for them first spares nearly every mail the patterns above.
_HINTS = (
    "confiden", "destinataire", "recipient", "addressee", "avast", "avg.", "virus", "imprim", "print", "registered",
    "extern", "exterieur", "outside", "privileg", "prohibit", "interdit", "liabil", "responsab", "erreur", "in error",
    "mistake", "integrite", "alteration", "cliquez", "vertraulich", "scanned", "analyse", "verifie", "politique",
    "intention", "usage",
)  # fmt: skip


def notice_words(line: str) -> bool:
    """Does this flat line have any word of a notice?"""
    return bool(_WEAK.search(line) or _STRONG.search(line))


def notice(paragraph: str, *, after_notice: bool) -> bool:
    """Is this flat paragraph a confidentiality notice, an antivirus line or a security banner?

    One sentence that only a notice has, and two more of its words; after a notice, or in a short one, less is needed.
    """
    text = paragraph[:3_000].replace("\n", " ")
    if not after_notice and not any(hint in text for hint in _HINTS):
        return False
    strong = {m[0][:14] for m in _STRONG.finditer(text)}
    if not strong:
        return after_notice and len(set(_WEAK.findall(text))) >= 3
    weak = len(set(_WEAK.findall(text)))
    if re.search(r"\b(?:j'ai|je n'ai|i have|i've|i did|mon colis|ma commande|my order|my parcel)\b", text):
        return len(strong) >= 3
    if len(strong) >= 2 or weak >= 4 or after_notice or _BANNER.match(text):
        return True
    short = len(text) < 220
    return short and bool(_UNMISTAKABLE.search(text))


_UNMISTAKABLE = re.compile(
    r"avant d'imprimer|before printing|consider the environment|environnement|avast|virus-free|sans virus|checked for"
    r"|originated from outside|from outside (?:of )?(?:the|your|our)|exterieur de|registered (?:office|in england)"
    r"|avg\.com|think before you print|expediteur externe|external sender|absence de virus"
    r"|privileged and confidential"
)

# -- Blocks of a business card -----------------------------------------------------------------------------------------

_CONTACT = re.compile(
    r"(?:\+|\b00)\s?\d[\d .()/-]{6,18}\d|\b0\d(?:[ .-]?\d\d){4}\b|\b(?:tel|mob|fax|gsm|port|phone|mobile|cell|direct"
    r"|standard|telephone|portable|ligne directe|t|m|p|d|f|e)\s?[.:]\s{0,3}[+(\d]|\(\d{2,4}\) ?\d{3}"
    r"|\b\d{3}[-.]\d{3}[-.]\d{4}\b"
    r"|[^\s@<>]{1,64}@[^\s@<>]{1,64}\.[a-z]{2,12}|\b(?:https?://|www\.)\S|^\S{2,40}\.(?:fr|com|org|net|eu|be|ch|ca"
    r"|example|co\.uk|uk|io)/?$"
    r"|\b\d{5} [a-z][a-z' -]{2,30}|\bcs \d{5}|\bbp \d{2,5}|\bcedex\b|\b\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue"
    r"|av\.|bd|boulevard|place"
    r"|allee|chemin|impasse|quai|route|cours|square)\b|\b\d{1,5} [a-z' ]{2,30} (?:street|st\.|road|rd\.?|avenue"
    r"|lane|drive)\b"
    r"|\b[a-z]{1,2}\d{1,2}[a-z]? \d[a-z]{2}\b|\b(?:siret|siren|rcs|tva|vat)\b"
)
_JOB = re.compile(
    r"\b(?:direct(?:eur|rice|or)|responsable|charge[e]? d|manager|assistante?|gerante?|president[e]?|chef|cheffe"
    r"|ingenieure?|engineer|consultante?|commerciale?|comptable|accountant|secretaire|technicien(?:ne)?|officer"
    r"|head of"
    r"|ceo|cto|cfo|vp|sales|marketing|service|departement|department|pole|agence|sarl|sas|sasu|eurl|sa|ltd|llc|inc"
    r"|gmbh"
    r"|coordinat(?:eur|rice|or)|conseillere?|analyste?|avocate?|notaire|docteur|dr|associe[e]?|partner|founder"
    r"|fondat(?:eur|rice)"
    r"|developpeu(?:r|se)|developer|professeure?|architecte?|infirmiere?|gestionnaire|adjointe?|mairie|association"
    r"|cabinet|societe)\b"
)
_MATTER = re.compile(
    r"\b(?:commande|client(?:e)? n|numero|dossier|contrat|facture|reference|ref|order|account|customer (?:no|id"
    r"|number)"
    r"|invoice|ticket|suivi|tracking|iban|abonne(?:ment)?|n°|no?\.? de)\b.{0,30}\d|^p\.? ?s\.?\b"
)


def contact_line(line: str) -> bool:
    """Does this flat line carry a telephone, an address or a site as on a business card?"""
    return len(line) < 200 and bool(_CONTACT.search(line)) and len(line.split()) <= 16


def job_line(line: str) -> bool:
    """Does this flat line name a post, a service or a kind of company?"""
    return len(line) < 90 and bool(_JOB.search(line)) and len(line.split()) <= 9


def matter_line(line: str) -> bool:
    """An order number, a client number or a postscript: never folded, even below the name."""
    return bool(_MATTER.search(line))
