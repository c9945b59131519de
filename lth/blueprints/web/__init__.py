"""All that every page needs: the actor, what they may, the frame, forms, errors."""
