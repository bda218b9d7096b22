"""What a card can draw."""
