"""Somebody's time asked for without its name: 'an appointment to get my brakes checked', 'someone to fix the sink'."""

from __future__ import annotations

import re

from core.composer.offline.appointments import (
    PERSONAL,
    Task,
    named_at,
    read_appointment,
    read_in_for,
    read_place_in,
    task_at,
)
from core.composer.offline.dates import read_dates
from core.composer.offline.deeds import gerund, gerunds, inflected, name_of, participles, pattern, verbs
from core.composer.offline.goods import has_goods
from core.composer.offline.lexicon import domain_of, is_service, lists_whole
from core.composer.offline.nouns import canonical, head_of, singular
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.text import END, Draft

_TENDED = pattern(participles())
_TEND = pattern(verbs())
_TENDING = pattern(gerunds())
_OWNED = rf"(?:(?:both|all)\s(?:of\s)?)?(?:my|our|his|her|their|the|a|an|some|these|those|this|that)(?:\s(?:{NUMBER}))?"
_STOP = (
    r"(?:the|an?|my|our|his|her|their|your|under|behind|inside|above|below|beside|against|for|on|at|in|by|this|next"
    r"|tomorrow|today|tonight|and|or|before|after|from|please|pls|to|with|as|sometime|if"
    r"|that"
    r"|because|so|around|any|asap|soon|who|which|when|is|are|was|were|needs?|i|we|it|they|you|he|she|until|while"
    r"|since|then|once"
    r"|every|each"
    r"|up|out|down|over|here|there|again|properly|professionally|thanks|be|has|have|had|will(?!\s(?:drawn|written"
    r"|drafted|witnessed))|can|could|would|should"
    r"|really"
    r"|also|but|i'm|we're|it's|back|all|completely|cause|got|get|before|within|now|right|early|late|maybe|preferably)\b"
)
_WORD = rf"(?!{_STOP})[^\W\d_][\w'-]*"
_THING = rf"(?P<thing>(?:{_WORD}\s){{0,3}}?{_WORD})"
_WHERE = r"(?:\s(?:in|at|on|of)\s(?:my|our|the|his|her)\s[\w'-]+(?:\s(?:room|house|office|place|car|floor))?)?"
_CAUSED = rx(
    rf"\b(?:get|have|getting|having|need|needs|want|wants|like|arrange for)\s(?:{_OWNED}\s|(?={_WORD}"
    rf"\s)){_THING}{_WHERE}"
    rf"(?:\s(?:back|all|properly|professionally|completely|all))?\s(?:to be\s)?(?P<done>{_TENDED})\b"
    r"(?!\s(?:to|for)\s(?:me|us)\b)(?!\s[a-z]+s?\s?(?:,|\band\b)\s?\d)",
    words="arrange get have like need want",
)
_NEEDED = rx(
    rf"\b{_OWNED}\s{_THING}{_WHERE}\s(?:really\s|badly\s|also\s)?needs?\s(?:to be\s|an?\s(?:good\s|quick\s|new\s)?"
    rf"|some\s)?"
    rf"(?P<done>{_TENDED}|{_TENDING}|{_TEND})\b(?!\s(?:{_OWNED})\b)",
    words="need",
)
_NEEDED_IT = rx(
    rf"(?:\b{_OWNED}\s|\A[\s\0]*|(?<=[.,;]\s))(?P<thing>{_WORD}(?:\s{_WORD})?){_WHERE}(?:\sneeds?"
    r"|(?:'s|\sis|\sare) (?:over)?due(?: for)?|\scould use)\s"
    rf"(?:an?|her|his|its|their|some|another)\s(?P<what>(?:{_WORD}\s){{0,3}}?{_WORD}){END}",
    words="could due need overdue",
)
# A service that only its thing names: 'my car is due for a service'.
_OF_A_THING = set("service servicing checkup check-up inspection tune-up cleaning repair fix trim polish wash".split())
_PERSON = (
    r"(?:(?<!\w\s)who(?=\s(?:can|could|will|would)\s)|somebody|someone|anyone|anybody"
    r"|(?:an?|the|your|any|one of your|some)\s(?:[\w-]+\s){0,2}?(?:guys?|person|man"
    r"|woman|expert"
    r"|professional|specialist|crew|team|company|people|folks))"
)
_PERSON_WORDS = "who somebody anyone guy person man woman expert professional specialist crew team company people folks"
_COMES = (
    r"(?:(?:come|stop|swing|drop|drive|get|be|pop|head|sent|send|go)s?(?:\s(?:by|out|over|in|round|around|here|up"
    r"|there|back))*"
    r"(?:\s(?:to|at)\s(?:my|our|the)\s[\w'-]+(?:\s[\w'-]+)?)?(?:[\s\0]*\s(?:and|to)\s|\s)?)?"
)
_WHO_DOES = r"(?:who can|that can|who could|who will|to|for|needs? to|has to|have to|should|must|can|could|will|would)"
_HITHER = r"(?:(?:in|out|over|round)\s(?:here\s)?)?"
_TASK = rx(
    rf"\b{_PERSON}\s{_HITHER}(?:{_WHO_DOES}\s)?(?:please\s)?{_COMES}(?P<done>{_TEND})\s(?:{_OWNED}|{NUMBER})\s{_THING}"
    rf"(?=\s*(?:\Z|[\n\0\1.,;:!?]|{_STOP}))",
    words=_PERSON_WORDS,
)
# Any verb will do where somebody is to do it, but for what a shop does: bring, send, call.
_TASK_ANY = rx(
    rf"\b{_PERSON}\s{_HITHER}(?:who can|that can|who could|to|needs? to|has to|should)\s{_COMES}"
    r"(?!(?:call|email|contact|text|tell|ask|give|help|send|bring|deliver|drop|pick|get|buy|take|meet|sign|confirm"
    r"|explain|talk|be|come"
    r"|answer|reply|speak|ship|order|book|make|cook|have|go|see|say|let|put|start|stop|share|sell|process|refund"
    r"|cancel)\b)"
    rf"(?P<verb>(?P<done>[a-z]{{3,12}}))\s{_OWNED}\s{_THING}(?=\s*(?:\Z|[\n\0\1.,;:!?]|{_STOP}))",
    words=_PERSON_WORDS,
)
# 'our gutters want cleaning', 'the boiler could do with looking at'.
_WANTS = rx(r"\b(?:wants?|could do with|requires?|for)\s(?:\w+\s){0,2}\w+ing\b")
_WANTING = rx(
    rf"\b{_OWNED}\s{_THING}{_WHERE}\s(?:wants?|could do with|requires?|(?:is|are) (?:crying out|ready) for)"
    rf"\s(?:an?\s|some\s)?"
    rf"(?P<done>{_TENDING})\b(?!\s(?:{_OWNED})\b)"
)
_SENT = rx(
    rf"\b(?:send|get)\s(?:me\s|us\s)?(?:someone|somebody|anyone|anybody){END}"
    r"|\b(?:can|could|may|should) (?:i|we) (?:bring|take|drop) (?:it|him|her|them) (?:in|by|over|off|round)\b"
)
_DOES = rx(r"\b(?:do|perform|carry out|conduct|run|give\s[\w']+(?:\s[\w-]+)?)\s(?:an?|the|some)\b")
_DONE_BY = rx(
    rf"\b(?:{_PERSON}|an?\s(?:[\w-]+\s){{0,2}}?(?:shop|garage|salon|clinic|mechanic|electrician|service|place"
    r"|[a-z]+er))"
    rf"\s(?:{_WHO_DOES}|which can)\s{_COMES}(?:do|perform|carry out|conduct|run|give (?:me|us|{_OWNED}\s[\w-]+))"
    r"\s(?:an?|the|some)\s(?=[^\W\d_])"
)
_TASK_OF_IT = rx(
    rf"\b{_PERSON}\s(?:{_WHO_DOES}\s)?{_COMES}(?P<done>{_TEND})\s(?:it|that|this|them)\b", words=_PERSON_WORDS
)
_IT_DONE = rx(
    rf"\b(?:get|have|need|want|like)\s(?:it|that|this|them)\s(?:to be\s)?(?P<done>{_TENDED})\b",
    words="get have like need want",
)
# 'mow the lawn', 'could you sharpen my knives': told to do it, at the beginning of a clause.
_TOLD_TO = rx(
    rf"\b(?P<done>{_TEND})\s(?:(?:out|up|off|down)\s)?(?:{_OWNED}\s|(?:{NUMBER})\s|(?=[a-z]+s\b)){_THING}"
    rf"(?=\s*(?:\Z|[\n\0\1.,;:!?]|{_STOP}))",
    words=" ".join(verb.replace("-", " ").split()[0] for verb in verbs()),
)
_TELLS = rx(
    r"(?:\A|[.,;:!\n\0]|\b(?:please|pls|kindly|(?:can|could|would|will) you be able to"
    r"|chance (?:that )?you (?:could|can)"
    r"|(?:if|that|think|hoping) you (?:could|can)|i'd like you to|(?:can|could|would|will) (?:you|u|someone"
    r"|somebody)(?: guys)?|you to"
    r"|and then"
    r"|(?:someone|somebody) to|help me)\b)[\s\0,]*(?:(?:please|kindly|just|also|hi|hey|hello|so|ok|okay|yeah|um|come"
    r"|and)\s){0,4}\Z"
)
_AND_DO = rx(
    rf"\s(?:and|then)\s(?:(?:do|have|get|give it)\s(?:an?|the)\s(?P<what>(?:{_WORD}\s){{0,2}}?{_WORD})"
    rf"|(?P<done>{_TEND})\s"
    rf"(?:{_OWNED}\s|(?={_WORD})){_THING})(?=\s*(?:\Z|[\n\0\1.,;:!?]|{_STOP}))"
)
# What is changed about an order is no thing that one works on.
_NO_WORK = set(
    """
    order orders quantity quantities address appointment reservation booking subscription payment card delivery status
    price budget email phone number date time name account size color colour flight ticket seat password code bill
    invoice total shipment package message details info information website plan meeting balance inventory stock order's
    one ones thing things something anything everything it them mind
    """.split()
)
_COOKED = rx(r"cut|prepare|press|steam|dust|wash|drain|fill|shave|color|trim|frame|style")
_SWAPPED = rx(r"replace|swap|change")
_FOR_OTHERS = rx(rf"\s(?:with|by|for|to)\s(?:an?\b|{NUMBER})")
_BROKEN = rx(
    rf"\b(?:my|our|the|his|her)\s(?P<thing>(?:{_WORD}\s){{0,2}}?{_WORD}){_WHERE}\s(?:is|are|isn't|won't|has|have"
    rf"|hasn't|keeps?|stopped"
    r"|broke|broken|doesn't|does not|needs?|just|got|died|quit|leaks?|cracked|burst|clogged|went|makes?|won't"
    r"|leaking|dripping|beeping|smoking|making|acting|rattling|sparking|flickering|overheating|dead|broken|busted|shot"
    r"|stuck|jammed|blocked|down|out)\b"
)
# 'could a repair guy stop by', 'a plumber out here', 'in with an oral surgeon': whom one wants to come or to see.
_VISITED = rx(
    r"\b(?:an?\s|the\s|some\s|any\s|your\s|another\s|one of your\s|my\s|(?=some(?:body"
    r"|one)\b))(?P<who>(?:[^\W\d_][\w'-]*\s){0,3}?[^\W\d_][\w'-]*?)\s"
    r"(?:(?:to|can|could|who can|should|will|would|please)\s)*"
    r"(?:(?:out(?:\shere)?|over(?:\shere)?|here|come|comes|coming|stop|swing|drop by|visit|round|by|look at|have a look"
    rf"|take a look)(?=\s|[\0,.;!?]|\Z)|{_TEND}\s(?:{_OWNED}|{NUMBER}|it|me|us)\b)",
    words="a an the some any your another my one",
)
_SEEN = rx(
    r"\b(?:(?:to|wanna|gotta|and|can i|could i|let me|i'd like to)\s(?:go\s)?(?:see|meet(?: with)?|talk to"
    r"|speak (?:to|with)|consult(?: with)?|sit down with|visit)"
    r"|(?:in|time|hour|hours|minutes|mins?|session|slot|meeting|visit|consult|chat|call|appointment|sitting"
    r"|half hour) (?:with|from|to see)"
    r"|(?:get|got|fit|squeeze|book|put|pencil|sign|slot|see if you can get) (?:me|us|him|her|them"
    r"|my [\w'-]+) (?:in )?(?:with|to see)"
    r"|(?:set|hook) (?:me|us) up with|(?:send|get) (?:(?:me|us) )?(?:round|around|out|over))\s(?:an?|the|my|our"
    r"|your|some)\s(?=[^\W\d_])",
    words="around consult from meet out over round see sit speak talk up visit with",
)
_ORDERING = rx(
    r"\b(?:book|hire|order|get|buy|need|want|schedule|arrange|find|call|send|make|set|reserve|rent|add|take|love)\b"
)
_PREMISES = rx(r"(?:restaurant|clinic|salon|spa|gym|office|shop|company|team|service|centre|center)s?\Z")
# 'guitar lesson for a beginner, thursday': a service is named, and nothing else is said of it.
_NAMED = rx(
    rf"[\s\0,]*(?:(?:hi|hello|hey|yes|yeah|ok|okay|um|uh|so|please|just)\b[\s,\0]*)*(?:(?:an?|one|the|my|our"
    rf"|{NUMBER})[\s-](?:[\w-]+[\s-])?"
    rf"(?:hours?|minutes?|mins?)\s(?:of\s)?|an?\s|one\s|the\s|some\s)?(?P<what>(?:{_WORD}\s){{0,4}}?{_WORD})"
    rf"(?P<more>\sand\s(?:{_WORD}\s){{0,2}}?{_WORD})?(?=\s*(?:\Z|[\n\0.,;:!]|{_STOP}))"
    r"(?!\s(?:needs?|is|are|was|were|has|have|had|will|can|could|would|should|i|we|it|got|to|but|that|who|which)\b)"
)
_NOT_ASKED = rx(
    r"\b(?:was|were|turned out|went|did|had|loved|hated|last (?:week|month|year|time|night)|yesterday|ago|thanks for"
    r"|terrible|awful"
    r"|great job|wonderful)\b|\?",
    words="? ago awful did great had hated last loved terrible thanks turned was went were wonderful yesterday",
)
_BROUGHT = rx(
    rf"\b(?:bring|bringing|take|taking|drop|dropping)\s(?:off\s|in\s|over\s)?(?:{_OWNED}\s{_THING}|it)(?:\s(?:in|off"
    rf"|over"
    rf"|by))?\sfor\s(?:an?\s|its\s|some\s)?"
    r"(?P<what>[^\W\d_][\w'-]*(?:\s(?!on\b|at\b|in\b|this\b|next\b|tomorrow\b|for\b|and\b|please\b|by\b"
    r"|to\b)[^\W\d_][\w'-]*){0,2})",
    words="bring drop take",
)


