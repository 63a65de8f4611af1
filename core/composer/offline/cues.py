"""Which sentences order something, and where their verb stands."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import get_close_matches

from core.composer.offline.lexicon import knows
from core.composer.offline.numbers import ARTICLES, NUMBER, quantity_at, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.pointing import mark_pointed
from core.composer.offline.questions import ASKED, HELPED, LET_KNOW, TO_KNOW, WHO_ASKED
from core.composer.offline.roles import RECEIVERS
from core.composer.offline.shares import skip_parts
from core.composer.offline.text import CUE, FIX, GONE, Draft
from core.composer.offline.told import AT_THE_DOOR, COMPLAINT, NO_SPOONS, RATHER, REPORT, SAID, SOME_DAY, tells
from core.composer.offline.unwanted import MORE_OF_THEM, skip_unwanted
from core.composer.offline.words import COLOURS, MATERIALS

HELLO = (
    r"(?:(?:hi|hello|hey|dear|please|pls|kindly|also|and|then|plus|ok|okay|so|thanks|well|yes"
    r"|yeah|sure|there|team|all|but|next|finally|first)\b[\s,!.]*)*"
)
# A greeting and a label before a list: 'shopping list:', 'in bulk please:', 'Customer id K-1:'.
_LABEL = rf"\A[\s\0]*{HELLO}(?:[^\d:.!?\n]{{1,40}}:)?[-*•:,;\s\0]*"
_QUESTION = rx(
    rf"[\s\0,]*{HELLO}(?:(?:what(?! about| (?:i|we)(?:'re|'m|'d| are| am)?"
    rf" (?:really|would|want|need|require|after|like|looking)\b)|what's|whats|why"
    r"|where\s(?:can|could|do|does|is|are|should|did)"
    r"|who's|whose|how(?! about))\b"
    rf"|{WHO_ASKED}"
    r"|(?:can|could|would|will) you (?:please )?(?:tell|recommend|explain|suggest|write|show|describe|check"
    r"|give me (?:a|an|some) (?:idea|joke|tip|hint|recipe)"
    rf"|{LET_KNOW}"
    rf"|help(?! (?:me |us )?(?:please )?(?:to |with |in |out with )?(?:{HELPED})))\b"
    r"|(?:please\s)?(?:give|tell|send)\s(?:to\s)?(?:me|us)\s(?:the|a|your|an)\s(?:\w+\s)?"
    r"(?:price|quote|quotation|cost|status|list)\b"
    r"|(?:my|our)\s(?:last\s|previous\s)?order\b[^\n]{0,60}\b(?:broken|damaged|wrong|missing|late"
    r"|incomplete|never|hasn't|haven't"
    r"|cancel\w*)\b"
    r"|(?:is(?! it possible| there (?:any|a) (?:chance|way|possibility))|are|was|were|do|does|did|has|have|am"
    r"|when(?!ever\b|\s(?:you|it)(?:'s|'ve|\s(?:is|have|get|got|can|suits|are))\b|\s(?:possible|convenient|ready)\b)"
    r"|where|which|should"
    r"|shall|isn't|aren't|don't|doesn't|didn't)\b[^\n]*\?)"
)
_GREETING = rx(
    r"(?:\A|(?<=[.!?,\n\0]))[\s\0]*(?:(?:hi|hello|hey|hiya|howdy|yes|yeah|yep|yup|sure|okay|ok|alright|all right"
    r"|well|great|perfect"
    r"|good (?:morning|afternoon|evening|day)|(?:how are|how're) you(?: doing)?(?: today| tonight| this \w+)?"
    r"|how's it going"
    r"|what'?s up|greetings|thanks|thank you|so|um+|uh+|no problem|cool)\b(?: there| again| everyone| team"
    r"| all)?[\s,!.?]*)+(?=\S)"
)
_OTHER_TASK = rx(
    rf"[\s\0,]*{HELLO}(?:write|tell|explain|translate|summari[sz]e|calculate|compute|sing|draw"
    rf"|describe|compare|recommend|suggest|list|print|remind|play|generate|define|solve|track"
    rf"|show|count|guess|spell|rhyme|rewrite|paraphrase|identify|prove|cancel(?!\s(?:nothing|none)\b)|imagine|pretend|remember)\b(?![^\n]*\bif\b)"
    rf"|[\s\0,]*{HELLO}(?:{TO_KNOW}|{ASKED})"
)
_INJECTED = rx(
    r"\b(?:ignore|disregard|forget|override)\b(?:\s[\w']+){0,4}\s(?:instructions?|rules?"
    r"|prompts?|messages?|guidelines|above|limits?|restrictions?|safeguards?|polic(?:y|ies)|constraints?|checks)"
    r"\b[^.;\n]*"
    r"|\byou are now\b[^.;\n]*|\bsystem prompt\b[^.;\n]*|\b(?:drop|truncate|delete from"
    r"|alter)\s(?:table\s)?(?-i:[\w ]{0,30}\btables?\b|orders|users|customers)(?:\s\w+)?"
    r"|\b(?:drop table|delete from|truncate table|union select|insert into)\s\w+"
    r"|<[a-z/!][^<>\n]{0,200}>|\{[^{}\n]{0,300}\}|\{\{[^{}\n]{0,200}\}\}"
    r"|\bset (?:the |all |every |each |your )?(?:[a-z]+ )?(?:prices?|totals?|costs?|discounts?"
    r"|budgets?|quantit(?:y|ies)|rates?|odds|chances?|probabilit(?:y|ies)|balances?)\s(?:to|at|=)\s[^.;\n]*"
    r"|\b(?:(?:and|then|also|by the way|please)[\s,]+){0,3}(?:transfer|wire|move|send|empty|drain|withdraw|deposit)\s"
    r"(?:(?:all|any|the|my|our|your|their|every|of|remaining|whole|company(?:'s)?)\s){0,4}"
    r"(?:money|funds?|cash|balances?|savings|wallets?|(?:bank )?accounts?)\s(?:in|out of|from|to|into)\s"
    r"(?:(?!\sand\s(?:order|buy|get|book|send|add)\b)[^.;\n])*"
    r"|(?<=[.;>!?\n]\s)(?:system|assistant|developer)\s?(?:message\s?|note\s?)?:\s"
    r"(?=(?:apply|set|ignore|give|grant|make|mark|approve|change|add|override|you|the|from|now|all|treat)\b)[^\n]*"
    r"|\bsystem (?:override|prompt|message|note|command|instruction|alert)s?\s?:[^.;\n]*"
    r"|\b(?:act|behave|respond|reply) as (?:if|an?|the)\b[^.;\n]*",
    words=": < above alter as checks constraint delete drop from guidelines in instructions into limit message out "
    "policy prompt restriction rule safeguard select set system table to truncate you {",
)

# What one wants to do to a thing in order to have it: 'I'd like to try ...', 'we are hoping to reserve ...'.
_ACT = (
    r"(?:have|get|order|buy|purchase|try|grab|pick up|place|put in|reserve|book|schedule(?: for(?=\san?\s))?"
    r"|arrange(?: for(?=\san?\s))?|rent|hire|set up"
    r"|make|request|organi[sz]e|sign up for|subscribe to|take|add|do|send|find"
    r"|(?:look|search)(?: (?:for|up)){1,2}|acquire|procure|renew|see|eat|drink"
    r"|go (?:with|for|ahead with)"
    r"|(?:proceed|press ahead|move forward|carry on) with|plan|start|submit|charter|join|enrol in|enroll in)"
)
_ACTS = rx(
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
_VERB = (
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
_CUE = rx(
    rf"(?<![\w-])(?:{_VERB})(?![\w-])(?:\s(?:me|us|him|her|them|myself|ourselves|up|over|out|along|hold "
    rf"of|for (?:me|us)|(?:to go|online)(?=\s{_SO_MANY}\s)"
    r"|(?:some )?help (?:with )?(?:getting|ordering|buying|booking|finding|scheduling))\b)*"
)
_NOUN_CUE = rx(
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
_GIVEN = rx(
    r"\b(?:get|buy|send|bring|give|order|find|fetch|make|ship)\s"
    rf"(?:(?:my|our|the|his|her|their)\s(?:[a-z-]+\s)?{RECEIVERS}s?(?:\sin\slaw)?(?:\s(?-i:[A-Z])[\w'-]+){{0,2}}"
    r"|(?:uncle|aunt|auntie|aunty|grandma|granny|grandpa|mr|mrs|ms|miss|dr)\.?\s(?-i:[A-Z])[\w'-]+)"
    rf"(?=\s(?:an?|some|{NUMBER})\s)"
)
_COUNTED = rx(rf"(?:{NUMBER})\s\Z")
# 'pick up some things for me a bag of ice': what they are follows.
_SOME_THINGS = rx(
    r"\b(?:pick up|get|grab|order|need|want|buy|fetch|add)\s(?:(?:me|us)\s)?(?:some|a few)\s"
    r"(?:things|stuff|groceries|bits|items|supplies|bits and (?:bobs|pieces))"
    r"(?:\s(?:for (?:me|us|the (?:house|week|weekend|kids|party))|from the (?:store|shop|market)))?[,:]?"
    rf"(?:\s(?:so|like|uh))?(?=\s(?:an?|{NUMBER})\s)",
    words="few some",
)
# 'okay grocery list two dozen eggs': a list begins, with no colon to say so.
_LIST_OF = rx(
    rf"[\s\0,]*{HELLO}(?:(?:here's|heres|this is|it's)\s)?(?:(?:the|my|our|a)\s)?"
    r"(?P<list>(?:shopping|grocery|groceries|food|supply|supplies)\s(?:list|run|order)"
    r"(?:\s(?:is|for (?:today|tonight|tomorrow|the week|this week)|today|this week))?)"
    r"(?=\s(?!apps?\b|pads?\b|notebooks?\b|templates?\b|magnets?\b|and\b|please\b|for\b|was\b|has\b)[\w])"
)
_CHARGE_FOR = rx(r"\b(?:charge|bill)\s(?:[\w']+\s){1,4}?for(?=\s)")
_REPLACED = rx(rf"\b(?:replac(?:e|ing)|swap(?:ping)?)\s[^.,;\n]{{3,60}}?\s(?:with|for|by)(?=\s(?:{NUMBER}|an?)\s)")
_SUBSCRIBED = rx(rf"\bsubscribe\s(?P<count>{NUMBER})\s[\w-]+(?:\s[\w-]+)?\sto\b")
_BEFORE_NUMBER = rx(rf"\b([a-z]{{3,10}})\s(?={NUMBER}|an?\b|some\b)")
_ASKED = rx(rf"\b(?:please|pls|kindly)\s([a-z]{{3,10}}(?:\s(?:for|to)\s(?:me|us))?)\s(?={NUMBER})")
_VERBS = ("order", "purchase", "want", "need", "request", "schedule", "reserve", "require")
# A verb that is a noun as well orders only after one of these words, or where a clause begins.
_BEFORE_VERB = set(
    (
        "please pls to and then also or just i we you they must should will kindly now mind "
        "gonna wanna would could can i'll we'll let's lets need about of customer i'm im we're is are am so but"
    ).split()
)
# After these it is a noun, whatever follows.
_BEFORE_NOUN = set(
    (
        "a an the my your our his her their this that last previous first next every each any some no in on for "
        "from with by per which what whose back work bulk"
    ).split()
)
_WHAT = rx(r"\bwhat(?:ever)?(?:\s(?:i|we|you|they|he|she))?\Z")
_THING_AFTER = rx(rf"\s(?:me\b|us\b|an?\s|some\s|the\s|{NUMBER}\s)")
_NEGATED = rx(
    r"\b(?:do not|don't|dont|never|cannot|can't|won't|didn't|did not|will not|not|no longer"
    r"|how to|how (?:do|can|should) (?:i|we)|whether to|before)\s(?:[\w']+\s){0,2}?"
    rf"(?:{_VERB.replace('?P<noun>', '?:').replace('?P<plain>', '?:').replace('?P<wish>', '?:')})\b[^,.;!?\n]*",
    words="before can did don how longer never not whether will won",
)
# 'I would have ordered 3, but ...'
_UNDONE = rx(
    r"\b(?:would|could|should|might)(?: have|'ve) (?:ordered|bought|booked|got(?:ten)?|taken|purchased|reserved)\b"
    r"[^,.;!?\n]*"
)
# 'don't call me', 'don't spend more than': declines no goods.
_NOT_GOODS = rx(
    r"\b(?:spend|exceed|e-?mail\w*|call\w*|text(?:s|ing)?|sms|phon(?:e\s(?:me|us|calls?)|ing)|mind|notif\w*|over|above"
    r"|more than|cost|send (?:me|us) anything|updates?|alerts|messages|reminders|disturb|in stock|bother (?:me|us))\b"
)
# "If it is out of stock, don't order it" is a condition.
_OF_IT = rx(r"\b(?:it|them|this|anything)\Z")
_IF_NEAR = rx(r"\b(?:if|when|in case|should)\b[^.;!?\n]*\Z")
# "Don't need express delivery" declines how it comes, not a thing.
_NOT_A_THING = rx(
    r"(?:\S+\s){1,4}?(?:shipping|delivery|discounts?|coupons?|promo\w*|vouchers?|wallets?|conversions?|notifications?"
    r"|confirmations?|receipts?)\b"
)
_WEAK = (
    r"(?:no|sorry|wait|oops|actually|hang on|correction|on (?:second thoughts?|reflection)|my mistake|my bad"
    r"|strike that)"
)
# 'she was rather pleased' corrects nothing.
_STRONG = (
    r"(?:make (?:that|it)|i mean|i meant|scratch that|or rather"
    r"|(?<!\bis )(?<!\bwas )(?<!\bare )(?<!\bwere )(?<!\bam )(?<!'s )(?<!'re )(?<!'m )(?<!\bbe )"
    r"(?<!\bbeen )(?<!\bfeel )rather"
    r"|change that to|should be)"
)
FIX_WORDS = rf"[\s,;.-]+(?:(?:{_WEAK}|{_STRONG})\b[\s,;.-]*)+"
_FIXING = rx(
    rf"[\s,;.-]{{0,9}}\b(?:(?:{_WEAK}\b[\s,-]*){{0,3}}{_STRONG}\b"
    rf"|(?:{_WEAK}\b[\s,-]*){{1,3}}(?={NUMBER})|(?<=[,;.-]\s)(?:{_WEAK}\b[,-]\s){{1,3}}(?=an?\s)|(?<=[,.;-]\s)(?:wait|sorry(?!\s(?:for|about|that|if|to)\b)"
    rf"|oops|correction)\b)[\s,:]*"
)
_MEANT = rx(r"\s(?:i mean|i meant|instead)(?=\s*(?:\Z|[.,;!\n]))")
_SCRAP = rx(
    r"[\s,.;]{0,9}(?:\b(?:actually|oh|wait|no|and|but|please|then)\b[\s,]*){0,3}\b(?:scrap|drop"
    r"|remove|forget|cancel|skip|leave (?:out|off)|lose|ditch|hold|never mind|scratch|strike|delete|nix"
    r"|take (?:out|off)"
    r"|(?:we |i )?(?:don't|do not|no longer) (?:need|want)|minus)\s(?:about\s)?(?:the|those|that|my)\s"
    r"(?!order\b|booking\b)(?P<name>[\w-]+(?:\s(?!(?:and|please|instead|i|we|it|they"
    r"|there|because|since|as|that|actually|altogether)\b)[\w-]+){0,2})",
    words="cancel delete ditch don drop forget hold leave longer lose minus never nix not remove scrap skip strike "
    "take",
)
# '... and 3 mugs, no mugs': of what was named before.
_NONE_OF = rx(
    r"(?<=[,.;]\s)(?:(?:actually|wait|and|but),?\s)*no\s(?P<name>[a-z][\w-]{3,})(?=\s*(?:\Z|[.,;!\n]"
    r"|please\b|after all\b))"
)
_CHANGE = rx(
    rf"\b(?:change|make|switch|increase|reduce|decrease|update|bump|raise|lower)\s(?:up\s)?(?:the|those|that)\s"
    rf"(?P<name>(?!an?\b|half\b|{NUMBER})[\w-]+(?:\s(?!to\b)[\w-]+){{0,2}})\s(?:to\s|into\s)?(?P<count>{NUMBER})(?=\s*(?:\Z|[.,;!\n]"
    rf"|(?:actually|now|then)\b|instead\b|please\b))"
)
CLAUSE = rx(r"\b(?:is|are|was|were|has|have|had|be|been|i|you|he|she|they|does|did|do|went|sat|see|said)\b")
TOLD = rx(
    r"\b(?:(?:i|we|they) have(?! (?:an? )?\0)|we (?:run|own|manage|operate)"
    r"|ordered|bought|ate|drank|cooked|wore|arrived|came|sold|was|were|had|has"
    r"|received|got|sent|went|paid"
    r"|loved?|likes?|hates?|own|owns|broke"
    r"|returned|return|yesterday|last (?:week|month|year|night)|ago|refund|complain\w*|my \w+ (?:have|is|are|has))\b"
)
_LISTED = rx(r"\s*[-*•]?\s*[A-Za-z][\w' -]{1,60}(?::|=| x| -)\s?\d+\s*(?:\Z|[,;\n])")


ON_OFFER = rx(r"\b(?:that\s)?you(?:'ve|\shave)(?:\sgot)?\b")
_REMINDER = rx(
    r"\b(?:do not|don't|dont|never)\s(?:ever\s)?(?:forget|hesitate|fail|neglect)\s"
    r"(?:to\b|that\b|,|about\b|(?=the\b|my\b))\s?"
    r"|\b(?:i|we)\s(?:do not|don't|dont)\ssuppose\s(?:that\s)?",
    words="don never not",
)


def skip_reminders(draft: Draft) -> None:
    """ "Don't forget to", "I don't suppose": nothing is taken back, and what follows is asked for."""
    for match in _REMINDER.finditer(draft.rest):
        draft.claim(*match.span())


def skip_what_is_no_order(draft: Draft) -> None:
    """Leave out instructions to the reader, questions and other tasks, so that no word of theirs is read."""
    for pattern in (_INJECTED, COMPLAINT, SOME_DAY):
        for match in pattern.finditer(draft.rest):
            draft.skip(*match.span())
    for match in AT_THE_DOOR.finditer(draft.rest):
        draft.skip(*match.span())
    for match in _GREETING.finditer(draft.rest):
        draft.claim(*match.span())
    for start, end in sentences(draft.rest):
        if any(pattern.match(draft.rest, start, end) for pattern in (_QUESTION, _OTHER_TASK, REPORT)):
            draft.skip(start, end)
    for match in _UNDONE.finditer(draft.rest):
        draft.skip(*match.span())
    for match in _NEGATED.finditer(draft.rest):
        if not _NOT_GOODS.search(match[0]) and not _NOT_A_THING.match(match[0]):
            if _OF_IT.search(match[0]) and _IF_NEAR.search(draft.rest, max(0, match.start() - 60), match.start()):
                continue
            more = MORE_OF_THEM.match(draft.rest, match.end())
            draft.skip(match.start(), more.end() if more else match.end())
    skip_unwanted(draft)
    skip_parts(draft)


def without_instructions(text: str) -> str:
    """The text, as long as it was, without what it tells the reader to be or to do."""
    return _INJECTED.sub(lambda match: GONE * len(match[0]), text)


def asides(text: str) -> list[tuple[int, int]]:
    """(start, end) of what is no order to us: instructions to the reader, and questions."""
    said = [match.span() for match in _INJECTED.finditer(text)]
    return said + [(start, end) for start, end in sentences(text) if _QUESTION.match(text, start, end)]


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence; a full stop inside a number or a word ends none."""
    ends = [
        match.end()
        for match in re.finditer(r"(?<!\b[Dd]r)(?<!\b[Mm]r)(?<!\b[Mm]s)(?<!\b[Mm]rs)[.!?]+(?=\s|\Z)|\n", text)
    ]
    starts = [0, *ends]
    return [
        (start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end].strip(" \n\0")
    ]


