"""Questions to answers over the mapped columns: evaluating, ranking, counting, finding words."""
