"""The checker: what must always hold, over journal and ledger, at every committed prefix.

1. A run accepted is never lost: it ends in exactly one outcome or is visibly parked.
2. One effect per idempotency key, and one decline per key and visit.
3. What was paid at a run's end is the quote of the booking held; an undo posts the opposite of its effect.
4. Postings sum to zero in each currency; only outside-card, house and fx accounts may be negative.
5. Confirmed: exactly one booking is held; otherwise none.
6. Undo starts in reverse plan order, once each; no effect is left unknown.
7. A confirmation only for a confirmed run, at most one per channel.
8. Attempts never exceed the policy; the rollup equals a recount of the journal.
9. Replaying a journal makes the same decisions, and no service did what was not asked for.
"""

from core.audit.checker import Audit, check

__all__ = ["Audit", "check"]
