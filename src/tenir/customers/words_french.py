"""French rules of the gentle check. Patterns are without accents and in lower case."""

from tenir.customers.words_rules import Hint, Kind, Tongue, either, pointing, whole

_PEOPLE = """
        client, cliente, monsieur, dame, personne, abonnee?, homme, femme, usager, usagere, type, bonhomme, bonne
        femme, mec, vieux, vieille, appelant, appelante, interlocuteur, interlocutrice, demandeur, demandeuse,
        correspondant, correspondante, gars, papi, papy, mamie
    """
_KIN = either("""
        son mari, son fils, son pere, son frere, son conjoint, son compagnon, son epoux, son enfant, sa femme, sa
        fille, sa mere, sa soeur, sa conjointe, sa compagne, son epouse
    """)
_NAMED = r"(?:(?:m\.|mr|mme|mlle|monsieur|madame|mademoiselle)\s+[\w'-]+(?:\s+[\w'-]+)?|(?<=, )madame|monsieur|madame)"
_NOUN = rf"(?:(?:le|la|l'|les|ce|cet|cette|un|une|notre|mon|ma)\s*{either(_PEOPLE)}s?|{_KIN}|{_NAMED})"
_PRONOUN = r"(?:il|elle|celui-ci|celle-ci)"
_IS = either("""
        est, etait, serait, semble, semblait, parait, paraissait, a l'air, avait l'air, a ete, est devenue?,
        devient, doit etre, n'est, n'etait, etant, se montre, s'est montree?, reste, est restee?
    """)
_DEGREE = (
    r"(?:\s+"
    + either("""
        vraiment, tres, trop, completement, totalement, un peu, assez, plutot, si, tellement, franchement,
        carrement, toujours, encore, aussi, visiblement, surement, sans doute, probablement, apparemment, pas, plus,
        legerement, bien, quand meme, juste, peu, souvent, extremement, particulierement, presque, a moitie, un,
        une, vrai, vraie, sacre, sacree, gros, grosse, a nouveau, parfois, clairement, malheureusement
    """)
    + "){0,4}"
)
_SAID_OF_A_PERSON = rf"(?:{_NOUN}|{_PRONOUN})\s+{_IS}{_DEGREE}\s+"
_SAID_OF_SOMEBODY_NAMED = rf"{_NOUN}\s+{_IS}{_DEGREE}\s+"
_ALONE = either("client, cliente, abonnee?, monsieur, dame, personne, papi, papy, mamie, usager")
_A_PERSON_WHO_IS = rf"(?:{_ALONE}\s+(?:{either('tres, un peu, vraiment, assez, plutot')}\s+)?)"
_KIND_OF = either("""
        vrai, vraie, sacre, sacree, gros, grosse, vieux, vieille, sale, pauvre, petit, petite, parfait, parfaite, bel,
        belle
    """)
_THIS_IS_A = (
    r"(?:c'est|c'etait|quel|quelle)\s+(?:(?:vraiment|bien|encore|toujours|juste)\s+)?"
    r"(?:(?:un|une|le|la|l'|du|de la)\s*)?"
    rf"(?:{_KIND_OF}\s+)?"
)
_THIS = rf"(?:{_THIS_IS_A}|(?:encore\s+(?:un|une)|ce|cet|cette|un vieux|une vieille)\s+)"
_OF_WHOM = rf"(?:{_SAID_OF_A_PERSON}|{_A_PERSON_WHO_IS})"
_OF_WHOM_NAMED = rf"(?:{_SAID_OF_SOMEBODY_NAMED}|{_A_PERSON_WHO_IS})"
_NOT_A_COMPLEMENT = r"(?!\s+(?:a|au|aux|en|par|dans|pour|de|d'|des|du|que|qu')(?:\s|\b))"

