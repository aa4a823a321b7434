"""The live path's three threads, one a file, and the switch they share."""
