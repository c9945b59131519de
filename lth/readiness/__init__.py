"""What stands between a province and its first plans: one list, each line with its figure."""