_HEALTH = [
    pointing(
        Kind.HEALTH,
        Hint.SLOW_OR_WRITING,
        _OF_WHOM,
        """
        sourde?, sourde? d'une oreille, sourd-muet, sourde-muette, sourd comme un pot, sourde comme un pot,
        malentendante?, dyslexique, begue, autiste, aphasique, dure? d'oreille, dure? de la feuille, dure? de
        l'oreille
    """,
    ),
    pointing(
        Kind.HEALTH,
        Hint.SLOW_OR_WRITING,
        "",
        """
        dure? d'oreille, dure? de la feuille, son autisme, sa surdite, son appareil auditif, sa dyslexie
    """,
    ),
    pointing(Kind.HEALTH, Hint.LARGE_OR_CALL, _OF_WHOM, "aveugle, malvoyante?, non-voyante?, non voyante?, daltonien"),
    pointing(
        Kind.HEALTH,
        Hint.ACCESS,
        _OF_WHOM,
        """
        handicapee?, invalide, paralysee?, tetraplegique, paraplegique, hemiplegique, en fauteuil roulant, en
        fauteuil, en situation de handicap, a mobilite reduite, grabataire
    """,
        r"(?!\s+par\b)",
    ),
    pointing(Kind.HEALTH, Hint.WITHOUT_REASON, r"(?:a|avait)\s+", "alzheimer, parkinson"),
    pointing(Kind.HEALTH, Hint.ACCESS, r"(?:se deplace|vit|circule|est|etait)\s+", "en fauteuil roulant"),
    pointing(Kind.HEALTH, Hint.ACCESS, r"(?:a|avait|avec|de|cause de|malgre|lourd|vu)\s+", "un handicap, son handicap"),
    pointing(
        Kind.HEALTH,
        Hint.UNAVAILABLE,
        _OF_WHOM,
        """
        enceinte, malade, malades, malade mentale?, gravement malade, tres malade, serieusement malade,
        hospitalisee?, a l'hopital, en arret maladie, en cure, a l'hopital psychiatrique, en maison de repos,
        convalescente?, en convalescence, en soins palliatifs, en fin de vie, mourante?
    """,
        r"(?!\s+de\s+(?:rire|bruit|retard|cote)\b)",
    ),
    pointing(
        Kind.HEALTH,
        Hint.UNAVAILABLE,
        "",
        """
        tombee? malade, vient d'etre operee?, s'est fait operer, se fait operer, va se faire operer, a ete operee?,
        a ete hospitalisee?, va etre operee?, doit etre operee?, doit se faire operer, sa grossesse, son
        hospitalisation, femme enceinte de, accouche, a accouche
    """,
    ),
    pointing(
        Kind.HEALTH,
        Hint.WITHOUT_REASON,
        _OF_WHOM,
        """
        depressif, depressive, bipolaire, schizophrene, psychotique, diabetique, epileptique, seropositif,
        seropositive, cancereux, cancereuse, cardiaque, asthmatique, alcoolique, toxicomane, anorexique, drogue,
        droguee, senile, demente?, suicidaire, sous traitement, sous medicaments, sous antidepresseurs, sous
        morphine, en depression, en burn-out, en burn out, en burnout, en chimio, en chimiotherapie, en remission,
        malade du coeur, atteinte? de la maladie, trisomique, hypocondriaque
    """,
    ),
    pointing(
        Kind.HEALTH,
        Hint.WITHOUT_REASON,
        _THIS_IS_A,
        """
        alcoolique, depressif, depressive, toxicomane, toxico, schizophrene, malade mentale?, handicapee?, autiste,
        drogue, droguee, trisomique, senile, mongol
    """,
    ),
    pointing(
        Kind.HEALTH,
        Hint.WITHOUT_REASON,
        r"(?:(?:a|avait|eu|fait|souffre de|suite a|apres|depuis|soignee? pour)\s+"
        r"(?:(?:un|une|du|de la|de l'|des|le|la|l'|son|sa|ses|de gros|de graves|d'importants)\s*)"
        r"|(?:son|sa|ses|avait un|eu un|souffre de|souffrait de)\s+"
        r"|(?:atteinte? |souffre |souffrant |souffrait |remise? |sort )(?:d'|de )(?:un |une |la |l')?)",
        """
        cancer, cancer du \\w+, cancer de \\w+, avc, infarctus, crise cardiaque, depression, depression nerveuse,
        burn-out, burnout, alzheimer, maladie d'alzheimer, parkinson, maladie de parkinson, diabete, epilepsie,
        sida, vih, covid, sclerose en plaques, demence, chimio, chimiotherapie, leucemie, tumeur, fausse couche,
        maladie grave, maladie chronique, grave maladie, longue maladie, problemes de sante, soucis de sante, ennuis
        de sante, problemes psy, problemes psychologiques, problemes psychiatriques, troubles psychiques, troubles
        psychiatriques, troubles mentaux, troubles de la memoire, antidepresseurs, problemes cardiaques, traitement
        medical, traitement lourd, tentative de suicide
    """,
        r"(?!\s+(?:du chien|du chat|de son chien|de son chat|sur|au large|atlantique))",
    ),
    pointing(
        Kind.HEALTH,
        Hint.WITHOUT_REASON,
        "",
        """
        pour raisons? de sante, pour des raisons de sante, pour raisons? medicales?, a cause de sa maladie, a cause
        de sa sante, sa maladie, son etat de sante, perd la tete, perd la boule, perd la memoire, n'a plus toute sa
        tete
    """,
    ),
]

