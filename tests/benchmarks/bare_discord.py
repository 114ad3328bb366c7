"""A discord.py bot that answers a constant, written as its documentation does. Arguments: API, gateway."""

import sys

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

api, gateway = sys.argv[1:]
Route.BASE = api
DiscordWebSocket.DEFAULT_GATEWAY = type(DiscordWebSocket.DEFAULT_GATEWAY)(gateway)

client = discord.Client(intents=discord.Intents(guilds=True))
tree = discord.app_commands.CommandTree(client)


@tree.command()
async def ping(interaction: discord.Interaction) -> None:
    """Answer a constant."""
    await interaction.response.send_message("pong", ephemeral=True)


client.run("a.b.c", log_handler=None)
