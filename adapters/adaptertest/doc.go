// Package adaptertest is the contract of a chat adapter as tests: one outage, played by people on the
// chat system itself, from the declaration to the archived room. Every adapter must pass it on its
// stand-in and, where one is at hand, on a real server.
//
// It never looks inside an adapter: it types, presses, attaches and reads what people read.
package adaptertest