def read_task(draft: Draft) -> Task | None:
    """The service that a sentence asks for by what is to be done, or by an appointment for it; None for others."""
    rest = _undated(draft)
    for shape in (_TASK, _CAUSED, _NEEDED, _WANTING) if _WANTS.search(rest) else (_TASK, _CAUSED, _NEEDED):
        if (match := shape.search(rest)) and _is_work(match, rest):
            return _done(draft, match)
    if (match := _TASK_ANY.search(rest)) and _is_work(match, rest):
        draft.claim(*match.span())
        deed = inflected(match["verb"].lower(), gerund)
        return Task(name_of(_thing(match["thing"]), deed), match.start("verb"), match.end("thing"))
    if task := _read_told(draft, rest) or _read_visit(draft, rest):
        return task
    if task := _read_sent(draft, rest) or _read_done_by(draft, rest):
        return task
    if match := _TASK_OF_IT.search(rest) or _IT_DONE.search(rest):
        broken = _BROKEN.search(rest, 0, match.start())
        noun = _noun(match["done"])
        name = name_of(_thing(broken["thing"]), noun) if broken else noun
        if not name:
            return None
        draft.claim(*match.span())
        return Task(name, *(broken.span("thing") if broken else match.span("done")))
    if match := _BROUGHT.search(draft.rest):
        draft.claim(*match.span())
        return Task(canonical(match["what"].lower().split()), *match.span("what"))
    if task := _read_needed(draft, rest) or read_place_in(draft, rest):
        return task
    return read_appointment(draft) or read_in_for(draft, rest) or _read_named(draft, rest)


