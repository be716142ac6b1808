// Package discordtest is a stand-in for Discord: real HTTP and a real gateway websocket on loopback, so that
// an adapter is tested through the same library and the same bytes as against Discord itself. Every request
// is checked against Discord's own description of its API and against the limits that description leaves
// out; what breaks a rule is refused as Discord refuses it and told to the test, and so is an answer of the
// stand-in that Discord would not give.
//
//	s := discordtest.New(t, discordtest.Options{})
//	session.Client = s.Client() // any host leads to s; the address of the gateway comes from the API
//	nurse := s.AddUser("Nurse")
//	room := s.AddChannel("ward-3", discordtest.TypeText, "")
//	answer := nurse.Slash(room, "outage declare", map[string]any{"system": "lab"}).Answer()
//	nurse.Press(answer, "confirm")
//
// Tests act as people through User, and do harm through FailNext and Gateway. What a person could not do in
// Discord's own windows ends the test.
//
// It has one guild with text channels, categories and direct messages: no threads, reactions, voice, polls or
// webhooks beside those of interactions. Of Discord's limits it holds those that are known; where only a rule
// is known and no number, its number is an option.
//
// It never reaches the network beyond loopback, never becomes part of the binary, and never knows anything
// of the bot it talks to.
package discordtest
