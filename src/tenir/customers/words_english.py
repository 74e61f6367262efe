"""English rules of the gentle check. Patterns are in lower case."""

from tenir.customers.words_rules import Hint, Kind, Tongue, either, pointing, whole

_PEOPLE = either("""
        customer, client, caller, lady, woman, man, guy, gentleman, person, subscriber, chap, bloke, girl, old man,
        old lady, old woman, sender, pensioner
    """)
_KIN = either("""
        his wife, her husband, her son, his son, her daughter, his daughter, her mother, his mother, her father, his
        father, his partner, her partner, their son, their daughter
    """)
_NAMED = r"(?:(?:mr|mrs|ms|miss|dr)\.?\s+[\w'-]+)"
_WHO = rf"(?:he|she|(?:the|this|that|our|a|an)\s+(?:\w+\s+)?{_PEOPLE}|{_PEOPLE}|{_KIN}|{_NAMED})"
_IS = either("""
        is, was, seems, seemed, sounds, sounded, looks, looked, appears, appeared, must be, has been, gets, got, is
        being, was being, seems to be, appears to be, became, is not, isn't, was not, wasn't, can be, remains, feels
    """)
_DEGREE = (
    r"(?:\s+"
    + either("""
        very, really, quite, so, too, a bit, rather, completely, totally, absolutely, always, such, often, clearly,
        obviously, probably, also, just, again, still, extremely, slightly, a little, somewhat, pretty, fucking,
        bloody, partially, partly, a total, a complete, a real, an absolute, a, an, the most, being, visibly,
        legally, currently, now, apparently, known to be, the, old, stupid, nasty, registered, practising
    """)
    + "){0,4}"
)
_OF_WHOM = rf"(?:{_WHO}(?:\s+{_IS}|'s){_DEGREE}\s+)"
_A_WHO_IS = r"(?:(?:what|such)\s+an?\s+(?:(?:complete|total|real|old|nasty|stupid|absolute)\s+)?)"
_HAD = either("""
        has, had, has got, has had, suffers from, suffered, suffered from, is suffering from, was diagnosed with,
        is diagnosed with, is recovering from, recovering from, is undergoing, undergoing, is being treated for,
        is having, lives with, struggles with, underwent
    """)
_HOW = either(
    "a, an, some, severe, serious, her, his, their, early, mild, advanced, terminal, chronic, heart, breast, lung"
)
_HAS = rf"(?:{_WHO}\s+{_HAD}(?:\s+{_HOW})*\s+)"
_WILL_HAVE = either("had, has had, is having, will have, just had, needs")
_UNDERGOES = rf"(?:{_WHO}\s+{_WILL_HAVE}\s+(?:{either('a, an, heart, hip, knee, back, major')}\s+)*)"
_THINGS = either("lid, bin, box, form, app, website, product, idea")
_POSSESSED = r"(?:(?:his|her|due to their|because of their)\s+)"

