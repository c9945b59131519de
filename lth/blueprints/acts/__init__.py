"""What a desk can do, each act written once; a level's blueprint composes them."""
