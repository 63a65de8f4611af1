"""Which money there is: codes, names and signs. Names and codes come from Babel's list of what is legal tender."""

from __future__ import annotations

from functools import cache
from itertools import product

from babel.core import Locale, get_global
from babel.numbers import get_currency_name, get_currency_symbol, get_territory_currencies

# What people say without the country: the currency that is meant most often.
_PLAIN = {
    "dollar": "USD", "buck": "USD", "euro": "EUR", "pound": "GBP", "quid": "GBP", "sterling": "GBP", "yen": "JPY",
    "pounds sterling": "GBP", "rupee": "INR", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "won": "KRW",
    "franc": "CHF", "peso": "MXN", "krona": "SEK", "kronor": "SEK", "krone": "NOK", "kroner": "NOK", "zloty": "PLN",
    "rand": "ZAR", "dirham": "AED", "shekel": "ILS", "baht": "THB", "lira": "TRY", "ruble": "RUB", "reais": "BRL",
    "ringgit": "MYR", "naira": "NGN", "forint": "HUF", "dong": "VND", "riyal": "SAR", "hryvnia": "UAH",
    "us dollar": "USD", "american dollar": "USD", "aussie dollar": "AUD", "british pound": "GBP",
}  # fmt: skip
# Code, a people's adjectives: its words for the money, as people say them and as the list of names does not.
_PEOPLES = """
BRL brazilian: real reais. SEK swedish: krona kronor kroner crown. NOK norwegian: krone kroner crown. DKK danish: krone
kroner crown. ISK icelandic: krona kronur. CZK czech: koruna koruny crown. PLN polish: zloty zlotych zloties. HUF
hungarian: forint. RON romanian: leu lei. BGN bulgarian: lev leva. CHF swiss: franc. GBP british english uk: pound
sterling quid. KRW korean: won. JPY japanese: yen. CNY chinese: yuan renminbi rmb. THB thai: baht. ZAR african: rand.
TRY turkish: lira lire. RUB russian: ruble rouble. ILS israeli: shekel. AED emirati uae: dirham. MAD moroccan: dirham.
INR indian: rupee. PKR pakistani: rupee. MXN mexican: peso. ARS argentine argentinian: peso. CLP chilean: peso. COP
colombian: peso. PHP philippine filipino: peso. CAD canadian: dollar buck. AUD australian aussie: dollar buck. NZD
zealand kiwi: dollar. SGD singapore singaporean: dollar. HKD hk kong: dollar. USD us american: dollar buck. VND
vietnamese: dong. IDR indonesian: rupiah. MYR malaysian: ringgit. UAH ukrainian: hryvnia. SAR saudi: riyal. QAR qatari:
riyal. EGP egyptian: pound
"""
_MORE_SIGNS = {
    "US$": "USD", "C$": "CAD", "AU$": "AUD", "S$": "SGD", "zł": "PLN", "₽": "RUB", "₺": "TRY", "฿": "THB", "₴": "UAH",
    "₦": "NGN", "Rs.": "INR", "Rs": "INR",
}  # fmt: skip
# Codes that are read in lower case too; the others are often English words (all, top, try, pen, cup).
COMMON = frozenset("USD EUR GBP JPY INR CAD AUD CHF CNY NZD SEK NOK DKK PLN SGD BRL".split())
# What is no money where one says what to pay with, and may be a thing elsewhere.
NOT_PAID_WITH = frozenset("gold silver tokens gems nfts seashells galactic monopoly credits points coins magic".split())
NOT_MONEY = frozenset(
    "bitcoin bitcoins btc ethereum ether eth dogecoin doge litecoin ltc solana xrp usdt usdc tether shib avax xmr "
    "pepecoin stablecoin crypto cryptocurrency cryptocurrencies stablecoins satoshis sats monero cardano shiba "
    "galleons galleon doubloons doubloon ducats ducat denarii groats groat septims simoleons latinum "
    "pesetas drachmas drachma deutschmarks robux vbucks ripple polkadot bnb".split()
)


@cache
def legal_tender() -> frozenset[str]:
    """ISO-4217 codes of the currencies in use somewhere today."""
    return frozenset(code for land in get_global("territory_currencies") for code in get_territory_currencies(land))


@cache
def currency_words() -> dict[str, str]:
    """Lower-case English name, in the singular and the plural, -> ISO code."""
    names = {}
    for code in sorted(legal_tender()):
        for count in (1, 2):
            names[get_currency_name(code, count=count, locale=Locale("en")).lower()] = code
    return names | _nationals() | _PLAIN | {word + "s": code for word, code in _PLAIN.items()}


def _nationals() -> dict[str, str]:
    """'brazilian reais', 'swedish krona': a people's word before its own plural, or the singular for both."""
    found: dict[str, str] = {}
    for entry in _PEOPLES.split("."):
        said, _, words = entry.partition(":")
        code, *adjectives = said.split()
        for adjective, word in product(adjectives, words.split()):
            found |= dict.fromkeys((f"{adjective} {word}", f"{adjective} {word}s"), code)
    return found


@cache
def currency_signs() -> dict[str, str]:
    """Sign -> ISO code, such as '€' -> 'EUR'."""
    found = {get_currency_symbol(code, Locale("en")): code for code in sorted(legal_tender())}
    return {sign: code for sign, code in found.items() if not sign.isalpha() and " " not in sign} | _MORE_SIGNS


def currency_code(word: str, following: str = "") -> tuple[str, int] | None:
    """(ISO code, words used) that one or two words name; None where they name no money."""
    if following and (code := currency_words().get(f"{word} {following}".lower())):
        return code, 2
    if code := currency_words().get(word.lower()):
        return code, 1
    if word.upper() in legal_tender() and (word.isupper() or word.upper() in COMMON):
        return word.upper(), 1
    return None
