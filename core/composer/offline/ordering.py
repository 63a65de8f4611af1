"""What orders something: the verbs and the nouns that lead to a thing, and the words around them."""

from __future__ import annotations

from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.roles import GIVEN_TO
from core.composer.offline.text import CUE
from core.composer.offline.zones import HELLO

# What one wants to do to a thing in order to have it: 'I'd like to try ...', 'we are hoping to reserve ...'.
_ACT = (
    r"(?:have|get|order|buy|purchase|try|grab|pick up|place|put in|reserve|book|schedule(?: for(?=\san?\s))?"
    r"|arrange(?: for(?=\san?\s))?|rent|hire|set up"
    r"|make|request|organi[sz]e|sign up for|subscribe to|take|add|do|send|find"
    r"|(?:look|search)(?: (?:for|up)){1,2}|acquire|procure|renew|see|eat|drink"
    r"|go (?:with|for|ahead with)"
    r"|(?:proceed|press ahead|move forward|carry on) with|plan|start|submit|charter|join|enrol in|enroll in)"
)
ACTS = rx(
    rf"(?:{_ACT}|watch|know|go|be|see|check|change|pay|talk|speak|meet|work|learn|help|use|sell|return|fix|clean|cook"
    rf"|make"
    r"|play|drink|eat|give|ask|tell|say|move|stop|cancel|complain|ship|send|deliver|come|fly|travel|print|paint|cut)\b"
)
_LOOSE = r"(?:please |maybe |just |also |possibly |kindly |actually |go ahead and |be able to |see about )"
# Short forms of NUMBER and JOINING, as this pattern is long enough.
_SO_MANY = (
    r"(?:\d[\d,]*|an?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    r"|fifty|half)"
)
_NO_RECEIVER = r"(?:and|or|for|to|of|on|at|in|by|with|from|after|before|into|within|over|under|about|as)\b"
VERB = (
    rf"(?P<wish>(?:(?:(?:would|d)\s)?(?:really |also |just |rather )?(?:want(?:s|ed|ing)?|need(?:s|ed)?|like|love"
    rf"|wish(?:ing)?|hop(?:e|ing)|looking|tr(?:y|ying)|prefer|plan(?:ning)?|going|able|ready|intend(?:ing)?|decided"
    rf"|have|got|need you|want you)\s(?:to|and)|wanna|gonna|gotta|wondering if (?:i|we) (?:can|could))"
    rf"\s{_LOOSE}*{_ACT}(?!\sto\b)"
    rf"|(?:like|want|need) to(?=\s(?:{NUMBER}|an?)\s)"
    rf"|(?<=\A)(?:can|could|may)\shave(?=\s(?:{NUMBER}|an?|the|some)\s)"
    rf"|(?:i'd|i would|i'll|let's|we'd) say(?=\s(?:{NUMBER}|half|an?)\s)"
    r"|(?:that|this|it)(?:'ll| will| would|'d)? be(?=\s(?:an?|one|two|three|four|five|six|\d+)\s)"
    rf"|otherwise,?(?=\s(?:an?|{NUMBER})\s)"
    r"|(?:(?:all|what) )?(?:i|we)(?:(?:'re|'m| are| am)?(?: really)? (?:want|need|require|after|looking for)"
    r"|(?:'d| would) like) is|(?:my|this|the|our) order (?:is|will be)(?: for)?"
    r"|feel like(?: (?:having|trying|getting"
    r"|eating))?"
    r"|(?:i|we) prefer(?!\sto\b)|wanted(?=\s(?:an?|\d+|one|two|three|four|five|six)\s)"
    r"|(?:i'll|we'll|i will|we will|ill|i'd|we'd|i would|we would|let me|let us|let's|can i|could i|may i|can we"
    r"|could we"
    r"|may we|might (?:i|we)|lemme|id)\s(?:please |just |also |actually |probably |rather )?(?:take|have|try|do"
    r"|go (?:with|for)|get"
    r"|prefer|grab)(?!\sto\b)"
    r"|(?:put|sign|book|pencil|fit|squeeze|schedule|get) (?:me"
    r"|us) (?:(?:down|up|in) )?for"
    r"|(?:make|bring|do|fix|pass|get|find|give|order|book|send|buy|sort|fetch|supply|spare|call|hail|summon)\s(?:me|us)(?:\s(?:out|up)\swith)?"
    rf"|(?:can|could|will|would) (?:you|u)(?: guys)? (?:do|make|bring|throw in|add|fix)(?=\s(?:an?|{NUMBER})\s)"
    rf"|have(?=\s(?:{NUMBER}|an?)\s[\w ,]{{3,80}}\s(?:sent|delivered|brought|dropped off)\b)"
    r"|(?:have|get|ask) (?:someone|somebody|a driver|a courier)(?: to)? (?:drop off|bring|deliver|send|run)(?: over"
    r"| by| me| us)*"
    rf"|(?:i'm|we're|i was|we were|im) thinking(?: of| about| maybe)?(?=\s(?:an?|{NUMBER})\s)"
    r"|(?:(?:hook|set|fix) (?:me|us) up|hit (?:me|us)|(?:kit|rig|fit|see) (?:me|us) (?:out|up)) with|(?:throw|toss) in"
    r"|(?:i'm|we're|am|are|im|was|were|been) (?:looking for|after|searching for|craving|in the market for"
    r"|shopping for|hoping for"
    r"|interested in (?:getting|buying|ordering|booking|purchasing|renting|hiring))"
    rf"|(?:any|a) chance of(?: getting| having)?(?=\s(?:an?|{NUMBER})\s)"
    rf"|(?:how|what) about(?=\s(?:an?|{NUMBER})\s)"
    r"|make(?=\san?\s(?:[\w-]+\s){0,2}(?:reservation|booking|appointment)s?\b)"
    rf"|pay(?:ing)? for(?=\s(?:an?|{NUMBER})\s)|(?:to |and )?spend(?:ing)? (?:it |that )?on(?=\s(?:an?|{NUMBER})\s)"
    r"|(?:arrang|organi[sz]|schedul|ask|call)(?:e|ing)? for(?=\san?\s)"
    rf"|(?:(?:ha(?:s|ve)|is|are)\s)?ask(?:s|ed|ing) for(?=\s{_SO_MANY}\s)"
    r"(?![^.;!?\n]*\b(?:last|ago|yesterday|once)\b)"
    rf"|could (?:really )?(?:use|do with(?=\s(?:an?|some|{NUMBER})\s))|fancy|searching for"
    r"|in search of|find(?=\s(?:an?|\d)))"
    r"|(?P<noun>(?:re-?|pre-?)?order(?:ing)?|(?<!am )(?:look|search) for(?=\s(?:an?|\d)\b)"
    r"|purchas(?:e|ing)|request(?:s|ing)?|schedul(?:e|ing)"
    r"|reserv(?:e|ing)|book(?:ing)?|hir(?:e|ing)|rent(?:ing)?|supply|license|add"
    rf"|(?:re-?)?stock(?:ing)?(?: (?:me|us)(?: up)? with| up (?:on|with))?"
    rf"|replenish|refill|extend|upgrade|include(?=\s(?:an?|{NUMBER})\s)"
    rf"|(?:ship|deliver|send|rush|dispatch|bring|forward)(?=\s(?:(?:us|me|over|out|along|between|some|several|many|few"
    rf"|lots|plenty|various|multiple)\b"
    rf"|(?:our \w+ )?{NUMBER}|an?\s|another\s))"
    rf"|(?:put|set|keep|hold|lay|save)(?=\s{_SO_MANY}\s[^.;!?\n]{{3,60}}?\s(?:aside|back|by(?!\s(?:the|my|our|an?)\b)"
    rf"|to one side|on (?:hold|one side"
    rf"|(?:the|my|our) (?:order|list|tab|slate|account|bill))|for (?:me|us|collection))\b)"
    rf"|(?:put|set|lay|keep)\s(?:aside|by)"
    rf"|hold(?=\s{_SO_MANY}(?:\s[a-z-]+){{1,3}}\s?\0)"
    r"|put(?=\s[^.;!?\n]{2,60}?\son\s(?:the|my|our)\s(?:shopping\s|grocery\s)?(?:list|order|tab|bill|cart)\b)"
    rf"|(?:put|write|jot|mark|note|stick|chuck|pop|toss|throw)\s(?:down|in)"
    rf"(?=\s{_SO_MANY}\s(?!(?:[\w-]+\s){{0,2}}(?:{CUE}|(?:order|request|word|call|note|bid|absence)s?\b)))"
    rf"|(?:give|send|bring|issue)(?=\s(?:the|our|my)\s(?:(?!{_NO_RECEIVER})[\w'-]+\s){{1,3}}?(?!an?\s){_SO_MANY}\s(?!times?\b)[a-z]))"
    r"|(?P<plain>buy(?:ing|s)?|procur(?:e|ing)|acquir(?:e|ing)|obtain(?:ing)?|requires?"
    r"|arrang(?:e|ing)|organi[sz](?:e|ing)|renew(?:ing)?|need(?:s|ing)?|wants?|wanna|get(?:ting|s)?"
    r"|grab(?:bing)?|fetch|provide|subscribe to|looking for"
    r"|in need of|(?:would|'d|i?d) (?:also |really |just |rather |very much |please )?(?:like|love|appreciate)"
    r"(?: receiving| getting| having)?"
    r"|gimme|pick(?:ing)? up"
    r"|set(?:ting)? up|sort(?:ing)? out|let (?:me|us) have)"
)
ORDERING = rx(
    rf"(?<![\w-])(?:{VERB})(?![\w-])(?:\s(?:me|us|him|her|them|myself|ourselves|up|over|out|along|hold "
    rf"of|for (?:me|us)|(?:to go|online)(?=\s{_SO_MANY}\s)"
    r"|(?:some )?help (?:with )?(?:getting|ordering|buying|booking|finding|scheduling))\b)*"
)
NOUN_CUE = rx(
    r"\b(?P<verb>(?:place|plac(?:ing)|process|submit|create|make|start|begin|put(?:ting)? in|raise|file|enter"
    r"|prepare|do|have|get|need|want|here(?:with|'s| is| comes)|this is"
    r"|enclosed|attached|please (?:find|accept)|below is"
    r"|(?:treat|take|consider) this(?: as)?)\s)?"
    r"(?P<owner>(?:an?|the|this|one|another|our|my|your|that|last|previous)\s)?"
    r"(?:(?:new|big|large|bulk|wholesale|rush|urgent|express|purchase|small|delivery|takeout|take-?away|food"
    r"|online|phone"
    r"|quick|\0++)\s){0,3}(?:orders?|purchases?)(?:(?:\sin)?\s(?:for|of)\b|\s?:|(?=\s\0))",
    words="\0 : for of",
)
# 'send my mother in law Anna a hamper', 'get uncle Bob two mugs': whom it is for, between the verb and the thing.
GIVEN = rx(
    r"\b(?:get|buy|send|bring|give|order|find|fetch|make|ship)\s"
    rf"(?:(?:my|our|the|his|her|their)\s(?:[a-z-]+\s)?{GIVEN_TO}s?(?:\sin\slaw)?(?:\s(?-i:[A-Z])[\w'-]+){{0,2}}"
    r"|(?:uncle|aunt|auntie|aunty|grandma|granny|grandpa|mr|mrs|ms|miss|dr)\.?\s(?-i:[A-Z])[\w'-]+)"
    rf"(?=\s(?:an?|some|{NUMBER})\s)"
)
# 'pick up some things for me a bag of ice': what they are follows.
SOME_THINGS = rx(
    r"\b(?:pick up|get|grab|order|need|want|buy|fetch|add)\s(?:(?:me|us)\s)?(?:some|a few)\s"
    r"(?:things|stuff|groceries|bits|items|supplies|bits and (?:bobs|pieces))"
    r"(?:\s(?:for (?:me|us|the (?:house|week|weekend|kids|party))|from the (?:store|shop|market)))?[,:]?"
    rf"(?:\s(?:so|like|uh))?(?=\s(?:an?|{NUMBER})\s)",
    words="few some",
)
# 'okay grocery list two dozen eggs': a list begins, with no colon to say so.
LIST_OF = rx(
    rf"[\s\0,]*{HELLO}(?:(?:here's|heres|this is|it's)\s)?(?:(?:the|my|our|a)\s)?"
    r"(?P<list>(?:shopping|grocery|groceries|food|supply|supplies)\s(?:list|run|order)"
    r"(?:\s(?:is|for (?:today|tonight|tomorrow|the week|this week)|today|this week))?)"
    r"(?=\s(?!apps?\b|pads?\b|notebooks?\b|templates?\b|magnets?\b|and\b|please\b|for\b|was\b|has\b)[\w])"
)
CHARGE_FOR = rx(r"\b(?:charge|bill)\s(?:[\w']+\s){1,4}?for(?=\s)")
REPLACED = rx(rf"\b(?:replac(?:e|ing)|swap(?:ping)?)\s[^.,;\n]{{3,60}}?\s(?:with|for|by)(?=\s(?:{NUMBER}|an?)\s)")
SUBSCRIBED = rx(rf"\bsubscribe\s(?P<count>{NUMBER})\s(?:of\s(?:our|my|the)\s)?[\w-]+(?:\s[\w-]+)?\sto\b")
