"""The floor: sessions, sealed text, the shared tables and their migrations; knows neither the machine nor a feature."""
