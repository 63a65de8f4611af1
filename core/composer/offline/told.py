"""What is told around an order: what came wrong, what is for some day, what was said before and is not now."""

from __future__ import annotations

from core.composer.offline.lexicon import knows
from core.composer.offline.negation import NEGATION
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import any_of, rx
from core.composer.offline.words import PORTIONS, UNITS

# 'We wanted 3, but only 2 arrived', 'I asked for 3. Where are they?', 'thanks for the 3'.
COMPLAINT = rx(
    r"\b\w+\s(?:wanted|ordered|asked for|said|needed|paid for)\s(?:[^.;!?\n]*?\b(?:but|and|yet)\s"
    r"(?:(?!(?:need|want|would|please|can|could|should|must|to|now)\b)[\w']+\s){0,3}?"
    r"(?:sent|got|received|delivered|came|arrived|gave|shipped|charged)\b[^.;!?\n]*"
    r"|[^.;!?\n]*[.;,]\s(?:so\s)?where\s(?:are|is)\s(?:they|it|the|my|our)\b)"
    r"|\b(?:i|we)\s(?:was|were)\s(?:just\s)?(?:gonna|going\sto|about\sto|thinking\s(?:of|about))\s[^.;!?\n]*?\bbut\b"
    r"[^.;!?\n]*?\b(?:never\s?mind|changed\s(?:my|our)\sminds?|forget\sit|decided\s(?:not|against)|not\sany\s?more)\b[^.;!?\n]*"
    r"|\b(?:(?:thanks|thank you) for|(?:congratulations|congrats|well done|good luck)"
    r" (?:on|with|for)) (?:the|those|these|your)"
    r"\s[^.,;!?\n]*"
    r"|(?:\A|(?<=[.;!?\n]))[^.;!?\n]*\b(?:need|want|like|have) to cancel (?:it|that|this|(?:my|our|the|that|this) "
    r"(?:reservation|booking|order|appointment|flight|ticket|table|trip|subscription)s?)\b(?![^.;!?\n]*\bif\b)"
    r"[^.;!?\n]*"
    r"|,\s(?:the|that|this)\s(?:\w+\s)?one\s(?:got|was|is|has|had|broke|died|went|came)\b[^.,;!?\n]*"
    r"|\b(?:need|want|like) to (?:talk|speak|chat|complain)(?: (?:to|with) [\w']+)? about\b[^.;!?\n]*",
    words="about asked but cancel one needed ordered paid said the those wanted your",
)
# 'Ingredients: 3 eggs', 'The score was: 3 goals to 2', 'Forecast: 3 sunny days'.
REPORT = rx(
    r"[\s\0]*(?:(?:my|our|the|his|her|their|today's|tomorrow's|final|latest|current)\s){0,2}"
    r"(?:(?:score|review|rating|ingredients|results?|agenda|recipe|riddle|joke|(?:fun )?facts?|stats|weather|headlines?"
    r"|note to self|reminder to self)(?:\s\w+)?"
    r"|(?:scores|scoreline|standings|tally|reviews|ratings|verdict|outcome|minutes|line-?up|jokes|poem|haiku|lyrics|quiz"
    r"|trivia|statistics|forecast|report|diary|journal|log|attendance"
    r"|headcount|votes?|survey|poll|census|sightings?|findings|observations?|homework|lesson|exercise"
    r"|moral|conclusion|lost|found|missing|spotted|for sale|selling|reward|throwback)"
    r"(?:\s(?:so far|today|tonight|yesterday|this week|of the day|is|was|are|were))?)\s?:"
)
# 'Thinking of buying a piano one day'.
SOME_DAY = rx(
    r"\b(?:think(?:ing)? (?:of|about)|dream(?:ing)? of|consider(?:ing)?|toying with|hop(?:e|ing) to|might|may"
    r"|would love to)\s[^.;!?\n]*\b(?:(?:one|some) ?day|eventually|in (?:the|a few) (?:future|years?))\b",
    words="eventually few future one some year",
)
# '20 forks, no, spoons': a known thing takes the place of the one before it.
NO_SPOONS = rx(
    r"(?<=[,;.-]\s)(?:no|actually|or no)[,-]\s(?P<name>[a-z][\w'-]*(?:\s[a-z][\w'-]*){0,2}?)"
    r"(?=\s*(?:\Z|[.,;!\n]|(?:please|and|for|by|with)\b))"
)
# "Don't ring the bell", 'knock on the door': told to whoever brings it.
AT_THE_DOOR = rx(
    rf"(?:{NEGATION}|\b(?:please|just|kindly)\s)?\b(?:ring(?:ing)?|press(?:ing)?|buzz(?:ing)?|us(?:e|ing)|sound(?:ing)?"
    r"|knock(?:ing)?(?:\s(?:on|at))?|bang(?:ing)?\son)\s(?:the|my|our|any)\s(?:front\s|side\s)?"
    r"(?:door\s?)?(?:bell|buzzer|intercom|door|knocker)s?\b",
    words="bell buzzer door front intercom knocker side",
)
# 'I said ten nets but let's do twelve instead'.
RATHER = rx(
    r"[\s,;.-]*\b(?:(?:but|so|and)\s)?"
    r"(?:let's|let us|we'll|we will|i'll|i will|(?:i'd|we'd) rather|(?:can|could) we|better)"
    r"\s(?:do|go with|go for|have|take|get|make|say|order)"
    rf"\s(?=(?:{NUMBER})\s(?:of (?:them|those)\s)?(?:instead|after all)\b)"
    r"|[\s,;.-]+(?:but|though|so|and)\s"
    rf"(?=(?:{NUMBER})\s(?:would|will|might|'d|'ll)\s(?:be\s(?:better|best|safer|nicer|wiser)|do\sbetter|suit\s(?:me|us)))",
    words="after d instead ll might those will would",
)
SAID = rx(
    r"\b(?:(?:i|we)(?:'d|\swould)\s(?:be\s(?:\w+\s)?(?:grateful|glad|pleased|happy|thankful|obliged)|appreciate\sit)"
    r"|(?:it|that)(?:'d|\swould)\sbe\s(?:\w+\s)?(?:great|good|nice|lovely|wonderful|kind|helpful|appreciated))\sif\s"
    rf"(?=(?:an?|{NUMBER})\s[^.;!?\n]{{3,90}}?\s(?:could|can|might|were\sto)\sbe\s"
    r"(?:ordered|sent|delivered|bought|got|purchased|booked|shipped|supplied|reserved|put)\b)"
    rf"|\b(?:i|we)\s(?:said|asked for|wrote|wanted)\s(?=(?:{NUMBER})\s)"
    r"(?![^.;!?\n]*\b(?:you|they|got|came|received|arrived|sent|was|were|him|her|last|ago|yesterday)\b)",
    words="asked if said wanted wrote",
)

