"""What a text is about: its words without those that every letter has, by their stems. Pure functions."""

from __future__ import annotations

from tenir.text.folding import fold
from tenir.text.words import stem, words

_EVERYWHERE = {
    "fr": "a à afin ai ainsi alors année après assez au aucun aucune aujourd'hui auparavant aussi autre autres"
    " aux avait avais avant avec avez avoir avons beaucoup bien bonjour bonne bonsoir car ce ceci cela"
    " celle celui ces cet cette chaque cher chère chez ci comme comment concernant contre cordialement"
    " dans de demain demande demander depuis dernier derniers dernière derrière des dès dessous dessus"
    " deux devez devrait dire dit dois doit donc dont du elle elles en encore ensuite entre es est et"
    " étaient était été être eu eux expliquer faire fais fait faites faut fin fois grâce hier ici il ils"
    " j'ai jamais je jour journée jours juste l'on la là laquelle le lequel les leur leurs lors lorsque"
    " lui ma madame maintenant mais malgré mal me même merci mes message messieurs mesdames mieux moi"
    " moins mois mon monsieur ne ni non nos notre nous nouveau nouvelle on ont or ou où oui par parce pas"
    " pendant peu peut peuvent peux plus plusieurs plutôt point pour pourquoi pourrait pourriez pouvez"
    " possible presque puis puisque qu quand que quel quelle quelles quels qui quoi rappel re réponse"
    " répondre retour rien sa sais salut sans savoir se sera ses seulement semaine semaines si simplement"
    " sincères soit sommes son sont souhaite souhaiterais sous suis suite sur svp ta tant te tel telle tes"
    " toi ton toujours tous tout toute toutes très trois trop tu un une va vais venir vers veuillez veux"
    " vient voici voilà voir vos votre voudrais vouloir vous vraiment vu y",
    "en": "a able about above after again all already also always am an and any anyone anything are as ask"
    " asked at back be because been before being best both but by call called can can't cannot could day"
    " days dear did didn't do does doesn't doing don don't done each email every few first for from get"
    " give go good got had has have haven't having he hello help her here hi him his hope how however i"
    " i'd i'll i'm i've if in into is isn't it its just kind know last let like look made make mail many"
    " may me message mine month months more morning most much must my need never new no not nothing now of"
    " off often ok on once one only or other our ours out over own please possible question re really"
    " regards reply said same say see sent she should since sincerely so some someone something still such"
    " take tell than thank thanks that the their them then there these they thing think this those three"
    " through time to today tomorrow too two under until up us very want was we week weeks well were what"
    " when where which while who why will wish with without won would write wrote yes yesterday yet you"
    " your yours",
}
_STEMS: dict[str, frozenset[str]] = {
    language: frozenset(stem(word, language) for word in listed.split()) | frozenset(map(fold, listed.split()))
    for language, listed in _EVERYWHERE.items()
}
_SHORTEST = 3


def matter(text: str, language: str) -> dict[str, str]:
    """What a text is about: each telling stem with the word as it was first written, in order.

    Left out: what every letter has, in French or in English; words of one or two letters; figures. In a language that
    is neither, words are compared as they stand.
    """
    found: dict[str, str] = {}
    passed_over = _STEMS.get(language) or _STEMS["fr"] | _STEMS["en"]
    for word in words(text):
        if len(word.folded) < _SHORTEST or word.folded in passed_over or any(c.isdigit() for c in word.folded):
            continue
        root = stem(word.text, language)
        if root not in passed_over:
            found.setdefault(root, word.text)
    return found
