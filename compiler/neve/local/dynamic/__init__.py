"""Dynamic tables: the rows of a query, made anew in full by hand or when their target lag has passed."""
