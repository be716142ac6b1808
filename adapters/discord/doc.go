// Package discord makes a Discord server one of the places where people talk to the bot: it opens a
// channel per outage, shows what the desk says, and hears application commands, buttons, forms, mentions
// and direct messages.
//
// It never decides anything about an outage, never chooses the bot's words, never pings anybody who is
// not meant, and lets no fault of the library it stands on stop the bot.
package discord
