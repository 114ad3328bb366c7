"""The demo page: the bot in a browser, with made-up people, no tokens, and nothing leaving this computer."""

from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.cast import CAST, PERSONAS, ROOMS, Persona, Room, Standing
from bot.platforms.web.future import Future
from bot.platforms.web.inspecting import Inspectors
from bot.platforms.web.routes import application

__all__ = [
    "CAST",
    "PERSONAS",
    "ROOMS",
    "Future",
    "Inspectors",
    "Persona",
    "Room",
    "Standing",
    "WebPlatform",
    "application",
]
