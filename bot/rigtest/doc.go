// Package rigtest is a chat system that misbehaves on purpose, over real HTTP, and an honest adapter to
// it. The rigs in its tests kill and disturb a whole bot that speaks through them and count what people
// saw: nothing may be missing, nothing there twice.
//
// It never reaches the binary, and it knows nothing of what the bot says.
package rigtest