_HEALTH = [
    pointing(
        Kind.HEALTH,
        Hint.SLOW_OR_WRITING,
        _OF_WHOM,
        """
        deaf, deaf as a post, hard of hearing, dyslexic, autistic, deaf-mute, hearing impaired, hearing-impaired,
        aphasic, on the spectrum
    """,
    ),
    pointing(
        Kind.HEALTH,
        Hint.LARGE_OR_CALL,
        _OF_WHOM,
        """
        blind, partially sighted, visually impaired, colour-blind, color-blind
    """,
        r"(?!\s+(?:to|copy|copied|copying)\b)",
    ),
    pointing(
        Kind.HEALTH,
        Hint.ACCESS,
        _OF_WHOM,
        """
        disabled, in a wheelchair, wheelchair-bound, wheelchair bound, crippled, paralysed, paralyzed, paraplegic,
        housebound, bedridden, handicapped
    """,
        r"(?!\s+by\b)",
    ),
    pointing(
        Kind.HEALTH,
        Hint.UNAVAILABLE,
        _OF_WHOM,
        """
        ill, sick, mentally ill, terminally ill, seriously ill, very ill, gravely ill, pregnant, in hospital, in the
        hospital, hospitalised, hospitalized, on sick leave, in rehab, in a coma, dying, dying of \\w+, in labour,
        unwell
    """,
        r"(?!\s+(?:of|and tired)\b)",
    ),
    pointing(
        Kind.HEALTH,
        Hint.UNAVAILABLE,
        _UNDERGOES,
        """surgery, operation, stroke, heart attack, miscarriage, nervous breakdown, breakdown, seizure, transplant,
        c-section""",
        r"(?!\s+(?:of luck|glass|charity|insurance|number|code|manual|date|hours)\b)",
    ),
    pointing(
        Kind.HEALTH,
        Hint.WITHOUT_REASON,
        _OF_WHOM,
        """
        bipolar, depressed, clinically depressed, suicidal, diabetic, epileptic, schizophrenic, psychotic, demented,
        senile, alcoholic, hiv positive, hiv-positive, anorexic, asthmatic, on medication, on antidepressants, on
        chemo, on morphine, a drug addict, drug addict, junkie, on drugs, losing his mind, losing her mind, losing
        his memory, losing her memory, undergoing chemo, undergoing chemotherapy, in remission, mental, cancer
        patient, mentally disabled, off her meds, off his meds
    """,
    ),
    pointing(
        Kind.HEALTH,
        Hint.WITHOUT_REASON,
        _HAS,
        """
        cancer, dementia, alzheimer's, alzheimer, alzheimers, diabetes, depression, anxiety, adhd, autism, epilepsy,
        parkinson's, parkinsons, hiv, aids, disability, heart condition, mental health issues, mental health
        problems, mental illness, health problems, health issues, medical condition, covid, burnout, burn-out,
        chemotherapy, chemo, leukaemia, leukemia, tumour, tumor, drinking problem, multiple sclerosis, hearing loss,
        bipolar disorder, postnatal depression, asthma, memory loss, heart attack, attack, stroke, ms, hearing
        impairment, visual impairment, panic attacks
    """,
        r"(?!\s+(?:of luck|glass|charity|insurance|number|code|office)\b)",
    ),
    pointing(
        Kind.HEALTH,
        Hint.WITHOUT_REASON,
        _POSSESSED,
        """
        cancer, illness, depression, disability, pregnancy, chemotherapy, chemo, medication, dementia, surgery,
        health condition, medical condition, deafness, blindness, mental health, state of health, antidepressants,
        drinking problem, stroke, mental state
    """,
        r"(?!\s+(?:insurance|centre|center|store|department))",
    ),
]

_HEALTH.append(
    pointing(Kind.HEALTH, Hint.WITHOUT_REASON, r"for\s+", "medical reasons, health reasons, reasons of health")
)