def _undated(draft: Draft) -> str:
    """What is left without its days and hours, so that none ends up in a name."""
    ahead = Draft(draft.rest)
    read_dates(ahead, 0, len(draft.text))
    return ahead.rest


def _noun(done: str) -> str:
    done = done.lower()
    return next(forms[done] for forms in (participles(), gerunds(), verbs()) if done in forms)


def _is_work(match: re.Match[str], rest: str) -> bool:
    """Whether it is work on a thing: not a change of the order, not how a dish is made, and no goods are counted."""
    thing = match["thing"].lower()
    head = thing.split()[-1]
    if head in _NO_WORK or singular(head) in _NO_WORK or (_COOKED.match(match["done"]) and domain_of(thing) == "food"):
        return False
    return not (_SWAPPED.match(match["done"]) and _FOR_OTHERS.match(rest, match.end()))


def _read_told(draft: Draft, rest: str) -> Task | None:
    """'rotate the tires and do an alignment'."""
    match = next((match for match in _TOLD_TO.finditer(rest) if _is_told(match, rest) and _is_work(match, rest)), None)
    if match is None or has_goods(rest[: match.start()]):
        return None
    task, more = _done(draft, match), _AND_DO.match(rest, match.end())
    if more:
        draft.claim(*more.span())
        also = more["what"].lower() if more["what"] else name_of(_thing(more["thing"]), _noun(more["done"]))
        return Task(f"{task.name} and {also}", task.start, more.end())
    return task


