// Package mattermost makes a Mattermost server one of the places where people talk to the bot: it opens
// a channel per outage, shows what the desk says, and hears slash commands, buttons, forms, mentions and
// direct messages.
//
// It never decides anything about an outage, never chooses the bot's words, and believes nothing that
// comes in without proof of who sent it: a button or a form can be made up by anybody on the server.
package mattermost
