"""The words of an English desk: what binds, what does not, and who is who."""

from __future__ import annotations

from tenir.text.hearing.clauses import table
from tenir.text.hearing.listing import listed

LINKS = table(
    {
        "and": "and|then|and then|plus|as well as|and also",
        "or": "or",
        "but": "but|whatever happens|in any case|in any event|either way|come what may|however|although|though|"
        "otherwise",
        "if": "if|provided|provided that|providing|as long as|so long as|in case|in the event|on condition|"
        "according to|supposing|supposing that|imagine|with your agreement|with your consent|should the|should "
        "your|should it|should there|"
        "should any|should this|should anything|were the|had the|on condition that|subject to|"
        "assuming|should you|were you to|depending on|in which case|whether|whenever|only if|if and when|had "
        "you|pending",
        "when": "once|when|as soon as|after|on receipt|upon receipt|upon|following|the moment|the minute|"
        "immediately after|"
        "on completion|as and when|following receipt|from receipt|of receipt|of receiving|from the date|"
        "from the day|"
        "on return|of us receiving|from when|on arrival",
        "concede": "even if|unless|regardless|whether or not|except|apart from|no matter|despite|in spite of|"
        "barring|while",
        "that": "that",
        "who": "who|which|whose",
        "ask": "why|how|what|where",
        "because": "because|since|as",
        "purpose": "so that|in order to|in order for|so as to|to make sure you",
        "until": "until|till|before you|before we|before i|before it|before they|by the time",
    }
)

PRONOUNS = {
    "i": "i",
    "we": "we",
    "you": "you",
    "he": "3",
    "she": "3",
    "it": "it",
    "they": "3",
    "this": "it",
    "that": "it",
    "these": "it",
    "those": "it",
    "there": "there",
    "everything": "it",
    "someone": "someone",
    "somebody": "someone",
    "who": "who",
    "which": "who",
    "both": "it",
    "all": "it",
    "everyone": "someone",
    "one": "someone",
}
ADVERBS = listed("""
    also then now just personally certainly definitely gladly happily both still even already soon shortly only
    always never immediately promptly directly automatically absolutely of course naturally in fact all each too
    again first next back therefore be so simply duly surely quickly # finally fully kindly myself ourselves
    asap anyway actually well no longer not either hereby safely
""") - {"in", "of", "be", "back"}
#: People (and their vans) by whom a desk acts: whatever they will do, the desk owes.
AGENTS = listed("""
    glazier cleaner sweep tutor trainer nurse midwife teacher builder tiler plasterer valuer auditor mover
    postie engineer technician adviser advisor colleague team manager agent driver courier plumber electrician
    fitter surveyor gardener crew department supervisor specialist handler staff contractor inspector caretaker
    accountant receptionist workshop warehouse depot support desk representative consultant van lorry operator
    assistant clerk officer counsellor coordinator director baker mechanic installer carpenter roofer painter
    decorator locksmith porter chef florist tailor expert investigator assessor adjuster
""")
MODALS = listed("""
    cannot would could should might may must can ought 'd wouldn couldn shouldn
""")

HEDGES = listed("""
    apparently allegedly ordinarily maybe perhaps probably possibly hopefully likely normally usually generally
    typically potentially ideally theoretically presumably sometimes often mostly unlikely supposedly
    conceivably
""")
HEDGE_PHRASES = (
    "in my view",
    "in my opinion",
    "to my mind",
    "as far as i know",
    "with any luck",
    "touch wood",
    "in all likelihood",
    "chances are",
    "i would say",
    "i dare say",
    "no promises",
    "no guarantee",
    "without commitment",
    "a rule",
    "a general rule",
    "no doubt",
    "in our power",
    "in my power",
    "in their power",
    "everything possible",
    "flat out",
    "in theory",
    "in principle",
    "as a rule",
    "in general",
    "on average",
    "all being well",
    "if possible",
    "try to",
    "try and",
    "do our best",
    "do my best",
    "our utmost",
    "my utmost",
    "hope to",
    "aim to",
    "hoping to",
    "aiming to",
    "trying to",
    "attempt to",
    "intend to",
    "would like",
    "as far as possible",
    "where possible",
    "in most cases",
    "our very best",
    "my very best",
    "strive to",
    "endeavour to",
    "endeavor to",
    "fingers crossed",
    "plan to",
    "planning to",
    "everything we can",
    "all we can",
    "what we can",
    "what i can",
    "everything i can",
    "all i can",
    "i think",
    "i believe",
    "i expect",
    "as a general",
    "i guess",
    "i suppose",
    "work hard",
    "hard to",
    "look forward",
    "looking forward",
    "most likely",
    "very likely",
    "with luck",
    "we expect to",
    "may be",
    "might be",
)

