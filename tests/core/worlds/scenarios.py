"""What happens to a run, as data: every world must come to the same decisions, calls, effects and money by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.models import (
    Call,
    Choice,
    Condition,
    ControlName,
    Direction,
    Edit,
    Item,
    Notice,
    Notifications,
    OrderRequest,
    Plan,
    RetryPolicy,
    Row,
    Step,
)
from core.services.faults import FAULT, Rates, draw
from core.store.books import Booked, Posting, Sent
from tests.core.scenes import (
    BOOK,
    CHARGE,
    EMAIL,
    LOST,
    ONCE,
    OUT_OF_STOCK,
    REFUSED,
    SHIP,
    SLOW,
    SMS,
    TIMEOUT_S,
    TWICE,
    alternative_minor,
    by_name,
    company_order,
    first_offer_gone,
    laptops,
    with_steps,
)

CREATE, CONVERT = "order_creation.create", "currency_conversion.convert"
REFUND, CANCEL, RELEASE = "payment_processing.refund", "order_creation.cancel", "order_creation.release"
RESTORE, CREDIT = "payment_processing.restore_wallet", "payment_processing.credit_wallet"
TICKET = "call_center_trigger.open_ticket"
HELD_S = 60.0  # an attempt stays in flight until everything that is to happen meanwhile has happened
PATIENT = RetryPolicy(attempts=3, first_wait_s=600, longest_s=600)
SOON = RetryPolicy(attempts=2, first_wait_s=0.05)


class History(NamedTuple):
    """What a world holds of one run and of the effects under its keys."""

    status: str
    rows: list[Row]
    ledger: list[Booked]
    postings: list[Posting]
    outbox: list[Sent]


Reached = Callable[[History], bool]


# When something is done


def settled(history: History) -> bool:
    """The run ended, or a person has to do something."""
    return history.status not in ("running", "paused")


def paused(history: History) -> bool:
    return history.status == "paused"


def going(history: History) -> bool:
    return history.status == "running"


def in_backoff(step: str, direction: str = "do") -> Reached:
    """An attempt of the step failed, and the next one is not due yet."""
    return lambda history: (
        bool(history.rows)
        and ((last := history.rows[-1]).step == step and last.direction == direction and "next_at" in last.body)
    )


def in_flight(key: str) -> Reached:
    """The effect happened, and its caller does not know."""

    def reached(history: History) -> bool:
        step, _, edition = key.rpartition("/")
        answered = any(row.kind == "answer" and (row.step, str(row.edition)) == (step, edition) for row in history.rows)
        return not answered and any(row.key.endswith(f"/{key}") for row in history.ledger)

    return reached


def undone(key: str) -> Reached:
    """The effect was undone, and its caller does not know."""
    return lambda history: (
        any(row.key.endswith(f"/{key}") and row.state == "undone" for row in history.ledger)
        and (not any(row.direction == "undo" and row.step == key.partition("/")[0] for row in history.rows))
    )


# What is done


class Decide(NamedTuple):
    choice: Choice
    notice: Notice | None = None
    edit: Edit | None = None


class Press(NamedTuple):
    control: ControlName


class Faults(NamedTuple):
    """Another fault profile becomes active; the rates of a scenario's own are gone."""

    rates: Mapping[str, Rates]


class TopUp(NamedTuple):
    wallet: str
    minor: int


class Repair(NamedTuple):
    step: str


@dataclass(frozen=True)
class Move:
    """Something that a person does as soon as the run is that far. late: it is refused."""

    act: Decide | Press | Faults | TopUp | Repair
    when: Reached = settled
    late: bool = False


@dataclass(frozen=True)
class Scenario:
    """An order, how its services fail, and what people do about it; `status` is where it ends.

    rates: action -> chances, until a `Faults` move. warm: orders that were served before. down: services that are down
    for an hour from now. latest_s: by how much a slow effect may come after its timeout.
    """

    name: str
    request: OrderRequest
    status: str
    rates: Mapping[str, Rates] | None = None
    moves: tuple[Move, ...] = ()
    plan: str = "saga"
    retry: RetryPolicy = TWICE
    ask: bool = True
    change: Callable[[Plan], Plan] = lambda plan: plan
    fault_seed: int = 7
    rule: bool = False
    warm: int = 0
    down: tuple[str, ...] = ()
    latest_s: float = 60.0
    call_timeout_s: float = TIMEOUT_S
    wallets: Mapping[str, tuple[str, int]] | None = None

    def made_plan(self, request: OrderRequest) -> Plan:
        """The plan for the completed request."""
        return self.change(by_name(self.plan, request, self.retry, self.ask))


