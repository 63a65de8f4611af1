"""The offline reader of English orders."""

from core.composer.offline.reader import OfflineComposer

__all__ = ["OfflineComposer"]