def _is_told(match: re.Match[str], rest: str) -> bool:
    """Whether a verb stands where one tells somebody what to do."""
    return _TELLS.search(rest[max(0, match.start() - 40) : match.start()]) is not None


def _read_visit(draft: Draft, rest: str) -> Task | None:
    """Somebody who is to come, or whom one wants to see."""
    if _NOT_ASKED.search(rest) and not _WISHED.search(rest):
        return None
    for match in _VISITED.finditer(rest):
        words = match["who"].lower().split()
        while words and words[0] in _LEADING:
            words = words[1:]
        name = canonical(words) if words else ""
        if name and is_service(name) and PERSONAL.search(name):
            draft.claim(*match.span("who"))
            return Task(name, *match.span("who"))
        if name.split()[-1:] and name.split()[-1] in _ANYBODY:
            broken = _BROKEN.search(rest, 0, match.start())
            if broken is None and name in ("somebody", "someone"):
                continue
            draft.claim(*match.span("who"))
            return Task(name_of(_thing(broken["thing"]), "repair") if broken else name, *match.span("who"))
    for match in _SEEN.finditer(rest):
        found = named_at(rest, match.end())
        if found and PERSONAL.search(found):
            return task_at(draft, match.end(), found)
    return None


_LEADING = set("a an the my your some any really good new local nice another".split())
_ANYBODY = set("guy person man technician tech crew team engineer inspector somebody someone".split())
_WISHED = rx(r"\b(?:book|need|want|please|get|schedule|arrange|like to|can you|could you|make|set up|send|find)\b")