# Fault seeds that draw what is wanted, by search


def seed_for(rates: Rates, action: str, **wanted: str) -> int:
    """A fault seed by which the attempts of an action meet these bands: 'book_1', 'rebook_1' -> 'slow'."""

    def drawn(seed: int, place: str) -> str:
        step, _, attempt = place.rpartition("_")
        direction: Direction = "do"
        return rates.band(draw(seed, Call("", step, action, direction, 1, 1, int(attempt), ()), FAULT))

    return next(seed for seed in range(100_000) if all(drawn(seed, place) == band for place, band in wanted.items()))


# Orders and plans


CARD = laptops(customer_email="mara@keller.example", phone_number="+49 151 5550100")
EURO = CARD.model_copy(update={"convert_to": "EUR"})
TEAM = company_order()
CHEAPER = company_order(cheaper=True)
LICENCE = CARD.model_copy(update={"workflow_type": "software_license"})
TRAVEL = OrderRequest(workflow_type="travel_booking", travel_mode="train", destination="Graz", passengers=2)
SMALL = TEAM.model_copy(update={"wallet": "small"})
EVERYTHING = EURO.model_copy(update={"notifications": Notifications(call=True)})
HALF_GONE, HALF = Rates(final=0.5), Rates(refused=0.5)
SLOW_OR_GONE = Rates(final=0.4, slow=0.4)


def wishing(request: OrderRequest, *conditions: tuple[str, str], **fields: object) -> OrderRequest:
    """The order with 'if this, then that'."""
    wishes = tuple(Condition.model_validate({"if": event, "then": then}) for event, then in conditions)
    return request.model_copy(update={"conditions": wishes, **fields})


def asking(*ids: str) -> Callable[[Plan], Plan]:
    """These steps ask a person when they fail for good."""
    return lambda plan: with_steps(
        plan, lambda step: step.model_copy(update={"policy": "ask"}) if step.id in ids else step
    )


def beside(first: str, *others: str) -> Callable[[Plan], Plan]:
    """These steps run side by side, where the first one stood."""

    def change(plan: Plan) -> Plan:
        steps = {step.id: step for stage in plan.stages for step in stage}
        moved = [
            tuple(step for step in stage if step.id not in others)
            + tuple(steps[id] for id in others if stage[0].id == first)
            for stage in plan.stages
        ]
        return plan.model_copy(update={"stages": tuple(stage for stage in moved if stage)})

    return change


def patient(*ids: str) -> Callable[[Plan], Plan]:
    """These steps wait ten minutes between their attempts."""

    def change(step: Step) -> Step:
        return step.model_copy(update={"retry": PATIENT}) if step.id in ids else step

    return lambda plan: with_steps(plan, change)


def then(*acts: Decide | Press | Faults | TopUp | Repair) -> tuple[Move, ...]:
    """Done one after another, each as soon as the run has settled."""
    return tuple(Move(act) for act in acts)


def when(reached: Reached, act: Decide | Press | Faults | TopUp | Repair, late: bool = False) -> Move:
    """Done as soon as the run is that far."""
    return Move(act, reached, late)


CALM = Faults({})
RETRY, GIVE_UP, SKIP = Decide("retry"), Decide("give_up"), Decide("skip")
NEW_ADDRESS = Edit(customer_email="new@keller.example", address="Lindengasse 4, Wien")

