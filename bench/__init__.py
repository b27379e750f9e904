"""What the offline preview costs, as ratios to what it cannot do without; `make bench` prints them."""