def mark_cues(draft: Draft) -> bool:
    """Mark the verbs that order something and the words that correct; True where a verb was found."""
    found = mark_pointed(draft)
    for match in _NOUN_CUE.finditer(draft.rest):
        if _COUNTED.search(draft.rest[max(0, match.start() - 30) : match.start()]) or re.match(
            r"one order", match[0], re.IGNORECASE
        ):
            continue
        owner = (match["owner"] or "").strip().lower()
        if match["verb"] or owner not in ("my", "our", "your", "the", "that", "last", "previous"):
            draft.claim(*match.span(), CUE)
            found = True
    for match in _SUBSCRIBED.finditer(draft.rest):
        if (seats := read_number(match["count"])) and seats == int(seats):
            draft.values["seats"] = int(seats)
            draft.note("seats", *match.span("count"))
        draft.claim(*match.span(), CUE)
        found = True
    for match in _REPLACED.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    for match in _SOME_THINGS.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    if begun := _LIST_OF.match(draft.rest):
        draft.claim(*begun.span("list"), CUE)
        found = True
    for match in _CHARGE_FOR.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    for match in _GIVEN.finditer(draft.rest):
        if _may_follow(draft.rest[: match.start()]):
            draft.claim(*match.span(), CUE)
            found = True
    for match in RATHER.finditer(draft.rest):
        draft.claim(*match.span(), FIX)
    for match in SAID.finditer(draft.rest):
        draft.claim(*match.span(), CUE)
        found = True
    for match in _CUE.finditer(draft.rest):
        if _orders(draft.rest, match):
            draft.claim(*match.span(), CUE)
            found = True
    found = found or _misspelt(draft) or _unsaid(draft)
    for match in _FIXING.finditer(draft.rest):
        draft.claim(*match.span(), FIX)
    for match in NO_SPOONS.finditer(draft.rest):
        sort = match["name"].lower()
        if knows(sort) or sort.split()[0] in COLOURS | MATERIALS or knows(sort.split()[-1]):
            draft.claim(match.start(), match.start("name"), FIX)
    for match in _MEANT.finditer(draft.rest):
        draft.claim(*match.span())
    return found


