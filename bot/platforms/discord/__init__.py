"""Discord: cards as components v2, forms as modals, one stateless router."""