#: "We will …" that promises nothing.
FIRST_NEVER = listed("""
    celebrate wonder need require charge bill invoice debit await wait regret appreciate hope try want like love
    prefer expect assume understand see receive remain stay miss continue refuse decline reject never remember
    bear increase close lose fail know think believe wish welcome ask advise recommend struggle suggest always
    treasure value cherish enjoy live feel suppose endeavour aim strive attempt intend plan
""")
#: In the present, with a date, these are not what is owed either.
PRESENT_NEVER = FIRST_NEVER | listed("""
    be have do can confirm apologise apologize thank note enclose attach write inform hear say tell understand
    speak notice offer open operate sell work trade allow accept include reserve appear show mean request invite
    trust remind state find realise realize care agree
""")
PROGRESSIVE = listed("""
    send ship post dispatch refund arrange organise organize replace order reorder credit look chase investigate
    escalate check raise book transfer expedite process resend redeliver contact call email ring issue sort fix
    get put follow forward
""")
PROGRESSIVE_DATELESS = listed("""
    send ship post dispatch refund arrange organise organize replace credit resend redeliver call look chase
    investigate issue book sort ring
""")

FULFILS = listed("""
    offer hold reserve respond solve unlock bring mend deliver ship dispatch send post mail arrive leave go
    refund credit pay transfer repair fix replace come visit call ring phone contact email text handle process
    resolve correct restore install activate reactivate complete carry reply answer return collect pick swap
    adjust cancel reimburse waive apply reach land attend inspect check review examine look investigate confirm
    let keep update notify inform advise get take make issue set start begin finish reopen be arrange schedule
    book reschedule rebook organise organize raise chase follow forward escalate reset connect reconnect
    disconnect hand clear remove clean empty compensate settle sort provide give supply drop show renew extend
    amend change upgrade switch move migrate reissue resend redeliver reprint print publish release run resume
    test measure fit assess service treat reduce lift escort meet see write tell put appear deal hear decide
    determine approve assign allocate backdate reverse recalculate read turn finalise finalize prepare pack
    distribute host lead do replaced pass work ready happen occur commence
""")
GETS = listed("""
    receive get have hear see find know
""")
DONE_TO_THEM = listed("""
    offer give grant allocate supply look served connect move rehouse reroute refund contact call ring phone
    credit reimburse compensate notify inform update advise email text reconnect pay tell send keep meet visit
    transfer upgrade switch issue put repay rebook book assign reinstate see provide serve invite
""")
TAKES = listed("""
    collect pick use access log download view pick-up withdraw enjoy move
""")
READY = listed("""
    outside ready available done there back live active working fixed sorted complete completed finished with in
    up resolved restored operational yours round along out refunded settled
""")
SCHEDULED = listed("""
    reserve guarantee move push postpone bring change schedule book plan arrange set confirm fix expect due
    reschedule rebook slate estimate organise time
""")
OTHERS = listed("""
    insurance bank insurer landlord manufacturer council police court customer customers client tenant tenants
    neighbour neighbours employer doctor hmrc government seller buyer merchant issuer solicitor lawyer
    competitor competitors publisher supplier other others student students patient parents parent husband wife
    son daughter vendor openreach royal dhl ups fedex dpd hermes evri yodel amazon paypal visa mastercard ebay
    bt vodafone o2 ee sky virgin apple google microsoft samsung airline ombudsman regulator tax embassy
    consulate passenger passengers member members resident residents user users subscriber subscribers garage
    dealer partner previous provider surgery school university
""")
THINGS_NEVER = listed("""
    price prices tariff fee fees charge charges penalty rate rates store shop office offices branch premium
    offer sale promotion policy term terms deadline bill instalment cost costs discount museum library pool
    debit fine interest season balance
""")
#: Those of them whose name anywhere in the words before a verb makes it theirs.
STRANGERS = listed("""
    online fund insurers landlords insurance insurer landlord manufacturer court neighbour neighbours hmrc
    issuer solicitor lawyer competitor competitors vendor openreach dhl ups fedex dpd hermes evri yodel amazon
    paypal visa mastercard ebay vodafone o2 virgin google microsoft samsung airline ombudsman regulator embassy
    consulate
""")
OURS = listed("""
    our my
""")
NOUNS: dict[str, str] = {}
for _kind, _listed in {
    "callback": "call callback phone",
    "generic": "activation connection",
    "reply": "reply answer response update news confirmation quote decision outcome result explanation email "
    "letter message"
    " information details feedback report word",
    "delivery": "delivery redelivery parcel order package item product goods shipment bin",
    "payment": "refund payment credit compensation reimbursement money cheque transfer cashback voucher",
    "visit": "visit appointment engineer technician inspection installation survey collection fitter plumber "
    "electrician surveyor",
    "sending": "dispatch document documents certificate statement card label form copy brochure magazine issue "
    "paperwork despatch",
    "repair": "repair replacement fix restoration resolution reconnection maintenance exchange",
}.items():
    NOUNS |= dict.fromkeys(_listed.split(), _kind)
