"""Which sentences are not English: by the small words that every sentence of a language needs."""

from __future__ import annotations

import re

# Words of other languages that no English sentence holds, but for names: pronouns, verbs of ordering, numbers.
_TELLING = frozenset(
    """
    bitte bestelle bestellen bestell bestellung ich wir möchte möchten moechte brauche brauchen und für fuer kaufen
    kaufe buche buchen zwei drei fünf sechs sieben acht neun zehn hätte gerne einen einem nicht flug nach
    unser unsere zum zur
    quiero queremos necesito necesitamos quisiera quisiéramos pedir comprar cómprame compra ordenar reservar reserva
    vuelo cuatro cinco siete ocho nueve diez deme dame pido enviar envíe oficina
    je nous voudrais voudrions commander commandez commande acheter achetez réserver réservez veuillez svp besoin merci
    deux trois quatre cinq huit neuf s'il j'aimerais vous plaît
    vorrei vorremmo vogliamo ordinare ordina ordino comprare compro comprami prenotare prenota quattro cinque sette
    dieci bisogno grazie biglietto biglietti voglio
    quero preciso precisamos encomendar gostaria gostaríamos dois duas três obrigado obrigada você
    ik wij graag willen bestel koop kopen nodig twee vijf zes zeven acht negen tien alstublieft alsjeblieft voor ons
    poproszę proszę chcę chcemy zamówić zamawiam kupić potrzebuję potrzebujemy dwa dwie trzy cztery pięć chciałbym
    chciałabym
    jag jeg beställa bestille bestiller köpa købe kjøpe och två gerne
    istiyorum istiyoruz lütfen sipariş adet vreau doresc comand objednat objednávám prosím chci haluan haluaisin tilata
    kiitos saya ingin pesan membeli tolong untuk szeretnék rendelni kérek
    """.split()
)
# Words that also stand in names that English borrows; they count beside one of the others.
_SHARED = frozenset(
    """
    para por favor una unos los las del con tres dos el la le les des du de et avec pour une un per gli della due sei
    uma com os as ein eine der das den mit auf een en het met van na dla til vil wil vill drie vier veuillez ons
    """.split()
)
_ENGLISH = frozenset(
    """
    the and of for to with please need want wants order buy get i i'd i'll i'm we we'd we'll we're you my our can could
    would like book this that these by from at it us them each is are have has send ship deliver purchase pay bill if
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def is_foreign(text: str, strict: bool = True) -> bool:
    """Whether more of the small words are another language's than are English; capitals inside a sentence are names.

    strict=False, for sentences in which nothing was found to order: whether there is any such word at all.
    """
    words = [match[0] for at, match in enumerate(_WORD.finditer(text)) if at == 0 or match[0][0].islower()]
    words = [word.lower() for word in words]
    telling = sum(word in _TELLING for word in words)
    if not telling:
        return False
    english = sum(word in _ENGLISH for word in words)
    foreign = telling + sum(word in _SHARED for word in words)
    return foreign > english or (not strict and foreign > 1)
