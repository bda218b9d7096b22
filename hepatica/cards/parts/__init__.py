"""What every card is made of."""