# Whoever says one of these of himself may well be ordering.
_MAY_ORDER = (
    r"(?:need|want|like|love|prefer|require|request|order|lack|wish|hope|fancy|deserve|crave|seek|expect|miss|take|pick|choose|select|buy"
    r"|await|vote|opt|settle|plump|go|beg|trouble|bother|trust|propose|suggest|recommend"
    r"|think|guess|reckon|believe|suppose|figure|imagine|mean|say|feel)(?:s|d|ed|ing)?"
    r"|would|will|can|could|may|might|must|shall|should|do|does|are|is|am|be|has|have|had|got|gotta|wanna|gonna|thought"
    r"|meant|felt|sought|said|for|and|or|of|with|to|in|on|at|by|from|plus|per|as|about|than|only|just|also|please|asked|asks"
    r"|an?|another|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|half|dozen"
)
_BY_THE_WAY = (
    r"(?:(?:also|just|always|never|usually|often|still|only|already|once|then|recently|sometimes|actually|even|later"
    r"|[a-z]+ly)\s){0,2}"
)
_OFF = r"(?:\s(?:me|us|him|her|them|you))?(?:\s(?:up|down|out|off|over|away|back|through))?"
_WAY = (
    r"(?:\s(?:me|us|him|her|them|you))?"
    r"(?:\s(?:up|down|out|off|in|into|away|over|at|about|around|through|past|back|on|with|for|like|after))?"
)
# 'might I trouble you for': asked for.
_UNASKED = "".join(
    f"(?<!{word} )" for word in "may might can could would shall should will do if when once that".split()
)
_OWNER = r"(?:my|our|his|her|their|the|this|that|these|those|an?)"
# 'I put 3 plates in the dishwasher', 'he hid 2 rings': somebody does something with what is counted.
_DOES = rx(
    rf"(?<![\w']){_UNASKED}(?:i|we|they|he|she|it|you|who|everyone|everybody|someone|somebody|nobody)\s{_BY_THE_WAY}"
    rf"(?!(?:{_MAY_ORDER})\b)[a-z]{{2,}}{_WAY}[\s\0]+(?:all\s|the\s|these\s|those\s)?(?:{NUMBER})\s[a-z]"
)
_DID = (
    r"(?:hid|took|gave|made|built|found|kept|left|held|led|wrote|drew|fed|sold|caught|taught|threw|shot|won|lost|hit|put"
    r"|spent|rode|drove|sang|shook|stole|tore|bit|dug|brought)"
)
# 'whisky aged 12 years', 'boards cut 3 feet wide': of which kind a thing is.
_OF_KIND = (
    r"(?:aged|sized|priced|rated|numbered|dated|needed|wanted|required|requested|ordered|measured|graded|valued|reduced"
    r"|discounted|used|assorted|mixed|packed|boxed|red|bed|seed|feed|weed|reed|shed|sled|speed)\b"
)
_MEASURE = (
    rf"(?:(?:{'|'.join(sorted(UNITS | PORTIONS))}|loaves|boxes|bunches|batches)s?"
    r"|feet|foot|ft|inch(?:es)?|cm|mm|m|metres?|meters?|km"
    r"|years?|months?|weeks?|days?|hours?|minutes?|litres?|liters?|kg|g|gb"
    r"|watts?|volts?|amps?|sided|ply|per|percent|times|by|x|to|and|or|each|deep|wide|high|long)\b"
)
# 'I am returning 3 lamps', 'it weighs as much as 3 pianos'
_IS_DOING = rx(
    r"(?<![\w'])(?:i|we|they|he|she|you)(?:'m|'re|'s|\sam|\sare|\sis|\swas|\swere)\s"
    r"(?!(?:look|need|want|order|buy|gett|purchas|request|hop|ask|think|crav|seek|book|miss|lack|requir|plac|tak|hav|go|try|shopp"
    rf"|search|hunt|wish|await|expect|plann|aim|call|say|bring)ing\b)[a-z]{{2,}}ing{_OFF}\s(?:the\s)?(?:{NUMBER})\s[a-z]"
    rf"|\bas\s(?:much|big|heavy|tall|long|old|good|strong|fast|large|wide|high)\sas\s(?:{NUMBER})\s[a-z]",
    words="am are as is m re s was were",
)
# 'my niece keeps 3 ponies', 'our cafe sold 40 scones'.
_SOMEBODY_DOES = rx(
    rf"(?<![\w'])(?:{_OWNER}\s(?:[\w'-]+\s){{1,2}}?|(?<!\A)(?-i:[A-Z][a-z]+)\s){_BY_THE_WAY}"
    rf"(?!(?:{_MAY_ORDER})\b)(?P<verb>[a-z]+(?:s|ed)|{_DID})"
    rf"{_OFF}[\s\0]+(?:{NUMBER})\s[a-z]"
    rf"|\A[\s\0]*(?:(?:{NUMBER}|{_OWNER}|some)\s)?(?:(?!(?:{_MAY_ORDER}|please)\b)[\w'-]+\s){{1,2}}?{_BY_THE_WAY}"
    rf"(?:{_DID}|(?!{_OF_KIND})[a-z]{{2,}}ed|eat|ate|drink|drank|wear|wore"
    rf"|see|saw|read|sell|keep|win|lose|own|play|meet|met)"
    rf"\s(?:{NUMBER})\s(?!{_MEASURE})[a-z]"
)
# 'the 3 wardrobes you delivered': what came is spoken of.
_CAME = rx(
    rf"\b(?:the|those|these|my|our|your|of)\s(?:{NUMBER})\s(?:(?!(?:you|i|we|they)\b)[a-z'-]+\s){{1,4}}(?:that\s|which\s)?"
    r"(?:you|i|we|they)(?:'ve|\shave|\shad|\sjust|'d)*\s(?:delivered|sent|sold|gave|given|shipped|bought|ordered|got|received"
    r"|made|installed|supplied|dropped|brought|lent|showed|saw|charged)\b"
)
# What things and animals do by themselves.
_HAPPENED = (
    """
    barked landed fell broke ran jumped sat stood slept died escaped vanished appeared disappeared happened occurred
    sank swam flew grew cried laughed shouted sang danced smiled wobbled collapsed exploded hatched hooted meowed
    mooed galloped crawled waved stared waited queued remained survived retired resigned graduated lived burned
    burnt worked hung knocked shone bloomed squeaked howled roared chirped quacked croaked attended went drove
    walked marched climbed fainted giggled snored grazed nested migrated crashed rang arose
    """
).split()
# '2 dogs barked', 'in the end, 3 cups broke': nobody orders what did something by itself.
_IT_DID = rx(
    rf"(?:\A|[\s,;:\0])(?:{NUMBER}|an?|the|some|many)\s(?:(?!(?:to|who|that|which|i|we|they|he|she|and|or)\b)[a-z'-]+\s){{1,3}}"
    rf"(?:{any_of(_HAPPENED)}|showed up|turned up|took off)"
    r"(?=\s*(?:\Z|[.,;!?\n\0]|(?:at|in|on|by|from|over|under|into|up|down|out|off|away|past|to|through|across|along|around"
    r"|near|when|while|after|before|last|yesterday|and|together|all|loudly|quietly|suddenly|early|late)\b))",
    words=" ".join([*_HAPPENED, "showed", "turned", "took"]),
)
# '3 ducks swim on the pond'
_THEY_DO = rx(
    rf"(?:\A|[\s,;:\0])(?:(?:the\s)?(?:{NUMBER})|the|some|many)\s(?:[a-z'-]+\s){{0,2}}?"
    r"(?:[a-z]+s|people|men|women|children|geese|mice|sheep|fish)\s(?:(?:in|on|at|by|from)\s(?:the|our|my)\s[a-z-]+\s)?"
    r"(?:swim|play|live|sleep|run|sit|stand|sing|dance|burn|fight|bark|fly|grow|walk|wait|work|lie|hang|wobble|leak|squeak|smell"
    r"|graze|jump|laugh|cry|fall|die|arrive|leave|go|come|stay|nest)"
    r"(?=\s*(?:\Z|[.;!?\n]|(?:in|on|at|by|over|under|around|through|near|behind|across|along|all|every|outside|inside|there|here)\b))",
    words="swim play live sleep run sit stand sing dance burn fight bark fly grow walk wait work lie hang wobble "
    "leak squeak "
    "smell graze jump laugh cry fall die arrive leave go come stay nest",
)


def tells(words: str) -> bool:
    """Whether a sentence in which nothing orders tells what somebody or something does or did."""
    does = _SOMEBODY_DOES.search(words)
    return bool(
        _DOES.search(words)
        or _IT_DID.search(words)
        or _CAME.search(words)
        or _IS_DOING.search(words)
        or _THEY_DO.search(words)
    ) or (does is not None and not knows(does["verb"] or ""))