_OPINION = [
    pointing(Kind.OPINION, Hint.LEAVE_OUT, _OF_WHOM, """
        muslim, jewish, jew, catholic, mormon, jehovah's witness, atheist, buddhist, hindu, sikh, protestant,
        evangelical, born-again christian, very religious, religious, gay, lesbian, homosexual, transgender,
        transsexual, bisexual, black, asian, arab, african, gypsy, foreigner, immigrant, illegal immigrant, polish,
        romanian, pakistani, nigerian, republican, democrat, left-wing, right-wing, far-right, far-left, tory, tory
        voter, labour voter, brexiteer, trump supporter, communist, socialist, fascist, union member, trade
        unionist, union rep, racist, anti-vaxxer, conspiracy theorist, of \\w+ origin, of \\w+ descent, christian
        fanatic, freemason, feminist, leftist, woke
    """,
        r"(?!\s+(?:friday|press|times|herald|post|cab|taxi|bin|lid))"),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, rf"(?:{_WHO}\s+)", """
        votes labour, votes tory, votes conservative, voted leave, voted remain, voted for trump, voted for \\w+,
        votes republican, votes democrat, wears a hijab, wears a turban, wears a headscarf, wears a kippah, goes to
        the mosque, goes to mass, keeps ramadan, fasts for ramadan, goes to the synagogue, came out as gay
    """),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, "", "nigger, paki, faggot, dirty jew, dirty arab, dirty foreigner, tranny"),
    pointing(Kind.OPINION, Hint.LEAVE_OUT, r"(?:an?|the|this|that|some|another)\s+(?:old\s+|rude\s+|angry\s+)?",
        """
        muslim lady, muslim woman, muslim man, jewish lady, jewish man, jewish woman, black lady, black guy, black
        man, black woman, asian lady, asian guy, asian man, arab guy, arab man, gay guy, gay man, gypsy woman,
        polish guy, polish woman, african guy, african lady, foreign guy
    """),
]  # fmt: skip

_CRIMES = """
        thief, crook, scammer, fraudster, criminal, convict, ex-con, ex con, drug dealer, shoplifter, sex offender,
        con man, con artist, swindler, gangster, paedophile, pedophile, convicted \\w+, cheat and a liar
    """
_OFFENCE = [
    pointing(
        Kind.OFFENCE,
        Hint.FACT_SEEN,
        _OF_WHOM,
        f"""
        {_CRIMES}, in prison, in jail, on parole, on probation, arrested, convicted of \\w+, convicted for \\w+,
        known to the police, under house arrest, fraud, stealing from us, out on bail
    """,
        r"(?!\s+(?:reform|service|work|management|design|education|visiting)\b)",
    ),
    pointing(Kind.OFFENCE, Hint.FACT_SEEN, _A_WHO_IS, _CRIMES),
    pointing(
        Kind.OFFENCE,
        Hint.FACT_SEEN,
        rf"(?:{_WHO}\s+)",
        """
        has a criminal record, has been to prison, has been to jail, went to prison, went to jail, did time, served
        time, has a police record, just got out of prison, just got out of jail, was in prison
    """,
    ),
]

_INSULTS = """
        asshole, assholes, arsehole, arseholes, bitch, bitches, dickhead, wanker, twat, scumbag, cunt, motherfucker,
        son of a bitch, old hag, old cow, silly cow, stupid cow, old bat, fat cow, piece of shit, shithead,
        douchebag, dumbass, old fart, nutjob, nutcase, crybaby, moron, morons, imbecile, imbeciles, halfwit, cretin,
        retarded customer
    """
_LIES = """
        liar, lying, dishonest, lying through his teeth, lying through her teeth, manipulative, two-faced,
        hypocrite, compulsive liar, full of it, full of shit, shady, cheat, sneaky, acting in bad faith
    """
_MANNERS = """
        rude, aggressive, hysterical, crazy, insane, nuts, mad, nasty, mean, obnoxious, arrogant, drunk, paranoid,
        abusive person, horrible person, awful person, bully, jerk, prick, bastard, psycho, lunatic, maniac, karen,
        unpleasant, unbearable, insufferable, vile, ill-mannered, disrespectful, unhinged, off her rocker, off his
        rocker, bonkers, a nasty piece of work, nasty piece of work, mad as a hatter, hostile, foul-mouthed, snob,
        bitchy, moody, deranged, rotten
    """
_DEMANDS = """
        annoying, whiny, whining, stingy, entitled, unreasonable, impossible, difficult, pain, pain in the neck,
        pain in the arse, pain in the ass, nightmare, nuisance, troublemaker, time-waster, time waster, timewaster,
        pathetic, lazy, ungrateful, cheapskate, needy, clingy, high maintenance, high-maintenance, never happy,
        never satisfied, serial complainer, moaner, whiner, piece of work, drama queen, demanding, fussy, spoilt,
        spoiled, tiresome, freeloader, scrounger, waste of time, problem customer
    """