def _misspelt(draft: Draft) -> bool:
    """'pls oder 4 ...': near the beginning, a word one or two letters away from a verb, and then a quantity.

    After 'please' any word is one: 'please process 900 ...'.
    """
    if match := _ASKED.search(draft.rest):
        draft.claim(*match.span(1), CUE)
        return True
    for match in _BEFORE_NUMBER.finditer(draft.rest[:60]):
        word = match[1].lower()
        other = word.endswith("ed") or word == "wait"
        if not other and _may_follow(draft.rest[: match.start()]) and get_close_matches(word, _VERBS, 1, 0.75):
            draft.claim(*match.span(1), CUE)
            return True
    return False


_WANT_TO = rx(
    r"\b(?:i|we|id|i'd|we'd)\s(?:want|need|like|would like)\sto\s(?P<name>[a-z][\w'-]*(?:\s[a-z][\w'-]*){0,3})"
)


def _unsaid(draft: Draft) -> bool:
    """'i want to pepperoni pizza': the verb was left out, and what stands there is a known thing."""
    match = _WANT_TO.search(draft.rest)
    words = match["name"].lower().split() if match else []
    if match and any(knows(" ".join(words[:many])) for many in range(1, len(words) + 1)) and not _ACTS.match(words[0]):
        draft.claim(match.start(), match.start("name") - 1, CUE)
        return True
    return False


