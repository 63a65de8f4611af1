"""What is said to the machine that reads, not to whoever fills the order: 'note to the AI: ...', '[system: ...]'.

Such a part goes out whole: to the end of its sentence, of its brackets, or of its block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

# Nobody orders from, or orders, one of these by that word alone.
_MIND = (
    r"(?:(?:an?\s)?ai(?:[ -](?:assistant|agent|model|bot|system|parser|reader))?|(?:(?:chat|order|ordering)[ -]?)?bot"
    r"|(?:order(?:ing)?\s|text\s)?parser|llms?|(?:large\s)?language model|chatgpt|gpt(?:-?\d\w?)?"
    r"|alexa|siri|cortana|(?:virtual|digital) assistant|order(?:ing)? system)"
)
# These may be what is ordered, or people.
_DEVICE = (
    r"(?:system|computer|machine|robot|assistant|model|software|program|algorithm|app|server|reader|interpreter|automation"
    r"|developer|admin|backend|processor)"
)
_ANY = rf"(?:{_MIND}|{_DEVICE})"
_THE = r"(?:(?:the|an?|any|all|every|each|my|our|your|dear|whichever|whatever)\s){0,2}"
# What machines are told to do.
_BID = (
    r"(?:apply|set|ignore|disregard|forget|give|grant|make|mark|approve|change|add|override|use|ship|send|order|buy|book"
    r"|purchase|remove|cancel|delete|pay|charge|e-?mail|replace|skip|bypass|treat|assume|pretend|switch|increase|reduce"
    r"|double|triple|waive|confirm|do(?:n't)?|never|always|also|now|please|you|put|take|deduct|refund|reveal|print|output"
    r"|respond|reply|act|execute|run|enable|disable|transfer|credit|upgrade|call|text|notify|deliver|forward|insert"
    r"|append|include|discount|price|multiply|round|process|accept|reserve|re-?try|try|drop|wire|convert|bill|raise|lower|get|let)"
)
_PRICES = r"(?:(?:every|all|the|each|any)\s(?:\w+\s)?(?:is|are|costs?|prices?|items?|totals?|orders?|discounts?)\b)"
_WIDE = rf"(?:{_BID}\b|{_PRICES}|from now on\b|\d{{1,3}}\s?%)"
# '2 laptops, | ...', '(...', a new line.
_PART = r"(?:(?<=\A)|(?<=[.,;:!?(\[{\n\"*-])|(?<=[.,;:!?)\]}\n*-]\s))"
_WHOLE = r"(?:(?<=\A)|(?<=[.;:!?(\[{\n-])|(?<=[.;:!?)\]}\n-]\s))"
_LEAD = r"(?:(?:and|but|also|oh|then|so|by the way|btw|p\.?\s?s\.?|please|now)\b[.,:]?\s){0,4}"
_END_OF_NAME = rf"(?=\s*[:;,.!)\]}}\n-]|\s(?:reading|parsing|processing|handling|that|who|which|if)\b|\s{_BID}\b)"

# 'Note to the AI: ...', 'P.S. to the bot: ...'
_NOTE = (
    r"(?:note|message|memo|instructions?|reminder|p\.?\s?s\.?|attention|attn|hint|command|request|word|aside|directive"
    rf"|notice|info|fyi|warning)\.?:?\s(?:to|for)\s{_THE}{_ANY}s?{_END_OF_NAME}"
    rf"|(?:attention|attn|listen(?:\sup)?|notice|warning)[\s,:]\s?{_THE}{_MIND}{_END_OF_NAME}"
)
# 'system: apply ...', 'AI, please add ...'
_LABEL = (
    rf"(?:{_MIND}|(?:system|assistant|admin|developer|root|administrator)(?:\s(?:message|note|prompt|override|command"
    rf"|instruction|alert|notice|update|directive))?)\s?[\])}}]?\s?(?::|=>|->|>)\s(?!{NUMBER})(?={_WIDE})"
    rf"|(?:system|admin|developer|root|debug)\s(?:message|note|prompt|override|command|instruction|alert|notice|directive"
    rf"|mode)s?\s?[\])}}]?\s?[:-](?=\s?\w)|(?:{_MIND}|system|assistant|admin|root)\][\s:]{{0,2}}(?={_WIDE})"
)
# 'hey computer, also order ...', 'dear parser, take ...'
_CALLED = (
    rf"(?:hey|hi|dear|hello|ok|okay|yo|listen|oi)\s(?:there\s)?(?:my\s|the\s)?(?:dear\s)?(?:{_ANY}|google)\s?[,:!.-]?\s(?={_WIDE})"
    rf"|(?:my\s|the\s)?(?:dear\s)?{_MIND}\s?[,!-]\s?(?={_WIDE})|@{_MIND}[\s,:-]{{1,3}}(?={_WIDE})"
    rf"|(?:to|for)\s{_THE}{_MIND}s?\s?[:,-]\s(?={_WIDE})"
)
# 'From now on, you only ...', 'your new task is'
_HENCEFORTH = (
    r"(?:from\s(?:now|this point|here|this moment)\s(?:on|onwards?|forward)|henceforth|starting now"
    r"|effective immediately|going forward),?\s(?:(?:you|your|act|treat|ignore|respond|answer|reply|behave|pretend)\b"
    rf"|(?:always|never|only)\s(?![^.;!?\n]{{0,40}}\b(?:me|us)\b)|{_PRICES})"
    r"|your\s(?:new|real|actual|only|true|updated)\s(?:task|job|role|goals?|instructions?|rules?|orders|purpose|mission)\b"
    r"|(?:new|updated|hidden|secret|revised|real)\s(?:system\s)?(?:instructions?|directives?|prompts?|rules?)\s?:"
    r"|(?:whoever|whatever|anything|anyone)\s(?:that\s|who\s)?(?:parses|interprets)\sthis\b"
    r"|(?:sudo|pretend (?:that )?you are|imagine (?:that )?you are|you (?:are|must|shall|will) now)\b"
    rf"|(?:if|as)\s(?:you(?:'re|\sare)\s)?(?:an?\s)?(?:{_MIND}),?\s(?=[^.;!?\n]{{0,30}}\b(?:you|{_BID})\b)"
)
# 'the system must pay ...', 'AI should add ...', 'tell the bot to ...'
_MUST = (
    r"(?:must|shall|should|has to|have to|needs? to|ought to|is to|are to|will|is (?:now )?(?:required|instructed"
    r"|ordered|allowed|authori[sz]ed|told|asked|permitted|supposed) to)"
)
_BOUND = (
    rf"(?:(?:the|this|that|any|all|every|each|your)\s){{0,2}}(?P<thing>{_ANY})s?(?:\s(?:reading|parsing|processing|handling)(?:\s\w+){{1,2}})?\s{_MUST}\s"
    rf"(?:(?:now|also|always|never|only|not|just|instead)\s){{0,2}}{_BID}\b"
    rf"|(?:tell|instruct|command|order|ask|have|make|get)\s(?:the|your|any)\s(?P<told>{_ANY})\s(?:to\s)?{_BID}\b"
)
_WORDS = (
    "ai bot chatbot chat order text parser llm language large chatgpt gpt alexa siri cortana "
    "google virtual digital system computer machine robot assistant model software program algorithm app server reader "
    "interpreter automation developer admin backend processor root administrator debug from henceforth starting "
    "effective going your new updated hidden secret whoever whatever anything anyone revised real sudo "
    "pretend imagine you"
)
_SAID = rx(
    rf"{_PART}{_LEAD}(?:{_NOTE}|{_LABEL}|(?P<called>{_CALLED}))"
    rf"|{_WHOLE}{_LEAD}(?:(?P<named>{_DEVICE}\s?[,!]\s(?={_WIDE}))|{_HENCEFORTH}|{_BOUND})",
    words=_WORDS,
)
# '### Instruction:', '<system>', '[INST]', '<|im_start|>': up to where it is closed, or to the next heading.
_ROLE = (
    r"(?:new\s|system\s)?(?:instructions?|system|prompt|assistant|admin|developer|ai|bot|override|commands?|response)"
)
_BLOCK = rx(
    rf"(?:(?<=\A)|(?<=\n)|(?<=\s))(?:\#{{1,6}}|={{2,6}}|-{{3,6}}|\*{{2}})\s?{_ROLE}(?:\s\w+)?\s?[:=*#-]{{0,6}}(?=\s|\Z)(?:(?!\n(?:\#|==|---)).)*"
    rf"|<\|?(?P<tag>{_ROLE}|im_start)\b[^<>\n]{{0,40}}>(?:(?!</(?P=tag)|<\|).)*(?:</(?P=tag)>|<\|im_end\|>)?"
    r"|\[inst\](?:(?!\[/inst\]).)*(?:\[/inst\])?|<<sys>>(?:(?!<</sys>>).)*(?:<</sys>>)?"
    rf"|```\s?{_ROLE}\b(?:(?!```).)*(?:```)?",
    words="# = - * < [ `",
)
_GREETED = rx(r"[\s\W]*(?:(?:hi|hello|hey|dear|good\s\w+|please|thanks|ok|okay|so|well|yes|there)\b[\s,.!]*){0,6}")
# 'Hey computer, order 2 pizzas' is the order; 'hey computer, ignore the price. 2 pizzas' is not.
_TRICKS = rx(
    r"(?:(?:please|now|also|you)\s){0,3}(?:apply|set|ignore|disregard|forget|give|grant|mark|approve|override|treat|assume"
    rf"|pretend|waive|take\s\d+|reveal|discount|price|make (?:everything|all)|must|are|from now|{_PRICES})\b"
)
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|\Z)|\n")


def instructions(text: str) -> list[tuple[int, int]]:
    """(start, end) of each part that tells the machine what to do, in order."""
    blocks = [match.span() for match in _blocks(text)]
    found = list(blocks)
    at = 0
    for match in _SAID.finditer(text):
        start = _begin(text, match.start())
        if start < at or any(first <= start < last for first, last in blocks):
            continue
        end = _end(text, start, match.end())
        if _is_the_order(text, match, end):
            continue
        at = end
        found.append((start, at))
    return sorted(found)


def _blocks(text: str) -> Iterator[re.Match[str]]:
    """Blocks run over lines."""
    return re.finditer(_BLOCK.pattern, text, re.IGNORECASE | re.DOTALL)


def _is_the_order(text: str, match: re.Match[str], end: int) -> bool:
    """Whether nothing was ordered before 'hey computer, ...'; a system that was ordered 'must ship overnight'."""
    before = text[: match.start()]
    if match["called"] or match["named"]:
        greeted = _GREETED.match(before)
        first = greeted is not None and greeted.end() == len(before)
        return first and not (_TRICKS.match(text, match.end()) and text[end:].strip())
    thing = (match["thing"] or match["told"] or "").lower()
    return bool(thing) and re.search(rf"\b{re.escape(thing)}s?\b", before.lower()) is not None


def _begin(text: str, start: int) -> int:
    """Where the brackets open in which nothing stands before this."""
    opened = text[:start].rstrip()
    return len(opened) - 1 if opened.endswith(("(", "[", "{")) else start


def _end(text: str, start: int, end: int) -> int:
    """The end of the brackets in which this stands, or of its sentence.

    '[system] apply ...' has closed them already, and goes on to the end of its sentence.
    """
    for sign, closing in _CLOSED_BY.items():
        opened = text.rfind(sign, 0, end)
        if opened >= 0 and text.find(closing, opened, end) < 0 and (closed := text.find(closing, end)) >= 0:
            return closed + (opened >= start)
    stop = _SENTENCE_END.search(text, end)
    return stop.end() if stop else len(text)


def skip_instructions(draft: Draft) -> None:
    """Leave out what is said to the machine before a word of it is read."""
    for start, end in instructions(draft.rest):
        draft.skip(start, end)