_FAITH = """
        musulmane?, juif, juive, catholique, catho, protestante?, evangelique, temoin de jehovah, athee, bouddhiste,
        chretien, chretienne, islamiste, integriste, voilee, pratiquante?, tres croyante?, croyante?
    """
_POLITICS = """
        d'extreme droite, d'extreme gauche, gauchiste, facho, fasciste, communiste, socialiste, lepeniste,
        macroniste, melenchoniste, royaliste, syndicaliste, syndiquee?, syndiquee? a la cgt, a la cgt, cegetiste,
        gilet jaune, raciste, complotiste, antivax, anti-vax, militante?, militante? \\w+, encartee?, franc-macon
    """
_LIFE = "homosexuel, homosexuelle, homo, gay, lesbienne, transsexuel, transsexuelle, transgenre, pede, gouine"
_ORIGIN = """
        arabe, maghrebine?, africaine?, noire?, asiatique, chinoise?, rom, gitane?, manouche, turc, turque,
        etranger, etrangere, polonaise?, roumaine?, marocaine?, algerien, algerienne, tunisien, tunisienne,
        portugaise?, d'origine \\w+, sans papiers, sans-papiers
    """
_OPINION = [
    pointing(Kind.OPINION, Hint.LEAVE_OUT, _OF_WHOM, f"{_FAITH}, {_POLITICS}, {_LIFE}, d'origine \\w+"),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, _OF_WHOM_NAMED, _ORIGIN, r"(?!\s+(?:a|au)\b)"),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, _THIS_IS_A, """
        arabe, noir, noire, juif, juive, musulmane?, gitane?, rom, pede, catho, facho, gauchiste, gaucho, manouche,
        raciste, complotiste, temoin de jehovah, romanichel, immigree?, lesbienne, homo, gay, syndicaliste,
        integriste, islamiste, gilet jaune
    """),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, r"(?:vote|votait|a vote|voter)\s+(?:pour\s+)?(?:(?:le|la|les|a)\s+)?",
        """rn, fn, lfi, ps, lr, le pen, macron, melenchon, zemmour, droite, gauche, extreme droite, extreme gauche,
        ecolo"""),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, r"(?:il|elle|cliente?|madame|monsieur|dame)\s+", """
        porte le voile, porte la kippa, porte une kippa, fait le ramadan, va a la messe, va a la mosquee, va a la
        synagogue, frequente la mosquee
    """),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, "", """
        bougnoule, bougnoules, bicot, youpin, youpine, negro, sale arabe, sale juif, sale juive, sale noir, sale
        gitan, sale pede, sale gouine, tarlouze, sale race, sale etranger
    """),
]  # fmt: skip