def _orders(rest: str, match: re.Match[str]) -> bool:
    before, after = rest[: match.start()].rstrip(" "), rest[match.end() : match.end() + 40]
    if after.startswith(" to ") or after == " to" or _WHAT.search(before):
        return False
    if match["plain"] or match["wish"]:
        return not re.search(r"\b(?:the|my|your|our|a|an|his|her)\Z", before, re.IGNORECASE)
    if _may_follow(before):
        return True
    last = re.search(r"[\w']+\Z", before)
    return bool(last and last[0].lower() not in _BEFORE_NOUN and _THING_AFTER.match(after))


def _may_follow(before: str) -> bool:
    """Whether a verb may stand after these words: at the beginning of a clause, or after one that leads to a verb."""
    last = re.search(r"[\w']+\Z", before.rstrip(" "))
    return last is None or last[0].lower() in _BEFORE_VERB


def read_changes(draft: Draft) -> list[tuple[str, Decimal]]:
    """(name, quantity) of lines that a later sentence changes: 'change the pens to 10'."""
    changes = []
    for match in _CHANGE.finditer(draft.rest):
        if (number := read_number(match["count"])) is not None:
            changes.append((match["name"].lower(), number))
            draft.claim(*match.span())
    return changes


def read_scraps(draft: Draft) -> list[str]:
    """Names of things that a later word strikes out: 'actually scrap the chairs'."""
    names = []
    for match in _NONE_OF.finditer(draft.rest):
        if match["name"].lower() in draft.rest[: match.start()].lower():
            names.append(match["name"].lower())
            draft.skip(*match.span())
    for match in _SCRAP.finditer(draft.rest):
        names.append(match["name"].lower())
        draft.skip(*match.span())
    return names


