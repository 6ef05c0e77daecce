"""Words that join others and by themselves say nothing: articles, prepositions, pronouns, auxiliary verbs."""

from __future__ import annotations

__all__ = ["JOINING"]

JOINING = frozenset(
    # Articles and what may stand for them.
    "a an the this that these those some any each every either neither no all both such another other "
    # Prepositions.
    "about above across after against along among around as at before behind below between beyond by despite down "
    "during except for from in inside into near of off on onto out over per since through throughout till to toward "
    "towards under until up upon via with within without "
    # Conjunctions and other particles.
    "and but or nor so yet if then than because although though while whereas whether unless not also too only just "
    "even very there here now "
    # Pronouns and question words.
    "i me my mine we us our ours you your yours he him his she her hers it its they them their theirs one who whom "
    "whose which what when where why how "
    # Auxiliary verbs.
    "am is are was were be been being do does did doing have has had having will would shall should can could may "
    "might must ought".split()
)
"""Folded."""
