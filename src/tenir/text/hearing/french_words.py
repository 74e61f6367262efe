"""The words of a French desk: what binds, what does not, and who is who."""

from __future__ import annotations

from tenir.text.hearing.clauses import table
from tenir.text.hearing.listing import listed

LINKS = table(
    {
        "and": "et|puis|ensuite|et puis|ainsi que|et donc|donc|ou bien",
        "or": "ou|soit",
        "but": "mais|quoi qu' il arrive|quoi qu' il en soit|en tout cas|dans tous les cas|de toute facon|"
        "de toutes facons|cependant|toutefois|neanmoins|par contre|en revanche",
        "if": "si|sauf erreur|avec votre accord|sauf opposition|s'il|s'ils|s' il|s' ils|a condition que|"
        "a condition qu'|a condition de|a condition d'|sous reserve|en cas de|en cas d'|"
        "dans le cas ou|au cas ou|a supposer que|pourvu que|pourvu qu'|sous condition|des lors que|des lors qu'|"
        "le cas echeant|moyennant|a defaut|sinon|tant que|tant qu'|selon que|selon votre|suivant votre|en "
        "fonction de|"
        "en fonction du|en fonction des|en attente de|dans l' hypothese|d' apres|selon|a en croire|faute de|"
        "faute d'|sans reponse|sans nouvelle|sans nouvelles|sans retour|en l' absence de|en l' absence d'|"
        "dans le cadre d' un|sauf avis contraire de votre part",
        "when": "des que|des qu'|des reception|a reception|apres reception|une fois|une fois que|une fois qu'|"
        "quand|lorsque|lorsqu'|"
        "aussitot que|aussitot qu'|sitot que|apres que|apres qu'|a compter de|a compter du|a partir du "
        "moment ou|des la|"
        "suivant la|suivant le|suite a la reception|apres avoir|apres validation|apres verification|des "
        "votre|apres votre|"
        "des notre|apres la|apres le|apres l'|des le retour|des l'|des validation|des confirmation",
        "concede": "meme si|meme s'|sauf si|sauf|hormis|a moins que|a moins qu'|bien que|bien qu'|quoi que|"
        "quoi qu'|quoique",
        "that": "que|qu'|comme quoi",
        "who": "qui|dont|lequel|laquelle|auquel",
        "because": "car|parce que|parce qu'|puisque|puisqu'|etant donne que|etant donne qu'|vu que",
        "purpose": "afin que|afin qu'|pour que|pour qu'|afin de|afin d'|de facon a|de sorte que|de maniere a|"
        "de telle sorte que",
        "until": "jusqu' a ce que|jusqu'a ce que|jusqu' a ce qu'|avant que|avant qu'|avant de|avant d'|"
        "en attendant que|"
        "en attendant qu'|en attendant de|en attendant d'",
        "while": "tandis que|tandis qu'|alors que|alors qu'|pendant que|pendant qu'",
        "as": "comme",
        "ask": "pourquoi|comment|combien",
    }
)

SUBJECTS = {
    "tout": "it",
    "je": "1s",
    "j'": "1s",
    "on": "on",
    "il": "3",
    "elle": "3",
    "ils": "3",
    "elles": "3",
    "ce": "it",
    "c'": "it",
    "ca": "it",
    "cela": "it",
    "ceci": "it",
    "tu": "2",
    "celui-ci": "3",
    "celle-ci": "3",
}
CLITICS = listed("""
    ne n' me m' te t' se s' nous vous le la l' les lui leur y en
""")
DETERMINERS = listed("""
    le la l' les un une des du de d' au aux votre vos notre nos mon ma mes son sa ses leur leurs ce cet cette
    ces chaque aucun aucune quelques quelque plusieurs tout toute tous toutes quel quelle en par pour sans sous
    avec sur a
""")
NEGATIONS = listed("""
    pas plus jamais rien aucun aucune guere ni nullement point personne
""")
BETWEEN = listed("""
    pas plus jamais bien deja donc aussi tout toujours alors egalement juste tres encore ensuite meme vite
    d'abord tous toutes personnellement directement automatiquement systematiquement # enfin desormais
    maintenant certainement aussitot rien mieux vous nous le la l' les lui leur y en me m' se s' ne n' nouveau
""")