# 'sorry for the wait: 2 colleagues left, our stock had to be counted'
_GONE_BY = rx(r":\s(?:[^.;!?\n:]*\s)?(?:left|quit|resigned|retired|broke|failed|had to|(?:was|were) \w+(?:ed|en|ne))\b")


def order_zones(draft: Draft, cued: bool) -> list[tuple[int, int]]:
    """The sentences to look for items in: those with a verb, and those that begin with a quantity or are a list."""
    zones: list[tuple[int, int]] = []
    for start, end in sentences(draft.rest):
        words = draft.rest[start:end]
        if CUE in words or FIX in words:
            zones.append((start, end))
        elif _GONE_BY.search(words):
            continue
        elif _is_list(words, short=not cued) and not tells(words):
            zones.append((start, end))
        elif (after := words.find(": ") + 1) and _is_list(words[after:], short=False):
            zones.append((start + after, end))
    return zones


def statements(draft: Draft) -> list[tuple[int, int]]:
    """Sentences that may hold an order although nothing in them says so, and that tell of nothing past."""
    return [
        (start, end)
        for start, end in sentences(draft.rest)
        if not TOLD.search(draft.rest[start:end])
        and not tells(draft.rest[start:end])
        and re.search(r"[a-z]", draft.rest[start:end], re.IGNORECASE)
    ]


