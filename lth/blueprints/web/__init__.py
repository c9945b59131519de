"""What every page needs: who asks, what they may, the frame, forms, errors."""
