// Package web is the built-in chat: people talk in rooms in a browser, on the bot's own port. It is
// the lifeboat for the day on which the other platforms are down too, so everything it needs is
// inside the program: no other server, no internet, no single sign-on.
//
// It keeps its own posts on a shelf, shows each of the desk's messages once, and hands over what
// people type. It never decides anything, never chooses the bot's words, and never shows a person
// a room that the desk does not show them.
package web