SCENARIOS = (
    # Nothing fails
    Scenario("by card", CARD, "confirmed"),
    Scenario("by card, in another currency, every channel", EVERYTHING, "confirmed"),
    Scenario("from a wallet", TEAM, "confirmed"),
    Scenario("nothing ships", LICENCE, "confirmed"),
    Scenario("a journey", TRAVEL, "confirmed"),
    Scenario("a sequence by card", EURO, "confirmed", plan="sequence"),
    Scenario("a sequence from a wallet", TEAM, "confirmed", plan="sequence"),
    # Failures that pass
    Scenario(
        "refused once", CARD, "confirmed", {BOOK: HALF}, fault_seed=seed_for(HALF, BOOK, book_1="refused", book_2="ok")
    ),
    Scenario("down for now, then tried again", CARD, "confirmed", moves=then(CALM, RETRY), down=("order_creation",)),
    Scenario("an answer is lost, its effect kept", CARD, "confirmed", {CHARGE: LOST}, retry=ONCE),
    Scenario("an answer is lost, the next attempt gets it", CARD, "confirmed", {CHARGE: LOST, SHIP: LOST}),
    Scenario(
        "a slow effect comes before the next attempt", CARD, "confirmed", {CHARGE: SLOW}, retry=SOON, latest_s=0.0
    ),
    Scenario("the analysis is never heard of", CARD, "confirmed", {"order_creation.analyse": SLOW}, then(CALM, RETRY)),
    # Policies
    Scenario("compensate", CARD, "refunded", {SHIP: REFUSED}, ask=False),
    Scenario("compensate, all the way back", EVERYTHING, "refunded", {SHIP: REFUSED}, ask=False),
    Scenario("compensate in a sequence", EURO, "refunded", {SHIP: REFUSED}, ask=False, plan="sequence"),
    Scenario("compensate before money moved", CARD, "rejected", {CHARGE: REFUSED}, ask=False),
    Scenario("continue", CARD, "confirmed_with_issues", {EMAIL: REFUSED}),
    Scenario("ask, and try again", CARD, "confirmed", {BOOK: OUT_OF_STOCK}, then(CALM, RETRY)),
    Scenario("ask, and try again in vain", CARD, "refunded", {BOOK: REFUSED}, then(RETRY, RETRY, GIVE_UP)),
    Scenario("ask, and skip", CARD, "confirmed_with_issues", {SHIP: REFUSED}, then(SKIP)),
    Scenario("ask, and give up", EURO, "refunded", {SHIP: REFUSED}, then(GIVE_UP)),
    Scenario("try again with a mail", CARD, "confirmed", {SHIP: REFUSED}, then(CALM, Decide("retry", "email"))),
    Scenario(
        "try again with a text and with a call",
        CARD,
        "confirmed",
        {SHIP: REFUSED},
        then(Decide("retry", "sms"), CALM, Decide("retry", "call")),
    ),
    # Money
    Scenario("a wallet is short", SMALL, "rejected", ask=False),
    Scenario("a wallet is short and topped up", SMALL, "confirmed", moves=then(TopUp("small", 500_000), RETRY)),
    Scenario(
        "a wallet is short and another one pays",
        SMALL,
        "confirmed",
        moves=then(Decide("edit", edit=Edit(wallet="team"))),
    ),
    Scenario(
        "a wallet is short and less is bought",
        SMALL,
        "confirmed",
        moves=then(Decide("edit", edit=Edit(items=(Item(name="mouse", quantity=1, unit_price=20),)))),
    ),
    Scenario("every fourth card is declined", CARD, "rejected", rule=True, warm=3, ask=False),
    Scenario("a declined card is tried again", CARD, "confirmed", moves=then(RETRY), rule=True, warm=3),
    Scenario(
        "over the budget, which is raised",
        CARD.model_copy(update={"budget": Decimal(1500)}),
        "confirmed",
        moves=then(Decide("edit", edit=Edit(budget=Decimal(2500)))),
    ),
    # The alternative
    Scenario("a dearer alternative", TEAM, "confirmed", {BOOK: HALF_GONE}, fault_seed=first_offer_gone()),
    Scenario("a cheaper alternative", CHEAPER, "confirmed", {BOOK: HALF_GONE}, fault_seed=first_offer_gone()),
    Scenario(
        "an alternative in a sequence",
        TEAM,
        "confirmed",
        {BOOK: HALF_GONE},
        plan="sequence",
        fault_seed=first_offer_gone(),
    ),
    Scenario(
        "an alternative, then back",
        TEAM,
        "refunded",
        {BOOK: HALF_GONE, SHIP: REFUSED},
        ask=False,
        fault_seed=first_offer_gone(),
    ),
    Scenario("no alternative is to be had either", TEAM, "refunded", {BOOK: OUT_OF_STOCK}, ask=False),
    Scenario(
        "no alternative within the budget",
        TEAM.model_copy(update={"budget": Decimal(2000)}),
        "refunded",
        {BOOK: OUT_OF_STOCK},
        then(GIVE_UP),
    ),
    Scenario(
        "the wallet does not reach for the alternative",
        TEAM.model_copy(update={"wallet": "tight"}),
        "refunded",
        {BOOK: HALF_GONE},
        ask=False,
        fault_seed=first_offer_gone(),
        wallets={"tight": ("USD", alternative_minor(TEAM) - 1)},
    ),
    Scenario(
        "the credit of a cheaper one is owed",
        CHEAPER,
        "confirmed",
        {BOOK: HALF_GONE, CREDIT: REFUSED},
        then(RETRY, CALM, RETRY),
        fault_seed=first_offer_gone(),
    ),
    # An effect that is not known before something else
    Scenario(
        "slow, then out of stock, then the alternative",
        TEAM,
        "confirmed",
        {BOOK: SLOW_OR_GONE},
        fault_seed=seed_for(SLOW_OR_GONE, BOOK, book_1="slow", book_2="final", rebook_1="ok"),
    ),
    Scenario(
        "slow, then an edit", CARD, "confirmed", {SHIP: SLOW}, then(CALM, Decide("edit", edit=NEW_ADDRESS)), retry=ONCE
    ),
    Scenario("slow, then skipped", CARD, "confirmed_with_issues", {SHIP: SLOW}, then(SKIP), retry=ONCE),
    Scenario("slow, then undone", CARD, "refunded", {SHIP: SLOW}, then(GIVE_UP), retry=ONCE),
    Scenario("slow, then compensated", CARD, "rejected", {CHARGE: SLOW}, retry=ONCE, ask=False),
    Scenario("slow, then another edition", CARD, "confirmed", {CHARGE: SLOW}, then(CALM, RETRY), retry=ONCE),
    # Compensations that fail
    Scenario("stuck, then freed", CARD, "refunded", {SHIP: REFUSED, CANCEL: REFUSED}, then(GIVE_UP, CALM, RETRY)),
    Scenario(
        "two are stuck, freed by a person's retries",
        EURO,
        "refunded",
        {SHIP: REFUSED, CANCEL: REFUSED, REFUND: REFUSED},
        then(RETRY, Faults({REFUND: REFUSED}), RETRY, CALM, RETRY),
        ask=False,
    ),
    Scenario("an undo is not heard of", CARD, "refunded", {SHIP: REFUSED, REFUND: LOST}, then(GIVE_UP, CALM, RETRY)),
    Scenario("it stays stuck", TEAM, "compensation_stuck", {SHIP: REFUSED, RESTORE: REFUSED}, then(RETRY), ask=False),
    # Side by side
    Scenario("both messages fail", CARD, "confirmed_with_issues", {EMAIL: REFUSED, SMS: REFUSED}),
    Scenario(
        "both messages ask, in plan order",
        CARD,
        "confirmed_with_issues",
        {EMAIL: REFUSED, SMS: REFUSED},
        then(SKIP, CALM, RETRY),
        change=asking("email", "sms"),
    ),
    Scenario(
        "one fails beside one that is done",
        EURO,
        "refunded",
        {CONVERT: REFUSED},
        ask=False,
        change=beside("create", "convert"),
    ),
    Scenario(
        "one compensates, so nobody is asked about the other",
        EURO,
        "refunded",
        {CONVERT: REFUSED, CREATE: REFUSED},
        ask=False,
        change=lambda plan: asking("create")(beside("create", "convert")(plan)),
    ),
    # Cancel, pause, retry now
    Scenario(
        "cancelled while the charge is in flight",
        CARD,
        "cancelled",
        {CHARGE: LOST},
        (when(in_flight("charge/1"), Press("cancel")),),
        call_timeout_s=HELD_S,
    ),
    Scenario(
        "cancelled in a backoff",
        EURO,
        "cancelled",
        {BOOK: REFUSED},
        (when(in_backoff("book"), Press("cancel")),),
        change=patient("book"),
    ),
    Scenario("cancelled while a person is asked", CARD, "cancelled", {SHIP: REFUSED}, then(Press("cancel"))),
    Scenario(
        "a cancel is overtaken by the pivot",
        CARD,
        "confirmed",
        {SHIP: LOST},
        (when(in_flight("ship/1"), Press("cancel")),),
        call_timeout_s=HELD_S,
    ),
    Scenario(
        "too late to cancel: confirmed",
        CARD,
        "confirmed",
        {EMAIL: LOST},
        (when(in_flight("email/1"), Press("cancel"), late=True),),
        call_timeout_s=HELD_S,
    ),
    Scenario(
        "too late to cancel: on the way back",
        CARD,
        "refunded",
        {SHIP: REFUSED, REFUND: LOST},
        (when(undone("charge/1"), Press("cancel"), late=True), *then(CALM, RETRY)),
        ask=False,
        call_timeout_s=HELD_S,
    ),
    Scenario(
        "paused in a backoff, then resumed and hurried",
        CARD,
        "refunded",
        {BOOK: REFUSED},
        (
            when(in_backoff("book"), Press("pause")),
            when(paused, Press("resume")),
            when(going, Press("hurry")),
            when(in_backoff("book"), Press("hurry")),
            *then(GIVE_UP),
        ),
        change=patient("book"),
    ),
    Scenario(
        "paused while the charge is in flight",
        CARD,
        "confirmed",
        {CHARGE: LOST},
        (when(in_flight("charge/1"), Press("pause")), when(paused, Press("resume"))),
        call_timeout_s=HELD_S,
    ),
    Scenario(
        "decided while it is paused",
        CARD,
        "confirmed",
        {SHIP: REFUSED},
        (*then(CALM, Press("pause")), when(paused, RETRY), when(paused, Press("resume"))),
    ),
    Scenario(
        "paused, then cancelled",
        CARD,
        "cancelled",
        {BOOK: REFUSED},
        (when(in_backoff("book"), Press("pause")), when(paused, Press("cancel"))),
        change=patient("book"),
    ),
    Scenario(
        "nothing waits to be hurried",
        CARD,
        "refunded",
        {SHIP: REFUSED},
        (Move(Press("hurry"), late=True), *then(GIVE_UP)),
    ),
    Scenario("what can't be skipped", CARD, "refunded", {BOOK: REFUSED}, (Move(SKIP, late=True), *then(GIVE_UP))),
    Scenario(
        "what can't be edited any more",
        TEAM,
        "refunded",
        {SHIP: REFUSED},
        (Move(Decide("edit", edit=Edit(wallet="small")), late=True), *then(GIVE_UP)),
    ),
    # Profiles, conditions, repairs
    Scenario(
        "another profile at each visit",
        CARD,
        "confirmed",
        {BOOK: REFUSED},
        then(Faults({BOOK: OUT_OF_STOCK, SHIP: REFUSED}), RETRY, Faults({SHIP: REFUSED}), RETRY, CALM, RETRY),
    ),
    Scenario(
        "what the customer wished for when it was out of stock",
        wishing(CARD, ("out_of_stock", "call"), ("out_of_stock", "sms"), ("payment_failed", "call")),
        "refunded",
        {BOOK: OUT_OF_STOCK},
        ask=False,
    ),
    Scenario("if it fails, cancel", wishing(CARD, ("shipping_failed", "cancel")), "refunded", {SHIP: REFUSED}),
    Scenario(
        "it would come too late, so call",
        wishing(CARD, ("delayed", "call"), ("delayed", "email"), date="2020-01-01"),
        "confirmed",
    ),
    Scenario("it would come too late, so cancel", wishing(CARD, ("delayed", "cancel"), date="2020-01-01"), "refunded"),
    Scenario(
        "a message is repaired",
        CARD,
        "confirmed_with_issues",
        {EMAIL: REFUSED},
        then(CALM, Repair("email")),
        retry=ONCE,
    ),
    Scenario(
        "a message whose key was closed is repaired",
        CARD,
        "confirmed_with_issues",
        {SMS: SLOW},
        then(CALM, Repair("sms")),
        retry=ONCE,
    ),
)