#: Whoever says these does not bind themselves.
HEDGES = listed("""
    logiquement ordinairement apparemment peut-etre probablement eventuellement normalement theoriquement
    vraisemblablement idealement hypothetiquement generalement habituellement possiblement possible
    potentiellement
""")
HEDGE_PHRASES = (
    "a mon avis",
    "a ma connaissance",
    "selon moi",
    "me semble",
    "en toute logique",
    "sous toute reserve",
    "il y a des chances",
    "selon toute vraisemblance",
    "je ne me trompe",
    "sans garantie",
    "sans engagement",
    "sans doute",
    "en principe",
    "en theorie",
    "a priori",
    "en general",
    "d'habitude",
    "d' habitude",
    "en regle generale",
    "la plupart du temps",
    "dans la mesure du possible",
    "si possible",
    "sous reserve",
    "il est possible",
    "il se peut",
    "peut etre",
    "en moyenne",
    "si tout va bien",
    "le plus souvent",
    "a titre indicatif",
    "je crois",
    "il me semble",
    "d'ordinaire",
    "en temps normal",
    "sauf erreur",
    "selon disponibilite",
    "selon les disponibilites",
    "faire de mon mieux",
    "notre mieux",
    "mon mieux",
    "tout son possible",
    "notre possible",
    "mon possible",
    "le maximum pour",
    "notre maximum",
    "tout pour",
    "tout en oeuvre",
)

FIRST_NEVER = listed("""
    feter celebrer inaugurer reflechir patienter deplorer pouvoir devoir vouloir falloir regretter apprecier
    attendre esperer souhaiter essayer tenter tacher remercier comprendre rester demeurer facturer prelever
    debiter majorer refuser rejeter recevoir aimer preferer penser croire savoir fermer ouvrir devenir continuer
    sembler supposer connaitre hesiter augmenter demander inviter prier conseiller recommander solliciter
    excuser desirer imaginer compter vivre ecouter tarder valoir douter craindre adorer defendre perdre manquer
    oublier deranger figurer avouer envisager prevoir constater suggerer presumer estimer soupconner refacturer
    suspendre tarifer profiter
""")
PRESENT_NEVER = FIRST_NEVER | listed("""
    joindre etre avoir confirmer informer proposer voir noter trouver presenter offrir signaler preciser
    indiquer disposer exiger vendre travailler representer recruter connaitre chercher autoriser accepter
    reconnaitre partager deplorer deduire parler reiterer garder annoncer lire ecrire souligner insister
    encourager orienter servir fabriquer ressentir mesurer croiser
""")
#: In the present and without a date, these still bind: the thing is under way and owed.
PRESENT_STRONG = listed("""
    rappeler recontacter rembourser envoyer renvoyer expedier reexpedier rappelle remplacer recrediter
""")
ATTACHED = listed("""
    ci-joint ci-jointe ci-joints ci-jointes ci-dessous ci-dessus joint jointe jointes joints
""")
ATTACHED_PHRASES = (
    "piece jointe",
    "pieces jointes",
    "par la presente",
    "mes excuses",
    "nos excuses",
    "mes salutations",
    "nos salutations",
    "mes remerciements",
    "nos remerciements",
    "mes meilleures",
    "nos meilleures",
    "mes sinceres",
    "nos sinceres",
    "mes plus",
    "nos plus",
    "mes condoleances",
    "mes respectueuses",
)

