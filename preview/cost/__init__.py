"""What a plan costs in a month: list prices, stated assumptions, and by name what has no price."""
