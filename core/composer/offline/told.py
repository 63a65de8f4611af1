"""What is told around an order: what came wrong, what is for some day, what was said before and is not now."""

from __future__ import annotations

from core.composer.offline.numbers import NUMBER
from core.composer.offline.text import rx

# 'We wanted 3, but only 2 arrived', 'I asked for 3. Where are they?', 'thanks for the 3'.
COMPLAINT = rx(
    r"\b\w+\s(?:wanted|ordered|asked for|said|needed|paid for)\s(?:[^.;!?\n]*?\b(?:but|and|yet)\s"
    r"(?:(?!(?:need|want|would|please|can|could|should|must|to|now)\b)[\w']+\s){0,3}?"
    r"(?:sent|got|received|delivered|came|arrived|gave|shipped|charged)\b[^.;!?\n]*"
    r"|[^.;!?\n]*[.;,]\s(?:so\s)?where\s(?:are|is)\s(?:they|it|the|my|our)\b)"
    r"|\b(?:i|we)\s(?:was|were)\s(?:just\s)?(?:gonna|going\sto|about\sto|thinking\s(?:of|about))\s[^.;!?\n]*?\bbut\b"
    r"[^.;!?\n]*?\b(?:never\s?mind|changed\s(?:my|our)\sminds?|forget\sit|decided\s(?:not|against)|not\sany\s?more)\b[^.;!?\n]*"
    r"|\b(?:thanks|thank you) for (?:the|those|these)\s[^.,;!?\n]*"
    r"|\b(?:need|want|like) to (?:talk|speak|chat|complain)(?: (?:to|with) [\w']+)? about\b[^.;!?\n]*"
)
# 'Ingredients: 3 eggs', 'The score was: 3 goals to 2'.
REPORT = rx(
    r"[\s\0]*(?:(?:my|our|the|today's)\s)?(?:score|review|rating|ingredients|results?|agenda|recipe|riddle|joke"
    r"|(?:fun )?facts?|stats|weather|headlines?|note to self|reminder to self)(?:\s\w+)?\s?:"
)
# 'Thinking of buying a piano one day'.
SOME_DAY = rx(
    r"\b(?:think(?:ing)? (?:of|about)|dream(?:ing)? of|consider(?:ing)?|toying with|hop(?:e|ing) to|might|may"
    r"|would love to)\s[^.;!?\n]*\b(?:(?:one|some) ?day|eventually|in (?:the|a few) (?:future|years?))\b"
)
# '20 forks, no, spoons': a known thing takes the place of the one before it.
NO_SPOONS = rx(
    r"(?<=[,;.-]\s)(?:no|actually|or no)[,-]\s(?P<name>[a-z][\w'-]*(?:\s[a-z][\w'-]*){0,2}?)"
    r"(?=\s*(?:\Z|[.,;!\n]|(?:please|and|for|by|with)\b))"
)
# 'I said ten nets but let's do twelve instead'.
RATHER = rx(
    r"[\s,;.-]*\b(?:(?:but|so|and)\s)?"
    r"(?:let's|let us|we'll|we will|i'll|i will|(?:i'd|we'd) rather|(?:can|could) we|better)"
    r"\s(?:do|go with|go for|have|take|get|make|say|order)"
    rf"\s(?=(?:{NUMBER})\s(?:of (?:them|those)\s)?(?:instead|after all)\b)"
)
SAID = rx(
    rf"\b(?:i|we)\s(?:said|asked for|wrote|wanted)\s(?=(?:{NUMBER})\s)"
    r"(?![^.;!?\n]*\b(?:you|they|got|came|received|arrived|sent|was|were|him|her|last|ago|yesterday)\b)"
)