#: What a thing, or somebody of the desk, does for the customer.
FULFILS = listed("""
    quitter sortir rejoindre boucler livrer expedier envoyer renvoyer arriver partir parvenir rembourser
    crediter recrediter verser virer reparer remplacer passer intervenir venir rappeler contacter appeler
    recontacter traiter resoudre corriger retablir installer activer reactiver effectuer realiser remettre
    adresser transmettre repondre regulariser annuler deduire mettre nettoyer ramasser collecter changer poser
    regler solutionner acheminer reexpedier depanner debloquer joindre revenir tenir informer prevenir avertir
    aviser notifier communiquer confirmer examiner etudier verifier analyser prendre reprendre organiser
    programmer planifier finaliser terminer achever finir valider cloturer restituer retourner distribuer
    deposer etablir delivrer editer publier rectifier modifier actualiser reinitialiser dedommager indemniser
    compenser rediger emettre commencer demarrer debuter reparaitre faire refaire suivre occuper charger lancer
    proceder appliquer raccorder rebrancher brancher reouvrir rouvrir evacuer enlever vider signer inspecter
    controler deplacer presenter rencontrer recevoir accompagner payer regrouper relancer transferer porter
    apporter emporter recuperer servir accueillir attribuer octroyer accorder offrir reserver fixer convenir
    prolonger reconduire renouveler resilier supprimer ajouter inscrire reediter recalculer ajuster reduire
    bloquer tirer statuer trancher decider peindre repeindre deboucher purger elaguer tondre tailler balayer
    reboucher colmater monter remonter demonter imprimer telephoner aboutir enregistrer integrer imputer
    reverser consigner reactualiser recrire ecrire dire donner fournir procurer garantir basculer migrer relever
    rattraper acter preparer refabriquer fabriquer commander relivrer reprogrammer poster rendre proposer
    paraitre apparaitre redire guider rediriger rattacher reattribuer aligner reconstituer
""")
#: « Il vous … » of somebody or something of the desk: these bring nothing.
#: People (and their vans) by whom a desk acts: whatever they will do, the desk owes.
AGENTS = listed("""
    vitrier formateur formatrice infirmier infirmiere carreleur platrier ramasseur nettoyeur demenageur aide
    technicien technicienne conseiller conseillere collegue equipe service responsable agent livreur livreuse
    chauffeur expert gestionnaire collaborateur collaboratrice plombier electricien serrurier artisan coursier
    direction atelier jardinier gardien gardienne superviseur directeur directrice manager comptable
    comptabilite transporteur peintre macon menuisier chauffagiste monteur installateur poseur mecanicien
    reparateur camion remplacant remplacante interlocuteur quelqu'un support preparateur brigade benne tournee
    couturiere cuisinier patissier secretariat chargee charge assistante assistant inspecteur controleur cheffe
    chef releveur equipage standardiste specialiste mediatrice referent referente commercial commerciale hotesse
    entrepot logistique sav depanneur ramoneur couvreur
""")
BAD_NEWS = listed("""
    fermer couper facturer prelever debiter augmenter suspendre interrompre perturber barrer interdire refuser
    limiter majorer exiger demander considerer perdre detruire rejeter clore cloturer obliger contraindre
    requerir imposer bloquer taxer sanctionner inviter convier amener tenir soumettre etre reclamer desactiver
    supprimer resilier penaliser convoquer conserver stocker archiver utiliser calculer exclure ignorer retarder
""")
NEVER_TO_YOU = listed("""
    voir croire penser savoir apercevoir demander couter facturer prelever debiter falloir inviter permettre
    manquer plaire convenir rester couvrir suffire eviter concerner sembler interesser obliger reclamer exiger
    prier aider deranger appartenir conseiller recommander tarder etre avoir pouvoir devoir vouloir aimer
    refuser imputer incomber suggerer valoir
""")
#: What the customer gets by it.
GETS = listed("""
    disposer recevoir obtenir retrouver beneficier toucher percevoir
""")
DONE_TO_THEM = listed("""
    rappeler recontacter contacter appeler livrer rembourser crediter recrediter prevenir informer avertir
    aviser notifier indemniser dedommager tenir servir regler joindre depanner accompagner recevoir assister
    raccorder fixer retablir inscrire alerter reconnecter rebrancher relivrer averti exonerer compenser
    reembourser payer
""")
TAKES = listed("""
    connecter circuler emmenager telephoner naviguer regarder jouer conduire imprimer deposer retirer recuperer
    utiliser acceder consulter profiter telecharger chercher recharger reprendre activer
""")
READY = listed("""
    pret prete prets pretes disponible disponibles la operationnel operationnelle fonctionnel fonctionnelle
    actif active visible visibles effectif effective effectifs livrable resolu resolue retabli retablie termine
    terminee finalise chose accessible consultable acheve chez sur present presente presents
""")
SCHEDULED = listed("""
    maintenir prevoir programmer planifier fixer avancer reporter decaler deplacer repousser replanifier caler
    reserver arreter convenir reprogrammer attendre
""")

