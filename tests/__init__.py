"""People talk to the bot here, and the rules are held to their word; the folders mirror the program."""
