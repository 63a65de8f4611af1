"""What is no order to us: questions, greetings, other tasks, what is declined, and instructions to the machine."""

from __future__ import annotations

from core.composer.offline.instructions import instructions
from core.composer.offline.ordering import VERB
from core.composer.offline.patterns import rx
from core.composer.offline.questions import ASKED, HELPED, LET_KNOW, TO_KNOW, WHO_ASKED
from core.composer.offline.shares import skip_parts
from core.composer.offline.text import GONE, Draft
from core.composer.offline.told import AT_THE_DOOR, COMPLAINT, REPORT, SOME_DAY
from core.composer.offline.unwanted import MORE_OF_THEM, skip_unwanted
from core.composer.offline.zones import HELLO, sentences

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
    r"|\b(?:ignore|disregard|override|bypass)\s(?:(?:all|any|the|everything|of|that)\s){0,3}"
    r"(?:prior|previous|earlier|preceding|foregoing)\s(?!orders?\b|e-?mails?\b|messages?\b)[a-z]+\b[^.;\n]*"
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
    r"|\b(?:act|behave|respond|reply) as (?:if|an?|the)\b[^.;\n]*",
    words=": < above bypass disregard ignore override alter as checks constraint delete drop from guidelines in "
    "instructions into limit message out "
    "policy prompt restriction rule safeguard select set system table to truncate you {",
)
_NEGATED = rx(
    r"\b(?:do not|don't|dont|never|cannot|can't|won't|didn't|did not|will not|not|no longer"
    r"|how to|how (?:do|can|should) (?:i|we)|whether to|before)\s(?:[\w']+\s){0,2}?"
    rf"(?:{VERB.replace('?P<noun>', '?:').replace('?P<plain>', '?:').replace('?P<wish>', '?:')})\b[^,.;!?\n]*",
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
    for start, end in instructions(text):
        text = f"{text[:start]}{GONE * (end - start)}{text[end:]}"
    return _INJECTED.sub(lambda match: GONE * len(match[0]), text)


def asides(text: str) -> list[tuple[int, int]]:
    """(start, end) of what is no order to us: instructions to the reader, and questions."""
    said = [match.span() for match in _INJECTED.finditer(text)]
    return said + [(start, end) for start, end in sentences(text) if _QUESTION.match(text, start, end)]