_OFFENCE = [
    pointing(
        Kind.OFFENCE,
        Hint.FACT_SEEN,
        _OF_WHOM,
        """
        voleur, voleuse, escroc, arnaqueur, arnaqueuse, fraudeur, fraudeuse, delinquante?, criminel, criminelle,
        repris de justice, dealer, dealeur, mafieux, ancien detenu, taulard, recidiviste, pedophile, violeur, en
        prison, incarceree?, en garde a vue, sous bracelet electronique, condamnee? pour \\w+, condamnee? a de la
        prison, mise? en examen, fichee?, connue? de la police, connue? des services de police, faussaire, malfrat,
        voyou
    """,
    ),
    pointing(
        Kind.OFFENCE,
        Hint.FACT_SEEN,
        _THIS_IS_A,
        """
        voleur, voleuse, escroc, arnaqueur, arnaqueuse, fraudeur, fraudeuse, delinquante?, criminel, criminelle,
        repris de justice, dealer, taulard, recidiviste, violeur, pedophile, voyou, malfrat, bandit, truand
    """,
    ),
    pointing(
        Kind.OFFENCE,
        Hint.FACT_SEEN,
        "",
        """
        a fait de la prison, sort de prison, sortie? de prison, sortant de prison, son casier judiciaire, un casier
        judiciaire, casier judiciaire charge
    """,
    ),
]

_INSULTS = """
        connard, connards, connasse, connasses, conasse, conard, salope, salopes, salaud, enfoiree?, enculee?,
        encule, abrutie?, abrutis, cretine?, cretins, trou du cul, trouduc, fils de pute, pute, cassos, cas soc, cas
        social, casse-couilles, casse couilles, tocard, emmerdeur, emmerdeuse, chieuse, pauvre type, gros con,
        grosse conne, sale con, sale conne, pauvre con, pauvre conne, vieux con, vieille conne, petit con, petite
        conne, bande de cons, vieille folle, vieux fou, vieille bique, vieux schnock, vieille peau, gros lard,
        grosse vache, espece de \\w+, tete a claques, tete de con, mal baisee, hysterique de service
    """
_LIES = """
        menteur, menteuse, malhonnete, de mauvaise foi, mythomane, mytho, manipulateur, manipulatrice, profiteur,
        profiteuse, tricheur, tricheuse, opportuniste, hypocrite, fourbe
    """
_MANNERS = """
        mechante?, mechants, hysterique, agressif, agressive, malpolie?, impolie?, grossier, grossiere, odieux,
        odieuse, mal elevee?, insolente?, arrogante?, pretentieux, pretentieuse, imbuvable, hautaine?, exasperante?,
        desagreable, antipathique, haineux, haineuse, colerique, irrespectueux, irrespectueuse, ivre, ivre morte?,
        folle, fou, cinglee?, taree?, derangee?, parano, paranoiaque, toquee?, fou furieux, folle furieuse,
        siphonnee?, detestable, insupportable, infernale?, invivable, vulgaire
    """
_DEMANDS = """
        chiante?, casse-pieds, penible, radine?, pingre, rapiate?, grippe-sou, lourdingue, relou, procedurier,
        procedurière, proceduriere, rale[u]r, raleuse, ingrate?, jamais contente?, jamais satisfaite?, exigeante?,
        pinailleur, pinailleuse, sangsue, geignarde?, pleurnicharde?, grincheux, grincheuse, acariatre, aigrie?,
        feignante?, faineante?, assistee?
    """
_WITS = """
        idiote?, stupide, bete, bete comme ses pieds, con, conne, debile, imbecile, simplet, simplette, neuneu,
        ignorante?, ignare, borne, bornee, limitee?, limites, tres limitee?, inculte, attardee?, a cote de la
        plaque, futee?, maline?, tres fut-fut, fute-fute, tres nette?, une lumiere, le couteau le plus affute,
        dingue, a la ramasse, bas de plafond, lente d'esprit, lent d'esprit, bas du front, analphabete, illettree?
    """
