"""How fast it is: the real program beside bare bots that answer a constant, in one run. `make bench` prints it."""