_WITS = """
        stupid, dumb, idiot, idiotic, dim, thick, clueless, ignorant, not very bright, very bright, simple-minded,
        dense, slow-witted, brainless, fool, retard, retarded, thick as a brick, limited, illiterate, uneducated, an
        airhead, airhead, thick as two short planks, a few sandwiches short of a picnic, daft, gullible,
        half-witted, too stupid to \\w+, the sharpest tool, sharpest tool in the box
    """
_FREE = r"(?!\s+(?:to|for|that|in|by|about it|with the|lot|life|version|access)\b)"
_JUDGEMENT = [
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, "", _INSULTS),
    pointing(Kind.JUDGEMENT, Hint.DIFFERING, _OF_WHOM, _LIES, r"(?!\s+(?:in|on|there|around|next|under|low|flat)\b)"),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, _OF_WHOM, _MANNERS, _FREE),
    pointing(Kind.JUDGEMENT, Hint.WHAT_IS_ASKED, _OF_WHOM, _DEMANDS, _FREE),
    pointing(Kind.JUDGEMENT, Hint.EXPLAIN_AGAIN, _OF_WHOM, _WITS, _FREE),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, _A_WHO_IS, f"{_MANNERS}, {_WITS}, pain, nightmare, liar, moaner",
        rf"(?!\s+(?:\w+\s+)?{_THINGS})"),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, r"(?:(?:an?|the|this|that|another|these|those|our|such)\s+)?",
        """
        rude customers?, rude caller, rude lady, rude woman, rude man, crazy customers?, crazy lady, crazy woman,
        crazy guy, stupid customers?, stupid woman, stupid man, stupid lady, dumb customers?, annoying customers?,
        nasty customers?, nasty woman, nasty man, difficult customers?, difficult client, difficult lady, difficult
        woman, problem customer, idiot customers?, psycho customer, hysterical woman, hysterical customer, mad
        woman, grumpy old man, grumpy old woman, miserable old man, miserable old woman, horrible woman, horrible
        man, customer from hell, customers from hell, aggressive customer, stupid old man, stupid old woman, toxic
        customer
    """),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID,
        r"(?:customers|clients|callers)\s+are\s+(?:(?:all|so|always|just)\s+)?",
        "nasty, mean, stupid, idiots, morons, rude, limited, dumb, thick, annoying, liars, crazy"),
    pointing(Kind.JUDGEMENT, Hint.WHAT_WAS_SAID, "", """
        wastes our time, wasting our time, takes us for fools, talks nonsense, talking nonsense, talks rubbish, does
        not have a clue, doesn't have a clue, hasn't got a clue, no brains, not the sharpest tool, is a bit slow, a
        few sandwiches short
    """),
]  # fmt: skip

ENGLISH = Tongue(
    rules=[*_HEALTH, *_OPINION, *_OFFENCE, *_JUDGEMENT],
    harmless=whole(
        either("""
        blind spot, colour blind test, jerk chicken, mad at us, sick of waiting, sick of it, black friday, catholic
        herald, difficult to reach, difficult to open, in prison break, thick lid, dumb waiter, mad about, nuts and
        bolts, crazy about, mean to, drunk driving course, daft punk
    """)
    ),
    reported=whole(
        r"(?:(?:called|calls|calling|named|described)\s+(?:me|us|him|her|them|the|our|my|\w+)\b[^.;\n]{0,80}"
        r"|(?:says|said|saying|shouts|shouted|thinks|thought|claims|claimed|writes|wrote|feels|told|tells|complains|complained|accuses|accused|believes|believed)"
        r"\s+(?:me\s+|us\s+|her\s+|him\s+)?(?:that\s+)?(?:we|our|the|i|it|they|you|my|all|a|an|of|his|her)\b[^.;\n]{0,80})"
    ),
)
