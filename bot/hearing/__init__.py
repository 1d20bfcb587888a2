"""From what arrived to what it means where she stands."""
