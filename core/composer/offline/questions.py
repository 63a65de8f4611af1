"""Questions that ask for a thing or for work, and wishes that only ask to be told."""

from __future__ import annotations

# 'Can you help me buy a desk' asks for the desk.
HELPED = (
    r"get|order|buy|book|find|schedul|set|purchas|reserv|rent|hir|arrang|organi|look(?:ing)? (?:for|up)|search|pick"
    r"|obtain|(?:call|hail|grab|send|fetch|summon) (?:me |us )?an?\b|plan an?|mak|plac|acquir|procur|secur|locat|an?\b"
)
# 'who can fix my roof' asks for somebody; 'who can tell me' and 'who was at my desk' do not.
WHO_ASKED = (
    r"who\b(?!\s(?:can|could|will|would)\s(?!tell|explain|say|answer|confirm|help|recommend|deliver|sell|believe)[a-z]+"
    r"(?:\s(?:up|out|over|at|after))?\s(?:my|our)\b)"
)
_SHOWN = (
    r"flights?|trains?|bus(?:es)?|hotels|fares?|prices?|rates?|schedules?|times|timetables?|options?|list|availability"
    r"|menu|catalog(?:ue)?|selection|ones"
)
# 'I would like information on trains', 'I'd like to see the fares'.
TO_KNOW = (
    r"(?:i|we|id|i'd|we'd)\s(?:(?:would|'d)\s)?(?:also\s|just\s|really\s)?(?:like|want|need|love)\s"
    r"(?:(?:some\s|more\s|any\s|the\s){0,2}(?:information|info|details)\s(?:on|about|for|regarding)\b"
    r"|to\s(?:know|hear|find\sout|learn)\s(?:about|if|whether|what|which|how|when|where|the|more)\b"
    r"|to\s(?:see|view|compare|check)\s(?:all\s(?:of\s)?)?(?:the|your|any|a\slist\sof|what|which)\s"
    rf"(?:[\w-]+\s){{0,2}}?(?:{_SHOWN})\b)"
)
# 'would you let me know which planes fly to Oslo', where nothing is to be booked.
LET_KNOW = (
    r"let\s(?:me|us)\sknow\s(?:about\s)?(?:what|which|who|how|why|where|whether|(?:the\s)?(?:types?|kinds?|names?|prices?"
    r"|costs?|fares?|times?|number)\s(?:of|for|on|from|to)\b|if\s(?:there|they|you\shave|it's|it\sis))"
    r"(?![^\n]*\b(?:book|order|buy|reserve|purchase|get\sme|need)\b)"
)
# 'do I need a visa', 'is my room ready': asked without a question mark too.
_DOING = (
    r"order|buy|book|get|schedule|reserve|rent|hire|arrange|take|pick|go|wait|bring|replace|upgrade|renew|cancel|try"
)
# 'should I order more' asks for advice; 'should we run over budget, cancel' is a condition.
ASKED = (
    rf"(?:should\s(?:i|we)\s(?:even\s|really\s|just\s)?(?:{_DOING})\b(?=[^,;\n]*(?:\Z|\n))"
    r"|(?:(?:do|does|did)\s(?:i|we|they|he|she|it|anyone|anybody|someone)|(?:does|did)\s(?:the|this|that|my|our|any)"
    r"|(?:is|are|was|were)\s(?:my|our|the|this|that|these|those|there(?!\s(?:any|a)\s(?:chance|way|possibility)))"
    r"|(?:is|was)\sit(?!\s(?:be\s)?possible|\sok|\salright|\sall right|\sfine))\b"
    r"(?![^\n]*\b(?:if so|book|reserve)\b))"
)
