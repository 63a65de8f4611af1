"""Word lists of the grammar of a shopping list: what ends a name, what is no name, units, and who is no thing."""

from __future__ import annotations

BREAK = set(
    """
    for with without to from at in on by via using because so if unless when whenever but which who whom whose that
    where while since until within over under about per including excluding as than then is are was were be been has
    have had do does did can could will would should must may might shall i we you he she they it this these those
    there here not no if ideally preferably each please thanks thank asap make keep let charge bill use pay going
    gotta gonna before after during instead excluding except apiece only into around through between cheers regards
    shipped delivered costing worth made called named labelled labeled priced go goes need needs want wants get buy
    order must come comes every hold avoid except skip minus topped loaded filled served containing inside sized
    made along together c/o deliver ship sometime needed required wanted outside upstairs twice starting you've we've
    they've i've somewhere anywhere
    """.split()
)
# How much of a topping: 'a pizza light cheese', 'a latte add whole milk'.
MODIFIERS = set("no extra light lite easy heavy double less half hold add without sub minus".split())
TASTES = set("sweet sweetened hot spicy mild caff caf sugar ice toasted strength".split())
# What closes a phrase that only tells which one: 'dish soap the big one'.
WHICH = set("one ones kind sort type size stuff brand version pack".split())
NOT_NAMES = set(
    """
    me us them him her everything anything something nothing back done started ready better going sure i'll i'd
    we'll we'd you'll he'll she'll they'll who's there's time chance
    help info information touch along away rid ones one lot mind idea advice question questions quote answer know
    ours mine yours theirs hers never neither nor not
    thanks regards delivery shipping total today tomorrow me all both none more less it's its that's what how why
    best kind you're we're they're they've i've we've i'm don't out off up down along soon also yet else just really
    very too well now ok okay yes hello hi same usual
    """.split()
)
# Words that may stand right before a name, beside those that end a phrase: verbs, articles, fillers.
BEFORE_NAMES = set(
    """
    and or plus a an the some of my our your his her their these those add book reserve send bring grab fetch take
    have like also then next just maybe reorder restock
    replenish refill purchase supply rent hire renew kindly well right love wanna gimme lemme throw toss
    chuck pop stick put two three four five six seven eight nine ten twelve dozen another
    """.split()
)
LEADING = set(
    """
    of the more additional extra half bulk wholesale new these those our my your further honestly actually literally
    basically obviously possibly perhaps maybe usual
    """.split()
)
TRAILING = set(
    """
    oh ah ready
    please pls thanks now today quickly fast soon immediately urgently altogether too also only as well again though
    total
    out over here aside back
    weekly daily monthly yearly annually
    """.split()
)
UNITS = set(
    """
    box pack packet case carton crate bag bottle can jar tin roll ream sheet bundle set pallet barrel drum bucket
    tray tube kg kilo kilogram g gram litre liter l ml gallon pound lb lbs ounce oz ton tonne metre meter m cm mm
    sqm ft yd inch six-pack yard foot sack loaf slice cup piece pc pcs unit copy stick bar bunch keg spool stack
    pint quart carafe pitcher jug tub ear scoop wedge side head strip punnet dozen batch order serving portion
    helping
    """.split()
)
# What some things come in, where 'of' or their place behind the noun tells it.
PORTIONS = set(
    """
    block brick pot wheel sachet pouch vial clove coil reel length pane plank cube
    pad sprig rasher fillet joint knob dollop chunk lump blister skein hank swatch
    strand drop dose tot shot flask cask firkin hamper bushel peck quire canister aerosol stalk ingot bale cord churn
    carboy truckload
    """.split()
)
# 'a month' in 'once a month' is a rate, no item.
RATES = set(
    """
    month week day year hour minute night time head pop piece while moment
    """.split()
)
# What one asks for before saying what exactly: 'some dinner: two biryanis'.
KINDS = set(
    """
    food dinner lunch breakfast supper meal drink takeaway takeout stuff thing item good supply equipment gear help
    info information time advice order present gift something grocery groceries people guest person option question
    detail
    """.split()
)
# What one can want without ordering it.
NO_GOODS = set(
    """
    refund answer explanation apology update status quote receipt invoice confirmation manager representative human
    agent callback favor favour hug break nap raise job girlfriend boyfriend idea reason minute second chance hand
    word one complaint return cancellation money number list
    """.split()
)
SIZES = set("large small medium big regular jumbo xl grande venti tall".split())
COLOURS = set(
    """
    black white red blue green yellow orange purple pink brown grey gray navy beige cream silver gold turquoise teal
    maroon burgundy lilac lavender khaki ivory charcoal
    """.split()
)
# Dishes that have something on or in them, which is no item then.
DRESSED = set(
    """
    pizza burger cheeseburger hamburger sandwich wrap bagel burrito taco quesadilla sub hoagie salad bowl omelette
    omelet pasta hotdog kebab toast toastie panini pancake waffle crepe potato sundae baguette roll bap pie fajita
    """.split()
)
MATERIALS = set(
    """
    oak walnut pine beech birch teak mahogany bamboo wood leather suede wool cotton silk linen denim velvet canvas
    steel brass copper iron aluminium aluminum chrome glass china porcelain ceramic plastic rubber marble granite slate
    zinc lead tin pewter bronze titanium cork felt fleece nylon polyester satin tweed corduroy hessian jute vinyl
    acrylic cedar ash maple ebony rosewood terracotta stone wicker rattan
    concrete vanilla chocolate strawberry lemon mint cinnamon
    """.split()
)
PEOPLE = set(
    """
    person guest adult kid child employee user attendee student passenger friend colleague participant visitor
    member traveler traveller
    """.split()
)
MEASURES = set(
    """
    kg kilo kilogram g gram litre liter l ml gallon gal lb lbs ounce oz ton tonne pcs pc
    """.split()
)
# A number before them is the size of what follows: '6 mm bolts', '12 inch pizzas'.
LENGTHS = set("mm cm inch ft foot".split())
# What a number before them measures, where nothing follows: a hose of 25 m.
EXTENTS = set("m cm mm km ft inch yd gb tb mb w kw v hp".split())
# 'page 40 of the book': which one, not how many.
NUMBERED = set(
    """
    page chapter volume vol verse level step stage row line floor room gate platform episode season part day week
    question issue section paragraph version size grade class year
    """.split()
)
WITH = {"with", "without", "including", "excluding"}
LONGEST = 8
