"""Verbs of work: what is done to a thing, in each of its forms, and the noun that it is ordered by."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from core.composer.offline.nouns import canonical

# verb: noun; a verb alone is ordered by its -ing form.
_WORK = """
touch up: touch-up, look after: care, feed, draw up: drafting, mow, sweep, clean, vacuum, scrub, polish, wax, shampoo:
shampooing, steam: steam cleaning, dust, mop, disinfect: disinfection, sanitize: sanitizing, deep clean: deep
cleaning, power wash: power washing, pressure wash: pressure washing, wash: wash, dry clean: dry cleaning, iron,
press, launder: laundry, repair: repair, fix: repair, mend: repair, patch: repair, restore: restoration, install:
installation, replace: replacement, swap out: replacement, remove: removal, haul: removal, haul away: removal, cart
away: removal, take down: removal, rip out: removal, cut down: removal, rotate: rotation, align: alignment, balance,
inspect: inspection, check: check, check out: check, check over: check, look at: check, take a look at: check, have a
look at: check, look over: check, tune, tune up: tune-up, service: service, sharpen, detail, paint, repaint: painting,
wallpaper, plaster, tile, retile: tiling, varnish, stain, refinish, sand, reupholster: upholstery, upholster:
upholstery, hem, alter: alteration, tailor, take in: alteration, let out: alteration, sew, trim: trim, prune, cut:
cut, fell, weed, rake, plant, edge, fertilize: fertilization, aerate: aeration, mulch, landscape: landscaping, shovel,
plow, plough, de-ice: de-icing, unclog, unblock, drain, pump out: pumping, flush: flush, seal, caulk, insulate:
insulation, rewire: rewiring, wire: wiring, hook up: hookup, connect: connection, mount, hang, assemble: assembly, put
together: assembly, dismantle: dismantling, move, pack, tow, jump start: jump start, jump: jump start, groom, walk,
vaccinate: vaccination, immunize: vaccination, neuter, spay, microchip, deworm, shear, bathe: bath, babysit, tutor,
translate: translation, interpret, proofread, transcribe: transcription, notarize: notarization, audit: audit,
appraise: appraisal, assess: assessment, survey: survey, photograph: photography, film, cater, design: design,
redesign: design, pave, reroof: roofing, demolish: demolition, exterminate: extermination, spray, fumigate:
fumigation, treat: treatment, test: test, examine: exam, scan: scan, whiten, extract: extraction, color, colour, dye:
dyeing, highlight: highlights, braid, style: styling, shave: shave, thread, pierce: piercing, adjust: adjustment,
calibrate: calibration, engrave: engraving, frame: framing, restring: restringing, winterize: winterization, rekey:
rekeying, unlock: unlocking, change: change, weld, resurface: resurfacing, level, renovate: renovation, remodel:
remodeling, refurbish: refurbishment, grade, chop down: removal, dig out: removal, clear, clear out: clearing,
descale: descaling, recharge: recharge, reset: reset, realign: alignment, debug, diagnose: diagnosis, overhaul:
overhaul, rebuild: rebuild, retune: tuning, reglaze: reglazing, glaze: glazing, grout: grouting, bleed, lag, shine:
shine, empty, tidy, tidy up: tidying,
degrease: degreasing, declutter: decluttering, deodorize, disassemble: disassembly, dredge, hose down: cleaning,
jet wash: jet washing, lubricate: lubrication, reface: refacing, refelt, reline: relining, relocate: relocation, reseal:
resealing, reseed, retrofit, steam clean: steam cleaning, underseal, ventilate: ventilation, whitewash, certify:
certification, recertify: recertification, resole: resoling, stitch: stitching, file: filing, fill
out: preparation, prepare: preparation
"""
_PASTS = {
    "sweep": "swept", "hang": "hung", "cut": "cut", "put": "put", "take": "taken", "let": "let", "dig": "dug",
    "reset": "reset", "rebuild": "rebuilt", "bleed": "bled", "shear": "shorn", "have": "had", "restring": "restrung",
    "babysit": "babysat", "proofread": "proofread", "sew": "sewn", "draw": "drawn", "feed": "fed",
}  # fmt: skip
_PARTICLES = set("up out in down away at over together".split())
_DOUBLED = set("mop scrub trim hem cut rip swap chop dig let put debug reset unclog microchip babysit lag".split())
# 'get my taxes done', 'my roof seen to': the thing alone, or its repair.
_DONE = {
    "done": "",
    "taken": "",
    "seen to": "repair",
    "sorted": "repair",
    "sorted out": "repair",
    "looked after": "care",
}
# What is cut or washed in one go.
_BODY = set("hair beard bang fringe mustache moustache fur nail eyebrow brow".split())
_VEHICLE = set("car truck van suv dog motorcycle bike hair jeep minivan pet cat rv boat".split())


def inflected(verb: str, inflect: Callable[[str], str]) -> str:
    """A verb in another form: 'haul away' bends its first word, 'deep clean' its last."""
    words = verb.split()
    at = 0 if words[-1] in _PARTICLES else len(words) - 1
    return " ".join([*words[:at], inflect(words[at]), *words[at + 1 :]])


def gerund(word: str) -> str:
    """The -ing form of a verb of one word."""
    if word.endswith("e") and not word.endswith(("ee", "ye")):
        return word[:-1] + "ing"
    return word + (word[-1] if word in _DOUBLED else "") + "ing"


def _past(word: str) -> str:
    if word in _PASTS:
        return _PASTS[word]
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ied"
    return word + (word[-1] if word in _DOUBLED else "") + "ed"


@cache
def verbs() -> dict[str, str]:
    """Verb -> noun."""
    pairs = (entry.strip().partition(": ") for entry in _WORK.replace("\n", " ").split(","))
    return {verb: noun or inflected(verb, gerund) for verb, _, noun in pairs if verb}


@cache
def participles() -> dict[str, str]:
    """'mowed', 'swept', 'looked at' -> noun."""
    regular = {inflected(verb, _past): noun for verb, noun in verbs().items()}
    return regular | {"mown": "mowing", "sewed": "sewing"} | _DONE


@cache
def gerunds() -> dict[str, str]:
    """'mowing', 'changing' -> noun."""
    return {inflected(verb, gerund): noun for verb, noun in verbs().items()}


def pattern(words: dict[str, str]) -> str:
    """An alternative of all words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


def name_of(thing: str, deed: str) -> str:
    """'the front lawn', 'mowing' -> 'front lawn mowing'; hair is cut and a car washed, but grass has its cutting."""
    words = thing.lower().split()
    head = canonical(words).split()[-1] if words else ""
    if deed in ("cut", "trim") and head not in _BODY:
        deed = gerund(deed)
    if deed == "wash" and head not in _VEHICLE:
        deed = "washing"
    return f"{canonical(words) if words else ''} {deed}".strip()