# 'for the canteen, 3 kettles', 'on my own card, 2 cameras'.
_LED_TO = rx(
    r"\A[\s\0]*(?:for|to|on|from|out of)\s(?:the|my|our)\s[\w' \0-]{2,40},\s"
    rf"(?=(?:{NUMBER})\s(?P<name>[a-z-]+(?:\s[a-z-]+){{0,2}})\s*(?:\Z|[^\w\s]|and\b))"
)


def _is_list(words: str, short: bool) -> bool:
    """Whether a sentence without a verb lists things: '3 laptops, 2 monitors', 'Mice: 3', 'a desk for my office'."""
    if _LISTED.match(words):
        return True
    words = re.sub(_LABEL, "", words, flags=re.IGNORECASE)
    led = _LED_TO.match(words)
    words = words[led.end() :] if led and knows(led["name"]) else words
    clause = re.split(r"[,;:\0(]", words)[0]
    pieces = clause.lower().strip(" .!?\n").split()
    if not pieces or CLAUSE.search(ON_OFFER.sub("", clause)) or len(pieces) > 22:
        return False
    pieces = pieces[1:] if len(pieces) > 1 and pieces[0] in ("qty", "quantity") else pieces
    found = quantity_at(pieces, 0)
    return found is not None and found.after <= len(pieces) and (short or pieces[0] not in ARTICLES)