def _read_sent(draft: Draft, rest: str) -> Task | None:
    """'my heating is broken, can you send someone'."""
    sent = _SENT.search(rest)
    broken = _BROKEN.search(rest, 0, sent.start()) if sent else None
    if sent is None or broken is None:
        return None
    draft.claim(*sent.span())
    return Task(name_of(_thing(broken["thing"]), "repair"), *broken.span("thing"))


def _read_done_by(draft: Draft, rest: str) -> Task | None:
    """'I need a garage to do a brake inspection'."""
    if not _DOES.search(rest):
        return None
    for match in _DONE_BY.finditer(rest):
        found = named_at(rest, match.end())
        if found and not PERSONAL.search(found) and not has_goods(rest[: match.start()]):
            return task_at(draft, match.end(), found)
    return None


def _read_needed(draft: Draft, rest: str) -> Task | None:
    """'my car needs an oil change', 'the cat needs her shots'."""
    for match in _NEEDED_IT.finditer(rest):
        words = match["what"].lower()
        if words in ("shots", "jabs", "vaccines", "vaccinations"):
            draft.claim(*match.span("what"))
            return Task(f"{canonical(match['thing'].lower().split())} vaccination", *match.span("what"))
        if words in _OF_A_THING and not has_goods(rest):
            draft.claim(*match.span("what"))
            return Task(name_of(_thing(match["thing"]), words), *match.span("what"))
        if is_service(words) and not has_goods(rest):
            return task_at(draft, match.start("what"), match["what"])
    return None


def _read_named(draft: Draft, rest: str) -> Task | None:
    """A service that the sentence begins with: 'guitar lesson for a beginner, thursday at six'."""
    match = _NAMED.match(rest)
    if match is None or _NOT_ASKED.search(rest) or has_goods(rest):
        return None
    words, end = match["what"], match.end("what")
    if match["more"] and lists_whole((words + match["more"]).lower().split()):
        draft.claim(match.start("what"), match.end("more"))
        return Task((words + match["more"]).lower(), match.start("what"), match.end("more"))
    if (
        _ORDERING.search(words)
        or _PREMISES.search(words)
        or not is_service(words.lower())
        or head_of(words) in _NO_WORK | {"meal", "delivery service"}
    ):
        return None
    if match["more"] and is_service(match["more"].removeprefix(" and ").lower()):
        end = match.end("more")
    start = match.start("what")
    draft.claim(start, end)
    return Task(canonical(rest[start:end].lower().split()), start, end)


def _thing(words: str) -> str:
    """'my car's oil' is about oil, 'my mother's piano' about a piano."""
    owned = re.search(r"(?:'s|s')\s(.+)\Z", words.lower())
    return owned[1] if owned else re.sub(r"'s\b", "", words.lower())


def _done(draft: Draft, match: re.Match[str]) -> Task:
    start, end = min(match.start("thing"), match.start("done")), max(match.end("thing"), match.end("done"))
    draft.claim(*match.span())
    return Task(name_of(_thing(match["thing"]), _noun(match["done"])), start, end)
