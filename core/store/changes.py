"""Writes that belong to no run: a fresh store's contents, plans, profiles, wallets, saved orders, rates, the rollup.

Each function is a job for the writer: it is given the writing connection inside a transaction of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from core.errors import NameTaken, SavedRefused, WalletRefused
from core.metrics import COUNT, KEEP_S, RollupRow
from core.saved import SavedOrder, free_name, key_of, not_saved, write_order
from core.services.base import PaymentRule
from core.services.faults import DEFAULT_PROFILE, Profile
from core.services.payment_processing import CARD, wallet_account
from core.services.rates import StoredRates
from core.store import schema

FIRST_WALLETS = (("team", "USD", 1_000_000), ("small", "USD", 10_000))
FIRST_RULE = PaymentRule(0, 3, 0)
LARGEST_MINOR = 10**13
MOST_SAVED = 500


def prepare(connection: Connection, now: float) -> None:
    """Give a fresh store its wallets, profile and payment rule; drop what the rollup need not keep."""
    if connection.execute(select(func.count()).select_from(schema.profiles)).scalar() == 0:
        save_profile(connection, DEFAULT_PROFILE, now)
        connection.execute(insert(schema.payment_rule).values(key="", visit=0, **FIRST_RULE._asdict()))
        for name, currency, minor in FIRST_WALLETS:
            add_wallet(connection, name, currency, minor)
    prune_rollup(connection, now)


def keep_plan(connection: Connection, digest: str, body: str) -> None:
    """Keep a plan by the digest of its JSON; one that is there stays."""
    if not connection.execute(select(schema.plans.c.digest).where(schema.plans.c.digest == digest)).first():
        connection.execute(insert(schema.plans).values(digest=digest, body=body))


def save_profile(connection: Connection, profile: Profile, now: float) -> Profile:
    """Save a profile as the next version, which is the active one from then on."""
    newest: int = connection.execute(select(func.coalesce(func.max(schema.profiles.c.version), 0))).scalar_one()
    saved = profile.model_copy(update={"version": newest + 1})
    connection.execute(
        insert(schema.profiles).values(version=saved.version, name=saved.name, at=now, body=saved.model_dump_json())
    )
    return saved


def add_wallet(connection: Connection, name: str, currency: str, minor: int) -> None:
    """Open a wallet with an amount from outside. Raises WalletRefused."""
    held = connection.execute(
        select(schema.wallets.c.name).where(func.lower(schema.wallets.c.name) == name.lower())
    ).scalar()
    if held is not None:
        raise WalletRefused(name, f"There is a wallet '{held}' already. Top it up, or choose another name.")
    connection.execute(insert(schema.wallets).values(name=name, currency=currency, minor=0))
    if minor:
        top_up(connection, name, minor)


def top_up(connection: Connection, name: str, minor: int) -> None:
    """Pay into a wallet from outside: double entry, like everything else. Raises WalletRefused."""
    wallet = connection.execute(
        select(schema.wallets.c.currency, schema.wallets.c.minor).where(schema.wallets.c.name == name)
    ).first()
    if wallet is None:
        raise WalletRefused(name, f"There is no wallet '{name}'. Add it first.")
    if minor <= 0 or wallet.minor + minor > LARGEST_MINOR:
        raise WalletRefused(name, "Pay in an amount above 0, and not so much that the wallet holds more than it can.")
    connection.execute(update(schema.wallets).where(schema.wallets.c.name == name).values(minor=wallet.minor + minor))
    position = schema.last_position(connection)
    for account, amount in ((CARD, -minor), (wallet_account(name), minor)):
        connection.execute(
            insert(schema.postings).values(
                position=position, run="", service="", key="", account=account, currency=wallet.currency, minor=amount
            )
        )


def save_order(connection: Connection, order: SavedOrder, now: float, replace: bool) -> None:
    """Keep an order under its name, with `replace` over the one that is there. Raises SavedRefused, NameTaken."""
    table = schema.saved
    taken = set(connection.execute(select(table.c.key)).scalars())
    if order.key in taken and not replace:
        raise NameTaken(order.name, free_name(order.name, taken))
    if len(taken - {order.key}) >= MOST_SAVED:
        raise SavedRefused(order.name, f"{MOST_SAVED} orders are saved, and no more can be. Delete one of them first.")
    connection.execute(delete(table).where(table.c.key == order.key))
    connection.execute(
        insert(table).values(
            key=order.key,
            name=order.name,
            at=now,
            title=order.request.title()[:400],
            plan=order.plan,
            body=write_order(order),
        )
    )


def delete_order(connection: Connection, name: str) -> None:
    """Forget a saved order. Raises SavedRefused where there is none."""
    if not connection.execute(delete(schema.saved).where(schema.saved.c.key == key_of(name))).rowcount:
        raise not_saved(name)


def save_rates(connection: Connection, stored: StoredRates) -> None:
    """Keep the last good answer for a base."""
    connection.execute(delete(schema.rates).where(schema.rates.c.base == stored.base))
    connection.execute(
        insert(schema.rates).values(
            base=stored.base, date=stored.date, fetched_at=stored.fetched_at, body=json.dumps(stored.rates)
        )
    )


def prune_rollup(connection: Connection, now: float) -> None:
    """Drop counts per minute and latencies per hour that are older than 48 hours."""
    table = schema.rollup.c
    short = or_(table.grain == "minute", and_(table.grain == "hour", table.bin != COUNT))
    connection.execute(delete(schema.rollup).where(short, table.at < now - KEEP_S))


def replace_rollup(connection: Connection, rows: Iterable[RollupRow]) -> None:
    """Put a recount of the journal in the place of the rollup."""
    connection.execute(delete(schema.rollup))
    values = [row._asdict() for row in rows]
    if values:
        connection.execute(insert(schema.rollup), values)