NOUNS: dict[str, str] = {}
for _kind, _listed in {
    "callback": "appel rappel coup",
    "reply": "reponse retour nouvelles nouvelle confirmation information precisions point devis proposition "
    "decision resultat"
    " resultats compte-rendu rapport solution explication recapitulatif mail courriel message sms "
    "email verification",
    "delivery": "livraison colis commande paquet article produit relivraison reception acheminement distribution",
    "payment": "remboursement virement avoir credit indemnisation indemnite paiement versement cheque dedommagement"
    " regularisation geste remise prime",
    "visit": "intervention visite passage rendez-vous technicien depannage installation rdv pose raccordement "
    "technicienne"
    " plombier electricien expert expertise etat",
    "sending": "envoi expedition courrier document documents facture attestation contrat formulaire carte "
    "duplicata etiquette"
    " reexpedition notice exemplaire numero magazine journal",
    "repair": "reparation remplacement retablissement correction remise echange mise reprise resolution maintenance",
}.items():
    NOUNS |= dict.fromkeys(_listed.split(), _kind)
NOMINAL = frozenset(NOUNS) - listed("""
    nouvelle geste prime point coup reception carte produit article magazine journal facture contrat numero
    exemplaire notice message email mail avoir etat credit information documents formulaire decision resultat
    resultats
""")

VERB_KINDS: dict[str, str] = {}
for _kind, _listed in {
    "callback": "rappeler recontacter contacter appeler telephoner joindre",
    "reply": "repondre revenir tenir informer prevenir avertir aviser dire confirmer communiquer verifier "
    "renseigner regarder"
    " examiner etudier analyser enqueter notifier ecrire alerter statuer trancher decider demander interroger"
    " preciser expliquer rechercher voir",
    "delivery": "livrer relivrer acheminer arriver parvenir deposer distribuer apporter",
    "sending": "envoyer renvoyer expedier reexpedier adresser transmettre poster partir transferer fournir "
    "remettre retourner",
    "payment": "rembourser crediter recrediter verser virer payer indemniser dedommager regulariser reverser "
    "compenser deduire",
    "visit": "passer venir intervenir deplacer installer poser raccorder inspecter ramasser collecter nettoyer",
    "repair": "reparer depanner remplacer retablir corriger resoudre regler changer solutionner rectifier "
    "debloquer refaire",
}.items():
    VERB_KINDS |= dict.fromkeys(_listed.split(), _kind)