NOMINAL = listed("""
    activation connection news redelivery callback call reply answer response update confirmation decision
    delivery refund payment credit reimbursement visit appointment inspection installation collection dispatch
    despatch repair replacement reconnection engineer technician survey shipment compensation transfer
""")
VERB_KINDS: dict[str, str] = {}
for _kind, _listed in {
    "callback": "call ring phone contact",
    "reply": "reply respond answer check let update inform notify tell confirm advise email text investigate "
    "look hear find keep"
    " review examine know chase follow write decide touch ask",
    "delivery": "deliver redeliver arrive drop",
    "sending": "send ship dispatch despatch post mail resend forward issue reissue",
    "payment": "refund credit reimburse pay compensate repay",
    "visit": "visit come attend inspect install collect survey clean empty",
    "repair": "repair fix replace resolve restore correct sort reconnect mend",
}.items():
    VERB_KINDS |= dict.fromkeys(_listed.split(), _kind)

SAYING = listed("""
    say tell promise state inform advise write claim report mention explain announce confirm assure indicate
    reply read hear ask suggest request guarantee warn remind require demand insist understand note respond
    quote
""")
HOPING = listed("""
    gather reckon bet aim hope think believe expect suppose guess wish imagine assume doubt suspect want prefer
    feel trust appear seem like fear appreciate love regret apologise sorry
""")
PERFORMING = listed("""
    promise guarantee undertake commit pledge swear vow assure confirm
""")
ASKING = listed("""
    know see check confirm tell ask find out whether sure establish determine verify say
""")
TRYING = listed("""
    try hope aim intend plan attempt like want need expect endeavour strive seek wish love prefer continue work
    look struggle have fail
""")
CUSTOMERS = listed("""
    cheque deposit payment signed paperwork documents proof return returned form reply signature consent
    agreement evidence photos
""")
RECEIVING = listed("""
    receive received receipt receiving get got have
""")
SURE = listed("""
    know confirm say tell note i we sure certain assured promise word news confirmation commitment guarantee
""")
BAD_NEWS = listed("""
    charge bill debit invoice close cut suspend interrupt disrupt increase refuse reject decline require need
    ask consider lose destroy penalise penalize fine tax limit block delay late expect force oblige regard deem
    use calculate store keep record monitor archive withhold terminate end expire disappoint please delight
    affect subject apply impose deduct warn invite bar
""")
CONSENT = listed("""
    ok okay alright right works work suit suits convenient good fine possible happy enough acceptable deal
""")
