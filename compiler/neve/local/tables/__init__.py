"""Tables and views: what makes, changes and fills them."""
