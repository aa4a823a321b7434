"""Pictures and tables that ship with the package; `recipes/` (not shipped) makes them."""
