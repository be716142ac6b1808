// Package discordtest is a stand-in for Discord: real HTTP and a real gateway websocket on loopback, so that
// an adapter is tested through the same library and the same bytes as against Discord itself. Every request
// is checked against Discord's own description of its API and against the limits that description leaves
// out; what breaks a rule is refused as Discord refuses it and told to the test. Tests act as people through
// User and do harm through FailNext and the methods of Gateway.
//
// It never reaches the network beyond loopback, never becomes part of the binary, and never knows anything
// of the bot it talks to.
package discordtest
