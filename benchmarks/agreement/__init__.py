"""Whether the intervals of agreement hold what they promise, on raters whose kappa is known."""