#: Those for whom the desk does not speak.
OTHERS = listed("""
    banque assureur assurance prefecture mairie fabricant constructeur police huissier notaire vendeur client
    cliente clients locataire proprietaire voisin voisins syndic concurrent tribunal mediateur marchand bailleur
    employeur facteur etat douane douanes beneficiaire destinataire expediteur titulaire medecin avocat
    gouvernement abonne abonnes usagers usager mutuelle caf cpam urssaf impots tresor autre autres fournisseur
    editeur enfant fils fille mari femme epouse garage concessionnaire poste operateur enedis grdf chronopost
    colissimo dhl ups amazon orange sfr free bouygues edf engie fedex gls dpd paypal visa mastercard ebay
    cdiscount fnac sncf ratp apple google samsung veolia suez relais mondial
""")
#: Those of them whose name anywhere in the words before a verb makes it theirs (« le site marchand »).
STRANGERS = listed("""
    banque assureur assurance prefecture mairie fabricant constructeur police huissier notaire syndic concurrent
    tribunal mediateur marchand bailleur douane douanes avocat gouvernement mutuelle caf cpam urssaf epouse
    concessionnaire operateur enedis grdf chronopost colissimo dhl ups amazon sfr bouygues edf engie fedex gls
    dpd paypal visa mastercard ebay cdiscount fnac sncf ratp google samsung veolia suez tiers marchande
""")
OURS = listed("""
    notre nos mon ma mes
""")
#: What happens, or is asked of the customer, is no promise even in the future.
ADVERSE = listed("""
    penalite frais prelevement majoration mensualite amende relance facturation cotisation taxe supplement
    surcout hausse
""")
GIVEN_BACK = listed("""
    rembourser restituer annuler crediter recrediter deduire offrir supprimer rendre reverser retirer corriger
    rectifier regulariser
""")
THINGS_NEVER = listed("""
    prelevement augmentation hausse tarif prix penalite penalites frais coupure fermeture echeance offre
    promotion magasin boutique bureau bureaux guichet site accueil mairie mensualite loyer coute facturation
    relance fermee periode preavis delai delais
""")
EVERYBODY = listed("""
    tous toutes chaque les des nos
""")

SAYING = listed("""
    dire indiquer ecrire annoncer promettre affirmer signaler preciser expliquer assurer confirmer informer
    demander mentionner repondre rapporter certifier garantir pretendre lire entendre exiger reclamer rappeler
    noter jurer attester communiquer stipuler apprendre savoir constater rassurer avertir prevenir voir
""")
HOPING = listed("""
    esperer penser croire souhaiter imaginer supposer craindre douter vouloir aimer desirer preferer estimer
    presumer sembler pouvoir falloir attendre regretter comprendre trouver juger proposer suggerer
""")
ASKING = listed("""
    savoir verifier voir regarder confirmer dire demander indiquer preciser determiner controler
""")
TRYING = listed("""
    essayer tenter tacher esperer compter prevoir envisager souhaiter aimer penser croire efforcer pouvoir
    devoir vouloir hesiter falloir risquer sembler desirer proposer preferer tarder regretter attendre chercher
    reflechir
""")
PERFORMING = listed("""
    promettre garantir assurer engager veiller charger occuper permettre confirmer certifier manquer oublier
    jurer faire
""")

#: In « dès que … », « après … » : it is in the customer's hands.
CUSTOMERS = listed("""
    cheque virement reglement paiement signature signe signee signes documents justificatif justificatifs
    formulaire retourne retournes renvoye accord retour renvoi caution reponse rib dossier
""")
RECEIVING = listed("""
    reception recu recevons recevrons receptionne recue recus recues obtenu
""")
#: What follows a proposal: « …, ça vous va ? ».
CONSENT = listed("""
    convient va d'accord ok accord arrange irait conviendrait bon possible parfait preferez
""")
_ASKING = (
    "savoir verifier voir regarder confirmer dire demander indiquer preciser determiner controler "
    "verifie verifions regarde"
    " dis dirai dirons dira confirme confirmerai confirmerons indiquerai indiquerons verifierai "
    "verifierons regardons"
    " demande demanderai demandons vois verrai verrons regarderai sais"
)
ASKING_FORMS = frozenset(_ASKING.split())

#: « Bonne nouvelle que », « sûr que »: before a « que » that hangs on no verb.
SURE = listed("""
    je j' nous sachez notez certain certains sur surs assure assures promis nouvelle convaincu confirmation
""")
