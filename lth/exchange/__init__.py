"""What leaves and comes in: plan files."""