_JUDGEMENT = [
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, "", _INSULTS),
    pointing(Kind.JUDGEMENT, Hint.DIFFERING, _OF_WHOM, _LIES),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, _OF_WHOM, _MANNERS, _NOT_A_COMPLEMENT),
    pointing(Kind.JUDGEMENT, Hint.WHAT_IS_ASKED, _OF_WHOM, _DEMANDS, _NOT_A_COMPLEMENT),
    pointing(Kind.JUDGEMENT, Hint.EXPLAIN_AGAIN, _OF_WHOM, _WITS, _NOT_A_COMPLEMENT),
    pointing(Kind.JUDGEMENT, Hint.WHAT_IS_ASKED, _OF_WHOM_NAMED, """
        difficile, compliquee?, impossible, lourde?, bouchee?, obtuse?, timbree?, barree?, collante?, capricieux,
        capricieuse, louche, infecte?, de gauche, de droite
    """,
        r"(?!\s+(?:a|de|d')(?:\s|\b))"),
    pointing(Kind.JUDGEMENT, Hint.DIFFERING, _THIS, _LIES.replace("de mauvaise foi,", "")),
    pointing(Kind.JUDGEMENT, Hint.EXPLAIN_AGAIN, _THIS, """
        idiote?, imbecile, neuneu, debile mentale?, attardee?, simplet, boulet, bon a rien, bonne a rien, ane, gros
        debile, ignare, conne, illettree?
    """),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, _THIS, """
        folle, fou furieux, cinglee?, taree?, hysterique, harpie, megere, furie, malade, peste, garce, malpolie?,
        malotru, rustre, parano, mechante femme, mechant homme
    """),
    pointing(Kind.JUDGEMENT, Hint.WHAT_IS_ASKED, _THIS, """
        radine?, raleur, raleuse, chieur, casse-pieds, pinailleur, profiteur, profiteuse, pot de colle, assistee?,
        feignasse, pleurnicheuse
    """),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, r"(?:clients?|clientes?)\s+", """
        chiante?s?, penibles?, hysteriques?, difficiles?, agressifs?, agressives?, malpolie?s?, mechante?s?,
        relous?, lourds?, de merde, a fuir, a eviter, insupportables?, infernale?s?, toxiques?, impossibles?
    """),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, r"les\s+clients?\s+sont\s+(?:\w+\s+)?", """
        mechants, limites, betes, idiots, cons, chiants, penibles, agressifs, debiles, stupides
    """),
    pointing(Kind.JUDGEMENT, Hint.WHAT_IS_ASKED, "", """
        ne comprend rien a rien, comprend rien a rien, nous fait chier, me fait chier, fait chier tout le monde,
        nous emmerde, m'emmerde, casse les pieds, casse les couilles, prend tout le monde de haut, ment comme elle
        respire, ment comme il respire, raconte n'importe quoi, se fout de nous, se fout de notre gueule, se moque
        du monde, cherche la petite bete
    """),
]  # fmt: skip

FRENCH = Tongue(
    rules=[*_HEALTH, *_OPINION, *_OFFENCE, *_JUDGEMENT],
    harmless=whole(
        either("""
        places? handicapees?, acces handicapes?, toilettes handicapees?, parking handicapes?, ligue contre le
        cancer, signe du cancer, lutte contre le cancer, recherche contre le cancer, malade de rire, folle de joie,
        fou de joie, bete de somme, pas bete, bonne poire, pute borgne, a l'hopital de \\w+ pour, special abonnes?,
        livre[sr]? (?:a|de) .{0, 20}fauteuil roulant
    """)
    ),
    reported=whole(
        r"(?:(?:m'|nous|l'|me|le|la|t'|te|les|vous|se fait|fait)\s*(?:a|ai|ont|avait|avaient|aurait)?\s*"
        r"(?:traitee?s?|traite|traitait|traitaient|appelee?s?|qualifiee?s?|insultee?s?|traiter|qualifier)\s+(?:de|d'|:)[^.;\n]{0,80}"
        r"|(?:dit|crie|hurle|lance|repond|ecrit|repete|pense|estime|affirme|trouve|declare|juge|pretend|accuse)\S*\s+"
        r"(?:que|qu')\s*(?!(?:il|elle)\s+(?:est|etait)\s+\w+\s*[.,;]?\s*$)(?:nous|je|notre|le|la|les|on|c'est|vous|l'|son|sa|mon|ma|un|une)[^.;\n]{0,80})"
    ),
)
