"""The splice: what makes a join unseen and unheard, and says how well it did."""
